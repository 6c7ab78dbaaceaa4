"""Is anything lost when a process is killed? kill -9 at drawn moments, then all is checked.

A round starts one process, kills it, and then asks: is every acknowledged entry still there, with
its hash; are the numbers contiguous; is there no half import; does the next command work, whichever
it is; does the audit pass; do the views catch up; does the same import, repeated, complete. The
moments are drawn from the duration that was measured, and half of them from the time in which the
rollback journal exists, so that many fall inside a transaction; the report says where they fell.

    python -m scripts.proofs.crash --rounds 200 --seed 7
    python -m scripts.proofs.crash --each-write
        kill before every single system call of a commit (needs strace)
"""

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from tests.harness.called import (
    OPEN_BOOK,
    OPENING_ENTRIES,
    PAY,
    ROOT,
    Answer,
    called,
    import_file,
    numbers,
    opened,
    program,
    started,
)
from tests.harness.halves import journal_of

AFFORDABLE = 10_000_000
ROWS = 6_000
"""Rows of an import: more than SQLite's cache holds, so pages reach the file before the commit."""


class Fallen(NamedTuple):
    """One round: what was killed, where the kill fell, and what is wrong after it."""

    kind: str
    where: str
    wrong: list[str]


class Moment(NamedTuple):
    """When to kill: `seconds` after the process is ready, or after its journal appeared."""

    after_journal: bool
    seconds: float


class Durations(NamedTuple):
    """Seconds that things take on this machine: what the kills are drawn from."""

    start: float
    pay: float
    commit: float
    load: float
    views: float


def _started(command: Sequence[str], out: Path) -> subprocess.Popen[bytes]:
    """What it says goes to a file: whatever was flushed before the kill can be read after it."""
    with out.open("wb") as stream, out.with_suffix(".err").open("wb") as errors:
        return subprocess.Popen(command, cwd=ROOT, stdout=stream, stderr=errors)


def pay_for_ever(path: Path) -> None:
    """The worker: pays 1.00 again and again, and prints each receipt when it is durable."""
    while True:
        answer = called(path, *PAY)
        if answer.exit != 0:
            sys.exit(f"payment ended with {answer}")
        sys.stdout.write(answer.out)
        sys.stdout.flush()


def kill(process: subprocess.Popen[bytes], path: Path, moment: Moment) -> bool:
    """Kills the process at the moment; False if it had ended by itself."""
    journal = journal_of(path)
    if moment.after_journal:
        patience = time.monotonic() + 30
        while not journal.exists() and process.poll() is None and time.monotonic() < patience:
            pass
    until = time.perf_counter() + moment.seconds
    while time.perf_counter() < until and process.poll() is None:
        pass  # a sleep would be too coarse for a commit of a millisecond
    alive = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return alive


def _receipts(out: Path) -> list[dict[str, Any]]:
    """Every answer that was printed whole."""
    lines = out.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1] if line]


def _hot(path: Path) -> bool:
    journal = journal_of(path)
    return journal.exists() and journal.stat().st_size > 0


def broken(path: Path, acknowledged: Sequence[dict[str, Any]], allowed: set[int]) -> list[str]:
    """What is not as promised of a book after a kill, when it may hold `allowed` many entries."""
    found: list[str] = []
    stored = numbers(path)
    if stored != list(range(1, len(stored) + 1)):
        found.append(f"numbers are not contiguous: {stored[-5:]}")
    if len(stored) not in allowed:
        found.append(f"{len(stored)} entries, not {sorted(allowed)}")
    for receipt in (*acknowledged[:1], *acknowledged[-20:]):
        shown = called(path, "show", receipt["entry"])
        if shown.exit != 0 or shown.json()["hash"] != receipt["head"]["hash"]:
            found.append(f"acknowledged entry {receipt['entry']} is lost or another: {shown}")
    audit = called(path, "audit")
    if audit.exit != 0:
        found.append(f"audit ends with {audit.exit}: {audit.out[:3000]}")
    balance = called(path, "balance")
    if balance.exit != 0:
        found.append(f"balance ends with {balance}")
    else:
        answer = balance.json()
        paid_fen, right = answer["totals"]["paid_fen"], 100 * (len(stored) - OPENING_ENTRIES)
        if (answer["head"]["entries"], paid_fen) != (len(stored), max(right, 0)):
            found.append(f"views show {paid_fen} fen paid at {answer['head']}, not {right}")
    return found


