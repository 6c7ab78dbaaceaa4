"""One request to the store and its receipt, for every command that writes."""

from collections.abc import Callable, Iterator
from typing import Any

from cli import receipt_text
from cli.options import Document, LineParts
from cli.session import Session, leave, tell
from ledger.decisions import remedies
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
from ledger.money import parse_yuan
from ledger.postings import Account, amount_of, lines_of
from ledger.refusals import Refused, not_opened
from ledger.requests import Request
from ledger.state import BookState
from ledger.store import Books
from ledger.writing import Recorded, Writing

WAITING = 6
"""The exit code of what was recorded and waits for approval."""


def record(
    session: Session,
    document: Document,
    kind: str,
    given: dict[str, Any],
    ref: str | None = None,
) -> None:
    """Records one request and prints its receipt."""
    request = Request(kind, {**given, **document.given()}, ref, document.checked_key())
    book = session.book()
    with Books(session.db, waiting=session.waiting) as books:
        recorded = books.transact(
            book, request.with_default_key(), actor=session.actor, dry_run=document.dry_run
        )
    answer = receipt(recorded, dry_run=document.dry_run)
    session.answer(answer, receipt_text.receipt)
    if answer["pending"]:
        leave(WAITING)
    if answer["settled"] is not None and answer["settled"]["kind"] == "reject":
        leave(1)  # recorded once, and will never take effect: that is not done


def record_each(
    session: Session,
    document: Document,
    kind: str,
    given: dict[str, Any],
    refs: Callable[[BookState], list[str]],
) -> None:
    """Records one request about each of several earlier entries in one transaction, all or none.
    The answer is the last receipt, with all of them as `receipts`."""
    book, dry_run = session.book(), document.dry_run
    given, key = {**given, **document.given()}, document.checked_key()
    with (
        Books(session.db, waiting=session.waiting) as books,
        books.writing(book, actor=session.actor, dry_run=dry_run) as writing,
    ):
        if writing.state.facts is None:
            raise not_opened(str(book))
        requests = [Request(kind, given, ref, key) for ref in refs(writing.state)]
        receipts = [receipt(recorded, dry_run=dry_run) for recorded in _all(writing, requests)]
    head = writing.head.json()
    if dry_run:
        receipts = [{**each, "head": head} for each in receipts]
    nothing = {"ok": True, "book": str(book), "as_of": None, "known_at": None, "head": head}
    answer = {**(receipts[-1] if receipts else nothing), "receipts": receipts}
    session.answer(answer, receipt_text.receipts)


def _all(writing: Writing, requests: list[Request]) -> Iterator[Recorded]:
    """What is recorded for each; the first that is refused ends them all, and is named."""
    for request in requests:
        try:
            recorded = writing.record(request.with_default_key())
        except Refused as refused:
            refused.facts["ref"] = request.ref
            if len(requests) > 1:
                tell(f"{request.ref} 未通过，{len(requests)} 笔都没有记录")
            raise
        yield writing.as_answered(recorded) if recorded.already else recorded


def record_approval(
    session: Session, line: LineParts, document: Document, kind: str, amount: str, pending: bool
) -> None:
    """Records new money on a line that need not exist yet."""
    given = {
        "line": line.new(session.book().year),
        "amount_fen": parse_yuan(amount),
        "pending": pending,
    }
    record(session, document, kind, given)


def record_on_line(
    session: Session, line: LineParts, document: Document, kind: str, amount: str
) -> None:
    """Records a move of money that is on a line already."""
    given = {"line": line.existing(), "amount_fen": parse_yuan(amount)}
    record(session, document, kind, given)


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
        "try": [remedies.approve(entry.number, request)]
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
