"""结转结余: what came over, what came in, what went out, what is left, by purpose and origin.

opening + income + surplus used − expenditure − distributed = closing (表1: rows 29 and 59).
"""

from collections import defaultdict
from typing import Any, NamedTuple

from ledger.line import FISCAL_FUNDS, BudgetLine
from projections.reading import Reading


class Item(NamedTuple):
    """Money of one purpose and origin; `project` is `-` for basic money."""

    fund: str
    func: str
    project: str
    origin: int


def carryover(reading: Reading) -> dict[str, Any]:
    """The walk from opening to closing, in fen, in total and per item."""
    opening, income, spent = _by_line(reading)
    items: dict[Item, dict[str, int]] = defaultdict(
        lambda: {"opening_fen": 0, "income_fen": 0, "expenditure_fen": 0, "closing_fen": 0}
    )
    for name, by_line in (("opening", opening), ("income", income), ("expenditure", spent)):
        for line, fen in by_line.items():
            item = Item(str(line.fund), line.func, line.project, line.origin)
            items[item][f"{name}_fen"] += fen
            items[item]["closing_fen"] += -fen if name == "expenditure" else fen
    totals = {
        name: sum(row[name] for row in items.values())
        for name in ("opening_fen", "income_fen", "expenditure_fen", "closing_fen")
    }
    return {
        "opening_before_fen": totals["opening_fen"],
        "opening_adjustments": [],
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


def _by_line(
    reading: Reading,
) -> tuple[dict[BudgetLine, int], dict[BudgetLine, int], dict[BudgetLine, int]]:
    """Opening, income and expenditure of every line.

    Fiscal income follows the book's basis (contract §4): `indicator`, the final appropriation of
    lines of this year's origin; `payment`, what was paid and not drawn from the opening;
    `recorded`, the income entries. Non-fiscal income is always recorded.
    """
    opening: dict[BudgetLine, int] = defaultdict(int)
    approved: dict[BudgetLine, int] = defaultdict(int)
    spent: dict[BudgetLine, int] = defaultdict(int)
    income: dict[BudgetLine, int] = defaultdict(int)
    for line, account, _, _, fen in reading.sums():
        if account == "AUTH":
            # A reallocation of carry-over moves its opening from one econ to another.
            (approved if line.origin == reading.book.year else opening)[line] -= fen
        elif account == "PAID":
            spent[line] += fen
    for line, _, fen in reading.income():
        income[line] += fen
    if reading.basis == "indicator":
        for line, fen in approved.items():
            if line.fund in FISCAL_FUNDS:
                income[line] += fen
    elif reading.basis == "payment":
        for line, fen in spent.items():
            if line.fund in FISCAL_FUNDS:
                income[line] += fen - min(fen, opening[line])
    return opening, income, spent
