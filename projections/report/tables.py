"""One table of the published accounts: its cells with their exact fen and what they print, and the
same as a grid, ready to be drawn."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.money import printed_wan
from projections.answers import DepartmentHeader, Header
from projections.report.cells import Cells
from projections.report.editions import Edition, edition
from projections.report.figure import Figure, ToldValue, told, told_fen
from projections.report.figures import UNIT, FigureKind
from projections.report.form import Cell, Form
from projections.report.grid import Grid, PlainWord, Texts, WholeNumber


class TableCell(msgspec.Struct, frozen=True):
    """A cell of a table; `fen` is exact, `printed` 万元 as the form prints it. What is no amount
    has its `kind`, `value` and `unit` instead of fen; `missing` is what somebody has to say before
    it has any."""

    id: str
    row: str
    label: str
    column: str
    fen: int | UnsetType | None = UNSET
    printed: str = ""
    kind: FigureKind | UnsetType = UNSET
    value: ToldValue | UnsetType = UNSET
    unit: str | UnsetType = UNSET
    missing: list[str] | UnsetType = UNSET

    @property
    def shown(self) -> str:
        """What it prints on paper, where nobody could see that a blank is no nil."""
        return "【缺】" if self.missing else self.printed


class PublishedTable(msgspec.Struct, frozen=True):
    """A table; `statement` is its sentence where it is empty and its form has one."""

    table: int
    edition: str
    title: str
    unit: str
    note: str
    formulas: str
    statement: str | None
    cells: Sequence[TableCell]


def table(cells: Cells, number: int) -> PublishedTable:
    """Table `number` of the book's edition. Raises `Malformed` for a number it does not have."""
    form = form_of(cells, number)
    found = [told_cell(cell, cells.beside.figure(cell.id)) for cell in cells.table(number)]
    empty = not any(cell.fen or cell.value or cell.missing for cell in found)
    return PublishedTable(
        table=number,
        edition=cells.edition.name,
        title=filled(cells, form.title),
        unit=UNIT,
        note=form.note,
        formulas=form.formulas,
        statement=filled(cells, form.empty) if form.empty and empty else None,
        cells=found,
    )


def told_cell(cell: Cell, figure: Figure) -> TableCell:
    """A cell as it is told."""
    other = figure.kind != "amount"
    unsaid = figure.needed if figure.value is None else ()
    return TableCell(
        *(cell.id, cell.row, cell.label, cell.column),
        fen=told_fen(figure),
        printed=figure.printed,
        kind=figure.kind if other else UNSET,
        value=told(figure),
        unit=figure.unit if other else UNSET,
        missing=[each.message for each in unsaid] or UNSET,
    )


def form_of(cells: Cells, number: int) -> Form:
    """The form of a table. Raises `Malformed`."""
    if number not in cells.forms:
        raise _unknown(cells, str(number))
    return cells.forms[number]


def _unknown(cells: Cells, said: str) -> Malformed:
    numbers = "、".join(map(str, cells.forms))
    last = cells.edition.form_number(list(cells.forms)[-1])
    expected = f"{cells.edition.name} 表样的表号：{numbers}，或表头上的编号：公开01表至{last}"
    return Malformed(Unreadable.TABLE_UNKNOWN, field="table", value=said, expected=expected)


def meant(cells: Cells, said: str) -> int:
    """The table that a person means: by its number, or by the number on paper (`公开09表`), which
    follows the order of print. Raises `Malformed`."""
    text = said.strip()
    if found := re.fullmatch(r"公开0?([0-9]{1,2})表?", text):
        text = f"公开{int(found[1]):02d}表"
    for number in cells.forms:
        if text == cells.edition.form_number(number):
            return number
    if text.startswith("公开"):
        raise _unknown(cells, text)
    return parse.count(text, field="table")


class Restacked(NamedTuple):
    """A cell that would print otherwise if sums added up what their parts print."""

    id: str
    printed: str
    stacked: str


def restacked(cells: Cells, number: int) -> list[Restacked]:
    """The cells that the edition on which this one is based would print otherwise, table by table;
    none where nobody asks."""
    based_on = cells.edition.based_on
    if not cells.edition.tell_stacked or based_on is None:
        return []
    base = edition(based_on).forms
    if number not in base or base[number].rounding != "stacked":
        return []
    both = ((cell.id, cells.stacked(cell.id)) for cell in cells.table(number))
    return [
        Restacked(name, cells.printed(name), printed_wan(stacked))
        for name, stacked in both
        if stacked != cells.hundredths(name) and cells.kind(name) == "amount"
    ]


def filled(cells: Cells, text: str) -> str:
    """A title or sentence with the book's year and the unit's name."""
    year = str(cells.source.year)
    return text.replace("{year}", year).replace("{name}", cells.source.name)


def grid(header: Header, answer: PublishedTable, edition: Edition, department: str) -> Grid:
    """The grid of a table."""
    form = edition.forms[answer.table]
    kinds: dict[str, set[FigureKind | UnsetType]] = defaultdict(set)
    for cell in answer.cells:
        kinds[cell.column].add(cell.kind)
    texts = Texts(
        {cell.row: cell.label for cell in answer.cells},
        {(cell.row, cell.column): _text(cell) for cell in answer.cells},
        frozenset(no for no, found in kinds.items() if found <= _WORDS),
    )
    return Grid(
        answer.table,
        edition.form_number(answer.table),
        answer.title,
        header.subject,
        department,
        answer.unit,
        _notes(header, answer),
        *form.body(texts, edition.printing),
        absent=_absent(header),
        separators=edition.printing.separators,
    )


_WORDS: frozenset[FigureKind | UnsetType] = frozenset(("word", "names"))
"""The kinds that are text."""


def _text(cell: TableCell) -> str:
    """What a cell shows, as what it is where nobody could see that."""
    if cell.kind in _WORDS:
        return PlainWord(cell.shown)
    return WholeNumber(cell.shown) if cell.kind == "count" else cell.shown


def _absent(header: Header) -> tuple[str, ...]:
    return tuple(header.absent) if isinstance(header, DepartmentHeader) else ()


def _notes(header: Header, answer: PublishedTable) -> list[str]:
    """注, its formulas, the sentence of an empty table, the units that have no book, and how far a
    table reaches that is not of the whole year as known now."""
    cuts = (("截至 {}", header.as_of), ("按 {} 时所知", header.known_at))
    cut = "，".join(text.format(moment) for text, moment in cuts if moment)
    absent = _absent(header)
    missing = dict.fromkeys(each for cell in answer.cells for each in cell.missing or ())
    return [
        f"注：{answer.note}",
        *([f"　　{answer.formulas}"] if answer.formulas else []),
        *([f"说明：{answer.statement}"] if answer.statement else []),
        *(f"缺：{each}" for each in missing),
        *([f"缺账套：{'、'.join(absent)}"] if absent else []),
        *([f"口径：{cut}"] if cut else []),
    ]
