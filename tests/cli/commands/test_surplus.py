"""非财政拨款结余 on the command line: surplus-in, use-surplus, distribute; and in files.

Every command runs as a real process, as a person would type it.
"""

import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import Shell, Terminal

OWN = "nonfiscal:2050302:basic:-:-:2020"
COURSE = "nonfiscal:2050302:project:P02:-:2020"
END = "--date 2020-12-31"
ON = "--date 2020-03-01"


class School(Terminal):
    """A folder in which the accountant of a school types."""

    def pools(self) -> dict[str, int]:
        """What is in each pool, fen."""
        return {pool["pool"]: pool["closing_fen"] for pool in self.ask("carryover")["pools"]}

    def open(self, kind: str = "institution") -> "School":
        self(f"open-book --unit 420103 --year 2020 --name 学校 --kind {kind} --edition 2020 "
             "--basis payment")  # fmt: skip
        return self


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An 事业单位 with 50.00 and 20.00 in its pools and 30.00 of 事业收入: entries 1 to 4."""
    typed = School(tmp_path_factory.mktemp("made")).open()
    typed("surplus-in --amount 50 --date 2020-01-02 --doc 年结1")
    typed("surplus-in --pool special --amount 20 --date 2020-01-02")
    typed(f"income --func 2050302 --econ service --amount 30 {ON}")
    return typed.folder / "yusuan.db"


@pytest.fixture
def terminal(made: Path, tmp_path: Path) -> School:
    """The same book in a folder of the test's own."""
    shutil.copy(made, tmp_path)
    return School(tmp_path)


def test_the_receipts_of_the_three_commands(terminal: School) -> None:
    """The only purpose of the unit's own money is found, though no budget line has it."""
    used = terminal(f"use-surplus --amount 5 {ON} --doc 批复9")
    assert used.out.splitlines()[:2] == [
        "已记录 第 5 笔  使用非财政拨款结余  2020-03-01  5.00 元",
        f"预算线  {OWN}",
    ]
    given = terminal(f"distribute --to tax --amount 4 {END}")
    assert given.out.splitlines()[:2] == [
        "已记录 第 6 笔  结余分配  2020-12-31  4.00 元",
        f"预算线  {OWN}",
    ]
    loaded = terminal("surplus-in --pool special --amount 1.50 --date 2020-01-03").out
    assert loaded.startswith("已记录 第 7 笔  上年非财政拨款结余转入  2020-01-03  1.50 元\n")


@pytest.mark.parametrize(
    ("command", "kind", "line", "fen"),
    [
        ("surplus-in --amount 1.5", "surplus-in", None, 1_50),
        ("use-surplus --amount 5 --pool 专用结余", "use-surplus", OWN, 5_00),
        (f"use-surplus --amount 5 --line {OWN}", "use-surplus", OWN, 5_00),
        ("use-surplus --amount 5 --line nonfiscal:2050305:basic:-:30201:2020", "use-surplus",
         "nonfiscal:2050305:basic:-:-:2020", 5_00),
        ("distribute --amount 4", "distribute", OWN, 4_00),
        ("distribute --amount 4 --to 提取专用结余 --func 205", "distribute", OWN, 4_00),
    ],
)  # fmt: skip
def test_the_receipts_in_json(
    terminal: School, command: str, kind: str, line: str | None, fen: int
) -> None:
    receipt = terminal.ask(f"{command} {END}")
    assert (receipt["ok"], receipt["entry"], receipt["kind"]) == (True, 5, kind)
    assert (receipt["line"], receipt["amount_fen"]) == (line, fen)
    assert (receipt["available_fen"], receipt["warnings"]) == (None, [])
    shown = terminal.ask("show 5")
    assert shown["stored"]["event"]["kind"] == kind
    assert terminal.ask("audit")["ok"]


def test_what_is_not_said_is_the_unrestricted_pool(terminal: School) -> None:
    terminal(f"use-surplus --amount 50 {ON}")
    assert terminal.pools() == {"unrestricted": 0, "special": 20_00}
    refused = terminal.ask(f"use-surplus --amount 0.01 {ON}", exit=3)
    assert refused["code"] == "POOL.EXCEEDS"
    assert refused["try"] == ["yusuan surplus-in --pool unrestricted --amount 0.01"]
    terminal(f"distribute --amount 30 {END}")
    assert terminal.pools() == {"unrestricted": 30_00, "special": 20_00}


