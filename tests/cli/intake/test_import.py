"""`import FILE.csv`: encodings, row numbers, all-or-nothing, idempotency, and what is reported.

A file that cannot be read at all stands in test_hostile.py; here the file is a file.
"""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ledger.canonical.columns import ALIASES
from tests.harness.import_files import HEADER, entries, rejected, report, row, wide
from tests.harness.shell import LINE, ROOT, Shell, clean_environment, in_process, process

PAY = "{id},2020-03-01,pay,2080105,P02,30201,{amount},某印刷厂"


# Encodings and headers.


CHINESE = "编号,日期,业务,资金性质,功能科目,支出性质,项目,经济科目,形成年度,金额,文号,收款人,用途"


CHINESE_ROWS = (
    "一,2020-01-11,年初预算,一般公共预算,2080106,项目支出,P01,,2020,１，２００,预〔2020〕1号,,",
    '二,2020/3/1,支付,一般公共预算,2080106,项目支出,P01,30201,2020,12.5,支1,"楚天印务（武汉）",㐀宣传册',
)


ENGLISH = "id,date,kind,fund,func,spending,project,econ,origin,amount,doc,payee,purpose"


ENGLISH_ROWS = (
    "一,2020-01-11,appropriate,general,2080106,project,P01,,2020,1200,预〔2020〕1号,,",
    "二,2020-03-01,pay,general,2080106,project,P01,30201,2020,12.50,支1,楚天印务（武汉）,㐀宣传册",
)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("header", ["chinese", "english"])
def test_encodings_and_headers_mean_the_same(shell: Shell, header: str, encoding: str, ending: str):
    """Every combination records the same two entries, characters beyond GBK included."""
    names, rows = (CHINESE, CHINESE_ROWS) if header == "chinese" else (ENGLISH, ENGLISH_ROWS)
    path = shell.csv()
    path.write_bytes(ending.join((names, *rows, "")).encode(encoding))
    assert report(shell, path)["recorded"] == 2
    approved, paid = entries(shell)[4:]
    line = "general:2080106:project:P01:-:2020"
    expected = (5, "appropriate", "2020-01-11", "一", line, 1200_00, "预〔2020〕1号")
    names_ = ("entry", "kind", "date", "key", "line", "amount_fen", "doc")
    assert expected == tuple(approved[name] for name in names_)
    expected = (6, "pay", "2020-03-01", "二", line, 12_50, "支1")
    assert expected == tuple(paid[name] for name in names_)
    assert (paid["payee"], paid["purpose"]) == ("楚天印务（武汉）", "㐀宣传册")


def test_the_encoding_does_not_make_another_request(shell: Shell):
    """The same rows in UTF-8, then in GB18030 with Chinese headers: all of them already there."""
    path = shell.csv(*ENGLISH_ROWS, header=ENGLISH)
    report(shell, path)
    path.write_bytes("\n".join((CHINESE, *CHINESE_ROWS)).encode("gb18030"))
    assert tuple(report(shell, path)[name] for name in ("recorded", "already")) == (0, 2)


@pytest.mark.parametrize("column", ALIASES)
def test_every_alias_of_every_column(shell: Shell, column: str):
    """Alone beside the columns that must be there, each name is known."""
    for alias in (column, *ALIASES[column]):
        others = [name for name in ("id", "date", "kind") if name != column]
        path = shell.csv(header=",".join((*others, f" {alias} ")))
        assert report(shell, path)["rows"] == 0, alias


def test_all_columns_of_the_contract(shell: Shell):
    assert report(shell, wide(shell))["rows"] == 0
    assert set(HEADER.split(",")) == set(ALIASES)


# Row numbers.


