"""决算批复: what finance approved of a book's year, and what of it next year's opening has still to
be adjusted by (P41).

Nothing of the closed book changes. What it closed with is compared, item by item as X11 does, with
what next year's book has carried in and adjusted since; each difference is still to be recorded as
far as it is not there.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from ledger.book import BookId
from ledger.errors import Corrupt, Damage
from ledger.events import FinalAccountApproved, RequestApproved, YearClosed
from ledger.kinds import Pool
from ledger.line import BudgetLine
from ledger.refusals import Refused, Way
from ledger.rules import adjusting
from ledger.rules.adjusting import Adjusting
from ledger.rules.closed_as import ClosedAs, Over, as_approved, as_closed, of_lines, of_pools
from ledger.store.log import Place, Waiting, silently
from projections.questions.adjustments import adjustments, pool_adjustments
from projections.questions.carryover import Item, carryover
from projections.questions.surplus import pools
from projections.questions.year.mends import Mends
from projections.views.reading import Cut, Reading, reading
from projections.views.undone import event_of, undone


class Approved(NamedTuple):
    """The 决算批复 of a book that counts, and what it says otherwise than the book was closed: of
    each line what goes over, as closed and as approved; of the items of those lines, whole, as X11
    compares them; and of each pool, fen."""

    book: BookId
    entry: int
    event: FinalAccountApproved
    lines: Mapping[BudgetLine, tuple[Over, Over]]
    items: Mapping[Item, tuple[Over, Over]]
    pools: Mapping[Pool, tuple[int, int]]

    @property
    def publish_by(self) -> date:
        """The last day on which it is published (R17)."""
        return adjusting.publish_by(self.event.approved_on)


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
    event = None if number is None else event_of(reading, number)
    if number is None or not isinstance(event, FinalAccountApproved):
        return None
    made = event_of(reading, event.closing)
    if not isinstance(made, RequestApproved) or not isinstance(made.approved, YearClosed):
        raise Corrupt(Damage.RULES, f"{reading.book} 第 {event.closing} 笔不是结账，不能批复")
    closed = as_closed(made.approved, {row.pool: row.closing_fen for row in pools(reading)})
    now = as_approved(closed, event)
    lines = of_lines(closed, now)
    was, becomes = _by_item(closed), _by_item(now)
    items = {item: (was[item], becomes[item]) for item in map(Item.of, lines)}
    return Approved(reading.book, number, event, lines, items, of_pools(closed, now))


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
    """What this year's opening has still to be adjusted by, line by line, and how."""
    mends, have = Mends(reading, last.event.doc), _Have(reading)
    found = []
    for item, (before, after) in last.items.items():
        left = have.still(item, before, after)
        for line, (was, now) in last.lines.items():
            if Item.of(line) == item:
                part = _within(left, now.more_than(was))
                left = left.more_than(part)
                if any(part):
                    entries = _entries(mends, line, part, last)
                    found.append(adjusting.of_line(line, was, now, part, entries))
    for pool, (before_fen, after_fen) in last.pools.items():
        fen = _between(after_fen - have.of_pool(pool), after_fen - before_fen)
        if fen:
            ways = mends.of_pool(pool, -fen)
            found.append(adjusting.of_pool(pool, before_fen, after_fen, fen, ways))
    return found


def _entries(mends: Mends, line: BudgetLine, part: Over, last: Approved) -> list[Way]:
    """What is to be typed, in this order; what is spent of the line, or waits, comes back first."""
    short_fen = -part.spendable_fen - mends.room(line)
    return [
        *mends.onto(line, short_fen, waiting=part.waiting_fen >= 0),
        *adjusting.entries(line, part, last.book.year, last.event),
    ]


def _between(fen: int, limit_fen: int) -> int:
    """As much of `limit_fen` as there is, and nothing the other way."""
    return max(min(fen, limit_fen), 0) if limit_fen > 0 else min(max(fen, limit_fen), 0)


def _within(more: Over, limit: Over) -> Over:
    """The same of what is carried in, and of what of it waits and is handed back."""
    return _over(
        _between(more.total_fen, limit.total_fen),
        _between(more.waiting_fen, limit.waiting_fen),
        _between(more.returned_fen, limit.returned_fen),
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

    def still(self, item: Item, before: Over, after: Over) -> Over:
        """What is not recorded yet of what finance approved otherwise. That the bureau releases
        what waits, or that an error is put right, is about it only where it should wait, or be
        handed back, less."""
        waits_fen, returned_fen = self._waits[item], self._returned[item]
        if after.waiting_fen < before.waiting_fen:
            waits_fen -= self._released[item]
        if after.returned_fen < before.returned_fen:
            returned_fen -= self._corrected[item]
        there = _over(self._carried[item], waits_fen, returned_fen)
        return _within(after.more_than(there), after.more_than(before))

    def of_pool(self, pool: Pool) -> int:
        """What was carried into a pool, and what of that was revised."""
        return self._pools.get(pool, 0)


_WAITS = ("carry-in", "reclassify", "withdraw")
"""The causes of what waits as 结余."""
