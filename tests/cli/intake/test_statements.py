"""Statements of the treasury and of banks: which rows they are, in which order, of which money."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.import_files import entries, report, row, wide
from tests.harness.shell import LINE, Shell

HEADER = "交易日期,凭证号,功能科目,项目代码,经济科目,支付金额,收款人,用途"
PAID = "2020-03-07,0007,2080105,P02,30201,70,某店,纸"


def statement(shell: Shell, *rows: str, header: str = HEADER, exit: int = 0) -> Any:
    path = shell.csv(*rows, header=header)
    return shell.ask("import", str(path), "--map", "TREASURY", exit=exit)


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("交易日期,凭证号,资金性质,功能科目,项目代码,经济科目,支付金额,收款人,用途",
         "2020-03-07,0007,一般公共预算,2080105,P02,30201,70,某店,纸"),
        ("交易日期,凭证号,支出性质,功能科目,项目代码,经济科目,支付金额,收款人,用途",
         "2020-03-07,0007,项目支出,2080105,P02,30201,70,某店,纸"),
        ("交易日期,凭证号,形成年度,功能科目,项目代码,经济科目,支付金额,收款人,用途",
         "2020-03-07,0007,2020,2080105,P02,30201,70,某店,纸"),
        ("交易日期,凭证号,功能科目,项目代码,经济科目,支付金额,收款人",
         "2020-03-07,0007,2080105,P02,30201,70,某店"),
        ("交易日期,凭证号,支付方式,功能科目,项目代码,经济科目,支付金额,收款人,用途",
         "20200307,0007,,2080105-监察,P02-监察,30201-办公费,70.00,某店,纸"),
    ],
    ids=["fund", "spending", "origin", "no purpose", "pay type, names, spelling"],
)  # fmt: skip
def test_the_id_of_a_row_does_not_depend_on_the_columns(shell: Shell, header: str, line: str):
    assert statement(shell, PAID)["recorded"] == 1
    again = statement(shell, line, header=header)
    assert (again["recorded"], again["already"]) == (0, 1)
    assert shell.balance(LINE)["paid_fen"] == 70_00


@pytest.mark.parametrize(
    "change",
    [("0007", "0008"), ("30201", "30202"), (",70,", ",71,"), ("某店", "别店")],
)  # fmt: skip
def test_what_makes_another_payment_makes_another_id(shell: Shell, change: tuple[str, str]):
    statement(shell, PAID)
    assert statement(shell, PAID.replace(*change))["recorded"] == 1


def test_another_day_is_another_row_and_a_payment_that_is_there(shell: Shell):
    """One 文号, payee, amount and 款 is paid once, unless the file says that it is paid again."""
    statement(shell, PAID)
    later = PAID.replace("2020-03-07", "2020-03-08")
    (refused,) = statement(shell, later, exit=3)["rejected"]
    assert (refused["code"], refused["column"], refused["facts"]["entry"]) == (
        "R16.DUPLICATE",
        "凭证号",
        5,
    )
    assert statement(shell, f"{later},是", header=f"{HEADER},再次支付")["recorded"] == 1
    assert statement(shell, later)["already"] == 1
    assert shell.balance(LINE)["paid_fen"] == 140_00


# The order of rows.


def of(day: str, voucher: str, amount: str) -> str:
    return f"{day},{voucher},2080105,P02,30201,{amount},某店,纸"


@pytest.mark.parametrize(
    "rows",
    [
        (of("2020-03-06", "7", "-40"), of("2020-03-05", "7", "100")),
        (of("2020-03-05", "7", "-40"), of("2020-03-05", "7", "100")),
        (of("2020-03-09", "7", "-30"), of("2020-03-06", "7", "-10"), of("2020-03-05", "7", "100")),
    ],
    ids=["newest first", "the same day", "two refunds"],
)
def test_a_refund_may_stand_above_its_payment(shell: Shell, rows: tuple[str, ...]):
    answer = statement(shell, *rows)
    assert answer["recorded"] == len(rows)
    assert shell.balance(LINE)["paid_fen"] == 60_00
    days = [entry["date"] for entry in entries(shell)[4:]]
    assert days == sorted(days)
    assert statement(shell, *rows)["already"] == len(rows)


def test_what_is_wrong_is_told_in_the_order_of_the_file(shell: Shell):
    rows = (of("2020-03-09", "9", "9999"), of("x", "8", "1"), of("2020-03-05", "7", "-5"))
    answer = statement(shell, *rows, exit=2)
    assert [(bad["row"], bad["code"]) for bad in answer["rejected"]] == [
        (2, "R1.AVAILABLE"),
        (3, "DATE.MALFORMED"),
        (4, "REFUND.MISSING"),
    ]


# The year of the money.

OLD = "general:2080106:project:P01:-:2019"


@pytest.fixture
def carried(shell: Shell) -> Shell:
    shell("carry-in", "--line", OLD, "--amount", "500", "--date", "2020-01-05")
    return shell


def of_p01(amount: str, voucher: str = "2", day: str = "2020-03-05") -> str:
    return f"{day},{voucher},2080106,P01,30201,{amount},某店,纸"


def test_a_row_without_a_year_is_of_the_only_line_that_it_fits(carried: Shell):
    answer = statement(carried, of_p01("100"), of_p01("-40"))
    assert (answer["recorded"], answer["warnings"]) == (2, [])
    assert carried.balance(OLD)["paid_fen"] == 60_00
    # A line of this year comes into being: the row stays what it was.
    carried("appropriate", "--line", OLD.replace("2019", "2020"), "--amount", "9", "--date",
            "2020-01-10")  # fmt: skip
    assert statement(carried, of_p01("100"), of_p01("-40"))["already"] == 2


def test_of_two_it_is_this_years_and_cautioned_while_older_money_is_left(carried: Shell):
    this_year = OLD.replace("2019", "2020")
    carried("appropriate", "--line", this_year, "--amount", "900", "--date", "2020-01-10")
    answer = statement(carried, of_p01("100"))
    assert [(each["code"], each["rows"]) for each in answer["warnings"]] == [("ORIGIN.OLDER", 1)]
    assert OLD in answer["warnings"][0]["message"]
    assert carried.balance(this_year)["paid_fen"] == 100_00
    header = f"{HEADER},形成年度"
    assert statement(carried, of_p01("500", "3") + ",2019", header=header)["warnings"] == []
    assert statement(carried, of_p01("1", "4"))["warnings"] == []  # nothing older is left


def test_of_two_earlier_ones_it_must_say_which(carried: Shell):
    carried("carry-in", "--line", OLD.replace("2019", "2018"), "--amount", "5", "--date",
            "2020-01-05")  # fmt: skip
    (bad,) = statement(carried, of_p01("1"), exit=2)["rejected"]
    assert (bad["code"], bad["column"]) == ("ORIGIN.REQUIRED", "origin")
    assert "2018、2019" in bad["message"]


def test_a_row_of_our_own_is_of_this_year_and_cautioned(carried: Shell):
    paid = {"date": "2020-03-01", "kind": "pay", "func": "2080106", "project": "P01",
            "econ": "30201", "amount": "5", "payee": "某店", "purpose": "纸"}  # fmt: skip
    assert report(carried, wide(carried, row(id="A", **paid)), exit=3)["code"] == "R1.NO_LINE"
    carried("appropriate", "--line", OLD.replace("2019", "2020"), "--amount", "9", "--date",
            "2020-01-10")  # fmt: skip
    answer = report(carried, wide(carried, row(id="A", **paid)))
    assert [each["code"] for each in answer["warnings"]] == ["ORIGIN.OLDER"]
    answer = report(carried, wide(carried, row(id="B", **paid | {"amount": "4", "origin": "2020"})))
    assert answer["warnings"] == []


# Names of projects.

BUDGET = "BGT_ID,DOC_DATE,COR_BGT_DOC_NO,EXP_FUNC_CODE,PRO_CODE{},SOURCE_TYPE_CODE,AMOUNT"


@pytest.mark.parametrize(
    ("header", "project"),
    [
        (BUDGET.format(",项目名称"), "PM1,就业培训经费"),
        (BUDGET.format(""), "PM1-就业培训经费"),
        (BUDGET.format(",项目名称"), "PM1-培训,就业培训经费"),
    ],
)
def test_a_project_is_registered_by_its_name(shell: Shell, header: str, project: str):
    path: Path = shell.csv(f"B1,2020-01-10,预1,2080105,{project},1,80", header=header)
    answer = shell.ask("import", str(path), "--map", "BA_BGT_INFO", "--register")
    assert answer["recorded"] == 1
    (named,) = [entry for entry in entries(shell, "--kind", "project") if entry["entry"] > 4]
    assert shell.ask("show", str(named["entry"]))["name"] == "就业培训经费"


def test_a_row_of_our_own_may_name_the_project_to_register(shell: Shell):
    budget = {"date": "2020-01-10", "kind": "appropriate", "func": "2080105", "amount": "80"}
    path = wide(shell, row(id="A", project="N1", name="就业培训经费", **budget))
    report(shell, path, "--register")
    (named,) = [entry for entry in entries(shell, "--kind", "project") if entry["entry"] > 4]
    assert shell.ask("show", str(named["entry"]))["name"] == "就业培训经费"
