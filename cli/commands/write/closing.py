"""月结与年终结账: `lock-month`, `unlock-month`, `close-year`, `reopen-year`, `final-approval`."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.session import Session, leave, tell
from cli.terminal.options import Document, Force, MonthOption, Text, verb
from cli.terminal.recording import record
from ledger import parse
from ledger.decisions.closing import CLOSE_YEAR, LOCK_MONTH, REOPEN_YEAR, UNLOCK_MONTH
from ledger.decisions.final_account import FINAL_APPROVAL
from ledger.errors import Malformed, Unreadable
from ledger.refusals import Refused
from ledger.requests import Request


@verb("lock-month")
def lock_month(
    session: Session,
    document: Document,
    month: Annotated[Text, typer.Argument(help="月份，如 3 或 2020-03。 Month.")] = None,
    month_option: MonthOption = None,
) -> None:
    number = document.month(month_option or month, year=session.book().year)
    record(session, document, Request.of(LOCK_MONTH)(month=number))


@verb("unlock-month")
def unlock_month(
    session: Session,
    document: Document,
    month: Annotated[str, typer.Argument(help="月份，如 3 或 2020-03。 Month.")],
) -> None:
    number = parse.month(month, year=session.book().year)
    record(session, document, Request.of(UNLOCK_MONTH)(month=number))


@verb("close-year")
def close_year(
    session: Session,
    document: Document,
    propose: Annotated[
        Text,
        typer.Option(
            "--propose", metavar="FILE.csv", help="按规则写出各线处理建议，供修改。 Suggest."
        ),
    ] = None,
    decisions: Annotated[
        Text,
        typer.Option(
            "--decisions",
            metavar="FILE.csv",
            help="按此文件结账，另一人批准后生效。 Close as this file says.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    from cli.intake import closing as closing_file

    if propose is not None and decisions is not None:
        expected = "空（--propose 写出建议，--decisions 按修改后的文件结账，不能同时用）"
        raise Malformed(
            Unreadable.FIELD_NOT_USED, field="propose", value=propose, expected=expected
        )
    if decisions is not None:
        decided = closing_file.read(parse.path(decisions, field="decisions"))
        lines, cash = decided.decisions
        request = Request.of(CLOSE_YEAR)(lines=lines, cash=cash)
        try:
            record(session, _dated(session, document), request)
        except Refused as refused:
            raise decided.placed(refused) from None
        return
    file = None if propose is None else parse.path(propose, field="propose")
    _checklist(session, file, force=force)


def _dated(session: Session, document: Document) -> Document:
    """A closing is of the last day of the year; nobody needs to type it."""
    return document if document.date else document._replace(date=f"{session.book().year}-12-31")


def _checklist(session: Session, propose: Path | None, *, force: bool) -> None:
    """What stands in the way and what the rules suggest; the suggestions in a file, if asked."""
    from cli.text.write.closing import closing
    from projections.questions.closing import checklist

    found = checklist(session.db, session.book(), session.waiting)
    if propose is not None:
        from cli.documents.saved import save
        from cli.intake import closing as closing_file

        proposed = closing_file.written((found.lines, found.cash), found.state.projects)
        save(propose, proposed, db=session.db, field="propose", force=force)
    session.answer(closing, found.header(), found.answer(None if propose is None else str(propose)))
    if found.blockers:
        leave(1)


@verb("reopen-year")
def reopen_year(session: Session, document: Document) -> None:
    record(session, _dated(session, document), Request.of(REOPEN_YEAR)())


@verb("final-approval")
def final_approval(
    session: Session,
    document: Document,
    differences: Annotated[
        Text,
        typer.Option(
            "--differences",
            metavar="FILE.csv",
            help="批复的数字，栏目同结账文件；只需列与结账不同的。 What was approved otherwise.",
        ),
    ] = None,
) -> None:
    if document.date is None:
        expected = "批复的日期，如 2021-08-20"
        raise Malformed(Unreadable.DATE_REQUIRED, field="date", value="", expected=expected)
    approved_on = parse.day(document.date)
    dated = document._replace(date=f"{session.book().year}-12-31")
    if differences is None:
        record(session, dated, Request.of(FINAL_APPROVAL)(approved_on=approved_on))
    else:
        from cli.intake import closing as closing_file

        said = closing_file.read_approved(parse.path(differences, field="differences"))
        request = Request.of(FINAL_APPROVAL)(
            approved_on=approved_on, lines=said.lines, cash=said.cash, pools=said.pools
        )
        try:
            record(session, dated, request)
        except Refused as refused:
            raise said.placed(refused) from None
    _until_published(session, approved_on)


def _until_published(session: Session, approved_on: date) -> None:
    """How far off the last day to publish is: talk, as it depends on today."""
    from ledger.rules.adjusting import publish_by

    days = (publish_by(approved_on) - session.db.now().date()).days
    tell(f"距公开期限还有 {days} 天" if days >= 0 else f"公开期限已过 {-days} 天")
