"""年终结账: what stands in the way, and what the rules suggest for what is left (R12)."""

from pathlib import Path
from typing import Any, NamedTuple

from ledger.book import BookId
from ledger.decisions.closing import Blocker, blockers, proposal
from ledger.decisions.surplus import suggested
from ledger.events import LineClosed, Share
from ledger.proofs.chain import Head
from ledger.refusals import not_opened
from ledger.rules import ways
from ledger.state import BookState
from ledger.store.fold import read_state
from ledger.store.sqlite import log
from projections.views.feed import opened_log


class Checklist(NamedTuple):
    """结账清单 of a book: its state, what blocks its closing, and the decisions proposed."""

    book: BookId
    head: Head
    state: BookState
    blockers: list[Blocker]
    lines: tuple[LineClosed, ...]
    cash: tuple[Share, ...]

    def answer(self, file: str | None) -> dict[str, Any]:
        """The answer of `close-year` without decisions; `file` says where the proposal is."""
        distributed = suggested(self.state)
        return {
            "book": str(self.book),
            "as_of": None,
            "known_at": None,
            "head": self.head.json(),
            "closed": self.state.closed or None,
            "distribute": distributed
            and {
                "line": str(distributed[0]),
                "amount_fen": distributed[1],
                "try": [ways.distribute(*distributed, "unrestricted", self.state.year)],
            },
            "blockers": [each._asdict() for each in self.blockers],
            "file": file,
            "lines": [
                {
                    "line": str(each.line),
                    "amount_fen": each.amount_fen,
                    "pending_fen": each.pending_fen,
                    "decision": each.choice,
                }
                for each in self.lines
            ],
            "cash": [
                {"line": str(share.line), "amount_fen": share.amount_fen} for share in self.cash
            ],
        }


def checklist(path: Path, book: BookId, waiting: log.Waiting = log.silently) -> Checklist:
    """The checklist of a book as it stands. Raises `Refused` where it was not opened."""
    with opened_log(path, waiting) as connection:
        state, head = read_state(connection, str(book))
    if state.facts is None:
        raise not_opened(str(book))
    proposed = proposal(state)
    blocking = [] if state.closed else blockers(state, *proposed)
    return Checklist(book, head, state, blocking, *proposed)
