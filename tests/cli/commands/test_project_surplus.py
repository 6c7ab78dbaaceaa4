"""结余 of projects on the command line and in files: reclassify, reuse, and what becomes of it.

Every command runs as a real process, as a person would type it.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import Terminal

OLD = "general:2080105:project:P02:-:2019"
AGAIN = "general:2080106:project:P03:302:2019"
NEW = "general:2080105:project:P02:-:2020"
END = "--date 2020-12-31"
ON = "--date 2020-11-30"


class Desk(Terminal):
    """A folder in which someone types, and imports."""

    def balances(self, *figures: str, more: str = "") -> dict[str, tuple[int, ...]]:
        """Figures of every line, fen."""
        rows = self.ask(f"balance {more}")["lines"]
        return {row["line"]: tuple(row[f"{name}_fen"] for name in figures) for row in rows}

    def imported(self, text: str, exit: int = 0) -> Any:
        (self.folder / "行.csv").write_text(text, encoding="utf-8")
        return self.ask("import 行.csv", exit)


@pytest.fixture
def terminal(tmp_path: Path) -> Desk:
    """Two projects: 100.00 of P02 came over from 2019, 60.00 are this year's. Entries 1 to 5."""
    typed = Desk(tmp_path)
    typed("open-book --unit 420103 --year 2020 --name 人社局 --kind admin --edition 2020 "
          "--basis indicator")  # fmt: skip
    typed("project P02 --name 劳动监察 --date 2020-01-02")
    typed("project P03 --name 人才引进 --date 2020-01-02")
    typed(f"carry-in --line {OLD} --amount 100 --date 2020-01-03 --doc 结1")
    typed(f"appropriate --line {NEW} --amount 60 --date 2020-01-10 --doc 预1")
    return typed


def test_what_a_project_no_longer_needs_is_turned_into_surplus(terminal: Desk) -> None:
    answer = terminal.ask(
        f"reclassify --line {OLD} --amount 40 --cause done --doc 结余1 {ON} --reason 项目已完成"
    )
    assert (answer["kind"], answer["line"], answer["available_fen"]) == ("reclassify", OLD, 60_00)
    assert terminal.balances("available", "pending")[OLD] == (60_00, 40_00)
    shown = terminal(f"show {answer['entry']}").out
    assert "转为结余" in shown and "项目完成" in shown
    assert "项目完成" in terminal("log --kind reclassify").out
    terminal(f"pay --line {OLD} --econ 30201 --payee 某店 --amount 60.01 {ON}", exit=3)


def test_a_cause_is_one_of_four_and_can_be_typed_in_chinese(terminal: Desk) -> None:
    wanted = f"reclassify --line {OLD} --amount 1 --doc 结余1 {ON}"
    wrong = terminal.ask(f"{wanted} --cause finished", exit=2)
    assert wrong["facts"]["field"] == "cause" and "two-years" in wrong["message"]
    assert terminal.ask(wanted, exit=2)["facts"]["field"] == "cause"
    assert terminal.ask(f"{wanted} --cause 不再需要")["kind"] == "reclassify"


def test_a_row_says_the_cause_in_its_column_and_is_the_same_fact(terminal: Desk) -> None:
    """A command and a row of one key; a correction of it in a file; and what no cause is."""
    terminal(f"reclassify --line {OLD} --amount 40 --cause done --doc 结余1 {ON} --key 结1")
    head = "id,date,kind,func,project,origin,amount,doc,adjustment,ref\n"
    row = "结1,2020-11-30,转为结余,2080105,P02,2019,40,结余1,项目完成,\n"
    assert terminal.imported(head + row)["already"] == 1
    corrected = "更1,2020-12-01,correct,2080105,P02,2019,30,结余1,terminated,结1\n"
    assert terminal.imported(head + row + corrected)["recorded"] == 1
    assert terminal.balances("available", "pending")[OLD] == (70_00, 30_00)
    assert "项目终止" in terminal("log").out
    (wrong,) = terminal.imported(head + row.replace("项目完成", "remitted"), exit=2)["rejected"]
    assert (wrong["column"], wrong["row"]) == ("adjustment", 2)


def test_this_years_surplus_waits_in_the_next_book(terminal: Desk) -> None:
    """60.00 of this year, 25.00 of them 结余: 35.00 can be spent next year, 25.00 wait."""
    terminal(f"reclassify --line {NEW} --amount 25 --cause terminated --doc 结余1 {ON}")
    terminal("close-year --propose 结账.csv")
    asked = terminal.ask(f"close-year --decisions 结账.csv {END} --actor 甲", exit=6)
    assert asked["goes_over"]["surplus_fen"] == 125_00
    assert asked["goes_over"]["carried_fen"] == 35_00
    terminal(f"approve {asked['entry']} --authority department --actor 乙 {END}")
    terminal("open-book --unit 420103 --year 2021 --from 420103/2020")
    assert terminal.balances("available", "pending", more="--year 2021") == {
        OLD: (0, 100_00),
        NEW: (35_00, 25_00),
    }
    checked = terminal.ask("opening --check --year 2021")
    assert (checked["unexplained_fen"], checked["missing"]) == (0, [])
    assert terminal.ask("audit --year 2021")["ok"]


