"""Which journal for which SQLite, and the store under both: machines differ, books do not."""

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from ledger.store.books import Books
from ledger.store.sqlite import files
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.called import (
    FORCE_JOURNAL,
    OPEN_BOOK,
    PAY,
    Answer,
    called,
    numbers,
    opened,
    program,
    started,
)
from tests.harness.sample import BOOK, answers, make_book

SOUND, OLD = ("WAL", "FULL"), ("DELETE", "EXTRA")
SYNCHRONOUS = {"WAL": 2, "DELETE": 3}  # FULL, EXTRA


@pytest.mark.parametrize(
    ("version", "right"),
    [
        ((3, 40, 1), OLD),
        ((3, 44, 5), OLD),
        ((3, 44, 6), SOUND),
        ((3, 45, 0), OLD),
        ((3, 45, 99), OLD),
        ((3, 50, 6), OLD),
        ((3, 50, 7), SOUND),
        ((3, 51, 0), OLD),
        ((3, 51, 2), OLD),
        ((3, 51, 3), SOUND),
        ((3, 52, 0), SOUND),
        ((4, 0, 0), SOUND),
    ],
)
def test_wal_only_where_it_is_sound(version: tuple[int, ...], right: tuple[str, str]):
    """WAL databases with several connections can be corrupted before 3.51.3, but for the two
    releases to which the repair was carried back (sqlite.org/wal.html)."""
    assert files.journal_mode(version) == right


def test_this_machine_uses_what_its_release_allows(book: Path):
    with contextlib.closing(sqlite3.connect(book)) as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()[0].upper()
    assert mode == files.journal_mode(sqlite3.sqlite_version_info)[0]
    assert called(book, "doctor").json()["journal_mode"] == mode


def test_a_writer_is_durable(book: Path, journal: str):
    """The connection that commits has the journal and the synchronous level that go together."""
    with (
        Books(SqlitePlace(book)) as books,
        books.writing(BOOK, actor="甲", dry_run=True) as writing,
    ):
        transaction: Any = writing._transaction
        (synchronous,) = transaction._connection.execute("PRAGMA synchronous").fetchone()
        (mode,) = transaction._connection.execute("PRAGMA journal_mode").fetchone()
    assert (mode.upper(), synchronous) == (journal, SYNCHRONOUS[journal])


def test_the_same_book_under_both_journals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Entries, hashes and every answer are the same, whichever journal wrote them."""
    found = []
    for mode in (SOUND, OLD):
        monkeypatch.setattr(files, "journal_mode", lambda *_, mode=mode: mode)
        path = tmp_path / f"{mode[0]}.db"
        found.append(answers(path, make_book(path)))
    assert found[0] == found[1]


def test_everything_works_under_both_journals(tmp_path: Path, journal: str):
    """The whole route with real processes: open, record, refuse, query, audit, seal, rebuild."""
    path = tmp_path / "book.db"
    opening = [
        OPEN_BOOK,
        ("project", "P01", "--name", "项目", "--date", "2020-01-02"),
        ("appropriate", *PAY[1:3], "--amount", "1.50", "--date", "2020-01-02"),
    ]
    exits = [started(path, *arguments).exit for arguments in (*opening, PAY, PAY)]
    assert exits == [0, 0, 0, 0, 3]
    seal = started(path, "seal").json()["seal"]
    for query in (("balance",), ("log",), ("rebuild",), ("audit", "--seal", seal)):
        assert started(path, *query).exit == 0, query
    assert started(path, "balance").json()["totals"]["paid_fen"] == 100


def test_a_file_changes_its_journal_with_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Written here and there in turn, by programs with different releases of SQLite."""
    path = opened(tmp_path / "book.db", 10)
    for number, mode in enumerate(("WAL", "DELETE", "WAL", "WAL", "DELETE"), 1):
        monkeypatch.setenv(FORCE_JOURNAL, mode)
        assert started(path, *PAY).exit == 0
        assert started(path, "balance").json()["totals"]["paid_fen"] == 100 * number
        assert not list(tmp_path.glob("book.db-*")), "nothing is left beside the file"
    assert started(path, "audit").exit == 0


def test_two_releases_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One of them cannot change the journal while the other has the file open: it waits, or ends
    with 5, and both go on afterwards."""
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(files, "journal_mode", lambda *_: SOUND)
    path = opened(tmp_path / "book.db", 10)
    with Books(SqlitePlace(path)) as books:
        with books.writing(BOOK, actor="甲", dry_run=True):
            monkeypatch.setattr(files, "journal_mode", lambda *_: OLD)
            answer = called(path, *PAY)
            assert (answer.exit, answer.json().get("code")) == (5, "FILE.BUSY")
        monkeypatch.setattr(files, "journal_mode", lambda *_: SOUND)
        assert called(path, *PAY).exit == 0
    assert called(path, "audit").exit == 0
    assert len(numbers(path)) == 4


def test_a_copy_without_its_wal_is_an_older_book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """While a WAL is not yet carried into the file, a copy of the file alone is a whole book of an
    earlier moment: the views tell, and without them a seal."""
    monkeypatch.setattr(files, "journal_mode", lambda *_: SOUND)
    path, copy = opened(tmp_path / "book.db", 10), tmp_path / "copy.db"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("SELECT count(*) FROM stored_events").fetchone()  # keeps the WAL
        for _ in range(3):
            assert called(path, *PAY).exit == 0
        assert called(path, "balance").exit == 0
        seal = called(path, "seal").json()["seal"]
        shutil.copy(path, copy)
    assert called(path, "audit", "--seal", seal).exit == 0
    shutil.copy(SqlitePlace(path).views, SqlitePlace(copy).views)
    answer = called(copy, "balance")
    assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.AHEAD")
    SqlitePlace(copy).views.unlink()
    assert called(copy, "audit").exit == 0
    assert called(copy, "audit", "--seal", seal).exit == 4


def test_a_reader_needs_no_journal_of_its_own(book: Path, journal: str):
    """Queries never change the journal mode of a file, nor the file."""
    assert called(book, *PAY).exit == 0
    before = book.read_bytes()
    for query in ("balance", "audit", "seal", "log", "doctor"):
        assert called(book, query).exit == 0
    assert book.read_bytes() == before


def test_the_forced_process_is_the_real_command(tmp_path: Path, journal: str):
    """The launcher of these tests passes arguments and exit codes through."""
    command = program(tmp_path / "none.db", "balance")
    assert command[1:3] == ["-m", "tests.harness.called"]
    answer: Answer = started(tmp_path / "none.db", "balance")
    assert (answer.exit, answer.json()["code"]) == (3, "BOOK.NOT_OPENED")
