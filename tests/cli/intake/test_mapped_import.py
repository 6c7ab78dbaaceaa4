"""`import --map`: the exports of other systems become rows of the import file, exactly once."""

import csv
import io
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cli.intake.mapped.mapping import Mapping, mapping, shipped
from ledger.errors import Malformed
from tests.harness.sheets import Raw, number, workbook_xml, xlsx
from tests.harness.shell import ROOT, Shell, clean_environment

Rows = list[dict[str, str]]

INDICATORS = ("BGT_ID", "FISCAL_YEAR", "AGENCY_CODE", "COR_BGT_DOC_NO", "DOC_DATE",
              "FUND_TYPE_CODE", "EXP_FUNC_CODE", "DEP_BGT_ECO_CODE", "PRO_CAT_CODE", "PRO_CODE",
              "BGT_TYPE_CODE", "SOURCE_TYPE_CODE", "AMOUNT", "DIS_AMT", "ORI_BGT_ID",
              "BGT_EXE_FLAG")  # fmt: skip
CHINESE_INDICATORS = ("指标主键", "预算年度", "单位代码", "本级指标文号", "发文时间",
                      "资金性质代码", "支出功能分类科目代码", "部门支出经济分类科目代码",
                      "项目类别代码", "项目代码", "指标类型代码", "指标来源代码", "指标金额",
                      "调减（追减）金额", "源指标主键", "指标可执行标志")  # fmt: skip
_OF = ("2020", "420103")
INDICATOR_ROWS = (
    ("B1", *_OF, "预1", "2020-01-10", "111", "2080105", "", "313", "P01", "21", "1", "5000", "700",
     "", "1"),
    ("B2", *_OF, "预1", "2020-01-10 00:00:00", "11111-经费拨款补助", "2080101-行政运行",
     "30101-基本工资", "1-人员类", "R9", "21-当年预算", "1-年初预算", "9,000.00", "0", "", "1"),
    ("B3", *_OF, "追1", "20200310", "111", "2080105", "30201", "313", "P02", "21", "2", "300.5", "",
     "", "1"),
    ("B4", *_OF, "减1", "2020/4/1", "111", "2080105", "30201", "313", "P02", "21", "2", "-100", "",
     "", "1"),
    ("B5", *_OF, "结1", "2020-01-02", "111", "2080105", "", "313", "P02", "22", "1", "40", "", "",
     "1"),
    ("B6", *_OF, "调1", "2020-05-01", "111", "2080105", "30201", "313", "P01", "21", "4", "200",
     "", "B1", "1"),
    ("B7", *_OF, "预9", "2020-01-10", "111", "2080105", "", "313", "P01", "21", "1", "1", "", "",
     "2"),
)  # fmt: skip
BECOME = [
    ("B1", "appropriate", "P01", "", "", "5000.00", ""),
    ("B2", "appropriate", "", "30101", "", "9000.00", ""),
    ("B3", "supplement", "P02", "30201", "", "300.50", ""),
    ("B4", "cut", "P02", "30201", "", "100.00", ""),
    ("B5", "carry-in", "P02", "", "2019", "40.00", ""),
    ("B6", "reallocate", "P01", "-", "2020", "200.00", "30201"),
    ("B1-DIS-1", "cut", "P01", "", "", "500.00", ""),
]
"""B6 came out of B1, so of the 700 that B1 lost 500 were cut; B7 may not be spent and is left."""

PAYMENTS = ("PAY_APP_NO", "BGT_ID", "PAY_CERT_NO", "XPAY_AMT", "PAYEE_ACCT_NAME", "USE_DES",
            "XPAY_DATE", "PAY_TYPE_CODE", "IS_GOV_PUR", "DEP_BGT_ECO_CODE")  # fmt: skip
PAYMENT_ROWS = (
    ("Z1", "B1", "支1", "120.00", "甲公司", "货款", "2020-06-01", "11", "1", "30201"),
    ("Z2", "B2", "支2", "3000", "职工", "工资", "2020-06-02", "12", "2", "30101"),
    ("Z3", "B1", "支1", "-20.00", "甲公司", "退货", "2020-06-03", "1", "2", "30201"),
)

STATEMENT = ("交易日期", "凭证号", "功能科目", "项目代码", "经济科目", "借方金额", "贷方金额",
             "对方户名", "摘要")  # fmt: skip


def paid(
    day: str, voucher: str, amount: str, back: str = "", payee: str = "某店"
) -> tuple[str, ...]:
    """A row of a statement."""
    return (day, voucher, "2080105", "P02", "30201", amount, back, payee, "")


