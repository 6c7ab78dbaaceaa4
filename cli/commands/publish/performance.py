"""绩效自评: `performance`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.asking import of_report
from cli.terminal.options import CutOptions, RollUp, ShownIn, Text, complete, verb
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.line import parse_project


@verb("performance")
def performance(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    project: Annotated[
        Text,
        typer.Option(
            "--project",
            help="只看这个项目的自评表。 Of this project only.",
            autocompletion=complete("project"),
        ),
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="只看部门整体的自评表。 Of the whole unit only.")
    ] = False,
    edition: ShownIn = None,
) -> None:
    from cli.text.publish.performance import performance as text
    from projections.report.performance.forms import Forms
    from projections.report.performance.indicators import WHOLE
    from projections.report.performance.told import performance as answer

    if project is not None and whole:
        expected = "不与 --whole 同写（一个项目的表，或部门整体的表）"
        raise Malformed(Unreadable.OPTION_UNUSED, field="project", value=project, expected=expected)
    wanted = WHOLE if whole else None
    if project is not None:
        wanted = parse_project(parse.required(project, field="project"))
    of_report(
        session, cut, rolled, edition, lambda report: answer(Forms(report.cells), wanted), text
    )
