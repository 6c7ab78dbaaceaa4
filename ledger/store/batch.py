"""What is to be written of a book, gathered: a log is handed many entries at once (L55)."""

from ledger.events import AnyEvent
from ledger.postings import settlements
from ledger.store.log import UNSETTLED, Settled, StoredRow, Transaction

BATCH = 2_000


class Batch:
    """Rows of a book that its log has not yet, and what they have done to earlier entries."""

    def __init__(self, book: str) -> None:
        self._book = book
        self._rows: list[StoredRow] = []
        self._settled: dict[int, Settled] = {}

    @property
    def full(self) -> bool:
        """Whether there are as many as are handed on together."""
        return len(self._rows) >= BATCH

    def add(self, row: StoredRow, event: AnyEvent) -> None:
        """Adds the next row; `event` is what it stores."""
        self._rows.append(row)
        for original, fen, reversed_by in settlements(row.number, event):
            self._settled[original] = self.settled(original).plus(fen, reversed_by)

    def settled(self, original: int) -> Settled:
        """What these rows have done to an earlier entry."""
        return self._settled.get(original, UNSETTLED)

    def append_to(self, transaction: Transaction) -> None:
        """Hands everything to the log."""
        if self._rows:
            transaction.append(self._book, self._rows, self._settled)
            self._rows, self._settled = [], {}