def as_csv(*rows: Any, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def written(shell: Shell, data: bytes, name: str = "x.csv") -> str:
    path = shell.db.with_name(name)
    path.write_bytes(data)
    return str(path)


def statement(shell: Shell, *rows: tuple[str, ...]) -> str:
    return written(shell, as_csv(STATEMENT, *rows))


def preview(shell: Shell, path: str, map_: str, *more: str, exit: int = 0) -> Rows:
    """What the rows would become."""
    out = shell("import", path, "--map", map_, "--dry-run", *more, exit=exit).out
    return list(csv.DictReader(io.StringIO(out)))


def imported(shell: Shell, path: str, map_: str, *more: str, exit: int = 0) -> Any:
    return shell.ask("import", path, "--map", map_, *more, exit=exit)


def counts(answer: Any) -> tuple[int, int, int]:
    return answer["recorded"], answer["already"], len(answer["rejected"])


def twin(shell: Shell) -> Shell:
    """The same book in another file."""
    copy = Shell(shell.db.with_name("twin.db"))
    copy.db.write_bytes(shell.db.read_bytes())
    return copy


def facts(shell: Shell) -> list[dict[str, Any]]:
    """What the book says, but for when it was recorded."""
    found = shell.ask("log")["entries"]
    return [{k: v for k, v in entry.items() if k != "recorded_at"} for entry in found]


def only(answer: Any) -> Any:
    (rejected,) = answer["rejected"]
    return rejected


# Indicators and payments of the 一体化 systems.


@pytest.mark.parametrize("header", [INDICATORS, CHINESE_INDICATORS], ids=["names", "Chinese"])
@pytest.mark.parametrize("form", ["utf-8", "gb18030", "xlsx"])
def test_indicators(shell: Shell, header: tuple[str, ...], form: str):
    rows = (header, *INDICATOR_ROWS)
    name = "x.xlsx" if form == "xlsx" else "x.csv"
    path = written(shell, xlsx(*rows) if form == "xlsx" else as_csv(*rows, encoding=form), name)
    columns = ("id", "kind", "project", "econ", "origin", "amount", "to_econ")
    found = preview(shell, path, "BA_BGT_INFO")
    assert [tuple(row[column] for column in columns) for row in found] == BECOME
    assert {"2020-01-10", "2020-03-10", "2020-04-01", "2020-01-02", "2020-05-01"} == {
        row["date"] for row in found
    }
    answer = imported(shell, path, "BA_BGT_INFO")
    assert counts(answer) == (7, 0, 0)
    assert answer["left_out"] == [{"why": "不可执行的指标", "rows": 1}]
    assert counts(imported(shell, path, "BA_BGT_INFO")) == (0, 7, 0)


def test_the_preview_imported_is_the_same_book(shell: Shell):
    """Through a mapping, or through what the preview printed: entry for entry the same."""
    other = twin(shell)
    files = (
        ("BA_BGT_INFO", as_csv(INDICATORS, *INDICATOR_ROWS)),
        ("PAY_VOUCHER", as_csv(PAYMENTS, *PAYMENT_ROWS)),
        (
            "TREASURY",
            as_csv(
                STATEMENT,
                paid("2020-07-01", "支9", "1"),
                paid("2020-07-01", "", "1"),
                paid("2020-07-01", "", "1"),
            ),
        ),
    )
    for map_, data in files:
        path = written(shell, data)
        printed = shell("import", path, "--map", map_, "--dry-run").out
        shell("import", path, "--map", map_)
        assert other.ask("import", written(other, printed.encode(), "twin.csv"))["ok"]
    assert facts(shell) == facts(other)
    assert shell.entries() == 4 + 7 + 3 + 3


def test_a_cut_that_grew_is_recorded_once_more(shell: Shell):
    """DIS_AMT is what was ever taken: of a later export only the new part is new."""
    imported(shell, written(shell, as_csv(INDICATORS, *INDICATOR_ROWS)), "BA_BGT_INFO")
    later = [list(row) for row in INDICATOR_ROWS]
    later[0][13] = "760"
    path = written(shell, as_csv(INDICATORS, *later))
    assert counts(imported(shell, path, "BA_BGT_INFO")) == (1, 7, 0)
    assert (shell.ask("log", "--limit", "1")["entries"][0]["amount_fen"]) == 60_00
    later[0][13] = "100"
    rejected = only(
        imported(shell, written(shell, as_csv(INDICATORS, *later)), "BA_BGT_INFO", exit=2)
    )
    assert (rejected["code"], rejected["column"]) == ("AMOUNT.LESS", "DIS_AMT")


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"ORI_BGT_ID": "B99", "SOURCE_TYPE_CODE": "3"}, "INDICATOR.MISSING", "ORI_BGT_ID"),
        ({"ORI_BGT_ID": "B2", "SOURCE_TYPE_CODE": "3", "FUND_TYPE_CODE": "121"},
         "REALLOCATION.FUND", "FUND_TYPE_CODE"),
        ({"SOURCE_TYPE_CODE": "3", "AMOUNT": "-5"}, "KIND.UNKNOWN", "行"),
        ({"SOURCE_TYPE_CODE": "7"}, "VALUE.UNKNOWN", "SOURCE_TYPE_CODE"),
        ({"FISCAL_YEAR": "2019"}, "BOOK.OTHER", "FISCAL_YEAR"),
        ({"AGENCY_CODE": "420104"}, "BOOK.OTHER", "AGENCY_CODE"),
        ({"AMOUNT": "0"}, "AMOUNT.ZERO", "AMOUNT"),
        ({"AMOUNT": "1.005"}, "AMOUNT.MALFORMED", "AMOUNT"),
        ({"DIS_AMT": "-1"}, "AMOUNT.NEGATIVE", "DIS_AMT"),
        ({"DOC_DATE": "2020-02-30"}, "DATE.MALFORMED", "DOC_DATE"),
        ({"DOC_DATE": "2020111"}, "DATE.MALFORMED", "DOC_DATE"),
        ({"EXP_FUNC_CODE": "20801"}, "LINE.FUNC", "EXP_FUNC_CODE"),
        ({"PRO_CAT_CODE": "", "PRO_CODE": "42010320331Y000000001"}, "ROW.REFUSED", "PRO_CODE"),
    ],
)  # fmt: skip
def test_an_indicator_that_cannot_be_mapped(
    shell: Shell, changes: dict[str, str], code: str, column: str
):
    """Row and column are those of the export; nothing is recorded."""
    bad = {**dict(zip(INDICATORS, INDICATOR_ROWS[0], strict=True)), "BGT_ID": "C1", **changes}
    bad["DIS_AMT"] = changes.get("DIS_AMT", "")
    rows = (INDICATORS, *INDICATOR_ROWS[:3], tuple(bad[name] for name in INDICATORS))
    answer = imported(shell, written(shell, as_csv(*rows)), "BA_BGT_INFO", exit=2)
    rejected = only(answer)
    assert (code, column, 5) == (rejected["code"], rejected["column"], rejected["row"])
    assert shell.entries() == 4


