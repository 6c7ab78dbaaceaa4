"""What was recorded stands, whatever becomes of the answer: then the command says so on stderr,
with the entry, and ends with 5 (contract §6)."""

import contextlib
import os
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.exits import explained
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


def test_an_interruption_before_the_commit_has_recorded_nothing(
    book: Path, monkeypatch: pytest.MonkeyPatch
):
    """And says so: nobody needs to look whether it has."""
    monkeypatch.setattr("ledger.store.writing.Writing.finish", interrupted)
    answer = called(book, *PAY)
    assert (answer.exit, answer.json()["code"]) == (5, "INTERRUPTED")
    assert "没有记录任何内容" in answer.json()["message"]
    assert numbers(book) == [1, 2, 3]


def test_what_was_recorded_before_is_told_of_too(book: Path, monkeypatch: pytest.MonkeyPatch):
    """The same command again records nothing, and its answer is lost: the entry stands."""
    keyed = (*PAY, "--key", "once")
    assert called(book, *keyed).exit == 0
    with Path("/dev/full").open("wb") as full:
        ran = started(book, full, *keyed)
    assert (ran.returncode, LOST in ran.stderr, "第 4 笔" in ran.stderr) == (5, True, True)
    assert numbers(book) == [1, 2, 3, 4]


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


def gone() -> int:
    """A pipe that nobody reads; its end that is written."""
    read, write = os.pipe()
    os.close(read)
    return write


@pytest.fixture
def tampered(book: Path) -> Path:
    """Its views, and so its audit, differ from the log."""
    assert called(book, "balance").exit == 0
    with contextlib.closing(sqlite3.connect(f"{book}.views", isolation_level=None)) as views:
        views.execute("UPDATE monthly SET amount_fen = amount_fen + 1")
    return book


@pytest.mark.parametrize(
    ("arguments", "exit_code"),
    [
        (("balance",), 0),
        (("log",), 0),
        (("export", "jsonl"), 0),
        (("--help",), 0),
        (("audit",), 4),
        (("audit", "--json"), 4),
        (("audit", "--unit", "999", "--json"), 3),
        (("doctor",), 1),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_a_reader_who_goes_away_changes_no_exit_code(
    tampered: Path, arguments: tuple[str, ...], exit_code: int
):
    """What an audit or a check has found, and what was refused, is what the exit code says."""
    tampered.with_name("other.db").hardlink_to(tampered)  # what doctor finds
    write = gone()
    try:
        ran = started(tampered, write, *arguments)
    finally:
        os.close(write)
    assert ran.returncode == exit_code, ran.stderr
    assert "Traceback" not in ran.stderr and "Exception ignored" not in ran.stderr
    assert (exit_code == 3) == ("错误" in ran.stderr)


def shell(path: Path, redirected: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command line in a shell; what its streams are is said as one types it."""
    line = shlex.join([sys.executable, "-m", "cli", *typed(path, *arguments)])
    return subprocess.run(
        ["bash", "-c", f"{line} {redirected}"], capture_output=True, text=True, check=False
    )


ASKED: tuple[tuple[str, ...], ...] = (
    ("--version",),
    ("--help",),
    ("pay", "--help"),
    ("balance",),
    ("balance", "--json"),
    ("export", "jsonl"),
    ("rebuild",),
    ("--show-completion", "zsh"),
)


@pytest.mark.parametrize("redirected", [">&-", ">/dev/full"])
@pytest.mark.parametrize("arguments", ASKED, ids=" ".join)
def test_an_answer_that_stdout_does_not_take_is_missed(
    book: Path, arguments: tuple[str, ...], redirected: str
):
    """It is said on stderr that it could not be given: the environment's fault, not the book's."""
    ran = shell(book, redirected, *arguments)
    assert (ran.returncode, ran.stdout) == (5, "")
    assert ran.stderr.startswith("错误 FILE.UNWRITABLE：没有能给出回答（标准输出：")
    assert "Traceback" not in ran.stderr and "Exception ignored" not in ran.stderr


@pytest.mark.parametrize("streams", [">&-", ">/dev/full", ">&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_what_is_recorded_is_recorded_whatever_the_streams_are(
    book: Path, json: tuple[str, ...], streams: str
):
    ran = shell(book, streams, *PAY, *json)
    assert (ran.returncode, ran.stdout) == (5, "")
    assert ("已经记录" in ran.stderr and "第 4 笔" in ran.stderr) == ("2>" not in streams)
    assert numbers(book) == [1, 2, 3, 4]
    assert shell(book, streams, *PAY, "--dry-run", *json).returncode == 5
    assert shell(book, streams, *PAY, "--unit", "999", *json).returncode == 3
    assert shell(book, streams, "no-such-command", *json).returncode == 2
    assert numbers(book) == [1, 2, 3, 4]


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
def test_talk_that_nobody_hears_changes_nothing(book: Path, streams: str):
    """No exit code, and nothing on stdout: talk does not go there instead."""
    for arguments, exit_code in ((PAY, 0), (("balance",), 0), (("balance", "--unit", "999"), 3)):
        ran = shell(book, streams, *arguments)
        assert ran.returncode == exit_code
        assert (ran.stdout == "") == (exit_code != 0)
    assert called(book, "audit").exit == 0


def test_a_closed_stdout_is_no_file_of_ours(book: Path):
    """The first file that a process opens takes the lowest free number: were it that of stdout,
    whatever is said would be written into it."""
    out = book.with_name("book.jsonl")
    assert shell(book, ">&- 2>&- <&-", "export", "jsonl", "--out", str(out)).returncode == 5
    assert out.read_text(encoding="utf-8").count("\n") == 5
    assert called(book, "audit").exit == 0


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


def test_an_interruption_that_python_wraps_is_one():
    """Inside the making of a class, as while a module is loaded, it comes as a `RuntimeError`."""
    wrapped = RuntimeError("Error calling __set_name__ on 'cached_property' instance")
    wrapped.__cause__ = KeyboardInterrupt()
    failure = explained(wrapped)
    assert (failure.exit, failure.code) == (5, "INTERRUPTED")
