"""The way out of a refusal: a command that a person can type, on the figures of this book.

Only suggestions: what they propose is decided again when it is typed. A 文号 that only the finance
bureau can give stands as the word 文号.
"""

from datetime import date
from shlex import quote

from ledger.book import BookId
from ledger.effects import Effects, three_public_item
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    BookAmended,
    BookOpened,
    BudgetCut,
    CarryoverTransferred,
    CommitmentReserved,
    DisbursementRecorded,
    EntryReversed,
    IndicatorReleased,
    IndicatorWithdrawn,
    NonFiscalSurplusUsed,
    Share,
    VoucherItem,
    YearClosed,
    YearReopened,
)
from ledger.line import BudgetLine, Fund
from ledger.money import plain_yuan
from ledger.postings import Account, Posting, lines_of
from ledger.rules.authority import authority_needed
from ledger.state import BookState


def open_month(state: BookState, occurred_on: date) -> str:
    """A date in the next month that is not locked, else in any that is not."""
    free = [month for month in range(1, 13) if month not in state.locked_months]
    later = [month for month in free if month > occurred_on.month]
    return f"--date {state.year}-{(later or free)[0]:02d}-01" if free else "yusuan log"


def register(project: str) -> str:
    """Registers a project."""
    return f"yusuan project --code {project} --name 项目名称"


def supplement(line: BudgetLine, fen: int) -> str:
    """Brings new money onto a line."""
    return f"yusuan supplement --line {line} --amount {plain_yuan(fen)} --doc 文号"


def reallocate(source: BudgetLine, target: BudgetLine, fen: int, authority: str) -> str:
    """Moves money from one line to another."""
    amount = plain_yuan(fen)
    return (
        f"yusuan reallocate --from {source}={amount} --to {target}={amount} "
        f"--authority {authority} --doc 文号"
    )


def approve(number: int, request: ApprovalRequested) -> str:
    """Approves a request that waits; the end of a year is signed on its last day."""
    ends = isinstance(request.proposed, YearClosed | YearReopened)
    dated = f" --date {request.occurred_on.isoformat()}" if ends else ""
    return f"yusuan approve {number} --authority {request.needed}{dated} --actor 批准人"


def release(line: BudgetLine, fen: int) -> str:
    """Lets money that is 待下达 be spent."""
    return f"yusuan release --line {line} --amount {plain_yuan(fen)} --doc 文号"


def plan(line: BudgetLine, month: int, fen: int) -> str:
    """Lets more of a line be paid by a month."""
    return f"yusuan fund-plan --line {line} --month {month} --amount {plain_yuan(fen)} --doc 文号"


def for_shortage(state: BookState, move: Posting, short_fen: int, event: AnyEvent) -> list[str]:
    """R1: release what is pending, take from a line that can give, or ask for more."""
    line, ways = move.line, []
    if move.account is Account.EXEC:
        useless = isinstance(event, BudgetCut | IndicatorWithdrawn)  # they would take it right back
        if not useless:
            ways += _released(state, line, short_fen)
        ways += _brought(state, line, short_fen, but=lines_of(event))
    partly = isinstance(event, DisbursementRecorded | CommitmentReserved | IndicatorReleased)
    if partly and -move.fen > short_fen:
        ways.append(f"--amount {plain_yuan(-move.fen - short_fen)}")
    return ways or [f"yusuan statement {line}"]


def for_plan(state: BookState, line: BudgetLine, fen: int, over_fen: int) -> list[str]:
    """用款计划 beyond the budget: plan less, or raise what can be executed."""
    ways = _released(state, line, over_fen) + _brought(state, line, over_fen, but=(line,))
    if fen > over_fen:
        ways.append(f"--amount {plain_yuan(fen - over_fen)}")
    return ways or [f"yusuan statement {line}"]


