"""What the report of last year's book in the file says: whoever states a figure of last year is
asked for what no book can."""

from ledger.book import BookId
from ledger.store.log import Place, Waiting
from projections.report.cells import Cells
from projections.report.editions import Edition
from projections.report.figure import Report
from projections.views.reading import reading
from projections.views.source import books_of


def said(place: Place, book: BookId, edition: Edition, cell: str, waiting: Waiting) -> int | None:
    """A figure of the year before a book, in the forms of that book: fen, or a count; None where
    there is no such book, or it does not say so."""
    before = BookId(book.unit, book.year - 1)
    if before not in books_of(place):
        return None
    with reading(place, before, waiting=waiting) as opened:
        report = Report(Cells(opened, edition))
        figure = report.figure(cell) if report.has(cell) else None
        return None if figure is None or figure.value is None else figure.number
