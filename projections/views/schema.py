"""The view database (FILE.views): its tables, and how it is opened. Nothing in it may be lost.

Amounts stand in columns ending `_fen`. People and SQL tools read the `v_*` views: one row per
entry, per posting, per balance, with the line spelled out.
"""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Damage
from ledger.store.log import Waiting, silently
from ledger.store.sqlite import files

VIEWS_FORMAT = 6
BLOCK = 1 << 15
"""Entries of a block: block 0 is entries 1 to BLOCK."""
MONTH = "CAST(substr(occurred_on, 6, 2) AS INTEGER)"
"""The month of a move, as SQL."""
VIEWS_ID = 0x79737576  # "ysuv"


def gained(account: str) -> str:
    """What an account of its line gains by a move `m`, fen, as SQL."""
    return f"m.amount_fen * ((m.target = '{account}') - (m.source = '{account}'))"


class ViewTable(NamedTuple):
    """A table of what entries become: its columns, in the order of its rows, and its key. Without a
    rowid: rows lie in the order in which they are read."""

    name: str
    columns: dict[str, str]
    key: tuple[str, ...]

    @property
    def definition(self) -> str:
        """What makes it."""
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        key = ", ".join(self.key)
        return f"CREATE TABLE {self.name} ({columns}, PRIMARY KEY ({key})) STRICT, WITHOUT ROWID"

    @property
    def insertion(self) -> str:
        """What inserts a row."""
        return f"INSERT INTO {self.name} VALUES ({','.join('?' * len(self.columns))})"


_NUMBER, _TEXT = "INTEGER NOT NULL", "TEXT NOT NULL"
ENTRIES = ViewTable(
    "entries",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "kind": _TEXT,
        "occurred_on": _TEXT,
        "recorded_at": _TEXT,
        "actor": _TEXT,
        "key": "TEXT",
        "line_id": "INTEGER",
        "econ": "TEXT",
        "amount_fen": "INTEGER",
        "doc": _TEXT,
        "payee": "TEXT",
        "purpose": "TEXT",
        "reason": _TEXT,
        "original": "INTEGER",
        "name": "TEXT",
        "adjustment": "TEXT",
        "pay_type": "TEXT",
        "procurement": "INTEGER",
        "direct_funds": "INTEGER",
    },
    ("book_id", "entry"),
)
MOVES = ViewTable(
    "moves",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "seq": _NUMBER,
        "line_id": _NUMBER,
        "source": _TEXT,
        "target": _TEXT,
        "cause": _TEXT,
        "econ": _TEXT,
        "occurred_on": _TEXT,
        "amount_fen": _NUMBER,
    },
    ("book_id", "entry", "seq"),
)
"""One row for both sides of a move (P3)."""
INCOME = ViewTable(
    "income",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "line_id": "INTEGER",
        "source": _TEXT,
        "pool": "TEXT",
        "occurred_on": _TEXT,
        "amount_fen": _NUMBER,
    },
    ("book_id", "entry"),
)
_SUM = {
    "month": _NUMBER,
    "line_id": _NUMBER,
    "account": _TEXT,
    "cause": _TEXT,
    "econ": _TEXT,
}
MONTHLY = ViewTable(
    "monthly", {"book_id": _NUMBER, **_SUM, "amount_fen": _NUMBER}, ("book_id", *_SUM)
)
"""Everything added up, for `--as-of` (P1)."""
BLOCKS = ViewTable(
    "blocks",
    {"book_id": _NUMBER, "block": _NUMBER, **_SUM, "amount_fen": _NUMBER},
    ("book_id", "block", *_SUM),
)
"""The same for every BLOCK entries, for `--known-at` (P2)."""

_VIEWS = {
    "postings": "SELECT book_id, entry, 2 * seq AS seq, line_id, source AS account, cause, econ, "
    "occurred_on, -amount_fen AS amount_fen FROM moves UNION ALL "
    "SELECT book_id, entry, 2 * seq + 1, line_id, target, cause, econ, occurred_on, amount_fen "
    "FROM moves",
    "v_lines": "SELECT b.book, l.line, l.fund, l.func, l.spending, l.project, l.econ, l.origin "
    "FROM lines l JOIN books b ON b.id = l.book_id",
    "v_entries": "SELECT b.book, e.entry, e.kind, e.occurred_on, e.recorded_at, e.actor, e.key, "
    "l.line, e.econ, e.amount_fen, e.doc, e.payee, e.purpose, e.reason, e.original, e.name, "
    "e.adjustment, e.pay_type, e.procurement, e.direct_funds "
    "FROM entries e JOIN books b ON b.id = e.book_id LEFT JOIN lines l ON l.id = e.line_id",
    "v_postings": "SELECT b.book, p.entry, p.seq, l.line, p.account, p.cause, p.econ, "
    "p.occurred_on, p.amount_fen "
    "FROM postings p JOIN books b ON b.id = p.book_id JOIN lines l ON l.id = p.line_id",
    "v_income": "SELECT b.book, i.entry, l.line, i.source, i.pool, i.occurred_on, i.amount_fen "
    "FROM income i JOIN books b ON b.id = i.book_id LEFT JOIN lines l ON l.id = i.line_id",
    "v_balances": "SELECT b.book, l.line, m.account, "
    "SUM(CASE m.account WHEN 'AUTH' THEN -m.amount_fen ELSE m.amount_fen END) AS balance_fen "
    "FROM monthly m JOIN books b ON b.id = m.book_id JOIN lines l ON l.id = m.line_id "
    "GROUP BY b.book, l.line, m.account",
    "v_projects": "SELECT b.book, p.entry, p.code, p.name "
    "FROM projects p JOIN books b ON b.id = p.book_id",
}


