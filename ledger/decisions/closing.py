"""月结 and 年终结账 (domain §4.1): after them nothing more is dated into that month, that year.

At the end of a year everything that is left on a line leaves it, by a decision: 结转 (carry) goes
on for the same purpose, 结余 (surplus) waits until the finance bureau allows its use, 收回
(take-back) is carried in and handed back at once, 不结转 (lapse) was only a right to spend. Two
persons sign: the closing waits as a request until another approves it.
"""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NotRequired, Unpack

import msgspec

from ledger.effects import Decided
from ledger.events import (
    ApprovalRequested,
    LineClosed,
    MonthLocked,
    MonthUnlocked,
    Share,
    YearClosed,
    YearReopened,
)
from ledger.kinds import CHOICE_NAMES, Authority, Choice
from ledger.line import FISCAL_FUNDS, NO_ECON, BudgetLine, Fund, Spending, carried_until
from ledger.money import plain_yuan, yuan
from ledger.postings import Account
from ledger.refusals import Instead, Refusal, Refused, Way, WayOut, Word, WrongDecision
from ledger.rules import authority, ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit
from ledger.state import BookState

SIGNATURE: Authority = "department"
"""What the second person signs as."""

PROPOSE = Way("close-year", propose=Word("结账建议.csv"))
"""The way out of every wrong decision: have the right ones proposed, in a file beside the one that
was edited, and take them from there."""


Signed = MonthUnlocked | YearClosed | YearReopened
"""What takes two persons, always."""


class LockMonth(Asked):
    """月结 of a month, 1 to 12."""

    month: int


def lock_month(
    state: BookState,
    *,
    month: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[MonthLocked]]:
    """锁定一个月份 (R13) that is over on that date, after all the months before it. Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False)
    if month in state.locked_months:
        raise Refused(
            Refusal.MONTH_ALREADY_LOCKED, month=month, ways_out=[Way("log", kind="lock-month")]
        )
    last = last_day(state.year, month)
    if occasion["occurred_on"] < last:
        raise not_over(month, last, occasion["occurred_on"], [Instead(date=last.isoformat())])
    first = next(each for each in range(1, 13) if each not in state.locked_months)
    if first < month:
        raise Refused(
            Refusal.MONTH_ORDER,
            month=month,
            first=first,
            ways_out=[
                Way("lock-month", first, date=last_day(state.year, first).isoformat()),
            ],
        )
    return (Decided(MonthLocked(**occasion, month=month)),)


def last_day(year: int, month: int) -> date:
    """The day on which a month ends."""
    return date(year, month, monthrange(year, month)[1])


def not_over(month: int, last: date, on: date, ways_out: Sequence[WayOut]) -> Refused:
    """Why a month is not locked before it ends."""
    return Refused(
        Refusal.MONTH_NOT_OVER,
        month=month,
        last=last.isoformat(),
        date=on.isoformat(),
        ways_out=ways_out,
    )


class UnlockMonth(Asked):
    """解锁 of a month, 1 to 12."""

    month: int


def unlock_month(
    state: BookState,
    *,
    month: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ApprovalRequested]]:
    """解锁月份 as a request of one person, with a reason, that another signs (R13). Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False)
    if not occasion.get("reason"):
        raise Refused(Refusal.UNLOCK_REASON, ways_out=[Instead(reason=ways.REASON)])
    proposed = MonthUnlocked(**occasion, month=month, authority=SIGNATURE)
    _locked(state, proposed)
    return (Decided(authority.submitted(proposed, SIGNATURE)),)


def _locked(state: BookState, event: MonthUnlocked) -> None:
    if event.month not in state.locked_months:
        raise Refused(
            Refusal.MONTH_NOT_LOCKED, month=event.month, ways_out=[Way("log", kind="lock-month")]
        )


class Blocker(msgspec.Struct, frozen=True):
    """One thing that stands in the way of a closing. What a decision is wrong about: the line that
    it is of, the field (`line` where there should be none, or there is none), and what would be
    right."""

    code: str
    text: str
    way: Way
    line: str | None = None
    field: str | None = None
    right: str | None = None


