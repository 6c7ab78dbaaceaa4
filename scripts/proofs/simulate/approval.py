"""决算批复 of a random year that was closed in a copy: finance approves what chance says, and next
year's opening becomes that, line by line, by the entries that are proposed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from random import Random

from ledger.events import (
    CarryoverReclassified,
    CashApproved,
    IndicatorReleased,
    IndicatorWithdrawn,
    LineClosed,
    OpeningAdjusted,
    OpeningLoaded,
    PoolApproved,
    Reversible,
    YearClosed,
)
from ledger.kinds import POOL_NAMES, Choice
from ledger.line import BudgetLine, Spending
from ledger.money import parse_yuan
from ledger.postings import effective
from ledger.refusals import Refused, Way
from ledger.state import BookState
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Recorded
from projections.questions.balances import line_balances
from projections.questions.carryover import Item
from projections.questions.opening import last_closing
from projections.questions.surplus import pools
from projections.questions.year.final_account import last_approved, to_record
from projections.views.reading import Reading, reading
from projections.views.undone import event_of
from scripts.proofs.simulate.words import NEXT, YEAR, Plain, agree

Ask = Callable[..., Recorded]
Key = tuple[str, ...]
"""What is said of which line or pool: `carried`, `waits`, `returned` or `pool`."""
_FINANCE_SAYS: tuple[Choice, ...] = ("carry", "surplus", "take-back")


class Approval:
    """What finance approves of a closed year, and what goes over by it, added up by hand."""

    def __init__(self, chance: Random, state: BookState, number: int) -> None:
        assert state.closing is not None
        self._doc = f"财决{number}号"
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
        return {**said, "approved_on": date(YEAR + 1, 8, 20), "doc": self._doc}

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
        """What is carried in of each line and pool as it was approved, what of that waits and what
        is handed back, fen."""
        found: Counter[Key] = Counter()
        said = {each.line for each in self.lines}
        in_hand = {each.line for each in self.cash}
        kept = (closed for closed in self._closing.lines if closed.line not in said)
        for closed in (*kept, *self.lines):
            fen, line = closed.amount_fen + closed.pending_fen, str(closed.line)
            if closed.choice == "lapse":
                continue
            found["carried", line] += fen
            if closed.choice == "take-back":
                found["returned", line] += fen
            else:
                found["waits", line] += fen if closed.choice == "surplus" else closed.pending_fen
        for share in self._closing.cash:
            found["carried", str(share.line)] += 0 if share.line in in_hand else share.amount_fen
        for approved in self.cash:
            found["carried", str(approved.line)] += approved.amount_fen
        held = self._held | {each.pool: each.amount_fen for each in self.pools}
        found.update({("pool", pool): fen for pool, fen in held.items()})
        return +found

    def followed(self, path: Path, ask: Ask) -> None:
        """Next year's opening, before and after what is proposed is recorded: then nothing more is
        proposed, and every line has what was approved."""
        place = SqlitePlace(path)
        last = last_approved(place, NEXT)
        assert last is not None
        with reading(place, NEXT) as opened:
            proposed = to_record(opened, last)
        for way in (way for row in proposed for way in row.try_):
            recorded = ask(NEXT, way.command, **_given(way))
            if recorded.waits:
                number = recorded.entries[-1].number
                ask(NEXT, "approve", f"#{number}", authority="finance", occurred_on=_LATER)
        with reading(place, NEXT) as opened:
            left = to_record(opened, last)
            assert not left, left
            found, others = _opened(opened)
            agree(_without(others, self.right()), _without(others, found), "approved")
            closing = last_closing(place, NEXT)
        assert closing is not None
        carried_fen = sum(fen for key, fen in self.right().items() if key[0] == "carried")
        agree(carried_fen, closing.fen, "the closing as approved")


_LATER = date(YEAR + 1, 9, 1)


_OTHER_DOC = "另文"


def meanwhile(chance: Random, path: Path, ask: Ask) -> None:
    """What next year does with what was carried in by other documents, between two approvals."""
    with reading(SqlitePlace(path), NEXT) as opened:
        there = [each for each in line_balances(opened).lines if (each.origin or 0) <= YEAR]
    for each in chance.sample(there, min(len(there), 3)):
        line, kind = BudgetLine.parse(each.line), chance.choice((*_SPENDS, "release"))
        fen = each.pending_fen if kind == "release" else each.available_fen
        given: Plain = dict(_SPENDS.get(kind, {}))
        if kind == "pay":
            given["econ"] = "30201" if line.econ == "-" else line.econ
        fen = chance.choice((fen, fen // 2))
        said: Plain = {"line": line, "amount_fen": fen, "doc": _OTHER_DOC, "occurred_on": _LATER}
        if fen:
            with suppress(Refused):  # as basic money that becomes no 结余
                ask(NEXT, kind, **said, **given)


_SPENDS: dict[str, Plain] = {
    "pay": {"payee": "某店", "purpose": "用"},
    "reclassify": {"cause": "not-needed"},
    "adjust-opening": {"adjustment": "remitted"},
}


def _without(others: set[Key], found: Counter[Key]) -> dict[Key, int]:
    """What is said of items of which other documents said nothing: what these took on any line
    counts as what was asked for of its item (P41)."""
    settled = {_of_item(key) for key in others}
    return {key: fen for key, fen in found.items() if _of_item(key) not in settled}


def _of_item(key: Key) -> tuple[object, ...]:
    measure, of = key
    return measure, of if measure == "pool" else Item.of(BudgetLine.parse(of))


def _opened(opened: Reading) -> tuple[Counter[Key], set[Key]]:
    """The same of next year's book: what it was opened with and has recorded of it since; and of
    which lines other documents said something."""
    found: Counter[Key] = Counter()
    others: set[Key] = set()
    for number in range(1, opened.upto + 1):
        event = effective(event_of(opened, number))
        for key, fen in _said(event):
            if event is not None and event.doc == _OTHER_DOC:
                others.add(key)
            else:
                found[key] += fen
    for walk in pools(opened):
        found["pool", walk.pool] += walk.opening_fen
    return +found, others


def _said(event: Reversible | None) -> Iterator[tuple[Key, int]]:
    """What one entry says of the opening of its line, fen."""
    match event:
        case OpeningLoaded(line=line, amount_fen=fen):
            yield ("carried", str(line)), fen
            yield ("waits", str(line)), fen if event.pending else 0
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment="closing-revised"):
            yield ("carried", str(line)), -fen if event.decrease else fen
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment="remitted"):
            yield ("returned", str(line)), fen
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment="error-correction"):
            yield ("returned", str(line)), -fen
        case IndicatorReleased(line=line, amount_fen=fen):
            yield ("waits", str(line)), -fen
        case (
            CarryoverReclassified(line=line, amount_fen=fen)
            | IndicatorWithdrawn(line=line, amount_fen=fen)
        ):
            yield ("waits", str(line)), fen


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
