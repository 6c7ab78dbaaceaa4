"""Which figure a printed id means: one of the book's, or a row that a table would have if the book
had anything of its code, which is nil there."""

from collections.abc import Iterator
from difflib import get_close_matches

from ledger.errors import Malformed, Unreadable
from projections.report.editions import table_of
from projections.report.figure import Figure, Report
from projections.report.form import Nameless
from projections.report.tables import UNIT

_NEAR = 3
_ITEM_DIGITS = 7


def figure_of(report: Report, name: str) -> Figure:
    """The figure that was printed as `name`. Raises `Malformed`."""
    if "@" not in name:
        if report.has(name):
            return report.figure(name)
        for figure in _nil_row(report, name):
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
            yield Figure(name, label, "amount", 0, report.cells.nil(cell), UNIT, "（没有发生）")
