"""`--vs-last-year`: last year's figures beside this year's, the change and its rate."""

import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.harness.shell import Shell

QUESTIONS = {
    "balance": (),
    "execution": ("--scope", "all"),
    "three-public": (),
    "table": ("3",),
}


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """A unit with books of 2019 and 2020, the second carrying over on the same line; another with
    one of 2020 only."""
    made = Shell(tmp_path_factory.mktemp("years") / "y.db")
    for unit, year, budget, paid in (("A", 2019, 100, 60), ("A", 2020, 150, 30), ("B", 2020, 9, 4)):
        made.unit, made.year = unit, year
        of = ("--unit", unit, "--year", str(year))
        made("open-book", *of, "--name", f"{unit} 局", "--kind", "institution", "--edition", "2020",
             "--basis", "indicator")  # fmt: skip
        made("project", "P02", "--name", f"{year} 项目", "--date", f"{year}-01-01", *of)
        at = ("--func", "2080105", "--project", "P02", *of)
        made("appropriate", *at, "--amount", str(budget), "--date", f"{year}-01-10", "--doc", "预")
        made("carry-in", *at, "--origin", str(year - 1), "--amount", "20", "--date",
             f"{year}-01-05", "--doc", "结")  # fmt: skip
        if year == 2019:
            made("appropriate", "--func", "2080101", *of, "--amount", "7", "--date", "2019-01-10",
                 "--doc", "预")  # fmt: skip
        for amount, day in ((paid, "03-01"), (1, "11-01")):
            made("pay", *at, "--origin", str(year), "--econ", "30201", "--amount", str(amount),
                 "--payee", f"店{amount}", "--date", f"{year}-{day}")  # fmt: skip
    return made


def ask(shell: Shell, *arguments: str, exit: int = 0) -> Any:
    return shell.ask(*arguments, "--unit", "A", "--year", "2020", "--vs-last-year", exit=exit)


def test_lines_match_whatever_their_origin(shell: Shell) -> None:
    """150.00 and 20.00 carried beside 100.00 and 20.00; a line that only last year had."""
    answer = ask(shell, "balance")
    found = {
        line["line"]: [
            line[name]
            for name in (
                *("annual_budget_fen", "last_year_annual_budget_fen"),
                *("annual_budget_change_fen", "annual_budget_change_rate"),
                *("paid_fen", "last_year_paid_fen", "paid_change_fen", "paid_change_rate"),
            )
        ]
        for line in answer["lines"]
    }
    assert found == {
        "general:2080101:basic:-:-:*": [0, 7_00, -7_00, "-1.0000", 0, 0, 0, None],
        "general:2080105:project:P02:-:*": [
            *(170_00, 120_00, 50_00, "0.4167"),
            *(31_00, 61_00, -30_00, "-0.4918"),
        ],
    }
    totals = answer["totals"]
    assert totals["annual_budget_fen"] == 170_00
    assert totals["last_year_annual_budget_fen"] == 127_00
    assert answer["compared_with"]["books"][0]["book"] == "A/2019"
    assert {line["origin"] for line in answer["lines"]} == {None}
    current = ask(shell, "balance", "--origin", "2020", "--func", "2080105")["lines"]
    assert [line["last_year_annual_budget_fen"] for line in current] == [100_00]


def test_projects_and_divisions(shell: Shell) -> None:
    answer = ask(shell, "execution", "--scope", "current")
    (project,) = answer["projects"]
    assert (project["name"], project["executed_fen"], project["last_year_executed_fen"]) == (
        *("2020 项目", 31_00, 61_00),
    )
    assert (project["executed_change_fen"], project["executed_change_rate"]) == (-30_00, "-0.4918")
    assert (project["rate"], project["last_year_rate"]) == ("0.2067", "0.6100")
    assert answer["basic"]["last_year_initial_fen"] == 7_00
    assert answer["totals"]["last_year_initial_fen"] == 107_00
    by_func = ask(shell, "execution", "--by", "func")
    rows = {row["code"]: row for row in by_func["rows"]}
    assert rows["2080101"]["initial_change_rate"] == "-1.0000"
    assert rows["2080101"]["name"] == "行政运行"
    assert rows["2080105"]["last_year_share"] == "1.0000"
    assert sum(row["executed_change_fen"] for row in rows.values()) == -30_00
    assert by_func["totals"]["executed_change_fen"] == -30_00


def test_the_same_day_of_last_year(shell: Shell) -> None:
    answer = ask(shell, "balance", "--as-of", "2020-06-30")
    assert answer["compared_with"]["as_of"] == "2019-06-30"
    assert answer["totals"]["last_year_paid_fen"] == 60_00


