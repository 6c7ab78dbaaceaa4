"""The view database (FILE.views): its tables, and how it is opened. Nothing in it can be lost, but
what lies there must be a view database before it is written (owned.py).

Amounts stand in columns ending `_fen`. People and SQL tools read the `v_*` views: one row per
entry, per posting, per balance, with the line spelled out.
"""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Corrupt, Damage
from ledger.store.log import NotOurs, Waiting, silently
from ledger.store.sqlite import files
from projections.views import owned
from projections.views.owned import VIEWS_ID

VIEWS_FORMAT = 14
DISTRUSTED = -1
"""Stands for the format where an audit has found the file as such wrong."""
BLOCK = 1 << 15
"""Entries of a block: block 0 is entries 1 to BLOCK."""
MONTH = "CAST(substr(occurred_on, 6, 2) AS INTEGER)"
"""The month of a move, as SQL."""


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
        "undone_fen": "INTEGER",
        "counterpart": "TEXT",
        "undoes": "INTEGER",
        "approval_doc": "TEXT",
        "contract": "TEXT",
        "procurement_type": "TEXT",
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
PROJECTS = ViewTable(
    "projects",
    {"book_id": _NUMBER, "entry": _NUMBER, "code": _TEXT, "name": _TEXT},
    ("book_id", "entry"),
)
CODES = ViewTable(
    "codes",
    {"book_id": _NUMBER, "entry": _NUMBER, "code_set": _TEXT, "code": _TEXT, "name": _TEXT},
    ("book_id", "entry", "code"),
)
"""The lists of codes that were adopted, each under its entry (P36)."""
INCOME = ViewTable(
    "income",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "seq": _NUMBER,
        "line_id": "INTEGER",
        "source": _TEXT,
        "pool": "TEXT",
        "occurred_on": _TEXT,
        "amount_fen": _NUMBER,
    },
    ("book_id", "entry", "seq"),
)
DEALINGS = ViewTable(
    "dealings",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "seq": _NUMBER,
        "original": _NUMBER,
        "counterpart": _TEXT,
        "line_id": _NUMBER,
        "econ": _TEXT,
        "source": _TEXT,
        "occurred_on": _TEXT,
        "amount_fen": _NUMBER,
    },
    ("book_id", "entry", "seq"),
)
"""What was paid to another unit or came from it (ledger/dealings.py)."""
PARTICULARS = ViewTable(
    "particulars",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "kind": _TEXT,
        "occurred_on": _TEXT,
        "said": _TEXT,
    },
    ("book_id", "entry"),
)
"""Facts of the report that move no money, as they are stored (P40)."""
PROCURED = ViewTable(
    "procured",
    {
        "book_id": _NUMBER,
        "entry": _NUMBER,
        "seq": _NUMBER,
        "contract": _TEXT,
        "procurement_type": "TEXT",
        "occurred_on": _TEXT,
        "held_fen": _NUMBER,
        "paid_fen": _NUMBER,
    },
    ("book_id", "entry", "seq"),
)
"""What was kept and paid for a contract, or for what was bought without one."""
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

DAILY = ViewTable(
    "daily",
    {"book_id": _NUMBER, "line_id": _NUMBER, "occurred_on": _TEXT, "amount_fen": _NUMBER},
    ("book_id", "line_id", "occurred_on"),
)
"""What 可执行 of a line gained on a day, net; of line 0 the non-fiscal cash (P30)."""
CASH = 0
"""The id that stands for the non-fiscal cash where a line's would."""

