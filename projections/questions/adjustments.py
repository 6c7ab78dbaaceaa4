"""Which entries changed the opening, by how much, and by which document? (年初余额调整, P11)"""

from typing import NamedTuple

import msgspec

from ledger.kinds import OpeningChange, Pool, SurplusAdjustment
from ledger.line import BudgetLine
from projections.questions.measures import Measure, counted
from projections.views.reading import Reading
from projections.views.source import Source

# The + is for SQLite: without it every adjustment reads all moves up to the cut.
_MOVES = (
    "SELECT e.entry, e.original, e.occurred_on, e.adjustment, e.doc, e.name, "
    "l.line, m.source, m.target, m.cause, m.amount_fen "
    "FROM entries e JOIN moves m ON m.book_id = e.book_id AND m.entry = +e.entry "
    "JOIN lines l ON l.id = m.line_id "
    "WHERE e.book_id = ? AND e.adjustment IS NOT NULL AND e.entry <= ? AND e.occurred_on <= ? "
    "ORDER BY e.entry"
)


_OF_POOLS = (
    "SELECT e.entry, e.kind, e.original, e.occurred_on, e.adjustment, e.doc, i.seq, i.pool, "
    "i.amount_fen FROM entries e JOIN income i ON i.book_id = e.book_id AND i.entry = +e.entry "
    "WHERE e.book_id = ? AND e.adjustment IS NOT NULL AND i.source = 'adjusted' "
    "AND e.entry <= ? AND e.occurred_on <= ? ORDER BY e.entry, i.seq"
)


class PoolAdjustment(msgspec.Struct, frozen=True):
    """What one entry changed in the opening of a pool of 非财政拨款结余, signed fen."""

    entry: int
    date: str
    kind: SurplusAdjustment
    doc: str
    fen: int


class Adjustment(NamedTuple):
    """What one entry changed in the opening of a line, signed fen; `counterpart` is the other book
    of a transfer."""

    entry: int
    date: str
    kind: OpeningChange
    doc: str
    line: BudgetLine
    fen: int
    counterpart: str | None = None


def adjustments(source: Source) -> list[Adjustment]:
    """Every adjustment that stands at the cut: one that was reversed is none. 结余 that was
    reused for another project is two, one of each line. What one book of a department transfers to
    another is none of the department."""
    members = source.members()
    books = {str(reading.book) for reading in members}
    return [each for reading in members for each in _own(reading) if each.counterpart not in books]


def pool_adjustments(reading: Reading) -> dict[Pool, list[PoolAdjustment]]:
    """The same of the pools of 非财政拨款结余, by pool. A reversal, and the first half of a
    correction, takes back what another entry did."""
    found: dict[tuple[Pool, int], PoolAdjustment] = {}
    asked = (reading.book_id, reading.upto, reading.cut.until.isoformat())
    for entry, kind, original, day, adjustment, doc, seq, pool, fen in reading.views.execute(
        _OF_POOLS, asked
    ):
        undoes = kind == "reverse" or (kind == "correct" and seq == 0)
        number = original if undoes else entry
        known = found.get((pool, number)) or PoolAdjustment(number, day, adjustment, doc, 0)
        found[pool, number] = msgspec.structs.replace(known, fen=known.fen + fen)
    standing: dict[Pool, list[PoolAdjustment]] = {}
    for (pool, _), each in sorted(found.items()):
        if each.fen:
            standing.setdefault(pool, []).append(each)
    return standing


def _own(reading: Reading) -> list[Adjustment]:
    as_of = reading.cut.until.isoformat()
    found: dict[tuple[int, BudgetLine], Adjustment] = {}
    moves = reading.views.execute(_MOVES, (reading.book_id, reading.upto, as_of))
    for entry, original, day, kind, doc, name, text, source, target, cause, moved_fen in moves:
        line = BudgetLine.parse(text)
        fen = sum(
            sign * side_fen
            for account, side_fen in ((source, -moved_fen), (target, moved_fen))
            for measure, sign in counted(reading, line.fund, line.origin, account, cause)
            if measure is Measure.OPENING
        )
        # What is taken back is of the entry that it was recorded by.
        number = original if original is not None and moved_fen < 0 else entry
        known = found.get((number, line)) or Adjustment(number, day, kind, doc, line, 0, name)
        found[number, line] = known._replace(fen=known.fen + fen)
    standing = (adjustment for adjustment in found.values() if adjustment.fen)
    return sorted(standing, key=lambda each: (each.entry, each.fen))  # who gives first
