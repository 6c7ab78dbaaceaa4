"""How entries are stored through eventsourcing: its mapper, recorder and SQLite factory, ours.

The recorder writes the hash chain, the head row and the settlements in the transaction of the
events themselves. Writers begin with BEGIN IMMEDIATE, so that nothing that is read before a write
can change under it. This module is the PERSISTENCE_MODULE of place.py's application; nothing is
patched.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
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
from ledger.events import AnyEvent, Entry, decode, encode, kind_of
from ledger.postings import settlements
from ledger.proofs.head import EMPTY, Head
from ledger.store.log import NoLog, StoredRow, Waiting, silently
from ledger.store.sqlite import files
from ledger.store.sqlite.log import APPLICATION_ID, FORMAT, SCHEMA, SqliteLog, check_identity
from ledger.store.sqlite.turns import begin


class NoTranscoder(Transcoder):
    """The mapper encodes whole entries itself."""

    def encode(self, obj: Any) -> bytes:
        raise TypeError("entries are encoded by EntryMapper")

    def decode(self, data: bytes) -> Any:
        raise TypeError("entries are decoded by EntryMapper")


class EntryMapper(Mapper[str]):
    """Entry ↔ stored row. The topic is the frozen tag, and decoding knows no other tags."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        entry: Entry = domain_event
        return StoredEvent(
            originator_id=entry.book,
            originator_version=entry.number,
            topic=kind_of(entry.event),
            state=encode(entry),
        )

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
            journal, synchronous = files.journal_mode()
            files.patiently(connection, f"PRAGMA journal_mode = {journal}", self.waiting)
            connection.execute(f"PRAGMA synchronous = {synchronous}")
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise InterfaceError(error) from error
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

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        *,
        hashes: Sequence[bytes] = (),
        keys: Sequence[str | None] = (),
        **_: Any,
    ) -> Sequence[int] | None:
        """The library's hook: consecutive entries, of one book or several, and their heads."""
        heads: dict[str, Head] = {}
        rows: list[tuple[Any, ...]] = []
        for event, hash_, key in zip(stored_events, hashes, keys, strict=True):
            book, number = str(event.originator_id), event.originator_version
            before = heads[book].entries if book in heads else self.head(c, book).entries
            if number != before + 1:
                raise sqlite3.IntegrityError(f"{book} has {before} entries, not {number - 1}")
            heads[book] = Head(number, hash_)
            rows.append((book, number, event.topic, event.state, hash_, key))
        c.executemany(
            "INSERT INTO stored_events "
            "(originator_id, originator_version, topic, state, hash, key) VALUES (?,?,?,?,?,?)",
            rows,
        )
        c.executemany(
            "INSERT INTO heads VALUES (?, ?, ?) ON CONFLICT (originator_id) "
            "DO UPDATE SET entries = excluded.entries, hash = excluded.hash",
            [(book, *head) for book, head in heads.items()],
        )
        return None

    @staticmethod
    def head(c: SQLiteCursor, book: str) -> Head:
        """The head of a book inside the transaction; empty if it was never opened."""
        c.execute("SELECT entries, hash FROM heads WHERE originator_id = ?", (book,))
        row = c.fetchone()
        return EMPTY if row is None else Head(row[0], row[1])


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
        """Looks whose file it is; where it is empty and a book is opened, makes it a log. Raises
        `NoLog`, `ForeignFile`, `Corrupt`."""
        try:
            check_identity(self._connection, path)
        except NoLog:
            if not opening:
                raise
            self._recorder._create_table(self._cursor)

    def now(self) -> datetime:
        """The clock of this machine."""
        return self._clock()

    def append(self, book: str, rows: Sequence[StoredRow]) -> None:
        """Appends rows that continue a book, and moves its head."""
        self._recorder._insert_events(
            self._cursor,
            [StoredEvent(book, row.number, row.tag, row.stored) for row in rows],
            hashes=[row.hash for row in rows],
            keys=[row.key for row in rows],
        )

    def keep(self, book: str, number: int, snapshot: bytes) -> None:
        """Replaces the book's snapshot (L50)."""
        stored = StoredEvent(book, number, "snapshot", snapshot)
        self._snapshots._insert_events(self._cursor, [stored])

    def settle(self, book: str, number: int, event: AnyEvent) -> None:
        """Notes on the earlier entry what this one has now done to it."""
        for original, settled_fen, reversed_by in settlements(number, event):
            self._connection.execute(
                "INSERT INTO settlements VALUES (?, ?, ?, ?) "
                "ON CONFLICT (originator_id, original) DO UPDATE SET "
                "settled_fen = settled_fen + excluded.settled_fen, "
                "reversed_by = COALESCE(excluded.reversed_by, reversed_by)",
                (book, original, settled_fen, reversed_by),
            )

    def settled(self, book: str, original: int) -> tuple[int, int | None]:
        """What was settled of an entry so far (postings.settlements), fen, and which entry reversed
        it. Raises `Corrupt`."""
        row = self._connection.execute(
            "SELECT settled_fen, reversed_by FROM settlements "
            "WHERE originator_id = ? AND original = ?",
            (book, original),
        ).fetchone()
        if row is None:
            return 0, None
        if not isinstance(row[0], int) or not isinstance(row[1], int | None):
            raise Corrupt(
                Damage.SETTLEMENTS, f"{book} 第 {original} 笔的退款、占用、冲销累计无法读取"
            )
        return row[0], row[1]


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
