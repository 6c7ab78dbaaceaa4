"""Numbered rows side by side: 收入 and 支出 of the general tables.

A side has its own columns and rows. A row may have figures only `in` some columns; elsewhere it
prints its `void`.
"""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Annotated

import msgspec
from msgspec import field

from ledger.toml import Where, Wrong
from projections.report.form import (
    Cell,
    ColumnOf,
    Form,
    InUse,
    Label,
    Mention,
    Names,
    Printing,
    Quote,
    Spec,
    columns_mention,
    columns_named,
    columns_wrong,
    expanded,
    headed,
    repeated,
)
from projections.report.grid import Body, Box, Column, Texts, joined
from projections.report.selection import Leaf, Selection, selection


class SideRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row: a leaf, a sum of rows (`1..8` is a range), or the `figure` that it quotes, in several
    columns one by the number of each; none of these: a blank one."""

    no: Annotated[int, msgspec.Meta(ge=1, le=999)]
    label: Label
    leaf: Leaf | None = None
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()
    figure: Quote | dict[str, Quote] | None = None
    within: tuple[str, ...] | None = field(name="in", default=None)
    void: Label = ""

    def has(self, column: str) -> bool:
        """Whether it has a figure in a column."""
        return self.within is None or column in self.within

    def quoted(self, column: ColumnOf) -> str:
        """What it quotes in a column; nothing where it does not, or where that is a sum."""
        if isinstance(self.figure, dict):
            return self.figure.get(column.no, "")
        return "" if self.figure is None or column.across else self.figure


class TableSide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows under columns of their own."""

    name: Label
    columns: Annotated[tuple[ColumnOf, ...], msgspec.Meta(min_length=1)]
    rows: Annotated[tuple[SideRow, ...], msgspec.Meta(min_length=1)]


