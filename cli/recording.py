"""One request to the store and its receipt, for every command that writes."""

from typing import Any

from cli import render
from cli.options import Document, LineParts
from cli.session import Session
from ledger.events import CarryoverTransferred, kind_of
from ledger.money import parse_yuan
from ledger.postings import Account, amount_of, lines_of
from ledger.requests import Request
from ledger.store import Books
from ledger.writing import Recorded


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
    session.answer(receipt(recorded, dry_run=document.dry_run), render.receipt)


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
    entry = recorded.entries[-1]
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
        "amount_fen": amount_of(entry.event),
        "counterpart": entry.event.counterpart
        if isinstance(entry.event, CarryoverTransferred)
        else None,
        "available_fen": recorded.state.available_fen(line) if known and line else None,
        "held_fen": recorded.state.of(line, Account.HELD) if known and line else None,
        "key": entry.key,
        "entries": [each.number for each in recorded.entries],
        "already": recorded.already,
        "dry_run": dry_run,
        "warnings": [caution._asdict() for caution in recorded.cautions],
        "head": recorded.head.json(),
    }
