"""A whole year of a district library, typed: 199 entries from the opening to the last payment,
closed, reopened, closed again, and the next year opened from it.

`golden/year_2025/year.txt` holds the commands, with the exit code where it is not 0.
`worked_out.csv` says beside it what each entry does, kept by hand as one keeps a cash book: every
figure that is asked for here is a sum of its rows.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.harness.shell import process

YEAR = Path(__file__).parent / "golden" / "year_2025"
PUBLIC_USE = "general:2070104:basic:-:302:2025"
RECEPTION = "general:2070104:basic:-:30217:2025"
POST = 830_00
"""What is paid after the closing was taken back, from the line of public use."""


class Row(NamedTuple):
    """What an entry does to a line, fen; `econ` of what is paid; `income` names its class."""

    entry: int
    line: str
    econ: str
    budget: int
    pending: int
    available: int
    held: int
    paid: int
    income: str
    fen: int

    @property
    def parts(self) -> list[str]:
        """fund, func, spending, project, econ, origin"""
        return self.line.split(":")


def _rows() -> list[Row]:
    with (YEAR / "worked_out.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    texts = {1, 2, 8}
    return [
        Row(*(cell if at in texts else int(cell or 0) for at, cell in enumerate(row)))  # type: ignore[arg-type]
        for row in rows
    ]


ROWS = _rows()
LINES = sorted({row.line for row in ROWS if row.line != "-"})
FISCAL = ("general", "govfund")


def of(name: str, **where: str) -> int:
    """The sum of a column, fen, over the rows of lines with these parts."""
    at = {"fund": 0, "func": 1, "spending": 2, "project": 3, "origin": 5}
    return sum(
        getattr(row, name)
        for row in ROWS
        if row.line != "-" and all(row.parts[at[part]] == word for part, word in where.items())
    )


def paid_on(econ: str) -> int:
    """What basic money of the general fund paid on a 款 or class, fen."""
    return sum(
        row.paid
        for row in ROWS
        if row.econ.startswith(econ) and row.line.startswith("general:") and ":basic:" in row.line
    )


def received(kind: str) -> int:
    """Income of a class, fen."""
    return sum(row.fen for row in ROWS if row.income == kind)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the year was typed."""
    folder = tmp_path_factory.mktemp("year")
    for line in (YEAR / "year.txt").read_text(encoding="utf-8").splitlines():
        words, _, expected = line.partition("   # ")
        code, _, refusal = expected.partition(" ")
        answer = process(*words.split(), cwd=folder)
        assert answer.exit == int(code or 0), (words, answer.said)
        assert refusal in answer.said
    return folder


def ask(folder: Path, *arguments: str, exit: int = 0) -> Any:
    answer = process(*arguments, "--json", cwd=folder)
    assert answer.exit == exit, answer.said
    return answer.json


def test_every_line_is_as_worked_out(desk: Path) -> None:
    balance = ask(desk, "balance")
    said = {
        line["line"]: tuple(
            line[f"{name}_fen"] for name in ("pending", "available", "held", "paid")
        )
        for line in balance["lines"]
    }
    columns: dict[str, Counter[str]] = {line: Counter() for line in LINES}
    for row in ROWS:
        if row.line != "-":
            columns[row.line].update(
                pending=row.pending, available=row.available, held=row.held, paid=row.paid
            )
    names = ("pending", "available", "held", "paid")
    assert said == {line: tuple(sums[name] for name in names) for line, sums in columns.items()}
    assert balance["head"]["entries"] == 199