def for_unplanned(state: BookState, move: Posting, short_fen: int, event: AnyEvent) -> list[str]:
    """用款计划: plan what is short, wait for a month whose plan is enough, or pay less."""
    line, months = move.line, state.plans[move.line]
    month = event.occurred_on.month
    ways = []
    can_pay = (Account.EXEC, Account.HELD, Account.PAID)
    if sum(months) + short_fen <= sum(state.of(line, account) for account in can_pay):
        ways.append(plan(line, month, short_fen))
    enough = (m for m in range(month + 1, 13) if sum(months[month:m]) >= short_fen)
    later = next((m for m in enough if m not in state.locked_months), None)
    if later is not None:
        ways.append(f"--date {state.year}-{later:02d}-01")
    if isinstance(event, DisbursementRecorded) and move.fen > short_fen:
        ways.append(f"--amount {plain_yuan(move.fen - short_fen)}")
    return ways or ["yusuan log --kind fund-plan"]


def _released(state: BookState, line: BudgetLine, fen: int) -> list[str]:
    if state.of(line, Account.PENDING) < fen:
        return []
    return [release(line, fen)]


def _brought(
    state: BookState, line: BudgetLine, fen: int, but: tuple[BudgetLine, ...]
) -> list[str]:
    """What another line gives, or the finance bureau."""
    ways = []
    donor = _donor(state, line, fen, but=but)
    if donor is not None:
        ways.append(reallocate(donor, line, fen, _authority(donor, line)))
    if line.origin == state.year:
        ways.append(supplement(line, fen))
    return ways


def for_cap(state: BookState, item: str, over_fen: int, event: AnyEvent) -> list[str]:
    """R3: a documented reallocation or supplement into the item's own line raises the cap."""
    if isinstance(event, EntryReversed):
        own = [line for line in lines_of(event) if three_public_item(line, line.econ) == item]
        new = [line for line in own if line.origin == state.year]
        return [supplement(new[0], over_fen)] if new else ["yusuan three-public"]
    if not isinstance(event, DisbursementRecorded):
        return ["yusuan three-public"]
    target = event.line.at_econ(event.econ)
    if event.reserve is not None and event.line != target:
        return ["yusuan three-public"]  # the item's own line would not be the reservation's
    # Once it exists, the payment draws on the item's own line: that must hold all of it.
    move_fen = max(over_fen, event.amount_fen - state.available_fen(target))
    ways = []
    donor = _donor(state, target, move_fen)
    if donor is not None:
        ways.append(reallocate(donor, target, move_fen, "finance"))
    if target.origin == state.year:
        ways.append(supplement(target, move_fen))
    return ways or ["yusuan three-public"]


def for_cash(does: Effects, short_fen: int) -> list[str]:
    """Non-fiscal money must have come in before it goes out."""
    lines = [*(move.line for move in does.moves), *(inflow.line for inflow in does.inflows)]
    line = next(line for line in lines if line is not None and line.fund is Fund.NONFISCAL)
    project = f" --project {line.project}" if line.project != "-" else ""
    return [
        f"yusuan income --func {line.func}{project} --econ other --amount {plain_yuan(short_fen)}"
    ]


def for_pool(pool: str, left_fen: int, short_fen: int, event: AnyEvent) -> list[str]:
    """非财政拨款结余: use what there is, or carry in what earlier years left."""
    ways = []
    if isinstance(event, NonFiscalSurplusUsed) and left_fen > 0:
        ways.append(f"--amount {plain_yuan(left_fen)}")
    return [*ways, f"yusuan surplus-in --pool {pool} --amount {plain_yuan(short_fen)}"]


def distribute(line: BudgetLine, fen: int, where: str, year: int) -> str:
    """Distributes what a purpose leaves."""
    return (
        f"yusuan distribute --line {line} --to {where} --amount {plain_yuan(fen)} "
        f"--date {year}-12-31"
    )


def open_book(unit: str, year: int, facts: BookOpened | BookAmended) -> str:
    """Makes a book of these facts."""
    return f"yusuan open-book --unit {unit} --year {year} {_facts(facts)}"