def _next_command(rng: random.Random, path: Path) -> tuple[str, Answer]:
    """The first command after a kill, as a real process: any must recover the file."""
    name = rng.choice(["pay", "balance", "audit", "log", "seal"])
    return name, started(path, *(PAY if name == "pay" else (name,)))


class Crashes:
    """Rounds of kills in one folder, from one seed."""

    def __init__(self, folder: Path, seed: int, *, rows: int = ROWS) -> None:
        self.folder = folder
        self.rng = random.Random(seed)
        self.rows = rows
        self.paying = opened(folder / "pay.db", AFFORDABLE)
        self.base = opened(folder / "base.db", AFFORDABLE)
        self.csv = import_file(folder / "rows.csv", rows)
        self.durations = self._measured()

    def _measured(self) -> Durations:
        began = time.perf_counter()
        assert started(self.paying, *PAY).exit == 0
        start = time.perf_counter() - began
        began = time.perf_counter()
        for _ in range(50):
            assert called(self.paying, *PAY).exit == 0
        pay = (time.perf_counter() - began) / 50
        loaded = self._fresh("measured.db")
        began = time.perf_counter()
        assert started(loaded, "import", self.csv).exit == 0
        load = time.perf_counter() - began
        began = time.perf_counter()
        assert started(loaded, "balance").exit == 0
        return Durations(start, pay, pay, load, time.perf_counter() - began)

    def _fresh(self, name: str) -> Path:
        """A copy of the base book under a new name."""
        path = self.folder / name
        for old in self.folder.glob(f"{name}*"):
            old.unlink()
        shutil.copy(self.base, path)
        return path

    def rounds(self, count: int) -> Iterator[Fallen]:
        """So many rounds, of every kind in turn."""
        kinds: list[Callable[[], Fallen]] = [
            self.pay,
            self.load,
            self.pay,
            self.load,
            self.command,
            self.load,
            self.pay,
            self.views,
            self.load,
            self.open_book,
        ]
        for number in range(count):
            yield kinds[number % len(kinds)]()

    def _moment(self, whole: float, inside: float) -> Moment:
        """Half of the kills by the clock, half counted from the journal's appearance."""
        if self.rng.random() < 0.5:
            return Moment(False, self.rng.uniform(0, whole))
        return Moment(True, self.rng.uniform(0, inside))

    def pay(self) -> Fallen:
        """Kills a process that pays in a loop."""
        path, out = self.paying, self.folder / "pay.out"
        before = len(numbers(path))
        worker = [sys.executable, "-m", "scripts.proofs.crash", "--worker", str(path)]
        process = _started(worker, out)
        while not out.stat().st_size and process.poll() is None:
            pass
        moment = self._moment(20 * self.durations.pay, self.durations.commit)
        alive = kill(process, path, moment)
        hot = _hot(path)
        acknowledged = _receipts(out)
        reached = before + len(acknowledged)
        name, answer = _next_command(self.rng, path)
        own = 1 if name == "pay" else 0
        found = broken(path, acknowledged, {reached + own, reached + own + 1})
        if not alive:
            found.append(f"the worker ended by itself: {out.with_suffix('.err').read_text()}")
        if answer.exit != 0:
            found.append(f"{name} after the kill: {answer}")
        held = len(numbers(path)) - own > reached
        where = {
            (True, False): "in the commit: rolled back",
            (True, True): "in the commit: journal not yet needed, entry kept",
            (False, True): "after the commit, before the receipt",
            (False, False): "between transactions",
        }[hot, held]
        return Fallen("pay", where, found)

    def command(self) -> Fallen:
        """Kills one real `yusuan pay` with a key; the same command again completes it, once."""
        path, out = self.paying, self.folder / "command.out"
        before = len(numbers(path))
        keyed = (*PAY, "--key", f"key-{before}")
        process = _started(program(path, *keyed), out)
        alive = kill(process, path, self._moment(self.durations.start, self.durations.commit))
        hot = _hot(path)
        acknowledged = _receipts(out)
        name, answer = _next_command(self.rng, path)
        own = 1 if name == "pay" else 0
        reached = before + own + len(acknowledged)
        found = broken(path, acknowledged, {reached} if acknowledged else {reached, reached + 1})
        if answer.exit != 0:
            found.append(f"{name} after the kill: {answer}")
        held = len(numbers(path)) - own > before
        again = started(path, *keyed)
        if again.exit != 0 or again.json()["already"] != held:
            found.append(f"the same command again: {again}")
        found += broken(path, [], {before + own + 1})
        where = "finished" if not alive else _where(hot, held, bool(acknowledged))
        return Fallen("pay, one process", where, found)

    def load(self) -> Fallen:
        """Kills an import; then the same import must complete it."""
        path, out = self._fresh("import.db"), self.folder / "import.out"
        size = path.stat().st_size
        process = _started(program(path, "import", self.csv), out)
        whole = self.durations.load
        alive = kill(process, path, self._moment(whole, max(whole - self.durations.start, 0.01)))
        hot, grown = _hot(path), path.stat().st_size > size
        answered = bool(_receipts(out))
        name, answer = _next_command(self.rng, path)
        own = 1 if name == "pay" else 0
        none, whole_import = OPENING_ENTRIES + own, OPENING_ENTRIES + own + self.rows
        found = broken(path, [], {whole_import} if answered else {none, whole_import})
        if answer.exit != 0:
            found.append(f"{name} after the kill: {answer}")
        held = len(numbers(path)) == whole_import
        again = started(path, "import", self.csv)
        right = (0, self.rows, 0, self.rows) if held else (0, self.rows, self.rows, 0)
        if again.exit != 0:
            found.append(f"the same import again: {again}")
        else:
            told = again.json()
            got = (again.exit, told["rows"], told["recorded"], told["already"])
            if got != right:
                found.append(f"the same import again: {got}, not {right}")
        found += broken(path, [], {whole_import})
        where = "finished" if not alive else _where(hot, held, answered)
        if hot and grown:
            where = "in the transaction, pages already in the file: rolled back"
        return Fallen("import", where, found)

    def views(self) -> Fallen:
        """Kills a query while it builds the views, or a rebuild of views that are there."""
        path = self.folder / "measured.db"
        views = path.with_name(path.name + ".views")
        name = self.rng.choice(["balance", "rebuild"])
        if name == "balance":
            for old in self.folder.glob("measured.db.views*"):
                old.unlink()
        process = _started(program(path, name), self.folder / "views.out")
        alive = kill(process, views, self._moment(self.durations.views, self.durations.views))
        hot = _hot(views)
        found = broken(path, [], {OPENING_ENTRIES + self.rows})
        where = "finished" if not alive else "in the transaction" if hot else "outside it"
        return Fallen("views", where, found)

    def open_book(self) -> Fallen:
        """Kills `open-book` on a file that is not there yet."""
        path, out = self.folder / "new.db", self.folder / "new.out"
        for old in self.folder.glob("new.db*"):
            old.unlink()
        process = _started(program(path, *OPEN_BOOK), out)
        alive = kill(process, path, self._moment(self.durations.start, 3 * self.durations.commit))
        hot, answered = _hot(path), bool(_receipts(out))
        again = started(path, *OPEN_BOOK)
        held = again.exit == 3 and again.json()["code"] == "BOOK.ALREADY_OPENED"
        found = [] if held or (again.exit == 0 and not answered) else [f"again: {again}"]
        found += broken(path, [], {1})
        return Fallen("open-book", "finished" if not alive else _where(hot, held, answered), found)


