"""A log that someone edits with SQL."""

import contextlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from ledger.events import AnyEvent, decode
from ledger.marks import back_of, marks, paid_by
from ledger.postings import refunded, settlements
from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS
from ledger.store.log import UNSETTLED, Settled
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
    entries: dict[int, AnyEvent] = {}
    settled: dict[int, Settled] = {}
    back: dict[int, Counter[int]] = defaultdict(Counter)
    for number, stored in connection.execute(
        "SELECT originator_version, state FROM stored_events ORDER BY 1"
    ).fetchall():
        try:
            event = entries[number] = decode(stored).event
        except ValueError:
            continue
        for original, fen, reversed_by in settlements(number, event):
            settled[original] = settled.get(original, UNSETTLED).then(number, fen, reversed_by)
        if (refund := refunded(event)) is not None:
            back[refund[0]][refund[1]] += refund[2]
    for original, each in settled.items():
        connection.execute(
            "INSERT INTO settlements VALUES (?, ?, ?, ?, ?)", (str(BOOK), original, *each)
        )
    for number, event in entries.items():
        became, paid = settled.get(number, UNSETTLED), paid_by(event)
        of_items = back_of(paid, became.settled_fen, back[number])
        undone = became.reversed_by is not None
        for mark in marks(number, event, paid, of_items, undone=undone):
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
