"""汇总: the books of many units read as one department.

Whatever asks `measures.facts` works on a department as it does on a book: the figures of every book
follow its own basis and are then added up, less what its units paid each other (抵销).
"""

import msgspec

from projections.questions.carryover import WALK, Walk, taken_out_of_walk, walk
from projections.views.elimination import Deal, Pair, pairing
from projections.views.source import Source


class BookWalk(msgspec.Struct, frozen=True):
    """The walk of one book, fen, and whose it is."""

    book: str
    name: str
    opening_fen: int
    income_fen: int
    surplus_used_fen: int
    expenditure_fen: int
    distributed_fen: int
    closing_fen: int


class DealingEntry(msgspec.Struct, frozen=True):
    """A payment to another unit or an income from it that stands, fen, less what came back."""

    book: str
    entry: int
    fen: int


class BetweenUnits(msgspec.Struct, frozen=True):
    """What one unit of a department paid another, by the payer's payments and by the receiver's
    incomes, fen. `why` it is not eliminated: `fiscal`, paid of fiscal money; `differs`, the sums
    are not the same; `absent`, one of the units has no book. Null where it is."""

    payer: str
    receiver: str
    paid_fen: int
    received_fen: int
    payments: list[DealingEntry]
    incomes: list[DealingEntry]
    why: str | None


class Walks(msgspec.Struct, frozen=True):
    """汇总: the walk of every book, what is eliminated (抵销, negative), and of all together, fen;
    what was found between the units."""

    walks: list[BookWalk]
    eliminated: Walk
    totals: Walk
    between_units: list[BetweenUnits]


def books(source: Source) -> Walks:
    """The walk from opening to closing of every book, what is eliminated, and of all together,
    fen."""
    walks = [(one, walk(one)) for one in source.members()]
    out = taken_out_of_walk(source) or Walk(*(0 for _ in WALK))
    counted = (*(of for _, of in walks), out)
    return Walks(
        [BookWalk(str(one.book), one.name, **msgspec.structs.asdict(of)) for one, of in walks],
        out,
        Walk(*(sum(getattr(of, name) for of in counted) for name in WALK)),
        between_units(source),
    )


def between_units(source: Source) -> list[BetweenUnits]:
    """What is eliminated, then what is not."""
    found, missing = pairing(source), {*source.missing()}
    told = [_told(pair, None) for pair in found.eliminated]
    told += [_told(pair, "fiscal") for pair in found.fiscal]
    for pair in found.unpaired:
        told.append(_told(pair, "absent" if missing & {pair.payer, pair.receiver} else "differs"))
    return told


def _told(pair: Pair, why: str | None) -> BetweenUnits:
    return BetweenUnits(
        pair.payer,
        pair.receiver,
        pair.paid_fen,
        pair.received_fen,
        [*map(_entry, pair.payments)],
        [*map(_entry, pair.incomes)],
        why,
    )


def _entry(deal: Deal) -> DealingEntry:
    return DealingEntry(*deal.named, deal.fen)
