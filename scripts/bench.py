"""How fast is it? Whole processes at several sizes of a book, beside the floors of this machine.

`python -m scripts.bench` makes synthetic years (scripts/synthetic.py), runs every command on them
several times, prints a Markdown report and writes it to BENCHMARKS.md. It measures and never
judges: a missed target of design §9 is a row that says so, and the exit code is 0.

Each run is a child process of its own, timed from fork to exit; CPU and peak memory come from
wait4. This process stays small on purpose: Linux counts the parent's peak memory in the child's.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from scripts.synthetic import ROWS_MIN

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "BENCHMARKS.md"
SIZES = (10_000, 100_000, 1_000_000)
UNIT, YEAR = "BENCH", "2020"
LIBRARIES = ("eventsourcing", "msgspec", "sqlite-utils", "typer", "rich")

OPEN_BOOK = ["open-book", "--name", "测试", "--kind", "admin"]
OPEN_BOOK += ["--edition", "2020", "--basis", "indicator"]

RUNS_MAX = 9
RUNS_MIN = 3
SECONDS = 15.0
"""A command is repeated until it has run so often, or so long and at least RUNS_MIN times."""

Command = Callable[[int], list[str]]
"""The command line of run 0, 1, 2 …"""


class Run(NamedTuple):
    """One process."""

    wall: float
    cpu: float
    peak_mb: float
    failure: str


class Target(NamedTuple):
    """What design §9 asks for at one size."""

    size: int
    seconds: float
    peak_mb: float | None = None


class Operation(NamedTuple):
    """What is measured: its name in the report, the floor it is compared with, its targets."""

    name: str
    floor: str | None = None
    targets: tuple[Target, ...] = ()


class Measured(NamedTuple):
    """All runs of one operation at one size; the figures are of the best run."""

    operation: Operation
    size: int
    runs: list[Run]

    @property
    def wall(self) -> float:
        """The shortest run: what disturbs a run only makes it longer."""
        return min(run.wall for run in self.runs)

    @property
    def median(self) -> float:
        """The middle run, the lower one of two."""
        return sorted(run.wall for run in self.runs)[(len(self.runs) - 1) // 2]

    @property
    def cpu(self) -> float:
        """The least CPU time, user and system."""
        return min(run.cpu for run in self.runs)

    @property
    def peak_mb(self) -> float:
        """The largest peak memory."""
        return max(run.peak_mb for run in self.runs)

    @property
    def failure(self) -> str:
        """What the first failed run said; empty if all succeeded."""
        return next((run.failure for run in self.runs if run.failure), "")

    def verdict(self) -> tuple[str, str]:
        """The target at this size and whether it is met; both empty where design §9 has none."""
        for target in self.operation.targets:
            if target.size == self.size:
                asked = f"≤ {target.seconds:g} s"
                met = self.wall <= target.seconds and not self.failure
                if target.peak_mb is not None:
                    asked += f", ≤ {target.peak_mb:g} MB"
                    met = met and self.peak_mb <= target.peak_mb
                return asked, "met" if met else "**not met**"
        return "", ""


def _asked(seconds: float, peak_mb: float | None = None) -> tuple[Target, ...]:
    return (Target(1_000_000, seconds, peak_mb),)


LOAD = "floor: CSV → one SQLite table"
GROUP = "floor: sqlite3 GROUP BY"
REPLAY = "floor: msgspec decode, fold, SHA-256"
COMMIT = "floor: one durable INSERT"
_QUERY = _asked(0.25)


# --- one size ------------------------------------------------------------------------------------


class Bench:
    """The measurements at one size, in a folder of its own."""

    def __init__(self, folder: Path, size: int, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.size = size
        self.say = say
        self.csv = folder / "year.csv"
        self.log = folder / "book.db"
        self.measured: list[Measured] = []

    def run(self) -> list[Measured]:
        """Everything, in an order in which each finds what it needs."""
        _quiet([sys.executable, "-m", "scripts.synthetic", str(self.size), str(self.csv)])
        self._import()
        known_at = self._import_in_halves()
        busiest = json.loads(_quiet(self._floor("busiest")(0)))
        self._queries(busiest["line"], known_at)
        self._writes(busiest["line"], busiest["econ"])
        self._maintenance()
        self._floors()
        return self.measured

    def _import(self) -> None:
        def without_views() -> None:
            for file in self.folder.glob("book.db.views*"):
                file.unlink()

        self._take(
            Operation("import", LOAD, _asked(40)),
            self._yusuan("import", str(self.csv)),
            self._afresh,
        )
        self._take(
            Operation("first query after import", LOAD), self._yusuan("balance"), without_views
        )

    def _afresh(self) -> None:
        for file in self.folder.glob("book.db*"):
            file.unlink()
        _quiet([*yusuan(), *OPEN_BOOK, *_book(self.log)])

    def _import_in_halves(self) -> str:
        """Not measured: the same book recorded at two moments, and a time between them.

        An import is one moment, so a book of one import has no past that `--known-at` could ask.
        """
        self._afresh()
        first, second = self.folder / "first.csv", self.folder / "second.csv"
        with (
            self.csv.open("rb") as year,
            first.open("wb") as one,
            second.open("wb") as two,
        ):
            header = year.readline()
            one.write(header)
            two.write(header)
            for number, row in enumerate(year, 1):
                (one if number <= self.size // 2 else two).write(row)
        _quiet(self._yusuan("import", str(first))(0))
        known_at = datetime.now(UTC).isoformat()
        _quiet(self._yusuan("import", str(second))(0))
        _quiet(self._yusuan("balance")(0))  # builds the views
        return known_at

    def _queries(self, line: str, known_at: str) -> None:
        balance = (Target(10_000, 0.20), *_QUERY)
        for name, words, targets in (
            ("balance", ["balance"], balance),
            ("balance --json", ["balance", "--json"], balance),
            ("balance --as-of, end of month", ["balance", "--as-of", "2020-09-30"], _QUERY),
            ("balance --as-of, mid-month", ["balance", "--as-of", "2020-09-15"], _QUERY),
            ("balance --known-at, half-way", ["balance", "--known-at", known_at], _QUERY),
            ("carryover", ["carryover"], _QUERY),
            ("execution --scope all", ["execution", "--scope", "all"], _QUERY),
            ("progress", ["progress"], _QUERY),
            ("three-public", ["three-public"], _QUERY),
            ("table 3 --json", ["table", "3", "--json"], _asked(0.5)),
            ("log --limit 20", ["log", "--limit", "20"], _QUERY),
            ("log --line, busiest", ["log", "--line", line], _QUERY),
            ("log --line --limit 20", ["log", "--line", line, "--limit", "20"], _QUERY),
            ("statement, busiest line", ["statement", line], _QUERY),
            ("show", ["show", str(self.size // 2)], _QUERY),
        ):
            self._take(Operation(name, GROUP, targets), self._yusuan(*words))
        self._take(
            Operation("balance, page cache dropped", GROUP), self._yusuan("balance"), self._cold
        )

    def _writes(self, line: str, econ: str) -> None:
        def pay(*more: str) -> Command:
            paid = "pay --amount 1.23 --payee 江汉印务有限公司 --purpose 测试 --date 2020-12-31"
            words = [*paid.split(), "--line", line, "--econ", econ, *more]
            return lambda run: self._yusuan(*words, "--doc", f"测{run}")(run)

        self._take(Operation("pay --dry-run", COMMIT, _QUERY), pay("--dry-run"))
        self._take(Operation("pay, durable, with receipt", COMMIT, _QUERY), pay())

    def _maintenance(self) -> None:
        self._take(Operation("audit", REPLAY, _asked(6, 150)), self._yusuan("audit"))
        cold = Operation("audit, page cache dropped", REPLAY)
        self._take(cold, self._yusuan("audit"), self._cold)
        self._take(Operation("rebuild", LOAD), self._yusuan("rebuild"))
        self._take(Operation("seal", GROUP, _QUERY), self._yusuan("seal"))

    def _floors(self) -> None:
        _quiet(self._floor("plain")(0))
        for name, floor in ((LOAD, "load"), (GROUP, "group"), (REPLAY, "replay")):
            self._take(Operation(name), self._floor(floor))
        self._take(Operation(COMMIT), self._floor("commit"))

    def _take(
        self, operation: Operation, command: Command, before: Callable[[], None] | None = None
    ) -> None:
        measured = Measured(operation, self.size, repeat(command, self.folder, before))
        self.measured.append(measured)
        failure = f"  {measured.failure}" if measured.failure else ""
        self.say(f"{self.size:>9,}  {operation.name:<38}{_seconds(measured.wall):>9} s{failure}")

    def _cold(self) -> None:
        """Takes the book and its views out of the page cache, where the system allows that."""
        os.sync()
        if hasattr(os, "posix_fadvise"):
            for file in self.folder.glob("book.db*"):
                descriptor = os.open(file, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)

    def _yusuan(self, verb: str, *words: str) -> Command:
        return lambda _: [*yusuan(), verb, *_book(self.log), *words]

    def _floor(self, name: str) -> Command:
        return lambda _: [sys.executable, "-m", "scripts.bench", "--floor", name, str(self.folder)]


def start_up(folder: Path, say: Callable[[str], None]) -> list[Measured]:
    """What a process costs before it does anything: the interpreter, the help, a tiny book."""
    tiny = _book(folder / "tiny.db")
    _quiet([*yusuan(), *OPEN_BOOK, *tiny])
    measured = []
    for name, command in (
        ("python -c pass", [sys.executable, "-c", "pass"]),
        ("yusuan --help", [*yusuan(), "--help"]),
        ("yusuan seal, a book of one entry", [*yusuan(), "seal", *tiny]),
        ("yusuan balance, a book of one entry", [*yusuan(), "balance", *tiny]),
    ):
        runs = repeat(lambda _, c=command: c, folder)  # type: ignore[misc]
        measured.append(Measured(Operation(name), 1, runs))
        say(f"{'':>9}  {name:<38}{_seconds(measured[-1].wall):>9} s")
    return measured


# --- processes -----------------------------------------------------------------------------------


def yusuan() -> list[str]:
    """The program as installed in this very environment."""
    return [str(Path(sys.executable).with_name("yusuan"))]


def _book(log: Path) -> list[str]:
    return ["--db", str(log), "--unit", UNIT, "--year", YEAR]


def repeat(command: Command, folder: Path, before: Callable[[], None] | None = None) -> list[Run]:
    """Runs a command several times, each time after `before`."""
    runs: list[Run] = []
    while len(runs) < RUNS_MIN or (
        len(runs) < RUNS_MAX and sum(run.wall for run in runs) < SECONDS
    ):
        if before is not None:
            before()
        runs.append(spawn(command(len(runs)), folder))
    return runs


def spawn(command: list[str], folder: Path) -> Run:
    """Runs one process to its end."""
    with (folder / "stderr.txt").open("w+b") as stderr:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        stderr.seek(0)
        said = stderr.read().decode("utf-8", "replace").strip().splitlines()
    failure = ""
    if process.returncode:
        failure = f"exit {process.returncode}: {said[0] if said else ''}"
    unit = 1 if platform.system() == "Darwin" else 1024  # ru_maxrss is bytes there, KiB here
    peak_mb = usage.ru_maxrss * unit / 1_000_000
    return Run(wall, usage.ru_utime + usage.ru_stime, peak_mb, failure)


def _quiet(command: list[str]) -> str:
    """Runs what is not measured and must succeed; what it printed."""
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(), check=False, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)}\nexit {done.returncode}: {done.stderr or done.stdout}"
        )
    return done.stdout


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith("YUSUAN_")}


# --- floors: what the same machine needs for the bare work ---------------------------------------


def floor(name: str, folder: Path) -> None:
    """Runs one floor, in a process of its own."""
    FLOORS[name](folder)


def _load(folder: Path) -> None:
    """The rows of the same CSV file into one table without an index, in one transaction."""
    import csv
    import sqlite3

    file = folder / "load.db"
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    with (folder / "year.csv").open(encoding="utf-8", newline="") as stream, connection:
        rows = csv.reader(stream)
        header = next(rows)
        connection.execute(f"CREATE TABLE entries ({', '.join(f'{name} TEXT' for name in header)})")
        marks = ",".join("?" * len(header))
        connection.executemany(f"INSERT INTO entries VALUES ({marks})", rows)
    connection.close()


def _plain(folder: Path) -> None:
    """Not measured: makes the table that `_group` reads."""
    import sqlite3

    (folder / "plain.db").unlink(missing_ok=True)
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("ATTACH ? AS views", (str(folder / "book.db.views"),))
    connection.execute("CREATE TABLE postings (line TEXT, account TEXT, amount_fen INTEGER)")
    connection.execute(
        "INSERT INTO postings SELECT l.line, p.account, p.amount_fen "
        "FROM views.postings p JOIN views.lines l ON l.id = p.line_id ORDER BY p.entry, p.seq"
    )
    connection.close()


def _group(folder: Path) -> None:
    """All balances from a plain table of postings by SQLite alone."""
    import sqlite3

    connection = sqlite3.connect(folder / "plain.db")
    statement = "SELECT line, account, SUM(amount_fen) FROM postings GROUP BY line, account"
    connection.execute(statement).fetchall()


def _replay(folder: Path) -> None:
    """Decodes every stored entry, adds up per line, and hashes all bytes in a chain."""
    import sqlite3
    from collections import defaultdict
    from hashlib import sha256

    import msgspec

    class Event(msgspec.Struct, gc=False):
        kind: str
        line: str = ""
        amount_fen: int = 0

    class Entry(msgspec.Struct, gc=False):
        event: Event

    decode = msgspec.json.Decoder(Entry).decode
    connection = sqlite3.connect(folder / "book.db")
    sums: dict[tuple[str, str], int] = defaultdict(int)
    hash_ = bytes(32)
    rows = connection.execute(
        "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version",
        (f"{UNIT}/{YEAR}",),
    )
    for (stored,) in rows:
        event = decode(stored).event
        sums[event.line, event.kind] += event.amount_fen
        hash_ = sha256(hash_ + stored).digest()


def _commit(folder: Path) -> None:
    """Python, sqlite3 and one row that is on the disk when the process ends."""
    import sqlite3

    connection = sqlite3.connect(folder / "commit.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("CREATE TABLE IF NOT EXISTS entries (state BLOB)")
    connection.execute("INSERT INTO entries VALUES (?)", (b"x" * 300,))
    connection.close()


def _busiest(folder: Path) -> None:
    """Not measured: prints the line with the most entries among those with a 款 of their own."""
    import sqlite3

    connection = sqlite3.connect(folder / "book.db.views")
    line, econ = connection.execute(
        "SELECT l.line, l.econ FROM postings p JOIN lines l ON l.id = p.line_id "
        "WHERE length(l.econ) = 5 GROUP BY p.line_id ORDER BY COUNT(*) DESC, l.line LIMIT 1"
    ).fetchone()
    print(json.dumps({"line": line, "econ": econ}))


FLOORS: dict[str, Callable[[Path], None]] = {
    "load": _load,
    "plain": _plain,
    "group": _group,
    "replay": _replay,
    "commit": _commit,
    "busiest": _busiest,
}


# --- report --------------------------------------------------------------------------------------


def machine() -> dict[str, str]:
    """Where and with what this was measured."""
    import sqlite3
    from importlib.metadata import version

    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit_id(),
        "machine": f"{os.cpu_count()} × {_processor()}, {_memory()}",
        "system": f"{platform.system()} {platform.release()}",
        "load before": " ".join(f"{load:.2f}" for load in os.getloadavg()),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }


def _commit_id() -> str:
    try:
        commit = _quiet(["git", "rev-parse", "--short=12", "HEAD"]).strip()
        changed = _quiet(["git", "status", "--porcelain", "--", "ledger", "projections", "cli"])
    except (OSError, SystemExit):
        return "unknown"
    return commit + (" with uncommitted changes" if changed.strip() else "")


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [row.partition(":")[2].strip() for row in text.splitlines() if "model name" in row]
    return names[0] if names else platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return "memory unknown"
    return f"{size / 2**30:.0f} GiB"


_COLUMNS = ("operation", "min s", "median s", "CPU s", "peak MB", "runs")
_NOTES = """\
Every figure is a whole process, from fork to exit, output to /dev/null. *min* is the shortest of
*runs* and the one that ratios and targets use, because other work on the machine only adds to it;
*CPU* is user and system time of the cheapest run, and the better measure where the load above is
above the number of processors; *peak* is the largest resident memory, and never less than that of
the measuring process. *× floor* compares with the floor of the same size named in the last
column, measured in the same session. The page cache is warm, as it is for a book in daily use,
but for the rows "page cache dropped": there the book and its views (not Python and the libraries)
are read from the disk again. Every import starts with a new book; "first query after import"
builds the views. The queries run on the same book imported in two halves, and `--known-at` asks
for the moment between them. Lines, dates and amounts come from `scripts/synthetic.py`. Targets
are those of design §9.
"""


def report(about: dict[str, str], start: list[Measured], sizes: list[list[Measured]]) -> str:
    """The whole of BENCHMARKS.md."""
    parts = [
        "<!-- Generated by `python -m scripts.bench`; do not edit. -->",
        "# Benchmarks",
        "",
        _table(("", ""), list(about.items())),
        "",
        _NOTES,
        "## Starting a process",
        "",
        _table(
            _COLUMNS,
            [_figures(measured) for measured in start],
        ),
    ]
    for measured in sizes:
        floors = {m.operation.name: m for m in measured}
        parts += [
            "",
            f"## {measured[0].size:,} entries",
            "",
            _table(
                (*_COLUMNS, "× floor", "target", "", "floor"),
                [(*_figures(m), *_compared(m, floors)) for m in measured],
            ),
        ]
    if len(sizes) > 1:
        parts += ["", *_growth(sizes)]
    return "\n".join(parts) + "\n"


def _figures(measured: Measured) -> tuple[str, ...]:
    name = measured.operation.name
    if measured.failure:
        name += f" (failed: {measured.failure.replace('|', '/')[:80]})"
    return (
        name,
        _seconds(measured.wall),
        _seconds(measured.median),
        _seconds(measured.cpu),
        f"{measured.peak_mb:.0f}",
        str(len(measured.runs)),
    )


def _compared(measured: Measured, floors: dict[str, Measured]) -> tuple[str, ...]:
    under = floors.get(measured.operation.floor or "")
    if under is None:
        return ("", *measured.verdict(), "")
    ratio = f"{measured.wall / under.wall:.1f}"
    return (ratio, *measured.verdict(), under.operation.name.removeprefix("floor: "))


def _growth(sizes: list[list[Measured]]) -> Iterator[str]:
    first, last = sizes[0][0].size, sizes[-1][0].size
    yield f"## Growth from {first:,} to {last:,} entries ({last / first:g} × the entries)"
    yield ""
    header = ("operation", *(f"{m[0].size:,}" for m in sizes), "× time", "× CPU", "× peak")
    rows = []
    for same in zip(*sizes, strict=True):
        low, high = same[0], same[-1]
        growth = [
            f"{after / before:.1f}"
            for before, after in (
                (low.wall, high.wall),
                (low.cpu, high.cpu),
                (low.peak_mb, high.peak_mb),
            )
        ]
        rows.append((low.operation.name, *(f"{_seconds(m.wall)} s" for m in same), *growth))
    yield _table(header, rows)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    aligned = ["---", *("--:" if len(header) > 2 else "---" for _ in header[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, aligned, *rows))


def _seconds(seconds: float) -> str:
    return (
        f"{seconds:.3f}" if seconds < 1 else f"{seconds:.2f}" if seconds < 10 else f"{seconds:.1f}"
    )


def _json(about: dict[str, str], start: list[Measured], sizes: list[list[Measured]]) -> Any:
    def one(measured: Measured) -> dict[str, Any]:
        asked, met = measured.verdict()
        return {
            "operation": measured.operation.name,
            "entries": measured.size,
            "min_seconds": round(measured.wall, 4),
            "median_seconds": round(measured.median, 4),
            "cpu_seconds": round(measured.cpu, 4),
            "peak_mb": round(measured.peak_mb, 1),
            "runs": len(measured.runs),
            "floor": measured.operation.floor,
            "target": asked or None,
            "met": met == "met" if asked else None,
            "failure": measured.failure or None,
        }

    flat = [*start, *(measured for size in sizes for measured in size)]
    return {"machine": about, "measured": [one(measured) for measured in flat]}


# --- command line --------------------------------------------------------------------------------


def main(argv: Sequence[str]) -> int:
    """Measures, prints the report and writes it."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="entries, with commas")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the books in this folder")
    parser.add_argument("--out", type=Path, default=REPORT, help="where the report goes")
    parser.add_argument("--floor", nargs=2, help=argparse.SUPPRESS)  # a child of this program
    given = parser.parse_args(argv)
    if given.floor:
        floor(given.floor[0], Path(given.floor[1]))
        return 0
    try:
        sizes = sorted({int(size) for size in given.sizes.split(",")})
    except ValueError:
        parser.error("--sizes takes whole numbers with commas between them")
    if sizes[0] < ROWS_MIN:
        parser.error(f"a size is at least {ROWS_MIN}")
    about = machine()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="yusuan-bench-"))
    try:
        start, measured = _measure(folder.resolve(), sizes)
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    about["load after"] = " ".join(f"{load:.2f}" for load in os.getloadavg())
    text = report(about, start, measured)
    given.out.write_text(text, encoding="utf-8")
    print(json.dumps(_json(about, start, measured), ensure_ascii=False) if given.json else text)
    return 0


def _measure(folder: Path, sizes: list[int]) -> tuple[list[Measured], list[list[Measured]]]:
    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("tiny.db*"):
        file.unlink()
    start = start_up(folder, say)
    measured = []
    for size in sizes:
        own = folder / str(size)
        own.mkdir(exist_ok=True)
        measured.append(Bench(own, size, say).run())
    return start, measured


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
