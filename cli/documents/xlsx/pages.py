"""A workbook and its sheets. The same calls give the same bytes.

Text is written as text: nothing that a user typed becomes a formula, a link or a number, and
nothing turns the order of what is read. A number is written from what is printed.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from math import ceil
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from cli.text.columns import width
from ledger.texts import escaped

_LINE, _BETWEEN = 15, 3
FONT = "宋体"
_SIZE, _TITLE_SIZE = 10, 16
_TITLE = 30  # points that a line of a title takes
_INTERNAL = "内部使用，不得公开"
_MADE = datetime(2000, 1, 1)  # a date of its own would change the bytes
_A4 = 9
_NAME_MAX = 31
_NO_NAME = re.compile(r"[\[\]:*?/\\'!]")  # the last two are of what refers to a sheet
_TEXT_MAX = 32_767  # characters of a cell
_EXACT = 15  # digits that a spreadsheet keeps
_ROW_MAX = 26  # lines of the highest row
_NUMBER = re.compile(r"(-?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?)([%*]?)")
_NOTE_WIDE = 60  # characters across a note
_SUFFIXES = {"": "_ ", "%": "%_ ", "*": '"*"'}

Area = tuple[int, int, int, int]
"""Top, left, bottom, right; each is inside."""


class CellNumber(NamedTuple):
    """What a printed number is: its value, and the format that shows it as it was printed."""

    value: Decimal
    shown: str


def number(printed: str, *, separators: bool = True) -> CellNumber | None:
    """The number that is printed, `1,234.56`, `99.6%`, or a score that a person gave, `3.80*`;
    None for any other text, and for one with more digits than a spreadsheet keeps."""
    found = _NUMBER.fullmatch(printed)
    if found is None or sum(map(str.isdigit, found[1])) > _EXACT:
        return None
    value = Decimal(found[1].replace(",", ""))
    decimals = f".{'0' * len(found[2])}" if found[2] else ""
    whole = "#,##0" if "," in found[1] or (separators and found[3] != "%") else "0"
    return CellNumber(
        value / 100 if found[3] == "%" else value, whole + decimals + _SUFFIXES[found[3]]
    )


def lines(text: str, characters: int) -> int:
    """Lines that a text takes in so many characters."""
    return sum(max(ceil(width(line) / (characters - 1)), 1) for line in text.split("\n"))


def high(count: int) -> int:
    """Points that a row of so many lines takes."""
    return _LINE * min(count, _ROW_MAX) + _BETWEEN


def pieces(text: str, characters: int) -> list[str]:
    """A text in as many pieces as it needs rows: none higher than a row can be."""
    found = [""]
    for each in text:
        if lines(found[-1] + each, characters) > _ROW_MAX:
            found.append("")
        found[-1] += each
    return found


class Styles:
    """The formats of a workbook, each made when it is first used."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[str, str], Any] = {}

    def __call__(self, name: str, shown: str = "") -> Any:
        """A style by its name, with a format of numbers."""
        if (name, shown) not in self._made:
            more = {"num_format": shown} if shown else {}
            self._made[name, shown] = self._book.add_format({**_STYLES[name], **more})
        return self._made[name, shown]


_PLAIN = {"font_name": FONT, "font_size": _SIZE, "valign": "vcenter"}
_WRAPPED = {**_PLAIN, "text_wrap": True}
_LINED = {**_WRAPPED, "border": 1}
_READ = {**_WRAPPED, "align": "left", "valign": "top", "indent": 1}
_LINK = {"align": "left", "font_color": "#0B5394", "underline": 1}
_STYLES = {
    "title": {**_WRAPPED, "font_size": _TITLE_SIZE, "bold": True, "align": "center"},
    "part": {**_WRAPPED, "font_size": 14, "bold": True},
    "section": {**_WRAPPED, "font_size": 11, "bold": True},
    "left": {**_PLAIN, "align": "left"},
    "right": {**_PLAIN, "align": "right"},
    "note": {**_WRAPPED, "align": "left", "valign": "top"},
    "text": _READ,
    "missing": {**_READ, "bg_color": "#FFF2CC"},
    "link": {**_PLAIN, **_LINK, "indent": 1},
    "linked": {**_LINED, **_LINK},
    "head": {**_LINED, "align": "center", "bold": True},
    "word": {**_LINED, "align": "left"},
    "mark": {**_LINED, "align": "center"},
    "figure": {**_LINED, "align": "right"},
}


class Spot(NamedTuple):
    """A cell of a workbook."""

    sheet: str
    row: int
    column: int

    @property
    def target(self) -> str:
        """What a link to it says."""
        return f"internal:'{self.sheet}'!{xl_rowcol_to_cell(self.row, self.column)}"


