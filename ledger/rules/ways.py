"""The ways out of a refusal: what a person can do, on the figures of this book.

Only suggestions: what they propose is decided again when it is typed. A 文号 that only the finance
bureau can give stands as the word 文号.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ledger.book import BookId
from ledger.codes import THREE_PUBLIC, packaged_in
from ledger.effects import Effects, three_public_item
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    BookAmended,
    BookOpened,
    BudgetCut,
    CarryoverReclassified,
    CarryoverTransferred,
    CommitmentReserved,
    DisbursementRecorded,
    Entry,
    EntryCorrected,
    EntryReversed,
    IndicatorReleased,
    IndicatorWithdrawn,
    MoneyEvent,
    NonFiscalSurplusUsed,
    OfManyLines,
    OpeningLoaded,
    Previous,
    Share,
    StockRecovered,
    SurplusAdjusted,
    SurplusLoaded,
    VoucherItem,
    YearClosed,
    YearReopened,
)
from ledger.kinds import CodeSet, Pool, ThreePublicItem
from ledger.line import (
    NO_ECON,
    NO_PROJECT,
    BudgetLine,
    Fund,
    LinePattern,
    Spending,
    draws_on,
    is_econ_item,
)
from ledger.money import plain_yuan, yuan
from ledger.postings import Account, capped, correctable, effective, lines_of
from ledger.refusals import Advice, Contradiction, Instead, Value, Way, WayOut, Word
from ledger.rules.authority import authority_needed
from ledger.state import BookState, Cap

DOC = Word("文号")
REASON = Word("事由")
APPROVER = Word("批准人")
STATEMENT = Word("对账单.csv")
CODE_LIST = Word("科目表.csv")
EDITION = Word("版本")


def show(number: int) -> Way:
    """Shows an entry."""
    return Way("show", number)


def balance(func: str | None, project: str | None = None) -> Way:
    """Shows the lines that there are, of what was said of one."""
    said = {"func": func, "project": project}
    return Way("balance", **{n: text for n, text in said.items() if text not in (None, NO_PROJECT)})


def for_conflict(
    state: BookState, entry: Entry, differs: Sequence[Contradiction], *, stands: bool
) -> list[WayOut]:
    """A key that was used for something else, of which `entry` is the last: that is put right where
    it can be done, never recorded again under another key."""
    event = effective(entry.event)
    changes: dict[str, Value] = {}
    for field, _, given in differs:
        if given and field in _CORRECTED:
            changes |= _CORRECTED[field](given)
    several = isinstance(event, OfManyLines)
    beyond = several and {field for field, _, _ in differs} & {"line", "econ", "amount_fen"}
    if event is None or not stands or beyond or not _can_be_corrected(state, entry):
        return [show(entry.number)]
    said = changes.pop("date", None)
    happened = entry.event.occurred_on
    day = open_day(state, happened if said is None else date.fromisoformat(str(said)))
    unlike = day is None or day < happened or said not in (None, day.isoformat())
    if len(changes) + (said is not None) < len(differs) or unlike:
        return [show(entry.number)]
    mended = Way("correct", entry.number, **changes, date=str(day))
    if all(field == "purpose" for field, _, _ in differs):
        return [mended, Advice("只有用途的文字不同，也可以不改：账上已有这一笔")]
    return [mended]


def _can_be_corrected(state: BookState, entry: Entry) -> bool:
    """Whether what an entry brought into effect is of this book alone and of a year that is open,
    about no other entry, and not what the book was opened with."""
    last = state.previous
    carried = last is not None and entry.number <= last.opening
    transferred = isinstance(effective(entry.event), CarryoverTransferred)
    return correctable(entry.event) and not (state.closed or carried or transferred)


def _parts_of_line(given: str) -> dict[str, Value]:
    """A line as options: whole, or those of its parts that were said."""
    if "*" not in given:
        return {"line": given}
    parts = zip(LinePattern._fields, given.split(":"), strict=True)
    return {name: part for name, part in parts if part != "*"}


def _flag(name: str) -> Callable[[str], dict[str, Value]]:
    return lambda given: {name if given == "是" else f"no_{name}": True}


_CORRECTED: dict[str, Callable[[str], dict[str, Value]]] = {
    "occurred_on": lambda given: {"date": given},
    "doc": lambda given: {"doc": given},
    "amount_fen": lambda given: {"amount": given},
    "line": _parts_of_line,
    "econ": lambda given: {"econ": given},
    "payee": lambda given: {"payee": given},
    "purpose": lambda given: {"purpose": given},
    "pay_type": lambda given: {"pay_type": given},
    "procurement": _flag("procurement"),
    "direct_funds": _flag("direct_funds"),
    "counterpart": lambda given: {"counterpart": given},
}
"""What `correct` puts right of what is recorded, and how it is typed."""


def withdraw(number: int) -> Way:
    """Takes back a request that waits."""
    return Way("reject", number, reason=Word("撤回"))


def year_end(year: int) -> Instead:
    """Dates it on the last day of the year."""
    return Instead(date=f"{year}-12-31")


def open_day(state: BookState, from_: date) -> date | None:
    """The first day of the year's open months from a day on: never one before the money, or before
    what is undone. None where there is none."""
    if from_.month not in state.locked_months:
        return from_
    later = (month for month in range(from_.month + 1, 13) if month not in state.locked_months)
    month = next(later, None)
    return None if month is None else date(state.year, month, 1)


def for_locked_month(state: BookState, occurred_on: date) -> list[WayOut]:
    """The next later date that is open; where there is none, two persons who open the month
    again."""
    day = open_day(state, occurred_on)
    if day is None:
        return [Way("unlock-month", occurred_on.month, reason=REASON)]
    return [Instead(date=day.isoformat())]


def register(project: str) -> Way:
    """Registers a project."""
    return Way("project", code=project, name=Word("项目名称"))


def supplement(line: BudgetLine, fen: int) -> Way:
    """Brings new money onto a line."""
    return Way("supplement", line=line, amount=plain_yuan(fen), doc=DOC)


def cut(line: BudgetLine, fen: int) -> Way:
    """Takes money off a line."""
    return Way("cut", line=line, amount=plain_yuan(fen), doc=DOC)


def reallocate(source: BudgetLine, target: BudgetLine, fen: int, authority: str) -> Way:
    """Moves money from one line to another."""
    amount = plain_yuan(fen)
    return Way(
        "reallocate",
        from_=f"{source}={amount}",
        to=f"{target}={amount}",
        authority=authority,
        doc=DOC,
    )


def approve(number: int, request: ApprovalRequested) -> Way:
    """Approves a request that waits; the end of a year is signed on its last day."""
    ends = isinstance(request.proposed, YearClosed | YearReopened)
    dated = {"date": request.occurred_on.isoformat()} if ends else {}
    return Way("approve", number, authority=request.needed, **dated, actor=APPROVER)


def release(line: BudgetLine, fen: int, doc: str = DOC) -> Way:
    """Lets money that is 待下达 be spent."""
    return Way("release", line=line, amount=plain_yuan(fen), doc=doc)


def plan(line: BudgetLine, month: int, fen: int) -> Way:
    """Lets more of a line be paid by a month."""
    return Way("fund-plan", line=line, month=month, amount=plain_yuan(fen), doc=DOC)


def for_shortage(
    state: BookState, line: BudgetLine, account: Account, fen: int, event: AnyEvent
) -> list[WayOut]:
    """R1, where an account has less than the `fen` that are wanted of it: release what is pending,
    take from a line that can give, or ask for more. Who takes money back asks for less, or sees to
    it that what is kept or was paid comes back first."""
    short_fen = fen - state.of(line, account)
    made = effective(event)
    older = isinstance(made, StockRecovered) and made.carryover
    if account is Account.EXEC and isinstance(made, _TAKES_BACK) and not older:
        return _come_back(state, line, made.amount_fen - short_fen)
    ways_out: list[WayOut] = []
    if account is Account.EXEC:
        ways_out += _released(state, line, short_fen)
        ways_out += _brought(state, line, short_fen, but=lines_of(event))
    partly = isinstance(event, DisbursementRecorded | CommitmentReserved | IndicatorReleased)
    if partly and fen > short_fen:
        ways_out.append(Instead(amount=plain_yuan(fen - short_fen)))
    return ways_out or [Way("statement", line)]


_TAKES_BACK = BudgetCut | IndicatorWithdrawn | CarryoverReclassified | StockRecovered
"""What takes money back that is 可执行: nobody brings more in only to have it taken. Of an earlier
year's money what waits is recovered too, once it is released."""


