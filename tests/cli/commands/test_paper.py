"""签字单据: what is printed of an entry to be signed is what the book says of it."""

import shutil
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import docx
import pytest

from ledger.money import yuan
from tests.harness.shell import Shell, process

DAY = ("--date", "2020-06-01")
ONE, OTHER = "general:2010301:project:P01:-:2020", "general:2010302:project:P02:-:2020"
PAY = ("pay", "--line", ONE, "--econ", "30213", *DAY, "--actor", "经办")
MOVE = ("reallocate", "--from", f"{ONE}=400", "--to", f"{OTHER}=400", "--doc", "调1", *DAY)


@pytest.fixture
def desk(tmp_path: Path) -> Shell:
    """A book with two lines of 1,000 and of 500 yuan."""
    shell = Shell(tmp_path / "book.db").open().project("P01", "P02")
    for line, yuan_ in ((ONE, "1000"), (OTHER, "500")):
        shell(
            "appropriate", "--line", line, "--amount", yuan_, "--doc", "批1", "--date", "2020-01-01"
        )
    return shell


class Printed(NamedTuple):
    """What a paper says: its paragraphs, the values by their names, and its tables of figures."""

    text: str
    values: dict[str, str]
    tables: list[list[list[str]]]


def printed(shell: Shell, entry: int, *more: str) -> Printed:
    file = shell.db.with_name(f"{entry}.docx")
    saved = shell.ask("paper", str(entry), "-o", str(file), "--force", *more)
    assert (saved["file"], saved["entry"]) == (str(file), entry)
    return read(file, saved["paper"])


def read(file: Path, title: str) -> Printed:
    made = docx.Document(str(file))
    text = "\n".join(each.text for each in made.paragraphs)
    assert title in text
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in made.tables]
    values = {row[at]: row[at + 1] for row in tables[0] for at in (0, 2) if row[at]}
    return Printed(text, values, tables[1:])


def entry_of(receipt: Any) -> int:
    return int(receipt["entry"])


def test_a_payment_is_as_it_was_recorded(desk: Shell):
    before = desk.balance(ONE)["available_fen"]
    receipt = desk.ask(*PAY, "--amount", "123.45", "--payee", "某公司", "--purpose", "维修",
                       "--doc", "支1", "--pay-type", "direct", "--procurement")  # fmt: skip
    entry = entry_of(receipt)
    desk(*PAY, "--amount", "50", "--payee", "后来", "--purpose", "别的")
    paper = printed(desk, entry)
    assert paper.text.startswith("示例局\n支付申请单")
    assert {
        "业务日期": "2020-06-01",
        "记录经办人": "经办",
        "收款人": "某公司",
        "用途": "维修",
        "金额（大写）": "人民币壹佰贰拾叁元肆角伍分",
        "金额（小写）": "¥123.45",
        "支付方式": "直接支付",
        "政府采购": "是",
        "合同号": "（无）",
    }.items() <= paper.values.items()
    (_, row, total), boxes = paper.tables
    assert "P01 P01 项目" in row[0] and "2010301" in row[0] and row[1].startswith("30213 ")
    assert row[2:] == [yuan(12_345), yuan(before), yuan(before - 12_345)]
    assert total[:3] == ["合计", "", yuan(12_345)]
    assert boxes[0][0] == "审批意见"
    assert boxes[1] == ["经办人", "财务审核", "财务负责人", "单位负责人"]
    said = desk.ask("show", str(entry))
    assert said["hash"][:16] in paper.text and said["head"]["hash"][:12] in paper.text
    assert "文号：支1" in paper.text


def test_a_voucher_has_a_row_for_each_item(desk: Shell):
    items = desk.db.with_name("items.csv")
    items.write_text(f"line,econ,amount\n{ONE},30213,10\n{OTHER},30201,20.5\n", encoding="utf-8")
    receipt = desk.ask("voucher", "--items", str(items), "--payee", "多家", "--purpose", "款", *DAY)
    paper = printed(desk, entry_of(receipt))
    assert paper.values["金额（大写）"] == "人民币叁拾元伍角整"
    assert [row[2:] for row in paper.tables[0][1:]] == [
        ["10.00", "1,000.00", "990.00"],
        ["20.50", "500.00", "479.50"],
        ["30.50", "", ""],
    ]


def test_a_line_that_goes_on_is_told_once(desk: Shell):
    items = desk.db.with_name("items.csv")
    rows = [f"{ONE},30213,1", f"{ONE},30201,2", f"{OTHER},30201,3", f"{ONE},30202,4"]
    items.write_text("\n".join(["line,econ,amount", *rows]), encoding="utf-8")
    receipt = desk.ask("voucher", "--items", str(items), "--payee", "多家", "--purpose", "款", *DAY)
    paid = printed(desk, entry_of(receipt)).tables[0][1:-1]
    assert [row[2:] for row in paid] == [
        ["1.00", "1,000.00", "999.00"],
        ["2.00", "999.00", "997.00"],
        ["3.00", "500.00", "497.00"],
        ["4.00", "997.00", "993.00"],
    ]
    assert [row[0] == "〃" for row in paid] == [False, True, False, False]


