"""年初结转结余: `carry-in`."""

from cli.amounts import Amount, Pending
from cli.options import Document, LineParts, verb
from cli.recording import record
from cli.session import Session
from ledger.money import parse_yuan


@verb("carry-in")
def carry_in(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    given = {
        "line": line.new(session.book().year),
        "amount_fen": parse_yuan(amount),
        "pending": pending,
    }
    record(session, document, "carry-in", given)