def _where(hot: bool, held: bool, answered: bool) -> str:
    if answered:
        return "after the answer"
    if held:
        return "in the commit: kept" if hot else "after the commit, before the answer"
    return "in the transaction: rolled back" if hot else "before the first write"


CALLS = ("openat", "pwrite64", "fdatasync", "fsync", "ftruncate", "unlink")


def each_write(folder: Path, arguments: Sequence[object], entries: int) -> Iterator[Fallen]:
    """Kills a command before every system call with which it touches the file or its journal; it
    would record so many entries."""
    path = opened(folder / "base.db", AFFORDABLE)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        # Kept in the file: so few pages that an import must write some before its commit.
        connection.execute("PRAGMA default_cache_size = 10")
    trace = folder / "trace"
    copy = folder / "traced.db"
    for name, times in _calls(path, copy, trace, arguments).items():
        for number in range(1, times + 1):
            _copied(path, copy)
            out = folder / "traced.out"
            inject = f"inject={name}:signal=KILL:when={number}"
            command = _traced(copy, trace, name, arguments, "-e", inject)
            _started(command, out).wait()
            hot, acknowledged = _hot(copy), _receipts(out)
            allowed = {OPENING_ENTRIES + entries}
            if not acknowledged:
                allowed.add(OPENING_ENTRIES)
            found = broken(copy, acknowledged, allowed)
            held = len(numbers(copy)) > OPENING_ENTRIES
            again = started(copy, *arguments)
            if again.exit != 0:
                found.append(f"again: {again}")
            yield Fallen(f"{name} {number}", _where(hot, held, bool(acknowledged)), found)