class CloseYear(Asked):
    """年终结账: what becomes of every line that has something left, and of the money in hand."""

    lines: tuple[LineClosed, ...]
    cash: NotRequired[tuple[Share, ...]]


def close_year(
    state: BookState,
    *,
    lines: tuple[LineClosed, ...],
    cash: tuple[Share, ...] = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ApprovalRequested]]:
    """年终结账 as a request: it takes effect when another person has signed. All blockers are told
    at once (R12)."""
    admit(state, occasion["occurred_on"], money=False)
    proposed = YearClosed(
        **occasion,
        lines=lines,
        cash=cash,
        authority=SIGNATURE,
    )
    _unblocked(state, proposed, own_requests=0)
    return (Decided(authority.submitted(proposed, SIGNATURE)),)


class ReopenYear(Asked):
    """解除结账."""


def reopen_year(
    state: BookState, **occasion: Unpack[Occasion]
) -> tuple[Decided[ApprovalRequested]]:
    """解除结账 as a request of one person, with a reason, that another signs (R13). Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    if not state.closed or state.closing is None:
        raise Refused(
            Refusal.YEAR_OPEN,
            book=state.book,
            why=_NOT_TO_BE_REOPENED,
            ways_out=[Way("close-year")],
        )
    _not_approved(state)
    if not occasion.get("reason"):
        raise Refused(Refusal.REOPEN_REASON, ways_out=[Instead(reason=ways.REASON)])
    on_the_last_day(state, occasion["occurred_on"])  # else the days between had both
    proposed = YearReopened(
        **occasion,
        original=state.closed,
        reopened=state.closing,
        authority=SIGNATURE,
    )
    return (Decided(authority.submitted(proposed, SIGNATURE)),)


def signed(state: BookState, event: Signed) -> Signed:
    """What a second person signs, proved on the state of that day. Raises `Refused`."""
    if isinstance(event, MonthUnlocked):
        _locked(state, event)
    elif isinstance(event, YearClosed):
        _unblocked(state, event, own_requests=1)
    elif (state.closed, state.closing) != (event.original, event.reopened):
        raise Refused(
            Refusal.YEAR_OPEN,
            book=state.book,
            why=_NOT_TO_BE_REOPENED,
            ways_out=[Way("pending")],
        )
    else:
        _not_approved(state)
    return event


_NOT_TO_BE_REOPENED = "无须再解除"


def _not_approved(state: BookState) -> None:
    """A year of which finance approved the account is not reopened while that stands: what was
    approved would be of no closing (L79). Raises `Refused`."""
    if not state.approvals:
        return
    last = state.approvals[-1]
    raise Refused(
        Refusal.YEAR_APPROVED,
        book=state.book,
        entry=last.entry,
        doc=last.said.doc,
        ways_out=[Way("reverse", last.entry, date=f"{state.year}-12-31")],
    )


def on_the_last_day(state: BookState, day: date) -> None:
    """What is of the whole year is dated on its last day. Raises `Refused`."""
    if (day.month, day.day) != (12, 31):
        raise Refused(
            Refusal.CLOSING_DATE, date=day.isoformat(), ways_out=[ways.year_end(state.year)]
        )


def _unblocked(state: BookState, event: YearClosed, *, own_requests: int) -> None:
    on_the_last_day(state, event.occurred_on)
    found = blockers(state, event.lines, event.cash, own_requests=own_requests)
    if found:
        raise Refused(
            Refusal.YEAR_BLOCKED,
            count=len(found),
            blockers="；".join(each.text for each in found),
            codes=[each.code for each in found],
            decisions=[
                WrongDecision(each.code, each.line, each.field or "", each.right or "", each.text)
                for each in found
                if each.line is not None
            ],
            ways_out=list(dict.fromkeys(each.way for each in found)),
        )


def blockers(
    state: BookState,
    lines: tuple[LineClosed, ...],
    cash: tuple[Share, ...],
    *,
    own_requests: int = 0,
) -> list[Blocker]:
    """Everything that stands in the way, all at once: open items first, then the decisions."""
    found = [
        Blocker(
            "HELD",
            f"{line} 在途 {yuan(balances[Account.HELD])} 元",
            Way("log", kind="reserve"),
        )
        for line, balances in sorted(state.lines.items())
        if balances[Account.HELD]
    ]
    found += [
        Blocker(
            "PENDING",
            f"{line} 待下达 {yuan(balances[Account.PENDING] - surplus_fen(state, line))} 元",
            ways.release(line, balances[Account.PENDING] - surplus_fen(state, line)),
        )
        for line, balances in sorted(state.lines.items())
        if balances[Account.PENDING] > surplus_fen(state, line)
    ]
    if state.paid_at > state.reconciled:
        found.append(
            Blocker(
                "UNRECONCILED",
                f"第 {state.paid_at} 笔支付之后没有与财政部门对账",
                Way("reconcile", ways.STATEMENT, date=f"{state.year}-12-31"),
            )
        )
    waiting = len(state.open_requests) - own_requests
    if waiting > 0:
        found.append(Blocker("REQUESTS", f"{waiting} 笔申请待审批", Way("pending")))
    return [*found, *_decided(state, lines), *_carried(state, cash)]


def left(state: BookState) -> dict[BudgetLine, tuple[int, int]]:
    """What a decision must say something of: line → (可执行, 待下达), fen."""
    found = {
        line: (balances[Account.EXEC], surplus_fen(state, line))
        for line, balances in sorted(state.lines.items())
    }
    return {line: fen for line, fen in found.items() if any(fen)}


def surplus_fen(state: BookState, line: BudgetLine) -> int:
    """What is 结余 of what is 待下达 on a line, and may still wait at the end of the year, fen:
    older project money, which came over as such, and what was turned into it this year (L71).
    Anything else is released first, or taken back."""
    pending_fen = state.of(line, Account.PENDING)
    if _older(state, line):
        return pending_fen
    return min(pending_fen, max(0, state.reclassified.get(line, 0)))


def _older(state: BookState, line: BudgetLine) -> bool:
    """Whether the second year of project money ends with this one (R8)."""
    until = carried_until(line)
    return until is not None and until <= state.year


def only_lapses(state: BookState, line: BudgetLine) -> bool:
    """Whether what is left is only a right to spend: the unit has no money behind it. So it is
    with non-fiscal budgets, and with this year's fiscal money unless income is the indicator
    (L39)."""
    fiscal = line.fund in FISCAL_FUNDS
    spent_only = line.origin == state.year and state.opened_facts.basis_of(line.fund) != "indicator"
    return not fiscal or spent_only


def money_left(state: BookState) -> dict[BudgetLine, int]:
    """The money behind budgets that lapse, by purpose (econ `-`), fen: what came in and was not
    spent. Non-fiscal money in hand is one sum, so that a purpose may stand below zero."""
    found: dict[BudgetLine, int] = defaultdict(int)
    known = state.opened_facts
    for line, balances in state.lines.items():
        purpose = line.at_econ(NO_ECON)
        recorded = known.basis_of(line.fund) == "recorded"
        if line.fund is Fund.NONFISCAL or (recorded and line.origin == state.year):
            found[purpose] -= balances[Account.PAID]
        if line.fund is Fund.NONFISCAL and line.origin < state.year:
            found[purpose] -= balances[Account.AUTH] + balances[Account.TAKEN]
    for purpose, fen in state.received.items():
        found[purpose] += fen
    return {purpose: fen for purpose, fen in sorted(found.items()) if fen}


def _decided(state: BookState, lines: tuple[LineClosed, ...]) -> list[Blocker]:
    """A decision for every line with something left, for all of it, and a lawful one."""
    there = left(state)
    counts = Counter(each.line for each in lines)
    found = [
        _wrong(line, "REPEATED", f"有 {count} 个处理", "line", "一条预算线一行")
        for line, count in counts.items()
        if count > 1
    ]
    found += [
        _wrong(
            line,
            "UNDECIDED",
            f"剩余 {yuan(sum(there[line]))} 元没有处理",
            "line",
            f"一行：可执行 {plain_yuan(there[line][0])}，待下达 {plain_yuan(there[line][1])}，"
            f"处理 {_choices(state, line)}",
        )
        for line in there
        if line not in counts
    ]
    for each in lines:
        amounts = (each.amount_fen, each.pending_fen)
        if amounts != there.get(each.line, (0, 0)):
            now = there.get(each.line, (0, 0))
            text = f"处理 {yuan(sum(amounts))} 元，现剩余 {yuan(sum(now))} 元"
            if not any(now):
                found.append(_wrong(each.line, "AMOUNT", text, "line", "没有这一行"))
            for name, said, fen in zip(("amount", "pending"), amounts, now, strict=True):
                if any(now) and said != fen:
                    found.append(_wrong(each.line, "AMOUNT", text, name, plain_yuan(fen)))
        wrong = _unlawful(state, each)
        if wrong is not None:
            found.append(wrong)
    return found


def _unlawful(state: BookState, each: LineClosed) -> Blocker | None:
    """R8, R9, and what a choice means for this money."""
    line, choice, name = each.line, each.choice, CHOICE_NAMES[each.choice]
    may = _choices(state, line)
    if (choice == "lapse") != only_lapses(state, line):
        why = "只能不结转" if choice != "lapse" else "不能作不结转"
        return _wrong(line, "CHOICE", why, "decision", may)
    if choice in ("lapse", "take-back"):
        if choice == "take-back" and not each.doc:
            return _wrong(line, "DOC", "收回须有文号", "doc", "收回通知的文号")
        return None
    if line.spending is Spending.BASIC:
        if choice != "carry":
            why = f"是基本支出，只能结转，不能作{name}（R9）"
            return _wrong(line, "R9", why, "decision", may)
    elif choice == "carry" and line.origin < state.year and not each.doc:
        why = "批复后连续两年未用完，须作结余或收回（R8）；经批准继续结转的写明文号"
        return _wrong(line, "R8", why, "doc", f"批准继续结转的文号，或处理改为 {may}")
    if choice == "carry" and each.pending_fen and _older(state, line):
        return _wrong(line, "PENDING", "待下达的不能结转，须作结余或收回", "decision", may)
    return None


def _wrong(line: BudgetLine, code: str, why: str, field: str, right: str) -> Blocker:
    """A decision of a line that is wrong in one field, or one that is missing or too many."""
    return Blocker(code, f"{line} {why}", PROPOSE, str(line), field, right)


def _choices(state: BookState, line: BudgetLine) -> str:
    """What may be decided of a line, as a person writes it; without a 文号 of its own where more
    would be lawful with one."""
    if only_lapses(state, line):
        may: tuple[Choice, ...] = ("lapse",)
    elif line.spending is Spending.BASIC:
        may = ("carry", "take-back")
    elif line.origin < state.year:
        may = ("surplus", "take-back")
    else:
        may = ("carry", "surplus", "take-back")
    return "、".join(CHOICE_NAMES[choice] for choice in may)


def _carried(state: BookState, cash: tuple[Share, ...]) -> list[Blocker]:
    """The money behind lapsed budgets goes over whole: recorded fiscal money purpose by purpose,
    non-fiscal money as the pool that it is, of which projects keep what is theirs."""
    said: Counter[BudgetLine] = Counter()
    for share in cash:
        said[share.line] += share.amount_fen
    there = money_left(state)
    pool_fen = sum(fen for line, fen in there.items() if line.fund is Fund.NONFISCAL)
    said_fen = sum(fen for line, fen in said.items() if line.fund is Fund.NONFISCAL)
    found = []
    if pool_fen != said_fen:
        text = f"单位资金结转 {yuan(said_fen)} 元，账上余款 {yuan(pool_fen)} 元"
        right = f"单位资金各行合计 {plain_yuan(pool_fen)}"
        found.append(Blocker("CASH", text, PROPOSE, "", "amount", right))
    found += _dedicated(there, said)
    purposes = {line.at_econ(NO_ECON) for line in state.lines} | there.keys()
    for line in sorted({*said, *there}):
        if line.fund is Fund.NONFISCAL:
            if line in said and line not in purposes:
                found.append(_wrong(line, "CASH", "不是账上的用途", "line", "账上的用途"))
        elif said[line] != there.get(line, 0):
            left_fen = there.get(line, 0)
            text = f"结转 {yuan(said[line])} 元，收入减支出为 {yuan(left_fen)} 元"
            if left_fen >= 0:
                found.append(_wrong(line, "CASH", text, "amount", plain_yuan(left_fen)))
            else:
                mend = ways.fiscal_income(line, -left_fen)
                found.append(Blocker("CASH", f"{line} {text}", mend))
    return found


def _dedicated(there: dict[BudgetLine, int], said: Counter[BudgetLine]) -> list[Blocker]:
    """专款专用: a project's money goes over for that project, but for what other purposes overspent
    beyond what is theirs; who gives that may be decided otherwise than it is proposed."""
    own = {line: fen for line, fen in there.items() if line.fund is Fund.NONFISCAL}
    unbound_fen = sum(fen for line, fen in own.items() if not _bound(line))
    bound = {line: fen for line, fen in own.items() if _bound(line)}
    over_fen = max(0, -unbound_fen) - sum(fen for fen in bound.values() if fen < 0)
    if sum(max(0, fen - said[line]) for line, fen in bound.items() if fen > 0) <= over_fen:
        return []
    proposed = {share.line: share.amount_fen for share in _pooled(own)}
    found = []
    for line in sorted(bound):
        right_fen = proposed.get(line, 0)
        if said[line] < right_fen:
            text = f"专项余款 {yuan(bound[line])} 元，只结转 {yuan(said[line])} 元，不能改作他用"
            right = plain_yuan(right_fen)
            if line in said:
                found.append(_wrong(line, "CASH", text, "amount", right))
            else:
                found.append(_wrong(line, "CASH", text, "line", f"一行：余款结转 {right}"))
    return found


def proposal(state: BookState) -> tuple[tuple[LineClosed, ...], tuple[Share, ...]]:
    """What the rules suggest for every line (domain §4.1 step 6), for a person to edit: basic money
    and this year's project money 结转, older project money 结余 (L40)."""
    lines = tuple(
        LineClosed(line, _suggested(state, line), exec_fen, pending_fen)
        for line, (exec_fen, pending_fen) in left(state).items()
    )
    return lines, _pooled(money_left(state))


