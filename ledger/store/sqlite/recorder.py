"""How entries are stored through eventsourcing: its connections, transactions and recorders, ours
where a book is more than a stream.

The library's own way to write knows no hashes and no heads, so that it is closed: rows come here as
they are to lie (log.StoredRow), and the recorder inserts them with the head and the settlements in
one transaction. What is stored the library can read, by the mapper. Writers begin with BEGIN
IMMEDIATE, so that nothing that is read before a write can change under it. This module is the
PERSISTENCE_MODULE of application.py; nothing is patched.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from eventsourcing.persistence import (
    InterfaceError,
    Mapper,
    OperationalError,
    StoredEvent,
    Transcoder,
)
from eventsourcing.sqlite import (
    SQLiteAggregateRecorder,
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteFactory,
    SQLiteTransaction,
)

from ledger.errors import Corrupt, Damage
from ledger.events import FORMAT, decode
from ledger.marks import BETWEEN, Mark, Marked, MarkKind
from ledger.proofs.head import Head
from ledger.store.log import UNSETTLED, NoLog, Settled, StoredRow, Waiting, silently
from ledger.store.sqlite import files
from ledger.store.sqlite.log import (
    APPLICATION_ID,
    SCHEMA,
    SqliteLog,
    check_identity,
    check_schema,
)
from ledger.store.sqlite.turns import begin

_INSERT_ROW = (
    "INSERT INTO stored_events "
    "(originator_id, originator_version, topic, state, hash, key) VALUES (?,?,?,?,?,?)"
)
_SELECT_WRITTEN = (
    "SELECT originator_version, hash FROM stored_events "
    "WHERE originator_id = ? AND originator_version BETWEEN ? AND ? ORDER BY originator_version"
)
_INSERT_HEAD = (
    "INSERT INTO heads VALUES (?, ?, ?) ON CONFLICT (originator_id) "
    "DO UPDATE SET entries = excluded.entries, hash = excluded.hash"
)
_INSERT_SETTLED = (
    "INSERT INTO settlements VALUES (?, ?, ?, ?, ?) ON CONFLICT (originator_id, original) "
    "DO UPDATE SET settled_fen = settled_fen + excluded.settled_fen, "
    "reversed_by = COALESCE(excluded.reversed_by, reversed_by), "
    "last = COALESCE(excluded.last, last)"
)
_SELECT_MARKED = (
    "SELECT number, fen, what FROM marks WHERE originator_id = ? AND kind = ? AND what >= ? "
    f"AND what < ? || char({ord(BETWEEN) + 1}) ORDER BY what DESC, number DESC LIMIT ?"
)
_DELETE_MARK = "DELETE FROM marks WHERE originator_id = ? AND kind = ? AND what = ? AND number = ?"
_INSERT_MARK = "INSERT INTO marks VALUES (?, ?, ?, ?, ?)"


class NoTranscoder(Transcoder):
    """The mapper encodes whole entries itself."""

    def encode(self, obj: Any) -> bytes:
        raise TypeError("entries are encoded by EntryMapper")

    def decode(self, data: bytes) -> Any:
        raise TypeError("entries are decoded by EntryMapper")


class EntryMapper(Mapper[str]):
    """Stored row → entry; decoding knows no tags but the frozen ones."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        raise TypeError("entries are appended as rows of a chain")

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        return decode(stored_event.state)


class _Transaction(SQLiteTransaction):
    def __init__(self, connection: "_Connection", *, commit: bool) -> None:
        super().__init__(connection, commit=commit)
        self.commit = commit
        self.path, self.waiting = connection.path, connection.waiting

    def __enter__(self) -> SQLiteCursor:
        cursor = self.connection.cursor()
        connection = cursor.sqlite_cursor.connection
        try:
            if self.commit:
                begin(connection, self.path, self.waiting)
            else:
                files.patiently(connection, "BEGIN", self.waiting)
        except sqlite3.Error as error:
            raise OperationalError(error) from error
        return cursor


class _Connection(SQLiteConnection):
    path: Path
    waiting: Waiting = staticmethod(silently)

    @contextmanager
    def transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        with _Transaction(self, commit=commit) as cursor, cursor:
            yield cursor


class _Pool(SQLiteConnectionPool):
    """Connections with the journal that this SQLite keeps sound (files.journal_mode)."""

    waiting: Waiting = staticmethod(silently)

    def _create_connection(self) -> SQLiteConnection:
        connection = None
        try:
            connection = sqlite3.connect(
                self.db_name, isolation_level=None, check_same_thread=False
            )
            files.patiently(connection, "SELECT 1 FROM sqlite_master LIMIT 1", self.waiting)
            with suppress(NoLog):  # then it is empty, and nobody's
                check_identity(connection, Path(self.db_name))
            # Only now: it is written into the file, and the file may be another program's.
            journal, synchronous = files.journal_mode()
            files.patiently(connection, f"PRAGMA journal_mode = {journal}", self.waiting)
            connection.execute(f"PRAGMA synchronous = {synchronous}")
        except BaseException as error:
            if connection is not None:
                connection.close()
            if isinstance(error, sqlite3.Error):
                raise InterfaceError(error) from error
            raise
        connection.row_factory = sqlite3.Row
        made = _Connection(connection, max_age=self.max_age)
        made.path = Path(self.db_name)
        made.waiting = self.waiting
        return made


