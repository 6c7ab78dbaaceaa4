"""Is what a command says of its outcome true, whatever happens to it? Many processes on one book.

Commands of every kind run at the same time, each a process of its own, each with ids that no other
has. Many of them are killed (SIGKILL) or asked to end (SIGINT, SIGTERM, SIGHUP) at a drawn moment;
stdout of half of them is closed, full, or a pipe that nobody reads, and stderr of some is full.
Afterwards the book itself is asked by the ids. What the exit code, stderr and stdout have said of
every single command must be what the book holds; one that was killed may have said nothing, but a
receipt that was read must be true. No traceback may be seen, and the audit must find nothing.

    python -m scripts.proofs.storm
        8 processes at a time for two minutes
    python -m scripts.proofs.storm --seconds 20 --processes 4 --seed 7
"""

import argparse
import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from tests.harness.called import (
    DATE,
    LINE,
    OPENING_ENTRIES,
    PAY,
    ROOT,
    called,
    import_file,
    numbers,
    opened,
    program,
)

_PLENTY = 100_000_000
_ROWS = 30
"""Rows of an import."""
_PATIENCE = 60
"""Seconds after which a command counts as one that does not end."""

READ, CLOSED, FULL, GONE = "read", "closed", "full", "gone"
"""What may become of stdout: it is read, closed, on a full disk, or a pipe that nobody reads."""


class Asked(NamedTuple):
    """A command, the ids of the entries that it would make (none of a query), and the file that it
    would write."""

    arguments: tuple[str, ...]
    keys: tuple[str, ...] = ()
    file: Path | None = None


class Weather(NamedTuple):
    """What becomes of a command: of its stdout, of its stderr, and the signal that is sent to it
    (0: none). `delay` is drawn from 0 to 1; with `at_commit` it counts from the moment at which the
    process lets its journal go, else from the moment at which it can hear signals."""

    stdout: str = READ
    stderr_full: bool = False
    signal: int = 0
    at_commit: bool = False
    delay: float = 0

    @classmethod
    def drawn(cls, rng: random.Random) -> "Weather":
        """stderr is full only where stdout is read: else nothing could be heard of the command."""
        stdout = rng.choice((READ, READ, READ, CLOSED, FULL, GONE))
        sent = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, 0)
        (number,) = rng.choices(sent, (4, 3, 1, 2, 4))
        full = stdout == READ and rng.random() < 0.2
        return cls(stdout, full, int(number), rng.random() < 0.6, rng.random())


class Said(NamedTuple):
    """How a command ended, and what could be heard of it: nothing ("") of a stream that was not
    read."""

    asked: Asked
    weather: Weather
    exit: int
    out: str
    err: str

    @property
    def code(self) -> str:
        """The public code of its failure, wherever it stands."""
        found = _CODE_TOLD.search(self.err) or _CODE_IN_JSON.match(self.out)
        return found[1] if found else ""


_CODE_TOLD = re.compile(r"^错误 ([A-Z0-9_.]+)：", re.MULTILINE)
_CODE_IN_JSON = re.compile(r'\A\{"ok": false, "code": "([A-Z0-9_.]+)"')
_STANDING = re.compile(r"已经记录：\S+ 第 ([0-9]+)(?: 至 ([0-9]+))? 笔")


