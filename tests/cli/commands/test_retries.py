"""One fact by several doors: a command with a whole line, with its parts, a row of a file."""

from itertools import permutations

import pytest

from tests.harness.import_files import report, row, wide
from tests.harness.shell import LINE, Shell

LINE_CELLS = {"func": "2080105", "spending": "project", "project": "P02", "econ": "-"}
PAID = ("--amount", "12.30", "--payee", "某店", "--date", "2020-03-01", "--doc", "支1")
MONEY = {"date": "2020-03-01", "amount": "12.30", "doc": "支1"}

DOORS = {
    "whole": lambda shell: shell.ask("pay", "--line", LINE, "--econ", "30201", *PAID, "--key", "K"),
    "parts": lambda shell: shell.ask(
        "pay", "--project", "P02", "--econ", "30201", *PAID, "--key", "K"
    ),
    "file": lambda shell: report(
        shell,
        wide(
            shell,
            row(id="K", kind="pay", payee="某店", **MONEY, **{**LINE_CELLS, "econ": "30201"}),
        ),
    ),
}


@pytest.mark.parametrize("order", [*permutations(DOORS)], ids="-".join)
def test_a_payment_by_every_door_is_one_payment(shell: Shell, order):
    before = len(shell.ask("log")["entries"])
    answers = [DOORS[door](shell) for door in order]
    assert len(shell.ask("log")["entries"]) == before + 1
    assert [bool(answer["already"]) for answer in answers] == [False, True, True]


def test_a_supplement_by_command_and_by_file(shell: Shell):
    told = shell.ask(
        *("supplement", "--line", LINE, "--amount", "12.30", "--date", "2020-03-01"),
        *("--doc", "支1", "--key", "K"),
    )
    again = report(shell, wide(shell, row(id="K", kind="supplement", **MONEY, **LINE_CELLS)))
    assert (again["already"], again["head"]) == (1, told["head"])


def test_a_refund_by_number_by_id_and_by_file(shell: Shell):
    paid = DOORS["whole"](shell)["entry"]
    back = ("--amount", "2.30", "--date", "2020-03-05", "--key", "R")
    told = shell.ask("refund", str(paid), *back)
    assert shell.ask("refund", "K", *back)["already"]
    assert shell.ask("refund", f"#{paid}", *back)["head"] == told["head"]
    of_file = row(id="R", kind="refund", ref="K", date="2020-03-05", amount="2.30")
    assert report(shell, wide(shell, of_file))["already"] == 1
    other = row(id="R", kind="refund", ref="K", date="2020-03-05", amount="2.31")
    (bad,) = report(shell, wide(shell, other), exit=3)["rejected"]
    assert "金额记录为 2.30，这次为 2.31" in bad["message"]


def test_a_correction_twice_still_stands(shell: Shell):
    paid = DOORS["whole"](shell)["entry"]
    asked = ("correct", str(paid), "--amount", "9", "--date", "2020-03-05", "--key", "C")
    told, again = shell.ask(*asked), shell.ask(*asked)
    assert again["already"] and again["entry"] == told["entry"]
    assert (again["corrected_by"], again["warnings"]) == (None, [])
    later = shell.ask("correct", str(paid), "--amount", "8", "--date", "2020-03-06", "--key", "D")
    assert shell.ask(*asked)["corrected_by"] == later["entry"]


def test_what_differs_is_told_as_data(shell: Shell):
    DOORS["whole"](shell)
    refused = shell.ask(
        *("pay", "--project", "P02", "--econ", "30299", "--amount", "12.31", "--payee", "某店"),
        *("--date", "2020-03-01", "--key", "K"),
        exit=3,
    )
    assert refused["code"] == "KEY.CONFLICT"
    assert refused["facts"]["differs"] == [
        {"field": "econ", "recorded": "30201", "given": "30299"},
        {"field": "amount_fen", "recorded": "12.30", "given": "12.31"},
    ]


@pytest.mark.parametrize(
    "key", ["#7", "# 7", "＃7", "#0007", "#１２", "﹟12", "#٣", "#¹²", "#①②", "#1 2"]
)
def test_a_number_is_no_key_and_no_id(shell: Shell, key: str):
    """`reverse 7` means entry 7, whatever anybody has chosen."""
    before = shell.head()
    told = shell.ask("pay", "--project", "P02", "--econ", "30201", *PAID, "--key", key, exit=2)
    assert (told["code"], told["facts"]["field"]) == ("KEY.NUMBER", "key")
    of_file = row(id=key, kind="supplement", **MONEY, **LINE_CELLS)
    (bad,) = report(shell, wide(shell, of_file), exit=2)["rejected"]
    assert (bad["code"], bad["column"], bad["value"]) == ("KEY.NUMBER", "id", key)
    assert shell.head() == before


def test_who_may_choose_an_id_does_not_choose_what_another_reverses(shell: Shell):
    """`7#` and the like are ids, and stay apart from numbers."""
    small = shell.ask("pay", "--project", "P02", "--econ", "30201", *PAID)["entry"]
    other = ("--amount", "90", "--payee", "乙", "--date", "2020-03-01", "--key", f"{small}#")
    shell.ask("pay", "--project", "P02", "--econ", "30201", *other)
    undone = shell.ask("reverse", str(small), "--date", "2020-03-02")
    assert (undone["original"], undone["amount_fen"]) == (small, -12_30)
