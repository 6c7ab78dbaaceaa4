"""A list: a row for every project that has anything (项目支出表), every contract that stands
(政府采购合同) or every item of assets that was counted (国有资产占用情况表).

Projects and contracts have 合计 in columns that add up. Items of assets have none: what is counted
in 辆 and in 台（套） is no sum.
"""

from collections.abc import Collection, Iterator
from typing import ClassVar, Self

from msgspec.structs import replace

from ledger.toml import Where, Wrong
from projections.report.form import (
    TOTAL,
    Cell,
    Columned,
    ColumnOf,
    InUse,
    Label,
    ListedBy,
    Names,
    Part,
    Printing,
    Spec,
    columns_wrong,
    headed,
)
from projections.report.grid import Body, Box, Column, Texts
from projections.report.selection import Leaf, Selection, selection

_NUMBER, _CODE = "序号", "代码"
_CODES: dict[ListedBy, str] = {"project": "项目代码", "contract": "合同编号", "asset": ""}
_NAMES: dict[ListedBy, str] = {"project": "项目名称", "contract": "供应商", "asset": "资产项目"}


class Listed(Columned, frozen=True, kw_only=True, tag="list"):
    """A row is what the list is `by`. `code` and `name` are the headings of the words before the
    figures, where they are not the usual ones; the codes of assets are printed only where they have
    a heading."""

    by: ListedBy
    code: Label = ""
    name: Label = ""
    narrows: ClassVar[Part] = "project"

    def codes(self, used: InUse, /) -> Collection[str]:
        """The projects that have anything in a column; the contracts or items that are there."""
        if self.by != "project":
            return used.there(self.by)
        return {code for wanted in self.counted() for code in used.projects(wanted)}

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """Every column of 合计, then of the rows: those that have a name by their order, then by
        code."""
        called = names.called(self.by)
        rows = [code for code in called if code in codes]
        rows += sorted(set(codes) - {TOTAL} - set(rows))
        for column in self.columns if self.by != "asset" else ():
            if column.figure is None or names.adds_up(column.figure):
                spec = Spec(parts=tuple((1, self.id(row, column.no)) for row in rows))
                yield self._cell(TOTAL, TOTAL, column, spec)
        for code in rows:
            label = names.project(code) if self.by == "project" else called.get(code, "")
            for column in self.columns:
                yield self._cell(code, label, column, self._spec(code, column))

    def _spec(self, code: str, column: ColumnOf) -> Spec:
        leaf = selection(self.leaf, Leaf(project=(code,)), column.leaf)
        return column.of_row(self, code) or Spec(leaf=leaf)

    def _cell(self, code: str, label: str, column: ColumnOf, spec: Spec) -> Cell:
        return Cell(self.id(code, column.no), self.number, code, label, column.no, spec)

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """Number, code, name and figures of every row."""
        boxes: list[Box] = []
        columns: list[Column] = []
        deep = 1 + printing.column_numbers
        coded = self.code or _CODES[self.by]
        for word in filter(None, (_NUMBER, coded, self.name or _NAMES[self.by])):
            boxes.append(Box(0, len(columns), deep, 1, word))
            columns.append(Column("mark" if word == _NUMBER else "word", (word,)))
        heads, figures = headed(
            *(self.columns, printing, len(columns)), top=0, down=1, words=texts.words
        )
        rows = []
        for number, (code, label) in enumerate(texts.labels.items(), TOTAL not in texts.labels):
            words = ["", "", TOTAL] if code == TOTAL else [str(number), code, label]
            if not coded:
                del words[1]
            # what does not add up has no cell in 合计
            rows.append(
                [*words, *(texts.printed.get((code, column.no), "") for column in self.columns)]
            )
        return Body(deep, [*boxes, *heads], [*columns, *figures], [0], rows, [])

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """Those of its columns; of contracts and assets none."""
        return super().leaves() if self.by == "project" else iter(())

    def with_ids(self) -> Self:
        """With the codes of its rows: they are part of a cell's id."""
        return self if self.code or _CODES[self.by] else replace(self, code=_CODE)

    def wrong(self) -> Iterator[Wrong]:
        """Of contracts and assets the book's money says nothing: they have no leaf."""
        if self.by == "project":
            yield from super().wrong()
            return
        yield from columns_wrong(self.columns)
        expected = f'figure 或 across（by = "{self.by}" 的表不由 leaf 取数）'
        if self.leaf is not None:
            yield Wrong(("leaf",), "leaf", expected)
        for position, column in enumerate(self.columns):
            if column.figure is None and not column.across:
                yield Wrong(("columns", position), column.no, expected)
