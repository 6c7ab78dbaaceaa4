"""月结: `lock-month`."""

from typing import Annotated

import typer

from cli import parse
from cli.options import Document, Text, verb
from cli.recording import record
from cli.session import Session
from ledger.errors import Malformed


@verb("lock-month")
def lock_month(
    session: Session,
    document: Document,
    month: Annotated[Text, typer.Argument(help="月份，如 3 或 2020-03。 Month.")] = None,
    month_option: Annotated[
        Text, typer.Option("--month", help="月份，默认为 --date 所在的月。 The same.")
    ] = None,
) -> None:
    typed = month_option or month
    if typed is None and document.date is None:
        expected = "月份，如 3；或用 --date 写明其中一天"
        raise Malformed("FIELD.REQUIRED", field="month", value="", expected=expected)
    year = session.book().year
    number = (
        parse.day(document.date or "").month if typed is None else parse.month(typed, year=year)
    )
    record(session, document, "lock-month", {"month": number})
