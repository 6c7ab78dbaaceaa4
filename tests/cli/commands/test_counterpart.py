"""对方单位 of what is paid to another unit, or came from one: `pay`, `voucher`, `income`, `refund`,
`correct`, files, `log`, `show`.
"""

from pathlib import Path

import pytest

from tests.harness.shell import Shell

OWN = ("--fund", "nonfiscal", "--func", "2080105")
DAY = ("--date", "2020-03-10")
TO = ("--econ", "30299", "--payee", "二院", *DAY)
FROM = ("--econ", "superior", *DAY)


@pytest.fixture
def unit(tmp_path: Path) -> Shell:
    """A 事业单位 with cash and a budget of its own money: four entries."""
    shell = Shell(tmp_path / "a.db", unit="001").open(kind="institution", basis="payment")
    shell("income", *OWN, "--econ", "service", "--amount", "1000", *DAY)
    shell("appropriate", *OWN, "--spending", "affiliate-subsidy", "--amount", "500", *DAY)
    shell("appropriate", *OWN, "--amount", "500", *DAY)
    return shell


def units(shell: Shell) -> list[str | None]:
    return [each["counterpart"] for each in shell.ask("log")["entries"]]


def test_it_is_told_by_log_and_show_and_a_refund_has_its_payments(unit: Shell) -> None:
    paid = ("pay", *OWN, "--spending", "affiliate-subsidy", *TO, "--amount", "100")
    number = unit.ask(*paid, "--counterpart", "002")["entry"]
    unit("refund", str(number), "--amount", "20", *DAY)
    unit("income", *OWN, *FROM, "--amount", "9", "--counterpart", "003")
    unit("voucher", "--item", "nonfiscal:2080105:basic:-:-:2020,econ=30201=5", "--payee", "三院",
         "--counterpart", "003", *DAY)  # fmt: skip
    assert units(unit)[-4:] == ["002", "002", "003", "003"]
    assert "对方单位" in unit("show", str(number)).out
    assert "对方单位" in unit("show", str(number + 1)).out
    found = unit.ask("log", "--counterpart", "002")["entries"]
    assert [each["entry"] for each in found] == [number, number + 1]
    assert unit.ask("audit")["ok"]


def test_it_is_corrected_and_taken_away(unit: Shell) -> None:
    number = unit.ask("income", *OWN, *FROM, "--amount", "9", "--counterpart", "003")["entry"]
    right = unit.ask("correct", str(number), "--counterpart", "002", *DAY)["entry"]
    assert units(unit)[-2:] == ["003", "002"]
    unit("correct", str(right), "--counterpart", "-", *DAY)
    assert units(unit)[-1] is None


@pytest.mark.parametrize(
    ("typed", "exit", "code"),
    [
        (("income", *OWN, *FROM, "--amount", "9", "--counterpart", "001"), 3, "COUNTERPART.OTHER"),
        (("income", *OWN, *FROM, "--amount", "9", "--counterpart", "二院"), 2, "LINE.UNIT"),
        (
            ("pay", *OWN, "--spending", "basic", *TO, "--amount", "9", "--counterpart", "001"),
            3, "COUNTERPART.OTHER",
        ),
        (
            ("voucher", "--item", "nonfiscal:2080105:basic:-:-:2020,econ=30201=5", "--payee", "甲",
             "--counterpart", "001", *DAY),
            3, "COUNTERPART.OTHER",
        ),
    ],
)  # fmt: skip
def test_it_is_another_unit(unit: Shell, typed: tuple[str, ...], exit: int, code: str) -> None:
    refused = unit.ask(*typed, exit=exit)
    assert refused["code"] == code
    assert "--counterpart" in str(refused["try"]) or exit == 2


def test_fiscal_income_comes_from_no_unit(tmp_path: Path) -> None:
    shell = Shell(tmp_path / "a.db", unit="001").open(basis="recorded")
    asked = ("income", "--fund", "general", "--func", "2080105", "--econ", "fiscal", *DAY)
    refused = shell.ask(*asked, "--amount", "9", "--counterpart", "002", exit=3)
    assert refused["code"] == "COUNTERPART.OTHER"


def test_a_file_has_a_column_for_it_and_a_retry_is_known(unit: Shell) -> None:
    header = "编号,日期,业务,资金性质,功能科目,支出性质,经济科目,金额,收款人,对方单位"
    paid = "Z1,2020-03-10,pay,nonfiscal,2080105,affiliate-subsidy,30299,100,二院,002"
    came = "Z2,2020-03-10,income,nonfiscal,2080105,,affiliate,50,,003"
    file = unit.csv(paid, came, header=header)
    assert unit.ask("import", str(file))["recorded"] == 2
    assert units(unit)[-2:] == ["002", "003"]
    assert unit.ask("import", str(file))["already"] == 2
    other = unit.csv(paid.replace(",002", ",004"), header=header)
    (rejected,) = unit.ask("import", str(other), exit=3)["rejected"]
    assert rejected["facts"]["differs"] == [
        {"field": "counterpart", "recorded": "002", "given": "004"}
    ]
    assert "--counterpart 004" in rejected["try"][0]
