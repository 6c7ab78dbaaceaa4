"""What was recorded, as its receipt tells it (contract §3)."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    BookOpened,
    CarryoverTransferred,
    FinalAccountApproved,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    VoucherPaid,
    YearClosed,
    kind_of,
    meant_by,
)
from ledger.kinds import Authority, Choice, of_waiting
from ledger.line import BudgetLine
from ledger.postings import Account, amount_of, earlier, lines_of, undoes, undone_fen
from ledger.proofs.printed import PrintedHead
from ledger.refusals import Refused, WayOut
from ledger.rules import ways
from ledger.rules.cash import Cash
from ledger.rules.cautions import Remark, Uncovered, Undone, undone
from ledger.store.writing import Recorded

if TYPE_CHECKING:
    from ledger.rules.adjusting import FinalAccount


class PaidItem(msgspec.Struct, frozen=True):
    """A payment of a voucher, fen, and what its line has left after all of them."""

    line: str
    econ: str
    amount_fen: int
    available_fen: int


class Began(msgspec.Struct, frozen=True):
    """What a book that was opened from last year's began with, fen."""

    projects: int
    carried_fen: int
    pending_fen: int
    remitted_fen: int


class Now(msgspec.Struct, frozen=True):
    """What a line has available and held by now, fen, beside what it had when the entry was
    recorded."""

    available_fen: int
    held_fen: int


class GoesOver(msgspec.Struct, frozen=True):
    """What a closing lets through, fen: 结转, 结余 (it waits for the finance bureau), 收回 (carried
    in and handed back), and the money in hand behind budgets that lapse. `total_fen` of these is
    what next year opens with; `lapsed_fen` (不结转) is no part of it."""

    total_fen: int
    carried_fen: int
    surplus_fen: int
    taken_back_fen: int
    cash_fen: int
    lapsed_fen: int


class SettledBy(msgspec.Struct, frozen=True):
    """The entry that settled a request, and who recorded it."""

    entry: int
    kind: str
    actor: str


class Receipt(msgspec.Struct, frozen=True):
    """The receipt of contract §3: what was recorded, or would be in a dry run. `entries` are all
    that the request became; what the receipt tells is of the last. What is available and held, fen,
    is of `line`, the first of several; of what was recorded before, as it was then, with what there
    is `now`. `opened_lines` are those that came into being. `undoes` is the entry that is reversed
    or corrected, also by approval, or would be if it waits. `as_of` is the day of a comparison
    that was recorded."""

    ok: bool
    book: str
    as_of: date | None
    known_at: None
    entry: int
    kind: str
    date: date
    line: str | None
    lines: list[str]
    opened_lines: list[str]
    items: list[PaidItem]
    original: int | None
    amount_fen: int | None
    counterpart: str | None
    available_fen: int | None
    spendable_fen: int | None
    held_fen: int | None
    key: str | None
    entries: list[int]
    opened_with: Began | None
    goes_over: GoesOver | None
    final_account: "FinalAccount | None"
    now: Now | None
    already: bool
    reversed_by: int | None
    corrected_by: int | None
    undone_fen: int | None
    undoes: int | None
    dry_run: bool
    pending: bool
    needed: Authority | None
    settled: SettledBy | None
    try_: list[WayOut] = msgspec.field(name="try")
    warnings: tuple[Remark, ...]
    head: PrintedHead


class Receipts(msgspec.Struct, frozen=True):
    """The receipts of requests that were settled together."""

    receipts: list[Receipt]


class Differing(msgspec.Struct, frozen=True):
    """One thing that is recorded, or said by another row, otherwise than a row says it."""

    field: str
    recorded: str
    given: str


class RowFacts(msgspec.Struct, frozen=True):
    """What a row was refused for: an entry of the book, or another row of its file, and where they
    say otherwise."""

    entry: int | UnsetType = UNSET
    row: int | UnsetType = UNSET
    differs: list[Differing] | UnsetType = UNSET

    @classmethod
    def of(cls, refused: Refused) -> "RowFacts | None":
        """The facts of a refusal, if it has any of them."""
        entry, row, differs = map(refused.facts.get, cls.__struct_fields__)
        found = cls(
            entry if isinstance(entry, int) else UNSET,
            row if isinstance(row, int) else UNSET,
            [Differing(*each) for each in differs] if isinstance(differs, list) else UNSET,
        )
        return None if found == cls() else found


class RejectedRow(msgspec.Struct, frozen=True, kw_only=True):
    """Why a row of a file was not recorded. `cell` is where it stands in a workbook."""

    row: int
    column: str
    cell: str | UnsetType = UNSET
    value: str
    code: str
    message: str
    facts: RowFacts | UnsetType = UNSET
    try_: list[WayOut] = msgspec.field(name="try")


class LeftOut(msgspec.Struct, frozen=True):
    """Rows of another system's export that are no entries, and why."""

    why: str
    rows: int


class StatedTotal(msgspec.Struct, frozen=True):
    """The sum that a file states of itself, fen, and in which row."""

    row: int
    amount_fen: int


class Remarked(msgspec.Struct, frozen=True):
    """A caution, on how many rows, and the first of them. `facts` are there where it is about an
    earlier entry, or about days."""

    code: str
    message: str
    rows: int
    row: int
    facts: Undone | Uncovered | UnsetType = UNSET


