"""事项 as a person records, asks, exports and imports them.

Every command runs as a real process, as a person would type it.
"""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.harness.shell import Terminal

RECEPTION = "general:2080105:basic:-:30217:2020"
SIGNED = "contract --no HT-1 --type services --amount 500 --supplier 某公司 --size small"
OPEN = (
    "open-book --unit 420103 --year 2020 --name 人社局 --kind admin --edition 2020 "
    "--basis indicator"
)


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """900.00 for receptions, 300.00 of it paid: entries 1 to 3."""
    typed = Terminal(tmp_path)
    typed(OPEN)
    typed(f"appropriate --line {RECEPTION} --amount 900 --date 2020-01-10 --doc 预1")
    typed(f"pay --line {RECEPTION} --payee 某酒店 --amount 300 --date 2020-05-01 --doc 支1 --key P")
    return typed


def closed(terminal: Terminal) -> None:
    """Closes the year: entries 3 and 4."""
    terminal("close-year --propose 结账.csv")
    end = "--date 2020-12-31"
    terminal(f"close-year --decisions 结账.csv {end} --actor 会计", exit=6)
    terminal(f"approve 3 --authority department {end} --actor 科长")


def facts(terminal: Terminal, *kinds: str) -> list[dict[str, Any]]:
    found = terminal.ask(f"particulars {' '.join(kinds)}")["particulars"]
    assert isinstance(found, list)
    return found


def test_a_report_is_written_in_spring(tmp_path: Path) -> None:
    """A closed year takes facts, and takes them back; without a day they are of its last one."""
    terminal = Terminal(tmp_path)
    terminal(OPEN)
    terminal(f"appropriate --line {RECEPTION} --amount 900 --date 2020-01-10 --doc 预1")
    closed(terminal)
    answer = terminal.ask("headcount --item admin --count 12")
    assert (answer["entry"], answer["date"], answer["amount_fen"]) == (5, "2020-12-31", None)
    terminal("headcount --item admin --count 13 --date 2020-11-30")
    terminal("reception --amount 300 --batches 1 --persons 9")
    terminal("reverse 5")
    assert [fact["entry"] for fact in facts(terminal)] == [7, 6]
    assert terminal.ask("reverse 2 --date 2020-12-31", exit=3)["code"] == "YEAR.CLOSED"
    assert terminal.ask("audit")["ok"]


def test_the_facts_that_stood_then(terminal: Terminal) -> None:
    """By business date, and by what was known."""
    terminal("headcount --item admin --count 12 --date 2020-03-31")
    terminal("headcount --item admin --count 14 --date 2020-06-30")
    (spring,) = terminal.ask("particulars headcount --as-of 2020-05-31")["particulars"]
    assert spring["said"]["count"] == 12
    assert [fact["said"]["count"] for fact in facts(terminal, "headcount")] == [12, 14]
    terminal("reverse 5 --date 2020-07-01")
    assert [fact["entry"] for fact in facts(terminal)] == [4]
    known = terminal.ask("particulars --as-of 2020-06-30")["particulars"]
    assert [fact["entry"] for fact in known] == [4, 5]


def test_contracts_with_what_is_paid_and_left(terminal: Terminal) -> None:
    terminal(f"{SIGNED} --date 2020-02-01 --due 2020-06-30")
    terminal("contract --no HT-2 --type goods --amount 90 --supplier 甲 --size micro "
             "--signed 2019-11-01 --reserved micro")  # fmt: skip
    paid = f"--line {RECEPTION} --payee 某公司 --date 2020-06-01"
    terminal(f"pay {paid} --amount 120 --doc 支2 --contract HT-1")
    terminal(f"reserve --line {RECEPTION} --amount 80 --doc 合1 --contract HT-1 --date 2020-06-01")
    terminal("pay --reserve 7 --econ 30217 --amount 30 --payee 某公司 --date 2020-07-01 --doc 支3")
    first, second = (fact["contract"] for fact in facts(terminal, "contract"))
    assert (first["paid_fen"], first["held_fen"], first["left_fen"]) == (150_00, 50_00, 350_00)
    assert (first["overdue"], second["overdue"], second["left_fen"]) == (True, False, 90_00)
    (then,) = terminal.ask("particulars contract --as-of 2020-06-30")["particulars"]
    assert (then["contract"]["paid_fen"], then["contract"]["overdue"]) == (120_00, False)
    found = terminal.ask("log --contract HT-1")["entries"]
    assert [(row["entry"], row["kind"]) for row in found] == [
        (4, "contract"), (6, "pay"), (7, "reserve"), (8, "pay"),
    ]  # fmt: skip
    assert found[1]["procurement"] is True
    shown = terminal("particulars contract").out
    assert "2020-06-30 逾期" in shown and "微型企业" in shown
    refused = terminal.ask(f"pay {paid} --amount 300.01 --contract HT-1", exit=3)
    assert (refused["code"], refused["facts"]["left_fen"]) == ("CONTRACT.EXCEEDS", 300_00)


