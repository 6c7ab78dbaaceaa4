"""汇总: the books of many units read as one department.

Whatever asks `measures.facts` works on a department as it does on a book: the figures of every book
follow its own basis and are then added up. A project has one code in all units of a department,
because the finance bureau gives it out.
"""

import msgspec

from projections.questions.carryover import WALK, Walk, walk
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


class Walks(msgspec.Struct, frozen=True):
    """汇总: the walk of every book, and of all together, fen."""

    walks: list[BookWalk]
    totals: Walk


def books(source: Source) -> Walks:
    """The walk from opening to closing of every book, and of all together, fen."""
    walks = [(one, walk(one)) for one in source.members()]
    return Walks(
        [BookWalk(str(one.book), one.name, **msgspec.structs.asdict(of)) for one, of in walks],
        Walk(*(sum(getattr(of, name) for _, of in walks) for name in WALK)),
    )
