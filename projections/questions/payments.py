"""What the book already has, for a mapped import: lines of indicators, payments, amounts by id."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cached_property, lru_cache
from typing import NamedTuple, Self

from ledger.book import BookId
from ledger.events import (
    DisbursementRecorded,
    DisbursementRefunded,
    VoucherPaid,
)
from ledger.line import BudgetLine
from ledger.postings import Account, effective, moves
from ledger.refusals import Refused
from ledger.store.log import Place, Waiting, number_of_key, silently
from projections.questions.entries import EntryFilter, LogEntry, entries
from projections.views.reading import Reading, reading
from projections.views.undone import UndoneBy, event_of, last, undone


class Payment(NamedTuple):
    """A payment, or an item of a voucher: its id (or `#n`), what it may be known by, and what is
    not yet refunded, fen; of one that was reversed nothing. `line` is with the payment's own 款.
    `item` is its position in the voucher, 0 of a payment."""

    id: str
    where: str
    day: str
    doc: str
    payee: str
    line: str
    amount_fen: int
    left_fen: int
    item: int = 0


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
        """The amount that an id was recorded with, fen: a file that says it once more says that,
        whatever became of it."""
        entry = self._entry(id_)
        return None if entry is None else entry.amount_fen

    def origin_of(self, id_: str) -> int | None:
        """The year of the money that an id was recorded as paid from."""
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
        """Every payment and every item of a voucher, as it is by now, with what is left of it. What
        was corrected keeps its first id, which is meant of its correction."""
        opened = self._reading()
        back = self._back
        rows = opened.views.execute(
            "SELECT e.entry, e.key, e.kind, e.occurred_on, e.doc, e.payee, l.line, e.econ, "
            "e.amount_fen FROM entries e JOIN lines l ON l.id = e.line_id "
            "WHERE e.book_id = ? AND e.kind IN ('pay', 'voucher')",
            (opened.book_id,),
        )
        for entry, key, kind, day, doc, payee, line, econ, fen in rows:
            id_ = key or f"#{entry}"
            if kind == "voucher" or entry in self._undone:
                yield from self._as_it_is(id_, entry)
                continue
            yield Payment(
                id_,
                f"账中第 {entry} 笔，{day}",
                day,
                doc,
                payee or "",
                BudgetLine.parse(line).at_econ(econ),
                fen,
                fen - back[entry, 0],
            )

    def _as_it_is(self, id_: str, entry: int) -> Iterator[Payment]:
        """A payment that was corrected or reversed, or a voucher, item by item."""
        number, stands = last(self._undone, entry)
        paid = effective(event_of(self._reading(), number))
        if not isinstance(paid, DisbursementRecorded | VoucherPaid):
            return  # a correction keeps the kind: the views err, which an audit tells
        day = paid.occurred_on.isoformat()
        known = (id_, f"账中第 {number} 笔，{day}", day, paid.doc, paid.payee)
        items = enumerate(paid.items, 1) if isinstance(paid, VoucherPaid) else [(0, paid)]
        for position, item in items:
            left_fen = item.amount_fen - self._back[number, position] if stands else 0
            line = item.line.at_econ(item.econ)
            yield Payment(*known, line, item.amount_fen, left_fen, position)

    @cached_property
    def _undone(self) -> dict[int, UndoneBy]:
        """What is undone by now, and by what."""
        return undone(self._reading())

    @cached_property
    def _back(self) -> Counter[tuple[int, int]]:
        """What came back of each payment and item of a voucher (0: of a payment), fen."""
        opened = self._reading()
        back: Counter[tuple[int, int]] = Counter()
        for (number,) in opened.views.execute(
            "SELECT entry FROM entries WHERE book_id = ? AND kind = 'refund'", (opened.book_id,)
        ):
            event = event_of(opened, number)
            if isinstance(event, DisbursementRefunded) and number not in self._undone:
                back[event.original, event.item or 0] += event.amount_fen
        return back

    def _line_of(self, id_: str) -> BudgetLine | None:
        """The line that the entry of an id made spendable, as it was last corrected; None where it
        was reversed."""
        entry = self._entry(id_)
        number, stands = (0, False) if entry is None else self._last(entry)
        made = effective(event_of(self._reading(), number)) if stands else None
        if made is None:
            return None
        spendable = (Account.EXEC, Account.PENDING)
        gained = (move for move in moves(made) if move.fen > 0 and move.target in spendable)
        return next((move.line for move in gained), None)

    def _last(self, entry: LogEntry) -> tuple[int, bool]:
        """What stands for an entry by now: itself, what approved it, or what corrected it last; and
        whether that stands."""
        number = entry.entry
        if entry.kind == "submit":
            (number,) = (
                self._reading()
                .views.execute(
                    "SELECT COALESCE(MAX(entry), 0) FROM entries "
                    "WHERE book_id = ? AND original = ? AND kind = 'approve'",
                    (self._reading().book_id, number),
                )
                .fetchone()
            )
            if not number:
                return entry.entry, False
        return last(self._undone, number)

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
