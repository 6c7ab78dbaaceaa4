"""A list: a row for every project that has anything, and 合计 (项目支出表)."""

from collections.abc import Collection, Iterator
from typing import Annotated, Literal

import msgspec

from ledger.toml import Where, Wrong
from projections.report.form import (
    TOTAL,
    Cell,
    ColumnOf,
    Form,
    InUse,
    Mention,
    Names,
    Printing,
    Spec,
    columns_mention,
    columns_named,
    columns_select,
    columns_wrong,
    narrowed,
)
from projections.report.grid import Body, Box, Column, Texts, one_line
from projections.report.selection import Leaf, Selection, selection

_NUMBER, _CODE, _NAME = "序号", "项目代码", "项目名称"


class Listed(Form, frozen=True, kw_only=True, tag="list"):
    """A row is what the list is `by`."""

    by: Literal["project"]
    columns: Annotated[tuple[ColumnOf, ...], msgspec.Meta(min_length=1)]
    leaf: Leaf | None = None

    def codes(self, used: InUse, /) -> Collection[str]:
        """The projects that have anything in a column."""
        leaves = (selection(self.leaf, column.leaf) for column in self.columns if not column.across)
        return {code for leaf in leaves if leaf for code in used.projects(leaf)}

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """Every column of 合计, then of the projects."""
        rows = sorted(set(codes) - {TOTAL})
        for code in (TOTAL, *rows):
            label = TOTAL if code == TOTAL else names.project(code)
            for column in self.columns:
                if code == TOTAL:
                    spec = Spec(parts=tuple((1, self.id(row, column.no)) for row in rows))
                else:
                    leaf = selection(self.leaf, Leaf(project=(code,)), column.leaf)
                    spec = column.across_row(self, code) or Spec(leaf=leaf)
                yield Cell(self.id(code, column.no), self.number, code, label, column.no, spec)

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """Number, code, name and figures of every row."""
        boxes: list[Box] = []
        columns: list[Column] = []
        deep = 1 + printing.column_numbers
        for word in (_NUMBER, _CODE, _NAME):
            boxes.append(Box(0, len(columns), deep, 1, word))
            columns.append(Column("mark" if word == _NUMBER else "word", (word,)))
        for column in self.columns:
            boxes.append(Box(0, len(columns), 1, 1, column.label))
            if printing.column_numbers:
                boxes.append(Box(1, len(columns), 1, 1, column.no))
            no = column.no if printing.column_numbers else ""
            columns.append(Column("figure", (one_line(column.label),), no))
        rows = [
            [*(("", "", TOTAL) if code == TOTAL else (str(number), code, label))]
            + [texts.printed[code, column.no] for column in self.columns]
            for number, (code, label) in enumerate(texts.labels.items())
        ]
        return Body(deep, boxes, columns, [0], rows, [])

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """Those of its columns."""
        return columns_select(self.columns, self.leaf)

    def wrong(self) -> Iterator[Wrong]:
        """Its columns, and what its rows narrow."""
        yield from columns_wrong(self.columns)
        yield from narrowed("project", self.leaf, self.columns)

    def named(self) -> Iterator[tuple[Where, str]]:
        """Its columns."""
        return columns_named(self.columns)

    def mentions(self) -> Iterator[Mention]:
        """What its columns add up."""
        return columns_mention(self.columns)
