"""Books on disk: the only place that writes them, and that knows the clock.

`Books.writing` is one durable transaction on one book. Inside it every request is decided on the
state that the transaction itself has read, so nothing can change between the decision and the
record; then all of it is committed, or nothing. A dry run is the same path, rolled back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Self

from eventsourcing.application import Application
from eventsourcing.persistence import PersistenceError, StoredEvent
from eventsourcing.sqlite import SQLiteCursor
from eventsourcing.utils import Environment

from ledger import log
from ledger.cautions import Caution, cautions
from ledger.chain import EMPTY, GENESIS, Head, link
from ledger.decisions.correction import Original
from ledger.errors import Corrupt, Malformed
from ledger.events import Entry, decode
from ledger.line import BookId
from ledger.recorder import (
    ChainedRecorder,
    EntryMapper,
    NoTranscoder,
    SnapshotRecorder,
    resolved,
)
from ledger.refusals import Refusal, Refused, not_opened
from ledger.requests import Request, decide
from ledger.state import BookState, evolve, freeze, initial, thaw

SNAPSHOT_INTERVAL = 100
BATCH = 2_000
_DIGEST = 32

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in the time zone of this machine: its date is the clerk's today."""
    return datetime.now(UTC).astimezone()


class Recorded(NamedTuple):
    """The answer to one request: the entries that hold it now, the last being the one meant.

    `already`: its key was used before by the same request, and nothing was written. `state` is
    the book as it is then; the same object as in the transaction, so it moves on with it.
    """

    entries: tuple[Entry, ...]
    state: BookState
    head: Head
    cautions: tuple[Caution, ...]
    already: bool = False


class _EventStore(Application[str]):
    """eventsourcing's application over our recorder: `UNIT/YEAR` streams of entries."""

    name = "yusuan"

    def construct_env(self, name: str, env: Any = None) -> Environment:
        # The library would merge os.environ: a stray PERSISTENCE_MODULE would redirect the book.
        return Environment(name, dict(env or {}))


class Books:
    """The books of one log file."""

    def __init__(
        self, path: Path, *, clock: Clock = system_clock, waiting: log.Waiting = log.silently
    ) -> None:
        self.path = path
        self.clock = clock
        self.waiting = waiting
        self._store: _EventStore | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._store is not None:
            self._store.close()

    def transact(
        self, book: BookId, request: Request, *, actor: str, dry_run: bool = False
    ) -> Recorded:
        """Records one request durably, or raises `Refused` and records nothing."""
        with self.writing(book, actor=actor, dry_run=dry_run, request=request) as writing:
            recorded = writing.record(request)
            if recorded.already:
                state = writing.state_at(recorded.entries[-1].number)
                recorded = recorded._replace(state=state)
            return recorded

    @contextmanager
    def writing(
        self,
        book: BookId,
        *,
        actor: str,
        dry_run: bool = False,
        request: Request | None = None,
    ) -> Iterator["Writing"]:
        """One transaction on a book: what is recorded in it becomes durable together at its end.

        `request` is the first that will be recorded: only `open-book` makes a file, and only
        after it is known to be lawful. Raises `Corrupt`, `log.Busy`, `log.Unwritable`.
        """
        opening = request is not None and request.kind == "open-book"
        if not self.path.exists() or self.path.stat().st_size == 0:
            if not opening:
                raise not_opened(str(book))
            assert request is not None
            self._blank(book, actor).record(request)  # a refusal leaves no file behind
            if dry_run:
                yield self._blank(book, actor)
                return
        try:
            with self._recorder().datastore.transaction(commit=True) as cursor:
                writing = self._begin(cursor, book, actor, opening)
                yield writing
                if dry_run or writing.abandoned:
                    raise _RollBack
                writing.finish()
        except _RollBack:
            pass
        except PersistenceError as error:
            raise log.explained(error.__cause__ or error, self.path) from error

    def _blank(self, book: BookId, actor: str) -> "Writing":
        """The inside of a transaction on a file that does not exist yet."""
        return Writing(None, str(book), initial(str(book)), EMPTY, actor, self.clock())

    def _recorder(self) -> ChainedRecorder:
        if self._store is None:
            self._store = _EventStore(
                {
                    "PERSISTENCE_MODULE": "ledger.recorder",
                    "MAPPER_TOPIC": "ledger.recorder:EntryMapper",
                    "TRANSCODER_TOPIC": "ledger.recorder:NoTranscoder",
                    "ORIGINATOR_ID_TYPE": "text",
                    "SQLITE_DBNAME": resolved(self.path),
                    "CREATE_TABLE": "n",  # only open-book makes tables
                    "IS_SNAPSHOTTING_ENABLED": "y",
                }
            )
        recorder = self._store.recorder
        assert isinstance(recorder, ChainedRecorder)
        recorder.datastore.pool.waiting = self.waiting  # type: ignore[attr-defined]
        return recorder

    def _begin(self, cursor: SQLiteCursor, book: BookId, actor: str, opening: bool) -> "Writing":
        recorder = self._recorder()
        connection = cursor.sqlite_cursor.connection
        try:
            log.check_identity(connection, self.path)
        except log.NoLog:
            if not opening:
                raise not_opened(str(book)) from None
            recorder.make_tables(cursor)
        state, head = read_state(connection, str(book))
        return Writing(self._store, str(book), state, head, actor, self.clock(), cursor)


