"""Where does a figure come from, and where does an entry go?

A cell is followed through its formula to leaves, and from the leaves to the moves that count in
them: the same `measures.counted` and the same selections that made the figure. Of a department they
are followed book by book, and what its units paid each other is taken out again (抵销). If the
entries do not add up to the cell, the answer is refused as corrupt.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.line import NO_ECON, BudgetLine, func_levels
from projections.questions.measures import (
    FISCAL,
    Measure,
    came,
    counted_on,
    first_caps,
    taken_out,
)
from projections.report.cells import Cells, caps_in, matches
from projections.report.form import Cell
from projections.report.selection import Selection
from projections.views.elimination import Eliminated, EntryOfBook, eliminated
from projections.views.reading import Reading

_LONG = 8


class WantedLeaf(NamedTuple):
    """A cell that is added up from the book, and what it adds up."""

    cell: str
    wanted: Selection


class Contributor(NamedTuple):
    """An entry of a book that counts in a cell, or what is eliminated of it `against` those of
    other books."""

    book: str
    entry: int
    against: tuple[EntryOfBook, ...] = ()


Moved = dict[str, dict[Contributor, int]]
"""WantedLeaf cell → entry → fen, of the entries that count in it."""


class CellPart(msgspec.Struct, frozen=True):
    """A cell of a formula, its exact fen with the sign that it has there."""

    cell: str
    fen: int


class OtherEntry(msgspec.Struct, frozen=True):
    """An entry of another unit's book."""

    book: str
    entry: int


class CountedEntry(msgspec.Struct, frozen=True):
    """An entry that counts in a cell, and with how many fen. Of a department its `book`; where it
    is eliminated, `against` which entries of other units."""

    entry: int
    kind: str
    date: str
    fen: int
    doc: str
    book: str | UnsetType = UNSET
    against: list[OtherEntry] | UnsetType = UNSET


class LeafMove(msgspec.Struct, frozen=True):
    """The fen that an entry adds to a leaf; of a department its book, and `against` which entries
    of other units it is eliminated."""

    entry: int
    fen: int
    book: str | UnsetType = UNSET
    against: list[OtherEntry] | UnsetType = UNSET


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
    """Every cell that an entry moved, in the order of the tables. In those of a department
    `of_book` says whose entry it is, `against` which others it is eliminated."""

    entry: int
    cells: list[MovedCell]
    of_book: str | UnsetType = UNSET
    against: list[OtherEntry] | UnsetType = UNSET


def explain(cells: Cells, cell_id: str) -> Explanation:
    """Where a cell comes from. Raises `Malformed`, `Corrupt`."""
    cell = known(cells, cell_id)
    fen = cells.fen(cell_id)
    leaves = _leaves(cells, cell)
    moved = _moved(cells, [leaf for leaf, _ in leaves.values()])
    by_entry = _totals(moved, {name: times for name, (_, times) in leaves.items()})
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
        [_leaf_move(cells, of, sign * fen) for of, fen in moved.get(cell.id, {}).items()],
    )


def _leaf_move(cells: Cells, of: Contributor, fen: int) -> LeafMove:
    if isinstance(cells.source, Reading):
        return LeafMove(of.entry, fen)
    return LeafMove(of.entry, fen, of.book, _others(of.against))


def _others(against: Sequence[EntryOfBook]) -> list[OtherEntry] | UnsetType:
    return [OtherEntry(*each) for each in against] or UNSET


def where_used(cells: Cells, number: int, reading: Reading | None = None) -> WhereUsed:
    """Where an entry goes, of a department one of `reading`: nowhere, if there is no such entry, or
    if it is eliminated."""
    of = EntryOfBook(str((reading or cells.reading).book), number)
    every = [WantedLeaf(cell.id, cell.spec.leaf) for cell in cells.all.values() if cell.spec.leaf]
    moved = {name: sum(m.values()) for name, m in _moved(cells, every, of).items()}

    def fen(name: str) -> int:
        if name not in moved:
            moved[name] = sum(sign * fen(part) for sign, part in cells.all[name].spec.parts)
        return moved[name]

    against = {each for out in eliminated(cells.source) if out.of == of for each in out.against}
    return WhereUsed(
        of.entry,
        [
            MovedCell(cell.id, cell.table, cell.label, fen(cell.id))
            for cell in cells.all.values()
            if fen(cell.id)
        ],
        UNSET if isinstance(cells.source, Reading) else of.book,
        _others(sorted(against)),
    )


def known(cells: Cells, cell_id: str) -> Cell:
    """A cell of this book. Raises `Malformed`."""
    cell = cells.all.get(cell_id)
    if cell is None:
        expected = (
            f"{cells.edition.name} 表样的单元格编号，如 {_some_of(cells)}（table --ids 印出）"
        )
        raise Malformed(Unreadable.CELL_UNKNOWN, field="cell", value=cell_id, expected=expected)
    return cell