def _come_back(state: BookState, line: BudgetLine, there_fen: int) -> list[WayOut]:
    """No more than the `there_fen` that can be taken back; what was paid or is kept of the line can
    be after a refund or a release."""
    ways_out: list[WayOut] = [Instead(amount=plain_yuan(there_fen))] if there_fen > 0 else []
    held_fen, paid_fen = state.of(line, Account.HELD), state.of(line, Account.PAID)
    first = []
    if held_fen:
        first.append(f"在途 {yuan(held_fen)} 元，不再需要的先释放（yusuan unreserve）")
    if paid_fen:
        first.append(f"已支付 {yuan(paid_fen)} 元，退回的先记退款（yusuan refund）")
    if first:
        ways_out.append(Advice("；".join(first) + f"；各笔见 yusuan statement {line}"))
    return ways_out or [Way("statement", line)]


def for_surplus(state: BookState, line: BudgetLine, surplus_fen: int, fen: int) -> list[WayOut]:
    """R8, where less than the `fen` that are wanted of a line is 结余: no more than that, or turn
    more of it into 结余 first."""
    short_fen = fen - surplus_fen
    ways_out: list[WayOut] = []
    if surplus_fen:
        ways_out.append(Instead(amount=plain_yuan(surplus_fen)))
    if state.available_fen(line) >= short_fen:
        ways_out.append(
            Way(
                "reclassify",
                line=line,
                amount=plain_yuan(short_fen),
                cause="not-needed",
                doc=DOC,
            )
        )
    return ways_out or [Way("statement", line)]


