"""A list: a row for every project that has anything, and 合计 (项目支出表)."""

from collections.abc import Collection, Iterator
from typing import ClassVar, Literal

from projections.report.form import (
    TOTAL,
    Cell,
    Columned,
    InUse,
    Names,
    Part,
    Printing,
    Spec,
    headed,
)
from projections.report.grid import Body, Box, Column, Texts
from projections.report.selection import Leaf, selection

_NUMBER, _CODE, _NAME = "序号", "项目代码", "项目名称"


class Listed(Columned, frozen=True, kw_only=True, tag="list"):
    """A row is what the list is `by`."""

    by: Literal["project"]
    narrows: ClassVar[Part] = "project"

    def codes(self, used: InUse, /) -> Collection[str]:
        """The projects that have anything in a column."""
        return {code for wanted in self.counted() for code in used.projects(wanted)}

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
        heads, figures = headed(self.columns, printing, len(columns), top=0, down=1)
        rows = [
            [*(("", "", TOTAL) if code == TOTAL else (str(number), code, label))]
            + [texts.printed[code, column.no] for column in self.columns]
            for number, (code, label) in enumerate(texts.labels.items())
        ]
        return Body(deep, [*boxes, *heads], [*columns, *figures], [0], rows, [])
