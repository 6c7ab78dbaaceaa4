"""What lies beside a log under the names that SQLite takes for its own: played back, taken in and
deleted by whoever opens the log, if nobody looks first."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.store.log import NotOurs
from ledger.store.sqlite import companions
from tests.harness.called import PAY, Answer, called, opened
from tests.harness.shell import process

COMMANDS = (
    *(("balance",), ("audit",), ("audit", "--all"), ("doctor",), ("seal",), ("log",), ("rebuild",)),
    *(PAY, ("export", "jsonl", "--all", "-o", "OUT")),
)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return opened(tmp_path / "a.db", 100)


def wal_of_another(folder: Path) -> bytes:
    with closing(sqlite3.connect(folder / "w.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE wages (a)")
        return (folder / "w.db-wal").read_bytes()


def journal_of_another(folder: Path) -> bytes:
    """Hot: taken inside its transaction."""
    with closing(sqlite3.connect(folder / "j.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE wages (a)")
        other.execute("PRAGMA cache_spill = 1")
        other.execute("PRAGMA cache_size = 2")
        other.execute("BEGIN")
        for _ in range(200):
            other.execute("INSERT INTO wages VALUES (zeroblob(2000))")
        journal = (folder / "j.db-journal").read_bytes()
        other.execute("ROLLBACK")
    return journal


def journal_of_another_book(folder: Path) -> bytes:
    """A log of ours, at another place in its life."""
    path = opened(folder / "other.db", 100)
    for _ in range(3):
        assert called(path, *PAY).exit == 0
    return half_done(path)[1]


def half_done(path: Path) -> tuple[bytes, bytes]:
    """A log, and its journal, as a write leaves them that is cut off half way."""
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("PRAGMA cache_size = 2")
        writer.execute("CREATE TABLE more (x)")
        for _ in range(50):
            writer.execute("INSERT INTO more VALUES (zeroblob(3000))")
        return path.read_bytes(), Path(f"{path}-journal").read_bytes()


def notes(_: Path) -> bytes:
    return "买菜".encode()


MADE = {
    "a.db-wal": (wal_of_another, notes),
    "a.db-journal": (journal_of_another, journal_of_another_book, notes),
    "a.db-shm": (notes,),
}


@pytest.mark.parametrize(
    ("name", "make"), [(name, make) for name, makers in MADE.items() for make in makers]
)
def test_what_is_not_the_logs_is_left_alone_and_so_is_the_log(book: Path, name: str, make):
    content = make(_folder(book))
    there = book.with_name(name)
    there.write_bytes(content)
    before = book.read_bytes()
    for command in COMMANDS:
        answer: Answer = called(
            book, *(str(book.parent / "out") if x == "OUT" else x for x in command)
        )
        assert answer.exit in (1, 2), (command, answer)
        assert name in answer.out + answer.err
        assert (there.read_bytes(), book.read_bytes()) == (content, before), command
    there.unlink()
    assert called(book, *PAY).exit == 0


def _folder(book: Path) -> Path:
    folder = book.parent / "elsewhere"
    folder.mkdir()
    return folder


def test_a_pipe_is_not_waited_for(book: Path):
    os.mkfifo(book.with_name("a.db-journal"))
    answer = process("--db", str(book), "seal", "--json", cwd=book.parent)
    assert (answer.exit, answer.json["code"]) == (2, "FILE.FOREIGN")


def test_its_own_hot_journal_is_played_back(book: Path):
    """A write that was cut off, at several moments: before and after its pages were written."""
    before = book.read_bytes()
    spilled, journal = half_done(book)
    assert spilled != before
    for content in (before, spilled):
        path = book
        path.write_bytes(content)
        Path(f"{path}-journal").write_bytes(journal)
        companions.check(path)
        assert called(path, "audit").exit == 0
        assert not Path(f"{path}-journal").exists()


def test_a_log_is_not_made_under_the_name_of_a_companion(book: Path):
    for suffix in ("-journal", "-wal", "-shm", ".views", ".queue", ".audit"):
        name = f"{book.name}{suffix}"
        made = process("--db", name, "demo", "--json", cwd=book.parent)
        assert made.exit != 0, suffix
        assert not book.with_name(name).exists()
        written = process(
            *(
                "--db",
                "b.db",
                "--unit",
                "1",
                "--year",
                "2020",
                "export",
                "csv",
                "-o",
                name,
                "--json",
            ),
            cwd=book.parent,
        )
        assert written.exit != 0
        assert not book.with_name(name).exists()


def test_a_file_of_that_name_beside_no_log_is_nobodys(tmp_path: Path):
    (tmp_path / "x-journal").write_text("买菜", "utf-8")
    with pytest.raises(NotOurs):
        companions.check(tmp_path / "x")
    assert (tmp_path / "x-journal").read_text("utf-8") == "买菜"