def test_the_row_is_the_line_of_the_file(shell: Shell):
    """The header is 1; blank lines and line breaks inside quotes count, as an editor counts."""
    path = shell.csv(
        "A,2020-03-01,pay,2080105,P02,30201,1,某店,一行",  # 2
        "",  # 3
        'B,2020-03-01,pay,2080105,P02,30201,2,某店,"第一行\n第二行\n第三行"',  # 4, 5, 6
        "C,2020-03-01,pay,2080105,P02,30201,x,某店,",  # 7
        ",,,,,,,,",  # 8
        'D,2020-03-01,pay,2080105,P02,30201,3,"某\r\n店",',  # 9, 10
        "E,2020-03-01,pay,2080105,P02,30201,900000,某店,",  # 11
        header="id,date,kind,func,project,econ,amount,payee,purpose",
    )
    answer = report(shell, path, exit=2)
    assert rejected(answer, "row", "column", "code") == [
        (7, "amount", "AMOUNT.MALFORMED"),
        (9, "payee", "TEXT.UNREADABLE"),
        (11, "amount", "R1.AVAILABLE"),
    ]
    assert answer["rows"] == 5
    told = shell("import", str(path), exit=2).err
    for number in (7, 9, 11):
        assert f"第 {number} 行" in told

    report(shell, path, "--keep-going", exit=1)
    assert [e["purpose"] for e in entries(shell, "--kind", "pay")] == [
        "一行",
        "第一行 第二行 第三行",
    ]


def test_every_bad_row_is_reported(shell: Shell):
    """Input errors and refusals together, each with its column and value; nothing is recorded."""
    before = shell.head()
    path = shell.csv(
        PAY.format(id="A", amount="1"),
        PAY.format(id="B", amount="NaN"),
        PAY.format(id="", amount="1"),
        "D,2020-02-30,pay,2080105,P02,30201,1,某店",
        "E,2020-03-01,spend,2080105,P02,30201,1,某店",
        "F,2020-03-01,pay,208010,P02,30201,1,某店",
        "G,2020-03-01,pay,2080105,P 2,30201,1,某店",
        "H,2020-03-01,pay,2080105,P02,3020,1,某店",
        "I,2020-03-01,pay,2080105,P02,30201,1,",
        "J,2020-03-01,pay,2080105,P02,302,1,某店",
        "K,2020-03-01,pay,2080106,P02,30201,1,某店",
        "L,2020-03-01,appropriate,2080106,P09,,1,",
        "M,2020-03-01,cut,2080105,P02,,1,",
        "N,2021-03-01,pay,2080105,P02,30201,1,某店",
        PAY.format(id="O", amount="999.01"),
        PAY.format(id="A", amount="2"),
        "Q,2020-03-01,appropriate,2080105,P02,,1,某店",
        "R,2020-03-01,pay,2080105,P02",
    )
    answer = report(shell, path, exit=2)
    assert rejected(answer, "row", "column", "value", "code") == [
        (3, "amount", "NaN", "AMOUNT.MALFORMED"),
        (4, "id", "", "FIELD.REQUIRED"),
        (5, "date", "2020-02-30", "DATE.MALFORMED"),
        (6, "kind", "spend", "KIND.UNKNOWN"),
        (7, "func", "208010", "LINE.FUNC"),
        (8, "project", "P 2", "LINE.PROJECT"),
        (9, "econ", "3020", "LINE.ECON"),
        (10, "payee", "", "R16.PAYEE"),
        (11, "econ", "302", "R16.ECON"),
        (12, "func", "2080106", "R1.NO_LINE"),
        (13, "project", "P09", "PROJECT.UNKNOWN"),
        (14, "doc", "", "DOC.REQUIRED"),
        (15, "date", "2021-03-01", "DATE.OUTSIDE_YEAR"),
        (16, "amount", "999.01", "R1.AVAILABLE"),
        (17, "id", "A", "KEY.CONFLICT"),
        (18, "payee", "某店", "FIELD.NOT_USED"),
        (19, "行", "R,2020-03-01,pay,2080105,P02", "ROW.COLUMNS"),
    ]
    assert tuple(answer[name] for name in ("rows", "recorded", "already")) == (18, 0, 0)
    assert before == answer["head"] == shell.head()
    told = shell("import", str(path), exit=2)
    assert "没有记录任何一行" in told.out
    lines = [line.removeprefix(f"{path} 第 ") for line in told.err.splitlines()]
    numbers = [line.partition(" 行")[0] for line in lines if " 行" in line]
    assert numbers == [str(number) for number in range(3, 20)]


