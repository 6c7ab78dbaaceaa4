"""What the shell offers: books, lines, projects, codes and entries of the file at hand.

Completion never writes and never complains: whatever goes wrong, it offers nothing.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from cli.session import DEFAULT_DB

_MOST = 200


def suggestions(what: str, ctx: Any, incomplete: str) -> list[Any]:
    """(value, help) pairs that begin with what was typed."""
    try:
        found: list[Any] = _SOURCES[what](_file(ctx), incomplete)
        return found[:_MOST]
    except (sqlite3.Error, OSError, ValueError, KeyError):
        return []


def _file(ctx: Any) -> Path:
    typed = None
    while ctx is not None and typed is None:
        typed = ctx.params.get("db")
        ctx = ctx.parent
    return Path(typed or os.environ.get("YUSUAN_DB") or DEFAULT_DB)


def _views(db: Path, statement: str, incomplete: str) -> list[Any]:
    from projections.database import views_path

    file = views_path(db)
    if not file.exists():
        return []
    connection = sqlite3.connect(f"file:{file.absolute()}?mode=ro", uri=True, timeout=0.2)
    try:
        pattern = incomplete.replace("%", "").replace("_", "\\_") + "%"
        return list(connection.execute(statement, (pattern,)))
    finally:
        connection.close()


def _lines(db: Path, incomplete: str) -> list[Any]:
    return _views(
        db,
        "SELECT DISTINCT line, '' FROM lines WHERE line LIKE ? ESCAPE '\\' ORDER BY 1",
        incomplete,
    )


def _projects(db: Path, incomplete: str) -> list[Any]:
    return _views(
        db,
        "SELECT code, name FROM projects WHERE code LIKE ? ESCAPE '\\' GROUP BY code ORDER BY 1",
        incomplete,
    )


def _entries(db: Path, incomplete: str) -> list[Any]:
    return _views(
        db,
        "SELECT CAST(entry AS TEXT), kind || ' ' || occurred_on || ' ' || doc FROM entries "
        "WHERE entry LIKE ? ESCAPE '\\' ORDER BY entry DESC LIMIT 50",
        incomplete,
    )


def _requests(db: Path, incomplete: str) -> list[Any]:
    return _views(
        db,
        "SELECT CAST(entry AS TEXT), actor || ' ' || occurred_on || ' ' || doc FROM entries e "
        "WHERE kind = 'submit' AND entry LIKE ? ESCAPE '\\' AND NOT EXISTS "
        "(SELECT 1 FROM entries s WHERE s.book_id = e.book_id AND s.original = e.entry) "
        "ORDER BY entry",
        incomplete,
    )


def _units(db: Path, incomplete: str) -> list[Any]:
    rows = _views(db, "SELECT book, name FROM books WHERE book LIKE ? ESCAPE '\\'", incomplete)
    return sorted({(book.rpartition("/")[0], name) for book, name in rows})


def _years(db: Path, incomplete: str) -> list[Any]:
    rows = _views(db, "SELECT book, name FROM books WHERE book LIKE '%/' || ?", incomplete)
    return sorted({(book.rpartition("/")[2], "") for book, _ in rows})


def _codes(which: str) -> Any:
    def offered(_: Path, incomplete: str) -> list[Any]:
        from ledger import codes

        names = codes.functional() if which == "func" else codes.economic()
        length = 7 if which == "func" else 5
        return [
            (code, name)
            for code, name in names.items()
            if len(code) == length and code.startswith(incomplete)
        ]

    return offered


_SOURCES: dict[str, Any] = {
    "line": _lines,
    "project": _projects,
    "entry": _entries,
    "request": _requests,
    "unit": _units,
    "year": _years,
    "func": _codes("func"),
    "econ": _codes("econ"),
}
