"""What the shell offers: books, lines, projects, codes and entries of the file at hand.

Completion never writes and never complains: whatever goes wrong, it offers nothing.
"""

import os
import sqlite3
from typing import Any

from cli.session import DEFAULT_DB
from ledger.store.log import Place
from ledger.store.place import place

_MOST = 200


def suggestions(what: str, ctx: Any, incomplete: str) -> list[Any]:
    """(value, help) pairs that begin with what was typed."""
    try:
        return _offered(what, _place(ctx), incomplete)[:_MOST]
    except (sqlite3.Error, OSError, ValueError, KeyError):
        return []


def _place(ctx: Any) -> Place:
    typed = None
    while ctx is not None and typed is None:
        typed = ctx.params.get("db")
        ctx = ctx.parent
    return place(typed or os.environ.get("YUSUAN_DB") or DEFAULT_DB)


def _offered(what: str, db: Place, incomplete: str) -> list[Any]:
    if what in ("func", "econ"):
        return _codes(what, incomplete)
    from projections.questions.offered import OFFERED

    return OFFERED[what](db.views, incomplete)


def _codes(which: str, incomplete: str) -> list[Any]:
    from ledger import codes

    names = codes.functional() if which == "func" else codes.economic()
    length = 7 if which == "func" else 5
    return [
        (code, name)
        for code, name in names.items()
        if len(code) == length and code.startswith(incomplete)
    ]
