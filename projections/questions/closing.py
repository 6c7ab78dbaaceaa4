"""年终结账: what stands in the way, and what the rules suggest for what is left (R12)."""

from typing import NamedTuple

import msgspec

from ledger.book import BookId
from ledger.decisions.closing import Blocker, blockers, proposal
from ledger.decisions.surplus import suggested
from ledger.events import LineClosed, Share
from ledger.kinds import Choice
from ledger.proofs.head import Head
from ledger.refusals import WayOut, not_opened
from ledger.rules import ways
from ledger.state import BookState
from ledger.store.fold import read_state
from ledger.store.log import Place, Waiting, silently
from projections.answers import BookHeader


class Distributable(msgspec.Struct, frozen=True):
    """Money of the unit that is not bound and not distributed yet, fen."""

    line: str
    amount_fen: int
    try_: list[WayOut] = msgspec.field(name="try")


class Proposed(msgspec.Struct, frozen=True):
    """What a line has left, fen, and what the rules suggest for it."""

    line: str
    amount_fen: int
    pending_fen: int
    decision: Choice


class InHand(msgspec.Struct, frozen=True):
    """Money in hand for a purpose, fen."""

    line: str
    amount_fen: int


class ClosingAnswer(msgspec.Struct, frozen=True):
    """结账清单: the entry that closed the year, what may be distributed and what stands in the way;
    the proposal, and the file where it is."""

    closed: int | None
    distribute: Distributable | None
    blockers: list[Blocker]
    file: str | None
    lines: list[Proposed]
    cash: list[InHand]


class Checklist(NamedTuple):
    """结账清单 of a book: its state, what blocks its closing, and the decisions proposed."""

    book: BookId
    head: Head
    state: BookState
    blockers: list[Blocker]
    lines: tuple[LineClosed, ...]
    cash: tuple[Share, ...]

    def header(self) -> BookHeader:
        """What every answer about a book begins with."""
        return BookHeader(str(self.book), None, None, self.head.printed())

    def answer(self, file: str | None) -> ClosingAnswer:
        """The answer of `close-year` without decisions; `file` says where the proposal is."""
        distributed = suggested(self.state)
        return ClosingAnswer(
            closed=self.state.closed or None,
            distribute=None
            if distributed is None
            else Distributable(
                str(distributed[0]),
                distributed[1],
                [ways.distribute(*distributed, "unrestricted", self.state.year)],
            ),
            blockers=self.blockers,
            file=file,
            lines=[
                Proposed(str(each.line), each.amount_fen, each.pending_fen, each.choice)
                for each in self.lines
            ],
            cash=[InHand(str(share.line), share.amount_fen) for share in self.cash],
        )


def checklist(place: Place, book: BookId, waiting: Waiting = silently) -> Checklist:
    """The checklist of a book as it stands. Raises `Refused` where it was not opened."""
    with place.reading(waiting) as log:
        state, head = read_state(log, str(book))
    if state.facts is None:
        raise not_opened(str(book))
    proposed = proposal(state)
    blocking = [] if state.closed else blockers(state, *proposed)
    return Checklist(book, head, state, blocking, *proposed)
