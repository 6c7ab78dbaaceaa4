"""月结: `lock-month`."""

from typing import Annotated

import typer

from cli.options import Document, MonthOption, Text, verb
from cli.recording import record
from cli.session import Session


@verb("lock-month")
def lock_month(
    session: Session,
    document: Document,
    month: Annotated[Text, typer.Argument(help="月份，如 3 或 2020-03。 Month.")] = None,
    month_option: MonthOption = None,
) -> None:
    number = document.month(month_option or month, year=session.book().year)
    record(session, document, "lock-month", {"month": number})
