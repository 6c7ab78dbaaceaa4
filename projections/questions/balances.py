"""How much is left on each line? (余额) The accounts of a line, and its budget of the year."""

from collections import defaultdict

import msgspec

from ledger.line import ANY_LINE, BudgetLine, LinePattern
from projections.views.reading import Reading


class Standing(msgspec.Struct):
    """How money stands, fen."""

    initial_fen: int = 0
    annual_budget_fen: int = 0
    pending_fen: int = 0
    available_fen: int = 0
    held_fen: int = 0
    paid_fen: int = 0
    taken_fen: int = 0
    out_fen: int = 0


class LineBalance(msgspec.Struct, frozen=True):
    """How money stands on one line, fen."""

    line: str
    fund: str
    func: str
    spending: str
    project: str
    econ: str
    origin: int
    initial_fen: int
    annual_budget_fen: int
    pending_fen: int
    available_fen: int
    held_fen: int
    paid_fen: int
    taken_fen: int
    out_fen: int


class Balances(msgspec.Struct, frozen=True):
    """预算余额: every line, in the order of its text, and all together."""

    lines: list[LineBalance]
    totals: Standing


FIGURES = Standing.__struct_fields__
FIGURE_OF_ACCOUNT = {
    "PENDING": "pending_fen",
    "EXEC": "available_fen",
    "HELD": "held_fen",
    "PAID": "paid_fen",
    "TAKEN": "taken_fen",
    "OUT": "out_fen",
}


def line_balances(reading: Reading, wanted: LinePattern = ANY_LINE) -> Balances:
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
    return Balances(
        [_balance(line, row) for line, row in figures.items()],
        Standing(*(sum(row[name] for row in figures.values()) for name in FIGURES)),
    )


def _balance(line: BudgetLine, row: dict[str, int]) -> LineBalance:
    parts = (line.fund, line.func, line.spending, line.project, line.econ, line.origin)
    return LineBalance(str(line), *parts, *row.values())
