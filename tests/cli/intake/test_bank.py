"""Statements of banks and the treasury as they come: headers, amounts, days, totals, order."""

from datetime import date
from pathlib import Path

import pytest

from cli.intake.bank import bank_statement
from ledger.errors import Malformed
from projections.questions.reconciling.bank import BankStatement


def read(folder: Path, *lines: str) -> BankStatement:
    path = folder / "流水.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return bank_statement(path)


def fens(said: BankStatement) -> list[int]:
    return [row.fen for row in said.rows]


@pytest.mark.parametrize(
    ("header", "row", "fen", "income"),
    [
        ("交易日期,借方发生额,贷方发生额", "2020-03-05,10,", 10_00, True),
        ("交易日期,借方发生额,贷方发生额", "2020-03-05,,10", -10_00, True),
        ("交易日期,借方发生额,贷方发生额", "2020-03-05,0.00,10", -10_00, True),
        ("交易日期,借方发生额（元）,贷方发生额(元)", "2020-03-05,-,10", -10_00, True),
        ("记账日期,支出,收入", "2020-03-05,（10.00）,", -10_00, True),
        ("支付日期,支付金额,退款金额", "2020-03-05,,10", -10_00, False),
        ("支付日期,支付金额,退款金额", "2020-03-05,,-10", -10_00, False),
        ("支付日期,支付金额", "2020-03-05,−10", -10_00, False),
        ("支付日期,支付金额", '2020-03-05,"￥1,234.50"', 1_234_50, False),
        ("date,amount", "2020-03-05,10", 10_00, False),
        ("交易日期,借贷标志,交易金额", "2020-03-05,借,10", 10_00, True),
        ("交易日期,借贷标志,交易金额", "2020-03-05,贷,10", -10_00, True),
        ("交易日期,借贷标志,交易金额", "2020-03-05,c,-10", -10_00, True),
        ("交易日期,借贷标志,交易金额", "2020-03-05,借,-10", -10_00, True),
    ],
)
def test_money_out_and_in(tmp_path: Path, header: str, row: str, fen: int, income: bool):
    said = read(tmp_path, header, row)
    assert (fens(said), said.income) == ([fen], income)


@pytest.mark.parametrize(
    "day",
    ["2020-03-05", "2020/3/5", "2020.03.05", "20200305", "2020年3月5日", "2020-03-05 10:22:33",
     "20200305102233x"[:8] + " 10:22"],
)  # fmt: skip
def test_days(tmp_path: Path, day: str):
    assert read(tmp_path, "交易时间,支出", f"{day},1").rows[0].day == date(2020, 3, 5)


def test_the_columns_of_a_real_statement(tmp_path: Path):
    """What makes no difference is passed over; a 流水号 is a number like a 凭证号; the day of the
    transaction goes before that of the booking."""
    said = read(
        tmp_path,
        "序号,交易日期,交易时间,记账日期,账号,币种,凭证号码,交易流水号,对方户名,对方账号,"
        "摘要,用途,支出金额,收入金额,账户余额,附言",
        "1,2020-03-05,10:00:00,2020-03-06,123,CNY,００ ０１,S 77,某店,456,货款,纸张,10,,90,谢谢",
        "2,2020-03-07,10:00:00,2020-03-08,123,CNY,,S78,某店,456,货款,,,5,95,",
    )
    first, second = said.rows
    assert (first.row, first.day, first.fen) == (2, date(2020, 3, 5), 10_00)
    assert (sorted(first.names), first.doc) == (["0001", "S77"], "００ ０１")
    assert (first.payee, first.purpose) == ("某店", "纸张")
    assert (second.doc, second.purpose) == ("S78", "货款")
    assert (said.order, said.gap) == ("oldest-first", None)


def test_what_is_no_movement_is_passed_over(tmp_path: Path):
    said = read(
        tmp_path,
        "日期,摘要,支出,收入,余额",
        "2020-03-01,期初余额,,,100.00",
        "2020-03-05,货款,10,,90.00",
        "2020-03-05,结息,0.00,0.00,90.00",
        "本页合计,,10,,",
        ",承前页,,,90.00",
        "2020-03-06,退款,,4,94.00",
        "2020-03-31,本月合计,10.00,4.00,94.00",
        "合计：,,10.00,4.00,",
        "期末余额,,,,94.00",
    )
    assert fens(said) == [10_00, -4_00]
    assert fens(read(tmp_path, "日期,摘要,支出", "2020-03-05,本月工资,10")) == [10_00]


@pytest.mark.parametrize(
    ("balances", "order", "gap"),
    [
        (("90", "70", "40"), "oldest-first", None),
        (("90", "75", "45"), "oldest-first", 3),
        (("90", "70", ""), "oldest-first", None),
        (("0", "0", "0"), "oldest-first", None),
    ],
)
def test_a_line_that_is_missing_shows_in_the_balance(
    tmp_path: Path, balances: tuple[str, ...], order: str, gap: int | None
):
    rows = [f"2020-03-0{n},{n}0,{each}" for n, each in enumerate(balances, 1)]
    said = read(tmp_path, "日期,支出,余额", *rows)
    assert (said.order, said.gap) == (order, gap)
    said = read(tmp_path, "日期,支出,余额", *rows[::-1])
    assert (said.order, said.gap is None) == ("newest-first", gap is None)


def test_lines_without_order(tmp_path: Path):
    rows = [f"2020-03-0{n},1" for n in (2, 1, 3)]
    assert read(tmp_path, "日期,支出", *rows).order == "mixed"


@pytest.mark.parametrize(
    ("header", "row", "code", "field"),
    [
        ("日期,支出", "2020-03-05,1x", "AMOUNT.MALFORMED", "第 2 行 out"),
        ("日期,支出", "2020-03-05,", "FIELD.REQUIRED", "第 2 行 amount"),
        ("日期,支出", ",5", "FIELD.REQUIRED", "第 2 行 date"),
        ("日期,支出", "3月5日,5", "DATE.MALFORMED", "第 2 行 date"),
        ("日期,支出", "2020-02-30,5", "DATE.MALFORMED", "第 2 行 date"),
        ("日期,支出,收入", "2020-03-05,5,6", "AMOUNT.TWICE", "第 2 行 out"),
        ("日期,借贷,金额", "2020-03-05,x,6", "FIELD.REQUIRED", "第 2 行 direction"),
        ("日期,摘要", "2020-03-05,x", "HEADER.MISSING", "表头"),
        ("凭证号,支出", "1,5", "HEADER.MISSING", "表头"),
        ("日期,支出,星座", "2020-03-05,5,x", "HEADER.UNKNOWN", "表头"),
        ("日期,支出", "合计,0", "STATEMENT.EMPTY", "行"),
        ("日期,支出", "2020-03-05,5\n合计,6", "STATEMENT.TOTAL", "第 3 行 out"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, header: str, row: str, code: str, field: str):
    with pytest.raises(Malformed) as raised:
        read(tmp_path, header, row)
    assert raised.value.unreadable.code == code
    assert raised.value.field.endswith(field)
