"""Numbered rows side by side: 收入 and 支出 of the general tables.

A side has its own columns and rows. A row may have figures only `in` some columns; elsewhere it
prints its `void`.
"""

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any

from projections.report.editions import Cell, Form, Spec, expanded, selection
from projections.report.grid import Body, Box, Column, Texts, joined, one_line
from projections.report.layouts.in_use import InUse


def codes(form: Form, used: InUse, /) -> Collection[str]:
    """None: every row is numbered by the form."""
    return ()


def cells(form: Form, codes: Collection[str], /) -> Iterator[Cell]:
    """Every row at every column of its side. With one column on every side a cell is named by its
    row."""
    sides = form.data["side"]
    single = all(len(side["columns"]) == 1 for side in sides)
    columns_of = {row["no"]: side["columns"] for side in sides for row in side["rows"]}

    def name(row: str, position: int) -> str:
        """A row of any side, at the column in the same place or at its only one."""
        columns = columns_of[int(row)]
        column = columns[0] if len(columns) == 1 else columns[position]
        return f"T{form.number}.{row}" if single else f"T{form.number}.{row}.{column['no']}"

    for side in sides:
        for row in side["rows"]:
            for position, column in enumerate(side["columns"]):
                spec = Spec()
                if column["no"] in row.get("in", [column["no"]]):
                    spec = _spec(form, row, column, partial(name, position=position))
                yield Cell(
                    name(str(row["no"]), position),
                    form.number,
                    str(row["no"]),
                    row["label"],
                    column["no"],
                    spec,
                    row.get("void", "") if spec == Spec() else "",
                )


def _spec(
    form: Form, row: dict[str, Any], column: dict[str, Any], name: Callable[[str], str]
) -> Spec:
    if "across" in column:
        if "leaf" not in row and "plus" not in row:
            return Spec()
        return Spec(parts=tuple((1, f"T{form.number}.{row['no']}.{no}") for no in column["across"]))
    if "plus" in row:
        plus = [(1, name(each)) for each in expanded(row["plus"])]
        minus = [(-1, name(each)) for each in expanded(row.get("minus", []))]
        return Spec(parts=(*plus, *minus))
    if "leaf" in row:
        return Spec(leaf=selection(column.get("leaf"), row["leaf"]))
    return Spec()


def row_of(form: Form, func: str) -> str | None:
    """The number of the row of a functional code; None if the form has none."""
    rows = (row for side in form.data["side"] for row in side["rows"])
    numbers = (str(row["no"]) for row in rows if row.get("leaf", {}).get("func") == [func])
    return next(numbers, None)


def body(form: Form, texts: Texts, /) -> Body:
    """项目, 行次 and the figures of every side. A short side is blank below its last row."""
    sides = form.data["side"]
    boxes: list[Box] = []
    columns: list[Column] = []
    parts: list[int] = []
    for side in sides:
        at, name = len(columns), side["name"]
        parts.append(at)
        boxes += [
            Box(0, at, 1, 2 + len(side["columns"]), name),
            *(Box(1, at, 1, 1, "项目"), Box(1, at + 1, 1, 1, "行次")),
            *(Box(2, at, 1, 1, "栏次"), Box(2, at + 1, 1, 1, "")),
        ]
        columns += [Column("word", (name, "项目")), Column("mark", (name, "行次"))]
        for column in side["columns"]:
            boxes += [
                Box(1, len(columns), 1, 1, column["label"]),
                Box(2, len(columns), 1, 1, column["no"]),
            ]
            columns.append(Column("figure", (name, one_line(column["label"])), column["no"]))
    longest = max(len(side["rows"]) for side in sides)
    rows = [joined(_row(side, index, texts) for side in sides) for index in range(longest)]
    return Body(3, boxes, columns, parts, rows, [])


def _row(side: dict[str, Any], index: int, texts: Texts) -> list[str]:
    numbers = [column["no"] for column in side["columns"]]
    if index >= len(side["rows"]):
        return ["", "", *("" for _ in numbers)]
    row = side["rows"][index]
    no = str(row["no"])
    return [row["label"], no, *(texts.printed[no, number] for number in numbers)]
