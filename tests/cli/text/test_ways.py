"""A way out as it is typed, as a line below a refusal, as JSON, and as the column of a row."""

import shlex

import pytest

from cli.intake.recording import in_row
from cli.text import ways
from ledger.refusals import Advice, Instead, Way, WayOut, Word


@pytest.mark.parametrize(
    ("way", "typed"),
    [
        (Way("log"), "yusuan log"),
        (Way("show", 7), "yusuan show 7"),
        (Way("reject", 7, reason=Word("撤回")), "yusuan reject 7 --reason 撤回"),
        (Way("reconcile", Word("对账单.csv"), date="2020-12-31"),
         "yusuan reconcile 对账单.csv --date 2020-12-31"),
        (Way("pay", payee="某 公司's"), """yusuan pay --payee '某 公司'"'"'s'"""),
        (Way("log", doc=""), "yusuan log --doc ''"),
        (Way("reallocate", from_="a=1.00", to="b=1.00", as_of="2020-01-01"),
         "yusuan reallocate --from a=1.00 --to b=1.00 --as-of 2020-01-01"),
        (Way("adjust-opening", decrease=True, amount="1.00"),
         "yusuan adjust-opening --decrease --amount 1.00"),
        (Way("amend-book", basis=("payment", "nonfiscal=recorded")),
         "yusuan amend-book --basis payment --basis nonfiscal=recorded"),
        (Way("", help=True), "yusuan --help"),
        (Instead(to_econ="31002", origin=2020), "--to-econ 31002 --origin 2020"),
        (Advice("pip install duckdb"), "pip install duckdb"),
    ],
    ids=lambda value: "" if isinstance(value, str) else repr(value),
)  # fmt: skip
def test_what_is_typed(way: WayOut, typed: str) -> None:
    assert ways.command(way) == ways.encoded(way) == typed


def test_what_a_person_gave_comes_back_from_the_shell_as_it_was() -> None:
    payee = "A & B \"'`$(x) ；\\"
    assert shlex.split(ways.command(Way("pay", payee=payee)))[-1] == payee


def test_a_line_below_a_refusal() -> None:
    """Options alone are of the command that was just typed."""
    assert ways.told(Instead(doc=Word("文号"))) == "  可以：在原命令中改用 --doc 文号"
    assert ways.told(Way("log")) == "  可以：yusuan log"
    assert ways.told(Advice("稍后重试")) == "  可以：稍后重试"


def test_json_has_no_other_data() -> None:
    with pytest.raises(TypeError):
        ways.encoded(object())


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (Instead(doc=Word("文号")), "doc 栏改为 文号"),
        (Instead(key=Word("新编号")), "id 栏改为 新编号"),
        (Instead(fund="nonfiscal", econ="service"), "fund 栏改为 nonfiscal，econ 栏改为 service"),
        (Instead(to_econ="31002"), "to_econ 栏改为 31002"),
        (Instead(to_fund="nonfiscal"), "fund 栏改为 nonfiscal"),
    ],
    ids=lambda value: "" if isinstance(value, str) else repr(value),
)
def test_the_column_of_a_row(way: Instead, said: str) -> None:
    assert in_row(way) == said


def test_ways_out_are_equal_by_what_they_say() -> None:
    assert Way("log", kind="pay") == Way("log", kind="pay")
    assert len({Way("log"), Way("log"), Way("show", 1), Instead(doc="1"), Advice("1")}) == 4
    assert Way("log", kind="pay") != Way("log", kind="refund")
    assert Instead(doc="1") != Way("log", doc="1")
    assert Way("log").also(unit="U", year=2020) == Way("log", unit="U", year=2020)
    assert Way("log", year=2021).also(unit="U", year=2020) == Way("log", year=2021, unit="U")
