"""How much is left on each line? (余额) The accounts of a line, and its budget of the year."""

from collections import defaultdict
from typing import Any

from ledger.line import ANY_LINE, BudgetLine, LinePattern
from projections.views.reading import Reading

FIGURES = (
    "initial_fen",
    "annual_budget_fen",
    "pending_fen",
    "available_fen",
    "held_fen",
    "paid_fen",
    "taken_fen",
    "out_fen",
)
FIGURE_OF_ACCOUNT = {
    "PENDING": "pending_fen",
    "EXEC": "available_fen",
    "HELD": "held_fen",
    "PAID": "paid_fen",
    "TAKEN": "taken_fen",
    "OUT": "out_fen",
}


def line_balances(reading: Reading, wanted: LinePattern = ANY_LINE) -> dict[str, Any]:
    """The figures of every line that matches, and their totals, in fen.

    annual_budget (全年预算) is all that was approved for the line: initial + carried in ± opening
    adjustments + supplements − cuts ± reallocations ± transfers. What was handed back stays in it,
    as taken; the tables leave it out (measures.py).
    available + held + pending + paid + taken + out is the same.
    """
    figures: dict[BudgetLine, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for line, account, cause, _, fen in reading.sums():
        if not wanted.matches(line):
            continue
        row = figures[line]
        if account == "AUTH":
            row["annual_budget_fen"] -= fen
            if cause == "appropriate":
                row["initial_fen"] -= fen
        else:
            row[FIGURE_OF_ACCOUNT[account]] += fen
    return {
        "lines": [
            {
                "line": str(line),
                "fund": str(line.fund),
                "func": line.func,
                "spending": str(line.spending),
                "project": line.project,
                "econ": line.econ,
                "origin": line.origin,
                **row,
            }
            for line, row in figures.items()
        ],
        "totals": {name: sum(row[name] for row in figures.values()) for name in FIGURES},
    }
