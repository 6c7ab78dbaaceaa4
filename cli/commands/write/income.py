"""收入: `income`."""

from cli.session import Session
from cli.terminal.options import Amount, Counterpart, Document, LineParts, verb
from cli.terminal.recording import record
from ledger import parse
from ledger.decisions.income import INCOME, Income
from ledger.errors import Malformed, Unreadable
from ledger.money import parse_yuan
from ledger.requests import Request


@verb("income")
def income(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    counterpart: Counterpart = None,
) -> None:
    year = session.book().year
    purpose, source = parse.income_of(line.parts(), year=year)
    if line.line is not None:
        expected = "用 --func、--project 等写明收入对应的科目和项目，--econ 写收入类别"
        raise Malformed(Unreadable.LINE_TWICE, field="line", value=line.line, expected=expected)
    given: Income = {"line": purpose, "source": source, "amount_fen": parse_yuan(amount)}
    if counterpart is not None:
        given["counterpart"] = parse.counterpart(counterpart)
    record(session, document, Request.of(INCOME)(**given))
