"""What somebody does to a log with SQL, one thing at a time, on a connection that `edited` has
opened."""

import re
import sqlite3
from collections.abc import Callable

import msgspec

from ledger.events import decode, encode
from ledger.postings import Account, earlier
from ledger.proofs.chain import link
from ledger.proofs.head import Head
from ledger.state import BookState, thaw
from ledger.store.fold import freeze_snapshot
from tests.harness.edited import put_bytes, rehashed, stored_bytes
from tests.harness.sample import BOOK

AMOUNT = re.compile(rb'"amount_fen":(\d+)')


def a_payment(connection: sqlite3.Connection) -> int:
    """A payment in the middle that nothing refers to, so that the rules alone cannot object."""
    rows = connection.execute("SELECT originator_version, state FROM stored_events ORDER BY 1")
    entries = [decode(stored) for _, stored in rows]
    used = {earlier(entry.event) for entry in entries}
    return next(
        entry.number
        for entry in entries[60:]
        if type(entry.event).__name__ == "DisbursementRecorded" and entry.number not in used
    )


def cheaper(stored: bytes) -> bytes:
    """The same entry with one fen less: valid JSON, valid rules."""
    return AMOUNT.sub(lambda found: b'"amount_fen":%d' % (int(found[1]) - 1), stored, count=1)


def _last(connection: sqlite3.Connection) -> int:
    (number,) = connection.execute("SELECT max(originator_version) FROM stored_events").fetchone()
    return int(number)


# Edits that any audit finds -------------------------------------------------------------------


def edit_an_amount(connection: sqlite3.Connection) -> None:
    number = a_payment(connection)
    put_bytes(connection, number, cheaper(stored_bytes(connection, number)))


def edit_an_amount_and_its_hash(connection: sqlite3.Connection) -> None:
    number = a_payment(connection)
    edit_an_amount(connection)
    previous, tag = connection.execute(
        "SELECT (SELECT hash FROM stored_events WHERE originator_version = ?), topic "
        "FROM stored_events WHERE originator_version = ?",
        (number - 1, number),
    ).fetchone()
    own = link(previous, str(BOOK), number, tag, stored_bytes(connection, number))
    connection.execute(
        "UPDATE stored_events SET hash = ? WHERE originator_version = ?", (own, number)
    )


def edit_the_last_entry_and_its_hash(connection: sqlite3.Connection) -> None:
    (last,) = connection.execute("SELECT max(originator_version) FROM stored_events").fetchone()
    stored = stored_bytes(connection, last).decode().replace("出纳", "会计").encode()
    put_bytes(connection, last, stored)
    rehashed(connection, after=last - 1, head=False)


def edit_the_actor(connection: sqlite3.Connection) -> None:
    stored = stored_bytes(connection, 30)
    put_bytes(connection, 30, stored.replace("出纳".encode(), "会计".encode(), 1))


def edit_the_time(connection: sqlite3.Connection) -> None:
    stored = stored_bytes(connection, 30)
    put_bytes(connection, 30, stored.replace(b'"recorded_at":"2020', b'"recorded_at":"2019', 1))


def swap_two_entries(connection: sqlite3.Connection) -> None:
    for old, new in ((50, -1), (51, 50), (-1, 51)):
        connection.execute(
            "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?",
            (new, old),
        )


def swap_two_contents(connection: sqlite3.Connection) -> None:
    one, other = stored_bytes(connection, 50), stored_bytes(connection, 51)
    put_bytes(connection, 50, other)
    put_bytes(connection, 51, one)


def delete_in_the_middle(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM stored_events WHERE originator_version = 70")


def delete_and_close_the_gap(connection: sqlite3.Connection) -> None:
    delete_in_the_middle(connection)
    for number in range(71, _last(connection) + 1):
        connection.execute(
            "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?",
            (number - 1, number),
        )
    connection.execute("UPDATE heads SET entries = entries - 1")


def delete_the_first(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM stored_events WHERE originator_version = 1")


def duplicate_the_last(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, hash) "
        "SELECT originator_id, originator_version + 1, topic, state, hash FROM stored_events "
        "ORDER BY originator_version DESC LIMIT 1"
    )


def insert_in_the_middle(connection: sqlite3.Connection) -> None:
    for number in range(_last(connection), 99, -1):
        connection.execute(
            "UPDATE stored_events SET originator_version = ? WHERE originator_version = ?",
            (number + 1, number),
        )
    connection.execute(
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, hash) "
        "SELECT originator_id, 100, topic, state, hash FROM stored_events "
        "WHERE originator_version = 99"
    )
    connection.execute("UPDATE heads SET entries = entries + 1")


def append_unchained(connection: sqlite3.Connection) -> None:
    entry = decode(stored_bytes(connection, 203))
    more = msgspec.structs.replace(entry, number=204, key=None, digest=None)
    connection.execute(
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, hash) "
        "SELECT originator_id, 204, topic, ?, zeroblob(32) FROM stored_events "
        "WHERE originator_version = 203",
        (encode(more),),
    )


