"""Which figure a printed id means: one of the book's, or one of a code that the book has nothing
of, which is nil there."""

from collections.abc import Iterator
from difflib import get_close_matches

from ledger.errors import Malformed, Unreadable
from projections.report.editions import at, table_of
from projections.report.figure import PERCENT, Figure, Ratio, Report
from projections.report.figures import UNIT
from projections.report.form import Nameless
from projections.report.narrative.announced import What
from projections.report.narrative.figures_said import CellFigure, LeafFigure, PercentFigure
from projections.report.narrative.stated import name_of

_NEAR = 3
_ITEM_DIGITS = 7


def figure_of(report: Report, name: str) -> Figure:
    """The figure that was printed as `name`. Raises `Malformed`."""
    if "@" not in name:
        if report.has(name):
            return report.figure(name)
        for figure in (*_nil_row(report, name), *_nil_figure(report, name)):
            return figure
    every = [*report.cells.all, *report.ids]
    near = get_close_matches(name, every, _NEAR) or every[:1]
    expected = (
        f"{report.edition.name} 表样中表、情况说明或绩效自评的编号，相近的如 {'、'.join(near)}"
    )
    raise Malformed(Unreadable.AGAINST_UNKNOWN_ID, field="id", value=name, expected=expected)


def _nil_row(report: Report, name: str) -> Iterator[Figure]:
    """The cell of a functional code that has a name, and that nothing was recorded of."""
    form = report.edition.forms.get(table_of(name)) if name.startswith("T") else None
    code = name.split(".")[1] if name.count(".") == 2 else ""
    label = report.cells.names.functional(code) if code.isdecimal() else ""
    if form is None or not label:
        return
    codes = {*report.cells.codes(form), code.ljust(_ITEM_DIGITS, "9")}
    for cell in form.cells(codes, Nameless()):
        if cell.id == name:
            what = report.announced.of(name) or What("word")
            nil = report.cells.nil(cell)
            yield Figure(name, label, what.kind, None, nil, what.unit, "（没有发生）").none


def _nil_figure(report: Report, name: str) -> Iterator[Figure]:
    """A figure of the narrative, of a code or a project that has a name, and that nothing was
    recorded of."""
    for said in report.narrative.figures:
        by = report.narrative.rows[said.each].by if said.each else None
        before, _, after = said.id.partition("@")
        code = name.removeprefix(before).removesuffix(after)
        if by not in ("class", "item", "project") or at(said.id, code) != name:
            continue
        label = name_of(report, by, code)
        if label == code:  # it has no name
            continue
        said_of_it = (name, at(said.label, label))
        if isinstance(said, CellFigure | LeafFigure):
            amount = report.amount(0)
            yield Figure(*said_of_it, "amount", 0, amount, UNIT, "（没有发生）")
        elif isinstance(said, PercentFigure):
            share = None if "@" in said.base else Ratio(0, 1)
            printed = "" if share is None else report.percent(share)
            yield Figure(*said_of_it, "percent", share, printed, PERCENT, "（没有发生）")


def named(report: Report, figure: Figure) -> str:
    """A figure in a sentence, a cell with its table: `公开03表合计第3栏（T3.合计.3）`."""
    cell = report.cells.all.get(figure.id)
    if cell is None:
        return f"{figure.label}（{figure.id}）"
    column = f"第{cell.column}栏" if figure.id.endswith(f".{cell.column}") else ""
    return f"{report.edition.form_number(cell.table)}{cell.label}{column}（{figure.id}）"
