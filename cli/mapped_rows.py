"""The rows of another system's export, read through a mapping: what each says in our words.

First the header is found, below whatever titles stand above it, and with it the unit. Then every
row is told apart (data, left out, the total) and its cells are translated one by one; what cannot
be is a `Malformed` that names the header of the export, not ours.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple, Self, TextIO

from cli.canonical import ALIASES
from cli.csv_rows import csv_rows
from cli.encoding import detected_encoding
from cli.mapping import LABEL, Column, Mapping
from cli.workbook import is_workbook, opened_sheet
from cli.worksheet import Cell, Cells, is_blank, letters
from ledger.errors import Malformed
from ledger.line import BookId
from ledger.money import parse_yuan, plain_yuan

_HEADER_MAX = 200
_UNIT = re.compile(r"单位[:：]\s*(?:人民币)?\s*([百千万亿]*元)(?![一-鿿])")
_UNIT_OF_HEADER = re.compile(r"\(([百千万亿]*元)\)$")
_UNITS = {"元": "yuan", "万元": "wan"}
_BRACKETS = str.maketrans("（）【】", "()[]")
_MINUS = re.compile(r"[-−－﹣](.+)|\((.+)\)")
_ZERO = re.compile(r"0+(\.0+)?")
_YEARS = {"{year}": 0, "{last_year}": -1}


class Following:
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


class Source(NamedTuple):
    """An opened file: its rows as they stand, and what of it is merged, told when they are read.
    `width_told` says that a row tells how many cells it has."""

    sheet: str | None
    rows: Following
    merged: Callable[[], list[tuple[int, int, str]]]
    width_told: bool


class Place(NamedTuple):
    """A column of the export: where it stands, and its header there."""

    at: int
    header: str


class Header(NamedTuple):
    """The header row that was found: where our columns stand, and the unit of the amounts."""

    number: int
    width: int
    places: dict[str, Place]
    minus: Place | None
    unit: str


class MappedRow(NamedTuple):
    """One row of data by its number: what it says by column, and its amount with its sign, fen."""

    number: int
    values: dict[str, str]
    fen: int
    amount_header: str
    less_fen: int


class Total(NamedTuple):
    """The total that the file itself states."""

    number: int
    fen: int


class Left(NamedTuple):
    """A row that is left out by a rule, with the reason."""

    number: int
    why: str


@contextmanager
def opened_source(path: Path, mapping: Mapping, sheet: str | None) -> Iterator[Source]:
    """A workbook or a CSV file. Raises `Malformed`."""
    sheet = sheet or mapping.sheet
    if is_workbook(path):
        with opened_sheet(path, sheet) as opened:
            rows = Following(opened.rows(), lambda: opened.row)
            yield Source(opened.title, rows, lambda: opened.merged, width_told=False)
        return
    if sheet is not None and path.is_file():
        expected = "空（CSV 文件没有工作表）"
        raise Malformed("SHEET.UNKNOWN", field="sheet", value=sheet, expected=expected)
    encoding = detected_encoding(path)
    if mapping.encoding != "auto" and not encoding.startswith(mapping.encoding):
        expected = f"{mapping.encoding} 编码的文件（映射如此写明）"
        raise Malformed("FILE.ENCODING", field="FILE", value=encoding, expected=expected)
    with path.open(encoding=encoding, newline="") as stream:
        yield Source(None, Following(_by_column(stream), lambda: 1), list, width_told=True)


def _by_column(stream: TextIO) -> Iterator[tuple[int, Cells | Malformed]]:
    for number, cells in csv_rows(stream):
        if isinstance(cells, Malformed):
            yield number, cells
        else:
            row: Cells = dict(enumerate(cells))
            yield number, row


class Reader:
    """Reads the rows of a source for one book."""

    def __init__(self, mapping: Mapping, book: BookId) -> None:
        self._mapping = mapping
        self._book = book
        self._specs = {**mapping.columns, **mapping.other}
        self._total = re.compile(mapping.total)
        self._skip = [(_patterns(rule.when), rule.why) for rule in mapping.skip]
        self._kinds = [(_patterns(rule.when), rule) for rule in mapping.kinds]
        self._fill = [(_patterns(rule.when), rule.to) for rule in mapping.fill]
        self._refuse = [(_patterns(rule.when), rule) for rule in mapping.refuse]
        self._take = {name: re.compile(c.take) for name, c in self._specs.items() if c.take}
        self._day = lru_cache(maxsize=1 << 10)(partial(_day, formats=mapping.dates))
        self.header: Header | None = None

    def header_of(self, column: str) -> str:
        """What the export calls a column of ours: `C 列 支付金额` in a workbook."""
        if self.header is None:
            return column
        place = self.header.places.get(column)
        if place is None and column == "amount":
            place = self.header.minus
        return place.header if place else column

    def rows(self, source: Source) -> Iterator[MappedRow | Total | Left | tuple[int, Malformed]]:
        """What every row is. Raises `Malformed` for what makes the whole unreadable."""
        self.header = header = _find_header(source, self._mapping)
        total_at = 0
        for number, cells in source.rows:
            if isinstance(cells, Malformed):
                yield number, cells
                continue
            if is_blank(cells):
                continue
            try:
                if total_at:
                    self._check_footer(header, cells, total_at)
                elif self._total.fullmatch(_label(cells)):
                    total_at = number
                    yield Total(number, self._fen(header, cells)[0])
                else:
                    yield self._row(header, number, cells, told=source.width_told)
            except Malformed as wrong:
                yield number, wrong

    def _row(self, header: Header, number: int, cells: Cells, *, told: bool) -> MappedRow | Left:
        raw = {name: _said(cells.get(place.at, "")) for name, place in header.places.items()}
        raw[LABEL] = _label(cells)
        for when, why in self._skip:
            if _fits(when, raw):
                return Left(number, why)
        if told:
            self._check_width(header, cells)
        other = self._of_another_book(header, raw)
        if other is not None:
            return Left(number, other)
        values = {name: self._value(header, name, cells) for name in self._specs}
        fen, place = self._fen(header, cells)
        values["amount"] = plain_yuan(abs(fen))
        values[LABEL] = raw[LABEL]
        values["kind"] = self._kind(values, fen)
        for when, to in self._fill:
            if _fits(when, values):
                values |= {name: self._constant(text) for name, text in to.items()}
        for when, rule in self._refuse:
            if _fits(when, values):
                raise Malformed(
                    "ROW.REFUSED",
                    field=self.header_of(rule.column),
                    value=values[rule.column],
                    expected=rule.right,
                )
        return MappedRow(number, values, fen, place.header, self._less(header, cells))

    def _check_width(self, header: Header, cells: Cells) -> None:
        """Cells too few or too many have been torn apart by a comma."""
        beyond = any(at >= header.width and _said(cell) for at, cell in cells.items())
        if beyond or len(cells) < header.width:
            expected = f"{header.width} 栏，与第 {header.number} 行的表头相同"
            value = f"{max(cells) + 1} 栏"
            raise Malformed("ROW.COLUMNS", field="行", value=value, expected=expected)

    def _check_footer(self, header: Header, cells: Cells, total_at: int) -> None:
        """Below the total stand notes and signatures, never data."""
        for name in ("date", "amount"):
            place = header.places.get(name)
            text = _said(cells.get(place.at, "")) if place else ""
            if text and (name == "amount" or self._day(text) is not None):
                expected = f"空（第 {total_at} 行合计之后不应再有数据或合计）"
                raise Malformed("TOTAL.NOT_LAST", field=self.header_of(name), value=text,
                                expected=expected)  # fmt: skip

    def _of_another_book(self, header: Header, raw: dict[str, str]) -> str | None:
        """Why a row is left out because of its unit or year. Raises `Malformed` where it may not
        be left out."""
        for name, ours in (("book.unit", self._book.unit), ("book.year", str(self._book.year))):
            text = raw.get(name, "")
            if text and text != ours and not re.match(re.escape(ours) + r"[-\s年]", text):
                if self._mapping.book.others == "skip":
                    return "其他单位或年度"
                expected = f"{ours}（本账套 {self._book}；其他账套的行请分开导入）"
                raise Malformed(
                    "BOOK.OTHER", field=self.header_of(name), value=text, expected=expected
                )
        return None

    def _value(self, header: Header, name: str, cells: Cells) -> str:
        """What a row says in one column, in our words. The amount is read by itself."""
        spec = self._specs[name]
        if name == "amount":
            return ""
        if spec.value is not None:
            return self._constant(spec.value)
        place = header.places.get(name)
        text = _text(cells.get(place.at, "")) if place else ""
        if not text:
            return self._constant(spec.default)
        if name in self._take and (found := self._take[name].fullmatch(text)):
            text = found[1]
        if spec.values:
            text = self._word(spec, name, text)
        if name == "date":
            day = self._day(text)
            if day is None:
                expected = "日期，如 2020-03-01（格式：" + "、".join(self._mapping.dates) + "）"
                raise Malformed(
                    "DATE.MALFORMED", field=self.header_of(name), value=text, expected=expected
                )
            return day
        return text

    def _word(self, spec: Column, name: str, text: str) -> str:
        if text in spec.values:
            return spec.values[text]
        for key in sorted(spec.values, key=len, reverse=True):
            if key.endswith("*") and text.startswith(key[:-1]):
                return spec.values[key]
        expected = "映射认识的值：" + "、".join(spec.values)
        raise Malformed("VALUE.UNKNOWN", field=self.header_of(name), value=text, expected=expected)

    def _constant(self, text: str) -> str:
        return str(self._book.year + _YEARS[text]) if text in _YEARS else text

    def _kind(self, values: dict[str, str], fen: int) -> str:
        for when, rule in self._kinds:
            if (rule.sign is None or (rule.sign == "-") == (fen < 0)) and _fits(when, values):
                return rule.kind
        names = {name for when, _ in self._kinds for name, _ in when}
        said = "，".join(f"{self.header_of(name)}“{values[name]}”" for name in sorted(names))
        sign = "负数金额" if fen < 0 else "正数金额"
        expected = "映射的 [[kinds]] 中的一种"
        raise Malformed(
            "KIND.UNKNOWN",
            field="行",
            value="，".join((sign, said)).rstrip("，"),
            expected=expected,
        )

    def _fen(self, header: Header, cells: Cells) -> tuple[int, Place]:
        """The amount of a row with its sign, and where it stands: in one column, or in one of two
        of which the other is subtracted."""
        found = [
            (sign * fen, place)
            for sign, place in ((1, header.places.get("amount")), (-1, header.minus))
            if place is not None and (fen := self._signed(header, place, cells)) is not None
        ]
        named = [fen_and_place for fen_and_place in found if fen_and_place[0]]
        if len(named) == 1:
            return named[0]
        field = self.header_of("amount")
        if named:
            value = " 和 ".join(plain_yuan(abs(fen)) for fen, _ in named)
            expected = "只填一栏的金额（" + "、".join(place.header for _, place in named) + "）"
            raise Malformed("AMOUNT.TWICE", field=field, value=value, expected=expected)
        if not found:
            raise Malformed("FIELD.REQUIRED", field=field, value="", expected="金额")
        expected = "不为零的金额（为零的行由映射的 [[skip]] 略去）"
        raise Malformed("AMOUNT.ZERO", field=found[0][1].header, value="0", expected=expected)

    def _less(self, header: Header, cells: Cells) -> int:
        """What was taken from the row since, fen."""
        fen = self._signed(header, header.places.get("less"), cells) or 0
        if fen < 0:
            field, value = self.header_of("less"), plain_yuan(fen)
            raise Malformed("AMOUNT.NEGATIVE", field=field, value=value, expected="不小于零的金额")
        return fen

    def _signed(self, header: Header, place: Place | None, cells: Cells) -> int | None:
        text = _text(cells.get(place.at, "")) if place else ""
        if not text or place is None:
            return None
        found = _MINUS.fullmatch(text)
        size = (found[1] or found[2]) if found else text
        size = size.strip().lstrip("¥￥").strip()
        if _ZERO.fullmatch(size):
            return 0
        try:
            fen = parse_yuan(f"{size}万" if header.unit == "wan" else size, field=place.header)
        except Malformed as wrong:
            unit = "万元" if header.unit == "wan" else "元"
            expected = f"金额，单位{unit}，准确到分"
            raise Malformed(
                wrong.code, field=place.header, value=text, expected=expected
            ) from wrong
        return -fen if found else fen


def _find_header(source: Source, mapping: Mapping) -> Header:
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
        if len(cells) > _HEADER_MAX and sum(bool(_said(c)) for c in cells.values()) > _HEADER_MAX:
            expected = f"不超过 {_HEADER_MAX} 栏的表头"
            raise Malformed("HEADER.TOO_WIDE", field="表头", value=f"{len(cells)} 栏",
                            expected=expected)  # fmt: skip
        if is_blank(cells):
            continue
        named: dict[str, list[Place]] = {}
        for index, cell in sorted(cells.items()):
            text = _said(cell)
            if text:
                named.setdefault(_bare(_normal(text)), []).append(Place(index, text))
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
            for column in ("amount", "less"):
                if column in places and (
                    told := _UNIT_OF_HEADER.search(_normal(places[column].header))
                ):
                    stated.setdefault(told[1], number)
            width = max(at for at, cell in cells.items() if _said(cell)) + 1
            return Header(number, width, places, minus, _unit(mapping, stated))
        for cell in cells.values():
            for told in _UNIT.finditer(_said(cell)):
                stated.setdefault(told[1], number)
        if len(places) > best:
            best, missing, best_row = len(places), lacking, number
        seen += 1
        if seen >= mapping.header_within:
            break
    names = {name: _right_headers(specs[name]) for name in missing}
    expected = f"前 {mapping.header_within} 行中有一行表头，含：" + "；".join(
        f"{ALIASES.get(name, (name,))[0]}（{headers}）" for name, headers in names.items()
    )
    value = f"第 {best_row} 行缺少 " + "、".join(missing) if best else ""
    raise Malformed("HEADER.MISSING", field="表头", value=value, expected=expected)


def _right_headers(spec: Column) -> str:
    return "、".join((*spec.headers, *spec.minus)[:8])


def _named(headers: Iterable[str], named: dict[str, list[Place]]) -> Place | None:
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
                "HEADER.REPEATED", field="表头", value=found[0].header, expected=expected
            )
        return found[0]
    return None


def _unit(mapping: Mapping, stated: dict[str, int]) -> str:
    """The unit of the amounts. Raises `Malformed` when the file contradicts itself or the
    mapping."""
    for name in stated:
        if name not in _UNITS:
            raise Malformed("UNIT.UNKNOWN", field="单位", value=name, expected="元 或 万元")
    fixed = {unit: name for name, unit in _UNITS.items()}.get(mapping.unit)
    if len(stated) > 1 or (fixed and stated and fixed not in stated):
        said = "、".join(f"{name}（第 {number} 行）" for name, number in stated.items())
        expected = "只写一种单位" if fixed is None else f"{fixed}（映射如此写明）"
        raise Malformed("UNIT.DIFFERS", field="单位", value=said, expected=expected)
    if mapping.unit == "stated" and not stated:
        expected = "表头之上的“单位：元”或“单位：万元”，或金额表头中的“（万元）”"
        raise Malformed("UNIT.MISSING", field="单位", value="", expected=expected)
    return _UNITS[fixed or next(iter(stated), "元")]


def _normal(text: str) -> str:
    """A header without what people and programs vary: spaces, line breaks, case, brackets."""
    return "".join(text.split()).translate(_BRACKETS).upper()


def _bare(text: str) -> str:
    """A header without its unit."""
    return _UNIT_OF_HEADER.sub("", text)


def _said(cell: Cell) -> str:
    """What a cell says, for telling rows apart; one that cannot be read says nothing else."""
    return cell.value if isinstance(cell, Malformed) else cell.strip()


def _label(cells: Cells) -> str:
    """The first text of a row."""
    return next((text for _, cell in sorted(cells.items()) if (text := _said(cell))), "")


def _text(cell: Cell) -> str:
    if isinstance(cell, Malformed):
        raise cell
    return cell.strip()


def _patterns(when: dict[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(text)) for name, text in when.items()]


def _fits(when: list[tuple[str, re.Pattern[str]]], values: dict[str, str]) -> bool:
    return all(pattern.fullmatch(values.get(name, "")) for name, pattern in when)


def _day(text: str, formats: tuple[str, ...]) -> str | None:
    """The date of a text in the first format that fits."""
    for form in formats:
        try:
            day = datetime.strptime(text, form)
        except ValueError:
            continue
        # Without separators strptime would also read seven digits.
        if re.search("%[Ymd]%", form) is None or day.strftime(form) == text:
            return day.date().isoformat()
    return None