_TABLES = {
    "books": "CREATE TABLE books (id INTEGER PRIMARY KEY, book TEXT NOT NULL, "
    "entries INTEGER NOT NULL, hash BLOB NOT NULL, name TEXT, unit_kind TEXT, edition TEXT, "
    "edition_sha256 TEXT, basis TEXT, fund_basis TEXT, closed INTEGER, distrusted TEXT) STRICT",
    "lines": "CREATE TABLE lines (id INTEGER PRIMARY KEY, "
    "book_id INTEGER NOT NULL REFERENCES books (id), line TEXT NOT NULL, fund TEXT NOT NULL, "
    "func TEXT NOT NULL, spending TEXT NOT NULL, project TEXT NOT NULL, econ TEXT NOT NULL, "
    "origin INTEGER) STRICT",
    **{
        table.name: table.definition
        for table in (
            *(PROJECTS, CODES, ENTRIES, MOVES, INCOME, DEALINGS, PARTICULARS, PROCURED),
            *(MONTHLY, BLOCKS, DAILY),
        )
    },
}
_INDEXES = {
    ("books_book", "books"): "CREATE UNIQUE INDEX books_book ON books (book)",
    ("lines_line", "lines"): "CREATE UNIQUE INDEX lines_line ON lines (book_id, line)",
    # One index serves the 明细账 of a line and the days of an unfinished month: it holds all that
    # both ask for.
    ("moves_line", "moves"): "CREATE INDEX moves_line ON moves "
    "(book_id, line_id, occurred_on, source, target, cause, econ, amount_fen)",
    ("entries_original", "entries"): "CREATE INDEX entries_original ON entries (book_id, original) "
    "WHERE original IS NOT NULL",
    # What undid an entry (undone.py); few are undone.
    ("entries_undoes", "entries"): "CREATE INDEX entries_undoes ON entries "
    "(book_id, undoes) WHERE undoes IS NOT NULL",
    ("entries_adjustment", "entries"): "CREATE INDEX entries_adjustment ON entries "
    "(book_id, entry) WHERE adjustment IS NOT NULL",
    # What a book said of itself at a moment (P31); few entries do.
    ("entries_of_book", "entries"): "CREATE INDEX entries_of_book ON entries (book_id, entry) "
    "WHERE kind IN ('open-book', 'amend-book')",
    # Few entries of a long book are requests; `pending` must not read all to find them.
    ("entries_submitted", "entries"): "CREATE INDEX entries_submitted ON entries (book_id, entry) "
    "WHERE kind = 'submit'",
    # Few are 三公限额; every 表7 looks for them.
    ("entries_capped", "entries"): "CREATE INDEX entries_capped ON entries (book_id, entry) "
    "WHERE kind = 'cap'",
}
"""By their names and their tables."""
_VIEWS = {
    "postings": "SELECT book_id, entry, 2 * seq AS seq, line_id, source AS account, cause, econ, "
    "occurred_on, -amount_fen AS amount_fen FROM moves UNION ALL "
    "SELECT book_id, entry, 2 * seq + 1, line_id, target, cause, econ, occurred_on, amount_fen "
    "FROM moves",
    "v_lines": "SELECT b.book, l.line, l.fund, l.func, l.spending, l.project, l.econ, l.origin "
    "FROM lines l JOIN books b ON b.id = l.book_id",
    "v_entries": "SELECT b.book, e.entry, e.kind, e.occurred_on, e.recorded_at, e.actor, e.key, "
    "l.line, e.econ, e.amount_fen, e.doc, e.payee, e.purpose, e.reason, e.original, e.name, "
    "e.adjustment, e.pay_type, e.procurement, e.direct_funds, e.undone_fen, e.counterpart, "
    "e.undoes, e.approval_doc, e.contract, e.procurement_type "
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
    "v_particulars": "SELECT b.book, p.entry, p.kind, p.occurred_on, p.said "
    "FROM particulars p JOIN books b ON b.id = p.book_id",
    "v_procured": "SELECT b.book, p.entry, p.seq, p.contract, p.procurement_type, p.occurred_on, "
    "p.held_fen, p.paid_fen FROM procured p JOIN books b ON b.id = p.book_id",
    "v_codes": "SELECT b.book, c.entry, c.code_set, c.code, c.name "
    "FROM codes c JOIN books b ON b.id = c.book_id",
}


class ViewPart(NamedTuple):
    """One thing that a view database is made of, as SQLite keeps it: things of different kinds may
    bear one name."""

    kind: str
    name: str
    table: str
    sql: str


_PARTS = (
    *(ViewPart("table", name, name, sql) for name, sql in _TABLES.items()),
    *(ViewPart("index", name, table, sql) for (name, table), sql in _INDEXES.items()),
    *(ViewPart("view", name, name, f"CREATE VIEW {name} AS {sql}") for name, sql in _VIEWS.items()),
)
"""In the order in which they are made."""
Shape = Counter[tuple[object, ...]]
"""The parts of a view database, and how often each is there."""
RIGHT_SHAPE: Shape = Counter(_PARTS)
"""What this program makes."""


