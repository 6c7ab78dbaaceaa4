"""What there is to choose from: lines, projects, entries, requests, units and years of a file, from
its views as they are.

For completion, which never waits, never writes and never brings views up to date.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from ledger.book import BookId
from ledger.errors import Corrupt
from ledger.kinds import CodeSet
from ledger.store.log import NotOurs
from projections.views.owned import ours

_PATIENCE_MS = 200

Offer = tuple[str, str]
"""A value, and what a person reads beside it."""


def _views(views: Path, statement: str, incomplete: str) -> list[Offer]:
    try:
        if ours(views) is None:
            return []
    except (NotOurs, Corrupt):
        return []
    connection = sqlite3.connect(f"{views.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        pattern = incomplete.replace("%", "").replace("_", "\\_") + "%"
        return list(connection.execute(statement, (pattern,)))
    finally:
        connection.close()


def _lines(views: Path, incomplete: str) -> list[Offer]:
    return _views(
        views,
        "SELECT DISTINCT line, '' FROM lines WHERE line LIKE ? ESCAPE '\\' ORDER BY 1",
        incomplete,
    )


def _projects(views: Path, incomplete: str) -> list[Offer]:
    return _views(
        views,
        "SELECT code, name FROM projects WHERE code LIKE ? ESCAPE '\\' GROUP BY code ORDER BY 1",
        incomplete,
    )


def _adopted(code_set: CodeSet) -> Callable[[Path, str], list[Offer]]:
    """The codes of the lists of a set that books have adopted; of each the last name."""

    def offered(views: Path, incomplete: str) -> list[Offer]:
        rows = _views(
            views,
            f"SELECT code, name FROM codes WHERE code_set = '{code_set}' "
            "AND code LIKE ? ESCAPE '\\' ORDER BY entry",
            incomplete,
        )
        return sorted(dict(rows).items())

    return offered


def _entries(views: Path, incomplete: str) -> list[Offer]:
    return _views(
        views,
        "SELECT CAST(entry AS TEXT), kind || ' ' || occurred_on || ' ' || doc FROM entries "
        "WHERE entry LIKE ? ESCAPE '\\' ORDER BY entry DESC LIMIT 50",
        incomplete,
    )


def _requests(views: Path, incomplete: str) -> list[Offer]:
    return _views(
        views,
        "SELECT CAST(entry AS TEXT), actor || ' ' || occurred_on || ' ' || doc FROM entries e "
        "WHERE kind = 'submit' AND entry LIKE ? ESCAPE '\\' AND NOT EXISTS "
        "(SELECT 1 FROM entries s WHERE s.book_id = e.book_id AND s.original = e.entry) "
        "ORDER BY entry",
        incomplete,
    )


def _units(views: Path, incomplete: str) -> list[Offer]:
    rows = _views(views, "SELECT book, name FROM books WHERE book LIKE ? ESCAPE '\\'", incomplete)
    return sorted({(BookId.split(book)[0], name) for book, name in rows})


def _years(views: Path, incomplete: str) -> list[Offer]:
    rows = _views(views, "SELECT book, name FROM books WHERE book LIKE '%/' || ?", incomplete)
    return sorted({(BookId.split(book)[1], "") for book, _ in rows})


OFFERED: dict[str, Callable[[Path, str], list[Offer]]] = {
    "line": _lines,
    "project": _projects,
    "func": _adopted("functional"),
    "econ": _adopted("economic"),
    "entry": _entries,
    "request": _requests,
    "unit": _units,
    "year": _years,
}
"""What begins with a text, by the name of what is wanted. Raises `sqlite3.Error`, `OSError`."""
