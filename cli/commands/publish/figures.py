"""The published figures: `explain`, `where-used`, `get`, `check`."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cli.session import Session, leave, tell
from cli.settings import settings
from cli.terminal.asking import of_report
from cli.terminal.options import CutOptions, RollUp, ShownIn, verb
from cli.text.parts import absent
from ledger import parse
from ledger.errors import Malformed, Unreadable
from projections.answers import Header
from projections.report.figure import Report

if TYPE_CHECKING:
    from projections.report.against.said import Printed

_ENTRIES_SHOWN = 10


@verb("explain")
def explain(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
    edition: ShownIn = None,
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
    of_report(session, cut, rolled, edition, lambda report: answer(report, wanted), show)


@verb("where-used")
def where_used(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="记录编号。 Entry number.")],
    edition: ShownIn = None,
) -> None:
    from cli.terminal.answers import used_in
    from cli.text.publish.explanation import cells_of_entry

    number = parse.entry_number(entry)
    ask = partial(used_in, session, number=number)
    of_report(session, cut, rolled, edition, ask, cells_of_entry)


@verb("get")
def get(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    cell: Annotated[str, typer.Argument(metavar="CELL", help="单元格编号，如 T1.57。 Cell id.")],
    edition: ShownIn = None,
) -> None:
    from projections.report.one_figure import UNIT_NAMES, FigureValue, Unit, figure

    # Here --unit is the unit of the figure, so the book's unit is as it is set.
    shown_in = Unit.YUAN
    if session.unit in UNIT_NAMES:
        shown_in = Unit(session.unit)
        session = session._replace(unit=settings().unit)
    wanted = parse.required(cell, field="cell")

    def shown(header: Header, answer: FigureValue) -> str:
        for told in absent(header):  # beside the figure, which stands alone
            tell(told)
        return answer.alone

    of_report(session, cut, rolled, edition, lambda report: figure(report, wanted, shown_in), shown)


@verb("check")
def check(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: ShownIn = None,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="FILE",
            help="另与公布的数核对：CSV 或 Excel 工作簿，两栏 id（编号）和 printed（公布数）。 "
            "Against what was printed.",
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="工作表名称（--against）。 Which worksheet.")
    ] = None,
) -> None:
    from cli.terminal.answers import checked
    from cli.text.publish.findings import findings

    printed = partial(_printed, file=against, sheet=sheet)
    header, found = checked(session, cut, rolled, edition, printed)
    session.answer(findings, header, found)
    if found.failed:
        leave(1)


def _printed(report: Report, file: str | None, sheet: str | None) -> "list[Printed]":
    """What was printed. Raises `Malformed`."""
    if file is None:
        if sheet is not None:
            expected = "空，或与 --against 同用"
            raise Malformed(
                Unreadable.FIELD_NOT_USED, field="sheet", value=sheet, expected=expected
            )
        return []
    from cli.intake.printed import printed_rows
    from projections.report.against.said import printed

    return printed_rows(parse.path(file, field="against"), sheet, partial(printed, report))
