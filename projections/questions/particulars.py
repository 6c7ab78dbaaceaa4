"""事项: which facts of the report stand, and what was signed, paid and is left of each contract."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator
from datetime import date
from datetime import date as Day
from typing import Generic, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import UNSET, UnsetType

from ledger.codes import THREE_PUBLIC
from ledger.events import DisbursementRecorded, DisbursementRefunded, VoucherPaid, kind_of
from ledger.events.particulars import (
    AnyParticular,
    AssetCounted,
    ContractSigned,
    GoalSet,
    HeadcountCounted,
    KeyWorkListed,
    Particular,
    PriorStated,
    ReasonGiven,
    ReceptionHeld,
    ResultReported,
    ScoreOverridden,
    TargetSet,
    TextWritten,
    TripMade,
)
from ledger.kinds import ProcurementType, Reserved, SupplierSize
from ledger.postings import effective
from projections.views.reading import Reading
from projections.views.source import Source
from projections.views.undone import event_of, last, undone

E_co = TypeVar("E_co", bound=Particular, covariant=True)
E = TypeVar("E", bound=Particular)


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
        "SELECT said FROM particulars WHERE book_id = ? AND kind <> 'publish' ORDER BY entry",
        (reading.book_id,),
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


def last_said(source: Source, kind: type[E]) -> list[Said[E]]:
    """The facts of a kind that count: of each place of a book the last that stands."""
    return [*_last(said(source, kind)).values()]


def _last(those: Iterable[Said[E]]) -> dict[tuple[str, Hashable], Said[E]]:
    """The same of some of them, by book and place."""
    return {(each.book, _place(each)): each for each in those}


def _place(fact: Said[Particular]) -> Hashable:
    """What the last fact of a kind counts for; where each counts, its own entry."""
    match fact.event:
        case AssetCounted(item=place) | HeadcountCounted(item=place) | PriorStated(cell=place):
            return place
        case ReasonGiven(slot=place) | TextWritten(slot=place) | KeyWorkListed(no=place):
            return fact.event.department, place
        case GoalSet(project=project):
            return fact.event.department, project
        case TargetSet(no=no) | ResultReported(no=no) | ScoreOverridden(no=no):
            return fact.event.department, fact.event.project, no
        case _:
            return fact.entry


class TiedBelow(NamedTuple):
    """A payment of which less stands than was said to be paid by it, fen: a refund of it came
    later, or it was undone."""

    book: str
    entry: int
    tied_fen: int
    stands_fen: int
    facts: tuple[int, ...]
    """The entries that name it."""


def tied_below(source: Source) -> list[TiedBelow]:
    """Payments of which less stands at the cut than receptions and trips say."""
    found = []
    for one in source.members():
        named: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
        for (econ,), told in (
            (THREE_PUBLIC["reception"], said_in(one, ReceptionHeld)),
            (THREE_PUBLIC["overseas"], said_in(one, TripMade)),
        ):
            for _, entry, event in told:
                for tied in event.payments:
                    named[tied.entry, econ].append((entry, tied.fen))
        for (payment, econ), facts in sorted(named.items()):
            tied_fen, stands_fen = sum(fen for _, fen in facts), _stands(one, payment, econ)
            if stands_fen < tied_fen:
                entries = tuple(entry for entry, _ in facts)
                found.append(TiedBelow(str(one.book), payment, tied_fen, stands_fen, entries))
    return found


def _stands(reading: Reading, payment: int, econ: str) -> int:
    """What of a payment's 款 stands, also as it was put right, less what came back, fen."""
    number, stands = last(undone(reading), payment)
    paid = effective(event_of(reading, number)) if stands else None
    if not isinstance(paid, DisbursementRecorded | VoucherPaid):
        return 0
    items = paid.items if isinstance(paid, VoucherPaid) else (paid,)
    until = reading.cut.until.isoformat()
    rows = reading.views.execute(
        _REFUNDS, (reading.book_id, number, reading.upto, until)
    ).fetchall()
    gone = undone(reading, [entry for (entry,) in rows])
    back = (event_of(reading, entry) for (entry,) in rows if entry not in gone)
    return sum(item.amount_fen for item in items if item.econ == econ) - sum(
        event.amount_fen
        for event in back
        if isinstance(event, DisbursementRefunded) and event.econ == econ
    )


_REFUNDS = (
    "SELECT entry FROM entries WHERE book_id = ? AND original = ? AND entry <= ? "
    "AND occurred_on <= ? AND kind = 'refund'"
)


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
    """A fact of the report that stands: its entry, what it says, of a contract what was paid of it,
    and the entry of the later fact that counts in its place (`replaced_by`). What has its usual
    value is not said."""

    book: str
    entry: int
    kind: str
    date: Day
    doc: str
    said: AnyParticular
    contract: ContractPaid | UnsetType = UNSET
    replaced_by: int | UnsetType = UNSET


class ToldFacts(msgspec.Struct, frozen=True):
    """ToldFacts of the report, by kind, book, day and entry."""

    particulars: list[ToldFact]


def facts(source: Source, kinds: Collection[str]) -> ToldFacts:
    """The facts of some kinds that stand at the cut; of all kinds where none is named."""
    found = []
    for kind in get_args(AnyParticular):
        if kinds and kind.__struct_config__.tag not in kinds:
            continue
        those, paid = said(source, kind), dict[tuple[str, int], ContractPaid]()
        if kind is ContractSigned:
            paid = {(each.book, each.entry): each for each in contracts(source)}
        counts = _last(those)
        for fact in those:
            book, entry, event = fact
            last = counts[book, _place(fact)].entry
            found.append(
                ToldFact(
                    book,
                    entry,
                    kind_of(event),
                    event.occurred_on,
                    event.doc,
                    event,
                    paid.get((book, entry), UNSET),
                    UNSET if last == entry else last,
                )
            )
    return ToldFacts(found)
