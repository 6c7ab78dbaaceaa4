"""与财政对账 (R12): that the payments of a book were compared with the finance bureau's statement.

What is compared is a question (projections/questions/reconciliation.py). Here it is proved that
the book had paid what the comparison says, so that an audit proves it again.
"""

from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import StatementReconciled
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules import ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit
from ledger.state import BookState


class Reconcile(Asked):
    """与财政对账: what the book had paid and what the statement says, fen; the statement's SHA-256,
    and how many items differ."""

    paid_fen: int
    statement_fen: int
    statement: str
    differences: NotRequired[int]


def reconcile(
    state: BookState,
    *,
    paid_fen: int,
    statement_fen: int,
    statement: str,
    differences: int = 0,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[StatementReconciled]]:
    """对账: without a difference, or with a reason for what differs (domain §4.1 step 4). Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False)
    if paid_fen != state.paid_fen:
        raise Refused(
            Refusal.RECONCILED_PAID,
            stated_fen=paid_fen,
            paid_fen=state.paid_fen,
            ways_out=[Way("reconcile", ways.STATEMENT)],
        )
    if (differences or paid_fen != statement_fen) and not occasion.get("reason"):
        raise Refused(
            Refusal.RECONCILIATION_REASON,
            paid_fen=paid_fen,
            statement_fen=statement_fen,
            differences=differences,
            ways_out=[Instead(reason=ways.REASON)],
        )
    reconciled = StatementReconciled(
        **occasion,
        paid_fen=paid_fen,
        statement_fen=statement_fen,
        statement=statement,
        differences=differences,
    )
    return (Decided(reconciled),)


RECONCILE = Kind("reconcile", reconcile, Reconcile)
KINDS = (RECONCILE,)
