"""Books on disk: the only place that writes them, and that knows the clock.

`Books.writing` is one durable transaction on one book. Inside it every request is decided on the
state that the transaction itself has read, so nothing can change between the decision and the
record (L44); then all of it is committed, or nothing. A dry run is the same path, rolled back.
`Books.restore` is the other: whole books from a file, as they were stored.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, PersistenceError
from eventsourcing.sqlite import SQLiteCursor
from eventsourcing.utils import Environment

from ledger.book import BookId
from ledger.errors import Corrupt, Damage
from ledger.proofs.chain import EMPTY, Head
from ledger.refusals import not_opened
from ledger.requests import Request
from ledger.state import initial
from ledger.store.fold import read_state
from ledger.store.jsonl import Reader
from ledger.store.restoring import absent, restore
from ledger.store.sqlite import log
from ledger.store.sqlite.recorder import ChainedRecorder, SnapshotRecorder, Transaction, resolved
from ledger.store.writing import Recorded, Writing

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in the time zone of this machine: its date is the clerk's today."""
    return datetime.now(UTC).astimezone()


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
        """Records one request durably, or raises `Refused` and records nothing. After a dry run
        the head is what it was: the entry is only what would be. A transfer is recorded in both
        books, and answered by the one that sends."""
        beside = None
        if request.kind == "transfer":
            beside = BookId.parse(request.given["counterpart"])
        with self.writing(
            book, actor=actor, dry_run=dry_run, request=request, beside=beside
        ) as writing:
            recorded = writing.record(request)
            if recorded.already:
                return writing.as_answered(recorded)
        return recorded._replace(head=writing.head) if dry_run else recorded

    @contextmanager
    def writing(
        self,
        book: BookId,
        *,
        actor: str,
        dry_run: bool = False,
        request: Request | None = None,
        beside: BookId | None = None,
    ) -> Iterator["Writing"]:
        """One transaction on a book: what is recorded in it becomes durable together at its end.
        With `beside`, a transaction on two books: carry-over can be transferred to that one.

        `request` is the first that will be recorded: only `open-book` makes a file, and only
        after it is known to be lawful. Raises `Refused` where there is no such book, `Corrupt`,
        `log.Busy`, `log.Unwritable`.
        """
        opening = request is not None and request.kind == "open-book"
        if not self.path.exists() or self.path.stat().st_size == 0:
            if not opening:
                raise not_opened(str(book))
            self._check_folder()
            assert request is not None
            self._blank(book, actor).record(request)  # a refusal leaves no file behind
            if dry_run:
                writing = self._blank(book, actor)
                yield writing
                writing.abandon()
                return
        try:
            store = self._opened()
            assert isinstance(store.recorder, ChainedRecorder)
            with store.recorder.datastore.transaction(commit=True) as cursor:
                writing = self._begin(store, cursor, book, actor, opening=opening)
                if beside is not None:
                    writing.beside = self._begin(store, cursor, beside, actor, opening=False)
                yield writing
                if dry_run:
                    writing.abandon()
                if writing.abandoned:
                    raise _RollBack
                writing.finish()
        except _RollBack:
            pass
        except (PersistenceError, UnicodeDecodeError) as error:
            raise log.explained(error.__cause__ or error, self.path) from error

    def restore(self, file: Path, *, dry_run: bool = False) -> dict[str, Head]:
        """Puts the books of a file (jsonl.py) into this log, all of them durably or none; their
        heads. Raises `Refused` when the log holds one of them, `Malformed` or `Corrupt` naming the
        line of the file that is wrong.

        The file is proved before the log is opened: a wrong one makes no log and holds no lock.
        """
        proof = Reader(file)
        for _ in proof.entries():
            pass
        if not self.path.exists() or self.path.stat().st_size == 0:
            self._check_folder()
            if dry_run:
                return proof.heads
        try:
            store = self._opened()
            assert isinstance(store.recorder, ChainedRecorder)
            with store.recorder.datastore.transaction(commit=True) as cursor:
                transaction = self._transaction(store, cursor, opening=True)
                absent(transaction.connection, proof.heads)
                if dry_run:
                    raise _RollBack
                again = Reader(file)
                restore(transaction, again.entries())
                if again.heads != proof.heads:
                    raise Corrupt(Damage.FILE_CHAIN, f"{file} 在读取时被改动")
        except _RollBack:
            pass
        except IntegrityError as error:
            raise Corrupt(Damage.ENTRY_KEY, f"{file} 中一个幂等编号用于两笔记录") from error
        except (PersistenceError, UnicodeDecodeError) as error:
            raise log.explained(error.__cause__ or error, self.path) from error
        return proof.heads

    def _check_folder(self) -> None:
        if not self.path.absolute().parent.is_dir():
            raise log.Unwritable(f"{self.path} 所在的目录不存在")

    def _blank(self, book: BookId, actor: str) -> Writing:
        """The inside of a transaction on a file that does not exist yet."""
        now = self.clock()
        return Writing(str(book), initial(str(book)), EMPTY, actor=actor, now=now)

    def _opened(self) -> _EventStore:
        if self._store is None:
            self._store = _EventStore(
                {
                    "PERSISTENCE_MODULE": "ledger.store.sqlite.recorder",
                    "MAPPER_TOPIC": "ledger.store.sqlite.recorder:EntryMapper",
                    "TRANSCODER_TOPIC": "ledger.store.sqlite.recorder:NoTranscoder",
                    "ORIGINATOR_ID_TYPE": "text",
                    "SQLITE_DBNAME": resolved(self.path),
                    "CREATE_TABLE": "n",  # only open-book makes tables
                    "IS_SNAPSHOTTING_ENABLED": "y",
                }
            )
            self._store.recorder.datastore.pool.waiting = self.waiting  # type: ignore[attr-defined]
        return self._store

    def _begin(
        self, store: _EventStore, cursor: SQLiteCursor, book: BookId, actor: str, *, opening: bool
    ) -> Writing:
        try:
            transaction = self._transaction(store, cursor, opening=opening)
        except log.NoLog:
            raise not_opened(str(book)) from None
        state, head = read_state(transaction.connection, str(book))
        return Writing(
            str(book), state, head, actor=actor, now=self.clock(), transaction=transaction
        )

    def _transaction(
        self, store: _EventStore, cursor: SQLiteCursor, *, opening: bool
    ) -> Transaction:
        """What is done with the file inside its transaction; the tables are made when `opening`,
        else a file without any is `NoLog`."""
        assert isinstance(store.recorder, ChainedRecorder)
        assert store.snapshots is not None
        assert isinstance(store.snapshots.recorder, SnapshotRecorder)
        transaction = Transaction(cursor, store.recorder, store.snapshots.recorder)
        try:
            log.check_identity(transaction.connection, self.path)
        except log.NoLog:
            if not opening:
                raise
            transaction.make_tables()
        return transaction


class _RollBack(Exception):
    """Ends a transaction that must leave nothing behind."""
