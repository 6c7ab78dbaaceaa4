"""Was the money there? What the views say of what was just recorded, where the state of the book
doubts it (L68). Loaded then and never before.
"""

from collections.abc import Collection, Mapping
from datetime import date

from cli.session import Session
from ledger.book import BookId
from ledger.errors import Corrupt
from ledger.refusals import Refused
from ledger.rules.cautions import unchecked
from ledger.rules.uncovered import Take, Where
from ledger.store.log import Busy, ForeignFile, NotOurs, OtherFormat, Unwritable
from projections.report.checked.uncovered import RemarkOnRows, remarks
from projections.views.reading import reading


def uncovered_of(
    session: Session,
    book: BookId,
    takes: Collection[Take],
    *,
    upto: int,
    ahead: Mapping[tuple[Where, date], int] | None = None,
) -> list[RemarkOnRows]:
    """What is to be said of what was taken, once of each line, and of how many rows. `upto` is the
    last entry that was recorded with it; `ahead` what a dry run would change, which no view has.
    It is recorded, and the receipt comes whatever the views are like: where they cannot be asked,
    that is what is said."""
    try:
        with reading(session.db, book, waiting=session.waiting) as opened:
            known = min(upto, opened.head.entries)
            return remarks(opened._replace(upto=known), takes, ahead or {})
    except (Corrupt, Refused, Busy, Unwritable, NotOurs, ForeignFile, OtherFormat) as error:
        why = str(error)
        return [
            RemarkOnRows(unchecked(take.where, take.day, take.fen, why), take.rows, take.row)
            for take in takes
        ]
