"""决算批复: what finance approved of a book's year, and what of it next year's opening has still to
be adjusted by (P41).

Nothing of the closed book changes. What it closed with is compared, item by item as X11 does, with
what next year's book has carried in and adjusted since; each difference is still to be recorded as
far as it is not there.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from ledger.book import BookId
from ledger.errors import Corrupt, Damage
from ledger.events import FinalAccountApproved, RequestApproved, YearClosed
from ledger.kinds import POOL_NAMES, Pool
from ledger.line import BudgetLine
from ledger.refusals import Refused, Way
from ledger.rules import adjusting
from ledger.rules.adjusting import Adjusting
from ledger.rules.closed_as import NOTHING, ClosedAs, Over, as_approved, as_closed
from ledger.store.log import Place, Waiting, silently
from projections.questions.adjustments import adjustments, pool_adjustments
from projections.questions.carryover import Item, carryover
from projections.questions.surplus import pools
from projections.questions.year.mends import Mends
from projections.views.reading import Cut, Reading, reading
from projections.views.undone import event_of, undone


class Approved(NamedTuple):
    """The 决算批复 of a book that counts; what the book closed with, and what that has been after
    each 决算批复 of this closing, the last of which may have been taken back; and what it is."""

    book: BookId
    entry: int
    event: FinalAccountApproved
    closed: ClosedAs
    said: tuple[ClosedAs, ...]
    now: ClosedAs

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
    return Approved(reading.book, number, event, closed, said, as_approved(closed, event))


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
    """What this year's opening has still to be adjusted by, line by line, and how: as far as what
    it has lies between what was ever said of it, so that what was wrong before is X11's."""
    mends, have = Mends(reading, last.event.doc), _Have(reading)
    overs = [each.over() for each in last.said]
    closed, now = last.closed.over(), last.now.over()
    lines = [
        line
        for line in sorted({line for over in overs for line in over})
        if any(over.get(line, NOTHING) != now.get(line, NOTHING) for over in overs)
    ]
    items, found = [_by_item(each) for each in last.said], []
    for item in sorted({Item.of(line) for line in lines}):
        left = have.still(item, [each[item] for each in items], _by_item(last.now)[item])
        for line in (line for line in lines if Item.of(line) == item):
            right = now.get(line, NOTHING)
            part = _part(left, [over.get(line, NOTHING) for over in overs], right)
            left = left.more_than(part)
            if any(part):
                was, entries = closed.get(line, NOTHING), _entries(mends, line, part, last)
                found.append(adjusting.of_line(line, was, right, part, entries))
    for pool in POOL_NAMES:
        said = [each.pools.get(pool, 0) for each in last.said]
        right_fen = last.now.pools.get(pool, 0)
        fen = right_fen - _between(have.of_pool(pool), said)
        if fen:
            was_fen, ways = last.closed.pools.get(pool, 0), mends.of_pool(pool, -fen)
            found.append(adjusting.of_pool(pool, was_fen, right_fen, fen, ways))
    return found


def _entries(mends: Mends, line: BudgetLine, part: Over, last: Approved) -> list[Way]:
    """What is to be typed, in this order; what is spent of the line, or waits, comes back first."""
    short_fen = -part.spendable_fen - mends.room(line)
    return [
        *mends.onto(line, short_fen, waiting=part.waiting_fen >= 0),
        *adjusting.entries(line, part, last.book.year, last.event),
    ]


def _between(fen: int, said: Sequence[int]) -> int:
    """What there is, if that lies between what was said; else what was said next to it."""
    return min(max(fen, min(said)), max(said))


def _measures(over: Over) -> tuple[int, int, int]:
    """What is carried in, and what of it waits and is handed back, fen: each has entries of its
    own."""
    return over.total_fen, over.waiting_fen, over.returned_fen


def _by_measure(said: Sequence[Over]) -> list[tuple[int, ...]]:
    """What was said, measure by measure."""
    return [*zip(*map(_measures, said), strict=True)]


def _part(left: Over, said: Sequence[Over], right: Over) -> Over:
    """What of that much is of a line, of which that was said."""
    return _over(
        *(
            _between(fen, [now_fen - each_fen for each_fen in was])
            for fen, now_fen, was in zip(
                _measures(left),
                _measures(right),
                zip(*map(_measures, said), strict=True),
                strict=True,
            )
        )
    )


def _over(total_fen: int, waiting_fen: int, returned_fen: int) -> Over:
    return Over(total_fen - waiting_fen - returned_fen, waiting_fen, returned_fen)


class _Have:
    """What a book has recorded of each item, fen: carried in and revised, waiting, handed back."""

    def __init__(self, reading: Reading) -> None:
        self._carried: defaultdict[Item, int] = defaultdict(int)
        self._returned: defaultdict[Item, int] = defaultdict(int)
        self._waits: defaultdict[Item, int] = defaultdict(int)
        self._released: defaultdict[Item, int] = defaultdict(int)
        self._corrected: defaultdict[Item, int] = defaultdict(int)
        for row in carryover(reading).items:
            self._carried[row.item] += row.opening_fen
        for each in adjustments(reading):
            item = Item.of(each.line)
            if each.kind != "closing-revised":
                self._carried[item] -= each.fen
            if each.kind == "remitted":
                self._returned[item] -= each.fen
            if each.kind == "error-correction":
                self._corrected[item] += each.fen
        for moved in reading.sums(("PENDING",)):
            if moved.cause in _WAITS:
                self._waits[Item.of(moved.line)] += moved.fen
            elif moved.cause == "release":
                self._released[Item.of(moved.line)] -= moved.fen
        self._pools = {row.pool: row.opening_fen - row.adjusted_fen for row in pools(reading)}
        for pool, found in pool_adjustments(reading).items():
            revised = (each.fen for each in found if each.kind == "closing-revised")
            self._pools[pool] = self._pools.get(pool, 0) + sum(revised)

    def still(self, item: Item, said: Sequence[Over], right: Over) -> Over:
        """What is not recorded yet of what is right, where that was said. That the bureau releases
        what waits, or that an error is put right, is about it only where it should wait, or be
        handed back, less than it was ever said."""
        waits_fen, returned_fen = self._waits[item], self._returned[item]
        if right.waiting_fen < max(each.waiting_fen for each in said):
            waits_fen -= self._released[item]
        if right.returned_fen < max(each.returned_fen for each in said):
            returned_fen -= self._corrected[item]
        there = (self._carried[item], waits_fen, returned_fen)
        return _over(
            *(
                now_fen - _between(fen, was)
                for fen, now_fen, was in zip(
                    there, _measures(right), _by_measure(said), strict=True
                )
            )
        )

    def of_pool(self, pool: Pool) -> int:
        """What was carried into a pool, and what of that was revised."""
        return self._pools.get(pool, 0)


_WAITS = ("carry-in", "reclassify", "withdraw")
"""The causes of what waits as 结余."""