def test_malformed_beats_refused_and_keep_going_beats_both(shell: Shell):
    """2 if any row is malformed, in whatever order; else 3; 1 where good rows were recorded."""
    malformed, refused = PAY.format(id="A", amount="x"), PAY.format(id="B", amount="9999")
    good = PAY.format(id="C", amount="1")
    cases: list[tuple[tuple[str, ...], int]] = [
        ((malformed,), 2),
        ((refused,), 3),
        ((malformed, refused), 2),
        ((refused, malformed), 2),
        ((good, refused), 3),
        ((), 0),
    ]
    for rows, code in cases:
        path = shell.csv(*rows)
        assert report(shell, path, exit=code)["recorded"] == 0
        report(shell, path, "--dry-run", exit=code)
    report(shell, shell.csv(good, refused, malformed), "--keep-going", exit=1)
    report(shell, shell.csv(good), "--keep-going", exit=0)
    assert shell.entries() == 5


# Rows of one file.


def test_rows_see_what_the_rows_before_them_did(shell: Shell):
    """Register, carry in, appropriate, pay the last fen, refund, pay again, reverse, move, lock."""
    line = {"func": "2080106", "project": "N1"}
    steps: list[dict[str, str]] = [
        {"kind": "project", "project": "N1", "name": "新项目"},
        {"kind": "appropriate", **line, "amount": "100"},
        {"kind": "carry-in", **line, "origin": "2019", "amount": "7"},
        {"kind": "pay", **line, "econ": "30201", "amount": "100", "payee": "某店"},
        {"kind": "refund", "ref": "R4", "amount": "40"},
        {"kind": "pay", **line, "econ": "30202", "amount": "40", "payee": "某店"},
        {"kind": "reverse", "ref": "R6"},
        {"kind": "reallocate", **line, "amount": "40", "to_econ": "30299", "doc": "调1",
         "authority": "finance"},
        {"kind": "supplement", **line, "econ": "30299", "amount": "2", "doc": "追1"},
        {"kind": "cut", **line, "econ": "30299", "amount": "1", "doc": "减1"},
        {"kind": "income", "func": "2080106", "econ": "service", "amount": "9"},
        {"kind": "lock-month", "month": "1"},
    ]  # fmt: skip
    path = wide(
        shell,
        *(row(id=f"R{n}", date="2020-03-01", **step) for n, step in enumerate(steps, 1)),
    )
    assert report(shell, path)["recorded"] == 12
    assert [step["kind"] for step in steps] == [e["kind"] for e in entries(shell)[4:]]
    assert [f"R{n}" for n in range(1, 13)] == [e["key"] for e in entries(shell)[4:]]
    available = {b["line"]: b["available_fen"] for b in shell.ask("balance")["lines"]}
    assert available == {
        LINE: 1000_00,
        "general:2080106:project:N1:-:2019": 7_00,
        "general:2080106:project:N1:-:2020": 0,
        "general:2080106:project:N1:30299:2020": 41_00,
    }
    assert entries(shell, "--kind", "refund")[0]["original"] == 8
    locked = re.sub(r"2020-\d\d-\d\d", "2020-01-20", PAY.format(id="late", amount="1"))
    assert report(shell, shell.csv(locked), exit=3)["code"] == "MONTH.LOCKED"


def test_two_rows_cannot_spend_the_same_money(shell: Shell):
    path = shell.csv(PAY.format(id="A", amount="600"), PAY.format(id="B", amount="400.01"))
    assert rejected(report(shell, path, exit=3), "row", "code") == [(3, "R1.AVAILABLE")]
    assert shell.balance(LINE)["available_fen"] == 1000_00


