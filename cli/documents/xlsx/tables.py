"""Tables on sheets, laid out like the official forms: their title, headings, rows and notes, each
figure a number."""

import re
from collections.abc import Callable, Iterable, Sequence
from math import ceil

from cli.documents.xlsx.pages import Page, Pages, lines, number
from cli.text.columns import width
from projections.report.grid import Grid, Kind, PlainWord, WholeNumber

_TITLE_ROWS = 3
# Characters that a column is made for; a Chinese one counts as two. What is longer is wrapped.
_LEAST: dict[Kind, int] = {"word": 8, "mark": 4, "figure": 9}
_HEADING, _MOST, _MARGIN = 12, 36, 2
_PORTRAIT = 110  # characters across that an upright page holds
_ONE_PAGE = 60  # rows that one page holds
_AMOUNT = re.compile(r".*\.[0-9]{2}|.*%")
"""What is a number in an official form, beside counts that say so."""

Drawn = Callable[[int, int, int, int], None]
"""What is told of every cell of a body that was drawn: its row and column in the grid, the foot
last, then on the sheet."""


def workbook(grids: Iterable[Grid]) -> bytes:
    """The bytes of an .xlsx of some tables, a sheet each."""
    pages = Pages("部门决算公开表")
    for grid in grids:
        form(pages.page(grid.sheet), grid)
    return pages.bytes()


def form(page: Page, grid: Grid, drawn: Drawn | None = None) -> None:
    """An official form alone on a sheet."""
    widths = column_widths(grid)
    last = len(widths) - 1
    page.columns(widths)
    _title(page, grid, last)
    body = header(page, grid, _TITLE_ROWS, widths)
    page.sheet.freeze_panes(body, 0)
    notes = rows(page, grid, body, widths, drawn)
    for at, text in enumerate(grid.notes, notes):
        page.height(at, lines(text, sum(widths)))
        page.merged((at, 0, at, last), text, "note")
    end = notes + len(grid.notes) - 1
    page.print_on_a4(
        (end, last),
        landscape=sum(widths) > _PORTRAIT,
        repeated=(0, body - 1),
        pages=1 if end < _ONE_PAGE else 0,
    )


def _title(page: Page, grid: Grid, last: int) -> None:
    """标题, 公开01表, and 部门 with 金额单位, as official forms have them."""
    page.title(grid.title, sum(column_widths(grid)), last)
    page.text(1, last, grid.form_number, "right")
    page.text(2, 0, f"部门：{grid.department}", "left")
    page.text(2, last, f"金额单位：{grid.unit}", "right")


def header(page: Page, grid: Grid, top: int, widths: Sequence[int], first: int = 0) -> int:
    """Draws the header boxes from a row on; the row below them. The column 0 of the grid is as
    wide as the first `first` + 1 of the sheet."""
    heights = [1] * grid.head
    for box in grid.boxes:
        begin, end = _columns(box.column, first)[0], _columns(box.column + box.across - 1, first)[1]
        page.merged((top + box.row, begin, top + box.row + box.down - 1, end), box.text, "head")
        needed = ceil(lines(box.text, sum(widths[begin : end + 1])) / box.down)
        for row in range(box.row, box.row + box.down):
            heights[row] = max(heights[row], needed)
    for row, height in enumerate(heights, top):
        page.height(row, height)
    return top + grid.head


def _columns(column: int, first: int) -> tuple[int, int]:
    """The first and last column of a sheet that a column of a grid takes."""
    return (0, first) if column == 0 else (column + first, column + first)


def rows(
    page: Page,
    grid: Grid,
    top: int,
    widths: Sequence[int],
    drawn: Drawn | None = None,
    first: int = 0,
) -> int:
    """Draws rows and foot; the row below them."""
    areas = [_columns(column, first) for column in range(len(grid.columns))]
    across = [sum(widths[begin : end + 1]) for begin, end in areas]
    for at, row in enumerate(grid.rows):
        page.height(top + at, max(map(lines, row, across)))
        for column, (text, (begin, end)) in enumerate(zip(row, areas, strict=True)):
            if begin != end:
                page.merged((top + at, begin, top + at, end), text, grid.columns[column].kind)
            else:
                _cell(page, grid, (top + at, begin), text, grid.columns[column].kind)
            if drawn is not None:
                drawn(at, column, top + at, begin)
    foot = top + len(grid.rows)
    for total in grid.foot:
        page.merged((foot, total.first, foot, total.last - 1), total.label, "head")
        for column, text in enumerate((total.printed, *total.beside), total.last):
            _cell(page, grid, (foot, column), text, "figure")
            if drawn is not None:
                drawn(len(grid.rows), column, foot, column)
    return foot + bool(grid.foot)


def _cell(page: Page, grid: Grid, at: tuple[int, int], text: str, kind: Kind) -> None:
    """A figure as a number; every other text as it is, in the middle where a figure would be."""
    if kind != "figure" or not text:
        page.text(*at, text, kind)
        return
    found = None if isinstance(text, PlainWord) else number(text, separators=grid.separators)
    counted = isinstance(text, WholeNumber) or not grid.form_number
    if found is None or not (counted or _AMOUNT.fullmatch(text)):
        page.text(*at, text, "mark")
    else:
        page.number(*at, found)


def column_widths(grid: Grid) -> list[int]:
    """Characters that every column needs for its texts and its own headings, within bounds."""
    widths = [
        max(*map(width, texts), _LEAST[column.kind])
        for *texts, column in zip(*grid.rows, grid.columns, strict=True)
    ]
    for box in grid.boxes:
        if box.across == 1:
            heading = max(map(width, box.text.split("\n")))
            widths[box.column] = max(widths[box.column], min(heading, _HEADING))
    return [min(needed, _MOST) + _MARGIN for needed in widths]
