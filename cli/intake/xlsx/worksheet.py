"""One worksheet, streamed: rows of cells as text, exactly as the person saw them, or why not.

Whoever wrote the sheet is not trusted: its declared size is not read, its coordinates are checked.
A cell that has no value of its own (an error, a formula that was never calculated) is a `Malformed`
in its place, raised only when somebody wants it.
"""

import os
import re
import tempfile
from array import array
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import isfinite
from typing import IO, Any, Self

from cli.intake.xlsx.parts import Part
from ledger.errors import Malformed, Unreadable

ROWS_MAX = 1 << 20
COLUMNS_MAX = 1 << 14
_TEXT_MAX = 32_767  # of a cell, in Excel
_EXACT_BELOW = 10**15  # beyond it a spreadsheet has lost digits
_DAYS_MAX = 2_958_465  # 9999-12-31
_LEAP_1900 = 60  # Excel's 29 February 1900, a day that never was
_MERGED_MAX = 1 << 16
_REF = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_RANGE = re.compile(r"[A-Z]{1,3}([1-9][0-9]{0,6})(?::[A-Z]{1,3}([1-9][0-9]{0,6}))?")
_NUMBER = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?")
_ESCAPE = re.compile("_x((?!D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)
_WHOLE = re.compile(r"-?[1-9][0-9]{0,14}|0")
_ROW_MAX = 1 << 22  # characters of one row


class ShownNumber(str):
    """A number as its format shows it, with zeros before it; `plain` is the number."""

    plain: str

    def __new__(cls, plain: str, width: int) -> "ShownNumber":
        """The number, padded."""
        made = super().__new__(cls, plain.zfill(width))
        made.plain = plain
        return made


class ShownOtherwise(Malformed):
    """A number that its format shows with more than its digits; `plain` is the number, which serves
    where nobody reads it as a code."""

    def __init__(self, plain: str, place: str) -> None:
        expected = "文本（此格是数字，单元格格式另加了字符，与所见不同）"
        super().__init__(Unreadable.CELL_FORMAT, field=place, value=plain, expected=expected)
        self.plain = plain


Cell = str | Malformed
Cells = dict[int, Cell]
"""By column, the first being 0; empty ones are left out."""


@lru_cache(maxsize=1 << 10)
def letters(column: int) -> str:
    """How a spreadsheet names a column, the first being 0: 27 → `AB`."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


@lru_cache(maxsize=COLUMNS_MAX)
def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _unescaped(text: str) -> str:
    """`_x000D_` in a text is a character that XML cannot hold. Halves of pairs stay as they are."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


class Strings(Part):
    """The texts that cells share, in a file of our own: a long sheet has hundreds of MB of them."""

    def __init__(self) -> None:
        super().__init__("xl/sharedStrings.xml")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._ends = array("q", [0])  # where each text ends
        self._not_kept: set[int] = set()
        self._text: list[str] = []
        self._length = 0
        self._open = self._phonetic = False
        self.at = lru_cache(maxsize=1 << 10)(self._at)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "si":
            self._text, self._length = [], 0
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "t":
            self._open = not self._phonetic

    def text(self, piece: str) -> None:
        if self._open:
            self._length += len(piece)
            if self._length <= _TEXT_MAX:
                self._text.append(piece)

    def end(self, tag: str) -> None:
        """The end of an element, as expat tells it. Raises `Malformed`."""
        if tag == "t":
            self._open = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "si":
            kept = b""
            if self._length > _TEXT_MAX:
                self._not_kept.add(len(self))
            else:
                kept = _unescaped("".join(self._text)).encode()
            self._file.write(kept)
            self._ends.append(self._ends[-1] + len(kept))
            self.found += 1

    def read(self, stream: IO[bytes]) -> None:
        super().read(stream)
        self._file.flush()

    def __len__(self) -> int:
        return len(self._ends) - 1

    def _at(self, index: int) -> str | None:
        """A text; None if it is longer than a cell may hold."""
        if index in self._not_kept:
            return None
        start, end = self._ends[index], self._ends[index + 1]
        return os.pread(self._file.fileno(), end - start, start).decode()


class Sheet(Part):
    """A worksheet: `rows` once, and when they have been read, `merged`."""

    def __init__(
        self,
        name: str,
        stream: IO[bytes],
        *,
        title: str,
        strings: Strings,
        dates: frozenset[str],
        padded: Mapping[str, int],
        percents: Mapping[str, int],
        from_1904: bool,
    ) -> None:
        super().__init__(name)
        self.title = title
        self.row = 1
        self.merged: list[tuple[int, int, str]] = []
        self._stream = stream
        self._strings = strings
        self._dates = dates
        self._padded = padded
        self._percents = percents
        self._from_1904 = from_1904
        self._ready: list[tuple[int, Cells | Malformed]] = []
        self._cells: Cells = {}
        self._hidden = False
        self._number = 0
        self._column = -1
        self._row_length = 0
        self._type = self._style = ""
        self._formula = self._open = self._phonetic = False
        self._text: list[str] = []
        self._length = 0

    def rows(self) -> Iterator[tuple[int, Cells | Malformed]]:
        """The rows that have cells, by number. Raises `Malformed` for what ends the reading; `row`
        is how far it got."""
        for _ in self.pieces(self._stream):
            yield from self._ready
            self._ready = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "t"):
            self._open = not self._phonetic
        elif tag == "row":
            self._start_row(attributes)
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def text(self, piece: str) -> None:
        if self._open:
            self._length += len(piece)
            if self._length <= _TEXT_MAX:
                self._text.append(piece)

    def end(self, tag: str) -> None:
        """The end of an element, as expat tells it. Raises `Malformed`."""
        if tag in ("v", "t"):
            self._open = False
        elif tag == "c":
            value = self._value()
            if value != "":
                self._cells[self._column] = value
                self._row_length += 1 if isinstance(value, Malformed) else len(value)
                if self._row_length > _ROW_MAX:
                    expected = f"全行不超过 {_ROW_MAX} 个字符"
                    raise Malformed(
                        Unreadable.SHEET_ROW, field="行", value=self.title, expected=expected
                    )
        elif tag == "row":
            if self._cells:
                self._ready.append((self._number, self._hidden_row() or self._cells))
        elif tag == "rPh":
            self._phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        typed = attributes.get("r", str(self._number + 1))
        number = int(typed) if re.fullmatch("[1-9][0-9]{0,6}", typed) else 0
        if not self._number < number <= ROWS_MAX:
            expected = f"第 {self._number} 行之后、{ROWS_MAX} 以内的行号"
            raise Malformed(Unreadable.SHEET_ROW, field="行号", value=typed, expected=expected)
        self.row = self._number = number
        self.found += 1
        self._hidden = attributes.get("hidden") in ("1", "true")
        self._cells, self._column, self._row_length = {}, -1, 0

    def _start_cell(self, attributes: dict[str, str]) -> None:
        ref = attributes.get("r")
        column, number = self._column + 1, self._number
        if ref is not None and ref != f"{letters(column)}{number}":  # not simply the next one
            found = _REF.fullmatch(ref)
            column, number = (_column(found[1]), int(found[2])) if found else (-1, 0)
        if number != self._number or not self._column < column < COLUMNS_MAX:
            expected = (
                f"第 {self._number} 行、前一格右边、{letters(COLUMNS_MAX - 1)} 列以内的单元格"
            )
            raise Malformed(
                Unreadable.SHEET_CELL, field="单元格", value=ref or "", expected=expected
            )
        self._column = column
        self._type, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._text, self._length, self._formula = [], 0, False

    def _value(self) -> Cell:
        """What the cell just read shows."""
        text = "".join(self._text)
        if self._length > _TEXT_MAX:
            return Malformed(
                Unreadable.CELL_TOO_LONG,
                field=self._place,
                value=text,
                expected=f"不超过 {_TEXT_MAX} 个字符的单元格",
            )
        if not text and self._formula and self._type != "str":
            return Malformed(
                Unreadable.CELL_FORMULA,
                field=self._place,
                value="公式没有计算结果",
                expected="数值（请在 Excel 中打开并保存一次）",
            )
        match self._type:
            case "n":
                return self._number_of(text) if text else ""
            case "s":
                return self._shared(text)
            case "b":
                return {"1": "TRUE", "0": "FALSE"}.get(text, text)
            case "d":
                return text[:10]
            case "inlineStr" | "str":
                return _unescaped(text)
            case "e":
                return Malformed(
                    Unreadable.CELL_ERROR,
                    field=self._place,
                    value=text,
                    expected="没有错误值的单元格",
                )
            case _:
                return text

    def _shared(self, text: str) -> Cell:
        known = len(text) < 10 and text.isascii() and text.isdigit()
        if not known or int(text) >= len(self._strings):
            return Malformed(
                Unreadable.CELL_STRING,
                field=self._place,
                value=text,
                expected=f"{len(self._strings)} 个共享字符串之一的序号",
            )
        found = self._strings.at(int(text))
        if found is None:
            return Malformed(
                Unreadable.CELL_TOO_LONG,
                field=self._place,
                value="",
                expected=f"不超过 {_TEXT_MAX} 个字符的单元格",
            )
        return found

    def _number_of(self, text: str) -> Cell:
        """A number as it is written, exactly; one that is shown as a date, or as a percent, as
        that."""
        if self._style in self._dates:
            return self._day(text)
        if self._style in self._percents and _NUMBER.fullmatch(text):
            return _percent(text, self._percents[self._style])
        if _WHOLE.fullmatch(text):
            return self._as_shown(text) if self._style in self._padded else text
        value = float(text) if _NUMBER.fullmatch(text) else float("nan")
        if not isfinite(value):
            return Malformed(Unreadable.CELL_NUMBER, field=self._place, value=text, expected="数字")
        if abs(value) >= _EXACT_BELOW:
            expected = "不超过 15 位的数字（更长的编码须存为文本，否则 Excel 已丢失末位）"
            return Malformed(
                Unreadable.CELL_PRECISION, field=self._place, value=text, expected=expected
            )
        plain = format(Decimal(repr(value)), "f")
        plain = plain.removesuffix(".0")
        return self._as_shown(plain) if self._style in self._padded else plain

    def _as_shown(self, plain: str) -> Cell:
        width = self._padded[self._style]
        if not width:
            return ShownOtherwise(plain, self._place)
        return ShownNumber(plain, width) if plain.isdigit() else plain

    def _day(self, text: str) -> Cell:
        """The date of a serial number; the time of the day is left out."""
        value = float(text) if _NUMBER.fullmatch(text) else float("nan")
        if not (isfinite(value) and 0 <= value <= _DAYS_MAX):
            return Malformed(
                Unreadable.CELL_DATE,
                field=self._place,
                value=text,
                expected="1900 年至 9999 年的日期",
            )
        days = int(value)
        if self._from_1904:
            return (date(1904, 1, 1) + timedelta(days)).isoformat()
        if days in (0, _LEAP_1900):
            return Malformed(
                Unreadable.CELL_DATE, field=self._place, value=text, expected="存在的日期"
            )
        return (date(1899, 12, 31 if days < _LEAP_1900 else 30) + timedelta(days)).isoformat()

    def _hidden_row(self) -> Malformed | None:
        if not self._hidden:
            return None
        return Malformed(
            Unreadable.ROW_HIDDEN,
            field="行",
            value="隐藏的行",
            expected="看得见的行（请取消隐藏或筛选；不要的行请删除）",
        )

    def _merge(self, ref: str) -> None:
        found = _RANGE.fullmatch(ref)
        if found is None or len(self.merged) >= _MERGED_MAX:
            raise self.broken(f"合并单元格 {ref[:40]}")
        first = int(found[1])
        self.found += 1
        self.merged.append((first, int(found[2] or first), ref))

    @property
    def _place(self) -> str:
        return f"{letters(self._column)}{self._number}"


def _percent(text: str, decimals: int) -> str:
    """A number as a percent with so many decimals: 0.2914 → `29.1%`."""
    shown = (Decimal(repr(float(text))) * 100).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{shown:f}%"


def is_blank(cells: dict[int, Any]) -> bool:
    """Whether no cell says anything."""
    return not any(isinstance(cell, Malformed) or cell.strip() for cell in cells.values())
