"""A row for every functional code that has anything: 合计, 类, 款 and 项, each the sum of the
next."""

from collections.abc import Collection, Iterator
from typing import Any

from ledger.codes import functional
from ledger.line import func_children, func_class, func_levels, is_func_item
from projections.report.editions import TOTAL, Cell, Form, Spec, selection
from projections.report.grid import Body, Box, Column, Texts, one_line
from projections.report.layouts.in_use import InUse


def codes(form: Form, used: InUse, /) -> Collection[str]:
    """The 项 that have anything in a column."""
    base = form.data.get("leaf")
    leaves = (selection(base, column.get("leaf")) for column in form.data["columns"])
    return {func for leaf in leaves if leaf for func in used.items(leaf)}


def cells(form: Form, codes: Collection[str], /) -> Iterator[Cell]:
    """Every column of 合计 and of the 类, 款 and 项 of these codes."""
    items = sorted(filter(is_func_item, codes))
    names = functional()
    for code in (TOTAL, *sorted({level for item in items for level in func_levels(item)})):
        children = _children(code, items)
        for column in form.data["columns"]:
            yield Cell(
                f"T{form.number}.{code}.{column['no']}",
                form.number,
                code,
                TOTAL if code == TOTAL else names.get(code, ""),
                column["no"],
                _spec(form, code, children, column),
            )


def _children(code: str, items: list[str]) -> list[str]:
    return sorted(set(map(func_class, items))) if code == TOTAL else func_children(code, items)


def _spec(form: Form, code: str, children: list[str], column: dict[str, Any]) -> Spec:
    if code == TOTAL or children:
        parts = ((1, f"T{form.number}.{child}.{column['no']}") for child in children)
        return Spec(parts=tuple(parts))
    if "across" in column:
        plus = [(1, f"T{form.number}.{code}.{no}") for no in column["across"]]
        less = [(-1, f"T{form.number}.{code}.{no}") for no in column.get("less", [])]
        return Spec(parts=(*plus, *less))
    if "leaf" not in column:
        return Spec()
    return Spec(leaf=selection(form.data.get("leaf"), {"func": [code]}, column["leaf"]))


def body(form: Form, texts: Texts, /) -> Body:
    """Code, name and figures of every row that the table has."""
    boxes = [
        Box(0, 0, 1, 2, "项目"),
        *(Box(1, 0, 1, 1, "功能分类\n科目编码"), Box(1, 1, 1, 1, "科目名称")),
        Box(2, 0, 1, 2, "栏次"),
    ]
    columns = [Column("word", ("功能分类科目编码",)), Column("word", ("科目名称",))]
    numbers = [column["no"] for column in form.data["columns"]]
    for column in form.data["columns"]:
        boxes += [
            Box(0, len(columns), 2, 1, column["label"]),
            Box(2, len(columns), 1, 1, column["no"]),
        ]
        columns.append(Column("figure", (one_line(column["label"]),), column["no"]))
    rows = [
        ["" if code == label else code, label, *(texts.printed[code, no] for no in numbers)]
        for code, label in texts.labels.items()
    ]
    return Body(3, boxes, columns, [0], rows, [])