def reuses(line: BudgetLine) -> Way:
    """R8, where 结余 is reused: which entries did that, to be reversed first."""
    return Way("log", kind="reuse", project=line.project)


def for_reuse(line: BudgetLine, to_line: BudgetLine, fen: int) -> list[Way]:
    """R7: the project that is meant, of the same fund and origin."""
    project = to_line.spending is Spending.PROJECT
    parts = (to_line.func, to_line.spending, to_line.project, to_line.econ)
    right = BudgetLine.make(line.fund, *parts, line.origin)
    if not project or right == line:
        return [balance(None)]
    return [Way("reuse", line=line, to_line=right, amount=plain_yuan(fen), doc=DOC)]


def for_econ(state: BookState, payment: DisbursementRecorded) -> list[WayOut]:
    """R16, where a payment says no 款: one of the 类 that it says, else of its line's, that draws
    on that very line (L69). The items of 三公 have a cap of their own and are nobody's guess."""
    line = payment.line
    said = next((econ for econ in (payment.econ, line.econ) if econ != NO_ECON), "")
    known = packaged_in("economic", state.year)
    likely = sorted(known, key=lambda code: (code[:3] != said, code[:3] != "302", code))
    for code in filter(is_econ_item, likely):
        drawn = draws_on(state.lines, line, code)
        builds = line.spending is Spending.BASIC and code.startswith("309")
        if builds or three_public_item(line, code):
            continue
        if drawn is not None and drawn == (line if line in state.lines else drawn):
            return [Instead(econ=code)]
    return [balance(line.func, line.project)]


def for_plan(state: BookState, line: BudgetLine, fen: int, over_fen: int) -> list[WayOut]:
    """用款计划 beyond the budget: plan less, or raise what can be executed."""
    ways_out: list[WayOut] = [
        *_released(state, line, over_fen),
        *_brought(state, line, over_fen, but=(line,)),
    ]
    if fen > over_fen:
        ways_out.append(Instead(amount=plain_yuan(fen - over_fen)))
    return ways_out or [Way("statement", line)]


def for_unplanned(
    state: BookState,
    line: BudgetLine,
    fen: int,
    short_fen: Mapping[int, int],
    event: AnyEvent,
) -> list[WayOut]:
    """用款计划, by which so much of `fen` is not planned by some months: plan what is short by the
    first of them, wait until no month is short, or pay less."""
    month, most_fen = min(short_fen), max(short_fen.values())
    months = state.plans[line]
    ways_out: list[WayOut] = []
    can_pay = (Account.EXEC, Account.HELD, Account.PAID)
    if sum(months) + most_fen <= sum(state.of(line, account) for account in can_pay):
        ways_out.append(plan(line, month, most_fen))
    if max(short_fen) < 12:
        later = open_day(state, date(state.year, max(short_fen) + 1, 1))
        if later is not None:
            ways_out.append(Instead(date=later.isoformat()))
    if isinstance(event, DisbursementRecorded) and fen > most_fen:
        ways_out.append(Instead(amount=plain_yuan(fen - most_fen)))
    return ways_out or [Way("log", kind="fund-plan")]


