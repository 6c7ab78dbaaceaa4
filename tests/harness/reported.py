"""All that a book or a department publishes, last year's beside it, as a command asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ledger.book import BookId
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.editions import Edition
from projections.report.figure import Report
from projections.views.last_year import with_last_year
from projections.views.reading import ALL
from projections.views.source import Meant, of_units


@contextmanager
def reported(
    db: Path, *books: BookId, year: int = 2020, shown_in: Edition | None = None
) -> Iterator[Report]:
    """Of one book, or, where none is named, of all units of a year as a department; in their own
    edition or another."""
    place = SqlitePlace(db)
    meant = Meant(books, ALL) if books else of_units(place, year)
    with with_last_year(place, meant) as (now, before):
        cells = Cells(now, shown_in)
        yield Report(cells, Report(Cells(before, cells.edition)) if before.books else None)