def test_the_project_code_tells_basic_money(shell: Shell):
    """人员类 has an R in its 21 digits; without a category T is a project."""
    rows = [list(row) for row in INDICATOR_ROWS[:2]]
    for row, code in zip(rows, ("42010320331T000000001", "42010320331R000000001"), strict=True):
        row[8], row[9] = "", code
    found = preview(shell, written(shell, as_csv(INDICATORS, *rows)), "BA_BGT_INFO", "--register")
    assert [(row["project"], row["spending"]) for row in found[:2]] == [
        ("42010320331T000000001", ""),
        ("", "basic"),
    ]


def test_payments_take_the_line_of_their_indicator(shell: Shell):
    imported(shell, written(shell, as_csv(INDICATORS, *INDICATOR_ROWS)), "BA_BGT_INFO")
    path = written(shell, as_csv(PAYMENTS, *PAYMENT_ROWS))
    first, second, back = preview(shell, path, "PAY_VOUCHER")
    assert tuple(
        first[name] for name in ("kind", "func", "project", "econ", "pay_type", "procurement")
    ) == ("pay", "2080105", "P01", "30201", "direct", "是")
    assert tuple(second[name] for name in ("func", "spending", "econ", "pay_type")) == (
        "2080101",
        "basic",
        "30101",
        "authorized",
    )
    assert tuple(back[name] for name in ("kind", "ref", "amount")) == ("refund", "Z1", "20.00")
    assert counts(imported(shell, path, "PAY_VOUCHER")) == (3, 0, 0)
    assert shell.balance("general:2080105:project:P01:30201:2020")["paid_fen"] == 100_00
    unknown = as_csv(PAYMENTS, ("Z9", "B77", *PAYMENT_ROWS[0][2:]))
    rejected = only(imported(shell, written(shell, unknown), "PAY_VOUCHER", exit=2))
    assert (
        rejected["code"], rejected["column"], rejected["value"]
    ) == ("INDICATOR.MISSING", "BGT_ID", "B77")  # fmt: skip


def test_payments_take_the_line_that_their_indicator_has_by_now(shell: Shell):
    """Corrected, once more, and reversed at last: then it has none."""
    indicator = (*INDICATOR_ROWS[0][:13], "", *INDICATOR_ROWS[0][14:])  # of which nothing is cut
    imported(shell, written(shell, as_csv(INDICATORS, indicator)), "BA_BGT_INFO")
    path = written(shell, as_csv(PAYMENTS, PAYMENT_ROWS[0]))
    for func in ("2080101", "2080105", "2080101"):
        said = ("--func", func, "--date", "2020-02-02", "--reason", "错")
        shell("correct", "--ref-id", "B1", *said)
        (row,) = preview(shell, path, "PAY_VOUCHER")
        assert row["func"] == func
    shell("reverse", "--ref-id", "B1", "--date", "2020-02-03", "--reason", "错")
    assert only(imported(shell, path, "PAY_VOUCHER", exit=2))["code"] == "INDICATOR.MISSING"


def test_a_rule_names_the_column_of_the_export(shell: Shell):
    """Exit 3; the amount is too much, and it stands in XPAY_AMT."""
    imported(shell, written(shell, as_csv(INDICATORS, *INDICATOR_ROWS)), "BA_BGT_INFO")
    rows = (PAYMENTS, PAYMENT_ROWS[1], (*PAYMENT_ROWS[0][:3], "999999", *PAYMENT_ROWS[0][4:]))
    answer = imported(shell, written(shell, as_csv(*rows)), "PAY_VOUCHER", exit=3)
    rejected = only(answer)
    assert (
        rejected["code"], rejected["row"], rejected["column"]
    ) == ("R1.AVAILABLE", 3, "XPAY_AMT")  # fmt: skip
    path = written(shell, xlsx(*rows), "x.xlsx")
    rejected = only(imported(shell, path, "PAY_VOUCHER", exit=3))
    assert (rejected["column"], rejected["cell"]) == ("XPAY_AMT", "D3")
    said = shell("import", path, "--map", "PAY_VOUCHER", exit=3).err
    assert "工作表“支付” 第 3 行 D 列 XPAY_AMT：R1.AVAILABLE" in said
    assert counts(imported(shell, path, "PAY_VOUCHER", "--keep-going", exit=1)) == (1, 0, 1)


# Statements: no ids of their own.