def _calls(path: Path, copy: Path, trace: Path, arguments: Sequence[object]) -> Counter[str]:
    """How often an undisturbed run makes each call."""
    _copied(path, copy)
    subprocess.run(
        _traced(copy, trace, ",".join(CALLS), arguments), cwd=ROOT, check=True, capture_output=True
    )
    return Counter(re.findall(r"^(?:\d+ +)?(\w+)\(", trace.read_text(errors="replace"), re.M))


def _copied(path: Path, copy: Path) -> None:
    for old in copy.parent.glob(f"{copy.name}*"):
        old.unlink()
    shutil.copy(path, copy)


def _traced(
    copy: Path, trace: Path, calls: str, arguments: Sequence[object], *options: str
) -> list[str]:
    places = (copy, f"{copy}-journal", f"{copy}-wal", copy.parent)
    files = [option for place in places for option in ("-P", str(place))]
    strace = ["strace", "-f", "-o", str(trace), "-e", f"trace={calls}", *files, *options]
    return [*strace, *program(copy, *arguments)]


def report(rounds: Iterator[Fallen], say: IO[str] = sys.stdout) -> list[str]:
    """Runs the rounds, prints where the kills fell, and returns what was wrong."""
    fallen: Counter[tuple[str, str]] = Counter()
    found: list[str] = []
    for number, each in enumerate(rounds, 1):
        kind = each.kind.split()[0] if each.kind.split()[0] in CALLS else each.kind
        fallen[kind, each.where] += 1
        found += [f"round {number}, {each.kind}, {each.where}: {wrong}" for wrong in each.wrong]
    for (kind, where), times in sorted(fallen.items()):
        print(f"{times:5}  {kind}: {where}", file=say)
    return found


def main(argv: Sequence[str]) -> int:
    """Runs the rounds; 1 if a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m scripts.proofs.crash", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--each-write", action="store_true", help="needs strace")
    parser.add_argument("--worker", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.worker is not None:
        pay_for_ever(options.worker)
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yusuan-crash-") as name:
        if options.each_write:
            print("killed before each system call of one payment, and of one import of 300 rows")
            pay, load = Path(name, "pay"), Path(name, "load")
            pay.mkdir()
            load.mkdir()
            rows = import_file(load / "rows.csv", 300)
            found = report(each_write(pay, PAY, 1))
            found += report(each_write(load, ("import", rows), 300))
        else:
            print(f"seed {seed}, {options.rounds} rounds, {os.cpu_count()} processors", flush=True)
            crashes = Crashes(Path(name), seed)
            shown = ", ".join(f"{k} {v:.4f} s" for k, v in crashes.durations._asdict().items())
            print(f"measured: {shown}", flush=True)
            found = report(crashes.rounds(options.rounds))
    for complaint in found[:20]:
        print("broken:", complaint)
    print(f"{len(found)} promises broken, {time.monotonic() - began:.0f} s")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
