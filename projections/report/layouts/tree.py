"""A row for every functional code that has anything: 合计, 类, 款 and 项, each the sum of the
next."""

from collections.abc import Collection, Iterator
from typing import ClassVar

from ledger.line import func_children, func_class, func_levels, is_func_item
from projections.report.form import (
    TOTAL,
    Cell,
    Columned,
    ColumnOf,
    InUse,
    Names,
    Part,
    Printing,
    Spec,
    headed,
)
from projections.report.grid import Body, Box, Column, Texts
from projections.report.selection import Leaf, selection


class Tree(Columned, frozen=True, kw_only=True, tag="tree"):
    """Tables 2, 3, 5, 8, 9."""

    narrows: ClassVar[Part] = "func"

    def codes(self, used: InUse, /) -> Collection[str]:
        """The 项 that have anything in a column."""
        return {func for wanted in self.counted() for func in used.items(wanted)}

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
        leaf = selection(self.leaf, Leaf(func=(code,)), column.leaf)
        return column.of_row(self, code) or Spec(leaf=leaf)

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """Code, name and figures of every row that the table has."""
        boxes = [
            Box(0, 0, 1, 2, "项目"),
            *(Box(1, 0, 1, 1, "功能分类\n科目编码"), Box(1, 1, 1, 1, "科目名称")),
        ]
        if printing.column_numbers:
            boxes.append(Box(2, 0, 1, 2, "栏次"))
        columns = [Column("word", ("功能分类科目编码",)), Column("word", ("科目名称",))]
        heads, figures = headed(self.columns, printing, len(columns), top=0, down=2)
        rows = [
            ["" if code == label else code, label]
            + [texts.printed[code, column.no] for column in self.columns]
            for code, label in texts.labels.items()
        ]
        return Body(
            2 + printing.column_numbers, [*boxes, *heads], [*columns, *figures], [0], rows, []
        )


def _children(code: str, items: list[str]) -> list[str]:
    return sorted(set(map(func_class, items))) if code == TOTAL else func_children(code, items)