def test_what_was_no_procurement_is_put_right(terminal: Terminal) -> None:
    """Its type and its contract go with it; nobody says that it was both."""
    terminal(f"{SIGNED} --date 2020-02-01")
    paid = f"pay --line {RECEPTION} --payee 某公司 --date 2020-06-01 --amount"
    terminal(f"{paid} 5 --doc 支2 --procurement-type goods --key A")
    terminal(f"{paid} 6 --doc 支3 --contract HT-1 --key B")
    for key in "AB":
        terminal(f"correct {key} --no-procurement --date 2020-06-02")
    assert [contract["contract"]["paid_fen"] for contract in facts(terminal, "contract")] == [0]
    for said in ("--procurement-type goods", "--contract HT-1"):
        refused = terminal.ask(f"{paid} 7 --doc 支4 {said} --no-procurement", exit=2)
        assert refused["code"] == "FIELD.NOT_USED"
    assert terminal.ask("get N.s11.total")["fen"] == 500_00
    assert terminal.ask("audit")["ok"]


def test_a_refund_that_comes_later_is_found_and_not_refused(terminal: Terminal) -> None:
    terminal("reception --amount 300 --batches 1 --persons 9 --payment 3")
    assert "TIED.BELOW" not in terminal("check").out
    terminal("refund 3 --amount 100 --date 2020-06-01")
    (found,) = [f for f in terminal.ask("check")["findings"] if f["code"] == "TIED.BELOW"]
    assert (found["tier"], found["left_fen"], found["right_fen"]) == ("warn", 300_00, 200_00)
    assert found["try"] == ["yusuan show 3", "yusuan reverse 4"]


def test_the_same_fact_in_another_way_is_there_already(terminal: Terminal) -> None:
    said = "--amount 300 --batches 1 --persons 9 --companions 2 --payment"
    terminal(f"reception {said} 3 --key 接待1 --date 2020-05-01")
    assert terminal.ask(f"reception {said} P --key 接待1 --date 2020-05-01")["already"]
    (terminal.folder / "行.csv").write_text(
        "id,date,kind,amount,batches,persons,companions,payment\n"
        "接待1,2020-05-01,reception,300.00,1,9,2,#3\n",
        encoding="utf-8",
    )
    answer = terminal.ask("import 行.csv")
    assert (answer["already"], answer["recorded"]) == (1, 0)
    refused = terminal.ask(f"reception {said} 3 --key 接待1 --guests foreign", exit=3)
    assert refused["code"] == "KEY.CONFLICT"
    assert [each["field"] for each in refused["facts"]["differs"]] == ["guests"]


FORM = "项目,整体,指标编号,一级指标,二级指标,三级指标,年度指标值,分值\n"
ROWS = (
    ",是,1,产出指标,数量指标,办结案件,555件,10\n"
    ",是,2,产出指标,质量指标,结案率,≥95%,2.5\n"
    ",是,2,产出指标,质量指标,结案率,≥95%,2.5\n"
)


def test_a_file_of_one_kind_says_no_kind_and_needs_no_ids(terminal: Terminal) -> None:
    """The same file twice records nothing new; two rows alike are two facts."""
    path = terminal.folder / "指标.csv"
    path.write_text(FORM + ROWS, encoding="gb18030")
    assert terminal.ask("import 指标.csv --of target")["recorded"] == 3
    again = terminal.ask("import 指标.csv --of 绩效指标")
    assert (again["already"], again["recorded"]) == (3, 0)
    path.write_text(FORM + ROWS + ",是,3,产出指标,,甲,乙,1\n", encoding="utf-8")
    assert terminal.ask("import 指标.csv --of target")["recorded"] == 1


