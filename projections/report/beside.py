"""A published table with last year's beside it: of every cell last year's figure, the change and
its rate, whatever the layout of its form.

The form draws its body once for each of them, all with the same rows, and the bodies are laid over
each other: in files as columns behind each figure, on a screen, where these fit no line, as rows
beneath.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import asdict, replace

from ledger.money import hundredths, percent, rate
from projections.answers import Compared, Header
from projections.report.cells import Cells
from projections.report.editions import Edition
from projections.report.form import Cell, Nameless
from projections.report.grid import Box, Column, Grid, joined
from projections.report.tables import PublishedTable, TableCell, form_of, grid, table

BESIDE = ("本年", "上年", "增减", "增减率")
"""What stands beside each other, in its order."""


class CellBeside(TableCell, frozen=True):
    """A cell beside that of last year: its figure, the change in fen and its rate, null where last
    year is nil."""

    last_year_fen: int
    last_year_printed: str
    change_fen: int
    change_rate: str | None


class TableBeside(PublishedTable, frozen=True):
    """A table whose cells stand beside last year's."""

    cells: Sequence[CellBeside]


def beside(now: Cells, then: Cells, number: int) -> TableBeside:
    """Table `number` with the rows that either year has; what only one of them has is nil in the
    other. Raises `Malformed`."""
    form = form_of(now, number)
    labels = {cell.id: cell.label for year in (then, now) for cell in year.table(number)}
    both = form.cells({*now.codes(form), *then.codes(form)}, Nameless())
    named = (cell._replace(label=labels[cell.id]) for cell in both)
    said = asdict(table(now, number)) | {"cells": [_compared(now, then, cell) for cell in named]}
    return TableBeside(**said)


def _compared(now: Cells, then: Cells, cell: Cell) -> CellBeside:
    (fen, printed), (last_fen, last_printed) = (_of(year, cell) for year in (now, then))
    change_fen = fen - last_fen
    return CellBeside(
        cell.id,
        cell.row,
        cell.label,
        cell.column,
        fen,
        printed,
        last_year_fen=last_fen,
        last_year_printed=last_printed,
        change_fen=change_fen,
        change_rate=rate(change_fen, last_fen),
    )


def _of(year: Cells, cell: Cell) -> tuple[int, str]:
    there = cell.id in year.all
    return (year.fen(cell.id), year.printed(cell.id)) if there else (0, year.nil(cell))


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
        return edition.printed(hundredths(cell.change_fen)) if _any(cell) else ""

    def change_rate(cell: CellBeside) -> str:
        return percent(cell.change_rate) if _any(cell) else ""

    def of(show: Callable[[CellBeside], str]) -> Grid:
        cells = [replace(cell, printed=show(cell)) for cell in answer.cells]
        return grid(header, replace(answer, cells=cells), edition, department)

    now = grid(header, answer, edition, department)
    told = (compared.told(), "增减按元计算后折为万元，因四舍五入可与打印数之差不等。")
    now = now._replace(title=f"{now.title}（与上年比较）", notes=[*now.notes, *told])
    return Drawn(now, (of(lambda cell: cell.last_year_printed), of(change), of(change_rate)))


def _any(cell: CellBeside) -> bool:
    return bool(cell.fen or cell.last_year_fen)


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
