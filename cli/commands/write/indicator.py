"""指标与用款计划: `release`, `withdraw` and `fund-plan`."""

from cli.session import Session
from cli.terminal.options import Amount, Document, LineParts, MonthOption, verb
from cli.terminal.recording import record, record_on_line
from ledger.money import parse_yuan


@verb("release")
def release(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record_on_line(session, line, document, "release", amount)


@verb("withdraw")
def withdraw(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record_on_line(session, line, document, "withdraw", amount)


@verb("fund-plan")
def fund_plan(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    month: MonthOption = None,
) -> None:
    given = {
        "line": line.existing(),
        "month": document.month(month, year=session.book().year),
        "amount_fen": parse_yuan(amount),
    }
    record(session, document, "fund-plan", given)