def test_a_reference_looks_back_and_never_ahead(shell: Shell):
    """To an earlier row, an earlier file, a --key; a bad row is not there to refer to."""
    shell("pay", "--line", LINE, "--econ", "30201", "--amount", "10", "--payee", "x", "--key",
          "手工", "--date", "2020-02-01")  # fmt: skip
    refund = {"date": "2020-03-02", "kind": "refund", "amount": "1"}
    pay = {"date": "2020-03-01", "kind": "pay", "func": "2080105", "project": "P02",
           "econ": "30201", "payee": "x"}  # fmt: skip
    path = wide(
        shell,
        row(id="1", ref="手工", **refund),  # 2
        row(id="2", ref="4", **refund),  # 3: the row below, not entry 4, which is no payment
        row(id="4", amount="5", **pay),  # 4
        row(id="5", ref="4", **refund),  # 5
        row(id="6", amount="x", **pay),  # 6
        row(id="7", ref="6", **refund),  # 7
        row(id="8", ref="", **refund),  # 8
    )
    answer = report(shell, path, "--keep-going", exit=1)
    assert rejected(answer, "row", "column", "code") == [
        (3, "ref", "ENTRY.MISSING"),
        (6, "amount", "AMOUNT.MALFORMED"),
        (7, "ref", "ENTRY.MISSING"),
        (8, "ref", "FIELD.REQUIRED"),
    ]
    assert [e["original"] for e in entries(shell, "--kind", "refund")] == [5, 7]
    assert shell.ask("refund", "手工", "--amount", "9", "--date", "2020-03-02")["ok"]
    early = row(id="9", date="2020-02-28", kind="reverse", ref="#7")
    assert report(shell, wide(shell, early), exit=3)["code"] == "DATE.BEFORE_ORIGINAL"


def test_a_reference_of_digits_is_an_id_or_an_entry_and_never_a_guess(shell: Shell):
    paid = {"date": "2020-03-01", "kind": "pay", "func": "2080105", "project": "P02",
            "econ": "30201", "payee": "x", "amount": "5"}  # fmt: skip
    refund = {"date": "2020-03-02", "kind": "refund", "amount": "1"}
    report(shell, wide(shell, row(id="A", **paid)))  # entry 5
    for ref, original in (("5", 5), ("#5", 5), ("5", 5)):
        path = wide(shell, row(id=f"退{shell.entries()}", ref=ref, **refund))
        report(shell, path)
        report(shell, path)  # once more
        assert entries(shell, "--kind", "refund")[-1]["original"] == original
    # A row of this file has the number as its id, above or below.
    for rows in (
        (row(id="5", **paid), row(id="Z", ref="5", **refund)),
        (row(id="Z", ref="5", **refund), row(id="5", **paid)),
    ):
        answer = report(shell, wide(shell, *rows), exit=2)
        (bad,) = answer["rejected"]
        assert (bad["column"], bad["code"]) == ("ref", "REF.AMBIGUOUS")
        assert "#5（第 5 笔）" in bad["message"]
    # An entry has it; its own number is another.
    report(shell, wide(shell, row(id="6", **paid)))  # entry 9; entry 6 is a refund
    report(shell, wide(shell, row(id="Y", ref="6", **refund)))
    assert entries(shell, "--kind", "refund")[-1]["original"] == 9
    undo = row(id="X", date="2020-03-02", kind="reverse", ref="6")
    assert report(shell, wide(shell, undo), exit=2)["code"] == "REF.AMBIGUOUS"
    report(shell, wide(shell, row(id="X", date="2020-03-02", kind="reverse", ref="#6")))
    # No such entry, and no such id.
    none = row(id="W", ref="99", **refund)
    assert report(shell, wide(shell, none), exit=3)["code"] == "ENTRY.MISSING"


def test_a_row_may_repeat_what_it_is_about(shell: Shell):
    """Line and amount of a reversal, the line of a refund; then they must be the original's."""
    same = {"func": "2080105", "project": "P02", "econ": "30201", "origin": "2020"}
    pay = row(id="A", date="2020-03-01", kind="pay", amount="50", payee="x", **same)
    report(shell, wide(shell, pay))
    for number, (kind, cells, code) in enumerate(
        (
            ("reverse", {**same, "amount": "49"}, "ENTRY.DIFFERS"),
            ("reverse", {**same, "econ": "30202"}, "ENTRY.DIFFERS"),
            ("reverse", {"project": "P01"}, "ENTRY.DIFFERS"),
            ("refund", {"amount": "1", "func": "2080106"}, "ENTRY.DIFFERS"),
            ("refund", {"amount": "1", **same}, ""),
            ("reverse", {"amount": "1", "econ": "30201"}, ""),
        )
    ):
        # The refund itself is undone by the row after it, so that nothing is left at the end.
        ref = "A" if number < 5 else "Z4"
        path = wide(shell, row(id=f"Z{number}", date="2020-03-02", kind=kind, ref=ref, **cells))
        answer = report(shell, path, exit=3 if code else 0)
        assert code == answer.get("code", "")
    reverse = row(id="Y", date="2020-03-02", kind="reverse", ref="A", amount="50", **same)
    report(shell, wide(shell, reverse))
    assert shell.balance(LINE)["available_fen"] == 1000_00