def _some_of(cells: Cells) -> str:
    """The last cell of each of some tables: mostly a total."""
    last = {cell.table: name for name, cell in cells.all.items()}
    return "、".join([*last.values()][:5])


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


def _leaves(cells: Cells, cell: Cell) -> dict[str, tuple[WantedLeaf, int]]:
    """The leaves of a cell by name, and how often each counts in it, with its sign."""
    found: dict[str, tuple[WantedLeaf, int]] = {}

    def follow(cell: Cell, sign: int) -> None:
        leaf, parts = cell.spec
        if leaf is not None:
            _, times = found.get(cell.id, (None, 0))
            found[cell.id] = (WantedLeaf(cell.id, leaf), times + sign)
        for part_sign, part in parts:
            follow(cells.all[part], sign * part_sign)

    follow(cell, 1)
    return found


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

    def __init__(self, reading: Reading, leaves: list[WantedLeaf]) -> None:
        self.leaves = leaves
        self.reading = reading
        self.capped = first_caps(reading).keys()
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

    def of_elimination(self, each: Eliminated) -> Weights:
        """The weights of what is taken out of an entry."""
        fact = taken_out(each)
        measures = ((fact.measure, -1),)
        return self._weighed(
            lambda wanted: _weight(wanted, fact.line, fact.econ, fact.source, measures)
        )

    def _weighed(self, weigh: Callable[[Selection], int]) -> Weights:
        weighed = ((leaf.cell, weigh(leaf.wanted)) for leaf in self.leaves)
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


def _moved(cells: Cells, leaves: list[WantedLeaf], only: EntryOfBook | None = None) -> Moved:
    """What every entry of every book adds to every leaf, or what one of them does, and what is
    taken out of it."""
    found: dict[str, dict[Contributor, int]] = defaultdict(lambda: defaultdict(int))
    for reading in cells.source.members():
        if only is None or only.book == str(reading.book):
            _add_moved(found, reading, leaves, None if only is None else only.entry)
    weights = {str(one.book): _Weights(one, leaves) for one in cells.source.members()}
    for each in eliminated(cells.source):
        if only in (None, each.of):
            for cell, weight in weights[each.of.book].of_elimination(each):
                found[cell][Contributor(*each.of, each.against)] += weight * each.fen
    order = list(weights)
    return {
        cell: {
            of: moves[of]
            for of in sorted(moves, key=lambda of: (order.index(of.book), *of[1:]))
            if moves[of]
        }
        for cell, moves in found.items()
    }


def _add_moved(
    found: dict[str, dict[Contributor, int]],
    reading: Reading,
    leaves: list[WantedLeaf],
    number: int | None,
) -> None:
    """The same of one book, in one pass over its moves."""
    book, as_of = str(reading.book), reading.cut.until.isoformat()
    first, last = (1, reading.upto) if number is None else (number, number)
    bounds = (reading.book_id, first, last, as_of)
    weights = _Weights(reading, leaves)
    for entry, line, source, target, cause, econ, fen in reading.views.execute(_MOVES, bounds):
        for cell, weight in weights.of_move(line, source, target, cause, econ):
            found[cell][Contributor(book, entry)] += weight * fen
    for entry, line, source, fen in reading.views.execute(_INCOME, bounds):
        for cell, weight in weights.of_income(line, source):
            found[cell][Contributor(book, entry)] += weight * fen
    caps = [cap for cap in first_caps(reading).values() if first <= cap.entry <= last]
    for leaf in leaves:
        for cap, sign in caps_in(leaf.wanted, caps):
            found[leaf.cell][Contributor(book, cap.entry)] += sign * cap.fen


def _totals(moved: Moved, times: Mapping[str, int]) -> dict[Contributor, int]:
    """What every entry adds to what is explained, book by book: each leaf counts there so many
    `times`. What a total and its remainder cancel out is none of it."""
    found: dict[Contributor, int] = defaultdict(int)
    for cell, moves in moved.items():
        for of, fen in moves.items():
            found[of] += times[cell] * fen
    return {of: fen for of, fen in sorted(found.items()) if fen}


def _described(cells: Cells, by_entry: Mapping[Contributor, int]) -> Iterator[CountedEntry]:
    books = {str(one.book): one for one in cells.source.members()}
    alone = isinstance(cells.source, Reading)
    for of, fen in by_entry.items():
        reading = books[of.book]
        kind, day, doc = reading.views.execute(
            "SELECT kind, occurred_on, doc FROM entries WHERE book_id = ? AND entry = ?",
            (reading.book_id, of.entry),
        ).fetchone()
        yield CountedEntry(
            *(of.entry, kind, day, fen, doc),
            book=UNSET if alone else of.book,
            against=_others(of.against),
        )
