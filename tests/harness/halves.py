"""What lies on disk in the middle of a transaction."""

import contextlib
import os
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.sqlite import files
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.called import BOOK, FORCE_JOURNAL


def journal_of(path: Path) -> Path:
    """The file beside the log that exists while something is written."""
    wal = os.environ.get(FORCE_JOURNAL, files.journal_mode()[0]) == "WAL"
    views = path.name.endswith(".views")
    return path.with_name(path.name + ("-wal" if wal and not views else "-journal"))


class Half(NamedTuple):
    """What lies on disk in the middle of a transaction that has written pages: the file, and the
    journal that would repair it."""

    log: bytes
    journal: bytes


def halves(path: Path) -> list[Half]:
    """Moments of one large transaction on the book, which is rolled back in the end."""
    found: list[Half] = []
    whole = path.read_bytes()
    with (
        Books(SqlitePlace(path)) as books,
        contextlib.suppress(_Enough),
        books.writing(BOOK, actor="甲") as writing,
    ):
        transaction: Any = writing._transaction
        transaction._connection.execute("PRAGMA cache_size = 5")
        for number in range(600):
            given = {"code": f"X{number}", "name": "项目" * 60, "occurred_on": date(2020, 12, 31)}
            writing.record(Request("project", given, None, f"x-{number}"))
            if number % 50 == 49:
                writing._flush()
                found.append(Half(path.read_bytes(), journal_of(path).read_bytes()))
        raise _Enough
    return [half for half in found if half.log != whole]


class _Enough(Exception):
    """Ends the transaction."""