def test_a_row_guesses_nothing(shell: Shell):
    """One line exists, yet a row that leaves a part out gets the default, not that line."""
    paid = {"date": "2020-03-01", "kind": "pay", "econ": "30201", "amount": "1", "payee": "x"}
    assert shell.ask("pay", "--econ", "30201", "--amount", "1", "--payee", "x", "--date",
                     "2020-03-01", "--dry-run")["line"] == LINE  # fmt: skip
    answer = report(
        shell,
        wide(
            shell,
            row(id="A", project="P02", **paid),
            row(id="B", func="2080105", **paid),
            row(id="C", func="2080105", project="P02", origin="2019", **paid),
            row(id="D", func="2080105", project="P02", fund="govfund", **paid),
            row(id="E", func="2080105", project="P02", spending="basic", **paid),
        ),
        exit=2,
    )
    assert rejected(answer, "row", "column", "code") == [
        (2, "func", "LINE.FUNC"),
        (3, "spending", "R2.SPENDING"),
        (4, "func", "R1.NO_LINE"),
        (5, "func", "R1.NO_LINE"),
        (6, "project", "LINE.MALFORMED"),
    ]
    dash = row(id="F", date="2020-03-01", kind="appropriate", func="2080107", econ="-", amount="1")
    report(shell, wide(shell, dash))
    assert entries(shell)[-1]["line"] == "general:2080107:basic:-:-:2020"


def test_a_row_may_say_that_money_waits_and_which_month_is_meant(shell: Shell):
    """`pending` as on the command line; an empty cell and 否 are the same request, so that a file
    with these columns says the same as one without. `month` where the date does not say it."""
    line = {"func": "2080105", "project": "P01", "doc": "文1", "date": "2020-02-03"}
    rows = [
        row(id="A", kind="supplement", **line, amount="10", pending="是"),
        row(id="B", kind="追加", **line, amount="20", pending="否"),
        row(id="C", kind="supplement", **line, amount="5", pending="yes"),
        row(id="D", kind="fund-plan", **line, amount="7", month="6"),
        row(id="E", kind="lock-month", date="2020-02-03", month="2020-01"),
    ]
    report(shell, wide(shell, *rows))
    waits = shell.balance("general:2080105:project:P01:-:2020")
    assert (waits["pending_fen"], waits["available_fen"]) == (15_00, 20_00)
    stored = [shell.ask("show", str(number))["stored"]["event"] for number in (8, 9)]
    assert [event["month"] for event in stored] == [6, 1]
    again = row(id="B", kind="supplement", **line, amount="20")
    assert report(shell, wide(shell, again))["already"] == 1
    bad = [
        row(id="X", kind="supplement", **line, amount="10", pending="也许"),
        row(id="Y", kind="fund-plan", **line, amount="7", month="13"),
        row(id="Z", kind="cut", **line, amount="1", pending="是"),
    ]
    answer = report(shell, wide(shell, *bad), exit=2)
    assert rejected(answer, "column", "code") == [
        ("pending", "PENDING.UNKNOWN"),
        ("month", "MONTH.MALFORMED"),
        ("pending", "FIELD.NOT_USED"),
    ]


def test_an_empty_target_part_is_the_source_s(shell: Shell):
    move = row(id="A", date="2020-03-01", kind="reallocate", func="2080105", project="P02",
               amount="5", to_project="P01", doc="调1", authority="finance")  # fmt: skip
    report(shell, wide(shell, move))
    assert shell.balance(LINE.replace("P02", "P01"))["available_fen"] == 5_00
    for cells, code, exit in (
        ({}, "LINE.REPEATED", 3),
        ({"to_project": "P01", "doc": ""}, "DOC.REQUIRED", 3),
        ({"to_project": "P01", "authority": "mayor"}, "AUTHORITY.UNKNOWN", 2),
    ):
        given = {"doc": "调2", "authority": "finance", **cells}
        bad = row(id="B", date="2020-03-01", kind="reallocate", func="2080105", project="P02",
                  amount="5", **given)  # fmt: skip
        assert report(shell, wide(shell, bad), exit=exit)["code"] == code