def test_surplus_is_reused_and_the_opening_says_so(terminal: Desk) -> None:
    """40.00 of P02 for P03: what both opened with changes, by 单位内部调剂; the whole does not."""
    terminal(f"reclassify --line {OLD} --amount 40 --cause done --doc 结余1 {ON}")
    wanted = f"reuse --line {OLD} --to-line {AGAIN} --amount 40 --doc 调剂1 {ON}"
    answer = terminal.ask(wanted)
    assert (answer["lines"], answer["opened_lines"]) == ([OLD, AGAIN], [AGAIN])
    assert terminal.ask(wanted)["already"]
    assert terminal.balances("annual_budget", "available", "pending") == {
        OLD: (60_00, 60_00, 0),
        AGAIN: (40_00, 40_00, 0),
        NEW: (60_00, 60_00, 0),
    }
    walk = terminal.ask("carryover")
    assert (walk["opening_before_fen"], walk["opening_fen"]) == (100_00, 100_00)
    changes = [(each["kind"], each["fen"], each["doc"]) for each in walk["opening_adjustments"]]
    assert changes == [("internal", -40_00, "调剂1"), ("internal", 40_00, "调剂1")]
    opened = {
        item["project"]: item["opening_fen"] for item in walk["items"] if item["origin"] == 2019
    }
    assert opened == {"P02": 60_00, "P03": 40_00}
    rows = {item["project"]: item for item in terminal.ask("opening")["items"]}
    assert [rows["P03"][f"{name}_fen"] for name in ("opening_before", "adjusted", "opening")] == [
        0, 40_00, 40_00
    ]  # fmt: skip
    for question in ("opening", "carryover", f"show {answer['entry']}", "log --kind reuse"):
        assert "单位内部调剂" in terminal(question).out, question
    assert terminal.ask("audit")["ok"]


def test_opening_check_is_explained_by_what_was_reused(terminal: Desk) -> None:
    """X11: the carry-in is compared, and what was moved inside the unit is no difference."""
    terminal(f"reclassify --line {OLD} --amount 40 --cause done --doc 结余1 {ON}")
    terminal(f"reuse --line {OLD} --to-line {AGAIN} --amount 40 --doc 调剂1 {ON}")
    (terminal.folder / "上年.csv").write_text(
        "fund,func,project,origin,amount\ngeneral,2080105,P02,2019,100.00\n", encoding="utf-8"
    )
    checked = terminal.ask("opening --check --previous-closing 上年.csv")
    assert (checked["unexplained_fen"], checked["missing"]) == (0, [])


def test_a_row_of_reuse_says_what_a_command_says(terminal: Desk) -> None:
    """In Chinese, parts of the giver left out; the same fact; and exported, the same book again."""
    terminal(f"reclassify --line {OLD} --amount 40 --cause done --doc 结余1 {ON}")
    terminal(f"reuse --line {OLD} --to-line {AGAIN} --amount 40 --doc 调剂1 {ON} --key 调1")
    head = "编号,日期,业务,功能科目,项目,形成年度,金额,文号,调入功能科目,调入项目,调入经济科目\n"
    row = "调1,2020-11-30,结余调剂,2080105,P02,2019,40,调剂1,2080106,P03,302\n"
    told = terminal.imported(head + row)
    assert (told["already"], told["rejected"]) == (1, [])
    other = terminal.imported(head + row.replace("P03", "P02"), exit=3)["rejected"][0]
    assert other["code"] == "KEY.CONFLICT"
    terminal("export canonical -o 账.csv")
    terminal("open-book --unit 420103 --year 2020 --name 人社局 --kind admin --edition 2020 "
             "--basis indicator --db 新.db")  # fmt: skip
    terminal("import 账.csv --db 新.db")
    assert terminal.balances("available", "pending", more="--db 新.db") == terminal.balances(
        "available", "pending"
    )
    assert terminal.ask("carryover --db 新.db")["items"] == terminal.ask("carryover")["items"]


def test_what_is_reused_is_refused_with_what_can_be_done(terminal: Desk) -> None:
    terminal(f"reclassify --line {OLD} --amount 40 --cause done --doc 结余1 {ON}")
    wanted = f"reuse --line {OLD} --amount 50 --doc 调剂1 {ON}"
    assert terminal.ask(wanted, exit=2)["facts"]["field"] == "to-line"
    refused = terminal.ask(f"{wanted} --to-line {AGAIN}", exit=3)
    assert (refused["code"], refused["facts"]["surplus_fen"]) == ("R8.SURPLUS", 40_00)
    assert refused["try"][0] == "--amount 40.00"
    refused = terminal.ask(f"{wanted} --to-line {NEW}", exit=3)
    assert refused["code"] == "R7.REUSE"
