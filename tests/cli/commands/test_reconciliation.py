"""`reconcile`: statements of the finance bureau, written by hand, against one small book."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import LINE, Answer, Shell, process

OLD = "general:2080106:project:P01:-:2019"
BASIC = "general:2080101:basic:-:-:2020"
GOVFUND = "govfund:2120801:project:P02:-:2020"
OWN = "nonfiscal:2080105:basic:-:-:2020"
HEADER = "资金性质,功能科目,项目,支付数"
AGREEING = (
    "一般公共预算,2080105,P02,200.00",
    "general,2080105,P02,50.00",
    "一般公共预算,2080106,P01,120.5",
    '一般公共预算,2080101,-,"1,080.00"',
    "政府性基金预算,2120801,P02,7",
)
PAID_FEN = 1_457_50
ON = ("--date", "2020-12-31")
DIFFERENCE = ("measure", "func", "project", "book_fen", "statement_fen", "difference_fen", "only")


@pytest.fixture(scope="module")
def paid(made: Shell, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """Paid, less a refund: 250.00 of P02, 120.50 of P01's carry-over, 1,080.00 basic, 7.00 of the
    government fund; and 3.00 of the unit's own. 18 entries."""
    folder = tmp_path_factory.mktemp("paid")
    shell = Shell(folder / "a.db")
    shell.db.write_bytes(made.db.read_bytes())
    spring, june = ("--date", "2020-03-05"), ("--date", "2020-06-30")
    to = ("--econ", "30201", "--payee", "某店", "--purpose", "办公")
    for arguments in (
        ("carry-in", "--line", OLD, "--amount", "500", "--doc", "结转1号", "--date", "2020-01-05"),
        ("appropriate", "--line", BASIC, "--amount", "2000", "--doc", "批复1号", *spring),
        ("appropriate", "--line", GOVFUND, "--amount", "70", "--doc", "批复1号", *spring),
        ("supplement", "--line", OWN, "--amount", "90", "--doc", "追9号", *spring),  # 8
        ("supplement", "--line", LINE, "--amount", "300", "--doc", "追1号", *spring),
        ("cut", "--line", LINE, "--amount", "100", "--doc", "减1号", *spring),
        ("income", "--func", "2080105", "--econ", "other", "--amount", "9", *spring),
        ("pay", "--line", LINE, "--amount", "300", "--doc", "支1", *to, *spring),  # 12
        ("refund", "12", "--amount", "50", "--doc", "退1", *june),
        ("pay", "--line", OLD, "--amount", "120.50", "--doc", "支2", *to, *spring),
        ("pay", "--line", BASIC, "--amount", "1080", "--doc", "支3", *to, *spring),
        ("pay", "--line", GOVFUND, "--amount", "7", "--doc", "支4", *to, *june),
        ("pay", "--line", OWN, "--amount", "3", "--doc", "支5", *to, *spring),
    ):
        shell(*arguments)
    return shell


@pytest.fixture
def book(paid: Shell, tmp_path: Path) -> Shell:
    shell = Shell(tmp_path / "a.db")
    shell.db.write_bytes(paid.db.read_bytes())
    return shell


def statement(
    book: Shell, *rows: str, header: str = HEADER, encoding: str = "utf-8", name: str = "对账单.csv"
) -> str:
    path = book.db.with_name(name)
    path.write_bytes("\r\n".join((header, *rows)).encode(encoding))
    return str(path)


def reconcile(book: Shell, file: str, *more: str, exit: int = 0) -> Any:
    return book.ask("reconcile", file, *ON, *more, exit=exit)


def differences(answer: dict[str, Any]) -> list[tuple[Any, ...]]:
    return [tuple(each[name] for name in DIFFERENCE) for each in answer["differences"]]


