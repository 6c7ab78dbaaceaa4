"""The books of the year before, of the same units, at the same moment of their year."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from ledger.book import BookId
from ledger.store.log import Place, Waiting, silently
from projections.answers import BooksBefore, Compared
from projections.views.reading import Cut, Reading, readings
from projections.views.source import Department, Source, books_of, list_of


@contextmanager
def last_year(place: Place, source: Source, waiting: Waiting = silently) -> Iterator[Department]:
    """The books of last year of the units that a source was made of, by the same day of their year
    and as known at the same moment. Units without one, or that had none at that moment, are
    `absent`; there may be no book at all.

    To be asked when the source is closed again: the views of both may have to be caught up (P9,
    P34).
    """
    members = source.members()
    year, cut = source.year - 1, _a_year_earlier(members[0].cut)
    wanted = [BookId(one.book.unit, year) for one in members]
    known = set(books_of(place))
    found = [book for book in wanted if book in known]

    def of(opened: list[Reading]) -> Department:
        there = tuple(one for one in opened if one.upto)
        having = {one.book for one in there}
        absent = tuple(book.unit for book in wanted if book not in having)
        return Department(source.name, year, there, absent, cut)

    if not found:
        yield of([])
        return
    with readings(place, found, cut, waiting) as opened:
        yield of(opened)


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
