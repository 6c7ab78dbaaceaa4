"""事项: which facts of the report stand, and what was signed, paid and is left of each contract."""

from collections.abc import Callable, Collection, Hashable, Iterator
from datetime import date
from datetime import date as Day
from typing import Generic, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import UNSET, UnsetType

from ledger.events import kind_of
from ledger.events.particulars import AnyParticular, ContractSigned, Particular
from ledger.kinds import ProcurementType, Reserved, SupplierSize
from projections.views.reading import Reading
from projections.views.source import Source
from projections.views.undone import undone

E_co = TypeVar("E_co", bound=Particular, covariant=True)
E = TypeVar("E", bound=Particular)
K = TypeVar("K", bound=Hashable)


class Said(NamedTuple, Generic[E_co]):
    """A fact that stands: in which book, by which entry."""

    book: str
    entry: int
    event: E_co


_OF_KIND = (
    "SELECT entry, said FROM particulars WHERE book_id = ? AND kind = ? AND entry <= ? "
    "AND occurred_on <= ? ORDER BY occurred_on, entry"
)


def said(source: Source, kind: type[E]) -> list[Said[E]]:
    """The facts of a kind that stand at the cut, book by book, in the order of their days and
    entries."""
    return [each for one in source.members() for each in said_in(one, kind)]


def said_in(reading: Reading, kind: type[E]) -> Iterator[Said[E]]:
    """The same of one book."""
    word = kind.__struct_config__.tag
    until = reading.cut.until.isoformat()
    rows = reading.views.execute(_OF_KIND, (reading.book_id, word, reading.upto, until)).fetchall()
    if not rows:
        return
    gone = undone(reading, [entry for entry, _ in rows])
    decoder = msgspec.json.Decoder(kind)
    for entry, stored in rows:
        if entry not in gone:
            yield Said(str(reading.book), entry, decoder.decode(stored))


def every(reading: Reading) -> Iterator[AnyParticular]:
    """Every fact of a book that was ever recorded, also one that was taken back."""
    decoder = msgspec.json.Decoder(AnyParticular)
    rows = reading.views.execute(
        "SELECT said FROM particulars WHERE book_id = ? ORDER BY entry", (reading.book_id,)
    )
    return (decoder.decode(stored) for (stored,) in rows)


def procurement_told(reading: Reading) -> list[str]:
    """Which of `contract` and `procurement_type` any payment or reservation of a book says."""
    said = (("contract", "contract <> ''"), ("procurement_type", "procurement_type IS NOT NULL"))
    any_ = "SELECT 1 FROM procured WHERE book_id = ? AND {} LIMIT 1"
    return [
        name
        for name, where in said
        if reading.views.execute(any_.format(where), (reading.book_id,)).fetchone()
    ]


def last_said(source: Source, kind: type[E], key: Callable[[E], K]) -> dict[tuple[str, K], Said[E]]:
    """Of each key the last fact that stands, by book and key."""
    return {(each.book, key(each.event)): each for each in said(source, kind)}


class ContractPaid(msgspec.Struct, frozen=True):
    """A 采购合同: its amount, what was paid of it, is kept for it (占用) and is left, fen;
    `overdue` where its last day of payment is over at the cut, else at the end of the year, and
    something is left. `book` and `entry` are where it was recorded."""

    book: str
    entry: int
    no: str
    procurement_type: ProcurementType
    supplier: str
    size: SupplierSize
    reserved: Reserved
    date: Day
    signed: Day | None
    due: Day | None
    amount_fen: int
    paid_fen: int
    held_fen: int
    left_fen: int
    overdue: bool


_PAID = (
    "SELECT contract, SUM(held_fen), SUM(paid_fen) FROM procured WHERE book_id = ? "
    "AND entry <= ? AND occurred_on <= ? AND contract <> '' GROUP BY contract"
)


def contracts(source: Source) -> list[ContractPaid]:
    """Every contract that stands at the cut, book by book, by its day."""
    found = []
    for one in source.members():
        until = one.cut.until
        sums = {
            no: (held_fen, paid_fen)
            for no, held_fen, paid_fen in one.views.execute(
                _PAID, (one.book_id, one.upto, until.isoformat())
            )
        }
        for book, entry, event in said_in(one, ContractSigned):
            held_fen, paid_fen = sums.get(event.no, (0, 0))
            left_fen = event.amount_fen - paid_fen
            day = min(until, date(one.year, 12, 31))
            found.append(
                ContractPaid(
                    book,
                    entry,
                    event.no,
                    event.procurement_type,
                    event.supplier,
                    event.size,
                    event.reserved,
                    event.occurred_on,
                    event.signed,
                    event.due,
                    event.amount_fen,
                    paid_fen,
                    held_fen,
                    left_fen,
                    overdue=bool(left_fen) and event.due is not None and event.due < day,
                )
            )
    return found


class ToldFact(msgspec.Struct, frozen=True):
    """A fact of the report that stands: its entry, what it says, and of a contract what was paid of
    it. What has its usual value is not said."""

    book: str
    entry: int
    kind: str
    date: Day
    doc: str
    said: AnyParticular
    contract: ContractPaid | UnsetType = UNSET


class ToldFacts(msgspec.Struct, frozen=True):
    """ToldFacts of the report, by kind, book, day and entry."""

    particulars: list[ToldFact]


def facts(source: Source, kinds: Collection[str]) -> ToldFacts:
    """The facts of some kinds that stand at the cut; of all kinds where none is named."""
    paid = {(each.book, each.entry): each for each in contracts(source)}
    found = [
        ToldFact(
            book,
            entry,
            kind_of(event),
            event.occurred_on,
            event.doc,
            event,
            paid.get((book, entry), UNSET),
        )
        for kind in get_args(AnyParticular)
        if not kinds or kind.__struct_config__.tag in kinds
        for book, entry, event in said(source, kind)
    ]
    return ToldFacts(found)