class _RollBack(Exception):
    """Ends a transaction that must leave nothing behind."""


class Writing:
    """The inside of one transaction on one book."""

    def __init__(
        self,
        store: _EventStore | None,
        book: str,
        state: BookState,
        head: Head,
        actor: str,
        now: datetime,
        cursor: SQLiteCursor | None = None,
    ) -> None:
        self.book = book
        self.state = state
        self.head = self._began = head
        self.abandoned = False
        self._store = store
        self._cursor = cursor
        self._actor = actor
        self._today = now.date()
        self._recorded_at = max(now.astimezone(UTC), state.recorded_at or now.astimezone(UTC))
        self._pending: list[Entry] = []
        self._stored: list[StoredEvent] = []
        self._hashes: list[bytes] = []
        self._pending_keys: dict[str, int] = {}
        self._snapshot_due = state.number - state.number % SNAPSHOT_INTERVAL + SNAPSHOT_INTERVAL
        self._mapper = EntryMapper(NoTranscoder())

    def record(self, request: Request) -> Recorded:
        """Decides one request on the state so far. Raises `Refused`; then nothing changed."""
        digest = request.digest()
        answered = self._answered(request, digest)
        if answered is not None:
            return answered
        request = self._dated(request)
        original = None if request.ref is None else self._original(request.ref)
        events = decide(self.state, request, original)
        entries = []
        for position, event in enumerate(events, 1):
            last = position == len(events)
            entry = Entry(
                book=self.book,
                number=self.state.number + 1,
                recorded_at=self._recorded_at,
                actor=self._actor,
                event=event,
                key=request.key if last else None,
                digest=digest if last and request.key is not None else None,
            )
            evolve(self.state, entry)
            self._append(entry)
            entries.append(entry)
        remarks = tuple(dict.fromkeys(c for e in events for c in cautions(e, self._today)))
        return Recorded(tuple(entries), self.state, self.head, remarks)

    def abandon(self) -> None:
        """Records nothing of this transaction after all."""
        self.abandoned = True
        self.head = self._began

    def finish(self) -> None:
        """Writes what is pending, and a snapshot when one is due."""
        self._flush()
        if self.state.number >= self._snapshot_due and self._store is not None:
            assert self._store.snapshots is not None
            assert self._cursor is not None
            recorder = self._store.snapshots.recorder
            assert isinstance(recorder, SnapshotRecorder)
            recorder.keep(self._cursor, _snapshot(self.state, self.head))

    def _dated(self, request: Request) -> Request:
        """An `occurred_on` that was left out is today, if today lies in the book's year."""
        if request.given.get("occurred_on") is not None:
            return request
        occurred_on = self._today
        if request.kind == "open-book":
            occurred_on = date(self.state.year, 1, 1)
        elif occurred_on.year != self.state.year:
            expected = f"{self.state.year} 年内的日期（今天不在账套年度内，须用 --date 写明）"
            raise Malformed("DATE.REQUIRED", field="date", value="", expected=expected)
        return request._replace(given={**request.given, "occurred_on": occurred_on})

    def _append(self, entry: Entry) -> None:
        stored = self._mapper.to_stored_event(entry)
        self.head = Head(
            entry.number,
            link(self.head.hash, self.book, entry.number, stored.topic, stored.state),
        )
        self._pending.append(entry)
        self._stored.append(stored)
        self._hashes.append(self.head.hash)
        if entry.key is not None:
            self._pending_keys[entry.key] = entry.number
        if self._cursor is not None:
            ChainedRecorder.settle(self._cursor, self.book, entry.number, entry.event)
            if len(self._pending) >= BATCH:
                self._flush()

    def _flush(self) -> None:
        if not self._pending or self._store is None:
            return
        recorder = self._store.recorder
        assert isinstance(recorder, ChainedRecorder)
        assert self._cursor is not None
        keys = [entry.key for entry in self._pending]
        recorder.append(self._cursor, self._stored, self._hashes, keys)
        self._pending, self._stored, self._hashes, self._pending_keys = [], [], [], {}

    def _answered(self, request: Request, digest: str) -> Recorded | None:
        """What an earlier request with the same key recorded."""
        if request.key is None:
            return None
        number = self._number_of_key(request.key)
        if number is None:
            return None
        entry = self._entry(number)
        if entry.digest != digest:
            raise Refused(
                Refusal.KEY_CONFLICT,
                key=request.key,
                entry=number,
                ways_out=[f"yusuan show {number}", "--key 新编号"],
            )
        return Recorded((entry,), self.state, self.head, (), already=True)

    def _number_of_key(self, key: str) -> int | None:
        number = self._pending_keys.get(key)
        if number is None and self._cursor is not None and self.state.number:
            number = log.number_of_key(self._cursor.sqlite_cursor.connection, self.book, key)
        return number

    def _entry(self, number: int) -> Entry:
        first = self._pending[0].number if self._pending else self.state.number + 1
        if number >= first:
            return self._pending[number - first]
        assert self._cursor is not None
        return stored_entry(self._cursor.sqlite_cursor.connection, self.book, number)

    def state_at(self, number: int) -> BookState:
        """The book as it stood after an earlier entry, so that a retry gets the first receipt."""
        if self._cursor is None or number == self.state.number:
            return self.state
        connection = self._cursor.sqlite_cursor.connection
        return read_state(connection, self.book, upto=number)[0]

    def _original(self, ref: str) -> Original:
        """The earlier entry that a request names: `#n`, an entry number, or an id."""
        number = int(ref[1:]) if ref.startswith("#") else self._number_of_key(ref)
        if number is None or not 1 <= number <= self.state.number:
            raise Refused(Refusal.ENTRY_MISSING, ref=ref, ways_out=["yusuan log"])
        refunded_fen, reversed_by = 0, None
        if self._cursor is not None:
            self._cursor.execute(
                "SELECT refunded_fen, reversed_by FROM settlements "
                "WHERE originator_id = ? AND original = ?",
                (self.book, number),
            )
            row = self._cursor.fetchone()
            if row is not None:
                refunded_fen, reversed_by = row
        return Original(self._entry(number), refunded_fen, reversed_by)


