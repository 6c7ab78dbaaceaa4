"""A log in one SQLite file, read with plain SQL: its tables, heads and stored rows.

Queries and audit read here and need nothing of the event store (L49); recorder.py writes the same
tables. The log is the only thing that must not be lost.
"""

import os
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Corrupt, Damage
from ledger.events import FORMAT
from ledger.marks import Mark
from ledger.proofs.head import Head
from ledger.store.log import (
    ForeignFile,
    NoLog,
    OtherFormat,
    Problem,
    Settled,
    StoredRow,
    Waiting,
    silently,
)
from ledger.store.sqlite import files

APPLICATION_ID = 0x79737561  # "ysua"

SCHEMA: dict[str, str] = {
    # `rowid` is named because the library reads a column of that name, and because SQLite may
    # renumber rows whose rowid is not.
    "stored_events": (
        "CREATE TABLE stored_events (rowid INTEGER PRIMARY KEY, originator_id TEXT NOT NULL, "
        "originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL, "
        "hash BLOB NOT NULL, key TEXT) STRICT"
    ),
    "stored_events_number": (
        "CREATE UNIQUE INDEX stored_events_number "
        "ON stored_events (originator_id, originator_version)"
    ),
    "stored_events_key": (
        "CREATE UNIQUE INDEX stored_events_key "
        "ON stored_events (originator_id, key) WHERE key IS NOT NULL"
    ),
    "stored_events_keep": (
        "CREATE TRIGGER stored_events_keep BEFORE UPDATE ON stored_events "
        "BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END"
    ),
    "stored_events_stay": (
        "CREATE TRIGGER stored_events_stay BEFORE DELETE ON stored_events "
        "BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END"
    ),
    "heads": (
        "CREATE TABLE heads (originator_id TEXT PRIMARY KEY, entries INTEGER NOT NULL, "
        "hash BLOB NOT NULL) STRICT, WITHOUT ROWID"
    ),
    # What already happened to an entry, so that what is about it needs no search: refunded of a
    # payment or used of a reservation (settled_fen), the entry that reversed it, and the last that
    # settled something of it.
    "settlements": (
        "CREATE TABLE settlements (originator_id TEXT NOT NULL, original INTEGER NOT NULL, "
        "settled_fen INTEGER NOT NULL DEFAULT 0, reversed_by INTEGER, last INTEGER, "
        "PRIMARY KEY (originator_id, original)) STRICT, WITHOUT ROWID"
    ),
    # What must be found without a search (marks.py). Rows lie in the order in which they are asked.
    "marks": (
        "CREATE TABLE marks (originator_id TEXT NOT NULL, kind TEXT NOT NULL, what TEXT NOT NULL, "
        "number INTEGER NOT NULL, fen INTEGER NOT NULL, "
        "PRIMARY KEY (originator_id, kind, what, number)) STRICT, WITHOUT ROWID"
    ),
    "stored_snapshots": (
        "CREATE TABLE stored_snapshots (originator_id TEXT PRIMARY KEY, "
        "originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL) "
        "STRICT, WITHOUT ROWID"
    ),
}

# As of one moment: a writer may come between two statements, and even open the book.
_SELECT_HEAD = (
    "SELECT h.originator_id IS NULL, h.entries, h.hash, "
    "(SELECT MIN(originator_version) FROM stored_events WHERE originator_id = asked.book), "
    "(SELECT MAX(originator_version) FROM stored_events WHERE originator_id = asked.book) "
    "FROM (SELECT ? AS book) asked LEFT JOIN heads h ON h.originator_id = asked.book"
)
_TAKEN_FOR_EMPTY = 1
"""The bytes of a file that SQLite takes for an empty one though it is not."""
_SIDE_TABLES = ("settlements", "marks", "stored_snapshots")
PAGE = 2_000
_EVERY = 2**62
# A damaged row may hold a number where bytes belong: made bytes, it fails its hash like any other.
_SELECT_PAGE = (
    "SELECT originator_version, CAST(topic AS TEXT), CAST(IFNULL(state, '') AS BLOB), "
    "CAST(IFNULL(hash, '') AS BLOB), CAST(key AS TEXT) FROM stored_events "
    "WHERE originator_id = ? AND originator_version > ? AND originator_version <= ? "
    "ORDER BY originator_version LIMIT ?"
)


