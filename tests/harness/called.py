"""Commands on a book with one line: called inside this process, or started as processes.

`python -m tests.harness.called ARGUMENTS` is `yusuan` with the journal of `FORCE_JOURNAL`.
"""

import contextlib
import csv
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from cli.main import run
from ledger.book import BookId
from ledger.store.sqlite import files

UNIT, YEAR = "420103", "2020"
LINE = "general:2080105:project:P01:30299:2020"
DATE = "2020-06-30"
OPENING_ENTRIES = 3
WAITING = "正在等待"
FORCE_JOURNAL = "YUSUAN_TEST_JOURNAL"
"""WAL or DELETE in this environment variable: these scripts and all that they start use that
journal, whatever SQLite there is. Machines differ, and both must be tried on each."""


def force_journal() -> None:
    """Follows FORCE_JOURNAL."""
    forced = os.environ.get(FORCE_JOURNAL)
    if forced is not None:
        modes = {"WAL": ("WAL", "FULL"), "DELETE": ("DELETE", "EXTRA")}
        files.journal_mode = lambda *_: modes[forced]


force_journal()


class Answer(NamedTuple):
    """What a command left behind."""

    exit: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """Its JSON answer."""
        try:
            value: dict[str, Any] = json.loads(self.out)
        except ValueError:
            raise AssertionError(f"no JSON but {self}") from None
        return value


def words(path: Path, *arguments: object) -> list[str]:
    """A command line on the book of these tests."""
    unit = [] if "--unit" in arguments else ["--unit", UNIT]
    actor = [] if "--actor" in arguments else ["--actor", "甲"]
    options = ["--db", str(path), *unit, "--year", YEAR, *actor, "--json"]
    return [*map(str, arguments), *options]


def called(path: Path, *arguments: object) -> Answer:
    """Runs a command inside this process, through the command line's own entry."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run(words(path, *arguments))
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 1
    return Answer(code, out.getvalue(), err.getvalue())


def program(path: Path, *arguments: object) -> list[str]:
    """The command line of a process of its own."""
    forced = os.environ.get(FORCE_JOURNAL)
    module = ["cli"] if forced is None else ["tests.harness.called"]
    return [sys.executable, "-m", *module, *words(path, *arguments)]


def started(path: Path, *arguments: object) -> Answer:
    """Runs a command as a process of its own."""
    done = subprocess.run(program(path, *arguments), cwd=ROOT, capture_output=True, check=False)
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


Call = Callable[..., Answer]
PAY = ("pay", "--line", LINE, "--econ", "30299", "--amount", "1", "--payee", "乙", "--date", DATE)
OPEN_BOOK: tuple[str, ...] = ("open-book", "--name", "局", "--kind", "admin", "--edition", YEAR)
OPEN_BOOK = (*OPEN_BOOK, "--basis", "indicator")


def opened(path: Path, yuan: int) -> Path:
    """A book with one line that affords so many yuan."""
    for arguments in (
        OPEN_BOOK,
        ("project", "P01", "--name", "项目", "--date", "2020-01-02"),
        ("appropriate", "--line", LINE, "--amount", yuan, "--date", "2020-01-02"),
    ):
        answer = called(path, *arguments)
        assert answer.exit == 0, answer
    return path


def numbers(path: Path) -> list[int]:
    """The numbers of all stored entries, in order, read with plain SQL."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT originator_version FROM stored_events ORDER BY rowid")
        return [number for (number,) in found]


ROOT = Path(__file__).resolve().parents[2]
BOOK = BookId(UNIT, int(YEAR))


def import_file(path: Path, rows: int, *, prefix: str = "r") -> Path:
    """A file of so many payments of 1.00; `prefix` begins their ids."""
    fund, func, spending, project, econ, origin = LINE.split(":")
    parts = {"fund": fund, "func": func, "spending": spending, "project": project}
    parts |= {"econ": econ, "origin": origin, "date": DATE, "kind": "pay", "amount": "1.00"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ["id", *parts, "payee", "purpose"])
        writer.writeheader()
        for n in range(rows):
            writer.writerow(
                {"id": f"{prefix}{n}", **parts, "payee": f"收款人{n % 50}", "purpose": "用品"}
            )
    return path


def traceable() -> bool:
    """Whether strace is here and may trace."""
    strace = shutil.which("strace")
    if strace is None:
        return False
    return subprocess.run([strace, "-o", "/dev/null", "true"], check=False).returncode == 0


if __name__ == "__main__":
    from cli.__main__ import run as run_process

    run_process()
