"""What the book already has, for a mapped import: lines of indicators, payments, amounts by id."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property, lru_cache
from typing import NamedTuple, Self

from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.refusals import Refused
from ledger.store.log import Place, Waiting, number_of_key, silently
from projections.questions.entries import EntryFilter, LogEntry, entries
from projections.views.reading import Reading, reading


class Payment(NamedTuple):
    """A payment: its id (or `#n`), what it may be known by, and what is not yet refunded, fen.
    `line` is with the payment's own 款."""

    id: str
    where: str
    day: str
    doc: str
    payee: str
    line: str
    amount_fen: int
    left_fen: int


class RecordedPayments:
    """The book of an import, opened when first asked: most files need none of it."""

    def __init__(self, place: Place, book: BookId, waiting: Waiting = silently) -> None:
        self.book = book
        self._place = place
        self._waiting = waiting
        self._stack = ExitStack()
        self._opened: Reading | None = None
        self.line_of = lru_cache(maxsize=1 << 12)(self._line_of)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @cached_property
    def lines(self) -> frozenset[BudgetLine]:
        """The lines of the book; none where it was not opened, which recording will say."""
        try:
            return frozenset(line for line, *_ in self._reading().sums())
        except Refused:
            return frozenset()

    def amount_of(self, id_: str) -> int | None:
        """The amount of the entry of an id, fen."""
        entry = self._entry(id_)
        return None if entry is None else entry.amount_fen

    def origin_of(self, id_: str) -> int | None:
        """The year of the money that the entry of an id was paid from."""
        entry = self._entry(id_)
        return None if entry is None or not entry.line else BudgetLine.parse(entry.line).origin

    def original_of(self, id_: str) -> str | None:
        """What the entry of an id is about: the id of that one, or `#n`."""
        entry = self._entry(id_)
        if entry is None or entry.original is None:
            return None
        (original,) = entries(self._reading(), EntryFilter(number=entry.original))
        return original.key or f"#{original.entry}"

    def payments(self) -> Iterator[Payment]:
        """Every payment that was not reversed, with what is left of it."""
        opened = self._reading()
        rows = opened.views.execute(
            "SELECT e.entry, e.key, e.occurred_on, e.doc, e.payee, l.line, e.econ, e.amount_fen, "
            "(SELECT COALESCE(SUM(r.amount_fen), 0) FROM entries r WHERE r.book_id = e.book_id "
            "AND r.original = e.entry AND r.kind = 'refund' "
            "AND NOT EXISTS (SELECT 1 FROM entries x "
            "WHERE x.book_id = r.book_id AND x.original = r.entry AND x.kind = 'reverse')) "
            "FROM entries e JOIN lines l ON l.id = e.line_id "
            "WHERE e.book_id = ? AND e.kind = 'pay' AND NOT EXISTS (SELECT 1 FROM entries x "
            "WHERE x.book_id = e.book_id AND x.original = e.entry AND x.kind = 'reverse')",
            (opened.book_id,),
        )
        for entry, key, day, doc, payee, line, econ, fen, refunded in rows:
            yield Payment(
                key or f"#{entry}",
                f"账中第 {entry} 笔，{day}",
                day,
                doc,
                payee or "",
                BudgetLine.parse(line).at_econ(econ),
                fen,
                fen - refunded,
            )

    def _line_of(self, id_: str) -> BudgetLine | None:
        """The line that the entry of an id made spendable."""
        entry = self._entry(id_)
        if entry is None:
            return None
        opened = self._reading()
        row = opened.views.execute(
            "SELECT l.line FROM postings p JOIN lines l ON l.id = p.line_id "
            "WHERE p.book_id = ? AND p.entry = ? AND p.account IN ('EXEC', 'PENDING') "
            "AND p.amount_fen > 0 ORDER BY p.seq",
            (opened.book_id, entry.entry),
        ).fetchone()
        return None if row is None else BudgetLine.parse(row[0])

    def _entry(self, id_: str) -> LogEntry | None:
        opened = self._reading()
        number = number_of_key(opened.log, str(self.book), id_)
        if number is None:
            return None
        return next(entries(opened, EntryFilter(number=number)), None)

    def _reading(self) -> Reading:
        if self._opened is None:
            self._opened = self._stack.enter_context(
                reading(self._place, self.book, waiting=self._waiting)
            )
        return self._opened