def test_several_purposes_are_listed(terminal: School) -> None:
    terminal("project P02 --name 课程 --date 2020-01-02")
    terminal(f"income --func 2050302 --project P02 --econ superior --amount 7 {ON}")
    for command in (f"use-surplus --amount 5 {ON}", f"distribute --amount 5 {END}"):
        refused = terminal.ask(command, exit=3)
        assert refused["code"] == "LINE.AMBIGUOUS"
        assert OWN in refused["message"]
        assert COURSE in refused["message"]
        first, second = refused["try"]
        assert terminal.ask(f"{command} {first} --dry-run")["line"] == OWN
        project = "use-surplus" in command
        answer = terminal.ask(f"{command} {second} --dry-run", exit=0 if project else 3)
        assert project or answer["code"] == "DISTRIBUTE.RESTRICTED"


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        ("surplus-in --amount 0", "AMOUNT", "0"),
        ("surplus-in --pool 基金 --amount 1", "POOL.UNKNOWN", "special（专用结余）"),
        ("use-surplus --pool x --amount 1", "POOL.UNKNOWN", "unrestricted（非财政拨款结余）"),
        ("distribute --to 奖金 --amount 1", "TO.UNKNOWN", "tax（缴纳所得税）"),
        ("distribute", "AMOUNT", "金额"),
        (f"use-surplus --line {OWN} --func 2050302 --amount 1", "LINE.TWICE", "--func"),
    ],
)
def test_what_cannot_be_read(terminal: School, command: str, code: str, says: str) -> None:
    answer = terminal.ask(f"{command} {END}", exit=2)
    assert answer["code"].startswith(code)
    assert says in answer["message"]
    assert terminal.ask("seal")["head"]["entries"] == 4


def test_each_is_reversed_and_corrected(terminal: School) -> None:
    """In the order in which it can be undone; the pools end where they began."""
    terminal(f"use-surplus --amount 5 {ON}")  # 5
    terminal(f"distribute --to special --amount 4 {END}")  # 6
    terminal(f"correct 5 --amount 6 {ON}")  # 7
    terminal(f"correct 6 --amount 3 {END}")  # 8
    terminal(f"correct 3 --amount 21 {END}")  # 9
    assert terminal.pools() == {"unrestricted": 44_00, "special": 24_00}
    refused = terminal.ask(f"reverse 2 {END}", exit=3)
    assert (refused["code"], refused["facts"]["short_fen"]) == ("POOL.EXCEEDS", 6_00)
    for number in (8, 7, 9, 2):
        terminal(f"reverse {number} {END}")
    walk = terminal.ask("carryover")
    assert (walk["pools"], walk["closing_fen"]) == ([], 30_00)
    assert (walk["surplus_used_fen"], walk["distributed_fen"]) == (0, 0)
    assert terminal.ask("audit")["ok"]


def test_a_correction_can_change_the_purpose_but_not_what_a_loading_is(terminal: School) -> None:
    terminal(f"use-surplus --amount 5 {ON}")
    assert terminal.ask(f"correct 5 --func 2050305 {ON}")["line"] == OWN.replace("302", "305")
    refused = terminal.ask(f"correct 2 --func 2050305 {ON}", exit=3)
    assert refused["code"] == "ENTRY.KIND"


def test_the_same_document_twice_is_one_entry(terminal: School) -> None:
    command = f"use-surplus --amount 5 {ON} --doc 批复9"
    first, again = terminal.ask(command), terminal.ask(command)
    assert (again["already"], again["entry"]) == (True, first["entry"])


ROWS = """\
id,date,kind,func,econ,amount,doc
S1,2020-01-02,surplus-in,,unrestricted,50,年结1
S2,2020-01-02,上年非财政拨款结余转入,,专用结余,20,年结1
S3,2020-03-01,income,2050302,service,30,
S4,2020-03-01,use-surplus,2050302,special,5,批复9
S5,2020-03-02,使用非财政拨款结余,2050302,,6,批复9
S6,2020-12-31,distribute,2050302,tax,3,
S7,2020-12-31,结余分配,2050302,专用结余,4,
S8,2020-12-31,distribute,2050302,,1,
"""


def test_rows_of_a_file(tmp_path: Path) -> None:
    """The column econ holds the pool, or where it goes; empty is the unrestricted one. Twice the
    same file records nothing more."""
    typed = School(tmp_path).open()
    rows = ROWS.replace("结余分配,2050302,专用结余", "结余分配,2050302,提取专用结余")
    (tmp_path / "年.csv").write_text(rows, encoding="gb18030")
    assert typed.ask("import 年.csv")["recorded"] == 8
    assert typed.pools() == {"unrestricted": 50_00 - 6_00 + 1_00, "special": 20_00 - 5_00 + 4_00}
    walk = typed.ask("carryover")
    assert (walk["surplus_used_fen"], walk["distributed_fen"]) == (11_00, 8_00)
    again = typed.ask("import 年.csv")
    assert (again["recorded"], again["already"]) == (0, 8)
    assert typed.ask("audit")["ok"]