def test_equal_rows_are_two_payments_and_an_overlap_is_known(shell: Shell):
    march = [paid("2020-03-01", "支1", "10"), paid("2020-03-02", "", "20")]  # without 文号
    twice = [*march, march[1]]
    assert counts(imported(shell, statement(shell, *twice), "TREASURY")) == (3, 0, 0)
    later = [*twice, march[1], paid("2020-04-01", "支3", "5")]
    assert counts(imported(shell, statement(shell, *later), "TREASURY")) == (2, 3, 0)
    said = shell("import", statement(shell, *later), "--map", "TREASURY").out
    assert "没有新的内容，全部已在账中" in said
    ids = [entry["key"] for entry in shell.ask("log", "--kind", "pay")["entries"]]
    assert [id_[-2:] for id_ in ids] == ["#1", "#1", "#2", "#3", "#1"]
    assert len(set(ids)) == 5


def test_the_form_of_a_file_does_not_matter_to_an_id(shell: Shell):
    """CSV in yuan, a workbook in 万元 with serial dates and a title: the same payment."""
    path = statement(shell, paid("2020-03-01", "支1", "123.40"))
    assert counts(imported(shell, path, "TREASURY")) == (1, 0, 0)
    cells = paid("", "支1", "")
    typed: list[str | Raw] = [number(43891, 1), *cells[1:5], number("0.01234"), *cells[6:]]
    book = xlsx(("零余额账户对账单",), ("单位：万元",), STATEMENT, typed)
    assert counts(imported(shell, written(shell, book, "x.xlsx"), "TREASURY")) == (0, 1, 0)


@pytest.mark.parametrize(
    ("written_as", "fund"),
    [("国资", "statecapital"), ("政府基金", "govfund"), ("公共财政预算", "general"),
     ("政府性基金-彩票公益金", "govfund"), ("12", "govfund"), ("自有资金", "nonfiscal")],
)  # fmt: skip
def test_a_fund_by_any_of_its_names(shell: Shell, written_as: str, fund: str):
    """H08: by its code, or by a name that no mapping lists."""
    row = dict(zip(INDICATORS, INDICATOR_ROWS[0], strict=True)) | {"FUND_TYPE_CODE": written_as}
    file = written(shell, as_csv(INDICATORS, tuple(row.values())))
    assert {each["fund"] for each in preview(shell, file, "BA_BGT_INFO")} == {fund}


@pytest.mark.parametrize(
    "rows",
    [
        [paid("2020-03-01", "支1", "100"), paid("2020-03-05", "支1", "", "30")],
        [paid("2020-03-01", "支1", "100"), paid("2020-03-05", "退1", "-100")],
        [paid("2020-03-01", "支1", "100"), paid("2020-03-05", "退1", "", "100.00")],
        [paid("2020-03-01", "支1", "100"), paid("2020-03-01", "支1", "70"),
         paid("2020-03-05", "支1", "", "70")],
    ],
    ids=["voucher", "negative", "payee, line and amount", "voucher of two, told by amount"],
)  # fmt: skip
def test_a_refund_finds_its_payment(shell: Shell, rows: list[tuple[str, ...]]):
    """In the same file, and when it comes in a later one; imported again it is known."""
    together, apart = shell, twin(shell)
    assert counts(imported(together, statement(together, *rows), "TREASURY"))[::2] == (len(rows), 0)
    imported(apart, statement(apart, *rows[:-1]), "TREASURY")
    assert (1, len(rows) - 1, 0) == counts(imported(apart, statement(apart, *rows), "TREASURY"))
    assert counts(imported(apart, statement(apart, rows[-1]), "TREASURY")) == (0, 1, 0)
    assert facts(together) == facts(apart)


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        ([paid("2020-03-05", "退1", "", "5")], "REFUND.MISSING", "凭证号"),
        ([paid("2020-03-05", "退1", "", "5"), paid("2020-03-06", "退1", "5")], "REFUND.MISSING",
         "日期不晚于退款"),
        ([paid("2020-03-01", "支1", "5"), paid("2020-03-05", "支1", "", "6")], "REFUND.MISSING",
         "未退金额足够"),
        ([paid("2020-03-01", "支1", "5"), paid("2020-03-05", "支1", "", "5"),
          paid("2020-03-06", "支1", "", "5")], "REFUND.MISSING", "未退金额足够"),
        ([paid("2020-03-01", "支1", "5"), paid("2020-03-02", "支2", "5"),
          paid("2020-03-05", "退1", "", "5")], "REFUND.AMBIGUOUS", "本文件第 2 行"),
        ([paid("2020-03-01", "支1", "6"), paid("2020-03-02", "支1", "7"),
          paid("2020-03-05", "支1", "", "5")], "REFUND.AMBIGUOUS", "本文件第 3 行"),
    ],
    ids=["none", "later", "too much", "refunded already", "two of a payee", "two of a voucher"],
)  # fmt: skip
def test_a_refund_of_nobody_knows_what(
    shell: Shell, rows: list[tuple[str, ...]], code: str, said: str
):
    answer = imported(shell, statement(shell, *rows), "TREASURY", exit=2)
    rejected = only(answer)
    assert (code, "贷方金额") == (rejected["code"], rejected["column"])
    assert said in rejected["message"]
    assert shell.entries() == 4


def test_a_voucher_number_of_another_payee_is_not_enough(shell: Shell):
    """Numbers begin anew every month: 支1 of somebody else is another payment."""
    rows = [
        paid("2020-03-01", "支1", "5", payee="甲"),
        paid("2020-04-05", "支1", "", "3", payee="乙"),
    ]
    rejected = only(imported(shell, statement(shell, *rows), "TREASURY", exit=2))
    assert rejected["code"] == "REFUND.MISSING"


