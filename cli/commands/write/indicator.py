"""指标与用款计划: `release`, `withdraw` and `fund-plan`."""

from cli.session import Session
from cli.terminal.options import Amount, Document, LineParts, MonthOption, verb
from cli.terminal.recording import on_line, record
from ledger.decisions.indicator import FUND_PLAN, RELEASE, WITHDRAW
from ledger.money import parse_yuan
from ledger.requests import Request


@verb("release")
def release(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record(session, document, Request.of(RELEASE)(**on_line(line, amount)))


@verb("withdraw")
def withdraw(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record(session, document, Request.of(WITHDRAW)(**on_line(line, amount)))


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
