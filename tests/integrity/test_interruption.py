"""Ctrl-C, SIGTERM and SIGHUP, wherever they come: what is said is what the book holds."""

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from eventsourcing.sqlite import SQLiteConnection

from ledger.store import interrupts
from tests.harness.called import (
    DATE,
    LINE,
    OPENING_ENTRIES,
    PAY,
    ROOT,
    Answer,
    called,
    import_file,
    numbers,
    opened,
    program,
    traceable,
    words,
)

SIGNALS = interrupts.SIGNALS
RECORDED, NOTHING = "OUTPUT.LOST", "INTERRUPTED"


@pytest.fixture
def listening() -> Iterator[None]:
    """This process answers signals as a process of ours does, and as before when a test is over."""
    before = {number: signal.getsignal(number) for number in SIGNALS}
    listen()
    yield
    listen()
    for number, handler in before.items():
        signal.signal(number, handler)


def listen() -> None:
    """Also when a command has ended, after which nothing interrupts."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    interrupts.listen()


class Tracer:
    """Counts the lines that a command runs, all of them and those from the moment at which only the
    commit was left to do, and sends a signal at one of them."""

    def __init__(
        self, *, at: int = 0, after_all: int = 0, number: signal.Signals = signal.SIGINT
    ) -> None:
        self._at = at
        self._after_all = after_all
        self._number = number
        self._committing = False
        self.lines = 0
        self.from_commit = 0

    def __call__(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "call" and frame.f_code.co_name == "commits":
            self._committing = True
        if event == "line":
            self.lines += 1
            self.from_commit += self._committing
            if self.lines == self._at or (self._committing and self.from_commit == self._after_all):
                signal.raise_signal(self._number)
        return self


def traced(path: Path, tracer: Tracer, *arguments: object) -> Answer:
    """A command that is sent a signal at a line that it runs."""
    listen()
    sys.settrace(tracer)
    try:
        return called(path, *arguments)
    finally:
        sys.settrace(None)
        listen()


def said(answer: Answer) -> str:
    """Whether something was recorded, as the command says it: last, where it had said it before."""
    value = json.loads(answer.out.splitlines()[-1])
    if answer.exit == 5:
        assert value["ok"] is False
        assert ("已经记录" in answer.err) == (value["code"] == RECORDED)
        assert ("没有记录任何内容" in value["message"]) == (value["code"] == NOTHING)
        return str(value["code"])
    assert answer.exit in (0, 6), answer
    return RECORDED


COMMANDS: dict[str, Callable[[Path], tuple[object, ...]]] = {
    "pay": lambda _: PAY,
    "voucher": lambda _: (
        *("voucher", "--item", f"{LINE}=1", "--item", f"{LINE}=2", "--payee", "乙", "--date", DATE),
    ),
    "import": lambda path: ("import", import_file(path.with_name("rows.csv"), 120)),
    "open-book": lambda _: (
        *("open-book", "--unit", "999", "--name", "局", "--kind", "admin", "--edition", "2020"),
        *("--basis", "indicator"),
    ),
    "reallocate": lambda _: (
        *("reallocate", "--line", LINE, "--to-econ", "31002", "--amount", "1", "--date", DATE),
        *("--doc", "调1"),
    ),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("name", COMMANDS)
def test_interrupted_at_any_line(listening: None, book: Path, name: str, rng: random.Random):
    """At lines drawn before the commit, at every few from there on and at some in the end: the
    command says that all of it is recorded, or that nothing is, and so it is. (What the library
    leaves behind half made complains when it is thrown away; a process of ours is silent then.)"""
    arguments = COMMANDS[name](book)
    kept = book.with_name("kept.db")
    shutil.copy(book, kept)

    def outcome(tracer: Tracer) -> tuple[int, str]:
        for old in book.parent.glob("book.db*"):
            old.unlink()
        shutil.copy(kept, book)
        answer = traced(book, tracer, *arguments)
        told = said(answer)
        held = numbers(book)
        assert len(held) == OPENING_ENTRIES + (made if told == RECORDED else 0), answer
        return answer.exit, told

    made = len(_recorded(book, arguments)) - OPENING_ENTRIES
    whole = Tracer()
    assert outcome(whole)[1] == RECORDED
    before = [rng.randrange(1, whole.lines - whole.from_commit) for _ in range(15)]
    inside = range(1 + rng.randrange(4), 240, 2 if name == "pay" else 9)
    later = [rng.randrange(240, whole.from_commit) for _ in range(15)]
    outcomes = {outcome(Tracer(at=at, number=rng.choice(SIGNALS))) for at in before}
    assert outcomes == {(5, NOTHING)}
    outcomes = {
        outcome(Tracer(after_all=at, number=rng.choice(SIGNALS))) for at in (*inside, *later)
    }
    assert outcomes >= {(5, RECORDED)}
    assert outcomes <= {(5, RECORDED), (0, RECORDED), (6, RECORDED), (5, NOTHING)}


def _recorded(path: Path, arguments: Sequence[object]) -> list[int]:
    """The numbers of the book after a command that nothing disturbs; all is imported then."""
    assert said(called(path, *arguments)) == RECORDED
    return numbers(path)


def test_interrupted_right_after_the_commit(
    listening: None, book: Path, monkeypatch: pytest.MonkeyPatch
):
    """Python hears a signal as soon as SQLite has returned."""

    def committed(connection: SQLiteConnection) -> None:
        connection._sqlite_conn.commit()
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(SQLiteConnection, "commit", committed)
    assert said(called(book, *PAY)) == RECORDED
    assert numbers(book) == [1, 2, 3, 4]


@pytest.mark.parametrize("stands", [True, False])
def test_a_commit_that_fails_is_looked_after(
    book: Path, monkeypatch: pytest.MonkeyPatch, stands: bool
):
    """A disk may fail after the moment that decides: then what the log holds is what is said."""

    def failed(connection: SQLiteConnection) -> None:
        if stands:
            connection._sqlite_conn.commit()
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorname = "SQLITE_IOERR"
        raise error

    monkeypatch.setattr(SQLiteConnection, "commit", failed)
    answer = called(book, *PAY)
    assert (answer.exit, answer.json()["code"]) == (5, RECORDED if stands else "FILE.UNWRITABLE")
    assert ("第 4 笔" in answer.err) == stands
    assert numbers(book) == [1, 2, 3, 4][: 4 if stands else 3]


@pytest.mark.skipif(not traceable(), reason="strace is not here, or may not trace")
@pytest.mark.parametrize("call", ["fdatasync", "unlink"])
def test_a_disk_that_fails_at_any_sync(book: Path, call: str):
    """The last thing a commit does is to sync the folder: by then it stands."""
    outcomes = set()
    for number in range(1, 7):
        before = len(numbers(book))
        files = [
            option for each in (book, f"{book}-journal", book.parent) for option in ("-P", each)
        ]
        inject = f"inject={call}:error=EIO:when={number}"
        strace = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", *files, "-e", inject]
        ran = subprocess.run(
            [*strace, *program(book, *PAY)], cwd=ROOT, capture_output=True, check=False
        )
        outcome = said(Answer(ran.returncode, ran.stdout.decode(), ran.stderr.decode()))
        outcomes.add(outcome)
        assert len(numbers(book)) - before == (outcome == RECORDED)
    assert "FILE.UNWRITABLE" in outcomes


def test_many_signals_are_one_interruption(
    listening: None, book: Path, monkeypatch: pytest.MonkeyPatch
):
    """A system that shuts down sends SIGTERM and SIGHUP at once, a person Ctrl-C twice."""

    def asked_often(connection: SQLiteConnection) -> None:
        connection._sqlite_conn.commit()
        for number in (*SIGNALS, signal.SIGINT):
            os.kill(os.getpid(), number)

    monkeypatch.setattr(SQLiteConnection, "commit", asked_often)
    assert said(called(book, *PAY)) == RECORDED
    assert numbers(book) == [1, 2, 3, 4]


# Real processes -------------------------------------------------------------------------------


def held_up(path: Path) -> sqlite3.Connection:
    """The book is written by another, so that whoever wants to write it waits."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    return other