def _released(state: BookState, line: BudgetLine, fen: int) -> list[Way]:
    if state.of(line, Account.PENDING) < fen:
        return []
    return [release(line, fen)]


def _brought(
    state: BookState, line: BudgetLine, fen: int, but: tuple[BudgetLine, ...]
) -> list[Way]:
    """What another line gives, or the finance bureau."""
    ways_out = []
    donor = _donor(state, line, fen, but=but)
    if donor is not None:
        ways_out.append(reallocate(donor, line, fen, _authority(donor, line)))
    if line.origin == state.year:
        ways_out.append(supplement(line, fen))
    return ways_out


def cap(item: ThreePublicItem, fen: int) -> Way:
    """Sets the whole of what may be spent on an item of 三公经费."""
    return Way("cap", item=item, amount=plain_yuan(fen), doc=DOC)


def for_cap(state: BookState, item: ThreePublicItem, over_fen: int, event: AnyEvent) -> list[Way]:
    """R3: the cap of the item itself, or of what has none a documented reallocation or supplement
    into the item's own line."""
    known = state.three_public.get(item) or Cap()
    undone, _ = capped(event)
    enough = cap(item, known.spent_fen if undone else known.cap_fen + over_fen)
    if undone is not None or known.own:
        return [enough]
    if isinstance(event, EntryReversed | EntryCorrected):
        own = [line for line in lines_of(event) if three_public_item(line, line.econ) == item]
        new = [line for line in own if line.origin == state.year]
        return [supplement(new[0], over_fen)] if new else [enough]
    if not isinstance(event, DisbursementRecorded):
        return [enough]
    target = event.line.at_econ(event.econ)
    if event.reserve is not None and event.line != target:
        return [enough]  # the item's own line would not be the reservation's
    # Once it exists, the payment draws on the item's own line: that must hold all of it.
    move_fen = max(over_fen, event.amount_fen - state.available_fen(target))
    ways_out = []
    donor = _donor(state, target, move_fen)
    if donor is not None:
        ways_out.append(reallocate(donor, target, move_fen, "finance"))
    if target.origin == state.year:
        ways_out.append(supplement(target, move_fen))
    # The first figure of its own is published as the budget: of an item that has none till now.
    none_yet = not known.cap_fen
    if event.reserve is not None or (
        none_yet and state.available_fen(event.line) >= event.amount_fen
    ):
        ways_out.append(enough)
    return ways_out or [Way("three-public")]


def for_cash(does: Effects, short_fen: int) -> list[Way]:
    """Non-fiscal money must have come in before it goes out."""
    lines = [*(move.line for move in does.moves), *(inflow.line for inflow in does.inflows)]
    line = next(line for line in lines if line is not None and line.fund is Fund.NONFISCAL)
    amount = plain_yuan(short_fen)
    return [Way("income", func=line.func, **_project(line), econ="other", amount=amount)]


def for_pool(
    state: BookState, pool: Pool, left_fen: int, short_fen: int, event: AnyEvent
) -> list[WayOut]:
    """非财政拨款结余: take what there is, or carry in what earlier years left; in a book that was
    opened from last year's, and where it is adjusted by document, that was another sum."""
    less: list[WayOut] = []
    if isinstance(event, NonFiscalSurplusUsed | SurplusAdjusted) and left_fen > 0:
        less = [Instead(amount=plain_yuan(left_fen))]
    if isinstance(event, SurplusAdjusted):
        return less or [Way("log", kind="use-surplus")]
    if state.previous is not None:
        return [*less, adjust_surplus(pool, short_fen)]
    return [*less, Way("surplus-in", pool=pool, amount=plain_yuan(short_fen))]


def adjust_surplus(pool: Pool, fen: int, *, decrease: bool = False, doc: str = DOC) -> Way:
    """Says that last year left more, or less, in a pool than was carried in."""
    return Way(
        "adjust-surplus",
        pool=pool,
        adjustment="closing-revised",
        amount=plain_yuan(fen),
        **({"decrease": True} if decrease else {}),
        doc=doc,
    )


