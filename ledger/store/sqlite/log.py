"""The log file as it lies on disk, read with plain SQL: its tables, heads and stored rows.

Queries and audit read here and need nothing of the event store (L48); recorder.py writes the same
tables. The log is the only thing that must not be lost.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Corrupt, Damage
from ledger.proofs.chain import GENESIS, Head

APPLICATION_ID = 0x79737561  # "ysua"
FORMAT = 1
BUSY_SECONDS = 60
PATIENCE_SECONDS = 1

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
    # payment or used of a reservation (settled_fen), and the entry that reversed it.
    "settlements": (
        "CREATE TABLE settlements (originator_id TEXT NOT NULL, original INTEGER NOT NULL, "
        "settled_fen INTEGER NOT NULL DEFAULT 0, reversed_by INTEGER, "
        "PRIMARY KEY (originator_id, original)) STRICT, WITHOUT ROWID"
    ),
    "stored_snapshots": (
        "CREATE TABLE stored_snapshots (originator_id TEXT PRIMARY KEY, "
        "originator_version INTEGER NOT NULL, topic TEXT NOT NULL, state BLOB NOT NULL) "
        "STRICT, WITHOUT ROWID"
    ),
}

WAL_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""SQLite releases from which a WAL database with several connections cannot be corrupted."""


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> tuple[str, str]:
    """(journal_mode, synchronous) for a SQLite release: WAL and FULL where WAL is sound, else the
    rollback journal with EXTRA. Either way an acknowledged commit survives a power failure."""
    sound = version >= WAL_FIXED[0] or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in WAL_FIXED[1:]
    )
    return ("WAL", "FULL") if sound else ("DELETE", "EXTRA")


class NoLog(Exception):
    """There is no log file at this place."""


class ForeignFile(Exception):
    """The file is a database, but not one of ours."""


class Busy(Exception):
    """Another process holds the file for longer than we wait."""


class Unwritable(Exception):
    """The disk or its permissions do not allow what was asked."""


class StoredRow(NamedTuple):
    """One entry as stored."""

    number: int
    tag: str
    stored: bytes
    hash: bytes
    key: str | None


PAGE = 2_000
# A damaged row may hold a number where bytes belong: made bytes, it fails its hash like any other.
_SELECT_PAGE = (
    "SELECT originator_version, CAST(topic AS TEXT), CAST(IFNULL(state, '') AS BLOB), "
    "CAST(IFNULL(hash, '') AS BLOB), CAST(key AS TEXT) FROM stored_events "
    "WHERE originator_id = ? AND originator_version > ? AND originator_version <= ? "
    "ORDER BY originator_version LIMIT ?"
)


Waiting = Callable[[], None]
"""Called once when another process holds the file for longer than PATIENCE_SECONDS."""


def silently() -> None:
    """Waits without a word."""


def patiently(
    connection: sqlite3.Connection, statement: str, waiting: Waiting = silently
) -> sqlite3.Cursor:
    """Runs the statement that takes the file's lock, telling once that it has to wait."""
    try:
        connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE_SECONDS * 1000)}")
        return connection.execute(statement)
    except sqlite3.OperationalError as error:
        if not _is_busy(error):
            raise
        waiting()
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        return connection.execute(statement)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


def connect(path: Path, waiting: Waiting = silently) -> sqlite3.Connection:
    """A connection that reads an existing log and never writes an entry.

    Not `mode=ro`: after a crash the first reader must be allowed to roll the journal back. Raises
    `NoLog`, `ForeignFile`, `Corrupt`, `Busy` or `Unwritable`.
    """
    if not path.exists():
        raise NoLog(str(path))
    with translated(path):
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
    beside = any(file.with_name(file.name + suffix).exists() for suffix in ("-wal", "-journal"))
    try:
        return _locked(file, waiting)
    except sqlite3.OperationalError:
        if beside or os.access(file.parent, os.W_OK):
            raise
        return _locked(f"{file.as_uri()}?immutable=1", waiting)


def _locked(file: Path | str, waiting: Waiting) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, uri=isinstance(file, str))
    try:
        patiently(connection, "SELECT 1 FROM sqlite_master LIMIT 1", waiting)
    except BaseException:
        connection.close()
        raise
    return connection


