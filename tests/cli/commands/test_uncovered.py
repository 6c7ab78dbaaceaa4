"""DATE.UNCOVERED at the command line: money that is spent before it was there is recorded and
cautioned, exactly, whatever takes it; an import says it once a line; `check` finds the days."""

import shlex
from typing import Any

import pytest

from ledger.store.sqlite.place import SqlitePlace
from tests.harness.shell import LINE, Shell, process

OLD = "general:2080105:project:P02:-:2019"
OWN = "nonfiscal:2080105:project:P02:-:2020"
OTHER = "general:2080105:project:P02:30201:2020"
CODE = "DATE.UNCOVERED"


@pytest.fixture
def spent(shell: Shell) -> Shell:
    """1,000 yuan since 10 January and 50 since 10 June on LINE; 100 carried in on 10 March; 80 of
    non-fiscal cash since 1 May. Nine entries."""
    for command in (
        f"supplement --line {LINE} --amount 50 --date 2020-06-10 --doc 追1",
        f"carry-in --line {OLD} --amount 100 --date 2020-03-10",
        f"supplement --line {OWN} --amount 500 --date 2020-01-10 --doc 追2",
        "income --func 2080105 --project P02 --econ other --amount 80 --date 2020-05-01",
        "pay --line " + OLD + " --econ 30201 --amount 1 --payee 甲 --date 2020-03-10",
    ):
        shell(*shlex.split(command))
    return shell


