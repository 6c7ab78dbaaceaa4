"""What is to be written of a book, gathered: a log is handed many entries at once (L55)."""

from collections.abc import Iterable

from ledger.marks import Mark, Marked, MarkKind, beginning
from ledger.store.log import UNSETTLED, Settled, StoredRow, Transaction

BATCH = 2_000

_Name = tuple[MarkKind, str, int]
"""What tells a mark from every other: its kind, its words, its entry."""


class Batch:
    """Rows of a book that its log has not yet, what they have done to earlier entries, and which
    marks they bring and take away."""

    def __init__(self, book: str) -> None:
        self._book = book
        self._rows: list[StoredRow] = []
        self._settled: dict[int, Settled] = {}
        self._marks: dict[_Name, Mark] = {}
        self._gone: dict[_Name, Mark] = {}
        self._found: dict[tuple[MarkKind, str], dict[_Name, bool]] = {}
        """By all their words and by what these begin with: whether they came, or are gone."""

    @property
    def full(self) -> bool:
        """Whether there are as many as are handed on together."""
        return len(self._rows) >= BATCH

    def add(self, row: StoredRow, settlements: Iterable[tuple[int, int, int | None]]) -> None:
        """Adds the next row, with what it does to earlier entries (postings.settlements)."""
        self._rows.append(row)
        for original, fen, reversed_by in settlements:
            self._settled[original] = self.settled(original).then(row.number, fen, reversed_by)

    def settled(self, original: int) -> Settled:
        """What these rows have done to an earlier entry."""
        return self._settled.get(original, UNSETTLED)

    def mark(self, marks: Iterable[Mark]) -> None:
        """Adds marks."""
        for mark in marks:
            self._marks[mark[:3]] = mark
            self._note(mark, came=True)

    def unmark(self, marks: Iterable[Mark]) -> None:
        """Takes marks away: of these rows, or of entries that the log has."""
        for mark in marks:
            self._marks.pop(mark[:3], None)
            if mark.number < self._rows[0].number:
                self._gone[mark[:3]] = mark
            self._note(mark, came=False)

    def _note(self, mark: Mark, *, came: bool) -> None:
        for what in {mark.what, beginning(mark)}:
            self._found.setdefault((mark.kind, what), {})[mark[:3]] = came

    def marked(
        self, transaction: Transaction | None, kind: MarkKind, what: str, most: int
    ) -> list[Marked]:
        """What marks lead to, by the log and these rows: as `Transaction.marked`."""
        own = self._found.get((kind, what), {})
        found = [Marked(*self._marks[name][2:], name[1]) for name, came in own.items() if came]
        if transaction is not None:
            there = transaction.marked(self._book, kind, what, most + len(own))
            found += (each for each in there if (kind, each.what, each.number) not in own)
        found.sort(key=lambda each: (each.what, each.number), reverse=True)
        return found[:most]

    def append_to(self, transaction: Transaction) -> None:
        """Hands everything to the log."""
        if self._rows:
            marks, gone = [*self._marks.values()], [*self._gone.values()]
            transaction.append(self._book, self._rows, self._settled, marks, gone)
            self._rows, self._settled = [], {}
            self._marks, self._gone, self._found = {}, {}, {}
