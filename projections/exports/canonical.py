"""The canonical file (contract §3): a book as rows that `import` records again, in recorded order
(P25).

Every row is one entry there; what one row cannot say becomes several that do the same. A payment
of 1,200.00 on two lines of a voucher is two `pay` rows, and its reversal two `reverse` rows. The
cells of a row are ledger/canonical's to tell.
"""

from collections import Counter
from collections.abc import Iterator

from ledger.canonical.columns import MONEY_COLUMNS, RowCells
from ledger.canonical.particulars import joined
from ledger.canonical.told import PaidAgain, cells_of, row_ids, single
from ledger.codes import THREE_PUBLIC
from ledger.errors import Corrupt, Damage
from ledger.events import (
    ApprovalRequested,
    BookOpened,
    CarryoverTransferred,
    CodeSetAdopted,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    FinalAccountApproved,
    Meant,
    MonthLocked,
    MonthUnlocked,
    ReportPublished,
    RequestApproved,
    RequestRejected,
    StatementReconciled,
    VoucherPaid,
    YearClosed,
    YearReopened,
    decode,
    kind_of,
)
from ledger.events.particulars import ReceptionHeld
from ledger.postings import doc_of, earlier, paid_for
from ledger.proofs.head import EMPTY
from ledger.store.fold import proved
from ledger.store.log import row_of
from ledger.texts import formulas
from projections.questions.particulars import every, procurement_told
from projections.views.reading import Reading

PREVIOUS = "previous"
"""Counted in `left_out` where the book was opened from last year's: no row says that."""


class Canonical:
    """The rows of a book. `left_out` counts, by kind, the entries that no row can be or that became
    rows of another kind; `formulas` counts the cells that a spreadsheet would calculate, which are
    written all the same, because they are imported again. Both are whole when all rows were read.
    What opened the book is no row."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.left_out: Counter[str] = Counter()
        self.formulas = 0

    def rows(self) -> Iterator[RowCells]:
        """The rows in the order in which their entries were recorded, so that importing them meets
        the same book at every row."""
        reading = self._reading
        locks, paid_again = _Locks(_unlocked_later(reading)), PaidAgain()
        entries = proved(reading.log, str(reading.book), EMPTY, reading.head)
        for stored, entry in entries:
            parts = paid_again.said(entry.event, single(entry.event))
            self.left_out.update(_left_out(entry.event))
            ids = row_ids(stored.number, stored.hash, stored.key, len(parts))
            refs = self._refs(entry, len(parts))
            told = [
                cells_of(part)._replace(
                    id=id_,
                    date=entry.event.occurred_on.isoformat(),
                    doc=doc_of(entry.event),
                    ref=ref,
                    payment=joined(self._paid_for(part)),
                )
                for id_, ref, part in zip(ids, refs, parts, strict=True)
            ]
            if isinstance(entry.event, MonthLocked):
                told = locks.rows(entry.number, entry.event.month, told)
            self.formulas += sum(formulas(cells) for cells in told)
            yield from told
        self.left_out += locks.left_out()

    def _refs(self, entry: Entry, parts: int) -> list[str]:
        """The rows that the rows of an entry are about; of an entry that is undone, each its own.
        A request is no row, so that its approval is about what it undoes, if anything."""
        event = entry.event
        number = earlier(event.approved if isinstance(event, RequestApproved) else event)
        if number is None or not parts:
            return [""] * parts
        original = row_of(self._reading.log, entry.book, number)
        if original is None:
            raise Corrupt(Damage.ENTRY_NUMBER, f"{entry.book} 缺少第 {number} 笔")
        said = event.approved if isinstance(event, RequestApproved) else event
        if isinstance(said, DisbursementRefunded) and said.item is not None:
            items = single(decode(original.stored).event)
            ids = row_ids(original.number, original.hash, original.key, len(items))
            return [ids[said.item - 1]]
        return row_ids(original.number, original.hash, original.key, parts)

    def _paid_for(self, event: Meant) -> Iterator[str]:
        """The rows of the payments that were made for what an event tells: of a voucher those of
        its items of that 款."""
        (econ,) = THREE_PUBLIC["reception" if isinstance(event, ReceptionHeld) else "overseas"]
        for number in paid_for(event):
            original = row_of(self._reading.log, str(self._reading.book), number)
            if original is None:
                raise Corrupt(Damage.ENTRY_NUMBER, f"{self._reading.book} 缺少第 {number} 笔")
            first = decode(original.stored).event
            parts = single(first)
            ids = row_ids(original.number, original.hash, original.key, len(parts))
            for id_, part in zip(ids, parts, strict=True):
                # That of a single payment may have been put right, and its row is the payment.
                if not isinstance(first, VoucherPaid) or (
                    isinstance(part, DisbursementRecorded) and part.econ == econ
                ):
                    yield id_

    def columns(self) -> list[str]:
        """The columns that the rows fill: those of money, and of the others what any row uses."""
        used = {*MONEY_COLUMNS, *procurement_told(self._reading)}
        for fact in every(self._reading):
            used |= cells_of(fact).filled().keys()
            if paid_for(fact):
                used.add("payment")
        return [name for name in RowCells._fields if name in used]


class _Locks:
    """The months that rows lock, in the order of the months: a lock that was taken back is no row,
    because what was dated into its month afterwards would find it locked; and those of later months
    wait for the one that stands."""

    def __init__(self, taken_back: set[int]) -> None:
        self._taken_back = taken_back
        self._locked = 0
        self._wait: dict[int, list[RowCells]] = {}

    def rows(self, number: int, month: int, cells: list[RowCells]) -> list[RowCells]:
        """The rows that may be written now that entry `number` locks a month."""
        if number not in self._taken_back:
            self._wait[month] = cells
        told: list[RowCells] = []
        while self._locked + 1 in self._wait:
            self._locked += 1
            told += self._wait.pop(self._locked)
        return told

    def left_out(self) -> Counter[str]:
        """The locks that were no rows."""
        count = len(self._taken_back) + len(self._wait)
        return Counter({"lock-month": count} if count else {})


def _unlocked_later(reading: Reading) -> set[int]:
    """The entries that locked a month which another unlocked after them."""
    rows = reading.views.execute(
        "SELECT entry, kind, name FROM entries WHERE book_id = ? AND name IS NOT NULL "
        "AND kind IN ('lock-month', 'approve') ORDER BY entry",
        (reading.book_id,),
    )
    locked: dict[str, int] = {}
    found = set()
    for entry, kind, name in rows:
        if kind == "lock-month":
            locked[name] = entry
        elif name in locked:
            found.add(locked.pop(name))
    return found


def _left_out(event: Meant) -> tuple[str, ...]:
    match event:
        case BookOpened(previous=previous):
            return () if previous is None else (PREVIOUS,)
        case RequestApproved(approved=MonthUnlocked() | YearClosed() | YearReopened() as made):
            return (kind_of(made),)
        case (
            CarryoverTransferred()
            | CodeSetAdopted()
            | FinalAccountApproved()
            | ReportPublished()
            | StatementReconciled()
            | ApprovalRequested()
            | RequestRejected()
        ):
            return (kind_of(event),)
        case _:
            return ()
