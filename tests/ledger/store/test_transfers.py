"""Transfers: one entry in each of two books, or none in either."""

import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.errors import Corrupt
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store import fold
from ledger.store.books import Books
from ledger.store.log import Unwritable
from ledger.store.sqlite import recorder
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.plain import typed
from tests.harness.scenario import CARRIED, DAY, DEFAULTS, transferred
from tests.harness.store_desk import BOOK, NEIGHBOUR, NOON, StoreDesk


@pytest.fixture
def neighbours(desk):
    """Two books of one file; the first has 9.00 of carry-over to send."""
    for book in (BOOK, NEIGHBOUR):
        desk.ask("open-book", book=book)
        desk.ask("project", book=book, code="P02")
    desk.ask("carry-in", amount_fen=9_00)
    return desk


def send(desk, fen=4_00, **more):
    return desk.ask("transfer", amount_fen=fen, **more)


def both(desk):
    """What is executable in each of the two books, and how many entries each has."""
    found = []
    for book in (BOOK, NEIGHBOUR):
        state, head = desk.state(book)
        found.append((state.available_fen(CARRIED), head.entries))
    return found


def test_a_transfer_is_an_entry_in_both_books(neighbours):
    """The sending book answers and keeps the key; heads of both move, each by one."""
    recorded = send(neighbours, key="拨1")
    assert (recorded.entries[0].book, recorded.entries[0].number) == (str(BOOK), 4)
    assert both(neighbours) == [(5_00, 4), (4_00, 3)]
    here, there = (msgspec.json.decode(neighbours.stored(book)[-1]) for book in (BOOK, NEIGHBOUR))
    assert here["key"] == "拨1" and "key" not in there
    assert here["event"] | {"counterpart": str(BOOK), "incoming": True} == there["event"]
    assert transferred(4_00) == recorded.entries[0].event


def test_a_transfer_that_is_asked_again_moves_nothing_in_either_book(neighbours):
    first = send(neighbours, key="拨1")
    before = neighbours.fingerprint()
    again = send(neighbours, key="拨1")
    assert again.already and first.entries == again.entries
    assert neighbours.refused(Refusal.KEY_CONFLICT, "transfer", amount_fen=5_00, key="拨1")
    assert before == neighbours.fingerprint()
    send(neighbours, key="拨2")
    assert both(neighbours) == [(1_00, 5), (8_00, 4)]


def test_a_rehearsed_transfer_leaves_both_books_alone(neighbours):
    before = neighbours.fingerprint()
    recorded = send(neighbours, dry_run=True)
    assert (recorded.entries[0].number, recorded.head.entries) == (4, 3)
    assert before == neighbours.fingerprint()


def refused_there(desk: StoreDesk, refusal: Refusal, **asked: Any) -> Refused:
    """The other book refuses: it says which, its commands are for it, and nothing happened."""
    before = desk.fingerprint()
    refused = desk.refused(refusal, "transfer", **{"amount_fen": 1_00, **asked})
    assert before == desk.fingerprint()
    assert f"账套 {asked.get('counterpart', NEIGHBOUR)}" in str(refused)
    return refused


def test_a_transfer_that_the_other_book_refuses_leaves_both_alone(neighbours):
    """Its project, its locked month, and whether it was opened, are its own."""
    at = CARRIED.make(*("general", "2080105", "project", "P03", "-"), 2019)
    neighbours.ask("project", code="P03")
    neighbours.ask("carry-in", line=at, amount_fen=1_00)
    refused = refused_there(neighbours, Refusal.PROJECT_UNKNOWN, line=at)
    assert refused.facts["book"] == str(NEIGHBOUR)
    assert typed(refused.ways_out) == [
        "yusuan project --code P03 --name 项目名称 --unit hanyang --year 2020"
    ]
    for month in range(1, 7):
        neighbours.ask("lock-month", book=NEIGHBOUR, month=month)
    refused = refused_there(neighbours, Refusal.MONTH_LOCKED)
    assert typed(refused.ways_out) == ["--date 2020-07-01"]
    refused = refused_there(neighbours, Refusal.BOOK_NOT_OPENED, counterpart="hankou/2020")
    (way,) = typed(refused.ways_out)
    assert way.count("--unit") == 1 and "--unit hankou" in way


def test_a_transfer_to_itself_is_refused(neighbours):
    before = neighbours.fingerprint()
    neighbours.refused(
        Refusal.TRANSFER_COUNTERPART, "transfer", amount_fen=1_00, counterpart=str(BOOK)
    )
    assert before == neighbours.fingerprint()


