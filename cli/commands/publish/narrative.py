"""The sentences of a report: `narrative`."""

from typing import Annotated

import typer

from cli.session import Session, leave
from cli.terminal.asking import report_of
from cli.terminal.options import CutOptions, RollUp, ShownIn, verb


@verb("narrative")
def narrative(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: ShownIn = None,
    section: Annotated[
        str | None,
        typer.Option("--section", help="只要这一部分，如 五。 One section.", show_default=False),
    ] = None,
    missing: Annotated[
        bool,
        typer.Option("--missing", help="只列还缺什么，有缺时退出码 1。 Only what is missing."),
    ] = False,
    unmask: Annotated[
        bool,
        typer.Option("--unmask", help="不遮盖证件号、电话号码。 Print numbers of persons."),
    ] = False,
) -> None:
    from cli.text.publish.narrative import narrative as told
    from cli.text.publish.narrative import what_is_missing
    from ledger import parse
    from projections.report.narrative.answer import narrative as answer

    wanted = None if section is None else parse.required(section, field="section")
    with report_of(session, cut, rolled, edition) as report:
        found = answer(report, wanted, unmask=unmask)
    session.answer(what_is_missing if missing else told, report.source.header(), found)
    if missing and not found.whole:
        leave(1)
