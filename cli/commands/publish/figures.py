"""The published figures: `explain`, `where-used`, `get`, `check`."""

from functools import partial
from typing import Annotated

import typer

from cli.session import Session, leave
from cli.settings import settings
from cli.terminal.asking import cells_of, of_cells
from cli.terminal.options import CutOptions, RollUp, verb
from ledger import parse
from projections.report.cells import Cells

_ENTRIES_SHOWN = 10


@verb("explain")
def explain(
    session: Session,
    cut: CutOptions,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
    limit: Annotated[
        str | None,
        typer.Option(
            "--limit", help="每个单元格最多列几笔，默认 10；--json 总是全列。 Entries per cell."
        ),
    ] = None,
) -> None:
    from cli.text.publish.explanation import explanation
    from projections.report.explain import explain as answer

    wanted = parse.required(cell, field="cell")
    most = _ENTRIES_SHOWN if limit is None else parse.count(limit, field="limit")
    show = partial(explanation, most=most)
    of_cells(session, cut, lambda cells: answer(cells, wanted), show)


@verb("where-used")
def where_used(
    session: Session,
    cut: CutOptions,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="记录编号。 Entry number.")],
) -> None:
    from cli.text.publish.explanation import cells_of_entry
    from projections.questions.entries import entry as shown
    from projections.report.explain import WhereUsed
    from projections.report.explain import where_used as answer

    number = parse.entry_number(entry)

    def ask(cells: Cells) -> WhereUsed:
        shown(cells.reading, number)  # refused when there is no such entry
        return answer(cells, number)

    of_cells(session, cut, ask, cells_of_entry)


@verb("get")
def get(
    session: Session,
    cut: CutOptions,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
) -> None:
    from projections.report.one_figure import UNIT_NAMES, Unit, figure

    # Here --unit is the unit of the figure, so the book's unit is as it is set.
    shown_in = Unit.YUAN
    if session.unit in UNIT_NAMES:
        shown_in = Unit(session.unit)
        session = session._replace(unit=settings().unit)
    wanted = parse.required(cell, field="cell")
    of_cells(session, cut, lambda cells: figure(cells, wanted, shown_in), lambda _, f: f.value)


@verb("check")
def check(session: Session, cut: CutOptions, rolled: RollUp) -> None:
    from cli.text.publish.findings import findings
    from projections.questions.opening import carried_on, last_closing
    from projections.report.checks import check as answer

    last = onward = None
    if rolled.units is None:
        book, known_at = session.book(), cut.cut().known_at
        last = last_closing(session.db, book, known_at, session.waiting)
        onward = carried_on(session.db, book, cut.cut(), session.waiting)
    with cells_of(session, cut, rolled) as cells:
        found = answer(cells, last, onward)
    session.answer(findings, cells.source.header(), found)
    if found.failed:
        leave(1)