def cut_the_tail(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM stored_events WHERE originator_version > 200")


def change_a_tag(connection: sqlite3.Connection) -> None:
    number = a_payment(connection)
    connection.execute(
        "UPDATE stored_events SET topic = 'income' WHERE originator_version = ?", (number,)
    )


def change_a_hash(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE stored_events SET hash = zeroblob(32) WHERE originator_version = 90")


def forge_the_head_count(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE heads SET entries = entries + 1")


def forge_the_head_hash(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE heads SET hash = zeroblob(32)")


def delete_the_head(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM heads")


def drop_a_key(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE stored_events SET key = NULL WHERE originator_version = "
        "(SELECT max(originator_version) FROM stored_events WHERE key IS NOT NULL)"
    )


def invent_a_key(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE stored_events SET key = 'x' WHERE originator_version = 3")


def swap_two_keys(connection: sqlite3.Connection) -> None:
    one, other = connection.execute(
        "SELECT originator_version, key FROM stored_events WHERE key IS NOT NULL LIMIT 2"
    ).fetchall()
    for number, key in ((one[0], None), (other[0], one[1]), (one[0], other[1])):
        connection.execute(
            "UPDATE stored_events SET key = ? WHERE originator_version = ?", (key, number)
        )


def raise_a_refund(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE settlements SET settled_fen = settled_fen - 1 "
        "WHERE original = (SELECT max(original) FROM settlements WHERE settled_fen > 0)"
    )


def free_a_reservation(connection: sqlite3.Connection) -> None:
    """So that it could be paid from once more."""
    connection.execute(
        "UPDATE settlements SET settled_fen = settled_fen - 1 WHERE original IN (SELECT "
        "originator_version FROM stored_events WHERE topic = 'reserve') AND settled_fen > 0"
    )


def forget_a_reversal(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM settlements WHERE original = "
        "(SELECT max(original) FROM settlements WHERE reversed_by IS NOT NULL)"
    )


def invent_a_settlement(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO settlements VALUES (?, 4, 0, 5, NULL)", (str(BOOK),))


def _forge_the_snapshot(
    connection: sqlite3.Connection, change: Callable[[BookState], None]
) -> None:
    """With its digest made right: without a check of its content writers would believe it."""
    ((stored,),) = connection.execute("SELECT state FROM stored_snapshots").fetchall()
    head, state = stored[36:68], thaw(stored[68:])
    change(state)
    forged = freeze_snapshot(state, Head(state.number, head))
    connection.execute("UPDATE stored_snapshots SET state = ?", (forged,))


def believe_a_false_snapshot(connection: sqlite3.Connection) -> None:
    def richer(state: BookState) -> None:
        for balances in state.lines.values():
            balances[0] -= 1_000_000
            balances[2] += 1_000_000

    _forge_the_snapshot(connection, richer)


def believe_false_commitments(connection: sqlite3.Connection) -> None:
    """Money that is 在途 made 可执行: every line still balances."""

    def freed(state: BookState) -> None:
        balances = next(b for b in state.lines.values() if b[Account.HELD])
        balances[Account.EXEC] += balances[Account.HELD]
        balances[Account.HELD] = 0

    _forge_the_snapshot(connection, freed)


def forget_a_mark(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM marks WHERE number = (SELECT max(number) FROM marks)")


def change_a_mark(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE marks SET fen = fen + 1 WHERE number = (SELECT max(number) FROM marks)"
    )


def move_a_mark(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE marks SET number = number + 1 WHERE number = (SELECT max(number) FROM marks)"
    )


def invent_a_mark(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO marks VALUES (?, 'payee', 'x', 3, 1)", (str(BOOK),))


def name_a_trigger_like_a_table(connection: sqlite3.Connection) -> None:
    """SQLite keeps tables, indexes and triggers under one name: who looks by name sees one of
    them."""
    for table in ("heads", "settlements"):
        connection.execute(
            f"CREATE TRIGGER {table} BEFORE INSERT ON stored_snapshots "
            "BEGIN SELECT RAISE(IGNORE); END"
        )


def drop_an_index(connection: sqlite3.Connection) -> None:
    connection.execute("DROP INDEX stored_events_number")


def add_a_trigger(connection: sqlite3.Connection) -> None:
    connection.execute(
        "CREATE TRIGGER sqlate AFTER INSERT ON stored_events BEGIN DELETE FROM settlements; END"
    )


def hide_a_trigger(connection: sqlite3.Connection) -> None:
    """Under a name that SQLite keeps for itself."""
    add_a_trigger(connection)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET name = 'sqlite_more' WHERE name = 'sqlate'")


def add_a_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE more (x)")


def add_a_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE stored_events ADD COLUMN more TEXT")


def change_the_schema_text(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute(
        "UPDATE sqlite_master SET sql = replace(sql, 'state BLOB NOT NULL', 'state BLOB') "
        "WHERE name = 'stored_events'"
    )
