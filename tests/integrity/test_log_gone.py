"""The log is gone, or a book of it, and the views are there: nobody is told that there never was
one, and nothing is put in its place."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cli.commands import COMMANDS
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.called import OPEN_BOOK, PAY, called, import_file, opened
from tests.harness.edited import edited
from tests.harness.small_year import appropriate, open_book, pay

BOOK = "420103/2020"
WORDS: tuple[tuple[str, ...], ...] = (
    OPEN_BOOK,
    (*OPEN_BOOK, "--unit", "X"),
    (*OPEN_BOOK, "--dry-run"),
    PAY,
    ("project", "P02", "--name", "x", "--date", "2020-01-02"),
    ("import", "rows.csv"),
    ("restore", "book.jsonl"),
    ("audit",),
    ("audit", "--all"),
    ("rebuild",),
    ("seal",),
    ("balance",),
    ("log",),
    ("roll-up",),
    ("table", "5"),
    ("export", "jsonl"),
    ("export", "csv", "--out", "csv"),
    ("demo",),
)


@pytest.fixture
def gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log that was asked something, and its copy beside it."""
    path = opened(tmp_path / "book.db", 500)
    assert called(path, "balance").exit == 0
    assert called(path, "export", "jsonl", "--out", tmp_path / "book.jsonl").exit == 0
    import_file(tmp_path / "rows.csv", 2)
    monkeypatch.chdir(tmp_path)
    return path


@pytest.mark.parametrize("what", ["missing", "empty"])
def test_every_command_says_that_the_log_is_gone(gone: Path, what: str):
    """4, with the book and how many entries it had; and the log can be put back."""
    before = (gone.read_bytes(), SqlitePlace(gone).views.read_bytes())
    gone.unlink()
    if what == "empty":
        gone.touch()
    there = sorted(path.name for path in gone.parent.iterdir())
    for words in WORDS:
        answer = called(gone, *words)
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.AHEAD"), words
        assert f"{BOOK} 3 笔" in answer.json()["message"]
        assert answer.json()["facts"]["books"] == {BOOK: 3}
        assert "放回" in answer.json()["try"][0]
        assert sorted(path.name for path in gone.parent.iterdir()) == there, words
    doctor = called(gone, "doctor")
    assert doctor.exit == 4
    assert any(f"{BOOK} 3 笔" in problem for problem in doctor.json()["problems"])
    gone.write_bytes(before[0])
    assert called(gone, "audit").exit == called(gone, "balance").exit == 0
    assert SqlitePlace(gone).views.read_bytes() == before[1]


def test_whoever_knows_takes_the_views_away(gone: Path):
    gone.unlink()
    SqlitePlace(gone).views.unlink()
    assert called(gone, "balance").exit == 3
    assert called(gone, "restore", "book.jsonl").exit == 0
    assert called(gone, "balance").exit == 0


def test_damaged_views_cannot_say_that_there_was_no_log(gone: Path):
    gone.unlink()
    views = SqlitePlace(gone).views
    views.write_bytes(views.read_bytes()[:200])
    for words in WORDS:
        answer = called(gone, *words)
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.DAMAGED"), words


def test_views_that_remember_nothing_stand_in_nobodys_way(gone: Path):
    gone.unlink()
    with closing(sqlite3.connect(SqlitePlace(gone).views)) as views, views:
        for table in (
            "books",
            "lines",
            "entries",
            "moves",
            "monthly",
            "blocks",
            "daily",
            "projects",
            "codes",
        ):
            views.execute(f"DELETE FROM {table}")
    assert called(gone, "balance").exit == 3
    assert called(gone, *OPEN_BOOK).exit == 0
    assert called(gone, "balance").exit == 0


@pytest.fixture
def two(tmp_path: Path) -> Path:
    path = tmp_path / "two.db"
    for unit in ("420103", "X"):
        open_book(path, unit, appropriate(5_000_000), pay(100))
    assert called(path, "roll-up").exit == 0
    with edited(path) as connection:
        for table in ("stored_events", "heads", "settlements", "stored_snapshots"):
            connection.execute(f"DELETE FROM {table} WHERE originator_id = ?", (BOOK,))
    return path


def test_a_book_that_was_taken_out_of_the_log_is_not_called_unopened(two: Path):
    """The other book goes on as it was."""
    before = two.read_bytes()
    for words in (PAY, OPEN_BOOK, ("balance",), ("seal",), ("audit",), ("log",)):
        answer = called(two, *words)
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.AHEAD"), words
        assert "第 4 笔" in answer.json()["message"]
    assert two.read_bytes() == before
    assert called(two, "balance", "--unit", "X").exit == 0
    assert called(two, "balance", "--unit", "Y").json()["code"] == "BOOK.NOT_OPENED"
    assert called(two, *OPEN_BOOK, "--unit", "Y").exit == 0


def test_a_log_without_any_book_is_not_called_new(two: Path):
    """Whoever asks for no book by its name is told of those that were there."""
    with edited(two) as connection:
        for table in ("stored_events", "heads", "settlements", "stored_snapshots"):
            connection.execute(f"DELETE FROM {table}")
    for words in (("balance",), ("seal",), PAY):
        answer = called(two, *words, "--unit", "Z")
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.AHEAD"), words
        assert answer.json()["facts"]["books"] == {BOOK: 4, "X/2020": 4}


def test_the_words_are_commands():
    assert {name for name, *_ in WORDS} <= set(COMMANDS)
