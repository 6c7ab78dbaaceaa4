"""The tools beside which yusuan is measured: how each is asked, and how its answer is read.

Nothing is installed. A tool counts as here when it is on the PATH (duckdb also as a module of the
first Python that has it), and is absent otherwise: for all of them,

    apt-get install ledger hledger sqlite3
    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install beancount beanquery duckdb
    PATH=/tmp/peers/bin:$PATH bash scripts/bench --peers
"""

import csv
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from scripts.benchmarks.floors import GROUP, LOAD, REPLAY
from scripts.benchmarks.journals import (
    ADJUSTED,
    AVAILABLE,
    FORMATS,
    INITIAL,
    PAID,
    account_name,
    line_account,
)
from scripts.benchmarks.measured import Operation
from scripts.benchmarks.processes import environment
from scripts.benchmarks.year import Year
from scripts.synthetic import budget_lines

Balances = dict[tuple[str, str], int]
"""Fen by line and account, credits negative, without zeros."""

IMPORT = Operation("import", LOAD)
FIRST = Operation("all lines, nothing prepared", LOAD)
ALL = Operation("all lines", GROUP)
LINE = Operation("one line", GROUP)
AS_OF = Operation("all lines as of 15 September", GROUP)
CHECK = Operation("strict check, audit", REPLAY)
QUESTIONS = (IMPORT, FIRST, ALL, LINE, AS_OF, CHECK)
"""In the order in which they are asked: what one prepares (views, an index, a cache) serves those
after it. All but the first and the last answer balances, which are compared."""

DAY, DAY_AFTER = "2020-09-15", "2020-09-16"
BUSIEST = ":".join(cell or "-" for cell in max(budget_lines(), key=lambda line: line.weight).cells)


class Asked(NamedTuple):
    """The command line of a question, and what must be done before each run of it."""

    command: list[str]
    before: Callable[[], None] | None = None

    def always(self, _run: int) -> list[str]:
        """The same command line for every run."""
        return self.command


class Tool(NamedTuple):
    """A tool that is here, with what it can be asked."""

    name: str
    version: str
    asked: Mapping[Operation, Asked]
    read: Callable[[str], Balances]


class Absent(NamedTuple):
    """A tool that is not."""

    name: str
    looked_for: str


def peers(folder: Path) -> list[Tool | Absent]:
    """All of them, for the files of journals.py in a folder."""
    return [ledger(folder), hledger(folder), beancount(folder), sqlite(folder), duckdb(folder)]


# --- each tool -----------------------------------------------------------------------------------


def yusuan(year: Year) -> Tool:
    """Ours, asked for JSON as the others are asked for what a program reads."""

    def ask(*words: str, before: Callable[[], None] | None = None) -> Asked:
        return Asked(year.yusuan(*words)(0), before)

    asked = {
        IMPORT: ask("import", str(year.csv), before=year.open_book),
        FIRST: ask("balance", "--json", before=year.forget_views),
        ALL: ask("balance", "--json"),
        LINE: ask("balance", "--line", BUSIEST, "--json"),
        AS_OF: ask("balance", "--as-of", DAY, "--json"),
        CHECK: ask("audit"),
    }
    return Tool("yusuan", "this commit", asked, _read_yusuan)


def ledger(folder: Path) -> Tool | Absent:
    """ledger-cli reads the whole journal for every question, and prepares nothing."""
    program = shutil.which("ledger")
    if program is None:
        return Absent("ledger", "ledger")
    # --args-only: whatever ~/.ledgerrc says.
    start = [program, "--args-only", "--file", str(folder / FORMATS["ledger"].file)]
    wanted = "%(account)\t%(quantity(scrub(display_total)))\n"
    balance = [*start, "balance", "--flat", "--no-total", "--format", wanted]
    asked = {
        FIRST: Asked(balance),
        ALL: Asked(balance),
        LINE: Asked([*balance, _pattern(BUSIEST)]),
        AS_OF: Asked([*balance, "--end", DAY_AFTER]),
        CHECK: Asked([*start, "--pedantic", "stats"]),
    }
    return Tool("ledger", _version(program), asked, lambda text: _read_accounts(text, "\t"))


def hledger(folder: Path) -> Tool | Absent:
    """hledger too."""
    program = shutil.which("hledger")
    if program is None:
        return Absent("hledger", "hledger")
    file = ["--file", str(folder / FORMATS["hledger"].file)]
    balance = [program, "balance", *file, "--flat", "--no-total", "--output-format", "csv"]
    asked = {
        FIRST: Asked(balance),
        ALL: Asked(balance),
        LINE: Asked([*balance, _pattern(BUSIEST)]),
        AS_OF: Asked([*balance, "--end", DAY_AFTER]),
        CHECK: Asked([program, "check", *file, "--strict", "ordereddates"]),
    }
    return Tool("hledger", _version(program), asked, lambda text: _read_accounts(text, ","))


def beancount(folder: Path) -> Tool | Absent:
    """beancount keeps what it parsed beside the file, where that took it more than a second."""
    query, check = shutil.which("bean-query"), shutil.which("bean-check")
    if query is None or check is None:
        return Absent("beancount", "bean-query, bean-check")
    file = folder / FORMATS["beancount"].file

    def forget() -> None:
        file.with_name(f".{file.name}.picklecache").unlink(missing_ok=True)

    def ask(condition: str = "", before: Callable[[], None] | None = None) -> Asked:
        statement = f"SELECT account, sum(number) {condition} GROUP BY account"
        return Asked([query, "--format", "csv", str(file), statement], before)

    asked = {
        FIRST: ask(before=forget),
        ALL: ask(),
        LINE: ask(f"WHERE account ~ '{_pattern(BUSIEST)}'"),
        AS_OF: ask(f"WHERE date <= {DAY}"),
        CHECK: Asked([check, "--no-cache", str(file)]),
    }
    return Tool("beancount", _version(query), asked, lambda text: _read_accounts(text, ","))


