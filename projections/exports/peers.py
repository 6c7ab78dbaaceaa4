"""Does another program, from the exported journal alone, come to our balances?"""

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from ledger.errors import Lack, Lacking
from ledger.money import fen_of
from projections.exports.journal import CURRENCY

_AMOUNT = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2})0*)?")


class Peer(NamedTuple):
    """A program that adds up a journal, and how it is asked for the balance of every account as CSV
    (account, amount). `install` is how one gets it."""

    program: str
    install: str
    arguments: tuple[str, ...]


class Difference(msgspec.Struct, frozen=True):
    """An account that comes to something else there; one that a side does not have counts as 0."""

    account: str
    ours_fen: int
    theirs_fen: int


class Comparison(msgspec.Struct, frozen=True):
    """What was compared: so many accounts, and those that differ. `complaint` is what the program
    said where it could not read the journal."""

    program: str
    agreed: bool
    accounts: int
    differences: list[Difference]
    complaint: str | None


def program_of(peer: Peer) -> str:
    """The program's path, on the PATH or beside this Python. Raises `Lacking`."""
    beside = Path(sys.executable).with_name(peer.program)
    program = shutil.which(peer.program) or (str(beside) if beside.is_file() else None)
    if program is None:
        message = f"没有找到 {peer.program}，无法用它核对"
        raise Lacking(Lack.TOOL_MISSING, message, way_out=peer.install)
    return program


def compared(peer: Peer, journal: Path, ours: Mapping[str, int]) -> Comparison:
    """Every account of both sides, to the fen."""
    arguments = [argument.replace("{file}", str(journal)) for argument in peer.arguments]
    ran = subprocess.run(
        [program_of(peer), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="backslashreplace",
        env=_environment(),
    )
    if ran.returncode or ran.stderr.strip():
        complaint = ran.stderr.strip() or f"退出码 {ran.returncode}"
        return Comparison(peer.program, False, 0, [], complaint)
    theirs = dict(_balances(ran.stdout))
    differences = [
        Difference(account, ours.get(account, 0), theirs.get(account, 0))
        for account in sorted(ours.keys() | theirs.keys())
        if ours.get(account, 0) != theirs.get(account, 0)
    ]
    return Comparison(peer.program, not differences, len(ours), differences, None)


def _balances(printed: str) -> Iterator[tuple[str, int]]:
    for account, amount, *_ in csv.reader(printed.splitlines()):
        read = _AMOUNT.fullmatch(amount.removesuffix(CURRENCY).strip())
        if read is not None:  # anything else is the header
            fen = fen_of(read[2], read[3] or "")
            yield account, -fen if read[1] else fen


def _environment() -> dict[str, str]:
    """What these programs need to read UTF-8, whatever the terminal says."""
    return {**os.environ, "LC_ALL": "C.UTF-8"}