def test_a_statement_that_agrees_is_recorded(book: Shell):
    """Rows of one key add up; the unit's own money is not in it; the entry says what it proved."""
    file = statement(book, *AGREEING)
    before = book.entries()
    answer = reconcile(book, file, "--doc", "对账12月")
    assert (answer["ok"], answer["agreed"], answer["recorded"]) == (True, True, True)
    assert (answer["differences"], answer["compared"]) == ([], {"paid": 4, "budget": None})
    assert (answer["paid_fen"], answer["statement_paid_fen"]) == (PAID_FEN, PAID_FEN)
    assert (answer["as_of"], answer["paid_later_fen"]) == ("2020-12-31", 0)
    assert (answer["entry"], answer["kind"], answer["warnings"]) == (before + 1, "reconcile", [])
    assert answer["head"]["entries"] == before + 1
    digest = sha256(Path(file).read_bytes()).hexdigest()
    assert answer["statement"] == digest
    assert book.ask("show", str(before + 1))["stored"]["event"] == {
        "kind": "reconcile",
        "occurred_on": "2020-12-31",
        "doc": "对账12月",
        "paid_fen": PAID_FEN,
        "statement_fen": PAID_FEN,
        "statement": digest,
    }
    assert book.ask("audit")["ok"]
    assert reconcile(book, file, "--doc", "对账12月")["already"]
    assert book.entries() == before + 1


def test_the_text_of_an_agreement(book: Shell):
    shown = book("reconcile", statement(book, *AGREEING), *ON).out
    for said in (
        "支付：核对 4 项；账上共 1,457.50，对账单共 1,457.50",
        "结论：相符",
        "已记录 第 18 笔",
    ):
        assert said in shown
    assert "与财政对账" in book("log").out
    shown = book("show", "18").out
    assert "账上支付  1,457.50 元" in shown and "对账单文件" in shown


def test_a_fen_off_is_told_and_nothing_is_recorded(book: Shell):
    """Exit 1, the key, both figures and where to look; the way out is typed as it stands."""
    rows = (*AGREEING[:2], "一般公共预算,2080106,P01,120.51", *AGREEING[3:])
    file, before = statement(book, *rows), book.head()
    answer = reconcile(book, file, exit=1)
    assert (answer["ok"], answer["agreed"], answer["recorded"]) == (False, False, False)
    assert differences(answer) == [("paid", "2080106", "P01", 120_50, 120_51, -1, None)]
    assert "entry" not in answer and before == answer["head"] == book.head()
    shown = book("reconcile", file, *ON, exit=1).out
    for said in ("120.50", "120.51", "-0.01", "账上少", "结论：有 1 项差异，没有记录", "--reason"):
        assert said in shown
    (way,) = answer["differences"][0]["try"]
    assert f"可以：{way}" in shown
    assert [e["entry"] for e in book.ask(*way.split()[1:])["entries"]] == [14]


def test_keys_that_only_one_side_has(book: Shell):
    """A missing row and one too many; one that the statement lists with nothing is no missing."""
    rows = (*AGREEING[:2], "一般公共预算,2080106,P01,0", "一般公共预算,2080199,P01,120.50")
    answer = reconcile(book, statement(book, *rows, *AGREEING[3:4]), exit=1)
    assert differences(answer) == [
        ("paid", "2080106", "P01", 120_50, 0, 120_50, None),
        ("paid", "2080199", "P01", 0, 120_50, -120_50, "statement"),
        ("paid", "2120801", "P02", 7_00, 0, 7_00, "book"),
    ]
    said = [each["suggestion"][:5] for each in answer["differences"]]
    assert said == ["账上多：核", "对账单已支", "账上已支付"]


def test_differences_that_are_explained_are_recorded(book: Shell):
    """They are counted, and the reason stands in the entry; the exit code says done."""
    rows = (*AGREEING[:3], "一般公共预算,2080101,,1087", "")
    answer = reconcile(book, statement(book, *rows), "--reason", "基金支付误列一般公共预算")
    assert (answer["ok"], answer["agreed"], answer["recorded"]) == (True, False, True)
    assert answer["statement_paid_fen"] == answer["paid_fen"] == PAID_FEN
    event = book.ask("show", "18")["stored"]["event"]
    assert (event["differences"], event["reason"]) == (2, "基金支付误列一般公共预算")
    assert "有 2 项差异，已写明事由" in book(
        *("reconcile", statement(book, *rows), *ON, "--reason", "同上")
    ).out  # fmt: skip
    assert "差异      2 项" in book("show", "18").out
    assert book.ask("audit")["ok"]


def test_a_dry_run_records_nothing(book: Shell):
    before = book.head()
    answer = reconcile(book, statement(book, *AGREEING), "--dry-run")
    assert (answer["agreed"], answer["dry_run"], answer["head"]) == (True, True, before)
    assert before == book.head()


