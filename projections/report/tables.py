"""One table of the published accounts: its cells with their exact fen and what they print, and the
same as a grid, ready to be drawn."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.money import printed_wan
from projections.answers import DepartmentHeader, Header
from projections.report.cells import Cells
from projections.report.editions import Edition, edition
from projections.report.form import Form
from projections.report.grid import Grid, Texts

UNIT = "万元"


class TableCell(msgspec.Struct, frozen=True):
    """A cell of a table; `fen` is exact, `printed` 万元 as the form prints it."""

    id: str
    row: str
    label: str
    column: str
    fen: int
    printed: str


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
    found = [
        TableCell(
            cell.id,
            cell.row,
            cell.label,
            cell.column,
            cells.fen(cell.id),
            cells.printed(cell.id),
        )
        for cell in cells.table(number)
    ]
    empty = not any(cell.fen for cell in found)
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
        if stacked != cells.hundredths(name)
    ]


def filled(cells: Cells, text: str) -> str:
    """A title or sentence with the book's year and the unit's name."""
    year = str(cells.source.year)
    return text.replace("{year}", year).replace("{name}", cells.source.name)


def grid(header: Header, answer: PublishedTable, edition: Edition, department: str) -> Grid:
    """The grid of a table."""
    form = edition.forms[answer.table]
    texts = Texts(
        {cell.row: cell.label for cell in answer.cells},
        {(cell.row, cell.column): cell.printed for cell in answer.cells},
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


def _absent(header: Header) -> tuple[str, ...]:
    return tuple(header.absent) if isinstance(header, DepartmentHeader) else ()


def _notes(header: Header, answer: PublishedTable) -> list[str]:
    """注, its formulas, the sentence of an empty table, the units that have no book, and how far a
    table reaches that is not of the whole year as known now."""
    cuts = (("截至 {}", header.as_of), ("按 {} 时所知", header.known_at))
    cut = "，".join(text.format(moment) for text, moment in cuts if moment)
    absent = _absent(header)
    return [
        f"注：{answer.note}",
        *([f"　　{answer.formulas}"] if answer.formulas else []),
        *([f"说明：{answer.statement}"] if answer.statement else []),
        *([f"缺账套：{'、'.join(absent)}"] if absent else []),
        *([f"口径：{cut}"] if cut else []),
    ]