class ChainedRecorder(SQLiteApplicationRecorder):
    """Appends rows that continue the chain of their books."""

    def construct_create_table_statements(self) -> list[str]:
        return [
            statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
            .replace("CREATE UNIQUE INDEX", "CREATE UNIQUE INDEX IF NOT EXISTS", 1)
            .replace("CREATE TRIGGER", "CREATE TRIGGER IF NOT EXISTS", 1)
            for statement in SCHEMA.values()
        ] + [
            f"PRAGMA application_id = {APPLICATION_ID}",
            f"PRAGMA user_version = {FORMAT}",
        ]

    def append(
        self,
        c: SQLiteCursor,
        book: str,
        rows: Sequence[StoredRow],
        settled: Mapping[int, Settled],
        marks: Sequence[Mark],
        unmarked: Sequence[Mark],
    ) -> None:
        """Inserts rows that continue a book, its head, what they have settled, and their marks, in
        the order in which they lie, after those that stand no more are gone."""
        c.execute("SELECT entries FROM heads WHERE originator_id = ?", (book,))
        head = c.fetchone()
        before = 0 if head is None else head[0]
        for row in rows:
            if row.number != before + 1:
                raise sqlite3.IntegrityError(f"{book} has {before} entries, not {row.number - 1}")
            before = row.number
        c.executemany(_INSERT_ROW, [(book, *row) for row in rows])
        c.execute(_INSERT_HEAD, (book, before, rows[-1].hash))
        c.executemany(_INSERT_SETTLED, [(book, of, *each) for of, each in settled.items()])
        c.executemany(_DELETE_MARK, [(book, *mark[:3]) for mark in unmarked])
        c.executemany(_INSERT_MARK, [(book, *mark) for mark in sorted(marks)])

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        """The library's own way to insert, which knows no hashes and no heads."""
        raise TypeError("entries are appended as rows of a chain")


class SnapshotRecorder(SQLiteAggregateRecorder):
    """Keeps the latest snapshot of a book and no other."""

    def construct_create_table_statements(self) -> list[str]:
        return []  # made with the log's other tables

    def _insert_events(
        self, c: SQLiteCursor, stored_events: Sequence[StoredEvent], **_: Any
    ) -> Sequence[int] | None:
        c.executemany(
            f"INSERT OR REPLACE INTO {self.events_table_name} VALUES (?,?,?,?)",
            [(s.originator_id, s.originator_version, s.topic, s.state) for s in stored_events],
        )
        return None


class SqliteTransaction(SqliteLog):
    """An open write transaction on a log (log.Transaction). It holds the file's write lock."""

    def __init__(
        self,
        cursor: SQLiteCursor,
        recorder: ChainedRecorder,
        snapshots: SnapshotRecorder,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(cursor.sqlite_cursor.connection)
        self._cursor = cursor
        self._recorder = recorder
        self._snapshots = snapshots
        self._clock = clock

    def begin(self, path: Path, *, opening: bool) -> None:
        """Looks whose file it is, and that nobody has changed what it is made of; where it is empty
        and a book is opened, makes it a log. Raises `NoLog`, `OtherFormat`, `ForeignFile`,
        `Corrupt`."""
        try:
            check_identity(self._connection, path)
        except NoLog:
            if not opening:
                raise
            self._recorder._create_table(self._cursor)
        check_schema(self._connection, path)

    def now(self) -> datetime:
        """The clock of this machine."""
        return self._clock()

    def append(
        self,
        book: str,
        rows: Sequence[StoredRow],
        settled: Mapping[int, Settled],
        marks: Sequence[Mark],
        unmarked: Sequence[Mark] = (),
    ) -> None:
        """Appends rows that continue a book, moves its head, adds to what was settled, and changes
        the marks; then reads the rows back. Raises `Corrupt`."""
        if rows[0].number == 1 and self.is_stray(book):
            message = f"{book} 尚未建立，附表中却有它的行：账文件被改动，没有记录任何内容"
            raise Corrupt(Damage.FILE_SCHEMA, message)
        self._recorder.append(self._cursor, book, rows, settled, marks, unmarked)
        first, last = rows[0], rows[-1]
        held = self._connection.execute(_SELECT_WRITTEN, (book, first.number, last.number))
        written = [(row.number, row.hash) for row in rows]
        if [*map(tuple, held)] != written or self.head(book) != Head(*written[-1]):
            raise Corrupt(
                Damage.FILE_DAMAGED,
                f"{book} 第 {first.number} 至 {last.number} 笔写入之后读不到：没有记录任何内容",
            )

    def keep(self, book: str, number: int, snapshot: bytes) -> None:
        """Replaces the book's snapshot (L51)."""
        stored = StoredEvent(book, number, "snapshot", snapshot)
        self._snapshots._insert_events(self._cursor, [stored])

    def settled(self, book: str, original: int) -> Settled:
        """What was settled of an entry so far. Raises `Corrupt`."""
        row = self._connection.execute(
            "SELECT settled_fen, reversed_by, last FROM settlements "
            "WHERE originator_id = ? AND original = ?",
            (book, original),
        ).fetchone()
        if row is None:
            return UNSETTLED
        if not isinstance(row[0], int) or not all(isinstance(each, int | None) for each in row[1:]):
            raise Corrupt(
                Damage.SETTLEMENTS, f"{book} 第 {original} 笔的退款、占用、冲销累计无法读取"
            )
        return Settled(*row)

    def marked(self, book: str, kind: MarkKind, what: str, most: int) -> list[Marked]:
        """What marks of these words, or of words that go on after them, lead to."""
        found = self._connection.execute(_SELECT_MARKED, (book, kind, what, what, most))
        return [Marked(*row) for row in found]


class Factory(SQLiteFactory):
    """The factory that eventsourcing finds in this module."""

    application_recorder_class = ChainedRecorder
    aggregate_recorder_class = SnapshotRecorder

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        pool = self.datastore.pool
        self.datastore.pool = _Pool(db_name=pool.db_name)
        pool.close()


del SQLiteFactory  # the library takes the one factory class that it finds here
