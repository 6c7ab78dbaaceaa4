"""年初结转结余: `carry-in`."""

from cli.options import Amount, Document, LineParts, Pending, verb
from cli.recording import record_approval
from cli.session import Session


@verb("carry-in")
def carry_in(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    record_approval(session, line, document, "carry-in", amount, pending)
