"""The entries of next year's book that make of its opening what finance approved of this year
(决算批复, L79)."""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec
from msgspec import UNSET, UnsetType, field

from ledger.book import BookId
from ledger.events import FinalAccountApproved, LineClosed
from ledger.kinds import Pool
from ledger.line import BudgetLine, Spending, carried_until
from ledger.money import plain_yuan
from ledger.refusals import Way
from ledger.rules import ways
from ledger.rules.closed_as import Over, as_approved, as_closed, of_lines, of_pools
from ledger.state import BookState

_PUBLISHED_WITHIN = timedelta(days=20)


def publish_by(approved_on: date) -> date:
    """R17: the last day on which what was approved on a day is published, the twentieth after it
    (预算法 §14)."""
    return approved_on + _PUBLISHED_WITHIN


class Adjusting(msgspec.Struct, frozen=True):
    """A line, or a pool of 非财政拨款结余, of which finance approved otherwise: what of it went
    over as it was closed and as it was approved, fen, and what next year's opening is to be
    adjusted by, signed fen: so much more is carried in, of which so much more is handed back (收回)
    and so much more waits as 结余 (待下达). Of a department of `book`."""

    line: str | None
    pool: Pool | None
    closed_fen: int
    approved_fen: int
    difference_fen: int
    returned_fen: int
    waiting_fen: int
    try_: list[Way] = field(name="try")
    book: str | UnsetType = UNSET


class FinalAccount(msgspec.Struct, frozen=True):
    """What finance approved of a closed year, by a paper of a day, and until when that is to be
    published (R17); the entry of the 决算批复 that it replaces; what it approved otherwise, and the
    entries of next year's book that this asks for."""

    approved_on: date
    publish_by: date
    replaces: int | None
    differences: list[Adjusting]


def final_account(
    state: BookState, number: int, event: FinalAccountApproved
) -> FinalAccount | None:
    """What entry `number` approved, beside what the year was closed with; `state` is the book with
    it."""
    if state.closing is None:
        return None
    closed = as_closed(state.closing, state.pools)
    approved = as_approved(closed, event)
    unit, year = BookId.parse(state.book)
    found = []
    for line, (before, after) in of_lines(closed, approved).items():
        more = after.more_than(before)
        found.append(of_line(line, before, after, more, entries(line, more, year, event)))
    for pool, (before_fen, after_fen) in of_pools(closed, approved).items():
        fen = after_fen - before_fen
        way = ways.adjust_surplus(pool, abs(fen), decrease=fen < 0, doc=event.doc)
        found.append(of_pool(pool, before_fen, after_fen, fen, [way]))
    return FinalAccount(
        event.approved_on,
        publish_by(event.approved_on),
        max((each.entry for each in state.approvals if each.entry < number), default=None),
        [
            msgspec.structs.replace(
                each, try_=[way.also(unit=unit, year=year + 1) for way in each.try_]
            )
            for each in found
        ],
    )


def of_line(
    line: BudgetLine, before: Over, after: Over, more: Over, entries: list[Way]
) -> Adjusting:
    """A line of which `more` is still to be recorded, by these entries."""
    over = (before.total_fen, after.total_fen, more.total_fen, more.returned_fen, more.waiting_fen)
    return Adjusting(str(line), None, *over, entries)


def of_pool(pool: Pool, before_fen: int, after_fen: int, fen: int, entries: list[Way]) -> Adjusting:
    """A pool of which `fen` are still to be recorded."""
    return Adjusting(None, pool, before_fen, after_fen, fen, 0, 0, entries)


def entries(line: BudgetLine, more: Over, closed: int, event: FinalAccountApproved) -> list[Way]:
    """What is recorded of a line that has so much more of each than was carried in of the year
    `closed`, by the document of the approval: what waits can be lowered only once it is released,
    and what is more is there before it is handed back or waits."""
    found, doc = [], event.doc
    if more.waiting_fen < 0:
        found.append(ways.release(line, -more.waiting_fen, doc))
    if more.returned_fen < 0:
        fen = -more.returned_fen
        found.append(ways.adjust_opening("error-correction", fen, line, doc=doc))
    if more.total_fen:
        down, fen = more.total_fen < 0, abs(more.total_fen)
        found.append(ways.adjust_opening("closing-revised", fen, line, down, doc))
    if more.returned_fen > 0:
        by = next((e.doc for e in event.lines if e.line == line and _hands_back(e)), doc)
        found.append(ways.adjust_opening("remitted", more.returned_fen, line, doc=by))
    if more.waiting_fen > 0:
        found.append(_waits(line, more.waiting_fen, closed, doc))
    return found


def documents(event: FinalAccountApproved) -> Iterator[str]:
    """The documents by which the entries of next year's book are recorded that it asks for."""
    yield event.doc
    yield from (each.doc for each in event.lines if _hands_back(each))


def _hands_back(row: LineClosed) -> bool:
    return row.choice == "take-back" and bool(row.doc)


def _waits(line: BudgetLine, fen: int, closed: int, doc: str) -> Way:
    """Makes what can be spent wait for the finance bureau: of a project it has become 结余."""
    if line.spending is not Spending.PROJECT:
        return Way("withdraw", line=line, amount=plain_yuan(fen), doc=doc)
    until = carried_until(line)
    cause = "two-years" if until is not None and until <= closed else "not-needed"
    return Way("reclassify", line=line, amount=plain_yuan(fen), cause=cause, doc=doc)
