"""The books of the year before, of the same units, at the same moment of their year."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice

from ledger.book import BookId
from ledger.store.log import Place, Waiting, silently
from projections.answers import BooksBefore, Compared
from projections.views.reading import Cut, Reading, readings, readings_at
from projections.views.source import Department, Meant, Source, books_of, list_of


@contextmanager
def last_year(place: Place, source: Source, waiting: Waiting = silently) -> Iterator[Department]:
    """The books of last year of the units that a source was made of, by the same day of their year
    and as known at the same moment. Units without one, or that had none at that moment, are
    `absent`; there may be no book at all.

    To be asked when the source is closed again: the views of both may have to be caught up (P9,
    P34).
    """
    members = source.members()
    cut = _a_year_earlier(members[0].cut)
    found = _books_before(place, [one.book for one in members])
    if not found:
        yield _before(source, [], cut)
        return
    with readings(place, found, cut, waiting) as opened:
        yield _before(source, opened, cut)


@contextmanager
def with_last_year(
    place: Place, meant: Meant, waiting: Waiting = silently
) -> Iterator[tuple[Source, Department]]:
    """What is asked of some books, and last year's of the same units, all of them at one moment: a
    figure may rest on both."""
    with each_with_last_year(place, [meant], waiting) as (both,):
        yield both


@contextmanager
def each_with_last_year(
    place: Place, meant: Sequence[Meant], waiting: Waiting = silently
) -> Iterator[list[tuple[Source, Department]]]:
    """The same of several that are held against each other."""
    wanted: list[tuple[BookId, Cut]] = []
    sizes: list[tuple[int, int]] = []
    for each in meant:
        before, earlier = _books_before(place, each.books), _a_year_earlier(each.cut)
        wanted += ((book, each.at(book, each.cut)) for book in each.books)
        wanted += ((book, each.at(book, earlier)) for book in before)
        sizes.append((len(each.books), len(before)))
    with readings_at(place, wanted, waiting) as opened:
        left = iter(opened)
        yield [
            _both(each, [*islice(left, now)], [*islice(left, then)])
            for each, (now, then) in zip(meant, sizes, strict=True)
        ]


def _both(
    meant: Meant, now: Sequence[Reading], then: Sequence[Reading]
) -> tuple[Source, Department]:
    source = meant.source(now)
    return source, _before(source, then, _a_year_earlier(meant.cut))


def _books_before(place: Place, books: Sequence[BookId]) -> list[BookId]:
    """The books of last year of the units of some books that are there."""
    wanted = [BookId(book.unit, book.year - 1) for book in books]
    known = set(books_of(place))
    return [book for book in wanted if book in known]


def _before(source: Source, opened: Sequence[Reading], cut: Cut) -> Department:
    year = source.year - 1
    there = tuple(one for one in opened if one.upto)
    having = {one.book.unit for one in there}
    units = (one.book.unit for one in source.members())
    absent = tuple(unit for unit in units if unit not in having)
    return Department(source.name, year, there, absent, cut)


def compared(before: Department) -> Compared:
    """What is told of last year's books: which they are, by which day, and who has none."""
    return Compared(
        BooksBefore(before.year, before.cut.as_of, list_of(before.books), before.absent)
    )


def _a_year_earlier(cut: Cut) -> Cut:
    """The same day a year earlier, of 29 February the day before."""
    day = cut.as_of
    if day is None:
        return cut
    leap = (day.month, day.day) == (2, 29)
    return cut._replace(as_of=date(day.year - 1, day.month, 28 if leap else day.day))
