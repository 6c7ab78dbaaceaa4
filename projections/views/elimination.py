"""抵销: money that moves between the units of a department is counted once.

What one unit paid to another (对方单位) and that one recorded as income is taken out of both sides
of the department's figures, each on its own line: of the payer's expenditure, of the receiver's
income. Budgets are not touched, nor are fiscal payments (P33).
"""

from typing import NamedTuple

from ledger.line import BudgetLine
from projections.views.reading import Reading


class Dealt(NamedTuple):
    """What stands of a payment to another unit, or of an income from it, on one line, fen: of entry
    `entry` of `book`, less what came back. `source` is an income's class, "" of a payment."""

    book: str
    entry: int
    counterpart: str
    line: BudgetLine
    econ: str
    source: str
    fen: int


def dealings(reading: Reading) -> list[Dealt]:
    """All of them at the cut, in the order of their entries."""
    rows = reading.views.execute(
        "SELECT d.original, d.counterpart, l.line, d.econ, d.source, SUM(d.amount_fen) "
        "FROM dealings d JOIN lines l ON l.id = d.line_id "
        "WHERE d.book_id = ? AND d.entry <= ? AND d.occurred_on <= ? "
        "GROUP BY d.original, d.counterpart, l.line, d.econ, d.source "
        "HAVING SUM(d.amount_fen) <> 0 ORDER BY d.original, l.line, d.econ",
        (reading.book_id, reading.upto, reading.cut.until.isoformat()),
    )
    book = str(reading.book)
    return [
        Dealt(book, entry, unit, BudgetLine.parse(line), *rest) for entry, unit, line, *rest in rows
    ]