def _bound(line: BudgetLine) -> bool:
    """Whether money is for a project and nothing else (专项)."""
    return line.spending is Spending.PROJECT


def _suggested(state: BookState, line: BudgetLine) -> Choice:
    if only_lapses(state, line):
        return "lapse"
    if _older(state, line) or not state.of(line, Account.EXEC):
        return "surplus"
    return "carry"


def _pooled(left_fen: dict[BudgetLine, int]) -> tuple[Share, ...]:
    """Every purpose's own money. What a non-fiscal purpose overspent comes off the richest of its
    kind, so that projects keep what is theirs (专项), and only then off the others."""
    shares = {line: fen for line, fen in left_fen.items() if fen > 0}
    over_fen: Counter[bool] = Counter()
    for line, fen in left_fen.items():
        if fen < 0 and line.fund is Fund.NONFISCAL:
            over_fen[_bound(line)] -= fen
    for bound in over_fen:
        own = (line for line in shares if line.fund is Fund.NONFISCAL)
        rich = sorted(own, key=lambda line: (_bound(line) == bound, shares[line], line))
        while over_fen[bound] and rich:
            line = rich.pop()
            given_fen = min(shares[line], over_fen[bound])
            shares[line] -= given_fen
            over_fen[bound] -= given_fen
    return tuple(Share(line, fen) for line, fen in sorted(shares.items()) if fen)


LOCK_MONTH = Kind("lock-month", lock_month, LockMonth)
UNLOCK_MONTH = Kind("unlock-month", unlock_month, UnlockMonth, derives=frozenset({"authority"}))
CLOSE_YEAR = Kind("close-year", close_year, CloseYear, derives=frozenset({"authority"}))
REOPEN_YEAR = Kind(
    "reopen-year",
    reopen_year,
    ReopenYear,
    derives=frozenset({"original", "reopened", "authority"}),
)
KINDS = (LOCK_MONTH, UNLOCK_MONTH, CLOSE_YEAR, REOPEN_YEAR)
