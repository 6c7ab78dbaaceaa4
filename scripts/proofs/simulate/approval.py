"""决算批复 of a random year that was closed in a copy: finance approves what chance says, and next
year's opening becomes that, line by line, by the entries that are proposed."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

from ledger.events import CashApproved, LineClosed, PoolApproved, YearClosed
from ledger.kinds import POOL_NAMES, Choice
from ledger.line import BudgetLine, Spending
from ledger.money import parse_yuan
from ledger.refusals import Way
from ledger.state import BookState
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Recorded
from projections.questions.adjustments import adjustments
from projections.questions.carryover import carryover
from projections.questions.opening import last_closing
from projections.questions.surplus import pools
from projections.questions.year.final_account import last_approved, to_record
from projections.views.reading import Reading, reading
from scripts.proofs.simulate.words import NEXT, YEAR, Plain, agree

Ask = Callable[..., Recorded]
Key = tuple[str, ...]
"""(fund, func, project, origin) of an item; of a pool its name."""
_FINANCE_SAYS: tuple[Choice, ...] = ("carry", "surplus", "take-back")


class Approval:
    """What finance approves of a closed year, and what goes over by it, added up by hand."""

    def __init__(self, chance: Random, state: BookState) -> None:
        assert state.closing is not None
        self._chance, self._closing = chance, state.closing
        self._has_pools = state.opened_facts.unit_kind != "admin"
        self.lines = tuple(self._lines(state.closing))
        self.cash = tuple(
            CashApproved(share.line, self._otherwise(share.amount_fen))
            for share in state.closing.cash
            if chance.random() < 0.5
        )
        own = [pool for pool in POOL_NAMES if self._has_pools and chance.random() < 0.4]
        self.pools = tuple(
            PoolApproved(pool, self._otherwise(state.pools.get(pool, 0))) for pool in own
        )
        self._held = dict(state.pools)

    @property
    def given(self) -> Plain:
        """What the product is asked."""
        said = {"lines": self.lines, "cash": self.cash, "pools": self.pools}
        return {**said, "approved_on": date(YEAR + 1, 8, 20), "doc": "财决8号"}

    @property
    def by_items(self) -> bool:
        """Whether what is closed of each item is on one line of it. Else what was recorded for a
        first approval is not told apart by lines when a second one is followed."""
        items = [_item(each.line) for each in self._closing.lines]
        return len(items) == len(set(items))

    def _otherwise(self, fen: int) -> int:
        return self._chance.choice((0, fen, fen + 1_00, fen // 2))

    def _lines(self, closing: YearClosed) -> Iterator[LineClosed]:
        for each in closing.lines:
            if each.choice == "lapse" or self._chance.random() < 0.5:
                continue
            fen = self._otherwise(each.amount_fen + each.pending_fen)
            said = _FINANCE_SAYS if each.line.spending is Spending.PROJECT else ("carry",)
            choices = self._chance.sample(said, self._chance.randint(1, min(2, len(said))))
            part_fen = fen // len(choices)
            yield LineClosed(each.line, choices[0], fen - part_fen * (len(choices) - 1))
            yield from (LineClosed(each.line, other, part_fen) for other in choices[1:])

    def right(self) -> Counter[Key]:
        """What is carried in of each item and pool as it was approved, fen."""
        found: Counter[Key] = Counter()
        said = {each.line for each in self.lines}
        in_hand = {each.line for each in self.cash}
        kept = (closed for closed in self._closing.lines if closed.line not in said)
        for closed in (*kept, *self.lines):
            if closed.choice != "lapse":
                found[_item(closed.line)] += closed.amount_fen + closed.pending_fen
        for share in self._closing.cash:
            found[_item(share.line)] += 0 if share.line in in_hand else share.amount_fen
        for approved in self.cash:
            found[_item(approved.line)] += approved.amount_fen
        held = self._held | {each.pool: each.amount_fen for each in self.pools}
        found.update({(pool,): fen for pool, fen in held.items()})
        return +found

    def followed(self, path: Path, ask: Ask) -> None:
        """Next year's opening, before and after what is proposed is recorded."""
        place = SqlitePlace(path)
        last = last_approved(place, NEXT)
        assert last is not None
        for _ in range(4):
            with reading(place, NEXT) as opened:
                left = to_record(opened, last)
            for way in (way for row in left for way in row.try_):
                recorded = ask(NEXT, way.command, **_given(way))
                if recorded.waits:
                    number = recorded.entries[-1].number
                    ask(NEXT, "approve", f"#{number}", authority="finance", occurred_on=_LATER)
            if not left:
                break
        assert not left, left
        with reading(place, NEXT) as opened:
            agree(dict(self.right()), dict(+_carried(opened)), "what was approved")
            closing = last_closing(place, NEXT)
        assert closing is not None
        right_fen = sum(fen for key, fen in self.right().items() if len(key) > 1)
        agree(right_fen, closing.fen, "the closing as approved")


_LATER = date(YEAR + 1, 9, 1)


def _item(line: BudgetLine) -> Key:
    return (str(line.fund), line.func, line.project, str(line.origin))


def _carried(opened: Reading) -> Counter[Key]:
    """What was carried in of each item and pool with what 上年年末更正 has changed since."""
    found: Counter[Key] = Counter()
    for row in carryover(opened).items:
        found[row.fund, row.func, row.project, str(row.origin)] += row.opening_fen
    for each in adjustments(opened):
        found[_item(each.line)] -= each.fen if each.kind != "closing-revised" else 0
    for walk in pools(opened):
        found[(walk.pool,)] += walk.opening_fen
    return found


def _given(way: Way) -> Plain:
    """What a proposed command says."""
    said: Plain = dict(way.options)
    for name in ("unit", "year"):
        said.pop(name, None)
    if way.command == "reallocate":
        for name, side in (("sources", "from"), ("targets", "to")):
            line, _, yuan = str(said.pop(side)).rpartition("=")
            said[name] = [(BudgetLine.parse(line), parse_yuan(yuan))]
        return {**said, "occurred_on": _LATER}
    if "line" in said:
        said["line"] = BudgetLine.parse(str(said["line"]))
    said["amount_fen"] = parse_yuan(str(said.pop("amount")))
    return {**said, "occurred_on": _LATER}
