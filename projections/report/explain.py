"""Where does a figure come from, and where does an entry go?

A cell is followed through its formula to leaves, and from the leaves to the moves that count in
them: the same `measures.counted` and the same selections that made the figure. If the entries do
not add up to the cell, the answer is refused as corrupt.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import msgspec

from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.line import NO_ECON, BudgetLine, func_levels
from projections.questions.measures import FISCAL, Measure, came, counted_on, first_caps
from projections.report.cells import Cells, caps_in, matches
from projections.report.form import Cell
from projections.report.selection import Selection

_LONG = 8


class SignedLeaf(NamedTuple):
    """A cell that is added up from the book, and the sign that it has in what is explained."""

    cell: str
    sign: int
    wanted: Selection


Moved = dict[str, dict[int, int]]
"""SignedLeaf cell → entry → fen, of the entries that count in it."""


class CellPart(msgspec.Struct, frozen=True):
    """A cell of a formula, its exact fen with the sign that it has there."""

    cell: str
    fen: int


class CountedEntry(msgspec.Struct, frozen=True):
    """An entry that counts in a cell, and with how many fen."""

    entry: int
    kind: str
    date: str
    fen: int
    doc: str


class LeafMove(msgspec.Struct, frozen=True):
    """The fen that an entry adds to a leaf."""

    entry: int
    fen: int


class Branch(msgspec.Struct, frozen=True):
    """A cell over its parts, down to the leaves with their entries; signed fen."""

    cell: str
    label: str
    formula: str
    fen: int
    parts: "list[Branch]"
    entries: list[LeafMove]


class Explanation(msgspec.Struct, frozen=True):
    """The formula, parts and entries of a cell (contract §4), and the tree that leads from one to
    the other. `fen` is the exact sum of the parts and of the entries."""

    cell: str
    label: str
    fen: int
    printed: str
    formula: str
    parts: list[CellPart]
    entries: list[CountedEntry]
    tree: Branch


class MovedCell(msgspec.Struct, frozen=True):
    """A cell that an entry moved, by so many fen."""

    cell: str
    table: int
    label: str
    fen: int


class WhereUsed(msgspec.Struct, frozen=True):
    """Every cell that an entry moved, in the order of the tables."""

    entry: int
    cells: list[MovedCell]


def explain(cells: Cells, cell_id: str) -> Explanation:
    """Where a cell comes from. Raises `Malformed`, `Corrupt`."""
    cell = known(cells, cell_id)
    fen = cells.fen(cell_id)
    moved = _moved(cells, list(_leaves(cells, cell, 1)))
    by_entry = _totals(moved)
    if sum(by_entry.values()) != fen:
        raise Corrupt(
            Damage.EXPLAIN_SUM,
            f"{cell_id} 为 {fen} 分，其各笔合计为 {sum(by_entry.values())} 分",
        )
    return Explanation(
        cell_id,
        cell.label,
        fen,
        cells.printed(cell_id),
        formula(cell),
        [CellPart(part, sign * cells.fen(part)) for sign, part in cell.spec.parts],
        list(_described(cells, by_entry)),
        _tree(cells, cell, 1, moved),
    )


def _tree(cells: Cells, cell: Cell, sign: int, moved: Moved) -> Branch:
    """What nothing moved is left out: of the thirty parts of a total most are nil."""
    below = [
        _tree(cells, cells.all[part], sign * part_sign, moved)
        for part_sign, part in cell.spec.parts
    ]
    return Branch(
        cell.id,
        cell.label,
        formula(cell),
        sign * cells.fen(cell.id),
        [part for part in below if part.parts or part.entries],
        [LeafMove(entry, fen) for entry, fen in moved.get(cell.id, {}).items()],
    )


def where_used(cells: Cells, number: int) -> WhereUsed:
    """Where an entry goes: nowhere, if there is no such entry."""
    every = [
        SignedLeaf(cell.id, 1, cell.spec.leaf) for cell in cells.all.values() if cell.spec.leaf
    ]
    moved = {name: sum(m.values()) for name, m in _moved(cells, every, number, number).items()}

    def fen(name: str) -> int:
        if name not in moved:
            moved[name] = sum(sign * fen(part) for sign, part in cells.all[name].spec.parts)
        return moved[name]

    return WhereUsed(
        number,
        [
            MovedCell(cell.id, cell.table, cell.label, fen(cell.id))
            for cell in cells.all.values()
            if fen(cell.id)
        ],
    )


def known(cells: Cells, cell_id: str) -> Cell:
    """A cell of this book. Raises `Malformed`."""
    cell = cells.all.get(cell_id)
    if cell is None:
        expected = "单元格编号，如 T1.57、T2.2080101.1、T4.59.2、T6.人员经费合计、T7.12"
        raise Malformed(Unreadable.CELL_UNKNOWN, field="cell", value=cell_id, expected=expected)
    return cell


def formula(cell: Cell) -> str:
    """A formula as a person reads it; a long sum of one sign names its first and last terms."""
    leaf, parts = cell.spec
    if leaf is not None:
        return str(leaf)
    if not parts:
        return "（表样规定为空）"
    if len(parts) > _LONG and len({sign for sign, _ in parts}) == 1:
        return f"{parts[0][1]} ＋ {parts[1][1]} ＋ … ＋ {parts[-1][1]}（{len(parts)} 项）"
    text = "".join(f" {'＋' if sign > 0 else '－'} {part}" for sign, part in parts)
    return text.removeprefix(" ＋ ").strip()


def _leaves(cells: Cells, cell: Cell, sign: int) -> Iterator[SignedLeaf]:
    leaf, parts = cell.spec
    if leaf is not None:
        yield SignedLeaf(cell.id, sign, leaf)
    for part_sign, part in parts:
        yield from _leaves(cells, cells.all[part], sign * part_sign)


def _weight(
    wanted: Selection,
    line: BudgetLine,
    econ: str,
    source: str,
    measures: tuple[tuple[Measure, int], ...],
) -> int:
    """How often, and with which sign, a move of these measures counts in a selection."""
    fact = (str(line.fund), line.func, str(line.spending), econ, source, line.project, 0)
    levels = ("", *func_levels(line.func))
    return sum(
        counts * its
        for measure, counts in measures
        for its_measure, its in wanted.measures
        if its_measure is measure
        and any(code in levels for code in wanted.func or ("",))
        and matches(wanted, fact)
    )


Weights = tuple[tuple[str, int], ...]
"""(leaf cell, weight) of a kind of move; leaves in which it does not count are left out."""


class _Weights:
    """The weight of every kind of move in some leaves, worked out once per kind."""

    def __init__(self, cells: Cells, leaves: list[SignedLeaf]) -> None:
        self.leaves = leaves
        self.reading = cells.reading
        self.capped = first_caps(cells.reading).keys()
        self._known: dict[tuple[str, ...], Weights] = {}

    def of_move(self, text: str, source: str, target: str, cause: str, econ: str) -> Weights:
        """The weights of a move: those of its target, less those of its source."""
        key = (text, source, target, cause, econ)
        weights = self._known.get(key)
        if weights is None:
            line = BudgetLine.parse(text)
            own = line.econ if econ == NO_ECON else econ
            measures = tuple(
                (measure, side * sign)
                for account, side in ((source, -1), (target, 1))
                for measure, sign in counted_on(
                    self.reading, line, own, account, cause, capped=self.capped
                )
            )
            income = tuple(m for m in measures if m[0] is Measure.INCOME)
            other = tuple(m for m in measures if m[0] is not Measure.INCOME)
            weights = self._known[key] = self._weighed(
                lambda wanted: (
                    _weight(wanted, line, own, FISCAL, income)
                    + _weight(wanted, line, own, "", other)
                )
            )
        return weights

    def of_income(self, text: str, source: str) -> Weights:
        """The weights of a recorded income."""
        line = BudgetLine.parse(text)
        measures = (came(source),)
        return self._weighed(lambda wanted: _weight(wanted, line, NO_ECON, source, measures))

    def _weighed(self, weigh: Callable[[Selection], int]) -> Weights:
        weighed = ((leaf.cell, leaf.sign * weigh(leaf.wanted)) for leaf in self.leaves)
        return tuple((cell, weight) for cell, weight in weighed if weight)


_MOVES = (
    "SELECT m.entry, l.line, m.source, m.target, m.cause, m.econ, m.amount_fen FROM moves m "
    "JOIN lines l ON l.id = m.line_id WHERE m.book_id = ? AND m.entry BETWEEN ? AND ? "
    "AND m.occurred_on <= ?"
)
_INCOME = (
    "SELECT i.entry, l.line, i.source, i.amount_fen FROM income i "
    "JOIN lines l ON l.id = i.line_id WHERE i.book_id = ? AND i.entry BETWEEN ? AND ? "
    "AND i.occurred_on <= ?"
)


def _moved(
    cells: Cells, leaves: list[SignedLeaf], first: int = 1, last: int | None = None
) -> Moved:
    """What every entry adds to every leaf, in one pass over the moves."""
    reading = cells.reading
    as_of = reading.cut.until.isoformat()
    bounds = (reading.book_id, first, reading.upto if last is None else last, as_of)
    weights = _Weights(cells, leaves)
    found: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for entry, line, source, target, cause, econ, fen in reading.views.execute(_MOVES, bounds):
        for cell, weight in weights.of_move(line, source, target, cause, econ):
            found[cell][entry] += weight * fen
    for entry, line, source, fen in reading.views.execute(_INCOME, bounds):
        for cell, weight in weights.of_income(line, source):
            found[cell][entry] += weight * fen
    caps = [cap for cap in first_caps(reading).values() if bounds[1] <= cap.entry <= bounds[2]]
    for leaf in leaves:
        for cap, sign in caps_in(leaf.wanted, caps):
            found[leaf.cell][cap.entry] += leaf.sign * sign * cap.fen
    return {
        cell: {entry: fen for entry, fen in sorted(moves.items()) if fen}
        for cell, moves in found.items()
    }


def _totals(moved: Moved) -> dict[int, int]:
    """What every entry adds to all leaves together."""
    found: dict[int, int] = defaultdict(int)
    for moves in moved.values():
        for entry, fen in moves.items():
            found[entry] += fen
    return {entry: fen for entry, fen in sorted(found.items()) if fen}


def _described(cells: Cells, by_entry: dict[int, int]) -> Iterator[CountedEntry]:
    reading = cells.reading
    for number, fen in by_entry.items():
        kind, day, doc = reading.views.execute(
            "SELECT kind, occurred_on, doc FROM entries WHERE book_id = ? AND entry = ?",
            (reading.book_id, number),
        ).fetchone()
        yield CountedEntry(number, kind, day, fen, doc)
