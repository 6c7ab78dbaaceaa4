"""What goes over to next year of a closed year, and what of that finance approved otherwise
(决算批复, L79)."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ledger.events import CashApproved, FinalAccountApproved, LineClosed, Share, YearClosed
from ledger.kinds import POOL_NAMES, Pool
from ledger.line import BudgetLine


class Over(NamedTuple):
    """What goes over of one line, fen: what can be spent, what waits as 结余 (待下达), and what is
    carried in and handed back at once (收回)."""

    spendable_fen: int = 0
    waiting_fen: int = 0
    returned_fen: int = 0

    @property
    def total_fen(self) -> int:
        """What is carried in."""
        return sum(self)

    def more_than(self, other: "Over") -> "Over":
        """What this is more than another, signed."""
        return Over(*(own - fen for own, fen in zip(self, other, strict=True)))

    def and_also(self, other: "Over") -> "Over":
        """Both together."""
        return Over(*(own + fen for own, fen in zip(self, other, strict=True)))


NOTHING = Over()


class ClosedAs(NamedTuple):
    """What a year leaves: line by line what becomes of it, the money in hand that goes over by its
    purpose, and what the pools of 非财政拨款结余 hold, fen."""

    lines: tuple[LineClosed, ...]
    cash: tuple[Share | CashApproved, ...]
    pools: Mapping[Pool, int]

    def over(self) -> dict[BudgetLine, Over]:
        """What goes over of each line; of a budget that lapses nothing does."""
        found: dict[BudgetLine, Over] = {}
        for each in self.lines:
            over = goes_over(each)
            found[each.line] = found.get(each.line, NOTHING).and_also(over)
        for share in self.cash:
            over = Over(share.amount_fen)
            found[share.line] = found.get(share.line, NOTHING).and_also(over)
        return found


def goes_over(closed: LineClosed) -> Over:
    """What goes over of what one line had left: of what is carried over, what was turned into 结余
    waits (L71)."""
    match closed.choice:
        case "lapse":
            return NOTHING
        case "carry":
            return Over(closed.amount_fen, closed.pending_fen)
        case "surplus":
            return Over(0, closed.amount_fen + closed.pending_fen)
        case "take-back":
            return Over(0, 0, closed.amount_fen + closed.pending_fen)


def as_closed(closing: YearClosed, pools: Mapping[Pool, int]) -> ClosedAs:
    """What a year leaves as it was closed; `pools` are what they held then."""
    return ClosedAs(closing.lines, closing.cash, pools)


def as_approved(closed: ClosedAs, approval: FinalAccountApproved | None) -> ClosedAs:
    """The same as finance approved it: what the approval says of a line, a purpose or a pool stands
    in the place of what the book closed with, whole; of the rest that was right."""
    if approval is None:
        return closed
    lines = {each.line for each in approval.lines}
    cash = {each.line for each in approval.cash}
    said = ClosedAs(approval.lines, approval.cash, {p.pool: p.amount_fen for p in approval.pools})
    return ClosedAs(
        (*(each for each in closed.lines if each.line not in lines), *said.lines),
        (*(each for each in closed.cash if each.line not in cash), *said.cash),
        {**closed.pools, **said.pools},
    )


def otherwise(closed: ClosedAs, said: ClosedAs) -> ClosedAs:
    """What is said otherwise than the year was closed: every row of a line, a purpose or a pool of
    which any figure or choice differs."""
    lines = _differing(_by_choice(closed.lines), _by_choice(said.lines))
    cash = _differing(_sums(closed.cash), _sums(said.cash))
    return ClosedAs(
        tuple(each for each in said.lines if each.line in lines),
        tuple(each for each in said.cash if each.line in cash),
        {pool: fen for pool, fen in said.pools.items() if fen != closed.pools.get(pool, 0)},
    )


def of_lines(closed: ClosedAs, approved: ClosedAs) -> dict[BudgetLine, tuple[Over, Over]]:
    """What goes over of the lines of which finance approved otherwise: as closed, and as
    approved."""
    was, now = closed.over(), approved.over()
    both = ((line, was.get(line, NOTHING), now.get(line, NOTHING)) for line in sorted({*was, *now}))
    return {line: (before, after) for line, before, after in both if before != after}


def of_pools(closed: ClosedAs, approved: ClosedAs) -> dict[Pool, tuple[int, int]]:
    """The same of the pools of 非财政拨款结余, fen."""
    both = {p: (closed.pools.get(p, 0), approved.pools.get(p, 0)) for p in POOL_NAMES}
    return {pool: (before, after) for pool, (before, after) in both.items() if before != after}


_ByLine = Mapping[BudgetLine, Counter[str]]


def _differing(closed: _ByLine, said: _ByLine) -> Collection[BudgetLine]:
    return {line for line, fen in said.items() if fen != closed.get(line, Counter())}


def _by_choice(lines: tuple[LineClosed, ...]) -> _ByLine:
    """What becomes of each line, fen by choice and account; Counters compare without zeros."""
    found: dict[BudgetLine, Counter[str]] = {}
    for each in lines:
        sums = found.setdefault(each.line, Counter())
        sums[each.choice] += each.amount_fen
        sums[f"{each.choice} pending"] += each.pending_fen
    return found


def _sums(cash: tuple[Share | CashApproved, ...]) -> _ByLine:
    found: dict[BudgetLine, Counter[str]] = {}
    for share in cash:
        found.setdefault(share.line, Counter())["cash"] += share.amount_fen
    return found
