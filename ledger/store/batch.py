"""What is to be written of a book, gathered: a log is handed many entries at once (L55)."""

from ledger.events import AnyEvent
from ledger.marks import PAID_MARKS, Mark, Marked, MarkKind, marks, paid_to
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
        self._found: dict[tuple[MarkKind, str], list[Marked]] = {}
        self._paid: dict[str, list[int]] = {}

    @property
    def full(self) -> bool:
        """Whether there are as many as are handed on together."""
        return len(self._rows) >= BATCH

    def add(self, row: StoredRow, event: AnyEvent) -> None:
        """Adds the next row; `event` is what it stores."""
        self._rows.append(row)
        for original, fen, reversed_by in settlements(row.number, event):
            self._settled[original] = self.settled(original).then(row.number, fen, reversed_by)
        for mark in marks(row.number, event):
            self._marks.append(mark)
            self._found.setdefault((mark.kind, mark.what), []).append(Marked(mark.number, mark.fen))
            if mark.kind in PAID_MARKS:
                self._paid.setdefault(paid_to(mark), []).append(mark.number)

    def settled(self, original: int) -> Settled:
        """What these rows have done to an earlier entry."""
        return self._settled.get(original, UNSETTLED)

    def marked(self, kind: MarkKind, what: str) -> list[Marked]:
        """The entries among these that marks of a kind lead to."""
        return list(self._found.get((kind, what), ()))

    def paid_to(self, what: str) -> set[int]:
        """The entries among these that paid somebody so much (marks.of_payee)."""
        return set(self._paid.get(what, ()))

    def append_to(self, transaction: Transaction) -> None:
        """Hands everything to the log."""
        if self._rows:
            transaction.append(self._book, self._rows, self._settled, self._marks)
            self._rows, self._settled, self._marks = [], {}, []
            self._found, self._paid = {}, {}