def test_payments_of_the_book_are_candidates_too(shell: Shell):
    """Typed by hand, one of them reversed: the other is meant."""
    pay = ("pay", "--line", "general:2080105:project:P02:-:2020", "--econ", "30201", "--amount",
           "5", "--payee", "某店", "--date", "2020-03-01")  # fmt: skip
    shell(*pay, "--doc", "手1")
    shell(*pay, "--key", "手2")
    path = statement(shell, paid("2020-04-01", "退1", "", "5"))
    rejected = only(imported(shell, path, "TREASURY", exit=2))
    assert rejected["code"] == "REFUND.AMBIGUOUS"
    assert "账中第 5 笔" in rejected["message"] and "手2（账中第 6 笔" in rejected["message"]
    shell("reverse", "5", "--date", "2020-03-02", "--reason", "错")
    (found,) = preview(shell, path, "TREASURY")
    assert found["ref"] == "手2"


ON_LINE = "general:2080105:project:P02:-:2020"


def test_a_refund_is_of_what_is_right_by_now(shell: Shell):
    """The payment of the file was corrected: what is corrected away is nobody's, and 12 of which 4
    came back have 8 left."""
    first = paid("2020-02-01", "支1", "10", payee="甲")
    imported(shell, statement(shell, first), "TREASURY")
    what = ("--payee", "丁", "--amount", "12", "--doc", "支1", "--date", "2020-02-02")
    shell("correct", "5", *what, "--reason", "错")
    away = statement(shell, first, paid("2020-02-05", "支1", "", "4", payee="甲"))
    assert only(imported(shell, away, "TREASURY", exit=2))["code"] == "REFUND.MISSING"
    back = statement(shell, first, paid("2020-02-05", "支1", "", "4", payee="丁"))
    assert counts(imported(shell, back, "TREASURY")) == (1, 1, 0)
    assert shell.balance(ON_LINE)["paid_fen"] == 8_00
    assert counts(imported(shell, back, "TREASURY")) == (0, 2, 0)
    more = statement(shell, paid("2020-02-06", "支1", "", "8.01", payee="丁"))
    assert only(imported(shell, more, "TREASURY", exit=2))["code"] == "REFUND.MISSING"


def test_of_two_equal_payments_the_one_that_was_not_corrected_is_meant(shell: Shell):
    pay = ("pay", "--line", ON_LINE, "--econ", "30201", "--amount", "5", "--payee", "甲",
           "--date", "2020-02-01", "--doc", "支1")  # fmt: skip
    shell(*pay)
    shell(*pay, "--again", "--key", "手2")
    shell("correct", "5", "--payee", "丁", "--doc", "支9", "--date", "2020-02-02", "--reason", "错")
    path = statement(shell, paid("2020-04-01", "支1", "", "2", payee="甲"))
    (found,) = preview(shell, path, "TREASURY")
    assert found["ref"] == "手2"


def test_a_payment_of_the_file_that_was_reversed_has_nothing_to_come_back(shell: Shell):
    first = paid("2020-02-01", "支1", "10")
    imported(shell, statement(shell, first), "TREASURY")
    shell("reverse", "5", "--date", "2020-02-02", "--reason", "错")
    path = statement(shell, first, paid("2020-02-05", "支1", "", "4"))
    assert only(imported(shell, path, "TREASURY", exit=2))["code"] == "REFUND.MISSING"


def test_a_refund_of_one_item_of_a_voucher(shell: Shell):
    """By 文号, payee and line; of items that are alike it does not matter which. What was refunded
    of one by hand is not there twice."""
    items = [f"{ON_LINE},econ={econ}={fen}" for econ, fen in (("30201", 10), ("30202", 10))]
    items.append(f"{ON_LINE},econ=30201=3")
    given = [word for item in items for word in ("--item", item)]
    shell("voucher", *given, "--payee", "某店", "--doc", "支1", "--date", "2020-03-01")
    path = statement(shell, paid("2020-04-01", "支1", "", "4"))
    (found,) = preview(shell, path, "TREASURY")
    assert found["econ"] == "30201"
    assert counts(imported(shell, path, "TREASURY")) == (1, 0, 0)
    assert counts(imported(shell, path, "TREASURY")) == (0, 1, 0)
    much = statement(shell, paid("2020-04-02", "支1", "", "6"))
    preview(shell, much, "TREASURY")
    shell("refund", "5", "--econ", "30201", "--amount", "1", "--date", "2020-04-02")
    assert only(imported(shell, much, "TREASURY", exit=2))["code"] == "REFUND.MISSING"


def test_a_refund_that_does_not_say_its_line_says_that_of_the_item(shell: Shell):
    mapped = shell.db.with_name("m.toml")
    mapped.write_text(
        'based_on = "TREASURY"\ntitle = "x"\noriginals = [["doc", "payee", "amount"]]\n'
        "[columns.func]\nrequired = false\n[columns.econ]\nrequired = false\n"
    )
    given = ("--item", f"{ON_LINE},econ=30201=10", "--item", f"{ON_LINE},econ=30202=7")
    shell("voucher", *given, "--payee", "某店", "--doc", "支1", "--date", "2020-03-01")
    path = statement(shell, ("2020-04-01", "支1", "", "", "", "", "7", "某店", ""))
    (found,) = preview(shell, path, str(mapped))
    assert (found["func"], found["project"], found["econ"]) == ("2080105", "P02", "30202")
    assert counts(imported(shell, path, str(mapped))) == (1, 0, 0)
    assert counts(imported(shell, path, str(mapped))) == (0, 1, 0)