def test_a_workbook_of_one_kind(terminal: Terminal) -> None:
    book = xlsxwriter.Workbook(terminal.folder / "指标.xlsx")
    book.add_worksheet("说明")
    sheet = book.add_worksheet("指标")
    for at, line in enumerate((FORM + ROWS).splitlines()):
        for place, text in enumerate(line.split(",")):
            sheet.write(at + 1, place, float(text) if text in ("10", "2.5") else text)
    book.close()
    assert terminal.ask("import 指标.xlsx --of target", exit=2)["code"] == "SHEET.AMBIGUOUS"
    assert terminal.ask("import 指标.xlsx --of target --sheet 指标")["recorded"] == 3
    weights = [fact["said"]["weight_hundredths"] for fact in facts(terminal, "target")]
    assert weights == [10_00, 2_50, 2_50]


LEDGER = """某局 2020 年政府采购合同台账
,,,,单位：元
序号,编号,采购类型,合同金额,供应商,企业规模,预留份额,签订日期,备注
1,HT-1,货物,500.50,甲公司,小,中小企业,2020-03-01,续签
1,HT-2,服务,90,乙公司,微型,无,2019-12-01,
"""


def sheet_of(path: Path, text: str) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("台账")
    for at, line in enumerate(text.splitlines()):
        for place, cell in enumerate(line.split(",")):
            sheet.write(at, place, cell)
    book.close()


def test_a_list_as_people_keep_it(terminal: Terminal) -> None:
    """Titles above the header, running numbers, their own words; 万元 is refused."""
    sheet_of(terminal.folder / "台账.xlsx", LEDGER)
    assert terminal.ask("import 台账.xlsx --of contract")["recorded"] == 2
    first, second = terminal.ask("particulars contract")["particulars"]
    signed = [fact["contract"]["signed"] for fact in (first, second)]
    assert (first["date"], signed) == ("2020-03-01", [None, "2019-12-01"])
    assert [fact["contract"]["size"] for fact in (first, second)] == ["small", "micro"]
    assert [fact["contract"]["reserved"] for fact in (first, second)] == ["sme", "none"]
    assert first["said"]["reason"] == "续签"
    sheet_of(terminal.folder / "万元.xlsx", LEDGER.replace("单位：元", "单位：万元"))
    refused = terminal.ask("import 万元.xlsx --of contract", exit=2)["rejected"]
    assert [(wrong["code"], wrong["row"]) for wrong in refused] == [("AMOUNT.MALFORMED", 2)]
    sheet_of(terminal.folder / "错.xlsx", "台账\n合同代号,采购方式,中标单位\n1,2,3\n")
    (refused,) = terminal.ask("import 错.xlsx --of contract", exit=2)["rejected"]
    assert (refused["code"], refused["row"]) == ("HEADER.UNKNOWN", 2)
    assert "合同编号" in refused["message"]


def test_lists_call_their_columns_by_what_they_are(terminal: Terminal) -> None:
    for name, kind, text in (
        ("a.csv", "reception", "序号,批次,人次,金额,事由,备注\n1,1,3,50,调研,补记\n"),
        ("b.csv", "headcount", "序号,项目,人数\n1,admin,12\n"),
        ("c.csv", "key-work", "序号,事项,工作目标\n1,稳就业,八成\n"),
        ("d.csv", "target", "整体,编号,一级指标,三级指标\n1,1-1,产出,办结\n"),
    ):
        (terminal.folder / name).write_text(text, encoding="utf-8")
        assert terminal.ask(f"import {name} --of {kind}")["recorded"] == 1
    visit, heads, work, target = (fact["said"] for fact in facts(terminal))
    assert (visit["purpose"], visit["reason"]) == ("调研", "补记")
    assert (heads["item"], work["no"], target["no"]) == ("admin", "1", "1-1")


def test_a_fact_is_shown_with_all_that_it_says(terminal: Terminal) -> None:
    """By the names of the columns of its list, in the words that people read."""
    terminal("reception --amount 300 --batches 2 --persons 11 --companions 2 --guest 某市人社局 "
             "--purpose 调研 --category 交流（外省市） --payment 3")  # fmt: skip
    shown = " ".join(terminal("show 4").out.split())
    for told in ("批次 2", "陪同人次 2", "来访单位 某市人社局", "事由 调研", "类别 交流（外省市）",
                 "对应支付 第 3 笔 300.00"):  # fmt: skip
        assert told in shown
    assert "收款人" not in shown
    terminal(f"{SIGNED} --reserved 小微企业 --due 2020-09-30")
    shown = " ".join(terminal("show 5").out.split())
    for told in ("合同编号 HT-1", "采购类型 服务", "企业规模 小型企业", "预留份额 面向小微企业预留",
                 "付款期限 2020-09-30"):  # fmt: skip
        assert told in shown
    terminal(f"pay --line {RECEPTION} --payee 某公司 --amount 5 --date 2020-06-01 --doc 支2 "
             "--contract HT-1")  # fmt: skip
    assert "合同号 HT-1" in " ".join(terminal("show 6").out.split())