class Page:
    """A sheet. Rows and columns are counted from 0."""

    def __init__(self, sheet: Any, styles: Styles) -> None:
        self.sheet = sheet
        self._styles = styles

    @property
    def name(self) -> str:
        """What its tab says."""
        return str(self.sheet.get_name())

    def columns(self, widths: Sequence[int]) -> None:
        """How many characters each column holds."""
        for column, characters in enumerate(widths):
            self.sheet.set_column(column, column, characters)

    def height(self, row: int, count: int) -> None:
        """A row of so many lines."""
        self.sheet.set_row(row, high(count))

    def text(self, row: int, column: int, text: str, style: str) -> None:
        """A text as it is."""
        shown = escaped(text)[:_TEXT_MAX]
        if shown.startswith("<r>") and len(shown) > len("<r>"):
            # The library takes that for XML that is already written, but not text in runs.
            runs = (shown[:1], shown[1:2], shown[2:])
            self.sheet.write_rich_string(row, column, *runs, self._styles(style))
        else:
            self.sheet.write_string(row, column, shown, self._styles(style))

    def merged(self, area: Area, text: str, style: str) -> None:
        """A text in an area."""
        if area[:2] != area[2:]:
            self.sheet.merge_range(*area, "", self._styles(style))
        self.text(*area[:2], text, style)

    def title(self, text: str, characters: int, last: int) -> None:
        """The title in the first row, over the columns up to the last, so many characters."""
        self.sheet.set_row(0, _TITLE * lines(text, characters * _SIZE // _TITLE_SIZE))
        self.merged((0, 0, 0, last), text, "title")

    def number(self, row: int, column: int, found: CellNumber) -> None:
        """A number as it is printed."""
        style = self._styles("figure", found.shown)
        self.sheet.write_number(row, column, found.value, style)

    def figure(self, row: int, column: int, printed: str) -> None:
        """What is printed as a number; in the middle where it is none."""
        found = number(printed)
        if found is None:
            self.text(row, column, printed, "mark" if printed else "figure")
        else:
            self.number(row, column, found)

    def link(self, row: int, column: int, to: Spot, text: str, style: str = "link") -> None:
        """A link to another place of the workbook."""
        shown = escaped(text)
        self.sheet.write_url(row, column, to.target, self._styles(style), shown, to.sheet)

    def comment(self, row: int, column: int, text: str) -> None:
        """A note that is seen when the cell is pointed at."""
        shown = escaped(text)[:_TEXT_MAX]
        options = {
            "author": "yusuan",
            "font_name": FONT,
            "font_size": 9,
            "width": 7 * _NOTE_WIDE,
            "height": 17 * (lines(shown, _NOTE_WIDE) + 1),
        }
        self.sheet.write_comment(row, column, shown, options)

    def print_on_a4(
        self,
        end: tuple[int, int],
        *,
        landscape: bool = False,
        repeated: tuple[int, int] | None = None,
        pages: int = 0,
    ) -> None:
        """One page wide, `pages` long (0: as many as it needs), with the `repeated` rows, from the
        first to the last, on every page; `end` is the last row and column."""
        if landscape:
            self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, pages)
        self.sheet.print_area(0, 0, *end)
        if repeated is not None:
            self.sheet.repeat_rows(*repeated)


class Pages:
    """A workbook that is written sheet by sheet. `internal`: every printed page says that it is
    not for the public."""

    def __init__(self, title: str, *, internal: bool = False) -> None:
        self._buffer = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(self._buffer, options)
        self.book.set_properties({"created": _MADE, "title": escaped(title)})
        self._internal = internal
        self._names: set[str] = set()

    @cached_property
    def _styles(self) -> Styles:
        return Styles(self.book)

    def page(self, wanted: str) -> Page:
        """A new sheet behind the others. Its name is the one wanted, as far as a sheet may have
        it."""
        sheet = self.book.add_worksheet(self._name(wanted))
        sheet.set_paper(_A4)
        sheet.center_horizontally()
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.set_footer("&C第 &P 页，共 &N 页")
        if self._internal:
            sheet.set_header(f"&R{_INTERNAL}")
        sheet.hide_gridlines(2)
        return Page(sheet, self._styles)

    def _name(self, wanted: str) -> str:
        cleaned = _NO_NAME.sub("＿", escaped(wanted)) or "＿"
        found, count = cleaned[:_NAME_MAX], 1
        while found.casefold() in self._names:
            count += 1
            ending = f"（{count}）"
            found = cleaned[: _NAME_MAX - len(ending)] + ending
        self._names.add(found.casefold())
        return found

    def bytes(self) -> bytes:
        """The file. Nothing can be written after it."""
        self.book.close()
        return self._buffer.getvalue()