# Units, totals, rows left out.


@pytest.mark.parametrize(
    ("above", "amount_header", "unit", "fen"),
    [
        ([], "借方金额", None, 1_50),
        (["单位：元"], "借方金额", None, 1_50),
        (["单位：万元"], "借方金额", None, 15000_00),
        (["2020年3月", "金额单位: 人民币万元"], "借方金额", None, 15000_00),
        ([], "借方金额（万元）", None, 15000_00),
        ([], "借方金额(元)", None, 1_50),
        ([], "借方金额", "wan", 15000_00),
        (["编制单位：元宝区财政局"], "借方金额", None, 1_50),
        (["单位：万元"], "借方金额（万元）", "stated", 15000_00),
    ],
)
def test_units(shell: Shell, above: list[str], amount_header: str, unit: str | None, fen: int):
    header = tuple(amount_header if name == "借方金额" else name for name in STATEMENT)
    path = written(
        shell, as_csv(*[[line] for line in above], header, paid("2020-03-01", "1", "1.5"))
    )
    map_ = "TREASURY"
    if unit is not None:
        own = f'based_on = "TREASURY"\ntitle = "万元"\nunit = "{unit}"\n'
        map_ = written(shell, own.encode(), "own.toml")
    out = shell("import", path, "--map", map_, "--dry-run", exit=3 if fen > 1000_00 else 0).out
    (found,) = csv.DictReader(io.StringIO(out))
    assert fen == int(found["amount"].replace(".", ""))


def test_subtotals_are_left_out_and_the_total_is_checked(shell: Shell):
    a, b = paid("2020-03-01", "支1", "10"), paid("2020-03-02", "支2", "20")
    subtotal = ("小计", "", "", "", "", "10", "", "", "")
    total = ("合  计", "", "", "", "", "30.00", "", "", "")
    path = statement(shell, a, subtotal, b, subtotal, total, ("制表：某人", *[""] * 8))
    answer = imported(shell, path, "TREASURY")
    assert counts(answer) == (2, 0, 0)
    assert answer["left_out"] == [{"why": "小计、累计或余额", "rows": 2}]
    assert answer["total"] == {"row": 6, "amount_fen": 30_00}
    said = shell("import", path, "--map", "TREASURY").out
    assert "未导入 2 行：小计、累计或余额" in said
    assert "第 6 行合计 30.00 元，与各行之和相符" in said
    wrong = (*total[:5], "31", *total[6:])
    answer = imported(shell, statement(shell, a, b, wrong), "TREASURY", "--keep-going", exit=2)
    assert (only(answer)["code"], answer["recorded"]) == ("TOTAL.DIFFERS", 0)


def test_a_total_of_both_columns(shell: Shell):
    """The sum of a statement is what went out less what came back."""
    rows = [paid("2020-03-01", "支1", "10"), paid("2020-03-02", "支1", "", "4")]
    for back, exit in (("4", 0), ("5", 2)):
        total = ("合计", "", "", "", "", "10", back, "", "")
        assert imported(shell, statement(shell, *rows, total), "TREASURY", exit=exit)["rows"] == (
            0 if exit else 2
        )


def test_rows_of_other_books_may_be_left_out(shell: Shell):
    own = 'based_on = "TREASURY"\ntitle = "x"\n[book]\nunit = ["单位"]\nothers = "skip"\n'
    map_ = written(shell, own.encode(), "own.toml")
    units = ("420103", "420104", "420103-某局")
    rows = [(*paid("2020-03-01", f"支{unit}", "1"), unit) for unit in units]
    total = ("合计", "", "", "", "", "3", "", "", "", "")
    path = written(shell, as_csv((*STATEMENT, "单位"), *rows, total))
    answer = imported(shell, path, map_)
    assert counts(answer) == (2, 0, 0)
    assert answer["left_out"] == [{"why": "其他单位或年度", "rows": 1}]


def test_the_header_that_stands_first_in_the_mapping_wins(shell: Shell):
    header = ("日期", *STATEMENT)
    row = ("2020-05-05", *paid("2020-03-01", "支1", "1"))
    (found,) = preview(shell, written(shell, as_csv(header, row)), "TREASURY")
    assert found["date"] == "2020-03-01"


# Mappings.


GOOD_MAPPING = """
title = "x"
[columns.date]
headers = ["日期"]
[columns.amount]
headers = ["金额"]
[[kinds]]
kind = "pay"
"""


def test_a_mapping_of_ones_own(shell: Shell):
    """Constants and defaults, without any of the shipped ones."""
    own = GOOD_MAPPING + (
        '[columns.func]\nvalue = "2080105"\n'
        '[columns.project]\ndefault = "P02"\nheaders = ["项目"]\n'
        '[columns.econ]\nvalue = "30201"\n[columns.payee]\nvalue = "某店"\n'
    )
    path = written(shell, as_csv(("日期", "金额", "项目"), ("2020-03-01", "2", "")))
    (found,) = preview(shell, path, written(shell, own.encode(), "own.toml"))
    assert tuple(found[name] for name in ("func", "project", "econ", "amount")) == (
        "2080105",
        "P02",
        "30201",
        "2.00",
    )