def waiting(path: Path, *arguments: object, **how: Any) -> subprocess.Popen[bytes]:
    """A process that waits for the book, and says so."""
    process = subprocess.Popen(
        program(path, *arguments), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how
    )
    assert process.stderr is not None
    assert "正在等待" in process.stderr.readline().decode()
    return process


@pytest.mark.parametrize("number", SIGNALS, ids=lambda each: each.name)
def test_a_process_that_waits_is_interrupted(book: Path, number: signal.Signals):
    with contextlib.closing(held_up(book)):
        process = waiting(book, *PAY)
        process.send_signal(number)
        out, err = (each.decode() for each in process.communicate(timeout=60))
    assert (process.returncode, json.loads(out)["code"]) == (5, NOTHING)
    assert "没有记录任何内容" in json.loads(out)["message"]
    assert "Traceback" not in err and "Exception ignored" not in err
    assert numbers(book) == [1, 2, 3]


def test_what_a_process_was_told_to_ignore_it_ignores(book: Path):
    """`nohup`: the terminal goes, the command does not."""

    def nohup() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    with contextlib.closing(held_up(book)) as other:
        process = waiting(book, *PAY, preexec_fn=nohup)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.05)
        other.execute("ROLLBACK")
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert numbers(book) == [1, 2, 3, 4]


