"""The entries of a figure, a page of them at a time: what `explain` lists whole, for one who turns
its leaves. A page of a million entries costs what one of a thousand costs.

Nothing is walked that does not count: the roll-ups say which kinds of moves of which lines, in
which months, count in a figure; of those the index of each line gives the next ones by day. The
weights are those by which the figure was made (followed.py).
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby, islice
from typing import NamedTuple

import msgspec

from projections.questions.measures import COUNTED_ACCOUNTS, first_caps
from projections.report.cells import caps_in
from projections.report.figure import Figure, Report
from projections.report.figures import ADDED_UP
from projections.report.followed import WantedLeaf, Weights, WeightsOf
from projections.views.elimination import eliminated
from projections.views.reading import Reading
from projections.views.source import Source


class PagedEntry(msgspec.Struct, frozen=True):
    """An entry that counts in a figure, with what it adds: fen of an amount, so many of a count."""

    book: str
    entry: int
    kind: str
    date: str
    doc: str
    payee: str | None
    purpose: str | None
    much: int


class EntriesPage(msgspec.Struct, frozen=True):
    """Some entries of a figure, book by book by their days, and whether more come after them."""

    entries: list[PagedEntry]
    more: bool


_Weight = Callable[[Weights], int]
"""How often, and with which sign, a move of some weights counts in the figure."""


class _Counting(NamedTuple):
    """What counts in a figure: the leaves of the books of a year with how often each, and the
    entries of any book that figures count by themselves."""

    leaves: dict[str, tuple[WantedLeaf, int]]
    own: dict[tuple[str, int], int]


class _Added(NamedTuple):
    """What an entry adds on a day."""

    day: str
    entry: int
    much: int


def page(report: Report, figure: Figure, after: tuple[str, int] | None, limit: int) -> EntriesPage:
    """The entries after one of a book, or the first; none of a figure that they do not add up
    to."""
    if figure.kind not in ADDED_UP:
        return EntriesPage([], False)
    found = list(islice(_entries(report, figure, after), limit + 1))
    return EntriesPage(found[:limit], len(found) > limit)


def _entries(report: Report, figure: Figure, after: tuple[str, int] | None) -> Iterator[PagedEntry]:
    now, then = _counting(report, figure)
    sources = [(report.source, now), *([(report.before.source, then)] if report.before else [])]
    books = [(one, of, source) for source, of in sources for one in source.members()]
    names = [str(one.book) for one, _, _ in books]
    first = names.index(after[0]) if after is not None and after[0] in names else 0
    for at, (one, of, source) in enumerate(books[first:]):
        last = after[1] if after is not None and at == 0 else 0
        for each in _of_book(one, of, source, one.day_of(last), last):
            yield _told(one, each)


def _counting(report: Report, figure: Figure) -> tuple[_Counting, _Counting]:
    """What counts of this year's books and of last year's. A leaf that is added and taken away
    again counts nowhere."""
    own: dict[tuple[str, int], int] = defaultdict(int)
    both = _Counting({}, own), _Counting({}, own)

    def follow(figure: Figure, sign: int) -> None:
        of = both["@" in figure.id]
        if figure.wanted is not None:
            leaf, times = of.leaves.get(figure.id, (WantedLeaf(figure.id, figure.wanted), 0))
            of.leaves[figure.id] = leaf, times + sign
        for book, entry, much, _ in figure.own:
            own[book, entry] += sign * much  # of this year's book, too, what it says of last year
        for part_sign, part in figure.parts:
            follow(report.figure(part), sign * part_sign)

    follow(figure, 1)
    return both


def _of_book(one: Reading, of: _Counting, source: Source, day: str, last: int) -> Iterator[_Added]:
    """What the entries of a book add, in the order of their days, after one of a day."""
    leaves = [leaf for leaf, times in of.leaves.values() if times]
    times = {name: many for name, (_, many) in of.leaves.items()}
    weights = WeightsOf(one, leaves)

    def weight(weighed: Weights) -> int:
        return sum(times[name] * its for name, its in weighed)

    streams: list[Iterable[_Added]] = []
    if leaves:
        counting = _kinds_that_count(one, weights)
        streams += [_moves(one, weights, line, kinds, day, weight) for line, kinds in counting]
        streams += [_income(one, weights, day, weight), _beside(one, of, source, weights, weight)]
    book = str(one.book)
    said = ((entry, much) for (of_book, entry), much in of.own.items() if of_book == book)
    streams.append(sorted(_Added(one.day_of(entry), entry, much) for entry, much in said))
    beyond = (
        each for each in heapq.merge(*streams, key=lambda each: each[:2]) if each[:2] > (day, last)
    )
    for (its_day, entry), alike in groupby(beyond, key=lambda each: (each.day, each.entry)):
        much = sum(each.much for each in alike)
        if much:
            yield _Added(its_day, entry, much)


class _Kinds(NamedTuple):
    """The kinds of moves of a line that count: (cause, econ), and the first and last months
    with any of them."""

    pairs: set[tuple[str, str]]
    months: set[int]


class _LineOf(NamedTuple):
    """A line as the views have it."""

    id: int
    text: str


def _kinds_that_count(one: Reading, weights: WeightsOf) -> list[tuple[_LineOf, _Kinds]]:
    """By line, of the roll-ups of the whole book: what was cut off is left out by its day."""
    found: dict[_LineOf, _Kinds] = defaultdict(lambda: _Kinds(set(), set()))
    rolled_up = one.views.execute(
        "SELECT m.line_id, l.line, m.account, m.cause, m.econ, MIN(m.month), MAX(m.month) "
        "FROM monthly m JOIN lines l ON l.id = m.line_id WHERE m.book_id = ? "
        f"AND m.account IN ({','.join('?' * len(COUNTED_ACCOUNTS))}) "
        "GROUP BY m.line_id, m.account, m.cause, m.econ",
        (one.book_id, *COUNTED_ACCOUNTS),
    )
    for line_id, line, account, cause, econ, first, last in rolled_up:
        if weights.of_move(line, "", account, cause, econ):
            kinds = found[_LineOf(line_id, line)]
            kinds.pairs.add((cause, econ))
            kinds.months.update((first, last))
    return list(found.items())


def _moves(
    one: Reading, weights: WeightsOf, line: _LineOf, kinds: _Kinds, day: str, weight: _Weight
) -> Iterator[_Added]:
    """What the moves of a line add from a day on, by the index of the line."""
    year = one.year
    first = max(day, date(year, min(kinds.months), 1).isoformat())
    last = min(one.cut.until.isoformat(), f"{year}-{max(kinds.months):02d}-31")
    pairs = sorted(kinds.pairs)
    rows = one.views.execute(
        "SELECT occurred_on, entry, source, target, cause, econ, amount_fen FROM moves "
        "WHERE book_id = ? AND line_id = ? AND occurred_on BETWEEN ? AND ? AND +entry <= ? "
        f"AND (cause, econ) IN (VALUES {','.join(['(?, ?)'] * len(pairs))}) "
        "ORDER BY occurred_on, entry",
        (one.book_id, line.id, first, last, one.upto, *(each for pair in pairs for each in pair)),
    )
    for its_day, entry, source, target, cause, econ, fen in rows:
        its = weight(weights.of_move(line.text, source, target, cause, econ))
        if its:
            yield _Added(its_day, entry, its * fen)


def _income(one: Reading, weights: WeightsOf, day: str, weight: _Weight) -> Iterator[_Added]:
    """What the incomes of a book add from a day on; there are few beside its moves."""
    rows = one.views.execute(
        "SELECT i.occurred_on, i.entry, l.line, i.source, i.amount_fen FROM income i "
        "JOIN lines l ON l.id = i.line_id WHERE i.book_id = ? AND i.occurred_on BETWEEN ? AND ? "
        "AND i.entry <= ? ORDER BY i.occurred_on, i.entry",
        (one.book_id, day, one.cut.until.isoformat(), one.upto),
    )
    for its_day, entry, line, source, fen in rows:
        its = weight(weights.of_income(line, source))
        if its:
            yield _Added(its_day, entry, its * fen)


def _beside(
    one: Reading, of: _Counting, source: Source, weights: WeightsOf, weight: _Weight
) -> list[_Added]:
    """What 三公限额 add, and what is taken out of entries again (抵销)."""
    caps = list(first_caps(one).values())
    found = [
        (cap.entry, times * sign * cap.fen)
        for leaf, times in of.leaves.values()
        for cap, sign in caps_in(leaf.wanted, caps)
    ]
    found += [
        (each.of.entry, weight(weights.of_elimination(each)) * each.fen)
        for each in eliminated(source)
        if each.of.book == str(one.book)
    ]
    return sorted(_Added(one.day_of(entry), entry, much) for entry, much in found)


def _told(one: Reading, each: _Added) -> PagedEntry:
    said = one.listed(each.entry)
    listed = (said.kind, each.day, said.doc, said.payee, said.purpose)
    return PagedEntry(str(one.book), each.entry, *listed, each.much)
