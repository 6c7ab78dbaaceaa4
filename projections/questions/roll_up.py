"""汇总: the books of many units read as one department.

Whatever asks `measures.facts` works on a department as it does on a book: the figures of every book
follow its own basis and are then added up. A project has one code in all units of a department,
because the finance bureau gives it out.
"""

from typing import Any

from projections.questions.carryover import WALK, walk
from projections.views.source import Source


def books(source: Source) -> dict[str, Any]:
    """The walk from opening to closing of every book, and of all together, fen."""
    walks = [(one, walk(one)) for one in source.members()]
    return {
        "walks": [{"book": str(one.book), "name": one.name, **walked} for one, walked in walks],
        "totals": {name: sum(walked[name] for _, walked in walks) for name in WALK},
    }