def stored_entry(connection: Any, book: str, number: int) -> Entry:
    """One entry of a book. Raises `Corrupt` when it is missing or cannot be read."""
    row = log.row(connection, book, number)
    if row is None:
        raise Corrupt(f"{book} 缺少第 {number} 笔", code="ENTRY.NUMBER")
    return read_entry(book, row)


def read_entry(book: str, row: log.StoredRow) -> Entry:
    """The entry of a stored row. Raises `Corrupt`."""
    try:
        entry = decode(row.stored)
    except ValueError as error:
        message = f"{book} 第 {row.number} 笔的内容无法读取：{error}"
        raise Corrupt(message, code="ENTRY.BYTES") from error
    if entry.book != book or entry.number != row.number:
        raise Corrupt(f"{book} 第 {row.number} 笔自称 {entry.book} 第 {entry.number} 笔")
    return entry


def read_state(connection: Any, book: str, upto: int | None = None) -> tuple[BookState, Head]:
    """The state and head of a book, from its snapshot and the entries after it.

    Every entry read is verified against the chain, and the last against the head row.
    """
    recorded = log.head(connection, book) or EMPTY
    state, head = _from_snapshot(connection, book)
    last = recorded.entries if upto is None else upto
    if state.number > last:
        state, head = initial(book), EMPTY
    for row in log.rows(connection, book, after=state.number, upto=last):
        entry = read_entry(book, row)
        head = Head(row.number, link(head.hash, book, row.number, row.tag, row.stored))
        if head.hash != row.hash:
            raise Corrupt(f"{book} 第 {row.number} 笔与哈希链不符", code="CHAIN.HASH")
        evolve(state, entry)
    if upto is None and head != recorded:
        raise Corrupt(f"{book} 的末端与记录的末端不符", code="CHAIN.HEAD")
    return state, head


def _snapshot(state: BookState, head: Head) -> StoredEvent:
    """A snapshot: SHA-256 of the rest, the head it was taken at, the state."""
    body = head.hash + freeze(state)
    return StoredEvent(state.book, head.entries, "snapshot", sha256(body).digest() + body)


def _from_snapshot(connection: Any, book: str) -> tuple[BookState, Head]:
    """The latest snapshot; the beginning if there is none or it is not what it says."""
    row = connection.execute(
        "SELECT originator_version, state FROM stored_snapshots WHERE originator_id = ?", (book,)
    ).fetchone()
    if row is not None:
        number, stored = row
        digest, body = stored[:_DIGEST], stored[_DIGEST:]
        taken_at = body[:_DIGEST]
        if sha256(body).digest() == digest and log.hash_at(connection, book, number) == taken_at:
            try:
                state = thaw(body[_DIGEST:])
            except ValueError:
                return initial(book), EMPTY
            if state.book == book and state.number == number:
                return state, Head(number, taken_at)
    return initial(book), Head(0, GENESIS)
