"""指标、结余与用款计划: `release`, `withdraw`, `reclassify`, `reuse` and `fund-plan`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import Amount, Document, LineParts, MonthOption, Text, complete, verb
from cli.terminal.recording import on_line, record
from ledger import parse
from ledger.decisions.indicator import FUND_PLAN, RECLASSIFY, RELEASE, REUSE, WITHDRAW
from ledger.kinds import CAUSE_NAMES
from ledger.money import parse_yuan
from ledger.requests import Request

_CAUSES = "|".join(CAUSE_NAMES)
_CAUSE_WORDS = "、".join(CAUSE_NAMES.values())


@verb("release")
def release(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record(session, document, Request.of(RELEASE)(**on_line(line, amount)))


@verb("withdraw")
def withdraw(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record(session, document, Request.of(WITHDRAW)(**on_line(line, amount)))


@verb("reclassify")
def reclassify(
    session: Session,
    line: LineParts,
    document: Document,
    cause: Annotated[
        Text,
        typer.Option("--cause", help=f"转为结余的原因 {_CAUSES}（{_CAUSE_WORDS}），必填。 Cause."),
    ] = None,
    amount: Amount = "",
) -> None:
    request = Request.of(RECLASSIFY)(
        **on_line(line, amount),
        cause=parse.word(cause or "", CAUSE_NAMES, field="cause"),
    )
    record(session, document, request)


@verb("reuse")
def reuse(
    session: Session,
    line: LineParts,
    document: Document,
    to_line: Annotated[
        Text,
        typer.Option(
            "--to-line",
            help="调入的预算线全文，必填。 The line that receives it.",
            autocompletion=complete("line"),
        ),
    ] = None,
    amount: Amount = "",
) -> None:
    receives = parse.whole_line(parse.required(to_line or "", field="to-line"), field="to-line")
    request = Request.of(REUSE)(**on_line(line, amount), to_line=receives)
    record(session, document, request)


@verb("fund-plan")
def fund_plan(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    month: MonthOption = None,
) -> None:
    request = Request.of(FUND_PLAN)(
        line=line.existing(),
        month=document.month(month, year=session.book().year),
        amount_fen=parse_yuan(amount),
    )
    record(session, document, request)
