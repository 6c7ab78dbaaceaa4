"""What is to be written of a book, gathered: a log is handed many entries at once (L55)."""

from ledger.events import AnyEvent
from ledger.marks import Mark, marks
from ledger.postings import settlements
from ledger.store.log import UNSETTLED, Settled, StoredRow, Transaction

BATCH = 2_000


class Batch:
    """Rows of a book that its log has not yet, what they have done to earlier entries, and what
    they are found by."""

    def __init__(self, book: str) -> None:
        self._book = book
        self._rows: list[StoredRow] = []
        self._settled: dict[int, Settled] = {}
        self._marks: list[Mark] = []

    @property
    def full(self) -> bool:
        """Whether there are as many as are handed on together."""
        return len(self._rows) >= BATCH

    def add(self, row: StoredRow, event: AnyEvent) -> None:
        """Adds the next row; `event` is what it stores."""
        self._rows.append(row)
        for original, fen, reversed_by in settlements(row.number, event):
            self._settled[original] = self.settled(original).plus(fen, reversed_by)
        self._marks += marks(row.number, event)

    def settled(self, original: int) -> Settled:
        """What these rows have done to an earlier entry."""
        return self._settled.get(original, UNSETTLED)

    def append_to(self, transaction: Transaction) -> None:
        """Hands everything to the log."""
        if self._rows:
            transaction.append(self._book, self._rows, self._settled, self._marks)
            self._rows, self._settled, self._marks = [], {}, []