class Drawn:
    """Commands, from one seed. `paid` are payments that receipts have told of: what refunds and
    reversals are of."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.rng = random.Random(seed)
        self.seed = seed
        self.paid: list[int] = []
        self._made = 0

    def command(self) -> Asked:
        """The next command."""
        writes: list[Callable[[str], Asked]] = [
            *[self._pay] * 4,
            *[self._import] * 2,
            *(self._voucher, self._refund, self._reverse, self._reserve, self._reallocate),
            *(self._supplement, self._income),
        ]
        if self.rng.random() < 0.3:
            return self._query()
        return self.rng.choice(writes)(self._key())

    def _key(self) -> str:
        self._made += 1
        return f"s{self.seed}-{self._made}"

    def _query(self) -> Asked:
        if self.rng.random() < 0.2:
            file = self.path.with_name(f"{self._key()}.jsonl")
            return Asked(("export", "jsonl", "--out", str(file)), file=file)
        queries = (
            *("balance", "log", "audit", "rebuild", "carryover", "seal", "check", "doctor"),
            *("--version", "--help"),
        )
        return Asked((self.rng.choice(queries),))

    def _pay(self, key: str) -> Asked:
        return Asked((*PAY, "--key", key), (key,))

    def _voucher(self, key: str) -> Asked:
        items = ("--item", f"{LINE}=1", "--item", f"{LINE}=2")
        return Asked(("voucher", *items, "--payee", "乙", "--date", DATE, "--key", key), (key,))

    def _refund(self, key: str) -> Asked:
        amount = ("--amount", "0.01", "--date", DATE)
        return Asked(("refund", self._ref(), *amount, "--key", key), (key,))

    def _reverse(self, key: str) -> Asked:
        why = ("--reason", "重复", "--date", DATE)
        return Asked(("reverse", self._ref(), *why, "--key", key), (key,))

    def _ref(self) -> str:
        return str(self.rng.choice(self.paid or [OPENING_ENTRIES + 1]))

    def _reserve(self, key: str) -> Asked:
        line = ("--line", LINE, "--amount", "1", "--payee", "丙", "--date", DATE)
        return Asked(("reserve", *line, "--key", key), (key,))

    def _reallocate(self, key: str) -> Asked:
        """Half of them wait for somebody who approves."""
        line = ("--line", LINE, "--to-econ", "31002", "--amount", "1", "--date", DATE)
        authority = self.rng.choice(((), ("--authority", "finance")))
        return Asked(("reallocate", *line, *authority, "--doc", key, "--key", key), (key,))

    def _supplement(self, key: str) -> Asked:
        line = ("--line", LINE, "--amount", "5", "--date", DATE)
        return Asked(("supplement", *line, "--doc", key, "--key", key), (key,))

    def _income(self, key: str) -> Asked:
        line = ("--fund", "nonfiscal", "--func", "2080105", "--project", "P01", "--econ", "other")
        return Asked(("income", *line, "--amount", "3", "--date", DATE, "--key", key), (key,))

    def _import(self, key: str) -> Asked:
        file = import_file(self.path.with_name(f"{key}.csv"), _ROWS, prefix=f"{key}-")
        return Asked(("import", str(file)), tuple(f"{key}-{row}" for row in range(_ROWS)))


def attempt(drawn: Drawn) -> Said:
    """Runs one command in its weather."""
    asked, weather = drawn.command(), Weather.drawn(drawn.rng)
    command = program(drawn.path, *asked.arguments)
    if asked.arguments[0].startswith("--") or drawn.rng.random() < 0.5:
        command.remove("--json")
    out = err = subprocess.PIPE
    with contextlib.ExitStack() as streams:
        if weather.stdout == CLOSED:
            command = ["bash", "-c", 'exec "$@" >&-', "bash", *command]
        if weather.stdout == GONE:
            read, out = os.pipe()
            os.close(read)
            streams.callback(os.close, out)
        full = streams.enter_context(Path("/dev/full").open("wb")).fileno()
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=full if weather.stdout == FULL else out,
            stderr=full if weather.stderr_full else err,
        )
        sender = threading.Thread(target=_send, args=(process, weather))
        sender.start()
        try:
            said = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            said = process.communicate()
            said = (said[0], b"it does not end")
        sender.join()
    told = [(stream or b"").decode() for stream in said]
    ended = Said(asked, weather, process.returncode, *told)
    if asked.arguments[0] == "pay" and (number := entry_told(ended)) is not None:
        drawn.paid.append(number)
    return ended


def _send(process: subprocess.Popen[bytes], weather: Weather) -> None:
    """Sends the signal at its moment, unless the process ends before."""
    if not weather.signal:
        return
    of_process = Path(f"/proc/{process.pid}")
    with contextlib.suppress(OSError):
        # Before its first line runs a Python answers as Python does, not as we do.
        while weather.signal != signal.SIGKILL and not _listens(of_process / "status"):
            if process.poll() is not None:
                return
            time.sleep(0.0005)
        if weather.at_commit:
            seen = False
            while not seen or _writes(of_process / "fd"):
                seen = seen or _writes(of_process / "fd")
                if process.poll() is not None:
                    return
                time.sleep(0.0002)
            time.sleep(weather.delay * _AFTER_COMMIT)
        else:
            time.sleep(weather.delay * _WHOLE)
    process.send_signal(weather.signal)


_AFTER_COMMIT = 0.005
_WHOLE = 0.4
"""Seconds in which a signal is sent: after a commit, and after the start."""


def _listens(status: Path) -> bool:
    """Whether a process catches SIGTERM, which no Python does by itself."""
    rows = dict(row.split(":\t", 1) for row in status.read_text().splitlines() if ":\t" in row)
    caught = int(rows.get("SigCgt", "0"), 16)
    return rows.get("Name", "").startswith("python") and bool(caught >> (signal.SIGTERM - 1) & 1)


def _writes(descriptors: Path) -> bool:
    """Whether a process has a journal open."""
    for each in descriptors.iterdir():
        with contextlib.suppress(OSError):
            if each.readlink().name.endswith(("-journal", "-wal")):
                return True
    return False


def entry_told(said: Said) -> int | None:
    """The entry that a receipt on stdout names, if a whole one was read."""
    if not said.out.endswith("\n"):
        return None
    if said.out.startswith('{"ok": true'):
        number: int | None = json.loads(said.out).get("entry")
        return number
    found = re.match(r"已记录 第 ([0-9]+) 笔", said.out)
    return int(found[1]) if found else None


def untrue(said: Said, held: dict[str, int]) -> list[str]:
    """What a command has said that is not so, or should have said; `held` are the entries that the
    book has in the end, by their ids."""
    asked, weather = said.asked, said.weather
    entries = [held[key] for key in asked.keys if key in held]
    recorded = bool(entries)
    found = []
    if recorded and len(entries) != len(asked.keys):
        found.append(f"{len(entries)} of {len(asked.keys)} are recorded")
    found += [
        f"{word}" for word in ("Traceback", "Exception ignored") if word in said.out + said.err
    ]
    number = entry_told(said)
    if number is not None and asked.keys and number not in entries:
        found.append(f"a receipt names entry {number}, not {entries}")
    if said.exit == -signal.SIGKILL == -weather.signal:
        return found
    unread = weather.stdout != READ
    match said.exit, said.code:
        case ((0 | 6), ""):
            if asked.keys and not recorded:
                found.append("done, and nothing is recorded")
            if asked.keys and weather.stdout == READ and number is None and len(asked.keys) == 1:
                found.append("done without a receipt")
            if unread and (asked.keys or weather.stdout != GONE):
                found.append("done, and nobody was told")
            if asked.file is not None and not _whole(asked.file):
                found.append("done, and the file is not whole")
        case 3, _:
            if recorded:
                found.append("refused, and recorded")
        case 5, "OUTPUT.LOST":
            if not recorded:
                found.append("said to be recorded, and is not")
            told = _STANDING.search(said.err)
            if told and [int(told[1]), int(told[2] or told[1])] != [*entries[:1], *entries[-1:]]:
                found.append(f"{told[0]}, and they are {entries}")
            if told is None and not weather.stderr_full:
                found.append("lost without a number on stderr")
        case 5, "INTERRUPTED":
            if recorded:
                found.append("said not to be recorded, and is")
            if weather.signal == 0:
                found.append("interrupted by nobody")
        case 5, "FILE.UNWRITABLE" if "没有能给出回答" in said.err:
            if asked.keys or weather.stdout not in (CLOSED, FULL):
                found.append("no answer could be given, though it could")
        case 5, "" if weather.stderr_full:
            pass  # why, nobody could hear
        case _:
            found.append("it should not end so")
    if said.exit == 0 and asked.file is None and not asked.keys and not (unread or said.out):
        found.append("a query without an answer")
    return found


def _whole(file: Path) -> bool:
    return file.read_text(encoding="utf-8").splitlines()[-1].startswith('{"heads"')


def by_key(path: Path) -> dict[str, int]:
    """The entries of the book by their ids, read with plain SQL."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT key, originator_version FROM stored_events WHERE key IS NOT NULL"
        )
        return dict(rows.fetchall())


