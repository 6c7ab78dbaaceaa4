"""How the tests talk to `yusuan`: a real process, or the same entry point inside this one.

`process` starts a new interpreter and proves what a user gets; `Shell` calls `cli.main.run` with
captured streams, a hundred times faster, for the large tables. Both return the same `Answer`, and
both check what must hold of every answer: no traceback, one JSON value with `--json`, and a
failure object whenever the exit code says so.
"""

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cli.main import run
from cli.terminal.recording import WAITING

ROOT = Path(__file__).resolve().parents[2]
EXIT_CODES = range(7)
LINE = "general:2080105:project:P02:-:2020"
"""The line that the books of conftest.py have."""


@dataclass(frozen=True)
class Answer:
    """What a command line answered."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on stdout. Floats would be an error: money and rates have none."""
        return json.loads(self.out, parse_float=_only_seconds)

    @property
    def said(self) -> str:
        """Everything that was said."""
        return self.out + self.err


def _only_seconds(text: str) -> float:
    """The one float that is printed anywhere is the time that an audit took."""
    value = float(text)
    assert value < 60, f"a float in JSON: {text}"
    return value


def process(
    *arguments: str | bytes,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: bytes = b"",
) -> Answer:
    """Runs `python -m cli …` in a folder, as a shell would."""
    ended = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=cwd,
        env={**clean_environment(), "PYTHONPATH": str(ROOT), **(env or {})},
        input=stdin,
        capture_output=True,
        check=False,
    )
    out, err = ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8")
    return checked(Answer(ended.returncode, out, err), arguments)


def clean_environment() -> dict[str, str]:
    """The environment without what would change an answer: settings, and how wide the terminal is
    where several run the tests."""
    told = os.environ.items()
    return {name: value for name, value in told if name != "COLUMNS" and name[:7] != "YUSUAN_"}


def in_process(*arguments: str, env: Mapping[str, str] | None = None) -> Answer:
    """Runs one command line inside this interpreter."""
    with _captured(env or {}) as (out, err):
        code: Any = 0
        try:
            run(list(arguments))
        except SystemExit as left:
            code = left.code
    assert isinstance(code, int), f"exit code {code!r}"
    return checked(Answer(code, _text(out), _text(err)), arguments)


@contextmanager
def _captured(env: Mapping[str, str]) -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    before = dict(os.environ), sys.stdout, sys.stderr
    streams = tuple(io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    out, err = streams
    for name in os.environ.keys() - clean_environment().keys():
        del os.environ[name]
    os.environ.update(env)
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
    finally:
        environment, sys.stdout, sys.stderr = before
        os.environ.clear()
        os.environ.update(environment)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    raw = stream.buffer
    assert isinstance(raw, io.BytesIO)
    return raw.getvalue().decode("utf-8")


def checked(answer: Answer, arguments: Sequence[str | bytes]) -> Answer:
    """What holds of every answer, whatever was asked."""
    assert "Traceback" not in answer.said, answer.said
    assert "PROGRAM.ERROR" not in answer.said, answer.said
    assert answer.exit in EXIT_CODES, answer
    if "--json" in arguments:
        value = answer.json
        assert isinstance(value, dict), value
        if answer.exit not in (0, 1, WAITING) and "checks" not in value:
            assert value["ok"] is False, value
            assert value["code"] and value["message"], value
    elif answer.exit > 1:
        assert answer.err or answer.out, "a failure without a word"
    return answer


class Shell:
    """One file, one book: every command gets `--db`; what fails unexpectedly ends the test."""

    def __init__(self, db: Path, *, unit: str = "420103", year: int = 2020) -> None:
        self.db = db
        self.unit = unit
        self.year = year

    def __call__(self, *arguments: str, exit: int = 0) -> Answer:
        """Runs a command with text output and expects its exit code."""
        answer = in_process("--db", str(self.db), *arguments)
        assert exit == answer.exit, answer.said
        return answer

    def ask(self, *arguments: str, exit: int = 0) -> Any:
        """Runs a command with `--json`; its value."""
        return self(*arguments, "--json", exit=exit).json

    def open(self, *, basis: str = "indicator", kind: str = "admin") -> "Shell":
        """Opens the book."""
        self(
            *("open-book", "--unit", self.unit, "--year", str(self.year), "--name", "示例局"),
            *("--kind", kind, "--edition", "2020", "--basis", basis),
        )
        return self

    def project(self, *codes: str) -> "Shell":
        """Registers projects."""
        for code in codes:
            self("project", code, "--name", f"{code} 项目", "--date", f"{self.year}-01-01")
        return self

    def head(self) -> dict[str, Any]:
        """How far the book goes now."""
        head = self.ask("seal")["head"]
        assert isinstance(head, dict)
        return head

    def entries(self) -> int:
        """How many entries the book has."""
        entries = self.head()["entries"]
        assert isinstance(entries, int)
        return entries

    def balance(self, line: str) -> dict[str, int]:
        """The figures of one line."""
        (found,) = self.ask("balance", "--line", line)["lines"]
        return {name: value for name, value in found.items() if name.endswith("_fen")}

    def csv(self, *rows: str, header: str = "id,date,kind,func,project,econ,amount,payee") -> Path:
        """A CSV file of these rows."""
        path = self.db.with_name("rows.csv")
        path.write_bytes("".join(f"{row}\r\n" for row in (header, *rows)).encode())
        return path


class Terminal:
    """A folder in which someone types, one process a command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, command: str, exit: int = 0) -> Answer:
        """Runs a command, without its `yusuan`, and expects its exit code."""
        answer = process(*shlex.split(command), cwd=self.folder)
        assert exit == answer.exit, (command, answer.said)
        return answer

    def ask(self, command: str, exit: int = 0) -> Any:
        """Runs a command with `--json`; its value."""
        return self(f"{command} --json", exit).json
