"""The same as X11 from the other side (F16): a year that is reopened, closed again otherwise, or
approved otherwise says what next year's book was opened with (L65), until 上年年末更正 there has
said the difference."""

from datetime import date

import msgspec

from ledger.book import BookId
from ledger.events import BookOpened, decode
from ledger.kinds import POOL_NAMES, Pool
from ledger.money import yuan
from ledger.refusals import Way
from ledger.store.log import NoLog, Place, Waiting, row_of, silently
from projections.questions.opening import (
    closing_of,
    compared,
    compared_pools,
    mends_beside,
    parts_of,
)
from projections.views.reading import Cut, readings


class ItemCarriedOn(msgspec.Struct, frozen=True):
    """An item (null where it stands for more than one) or a pool, fen: what next year was opened
    with, what 上年年末更正 said of it since, what this year closes with, and what is still to be
    said."""

    fund: str | None
    func: str | None
    project: str | None
    origin: int | None
    pool: Pool | None
    carried_fen: int
    revised_fen: int
    closing_fen: int
    difference_fen: int


class CarriedOn(msgspec.Struct, frozen=True):
    """The book that was opened from this one's closing: with what, fen, and whether that closing is
    undone, or was approved otherwise by the entry `approval`. `items` are all of them."""

    book: str
    reopened: bool
    approval: int | None
    carried_fen: int
    revised_fen: int
    closing_fen: int
    difference_fen: int
    items: list[ItemCarriedOn]
    check: Way

    @property
    def differing(self) -> list[ItemCarriedOn]:
        """The items of which something is still to be said."""
        return [each for each in self.items if each.difference_fen]

    def told(self) -> str:
        """What is so, and what is to be done about it."""
        became = "本年重新结账后的年末数与其不同"
        if self.reopened:
            became = "本年已解除结账"
        elif self.approval is not None:
            became = f"本年决算批复（第 {self.approval} 笔）的年末数与其不同"
        items = [
            f"转入 {yuan(self.carried_fen)} 元{_revised(self.revised_fen)}，"
            f"现在年末为 {yuan(self.closing_fen)} 元"
        ]
        pooled = [
            f"{POOL_NAMES[each.pool]}转入 {yuan(each.carried_fen)} 元{_revised(each.revised_fen)}，"
            f"现在为 {yuan(each.closing_fen)} 元"
            for each in self.differing
            if each.pool is not None
        ]
        return f"{self.book} 是据本账套的结账建账的；{became}：" + "；".join(items + pooled)


def _revised(fen: int) -> str:
    return f"，上年年末更正 {yuan(fen)} 元" if fen else ""


def carried_on(
    place: Place, book: BookId, cut: Cut, waiting: Waiting = silently
) -> CarriedOn | None:
    """What was opened from this book, where it is still to be told; None where nothing is. Nothing
    of next year is within a cut that ends before this year does. To be asked before this book is
    read alone: the views of both may have to be caught up (P9)."""
    after = BookId(book.unit, book.year + 1)
    if cut.until < date(book.year, 12, 31) or not _opened_from(place, book, after, waiting):
        return None
    whole = Cut(known_at=cut.known_at)
    with readings(place, [book, after], whole, waiting) as (this, following):
        if not following.upto:
            return None
        last = closing_of(this)
        rows = compared(following, last)
        items = [
            ItemCarriedOn(
                *parts_of(row.item),
                None,
                row.carried_fen,
                row.revised_fen,
                row.closing_fen,
                -row.unexplained_fen,
            )
            for row in rows
        ]
        items += [
            ItemCarriedOn(
                *(None, None, None, None),
                each.pool,
                each.opening_before_fen,
                each.revised_fen,
                each.closing_fen,
                -each.unexplained_fen,
            )
            for each in compared_pools(following, last, mends_beside(following, last))
        ]
        told = CarriedOn(
            str(after),
            reopened=this.closed is None,
            approval=None if last.approved is None else last.approved.entry,
            carried_fen=sum(row.carried_fen for row in rows),
            revised_fen=sum(row.revised_fen for row in rows),
            closing_fen=last.fen,
            difference_fen=-sum(row.unexplained_fen for row in rows),
            items=items,
            check=Way("opening", check=True, unit=after.unit, year=after.year),
        )
    return told if told.reopened or told.differing else None


def _opened_from(place: Place, book: BookId, after: BookId, waiting: Waiting) -> bool:
    """Whether next year's book is in the file and was opened from this one."""
    try:
        with place.reading(waiting) as log:
            row = row_of(log, str(after), 1)
    except NoLog:
        return False
    opened = None if row is None else decode(row.stored).event
    return (
        isinstance(opened, BookOpened)
        and opened.previous is not None
        and opened.previous.book == str(book)
    )
