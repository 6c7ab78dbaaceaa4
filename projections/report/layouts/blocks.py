"""Economic codes in blocks side by side: 类 is the sum of its 款, totals stand at the foot."""

from collections.abc import Collection, Iterator
from itertools import groupby

from ledger.codes import economic
from ledger.line import econ_class, is_econ_item
from projections.report.editions import Cell, Form, Spec, selection
from projections.report.grid import Body, Box, Column, Texts, Total, joined
from projections.report.layouts.in_use import InUse

_FIGURES = "决算数"
_HEADS = ("科目编码", "科目名称", _FIGURES)


def codes(form: Form, used: InUse, /) -> Collection[str]:
    """A 款 that the form lacks and the book has gets a row, or its money would be in no sum."""
    wanted = selection(form.data["leaf"])
    return () if wanted is None else used.econs(wanted) - _labels(form).keys()


def cells(form: Form, codes: Collection[str], /) -> Iterator[Cell]:
    """Every 类 before its 款, then the totals."""
    rows, names = _labels(form), economic()
    more = {code: names.get(code, "") for code in sorted(codes) if is_econ_item(code)}
    for kind in [code for code in rows if econ_class(code) == code]:
        below = {code: name for code, name in rows.items() if econ_class(code) == kind != code}
        below |= {c: name for c, name in more.items() if econ_class(c) == kind and c not in rows}
        parts = tuple((1, f"T{form.number}.{code}") for code in below)
        yield _cell(form, kind, rows[kind], Spec(parts=parts))
        for code, name in below.items():
            leaf = selection(form.data["leaf"], {"econ": [code]})
            yield _cell(form, code, name, Spec(leaf=leaf))
    for total in form.data["totals"]:
        parts = tuple((1, f"T{form.number}.{code}") for code in total["plus"])
        yield _cell(form, total["id"], total["id"], Spec(parts=parts), total["zero"])


def _labels(form: Form) -> dict[str, str]:
    """The codes that the form prints anyhow, and how it calls them."""
    return {row["code"]: row["label"] for each in form.data["block"] for row in each["rows"]}


def _cell(form: Form, row: str, label: str, spec: Spec, zero: str = "") -> Cell:
    return Cell(f"T{form.number}.{row}", form.number, row, label, _FIGURES, spec, zero)


def body(form: Form, texts: Texts, /) -> Body:
    """Blocks of three columns, neighbours of one name under one heading. A total stands under the
    blocks whose codes it adds up."""
    blocks, labels = form.data["block"], texts.labels
    boxes: list[Box] = []
    columns: list[Column] = []
    for name, group in groupby(blocks, key=lambda block: block["name"]):
        boxes.append(Box(0, len(columns), 1, len(_HEADS) * len(list(group)), name))
        for at in range(len(columns), len(columns) + boxes[-1].across):
            text = _HEADS[at % len(_HEADS)]
            boxes.append(Box(1, at, 1, 1, text))
            columns.append(Column("figure" if text == _FIGURES else "word", (name, text)))
    kinds = [{econ_class(row["code"]) for row in block["rows"]} for block in blocks]
    codes = [[code for code in labels if econ_class(code) in kind] for kind in kinds]

    def cells(code: str) -> list[str]:
        return [code, labels[code], texts.printed[code, _FIGURES]]

    rows = [
        joined(cells(block[index]) if index < len(block) else [""] * 3 for block in codes)
        for index in range(max(map(len, codes)))
    ]
    foot: list[Total] = []
    for total in form.data["totals"]:
        under = [i for i, block in enumerate(codes) if set(block) & set(total["plus"])]
        name = total["id"]
        foot.append(Total(3 * under[0], 3 * under[-1] + 2, name, texts.printed[name, _FIGURES]))
    return Body(2, boxes, columns, list(range(0, len(columns), 3)), rows, foot)