def test_as_of_the_day_of_the_statement(book: Shell):
    """In June 7.00 were paid and 50.00 refunded, which May's statement cannot have: compared as of
    May, and what came later is a difference."""
    rows = ("general,2080105,P02,300", *AGREEING[2:4])
    file = statement(book, *rows)
    answer = book.ask("reconcile", file, "--date", "2020-05-31", exit=1)
    assert differences(answer) == [("later", None, None, -43_00, 0, -43_00, "book")]
    assert (answer["as_of"], answer["paid_later_fen"]) == ("2020-05-31", -43_00)
    assert "对账日之后" in book("reconcile", file, "--date", "2020-05-31", exit=1).out
    reason = ("--reason", "5月对账，其后的下月核对")
    answer = book.ask("reconcile", file, "--date", "2020-05-31", *reason)
    assert (answer["paid_fen"], answer["statement_paid_fen"]) == (PAID_FEN, 1_500_50)


def test_by_origin_where_the_statement_says_it(book: Shell):
    """The same money, but as this year's: nothing agrees of it."""
    header = "资金性质,功能科目,项目,形成年度,支付数"
    rows = [row.replace(",P02,", ",P02,2020,").replace(",-,", ",-,2020,") for row in AGREEING]
    right = [row.replace(",P01,", ",P01,2019,") for row in rows]
    assert reconcile(book, statement(book, *right, header=header))["agreed"]
    wrong = [row.replace(",P01,", ",P01,2020,") for row in rows]
    answer = reconcile(book, statement(book, *wrong, header=header), exit=1)
    found = [
        (each["origin"], each["only"], each["difference_fen"]) for each in answer["differences"]
    ]
    assert found == [(2019, "book", 120_50), (2020, "statement", -120_50)]
    (way,) = answer["differences"][0]["try"]
    assert "--origin 2019" in way
    book(*way.split()[1:])


BUDGET = "资金性质,功能科目,项目,指标文号,指标数"
APPROVED = (
    "一般公共预算,2080106,P01,结转1号,500",
    "一般公共预算,2080101,-,批复1号,2000",
    "政府性基金预算,2120801,P02,批复1号,70",
    "一般公共预算,2080105,P02,追1号,300",
    "一般公共预算,2080105,P02,减1号,-100.00",
)


def test_by_document(book: Shell):
    """What each 文号 approved, 追减 negative; without 支付数 there is nothing to record."""
    before = book.head()
    answer = reconcile(book, statement(book, *APPROVED, header=BUDGET))
    assert (answer["ok"], answer["agreed"], answer["recorded"]) == (True, True, False)
    assert (answer["compared"], answer["statement_paid_fen"]) == ({"paid": None, "budget": 5}, None)
    assert before == answer["head"] == book.head()
    assert "不作对账记录" in book("reconcile", statement(book, *APPROVED, header=BUDGET), *ON).out


def test_documents_that_differ(book: Shell):
    """Less, more, missing here, missing there. A reversal counts under what it undoes, an entry
    without a 文号 under none."""
    book("reverse", "10", "--doc", "冲1号", "--date", "2020-07-01")  # the cut
    rows = (
        APPROVED[0],
        APPROVED[1].replace("2000", "1999.99"),
        APPROVED[3].replace("300", "310"),
        APPROVED[3].replace("追1号", "追2号"),
        "一般公共预算,2080105,P02,,1000",
    )
    answer = reconcile(book, statement(book, *rows, header=BUDGET), exit=1)
    found = [
        (each["doc"], each["fund"], each["difference_fen"], each["only"])
        for each in answer["differences"]
    ]
    assert found == [
        ("批复1号", "general", 1, None),
        ("追1号", "general", -10_00, None),
        ("追2号", "general", -300_00, "statement"),
        ("批复1号", "govfund", 70_00, "book"),
    ]
    shown = book("reconcile", statement(book, *rows, header=BUDGET), *ON, exit=1).out
    assert "追2号" in shown and "按文件补记" in shown and "不作对账记录" in shown
    way = answer["differences"][0]["try"][0]
    assert "--doc 批复1号" in way.replace("'", "")
    assert len(book.ask("log", "--doc", "批复1号")["entries"]) == 2