def test_the_log_adds_up(desk: Path) -> None:
    totals = ask(desk, "log")["totals"]
    assert sum(total["entries"] for total in totals) == 199
    assert sum(total["paid_fen"] for total in totals) == of("paid") == 3_622_788_08
    assert sum(total["held_fen"] for total in totals) == of("held") == 0
    by_line = ask(desk, "log", "--paid", "--line", PUBLIC_USE)["totals"]
    shown = sum(total["paid_fen"] for total in by_line)
    asked = {PUBLIC_USE, RECEPTION}  # 302 is a class, and that of 30217
    assert shown == sum(row.paid for row in ROWS if row.line in asked)


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("T1.1", of("budget", fund="general")),
        ("T1.2", of("budget", fund="govfund")),
        ("T1.5", received("service")),
        ("T1.8", received("other")),
        ("T1.28", received("pool-used")),
        ("T1.29", of("pending", origin="2024") + of("available", origin="2024")
         + of("paid", origin="2024")),
        ("T1.37", of("paid", func="2070104")),
        ("T1.38", of("paid", func="2080505")),
        ("T1.41", of("paid", func="2120801")),
        ("T1.57", of("paid")),
        ("T3.合计.2", of("paid", spending="basic")),
        ("T3.合计.3", of("paid", spending="project")),
        ("T5.合计.1", of("paid", fund="general")),
        ("T5.2070104.2", of("paid", fund="general", func="2070104", spending="basic")),
        ("T5.2070104.3", of("paid", fund="general", func="2070104", spending="project")),
        ("T5.2080505.1", of("paid", func="2080505")),
        ("T5.2101102.1", of("paid", func="2101102")),
        ("T5.2210201.1", of("paid", func="2210201")),
        *((f"T6.{econ}", paid_on(econ)) for econ in ("301", "30101", "30107", "30108", "30110",
          "30113", "302", "30202", "30205", "30206", "30207", "30211", "30217", "30239")),
        ("T7.6", 6_000_00),
        ("T7.12", paid_on("30217")),
        ("T8.2120801.2", of("budget", fund="govfund")),
        ("T8.2120801.3", of("paid", fund="govfund")),
        ("T8.2120801.6", of("budget", fund="govfund") - of("paid", fund="govfund")),
    ],
)  # fmt: skip
def test_every_cell_is_as_worked_out(desk: Path, cell: str, fen: int) -> None:
    assert fen
    assert ask(desk, "get", cell)["fen"] == fen


def test_the_projects_are_executed_as_worked_out(desk: Path) -> None:
    rows = {row["project"]: row for row in ask(desk, "execution", "--scope", "all")["projects"]}
    for project in ("P01", "P02", "P03", "P04"):
        carried = of("pending", project=project, origin="2024")
        carried += of("available", project=project, origin="2024")
        carried += of("paid", project=project, origin="2024")
        assert rows[project]["executed_fen"] == of("paid", project=project)
        assert rows[project]["annual_budget_fen"] == of("budget", project=project) + carried


@pytest.mark.parametrize(
    ("by", "code_of"),
    [
        ("func", lambda row: row.parts[1]),
        ("class", lambda row: row.parts[1][:3]),
        ("econ", lambda row: row.econ or row.parts[4]),
        ("project", lambda row: row.parts[3]),
        ("unit", lambda row: "420105"),
    ],
)
def test_what_was_paid_by_what_it_is_for(desk: Path, by: str, code_of: Any) -> None:
    """By code and fund, and of one fund alone."""
    expected: Counter[tuple[str, str]] = Counter()
    for row in ROWS:
        if row.line != "-":
            expected[code_of(row), row.parts[0]] += row.paid
    said = ask(desk, "execution", "--by", by)
    paid = {(row["code"], row["fund"]): row["executed_fen"] for row in said["rows"]}
    assert {key: fen for key, fen in paid.items() if fen} == {
        k: v for k, v in expected.items() if v
    }
    assert sum(paid.values()) == of("paid")
    govfund = ask(desk, "execution", "--by", by, "--fund", "政府性基金")
    assert govfund["totals"]["executed_fen"] == of("paid", fund="govfund")
    assert {row["fund"] for row in govfund["rows"]} == {"govfund"}


# The end of the year.


def left(extra_paid: int = 0) -> dict[str, int]:
    """What goes over of each fiscal line, by its purpose: what waits and what can be spent."""
    over: Counter[str] = Counter()
    for row in ROWS:
        if row.line.startswith(FISCAL):
            over[row.line] += row.pending + row.available
    over[PUBLIC_USE] -= extra_paid
    return {line: fen for line, fen in over.items() if fen}


