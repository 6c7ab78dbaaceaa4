"""Where does a figure come from, and where does an entry go?

A cell is followed through its formula to leaves, and from the leaves to the postings that count in
them: the same `measures.counted` and the same selections that made the figure. If the entries do
not add up to the cell, the answer is refused as corrupt.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from ledger.errors import Corrupt, Malformed
from ledger.line import NO_ECON, BudgetLine, func_levels
from projections.cells import Cell, Cells, matches
from projections.editions import Selection
from projections.measures import FISCAL, Measure, counted

Leaves = list[tuple[int, Selection]]


def explain(cells: Cells, cell_id: str) -> dict[str, Any]:
    """The formula, parts and entries of a cell (contract §4). Raises `Malformed`, `Corrupt`."""
    cell = known(cells, cell_id)
    fen = cells.fen(cell_id)
    by_entry = _entries(cells, list(_leaves(cells, cell, 1)))
    if sum(by_entry.values()) != fen:
        raise Corrupt(
            f"{cell_id} 为 {fen} 分，其各笔合计为 {sum(by_entry.values())} 分",
            code="EXPLAIN.SUM",
        )
    return {
        "cell": cell_id,
        "label": cell.label,
        "fen": fen,
        "printed": cells.printed(cell_id),
        "formula": formula(cell),
        "parts": [{"cell": part, "fen": sign * cells.fen(part)} for sign, part in cell.spec.parts],
        "entries": list(_described(cells, by_entry)),
    }


def where_used(cells: Cells, number: int) -> list[dict[str, Any]]:
    """Every cell that an entry moved, and by how much, in the order of the tables."""
    moved = _Moves(cells, number)
    found = []
    for cell in cells.all.values():
        fen = moved.fen(cell)
        if fen:
            found.append({"cell": cell.id, "table": cell.table, "label": cell.label, "fen": fen})
    return found


def known(cells: Cells, cell_id: str) -> Cell:
    """A cell of this book. Raises `Malformed`."""
    cell = cells.all.get(cell_id)
    if cell is None:
        expected = "单元格编号，如 T1.57、T2.2080101.1、T4.59.2、T6.人员经费合计、T7.12"
        raise Malformed("CELL.UNKNOWN", field="cell", value=cell_id, expected=expected)
    return cell


def formula(cell: Cell) -> str:
    """A formula as a person reads it."""
    leaf, parts = cell.spec
    if leaf is not None:
        return str(leaf)
    text = "".join(f" {'＋' if sign > 0 else '－'} {part}" for sign, part in parts)
    return text.removeprefix(" ＋ ").strip() or "（表样规定为空）"


def _leaves(cells: Cells, cell: Cell, sign: int) -> Iterator[tuple[int, Selection]]:
    leaf, parts = cell.spec
    if leaf is not None:
        yield sign, leaf
    for part_sign, part in parts:
        yield from _leaves(cells, cells.all[part], sign * part_sign)


def _weight(
    leaves: Leaves,
    line: BudgetLine,
    econ: str,
    source: str,
    measures: tuple[tuple[Measure, int], ...],
) -> int:
    """How often, and with which sign, a move of these measures counts in the leaves."""
    fact = (str(line.fund), line.func, str(line.spending), econ, source, 0)
    levels = ("", *func_levels(line.func))
    return sum(
        sign * counts * its
        for measure, counts in measures
        for sign, leaf in leaves
        for wanted, its in leaf.measures
        if wanted is measure
        and any(code in levels for code in leaf.func or ("",))
        and matches(leaf, fact)
    )


class _Postings:
    """The weight of every kind of move in some leaves, worked out once per kind."""

    def __init__(self, cells: Cells, leaves: Leaves) -> None:
        self.leaves = leaves
        self.year, self.basis = cells.reading.book.year, cells.reading.basis
        self._weights: dict[tuple[str, str, str, str], int] = {}

    def weight(self, text: str, account: str, cause: str, econ: str) -> int:
        """The weight of a posting."""
        key = (text, account, cause, econ)
        weight = self._weights.get(key)
        if weight is None:
            line = BudgetLine.parse(text)
            measures = counted(line, account, cause, year=self.year, basis=self.basis)
            own = line.econ if econ == NO_ECON else econ
            income = tuple(m for m in measures if m[0] is Measure.INCOME)
            other = tuple(m for m in measures if m[0] is not Measure.INCOME)
            weight = _weight(self.leaves, line, own, FISCAL, income)
            weight += _weight(self.leaves, line, own, "", other)
            self._weights[key] = weight
        return weight

    def income_weight(self, text: str, source: str) -> int:
        """The weight of a recorded income."""
        line = BudgetLine.parse(text)
        return _weight(self.leaves, line, NO_ECON, source, ((Measure.INCOME, 1),))


_POSTINGS = (
    "SELECT p.entry, l.line, p.account, p.cause, p.econ, p.amount_fen FROM postings p "
    "JOIN lines l ON l.id = p.line_id WHERE p.book_id = ? AND p.entry BETWEEN ? AND ? "
    "AND p.occurred_on <= ? AND p.account IN ('AUTH', 'PAID')"
)
_INCOME = (
    "SELECT i.entry, l.line, i.source, i.amount_fen FROM income i "
    "JOIN lines l ON l.id = i.line_id WHERE i.book_id = ? AND i.entry BETWEEN ? AND ? "
    "AND i.occurred_on <= ?"
)


def _entries(
    cells: Cells, leaves: Leaves, first: int = 1, last: int | None = None
) -> dict[int, int]:
    """What every entry adds to the leaves, fen."""
    reading = cells.reading
    as_of = reading.cut.as_of.isoformat() if reading.cut.as_of else "9999"
    bounds = (reading.book_id, first, reading.upto if last is None else last, as_of)
    kinds = _Postings(cells, leaves)
    found: dict[int, int] = defaultdict(int)
    for entry, line, account, cause, econ, fen in reading.views.execute(_POSTINGS, bounds):
        weight = kinds.weight(line, account, cause, econ)
        if weight:
            found[entry] += weight * fen
    for entry, line, source, fen in reading.views.execute(_INCOME, bounds):
        weight = kinds.income_weight(line, source)
        if weight:
            found[entry] += weight * fen
    return {entry: fen for entry, fen in sorted(found.items()) if fen}


def _described(cells: Cells, by_entry: dict[int, int]) -> Iterator[dict[str, Any]]:
    reading = cells.reading
    for number, fen in by_entry.items():
        kind, day, doc = reading.views.execute(
            "SELECT kind, occurred_on, doc FROM entries WHERE book_id = ? AND entry = ?",
            (reading.book_id, number),
        ).fetchone()
        yield {"entry": number, "kind": kind, "date": day, "fen": fen, "doc": doc}


class _Moves:
    """What one entry adds to each cell."""

    def __init__(self, cells: Cells, number: int) -> None:
        self.cells = cells
        self.number = number
        self._known: dict[str, int] = {}

    def fen(self, cell: Cell) -> int:
        """Its fen in a cell: of a leaf by its selection, of a sum by its parts."""
        value = self._known.get(cell.id)
        if value is None:
            leaf, parts = cell.spec
            value = sum(sign * self.fen(self.cells.all[part]) for sign, part in parts)
            if leaf is not None:
                own = _entries(self.cells, [(1, leaf)], self.number, self.number)
                value += own.get(self.number, 0)
            self._known[cell.id] = value
        return value
