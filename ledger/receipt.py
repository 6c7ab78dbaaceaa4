"""What was recorded, as its receipt tells it (contract §3)."""

from typing import Any

from ledger.events import (
    ApprovalRequested,
    BookOpened,
    CarryoverTransferred,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    VoucherPaid,
    kind_of,
)
from ledger.postings import Account, amount_of, lines_of
from ledger.rules import ways
from ledger.store.writing import Recorded


def receipt(recorded: Recorded, *, dry_run: bool) -> dict[str, Any]:
    """The receipt of contract §3, with what else the entry shows."""
    entry, settled = recorded.entries[-1], recorded.settled
    request = entry.event if isinstance(entry.event, ApprovalRequested) else None
    lines = lines_of(entry.event)
    line = lines[0] if lines else None
    known = line is not None and line in recorded.state.lines
    return {
        "ok": True,
        "book": entry.book,
        "as_of": None,
        "known_at": None,
        "entry": entry.number,
        "kind": kind_of(entry.event),
        "date": entry.event.occurred_on.isoformat(),
        "line": None if line is None else str(line),
        "lines": [str(each) for each in lines],
        "items": _items(recorded),
        "original": getattr(entry.event, "original", None),
        "amount_fen": amount_of(entry.event),
        "counterpart": entry.event.counterpart
        if isinstance(entry.event, CarryoverTransferred)
        else None,
        "available_fen": recorded.state.available_fen(line) if known and line else None,
        "held_fen": recorded.state.of(line, Account.HELD) if known and line else None,
        "key": entry.key,
        "entries": [each.number for each in recorded.entries],
        "opened_with": _opened_with(recorded),
        "already": recorded.already,
        "dry_run": dry_run,
        "pending": recorded.waits,
        "needed": None if request is None else request.needed,
        "settled": None
        if settled is None
        else {"entry": settled.number, "kind": kind_of(settled.event), "actor": settled.actor},
        "try": [ways.approve(entry.number, request)]
        if request is not None and recorded.waits and not dry_run
        else [],
        "warnings": [caution._asdict() for caution in recorded.cautions],
        "head": recorded.head.json(),
    }


def _opened_with(recorded: Recorded) -> dict[str, int] | None:
    """What a book that was opened from last year's began with, fen; None for anything else."""
    events = [entry.event for entry in recorded.entries]
    if len(events) < 2 or not isinstance(events[0], BookOpened):
        return None
    carried = [event for event in events if isinstance(event, OpeningLoaded)]
    returned = [event for event in events if isinstance(event, OpeningAdjusted)]
    return {
        "projects": sum(isinstance(event, ProjectRegistered) for event in events),
        "carried_fen": sum(event.amount_fen for event in carried),
        "pending_fen": sum(event.amount_fen for event in carried if event.pending),
        "remitted_fen": sum(event.amount_fen for event in returned),
    }


def _items(recorded: Recorded) -> list[dict[str, Any]]:
    """The payments of a voucher, and what each line has left after all of them."""
    event = recorded.entries[-1].event
    if not isinstance(event, VoucherPaid):
        return []
    return [
        {
            "line": str(item.line),
            "econ": item.econ,
            "amount_fen": item.amount_fen,
            "available_fen": recorded.state.available_fen(item.line),
        }
        for item in event.items
    ]