def distribute(line: BudgetLine, fen: int, where: str, year: int) -> Way:
    """Distributes what a purpose leaves."""
    amount = plain_yuan(fen)
    return Way("distribute", line=line, to=where, amount=amount, date=f"{year}-12-31")


def open_book(unit: str, year: int, facts: BookOpened | BookAmended) -> Way:
    """Makes a book of these facts, in a file of its own."""
    file = Word("新文件.db")
    return Way("open-book", unit=unit, year=year, **_facts(facts), db=file)


def amend_book(facts: BookOpened | BookAmended) -> Way:
    """Gives a book these facts."""
    return Way("amend-book", **_facts(facts))


def adopt_codes(code_set: CodeSet) -> Way:
    """Adopts a list of codes, in which those without a name have one."""
    return Way("codes import", CODE_LIST, set=code_set, edition=EDITION)


def _facts(facts: BookOpened | BookAmended) -> dict[str, Value]:
    return {
        "name": facts.name,
        "kind": facts.unit_kind,
        "edition": facts.edition,
        "basis": (facts.basis, *(f"{own.fund}={own.basis}" for own in facts.fund_basis)),
    }


def fiscal_income(line: BudgetLine, fen: int) -> Way:
    """Records fiscal income that a purpose spent before anybody said that it came."""
    return Way(
        "income",
        fund=line.fund,
        func=line.func,
        **_project(line),
        econ="fiscal",
        amount=plain_yuan(fen),
        date=f"{line.origin}-12-31",
    )


def _project(line: BudgetLine) -> dict[str, str]:
    return {} if line.project == NO_PROJECT else {"project": line.project}


def _donor(
    state: BookState, line: BudgetLine, short_fen: int, but: tuple[BudgetLine, ...] = ()
) -> BudgetLine | None:
    """A line that can give: the one whose giving needs the least authority, then the richest.
    Not one of `but`: those are already part of what was asked."""
    givers = [
        giver
        for giver in state.lines
        if giver != line
        and giver not in but
        and giver.fund is line.fund
        and giver.origin == line.origin
        and (line.origin == state.year or giver.purpose == line.purpose)
        and state.available_fen(giver) >= short_fen
    ]
    if not givers:
        return None
    return min(
        givers,
        key=lambda giver: (
            _authority(giver, line) != "department",
            giver.purpose != line.purpose,
            giver.project != line.project,
            -state.available_fen(giver),
            giver,
        ),
    )


def _authority(source: BudgetLine, target: BudgetLine) -> str:
    return authority_needed((Share(source, 1),), (Share(target, 1),))[0]


def for_release(entry: int, left_fen: int) -> list[Way]:
    """在途: release no more than is left of the reservation; where nothing is, see what became of
    it."""
    return [Way("unreserve", entry)] if left_fen > 0 else [Way("log", ref=entry)]


def for_reserved(payment: DisbursementRecorded, left_fen: int) -> list[WayOut]:
    """在途: pay what is left of the reservation, and the rest from the line."""
    rest = unreserved(payment, payment.amount_fen - left_fen)
    return [Instead(amount=plain_yuan(left_fen)), rest] if left_fen > 0 else [rest]


def unreserved(payment: DisbursementRecorded, fen: int) -> Way:
    """A payment that draws on its line, not on a reservation."""
    return Way(
        "pay",
        line=payment.line,
        econ=payment.econ,
        amount=plain_yuan(fen),
        payee=payment.payee,
    )


def for_item(ways_out: Sequence[WayOut], item: VoucherItem) -> list[WayOut]:
    """The ways out of a payment for an item of a voucher: what is an option of `pay` is a part of
    the item."""

    def of_item(way: WayOut) -> WayOut:
        changed = dict(way.options) if isinstance(way, Instead) else {}
        if not changed.keys() & {"line", "econ", "amount"}:
            return way
        line = changed.get("line", item.line)
        econ = changed.get("econ", item.econ)
        amount = changed.get("amount", plain_yuan(item.amount_fen))
        return Instead(item=f"{line},econ={econ}={amount}")

    return [of_item(way) for way in ways_out]