class Sides(Form, frozen=True, kw_only=True, tag="sides"):
    """Tables 1 and 4."""

    side: Annotated[tuple[TableSide, ...], msgspec.Meta(min_length=1)]

    def codes(self, used: InUse, /) -> Collection[str]:
        """None: every row is numbered by the form."""
        return ()

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """Every row at every column of its side. With one column on every side a cell is named by
        its row."""
        single = all(len(side.columns) == 1 for side in self.side)
        columns_of = {str(row.no): side.columns for side in self.side for row in side.rows}

        def name(row: str, position: int) -> str:
            """A row of any side, at the column in the same place or at its only one."""
            columns = columns_of[row]
            column = columns[0] if len(columns) == 1 else columns[position]
            return self.id(row) if single else self.id(row, column.no)

        for side in self.side:
            for row in side.rows:
                for position, column in enumerate(side.columns):
                    spec = Spec()
                    if row.has(column.no):
                        spec = self._spec(row, column, partial(name, position=position))
                    yield Cell(
                        name(str(row.no), position),
                        self.number,
                        str(row.no),
                        row.label,
                        column.no,
                        spec,
                        row.void if spec == Spec() else None,
                    )

    def _spec(self, row: SideRow, column: ColumnOf, name: Callable[[str], str]) -> Spec:
        quoted = row.quoted(column)
        if quoted:
            return Spec(quoted=quoted)
        if row.leaf is None and not row.plus and row.figure is None:
            return Spec()
        across = column.across_row(self, str(row.no))
        if across is not None:
            return across
        if row.plus:
            plus = [(1, name(each)) for each in expanded(row.plus)]
            minus = [(-1, name(each)) for each in expanded(row.minus)]
            return Spec(parts=(*plus, *minus))
        return Spec() if row.leaf is None else Spec(leaf=selection(column.leaf, row.leaf))

    def row_of(self, func: str) -> str:
        """The number of the row of a functional code; the code itself if there is none."""
        rows = (row for side in self.side for row in side.rows)
        numbers = (str(row.no) for row in rows if row.leaf and row.leaf.func == (func,))
        return next(numbers, func)

    def without(self, func: str) -> bool:
        """Whether none of its rows is of the code: `row_of` then has nothing to call it by."""
        rows = (row for side in self.side for row in side.rows)
        return not any(row.leaf and func in (row.leaf.func or ()) for row in rows)

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """项目, 行次 and the figures of every side. A short side is blank below its last row."""
        boxes: list[Box] = []
        columns: list[Column] = []
        parts: list[int] = []
        words = ["项目", "行次"] if printing.row_numbers else ["项目"]
        for side in self.side:
            at = len(columns)
            parts.append(at)
            boxes.append(Box(0, at, 1, len(words) + len(side.columns), side.name))
            for word in words:
                boxes.append(Box(1, len(columns), 1, 1, word))
                if printing.column_numbers:
                    boxes.append(Box(2, len(columns), 1, 1, "栏次" if word == "项目" else ""))
                columns.append(Column("word" if word == "项目" else "mark", (side.name, word)))
            heads, figures = headed(
                *(side.columns, printing, len(columns)), top=1, down=1, over=side.name
            )
            boxes += heads
            columns += figures
        longest = max(len(side.rows) for side in self.side)
        rows = [
            joined(_row(side, index, texts, printing) for side in self.side)
            for index in range(longest)
        ]
        return Body(2 + printing.column_numbers, boxes, columns, parts, rows, [])

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """Those of its rows, at every column in which they have a figure."""
        for first, side in enumerate(self.side):
            for second, row in enumerate(side.rows):
                for column in side.columns:
                    counted = row.leaf is not None and not row.quoted(column)
                    if counted and row.has(column.no) and not column.across:
                        yield ("side", first, "rows", second), selection(column.leaf, row.leaf)

    def quotes(self) -> Iterator[tuple[Where, str]]:
        """Those of its rows."""
        for first, side in enumerate(self.side):
            for second, row in enumerate(side.rows):
                for column in side.columns:
                    quoted = row.quoted(column)
                    if quoted and row.has(column.no):
                        yield ("side", first, "rows", second), quoted

    def wrong(self) -> Iterator[Wrong]:
        """A row that is two things at once; a sum of rows that have other columns."""
        many = {str(row.no): len(side.columns) for side in self.side for row in side.rows}
        single = all(len(side.columns) == 1 for side in self.side)
        for first, side in enumerate(self.side):
            yield from columns_wrong(side.columns, "side", first)
            for third, column in enumerate(side.columns):
                if column.figure is not None:
                    expected = "不写 figure（写在各行）"
                    yield Wrong(("side", first, "columns", third, "figure"), column.no, expected)
            own = {column.no for column in side.columns}
            for third, column in enumerate(side.columns):
                for no in (*column.across, *column.less):
                    if single or no not in own:
                        expected = "本侧另外的栏" if not single else "有几栏的一侧才能用 across"
                        yield Wrong(("side", first, "columns", third, "across"), no, expected)
            for second, row in enumerate(side.rows):
                where = ("side", first, "rows", second)
                summed = bool(row.plus or row.minus)
                if sum((row.leaf is not None, summed, isinstance(row.figure, str))) > 1:
                    expected = "leaf、plus 或 figure 之一（一行只能有一种取数）"
                    yield Wrong(where, str(row.no), expected)
                yield from _quoting_wrong(side, row, where)
                yield from repeated((*row.plus, *row.minus), *where, "plus")
                for no in set(row.within or ()) - own:
                    yield Wrong((*where, "in"), no, "本侧的栏：" + "、".join(sorted(own)))
                for name in (*row.plus, *row.minus):
                    if ".." in name and expanded((name,)) == [name]:
                        yield Wrong((*where, "plus"), name, "由小到大的一段行，如 1..8")
                if row.minus and not row.plus:
                    yield Wrong((*where, "minus"), str(row.no), "与 plus 同用的 minus")
                for name in expanded((*row.plus, *row.minus)):
                    if many.get(name, 1) not in (1, len(side.columns)):
                        expected = f"栏数相同的行，或只有一栏的行（本侧 {len(side.columns)} 栏）"
                        yield Wrong((*where, "plus"), name, expected)

    def named(self) -> Iterator[tuple[Where, str]]:
        """Its rows, then its columns."""
        for first, side in enumerate(self.side):
            for second, row in enumerate(side.rows):
                yield ("side", first, "rows", second), str(row.no)
        for first, side in enumerate(self.side):
            for where, no in columns_named(side.columns, "side", first):
                yield where, _column(no)

    def mentions(self) -> Iterator[Mention]:
        """What its rows and columns add up, and the columns in which rows have figures."""
        for first, side in enumerate(self.side):
            for second, row in enumerate(side.rows):
                where = ("side", first, "rows", second)
                for key, names in (("plus", row.plus), ("minus", row.minus)):
                    for name in expanded(names):
                        yield Mention((*where, key), str(row.no), name)
                for no in row.within or ():
                    yield Mention((*where, "in"), "", _column(no))
            for mention in columns_mention(side.columns, "side", first):
                yield Mention(mention.where, _column(mention.owner), _column(mention.name))


def _quoting_wrong(side: TableSide, row: SideRow, where: Where) -> Iterator[Wrong]:
    """One figure in several columns, or figures of columns that there are not; a column has none
    of its own here."""
    having = [column.no for column in side.columns if row.has(column.no) and not column.across]
    if isinstance(row.figure, str) and len(having) > 1:
        columns = "、".join(having)
        expected = f'{{ "{having[0]}" = "…" }}（分栏写明，各栏为 {columns}；或用 in 写明一栏）'
        yield Wrong((*where, "figure"), row.figure, expected)
    elif isinstance(row.figure, dict):
        for no in row.figure:
            if no not in having:
                expected = "本行有数的栏：" + "、".join(having)
                yield Wrong((*where, "figure", no), no, expected)


def _column(no: str) -> str:
    """A column as formulas name it beside rows of the same number."""
    return f"{no} 栏"


def _row(side: TableSide, index: int, texts: Texts, printing: Printing) -> list[str]:
    words = ["", ""] if printing.row_numbers else [""]
    if index >= len(side.rows):
        return [*words, *("" for _ in side.columns)]
    row = side.rows[index]
    no = str(row.no)
    words = [row.label, no] if printing.row_numbers else [row.label]
    return [*words, *(texts.printed[no, column.no] for column in side.columns)]
