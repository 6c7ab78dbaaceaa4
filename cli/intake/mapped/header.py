"""Another system's export, opened: a CSV file or a worksheet, and where its header stands.

Above the header there may be titles and the unit. The header is the first row that names all
columns that must be there; of several accepted names of a column the first counts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self, TextIO

from cli.intake.csv_rows import csv_rows
from cli.intake.encoding import detected_encoding, lines_below_the_header
from cli.intake.mapped.mapping import ColumnRule, Mapping
from cli.intake.xlsx.workbook import is_workbook, opened_sheet, without_sheets
from cli.intake.xlsx.worksheet import Cell, Cells, is_blank, letters
from ledger.canonical.columns import ALIASES_OF_MONEY
from ledger.errors import Malformed, Unreadable

_HEADER_MAX = 200
_UNIT = re.compile(r"单位[:：]\s*(?:人民币)?\s*([百千万亿]*元)(?![一-鿿])")
_UNIT_OF_HEADER = re.compile(r"\(([百千万亿]*元)\)$")
_UNITS = {"元": "yuan", "万元": "wan"}
_BRACKETS = str.maketrans("（）【】", "()[]")


class LinesFollowed:
    """The same rows; `at` is the one that is being looked at, or that could not be read."""

    def __init__(
        self, rows: Iterable[tuple[int, Cells | Malformed]], parsed: Callable[[], int]
    ) -> None:
        self.at = 1
        self._rows = iter(rows)
        self._parsed = parsed

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> tuple[int, Cells | Malformed]:
        try:
            found = next(self._rows)
        except Malformed:
            self.at = self._parsed()  # pieces are read ahead of their rows
            raise
        self.at = found[0]
        return found


class ExportFile(NamedTuple):
    """An opened file: its rows as they stand, and what of it is merged, told when they are read.
    A CSV file has no sheet, and its rows tell how many cells they have."""

    sheet: str | None
    rows: LinesFollowed
    merged: Callable[[], list[tuple[int, int, str]]]
    expected: Callable[[], int | None]


class ColumnPlace(NamedTuple):
    """A column of the export: where it stands, and its header there."""

    at: int
    header: str


class Header(NamedTuple):
    """The header row that was found: where our columns stand, and the unit of the amounts."""

    number: int
    width: int
    places: dict[str, ColumnPlace]
    minus: ColumnPlace | None
    unit: str


@contextmanager
def opened_source(path: Path, mapping: Mapping, sheet: str | None) -> Iterator[ExportFile]:
    """A workbook or a CSV file. Raises `Malformed`."""
    sheet = sheet or mapping.sheet
    if is_workbook(path):
        with opened_sheet(path, sheet) as opened:
            rows = LinesFollowed(opened.rows(), lambda: opened.row)
            yield ExportFile(opened.title, rows, lambda: opened.merged, lambda: None)
        return
    if sheet is not None and path.is_file():
        raise without_sheets(sheet)
    encoding = detected_encoding(path)
    if mapping.encoding != "auto" and not encoding.startswith(mapping.encoding):
        expected = f"{mapping.encoding} 编码的文件（映射如此写明）"
        raise Malformed(Unreadable.FILE_ENCODING, field="FILE", value=encoding, expected=expected)
    with path.open(encoding=encoding, newline="") as stream:
        rows = LinesFollowed(by_column(stream), lambda: 1)
        yield ExportFile(None, rows, list, lambda: lines_below_the_header(path))


def by_column(stream: TextIO) -> Iterator[tuple[int, Cells | Malformed]]:
    """The rows of a CSV file as those of a sheet are, or what is wrong with one."""
    for number, cells in csv_rows(stream):
        if isinstance(cells, Malformed):
            yield number, cells
        else:
            row: Cells = dict(enumerate(cells))
            yield number, row


def find_header(source: ExportFile, mapping: Mapping) -> Header:
    """The first row that names all required columns. Raises `Malformed` saying what the best
    candidate lacks."""
    specs = {**mapping.columns, **mapping.other}
    wanted: dict[str, tuple[str, ...]] = {name: s.headers for name, s in specs.items() if s.headers}
    wanted |= {"book.unit": mapping.book.unit, "book.year": mapping.book.year}
    if mapping.less is not None:
        wanted["less"] = mapping.less.headers
    required = {n for n, s in specs.items() if s.required or (n == "date" and s.headers)}
    stated: dict[str, int] = {}
    best, seen = 0, 0
    missing, best_row = sorted(required | {"amount"}), 1
    for number, cells in source.rows:
        if isinstance(cells, Malformed):
            if cells.code == "ROW.HIDDEN":
                continue
            raise cells
        if len(cells) > _HEADER_MAX and sum(bool(said(c)) for c in cells.values()) > _HEADER_MAX:
            expected = f"不超过 {_HEADER_MAX} 栏的表头"
            raise Malformed(Unreadable.HEADER_TOO_WIDE, field="表头", value=f"{len(cells)} 栏",
                            expected=expected)  # fmt: skip
        if is_blank(cells):
            continue
        named: dict[str, list[ColumnPlace]] = {}
        for index, cell in sorted(cells.items()):
            text = said(cell)
            if text:
                named.setdefault(_bare(_normal(text)), []).append(ColumnPlace(index, text))
        places = {
            name: found
            for name, headers in wanted.items()
            if (found := _named(headers, named)) is not None
        }
        minus = _named(mapping.columns["amount"].minus, named)
        lacking = sorted(required - set(places))
        if "amount" not in places and minus is None:
            lacking.append("amount")
        if not lacking:
            for place in (places.get("amount"), minus, places.get("less")):
                if place and (told := _UNIT_OF_HEADER.search(_normal(place.header))):
                    stated.setdefault(told[1], number)
            width = max(at for at, cell in cells.items() if said(cell)) + 1
            return Header(number, width, places, minus, _unit(mapping, stated))
        for cell in cells.values():
            for told in _UNIT.finditer(said(cell)):
                stated.setdefault(told[1], number)
        if len(places) > best:
            best, missing, best_row = len(places), lacking, number
        seen += 1
        if seen >= mapping.header_within:
            break
    names = {name: _right_headers(specs[name]) for name in missing}
    expected = f"前 {mapping.header_within} 行中有一行表头，含：" + "；".join(
        f"{ALIASES_OF_MONEY.get(name, (name,))[0]}（{headers}）" for name, headers in names.items()
    )
    value = f"第 {best_row} 行缺少 " + "、".join(missing) if best else ""
    raise Malformed(Unreadable.HEADER_MISSING, field="表头", value=value, expected=expected)


def _right_headers(spec: ColumnRule) -> str:
    return "、".join((*spec.headers, *spec.minus)[:8])


def _named(headers: Iterable[str], named: dict[str, list[ColumnPlace]]) -> ColumnPlace | None:
    """The place of the first of the headers that the row has. Raises `Malformed` if it is there
    twice."""
    for header in headers:
        found = named.get(_bare(_normal(header)))
        if found is None:
            continue
        if len(found) > 1:
            columns = "、".join(letters(place.at) for place in found)
            expected = f"只出现一次的栏名（现在 {columns} 列）"
            raise Malformed(
                Unreadable.HEADER_REPEATED, field="表头", value=found[0].header, expected=expected
            )
        return found[0]
    return None


def _unit(mapping: Mapping, stated: dict[str, int]) -> str:
    """The unit of the amounts. Raises `Malformed` when the file contradicts itself or the
    mapping."""
    for name in stated:
        if name not in _UNITS:
            raise Malformed(
                Unreadable.UNIT_UNKNOWN, field="单位", value=name, expected="元 或 万元"
            )
    fixed = {unit: name for name, unit in _UNITS.items()}.get(mapping.unit)
    if len(stated) > 1 or (fixed and stated and fixed not in stated):
        both = "、".join(f"{name}（第 {number} 行）" for name, number in stated.items())
        expected = "只写一种单位" if fixed is None else f"{fixed}（映射如此写明）"
        raise Malformed(Unreadable.UNIT_DIFFERS, field="单位", value=both, expected=expected)
    if mapping.unit == "stated" and not stated:
        expected = "表头之上的“单位：元”或“单位：万元”，或金额表头中的“（万元）”"
        raise Malformed(Unreadable.UNIT_MISSING, field="单位", value="", expected=expected)
    return _UNITS[fixed or next(iter(stated), "元")]


def _normal(text: str) -> str:
    """A header without what people and programs vary: spaces, line breaks, case, brackets."""
    return "".join(text.split()).translate(_BRACKETS).upper()


def _bare(text: str) -> str:
    """A header without its unit."""
    return _UNIT_OF_HEADER.sub("", text)


def said(cell: Cell) -> str:
    """What a cell says, for telling rows apart; one that cannot be read says nothing else."""
    return cell.value if isinstance(cell, Malformed) else cell.strip()


def label(cells: Cells) -> str:
    """The first text of a row."""
    return next((text for _, cell in sorted(cells.items()) if (text := said(cell))), "")