# Approval.


def move(id: str, **cells: str) -> str:
    given = {"doc": "调1", "amount": "5", **cells}
    return row(id=id, date="2020-03-01", kind="reallocate", func="2080105", project="P02",
               to_project="P01", **given)  # fmt: skip


def test_a_row_that_lacks_authority_waits(shell: Shell):
    """Recorded, one entry, counted, exit 6; and again as long as it waits."""
    path = wide(shell, move("A", authority="finance"), move("B"), move("C", authority="department"))
    counts = ("rows", "recorded", "already", "pending")
    answer = report(shell, path, exit=6)
    assert (answer["ok"], [answer[name] for name in counts]) == (True, [3, 3, 0, 2])
    assert [entry["kind"] for entry in entries(shell)[-3:]] == ["reallocate", "submit", "submit"]
    again = report(shell, path, exit=6)
    assert [again[name] for name in counts] == [3, 0, 3, 2]
    text = shell("import", str(path), exit=6).out
    assert "其中 2 行待审批，批准前不动用资金；见 yusuan pending" in text
    settle = ("--date", "2020-03-02", "--actor", "李")
    shell("approve", "B", "--authority", "finance", *settle)
    shell("reject", "C", "--reason", "不急", *settle)
    assert [report(shell, path)[name] for name in counts] == [3, 0, 3, 0]


def test_what_waits_does_not_hide_what_is_wrong(shell: Shell):
    """A bad row decides the exit code: nothing is recorded, or with --keep-going the good ones."""
    path = wide(shell, move("A"), move("B", amount="9999"))
    answer = report(shell, path, exit=3)
    assert (answer["code"], answer["recorded"], answer["pending"]) == ("R1.AVAILABLE", 0, 0)
    answer = report(shell, path, "--keep-going", exit=1)
    assert (answer["recorded"], answer["pending"]) == (1, 1)


def test_a_dry_run_says_what_would_wait(shell: Shell):
    answer = report(shell, wide(shell, move("A")), "--dry-run", exit=6)
    assert (answer["recorded"], answer["would_record"], answer["pending"]) == (0, 1, 1)


@pytest.mark.parametrize("kind", ["approve", "reject", "批准", "否决"])
def test_an_approval_is_not_imported(shell: Shell, kind: str):
    """It is the act of another person, who does not come with the file."""
    report(shell, wide(shell, move("A")), exit=6)
    answer = report(shell, wide(shell, row(id="B", date="2020-03-02", kind=kind, ref="A")), exit=2)
    (bad,) = answer["rejected"]
    assert (bad["code"], bad["column"], bad["value"]) == ("KIND.NOT_IMPORTED", "kind", kind)
    assert "yusuan approve" in bad["message"]


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("submit", "approve"),
        ("建账", "open-book"),
        ("amend-book", "amend-book"),
        ("与财政对账", "reconcile"),
        ("close-year", "close-year"),
        ("解除结账", "reopen-year"),
        ("决算批复", "final-approval"),
        ("公开", "publish"),
    ],
)
def test_what_no_row_can_be_names_its_command(shell: Shell, kind: str, command: str):
    answer = report(shell, wide(shell, row(id="B", date="2020-03-02", kind=kind)), exit=2)
    (bad,) = answer["rejected"]
    assert (bad["code"], bad["value"]) == ("KIND.NOT_IMPORTED", kind)
    assert f"yusuan {command}" in bad["message"]


# Idempotency.


def test_the_same_file_twice(shell: Shell):
    """Nothing new, exit 0, and it says so; the head stands."""
    path = shell.csv(*(PAY.format(id=f"A{n}", amount=n) for n in range(1, 6)))
    first = report(shell, path)
    again = report(shell, path)
    assert tuple(first[name] for name in ("rows", "recorded", "already")) == (5, 5, 0)
    assert tuple(again[name] for name in ("rows", "recorded", "already")) == (5, 0, 5)
    assert first["head"] == again["head"]
    assert "没有新的内容" in shell("import", str(path)).out


