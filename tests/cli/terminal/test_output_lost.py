"""What was recorded stands, whatever becomes of the answer: then the command says so on stderr,
with the entry, and ends with 5 (contract §6)."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.called import BOOK, PAY, UNIT, called, numbers, opened, words

LOST = "OUTPUT.LOST"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return opened(tmp_path / "book.db", 10)


def fails(*_: object, **__: object) -> str:
    raise RuntimeError("no words for it")


def interrupted(*_: object, **__: object) -> str:
    raise KeyboardInterrupt


def typed(path: Path, *arguments: str) -> list[str]:
    """A command line that answers in text."""
    return [word for word in words(path, *arguments) if word != "--json"]


def started(path: Path, stdout: Any, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, whose stdout is what it is given."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *typed(path, *arguments)],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("failing", [fails, interrupted])
def test_a_receipt_that_cannot_be_written_says_that_the_entry_stands(
    book: Path, monkeypatch: pytest.MonkeyPatch, failing: Any
):
    monkeypatch.setattr("cli.session.Session.answer", failing)
    answer = called(book, *PAY)
    said = answer.json()
    assert (answer.exit, said["code"]) == (5, LOST)
    assert said["facts"] == {"book": str(BOOK), "entry": 4, "entries": 1}
    assert said["try"] == ["yusuan show 4 --unit 420103 --year 2020"]
    assert "第 4 笔" in answer.err and LOST in answer.err
    monkeypatch.undo()
    assert numbers(book) == [1, 2, 3, 4]
    assert called(book, "audit").exit == 0


def test_a_rehearsal_that_fails_has_recorded_nothing(book: Path, monkeypatch: pytest.MonkeyPatch):
    """And neither has a query."""
    monkeypatch.setattr("cli.session.Session.answer", fails)
    for arguments in ((*PAY, "--dry-run"), ("balance",)):
        answer = called(book, *arguments)
        assert (answer.exit, answer.json()["code"]) == (4, "PROGRAM.ERROR")
        assert "没有记录任何内容" in answer.json()["message"]
    assert numbers(book) == [1, 2, 3]


def test_an_interruption_before_the_receipt_promises_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch
):
    """Between the commit and its note nobody knows: it says how to see."""
    monkeypatch.setattr("ledger.store.books.Books.transact", interrupted)
    answer = called(book, *PAY)
    assert (answer.exit, answer.json()["code"]) == (5, "INTERRUPTED")
    assert "yusuan log" in answer.json()["message"]
    assert "没有记录" not in answer.json()["message"]


def test_many_entries_are_told_by_the_first_and_the_last(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rows = tmp_path / "rows.csv"
    rows.write_text(
        "id,date,kind,project,name\n1,2020-03-01,project,P1,一\n2,2020-03-01,project,P2,二\n",
        encoding="utf-8",
    )
    monkeypatch.setattr("cli.session.Session.answer", fails)
    answer = called(book, "import", str(rows))
    assert (answer.exit, answer.json()["facts"]["entries"]) == (5, 2)
    assert "第 4 至 5 笔" in answer.err


@pytest.mark.parametrize("words_", [PAY, (*PAY, "--json")], ids=["text", "json"])
def test_a_stdout_that_is_full_or_gone(book: Path, words_: tuple[str, ...]):
    """Whoever called sees it in the exit code and on stderr; the next command works."""
    with Path("/dev/full").open("wb") as full:
        ran = started(book, full, *words_)
    assert (ran.returncode, LOST in ran.stderr, "第 4 笔" in ran.stderr) == (5, True, True)
    read, write = os.pipe()
    os.close(read)
    try:
        ran = started(book, write, *words_)
    finally:
        os.close(write)
    assert (ran.returncode, LOST in ran.stderr, "第 5 笔" in ran.stderr) == (5, True, True)
    assert "Traceback" not in ran.stderr and "Exception ignored" not in ran.stderr
    assert numbers(book) == [1, 2, 3, 4, 5]


def test_a_query_whose_reader_goes_away_loses_nothing(book: Path):
    read, write = os.pipe()
    os.close(read)
    try:
        assert started(book, write, "balance").returncode == 1
    finally:
        os.close(write)


@pytest.mark.parametrize(("unit", "exit_code"), [(UNIT, 5), ("999", 3)])
def test_a_failure_that_stdout_does_not_take_is_said_on_stderr(
    book: Path, unit: str, exit_code: int
):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cli", *words(book, "--unit", unit, "balance")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stderr
    assert (done.stderr[:3], done.returncode) == ("错误 ", exit_code)
