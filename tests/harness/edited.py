"""A log that someone edits with SQL."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ledger.store.sqlite import log

_TRIGGERS = ("stored_events_keep", "stored_events_stay")


@contextlib.contextmanager
def edited(path: Path) -> Iterator[sqlite3.Connection]:
    """The log as an attacker edits it: the triggers are put aside and put back."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for trigger in _TRIGGERS:
            connection.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        yield connection
        for trigger in _TRIGGERS:
            connection.execute(log.SCHEMA[trigger])
        connection.execute("COMMIT")
