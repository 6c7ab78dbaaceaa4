"""What a transaction knows of the entries of a book so far: those of its log, and those that it is
about to write.

Whatever is asked here costs the same however long the book is, and however often a thing was
recorded and taken back (L57).
"""

from collections import Counter
from typing import NamedTuple

from ledger.events import DisbursementRecorded, Entry, VoucherPaid
from ledger.marks import Mark, Marked, MarkKind, Paid, back_of, item_of, marks, paid_by, taken_away
from ledger.postings import corrects, first_of, refunded, settlements
from ledger.rules.originals import Original
from ledger.store.batch import Batch
from ledger.store.fold import stored_entry
from ledger.store.log import UNSETTLED, Settled, StoredRow, Transaction

_ITEMS = 1_000
"""The most items that a voucher has."""


class Marking(NamedTuple):
    """What an entry pays, if anything, the marks that came with it, and those that are gone."""

    paid: Paid | None
    came: list[Mark]
    gone: list[Mark]


class Past:
    """The entries of a book, of which the log has the first `entries`. `transaction` is None while
    there is no log yet: then all of them wait to be written."""

    def __init__(self, book: str, transaction: Transaction | None, entries: int) -> None:
        self._book = book
        self._transaction = transaction
        self._batch = Batch(book)
        self._waiting: list[Entry] = []
        self.number = self._written = entries

    def add(self, row: StoredRow, entry: Entry) -> Marking:
        """Adds the next entry, with what it does to those before."""
        event, done = entry.event, settlements(row.number, entry.event)
        before = []
        if type(event) is not DisbursementRecorded:  # which undoes and refunds none
            before = [self.became(self.entry(original)) for original, *_ in done]
        self._batch.add(row, done)
        self._waiting.append(entry)
        self.number = row.number
        paid = paid_by(event)
        change = Marking(paid, marks(row.number, event, paid), [])
        back = refunded(event)
        for known in before:
            if not taken_away(known.entry.event):
                continue
            now = Original(known.entry, *self._settled(known.entry.number), known.refunded)
            if back is not None and back[0] == known.entry.number:
                _, item, fen = back
                now = now._replace(refunded=Counter(known.refunded) + Counter({item: fen}))
            had, has = _marks(known), _marks(now)
            change.gone.extend(mark for mark in had if mark not in has)
            change.came.extend(mark for mark in has if mark not in had)
        self._batch.unmark(change.gone)
        self._batch.mark(change.came)
        return change

    @property
    def full(self) -> bool:
        """Whether so many entries wait that they are to be written."""
        return self._batch.full

    def write(self) -> None:
        """Hands what waits to the log; without one it goes on waiting."""
        if self._transaction is not None:
            self._batch.append_to(self._transaction)
            self._waiting, self._written = [], self.number

    def entry(self, number: int) -> Entry:
        """One entry. Raises `Corrupt`."""
        if self._waiting and self._waiting[0].number <= number <= self.number:
            return self._waiting[number - self._waiting[0].number]
        assert self._transaction is not None  # without a file everything waits
        return stored_entry(self._transaction, self._book, number)

    def became(self, entry: Entry) -> Original:
        """An entry, and what became of it."""
        became = Original(entry, *self._settled(entry.number))
        if became.reversed_by is not None:
            correction = corrects(self.entry(became.reversed_by).event)
            became = became._replace(corrected=correction is not None)
        if became.settled_fen and isinstance(became.meant, VoucherPaid):
            of_items = self.marked("refunded", str(entry.number), _ITEMS)
            return became._replace(refunded={item_of(each.what): each.fen for each in of_items})
        return became

    def last(self, entry: Entry) -> Entry:
        """What stands in the place of an entry, or stood there last: its last correction; itself
        where it has none."""
        first = first_of(entry.number, entry.event)
        if first == entry.number and self._settled(first).reversed_by is None:
            return entry  # as nearly always
        found = self.marked("corrected", str(first), 1)
        return self.entry(found[0].number) if found else entry

    def marked(self, kind: MarkKind, what: str, most: int) -> list[Marked]:
        """What marks lead to (log.Transaction.marked)."""
        transaction = self._transaction if self._written else None
        return self._batch.marked(transaction, kind, what, most)

    def _settled(self, number: int) -> Settled:
        stored = UNSETTLED
        if self._transaction is not None and number <= self._written:
            stored = self._transaction.settled(self._book, number)
        return stored.plus(*self._batch.settled(number))


def _marks(known: Original) -> list[Mark]:
    event, paid = known.entry.event, paid_by(known.entry.event)
    back = back_of(paid, known.settled_fen, known.refunded)
    return marks(known.entry.number, event, paid, back, undone=known.reversed_by is not None)