def test_several_requests_of_one_transaction_see_a_refused_transfer_as_nothing(neighbours):
    """What the other book refuses is not recorded here either, though the transaction goes on."""
    with (
        Books(SqlitePlace(neighbours.path, lambda: NOON)) as books,
        books.writing(BOOK, actor="出纳", beside=NEIGHBOUR) as writing_,
    ):
        for fen, wrong in ((1_00, {}), (2_00, {"occurred_on": date(2021, 1, 1)}), (3_00, {})):
            given = {**DEFAULTS["transfer"], "amount_fen": fen, "occurred_on": DAY, **wrong}
            try:
                writing_.record(Request("transfer", given))
            except Refused:
                assert wrong
        name = {"code": "P03", "name": "x", "occurred_on": DAY}
        writing_.record(Request("project", name))
        at = CARRIED.make(*("general", "2080105", "project", "P03", "-"), 2019)
        carried = {"line": at, "amount_fen": 5_00, "occurred_on": DAY}
        writing_.record(Request("carry-in", carried))
        with pytest.raises(Refused):  # P03 is unknown there
            writing_.record(Request("transfer", {**given, "line": at, "amount_fen": 5_00}))
        assert writing_.state.available_fen(at) == 5_00
    assert both(neighbours) == [(5_00, 7), (4_00, 4)]


@pytest.mark.parametrize("failing", [1, 2])
def test_a_transfer_whose_second_half_cannot_be_written_leaves_no_first_half(
    neighbours, monkeypatch, failing
):
    """The disk fails at the first or at the second book's rows: one transaction, all or nothing."""
    append, calls = recorder.SqliteTransaction.append, []

    def fails(self, book, rows, settled, marks, unmarked):
        calls.append(book)
        if len(calls) == failing:
            raise sqlite3.OperationalError("disk I/O error")
        append(self, book, rows, settled, marks, unmarked)

    monkeypatch.setattr(recorder.SqliteTransaction, "append", fails)
    before = neighbours.fingerprint()
    with pytest.raises((Corrupt, Unwritable, sqlite3.Error)):
        send(neighbours)
    assert calls == [str(BOOK), str(NEIGHBOUR)][:failing]
    monkeypatch.undo()
    assert before == neighbours.fingerprint()
    send(neighbours)
    assert both(neighbours) == [(5_00, 4), (4_00, 3)]


DIE_BETWEEN_THE_BOOKS = """
import os, sys
from datetime import date
from pathlib import Path
from ledger.store.sqlite import recorder
from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.place import place
append, calls = recorder.SqliteTransaction.append, []
def dies(self, book, *rows):
    append(self, book, *rows)
    calls.append(book)
    if len(calls) == int(sys.argv[2]):
        os._exit(7)
recorder.SqliteTransaction.append = dies
line = BudgetLine.parse("general:2080105:project:P02:30299:2019")
given = dict(line=line, amount_fen=400, occurred_on=date(2020, 6, 30), doc="d")
request = Request("transfer", {**given, "counterpart": "hanyang/2020"})
Books(place(sys.argv[1])).transact(BookId.parse("jianghan/2020"), request, actor="a")
"""


@pytest.mark.parametrize("died_after", [1, 2])
def test_a_transfer_that_is_killed_leaves_nothing(neighbours, died_after):
    """A process that dies with one book's row written, or both, before the commit."""
    ended = subprocess.run(
        [sys.executable, "-c", DIE_BETWEEN_THE_BOOKS, str(neighbours.path), str(died_after)],
        cwd=Path(__file__).parents[3],
        check=False,
    )
    assert ended.returncode == 7
    assert both(neighbours) == [(9_00, 3), (0, 2)]
    send(neighbours)
    assert both(neighbours) == [(5_00, 4), (4_00, 3)]


def test_a_transfer_takes_snapshots_of_both_books(neighbours, monkeypatch):
    monkeypatch.setattr(fold, "SNAPSHOT_INTERVAL", 2)
    for _ in range(3):
        send(neighbours, 1_00)
    connection = sqlite3.connect(neighbours.path.absolute())
    kept = connection.execute("SELECT originator_id, originator_version FROM stored_snapshots")
    assert dict(kept) == {str(BOOK): 6, str(NEIGHBOUR): 4}
    connection.close()
