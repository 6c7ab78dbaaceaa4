"""建账 from last year's book: what its closing let through is what the next year opens with; where
finance has approved other figures by then (决算批复), those."""

from collections.abc import Callable
from typing import Concatenate, NamedTuple, Unpack

from ledger.book import BookId
from ledger.decisions import registry, surplus
from ledger.decisions.opening import adjust_opening, carry_in
from ledger.effects import Decided
from ledger.events import AnyEvent, FundBases, LineClosed, Previous
from ledger.kinds import Basis, UnitKind
from ledger.proofs.head import Head
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules.closed_as import as_approved, as_closed, goes_over
from ledger.rules.kind import Says
from ledger.rules.occasion import Occasion
from ledger.state import BookState, copy, suppose


class ClosedBook(NamedTuple):
    """Last year's book, closed: its state, and the head that the next year begins from."""

    state: BookState
    head: Head


class Continues(Occasion, total=False):
    """What is said of a book that continues last year's; None, or left out: as it was there."""

    name: str | None
    unit_kind: UnitKind | None
    edition: str | None
    edition_sha256: str
    basis: Basis | None
    fund_basis: FundBases


def open_from(
    state: BookState,
    *,
    closed: ClosedBook,
    **given: Unpack[Continues],
) -> tuple[Decided[AnyEvent], ...]:
    """建账 from last year's closing, all in one: its projects and exactly the money that it let
    through, as finance has approved that by now (L79). 结转 can be spent; 结余 waits (待下达) until
    the finance bureau allows its use; 收回 is carried in and handed back at once, so that the
    opening shows both (domain §4.1). All of it stands from then on (L65). Raises `Refused`.
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
    common: Occasion = {
        "occurred_on": given["occurred_on"],
        "doc": "",
        "reason": given.get("reason", ""),
    }
    beginning: Occasion = {**common, "doc": given.get("doc", "")}
    source: Occasion = {
        **common,
        "doc": given.get("doc") or f"{last.book} 第 {last.closed} 笔结账",
    }
    edition, edition_sha256 = given.get("edition"), given.get("edition_sha256", "")
    if edition is None:
        edition, edition_sha256 = last.facts.edition, last.facts.edition_sha256
    left = as_approved(as_closed(closing, last.pools), last.approved)
    approved_by = "" if last.approved is None else last.approved.doc
    lines_of = sum(len(_carried(each)) + _returned(each) for each in left.lines)
    cash = [share for share in left.cash if share.amount_fen]
    pools = {pool: fen for pool, fen in left.pools.items() if fen}
    opening = 1 + len(last.projects) + lines_of + len(cash) + len(pools)
    opened = _Ahead(state, last)
    opened.add(
        registry.open_book,
        **beginning,
        name=given.get("name") or last.facts.name,
        unit_kind=given.get("unit_kind") or last.facts.unit_kind,
        edition=edition,
        edition_sha256=edition_sha256,
        basis=given.get("basis") or last.facts.basis,
        fund_basis=given.get("fund_basis") or last.facts.fund_basis,
        previous=Previous(last.book, closed.head.entries, closed.head.hash.hex(), opening),
    )
    for code, name in last.projects.items():
        opened.add(registry.project, code=code, name=name, **common)
    for each in left.lines:
        for fen, waits in _carried(each):
            opened.add(carry_in, line=each.line, amount_fen=fen, pending=waits, **source)
        if _returned(each):
            taken: Occasion = {**common, "doc": each.doc or approved_by}
            fen = each.amount_fen + each.pending_fen
            opened.add(
                adjust_opening, line=each.line, amount_fen=fen, adjustment="remitted", **taken
            )
    for share in cash:
        opened.add(carry_in, line=share.line, amount_fen=share.amount_fen, **source)
    for pool, fen in pools.items():
        opened.add(surplus.surplus_in, pool=pool, amount_fen=fen, **source)
    return tuple(opened.decided)


def _carried(closed: LineClosed) -> list[tuple[int, bool]]:
    """What is carried in of what a line closed with, fen, and whether it waits as 结余: of what is
    carried over, what was turned into 结余."""
    over = goes_over(closed)
    parts = [(over.spendable_fen + over.returned_fen, False), (over.waiting_fen, True)]
    return [part for part in parts if part[0]]


def _returned(closed: LineClosed) -> bool:
    """Whether what a line closed with is handed back."""
    return goes_over(closed).returned_fen > 0


class _Ahead:
    """Decides one thing after another on a state that runs ahead of the book."""

    def __init__(self, state: BookState, last: BookState) -> None:
        self.decided: list[Decided[AnyEvent]] = []
        self._state = copy(state)
        self._state.recorded_at = last.recorded_at

    def add(
        self,
        decision: Callable[Concatenate[BookState, Says], tuple[Decided[AnyEvent], ...]],
        *_: Says.args,
        **given: Says.kwargs,
    ) -> None:
        for decided in decision(self._state, *_, **given):
            suppose(self._state, decided)
            self.decided.append(decided)
