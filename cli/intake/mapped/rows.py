"""The rows of another system's export, read through a mapping: what each says in our words.

Every row is told apart (data, left out, the total) and its cells are translated one by one; what
cannot be is a `Malformed` that names the header of the export, not ours.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache, partial
from typing import NamedTuple

from cli.intake.amounts import signed_fen
from cli.intake.mapped.header import ColumnPlace, ExportFile, Header, find_header, label, said
from cli.intake.mapped.mapping import LABEL, ColumnRule, Mapping
from cli.intake.xlsx.worksheet import Cell, Cells, ShownNumber, ShownOtherwise, is_blank
from ledger import parse
from ledger.book import BookId
from ledger.canonical.asked import CODE_COLUMNS
from ledger.errors import Malformed, Unreadable
from ledger.line import FUND_NAMES, fund_word
from ledger.money import plain_yuan

_YEARS = {"{year}": 0, "{last_year}": -1}


class MappedRow(NamedTuple):
    """One row of data by its number: what it says by column, and its amount with its sign, fen."""

    number: int
    values: dict[str, str]
    fen: int
    amount_header: str
    less_fen: int


class TotalRow(NamedTuple):
    """The total that the file itself states."""

    number: int
    fen: int


class LeftRow(NamedTuple):
    """A row that is left out by a rule, with the reason. What it adds to the total, fen: nothing,
    unless it belongs to another book."""

    number: int
    why: str
    fen: int = 0


AnyRow = MappedRow | TotalRow | LeftRow | tuple[int, Malformed]
"""What a row of an export can be; a pair where it is wrong."""


class RowReader:
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
        self._prefixes = {
            name: sorted(
                ((k[:-1], w) for k, w in c.values.items() if k.endswith("*")), reverse=True
            )
            for name, c in self._specs.items()
        }
        self._take = {name: re.compile(c.take) for name, c in self._specs.items() if c.take}
        self._rests = {name: c.rest for name, c in self._specs.items() if c.rest}
        self._day = lru_cache(maxsize=1 << 10)(partial(_day, formats=mapping.dates))
        self._worded = lru_cache(maxsize=1 << 12)(self._in_our_words)
        self._reworded = {
            name
            for name, c in self._specs.items()
            if c.take or c.values or c.default or name == "date"
        }
        self._codes = {"id", "ref", "doc", *CODE_COLUMNS, *mapping.other}
        self._watched = {name for when, _ in self._skip for name, _ in when}
        self.header: Header | None = None
        self._placed: list[tuple[str, int]] = []
        self._fixed: dict[str, str] = {}

    def header_of(self, column: str) -> str:
        """What the export calls a column of ours."""
        if self.header is None:
            return column
        place = self.header.places.get(column)
        if place is None and column == "amount":
            place = self.header.minus
        return place.header if place else column

    def rows(
        self, source: ExportFile
    ) -> Iterator[MappedRow | TotalRow | LeftRow | tuple[int, Malformed]]:
        """What every row is. Raises `Malformed` for what makes the whole unreadable."""
        self.header = header = find_header(source, self._mapping)
        for name, spec in self._specs.items():
            if name in header.places and spec.value is None and name != "amount":
                self._placed.append((name, header.places[name].at))
            else:
                self._fixed[name] = self._constant(
                    spec.default if spec.value is None else spec.value
                )
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
                elif self._total.fullmatch(label(cells)):
                    total_at = number
                    yield TotalRow(number, sum(fen for fen, _ in self._amounts(header, cells)))
                else:
                    yield self._row(header, number, cells, told=source.sheet is None)
            except Malformed as wrong:
                yield number, wrong

    def _row(self, header: Header, number: int, cells: Cells, *, told: bool) -> MappedRow | LeftRow:
        raw = {LABEL: label(cells)}
        for name in self._watched & header.places.keys():
            raw[name] = said(cells.get(header.places[name].at, ""))
        for when, why in self._skip:
            if _fits(when, raw):
                return LeftRow(number, why)
        if told:
            self._check_width(header, cells)
        other = self._of_another_book(header, cells)
        if other is not None:
            return LeftRow(number, other, self._fen(header, cells)[0])
        values = {**self._fixed, LABEL: raw[LABEL]}
        for name, at in self._placed:
            cell = cells.get(at, "")
            text = _number(cell) if name == "date" else _text(cell)
            if name in self._codes:
                parse.unmangled(text, field=header.places[name].header)
            values[name] = self._worded(name, text) if name in self._reworded else text
        self._add_rests(header, cells, values)
        fen, place = self._fen(header, cells)
        values["amount"] = plain_yuan(abs(fen))
        values["kind"] = self._kind(values, fen)
        for when, to in self._fill:
            if _fits(when, values):
                values |= {name: self._constant(text) for name, text in to.items()}
        for when, rule in self._refuse:
            if _fits(when, values):
                raise Malformed(
                    Unreadable.ROW_REFUSED,
                    field=self.header_of(rule.column),
                    value=values[rule.column],
                    expected=rule.right,
                )
        return MappedRow(number, values, fen, place.header, self._less(header, cells))

    def _add_rests(self, header: Header, cells: Cells, values: dict[str, str]) -> None:
        """What stands behind the part of a cell that was taken, in the column that it is for."""
        for name, column in self._rests.items():
            place = header.places.get(name)
            if place is None or values.get(column):
                continue
            found = self._take[name].fullmatch(said(cells.get(place.at, "")))
            if found:
                values[column] = found[0][found.end(1) :].lstrip("-— \t　")

    def _check_width(self, header: Header, cells: Cells) -> None:
        """Cells too few or too many have been torn apart by a comma."""
        beyond = any(at >= header.width and said(cell) for at, cell in cells.items())
        if beyond or len(cells) < header.width:
            expected = f"{header.width} 栏，与第 {header.number} 行的表头相同"
            value = f"{max(cells) + 1} 栏"
            raise Malformed(Unreadable.ROW_COLUMNS, field="行", value=value, expected=expected)

    def _check_footer(self, header: Header, cells: Cells, total_at: int) -> None:
        """Below the total stand notes and signatures, never data."""
        for name in ("date", "amount"):
            place = header.places.get(name)
            text = said(cells.get(place.at, "")) if place else ""
            if text and (name == "amount" or self._day(text) is not None):
                expected = f"空（第 {total_at} 行合计之后不应再有数据或合计）"
                raise Malformed(Unreadable.TOTAL_NOT_LAST, field=self.header_of(name), value=text,
                                expected=expected)  # fmt: skip

    def _of_another_book(self, header: Header, cells: Cells) -> str | None:
        """Why a row is left out because of its unit or year. Raises `Malformed` where it may not
        be left out."""
        for name, ours in (("book.unit", self._book.unit), ("book.year", str(self._book.year))):
            place = header.places.get(name)
            text = said(cells.get(place.at, "")) if place else ""
            parse.unmangled(text, field=self.header_of(name))
            if text and text != ours and not re.match(re.escape(ours) + r"[-\s年]", text):
                if self._mapping.book.others == "skip":
                    return "其他单位或年度"
                expected = f"{ours}（本账套 {self._book}；其他账套的行请分开导入）"
                raise Malformed(
                    Unreadable.BOOK_OTHER, field=self.header_of(name), value=text, expected=expected
                )
        return None

    def _in_our_words(self, name: str, text: str) -> str:
        """What a text says in one column: without what surrounds it, translated, as a date."""
        spec = self._specs[name]
        if not text:
            return self._constant(spec.default)
        if name in self._take and (found := self._take[name].fullmatch(text)):
            text = found[1]
        if spec.values:
            text = self._word(spec, name, text)
        if name != "date":
            return text
        day = self._day(text)
        if day is None:
            expected = "日期，如 2020-03-01（格式：" + "、".join(self._mapping.dates) + "）"
            field = self.header_of(name)
            raise Malformed(Unreadable.DATE_MALFORMED, field=field, value=text, expected=expected)
        return day

    def _word(self, spec: ColumnRule, name: str, text: str) -> str:
        if text in spec.values:
            return spec.values[text]
        if name == "fund" and (fund := fund_word(text)) in FUND_NAMES:
            return fund
        for prefix, word in self._prefixes[name]:  # a longer one stands before a shorter one
            if text.startswith(prefix):
                return word
        expected = "映射认识的值：" + "、".join(spec.values)
        raise Malformed(
            Unreadable.VALUE_UNKNOWN, field=self.header_of(name), value=text, expected=expected
        )

    def _constant(self, text: str) -> str:
        return str(self._book.year + _YEARS[text]) if text in _YEARS else text

    def _kind(self, values: dict[str, str], fen: int) -> str:
        for when, rule in self._kinds:
            if (rule.sign is None or (rule.sign == "-") == (fen < 0)) and _fits(when, values):
                return rule.kind
        names = {name for when, _ in self._kinds for name, _ in when}
        by = [f"{self.header_of(name)}“{values[name]}”" for name in sorted(names)]
        sign = "负数金额" if fen < 0 else "正数金额"
        expected = "映射的 [[kinds]] 中的一种"
        raise Malformed(
            Unreadable.KIND_UNKNOWN,
            field="行",
            value="，".join((sign, *by)),
            expected=expected,
        )

    def _amounts(self, header: Header, cells: Cells) -> list[tuple[int, ColumnPlace]]:
        """What stands in the column of the amount, and as a negative in the one to subtract."""
        found = [
            (sign * fen, place)
            for sign, place in ((1, header.places.get("amount")), (-1, header.minus))
            if place is not None and (fen := self._signed(header, place, cells)) is not None
        ]
        if not found:
            field = self.header_of("amount")
            raise Malformed(Unreadable.FIELD_REQUIRED, field=field, value="", expected="金额")
        return found

    def _fen(self, header: Header, cells: Cells) -> tuple[int, ColumnPlace]:
        """The amount of a row with its sign, and where it stands."""
        found = self._amounts(header, cells)
        named = [fen_and_place for fen_and_place in found if fen_and_place[0]]
        if len(named) == 1:
            return named[0]
        field = self.header_of("amount")
        if named:
            value = " 和 ".join(plain_yuan(abs(fen)) for fen, _ in named)
            expected = "只填一栏的金额（" + "、".join(place.header for _, place in named) + "）"
            raise Malformed(Unreadable.AMOUNT_TWICE, field=field, value=value, expected=expected)
        expected = "不为零的金额（为零的行由映射的 [[skip]] 略去）"
        raise Malformed(
            Unreadable.AMOUNT_ZERO, field=found[0][1].header, value="0", expected=expected
        )

    def _less(self, header: Header, cells: Cells) -> int:
        """What was taken from the row since, fen."""
        fen = self._signed(header, header.places.get("less"), cells) or 0
        if fen < 0:
            field, value = self.header_of("less"), plain_yuan(fen)
            raise Malformed(
                Unreadable.AMOUNT_NEGATIVE, field=field, value=value, expected="不小于零的金额"
            )
        return fen

    def _signed(self, header: Header, place: ColumnPlace | None, cells: Cells) -> int | None:
        text = _number(cells.get(place.at, "")) if place else ""
        if not text or place is None:
            return None
        unit = "万" if header.unit == "wan" else ""
        try:
            return signed_fen(text, field=place.header, unit=unit)
        except Malformed as wrong:
            expected = f"金额，单位{unit}元，准确到分"
            raise Malformed(
                wrong.unreadable, field=place.header, value=text, expected=expected
            ) from wrong


def _text(cell: Cell) -> str:
    if isinstance(cell, Malformed):
        raise cell
    return cell.strip()


def _number(cell: Cell) -> str:
    """The same where a number is wanted, or a day: however it is shown."""
    return cell.plain if isinstance(cell, ShownNumber | ShownOtherwise) else _text(cell)


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
