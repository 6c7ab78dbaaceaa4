"""The state of a book: read from its entries, or from a snapshot that is sound and the rest."""

import random
import sqlite3

import msgspec
import pytest

from ledger.errors import Corrupt
from ledger.requests import Request
from ledger.store import fold
from ledger.store.books import Books
from ledger.store.fold import freeze_snapshot, read_entry, read_state, stored_entry
from ledger.store.log import row_of
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.scenario import DAY, DEFAULTS, LINE
from tests.harness.store_desk import BOOK, NOON, OTHER_BOOK, StoreDesk


def fill(desk, entries):
    """Payments of one fen until the book has so many entries."""
    with (
        Books(SqlitePlace(desk.path, lambda: NOON)) as books,
        books.writing(BOOK, actor="出纳") as writing_,
    ):
        while writing_.state.number < entries:
            writing_.record(
                Request("pay", {**DEFAULTS["pay"], "amount_fen": 1, "occurred_on": DAY})
            )


def snapshot(desk):
    connection = sqlite3.connect(desk.path.absolute())
    row = connection.execute(
        "SELECT originator_version, state FROM stored_snapshots WHERE originator_id = ?",
        (str(BOOK),),
    ).fetchone()
    connection.close()
    return row


def replace_snapshot(desk, number, state):
    connection = sqlite3.connect(desk.path.absolute())
    with connection:
        connection.execute(
            "UPDATE stored_snapshots SET originator_version = ?, state = ?", (number, state)
        )
    connection.close()


def damage(desk, number):
    """One letter of an entry's actor, still decodable: only the chain can tell."""
    connection = sqlite3.connect(desk.path.absolute())
    with connection:
        connection.execute("DROP TRIGGER stored_events_keep")
        connection.execute(
            "UPDATE stored_events SET state = CAST(REPLACE(state, '出纳', '出钠') AS BLOB) "
            "WHERE originator_version = ?",
            (number,),
        )
    connection.close()


def test_one_snapshot_is_kept_and_saves_reading_the_beginning(desk):
    """After 250 entries the latest is of a round hundred; the state is the same without it."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    for entries in (99, 150, 199, 250):
        fill(desk, entries)
    number, state = snapshot(desk)
    assert number == 250
    with_it = desk.state()
    replace_snapshot(desk, 0, b"")
    assert with_it == desk.state()
    replace_snapshot(desk, number, state)
    fill(desk, 260)
    assert snapshot(desk)[0] == 250


def test_a_snapshot_is_taken_at_a_round_number_of_entries(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    fill(desk, fold.SNAPSHOT_INTERVAL - 1)
    assert snapshot(desk) is None
    fill(desk, fold.SNAPSHOT_INTERVAL)
    assert snapshot(desk)[0] == fold.SNAPSHOT_INTERVAL


def test_a_damaged_snapshot_is_ignored_whatever_the_damage(desk):
    """Every kind of damage, and 60 random bytes: the answers are those of the entries alone, and
    the next writes go on from them."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    fill(desk, 120)
    number, state = snapshot(desk)
    right = desk.state()
    chance = random.Random(7)
    damaged = [b"", b"x", state[:-1], state[1:], state + b"x", state[:32] + state[64:]]
    damaged += [state[:32] + bytes(32) + state[64:], bytes(len(state))]
    for _ in range(60):
        at = chance.randrange(len(state))
        damaged.append(state[:at] + bytes([state[at] ^ chance.randrange(1, 256)]) + state[at + 1 :])
    for each in damaged:
        replace_snapshot(desk, number, each)
        assert right == desk.state()
    for wrong_number in (number - 1, number + 1, 0, 10**9):
        replace_snapshot(desk, wrong_number, state)
        assert right == desk.state()
    replace_snapshot(desk, number, damaged[-1])
    assert desk.ask("pay", amount_fen=1).entries[0].number == 121


def test_a_snapshot_of_another_history_is_ignored(desk, tmp_path):
    """Sound in itself, but taken at another head."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    other = StoreDesk(tmp_path / "other.db").opened()
    other.ask("appropriate", amount_fen=900_00)
    fill(desk, 120)
    fill(other, 120)
    right = desk.state()
    replace_snapshot(desk, *snapshot(other))
    assert right == desk.state()


def test_what_lies_before_a_snapshot_is_not_read_again(desk):
    """Else a write would cost what the book is long. An entry before it that is damaged is the
    audit's to find."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    fill(desk, 120)
    right = desk.state()
    damage(desk, 5)
    assert right == desk.state()
    replace_snapshot(desk, 0, b"")
    with pytest.raises(Corrupt):
        desk.state()


def test_a_snapshot_that_is_whole_but_says_another_book_or_number_is_ignored(desk):
    """With a digest of its own and the right head: what it holds must still be of that place."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    fill(desk, 120)
    state, head = right = desk.state()
    for changed in (
        {"number": 119},
        {"book": str(OTHER_BOOK)},
    ):
        forged = msgspec.structs.replace(state, **changed)
        replace_snapshot(desk, 120, freeze_snapshot(forged, head))
        assert right == desk.state()


def test_a_damaged_entry_is_never_folded(desk):
    """Not even when only the beginning of the book is asked for."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    fill(desk, 10)
    damage(desk, 4)
    with SqlitePlace(desk.path).reading() as there:
        with pytest.raises(Corrupt) as corrupt:
            read_state(there, str(BOOK), upto=6)
        assert corrupt.value.code == "CHAIN.HASH"
        assert read_state(there, str(BOOK), upto=3)[0].number == 3


def test_an_entry_that_is_missing_or_calls_itself_another_is_corrupt(desk):
    desk.opened()
    with SqlitePlace(desk.path).reading() as there:
        with pytest.raises(Corrupt) as corrupt:
            stored_entry(there, str(BOOK), 3)
        row = row_of(there, str(BOOK), 2)
    assert corrupt.value.code == "ENTRY.NUMBER"
    assert row is not None
    assert read_entry(str(BOOK), row).number == 2
    with pytest.raises(Corrupt, match="自称"):
        read_entry(str(BOOK), row._replace(number=1))
    with pytest.raises(Corrupt, match="自称"):
        read_entry(str(OTHER_BOOK), row)


def test_the_state_of_an_earlier_entry_is_read_without_the_later_ones(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    fill(desk, 150)
    with SqlitePlace(desk.path).reading() as there:
        for upto in (3, 50, 149, 150):
            state, head = read_state(there, str(BOOK), upto=upto)
            assert (upto, upto) == (state.number, head.entries)
            assert 500_00 - (upto - 3) == state.available_fen(LINE)
