"""The end of one year and the beginning of the next, as they are told: what goes over, what a
decision file gets wrong, what was recorded before."""

import csv
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cli.main import run
from tests.harness.desk import Desk

JF = "general:2080105:project:JF:-:2020"
BASIC = "general:2080101:basic:-:-:2020"
OLD = "general:2080105:project:JF:-:2019"
OPEN = "open-book --unit 990001 --year 2020 --name 试验局 --kind admin --edition 2020"
CLOSE = "close-year --decisions 结账.csv --actor 会计 --date 2020-12-31"


@pytest.fixture
def desk(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """A year with money of this year, of last year and for salaries, reconciled."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path / "yusuan.db", capsys).did(
        f"{OPEN} --basis indicator",
        "project JF --name 宣传经费",
        "carry-in --func 2080105 --project JF --origin 2019 --amount 200 --doc 结1",
        "appropriate --func 2080105 --project JF --amount 1000 --doc 预1",
        "appropriate --func 2080101 --spending basic --amount 500 --doc 预2",
        f"pay --line {JF} --econ 30201 --amount 100 --payee 某店 --purpose 纸 --doc 支1",
    )
    statement = "资金性质,功能科目,项目,支付数\ngeneral,2080105,JF,100\n"
    (tmp_path / "对账单.csv").write_text(statement, encoding="utf-8")
    return desk.did(
        "reconcile 对账单.csv --date 2020-12-31", "close-year --propose 结账.csv --date 2020-12-31"
    )


def text(desk: Desk, command: str, exit: int = 0) -> str:
    """What a person reads."""
    desk.capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        run([*command.split(), "--db", str(desk.path)])
    said = desk.capsys.readouterr()
    assert int(left.value.code or 0) == exit, said
    return str(said.out + said.err)


def edited(desk: Desk, **changes: dict[str, str]) -> None:
    """The decision file, with other texts in some columns of some lines."""
    file = desk.path.with_name("结账.csv")
    head, *rows = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    for row in rows:
        for column, value in changes.get(row[0], {}).items():
            row[head.index(column)] = value
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head, *rows])


def signed(desk: Desk) -> dict[str, Any]:
    """The closing that the file says, signed by another person."""
    exit_code, asked = desk.typed(CLOSE)
    assert exit_code == 6, asked
    exit_code, approved = desk.typed(asked["try"][0].replace("批准人", "科长"))
    assert exit_code == 0, approved
    return approved


def test_the_receipt_of_a_closing_says_what_goes_over(desk: Desk) -> None:
    edited(desk, **{JF: {"处理": "收回", "文号": "财收1号"}})
    over = {
        "total_fen": 1_600_00,
        "carried_fen": 500_00,
        "surplus_fen": 200_00,
        "taken_back_fen": 900_00,
        "cash_fen": 0,
        "lapsed_fen": 0,
    }
    assert desk.typed(CLOSE + " --dry-run")[1]["goes_over"] == over
    said = text(desk, CLOSE, exit=6)
    assert (
        "转入下年  1,600.00 元：结转 500.00，结余（待财政部门下达） 200.00，"
        "收回（转入后上缴） 900.00" in said
    )
    number = desk.typed("pending")[1]["requests"][0]["entry"]
    sign = f"approve {number} --authority department --date 2020-12-31 --actor 科长"
    assert desk.typed(sign)[1]["goes_over"] == over
    opened = desk.typed("open-book --from 990001/2020 --date 2021-01-01")[1]["opened_with"]
    assert (opened["carried_fen"], opened["remitted_fen"]) == (1_600_00, 900_00)


def test_money_in_hand_goes_over_where_budgets_lapse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = "--fund nonfiscal --func 2080101 --spending basic"
    desk = Desk(tmp_path / "yusuan.db", capsys).did(
        f"{OPEN} --basis payment",
        "appropriate --func 2080101 --spending basic --amount 500 --doc 预2",
        f"appropriate {own} --amount 300 --doc 预3",
        "income --fund nonfiscal --func 2080101 --econ other --amount 120",
        "close-year --propose 结账.csv --date 2020-12-31",
    )
    assert signed(desk)["goes_over"] == {
        "total_fen": 120_00,
        "carried_fen": 0,
        "surplus_fen": 0,
        "taken_back_fen": 0,
        "cash_fen": 120_00,
        "lapsed_fen": 800_00,
    }


def test_every_wrong_decision_is_named_by_row_and_column(desk: Desk) -> None:
    edited(
        desk,
        **{JF: {"处理": "收回"}, BASIC: {"处理": "结余"}, OLD: {"可执行": "199.99"}},
    )
    exit_code, refused = desk.typed(CLOSE)
    assert (exit_code, refused["code"]) == (3, "YEAR.BLOCKED")
    found = {each["line"]: each for each in refused["facts"]["decisions"]}
    rows = csv.reader(Path("结账.csv").read_text(encoding="utf-8").splitlines())
    numbers = {row[0]: number for number, row in enumerate(rows, 1)}
    assert {
        line: (each["file"], each["row"], each["field"], each["value"], each["right"])
        for line, each in found.items()
    } == {
        JF: ("结账.csv", numbers[JF], "doc", "", "收回通知的文号"),
        BASIC: ("结账.csv", numbers[BASIC], "decision", "结余", "结转、收回"),
        OLD: ("结账.csv", numbers[OLD], "amount", "199.99", "200.00"),
    }
    assert f"结账.csv 第 {numbers[JF]} 行 文号：现为空，应为 收回通知的文号" in refused["try"]
    assert not any("--propose 结账.csv" in way for way in refused["try"]), "not over the file"


def test_every_cell_that_cannot_be_read_is_named_at_once(desk: Desk) -> None:
    """All rows, and all cells of a row: file, row, column, value, and what would be right; mended
    as it says the file is read."""
    right = Path("结账.csv").read_bytes()
    rows = csv.reader(right.decode("utf-8-sig").splitlines())
    numbers = {row[0]: number for number, row in enumerate(rows, 1)}
    edited(
        desk,
        **{
            JF: {"处理": "保留", "可执行": "九百", "文号": "a\x07b"},
            OLD: {"预算线": "general:2080105"},
            BASIC: {"待下达": "-1"},
        },
    )
    with Path("结账.csv").open("a", encoding="utf-8") as stream:
        stream.write("多,了,一,格,不,是,行\n")
    exit_code, told = desk.typed(CLOSE)
    assert exit_code == 2
    found = {(each["row"], each["column"]): each for each in told["facts"]["rejected"]}
    assert {place: each["value"] for place, each in found.items()} == {
        (numbers[JF], "decision"): "保留",
        (numbers[JF], "amount"): "九百",
        (numbers[JF], "doc"): "a\\x07b",
        (numbers[OLD], "line"): "general:2080105",
        (numbers[BASIC], "pending"): "-1",
        (len(numbers) + 1, "行"): found[len(numbers) + 1, "行"]["value"],
    }
    assert {each["file"] for each in found.values()} == {"结账.csv"}
    assert all(each["expected"] and each["code"] and each["message"] for each in found.values())
    first = told["facts"]["rejected"][0]
    assert (told["code"], told["facts"]["value"]) == (first["code"], first["value"])
    mend = f"结账.csv 第 {numbers[JF]} 行 处理：现为“保留”，应为 "
    assert any(way.startswith(mend) for way in told["try"]), told["try"]
    assert len(told["try"]) == len(found)
    said = text(desk, CLOSE, exit=2)
    assert all(way in said for way in told["try"])
    Path("结账.csv").write_bytes(right)
    signed(desk)


def test_other_files_of_a_command_name_every_row_too(desk: Desk) -> None:
    """The items of a voucher, and last year's closing."""
    Path("项.csv").write_text(f"预算线,经济科目,金额\n{JF},3,1\n{JF},30201,x\n", encoding="utf-8")
    _, told = desk.typed("voucher --items 项.csv --payee 某店")
    rejected = [(each["row"], each["column"]) for each in told["facts"]["rejected"]]
    assert rejected == [(2, "econ"), (3, "amount")]
    Path("上年.csv").write_text(
        "功能科目,形成年度,金额\n1,2019,1\n2080105,19,1\n", encoding="utf-8"
    )
    _, told = desk.typed("opening --check --previous-closing 上年.csv")
    rejected = [(each["row"], each["column"]) for each in told["facts"]["rejected"]]
    assert rejected == [(2, "func"), (3, "origin")]


def test_a_row_that_is_missing_is_named(desk: Desk) -> None:
    file = desk.path.with_name("结账.csv")
    rows = file.read_text(encoding="utf-8-sig").splitlines()
    file.write_text("\n".join(row for row in rows if BASIC not in row), encoding="utf-8")
    refused = desk.typed(CLOSE)[1]
    told = f"结账.csv 缺 {BASIC} 一行；应有一行：可执行 500.00，待下达 0.00，处理 结转、收回"
    assert refused["try"][0] == told


def test_a_proposal_leaves_an_edited_file_alone(desk: Desk) -> None:
    edited(desk, **{JF: {"处理": "收回", "文号": "财收1号"}})
    before = Path("结账.csv").read_bytes()
    exit_code, refused = desk.typed("close-year --propose 结账.csv --date 2020-12-31")
    assert (exit_code, refused["code"]) == (3, "FILE.EXISTS")
    assert Path("结账.csv").read_bytes() == before
    desk.did("close-year --propose 结账.csv --force --date 2020-12-31")


def test_a_repetition_says_then_and_now(desk: Desk) -> None:
    pay = f"pay --line {JF} --econ 30201 --amount 100 --payee 某店 --purpose 纸 --doc 支1"
    first = desk.typed(pay)[1]
    assert (first["already"], first["now"]) == (True, {"available_fen": 900_00, "held_fen": 0})
    desk.did(f"pay --line {JF} --econ 30202 --amount 250 --payee 另店 --purpose 笔")
    again = desk.typed(pay)[1]
    assert (again["available_fen"], again["now"]["available_fen"]) == (900_00, 650_00)
    said = text(desk, f"{pay} --date 2020-06-30")
    assert "可用余额  当时 900.00 元，现在 650.00 元" in said
    assert "，当时共 6 笔" in said


def test_a_balance_says_what_was_approved(desk: Desk) -> None:
    """全年预算 is what `execution` has, less what was handed back: two names for two figures."""
    assert "批准合计" in text(desk, "balance")
    assert "全年预算" not in text(desk, "balance")
    assert "全年预算" in text(desk, "execution --scope all")
    assert "annual_budget_fen" in json.dumps(desk.typed("balance")[1])


def next_year(desk: Desk) -> Desk:
    """2020 closed as proposed, and 2021 opened from it."""
    signed(desk)
    return desk.did("open-book --from 990001/2020 --date 2021-01-01")


THIS = "--year 2021 --date 2021-03-01"


@pytest.mark.parametrize(
    "again",
    [
        "carry-in --func 2080105 --project JF --origin 2020 --amount 900 --doc 结转",
        "carry-in --func 2080199 --spending basic --origin 2020 --amount 1 --doc 结转",
        "reverse 3",
        "correct 3 --amount 1",
    ],
)
def test_what_a_book_was_opened_with_stands(desk: Desk, again: str) -> None:
    """Carried in once more it could be spent twice."""
    exit_code, refused = next_year(desk).typed(f"{again} {THIS}")
    assert (exit_code, refused["code"]) == (3, "OPENING.STANDS")
    assert refused["facts"]["previous"] == "990001/2020"
    adjust = next(way for way in refused["try"] if "adjust-opening" in way)
    typed = adjust.replace("金额", "1").replace("文号", "财1号")
    assert desk.typed(f"{typed} {THIS}")[0] == 0
    assert any("reopen-year --unit 990001 --year 2020" in way for way in refused["try"])


def test_reopening_a_year_names_the_book_that_was_opened_from_it(desk: Desk) -> None:
    """Told to who asks and to who signs; then the next book finds that last year is otherwise, and
    what is offered settles it, though the money is spent there too."""
    reopen = "reopen-year --year 2020 --reason 漏记 --actor 会计 --date 2020-12-31"
    asked = next_year(desk).typed(reopen)[1]
    sign = f"{asked['try'][0].replace('批准人', '科长')} --year 2020"
    warned = [*asked["warnings"], *desk.typed(sign)[1]["warnings"]]
    warned = [each for each in warned if each["code"] == "YEAR.OPENED_FROM"]
    assert ["990001/2021" in each["message"] for each in warned] == [True, True]
    pay = "--econ 30201 --payee 某店 --purpose 笔"
    desk.did(f"pay --year 2020 --line {JF} {pay} --amount 300 --date 2020-12-31")
    exit_code, found = desk.typed("opening --check --year 2021")
    assert (exit_code, found["unexplained_fen"]) == (1, 300_00)
    desk.did(f"pay --line {JF} {pay} --amount 800 {THIS}")
    settled(desk, "opening --check --year 2021", THIS)
    assert not [f for f in desk.typed("check --year 2021")[1]["findings"] if f["code"] == "X11"]
    desk.did("audit --year 2021")


def settled(desk: Desk, check: str, suffix: str) -> None:
    """Types every way out of a check, in order, until nothing is unexplained."""
    for _ in range(4):
        exit_code, found = desk.typed(check)
        if exit_code == 0:
            return
        ways = [way for each in (*found["missing"], *found["pools"]) for way in each["try"]]
        assert ways, found
        for way in ways:
            typed = f"{way.replace('文号', '财结1号')} {suffix}"
            exit_code, answer = desk.typed(typed)
            assert exit_code == 0, (typed, answer)
    raise AssertionError(found)


@pytest.mark.parametrize("seed", range(16))
def test_what_opening_check_offers_settles_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """A line too many or too few, too much or too little, several carry-ins, money spent, reserved
    or waiting, a month locked: typed as it is offered, nothing stays unexplained."""
    monkeypatch.chdir(tmp_path)
    chance = Random(seed)
    desk = Desk(tmp_path / "yusuan.db", capsys).did(
        f"{OPEN} --basis indicator", "project JF --name 甲", "project P2 --name 乙"
    )
    closing = ["资金性质,功能科目,项目,形成年度,金额"]
    for fund, project in (("general", "JF"), ("general", "P2"), ("nonfiscal", "JF")):
        carried = 0
        for _ in range(chance.choice((0, 1, 1, 2, 3))):
            yuan = chance.choice((100, 100, 250, 1_000))
            line = f"--line {fund}:2080105:project:{project}:{chance.choice(('-', '302'))}:2019"
            waits = chance.choice(("", "", " --pending"))
            desk.did(f"carry-in {line} --amount {yuan} --doc 结 --date 2020-01-05{waits}")
            carried += yuan
            use = chance.choice(("pay --econ 30201", "reserve", ""))
            if use and not waits:
                spent = chance.choice((yuan, yuan // 2, 30))
                desk.did(f"{use} {line} --payee 店{carried} --purpose 用 --amount {spent}")
        last = max(0, carried + chance.choice((-1_000, -250, -100, -30, 0, 70, 300)))
        if last:
            closing.append(f"{fund},2080105,{project},2019,{last}")
    if chance.random() < 0.5:
        desk.did("lock-month 1 --date 2020-02-01")
    Path("上年.csv").write_text("\n".join(closing), encoding="utf-8")
    settled(desk, "opening --check --previous-closing 上年.csv", "")
    desk.did("audit")


def test_what_a_closing_decides_is_read_before_it_is_signed(desk: Desk) -> None:
    """By line with its document, and by decision, where it waits and where it is shown."""
    edited(desk, **{JF: {"处理": "收回", "文号": "财收1号"}})
    number = desk.typed(CLOSE)[1]["entry"]
    (request,) = desk.typed("pending")[1]["requests"]
    told = request["decides"]
    by_line = {each["line"]: (each["choice"], each["doc"]) for each in told["decisions"]}
    assert by_line == {
        BASIC: ("carry", ""), OLD: ("surplus", ""), JF: ("take-back", "财收1号")
    }  # fmt: skip
    sums = {each["choice"]: (each["lines"], each["fen"]) for each in told["sums"]}
    assert sums == {"carry": (1, 500_00), "surplus": (1, 200_00), "take-back": (1, 900_00)}
    assert desk.typed(f"show {number}")[1]["decides"] == told
    for command in ("pending", f"show {number}"):
        said = text(desk, command)
        assert "收回 1 条 900.00 元" in said and "财收1号" in said, command


def test_a_reallocation_shows_both_sides_and_who_must_approve_it(desk: Desk) -> None:
    asked = f"reallocate --line {JF} --to-econ 31002 --amount 50 --doc 调1"
    number = desk.typed(asked)[1]["entry"]
    target = JF.replace(":-:2020", ":31002:2020")
    for told in (
        desk.typed("pending")[1]["requests"][0]["decides"],
        desk.typed(f"show {number}")[1]["decides"],
    ):
        assert told["sources"] == [{"line": JF, "amount_fen": 50_00}]
        assert told["targets"] == [{"line": target, "amount_fen": 50_00}]
        assert told["needed"] == "finance" and told["why"]
    for command in ("pending", f"show {number}"):
        said = text(desk, command)
        assert "调出" in said and "调入" in said and "须由财政部门批准" in said, command


LAST = "--year 2020 --date 2020-12-31"
REOPEN = f"reopen-year --reason 漏记 --actor 会计 {LAST}"
PAY_LATE = f"pay --line {JF} --econ 30201 --payee 某店 --purpose 笔 --amount 300 {LAST}"
RECONCILE = f"reconcile 对账单.csv {LAST}"


def finding(desk: Desk) -> dict[str, Any] | None:
    """What `check` of 2020 finds about 2021."""
    found = desk.typed("check --year 2020")[1]["findings"]
    told = [each for each in found if "990001/2021" in each["message"]]
    assert len(told) < 2
    return told[0] if told else None


def agreed(desk: Desk, asked: str) -> None:
    """Asks, and another person signs."""
    exit_code, waits = desk.typed(asked)
    assert exit_code == 6, waits
    sign = waits["try"][0].replace("批准人", "科长")
    exit_code, approved = desk.typed(f"{sign} --year 2020")
    assert exit_code == 0, approved


def closed_again(desk: Desk, paid: str) -> None:
    """2020 is closed once more, after what was paid."""
    statement = f"资金性质,功能科目,项目,支付数\ngeneral,2080105,JF,{paid}\n"
    Path("对账单.csv").write_text(statement, encoding="utf-8")
    desk.did(RECONCILE, f"close-year --propose 结账.csv --force {LAST}")
    agreed(desk, f"close-year --decisions 结账.csv --actor 会计 {LAST}")


def carried(desk: Desk, command: str) -> dict[str, Any] | None:
    answer: dict[str, Any] = desk.typed(command)[1]
    return answer.get("carried_on")


def test_nothing_is_said_while_the_closing_stands(desk: Desk) -> None:
    next_year(desk)
    last = desk.typed("log --year 2020")[1]["entries"][-1]["entry"]
    assert finding(desk) is None
    assert carried(desk, "pending --year 2020") is None
    assert carried(desk, f"show {last} --year 2020") is None


def test_a_reopened_year_tells_what_was_opened_from_it(desk: Desk) -> None:
    """Which book, with which figures, item by item; then what differs, until it is said there."""
    agreed(next_year(desk), REOPEN)
    last = desk.typed("log --year 2020")[1]["entries"][-1]["entry"]
    told = carried(desk, "pending --year 2020")
    assert told is not None
    assert (told["book"], told["reopened"]) == ("990001/2021", True)
    assert (told["carried_fen"], told["closing_fen"], told["difference_fen"]) == (
        *(1_600_00, 1_600_00, 0),
    )
    by_item = {(each["project"], each["origin"]): each for each in told["items"]}
    assert by_item["JF", 2020]["carried_fen"] == 900_00
    assert by_item["JF", 2019]["carried_fen"] == 200_00
    assert carried(desk, f"show {last} --year 2020") == told
    assert carried(desk, "show 1 --year 2020") is None, "only a closing has it"
    assert carried(desk, "pending --year 2020 --as-of 2020-06-30") is None
    assert carried(desk, "pending --year 2021") is None
    for command in ("pending", f"show {last}", "check"):
        said = text(desk, f"{command} --year 2020")
        assert "990001/2021" in said and "转入 1,600.00 元" in said, command
        assert "本年已解除结账" in said, command

    found = finding(desk)
    assert found is not None and (found["code"], found["tier"]) == ("X11", "warn")
    assert (found["left_fen"], found["right_fen"]) == (1_600_00, 1_600_00)
    desk.did(PAY_LATE)
    told = carried(desk, "pending --year 2020")
    assert told is not None and told["difference_fen"] == -300_00
    closed_again(desk, "400")
    told = carried(desk, "pending --year 2020")
    assert told is not None and told["reopened"] is False
    differing = [each for each in told["items"] if each["difference_fen"]]
    assert [(each["project"], each["difference_fen"]) for each in differing] == [("JF", -300_00)]
    assert "重新结账后的年末数与其不同" in text(desk, "pending --year 2020")
    found = finding(desk)
    assert found is not None and (found["left_fen"], found["right_fen"]) == (1_600_00, 1_300_00)

    # What is offered is typed, and leads to what settles it.
    assert "opening --check" in told["check"]
    settled(desk, told["check"].removeprefix("yusuan "), THIS)
    assert finding(desk) is None
    assert carried(desk, "pending --year 2020") is None
    last = desk.typed("log --year 2020")[1]["entries"][-1]["entry"]
    assert carried(desk, f"show {last} --year 2020") is None
    desk.did("audit --year 2020", "audit --year 2021")


def test_closed_again_as_it_was_it_is_told_no_more(desk: Desk) -> None:
    agreed(next_year(desk), REOPEN)
    assert finding(desk) is not None
    closed_again(desk, "100")
    assert finding(desk) is None
    assert carried(desk, "pending --year 2020") is None


def test_what_was_not_known_then_is_not_told(desk: Desk) -> None:
    """`--known-at` before the next book was opened."""
    known = desk.typed("show 1 --year 2020")[1]["recorded_at"]
    agreed(next_year(desk), REOPEN)
    assert carried(desk, f"pending --year 2020 --known-at {known}") is None


def test_a_book_that_was_opened_otherwise_is_not_meant(desk: Desk) -> None:
    """Next year's book that follows no closing owes this one nothing."""
    desk.did(
        "open-book --unit 990001 --year 2021 --name 试验局 --kind admin --edition 2020"
        " --basis indicator --date 2021-01-01"
    )
    assert carried(desk, "pending --year 2020") is None
    assert finding(desk) is None


@pytest.fixture
def distributed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Desk:
    """An 事业单位 that closed with 470 of a project, 250 bound to nothing and 30 in a pool;
    after the next book was opened, 100 more of the unbound went into the pool after all."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(tmp_path / "yusuan.db", capsys).did(
        f"{OPEN.replace('admin', 'institution')} --basis indicator",
        "project P02 --name 甲",
        f"surplus-in --pool unrestricted --amount 30 {LAST}",
        f"income --func 2080105 --project P02 --econ service --amount 470 {LAST}",
        f"income --func 2080101 --spending basic --econ service --amount 250 {LAST}",
    )
    desk.did(f"close-year --propose 结账.csv --force {LAST}")
    agreed(desk, f"close-year --decisions 结账.csv --actor 会计 {LAST}")
    desk.did("open-book --from 990001/2020 --date 2021-01-01")
    closed_otherwise(desk, 100, "unrestricted")
    return desk


UNBOUND = "nonfiscal:2080101:basic:-:-:2020"
PROJECT = "nonfiscal:2080105:project:P02:-:2020"


def closed_otherwise(desk: Desk, amount: int, where: str) -> None:
    """Reopened, so much distributed, and closed again."""
    agreed(desk, REOPEN)
    desk.did(f"distribute --line {UNBOUND} --to {where} --amount {amount} {LAST}")
    desk.did(f"close-year --propose 结账.csv --force {LAST}")
    agreed(desk, f"close-year --decisions 结账.csv --actor 会计 {LAST}")


def revised(pool: str, amount: str, down: str = "") -> str:
    return (
        f"yusuan adjust-surplus --pool {pool} --adjustment closing-revised "
        f"--amount {amount}{down} --doc 文号"
    )


def pooled(desk: Desk, year: int = 2021) -> list[dict[str, Any]]:
    """X11 of pools in the next book."""
    found = desk.typed(f"check --year {year}")[1]["findings"]
    return [
        each for each in found if each["code"] == "X11" and "非财政拨款结余转入" in each["message"]
    ]


def test_a_closing_that_distributes_more_is_settled_in_the_next_book(distributed: Desk) -> None:
    """What was carried in too much is the unbound line's, not the richer project's; what is
    missing in the pool is said of it by document. Both sides then have nothing left to say."""
    desk = distributed
    _, found = desk.typed("opening --check --year 2021")
    (missing,) = found["missing"]
    assert missing["fen"] == 100_00
    line = f"yusuan adjust-opening --line {UNBOUND} --adjustment closing-revised"
    assert missing["try"] == [f"{line} --amount 100.00 --decrease --doc 文号"]
    (pool,) = found["pools"]
    assert (pool["closing_fen"], pool["opening_fen"]) == (130_00, 30_00)
    assert (pool["unexplained_fen"], pool["try"]) == (-100_00, [revised("unrestricted", "100.00")])
    (of_check,) = pooled(desk)
    assert of_check["try"] == pool["try"]
    told = carried(desk, "pending --year 2020")
    assert told is not None
    assert [each["difference_fen"] for each in told["items"] if each["pool"]] == [100_00]

    for way in (*missing["try"], *pool["try"]):
        desk.did(f"{way.removeprefix('yusuan ')} --year 2021 --date 2021-02-01")
    _, found = desk.typed("opening --check --year 2021")
    (pool,) = found["pools"]
    assert (pool["opening_before_fen"], pool["adjusted_fen"], pool["opening_fen"]) == (
        *(30_00, 100_00, 130_00),
    )
    assert [(each["kind"], each["fen"]) for each in pool["adjustments"]] == [
        ("closing-revised", 100_00)
    ]
    assert (found["missing"], pool["unexplained_fen"], pool["try"]) == ([], 0, [])
    assert pooled(desk) == []
    assert carried(desk, "pending --year 2020") is None
    (walk,) = desk.typed("carryover --year 2021")[1]["pools"]
    assert (walk["opening_fen"], walk["adjusted_fen"], walk["closing_fen"]) == (
        *(130_00, 100_00, 130_00),
    )
    assert "其中调整 100.00" in text(desk, "carryover --year 2021")
    assert "上年年末更正 100.00 元" in text(desk, "opening --check --year 2021")
    desk.did("audit --year 2020", "audit --year 2021")


def test_a_pool_alone_that_differs_is_told_from_both_sides(distributed: Desk) -> None:
    """The items are settled, the pool is not: the year that was closed again says which, and what
    it leads to is accepted."""
    desk = distributed
    line = f"adjust-opening --line {UNBOUND} --adjustment closing-revised --decrease"
    desk.did(f"{line} --amount 100 --doc 复1 --year 2021 --date 2021-02-01")
    found = finding(desk)
    assert found is not None
    assert "非财政拨款结余转入 30.00 元，现在为 130.00 元" in found["message"]
    settled(desk, found["try"][0].removeprefix("yusuan "), "--year 2021 --date 2021-02-02")
    assert finding(desk) is None


def test_a_pool_that_was_used_comes_back_before_it_is_lowered(distributed: Desk) -> None:
    """Last year the distribution was wrong after all: what is used of it is undone first."""
    desk = distributed
    ways = [revised("unrestricted", "100.00"),
            f"adjust-opening --line {UNBOUND} --adjustment closing-revised --amount 100 --decrease"
            " --doc 复1"]  # fmt: skip
    for way in ways:
        desk.did(f"{way.removeprefix('yusuan ')} --year 2021 --date 2021-02-01")
    desk.did("use-surplus --func 2080105 --project P02 --amount 90 --year 2021 --date 2021-03-01")
    agreed(desk, REOPEN)
    entries = desk.typed("log --kind distribute --year 2020")[1]["entries"]
    desk.did(f"reverse {entries[-1]['entry']} {LAST}")
    desk.did(f"close-year --propose 结账.csv --force {LAST}")
    agreed(desk, f"close-year --decisions 结账.csv --actor 会计 {LAST}")
    (pool,) = desk.typed("opening --check --year 2021")[1]["pools"]
    first, second = pool["try"]
    assert first.endswith("--amount 30.00") and " correct " in first
    assert second == revised("unrestricted", "100.00", " --decrease")
    for way in pool["try"]:
        desk.did(f"{way.removeprefix('yusuan ')} --year 2021 --date 2021-04-01")
    assert pooled(desk) == []
    (walk,) = desk.typed("carryover --year 2021")[1]["pools"]
    assert (walk["opening_fen"], walk["used_fen"], walk["closing_fen"]) == (30_00, 30_00, 0)


@pytest.mark.parametrize(
    ("changed", "right", "column"),
    [
        ({UNBOUND: "520.00", PROJECT: "200.00"}, "470.00", "可执行"),  # 270 less is for the project
        ({UNBOUND: "250.01", PROJECT: "469.99"}, "470.00", "可执行"),
        ({UNBOUND: "720.00", PROJECT: None}, "470.00", None),
    ],
)
def test_money_of_a_project_does_not_go_over_as_unbound(
    distributed: Desk, changed: dict[str, str | None], right: str, column: str | None
) -> None:
    """专项 stays 专项: the refusal says the row and what belongs there, the proposal closes."""
    desk = distributed
    agreed(desk, REOPEN)
    given = desk.typed("log --kind distribute --year 2020")[1]["entries"]
    desk.did(f"reverse {given[-1]['entry']} {LAST}")
    desk.did(f"close-year --propose 结账.csv --force {LAST}")
    with Path("结账.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    kept = [row for row in rows if changed.get(row[0], "") is not None]
    for row in kept:
        row[2] = changed.get(row[0]) or row[2]
    with Path("改.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *kept])
    exit_code, refused = desk.typed(f"close-year --decisions 改.csv --actor 会计 {LAST}")
    assert (exit_code, refused["code"]) == (3, "YEAR.BLOCKED"), refused
    (wrong,) = refused["facts"]["decisions"]
    assert (wrong["code"], wrong["line"]) == ("CASH", PROJECT)
    assert right in wrong["right"] and "专项余款 470.00 元" in wrong["text"]
    assert wrong["row"] is None if column is None else wrong["row"] > 1
    agreed(desk, f"close-year --decisions 结账.csv --actor 会计 {LAST}")
