"""更正: what is typed twice, what does not differ, and what a refusal says of it."""

import pytest

from tests.harness.import_files import rejected, report, row, wide
from tests.harness.shell import LINE, Shell

WHOLE = {"func": "2080105", "spending": "project", "project": "P02", "econ": "30201"}
PAID = ("--amount", "50", "--payee", "某店", "--econ", "30201")
ON = ("--date", "2020-03-01")


@pytest.fixture
def paid(shell: Shell) -> Shell:
    """Entry 5: 50.00 of 1,000.00."""
    shell("pay", "--line", LINE, *PAID, *ON)
    return shell


def test_what_does_not_differ_is_refused(paid: Shell):
    """By a command and by a row of a file, before and after a correction; nothing is recorded."""
    for said in (("--amount", "50"), ("--payee", "某店"), ("--econ", "30201"), ()):
        told = paid.ask("correct", "5", *said, *ON, exit=3)
        assert (told["code"], told["facts"]["entry"]) == ("ENTRY.SAME", 5)
        assert told["try"] == ["yusuan show 5"]
    paid("correct", "5", "--amount", "60", *ON)
    again = paid.ask("correct", "5", "--amount", "60", *ON, exit=3)
    assert (again["code"], again["facts"]["entry"]) == ("ENTRY.SAME", 6)
    same = {"kind": "correct", "ref": "5", "payee": "某店", "date": "2020-03-01", **WHOLE}
    answer = report(paid, wide(paid, row(id="K", amount="60", **same)), exit=3)
    assert rejected(answer, "row", "column", "code") == [(2, "ref", "ENTRY.SAME")]
    assert paid.entries() == 6
    assert report(paid, wide(paid, row(id="K", amount="61", **same)))["recorded"] == 1


def test_a_day_that_is_said_is_a_difference(paid: Shell):
    assert paid.ask("correct", "5", "--date", "2020-03-02")["entry"] == 6
    assert paid.ask("correct", "5", "--date", "2020-03-02", exit=3)["code"] == "ENTRY.SAME"


def test_what_is_refused_says_whose_amount_its_figures_are_without(paid: Shell):
    """`balance` says 950.00."""
    told = paid.ask("correct", "5", "--amount", "1000.01", *ON, exit=3)
    assert told["code"] == "R1.AVAILABLE"
    assert told["message"].startswith("冲销第 5 笔 50.00 元之后，")
    figures = {"undone": 5, "undone_amount_fen": 50_00, "available_fen": 1000_00, "short_fen": 1}
    assert figures.items() <= told["facts"].items()


def test_a_payment_from_a_reservation_is_reversed_and_paid_anew_as_it_says(shell: Shell):
    shell("reserve", "--line", LINE, "--amount", "80", "--doc", "合", *ON)
    shell("pay", "--reserve", "5", *PAID, *ON)
    told = shell.ask("correct", "6", "--amount", "60", *ON, exit=3)
    assert (told["code"], told["try"]) == ("ENTRY.KIND", ["yusuan reverse 6"])
    assert "请先冲销，再对第 5 笔重新记录" in told["message"]
    shell("reverse", "6", *ON)
    assert shell.ask("correct", "6", "--amount", "60", *ON, exit=3)["try"] == ["yusuan show 7"]
    shell("pay", "--reserve", "5", "--amount", "60", "--payee", "某店", "--econ", "30201", *ON)
