"""月结 at the door: a month is over when the clerk's calendar says so, not only the date typed.

The decision compares the date with the end of the month, and an audit takes that again; today is
looked at once, when it is recorded.
"""

from datetime import date

from ledger.decisions.closing import last_day, not_over
from ledger.refusals import Way


def over(year: int, month: int, today: date) -> None:
    """The month ends today or has ended. Raises `Refused`."""
    last = last_day(year, month)
    if today < last:
        raise not_over(month, last, today, [Way("log", kind="lock-month")])
