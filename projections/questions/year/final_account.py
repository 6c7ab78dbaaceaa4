"""决算批复: what finance approved of a book's year, and what of it next year's opening has still to
be adjusted by (P41).

Nothing of the closed book changes. What next year's book has recorded of it since is told by
`followed.py`; each difference is still to be recorded as far as it is not there.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from ledger.book import BookId
from ledger.errors import Corrupt, Damage
from ledger.events import FinalAccountApproved, RequestApproved, YearClosed
from ledger.kinds import POOL_NAMES
from ledger.line import BudgetLine
from ledger.refusals import Refused, Way
from ledger.rules import adjusting
from ledger.rules.adjusting import Adjusting
from ledger.rules.closed_as import NOTHING, ClosedAs, Over, as_approved, as_closed
from ledger.store.log import Place, Waiting, silently
from projections.questions.carryover import Item
from projections.questions.surplus import pools
from projections.questions.year.followed import Followed
from projections.questions.year.mends import Mends
from projections.views.reading import Cut, Reading, reading
from projections.views.undone import event_of, undone


class Approved(NamedTuple):
    """The 决算批复 of a book that counts; what the book closed with, and what that has been after
    each 决算批复 of this closing, the last of which may have been taken back; what it is; and the
    documents of all these."""

    book: BookId
    entry: int
    event: FinalAccountApproved
    closed: ClosedAs
    said: tuple[ClosedAs, ...]
    now: ClosedAs
    docs: frozenset[str]

    @property
    def publish_by(self) -> date:
        """The last day on which it is published (R17)."""
        return adjusting.publish_by(self.event.approved_on)

    def more_of_items(self) -> dict[Item, int]:
        """What finance approved of each item more than it was closed with, signed fen."""
        was, now = _by_item(self.closed), _by_item(self.now)
        return {item: now[item].total_fen - was[item].total_fen for item in {*was, *now}}


class LastAccount(msgspec.Struct, frozen=True):
    """What finance approved of last year: the entry of its book, its document and day, until when
    it is published, and what this year's opening has still to be adjusted by."""

    book: str
    entry: int
    doc: str
    approved_on: date
    publish_by: date
    to_record: list[Adjusting]


def approved(reading: Reading) -> Approved | None:
    """The last 决算批复 of a book that stands at the cut; None where there is none. Raises
    `Corrupt` where it is about no closing."""
    rows = reading.views.execute(
        "SELECT entry FROM entries WHERE book_id = ? AND kind = 'final-approval' AND entry <= ? "
        "AND occurred_on <= ? ORDER BY entry DESC",
        (reading.book_id, reading.upto, reading.cut.until.isoformat()),
    )
    found = [number for (number,) in rows]
    gone = undone(reading, found)
    number = next((each for each in found if each not in gone), None)
    if number is None:
        return None
    events = {each: _approval(reading, each) for each in found}
    event = events[number]
    made = event_of(reading, event.closing)
    if not isinstance(made, RequestApproved) or not isinstance(made.approved, YearClosed):
        raise Corrupt(Damage.RULES, f"{reading.book} 第 {event.closing} 笔不是结账，不能批复")
    closed = as_closed(made.approved, {row.pool: row.closing_fen for row in pools(reading)})
    same = [each for each in events.values() if each.closing == event.closing]
    said = (closed, *(as_approved(closed, each) for each in same))
    docs = frozenset(doc for each in same for doc in adjusting.documents(each))
    return Approved(reading.book, number, event, closed, said, as_approved(closed, event), docs)


def _approval(reading: Reading, number: int) -> FinalAccountApproved:
    event = event_of(reading, number)
    if not isinstance(event, FinalAccountApproved):
        raise Corrupt(Damage.VIEWS_ENTRIES, f"{reading.book} 第 {number} 笔在账中不是决算批复")
    return event


def _by_item(closed: ClosedAs) -> defaultdict[Item, Over]:
    """What goes over of each item."""
    found: defaultdict[Item, Over] = defaultdict(Over)
    for line, over in closed.over().items():
        found[Item.of(line)] = found[Item.of(line)].and_also(over)
    return found


def last_approved(
    place: Place,
    book: BookId,
    known_at: datetime | None = None,
    waiting: Waiting = silently,
) -> Approved | None:
    """The same of the same unit's book of the year before; None where the file has none, or had
    none at that time. To be asked before this year's book is read (P9)."""
    before = BookId(book.unit, book.year - 1)
    try:
        with reading(place, before, Cut(known_at=known_at), waiting) as opened:
            return approved(opened) if opened.upto else None
    except Refused:  # that book was never opened
        return None


def last_account(reading: Reading, last: Approved | None) -> LastAccount | None:
    """What finance approved of last year, beside this year's book."""
    if last is None:
        return None
    event, book = last.event, reading.book
    return LastAccount(
        str(last.book),
        last.entry,
        event.doc,
        event.approved_on,
        last.publish_by,
        [
            msgspec.structs.replace(
                each, try_=[way.also(unit=book.unit, year=book.year) for way in each.try_]
            )
            for each in to_record(reading, last)
        ],
    )


def to_record(reading: Reading, last: Approved) -> list[Adjusting]:
    """What this year's opening has still to be adjusted by, line by line, and how: recorded as it
    is told, nothing is left of it. What was wrong with the opening before is X11's."""
    mends = Mends(reading, last.event.doc)
    followed = Followed(reading, last.docs, mends.opened)
    closed, now = last.closed.over(), last.now.over()
    parts = dict(followed.still([each.over() for each in last.said], now))
    mends.keep({line: -part.spendable_fen for line, part in parts.items()})
    found = []
    for line, part in parts.items():
        was, right = closed.get(line, NOTHING), now.get(line, NOTHING)
        found.append(adjusting.of_line(line, was, right, part, _entries(mends, line, part, last)))
    for pool in POOL_NAMES:
        right_fen = last.now.pools.get(pool, 0)
        fen = followed.of_pool(pool, [each.pools.get(pool, 0) for each in last.said], right_fen)
        if fen:
            was_fen, ways = last.closed.pools.get(pool, 0), mends.of_pool(pool, -fen)
            found.append(adjusting.of_pool(pool, was_fen, right_fen, fen, ways))
    return found


def _entries(mends: Mends, line: BudgetLine, part: Over, last: Approved) -> list[Way]:
    """What is to be typed, in this order; what is spent of the line comes back first."""
    short_fen = -part.spendable_fen - mends.room(line)
    return [
        *mends.onto(line, short_fen),
        *adjusting.entries(line, part, last.book.year, last.event),
    ]
