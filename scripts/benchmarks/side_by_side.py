"""yusuan and its peers on the same rows: every balance compared, then the times believed."""

import shutil
import sys
from collections.abc import Callable
from typing import NamedTuple

from scripts.benchmarks.floors import GROUP, LOAD, PLAIN, REPLAY, floor
from scripts.benchmarks.journals import FORMATS
from scripts.benchmarks.measured import Measured, Operation
from scripts.benchmarks.peers import (
    CHECK,
    IMPORT,
    QUESTIONS,
    Absent,
    Balances,
    Tool,
    peers,
    yusuan,
)
from scripts.benchmarks.processes import RUNS_MIN, Command, quiet, repeat, spawn
from scripts.benchmarks.year import Year

TIMEOUT = 600.0
REPEATED_UP_TO = 100_000
"""Above this size one run is enough where it is long: a minute is not disturbed like a blink."""

FLOOR = "floor"
"""The tool of a row that is no tool's."""
PAIR_SIZE = 10_000
PAIRS = 20

Say = Callable[[str], None]

ANSWERED_BY_BALANCES = frozenset(QUESTIONS) - {IMPORT, CHECK}


class Mismatch(Exception):
    """A tool answered other balances than yusuan."""


class Answered(NamedTuple):
    """A question, who answered it, and what that cost."""

    tool: str
    measured: Measured


class Pair(NamedTuple):
    """Two commands that ran in turns, so that what disturbed one disturbed the other."""

    ours: Measured
    theirs: Measured

    @property
    def ratio(self) -> float:
        """The middle one of the ratios of ours to theirs, round by round."""
        rounds = zip(self.ours.runs, self.theirs.runs, strict=True)
        return sorted(ours.wall / theirs.wall for ours, theirs in rounds)[(PAIRS - 1) // 2]


class SideBySide:
    """One size: yusuan first, whose answers the others must give."""

    def __init__(self, year: Year, say: Say) -> None:
        self.year = year
        self.say = say
        self.found = peers(year.folder)
        self.answered: list[Answered] = []
        self.expected: dict[Operation, Balances] = {}
        """What yusuan, asked first, answers to each question."""
        self._answer = year.folder / "answer.txt"

    @property
    def absent(self) -> list[Absent]:
        """The tools that are not here."""
        return [tool for tool in self.found if isinstance(tool, Absent)]

    @property
    def tools(self) -> list[Tool]:
        """The tools that are here."""
        return [tool for tool in self.found if isinstance(tool, Tool)]

    def run(self) -> list[Answered]:
        """Asks everything. Raises `Mismatch`."""
        self.year.make()
        self.prepare()
        self._ask(yusuan(self.year))
        failed = [one.measured.failure for one in self.answered if one.measured.failure]
        if failed:
            raise Mismatch(f"yusuan: {failed[0]}")
        for tool in self.tools:
            self._ask(tool)
        quiet(floor(PLAIN, self.year.folder)(0))
        for name in (LOAD, GROUP, REPLAY):
            self._take(FLOOR, Operation(name), floor(name, self.year.folder))
        return self.answered

    def prepare(self) -> None:
        """Writes the year in the format of every peer."""
        module = "scripts.benchmarks.journals"
        quiet([sys.executable, "-m", module, str(self.year.csv), str(self.year.folder)])

    def pair(self) -> Pair | None:
        """`yusuan balance` and `ledger balance`, as a person types them; none without ledger."""
        program = shutil.which("ledger")
        if program is None:
            return None
        journal = str(self.year.folder / FORMATS["ledger"].file)
        ours = self.year.yusuan("balance")(0)
        theirs = [program, "--args-only", "--file", journal, "balance"]
        folder = self.year.folder
        rounds = [(spawn(ours, folder), spawn(theirs, folder)) for _ in range(PAIRS)]
        pair = Pair(
            Measured(Operation("yusuan balance"), self.year.size, [one for one, _ in rounds]),
            Measured(Operation("ledger balance"), self.year.size, [other for _, other in rounds]),
        )
        for measured in pair:
            self.say(measured.told(f"in turns: {measured.operation.name}"))
        return pair

    def _ask(self, tool: Tool) -> None:
        for question, asked in tool.asked.items():
            measured = self._take(tool.name, question, asked.always, asked.before)
            if question in ANSWERED_BY_BALANCES and not measured.failure:
                who = f"{tool.name}, {question.name}"
                try:
                    answer = tool.read(self._answer.read_text(encoding="utf-8"))
                except (ValueError, ArithmeticError) as error:
                    raise Mismatch(f"{who}: an answer that cannot be read: {error}") from error
                self.expected.setdefault(question, answer)
                agree(who, self.expected[question], answer)

    def _take(
        self,
        tool: str,
        question: Operation,
        command: Command,
        before: Callable[[], None] | None = None,
    ) -> Measured:
        runs = repeat(
            command,
            self.year.folder,
            before,
            at_least=RUNS_MIN if self.year.size <= REPEATED_UP_TO else 1,
            answer=self._answer,
            timeout=TIMEOUT,
        )
        measured = Measured(question, self.year.size, runs)
        self.answered.append(Answered(tool, measured))
        self.say(measured.told(f"{tool}: {question.name.removeprefix('floor: ')}"))
        return measured


def agree(who: str, expected: Balances, answer: Balances) -> None:
    """Raises `Mismatch` unless every balance is the same to the fen, and there is one."""
    if not expected:
        raise Mismatch(f"{who}: no balance to compare")
    different = [
        f"  {line} {account}: {answer.get((line, account), 0)} fen, yusuan says {fen} fen"
        for (line, account) in sorted(expected.keys() | answer.keys())
        if answer.get((line, account), 0) != (fen := expected.get((line, account), 0))
    ]
    if different:
        raise Mismatch("\n".join((f"{who}: {len(different)} balances differ", *different[:10])))