def check_identity(connection: sqlite3.Connection, path: Path) -> None:
    """The file is a log of ours, of the format that we know. Raises `NoLog` when it is empty,
    `ForeignFile` when it is a database of others, else `Corrupt`."""
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    if not tables and application_id in (0, APPLICATION_ID):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        if path.stat().st_size == 0 or pages == 1:
            raise NoLog(str(path))
        raise Corrupt(Damage.FILE_DAMAGED, f"{path} 不是空的，却读不出数据表")
    if "stored_events" not in tables and application_id != APPLICATION_ID:
        raise ForeignFile(str(path))
    if application_id != APPLICATION_ID or "stored_events" not in tables:
        raise Corrupt(Damage.FILE_SCHEMA, f"{path} 的文件标识或数据表不是预算账的样式")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != FORMAT:
        raise Corrupt(Damage.FILE_FORMAT, f"{path} 的格式版本为 {version}，本程序只认识 {FORMAT}")


def books(connection: sqlite3.Connection) -> list[str]:
    """The books of a file, sorted."""
    rows = connection.execute("SELECT originator_id FROM heads ORDER BY 1")
    return [book for (book,) in rows]


def head(connection: sqlite3.Connection, book: str) -> Head | None:
    """The recorded head of a book; None if it was never opened. Raises `Corrupt`."""
    row = connection.execute(
        "SELECT entries, hash FROM heads WHERE originator_id = ?", (book,)
    ).fetchone()
    if row is None:
        return None
    if not isinstance(row[0], int) or not isinstance(row[1], bytes):
        raise Corrupt(Damage.CHAIN_HEAD, f"{book} 记录的末端无法读取")
    return Head(*row)


def rows(
    connection: sqlite3.Connection, book: str, *, after: int = 0, upto: int | None = None
) -> Iterator[StoredRow]:
    """The stored rows of a book in order, streamed.

    Read in pages: between them the file is unlocked, so that a long audit keeps no writer
    waiting. Raises `Corrupt`.
    """
    last = 2**62 if upto is None else upto
    while page := connection.execute(_SELECT_PAGE, (book, after, last, PAGE)).fetchall():
        for number, *_ in page:
            if not isinstance(number, int) or number <= after:  # table and index contradict
                raise Corrupt(Damage.ENTRY_NUMBER, f"{book} 第 {after} 笔之后的编号无法读取")
            after = number
        yield from map(StoredRow._make, page)


def row(connection: sqlite3.Connection, book: str, number: int) -> StoredRow | None:
    """One stored row."""
    return next(rows(connection, book, after=number - 1, upto=number), None)


def number_of_key(connection: sqlite3.Connection, book: str, key: str) -> int | None:
    """The entry that answered an idempotency key (L49)."""
    found = connection.execute(
        "SELECT originator_version FROM stored_events WHERE originator_id = ? AND key = ?",
        (book, key),
    ).fetchone()
    return None if found is None else int(found[0])


def hash_at(connection: sqlite3.Connection, book: str, number: int) -> bytes | None:
    """The recorded hash of entry `number`; of entry 0, the genesis."""
    if number == 0:
        return GENESIS
    found = row(connection, book, number)
    return None if found is None else found.hash


@contextmanager
def translated(path: Path, damaged: Damage = Damage.FILE_DAMAGED) -> Iterator[None]:
    """Turns what SQLite says into what a person can act on: corrupt, busy or not writable."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # Python cannot even decode what SQLite says of some damaged schemas.
        raise explained(error, path, damaged) from error


def explained(error: BaseException, path: Path, damaged: Damage = Damage.FILE_DAMAGED) -> Exception:
    """The `Corrupt`, `Busy` or `Unwritable` behind an error of SQLite."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error)
    if _is_busy(error):
        return Busy(f"{path} 正被另一个程序占用，等待 {BUSY_SECONDS} 秒后仍未释放")
    if path.is_dir() or not path.absolute().parent.is_dir():
        return Unwritable(f"{path} 是目录，或所在的目录不存在；应为账文件的路径")
    environment = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
    if name.startswith(environment) or not os.access(path.parent, os.R_OK | os.X_OK):
        return Unwritable(f"{path} 无法读写（{text}）；请检查磁盘空间和文件权限")
    if name.startswith("SQLITE_IOERR") and name != "SQLITE_IOERR_SHORT_READ":
        return Unwritable(f"{path} 读写出错（{text}）")
    return Corrupt(damaged, f"{path} 已损坏或不是数据库（{text}）")


def _is_busy(error: BaseException) -> bool:
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
