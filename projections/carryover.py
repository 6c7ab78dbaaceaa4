"""结转结余: what came over, what came in, what went out, what is left, by purpose and origin.

before ± adjustments = opening;
opening + income + surplus used − expenditure − distributed = closing (表1: rows 29 and 59).
"""

from collections import defaultdict
from typing import Any, NamedTuple, Self

from ledger.line import BudgetLine
from projections.adjustments import adjustments
from projections.measures import Measure, Source, facts

_MEASURES = (Measure.OPENING, Measure.INCOME, Measure.EXPENDITURE)


class Item(NamedTuple):
    """Money of one purpose and origin; `project` is `-` for basic money."""

    fund: str
    func: str
    project: str
    origin: int

    @classmethod
    def of(cls, line: BudgetLine) -> Self:
        """The item of a line: its purpose and origin, whatever its econ."""
        return cls(str(line.fund), line.func, line.project, line.origin)


def carryover(source: Source) -> dict[str, Any]:
    """The walk from opening to closing, in fen, in total and per item."""
    items: dict[Item, dict[str, int]] = defaultdict(
        lambda: {"opening_fen": 0, "income_fen": 0, "expenditure_fen": 0, "closing_fen": 0}
    )
    for measure, line, _, _, fen in facts(source):
        if measure in _MEASURES:
            row = items[Item.of(line)]
            row[f"{measure}_fen"] += fen
            row["closing_fen"] += -fen if measure is Measure.EXPENDITURE else fen
    totals = {
        name: sum(row[name] for row in items.values())
        for name in ("opening_fen", "income_fen", "expenditure_fen", "closing_fen")
    }
    adjusted = adjustments(source)
    return {
        "opening_before_fen": totals["opening_fen"] - sum(each.fen for each in adjusted),
        "opening_adjustments": [
            {"kind": each.kind, "fen": each.fen, "doc": each.doc} for each in adjusted
        ],
        "opening_fen": totals["opening_fen"],
        "income_fen": totals["income_fen"],
        "expenditure_fen": totals["expenditure_fen"],
        "surplus_used_fen": 0,
        "distributed_fen": 0,
        "closing_fen": totals["closing_fen"],
        "items": [
            {**item._asdict(), **row} for item, row in sorted(items.items()) if any(row.values())
        ],
    }