def open_views(
    file: Path, waiting: Waiting = silently, *, anew: bool = False
) -> sqlite3.Connection:
    """The view database in `file`, made if it is not there, or in any case.

    Raises `Corrupt` when the file is no database of ours; `yusuan rebuild` makes it anew.
    """
    with files.translated(file, Damage.VIEWS_DAMAGED):
        if anew:
            _empty(file, waiting)
        connection = sqlite3.connect(file.absolute(), isolation_level=None)
        try:
            # Rebuilt from the log when lost, so it need not survive a power failure in one piece;
            # but it must never be half written while the machine stays up.
            version = files.patiently(connection, "PRAGMA user_version", waiting).fetchone()[0]
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -32000")
            if version != VIEWS_FORMAT:
                _make(connection)
        except BaseException:
            connection.close()
            raise
    return connection


def memory_views() -> sqlite3.Connection:
    """Views that last as long as a query, for a log on a medium that cannot be written."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _make(connection)
    return connection


Shape = set[tuple[object, ...]]


def shape(connection: sqlite3.Connection) -> Shape:
    """What a view database is made of: tables and indexes by their columns, views by their SQL."""
    parts: Shape = set()
    for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_master"):
        if kind == "view" and isinstance(sql, str):  # a damaged file may hold anything
            parts.add((kind, name, sql.partition(" AS ")[2].strip()))
        elif kind in ("table", "index"):
            columns = connection.execute(f"SELECT * FROM pragma_{kind}_xinfo(?)", (name,))
            parts.add((kind, name, tuple(columns)))
        else:
            parts.add((kind, name, sql))
    return parts


@cache
def right_shape() -> Shape:
    """The shape of the views that this program makes."""
    connection = memory_views()
    try:
        return shape(connection)
    finally:
        connection.close()


def _empty(file: Path, waiting: Waiting) -> None:
    """Makes the file one of empty tables, reading nothing of what it holds: whatever is damaged in
    it, or was made otherwise by another program, is gone. By a connection of its own, which goes on
    with the encoding that the file had."""
    with (
        closing(memory_views()) as empty,
        closing(sqlite3.connect(file.absolute(), isolation_level=None)) as old,
    ):
        # A copy cannot change the size of the pages of a file in WAL mode.
        files.patiently(old, "PRAGMA journal_mode = DELETE", waiting)
        files.patiently(old, "BEGIN EXCLUSIVE", waiting)
        old.execute("ROLLBACK")
        # The copy takes that lock itself. Should somebody have come between, it asks again and
        # again, and hears Ctrl-C where it tells how far it is.
        old.execute("PRAGMA busy_timeout = 0")
        empty.backup(old, progress=lambda *_: None)


def _make(connection: sqlite3.Connection) -> None:
    """Makes the tables, dropping those of an earlier format."""
    from sqlite_utils import Database  # slow to import, and needed once per file

    connection.execute("BEGIN IMMEDIATE")
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] != VIEWS_FORMAT:
            database = Database(connection, strict=True)
            for view in database.view_names():
                database[view].drop()
            for earlier in database.table_names():
                database[earlier].drop()
            database.create_table(
                "books",
                {
                    "id": int,
                    "book": str,
                    "entries": int,
                    "hash": bytes,
                    "name": str,
                    "unit_kind": str,
                    "edition": str,
                    "basis": str,
                    "fund_basis": str,
                    "closed": int,
                    "distrusted": str,
                },
                pk="id",
                not_null={"book", "entries", "hash"},
            ).create_index(["book"], unique=True)
            database.create_table(
                "lines",
                {
                    "id": int,
                    "book_id": int,
                    "line": str,
                    "fund": str,
                    "func": str,
                    "spending": str,
                    "project": str,
                    "econ": str,
                    "origin": int,
                },
                pk="id",
                not_null={"book_id", "line", "fund", "func", "spending", "project", "econ"},
                foreign_keys=[("book_id", "books", "id")],
            ).create_index(["book_id", "line"], unique=True)
            database.create_table(
                "projects",
                {"book_id": int, "entry": int, "code": str, "name": str},
                pk=("book_id", "entry"),
                not_null={"code", "name"},
            )
            for table in (ENTRIES, MOVES, INCOME, MONTHLY, BLOCKS):
                connection.execute(table.definition)
            # One index serves the 明细账 of a line and the days of an unfinished month: it holds
            # all that both ask for.
            database.table("moves").create_index(
                [
                    "book_id",
                    "line_id",
                    "occurred_on",
                    "source",
                    "target",
                    "cause",
                    "econ",
                    "amount_fen",
                ]
            )
            connection.execute(
                "CREATE INDEX entries_original ON entries (book_id, original) "
                "WHERE original IS NOT NULL"
            )
            connection.execute(
                "CREATE INDEX entries_adjustment ON entries (book_id, entry) "
                "WHERE adjustment IS NOT NULL"
            )
            # Few entries of a long book are requests; `pending` must not read all to find them.
            connection.execute(
                "CREATE INDEX entries_submitted ON entries (book_id, entry) WHERE kind = 'submit'"
            )
            for name, statement in _VIEWS.items():
                database.create_view(name, statement)
            connection.execute(f"PRAGMA application_id = {VIEWS_ID}")
            connection.execute(f"PRAGMA user_version = {VIEWS_FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
