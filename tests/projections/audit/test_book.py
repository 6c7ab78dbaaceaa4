"""The audit of one book: what stops it in one place takes nothing away of what it found elsewhere,
and what is wrong beside the book is told too."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store.sqlite.place import SqlitePlace
from tests.harness.called import PAY, Answer, called, opened
from tests.harness.edited import edited
from tests.harness.small_year import appropriate, open_book, pay

PAGE = 4096


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = opened(tmp_path / "book.db", 500)
    for _ in range(3):
        assert called(path, *PAY, "--key", f"k{_}").exit == 0
    assert called(path, "balance").exit == 0
    return path


def failed(answer: Answer) -> set[str]:
    return {check["code"] for check in answer.json()["checks"] if check["failed"]}


def roots(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return dict(
            connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")
        )


@pytest.mark.parametrize("of", ["stored_events_number", "stored_events_key", "stored_events"])
@pytest.mark.parametrize("what", ["zero", "another page", "lost keys"])
def test_a_damaged_page_of_the_log_is_reported(book: Path, of: str, what: str):
    """In JSON and in text, with exit 4: what SQLite says of the file, and how far the book could be
    read."""
    root = roots(book)
    there = (root[of] - 1) * PAGE
    other = (root["heads"] - 1) * PAGE
    whole = bytearray(book.read_bytes())
    whole[there : there + PAGE] = {
        "zero": bytes(PAGE),
        "another page": whole[other : other + PAGE],
        "lost keys": whole[there : there + 3] + bytes(2) + whole[there + 5 : there + PAGE],
    }[what]
    book.write_bytes(whole)
    for words in (("audit",), ("audit", "--all", "--jobs", "1")):
        answer = called(book, *words)
        assert answer.exit == 4, answer
        assert "FILE.INTEGRITY" in failed(answer)
        assert any(each["code"] == "FILE.INTEGRITY" for each in answer.json()["findings"])


def test_numbers_that_an_index_lost_are_reported_with_the_rest(book: Path):
    """The index goes back where the table does not: the replay stops, and all that was found is
    told."""
    with edited(book) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET sql = replace(sql, 'originator_version)', "
            "'originator_version DESC)') WHERE name = 'stored_events_number'"
        )
    answer = called(book, "audit")
    assert answer.exit == 4
    assert {"FILE.INTEGRITY", "FILE.SCHEMA"} <= failed(answer)


def test_a_book_of_the_file_without_a_head_is_told_by_the_audit_of_another(tmp_path: Path):
    file = tmp_path / "book.db"
    for unit in ("420103", "X"):
        open_book(file, unit, appropriate(5_000_000), pay(100))
    assert called(file, "audit").exit == 0
    with edited(file) as connection:
        connection.execute("DELETE FROM heads WHERE originator_id = 'X/2020'")
    answer = called(file, "audit")
    assert (answer.exit, failed(answer)) == (4, {"CHAIN.HEAD"})
    assert "X/2020" in answer.json()["findings"][0]["message"]


@pytest.mark.parametrize("name", ["不是账套", "X/20200"])
def test_rows_of_a_book_whose_name_nobody_can_type_are_told(book: Path, name: str):
    with edited(book) as connection:
        connection.execute(
            "INSERT INTO stored_events (originator_id, originator_version, topic, state, hash) "
            "SELECT ?, originator_version, topic, state, hash FROM stored_events LIMIT 1",
            (name,),
        )
    answer = called(book, "audit")
    assert answer.exit == 4
    assert failed(answer) == {"FILE.SCHEMA"}


@pytest.mark.parametrize("original", [1, 4, 99])
def test_an_empty_settlement_is_a_difference(book: Path, original: int):
    """No entry has settled anything of it, so that there is no row."""
    with edited(book) as connection:
        connection.execute(
            "INSERT INTO settlements VALUES ('420103/2020', ?, 0, NULL, NULL)", (original,)
        )
    answer = called(book, "audit")
    assert (answer.exit, failed(answer)) == (4, {"SETTLEMENTS"})
    assert answer.json()["findings"][0]["entry"] == original


def test_a_mark_that_a_trigger_would_swallow_is_made_all_the_same(book: Path):
    """Who edits the views may also keep the audit from marking them."""
    with closing(sqlite3.connect(SqlitePlace(book).views)) as views, views:
        views.execute("UPDATE monthly SET amount_fen = amount_fen + 1")
        views.execute("CREATE TRIGGER stay BEFORE UPDATE ON books BEGIN SELECT RAISE(IGNORE); END")
    assert called(book, "audit").exit == 4
    with closing(sqlite3.connect(SqlitePlace(book).views)) as views, views:
        views.execute("DROP TRIGGER stay")
    answer = called(book, "balance")
    assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.DISTRUSTED")
    assert called(book, "rebuild").exit == 0
    assert called(book, "audit").exit == 0