@pytest.mark.parametrize(
    ("text", "at", "said"),
    [
        (GOOD_MAPPING + "[columns.payee]\nheader = ['x']", "columns.payee", "header"),
        ("sheets = 'x'\n" + GOOD_MAPPING, "", "sheets"),
        (f"sheets = {'9' * 5000}\n" + GOOD_MAPPING, "", "TOML"),
        (GOOD_MAPPING + "[columns.payer]\nheaders = ['x']", "columns.payer", "payee"),
        (GOOD_MAPPING + "[columns.kind]\nvalue = 'pay'", "columns.kind", "kind"),
        (GOOD_MAPPING + "[columns.payee]\n", "columns.payee", "headers"),
        (GOOD_MAPPING + "[columns.payee]\nheaders = 'x'", "columns.payee", "列表"),
        (GOOD_MAPPING + "[columns.payee]\nheaders = [1]", "columns.payee.headers[0]", "文字"),
        ("header_within = 'x'\n" + GOOD_MAPPING, "header_within", "整数"),
        (GOOD_MAPPING + "[other.payee]\nheaders = ['x']", "other.payee", "以外"),
        (GOOD_MAPPING.replace('"pay"', '"paid"'), "kinds[0].kind", "pay"),
        (GOOD_MAPPING + "[[kinds]]\nkind = 'pay'\nsign = '*'", "kinds[1].sign", "+ | -"),
        (GOOD_MAPPING + "[[kinds]]\nkind = 'pay'\nwhen = { x = 'y' }", "when.x", "date"),
        (GOOD_MAPPING + "[[skip]]\nwhy = 'x'\nwhen = { label = '(' }", "when.label", "正则"),
        (GOOD_MAPPING + "[[skip]]\nwhen = { label = 'x' }", "skip[0]", "why"),
        (GOOD_MAPPING + "[[fill]]\nwhen = {}\nto = { x = 'y' }", "fill[0].to.x", "payee"),
        (GOOD_MAPPING + "[columns.payee]\nheaders = ['x']\ntake = 'x'", "payee.take", "括号"),
        (GOOD_MAPPING + "[columns.payee]\nheaders = ['x']\nminus = ['y']", "minus", "amount"),
        ("originals = [['date']]\n" + GOOD_MAPPING, "originals[0]", "payee"),
        ("line_from = 'x'\n" + GOOD_MAPPING, "line_from", "[other]"),
        ("unit = 'fen'\n" + GOOD_MAPPING, "unit", "auto | stated | wan | yuan"),
        ("dates = ['%d.%m']\n" + GOOD_MAPPING, "dates", "%Y-%m-%d"),
        ("total = '['\n" + GOOD_MAPPING, "total", "正则"),
        ("based_on = 'x'\n" + GOOD_MAPPING, "based_on", "TREASURY"),
        ("based_on = '_common'\n" + GOOD_MAPPING, "based_on", "TREASURY"),
        ("based_on = 'TREASURY'\ntitle = 'x'\ncolumns = 1", "columns", "类型"),
        ("based_on = 'TREASURY'\ntitle = 'x'\n[columns]\npayee = 1", "columns.payee", "类型"),
        ("title = 'x'\n[[kinds]]\nkind = 'pay'", "", "columns"),
        (GOOD_MAPPING.replace("date", "doc"), "columns.date", "日期"),
        (GOOD_MAPPING.replace('headers = ["金额"]', "value = '1'"), "columns.amount", "headers"),
        ("kinds = []\n" + GOOD_MAPPING.split("[[kinds", maxsplit=1)[0], "kinds", "[[kinds]]"),
        (GOOD_MAPPING + "[less]\nheaders = ['x']\nkind = 'y'", "less.kind", "cut"),
        ("title = x", "", "TOML"),
        ("title = 'x'\ncolumns = 1\n[[kinds]]\nkind = 'pay'", "columns", "类型"),
    ],
)  # fmt: skip
def test_a_mapping_that_is_wrong(shell: Shell, text: str, at: str, said: str):
    """Exit 2 names the key and what would be right, before the file is opened."""
    map_ = written(shell, text.encode(), "own.toml")
    answer = shell.ask("import", "none.csv", "--map", map_, exit=2)
    assert answer["code"] == "MAPPING.INVALID"
    assert at in answer["facts"]["field"], answer
    assert said in answer["message"], answer


def test_a_mapping_that_is_not_there(shell: Shell):
    answer = shell.ask("import", "x.csv", "--map", "BA_BGT", exit=2)
    assert answer["code"] == "MAPPING.UNKNOWN"
    assert all(name in answer["message"] for name in shipped())
    assert shell.ask("import", "x.csv", "--sheet", "支付", exit=2)["code"] == "SHEET.UNKNOWN"
    answer = imported(shell, "x.csv", "TREASURY", exit=2)
    assert only(answer)["code"] == "FILE.MISSING"


def test_what_is_shipped_is_said_and_sound(shell: Shell):
    """Every shipped mapping is valid, named in the help, and every key is explained."""
    said = shell("import", "--help").out
    explained = (ROOT / "cli/intake/mapped/mappings/README.md").read_text(encoding="utf-8")
    for name in shipped():
        assert mapping(name).title
        assert name in said and name in explained
    for key in Mapping.__struct_fields__:
        assert f"`{key}`" in explained, key
    with pytest.raises(Malformed):
        mapping("none")