def told(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts of the cautions of money that was not there."""
    return [warning["facts"] for warning in answer["warnings"] if warning["code"] == CODE]


PAY = "pay --econ 30201 --payee 甲 --purpose 货款"


@pytest.mark.parametrize(
    ("command", "where", "amount", "there", "short", "covered"),
    [
        (f"{PAY} --line {LINE} --amount 1050", LINE, 1050, 1000, 50, "06-10"),
        (f"voucher --item {LINE},econ=30201=1010 --item {LINE},econ=30202=40 --payee 甲",
         LINE, 1050, 1000, 50, "06-10"),
        (f"reserve --line {LINE} --amount 1001", LINE, 1001, 1000, 1, "06-10"),
        (f"cut --line {LINE} --amount 1050 --doc 减1", LINE, 1050, 1000, 50, "06-10"),
        (f"withdraw --line {LINE} --amount 1050 --doc 收1", LINE, 1050, 1000, 50, "06-10"),
        (f"reallocate --from {LINE}=1050 --to {OTHER}=1050 --doc 调1 --authority finance",
         LINE, 1050, 1000, 50, "06-10"),
        (f"recover --line {LINE} --amount 1050 --doc 收2", LINE, 1050, 1000, 50, "06-10"),
        (f"recover --line {OLD} --amount 99 --doc 收3", OLD, 99, 0, 99, "03-10"),
        (f"adjust-opening --line {OLD} --adjustment remitted --amount 99 --doc 缴1",
         OLD, 99, 0, 99, "03-10"),
        (f"{PAY} --line {OWN} --amount 80", None, 80, 0, 80, "05-01"),
    ],
)  # fmt: skip
def test_whatever_takes_money_before_it_was_there_is_cautioned(
    spent: Shell, command: str, where: str | None, amount: int, there: int, short: int, covered: str
):
    asked = (*shlex.split(command), "--date", "2020-03-01")
    rehearsed = spent.ask(*asked, "--dry-run")
    answer = spent.ask(*asked)
    (facts,) = told(answer)
    assert told(rehearsed) == [facts]
    assert facts == {
        "line": where,
        "date": "2020-03-01",
        "amount_fen": amount * 100,
        "short_on": "2020-03-01",
        "there_fen": there * 100,
        "short_fen": short * 100,
        "covered_on": f"2020-{covered}",
    }
    (finding,) = found(spent)
    assert finding["facts"] == {
        "line": where,
        "first": "2020-03-01",
        "short_on": "2020-03-01",
        "short_fen": short * 100,
        "covered_on": f"2020-{covered}",
        "entries": [answer["entry"]],
        "count": 1,
        "reversible": [answer["entry"]],
    }


def found(shell: Shell, *cut: str) -> list[dict[str, Any]]:
    """The findings of `check`, which are no error."""
    some: list[dict[str, Any]] = shell.ask("check", *cut)["findings"]
    some = [finding for finding in some if finding["code"] == CODE]
    assert all(finding["tier"] == "warn" for finding in some)
    return some


@pytest.mark.parametrize(
    "command",
    [
        f"{PAY} --line {LINE} --amount 1050 --date 2020-06-10",
        f"{PAY} --line {LINE} --amount 1000 --date 2020-01-10",
        f"{PAY} --line {OLD} --amount 99 --date 2020-03-10",
        f"{PAY} --line {OWN} --amount 80 --date 2020-05-01",
        f"supplement --line {LINE} --amount 5 --doc 追3 --date 2020-01-02",
    ],
)
def test_what_was_there_is_recorded_in_silence(spent: Shell, command: str):
    assert told(spent.ask(*shlex.split(command))) == []
    assert found(spent) == []


def test_the_way_out_can_be_typed(spent: Shell):
    """A later date, or what was approved earlier."""
    late = (*shlex.split(PAY), "--line", LINE, "--amount", "1050")
    (facts,) = told(spent.ask(*late, "--date", "2020-03-01", "--dry-run"))
    assert told(spent.ask(*late, "--date", facts["covered_on"], "--dry-run")) == []
    spent("supplement", "--line", LINE, "--amount", "50", "--doc", "追0", "--date", "2020-02-01")
    assert told(spent.ask(*late, "--date", "2020-03-01")) == []


def test_a_correction_and_an_approval_are_cautioned_when_they_take_effect(spent: Shell):
    """Of a correction what it takes more; a request moves nothing."""
    spent(*shlex.split(f"{PAY} --line {LINE} --amount 1000 --date 2020-02-01"))
    answer = spent.ask("correct", "10", "--amount", "1040", "--date", "2020-03-01")
    (facts,) = told(answer)
    assert (facts["amount_fen"], facts["there_fen"], facts["short_fen"]) == (40_00, 0, 40_00)
    moved = f"reallocate --from {LINE}=10 --to general:2080106:project:P01:-:2020=10 --doc 调1"
    waits = spent.ask(*shlex.split(moved), "--date", "2020-03-02", exit=6)
    assert (waits["pending"], told(waits)) == (True, [])
    signed = ("approve", str(waits["entry"]), "--authority", "finance", "--actor", "乙")
    made = spent.ask(*signed, "--doc", "批1", "--date", "2020-03-02")
    (facts,) = told(made)
    assert (facts["amount_fen"], facts["there_fen"], facts["short_fen"]) == (10_00, -40_00, 50_00)


def test_a_process_says_it_in_one_line_and_check_finds_it(spent: Shell):
    def typed(*arguments: str) -> str:
        answer = process("--db", str(spent.db), *arguments, cwd=spent.db.parent)
        assert answer.exit == 0, answer
        return answer.out

    line = f"--line {LINE} --amount 1050 --date 2020-03-01"
    out = typed(*shlex.split(f"{PAY} {line}"))
    (said,) = [each for each in out.splitlines() if CODE in each]
    assert said == (
        f"提醒 {CODE}：2020-03-01 动用 1,050.00 元，而预算线 {LINE} 在 2020-03-01 "
        "只有 1,000.00 元，差 50.00 元，2020-06-10 起才够；"
        "业务日期应在资金下达或到账之后（--date 2020-06-10），或者先有更早批准的文件"
    )
    (said,) = [each for each in typed("check").splitlines() if CODE in each]
    assert said == (
        f"提醒 {CODE}  预算线 {LINE} 自 2020-03-01 起动用的多于当日已有的，差 50.00 元，"
        "2020-06-10 起才够：第 10 笔"
    )
    reversal = typed("reverse", "10", "--date", "2020-03-01")
    assert CODE not in reversal
    assert CODE not in typed("check")


def test_a_cut_shows_what_was_known_and_dated_by_then(spent: Shell):
    spent(*shlex.split(f"{PAY} --line {LINE} --amount 1050 --date 2020-03-01"))
    assert found(spent, "--as-of", "2020-02-28") == []
    by_code = {f["code"]: f for f in spent.ask("check", *MAY, exit=1)["findings"]}
    assert by_code[CODE]["facts"]["covered_on"] is None
    assert "尚未补足" in by_code[CODE]["message"]
    assert "X12" in by_code  # which says what the tables of that day would print
    (covered,) = found(spent, "--as-of", "2020-06-10")
    assert covered["facts"]["covered_on"] == "2020-06-10"


MAY = ("--as-of", "2020-05-31")
ROWS = (
    "a,2020-03-01,pay,2080105,P02,30201,900,甲",
    "b,2020-03-05,pay,2080105,P02,30201,110,乙",
    "c,2020-02-01,pay,2080105,P02,30201,5,丙",
    "d,2020-03-06,pay,2080105,P02,30201,35,丁",
)


def test_an_import_warns_once_a_line(spent: Shell):
    path = spent.csv(*ROWS)
    rehearsed = spent.ask("import", str(path), "--dry-run")
    answer = spent.ask("import", str(path))
    (facts,) = told(answer)
    assert told(rehearsed) == [facts]
    assert facts == {
        "line": LINE,
        "date": "2020-02-01",
        "amount_fen": 150_00,
        "short_on": "2020-03-06",
        "there_fen": 100_00,
        "short_fen": 50_00,
        "covered_on": "2020-06-10",
    }
    (rows,) = [(w["rows"], w["row"]) for w in answer["warnings"] if w["code"] == CODE]
    assert rows == (3, 3)  # the first was there when it was recorded
    assert told(spent.ask("import", str(path))) == []  # recorded before
    (finding,) = found(spent)
    assert finding["facts"]["entries"] == [11, 13]


def test_a_file_that_brings_the_money_itself_is_silent(spent: Shell):
    more = "m,2020-02-01,supplement,2080105,P02,-,50,,追9"
    header = "id,date,kind,func,project,econ,amount,payee,doc"
    path = spent.csv(*(f"{row}," for row in ROWS), more, header=header)
    assert told(spent.ask("import", str(path))) == []
    assert found(spent) == []


def test_a_file_that_is_not_recorded_says_nothing_of_it(spent: Shell):
    path = spent.csv(*ROWS, "e,2020-03-01,pay,2080105,P02,30201,9999,甲")
    assert told(spent.ask("import", str(path), exit=3)) == []
    answer = spent.ask("import", str(path), "--keep-going", exit=1)
    assert len(told(answer)) == 1


def test_where_the_views_cannot_be_asked_the_receipt_says_so(spent: Shell):
    views = SqlitePlace(spent.db).views
    views.unlink(missing_ok=True)
    views.write_bytes(b"not ours")
    answer = spent.ask(*shlex.split(f"{PAY} --line {LINE} --amount 1050 --date 2020-03-01"))
    assert (answer["ok"], answer["entry"]) == (True, 10)
    (said,) = [w for w in answer["warnings"] if w["code"].startswith("DATE.UN")]
    assert said["code"] == "DATE.UNCHECKED"
    assert str(views) in said["message"]
    assert "1,050.00" in said["message"]