def sqlite(folder: Path) -> Tool | Absent:
    """The shell of SQLite: what somebody would write who has a table and SQL."""
    program = shutil.which("sqlite3")
    if program is None:
        return Absent("sqlite3", "sqlite3")
    file = folder / "sqlite3.db"
    source = folder / FORMATS["sql"].file
    start = [program, "-batch", "-csv", str(file)]
    load = [
        "CREATE TABLE postings (entry, date, line, account, amount_fen INTEGER)",
        f".import --csv --skip 1 '{source}' postings",
        "CREATE INDEX postings_line ON postings (line, account, date, amount_fen)",
    ]
    asked = {
        IMPORT: Asked([*start, *load], lambda: file.unlink(missing_ok=True)),
        **{question: Asked([*start, text]) for question, text in _SQL.items()},
        CHECK: Asked([*start, "PRAGMA integrity_check"]),
    }
    return Tool("sqlite3", _version(program), asked, _read_rows)


def duckdb(folder: Path) -> Tool | Absent:
    """DuckDB's own shell, or the module of the first Python that has it."""
    file = folder / "duckdb.db"
    source = folder / FORMATS["sql"].file
    program = shutil.which("duckdb")
    if program is not None:
        start, version = [program, "-csv", "-noheader", str(file)], _version(program)
    else:
        python = next(filter(_has_duckdb, _pythons()), None)
        if python is None:
            return Absent("duckdb", "duckdb, a Python module duckdb")
        start = [python, "-c", _DUCKDB, str(file)]
        version = _said([python, "-c", "import duckdb; print(duckdb.__version__, '(Python)')"])
    load = f"CREATE TABLE postings AS FROM read_csv('{source}')"
    asked = {
        IMPORT: Asked([*start, load], lambda: file.unlink(missing_ok=True)),
        **{question: Asked([*start, text]) for question, text in _SQL.items()},
    }
    return Tool("duckdb", version, asked, _read_rows)


_SELECT = "SELECT line, account, SUM(amount_fen) FROM postings {} GROUP BY line, account"
_SQL = {
    ALL: _SELECT.format(""),
    LINE: _SELECT.format(f"WHERE line = '{BUSIEST}'"),
    AS_OF: _SELECT.format(f"WHERE date <= '{DAY}'"),
}
_DUCKDB = """\
import sys, duckdb
for row in duckdb.connect(sys.argv[1]).execute(sys.argv[2]).fetchall():
    print(*("" if cell is None else cell for cell in row), sep=",")
"""


def _pattern(line: str) -> str:
    """The four accounts of a line and no other."""
    return account_name(AVAILABLE, line).removeprefix("Assets:Available") + "$"


# --- which are here ------------------------------------------------------------------------------


def _version(program: str) -> str:
    return _said([program, "--version"])


def _said(command: list[str]) -> str:
    done = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", env=environment()
    )
    return done.stdout.splitlines()[0].strip()


def _pythons() -> Iterator[str]:
    yield sys.executable
    found = shutil.which("python3")
    if found is not None:
        yield found


def _has_duckdb(python: str) -> bool:
    command = [python, "-c", "import duckdb"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


# --- what they answered --------------------------------------------------------------------------


def _read_yusuan(text: str) -> Balances:
    """Our figures as the accounts of a journal. What has no such account is named by its figure,
    so that it differs from every peer's unless it is zero."""
    balances: Balances = {}
    for line in json.loads(text)["lines"]:
        changed = line["annual_budget_fen"] - line["initial_fen"]
        balances |= {
            (line["line"], AVAILABLE): line["available_fen"],
            (line["line"], PAID): line["paid_fen"],
            (line["line"], INITIAL): -line["initial_fen"],
            (line["line"], ADJUSTED): -changed,
        }
        for figure in ("pending_fen", "held_fen", "taken_fen", "out_fen"):
            balances[line["line"], figure] = line[figure]
    return _without_zeros(balances)


def _read_accounts(text: str, delimiter: str) -> Balances:
    """An account and an amount in yuan on each row, perhaps a header, perhaps the currency."""
    balances: Balances = {}
    for account, amount in _cells(text, delimiter):
        named = line_account(account)
        if named is not None:
            fen = Decimal(amount.removesuffix("CNY").strip()) * 100
            if fen != int(fen):
                raise ValueError(f"{account}: {amount} is not a whole number of fen")
            balances[named] = int(fen)
    return _without_zeros(balances)


def _read_rows(text: str) -> Balances:
    """Line, account and fen on each row; rows without a line are income and cash."""
    return _without_zeros(
        {(line, account): int(fen) for line, account, fen in _cells(text, ",") if line}
    )


def _cells(text: str, delimiter: str) -> Iterable[list[str]]:
    return (row for row in csv.reader(text.splitlines(), delimiter=delimiter) if row)


def _without_zeros(balances: Balances) -> Balances:
    return {key: fen for key, fen in balances.items() if fen}