def test_what_a_later_fact_says_otherwise_is_told(terminal: Terminal) -> None:
    terminal("headcount --item admin --count 12")
    terminal("headcount --item admin --count 13 --date 2020-06-30")
    terminal("headcount --item retired --count 4")
    replaced = {fact["entry"]: fact.get("replaced_by") for fact in facts(terminal, "headcount")}
    assert replaced == {4: None, 5: 4, 6: None}
    assert "13（以第 4 笔为准）" in terminal("particulars").out


@pytest.mark.parametrize(
    ("kind", "row", "code", "column"),
    [
        ("reception", "amount,batches,persons\n10,一,3\n", "COUNT.MALFORMED", "batches"),
        ("reception", "amount,batches,persons\n10,1,\n", "FIELD.REQUIRED", "persons"),
        ("contract", "no,type\nHT 1,goods\n", "NO.MALFORMED", "no"),
        ("contract", "no,type\nHT-1,茶叶\n", "PROCUREMENT_TYPE.UNKNOWN", "type"),
        ("prior", "cell,amount,count\nT1.27,1,2\n", "PRIOR.VALUE", "amount"),
        ("prior", "cell,count\nN.s4.total,5\n", "PRIOR.VALUE", "count"),
        ("prior", "cell,amount\nN.s7b.trip_groups,5\n", "PRIOR.VALUE", "amount"),
        ("target", "project,no\n,1\n", "FORM.AMBIGUOUS", "project"),
        ("target", "project,whole,no\nP01,是,1\n", "FORM.AMBIGUOUS", "project"),
        ("target", "whole,no,level1,level3\n是,甲1,产出,办结\n", "NO.MALFORMED", "no"),
        ("target", "whole,no,level1,level3,weight\n是,1,产出,办结,1.005\n", "POINTS.MALFORMED",
         "weight"),
        ("result", "whole,no,actual,percent\n是,1,好,120\n", "PERCENT.MALFORMED", "percent"),
        ("result", "whole,no,actual,grade\n是,1,好,优\n", "GRADE.UNKNOWN", "grade"),
        ("score-override", "whole,no,score\n是,总分,90\n", "NO.MALFORMED", "no"),
        ("reason", "slot,text\n一 二,好\n", "SLOT.UNKNOWN", "slot"),
        ("key-work", "no,item,department\n1,稳就业,也许\n", "FLAG.UNKNOWN", "department"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_read_names_its_column(
    terminal: Terminal, kind: str, row: str, code: str, column: str
) -> None:
    (terminal.folder / "a.csv").write_text(row, encoding="utf-8")
    answer = terminal.ask(f"import a.csv --of {kind}", exit=2)
    (rejected,) = answer["rejected"]
    assert (rejected["code"], rejected["column"], rejected["row"]) == (code, column, 2)
    assert terminal.ask("log")["head"]["entries"] == 3


@pytest.mark.parametrize(
    ("kind", "header", "econ"),
    [
        ("reception", "amount,batches,persons,payment", "30217"),
        ("trip", "amount,groups,persons,payment", "30212"),
        ("trip", "金额,团组数,人次,对应支付", "30212"),
    ],
)
@pytest.mark.parametrize(
    ("payment", "code", "way"),
    [
        ("#99", "ENTRY.MISSING", "yusuan log --kind pay --econ {econ}"),
        ("没有这一笔", "ENTRY.MISSING", "yusuan log --kind pay --econ {econ}"),
        ("#1", "ENTRY.KIND", "yusuan show 1"),
    ],
)
def test_a_wrong_payment_of_a_row_is_told_at_its_column(
    terminal: Terminal, kind: str, header: str, econ: str, payment: str, code: str, way: str
) -> None:
    (terminal.folder / "a.csv").write_text(f"{header}\n10,1,1,{payment}\n", encoding="utf-8")
    (rejected,) = terminal.ask(f"import a.csv --of {kind}", exit=3)["rejected"]
    assert (rejected["code"], rejected["column"]) == (code, "payment")
    assert rejected["value"] == payment
    assert rejected["try"] == [way.format(econ=econ)]
    assert "payment（对应支付）" in terminal(f"import a.csv --of {kind}", exit=3).said


def test_a_file_of_one_kind_is_of_facts_and_of_nothing_else(terminal: Terminal) -> None:
    (terminal.folder / "a.csv").write_text("kind,amount\nreception,1\n", encoding="utf-8")
    assert terminal.ask("import a.csv --of pay", exit=2)["code"] == "KIND.UNKNOWN"
    answer = terminal.ask("import a.csv --of reception", exit=2)
    assert answer["code"] == "HEADER.UNKNOWN"
    assert terminal.ask("import a.csv --of reception --map TREASURY", exit=2)["code"] == (
        "FIELD.NOT_USED"
    )


def test_a_text_has_paragraphs(terminal: Terminal) -> None:
    """From a file, however its lines end; a blank line between them, none at its ends."""
    path = terminal.folder / "职能.txt"
    path.write_bytes("\r\n 一、甲。 \r\n二、乙。\r\n\r\n\r\n三、“丙”。\r\n".encode("gb18030"))
    terminal("text --slot functions --file 职能.txt")
    (fact,) = facts(terminal, "text")
    assert fact["said"]["text"] == "一、甲。\n二、乙。\n\n三、“丙”。"
    path.write_text("甲" * 20_001, encoding="utf-8")
    assert terminal.ask("text --slot functions --file 职能.txt", exit=2)["code"] == "TEXT.TOO_LONG"
    assert terminal.ask("text --slot functions", exit=2)["facts"]["field"] == "text"
    wrong = terminal.ask("reason --slot N.s1.change '一行\n又一行'", exit=2)
    assert wrong["code"] == "TEXT.UNREADABLE"


EVERY = (
    "reception --amount 300 --batches 2 --persons 9 --companions 2 --guests foreign --guest 甲市 "
    "--purpose 考察 --category 园区招商 --payment P --doc 接1 --date 2020-05-02",
    "trip --amount 45000 --groups 1 --persons 3 --destination 日本 --purpose 劳务合作",
    f"{SIGNED} --date 2020-02-01 --due 2020-06-30 --reserved sme",
    f"pay --line {RECEPTION} --payee 某公司 --amount 1 --contract HT-1 --date 2020-06-02",
    f"pay --line {RECEPTION} --payee 某公司 --amount 2 --procurement-type works --date 2020-06-03",
    "contract --no HT-0 --type goods --amount 9 --supplier 乙 --size large --signed 2019-03-01",
    "asset --item vehicles.law --count 2 --amount 650000",
    "headcount --item admin --count 12 --reason 编制文件",
    "prior --cell N.s1.total --amount 0",
    "prior --cell N.s7b.trip_groups --count 3",
    "reason --slot N.s1.change 增加专项",
    "reason --slot N.s4.change 增加专项 --department",
    "key-work --no 1 --item 稳就业 --goal 新增19000人 --done 新增20252人",
    "goal --whole --expected 保障运转 --actual 运转正常",
    "target --whole --no 1 --level1 产出 --level2 数量 --level3 办结 --value 555件 --weight 10 "
    "--direction up --code 办结",
    "target --whole --no 9 --level1 约束性指标 --level3 合规 --constraint --deduct 2.5",
    "result --whole --no 1 --actual 699件 --grade partly --percent 75 --deviation 疫情",
    "score-override --whole --no execution --score 9.5 --reason 评议",
    "reverse 14",
)


def test_every_fact_is_exported_and_comes_back_as_it_was(terminal: Terminal) -> None:
    """As rows, which import and export again to the same bytes; as lines of JSON, which restore to
    the same heads; and an audit proves each book."""
    for command in EVERY:
        terminal(command)
    (terminal.folder / "职能.txt").write_text("一、甲。\n\n二、“乙”，=1+1。", encoding="utf-8")
    terminal("text --slot functions --file 职能.txt")
    terminal("export canonical -o 一.csv")
    other = Terminal(terminal.folder / "另")
    other.folder.mkdir()
    other(OPEN)
    first = terminal.folder / "一.csv"
    assert other.ask(f"import {first}")["recorded"] == len(EVERY) + 3
    other("export canonical -o 二.csv")
    assert (other.folder / "二.csv").read_bytes() == first.read_bytes()
    assert facts(other) == facts(terminal)
    terminal("export jsonl -o 账.jsonl")
    restored = Terminal(terminal.folder / "又")
    restored.folder.mkdir()
    restored(f"restore {terminal.folder / '账.jsonl'}")
    assert restored.ask("log")["head"] == terminal.ask("log")["head"]
    for book in (terminal, other, restored):
        assert book.ask("audit")["ok"]
    columns = first.read_text(encoding="utf-8-sig").split("\n", 1)[0].split(",")
    assert columns[-1] == "department" and "grade" in columns and "destination" in columns


def test_a_book_without_facts_is_exported_as_before(terminal: Terminal) -> None:
    terminal("export canonical -o 一.csv")
    header = (terminal.folder / "一.csv").read_text(encoding="utf-8-sig").split("\n", 1)[0]
    assert header.strip().endswith("again,reason,counterpart")


def test_facts_of_a_department(terminal: Terminal) -> None:
    terminal("headcount --item admin --count 12")
    terminal(f"{OPEN.replace('420103', '420104').replace('admin', 'institution')}")
    terminal("headcount --item institution --count 7 --unit 420104 --year 2020")
    found = terminal.ask("particulars --units all --year 2020")["particulars"]
    assert [(fact["book"], fact["said"]["count"]) for fact in found] == [
        ("420103/2020", 12),
        ("420104/2020", 7),
    ]


def test_numbers_of_persons_are_pointed_out(terminal: Terminal) -> None:
    """And nothing else that has as many digits."""
    said = "text --slot functions '联系人 13812345678、11010519491231002X，合同 HT13812345678'"
    (warning,) = terminal.ask(said)["warnings"]
    assert warning["code"] == "TEXT.PERSONAL"
    assert "138****5678、110105********002X" in warning["message"]
    said = "text --slot functions '电话 010-82345678，110105194912310021'"
    (warning,) = terminal.ask(said)["warnings"]
    assert "个人号码 110105********0021（" in warning["message"]  # a landline is none
    assert terminal.ask("text --slot functions '编号 110105194913310023'")["warnings"] == []
    assert terminal.ask(SIGNED.replace("HT-1", "13812345678"))["warnings"] == []


def test_what_is_paid_for_a_contract_is_its_suppliers_and_after_its_day(terminal: Terminal) -> None:
    """Said when it is recorded, of payments, vouchers, reservations and corrections; refused is
    nothing."""
    terminal(f"{SIGNED} --date 2020-06-10")
    terminal("contract --no HT-0 --type goods --amount 900 --supplier 某公司 --size small "
             "--signed 2019-05-01 --date 2020-06-10")  # fmt: skip

    def told(typed: str) -> list[str]:
        codes = [each["code"] for each in terminal.ask(typed)["warnings"]]
        return [code for code in codes if code.startswith("CONTRACT.")]

    line = f"--line {RECEPTION} --amount"
    paid = f"pay {line} 1 --purpose 事 --contract"
    assert told(f"{paid} HT-1 --payee 某公司 --date 2020-06-10 --doc 甲1") == []
    assert told(f"{paid} HT-1 --payee ' 某 公司' --date 2020-06-11 --doc 甲2") == []
    assert told(f"{paid} HT-1 --payee 某公司 --date 2020-06-09 --doc 甲3") == ["CONTRACT.DATE"]
    assert told(f"{paid} HT-1 --payee 别家 --date 2020-06-10 --doc 甲4 --key K4") == [
        "CONTRACT.PAYEE"
    ]
    assert told(f"{paid} HT-0 --payee 某公司 --date 2020-06-01 --doc 甲5") == []  # of 2019
    kept = f"reserve {line} 5 --doc 合1 --contract HT-1"
    assert told(f"{kept} --date 2020-06-01 --payee 别家 --key R1") == [
        "CONTRACT.DATE",
        "CONTRACT.PAYEE",
    ]
    assert told(f"{kept.replace('合1', '合2')} --date 2020-06-12") == []  # nobody is named
    reserved = "--payee 别家 --date 2020-06-20 --doc 甲6 --amount 1 --purpose 事 --econ 30217"
    assert told(f"pay --reserve R1 {reserved}") == ["CONTRACT.PAYEE"]
    item = f"--item {RECEPTION}=1.00 --payee 别家 --doc 甲7 --date 2020-06-01 --purpose 事"
    assert told(f"voucher {item} --contract HT-1") == ["CONTRACT.DATE", "CONTRACT.PAYEE"]
    assert told("correct K4 --payee 某公司 --date 2020-06-10 --reason 错户") == []
    assert terminal("audit").exit == 0