def test_rows_that_adjust_a_pool(tmp_path: Path) -> None:
    """Up and down by the word of the adjustment; put right and undone by rows too."""
    typed = School(tmp_path).open()
    rows = """\
id,date,kind,econ,amount,doc,adjustment,ref
S1,2020-01-02,surplus-in,special,50,年结1,,
S2,2020-02-01,adjust-surplus,special,8,复1,closing-revised,
S3,2020-02-01,非财政拨款结余调整,专用结余,3,复1,上年年末更正调减,
S4,2020-02-02,adjust-surplus,,2,复2,差错更正,
S5,2020-02-03,correct,special,4,复1,closing-revised-decrease,S3
S6,2020-02-03,reverse,,,,,S2
"""
    (tmp_path / "年.csv").write_text(rows, encoding="utf-8")
    assert typed.ask("import 年.csv")["recorded"] == 6
    assert typed.pools() == {"unrestricted": 2_00, "special": 50_00 - 4_00}
    assert typed.ask("import 年.csv")["already"] == 6
    assert "closing-revised-decrease" in typed("export canonical").out
    assert typed.ask("audit")["ok"]


@pytest.mark.parametrize(
    ("typed", "code", "field"),
    [
        ("--adjustment remitted --amount 1 --doc d", "ADJUSTMENT.UNKNOWN", "adjustment"),
        ("--amount 1 --doc d", "ADJUSTMENT.UNKNOWN", "adjustment"),
        ("--adjustment closing-revised --doc d", "AMOUNT", "amount"),
        ("--adjustment closing-revised --amount 1 --pool 基金 --doc d", "POOL.UNKNOWN", "pool"),
    ],
)
def test_what_is_no_adjustment_of_a_pool(
    terminal: School, typed: str, code: str, field: str
) -> None:
    refused = terminal.ask(f"adjust-surplus {typed} {ON}", exit=2)
    assert (refused["code"].split(".")[0], refused["facts"]["field"]) == (
        code.split(".", maxsplit=1)[0],
        field,
    )


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("S9,2020-12-31,distribute,2050302,专用结余,1,", "econ", "ECON.UNKNOWN"),
        ("S9,2020-12-31,use-surplus,2050302,tax,1,", "econ", "ECON.UNKNOWN"),
        ("S9,2020-12-31,use-surplus,,,1,", "func", "LINE.FUNC"),
        ("S9,2020-01-02,surplus-in,2050302,,1,", "func", "FIELD.NOT_USED"),
        ("S9,2020-12-30,distribute,2050302,,1,", None, "DISTRIBUTE.DATE"),
        ("S9,2020-12-31,distribute,2050302,,99,", None, "DISTRIBUTE.EXCEEDS"),
    ],
)
def test_a_wrong_row_is_told_with_its_place(
    terminal: School, row: str, column: str | None, code: str
) -> None:
    header = ROWS.partition("\n")[0]
    (terminal.folder / "a.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    answer = terminal.ask("import a.csv", exit=3 if column is None else 2)
    (rejected,) = answer["rejected"]
    assert (rejected["row"], rejected["code"]) == (2, code), rejected
    assert column is None or rejected["column"] == column
    assert terminal.ask("seal")["head"]["entries"] == 4


def test_a_unit_of_the_wrong_kind_is_amended(tmp_path: Path) -> None:
    """UNIT.KIND: while nothing is recorded, the way out is to say what the unit is."""
    typed = School(tmp_path).open("admin")
    wanted = f"surplus-in --amount 5 {ON}"
    refused = typed(wanted, exit=3)
    assert "行政单位没有非财政拨款结余" in refused.err
    (way,) = [line.partition("可以：yusuan ")[2] for line in refused.err.splitlines()[1:]]
    typed(f"{way} {ON}")
    typed(wanted)
    assert typed.pools() == {"unrestricted": 5_00}


def test_the_spending_kinds_of_table_3(terminal: School) -> None:
    """A 经营 line is budgeted, paid and shown like any other, and has a column of its own."""
    line = "--func 2050302 --fund nonfiscal"
    terminal(f"appropriate {line} --spending business --amount 9 {ON}")
    refused = terminal.ask(f"appropriate --func 2050302 --spending business --amount 9 {ON}", 3)
    assert refused["code"] == "R2.SPENDING_FUND"
    terminal(f"pay {line} --spending business --econ 30227 --amount 7 --payee 某店 {ON}")
    cells = {cell["id"]: cell["fen"] for cell in terminal.ask("table 3")["cells"]}
    assert (cells["T3.合计.5"], cells["T3.合计.1"], cells["T3.合计.2"]) == (7_00, 7_00, 0)
    shown = terminal("execution --scope all").out
    assert "经营支出" in shown
    assert "对附属单位补助" not in shown


def test_the_checklist_reminds_of_the_distribution(terminal: School) -> None:
    """Not a blocker: what is not distributed is carried over. The command that it shows does it."""
    hint = "提醒  单位资金中非专项余款 30.00 元尚未作结余分配"
    shown = terminal("close-year").out
    assert hint in shown
    found = terminal.ask("close-year")
    assert found["blockers"] == []
    way = found["distribute"]["try"][0]
    assert way == f"yusuan distribute --line {OWN} --to unrestricted --amount 30.00 {END}"
    assert f"可以：{way}" in shown
    terminal(way.removeprefix("yusuan "))
    assert terminal.ask("close-year")["distribute"] is None
    assert "结余分配" not in terminal("close-year").out
    assert terminal.pools() == {"unrestricted": 80_00, "special": 20_00}


def test_the_checklist_of_units_that_distribute_nothing_does_not_remind(tmp_path: Path) -> None:
    typed = School(tmp_path).open("public-admin")
    typed(f"income --func 2050302 --econ other --amount 30 {ON}")
    assert typed.ask("close-year")["distribute"] is None


# N04: other money pays for a project


UNITS = {"admin": False, "institution": True}


@pytest.mark.parametrize("kind", UNITS)
@pytest.mark.parametrize(
    ("incomes", "pool", "verbs"),
    [
        (["3000"], "0", ["income", "correct"]),
        (["2000"], "0", ["correct"]),
        (["500", "1500"], "0", ["correct", "correct"]),
        (["1200", "1500"], "0", ["correct", "income", "correct"]),
        (["1200"], "900", ["correct", "use-surplus"]),
        ([], "5000", ["use-surplus"]),
    ],
)
def test_what_is_offered_where_a_project_spent_more_than_it_was_given(
    tmp_path: Path, kind: str, incomes: list[str], pool: str, verbs: list[str]
):
    """N04: told when it is paid, an error of `check`, and what that offers is typed in its order:
    then nothing is wrong, and the totals are what they were."""
    if pool != "0" and not UNITS[kind]:
        return  # which has no pools
    shell = Shell(tmp_path / "a.db", unit="990001", year=2025).open(kind=kind)
    shell.project("P09")
    day = ("--date", "2025-03-01")
    own = ("--fund", "nonfiscal", "--func")
    shell("appropriate", *own, "2080105", "--project", "P09", "--amount", "100000", *day)
    shell("appropriate", *own, "2080101", "--amount", "50000", *day)
    for amount in incomes:
        shell("income", "--func", "2080101", "--econ", "other", "--amount", amount, *day)
    if pool != "0":
        shell("surplus-in", "--pool", "unrestricted", "--amount", pool, "--doc", "结1", *day)
    shell("income", "--func", "2080105", "--project", "P09", "--econ", "other",
          "--amount", "95000", *day)  # fmt: skip
    shell("income", "--func", "2080101", "--project", "P09", "--econ", "other",
          "--amount", "40000", *day)  # fmt: skip
    shell("reverse", str(shell.entries()), *day)
    spare = ("--func", "2080101", "--project", "P03", "--econ", "other", "--amount", "9000")
    shell.project("P03")
    shell("income", *spare, *day)  # which is bound, and is not offered
    paid = shell.ask("pay", "--project", "P09", "--econ", "30201", "--amount", "97000",
                     "--payee", "某店", "--purpose", "书", *day)  # fmt: skip
    (told,) = [each["message"] for each in paid["warnings"] if each["code"] == "CASH.DEDICATED"]
    assert ("use-surplus" in told) == (pool != "0")
    assert ("把那笔收入改列" in told) == bool(incomes)
    before = shell.ask("carryover")

    (finding,) = overdrawn(shell, exit=1)
    assert [way.split()[1] for way in finding["try"]] == verbs
    said = shell("check", exit=1).out
    for way in finding["try"]:
        assert way in said
        shell(*shlex.split(way)[1:], *day)
    assert overdrawn(shell, exit=0) == []
    after = shell.ask("carryover")
    assert after["closing_fen"] - before["closing_fen"] == (
        after["surplus_used_fen"] - before["surplus_used_fen"]
    )
    assert shell.ask("audit")["ok"]


def overdrawn(shell: Shell, *, exit: int) -> list[dict[str, Any]]:
    found = shell.ask("check", exit=exit)["findings"]
    return [each for each in found if each["code"] == "X12"]
