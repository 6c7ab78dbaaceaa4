"""eventsourcing's application over our recorder: `UNIT/YEAR` streams of entries in one file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.utils import Environment

from ledger.store.log import Waiting
from ledger.store.sqlite.recorder import ChainedRecorder, SnapshotRecorder, SqliteTransaction


class EventStore(Application[str]):
    """The event store of one file, open until it is closed."""

    name = "yusuan"

    @classmethod
    def of(cls, path: Path, waiting: Waiting) -> "EventStore":
        """The store of the file at `path`; only a transaction that opens a book makes tables."""
        recorder = "ledger.store.sqlite.recorder"
        store = cls(
            {
                "PERSISTENCE_MODULE": recorder,
                "MAPPER_TOPIC": f"{recorder}:EntryMapper",
                "TRANSCODER_TOPIC": f"{recorder}:NoTranscoder",
                "ORIGINATOR_ID_TYPE": "text",
                # Absolute, so that a name like `file:x` is no URI.
                "SQLITE_DBNAME": str(path.absolute()),
                "CREATE_TABLE": "n",
                "IS_SNAPSHOTTING_ENABLED": "y",
            }
        )
        store.chained.datastore.pool.waiting = waiting  # type: ignore[attr-defined]
        return store

    def construct_env(self, name: str, env: Any = None) -> Environment:
        """The settings given and no others: the library would merge os.environ, and a stray
        PERSISTENCE_MODULE would redirect the book."""
        return Environment(name, dict(env or {}))

    @property
    def chained(self) -> ChainedRecorder:
        """Our recorder, which the library made from the settings."""
        assert isinstance(self.recorder, ChainedRecorder)
        return self.recorder

    @contextmanager
    def transaction(self, clock: Callable[[], datetime]) -> Iterator[SqliteTransaction]:
        """A write transaction. Raises the library's `PersistenceError`."""
        assert self.snapshots is not None  # as the settings say
        snapshots = self.snapshots.recorder
        assert isinstance(snapshots, SnapshotRecorder)
        with self.chained.datastore.transaction(commit=True) as cursor:
            yield SqliteTransaction(cursor, self.chained, snapshots, clock)