def test_what_became_of_a_payment_is_told_first(desk: Shell):
    wrong = entry_of(desk.ask(*PAY, "--amount", "5", "--payee", "甲", "--purpose", "错"))
    right = entry_of(desk.ask("correct", str(wrong), "--amount", "6", *DAY, "--actor", "主管"))
    assert f"【已更正：第 {right} 笔，2020-06-01，主管】" in printed(desk, wrong).text
    paper = printed(desk, right)
    assert f"【更正第 {wrong} 笔】" in paper.text
    assert paper.values["金额（小写）"] == "¥6.00"
    assert paper.tables[0][1][2:] == ["6.00", "1,000.00", "994.00"]
    undone = entry_of(desk.ask("reverse", str(right), *DAY, "--actor", "主管"))
    assert f"【已冲销：第 {undone} 笔，2020-06-01，主管】" in printed(desk, right).text


def test_a_reallocation_waits_and_is_approved(desk: Shell):
    asked = entry_of(desk.ask(*MOVE, "--reason", "据实", "--actor", "经办", exit=6))
    waits = printed(desk, asked)
    assert "【待批准】" in waits.text
    moves = [["调出", *_rest(400_00, 1_000_00, 600_00)], ["调入", *_rest(400_00, 500_00, 900_00)]]
    assert [[row[0], *row[2:]] for row in waits.tables[0][1:3]] == moves
    desk(*PAY, "--amount", "100", "--payee", "甲", "--purpose", "先付")
    approve = ("approve", str(asked), "--authority", "finance", *DAY, "--actor", "科长")
    done = entry_of(desk.ask(*approve))
    after = printed(desk, done)
    assert f"【提交：第 {asked} 笔，2020-06-01，经办】" in after.text
    assert f"【已批准：第 {done} 笔，2020-06-01，科长】" in after.text
    now = [["调出", *_rest(400_00, 900_00, 500_00)], ["调入", *_rest(400_00, 500_00, 900_00)]]
    assert [[row[0], *row[2:]] for row in after.tables[0][1:3]] == now
    assert after.values["审批层级"] == "财政部门" and after.values["事由"] == "据实"
    again = printed(desk, asked)
    assert f"【已批准：第 {done} 笔" in again.text
    assert again.tables[0] == after.tables[0]


def _rest(*fen: int) -> list[str]:
    return [yuan(each) for each in fen]


def test_a_request_that_was_rejected_says_so(desk: Shell):
    asked = entry_of(desk.ask(*MOVE, "--actor", "经办", exit=6))
    no = entry_of(desk.ask("reject", str(asked), "--reason", "不必", *DAY, "--actor", "科长"))
    paper = printed(desk, asked)
    assert f"【已否决：第 {no} 笔，2020-06-01，科长】" in paper.text
    desk(*PAY, "--amount", "100", "--payee", "甲", "--purpose", "后付")
    assert printed(desk, asked).tables[0] == paper.tables[0]
    assert paper.tables[0][1][3:] == ["1,000.00", "600.00"]


def test_what_came_back_of_a_payment_is_told(desk: Shell):
    paid = entry_of(desk.ask(*PAY, "--amount", "50", "--payee", "甲", "--purpose", "付"))
    back = ("refund", str(paid), *DAY, "--actor", "主管", "--amount")
    first = entry_of(desk.ask(*back, "20", "--doc", "退1"))
    wrong = entry_of(desk.ask(*back, "7", "--doc", "退2"))
    desk("reverse", str(wrong), *DAY)
    paper = printed(desk, paid)
    assert [line for line in paper.text.split("\n") if line.startswith("【")] == [
        f"【已退款 20.00 元：第 {first} 笔，2020-06-01，主管】"
    ]
    assert paper.tables[0][1][2:] == ["50.00", "1,000.00", "950.00"]


def test_what_is_paid_of_a_reservation_was_kept_before(desk: Shell):
    kept = ("reserve", "--line", ONE, "--amount", "60", "--payee", "甲", "--purpose", "合同", *DAY)
    reserve = entry_of(desk.ask(*kept))
    pay = ("pay", "--reserve", str(reserve), "--econ", "30213", "--amount", "60", "--payee", "甲")
    paper = printed(desk, entry_of(desk.ask(*pay, "--purpose", "付", *DAY)))
    assert paper.values["占用"] == f"从第 {reserve} 笔占用支付，可用指标不变"
    assert paper.tables[0][1][2:] == ["60.00", "940.00", "940.00"]


