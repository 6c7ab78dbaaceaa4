"""A published table with last year's beside it: of every cell last year's figure, the change and
its rate, whatever the layout of its form.

The form draws its body once for each of them, all with the same rows, and the bodies are laid over
each other: in files as columns behind each figure, on a screen, where these fit no line, as rows
beneath.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from ledger.money import hundredths, percent, rate
from projections.answers import Compared, Header
from projections.report.cells import Cells
from projections.report.editions import Edition
from projections.report.figure import Figure, ToldValue, told, told_fen
from projections.report.figures import ADDED_UP
from projections.report.form import Cell
from projections.report.grid import Box, Column, Grid, joined
from projections.report.tables import (
    PublishedTable,
    TableCell,
    form_of,
    grid,
    table,
    told_cell,
)

BESIDE = ("本年", "上年", "增减", "增减率")
"""What stands beside each other, in its order."""


class CellBeside(TableCell, frozen=True, kw_only=True):
    """A cell beside that of last year: its figure, the change in fen and its rate, null where last
    year is nil. What is no amount has values instead of fen, a count its change and rate too; what
    either year has yet to say has no change."""

    last_year_fen: int | UnsetType | None = UNSET
    last_year_value: ToldValue | UnsetType = UNSET
    last_year_printed: str
    change_fen: int | UnsetType | None = UNSET
    change_value: int | UnsetType | None = UNSET
    change_rate: str | UnsetType | None = UNSET


class TableBeside(PublishedTable, frozen=True):
    """A table whose cells stand beside last year's."""

    cells: Sequence[CellBeside]


def beside(now: Cells, then: Cells, number: int) -> TableBeside:
    """Table `number` with the rows that either year has; what only one of them has is nil in the
    other. Raises `Malformed`."""
    form = form_of(now, number)
    labels = {cell.id: cell.label for year in (then, now) for cell in year.table(number)}
    both = form.cells({*now.codes(form), *then.codes(form)}, now.rows)
    named = (cell._replace(label=labels[cell.id]) for cell in both)
    said = asdict(table(now, number)) | {"cells": [_compared(now, then, cell) for cell in named]}
    return TableBeside(**said)


def _compared(now: Cells, then: Cells, cell: Cell) -> CellBeside:
    own, last = _of(now, then, cell), _of(then, now, cell)
    there = None not in (own.value, last.value)
    change = own.number - last.number if own.kind in ADDED_UP and there else None
    changed = None if change is None else rate(change, last.number)
    return CellBeside(
        **asdict(told_cell(cell, own)),
        last_year_fen=told_fen(last),
        last_year_value=told(last),
        last_year_printed=last.printed,
        change_fen=change if own.kind == "amount" else UNSET,
        change_value=change if own.kind == "count" else UNSET,
        change_rate=changed if own.kind in ADDED_UP else UNSET,
    )


def _of(year: Cells, other: Cells, cell: Cell) -> Figure:
    """A cell of a year; of a row that only the other has, nothing."""
    if cell.id in year.all:
        return year.beside.figure(cell.id)
    return other.beside.figure(cell.id).none._replace(printed=year.nil(cell))


class Drawn(NamedTuple):
    """A table and what is laid beside it, grids of the same shape in the order of `BESIDE`."""

    now: Grid
    others: tuple[Grid, ...]

    @property
    def every(self) -> tuple[Grid, ...]:
        """All of them."""
        return self.now, *self.others


def drawn(
    header: Header, answer: TableBeside, edition: Edition, department: str, compared: Compared
) -> Drawn:
    """The grids of a table that has last year's figures."""

    def change(cell: CellBeside) -> str:
        if not _any(cell):
            return ""
        if isinstance(cell.change_value, int):
            return edition.counted(cell.change_value)
        return edition.printed(hundredths(cell.change_fen or 0))

    def change_rate(cell: CellBeside) -> str:
        return percent(cell.change_rate or None) if _any(cell) else ""

    def of(show: Callable[[CellBeside], str]) -> Grid:
        cells = [replace(cell, printed=show(cell), missing=UNSET) for cell in answer.cells]
        return grid(header, replace(answer, cells=cells), edition, department)

    now = grid(header, answer, edition, department)
    told = (compared.told(), "增减按元计算后折为万元，因四舍五入可与打印数之差不等。")
    now = now._replace(title=f"{now.title}（与上年比较）", notes=[*now.notes, *told])
    return Drawn(now, (of(lambda cell: cell.last_year_printed), of(change), of(change_rate)))


