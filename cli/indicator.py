"""指标: `release` and `withdraw`."""

from cli.amounts import Amount
from cli.options import Document, LineParts, verb
from cli.recording import record
from cli.session import Session
from ledger.money import parse_yuan


@verb("release")
def release(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    given = {"line": line.existing(), "amount_fen": parse_yuan(amount)}
    record(session, document, "release", given)


@verb("withdraw")
def withdraw(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    given = {"line": line.existing(), "amount_fen": parse_yuan(amount)}
    record(session, document, "withdraw", given)
