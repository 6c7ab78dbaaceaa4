"""The log that a command works on: there, or never there.

Every command comes through here, and most find their log: what asks the views is loaded for the
others.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from ledger.refusals import Refusal, Refused
from ledger.store.log import Place


@contextmanager
def of_a_log(place: Place) -> Iterator[None]:
    """A log, or a book of it, that is not there inside was never there: else it is no refusal, and
    nothing is put in its place. Raises `Corrupt` or `NotOurs`; where there is a log, nobody asks
    its views."""
    if not place.exists():
        from projections.views.feed import look_for_log

        look_for_log(place)
    try:
        yield
    except Refused as refused:
        if refused.refusal is not Refusal.BOOK_NOT_OPENED:
            raise
        from projections.views.feed import missing

        raise missing(place, str(refused.facts["book"]), refused) from refused