def cash() -> dict[str, int]:
    """What goes over of non-fiscal money, by func and project."""
    found: Counter[str] = Counter()
    for row in ROWS:
        if row.line.startswith("nonfiscal:"):
            found[":".join(row.parts[1:4:2])] += (
                row.fen if row.income in ("service", "other") else 0
            ) - row.paid
    found["2070104:-"] += received("pool-used")
    return dict(found)


def closed(desk: Path, number: str, extra_paid: int = 0) -> None:
    """Compares with the finance bureau, decides as is proposed, and is signed by another."""
    paid: Counter[tuple[str, str, str]] = Counter()
    for row in ROWS:
        if row.line.startswith(FISCAL):
            paid[row.parts[0], row.parts[1], row.parts[3]] += row.paid
    paid["general", "2070104", "-"] += extra_paid
    told = [
        f"{fund},{func},{project},{fen / 100:.2f}" for (fund, func, project), fen in paid.items()
    ]
    statement = desk / f"对账单{number}.csv"
    statement.write_text("\n".join(["资金性质,功能科目,项目,支付数", *told]), encoding="utf-8")
    ask(desk, "reconcile", statement.name, "--date", "2025-12-31", "--year", "2025")
    decisions = f"结账{number}.csv"
    assert ask(desk, "close-year", "--propose", decisions, "--year", "2025")["blockers"] == []
    asked = ask(
        desk, "close-year", "--decisions", decisions, "--actor", "会计", "--year", "2025", exit=6
    )
    signed(desk, asked)


def signed(desk: Path, asked: Any) -> None:
    """Approved as the answer says, by another."""
    signing = asked["try"][0].replace("批准人", "科长").split()[1:]
    ask(desk, *signing)


def test_closed_reopened_closed_and_the_next_year_opened(desk: Path) -> None:
    line = "general:2070104:project:P02:-:2025"
    waits = of("pending", project="P02", origin="2025")
    ask(desk, "release", "--line", line, "--amount", f"{waits / 100:.2f}", "--date", "2025-12-30",
        "--doc", "下达2号")  # fmt: skip
    closed(desk, "1")
    assert ask(desk, "balance")["totals"]["available_fen"] == 0
    asked = ask(desk, "reopen-year", "--reason", "漏记一笔邮费", "--actor", "会计", exit=6)
    signed(desk, asked)
    ask(desk, "pay", "--line", PUBLIC_USE, "--econ", "30207", "--amount", f"{POST / 100:.2f}",
        "--payee", "电信公司", "--date", "2025-12-30", "--doc", "邮补",
        "--purpose", "十二月补收")  # fmt: skip
    closed(desk, "2", POST)
    assert ask(desk, "get", "T6.30207")["fen"] == paid_on("30207") + POST
    assert ask(desk, "get", "T1.57")["fen"] == of("paid") + POST
    after = sum(left(POST).values()) + sum(cash().values())
    assert ask(desk, "get", "T1.59")["fen"] == after
    assert after == 982_281_92
    opened = ask(desk, "open-book", "--from", "420105/2025")
    assert opened["opened_with"]["carried_fen"] == after
    lines = {each["line"]: each["available_fen"] + each["pending_fen"]
             for each in ask(desk, "balance", "--year", "2026")["lines"]}  # fmt: skip
    assert {line: fen for line, fen in lines.items() if line.startswith(FISCAL)} == left(POST)
    walk = ask(desk, "carryover", "--year", "2026")
    own = {
        f"{item['func']}:{item['project']}": item["opening_fen"]
        for item in walk["items"]
        if item["fund"] == "nonfiscal"
    }
    assert own == cash()
    assert walk["opening_fen"] == after
    check = ask(desk, "opening", "--check", "--year", "2026")
    assert (check["unexplained_fen"], check["missing"]) == (0, [])
    for year in ("2025", "2026"):
        assert ask(desk, "audit", "--year", year)["ok"]
        assert not [each for each in ask(desk, "check", "--year", year)["findings"]
                    if each["tier"] == "error"]  # fmt: skip