def test_a_partial_import_is_finished_later(shell: Shell):
    """Good rows now, the mended file afterwards: each row is recorded once."""
    rows = [PAY.format(id=f"A{n}", amount=n) for n in range(1, 5)]
    bad = [rows[0], PAY.format(id="A2", amount="二"), rows[2], PAY.format(id="A4", amount="9999")]
    answer = report(shell, shell.csv(*bad), "--keep-going", exit=1)
    assert tuple(answer[name] for name in ("rows", "recorded", "already")) == (4, 2, 0)
    assert rejected(answer, "row", "column") == [(3, "amount"), (5, "amount")]
    answer = report(shell, shell.csv(*rows))
    assert tuple(answer[name] for name in ("rows", "recorded", "already")) == (4, 2, 2)
    assert [e["key"] for e in entries(shell, "--kind", "pay")] == ["A1", "A3", "A2", "A4"]
    assert shell.balance(LINE)["paid_fen"] == 10_00


def test_the_same_id_with_other_content(shell: Shell):
    """3, in one file, in the next, and against a --key; names the entry that has it."""
    report(shell, shell.csv(PAY.format(id="A", amount="1")))
    shell("project", "P07", "--name", "x", "--date", "2020-01-01", "--key", "K")
    for rows, row_number in (
        ((PAY.format(id="A", amount="2"),), 2),
        ((PAY.format(id="A", amount="1"), PAY.format(id="A", amount="1.01")), 3),
        ((PAY.format(id="K", amount="1"),), 2),
    ):
        answer = report(shell, shell.csv(*rows), exit=3)
        assert rejected(answer, "row", "column", "code") == [(row_number, "id", "KEY.CONFLICT")]
    assert shell.entries() == 6


# --dry-run, --register, whole files.


def test_a_dry_run_of_mixed_rows(shell: Shell):
    """Everything is validated and nothing recorded; the head is the one that is."""
    before = shell.head()
    good, bad = PAY.format(id="A", amount="1"), PAY.format(id="B", amount="x")
    answer = report(shell, shell.csv(good, bad, good.replace("A,", "C,")), "--dry-run", exit=2)
    assert tuple(answer[name] for name in ("rows", "recorded", "would_record")) == (3, 0, 2)
    assert before == answer["head"]
    answer = report(shell, shell.csv(good), "--dry-run")
    assert (0, 1, before) == tuple(answer[name] for name in ("recorded", "would_record", "head"))
    assert before == shell.head()
    assert "只检查，未记录" in shell("import", str(shell.csv(good)), "--dry-run").out
    assert report(shell, shell.csv(good))["recorded"] == 1


def test_register(shell: Shell):
    """Unknown projects by their code, once each, under the row's date; known ones are left."""
    new = "{id},2020-02-0{id},appropriate,2080106,{project},,1,"
    rows = [
        new.format(id=n, project=code) for n, code in enumerate(("N1", "N2", "P01"), 1)
    ]  # fmt: skip
    assert rejected(report(shell, shell.csv(*rows), exit=3), "row", "code") == [
        (2, "PROJECT.UNKNOWN"),
        (3, "PROJECT.UNKNOWN"),
    ]
    answer = report(shell, shell.csv(*rows), "--register")
    assert (answer["rows"], answer["recorded"], answer["head"]["entries"]) == (3, 3, 9)
    kinds = [(e["kind"], e["date"], e["key"]) for e in entries(shell)[4:]]
    assert kinds == [
        ("project", "2020-02-01", None),
        ("appropriate", "2020-02-01", "1"),
        ("project", "2020-02-02", None),
        ("appropriate", "2020-02-02", "2"),
        ("appropriate", "2020-02-03", "3"),
    ]
    assert report(shell, shell.csv(*rows), "--register")["recorded"] == 0
    assert shell.entries() == 9


def test_register_does_not_make_bad_codes_good(shell: Shell):
    rows = ("1,2020-02-01,appropriate,2080106,a b,,1,", "2,2020-02-01,appropriate,2080106,N1,,x,")
    answer = report(shell, shell.csv(*rows), "--register", exit=2)
    assert rejected(answer, "row", "column") == [(2, "project"), (3, "amount")]
    assert shell.entries() == 4


