"""年初结转结余: what last year left, by the year in which it was first approved."""

from datetime import date

from ledger.decisions.preconditions import admit, covered, usable
from ledger.events import OpeningLoaded
from ledger.line import BudgetLine
from ledger.refusals import Refusal, Refused
from ledger.state import BookState


def carry_in(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    occurred_on: date,
    pending: bool = False,
    doc: str = "",
    reason: str = "",
) -> tuple[OpeningLoaded]:
    """上年结转转入; may repeat on a line. Money of this year is not carry-over (R7)."""
    admit(state, occurred_on)
    usable(state, line)
    if line.origin >= state.year:
        raise Refused(
            Refusal.ORIGIN_NOT_EARLIER,
            year=state.year,
            origin=line.origin,
            ways_out=[f"--origin {state.year - 1}"],
        )
    event = OpeningLoaded(
        occurred_on=occurred_on,
        doc=doc,
        reason=reason,
        line=line,
        amount_fen=amount_fen,
        pending=pending,
    )
    covered(state, event)
    return (event,)
