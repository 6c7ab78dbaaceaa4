"""`reconcile --entries`: statements of banks and the treasury, by hand, against one book."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import LINE, Answer, Shell, process

HEADER = "交易日期,凭证号,对方户名,摘要,借方发生额,贷方发生额,余额"
NEWEST_FIRST = (
    "2020-03-20,0009,某店,退回,,50.00,9700.00",
    "2020-03-12,,乙店,纸,50.00,,9650.00",
    '2020-03-05,0001,甲店,办公,"1,100.00",,9700.00',
)


@pytest.fixture
def book(made: Shell, tmp_path: Path) -> Shell:
    """Payments of 1,100.00, 50.00 and 900.00 in March."""
    shell = Shell(tmp_path / "a.db")
    shell.db.write_bytes(made.db.read_bytes())
    more = ("--amount", "5000", "--doc", "追1", "--date", "2020-02-01")
    shell("supplement", "--line", LINE, *more)
    for day, amount, doc, payee in (
        ("2020-03-04", "1100", "０００１", "甲店"),
        ("2020-03-10", "50", "0002", "乙店"),
        ("2020-03-10", "900", "0003", "某店"),
    ):
        to = ("--econ", "30201", "--payee", payee, "--purpose", "办公")
        shell("pay", "--line", LINE, "--amount", amount, "--doc", doc, *to, "--date", day)
    return shell


def entry(book: Shell, n: int) -> int:
    """The number of the n-th payment of the book."""
    return int(book.ask("log", "--kind", "pay")["entries"][n]["entry"])


def statement(book: Shell, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> str:
    path = book.db.with_name("流水.csv")
    path.write_bytes("\r\n".join((header, *rows)).encode(encoding))
    return str(path)


def reconcile(book: Shell, file: str, *more: str, exit: int = 0) -> Any:
    return book.ask("reconcile", file, "--entries", *more, exit=exit)


def test_what_does_not_tie_is_listed_and_nothing_is_recorded(book: Shell):
    file, before = statement(book, *NEWEST_FIRST), book.head()
    answer = reconcile(book, file, exit=1)
    assert (answer["ok"], answer["agreed"], answer["recorded"]) == (False, False, False)
    assert (answer["order"], answer["gap"], answer["days"]) == ("newest-first", None, 5)
    first, second, third = (entry(book, n) for n in range(3))
    assert [(tie["rows"], tie["entries"]) for tie in answer["ties"]] == [
        ([3], [second]), ([4], [first]),
    ]  # fmt: skip
    (back,) = answer["bank_only"]
    assert (back["row"], back["fen"]) == (2, -50_00)
    assert [one["entry"] for one in answer["book_only"]] == [third]
    assert (answer["book_fen"], answer["statement_fen"]) == (2050_00, 1100_00)
    assert (answer["out_fen"], answer["in_fen"]) == (1150_00, 50_00)
    assert before == answer["head"] == book.head()
    shown = book("reconcile", file, "--entries", exit=1).out
    for said in (
        "日期由晚到早", "凭证号、金额", "金额、日期", "余额调节", "1,100.00",
        "对上 2 项，有 2 项未达",
        f"可以：yusuan refund {third} --amount 50.00 --doc 0009 --date 2020-03-20", "没有记录",
    ):  # fmt: skip
        assert said in shown


def test_lines_of_another_year_are_told_and_not_counted(book: Shell):
    """A payment of December and its line of January belong to two years: it is not yet through. A
    file of another year alone proves nothing."""
    own = (
        '2020-03-05,0001,甲店,办公,"1,100.00",,9700.00',
        "2020-03-12,0002,乙店,纸,50.00,,9650.00",
        "2020-03-12,0003,某店,货,900.00,,8750.00",
    )
    others = ("2021-01-02,0009,某店,货,7.00,,8743.00", "2019-12-31,0001,甲店,前,3.00,,8740.00")
    plain = reconcile(book, statement(book, *own), "--dry-run")
    answer = reconcile(book, statement(book, *own, *others))
    assert answer["outside_year"] == [
        {"row": 5, "date": "2021-01-02", "fen": 7_00},
        {"row": 6, "date": "2019-12-31", "fen": 3_00},
    ]
    assert (plain["outside_year"], answer["agreed"], answer["recorded"]) == ([], True, True)
    for name in ("statement_fen", "statement_rows", "out_fen", "bank_only", "ties"):
        assert answer[name] == plain[name]
    shown = book("show", str(answer["entry"])).out
    assert "2020-03-12" in shown
    text = book("reconcile", statement(book, *own, *others), "--entries").out
    assert "第 5、6 行是 2019、2021 年的，不在本账套的年度内" in text
    refused = reconcile(book, statement(book, *others), exit=2)
    assert (refused["code"], refused["facts"]["value"]) == ("STATEMENT.EMPTY", "2 行都不是")
    assert "2020 年" in refused["facts"]["expected"]


def test_every_line_that_cannot_be_read_is_told_at_once(book: Shell):
    """Of a bank's statement and of one of the finance bureau: file, row, column, what would be
    right. Of very many the first hundred."""
    rows = ("2020-03-05,1,甲,x,一,,", "2020-03-06,2,乙,x,1.00,,9.00", "三月,3,丙,x,1.00,,")
    refused = reconcile(book, statement(book, *rows, "2020-03-07,4,丁"), exit=2)
    assert [(bad["row"], bad["column"]) for bad in refused["facts"]["rejected"]] == [
        (2, "out"), (4, "date"), (5, "行"),
    ]  # fmt: skip
    header = "资金性质,功能科目,项目,支付数"
    many = [f"general,{'20801' if n % 2 else '2080105'},,x" for n in range(120)]
    file = statement(book, *many, header=header)
    refused = book.ask("reconcile", file, exit=2)
    assert [bad["row"] for bad in refused["facts"]["rejected"]] == [*range(2, 102)]
    assert refused["try"][-1] == "另有 20 处没有列出"
    assert refused["facts"]["rejected"][0]["header"] == "支付数"


def test_the_ways_out_lead_to_a_statement_that_ties(book: Shell):
    """What is offered is typed, what the bank has not is brought: all ties, and is recorded with
    the lines and entries, which `show` tells; the same file again is the same fact."""
    file = statement(book, *NEWEST_FIRST)
    (way,) = reconcile(book, file, exit=1)["bank_only"][0]["candidates"][0]["try"]
    book(*way.split()[1:])
    rows = (*NEWEST_FIRST, "2020-03-11,0003,某店,货款,900.00,,")
    file = statement(book, *rows)
    answer = reconcile(book, file, "--date", "2020-03-31", "--doc", "3月流水")
    assert (answer["agreed"], answer["recorded"], answer["kind"]) == (True, True, "reconcile")
    number = answer["entry"]
    stored = book.ask("show", str(number))["stored"]["event"]
    first, second, third = (entry(book, n) for n in range(3))
    assert stored["tied"] == [
        [[[2], [number - 1]], [[3], [second]], [[4], [first]], [[5], [third]]], [], []
    ]  # fmt: skip
    assert (stored["paid_fen"], stored["statement_fen"]) == (2000_00, 2000_00)
    assert f"第 4 行＝第 {first} 笔" in book("show", str(number)).out
    assert book.ask("audit")["ok"]
    assert reconcile(book, file, "--date", "2020-03-31", "--doc", "3月流水")["already"]
    later = statement(book, "2020-04-02,,丁店,,7.00,,")
    answer = reconcile(book, later, exit=1)
    assert (answer["tied_before"], answer["book_entries"]) == (4, 0)
    assert "--anew" in book("reconcile", later, "--entries", exit=1).out
    assert reconcile(book, later, "--anew", exit=1)["book_entries"] == 4


def test_what_stays_is_recorded_with_a_reason(book: Shell):
    file = statement(book, *NEWEST_FIRST)
    answer = reconcile(book, file, "--reason", "月末在途", "--date", "2020-03-31")
    assert (answer["ok"], answer["agreed"], answer["recorded"]) == (True, False, True)
    stored = book.ask("show", str(answer["entry"]))["stored"]["event"]
    assert (stored["differences"], stored["reason"]) == (2, "月末在途")
    assert stored["tied"][1:] == [[[2, -50_00]], [[entry(book, 2), 900_00]]]
    shown = book("show", str(answer["entry"])).out
    assert "银行独有" in shown and "账上独有" in shown and "已写明事由" not in shown
    assert book.ask("audit")["ok"]


def test_a_dry_run_records_nothing(book: Shell):
    before = book.head()
    answer = reconcile(book, statement(book, *NEWEST_FIRST), "--reason", "x", "--dry-run")
    assert (answer["dry_run"], answer["head"]) == (True, before)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_other_encodings_and_days(book: Shell, encoding: str):
    file = statement(book, "2020-03-16,,乙店,,50.00,,", encoding=encoding)
    assert len(reconcile(book, file, exit=1)["ties"]) == 0
    assert len(reconcile(book, file, "--days", "6", exit=1)["ties"]) == 1


def test_since_and_fund(book: Shell):
    file = statement(book, "2020-03-12,,乙店,,50.00,,", "2020-03-12,,某店,,900.00,,")
    answer = reconcile(book, file, "--since", "2020-03-10", "--date", "2020-03-31")
    assert (answer["agreed"], answer["since"]) == (True, "2020-03-10")
    answer = reconcile(book, file, "--fund", "nonfiscal", exit=1)
    assert (answer["book_entries"], len(answer["bank_only"])) == (0, 2)
    assert reconcile(book, file, "--fund", "一般公共预算", exit=1)["book_entries"] == 3


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--days", "x"), "COUNT.MALFORMED"),
        (("--since", "3月"), "DATE.MALFORMED"),
        (("--fund", "x"), "LINE.FUND"),
    ],
)
def test_options_that_cannot_be_read(book: Shell, more: tuple[str, ...], code: str):
    assert reconcile(book, statement(book, *NEWEST_FIRST), *more, exit=2)["code"] == code


@pytest.mark.parametrize(
    "more", [("--days", "3"), ("--since", "2020-03-01"), ("--fund", "general"), ("--anew",)]
)
def test_options_of_the_other_comparison(book: Shell, more: tuple[str, ...]):
    answer = book.ask("reconcile", statement(book, *NEWEST_FIRST), *more, exit=2)
    assert answer["code"] == "FIELD.NOT_USED"


def test_through_a_real_process(book: Shell):
    file = statement(book, *NEWEST_FIRST)
    line = ("reconcile", file, "--entries", "--db", str(book.db))
    answer: Answer = process(*line, cwd=book.db.parent)
    assert answer.exit == 1 and "银行有、账上没有" in answer.out
    answer = process(*line, "--json", cwd=book.db.parent)
    assert answer.exit == 1 and answer.json["agreed"] is False
