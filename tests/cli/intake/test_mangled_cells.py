"""What a spreadsheet has made of ids and codes: read as a person sees it, or refused."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from cli.intake.xlsx.workbook import _digits
from ledger import parse
from ledger.errors import Malformed
from tests.harness.import_files import entries, report, row, wide
from tests.harness.sheets import MAIN, Raw, number, xlsx
from tests.harness.shell import LINE, Shell

PAID = {"date": "2020-03-01", "kind": "pay", "func": "2080105", "project": "P02",
        "econ": "30201", "amount": "5", "payee": "某店"}  # fmt: skip
STATEMENT = (
    "单位代码",
    "交易日期",
    "凭证号",
    "功能科目",
    "项目代码",
    "经济科目",
    "支付金额",
    "收款人",
)


@pytest.mark.parametrize("column", ["id", "ref", "doc", "func", "project", "econ"])
@pytest.mark.parametrize("mangled", ["4.20103E+17", "1E+05", "4.2e+17", "2.0201E10"])
def test_a_code_in_scientific_notation_is_refused(shell: Shell, column: str, mangled: str):
    cells = {"id": "Z", **PAID, column: mangled}
    (bad,) = report(shell, wide(shell, row(**cells)), exit=2)["rejected"]
    assert (bad["column"], bad["value"], bad["code"]) == (column, mangled, "ID.SCIENTIFIC")
    assert "科学计数法" in bad["message"]


def test_so_it_is_on_the_command_line_and_in_exports(shell: Shell):
    pay = ("pay", "--line", LINE, "--econ", "30201", "--amount", "1", "--payee", "x", "--date",
           "2020-03-01")  # fmt: skip
    for said in (("--key", "4.2E+17"), ("--doc", "4.2E+17")):
        assert shell.ask(*pay, *said, exit=2)["code"] == "ID.SCIENTIFIC"
    for at, name in ((0, "单位代码"), (2, "凭证号")):
        cells = ["420103", "2020-03-05", "7", "2080105", "P02", "30201", "5", "某店"]
        cells[at] = "4.20103E+17"
        path = shell.csv(",".join(cells), header=",".join(STATEMENT))
        answer = shell.ask("import", str(path), "--map", "TREASURY", exit=2)
        assert [(b["column"], b["code"]) for b in answer["rejected"]] == [(name, "ID.SCIENTIFIC")]


@pytest.mark.parametrize("code", ["1E10", "E5", "P-1E", "2.5", "12E", "2020.3", "A+1"])
def test_codes_that_only_look_a_little_like_it_are_codes(code: str):
    assert parse.key(code, field="id") == code
    assert parse.document(code) == code


STYLES = (
    f"<styleSheet {MAIN}><numFmts>"
    '<numFmt numFmtId="164" formatCode="000"/><numFmt numFmtId="165" formatCode="000000;-000000"/>'
    '<numFmt numFmtId="166" formatCode="&quot;P&quot;000"/>'
    '<numFmt numFmtId="167" formatCode="0000&quot;年&quot;00&quot;月&quot;00&quot;日&quot;"/>'
    '<numFmt numFmtId="168" formatCode="&quot;¥&quot;#,##0.00"/></numFmts><cellXfs>'
    + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 164, 165, 166, 167, 168))
    + "</cellXfs></styleSheet>"
)


def statement(shell: Shell, *cells: str | Raw) -> str:
    path = shell.db.with_name("x.xlsx")
    path.write_bytes(xlsx(STATEMENT, cells, styles=STYLES))
    return str(path)


@pytest.fixture
def registered(shell: Shell) -> Shell:
    shell("project", "001", "--name", "培训", "--date", "2020-01-01")
    shell("appropriate", "--func", "2080105", "--project", "001", "--amount", "100", "--date",
          "2020-01-02")  # fmt: skip
    return shell


def test_a_number_is_the_code_that_its_format_shows(registered: Shell):
    path = statement(registered, number("420103", 2), number("20200305", 4), number("7", 1),
                     number("2080105"), number("1", 1), number("30201"), number("5", 5),
                     "某店")  # fmt: skip
    answer = registered.ask("import", path, "--map", "TREASURY")
    assert answer["recorded"] == 1
    (paid,) = entries(registered, "--kind", "pay")
    assert (paid["doc"], paid["date"], paid["amount_fen"]) == ("007", "2020-03-05", 5_00)
    assert paid["line"] == "general:2080105:project:001:-:2020"


def test_a_unit_code_with_zeros_before_it(tmp_path: Path):
    shell = Shell(tmp_path / "u.db")
    shell("open-book", "--unit", "000001", "--year", "2020", "--name", "局", "--kind", "admin",
          "--edition", "2020", "--basis", "indicator")  # fmt: skip
    path = statement(shell, number("1", 2), "2020-03-05", "", "2080105", "P1", "30201", "5", "x")
    answer = shell.ask("import", path, "--map", "TREASURY", exit=3)
    assert answer["code"] == "R1.NO_LINE"


def test_a_format_that_adds_anything_else_is_refused_where_a_code_is_read(registered: Shell):
    path = statement(registered, "420103", "2020-03-05", number("7", 3), "2080105", "001",
                     "30201", number("5", 1), "某店")  # fmt: skip
    (bad,) = registered.ask("import", path, "--map", "TREASURY", exit=2)["rejected"]
    assert (bad["column"], bad["cell"], bad["code"]) == ("凭证号", "C2", "CELL.FORMAT")


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("000", 3),
        ("000000;-000000", 6),
        ("[Red]0000_ ", 4),
        ("0", 1),
        ("General", 1),
        ("@", 1),
        ("#,##0.00", 1),
        ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', 1),
        ('"P"000', 0),
        ("\\P000", 0),
        ("000-000", 0),
    ],
)
def test_what_a_format_adds(code: str, digits: int):
    assert _digits(code) == digits


# CSV.


@pytest.mark.parametrize(
    "how",
    [
        lambda line: line.replace("支1", '="0001"'),
        lambda line: line.replace("支1", '"=""0001"""'),
        lambda line: line.replace("支1", '"0001"'),
        lambda line: line.replace(",", ", ").replace("支1", '"0001"'),
    ],
    ids=["formula", "quoted formula", "quoted", "after a blank"],
)
def test_a_cell_that_is_kept_as_text_is_that_text(shell: Shell, how: Callable[[str], str]):
    path = wide(shell, how(row(id="Z", doc="支1", **PAID)))
    report(shell, path)
    assert entries(shell, "--kind", "pay")[0]["doc"] == "0001"


def test_a_quoted_cell_behind_a_blank_holds_commas(shell: Shell):
    line = row(id="Z", **{**PAID, "payee": "PAYEE"}).replace(",", ", ")
    report(shell, wide(shell, line.replace("PAYEE", '"某店,分店"')))
    assert entries(shell, "--kind", "pay")[0]["payee"] == "某店,分店"


# --known-at.


@pytest.mark.parametrize("text", ["2020-03-01", "2020/3/1", "2020.03.01"])
def test_a_day_is_its_last_instant(text: str):
    known = parse.moment(text)
    assert known.replace(tzinfo=None).isoformat() == "2020-03-01T23:59:59.999999"
    assert known.tzinfo is not None


def test_a_day_that_there_is_not_is_refused():
    with pytest.raises(Malformed) as wrong:
        parse.moment("2020-02-30")
    assert wrong.value.code == "TIME.MALFORMED"


def test_what_was_recorded_on_a_day_was_known_on_that_day(shell: Shell):
    day = entries(shell)[-1]["recorded_at"]
    today = parse.local(datetime.fromisoformat(day)).date().isoformat()
    assert shell.ask("balance", "--known-at", today)["lines"] == shell.ask("balance")["lines"]
