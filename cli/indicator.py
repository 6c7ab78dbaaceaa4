"""指标: `release` and `withdraw`."""

from cli.options import Amount, Document, LineParts, verb
from cli.recording import record_on_line
from cli.session import Session


@verb("release")
def release(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record_on_line(session, line, document, "release", amount)


@verb("withdraw")
def withdraw(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record_on_line(session, line, document, "withdraw", amount)
