"""年初结转结余: what last year left, by the year in which it was first approved, and what later
turned out of it. None of it is this year's spending (R11)."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from ledger.chain import Head
from ledger.decisions import registry, remedies, surplus
from ledger.decisions.preconditions import admit, covered, documented, usable
from ledger.events import (
    Adjustment,
    AnyEvent,
    CarryoverTransferred,
    OpeningAdjusted,
    OpeningLoaded,
    Previous,
    StockRecovered,
)
from ledger.kinds import ADJUSTMENT_NAMES
from ledger.line import BudgetLine
from ledger.refusals import Refusal, Refused
from ledger.state import BookState, copy, suppose


def carry_in(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    occurred_on: date,
    pending: bool = False,
    doc: str = "",
    reason: str = "",
) -> tuple[OpeningLoaded]:
    """上年结转转入; may repeat on a line. Money of this year is not carry-over (R7)."""
    admit(state, occurred_on)
    usable(state, line)
    _earlier(state, line, f"--origin {state.year - 1}")
    event = OpeningLoaded(
        occurred_on=occurred_on,
        doc=doc,
        reason=reason,
        line=line,
        amount_fen=amount_fen,
        pending=pending,
    )
    covered(state, event)
    return (event,)


def adjust_opening(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    adjustment: Adjustment,
    occurred_on: date,
    decrease: bool = False,
    doc: str = "",
    reason: str = "",
) -> tuple[OpeningAdjusted]:
    """年初余额调整 by document, up or down, the latter at most what is 可执行. A refund of an
    earlier year's payment is one (R15): spending of a closed year cannot change."""
    admit(state, occurred_on)
    documented(doc, "年初余额调整")
    usable(state, line)
    latest = BudgetLine.make(*line.purpose[:4], line.econ, state.year - 1)
    _earlier(state, line, remedies.adjust_opening(adjustment, amount_fen, latest, decrease))
    if decrease and adjustment != "error-correction":
        raise Refused(
            Refusal.ADJUSTMENT_DIRECTION,
            adjustment=ADJUSTMENT_NAMES[adjustment],
            ways_out=[remedies.adjust_opening(adjustment, amount_fen, line)],
        )
    event = OpeningAdjusted(
        occurred_on=occurred_on,
        doc=doc,
        reason=reason,
        line=line,
        amount_fen=amount_fen,
        adjustment=adjustment,
        decrease=decrease,
    )
    covered(state, event)
    return (event,)


def recover(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    occurred_on: date,
    doc: str = "",
    reason: str = "",
) -> tuple[StockRecovered]:
    """收回存量资金, at most what is 可执行: carry-over is handed back, this year's money is cut."""
    admit(state, occurred_on)
    documented(doc, "收回存量资金")
    event = StockRecovered(
        occurred_on=occurred_on,
        doc=doc,
        reason=reason,
        line=line,
        amount_fen=amount_fen,
        carryover=line.origin < state.year,
    )
    covered(state, event)
    return (event,)


def transfer(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    counterpart: str,
    occurred_on: date,
    incoming: bool = False,
    doc: str = "",
    reason: str = "",
) -> tuple[CarryoverTransferred]:
    """结转调拨 to another unit's book, or its arrival from there. The line is the same in both, so
    the purpose is kept (R7). Decided in each book alone; writing.py records both or neither."""
    admit(state, occurred_on)
    documented(doc, "结转调拨")
    usable(state, line)
    _earlier(state, line, "yusuan carryover")
    if counterpart == state.book or not counterpart.endswith(f"/{state.year}"):
        raise Refused(
            Refusal.TRANSFER_COUNTERPART, counterpart=counterpart, ways_out=["--to 单位编码"]
        )
    event = CarryoverTransferred(
        occurred_on=occurred_on,
        doc=doc,
        reason=reason,
        line=line,
        amount_fen=amount_fen,
        counterpart=counterpart,
        incoming=incoming,
    )
    covered(state, event)
    return (event,)


class ClosedBook(NamedTuple):
    """Last year's book, closed: its state, and the head that the next year begins from."""

    state: BookState
    head: Head


def open_from(
    state: BookState,
    *,
    closed: ClosedBook,
    occurred_on: date,
    doc: str = "",
    reason: str = "",
    **facts: Any,
) -> tuple[AnyEvent, ...]:
    """建账 from last year's closing, all in one: its projects and exactly the money that the
    closing let through. 结转 can be spent; 结余 waits (待下达) until the finance bureau allows its
    use; 收回 is carried in and handed back at once, so that the opening shows both (domain §4.1).
    """
    registry.unopened(state)
    last, closing = closed.state, closed.state.closing
    unit, _, year = state.book.rpartition("/")
    if last.book != f"{unit}/{int(year) - 1}":
        raise Refused(
            Refusal.PREVIOUS_OTHER,
            previous=last.book,
            book=state.book,
            ways_out=[f"--from {unit}/{int(year) - 1}"],
        )
    if closing is None or last.facts is None:
        raise Refused(
            Refusal.PREVIOUS_OPEN,
            previous=last.book,
            ways_out=[f"yusuan close-year --unit {unit} --year {last.year}"],
        )
    known = msgspec.structs.asdict(last.facts)
    told = {name: facts.get(name) or known[name] for name in _FACTS}
    previous = Previous(last.book, closed.head.entries, closed.head.hash.hex())
    common = {"occurred_on": occurred_on, "reason": reason}
    source = {**common, "doc": doc or f"{last.book} 第 {last.closed} 笔结账"}
    opened = _Ahead(state, last)
    opened.add(registry.open_book, **common, doc=doc, previous=previous, **told)
    for code, name in last.projects.items():
        opened.add(registry.project, code=code, name=name, **common)
    for each in closing.lines:
        if each.choice == "lapse":
            continue
        waits = each.choice == "surplus"
        fen = each.amount_fen + each.pending_fen
        opened.add(carry_in, line=each.line, amount_fen=fen, pending=waits, **source)
        if each.choice == "take-back":
            taken = {**common, "doc": each.doc, "adjustment": "remitted"}
            opened.add(adjust_opening, line=each.line, amount_fen=fen, **taken)
    for share in closing.cash:
        opened.add(carry_in, line=share.line, amount_fen=share.amount_fen, **source)
    for pool, fen in last.pools.items():
        opened.add(surplus.surplus_in, pool=pool, amount_fen=fen, **source)
    return tuple(opened.events)


_FACTS = ("name", "unit_kind", "edition", "basis", "fund_basis")


class _Ahead:
    """Decides one thing after another on a state that runs ahead of the book."""

    def __init__(self, state: BookState, last: BookState) -> None:
        self.events: list[AnyEvent] = []
        self._state = copy(state)
        self._state.recorded_at = last.recorded_at

    def add(self, decision: Callable[..., tuple[AnyEvent, ...]], **given: Any) -> None:
        for event in decision(self._state, **given):
            suppose(self._state, event)
            self.events.append(event)


def _earlier(state: BookState, line: BudgetLine, way_out: str) -> None:
    """R7: only money of an earlier year is carry-over."""
    if line.origin >= state.year:
        raise Refused(
            Refusal.ORIGIN_NOT_EARLIER, year=state.year, origin=line.origin, ways_out=[way_out]
        )
