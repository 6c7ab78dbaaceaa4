"""建账 from last year's book: what its closing let through is what the next year opens with."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import msgspec

from ledger.book import BookId
from ledger.decisions import registry, surplus
from ledger.decisions.opening import adjust_opening, carry_in
from ledger.events import (
    AnyEvent,
    Previous,
)
from ledger.proofs.chain import Head
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.state import BookState, copy, suppose


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
    book = BookId.parse(state.book)
    year_before = str(book._replace(year=book.year - 1))
    if last.book != year_before:
        raise Refused(
            Refusal.PREVIOUS_OTHER,
            previous=last.book,
            book=state.book,
            ways_out=[Instead(from_=year_before)],
        )
    if closing is None or last.facts is None:
        raise Refused(
            Refusal.PREVIOUS_OPEN,
            previous=last.book,
            ways_out=[Way("close-year", unit=book.unit, year=last.year)],
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
