"""月结: after it nothing more is dated into that month."""

from datetime import date

from ledger.decisions.preconditions import admit
from ledger.events import MonthLocked
from ledger.refusals import Refusal, Refused
from ledger.state import BookState


def lock_month(
    state: BookState, *, month: int, occurred_on: date, doc: str = "", reason: str = ""
) -> tuple[MonthLocked]:
    """锁定一个月份 (R13)."""
    admit(state, occurred_on, money=False)
    if month in state.locked_months:
        raise Refused(
            Refusal.MONTH_ALREADY_LOCKED, month=month, ways_out=["yusuan log --kind lock-month"]
        )
    return (MonthLocked(occurred_on=occurred_on, doc=doc, reason=reason, month=month),)