def amend_book(facts: BookOpened | BookAmended) -> str:
    """Gives a book these facts."""
    return f"yusuan amend-book {_facts(facts)}"


def _facts(facts: BookOpened | BookAmended) -> str:
    bases = [facts.basis, *(f"{own.fund}={own.basis}" for own in facts.fund_basis)]
    return (
        f"--name {quote(facts.name)} --kind {facts.unit_kind} --edition {facts.edition} "
        + " ".join(f"--basis {basis}" for basis in bases)
    )


def fiscal_income(line: BudgetLine, fen: int) -> str:
    """Records fiscal income that a purpose spent before anybody said that it came."""
    project = f" --project {line.project}" if line.project != "-" else ""
    return (
        f"yusuan income --fund {line.fund} --func {line.func}{project} --econ fiscal "
        f"--amount {plain_yuan(fen)} --date {line.origin}-12-31"
    )


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


def for_release(entry: int, left_fen: int) -> list[str]:
    """在途: release no more than is left of the reservation."""
    return [f"yusuan unreserve {entry}"] if left_fen > 0 else [f"yusuan show {entry}"]


def for_reserved(payment: DisbursementRecorded, left_fen: int) -> list[str]:
    """在途: pay what is left of the reservation, and the rest from the line."""
    ways = [f"--amount {plain_yuan(left_fen)}"] if left_fen > 0 else []
    return [*ways, unreserved(payment, payment.amount_fen - left_fen)]


def unreserved(payment: DisbursementRecorded, fen: int) -> str:
    """A payment that draws on its line, not on a reservation."""
    return (
        f"yusuan pay --line {payment.line} --econ {payment.econ} --amount {plain_yuan(fen)} "
        f"--payee {quote(payment.payee)}"
    )


def for_item(ways_out: list[str], item: VoucherItem) -> list[str]:
    """The ways out of a payment for an item of a voucher: what is an option of `pay` is a part of
    the item."""

    def typed(way: str) -> str:
        option, _, value = way.partition(" ")
        if option == "--econ":
            return f"--item {item.line},econ={value}={plain_yuan(item.amount_fen)}"
        if option == "--amount":
            return f"--item {item.line},econ={item.econ}={value}"
        return way

    return [typed(way) for way in ways_out]


def adjust_opening(
    adjustment: str, fen: int, line: BudgetLine | None = None, decrease: bool = False
) -> str:
    """Adjusts the opening; without a line, of the only carry-over line that there is."""
    where = "" if line is None else f" --line {line}"
    down = " --decrease" if decrease else ""
    return (
        f"yusuan adjust-opening{where} --adjustment {adjustment} "
        f"--amount {plain_yuan(fen)}{down} --doc 文号"
    )


def recover(line: BudgetLine, fen: int) -> str:
    """Lets the finance bureau take money back."""
    return f"yusuan recover --line {line} --amount {plain_yuan(fen)} --doc 文号"


def transfer_back(book: str, transferred: CarryoverTransferred) -> str:
    """The opposite transfer, typed in the book that has the money now."""
    here, there = (
        (book, transferred.counterpart) if transferred.incoming else (transferred.counterpart, book)
    )
    unit, year = BookId.split(here)
    return (
        f"yusuan transfer --line {transferred.line} --to {BookId.split(there)[0]} "
        f"--amount {plain_yuan(transferred.amount_fen)} --doc 文号 --unit {unit} --year {year}"
    )


def for_missing_entry(kind: str, amount_fen: int) -> list[str]:
    """R15: a payment that is not in this book was made in an earlier year; its refund adjusts the
    opening (L25)."""
    if kind != "refund":
        return ["yusuan log"]
    return [adjust_opening("prior-year-recovery", amount_fen), "yusuan log"]


def for_refund(entry: int, left_fen: int) -> list[str]:
    """R15: refund no more than is left of the payment."""
    if left_fen > 0:
        return [f"yusuan refund {entry} --amount {plain_yuan(left_fen)}"]
    return [f"yusuan show {entry}"]
