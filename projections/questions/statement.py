"""明细账 of one line: every entry that moved it, by business date, with a running balance."""

import msgspec

from ledger.line import BudgetLine
from ledger.refusals import Refusal, Refused, Way
from projections.views.reading import Reading
from projections.views.schema import gained


class LineMove(msgspec.Struct, frozen=True):
    """An entry that moved a line, fen, and what was available after it."""

    date: str
    entry: int
    kind: str
    doc: str
    payee: str | None
    purpose: str | None
    approved_fen: int
    paid_fen: int
    other_fen: int
    available_fen: int


class LineStatement(msgspec.Struct, frozen=True):
    """明细账 of a line: its moves, and what is available in the end, fen."""

    line: str
    rows: list[LineMove]
    available_fen: int


def statement(reading: Reading, line: BudgetLine) -> LineStatement:
    """Rows of (approved, paid, other) moves and what is available after each, fen.

    approved: what raised or lowered the line's budget; paid: payments less refunds; other: money
    that became or ceased to be 待下达, 在途, 收回 or 转出. Raises `Refused`.
    """
    known = reading.views.execute(
        "SELECT id FROM lines WHERE book_id = ? AND line = ?", (reading.book_id, str(line))
    ).fetchone()
    if known is None:
        raise Refused(
            Refusal.LINE_MISSING, line=str(line), ways_out=[Way("balance", func=line.func)]
        )
    as_of = reading.cut.until.isoformat()
    found = reading.views.execute(
        "SELECT m.occurred_on, m.entry, e.kind, e.doc, e.payee, e.purpose, "
        f"-SUM({gained('AUTH')}), SUM({gained('PAID')}), SUM({gained('EXEC')}) "
        "FROM moves m JOIN entries e ON e.book_id = m.book_id AND e.entry = m.entry "
        "WHERE m.book_id = ? AND m.line_id = ? AND m.occurred_on <= ? AND m.entry <= ? "
        "GROUP BY m.occurred_on, m.entry ORDER BY m.occurred_on, m.entry",
        (reading.book_id, known[0], as_of, reading.upto),
    )
    rows, available_fen = [], 0
    for day, number, kind, doc, payee, purpose, approved, paid, executable in found:
        available_fen += executable
        rows.append(
            LineMove(
                day,
                number,
                kind,
                doc,
                payee,
                purpose,
                approved_fen=approved,
                paid_fen=paid,
                other_fen=executable - approved + paid,
                available_fen=available_fen,
            )
        )
    return LineStatement(str(line), rows, available_fen)
