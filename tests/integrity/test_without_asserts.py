"""`python -O` removes every `assert`: what is stored, or comes in a file, is checked all the same.

Real processes, each once as it is and once without assertions.
"""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ledger.events import decode, encode
from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS
from tests.harness.edited import edited, put_bytes, rehashed, stored_bytes
from tests.harness.sample import BOOK
from tests.harness.shell import process

ASSERTIONS: tuple[dict[str, str], ...] = ({}, {"PYTHONOPTIMIZE": "1"})
BOOK_OPTIONS = ("--unit", BOOK.unit, "--year", str(BOOK.year))


def ran(db: Path, *arguments: str, env: dict[str, str]) -> tuple[int, Any]:
    """The exit code and the JSON of a command, without what differs from run to run."""
    options = () if arguments[0] == "restore" else BOOK_OPTIONS
    answer = process(*arguments, "--db", str(db), *options, "--json", cwd=db.parent, env=env)
    value = answer.json
    value.pop("seconds", None)
    return answer.exit, value


def test_the_processes_differ_by_their_assertions():
    command = [sys.executable, "-c", "print(__debug__)"]
    said = [subprocess.check_output(command, env=each, text=True) for each in ASSERTIONS]
    assert said == ["True\n", "False\n"]


# A file that is restored ------------------------------------------------------------------------


def forged(file: Path, old: bytes, new: bytes) -> None:
    """Changes the first entry of a file, and makes its hashes right again."""
    header, *lines, _ = file.read_bytes().splitlines(keepends=True)
    lines[0] = lines[0].replace(old, new)
    out, hash_ = [header], GENESIS
    for number, text in enumerate(lines, 1):
        said = json.loads(text)
        stored = text.partition(b'"entry":')[2].rstrip()[:-1]
        tag = json.loads(stored)["event"]["kind"]
        hash_ = link(hash_, said["book"], number, tag, stored)
        head = {"book": said["book"], "number": number, "tag": tag, "hash": hash_.hex()}
        out.append(json.dumps(head).encode()[:-1] + b',"entry":' + stored + b"}\n")
    heads = {"heads": {str(BOOK): [len(lines), hash_.hex()]}}
    file.write_bytes(b"".join(out) + json.dumps(heads, separators=(",", ":")).encode() + b"\n")


@pytest.fixture
def exported(every: Path, tmp_path: Path) -> Path:
    file = tmp_path / "book.jsonl"
    file.write_text(process("export", "jsonl", "--db", str(every), cwd=tmp_path).out, "utf-8")
    return file


@pytest.mark.parametrize("env", ASSERTIONS)
def test_a_file_that_begins_by_amending_a_book_contradicts_itself(exported, env, tmp_path):
    forged(exported, b"", b"")  # the forger's file is otherwise right
    assert ran(tmp_path / "honest.db", "restore", str(exported), env=env)[0] == 0
    forged(exported, b'"kind":"open-book"', b'"kind":"amend-book"')
    exit_code, said = ran(tmp_path / "again.db", "restore", str(exported), env=env)
    assert (exit_code, said["code"], said["facts"]["line"]) == (4, "FILE.CHAIN", 2)
    assert "第 1 笔不可能在此处发生" in said["message"]
    assert not (tmp_path / "again.db").exists()


# A book that is stored --------------------------------------------------------------------------


def begin_by_amending(connection: sqlite3.Connection) -> None:
    stored = stored_bytes(connection, 1).replace(b'"kind":"open-book"', b'"kind":"amend-book"')
    put_bytes(connection, 1, stored)
    connection.execute("UPDATE stored_events SET topic = 'amend-book' WHERE originator_version = 1")


def turn_round(connection: sqlite3.Connection) -> None:
    """Every entry stands where its opposite stood: each asks for what is not there yet."""
    rows = connection.execute("SELECT topic, state FROM stored_events ORDER BY originator_version")
    there = [(tag, decode(state)) for tag, state in rows.fetchall()[1:]]
    for (_, place), (tag, entry) in zip(there, reversed(there), strict=True):
        number, moment = place.number, place.recorded_at
        moved = msgspec.structs.replace(
            entry, number=number, recorded_at=moment, key=None, digest=None
        )
        connection.execute(
            "UPDATE stored_events SET topic = ?, state = ?, key = NULL "
            "WHERE originator_version = ?",
            (tag, encode(moved), number),
        )


@pytest.mark.parametrize("tampering", [begin_by_amending, turn_round])
def test_an_audit_finds_the_same_with_and_without_assertions(
    every: Path, tampering: Callable[[sqlite3.Connection], None]
):
    with edited(every) as connection:
        tampering(connection)
        rehashed(connection)
    answers = [ran(every, "audit", env=env) for env in ASSERTIONS]
    assert answers[0] == answers[1]
    exit_code, said = answers[0]
    assert exit_code == 4
    assert {"RULES"} <= {each["code"] for each in said["findings"]}
    with closing(sqlite3.connect(every)) as connection:
        (entries,) = connection.execute("SELECT entries FROM heads").fetchone()
    assert said["entries"] == entries  # it was replayed to its end


def test_what_is_asked_of_a_book_that_begins_by_amending(every: Path):
    with edited(every) as connection:
        begin_by_amending(connection)
        rehashed(connection)
    for command in (["balance"], ["pay", "--amount", "1"], ["close-year", "--propose", "-"]):
        answers = [ran(every, *command, env=env) for env in ASSERTIONS]
        assert answers[0] == answers[1]
        assert answers[0][0] == 4
        assert answers[0][1]["code"] not in ("PROGRAM.ERROR", None)