def _select_keys(keys: int) -> str:
    return (
        "SELECT key, originator_version FROM stored_events "
        f"WHERE originator_id = ? AND key IN ({','.join('?' * keys)})"
    )


_KEYS_AT_ONCE = 500
_MARKS_AT_ONCE = 240
_COUNT_MARKED = (
    "WITH wanted (kind, what, number, fen) AS (VALUES "
    + ",".join(["(?,?,?,?)"] * _MARKS_AT_ONCE)
    # In this order: a page of what is wanted against all marks, and not the other way round.
    + ") SELECT COUNT(*) FROM wanted w CROSS JOIN marks m ON m.originator_id = ? "
    "AND m.kind = w.kind AND m.what = w.what AND m.number = w.number AND m.fen = w.fen"
)
_IS_MARKED = (
    "SELECT 1 FROM marks WHERE originator_id = ? AND kind = ? AND what = ? AND number = ? "
    "AND fen = ?"
)
_SELECT_KEY, _SELECT_KEYS = _select_keys(1), _select_keys(_KEYS_AT_ONCE)


class SqliteLog:
    """A log on an open connection (log.Log)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def books(self) -> list[str]:
        """The books, sorted. Raises `Corrupt` where one has entries and no head."""
        with self.one_moment():
            heads = self._heads()
            for book in self._named_in("stored_events"):
                if book not in heads:
                    raise _headless(book)
        return sorted(heads)

    def all_books(self) -> list[str]:
        """The books that have a head or entries, sorted."""
        return sorted(self._heads().union(self._named_in("stored_events")))

    def _heads(self) -> set[str]:
        return {book for (book,) in self._connection.execute("SELECT originator_id FROM heads")}

    def _named_in(self, table: str) -> Iterator[str]:
        """The books that a table has rows of, found one after another in its index."""
        first, after = (
            f"SELECT MIN(originator_id) FROM {table}{where}"
            for where in ("", " WHERE originator_id > ?")
        )
        found = self._connection.execute(first)
        while (book := found.fetchone()[0]) is not None:
            yield book
            found = self._connection.execute(after, (book,))

    def strays(self) -> list[str]:
        """The books that side tables have rows of, but that were never opened: such rows would be
        believed of the book that is opened under that name."""
        named = {book for table in _SIDE_TABLES for book in self._named_in(table)}
        return sorted(named.difference(self.all_books()))

    def is_stray(self, book: str) -> bool:
        """Whether side tables have rows of a book that is to be opened."""
        asked = (f"SELECT 1 FROM {table} WHERE originator_id = ? LIMIT 1" for table in _SIDE_TABLES)
        return any(self._connection.execute(each, (book,)).fetchone() for each in asked)

    def head(self, book: str) -> Head | None:
        """The recorded head of a book; None if it was never opened. Raises `Corrupt`."""
        row = self._connection.execute(_SELECT_HEAD, (book,)).fetchone()
        headless, entries, hash_, first, last = row
        if headless:
            if first is not None:
                raise _headless(book)
            return None
        if not isinstance(entries, int) or not isinstance(hash_, bytes):
            raise Corrupt(Damage.CHAIN_HEAD, f"{book} 记录的末端无法读取", book=book)
        if (first, last) != (1, entries):
            message = f"{book} 记录的末端为第 {entries} 笔，账中的编号从 {first} 到 {last}"
            raise Corrupt(Damage.CHAIN_HEAD, message, book=book)
        return Head(entries, hash_)

    def rows(self, book: str, *, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]:
        """The stored rows of a book in order, streamed. Raises `Corrupt`.

        Read in pages: between them the file is unlocked, so that a long audit keeps no writer
        waiting.
        """
        last = _EVERY if upto is None else upto
        execute = self._connection.execute
        while page := execute(_SELECT_PAGE, (book, after, last, PAGE)).fetchall():
            for number, tag, stored, hash_, key in page:
                if type(number) is not int or number <= after:  # table and index contradict
                    raise Corrupt(Damage.ENTRY_NUMBER, f"{book} 第 {after} 笔之后的编号无法读取")
                after = number
                yield StoredRow(number, tag, stored, hash_, key)

    def snapshot(self, book: str) -> tuple[int, bytes] | None:
        """The latest snapshot, if there is one that can be read at all."""
        row = self._connection.execute(
            "SELECT originator_version, state FROM stored_snapshots WHERE originator_id = ?",
            (book,),
        ).fetchone()
        if row is None or not isinstance(row[0], int) or not isinstance(row[1], bytes):
            return None
        return row[0], row[1]

    def settlements(self, book: str) -> Iterator[tuple[int, Settled]]:
        """What was settled of each entry. A damaged row may hold anything: made a number, it is one
        that differs."""
        found = self._connection.execute(
            "SELECT CAST(IFNULL(original, 0) AS INTEGER), CAST(settled_fen AS INTEGER), "
            "CAST(reversed_by AS INTEGER), CAST(last AS INTEGER) FROM settlements "
            "WHERE originator_id = ?",
            (book,),
        )
        return ((original, Settled(*settled)) for original, *settled in found)

    def marks(self, book: str) -> int:
        """How many marks a book has."""
        found = self._connection.execute(
            "SELECT COUNT(*) FROM marks WHERE originator_id = ?", (book,)
        )
        count: int = found.fetchone()[0]
        return count

    def unmarked(self, book: str, marks: Sequence[Mark]) -> list[Mark]:
        """Those of these marks that the book has not: counted by the page, and looked for one by
        one where the count is wrong. A page that is not full is filled up with NULL, so that SQLite
        knows the statement again."""
        lacking: list[Mark] = []
        rest, ask = iter(marks), self._connection.execute
        while page := [*islice(rest, _MARKS_AT_ONCE)]:
            gap = (None,) * (4 * (_MARKS_AT_ONCE - len(page)))
            if ask(_COUNT_MARKED, (*chain(*page), *gap, book)).fetchone()[0] != len(page):
                there = [ask(_IS_MARKED, (book, *mark)).fetchone() is not None for mark in page]
                lacking += [mark for mark, known in zip(page, there, strict=True) if not known]
        return lacking

    def numbers_of(self, book: str, keys: Collection[str]) -> dict[str, int]:
        """The entries that answered idempotency keys (L50). A page that is not full is filled up
        with NULL, which no key is, so that SQLite knows the statement again."""
        if len(keys) == 1:
            return dict(self._connection.execute(_SELECT_KEY, (book, *keys)).fetchall())
        found: dict[str, int] = {}
        rest = iter(keys)
        while page := [*islice(rest, _KEYS_AT_ONCE)]:
            filled = (book, *page, *(None,) * (_KEYS_AT_ONCE - len(page)))
            found |= self._connection.execute(_SELECT_KEYS, filled).fetchall()
        return found

    def one_moment(self) -> AbstractContextManager[None]:
        """A read transaction, or the transaction that is open already."""
        return _one_moment(self._connection)

    def examine(self) -> Iterator[Problem]:
        """The pages, indexes and constraints of the file, and that its tables are ours."""
        said = [row[0] for row in self._connection.execute("PRAGMA integrity_check(10)")]
        message = "；".join(map(str, said))[:500]
        yield Problem("FILE.INTEGRITY", said == ["ok"], message)
        there = _made_of(self._connection)
        for part in PARTS:
            yield Problem("FILE.SCHEMA", part in there, f"{part.name} 的定义与程序不一致")
        extra = sorted(part.name for part in there - Counter(PARTS))
        yield Problem("FILE.SCHEMA", not extra, f"多出的数据表、索引或触发器：{'、'.join(extra)}")
        strays = [f"“{book}”" for book in self.strays()]
        message = f"附表中有未建账套 {'、'.join(strays)[:500]} 的行"
        yield Problem("FILE.SCHEMA", not strays, message)
        empty = self._connection.execute("SELECT originator_id FROM heads WHERE entries < 1")
        named = [f"“{book}”" for (book,) in empty]
        yield Problem("FILE.SCHEMA", not named, f"{'、'.join(named)[:500]} 只有末端，没有记录")


@contextmanager
def _one_moment(connection: sqlite3.Connection) -> Iterator[None]:
    begun = not connection.in_transaction
    if begun:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if begun and connection.in_transaction:  # SQLite ends it itself after some errors
            connection.execute("ROLLBACK")


class SchemaPart(NamedTuple):
    """One thing that a database is made of, as SQLite keeps it. Things of different kinds may bear
    one name."""

    kind: str
    name: str
    table: str
    sql: str

    @classmethod
    def of(cls, name: str, sql: str) -> "SchemaPart":
        """The thing that a statement of the schema makes."""
        kind = next(word for word in sql.split() if word in ("TABLE", "INDEX", "TRIGGER"))
        table = name if kind == "TABLE" else sql.partition(" ON ")[2].split(maxsplit=1)[0]
        return cls(kind.lower(), name, table, sql)


PARTS = [SchemaPart.of(name, sql) for name, sql in SCHEMA.items()]


def _made_of(connection: sqlite3.Connection) -> Counter[SchemaPart]:
    """Everything that a file is made of, as often as it is there. ANALYZE may make the tables that
    are left out."""
    rows = connection.execute(
        "SELECT type, name, tbl_name, IFNULL(sql, '') FROM sqlite_master "
        "WHERE NOT (type = 'table' AND name GLOB 'sqlite_stat[0-9]')"
    )
    return Counter(SchemaPart(*map(str, row)) for row in rows)


def check_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Nothing is written into a file whose tables, indexes and triggers are not exactly ours: what
    another has added decides what becomes of a row (L59). Raises `Corrupt`."""
    there, right = _made_of(connection), Counter(PARTS)
    if there != right:
        wrong = sorted({part.name for part in (there - right) | (right - there)})
        raise Corrupt(
            Damage.FILE_SCHEMA,
            f"{path} 的数据表、索引或触发器与程序不一致（{'、'.join(wrong)[:200]}），没有写入",
        )


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Nothing is read where something else bears the name of a table of ours, or of the index by
    which its rows are found: it could hide some of them. Raises `Corrupt`."""
    there = _made_of(connection)
    wrong = [p.name for p in PARTS if p.kind != "trigger" and p not in there]
    if wrong:
        message = f"{path} 的数据表或索引与程序不一致（{'、'.join(wrong)[:200]}），没有读取"
        raise Corrupt(Damage.FILE_SCHEMA, message)


def _headless(book: str) -> Corrupt:
    return Corrupt(Damage.CHAIN_HEAD, f"{book} 有记录，记录的末端却不见了：账文件被改动", book=book)


def connect(path: Path, waiting: Waiting = silently) -> sqlite3.Connection:
    """A connection that reads an existing log and never writes an entry.

    Not `mode=ro`: after a crash the first reader must be allowed to roll the journal back. Raises
    `NoLog`, `ForeignFile`, `Corrupt` and what SQLite raises.
    """
    if not path.exists():
        raise NoLog(str(path))
    connection = _reading(path, waiting)
    try:
        connection.execute("PRAGMA query_only = ON")
        check_identity(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _reading(path: Path, waiting: Waiting) -> sqlite3.Connection:
    """A connection that has held the read lock. A file in WAL mode needs others beside it even to
    be read; where none is left and none can be made, the file alone is the whole book."""
    file = path.absolute()
    beside = any(files.beside(file, suffix).exists() for suffix in ("-wal", "-journal"))
    try:
        return _locked(file, waiting)
    except sqlite3.OperationalError:
        if beside or os.access(file.parent, os.W_OK):
            raise
        return _locked(f"{file.as_uri()}?immutable=1", waiting)


def _locked(file: Path | str, waiting: Waiting) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, uri=isinstance(file, str))
    try:
        files.patiently(connection, "SELECT 1 FROM sqlite_master LIMIT 1", waiting)
    except BaseException:
        connection.close()
        raise
    return connection


def check_identity(connection: sqlite3.Connection, path: Path) -> None:
    """The file is a log of ours, of our format. Raises `NoLog` when it is empty, `OtherFormat`,
    `ForeignFile` or `Corrupt` when it is something else.

    All of it is as of one moment: another may be making a log of the file, and what it was before
    that, and what it is afterwards, do not fit together."""
    with _one_moment(connection):
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        application_id, version, pages = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "page_count")
        )
    if not tables and application_id in (0, APPLICATION_ID):
        if pages <= 1 and path.stat().st_size != _TAKEN_FOR_EMPTY:
            raise NoLog(str(path))
        raise Corrupt(Damage.FILE_DAMAGED, f"{path} 不是空的，却读不出数据表")
    if "stored_events" not in tables and application_id != APPLICATION_ID:
        raise ForeignFile(str(path))
    if application_id != APPLICATION_ID or "stored_events" not in tables:
        raise Corrupt(Damage.FILE_SCHEMA, f"{path} 的文件标识或数据表不是预算账的样式")
    if version < 1:
        raise Corrupt(Damage.FILE_FORMAT, f"{path} 的格式号为 {version}，不是预算账的格式")
    if version != FORMAT:
        raise OtherFormat(str(path), version)