class Warned(msgspec.Struct, frozen=True):
    """What should be looked at in what was put back."""

    warnings: tuple[Remark, ...]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of a file, in rows. `code` and `message` are those of the first rejected row;
    `sheet`, `left_out` and `total` are there where the file was another system's."""

    ok: bool
    book: str
    as_of: None = None
    known_at: None = None
    code: str | UnsetType = UNSET
    message: str | UnsetType = UNSET
    rows: int
    recorded: int
    would_record: int
    already: int
    pending: int
    dry_run: bool
    sheet: str | UnsetType | None = UNSET
    left_out: list[LeftOut] | UnsetType = UNSET
    total: StatedTotal | UnsetType | None = UNSET
    rejected: list[RejectedRow]
    warnings: list[Remarked]
    head: PrintedHead


def receipt(recorded: Recorded, *, dry_run: bool) -> Receipt:
    """The receipt of contract §3, with what else the entry shows."""
    entry, settled = recorded.entries[-1], recorded.settled
    request = entry.event if isinstance(entry.event, ApprovalRequested) else None
    lines = lines_of(entry.event)
    line = lines[0] if lines else None
    known = line is not None and line in recorded.state.lines
    became = recorded.undone or Undone(entry.number)
    return Receipt(
        ok=True,
        book=entry.book,
        as_of=None,
        known_at=None,
        entry=entry.number,
        kind=kind_of(entry.event),
        date=entry.event.occurred_on,
        line=None if line is None else str(line),
        lines=[str(each) for each in lines],
        opened_lines=[str(each) for each in recorded.opened],
        items=_items(recorded),
        original=getattr(request.proposed if request else entry.event, "original", None),
        amount_fen=amount_of(entry.event),
        counterpart=entry.event.counterpart
        if isinstance(entry.event, CarryoverTransferred)
        else None,
        available_fen=recorded.state.available_fen(line) if known and line else None,
        spendable_fen=_spendable(recorded, line) if known and line else None,
        held_fen=recorded.state.of(line, Account.HELD) if known and line else None,
        key=entry.key,
        entries=[each.number for each in recorded.entries],
        opened_with=_opened_with(recorded),
        goes_over=_goes_over(entry.event),
        final_account=_final_account(recorded),
        now=_now(recorded, line) if known and line else None,
        already=recorded.already,
        reversed_by=None if became.reversed_by is UNSET else became.reversed_by,
        corrected_by=None if became.corrected_by is UNSET else became.corrected_by,
        undone_fen=undone_fen(entry.event),
        undoes=earlier(entry.event) if request else undoes(entry.event),
        dry_run=dry_run,
        pending=recorded.waits,
        needed=None if request is None else request.needed,
        settled=None
        if settled is None
        else SettledBy(settled.number, kind_of(settled.event), settled.actor),
        try_=[ways.approve(entry.number, request)]
        if request is not None and recorded.waits and not dry_run
        else [],
        warnings=recorded.cautions
        if recorded.undone is None
        else (*recorded.cautions, undone(recorded.undone)),
        head=recorded.head.printed(),
    )


def _opened_with(recorded: Recorded) -> Began | None:
    """What a book that was opened from last year's began with, fen; None for anything else."""
    events = [entry.event for entry in recorded.entries]
    if len(events) < 2 or not isinstance(events[0], BookOpened):
        return None
    carried = [event for event in events if isinstance(event, OpeningLoaded)]
    returned = [event for event in events if isinstance(event, OpeningAdjusted)]
    return Began(
        projects=sum(isinstance(event, ProjectRegistered) for event in events),
        carried_fen=sum(event.amount_fen for event in carried),
        pending_fen=sum(event.amount_fen for event in carried if event.pending),
        remitted_fen=sum(event.amount_fen for event in returned),
    )


def _goes_over(event: AnyEvent) -> GoesOver | None:
    """What goes over to next year by the closing that an entry asks for or approves."""
    meant = meant_by(event)
    if not isinstance(meant, YearClosed):
        return None
    sums: Counter[Choice] = Counter()
    for each in meant.lines:
        sums[each.choice] += each.amount_fen
        sums[of_waiting(each.choice)] += each.pending_fen
    cash_fen = sum(share.amount_fen for share in meant.cash)
    return GoesOver(
        total_fen=sums.total() - sums["lapse"] + cash_fen,
        carried_fen=sums["carry"],
        surplus_fen=sums["surplus"],
        taken_back_fen=sums["take-back"],
        cash_fen=cash_fen,
        lapsed_fen=sums["lapse"],
    )


def _final_account(recorded: Recorded) -> "FinalAccount | None":
    """What finance approved, beside what the year was closed with."""
    entry = recorded.entries[-1]
    if not isinstance(entry.event, FinalAccountApproved):
        return None
    from ledger.rules.adjusting import final_account  # once a year

    return final_account(recorded.state, entry.number, entry.event)


def _spendable(recorded: Recorded, line: BudgetLine) -> int:
    """What could be paid on a line now: of non-fiscal money no more than has come in."""
    state = recorded.state
    return Cash(state.cash).of(line, state.available_fen(line))


def _now(recorded: Recorded, line: BudgetLine) -> Now | None:
    """What the line has by now, where the receipt is of an earlier day."""
    if recorded.present is None:
        return None
    present = recorded.present
    return Now(present.available_fen(line), present.of(line, Account.HELD))


def _items(recorded: Recorded) -> list[PaidItem]:
    """The payments of a voucher, and what each line has left after all of them."""
    event = recorded.entries[-1].event
    if not isinstance(event, VoucherPaid):
        return []
    return [
        PaidItem(
            str(item.line), item.econ, item.amount_fen, recorded.state.available_fen(item.line)
        )
        for item in event.items
    ]
