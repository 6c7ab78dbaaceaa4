"""A payroll at the command line: `voucher` by items and from a file, its reversal, what the tables
and `explain` make of it; 支付方式, 政府采购, 直达资金 and 政府经济分类 of payments.
"""

import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import LINE, Shell

WAGES, PENSION = "general:2080101:basic:-:301:2020", "general:2080505:basic:-:30108:2020"
MARCH = ("--date", "2020-03-10")
TO = ("--payee", "在职职工", "--purpose", "三月工资", *MARCH)
PAY = ("pay", "--project", "P02", "--payee", "甲", "--purpose", "货款", *MARCH)


@pytest.fixture
def staff(shell: Shell) -> Shell:
    """The book of conftest.py with wages and pensions: six entries."""
    for line in (WAGES, PENSION):
        shell("appropriate", "--line", line, "--amount", "10000", "--date", "2020-01-10")
    return shell


def payroll(shell: Shell, *changed: tuple[int, str], header: str = "预算线,经济科目,金额") -> Path:
    """A file of twenty items: ten people's wages, ten people's pensions; some rows may differ."""
    rows = [f"{WAGES},3010{1 + n % 3},{100 + n}.50" for n in range(10)]
    rows += [f"{PENSION},,{20 + n}" for n in range(10)]
    for number, row in changed:
        rows[number - 1] = row
    return shell.csv(*rows, header=header)


TOTAL_FEN = sum(100_50 + n * 100 for n in range(10)) + sum(20_00 + n * 100 for n in range(10))
WAGES_FEN = sum(100_50 + n * 100 for n in range(10))


def items(*typed: str) -> list[str]:
    return [word for item in typed for word in ("--item", item)]


def test_items_may_say_their_econ_or_leave_it_to_the_line(staff: Shell):
    answer = staff.ask(
        "voucher", *items(f"{WAGES},econ=30101=1,000.50", f"{PENSION}=200"), *TO, "--doc", "工3"
    )
    assert (answer["kind"], answer["entry"], answer["amount_fen"]) == ("voucher", 7, 1200_50)
    assert answer["lines"] == [WAGES, PENSION]
    assert answer["items"] == [
        {"line": WAGES, "econ": "30101", "amount_fen": 1000_50, "available_fen": 8999_50},
        {"line": PENSION, "econ": "30108", "amount_fen": 200_00, "available_fen": 9800_00},
    ]
    again = staff.ask(
        "voucher", *items(f"{WAGES},econ=30101=1,000.50", f"{PENSION}=200"), *TO, "--doc", "工3"
    )
    assert (again["already"], staff.entries()) == (True, 7)
    said = staff("voucher", *items(f"{PENSION}=1"), *TO).out
    assert "支付凭证" in said and "9,799.00" in said


def test_a_payroll_of_twenty_items_from_a_file_is_one_entry(staff: Shell):
    answer = staff.ask("voucher", "--items", str(payroll(staff)), *TO)
    assert (answer["amount_fen"], len(answer["items"]), staff.entries()) == (TOTAL_FEN, 20, 7)
    assert staff.balance(WAGES)["paid_fen"] == WAGES_FEN
    assert staff.ask("audit")["ok"]


def test_one_bad_item_of_twenty_and_nothing_is_recorded(staff: Shell):
    file = payroll(staff, (13, f"{PENSION},,9999.00"))
    refused = staff.ask("voucher", "--items", str(file), *TO, exit=3)
    assert (refused["code"], refused["facts"]["position"]) == ("R1.AVAILABLE", 13)
    assert (staff.entries(), staff.balance(WAGES)["paid_fen"]) == (6, 0)
    assert staff("voucher", "--items", str(file), *TO, exit=3).err.count("第 13 项") == 1


def test_a_way_out_that_is_an_item_is_typed_in_place_of_it(staff: Shell):
    asked = ("voucher", *items(f"{WAGES},econ=30101=1"), *TO)
    refused = staff.ask(*asked, *items(f"{PENSION}=10000.01"), exit=3)
    way = shlex.split(refused["try"][-1])
    assert way == ["--item", f"{PENSION},econ=30108=10000.00"]
    assert staff.ask(*asked, *way)["amount_fen"] == 10001_00


