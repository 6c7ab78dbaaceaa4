"""What every decision asks first, and what no event may do: make an account negative.

`covered` compares what an entry takes with what its lines and pools hold, for every kind (R1, R3
and the cash of non-fiscal money). A chapter compares only with the entry that it goes back to: a
reservation, a payment, a request.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from ledger.effects import Decided, Effects, effects
from ledger.errors import Corrupt, Damage
from ledger.events import AnyEvent, EntryCorrected, EntryReversed, Previous
from ledger.kinds import (
    POOL_NAMES,
    PROCUREMENT_NAMES,
    THREE_PUBLIC_NAMES,
    UNIT_KIND_NAMES,
    ProcurementType,
    ThreePublicItem,
)
from ledger.line import (
    FISCAL_FUNDS,
    FUND_NAMES,
    NONFISCAL_SPENDING,
    SPENDING_NAMES,
    BudgetLine,
    Fund,
    Spending,
)
from ledger.money import TOTAL_MAX_FEN, plain_yuan
from ledger.postings import AUTH, EXEC, HELD, PAID, PENDING, Account, Move, capped
from ledger.refusals import Instead, Refusal, Refused, Way, WayOut, Word, not_opened
from ledger.rules import ways
from ledger.rules.occasion import Occasion
from ledger.state import BookState, Cap

CAPITAL_CONSTRUCTION, CAPITAL = "309", "310"


def admit(state: BookState, occurred_on: date, *, money: bool = True, closed: bool = False) -> None:
    """The book is open, the date lies in its year and, for money, in a month not locked; its year
    is not closed, unless that is what is asked about (R13). Raises `Refused`."""
    if state.facts is None:
        raise not_opened(state.book)
    if occurred_on.year != state.year:
        raise Refused(
            Refusal.DATE_OUTSIDE_YEAR,
            date=occurred_on.isoformat(),
            year=state.year,
            ways_out=[Instead(date=f"{state.year}-MM-DD")],
        )
    if state.closed and not closed:
        raise Refused(
            Refusal.YEAR_CLOSED,
            book=state.book,
            entry=state.closed,
            ways_out=[
                Way("reopen-year", date=f"{state.year}-12-31", reason=ways.REASON),
                Way(
                    "adjust-opening",
                    year=state.year + 1,
                    adjustment="error-correction",
                    amount=Word("金额"),
                    doc=ways.DOC,
                ),
            ],
        )
    if money and occurred_on.month in state.locked_months:
        raise Refused(
            Refusal.MONTH_LOCKED,
            month=occurred_on.month,
            date=occurred_on.isoformat(),
            ways_out=ways.for_locked_month(state, occurred_on),
        )


def opening_stands(
    state: BookState, action: str, ways_out: Callable[[Previous], Sequence[WayOut]]
) -> None:
    """A book that was opened from last year's begins with exactly what that closing let through:
    what was carried in with it is neither carried in again nor undone (R11, L65). Raises
    `Refused`."""
    last = state.previous
    if last is None or state.number < last.opening:
        return
    raise Refused(
        Refusal.OPENING_STANDS,
        book=state.book,
        previous=last.book,
        action=action,
        ways_out=ways_out(last),
    )


def documented(occasion: Occasion, action: str) -> None:
    """追加, 追减, 调剂 and 用款计划 need a 文号. Raises `Refused`."""
    if not occasion.get("doc"):
        raise Refused(Refusal.DOC_REQUIRED, action=action, ways_out=[Instead(doc=ways.DOC)])


def usable(state: BookState, line: BudgetLine, to: str = "") -> None:
    """The line's project is registered, and its money may be spent in this way at all (R2): basic
    money builds nothing (econ 309); what 表3 shows in columns 4–6 is never fiscal money. `to` is
    how the fields of its parts begin where it is the target of a movement. Raises `Refused`."""
    if line.spending is Spending.PROJECT and line.project not in state.projects:
        raise Refused(
            Refusal.PROJECT_UNKNOWN,
            project=line.project,
            about=f"{to}project",
            ways_out=[ways.register(line.project)],
        )
    not_capital(line, line.econ, to)
    if line.spending in NONFISCAL_SPENDING:
        basic = Instead(**{f"{to}spending": str(Spending.BASIC)})
        if line.fund in FISCAL_FUNDS:
            raise Refused(
                Refusal.SPENDING_FUND,
                spending=SPENDING_NAMES[line.spending],
                fund=FUND_NAMES[line.fund],
                line=str(line),
                about=f"{to}fund",
                ways_out=[Instead(**{f"{to}fund": str(Fund.NONFISCAL)}), basic],
            )
        of_kind(
            state,
            SPENDING_NAMES[line.spending],
            INSTITUTIONS,
            about=f"{to}spending",
            ways_out=[basic],
        )


def of_this_year(
    state: BookState, line: BudgetLine, action: str, *, or_earlier: bool = False
) -> None:
    """R7: a budget is approved of this year's money; what comes in or is distributed may be of an
    earlier year too, and nothing is of a later one. Raises `Refused`."""
    if line.origin > state.year or (line.origin < state.year and not or_earlier):
        raise Refused(
            Refusal.ORIGIN_NOT_CURRENT,
            action=action,
            year=state.year,
            origin=line.origin,
            ways_out=[Instead(origin=state.year)],
        )


INSTITUTIONS = frozenset({"institution", "public-admin"})
"""事业单位, 参公 among them."""


def of_kind(
    state: BookState,
    what: str,
    kinds: Collection[str],
    *,
    about: str | None = None,
    ways_out: Sequence[WayOut] = (),
) -> None:
    """单位性质: only units of some kinds have 经营支出 and the like, or a surplus to distribute.
    `about` is the field of a request that says `what`, where it is not its kind. Raises
    `Refused`."""
    unit_kind = state.opened_facts.unit_kind
    if unit_kind in kinds:
        return
    amended = [] if state.money_entries else [Way("amend-book", kind="institution")]
    raise Refused(
        Refusal.UNIT_KIND,
        kind=UNIT_KIND_NAMES[unit_kind] + "单位",
        what=what,
        about=about,
        ways_out=[*ways_out, *amended] or [ways.show(1)],
    )


def not_capital(line: BudgetLine, econ: str, to: str = "") -> None:
    """R2: basic spending has no capital construction (econ 309). Class 310 has the same items by
    the same digits: 30902 and 31002 are 办公设备购置. Raises `Refused`."""
    if econ.startswith(CAPITAL_CONSTRUCTION) and line.spending is Spending.BASIC:
        own = econ.replace(CAPITAL_CONSTRUCTION, CAPITAL, 1)
        raise Refused(
            Refusal.CAPITAL_ON_BASIC,
            econ=econ,
            line=str(line),
            about=f"{to}econ",
            ways_out=[Instead(**{f"{to}econ": own})],
        )


Event = TypeVar("Event", bound=AnyEvent)


def covered(state: BookState, event: Event) -> Decided[Event]:
    """In this order: `event` lifts no 三公 item over its cap (R3), turns no 结余 back that is
    reused (R8), takes no account below zero (R1), keeps within the 用款计划 of lines that have one,
    and takes no more of a pool, of the non-fiscal cash and of the sum of a book than there is. With
    it, what it does. Raises `Refused`."""
    does = effects(event)
    _within_caps(state, event, does)
    if isinstance(event, EntryReversed | EntryCorrected):
        _surplus_not_reused(state, does.moves)
    for line, account, fen in _taken(does.moves):
        if account is not AUTH and state.of(line, account) < fen:
            raise _short(state, line, account, fen, event)
    if state.plans or does.plans:
        _within_plans(state, event, does)
    for pool, fen in does.pools:
        left_fen = state.pools.get(pool, 0)
        if fen < 0 and left_fen + fen < 0:
            raise Refused(
                Refusal.OVER_POOL,
                pool=POOL_NAMES[pool],
                pool_left_fen=left_fen,
                amount_fen=-fen,
                short_fen=-fen - left_fen,
                ways_out=ways.for_pool(state, pool, left_fen, -fen - left_fen, event),
            )
    _within_cash(state, does)
    if does.procured:
        _within_contracts(state, does)
    if does.turnover_fen and state.turnover_fen + does.turnover_fen > TOTAL_MAX_FEN:
        raise Refused(Refusal.TOTAL_TOO_LARGE, limit_fen=TOTAL_MAX_FEN)
    return Decided(event, does)


def of_contract(
    state: BookState,
    no: str,
    bought: ProcurementType | None = None,
    reserved: "Reservation | None" = None,
) -> None:
    """A contract that is paid or reserved for is there, buys what is said, and is that of the
    reservation, where it is paid from one. Raises `Refused`."""
    if reserved is not None and no != reserved.contract:
        raise Refused(
            Refusal.CONTRACT_RESERVED,
            entry=reserved.entry,
            reserved=f"的是合同 {reserved.contract}" if reserved.contract else "没有写明合同",
            no=no or "（无）",
            ways_out=[Instead(contract=reserved.contract or NO_CONTRACT)],
        )
    if not no:
        return
    known = state.contracts.get(no)
    if known is None:
        raise Refused(Refusal.CONTRACT_UNKNOWN, no=no, ways_out=ways.for_contract(state, no))
    if bought not in (None, known.procurement_type):
        raise Refused(
            Refusal.CONTRACT_TYPE,
            no=no,
            type=PROCUREMENT_NAMES[known.procurement_type],
            said=PROCUREMENT_NAMES[bought],
            ways_out=[Instead(procurement_type=known.procurement_type)],
        )


NO_CONTRACT = "-"
"""What is typed for no contract."""


class Reservation(NamedTuple):
    """A reservation that is paid from: its entry, and its contract, if it is for one."""

    entry: int
    contract: str


def _within_contracts(state: BookState, does: Effects) -> None:
    """What is paid of a contract and kept for it is no more than its amount. Raises `Refused`."""
    taken: Counter[str] = Counter()
    for no, _, held_fen, paid_fen in does.procured:
        if no:
            taken[no] += held_fen + paid_fen
    for no, fen in taken.items():
        known = state.contracts.get(no)
        if known is None and fen > 0:  # of one that is no more what came back is paid again
            raise Refused(Refusal.CONTRACT_UNKNOWN, no=no, ways_out=ways.for_contract(state, no))
        if known is None:
            continue
        left_fen = known.amount_fen - known.held_fen - known.paid_fen
        if fen > 0 and fen > left_fen:
            raise Refused(
                Refusal.CONTRACT_EXCEEDS,
                no=no,
                total_fen=known.amount_fen,
                paid_fen=known.paid_fen,
                held_fen=known.held_fen,
                left_fen=left_fen,
                amount_fen=fen,
                ways_out=ways.for_contract_left(known.entry, left_fen),
            )


def _taken(moves: tuple[Move, ...]) -> Iterable[tuple[BudgetLine, Account, int]]:
    """What moves take from accounts, all together, fen: a reversal takes from the target, and a
    correction what is right less what was wrong."""
    if len(moves) == 1:  # as nearly always
        (move,) = moves
        source, target = (move.line, move.source), (move.line, move.target)
        return ((*source, move.fen),) if move.fen > 0 else ((*target, -move.fen),)
    net: dict[tuple[BudgetLine, Account], int] = {}
    for move in moves:
        for account, fen in ((move.source, -move.fen), (move.target, move.fen)):
            net[move.line, account] = net.get((move.line, account), 0) + fen
    return ((line, account, -fen) for (line, account), fen in net.items() if fen < 0)


def _within_caps(state: BookState, event: AnyEvent, does: Effects) -> None:
    for item, cap_fen, spent_fen in does.caps:
        cap = state.three_public.get(item) or Cap()
        raised_fen = 0 if cap.own else cap_fen
        over_fen = cap.spent_fen + spent_fen - cap.cap_fen - raised_fen
        if over_fen <= 0 or (raised_fen >= 0 and spent_fen <= 0):
            continue
        if spent_fen > 0:
            raise Refused(
                Refusal.THREE_PUBLIC_CAP,
                item=THREE_PUBLIC_NAMES[item],
                cap_fen=cap.cap_fen,
                spent_fen=cap.spent_fen,
                left_fen=max(cap.cap_fen - cap.spent_fen, 0),
                amount_fen=spent_fen,
                ways_out=ways.for_cap(state, item, over_fen, event),
            )
        raise _cap_below_spent(state, item, cap.cap_fen + raised_fen, event)
    undone, right = capped(event)
    if undone is None or not isinstance(event, EntryReversed | EntryCorrected):
        return
    if right is not None and right.item == undone.item:
        known = state.three_public[right.item]
        if known.decides(event.original) and right.amount_fen < known.spent_fen:
            raise cap_too_low(right.item, right.amount_fen, known.spent_fen)
        return
    left = state.three_public[undone.item].without(event.original)
    if left.cap_fen < left.spent_fen:
        raise _cap_below_spent(state, undone.item, left.cap_fen, event)


def cap_too_low(item: ThreePublicItem, amount_fen: int, spent_fen: int) -> Refused:
    """Why a 三公限额 that would be in force is none."""
    return Refused(
        Refusal.CAP_TOO_LOW,
        item=THREE_PUBLIC_NAMES[item],
        amount_fen=amount_fen,
        spent_fen=spent_fen,
        ways_out=[Instead(amount=plain_yuan(spent_fen))],
    )


def _surplus_not_reused(state: BookState, moves: tuple[Move, ...]) -> None:
    """R8: what was turned into 结余 is not turned back where it is reused already, else what waits
    for the finance bureau would be spent in its place. Of older money all that waits is 结余."""
    net: Counter[BudgetLine] = Counter()
    for move in moves:
        if move.line.origin == state.year:
            net[move.line] += move.surplus_fen
    for line, fen in net.items():
        left_fen = state.reclassified.get(line, 0)
        if fen < 0 and left_fen + fen < 0:
            raise Refused(
                Refusal.OVER_SURPLUS,
                line=str(line),
                surplus_fen=left_fen,
                amount_fen=-fen,
                short_fen=-fen - left_fen,
                ways_out=[ways.reuses(line)],
            )


def _cap_below_spent(
    state: BookState, item: ThreePublicItem, cap_fen: int, event: AnyEvent
) -> Refused:
    spent_fen = state.three_public[item].spent_fen
    return Refused(
        Refusal.CAP_BELOW_SPENT,
        item=THREE_PUBLIC_NAMES[item],
        cap_fen=cap_fen,
        spent_fen=spent_fen,
        ways_out=ways.for_cap(state, item, spent_fen - cap_fen, event),
    )


_SHORT = {
    PENDING: (Refusal.OVER_PENDING, "pending_fen"),
    EXEC: (Refusal.OVER_AVAILABLE, "available_fen"),
    HELD: (Refusal.OVER_HELD, "held_fen"),
    PAID: (Refusal.OVER_PAID, "paid_fen"),
}


def _short(
    state: BookState, line: BudgetLine, account: Account, fen: int, event: AnyEvent
) -> Refused:
    if account not in _SHORT:  # a reversal of what the book never held
        raise Corrupt(Damage.RULES, f"{line} 没有可冲回的收回或转出")
    refusal, name = _SHORT[account]
    there_fen = state.of(line, account)
    return Refused(
        refusal,
        line=str(line),
        amount_fen=fen,
        short_fen=fen - there_fen,
        **{name: there_fen},
        about="amount",
        ways_out=ways.for_shortage(state, line, account, fen, event),
    )


def _within_plans(state: BookState, event: AnyEvent, does: Effects) -> None:
    """用款计划: a ceiling on what is paid by each month, for lines that have any; and itself within
    what the line can pay or has paid (L25)."""
    paid_fen: Counter[BudgetLine] = Counter()
    for move in does.moves:
        paid_fen[move.line] += move.paid_fen
    for line, fen in paid_fen.items():
        if fen > 0 and line in state.plans:
            _paid_as_planned(state, event, line, fen)
    changed: dict[BudgetLine, Counter[int]] = {}
    for line, month, fen in does.plans:  # of a correction two: what counts is what both do
        changed.setdefault(line, Counter())[month] += fen
    for line, net in changed.items():
        changes = [(month, fen) for month, fen in net.items() if fen]
        months = list(state.plans.get(line, [0] * 12))
        fen = sum(added_fen for _, added_fen in changes)
        if fen > 0:
            spent_fen = state.of(line, HELD) + state.of(line, PAID)
            budget_fen = state.available_fen(line) + spent_fen
            over_fen = sum(months) + fen - budget_fen
            if over_fen > 0:
                raise Refused(
                    Refusal.PLAN_EXCEEDS,
                    line=str(line),
                    budget_fen=budget_fen,
                    planned_fen=sum(months),
                    amount_fen=fen,
                    ways_out=ways.for_plan(state, line, fen, over_fen),
                )
        for month, added_fen in changes:
            months[month - 1] += added_fen
        if all(added_fen > 0 for _, added_fen in changes):
            continue
        since = min(month for month, added_fen in changes if added_fen < 0)
        short = _short_by_month(months, state.paid_in.get(line, _NEVER), since)
        if any(months) and short:  # without any plan there is no ceiling
            by = min(short)
            raise Refused(
                Refusal.PLAN_BELOW_PAID,
                line=str(line),
                month=by,
                planned_fen=sum(months[:by]),
                paid_fen=sum(state.paid_in[line][:by]),
                ways_out=[ways.plan(line, by, max(short.values()))],
            )


_NEVER = [0] * 12


def _short_by_month(planned: Sequence[int], paid: Sequence[int], since: int) -> dict[int, int]:
    """The months from one on by which more is paid than is planned by then, and how much, fen."""
    short = {by: sum(paid[:by]) - sum(planned[:by]) for by in range(since, 13)}
    return {by: fen for by, fen in short.items() if fen > 0}


def _paid_as_planned(state: BookState, event: AnyEvent, line: BudgetLine, fen: int) -> None:
    """In whatever order it is recorded: a payment counts in its month and all that follow."""
    month, planned = event.occurred_on.month, state.plans[line]
    paid = list(state.paid_in.get(line, _NEVER))
    paid[month - 1] += fen
    short = _short_by_month(planned, paid, month)
    if short:
        by = min(short)
        raise Refused(
            Refusal.OVER_PLAN,
            line=str(line),
            month=by,
            planned_fen=sum(planned[:by]),
            paid_fen=sum(paid[:by]) - fen,
            amount_fen=fen,
            short_fen=short[by],
            ways_out=ways.for_unplanned(state, line, fen, short, event),
        )


def _within_cash(state: BookState, does: Effects) -> None:
    if does.cash_fen < 0 and state.cash_fen + does.cash_fen < 0:
        short_fen = -does.cash_fen - state.cash_fen
        raise Refused(
            Refusal.OVER_CASH,
            cash_fen=state.cash_fen,
            amount_fen=-does.cash_fen,
            short_fen=short_fen,
            ways_out=ways.for_cash(does, short_fen),
        )
