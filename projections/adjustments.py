"""Which entries changed the opening, by how much, and by which document? (年初余额调整)"""

from typing import NamedTuple

from ledger.line import BudgetLine
from projections.measures import Measure, counted
from projections.reading import Reading

# The + is for SQLite: without it every adjustment reads all postings up to the cut.
_MOVES = (
    "SELECT e.entry, e.original, e.occurred_on, e.adjustment, e.doc, "
    "l.line, p.account, p.cause, p.amount_fen "
    "FROM entries e JOIN postings p ON p.book_id = e.book_id AND p.entry = +e.entry "
    "JOIN lines l ON l.id = p.line_id "
    "WHERE e.book_id = ? AND e.adjustment IS NOT NULL AND e.entry <= ? AND e.occurred_on <= ? "
    "ORDER BY e.entry"
)


class Adjustment(NamedTuple):
    """One entry that changed the opening, signed fen; `kind` is a word of ADJUSTMENT_NAMES."""

    entry: int
    date: str
    kind: str
    doc: str
    line: BudgetLine
    fen: int


def adjustments(reading: Reading) -> list[Adjustment]:
    """Every adjustment that stands at the cut: one that was reversed is none."""
    as_of = reading.cut.as_of.isoformat() if reading.cut.as_of else "9999"
    found: dict[int, Adjustment] = {}
    moves = reading.views.execute(_MOVES, (reading.book_id, reading.upto, as_of))
    for entry, original, day, kind, doc, text, account, cause, moved_fen in moves:
        line = BudgetLine.parse(text)
        measures = counted(line, account, cause, year=reading.book.year, basis=reading.basis)
        fen = sum(sign * moved_fen for measure, sign in measures if measure is Measure.OPENING)
        number = entry if original is None else original  # only a reversal is about another
        known = found.get(number) or Adjustment(number, day, kind, doc, line, 0)
        found[number] = known._replace(fen=known.fen + fen)
    return [adjustment for adjustment in found.values() if adjustment.fen]
