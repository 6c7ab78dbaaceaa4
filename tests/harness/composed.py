"""A whole report as a document, of a book of a file."""

from pathlib import Path
from typing import Any

from ledger.book import BookId
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.document.composition import document
from projections.report.document.parts import ReportDocument
from projections.report.editions import found
from projections.report.figure import Report
from projections.views.last_year import with_last_year
from projections.views.reading import Cut
from projections.views.source import Meant, of_units


def composed(
    db: Path, *books: BookId, edition: str | None = None, **options: Any
) -> ReportDocument:
    """The document of a book, or of several as a department, in their edition or another."""
    shown_in = None if edition is None else found(edition)
    place, cut = SqlitePlace(db), Cut()
    meant = Meant(books, cut)
    if len(books) > 1:
        units = [each.unit for each in books]
        meant = of_units(place, year=books[0].year, units=units, name="某部门", cut=cut)
    with with_last_year(place, meant, lambda: None) as (now, before):
        cells = Cells(now, shown_in)
        there = Report(Cells(before, cells.edition)) if before.books else None
        return document(Report(cells, there), **options)