# Whatever the rows are.

PAID = st.tuples(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2020, 3, 31)),
    st.integers(1, 3),
    st.integers(1, 5_00),
)  # fmt: skip


@settings(max_examples=15, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(st.lists(PAID, max_size=12, unique_by=lambda row: row[1:]), st.integers(0, 12))
def test_an_overlapping_export_adds_only_what_is_new(shell: Shell, rows: Any, known: int):
    """Any rows, the first of them imported before: what is new is new, and all are there once;
    a workbook says the same as a CSV file."""
    fresh = Shell(shell.db.with_name("fresh.db"))
    fresh.db.write_bytes(shell.db.read_bytes())
    fresh.db.with_name("fresh.db.views").unlink(missing_ok=True)
    told = [
        paid(day.isoformat(), f"支{voucher}", f"{fen // 100}.{fen % 100:02d}")
        for day, voucher, fen in rows
    ]
    first = imported(fresh, statement(fresh, *told[:known]), "TREASURY")
    assert (len(told[:known]), 0, 0) == counts(first)
    path = written(fresh, xlsx(STATEMENT, *told), "x.xlsx")
    whole = imported(fresh, path, "TREASURY")
    assert (len(told[known:]), len(told[:known]), 0) == counts(whole)
    assert 4 + len(told) == fresh.entries()
    assert preview(fresh, path, "TREASURY") == preview(fresh, statement(fresh, *told), "TREASURY")


# Memory.

PEAK = """
import re, sys
from cli.main import run
try:
    run(sys.argv[1:])
except SystemExit as left:
    assert not left.code, left.code
# Not of getrusage, which also knows the memory of the process that started this one.
print(int(re.search("VmHWM:[^0-9]*([0-9]+)", open("/proc/self/status").read())[1]) >> 10)
"""


def peak(shell: Shell, path: str) -> int:
    """MB that importing a file takes at most."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK, "--db", str(shell.db), "import", path, "--map", "TREASURY",
         "--dry-run", "--json"],
        env={**clean_environment(), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )  # fmt: skip
    return int(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc on this machine")
def test_memory_does_not_grow_with_the_file(shell: Shell, ending: str, tmp_path: Path):
    """`python -m scripts.proofs.big_files` measures the real sizes."""
    peaks = []
    for rows in (2_000, 22_000):
        told = [STATEMENT, *(paid("2020-03-01", f"支{n}", "0.01") for n in range(rows))]
        data = xlsx(*told) if ending == "xlsx" else as_csv(*told)
        peaks.append(peak(shell, written(shell, data, f"{rows}.{ending}")))
    small, large = peaks
    assert large - small < 20, peaks


@pytest.mark.parametrize(
    "hostile", ["\x1b[31m店", "\x1b]8;;http://x\x1b\\点", "\a", "店\b", "\x9b1m", "a\x85b",
                "\u202e店", "某\u200b店", "某\ufe00店", "某\U000e0041店"]
)  # fmt: skip
def test_a_preview_obeys_nothing_that_a_file_holds(shell: Shell, hostile: str):
    """The rows that can be imported are printed, one is not; it is told like any row in error."""
    rows = [paid("2020-07-01", "支1", "1"), paid("2020-07-02", "支2", "2", payee=f"某{hostile}店")]
    path = statement(shell, *rows)
    answer = shell("import", path, "--map", "TREASURY", "--dry-run", exit=2)
    assert not [c for c in answer.said if not c.isprintable() and c != "\n"]
    assert [row["doc"] for row in csv.DictReader(io.StringIO(answer.out))] == ["支1"]
    assert "1 行含有控制字符或不可见字符，没有打印" in answer.err
    assert "第 3 行" in answer.err and "TEXT.UNREADABLE" in answer.err


def test_a_preview_says_what_a_spreadsheet_would_calculate(shell: Shell):
    """It is exact: it can be imported itself. A purpose that is broken stands on one line."""
    row = (*paid("2020-07-01", "支1", "1", payee="=1+1")[:-1], "办公\n用品")
    answer = shell("import", statement(shell, row), "--map", "TREASURY", "--dry-run")
    (found,) = csv.DictReader(io.StringIO(answer.out))
    assert (found["payee"], found["purpose"]) == ("=1+1", "办公 用品")
    assert "1 个单元格以 = + - @ 开头，原样写出" in answer.err
    again = shell.csv()
    again.write_text(answer.out, encoding="utf-8")
    assert shell.ask("import", str(again))["recorded"] == 1


@pytest.mark.parametrize("name", ["表\x9b31m", "表\u202e一", "表\u200b", "表\n假的一行"])
def test_the_name_of_a_sheet_obeys_nothing(shell: Shell, name: str):
    """Where a row is in error, where the sheet is not found, and where there are several."""
    rows = [STATEMENT, paid("2020-07-01", "支1", "x")]
    named = name.replace("\n", "&#10;")
    book = xlsx(*rows, workbook=workbook_xml((named, "visible")))
    path = written(shell, book, "x.xlsx")
    for more in ((), ("--sheet", "没有"), ("--sheet", name)):
        answer = shell("import", path, "--map", "TREASURY", *more, exit=2)
        assert not [c for c in answer.said if not c.isprintable() and c != "\n"]
        assert not [line for line in answer.said.splitlines() if line.startswith("假的一行")]
