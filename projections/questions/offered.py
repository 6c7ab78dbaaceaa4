"""What there is to choose from: lines, projects, entries, requests, units and years of a file, from
its views as they are.

For completion, which never waits, never writes and never brings views up to date.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from ledger.book import BookId
from projections.views.schema import views_path

_PATIENCE_MS = 200

Offer = tuple[str, str]
"""A value, and what a person reads beside it."""


def _views(db: Path, statement: str, incomplete: str) -> list[Offer]:
    file = views_path(db)
    if not file.exists():
        return []
    connection = sqlite3.connect(f"file:{file.absolute()}?mode=ro", uri=True)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        pattern = incomplete.replace("%", "").replace("_", "\\_") + "%"
        return list(connection.execute(statement, (pattern,)))
    finally:
        connection.close()


def _lines(db: Path, incomplete: str) -> list[Offer]:
    return _views(
        db,
        "SELECT DISTINCT line, '' FROM lines WHERE line LIKE ? ESCAPE '\\' ORDER BY 1",
        incomplete,
    )


def _projects(db: Path, incomplete: str) -> list[Offer]:
    return _views(
        db,
        "SELECT code, name FROM projects WHERE code LIKE ? ESCAPE '\\' GROUP BY code ORDER BY 1",
        incomplete,
    )


def _entries(db: Path, incomplete: str) -> list[Offer]:
    return _views(
        db,
        "SELECT CAST(entry AS TEXT), kind || ' ' || occurred_on || ' ' || doc FROM entries "
        "WHERE entry LIKE ? ESCAPE '\\' ORDER BY entry DESC LIMIT 50",
        incomplete,
    )


def _requests(db: Path, incomplete: str) -> list[Offer]:
    return _views(
        db,
        "SELECT CAST(entry AS TEXT), actor || ' ' || occurred_on || ' ' || doc FROM entries e "
        "WHERE kind = 'submit' AND entry LIKE ? ESCAPE '\\' AND NOT EXISTS "
        "(SELECT 1 FROM entries s WHERE s.book_id = e.book_id AND s.original = e.entry) "
        "ORDER BY entry",
        incomplete,
    )


def _units(db: Path, incomplete: str) -> list[Offer]:
    rows = _views(db, "SELECT book, name FROM books WHERE book LIKE ? ESCAPE '\\'", incomplete)
    return sorted({(BookId.split(book)[0], name) for book, name in rows})


def _years(db: Path, incomplete: str) -> list[Offer]:
    rows = _views(db, "SELECT book, name FROM books WHERE book LIKE '%/' || ?", incomplete)
    return sorted({(BookId.split(book)[1], "") for book, _ in rows})


OFFERED: dict[str, Callable[[Path, str], list[Offer]]] = {
    "line": _lines,
    "project": _projects,
    "entry": _entries,
    "request": _requests,
    "unit": _units,
    "year": _years,
}
"""What begins with a text, by the name of what is wanted. Raises `sqlite3.Error`, `OSError`."""