def _any(cell: CellBeside) -> bool:
    """Whether there is a change to be told, if only that there is none."""
    amount = isinstance(cell.change_fen, int) and bool(cell.fen or cell.last_year_fen)
    count = isinstance(cell.change_value, int) and bool(cell.value or cell.last_year_value)
    return amount or count


def in_columns(drawn: Drawn) -> Grid:
    """Last year's figure, the change and its rate behind each figure, under a heading more."""
    now, columns = drawn.now, drawn.now.columns
    figures = [column.kind == "figure" for column in columns]
    at = [0]
    for figure in figures:
        at.append(at[-1] + (len(BESIDE) if figure else 1))

    def laid(rows: Sequence[Sequence[str]]) -> list[str]:
        return joined(
            [row[i] for row in rows] if figure else [rows[0][i]] for i, figure in enumerate(figures)
        )

    return now._replace(
        head=now.head + 1,
        boxes=[
            *(
                box._replace(
                    column=at[box.column],
                    across=at[box.column + box.across] - at[box.column],
                )
                for box in now.boxes
            ),
            *_headings(now.head, figures),
        ],
        columns=[
            each._replace(path=path)
            for each, figure in zip(columns, figures, strict=True)
            for path in (
                [each.path, *((*each.path, name) for name in BESIDE[1:])] if figure else [each.path]
            )
        ],
        parts=[at[part] for part in now.parts],
        rows=[laid(rows) for rows in zip(*(each.rows for each in drawn.every), strict=True)],
        foot=[
            total._replace(
                first=at[total.first],
                last=at[total.last],
                beside=tuple(other.printed for other in others),
            )
            for total, *others in zip(*(each.foot for each in drawn.every), strict=True)
        ],
    )


def _headings(row: int, figures: Sequence[bool]) -> Iterator[Box]:
    """The last row of the header: what each column of figures is."""
    column = 0
    for figure in figures:
        for name in BESIDE if figure else ("",):
            yield Box(row, column, 1, 1, name)
            column += 1


def in_rows(drawn: Drawn) -> Grid:
    """Three rows beneath each row that has a figure in either year, named in the last column of
    words of each part that has one. The sums of the foot are told so, too, at the end."""
    now = drawn.now
    years = [[*each.rows, *filter(None, [each.totals()])] for each in drawn.every]
    return now._replace(rows=[*_beneath(now, years)], foot=[])


def in_named_rows(drawn: Drawn) -> Grid:
    """The same, a column of words in front of a table that has none, so that every row is named."""
    told = in_rows(drawn)
    if any(column.kind == "word" for column in told.columns):
        return told
    return told._replace(
        boxes=[
            Box(0, 0, told.head, 1, ""),
            *(box._replace(column=box.column + 1) for box in told.boxes),
        ],
        columns=[Column("word", ("",)), *told.columns],
        parts=[0, *(part + 1 for part in told.parts[1:])],
        rows=[[name, *row] for name, row in zip(BESIDE, told.rows, strict=False)],
    )


def _beneath(now: Grid, years: Sequence[Sequence[list[str]]]) -> Iterator[list[str]]:
    figures = [column.kind == "figure" for column in now.columns]
    ends = [*now.parts[1:], len(figures)]
    for own, *others in zip(*years, strict=True):
        yield own
        rows = [
            [text if figure else "" for text, figure in zip(row, figures, strict=True)]
            for row in others
        ]
        changed = rows[BESIDE.index("增减") - 1]
        for first, last in zip(now.parts, ends, strict=True):
            words = [i for i in range(first, last) if now.columns[i].kind == "word"]
            for row, name in zip(rows, BESIDE[1:], strict=True):
                if not any(changed[first:last]):
                    row[first:last] = [""] * (last - first)
                elif words:
                    row[words[-1]] = f"　{name}"
        yield from (row for row in rows if any(row))
