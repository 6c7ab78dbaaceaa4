"""Every command of yusuan at one size of a book, beside the floors of this machine."""

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from scripts.benchmarks.floors import BUSIEST, COMMIT, GROUP, LOAD, PLAIN, REPLAY, floor
from scripts.benchmarks.measured import Measured, Operation, Target
from scripts.benchmarks.processes import Command, quiet, repeat
from scripts.benchmarks.year import Year, book, open_book, yusuan


def _asked(seconds: float, peak_mb: float | None = None) -> tuple[Target, ...]:
    return (Target(1_000_000, seconds, peak_mb),)


_QUERY = _asked(0.25)


class Alone:
    """The measurements at one size, of a year."""

    def __init__(self, year: Year, say: Callable[[str], None]) -> None:
        self.year = year
        self.say = say
        self.measured: list[Measured] = []

    def run(self) -> list[Measured]:
        """Everything, in an order in which each finds what it needs."""
        self.year.make()
        self._import()
        known_at = self._import_in_halves()
        busiest = json.loads(quiet(floor(BUSIEST, self.year.folder)(0)))
        self._queries(busiest["line"], known_at)
        self._writes(busiest["line"], busiest["econ"])
        self._maintenance()
        self._floors()
        return self.measured

    def _import(self) -> None:
        self._take(
            Operation("import", LOAD, _asked(40)),
            self.year.yusuan("import", str(self.year.csv)),
            self.year.open_book,
        )
        self._take(
            Operation("first query after import", LOAD),
            self.year.yusuan("balance"),
            self.year.forget_views,
        )

    def _import_in_halves(self) -> str:
        """Not measured: the same book recorded at two moments, and a time between them.

        An import is one moment, so a book of one import has no past that `--known-at` could ask.
        """
        self.year.open_book()
        first, second = self.year.folder / "first.csv", self.year.folder / "second.csv"
        with (
            self.year.csv.open("rb") as year,
            first.open("wb") as one,
            second.open("wb") as two,
        ):
            header = year.readline()
            one.write(header)
            two.write(header)
            for number, row in enumerate(year, 1):
                (one if number <= self.year.size // 2 else two).write(row)
        quiet(self.year.yusuan("import", str(first))(0))
        known_at = datetime.now(UTC).isoformat()
        quiet(self.year.yusuan("import", str(second))(0))
        quiet(self.year.yusuan("balance")(0))  # builds the views
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
            ("show", ["show", str(self.year.size // 2)], _QUERY),
        ):
            self._take(Operation(name, GROUP, targets), self.year.yusuan(*words))
        self._take(
            Operation("balance, page cache dropped", GROUP), self.year.yusuan("balance"), self._cold
        )

    def _writes(self, line: str, econ: str) -> None:
        def pay(*more: str) -> Command:
            paid = "pay --amount 1.23 --payee 江汉印务有限公司 --purpose 测试 --date 2020-12-31"
            words = [*paid.split(), "--line", line, "--econ", econ, *more]
            return lambda run: self.year.yusuan(*words, "--doc", f"测{run}")(run)

        self._take(Operation("pay --dry-run", COMMIT, _QUERY), pay("--dry-run"))
        self._take(Operation("pay, durable, with receipt", COMMIT, _QUERY), pay())

    def _maintenance(self) -> None:
        self._take(Operation("audit", REPLAY, _asked(6, 150)), self.year.yusuan("audit"))
        cold = Operation("audit, page cache dropped", REPLAY)
        self._take(cold, self.year.yusuan("audit"), self._cold)
        self._take(Operation("rebuild", LOAD), self.year.yusuan("rebuild"))
        self._take(Operation("seal", GROUP, _QUERY), self.year.yusuan("seal"))

    def _floors(self) -> None:
        quiet(floor(PLAIN, self.year.folder)(0))
        for name in (LOAD, GROUP, REPLAY, COMMIT):
            self._take(Operation(name), floor(name, self.year.folder))

    def _take(
        self, operation: Operation, command: Command, before: Callable[[], None] | None = None
    ) -> None:
        measured = Measured(operation, self.year.size, repeat(command, self.year.folder, before))
        self.measured.append(measured)
        self.say(measured.told(operation.name))

    def _cold(self) -> None:
        """Takes the book and its views out of the page cache, where the system allows that."""
        os.sync()
        if hasattr(os, "posix_fadvise"):
            for file in self.year.folder.glob("book.db*"):
                descriptor = os.open(file, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)


def start_up(folder: Path, say: Callable[[str], None]) -> list[Measured]:
    """What a process costs before it does anything: the interpreter, the help, a tiny book."""
    tiny = book(folder / "tiny.db")
    open_book(folder / "tiny.db")
    measured = []
    for name, command in (
        ("python -c pass", [sys.executable, "-c", "pass"]),
        ("yusuan --help", [*yusuan(), "--help"]),
        ("yusuan seal, a book of one entry", [*yusuan(), "seal", *tiny]),
        ("yusuan balance, a book of one entry", [*yusuan(), "balance", *tiny]),
    ):
        runs = repeat(lambda _, c=command: c, folder)  # type: ignore[misc]
        measured.append(Measured(Operation(name), 1, runs))
        say(measured[-1].told(name))
    return measured