def test_two_thousand_rows(shell: Shell):
    """More than one batch: all of them or none; the last fen is there and not one more."""
    rows = [PAY.format(id=f"支{n:04}", amount="0.50") for n in range(1, 2001)]
    before = shell.head()
    answer = report(shell, shell.csv(*rows, PAY.format(id="多", amount="0.01")), exit=3)
    assert rejected(answer, "row", "code") == [(2002, "R1.AVAILABLE")]
    assert before == answer["head"] == shell.head()
    answer = report(shell, shell.csv(*rows))
    assert (
        answer["rows"],
        answer["recorded"],
        answer["head"]["entries"],
    ) == (2000, 2000, 2004)
    assert shell.balance(LINE) | {"available_fen": 0, "paid_fen": 1000_00} == shell.balance(LINE)
    assert shell.ask("audit")["ok"]
    assert report(shell, shell.csv(*rows))["already"] == 2000


def test_missing_file_and_unopened_book(shell: Shell, tmp_path: Path):
    """2 and 3; with both the book comes first, since nothing is read for a book that is not."""
    answer = report(shell, tmp_path / "none.csv", exit=2)
    assert (answer["code"], answer["rows"]) == ("FILE.MISSING", 0)
    for path in (tmp_path / "none.csv", shell.csv()):
        told = in_process("--db", str(tmp_path / "no.db"), "import", str(path), "--json")
        assert (told.exit, told.json["code"]) == (3, "BOOK.NOT_OPENED")
        told = in_process("--db", str(shell.db), "import", str(path), "--json", "--year", "2021")
        assert (told.exit, told.json["code"]) == (3, "BOOK.NOT_OPENED")


def test_keep_going_records_nothing_of_a_file_without_a_header(shell: Shell):
    """A wrong header is no bad row: 2, with --keep-going too."""
    path = shell.csv(PAY.format(id="A", amount="1"), header="id,date,kind,x,y,z,amount,payee")
    answer = report(shell, path, "--keep-going", exit=2)
    assert rejected(answer, "row", "value", "code") == [(1, "x", "HEADER.UNKNOWN")]
    assert shell.entries() == 4


def test_warnings_are_counted_and_change_nothing(shell: Shell):
    rows = (PAY.format(id="A", amount="1"), PAY.format(id="B", amount="1"))
    answer = report(shell, shell.csv(*rows))
    assert [(w["code"], w["rows"], w["row"]) for w in answer["warnings"]] == [
        ("R16.PURPOSE", 2, 2),
        ("DUPLICATE.NEAR", 1, 3),
    ]


def test_of_what_differs_on_every_row_the_first_are_told(shell: Shell):
    """And the others counted: what a file is answered does not grow with it."""
    rows = [PAY.format(id=f"A{n}", amount="1") for n in range(150)]
    near = [w for w in report(shell, shell.csv(*rows))["warnings"] if w["code"] == "DUPLICATE.NEAR"]
    assert len(near) == 101
    assert (near[0]["rows"], near[0]["row"]) == (49, 103)
    assert sum(w["rows"] for w in near) == 149


# The progress bar.


def on_a_terminal(shell: Shell, path: Path) -> tuple[int, str, str]:
    """The exit code, stdout, and what a terminal at stderr was sent."""
    control, terminal = pty.openpty()
    ended = subprocess.Popen(
        [sys.executable, "-m", "cli", "--db", str(shell.db), "import", str(path)],
        cwd=shell.db.parent,
        env={**clean_environment(), "PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=terminal,
    )
    os.close(terminal)
    sent = b""
    try:
        while chunk := os.read(control, 1 << 16):
            sent += chunk
    except OSError:  # Linux: the other end was closed
        pass
    os.close(control)
    out, _ = ended.communicate()
    return ended.returncode, out.decode(), sent.decode()


def test_the_progress_bar_is_for_terminals(shell: Shell):
    """On a terminal at stderr a bar; into a pipe not a byte of it; stdout is the same."""
    path = shell.csv(*(PAY.format(id=f"A{n}", amount="0.01") for n in range(1500)))
    piped = process("--db", str(shell.db), "import", str(path), "--dry-run", cwd=shell.db.parent)
    assert (piped.exit, piped.err) == (0, "")
    code, out, sent = on_a_terminal(shell, path)
    assert code == 0
    assert "导入" in sent and "1500" in sent
    assert "记录 1500 行" in out and "\x1b" not in out