@pytest.mark.parametrize("question", QUESTIONS)
def test_told_in_text(shell: Shell, question: str) -> None:
    """Beneath each figure, and whence; nothing of it without the option."""
    of = (question, *QUESTIONS[question], "--unit", "A", "--year", "2020")
    text = shell(*of, "--vs-last-year").out
    assert "上年：A/2019" in text
    plain_ = shell.ask(*of)
    assert not any(word in str(plain_) for word in ("_change_", "last_year_"))
    if question != "three-public":
        for word in ("　上年", "　增减", "　增减率", "-49.18%"):
            assert word in text
        assert "　上年" not in shell(*of).out


@pytest.mark.parametrize("question", QUESTIONS)
def test_without_a_book_of_last_year(shell: Shell, question: str) -> None:
    """Exit 2 and which book there is none of; without the option the question is answered."""
    of = (question, *QUESTIONS[question], "--unit", "B", "--year", "2020")
    refused = shell.ask(*of, "--vs-last-year", exit=2)
    assert refused["code"] == "LAST_YEAR.NONE"
    assert "B 2019 年" in refused["message"]
    shell(*of)


def test_units_without_one_are_told(shell: Shell) -> None:
    of = ("execution", "--by", "unit", "--units", "all", "--year", "2020", "--vs-last-year")
    answer = shell.ask(*of)
    assert answer["compared_with"]["absent"] == ["B"]
    names = ("code", "executed_fen", "last_year_executed_fen", "executed_change_rate")
    found = [tuple(row[name] for name in names) for row in answer["rows"]]
    assert found == [("A", 31_00, 61_00, "-0.4918"), ("B", 5_00, 0, None)]
    assert "上年缺账套：B" in shell(*of).out


OF = ("--unit", "A", "--year", "2020", "--vs-last-year")


def test_cells_of_a_table(shell: Shell) -> None:
    """Each with the exact figure and the print of last year's own table."""
    answer = ask(shell, "table", "3")
    before = {
        cell["id"]: cell
        for cell in shell.ask("table", "3", "--unit", "A", "--year", "2019")["cells"]
    }
    assert answer["compared_with"]["books"][0]["book"] == "A/2019"
    for cell in answer["cells"]:
        last = before[cell["id"]]
        assert (cell["last_year_fen"], cell["last_year_printed"]) == (last["fen"], last["printed"])
        assert cell["change_fen"] == cell["fen"] - last["fen"]
    (spent,) = [cell for cell in answer["cells"] if cell["id"] == "T3.2080105.1"]
    assert (spent["fen"], spent["change_fen"], spent["change_rate"]) == (31_00, -30_00, "-0.4918")


def test_a_table_in_every_format(shell: Shell) -> None:
    """Columns of its own in CSV and in the workbook, rows beneath on paper."""
    csv = shell("table", "3", *OF, "--format", "csv").out
    assert "本年支出合计（1栏）,本年支出合计-上年（1栏）,本年支出合计-增减（1栏）" in csv
    md = shell("table", "7", *OF, "--format", "md").out
    assert "（与上年比较）" in md and "上年：A/2019" in md
    file = shell.db.with_name("表3.xlsx")
    shell("table", "3", *OF, "-o", str(file))
    assert {"上年", "增减", "增减率"} <= texts_of(file)
    with zipfile.ZipFile(file) as archive:  # rates are numbers there
        assert "<v>-0.4918</v>" in archive.read("xl/worksheets/sheet1.xml").decode()
    all_of = shell.db.with_name("全套.xlsx")
    shell("tables", *OF, "-o", str(all_of))
    assert {"上年", "增减", "增减率", "上年：A/2019"} <= texts_of(all_of)


def texts_of(file: Path) -> set[str]:
    """Every text of a workbook."""
    with zipfile.ZipFile(file) as archive:
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    return {"".join(item.itertext()) for item in shared}


def test_tables_of_a_department_and_of_nobody(shell: Shell) -> None:
    of_all = ("--units", "all", "--year", "2020", "--vs-last-year")
    assert "上年：A/2019；上年缺账套：B" in shell("table", "1", *of_all).out
    of_b = ("--unit", "B", "--year", "2020", "--vs-last-year")
    file = shell.db.with_name("无.xlsx")
    refused = shell.ask("tables", *of_b, "-o", str(file), exit=2)
    assert refused["code"] == "LAST_YEAR.NONE"
    assert not file.exists()