def storm(path: Path, *, processes: int, seconds: float, seed: int) -> list[Said]:
    """So many processes at a time, until the time is over; the last ones are awaited."""
    until = time.monotonic() + seconds

    def one_after_another(number: int) -> list[Said]:
        drawn, said = Drawn(path, seed * 100 + number), []
        while time.monotonic() < until:
            said.append(attempt(drawn))
        return said

    with ThreadPoolExecutor(processes) as pool:
        return [each for said in pool.map(one_after_another, range(processes)) for each in said]


def wrong(path: Path, said: Sequence[Said]) -> list[str]:
    """What is not as it must be after the storm; empty if all is well."""
    held = by_key(path)
    found = [f"{complaint}: {each}" for each in said for complaint in untrue(each, held)]
    stored = numbers(path)
    if stored != list(range(1, len(stored) + 1)):
        found.append(f"numbers are not contiguous: {stored[-5:]}")
    asked = {key for each in said for key in each.asked.keys}
    if strange := held.keys() - asked:
        found.append(f"entries that nobody asked for: {sorted(strange)[:5]}")
    for question in ("audit", "balance", "rebuild", "audit"):
        answer = called(path, question)
        if answer.exit != 0:
            found.append(f"{question} ends with {answer}")
    return found


def summary(said: Sequence[Said]) -> str:
    """How many commands ended how, by what was done to them."""
    names = {0: "no signal", **{each.value: each.name for each in signal.Signals}}
    ended = Counter(
        (names[each.weather.signal], "killed" if each.exit < 0 else f"{each.exit} {each.code}")
        for each in said
    )
    streams = Counter(each.weather.stdout for each in said)
    commands = Counter(each.asked.arguments[0] for each in said)
    rows = [f"{times:5}  {what}: {how}" for (what, how), times in sorted(ended.items())]
    for counted in (streams, commands):
        rows.append("  ".join(f"{what} {times}" for what, times in counted.most_common()))
    return "\n".join(rows)


def main(argv: Sequence[str]) -> int:
    """Raises the storm and prints what came of it; 1 if anything that was said is not true."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.storm", description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args(argv)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    with tempfile.TemporaryDirectory(prefix="yusuan-storm-") as name:
        path = opened(Path(name) / "book.db", _PLENTY)
        said = storm(path, processes=options.processes, seconds=options.seconds, seed=seed)
        found = wrong(path, said)
        entries = len(numbers(path))
    print(summary(said))
    for complaint in found[:20]:
        print("wrong:", complaint)
    print(
        f"seed {seed}: {len(said)} commands, {options.processes} at a time, {entries} entries; "
        f"{len(found)} differences between what was said and what is"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