def shape(connection: sqlite3.Connection) -> Shape:
    """What a view database is made of, by all that SQLite was told of each part. ANALYZE may make
    the tables that are left out."""
    return Counter(
        connection.execute(
            "SELECT type, name, tbl_name, sql FROM sqlite_master "
            "WHERE NOT (type = 'table' AND name GLOB 'sqlite_stat[0-9]')"
        )
    )


def open_views(
    file: Path, waiting: Waiting = silently, *, anew: bool = False
) -> sqlite3.Connection:
    """The view database in `file`, made if it is not there, or in any case.

    Raises `NotOurs` where the file is not ours, `Unwritable`, and `Corrupt` where it is damaged,
    made of other parts than this program makes, or distrusted; `yusuan rebuild` makes it anew.
    """
    with files.translated(file, Damage.VIEWS_DAMAGED):
        if anew:
            _empty(file, waiting)
        connection = _connected(file)
        try:
            # Rebuilt from the log when lost, so it need not survive a power failure in one piece;
            # but it must never be half written while the machine stays up.
            version = files.patiently(connection, "PRAGMA user_version", waiting).fetchone()[0]
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA cache_size = -32000")
            if version == DISTRUSTED:
                owned.check(connection, file)
                raise _distrusted(file)
            if version != VIEWS_FORMAT:
                _make(connection, file)
            if shape(connection) != RIGHT_SHAPE:
                owned.check(connection, file)
                raise _misshapen(file)
        except BaseException:
            connection.close()
            raise
    return connection


def _connected(file: Path) -> sqlite3.Connection:
    """A connection to the file that was found to be ours, or was made now."""
    for _ in range(_TRIES):
        found = owned.standing(file)
        if found is None:
            continue
        connection = sqlite3.connect(file.absolute(), isolation_level=None)
        if owned.lies_at(file, found):
            return connection
        connection.close()
    raise NotOurs(str(file), "一再被换成另一个文件")


_TRIES = 5


def _distrusted(file: Path) -> Corrupt:
    return Corrupt(
        Damage.VIEWS_DISTRUSTED,
        f"审计发现查询视图文件 {file} 不完好，在 yusuan rebuild 之前不提供查询",
    )


def _misshapen(file: Path) -> Corrupt:
    return Corrupt(
        Damage.VIEWS_FILE,
        f"查询视图文件 {file} 的数据表、索引或视图不是本程序所做的样子，其中的数字不可信",
    )


def memory_views() -> sqlite3.Connection:
    """Views that last as long as a query, for a log on a medium that cannot be written."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _make(connection, None)
    return connection


def _empty(file: Path, waiting: Waiting) -> None:
    """Makes the file one of empty tables, reading nothing of what it holds: whatever is damaged in
    it, or was made otherwise by another program, is gone. By a connection of its own, which goes on
    with the encoding that the file had."""
    with closing(memory_views()) as empty, closing(_connected(file)) as old:
        files.patiently(old, "PRAGMA application_id", waiting)
        owned.check(old, file)
        # A copy cannot change the size of the pages of a file in WAL mode.
        files.patiently(old, "PRAGMA journal_mode = DELETE", waiting)
        files.patiently(old, "BEGIN EXCLUSIVE", waiting)
        owned.check(old, file)
        old.execute("ROLLBACK")
        # The copy takes that lock itself. Should somebody have come between, it asks again and
        # again, and hears Ctrl-C where it tells how far it is.
        old.execute("PRAGMA busy_timeout = 0")
        empty.backup(old, progress=lambda *_: None)


def _make(connection: sqlite3.Connection, file: Path | None) -> None:
    """Makes the tables, dropping those of an earlier format. Raises `NotOurs`."""
    from sqlite_utils import Database  # slow to import, and needed once per file

    connection.execute("BEGIN IMMEDIATE")
    try:
        if file is not None:
            owned.check(connection, file)
        if connection.execute("PRAGMA user_version").fetchone()[0] != VIEWS_FORMAT:
            earlier = Database(connection)
            for view in earlier.view_names():
                earlier.view(view).drop()
            for table in earlier.table_names():
                earlier.table(table).drop()
            for part in _PARTS:
                connection.execute(part.sql)
            connection.execute(f"PRAGMA application_id = {VIEWS_ID}")
            connection.execute(f"PRAGMA user_version = {VIEWS_FORMAT}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