def adjust_opening(
    adjustment: str,
    fen: int,
    line: BudgetLine | None = None,
    decrease: bool = False,
    doc: str = DOC,
) -> Way:
    """Adjusts the opening; without a line, of the only carry-over line that there is."""
    return Way(
        "adjust-opening",
        **({} if line is None else {"line": line}),
        adjustment=adjustment,
        amount=plain_yuan(fen),
        **({"decrease": True} if decrease else {}),
        doc=doc,
    )


def since_opened(last: Previous, line: BudgetLine | None = None) -> list[Way]:
    """What became of carry-over after the book was opened from `last`: what came later is an
    adjustment, and what its closing had wrong is put right there."""
    unit, year = BookId.split(last.book)
    reopen = Way("reopen-year", unit=unit, year=year, date=f"{year}-12-31", reason=REASON)
    if line is None:
        return [reopen]
    later = Way(
        "adjust-opening",
        line=line,
        adjustment="prior-year-recovery",
        amount=Word("金额"),
        doc=DOC,
    )
    return [later, reopen]


def since_closed(last: Previous, undone: MoneyEvent) -> list[Way]:
    """What stands for undoing what was carried in from `last`: last year's figure was another."""
    ways_out = since_opened(last)
    match undone:
        case OpeningLoaded(line=line, amount_fen=fen):
            return [adjust_opening("closing-revised", fen, line, decrease=True), *ways_out]
        case SurplusLoaded(pool=pool, amount_fen=fen):
            return [adjust_surplus(pool, fen, decrease=True), *ways_out]
        case _:
            return ways_out


def recover(line: BudgetLine, fen: int) -> Way:
    """Lets the finance bureau take money back."""
    return Way("recover", line=line, amount=plain_yuan(fen), doc=DOC)


def transfer_back(book: str, transferred: CarryoverTransferred) -> Way:
    """The opposite transfer, typed in the book that has the money now."""
    here, there = (
        (book, transferred.counterpart) if transferred.incoming else (transferred.counterpart, book)
    )
    unit, year = BookId.split(here)
    return Way(
        "transfer",
        line=transferred.line,
        to=BookId.split(there)[0],
        amount=plain_yuan(transferred.amount_fen),
        doc=DOC,
        unit=unit,
        year=year,
    )


(_RECEPTION,), (_OVERSEAS,) = THREE_PUBLIC["reception"], THREE_PUBLIC["overseas"]
_PAID_FOR = {"reception": _RECEPTION, "trip": _OVERSEAS}
"""The 款 of what pays for them."""


def for_missing_entry(kind: str, amount_fen: int) -> list[Way]:
    """R15: a payment that is not in this book was made in an earlier year; its refund adjusts the
    opening (L26). What receptions and trips are paid by is looked for among what they can be."""
    if kind in _PAID_FOR:
        return [Way("log", kind="pay", econ=_PAID_FOR[kind])]
    if kind != "refund":
        return [Way("log")]
    return [adjust_opening("prior-year-recovery", amount_fen), Way("log")]


def for_refund(entry: int, left_fen: int, item: VoucherItem | None = None) -> list[Way]:
    """R15: refund no more than is left of the payment, or of that item of a voucher."""
    if left_fen > 0:
        of_item = {} if item is None else {"line": item.line.at_econ(item.econ)}
        return [Way("refund", entry, **of_item, amount=plain_yuan(left_fen))]
    return [show(entry)]


def for_contract(state: BookState, no: str) -> list[WayOut]:
    """How to pay for a contract that is not there: one of those that are, or record it."""
    alike = [Instead(contract=known) for known in sorted(state.contracts)[:_CONTRACTS]]
    sign = Way(
        "contract",
        no=no,
        type=Word("goods|works|services"),
        amount=Word("金额"),
        supplier=Word("供应商"),
        size=Word("large|medium|small|micro"),
    )
    return [*alike, sign]


_CONTRACTS = 3
"""Contracts that a way out names."""


def for_tied(payment: int, free_fen: int) -> list[WayOut]:
    """How to tell of what payments paid where they have not paid so much."""
    less: list[WayOut] = [Instead(amount=plain_yuan(free_fen))] if free_fen > 0 else []
    return [*less, show(payment)]


def for_contract_left(entry: int, left_fen: int) -> list[WayOut]:
    """How to pay of a contract that has not so much left."""
    less: list[WayOut] = [Instead(amount=plain_yuan(left_fen))] if left_fen > 0 else []
    return [*less, show(entry)]
