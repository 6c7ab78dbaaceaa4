"""A log that someone edits with SQL."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from ledger.events import decode
from ledger.marks import marks
from ledger.postings import settlements
from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS
from ledger.store.sqlite import log
from tests.harness.sample import BOOK

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


def rehashed(connection: sqlite3.Connection, *, after: int = 0, head: bool = True) -> None:
    """Recomputes the chain from an entry on, as our own tool would."""
    hash_ = GENESIS
    rows = connection.execute(
        "SELECT originator_version, topic, state, hash FROM stored_events ORDER BY 1"
    ).fetchall()
    for number, tag, stored, old in rows:
        hash_ = link(hash_, str(BOOK), number, tag, stored) if number > after else old
        connection.execute(
            "UPDATE stored_events SET hash = ? WHERE originator_version = ?", (hash_, number)
        )
    if head:
        connection.execute("UPDATE heads SET entries = ?, hash = ?", (rows[-1][0], hash_))


def noted_again(connection: sqlite3.Connection) -> None:
    """Settlements and marks that follow from the entries that can be read, as our own tool would
    write them."""
    connection.execute("DELETE FROM settlements")
    connection.execute("DELETE FROM marks")
    for number, stored in connection.execute(
        "SELECT originator_version, state FROM stored_events ORDER BY 1"
    ).fetchall():
        try:
            event = decode(stored).event
        except ValueError:
            continue
        for original, fen, reversed_by in settlements(number, event):
            connection.execute(
                "INSERT INTO settlements VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "settled_fen = settled_fen + excluded.settled_fen, "
                "reversed_by = COALESCE(excluded.reversed_by, reversed_by), "
                "last = COALESCE(excluded.last, last)",
                (str(BOOK), original, fen, reversed_by, number if fen else None),
            )
        for mark in marks(number, event):
            connection.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?)", (str(BOOK), *mark))


def stored_bytes(connection: sqlite3.Connection, number: int) -> bytes:
    row = connection.execute(
        "SELECT state FROM stored_events WHERE originator_version = ?", (number,)
    ).fetchone()
    return bytes(row[0])


def put_bytes(connection: sqlite3.Connection, number: int, stored: bytes) -> None:
    connection.execute(
        "UPDATE stored_events SET state = ? WHERE originator_version = ?", (stored, number)
    )
