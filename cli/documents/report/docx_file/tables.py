"""Tables of a Word file: what stands in a grid, in columns as wide as their texts need.

Widths are worked out here and fixed, so that Word and LibreOffice draw the same: a figure is never
broken, a word column takes what is left over. A table that is too wide for an upright page lies
across, in letters as small as it takes.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple, TypeVar

from cli.documents.report.docx_file.pieces import Element, element, paragraph, run
from cli.text.columns import width
from projections.report.grid import Box, Grid, Kind

UPRIGHT, ACROSS = 8845, 12756
"""How wide the text of a page is, in twips: A4 between the margins of 公文."""
HIGH = {UPRIGHT: ACROSS, ACROSS: UPRIGHT}
"""How high it is."""
_SIZES = {UPRIGHT: (21, 18), ACROSS: (21, 12)}
"""The largest and the smallest letters of a table, in half points."""
_WRAPPED = 18
"""The largest where words take several lines."""
_WHOLE = 16
"""The smallest that keep a table on one page."""
_PADDING, _BETWEEN = 130, 40
"""Twips beside what stands in a cell, and above it together with the line."""
_NARROW = 0.65
"""A letter or figure in parts of a Chinese one, with room for fonts wider than Times."""
_ONE_LINE, _WORD, _RUN = 24, 10, 14
"""Chinese letters that words on one line, words on several, and letters that cannot be parted get
at most, where there is no place for more."""
_COMMON, _LESS, _LEAST = 85, 6, 4
"""Of a hundred texts of a column so many shall have what they need, where not all can; at least
this; every column of words at least that."""
_LINES = 4
"""Lines that the longest takes then."""
_SHORT, _SHORT_LINE = 3, 6
"""Chinese letters of a heading, and of a line of one, that are never parted."""
_PARTED = re.compile(r"[!-~]+")
_STYLES: dict[Kind, str] = {"word": "TableWord", "mark": "TableMark", "figure": "TableFigure"}


class DrawnCell(NamedTuple):
    """A cell of a table: over `across` columns, and `down` rows (0: a part of the one above);
    `kept` on one page with what follows."""

    text: str
    style: str = "TableWord"
    across: int = 1
    down: int = 1
    kept: bool = False


class Plan(NamedTuple):
    """How a table is drawn: the width of each column in twips, letters in half points."""

    page: int
    size: int
    widths: tuple[int, ...]


def plan(grid: Grid, *, at_least: int = UPRIGHT, beside: int | None = None) -> Plan:
    """How a table is drawn on a page that is `at_least` so wide: with no word on a second line if
    it can be, upright if it can be. `beside`: so many twips of a page have other things on them,
    and the table shall have place on what is left if smaller letters do it."""
    for page, (largest, smallest) in _SIZES.items():
        if page < at_least:
            continue
        whole = [*_fitting(grid, page, range(largest, smallest - 1, -1), wrapped=False)]
        found = whole or [*_fitting(grid, page, range(_WRAPPED, smallest - 1, -1), wrapped=True)]
        if found:
            return found[0] if beside is None else _on_one_page(grid, found[0], beside)
    size = _SIZES[ACROSS][1]
    needed = [_twips(ems, size) for ems in _needed(grid, wrapped=True)]
    return Plan(ACROSS, size, _shrunk(needed, ACROSS))


def _fitting(grid: Grid, page: int, sizes: Iterable[int], *, wrapped: bool) -> Iterator[Plan]:
    """The plans that a page is wide enough for."""
    needed = [*_needed(grid, wrapped=wrapped)]
    for size in sizes:
        if sum(_twips(ems, size) for ems in needed) <= page:
            yield Plan(page, size, _spread(grid, needed, page, size))


def _on_one_page(grid: Grid, first: Plan, beside: int) -> Plan:
    """The same in letters with which the table is no higher than a page, if there are such."""
    sizes = range(first.size, _WHOLE - 1, -1)
    smaller = [
        *_fitting(grid, first.page, sizes, wrapped=False),
        *_fitting(grid, first.page, sizes, wrapped=True),
    ]
    place = HIGH[first.page] - beside
    low = [each for each in smaller if height(grid, each) <= place]
    return max(low, key=lambda each: each.size, default=first)


def height(grid: Grid, planned: Plan) -> int:
    """How high a table is, in twips."""
    rows = [*_heads(grid), *_body(grid)]
    return sum(_lines(cells, planned) * _line(planned.size) + _BETWEEN for cells in rows)


def _twips(ems: float, size: int) -> int:
    return ceil(ems * size * 10) + _PADDING


def _ems(text: str) -> float:
    """How wide a text is, in Chinese letters."""
    wide = width(text) - len(text)  # each Chinese letter takes a second column
    return wide + (len(text) - wide) * _NARROW


def _longest(text: str) -> float:
    return max(map(_ems, text.split("\n")))


def _needed(grid: Grid, *, wrapped: bool) -> Iterator[float]:
    """What each column needs, in Chinese letters; words may be `wrapped`."""
    for at, column in enumerate(grid.columns):
        texts = _texts(grid, at)
        heads = [box.text for box in grid.boxes if box.column == at and box.across == 1]
        heading = max(map(_of_heading, heads), default=1.0)
        longest = max(map(_longest, texts), default=0.0)
        if column.kind == "word":
            runs = (_ems(found) for text in texts for found in _PARTED.findall(text))
            most = max(min(_most(map(_longest, texts)), _LESS), min(longest, _LEAST))
            most = max(most, longest / _LINES)
            words = min(most, _WORD) if wrapped else min(longest, _ONE_LINE)
            longest = max(words, min(max(runs, default=0.0), _RUN))
        yield max(heading, longest)


def _texts(grid: Grid, at: int) -> list[str]:
    """What stands in a column, its sum too where that is a figure."""
    figures = grid.columns[at].kind == "figure"
    return [row[at] for row in (*grid.rows, *filter(None, [grid.totals() if figures else []]))]


def _of_heading(text: str) -> float:
    """A heading takes two or three lines where its column is narrow; short lines of one that has
    several stay whole."""
    longest = _longest(text)
    if longest <= (_SHORT_LINE if "\n" in text else _SHORT):
        return longest
    return ceil(longest / (2 if longest <= 2 * _SHORT_LINE else 3))


_Length = TypeVar("_Length", int, float)


def _most(lengths: Iterable[_Length]) -> _Length:
    """What most of some lengths are within."""
    ordered = sorted(lengths) or [0]
    return ordered[(len(ordered) - 1) * _COMMON // 100]


def _spread(grid: Grid, needed: Sequence[float], page: int, size: int) -> tuple[int, ...]:
    """Widths that fill the page: words get what most of them take on one line, then most where
    most is still on a second one; what is left goes to all."""
    widths = [_twips(ems, size) for ems in needed]
    lengths = {
        at: [_twips(min(_longest(text), _ONE_LINE), size) for text in _texts(grid, at)]
        for at, column in enumerate(grid.columns)
        if column.kind == "word"
    }
    for common in (True, False):
        longest = {
            at: _most(each) if common else max(each, default=0) for at, each in lengths.items()
        }
        wishes = {at: max(each - widths[at], 0) for at, each in longest.items()}
        beyond = {
            at: wishes[at] if common else sum(max(one - widths[at], 0) for one in each)
            for at, each in lengths.items()
            if each
        }
        left, asked = page - sum(widths), sum(beyond.values())
        for at, wish in wishes.items():
            if left > 0 and asked:
                widths[at] += min(wish, left * beyond[at] // asked)
    return _shrunk(widths, page)


def _shrunk(widths: Sequence[int], page: int) -> tuple[int, ...]:
    """The same proportions on just that page."""
    edges = [sum(widths[:at]) * page // sum(widths) for at in range(len(widths) + 1)]
    return tuple(end - begin for begin, end in pairwise(edges))


def drawn(grid: Grid, planned: Plan) -> Element:
    """The table of a grid."""
    rows = [*_body(grid)]
    if grid.notes:  # which never stand on a page by themselves
        rows[-1:] = [[cell._replace(kept=True) for cell in row] for row in rows[-1:]]
    return table(planned, [*_heads(grid)], rows)


def _body(grid: Grid) -> Iterator[list[DrawnCell]]:
    for row in grid.rows:
        yield [DrawnCell(*both) for both in _cells(row, grid)]
    if grid.foot:
        yield _foot(grid)


def _cells(row: Iterable[str], grid: Grid) -> Iterator[tuple[str, str]]:
    for text, column in zip(row, grid.columns, strict=True):
        yield text, _style(text, column.kind)


def _style(text: str, kind: Kind) -> str:
    """A figure stands to the right; a sign in its place in the middle."""
    if kind == "figure" and not any(map(str.isdigit, text)):
        kind = "mark"
    return _STYLES[kind]


def _heads(grid: Grid) -> Iterator[list[DrawnCell]]:
    """The rows of the header."""
    for at in range(grid.head):
        over = [box for box in grid.boxes if box.row <= at < box.row + box.down]
        yield [_head(box, at) for box in sorted(over, key=lambda box: box.column)]


def _head(box: Box, at: int) -> DrawnCell:
    first = box.row == at
    return DrawnCell(box.text if first else "", "TableHead", box.across, box.down if first else 0)


def _foot(grid: Grid) -> list[DrawnCell]:
    """The sums, each label over its columns."""
    cells: list[DrawnCell] = []
    at = 0
    for total in grid.foot:
        cells += [DrawnCell("")] * (total.first - at)
        cells.append(DrawnCell(total.label, "TableMark", total.last - total.first))
        figures = (total.printed, *total.beside)
        cells += [DrawnCell(text, _style(text, "figure")) for text in figures]
        at = total.last + len(figures)
    return [*cells, *[DrawnCell("")] * (len(grid.columns) - at)]


def table(
    planned: Plan, heads: Sequence[Sequence[DrawnCell]], rows: Iterable[Sequence[DrawnCell]]
) -> Element:
    """A table whose heads are on every page that it reaches, and whose rows stay whole."""
    made = element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val="ReportTable"),
            element("tblW", w=sum(planned.widths), type="dxa"),
            element("jc", val="center"),
            element("tblLayout", type="fixed"),
            element("tblLook", val="0020", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0),
        ),
        element("tblGrid", *(element("gridCol", w=each) for each in planned.widths)),
    )
    made.extend(_row(cells, planned, head=True) for cells in heads)
    made.extend(_row(cells, planned) for cells in rows)
    return made


def _row(cells: Sequence[DrawnCell], planned: Plan, *, head: bool = False) -> Element:
    said = element("trPr")
    high = _lines(cells, planned) * _line(planned.size)
    if head or high < HIGH[planned.page] // 2:  # else it must be parted
        said.append(element("cantSplit"))
    if head:
        said.append(element("tblHeader"))
    made = element("tr", said)
    made.extend(_cell(cell, wide, planned.size) for cell, wide in _placed(cells, planned))
    return made


def _placed(cells: Iterable[DrawnCell], planned: Plan) -> Iterator[tuple[DrawnCell, int]]:
    """Each cell of a row with how wide it is."""
    at = 0
    for cell in cells:
        yield cell, sum(planned.widths[at : at + cell.across])
        at += cell.across


def _lines(cells: Iterable[DrawnCell], planned: Plan) -> int:
    """The lines of a row; a heading over several rows is shared by them."""
    return max(
        sum(
            max(ceil(_ems(text) * planned.size * 10 / (wide - _PADDING + 10)), 1)
            for text in cell.text.split("\n")
        )
        // max(cell.down, 1)
        for cell, wide in _placed(cells, planned)
    )


def _line(size: int) -> int:
    """Twips from one line to the next."""
    return size * 12


def _cell(cell: DrawnCell, wide: int, size: int) -> Element:
    said = element("tcPr", element("tcW", w=wide, type="dxa"))
    if cell.across > 1:
        said.append(element("gridSpan", val=cell.across))
    if cell.down != 1:
        said.append(element("vMerge", val="restart" if cell.down else "continue"))
    letters = (element("sz", val=size), element("szCs", val=size))
    text = [run(cell.text, *letters)] if cell.text else []
    high = element("spacing", line=_line(size), lineRule="exact")
    even = _evenly(cell.text, wide - _PADDING, size) if cell.style == "TableHead" else []
    kept = [element("keepNext")] if cell.kept else []
    return element("tc", said, paragraph(cell.style, *text, properties=[*kept, high, *even]))


def _evenly(heading: str, wide: int, size: int) -> list[Element]:
    """Indents that give the lines of a heading the same length, where none are said."""
    if not heading or "\n" in heading:
        return []
    ems, place = _ems(heading), wide / (size * 10)
    lines = ceil(ems / place)
    spare = floor((place - ceil(ems / lines)) * size * 5)
    return [element("ind", left=spare, right=spare)] if lines > 1 and spare > 0 else []
