"""One row of numbered columns in groups: 三公经费."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import Annotated

import msgspec

from ledger.toml import Where, Wrong
from projections.report.form import (
    Cell,
    Form,
    InUse,
    Key,
    Label,
    Mention,
    Names,
    Printing,
    Quote,
    Spec,
    repeated,
)
from projections.report.grid import Body, Box, Column, Kind, Texts, one_line
from projections.report.selection import Leaf, Selection, selection


class LineColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure: a leaf, the sum of other columns, or what is quoted; `over` is a heading that
    neighbours share."""

    no: Key
    label: Label
    over: Label = ""
    leaf: Leaf | None = None
    plus: tuple[str, ...] = ()
    figure: Quote | None = None


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns under one heading."""

    name: Label
    columns: Annotated[tuple[LineColumn, ...], msgspec.Meta(min_length=1)]


class OneLine(Form, frozen=True, kw_only=True, tag="line"):
    """Table 7, and what is said of people, assets and procurement in one row."""

    group: Annotated[tuple[Group, ...], msgspec.Meta(min_length=1)]
    leaf: Leaf | None = None

    def codes(self, used: InUse, /) -> Collection[str]:
        """None: the row has no code."""
        return ()

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """Every column of every group."""
        for group in self.group:
            for column in group.columns:
                if column.figure is not None:
                    spec = Spec(quoted=column.figure)
                elif column.plus:
                    spec = Spec(parts=tuple((1, self.id(no)) for no in column.plus))
                else:
                    spec = Spec(leaf=selection(self.leaf, column.leaf))
                label = one_line("-".join(filter(None, (group.name, column.over, column.label))))
                yield Cell(self.id(column.no), self.number, "", label, column.no, spec)

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """The figures under their groups, some columns of a group under a heading of their own."""
        boxes: list[Box] = []
        columns: list[Column] = []
        for group in self.group:
            boxes.append(Box(0, len(columns), 1, len(group.columns), group.name))
            for over, run in groupby(group.columns, key=lambda column: column.over):
                members = list(run)
                if over:
                    boxes.append(Box(1, len(columns), 1, len(members), over))
                for column in members:
                    at, label = len(columns), column.label
                    boxes.append(Box(2, at, 1, 1, label) if over else Box(1, at, 2, 1, label))
                    if printing.column_numbers:
                        boxes.append(Box(3, at, 1, 1, column.no))
                    path = (group.name, *filter(None, (over, one_line(label))))
                    kind: Kind = "word" if column.no in texts.words else "figure"
                    columns.append(Column(kind, path, column.no if printing.column_numbers else ""))
        row = [texts.printed["", column.no] for group in self.group for column in group.columns]
        return Body(3 + printing.column_numbers, boxes, columns, [0], [row], [])

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """Those of its columns."""
        for first, group in enumerate(self.group):
            for second, column in enumerate(group.columns):
                if not column.plus and column.figure is None:
                    where = ("group", first, "columns", second)
                    yield where, selection(self.leaf, column.leaf)

    def quotes(self) -> Iterator[tuple[Where, str]]:
        """Those of its columns."""
        for first, group in enumerate(self.group):
            for second, column in enumerate(group.columns):
                if column.figure is not None:
                    yield ("group", first, "columns", second), column.figure

    def wrong(self) -> Iterator[Wrong]:
        """Columns that are two things at once."""
        for first, group in enumerate(self.group):
            for second, column in enumerate(group.columns):
                where = ("group", first, "columns", second)
                told = (bool(column.plus), column.leaf is not None, column.figure is not None)
                if sum(told) > 1:
                    yield Wrong(where, column.no, "leaf、plus 或 figure 之一（一栏只能有一种取数）")
                yield from repeated(column.plus, *where, "plus")

    def named(self) -> Iterator[tuple[Where, str]]:
        """Its columns."""
        for first, group in enumerate(self.group):
            for second, column in enumerate(group.columns):
                yield ("group", first, "columns", second), column.no

    def mentions(self) -> Iterator[Mention]:
        """What its columns add up."""
        for first, group in enumerate(self.group):
            for second, column in enumerate(group.columns):
                for name in column.plus:
                    where = ("group", first, "columns", second, "plus")
                    yield Mention(where, column.no, name)
