"""What mends an opening that is not last year's closing: the entries to be made, on the figures of
the book as it stands (P10).

The first thing that is offered makes what was carried in what it should be, so that typing it
settles what it is about. Where the money that came over too much is spent or waits elsewhere, what
brings it back is offered before; both together are lawful, in this order.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from ledger.events import (
    BookOpened,
    NonFiscalSurplusUsed,
    OpeningLoaded,
    Previous,
    Share,
    SurplusLoaded,
    decode,
)
from ledger.kinds import Pool
from ledger.line import FISCAL_FUNDS, BudgetLine
from ledger.money import plain_yuan
from ledger.refusals import Way
from ledger.rules import ways
from ledger.rules.authority import authority_needed
from projections.questions.balances import LineBalance, line_balances
from projections.questions.carryover import Item, carryover
from projections.questions.surplus import pools
from projections.views.reading import Reading
from projections.views.undone import standing


class Carried(NamedTuple):
    """Something carried in that stands: its entry, its line or pool, fen, whether it is 待下达."""

    entry: int
    what: BudgetLine | Pool
    fen: int
    pending: bool


class Mends:
    """The ways in which a book's opening can be mended, asked of one reading. `approval` is the
    document by which finance approved last year otherwise: then what was carried in stands, too."""

    def __init__(self, reading: Reading, approval: str | None = None) -> None:
        self._reading = reading
        self._approval = approval
        self._kept = Counter[BudgetLine]()

    def of_lines(
        self,
        belongs: Callable[[BudgetLine], bool],
        new: BudgetLine | None,
        over_fen: int,
        differs: Mapping[Item, int] = MappingProxyType({}),
    ) -> list[Way]:
        """What makes the carry-over of some lines less by `over_fen` (more where it is negative).
        `new` is the line for what is missing, where nothing was carried in yet. `differs`: which
        of several items have too much, fen, or too little (negative); they come first."""
        lines = [line for line in self._lines if belongs(line)]
        carried = [
            each
            for each in self._carried
            if isinstance(each.what, BudgetLine) and belongs(each.what)
        ]
        if over_fen < 0:
            least = min(differs.values(), default=0)
            short = [item for item, fen in differs.items() if fen == least < 0]
            own = (e.what for e in carried if isinstance(e.what, BudgetLine))
            into = next((line for line in own if not short or Item.of(line) in short), new)
            return [] if into is None else [self._more(into, -over_fen)]
        if self._stands:
            return self._lowered(lines, over_fen, differs)
        steps = self._steps(carried, over_fen)
        brought = list(self._brought(steps))
        return [*brought, *(_undone(each, fen) for each, fen in steps)]

    def of_pool(self, pool: Pool, over_fen: int) -> list[Way]:
        """What makes a pool of 非财政拨款结余 less by `over_fen`, or more; what was used of it
        comes back first, as far as the rest is too little."""
        if over_fen < 0 and not self._stands:
            return [Way("surplus-in", pool=pool, amount=plain_yuan(-over_fen), doc=ways.DOC)]
        if over_fen <= 0:
            return [ways.adjust_surplus(pool, -over_fen, doc=self._doc)] if over_fen else []
        left_fen = sum(walk.closing_fen for walk in pools(self._reading) if walk.pool == pool)
        used = self._steps(self._used(pool), max(0, over_fen - left_fen))
        if self._stands:
            taken = [ways.adjust_surplus(pool, over_fen, decrease=True, doc=self._doc)]
        else:
            carried = [each for each in self._carried if each.what == pool]
            taken = [_undone(each, fen) for each, fen in self._steps(carried, over_fen)]
        return [*(_undone(each, fen) for each, fen in used), *taken]

    def room(self, line: BudgetLine) -> int:
        """What can be spent on a line, fen."""
        return self._room(line)

    def keep(self, fen: Mapping[BudgetLine, int]) -> None:
        """So much stays on these lines: it is not given to others."""
        self._kept.update({line: min(max(0, kept), self.room(line)) for line, kept in fen.items()})

    def onto(self, line: BudgetLine, fen: int) -> list[Way]:
        """What brings so much of 可执行 onto a line; what waits on it goes on waiting."""
        return [*self._onto(line, fen, waiting=False)]

    @cached_property
    def opened(self) -> int:
        """The last entry that the book was opened with from last year's; 0 where it was not."""
        return 0 if self._previous is None else self._previous.opening

    @property
    def _doc(self) -> str:
        return ways.DOC if self._approval is None else self._approval

    @property
    def _stands(self) -> bool:
        """Whether what was carried in stands, and is adjusted by the document of what changed."""
        return self._approval is not None or self._previous is not None

    @cached_property
    def _previous(self) -> Previous | None:
        """The closed book that this one was opened from."""
        row = self._reading.stored(1)
        opened = None if row is None else decode(row.stored).event
        return opened.previous if isinstance(opened, BookOpened) else None

    @cached_property
    def _lines(self) -> dict[BudgetLine, LineBalance]:
        return {
            BudgetLine.parse(balance.line): balance
            for balance in line_balances(self._reading).lines
        }

    @cached_property
    def _carried(self) -> list[Carried]:
        """What was carried in and stands, the last first."""
        found = []
        for number, event in standing(self._reading, "carry-in", "surplus-in"):
            if isinstance(event, OpeningLoaded):
                found.append(Carried(number, event.line, event.amount_fen, event.pending))
            elif isinstance(event, SurplusLoaded):
                found.append(Carried(number, event.pool, event.amount_fen, False))
        return found

    def _used(self, pool: Pool) -> list[Carried]:
        """What was used of a pool and stands, the last first."""
        return [
            Carried(number, pool, event.amount_fen, False)
            for number, event in standing(self._reading, "use-surplus")
            if isinstance(event, NonFiscalSurplusUsed) and event.pool == pool
        ]

    def _more(self, line: BudgetLine, fen: int) -> Way:
        if self._stands:
            return ways.adjust_opening("closing-revised", fen, line, doc=self._doc)
        return Way("carry-in", line=line, amount=plain_yuan(fen), doc=ways.DOC)

    def _room(self, line: BudgetLine, *, pending: bool = False) -> int:
        balance = self._lines.get(line)
        if balance is None:
            return 0
        return balance.pending_fen if pending else balance.available_fen

    def _steps(self, carried: list[Carried], over_fen: int) -> list[tuple[Carried, int]]:
        """What is undone of which: a whole one where that is all (a second one), else what lies
        on a line that still has it, then the last."""
        whole = [each for each in carried if each.fen == over_fen]
        if len(carried) > 1 and whole:
            return [(whole[0], over_fen)]

        def spent(each: Carried) -> bool:
            if not isinstance(each.what, BudgetLine):
                return False
            return self._room(each.what, pending=each.pending) < min(each.fen, over_fen)

        steps = []
        for each in sorted(carried, key=spent):
            fen = min(each.fen, over_fen)
            over_fen -= fen
            steps.append((each, fen))
            if not over_fen:
                break
        return steps

    def _brought(self, steps: list[tuple[Carried, int]]) -> Iterator[Way]:
        """What must come back first onto the lines that what is undone is taken from."""
        cash_fen = 0
        for each, fen in steps:
            if not isinstance(each.what, BudgetLine):
                continue
            line = each.what
            short_fen = max(0, fen - self._room(line, pending=each.pending))
            if short_fen and each.pending:
                yield from self._onto(line, short_fen - self._room(line), but=each)
                yield Way("withdraw", line=line, amount=plain_yuan(short_fen), doc=ways.DOC)
            else:
                yield from self._onto(line, short_fen, but=each)
            if line.fund not in FISCAL_FUNDS:
                cash_fen += fen
        if cash_fen:
            line = next(e.what for e, _ in steps if isinstance(e.what, BudgetLine))
            short_fen = cash_fen - self._cash_fen
            if short_fen > 0:
                yield ways.adjust_opening("prior-year-recovery", short_fen, line)

    @property
    def _cash_fen(self) -> int:
        """Non-fiscal money in hand."""
        walk = carryover(self._reading)
        return sum(row.closing_fen for row in walk.items if row.fund not in FISCAL_FUNDS)

    def _onto(
        self, line: BudgetLine, fen: int, but: Carried | None = None, *, waiting: bool = True
    ) -> Iterator[Way]:
        """Brings `fen` of 可执行 onto a line: what waits on it, what other lines of its purpose
        have, and then what somebody gave back, by document."""
        if fen <= 0:
            return
        waiting = waiting and (but is None or not but.pending)
        waits_fen = self._room(line, pending=True) if waiting else 0
        if waits_fen:
            released_fen = min(fen, waits_fen)
            yield ways.release(line, released_fen)
            fen -= released_fen
        for giver in self._lines:
            given_fen = min(fen, self._room(giver) - self._kept[giver])
            alike = giver != line and (giver.purpose, giver.origin) == (line.purpose, line.origin)
            if alike and given_fen > 0:
                needed = authority_needed((Share(giver, 1),), (Share(line, 1),))[0]
                yield ways.reallocate(giver, line, given_fen, needed)
                self._kept[giver] += given_fen
                fen -= given_fen
        if fen:
            yield ways.adjust_opening("prior-year-recovery", fen, line)

    def _lowered(
        self, lines: list[BudgetLine], over_fen: int, differs: Mapping[Item, int]
    ) -> list[Way]:
        """上年年末更正 of what a book was opened with: from the lines that have it, those of the
        items that have too much first; what is spent must come back first."""
        ways_out = []
        left_fen = {item: fen for item, fen in differs.items() if fen > 0}
        for line in sorted(
            lines, key=lambda line: (Item.of(line) in left_fen, self._room(line)), reverse=True
        ):
            item = Item.of(line)
            fen = min(over_fen, self._room(line), left_fen.get(item, over_fen))
            if fen > 0:
                if item in left_fen:
                    left_fen[item] -= fen
                ways_out.append(ways.adjust_opening("closing-revised", fen, line, True, self._doc))
                over_fen -= fen
        if over_fen and lines:
            line = max(lines, key=lambda line: self._room(line, pending=True))
            ways_out += self._onto(line, over_fen)
            ways_out.append(ways.adjust_opening("closing-revised", over_fen, line, True, self._doc))
        return ways_out


def _undone(carried: Carried, fen: int) -> Way:
    """Takes `fen` back of what was carried in: all of it, or it is corrected to the rest."""
    if fen == carried.fen:
        return Way("reverse", carried.entry)
    return Way("correct", carried.entry, amount=plain_yuan(carried.fen - fen))
