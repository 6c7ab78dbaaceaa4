"""A row for every functional code that has anything: 合计, 类, 款 and 项, each the sum of the
next."""

from collections.abc import Collection, Iterator
from typing import Annotated

import msgspec

from ledger.line import func_children, func_class, func_levels, is_func_item
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


class Tree(Form, frozen=True, kw_only=True, tag="tree"):
    """Tables 2, 3, 5, 8, 9."""

    columns: Annotated[tuple[ColumnOf, ...], msgspec.Meta(min_length=1)]
    leaf: Leaf | None = None

    def codes(self, used: InUse, /) -> Collection[str]:
        """The 项 that have anything in a column."""
        leaves = (selection(self.leaf, column.leaf) for column in self.columns if not column.across)
        return {func for leaf in leaves if leaf for func in used.items(leaf)}

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """Every column of 合计 and of the 类, 款 and 项 of these codes."""
        items = sorted(filter(is_func_item, codes))
        for code in (TOTAL, *sorted({level for item in items for level in func_levels(item)})):
            children = _children(code, items)
            label = TOTAL if code == TOTAL else names.functional(code)
            for column in self.columns:
                spec = self._spec(code, children, column)
                yield Cell(self.id(code, column.no), self.number, code, label, column.no, spec)

    def _spec(self, code: str, children: list[str], column: ColumnOf) -> Spec:
        if code == TOTAL or children:
            return Spec(parts=tuple((1, self.id(child, column.no)) for child in children))
        across = column.across_row(self, code)
        if across is not None:
            return across
        return Spec(leaf=selection(self.leaf, Leaf(func=(code,)), column.leaf))

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """Code, name and figures of every row that the table has."""
        boxes = [
            Box(0, 0, 1, 2, "项目"),
            *(Box(1, 0, 1, 1, "功能分类\n科目编码"), Box(1, 1, 1, 1, "科目名称")),
        ]
        if printing.column_numbers:
            boxes.append(Box(2, 0, 1, 2, "栏次"))
        columns = [Column("word", ("功能分类科目编码",)), Column("word", ("科目名称",))]
        for column in self.columns:
            boxes.append(Box(0, len(columns), 2, 1, column.label))
            if printing.column_numbers:
                boxes.append(Box(2, len(columns), 1, 1, column.no))
            no = column.no if printing.column_numbers else ""
            columns.append(Column("figure", (one_line(column.label),), no))
        rows = [
            ["" if code == label else code, label]
            + [texts.printed[code, column.no] for column in self.columns]
            for code, label in texts.labels.items()
        ]
        return Body(2 + printing.column_numbers, boxes, columns, [0], rows, [])

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """Those of its columns."""
        return columns_select(self.columns, self.leaf)

    def wrong(self) -> Iterator[Wrong]:
        """Its columns, and what its rows narrow."""
        yield from columns_wrong(self.columns)
        yield from narrowed("func", self.leaf, self.columns)

    def named(self) -> Iterator[tuple[Where, str]]:
        """Its columns."""
        return columns_named(self.columns)

    def mentions(self) -> Iterator[Mention]:
        """What its columns add up."""
        return columns_mention(self.columns)


def _children(code: str, items: list[str]) -> list[str]:
    return sorted(set(map(func_class, items))) if code == TOTAL else func_children(code, items)