def test_an_interrupted_write_to_a_slow_reader_ends(tmp_path: Path):
    """A query whose answer nobody reads on waits in the middle of it; asked to end, it does, and
    waits for nothing any more."""
    path = opened(tmp_path / "book.db", 10_000)
    assert called(path, "import", import_file(tmp_path / "rows.csv", 2_000)).exit == 0
    read, write = os.pipe()
    process = subprocess.Popen(program(path, "log"), cwd=ROOT, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    try:
        os.read(read, 1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        os.close(read)
    assert process.returncode == 5
    assert err.decode().startswith(f"错误 {NOTHING}：")
    assert "Traceback" not in err.decode()


@pytest.mark.parametrize("json", [(), ("--json",)], ids=["text", "json"])
def test_interrupted_while_it_is_loaded(book: Path, tmp_path: Path, json: tuple[str, ...]):
    """Before any command runs: a module of ours that is loaded meets it."""
    assert _loaded_with(tmp_path, INTERRUPTED, book, *json) == (5, NOTHING)


def test_interrupted_in_a_text_that_python_runs(book: Path, tmp_path: Path):
    """That Python holds to be unhandled, whatever becomes of it, and would end by the signal."""
    meets = f"exec({INTERRUPTED!r})"
    assert _loaded_with(tmp_path, meets, book, library="eventsourcing") == (5, NOTHING)


INTERRUPTED = "import signal\nsignal.raise_signal(signal.SIGINT)\n"


@pytest.mark.parametrize(
    ("meets", "outcome"),
    [
        ("raise MemoryError", (5, "MACHINE.LIMIT")),
        ("import no_such_module", (5, "MACHINE.LIMIT")),
        ("1 // 0", (4, "PROGRAM.ERROR")),
    ],
)
def test_a_program_that_cannot_be_loaded_says_so(
    book: Path, tmp_path: Path, meets: str, outcome: tuple[int, str]
):
    assert _loaded_with(tmp_path, meets, book) == outcome


def _loaded_with(
    folder: Path, meets: str, book: Path, *more: str, library: str = "typer"
) -> tuple[int, str]:
    """The exit code and the code of a failure, where loading a library meets something."""
    (folder / f"{library}.py").write_text(meets, encoding="utf-8")
    command = [word for word in words(book, *PAY) if word != "--json"]
    ran = subprocess.run(
        [sys.executable, "-m", "cli", *command, *more],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        check=False,
    )
    told = ran.stderr.decode()
    assert "Traceback" not in told and told.startswith("错误 ")
    assert "没有记录任何内容" in told
    code = told.split("：")[0].removeprefix("错误 ")
    if more:
        assert json.loads(ran.stdout)["code"] == code
    assert numbers(book) == [1, 2, 3]
    return ran.returncode, code
