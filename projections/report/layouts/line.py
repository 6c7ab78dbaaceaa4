"""One row of numbered columns in groups: 三公经费."""

from collections.abc import Collection, Iterator
from itertools import groupby

from projections.report.editions import Cell, Form, Spec, selection
from projections.report.grid import Body, Box, Column, Texts, one_line
from projections.report.layouts.in_use import InUse


def codes(form: Form, used: InUse, /) -> Collection[str]:
    """None: the row has no code."""
    return ()


def cells(form: Form, codes: Collection[str], /) -> Iterator[Cell]:
    """Every column of every group."""
    for group in form.data["group"]:
        for column in group["columns"]:
            if "plus" in column:
                spec = Spec(parts=tuple((1, f"T{form.number}.{no}") for no in column["plus"]))
            else:
                spec = Spec(leaf=selection(form.data.get("leaf"), column.get("leaf")))
            label = "-".join((group["name"], *filter(None, (column.get("over"), column["label"]))))
            no = column["no"]
            yield Cell(f"T{form.number}.{no}", form.number, "", label, no, spec)


def body(form: Form, texts: Texts, /) -> Body:
    """The figures under their groups, some columns of a group under a heading of their own."""
    boxes: list[Box] = []
    columns: list[Column] = []
    for group in form.data["group"]:
        name = group["name"]
        boxes.append(Box(0, len(columns), 1, len(group["columns"]), name))
        for over, run in groupby(group["columns"], key=lambda column: column.get("over", "")):
            members = list(run)
            if over:
                boxes.append(Box(1, len(columns), 1, len(members), over))
            for column in members:
                label, no = column["label"], column["no"]
                boxes += [
                    Box(2, len(columns), 1, 1, label)
                    if over
                    else Box(1, len(columns), 2, 1, label),
                    Box(3, len(columns), 1, 1, no),
                ]
                path = (name, *filter(None, (over, one_line(label))))
                columns.append(Column("figure", path, no))
    row = [texts.printed["", column.no] for column in columns]
    return Body(4, boxes, columns, [0], [row], [])
