"""明细账 of one line: every entry that moved it, by business date, with a running balance."""

from collections.abc import Iterator
from itertools import groupby, islice

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
    line_id = _known(reading, line)
    as_of = reading.cut.until.isoformat()
    found = reading.views.execute(
        "SELECT m.occurred_on, m.entry, e.kind, e.doc, e.payee, e.purpose, "
        f"-SUM({gained('AUTH')}), SUM({gained('PAID')}), SUM({gained('EXEC')}) "
        "FROM moves m JOIN entries e ON e.book_id = m.book_id AND e.entry = m.entry "
        "WHERE m.book_id = ? AND m.line_id = ? AND m.occurred_on <= ? AND m.entry <= ? "
        "GROUP BY m.occurred_on, m.entry ORDER BY m.occurred_on, m.entry",
        (reading.book_id, line_id, as_of, reading.upto),
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


class StatementPage(msgspec.Struct, frozen=True):
    """Some rows of 明细账 in their order; whether there are others before and after them; and what
    is available in the end of all, fen."""

    rows: list[LineMove]
    earlier: bool
    later: bool
    available_fen: int


def page(
    reading: Reading,
    line: BudgetLine,
    most: int,
    *,
    after: int | None = None,
    before: int | None = None,
) -> StatementPage:
    """The last rows, or those after or before an entry, by the index of the line: what is looked
    through is a page, and what stands before it is only added up. Raises `Refused`."""
    line_id = _known(reading, line)
    onward = after is not None
    key = _place(reading, after if onward else before)
    beyond = "" if key is None else f"AND (occurred_on, entry) {'>' if onward else '<'} (?, ?)"
    found = _grouped(reading, line_id, beyond, key or (), descending=not onward)
    taken = list(islice(found, most + 1))
    shown, more = taken[:most], len(taken) > most
    if not onward:
        shown.reverse()
    available_fen = _available(reading, line_id, "", ())
    if not shown:
        return StatementPage([], onward, key is not None and not onward, available_fen)
    first, last = shown[0][:2], shown[-1][:2]
    after_fen = _available(reading, line_id, "AND (occurred_on, entry) < (?, ?)", first)
    rows = []
    for day, number, approved, paid, executable in shown:
        after_fen += executable
        said = reading.listed(number)
        told = (day, number, said.kind, said.doc, said.payee, said.purpose, approved, paid)
        rows.append(LineMove(*told, executable - approved + paid, after_fen))
    earlier = _any(reading, line_id, "<", first) if onward else more
    later = more if onward else _any(reading, line_id, ">", last)
    return StatementPage(rows, earlier, later, available_fen)


_Key = tuple[str, int]
_Row = tuple[str, int, int, int, int]
"""Day and entry, and what it did: approved, paid, made executable, fen."""
_COUNTED = (
    "FROM moves m WHERE book_id = ? AND line_id = ? AND occurred_on <= ? AND +entry <= ? {beyond}"
)


def _known(reading: Reading, line: BudgetLine) -> int:
    """The id of a line."""
    known = reading.views.execute(
        "SELECT id FROM lines WHERE book_id = ? AND line = ?", (reading.book_id, str(line))
    ).fetchone()
    if known is None:
        raise Refused(
            Refusal.LINE_MISSING, line=str(line), ways_out=[Way("balance", func=line.func)]
        )
    return int(known[0])


def _place(reading: Reading, entry: int | None) -> _Key | None:
    """Where an entry stands in a statement; before all where there is no such entry."""
    return None if entry is None else (reading.day_of(entry), entry)


def _bounds(reading: Reading, line_id: int) -> tuple[int, int, str, int]:
    return reading.book_id, line_id, reading.cut.until.isoformat(), reading.upto


def _grouped(
    reading: Reading, line_id: int, beyond: str, key: _Key | tuple[()], *, descending: bool
) -> Iterator[_Row]:
    """The entries of a line in the order of their days, as far as somebody asks."""
    way = "DESC" if descending else "ASC"
    moves = reading.views.execute(
        f"SELECT occurred_on, entry, -{gained('AUTH')}, {gained('PAID')}, {gained('EXEC')} "
        f"{_COUNTED.format(beyond=beyond)} ORDER BY occurred_on {way}, entry {way}",
        (*_bounds(reading, line_id), *key),
    )
    for (day, number), alike in groupby(moves, key=lambda move: move[:2]):
        approved, paid, executable = map(sum, zip(*(move[2:] for move in alike), strict=True))
        yield day, number, approved, paid, executable


def _available(reading: Reading, line_id: int, beyond: str, key: _Key | tuple[()]) -> int:
    (fen,) = reading.views.execute(
        f"SELECT SUM({gained('EXEC')}) {_COUNTED.format(beyond=beyond)}",
        (*_bounds(reading, line_id), *key),
    ).fetchone()
    return int(fen or 0)


def _any(reading: Reading, line_id: int, beyond: str, key: _Key) -> bool:
    """Whether a line has rows before or after one."""
    counted = _COUNTED.format(beyond=f"AND (occurred_on, entry) {beyond} (?, ?)")
    (found,) = reading.views.execute(
        f"SELECT EXISTS (SELECT 1 {counted})",
        (*_bounds(reading, line_id), *key),
    ).fetchone()
    return bool(found)
