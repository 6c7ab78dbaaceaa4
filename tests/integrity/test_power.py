"""A power failure during one payment, played through from the system calls that it really makes.

What was written since the last sync of its file may have reached the disk or not, sector by sector;
a file that was made or deleted since the last sync of its folder may be there or not. In every such
world the book is whole, and once the payment was acknowledged it is there.
"""

import json
import random
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from scripts.proofs.crash import broken
from tests.harness.called import OPENING_ENTRIES, PAY, called, opened, program, traceable

ROOT = Path(__file__).resolve().parents[2]
SECTOR = 512
WORLDS = 4
"""Drawn for each system call, beside the two in which all or nothing reached the disk."""
_CALLS = "openat,pwrite64,fsync,fdatasync,ftruncate,unlink"
_BYTES = re.compile(r"\\x([0-9a-f]{2})")

pytestmark = pytest.mark.skipif(not traceable(), reason="strace is not here, or may not trace")


class Op(NamedTuple):
    """One system call on the file, a journal or the folder (`name` is then empty)."""

    call: str
    name: str
    offset: int = 0
    data: bytes = b""


class Disk:
    """A folder as the system sees it, and as it would be after a power failure."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.synced = dict(files)
        self.listed = set(files)  # names that the folder on the disk holds
        self.names = set(files)  # names that the system shows
        self.pending: dict[str, list[Op]] = {name: [] for name in files}

    def do(self, op: Op) -> None:
        """What the system does."""
        match op.call:
            case "create":
                self.names.add(op.name)
                self.synced[op.name], self.pending[op.name] = b"", []
            case "unlink":
                self.names.discard(op.name)
            case "sync" if not op.name:
                self.listed = set(self.names)
            case "sync":
                self.synced[op.name] = _applied(self.synced[op.name], self.pending[op.name])
                self.pending[op.name] = []
            case _:
                self.pending[op.name].append(op)

    def failed(self, rng: random.Random | None, *, kept: bool = False) -> dict[str, bytes]:
        """What is on the disk when the power fails: drawn, or all (`kept`) or nothing of what was
        not synced."""

        def lucky() -> bool:
            return kept if rng is None else rng.random() < 0.5

        files: dict[str, bytes] = {}
        for name in sorted(self.listed | self.names):
            sure = name in self.listed and name in self.names
            if not (sure or lucky() == (name in self.names)):
                continue
            sectors = [part for op in self.pending[name] for part in _sectors(op) if lucky()]
            files[name] = _applied(self.synced[name], sectors)
        return files


def _sectors(op: Op) -> list[Op]:
    if op.call != "write":
        return [op]
    whole = range(0, len(op.data), SECTOR)
    return [op._replace(offset=op.offset + i, data=op.data[i : i + SECTOR]) for i in whole]


def _applied(content: bytes, ops: Sequence[Op]) -> bytes:
    changed = bytearray(content)
    for op in ops:
        if op.call == "truncate":
            del changed[op.offset :]
            continue
        missing = op.offset + len(op.data) - len(changed)
        changed.extend(bytes(max(missing, 0)))
        changed[op.offset : op.offset + len(op.data)] = op.data
    return bytes(changed)


def traced(path: Path) -> tuple[list[Op], dict[str, Any]]:
    """Pays 1.00 under strace: its system calls, and its receipt."""
    trace = path.with_suffix(".trace")
    places = (path, f"{path}-journal", f"{path}-wal", path.parent)
    files = [option for place in places for option in ("-P", str(place))]
    strace = ["strace", "-f", "-y", "-xx", "-s", "1000000", "-o", str(trace)]
    done = subprocess.run(
        [*strace, "-e", f"trace={_CALLS}", *files, *program(path, *PAY)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    ops: list[Op] = []
    names = {path.name}
    for line in trace.read_text().splitlines():
        op = _op(line, path)
        if op is None or (op.call == "create" and op.name in names):
            continue
        if op.call == "create":
            names.add(op.name)
        elif op.call == "unlink":
            names.discard(op.name)
        ops.append(op)
    return ops, json.loads(done.stdout)


def _text(quoted: str) -> bytes:
    return bytes.fromhex("".join(_BYTES.findall(quoted)))


def _op(line: str, path: Path) -> Op | None:
    found = re.match(r"(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)", line)
    if found is None or found[3].startswith("-"):
        return None
    call, arguments = found[1], found[2]

    def named(quoted: str) -> str:
        place = Path(_text(quoted).decode())
        return "" if place == path.parent else place.name

    match call:
        case "openat":
            name = named(arguments.split(",")[1])
            return Op("create", name) if "O_CREAT" in arguments and name else None
        case "unlink":
            return Op("unlink", named(arguments))
        case "fsync" | "fdatasync":
            return Op("sync", named(arguments))
        case "ftruncate":
            file, size = arguments.rsplit(",", 1)
            return Op("truncate", named(file), int(size))
        case _:
            file, data, _, offset = arguments.rsplit(", ", 3)
            return Op("write", named(file), int(offset), _text(data))


def worlds(before: bytes, ops: Sequence[Op], path: Path, rng: random.Random) -> Any:
    """(whether the payment was acknowledged, the files) after a power failure at every moment."""
    disk = Disk({path.name: before})
    for number in range(len(ops) + 1):
        acknowledged = number == len(ops)
        yield acknowledged, disk.failed(None, kept=False)
        yield acknowledged, disk.failed(None, kept=True)
        for _ in range(WORLDS * (10 if acknowledged else 1)):
            yield acknowledged, disk.failed(rng)
        if not acknowledged:
            disk.do(ops[number])


def lost(before: bytes, ops: Sequence[Op], receipt: dict[str, Any], place: Path, seed: int) -> Any:
    """What is broken in any of the worlds."""
    place.mkdir()
    found: list[str] = []
    outcomes = set()
    path = place / "book.db"
    for acknowledged, files in worlds(before, ops, path, random.Random(seed)):
        for old in place.iterdir():
            old.unlink()
        for name, content in files.items():
            (place / name).write_bytes(content)
        told = [receipt] if acknowledged else []
        allowed = {OPENING_ENTRIES + 1} if acknowledged else {OPENING_ENTRIES, OPENING_ENTRIES + 1}
        try:
            found += broken(path, told, allowed)
            outcomes.add(called(path, "balance").json()["totals"]["paid_fen"])
        except Exception as error:
            found.append(f"{files.keys()}: {error!r}")
    assert outcomes >= {0, 100}, "the worlds are too alike to prove anything"
    return found


@pytest.fixture
def paid(tmp_path: Path, journal: str) -> tuple[bytes, list[Op], dict[str, Any]]:
    path = opened(tmp_path / "book.db", 10)
    before = path.read_bytes()
    ops, receipt = traced(path)
    assert {op.call for op in ops} >= {"create", "write", "sync", "unlink"}
    disk = Disk({path.name: before})
    for op in ops:
        disk.do(op)
    assert disk.failed(None, kept=True)[path.name] == path.read_bytes(), "the play differs"
    return before, ops, receipt


def test_an_acknowledged_payment_survives_a_power_failure(
    tmp_path: Path, paid: tuple[bytes, list[Op], dict[str, Any]], rng: random.Random
):
    before, ops, receipt = paid
    assert lost(before, ops, receipt, tmp_path / "worlds", rng.randrange(10**6)) == []


def test_without_its_syncs_it_would_not(
    tmp_path: Path, paid: tuple[bytes, list[Op], dict[str, Any]], rng: random.Random, journal: str
):
    """The play can fail: no sync at all, or (DELETE) none of the folder at the end, which is what
    `synchronous = FULL` leaves out and EXTRA does."""
    before, ops, receipt = paid
    seed = rng.randrange(10**6)
    careless = [op for op in ops if op.call != "sync"]
    assert lost(before, careless, receipt, tmp_path / "careless", seed)
    if journal == "DELETE":
        assert ops[-1] == Op("sync", "")
        assert lost(before, ops[:-1], receipt, tmp_path / "full", seed)
