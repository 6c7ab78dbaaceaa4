"""From what a figure adds up to the moves that count in it: the same `measures.counted` and the
same selections that made the figure. Of a department it is followed book by book, and what its
units paid each other is taken out again (抵销).
"""

from collections import defaultdict
from typing import NamedTuple

from ledger.line import NO_ECON, BudgetLine, func_levels
from projections.questions.measures import (
    FISCAL,
    Measure,
    came,
    counted_on,
    first_caps,
    taken_out,
)
from projections.report.cells import caps_in, matches, origin_of
from projections.report.selection import Selection
from projections.views.elimination import Eliminated, EntryOfBook, eliminated
from projections.views.reading import Reading
from projections.views.source import Source


class WantedLeaf(NamedTuple):
    """A figure that is added up from the book, and what it adds up."""

    figure: str
    wanted: Selection


class Contributor(NamedTuple):
    """An entry of a book that counts in a figure, or what is eliminated of it `against` those of
    other books."""

    book: str
    entry: int
    against: tuple[EntryOfBook, ...] = ()


Moved = dict[str, dict[Contributor, int]]
"""Figure → entry → fen, of the entries that count in it."""


Weights = tuple[tuple[str, int], ...]
"""(leaf, weight) of a kind of move; leaves in which it does not count are left out."""


class _Counting(NamedTuple):
    """What of a move counts as what: measures of a line, and how often each, with its sign."""

    line: BudgetLine
    econ: str
    source: str
    measures: tuple[tuple[Measure, int], ...]


class WeightsOf:
    """The weight of every kind of move in some leaves, worked out once per kind."""

    def __init__(self, reading: Reading, leaves: list[WantedLeaf]) -> None:
        self.reading = reading
        self.capped = first_caps(reading).keys()
        self._adding: dict[Measure, list[tuple[WantedLeaf, int]]] = defaultdict(list)
        for leaf in leaves:
            for measure, sign in leaf.wanted.measures:
                self._adding[measure].append((leaf, sign))
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
                _Counting(line, own, FISCAL, income), _Counting(line, own, "", other)
            )
        return weights

    def of_income(self, text: str, source: str) -> Weights:
        """The weights of a recorded income."""
        line = BudgetLine.parse(text)
        return self._weighed(_Counting(line, NO_ECON, source, (came(source),)))

    def of_elimination(self, each: Eliminated) -> Weights:
        """The weights of what is taken out of an entry."""
        fact = taken_out(each)
        return self._weighed(_Counting(fact.line, fact.econ, fact.source, ((fact.measure, -1),)))

    def _weighed(self, *counting: _Counting) -> Weights:
        found: dict[str, int] = defaultdict(int)
        for line, econ, source, measures in counting:
            fact = (
                *(str(line.fund), line.func, str(line.spending), econ, source, line.project),
                *(origin_of(self.reading.year, line), self.reading.unit_kind, 0),
            )
            levels = ("", *func_levels(line.func))
            for measure, counts in measures:
                for leaf, sign in self._adding.get(measure, ()):
                    of = leaf.wanted
                    if any(code in levels for code in of.func or ("",)) and matches(of, fact):
                        found[leaf.figure] += counts * sign
        return tuple((name, weight) for name, weight in found.items() if weight)


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


def moved(source: Source, leaves: list[WantedLeaf], only: EntryOfBook | None = None) -> Moved:
    """What every entry of every book adds to every leaf, or what one of them does, and what is
    taken out of it."""
    found: dict[str, dict[Contributor, int]] = defaultdict(lambda: defaultdict(int))
    for reading in source.members():
        if only is None or only.book == str(reading.book):
            _add_moved(found, reading, leaves, None if only is None else only.entry)
    weights = {str(one.book): WeightsOf(one, leaves) for one in source.members()}
    for each in eliminated(source):
        if only in (None, each.of):
            for name, weight in weights[each.of.book].of_elimination(each):
                found[name][Contributor(*each.of, each.against)] += weight * each.fen
    order = list(weights)
    return {
        name: {
            of: moves[of]
            for of in sorted(moves, key=lambda of: (order.index(of.book), *of[1:]))
            if moves[of]
        }
        for name, moves in found.items()
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
    weights = WeightsOf(reading, leaves)
    for entry, line, source, target, cause, econ, fen in reading.views.execute(_MOVES, bounds):
        for name, weight in weights.of_move(line, source, target, cause, econ):
            found[name][Contributor(book, entry)] += weight * fen
    for entry, line, source, fen in reading.views.execute(_INCOME, bounds):
        for name, weight in weights.of_income(line, source):
            found[name][Contributor(book, entry)] += weight * fen
    caps = [cap for cap in first_caps(reading).values() if first <= cap.entry <= last]
    for leaf in leaves:
        for cap, sign in caps_in(leaf.wanted, caps):
            found[leaf.figure][Contributor(book, cap.entry)] += sign * cap.fen