def test_both_columns_at_once(book: Shell):
    """A row is one 指标 with what was paid of it; the document makes no difference to payments."""
    header = "fund,func,project,doc,budget,paid"
    rows = (
        "general,2080106,P01,结转1号,500,120.50",
        "general,2080101,,批复1号,2000,1080",
        "govfund,2120801,P02,批复1号,70,7",
        "general,2080105,P02,追1号,300,0",
        "general,2080105,P02,减1号,-100,0.00",
        "general,2080105,P02,,1000,250",
        "合计,,,,3770,1457.50",
    )
    answer = reconcile(book, statement(book, *rows, header=header))
    assert (answer["agreed"], answer["compared"]) == (True, {"paid": 4, "budget": 5})
    wrong = [row.replace("追1号,300,0", "追1号,310,10") for row in rows[:-1]]
    answer = reconcile(book, statement(book, *wrong, header=header), exit=1)
    assert [each["measure"] for each in answer["differences"]] == ["paid", "budget"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_other_encodings(book: Shell, encoding: str):
    assert reconcile(book, statement(book, *AGREEING, encoding=encoding))["agreed"]


@pytest.mark.parametrize("total", ["合计,,,1457.50", ",,,1457.5", "合计,,-,", "合计,,,"])
def test_a_total_is_checked_and_not_compared(book: Shell, total: str):
    """At the top or at the bottom; one that states nothing is silent."""
    for rows in ((total, *AGREEING), (*AGREEING, total)):
        answer = reconcile(book, statement(book, *rows), "--dry-run")
        assert (answer["agreed"], answer["compared"]["paid"]) == (True, 4)


@pytest.mark.parametrize("name", ["政府性基金", "基金", "政府性基金预算拨款", "政府性 基金预算"])
def test_a_fund_may_be_called_by_its_short_name(book: Shell, name: str):
    """H08: as bureaus write it, here and wherever else a fund is read."""
    (row,) = [row for row in AGREEING if row.startswith("政府性基金")]
    rows = [row for row in AGREEING if not row.startswith("政府性基金")]
    named = row.replace("政府性基金预算", name, 1)
    answer = reconcile(book, statement(book, *rows, named), "--dry-run")
    assert answer["agreed"]
    lines = book.ask("balance", "--fund", name)["lines"]
    assert {line["fund"] for line in lines} == {"govfund"}


def refused(book: Shell, file: str, exit: int = 2) -> dict[str, Any]:
    before = book.head()
    answer: dict[str, Any] = reconcile(book, file, "--reason", "x", exit=exit)
    assert before == book.head()
    return answer


@pytest.mark.parametrize(
    ("row", "field", "value", "code"),
    [
        ("合计,,,1457.51", "第 7 行 paid", "1,457.51", "STATEMENT.TOTAL"),
        ("general,2080105,P02,12x", "第 7 行 paid", "12x", "AMOUNT.MALFORMED"),
        ("general,2080105,P02,1.234", "第 7 行 paid", "1.234", "AMOUNT.MALFORMED"),
        ("general,2080105,P02,--1", "第 7 行 paid", "--1", "AMOUNT.MALFORMED"),
        ("general,2080105,P02,", "第 7 行 paid", "", "AMOUNT.MALFORMED"),
        ("general,208010,P02,1", "第 7 行 func", "208010", "LINE.FUNC"),
        ("general,,P02,1", "第 7 行 func", "", "LINE.FUNC"),
        (",2080105,P02,1", "第 7 行 fund", "", "LINE.FUND"),
        ("其他,2080105,P02,1", "第 7 行 fund", "其他", "LINE.FUND"),
        ("nonfiscal,2080105,P02,1", "第 7 行 fund", "nonfiscal", "STATEMENT.FUND"),
        ("general,2080105,项目,1", "第 7 行 project", "项目", "LINE.PROJECT"),
        ("general,2080105,P02", "第 7 行 行", "general,2080105,P02", "ROW.COLUMNS"),
        ("general,2080105,P02,-9999", "paid", "-8,541.50", "STATEMENT.SUM"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_read(book: Shell, row: str, field: str, value: str, code: str):
    """Exit 2 with the file, the row, the column and the value; and nothing is compared."""
    answer = refused(book, statement(book, *AGREEING, row))
    assert (answer["code"], answer["facts"]["value"]) == (code, value)
    assert answer["facts"]["field"].endswith(f"对账单.csv {field}")


@pytest.mark.parametrize(
    ("header", "rows", "code"),
    [
        ("资金性质,功能科目,项目", ("general,2080105,P02",), "HEADER.MISSING"),
        ("资金性质,功能科目,项目,预算数", ("general,2080105,P02,1",), "HEADER.MISSING"),
        ("资金性质,功能科目,支付数", ("general,2080105,1",), "HEADER.MISSING"),
        (f"{HEADER},余额", (), "HEADER.UNKNOWN"),
        (f"{HEADER},paid", (), "HEADER.REPEATED"),
        (HEADER, (), "STATEMENT.EMPTY"),
        ("", (), "FILE.EMPTY"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_file_that_is_no_statement(book: Shell, header: str, rows: tuple[str, ...], code: str):
    assert refused(book, statement(book, *rows, header=header))["code"] == code
    assert refused(book, "missing.csv")["code"] == "FILE.MISSING"


def test_a_statement_of_nothing(shell: Shell):
    """A book that paid nothing agrees with one that says so."""
    answer = reconcile(shell, statement(shell, "general,2080105,P02,0.00"))
    assert (answer["recorded"], answer["paid_fen"]) == (True, 0)


def test_a_book_that_was_not_opened_and_a_date_outside_the_year(book: Shell):
    file = statement(book, *AGREEING)
    named = ("--unit", "420103", "--year", "2021", "--date", "2021-03-01")
    assert book.ask("reconcile", file, *named, exit=3)["code"] == "BOOK.NOT_OPENED"
    outside = ("--date", "2021-01-01")
    for rows in (AGREEING, AGREEING[1:]):
        answer = book.ask("reconcile", statement(book, *rows), *outside, exit=3)
        assert answer["code"] == "DATE.OUTSIDE_YEAR"
    assert book.ask("reconcile", file, exit=2)["code"] == "DATE.REQUIRED"


def test_it_is_not_imported(book: Shell):
    row = book.csv("R1,2020-12-31,reconcile,,,,,")
    answer = book.ask("import", str(row), exit=2)
    assert answer["rejected"][0]["column"] == "kind"


def test_by_a_real_process(book: Shell):
    """As it is typed, from a folder, in text; a payment afterwards, and the statement no longer
    agrees."""
    statement(book, *AGREEING)

    def yusuan(*words: str, exit: int = 0) -> Answer:
        answer = process("--db", "a.db", *words, cwd=book.db.parent)
        assert exit == answer.exit, answer.said
        return answer

    assert "结论：相符" in yusuan("reconcile", "对账单.csv", *ON).out
    yusuan("pay", "--line", LINE, "--econ", "30201", "--amount", "1", "--payee", "某店", *ON)
    assert "251.00" in yusuan("reconcile", "对账单.csv", *ON, exit=1).out
    yusuan("audit")


def test_the_entries_that_are_offered_are_those_that_the_figure_counts(book: Shell):
    """A voucher, a payment and a refund, one reversed: the listing adds up to the book's figure
    (F25)."""
    on = ("--date", "2020-07-01")
    item = f"{OLD.replace(':-:', ':30201:')}=100"
    book(
        "carry-in", "--line", OLD.replace(":-:", ":30201:"), "--amount", "300", "--doc", "结2", *on
    )
    book("voucher", "--item", item, "--payee", "某店", "--doc", "证1", *on)
    book("refund", "14", "--amount", "20.50", "--doc", "退2", *on)
    book(
        "pay",
        "--line",
        OLD.replace(":-:", ":30201:"),
        "--payee",
        "某店",
        "--amount",
        "5",
        "--doc",
        "支6",
        *on,
    )
    book("reverse", "21", "--doc", "冲支6", *on)
    book("cut", "--line", LINE, "--amount", "1", "--doc", "减2号", *on)
    rows = (*AGREEING[:2], "一般公共预算,2080106,P01,50", *AGREEING[3:])
    answer = reconcile(book, statement(book, *rows), exit=1)
    (one,) = answer["differences"]
    assert (one["book_fen"], one["statement_fen"]) == (200_00, 50_00)
    (way,) = one["try"]
    listed = book.ask(*way.split()[1:])["entries"]
    assert [each["kind"] for each in listed] == ["pay", "voucher", "refund", "pay", "reverse"]
    signed = [
        -each["amount_fen"] if each["kind"] == "refund" else each["amount_fen"] for each in listed
    ]
    assert sum(signed) == 200_00


def test_what_was_paid_later_is_offered_by_fund_and_from_the_next_day(book: Shell):
    file = statement(book, "general,2080105,P02,300", *AGREEING[2:4])
    (one,) = book.ask("reconcile", file, "--date", "2020-05-31", exit=1)["differences"]
    listed = [book.ask(*way.split()[1:])["entries"] for way in one["try"]]
    assert [[each["entry"] for each in entries] for entries in listed] == [[13], [16]]