def test_a_closing_tells_the_walk_of_each_fund_and_every_decision(desk: Shell, tmp_path: Path):
    desk(*PAY, "--amount", "100", "--payee", "甲", "--purpose", "付")
    statement = tmp_path / "对账单.csv"
    statement.write_text(
        "资金性质,功能科目,项目,支付数\ngeneral,2010301,P01,100\n", encoding="utf-8"
    )
    desk("reconcile", str(statement), "--date", "2020-12-31")
    file = str(tmp_path / "结账.csv")
    desk("close-year", "--propose", file)
    end = ("--date", "2020-12-31")
    asked = entry_of(desk.ask("close-year", "--decisions", file, *end, "--actor", "会计", exit=6))
    waits = printed(desk, asked)
    assert "示例局\n结账表" in waits.text and "【待批准】" in waits.text
    approve = ("approve", str(asked), "--authority", "department", *end, "--actor", "科长")
    done = printed(desk, entry_of(desk.ask(*approve)))
    walk = desk.ask("carryover")
    for paper in (waits, done):
        assert paper.tables[0] == [
            ["项目", "一般公共预算", "合计"],
            *([name, *[yuan(walk[field])] * 2] for name, field in (
                ("年初结转结余", "opening_fen"), ("本年收入", "income_fen"),
                ("使用非财政拨款结余", "surplus_used_fen"), ("本年支出", "expenditure_fen"),
                ("结余分配", "distributed_fen"), ("年末结转结余", "closing_fen"),
            )),
        ]  # fmt: skip
    decided = desk.ask("show", str(asked))["decides"]
    rows = done.tables[1][1:]
    assert [row[2] for row in rows[: len(decided["decisions"])]] == [
        yuan(each["amount_fen"]) for each in decided["decisions"]
    ]
    assert [row[2] for row in rows[len(decided["decisions"]) :]] == [
        yuan(each["fen"]) for each in decided["sums"] if each["fen"]
    ]


def test_what_is_signed_on_no_paper_is_refused(desk: Shell):
    file = str(desk.db.with_name("a.docx"))
    refused = desk.ask("paper", "1", "-o", file, exit=2)
    assert refused["code"] == "PAPER.NONE" and "调剂" in refused["facts"]["expected"]
    paid = entry_of(desk.ask(*PAY, "--amount", "5", "--payee", "甲", "--purpose", "付"))
    undone = entry_of(desk.ask("reverse", str(paid), *DAY))
    assert desk.ask("paper", str(undone), "-o", file, exit=2)["code"] == "PAPER.NONE"
    assert desk.ask("paper", "999", "-o", file, exit=3)["code"] == "ENTRY.MISSING"
    other = str(desk.db.with_name("a.pdf"))
    assert desk.ask("paper", str(paid), "-o", other, exit=2)["code"] == "FORMAT.UNKNOWN"
    named = desk.db.with_name("b.docx")
    shutil.copy(desk.db, named)
    for force in ((), ("--force",)):
        refused = desk.ask("paper", str(paid), "-o", str(named), *force, exit=2)
        assert refused["code"] == "OUTPUT.DATABASE"
    assert not Path(file).exists()


def test_a_paper_is_whole_the_same_and_never_written_over(desk: Shell, tmp_path: Path):
    paid = entry_of(
        desk.ask(*PAY, "--amount", "5", "--payee", "=甲<b>\u3000{{x}}", "--purpose", "付")
    )
    files = [tmp_path / "一.docx", tmp_path / "二.docx"]
    for file in files:
        ran = process("--db", str(desk.db), "单据", str(paid), "-o", str(file), cwd=tmp_path)
        assert (ran.exit, ran.out.strip()) == (0, f"已写入 {file}（第 {paid} 笔的支付申请单）")
    first, second = (file.read_bytes() for file in files)
    assert first == second
    assert docx.Document(BytesIO(first)).core_properties.title == "支付申请单"
    assert read(files[0], "支付申请单").values["收款人"] == "=甲<b>\u3000{{x}}"
    ran = process("--db", str(desk.db), "paper", str(paid), "-o", str(files[0]), cwd=tmp_path)
    assert ran.exit == 3 and "--force" in ran.err
    assert files[0].read_bytes() == first


def test_without_the_library_it_says_so(desk: Shell, monkeypatch: pytest.MonkeyPatch):
    paid = entry_of(desk.ask(*PAY, "--amount", "5", "--payee", "甲", "--purpose", "付"))
    monkeypatch.setattr("cli.documents.report.docx.find_spec", lambda name: None)
    answer = desk.ask("paper", str(paid), "-o", str(desk.db.with_name("a.docx")), exit=5)
    assert answer["code"] == "LIBRARY.MISSING" and "python-docx" in answer["message"]
