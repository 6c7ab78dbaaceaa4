"""三公经费 on the command line: which money counts, what stands apart, and last year's figures."""

from pathlib import Path
from typing import Any

import pytest

from tests.harness.shell import Shell

FUNDED, OWN = "govfund:2296002:basic:-:30217:2020", "nonfiscal:2080105:basic:-:30217:2020"
GENERAL = "general:2080101:basic:-:30217:2020"
PAID = ("--econ", "30217", "--payee", "某酒店", "--purpose", "接待", "--date", "2020-05-01")
LATER = ("--date", "2020-06-01")
CODE = "R3.OTHER_FUNDS"


def opened(folder: Path, edition: str, year: int = 2020) -> Shell:
    """A book of that edition in the file, with a budget of 100.00 for 公务接待 of each of three
    funds; 单位资金 has received as much."""
    shell = Shell(folder / "y.db", year=year)
    at = ("--unit", shell.unit, "--year", str(year))
    shell("open-book", *at, "--name", "示例局", "--kind", "institution", "--edition", edition,
          "--basis", "indicator")  # fmt: skip
    day = ("--date", f"{year}-01-10", *at)
    for line in (GENERAL, FUNDED, OWN):
        of_year = line.replace("2020", str(year))
        shell("appropriate", "--line", of_year, "--amount", "100", "--doc", "预1", *day)
    shell("income", "--func", "2080105", "--econ", "other", "--amount", "100", *day)
    return shell


def pay(shell: Shell, line: str, amount: str, *more: str) -> list[str]:
    """The warnings of a payment."""
    answer = shell.ask("pay", "--line", line, "--amount", amount, *PAID, *more)
    return [each["message"] for each in answer["warnings"] if each["code"] == CODE]


@pytest.mark.parametrize(
    ("edition", "line", "told"),
    [
        ("2020", GENERAL, 0),
        ("2020", FUNDED, 1),
        ("2020", OWN, 1),
        ("2022", GENERAL, 0),
        ("2022", FUNDED, 0),
        ("2022", OWN, 1),
    ],
)
def test_money_that_the_forms_do_not_count(tmp_path: Path, edition: str, line: str, told: int):
    """N02: cautioned when it is paid, apart in three-public and not in 表7, a finding of check."""
    shell = opened(tmp_path, edition)
    warned = pay(shell, line, "50")
    assert len(warned) == told
    answer = shell.ask("three-public")
    assert (
        answer["actual"]["reception_fen"] == (1 - told) * 50_00 == shell.ask("get", "T7.12")["fen"]
    )
    assert answer["other_funds"]["reception_fen"] == told * 50_00
    assert ("其他资金支付" in shell("three-public").out) == bool(told)
    findings = shell.ask("check")["findings"]
    found = [f for f in findings if f["code"] == CODE]
    assert [(f["tier"], f["left_fen"], f["cells"]) for f in found] == [
        ("warn", 50_00, ["T7.7"])
    ] * told
    assert not [f for f in findings if f["code"] == "X09"]
    if told:
        assert "公务接待费 50.00 元" in warned[0] and "一般公共预算" in warned[0]


def test_the_limit_counts_all_fiscal_money_in_every_edition(tmp_path: Path):
    """R3: 200.00 of the two fiscal funds together, whichever of them the forms show."""
    for edition in ("2020", "2022"):
        (tmp_path / edition).mkdir()
        shell = opened(tmp_path / edition, edition)
        shell("cap", "--item", "reception", "--amount", "120", "--doc", "限1", "--date",
              "2020-02-01")  # fmt: skip
        pay(shell, GENERAL, "80")
        refused = shell.ask("pay", "--line", FUNDED, "--amount", "40.01", *PAID, exit=3)
        assert (refused["code"], refused["facts"]["left_fen"]) == ("R3.CAP", 40_00)
        pay(shell, FUNDED, "40")
        pay(shell, OWN, "90")
        assert shell.ask("three-public")["left"]["reception_fen"] == 0


def test_every_door_says_it(tmp_path: Path):
    """A voucher once an item and fund, a correction, a row of a file."""
    shell = opened(tmp_path, "2020")
    voucher = shell.ask("voucher", "--item", f"{OWN}=10", "--item", f"{FUNDED}=20", *PAID[2:],
                        "--doc", "凭1")  # fmt: skip
    assert [w["code"] for w in voucher["warnings"]].count(CODE) == 2
    shell("pay", "--line", GENERAL, "--amount", "5", *PAID)
    corrected = shell.ask("correct", "7", "--fund", "govfund", "--func", "2296002", *LATER)
    assert [w["code"] for w in corrected["warnings"]].count(CODE) == 1
    file = shell.csv("A,2020-05-02,pay,2080105,nonfiscal,30217,7,某店",
                     header="id,date,kind,func,fund,econ,amount,payee")  # fmt: skip
    answer = shell.ask("import", str(file))
    assert [w["code"] for w in answer["warnings"]].count(CODE) == 1
    reversed_ = shell.ask("reverse", str(corrected["entry"]), *LATER)
    assert CODE not in [w["code"] for w in reversed_["warnings"]]


def test_last_years_figures_stand_beside(tmp_path: Path):
    """N42: 上年数 of the same unit and the same money, by the same day; null without a book."""
    shell = opened(tmp_path, "2022", 2019)

    def in_2019(line: str, amount: str, day: str) -> None:
        of_year = ("--line", line.replace("2020", "2019"), "--year", "2019")
        shell("pay", *of_year, "--amount", amount, *PAID[:-1], day)

    in_2019(GENERAL, "30", "2019-05-02")
    in_2019(FUNDED, "20", "2019-11-01")
    alone: Any = shell.ask("three-public", "--year", "2019")
    assert (alone["last_year"], alone["compared_with"]["books"]) == (None, [])
    assert "没有 2018 年的账套" in shell("three-public", "--year", "2019").out
    opened(tmp_path, "2020")
    pay(shell, GENERAL, "40", "--year", "2020")
    answer = shell.ask("three-public", "--year", "2020")
    columns = ("budget", "annual_budget", "actual", "left", "last_year")
    assert [answer[name]["reception_fen"] for name in columns] == [
        *(100_00, 100_00, 40_00, 60_00, 30_00),
    ]
    assert (answer["rate"]["total"], answer["rate"]["vehicle"]) == ("0.4000", None)
    assert [book["book"] for book in answer["compared_with"]["books"]] == ["420103/2019"]
    both = shell.ask("three-public", "--year", "2020", "--vs-last-year")
    assert (both["rate"]["reception"], both["rate"]["last_year_reception"]) == ("0.4000", "0.3000")
    assert both["actual"]["reception_change_fen"] == 10_00
    half = shell.ask("three-public", "--year", "2020", "--as-of", "2020-05-01")
    assert half["last_year"]["reception_fen"] == 0
    assert half["compared_with"]["as_of"] == "2019-05-01"
    text = shell("three-public", "--year", "2020").out
    for word in (
        "全年预算",
        "余额",
        "执行率",
        "上年决算数",
        "40.00%",
        "口径：一般公共预算",
        "420103/2019",
    ):
        assert word in text
    of_units = ("--units", "all", "--year", "2020")
    assert shell.ask("three-public", *of_units)["last_year"]["total_fen"] == 30_00
