"""The published tables as one workbook, a sheet each, laid out like the official forms.

The same book gives the same bytes. Text is written as text: nothing that a user typed becomes a
formula, a link or a number, and nothing turns the order of what is read.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter

from cli.text.columns import width
from ledger.texts import escaped
from projections.report.grid import Grid, Kind, PlainWord, WholeNumber

_MADE = datetime(2000, 1, 1)  # a date of its own would change the bytes
_A4 = 9
_TITLE_ROWS = 3
_LINE = 15  # points that a line of text takes
# Characters that a column is made for; a Chinese one counts as two. What is longer is wrapped.
_LEAST: dict[Kind, int] = {"word": 8, "mark": 4, "figure": 9}
_HEADING, _MOST, _MARGIN = 12, 36, 2
_PORTRAIT = 110  # characters across that an upright page holds
_ONE_PAGE = 60  # rows that one page holds
_WHOLE = r"-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)"
_COUNT = re.compile(_WHOLE)
_PERCENT = re.compile(rf"(?P<number>{_WHOLE}(?:\.(?P<decimals>[0-9]{{1,4}}))?)%")
_FIGURE = re.compile(rf"{_WHOLE}\.[0-9]{{2}}")


def workbook(grids: Iterable[Grid]) -> bytes:
    """The bytes of an .xlsx of some tables."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"created": _MADE, "title": "部门决算公开表"})
    styles = _styles(book)
    for grid in grids:
        _write(book.add_worksheet(grid.sheet), grid, styles)
    book.close()
    return buffer.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    font = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    lined = {**font, "border": 1, "text_wrap": True}
    return {
        "title": book.add_format({**font, "font_size": 16, "bold": True, "align": "center"}),
        "left": book.add_format({**font, "align": "left"}),
        "right": book.add_format({**font, "align": "right"}),
        "note": book.add_format({**font, "align": "left", "valign": "top", "text_wrap": True}),
        "head": book.add_format({**lined, "align": "center", "bold": True}),
        "word": book.add_format({**lined, "align": "left"}),
        "mark": book.add_format({**lined, "align": "center"}),
        "figure": book.add_format({**lined, "align": "right", "num_format": "#,##0.00_ "}),
        "unseparated": book.add_format({**lined, "align": "right", "num_format": "0.00_ "}),
        "count": book.add_format({**lined, "align": "right", "num_format": "#,##0_ "}),
        "unseparated count": book.add_format({**lined, "align": "right", "num_format": "0_ "}),
        **{
            f"percent {decimals}": book.add_format(
                {**lined, "align": "right", "num_format": f"0.{'0' * decimals}%".replace(".%", "%")}
            )
            for decimals in range(5)
        },
    }


def _write(page: Any, grid: Grid, styles: dict[str, Any]) -> None:
    if not grid.separators:
        plain = {"figure": styles["unseparated"], "count": styles["unseparated count"]}
        styles = {**styles, **plain}
    widths = _widths(grid)
    last = len(widths) - 1
    for column, characters in enumerate(widths):
        page.set_column(column, column, characters)
    _title(page, grid, last, styles)
    body = _header(page, grid, styles["head"], widths)
    for at, row in enumerate(grid.rows, body):
        page.set_row(at, _LINE * max(map(_lines, row, widths)))
        for column, text in enumerate(row):
            _cell(page, at, column, text, grid.columns[column].kind, styles)
    foot = body + len(grid.rows)
    for total in grid.foot:
        _merged(page, (foot, total.first, foot, total.last - 1), total.label, styles["head"])
        for column, text in enumerate((total.printed, *total.beside), total.last):
            _cell(page, foot, column, text, "figure", styles)
    notes = foot + bool(grid.foot)
    for at, text in enumerate(grid.notes, notes):
        page.set_row(at, _LINE * _lines(text, sum(widths)))
        _merged(page, (at, 0, at, last), text, styles["note"])
    end = notes + len(grid.notes) - 1
    _print_on_a4(page, head=body, end=end, last=last, wide=sum(widths) > _PORTRAIT)


def _title(page: Any, grid: Grid, last: int, styles: dict[str, Any]) -> None:
    """标题, 公开01表, and 部门 with 金额单位, as official forms have them."""
    page.set_row(0, 30)
    _merged(page, (0, 0, 0, last), grid.title, styles["title"])
    page.write_string(1, last, grid.form_number, styles["right"])
    page.write_string(2, 0, escaped(f"部门：{grid.department}"), styles["left"])
    page.write_string(2, last, f"金额单位：{grid.unit}", styles["right"])


def _header(page: Any, grid: Grid, style: Any, widths: Sequence[int]) -> int:
    """Draws the header boxes; the row below them."""
    heights = [1] * grid.head
    for box in grid.boxes:
        top, right = _TITLE_ROWS + box.row, box.column + box.across
        _merged(page, (top, box.column, top + box.down - 1, right - 1), box.text, style)
        needed = ceil(_lines(box.text, sum(widths[box.column : right])) / box.down)
        for row in range(box.row, box.row + box.down):
            heights[row] = max(heights[row], needed)
    for row, height in enumerate(heights, _TITLE_ROWS):
        page.set_row(row, _LINE * height)
    return _TITLE_ROWS + grid.head


def _merged(page: Any, area: tuple[int, int, int, int], text: str, style: Any) -> None:
    """Text in an area: top, left, bottom, right."""
    if area[:2] != area[2:]:
        page.merge_range(*area, "", style)
    page.write_string(*area[:2], escaped(text), style)


def _cell(page: Any, row: int, column: int, text: str, kind: Kind, styles: dict[str, Any]) -> None:
    """A figure as a number; every other text as it is, in the middle where a figure would be."""
    if kind != "figure" or not text:
        page.write_string(row, column, escaped(text), styles[kind])
    elif isinstance(text, PlainWord):
        page.write_string(row, column, escaped(text), styles["mark"])
    elif _FIGURE.fullmatch(text):
        page.write_number(row, column, Decimal(text.replace(",", "")), styles["figure"])
    elif isinstance(text, WholeNumber) and _COUNT.fullmatch(text):
        page.write_number(row, column, Decimal(text.replace(",", "")), styles["count"])
    elif found := _PERCENT.fullmatch(text):
        number = Decimal(found["number"].replace(",", "")) / 100
        style = styles[f"percent {len(found['decimals'] or '')}"]
        page.write_number(row, column, number, style)
    else:
        page.write_string(row, column, text, styles["mark"])


def _widths(grid: Grid) -> list[int]:
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


def _lines(text: str, characters: int) -> int:
    """Lines that a text takes in so many characters."""
    return sum(max(ceil(width(line) / (characters - 1)), 1) for line in text.split("\n"))


def _print_on_a4(page: Any, *, head: int, end: int, last: int, wide: bool) -> None:
    """One page wide; one page in all where that stays readable, else the header on every page."""
    page.set_paper(_A4)
    if wide:
        page.set_landscape()
    page.fit_to_pages(1, 1 if end < _ONE_PAGE else 0)
    page.center_horizontally()
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    page.print_area(0, 0, end, last)
    page.repeat_rows(0, head - 1)
    page.set_footer("&C第 &P 页，共 &N 页")
    page.hide_gridlines(2)