@pytest.mark.parametrize(
    ("row", "code", "named", "expected"),
    [
        (f"{WAGES},30101,1.234", "AMOUNT", "第 4 行 amount", "1.234"),
        (f"{WAGES},3010x,1", "LINE.ECON", "第 4 行 econ", "3010x"),
        ("general:2080101,30101,1", "LINE.MALFORMED", "第 4 行 line", "general:2080101"),
        (f"{WAGES},1", "ROW.COLUMNS", "第 4 行", "3 栏"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_its_column(staff: Shell, row, code, named,
                                                            expected):  # fmt: skip
    answer = staff.ask("voucher", "--items", str(payroll(staff, (3, row))), *TO, exit=2)
    assert answer["code"].startswith(code)
    assert named in answer["message"] and expected in answer["message"]
    assert staff.entries() == 6


def test_items_by_the_parts_of_their_lines(staff: Shell):
    file = staff.csv("2080101,30101,5", "2080505,30108,6", header="func,econ,amount")
    answer = staff.ask("voucher", "--items", str(file), *items(f"{PENSION}=1"), *TO)
    assert [item["line"] for item in answer["items"]] == [PENSION, WAGES, PENSION]
    twice = staff.csv(f"{WAGES},2080101,30101,5", header="line,func,econ,amount")
    assert staff.ask("voucher", "--items", str(twice), *TO, exit=2)["code"] == "LINE.TWICE"
    unknown = staff.csv("1", header="amount,payee")
    assert staff.ask("voucher", "--items", str(unknown), *TO, exit=2)["code"] == "HEADER.UNKNOWN"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ([], "FIELD.REQUIRED"),
        (items(WAGES), "ITEM.MALFORMED"),
        (items(f"{WAGES},econ=30101"), "ITEM.MALFORMED"),
        (items(f"{WAGES},econ=301x1=5"), "LINE.ECON"),
        (items(f"{WAGES},econ=30101=-5"), "AMOUNT.SIGN"),
        (items("2080101=5"), "LINE.MALFORMED"),
    ],
)
def test_items_that_cannot_be_read(staff: Shell, typed: list[str], code: str):
    answer = staff.ask("voucher", *typed, *TO, exit=2)
    assert answer["code"].split(".")[0] == code.split(".", maxsplit=1)[0], answer


def test_more_items_than_a_voucher_holds(staff: Shell):
    file = staff.csv(*[f"{PENSION},1"] * 1001, header="line,amount")
    assert staff.ask("voucher", "--items", str(file), *TO, exit=2)["code"] == "ITEMS.TOO_MANY"
    file = staff.csv(*[f"{PENSION},1"] * 1000, header="line,amount")
    assert len(staff.ask("voucher", "--items", str(file), *TO)["items"]) == 1000


def test_a_voucher_is_undone_as_a_whole(staff: Shell):
    staff("voucher", "--items", str(payroll(staff)), *TO)
    refused = staff.ask("refund", "7", "--amount", "1", *MARCH, exit=3)
    assert refused["code"] == "REFUND.ITEM"
    refused = staff.ask("correct", "7", "--amount", "1", *MARCH, exit=3)
    assert (refused["code"], refused["try"]) == ("ENTRY.KIND", ["yusuan reverse 7"])
    answer = staff.ask("reverse", "7", "--date", "2020-04-01", "--reason", "重复发放")
    assert (answer["amount_fen"], answer["lines"]) == (-TOTAL_FEN, [WAGES, PENSION])
    assert [staff.balance(line)["available_fen"] for line in (WAGES, PENSION)] == [10000_00] * 2
    assert staff.ask("audit")["ok"]


def test_a_row_that_could_be_of_several_items_is_told_the_columns_that_tell_them_apart(
    staff: Shell,
):
    """A file has no column for a whole line; typed into the row, what is offered is taken."""
    staff("voucher", *items(f"{WAGES},econ=30101=5", f"{WAGES},econ=30102=5"), *TO)
    file = staff.csv("R1,refund,2020-03-31,7,2.00,", header="id,kind,date,ref,amount,econ")
    (rejected,) = staff.ask("import", str(file), exit=3)["rejected"]
    assert rejected["code"] == "REFUND.ITEM"
    assert rejected["try"] == ["--econ 30101", "--econ 30102"]
    assert "可以：econ 栏改为 30102" in staff("import", str(file), exit=3).err
    file = staff.csv("R1,refund,2020-03-31,7,2.00,30102", header="id,kind,date,ref,amount,econ")
    assert staff.ask("import", str(file))["recorded"] == 1


def test_tables_and_explain_show_a_voucher_as_the_payments_that_it_is(staff: Shell):
    staff("voucher", "--items", str(payroll(staff)), *TO)
    assert staff.ask("get", "T6.301")["fen"] == TOTAL_FEN
    found = staff.ask("explain", "T6.30101")
    by_item = sum(100_50 + n * 100 for n in range(10) if n % 3 == 0)
    assert [(e["entry"], e["kind"], e["fen"]) for e in found["entries"]] == [
        (7, "voucher", by_item)
    ]
    used = {cell["cell"]: cell.get("fen") for cell in staff.ask("where-used", "7")["cells"]}
    assert (used["T6.30101"], used["T6.30108"]) == (by_item, TOTAL_FEN - WAGES_FEN)
    (row,) = [r for r in staff.ask("statement", WAGES)["rows"] if r["kind"] == "voucher"]
    assert (row["paid_fen"], row["payee"]) == (WAGES_FEN, "在职职工")


def test_a_voucher_is_found_by_any_of_its_lines_and_shown_item_by_item(staff: Shell):
    staff("voucher", *items(f"{WAGES},econ=30101=1", f"{PENSION}=2"), *TO, "--pay-type", "直接")
    (row,) = staff.ask("log", "--kind", "voucher", "--func", "2080505")["entries"]
    assert (row["entry"], row["amount_fen"], row["econ"], row["gov_econ"]) == (7, 3_00, None, None)
    shown = staff.ask("show", "7")
    paid = [p for p in shown["postings"] if p["account"] == "PAID"]
    assert [(p["econ"], p["gov_econ"], p["amount_fen"]) for p in paid] == [
        ("30101", "50101", 1_00),
        ("30108", "50102", 2_00),
    ]
    text = staff("show", "7").out
    assert "支付凭证" in text and "直接支付" in text and "50102" in text


def test_a_voucher_is_no_row_of_a_file(shell: Shell):
    for word in ("voucher", "支付凭证"):
        file = shell.csv(f"V1,2020-03-01,{word},2080105,P02,30201,1,甲")
        answer = shell.ask("import", str(file), exit=2)
        (wrong,) = answer["rejected"]
        assert (wrong["code"], wrong["column"]) == ("KIND.MANY_ITEMS", "kind")
        assert "yusuan voucher --items" in wrong["message"]


def particulars(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["pay_type"], row["procurement"], row["direct_funds"]


def test_what_is_said_of_a_payment_is_shown_and_found(shell: Shell):
    shell(*PAY, "--econ", "31002", "--amount", "5", "--pay-type", "authorized", "--procurement")
    shell(*PAY, "--econ", "30201", "--amount", "6", "--pay-type", "实拨", "--direct-funds")
    shell(*PAY, "--econ", "30201", "--amount", "7")
    rows = shell.ask("log", "--kind", "pay")["entries"]
    assert list(map(particulars, rows)) == [
        ("authorized", True, False),
        ("transfer", False, True),
        (None, False, False),
    ]
    assert [row["gov_econ"] for row in rows] == ["50306", "50201", "50201"]
    assert {particulars(row) for row in shell.ask("log")["entries"][:4]} == {(None, None, None)}
    for filters, found in (
        (("--pay-type", "授权"), [5]),
        (("--procurement",), [5]),
        (("--no-procurement",), [6, 7]),
        (("--direct-funds",), [6]),
        (("--direct-funds", "--procurement"), []),
    ):
        assert [row["entry"] for row in shell.ask("log", *filters)["entries"]] == found
    text = shell("show", "5").out
    for said in ("授权支付", "政府采购", "政府经济分类", "50306 设备购置"):
        assert said in text
    assert "直达资金" not in text


def test_a_way_of_paying_that_does_not_exist(shell: Shell):
    asked = (*PAY, "--econ", "30201", "--amount", "5", "--pay-type", "现金")
    answer = shell.ask(*asked, exit=2)
    assert answer["code"] == "PAY_TYPE.UNKNOWN"
    assert "直接支付" in answer["message"]


def test_a_correction_changes_what_was_said_and_keeps_the_rest(shell: Shell):
    shell(*PAY, "--econ", "30201", "--amount", "5", "--pay-type", "direct", "--procurement")
    shell("correct", "5", "--no-procurement", *MARCH)
    assert particulars(shell.ask("show", "6")) == ("direct", False, False)
    assert particulars(shell.ask("show", "5")) == ("direct", True, False)


def test_what_is_nothing_in_particular_is_the_same_payment(shell: Shell):
    """A key that was used before these options existed still answers."""
    pay = (*PAY, "--econ", "30201", "--amount", "5", "--key", "K1")
    shell(*pay)
    assert shell.ask(*pay, "--no-procurement")["already"]
    assert shell.ask(*pay, "--procurement", exit=3)["code"] == "KEY.CONFLICT"


HEADER = "id,date,kind,func,project,econ,amount,payee"


def test_particulars_are_columns_of_the_file(shell: Shell):
    row = "2020-03-01,pay,2080105,P02,30201,1,甲"
    header = f"{HEADER},支付方式,政府采购,直达资金"
    file = shell.csv(f"A,{row},直接支付,是,否", f"B,{row},transfer,no,yes", f"C,{row},,,",
                     header=header)  # fmt: skip
    assert shell.ask("import", str(file))["recorded"] == 3
    assert [particulars(row) for row in shell.ask("log", "--kind", "pay")["entries"]] == [
        ("direct", True, False),
        ("transfer", False, True),
        (None, False, False),
    ]
    plain = shell.csv(f"C,{row}")
    assert shell.ask("import", str(plain))["already"] == 1
    wrong = shell.csv(f"D,{row},直接,也许,", header=header)
    (rejected,) = shell.ask("import", str(wrong), exit=2)["rejected"]
    assert (rejected["row"], rejected["column"], rejected["value"]) == (2, "procurement", "也许")
    other = shell.csv("E,2020-03-01,cut,2080105,P02,,1,,是", header=f"{HEADER},政府采购")
    (rejected,) = shell.ask("import", str(other), exit=2)["rejected"]
    assert (rejected["code"], rejected["column"]) == ("FIELD.NOT_USED", "procurement")


def test_the_government_class_follows_the_kind_of_unit(tmp_path: Path):
    shell = Shell(tmp_path / "b.db").open(kind="institution").project("P02")
    shell("appropriate", "--line", LINE, "--amount", "10", "--date", "2020-01-10")
    shell(*PAY, "--econ", "30201", "--amount", "5")
    assert shell.ask("show", "4")["gov_econ"] == "50502"
    shell(*PAY, "--econ", "39999", "--amount", "1")
    assert shell.ask("show", "5")["gov_econ"] == "59999"
    shell(*PAY, "--econ", "39998", "--amount", "1")
    assert shell.ask("show", "6")["gov_econ"] is None


OPEN = ("open-book", "--unit", "U", "--year", "2020", "--name", "局", "--kind", "admin",
        "--edition", "2020")  # fmt: skip


def test_a_fund_has_a_basis_of_its_own_when_it_is_said(tmp_path: Path):
    shell = Shell(tmp_path / "c.db")
    shell(*OPEN, "--basis", "indicator", "--basis", "govfund=支付")
    assert shell.ask("show", "1")["stored"]["event"]["fund_basis"] == [["govfund", "payment"]]
    assert "政府性基金预算 支付" in shell("show", "1").out
    shell("amend-book", "--basis", "statecapital=recorded", "--date", "2020-01-02")
    assert len(shell.ask("show", "2")["stored"]["event"]["fund_basis"]) == 2
    shell("appropriate", "--fund", "govfund", "--func", "2120801", "--amount", "9",
          "--date", "2020-01-02")  # fmt: skip
    shell("pay", "--func", "2120801", "--econ", "30201", "--amount", "4", "--payee", "甲", *MARCH)
    assert shell.ask("carryover")["income_fen"] == 4_00
    assert shell.ask("audit")["ok"]


@pytest.mark.parametrize(
    ("bases", "code"),
    [
        (("govfund=payment",), "BASIS.UNKNOWN"),
        (("indicator", "payment"), "BASIS.TWICE"),
        (("indicator", "govfund=payment", "govfund=recorded"), "BASIS.TWICE"),
        (("indicator", "nonfiscal=payment"), "BASIS.UNKNOWN"),
        (("indicator", "govfund=half"), "BASIS.UNKNOWN"),
    ],
)
def test_bases_that_cannot_be_read(tmp_path: Path, bases: tuple[str, ...], code: str):
    typed = [word for basis in bases for word in ("--basis", basis)]
    assert Shell(tmp_path / "d.db").ask(*OPEN, *typed, exit=2)["code"] == code
