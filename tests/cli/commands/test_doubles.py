"""Payments that are recorded already: refused, told, or paid again on purpose."""

from typing import Any

import pytest

from tests.harness.shell import Shell

LINE = "general:2080105:project:P02:-:2020"
BASE = {"payee": "某店", "amount": "10", "doc": "支1", "econ": "30201", "date": "2020-03-02"}


def pay(shell: Shell, *more: str, exit: int = 0, **otherwise: Any) -> Any:
    said = {**BASE, **otherwise}
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    return shell.ask("pay", "--line", LINE, *options, "--purpose", "纸", *more, exit=exit)


def codes(answer: Any) -> list[str]:
    return [warning["code"] for warning in answer["warnings"]]


@pytest.fixture
def paid(shell: Shell) -> Shell:
    """Entry 5 is a payment of 10.00 under 支1."""
    pay(shell, "--key", "一")
    return shell


@pytest.mark.parametrize(
    "otherwise",
    [{}, {"date": "2020-11-30"}, {"doc": "支 １"}, {"payee": "某店 "}],
    ids=["the same", "another day", "width and blanks", "blanks of the payee"],
)
def test_what_is_there_is_refused_and_paid_again_on_purpose(
    paid: Shell, otherwise: dict[str, Any]
) -> None:
    refused = pay(paid, "--key", "二", exit=3, **otherwise)
    assert (refused["code"], refused["facts"]["entry"]) == ("R16.DUPLICATE", 5)
    assert refused["try"] == ["yusuan show 5", "--again"]
    assert codes(pay(paid, "--key", "二", "--again", **otherwise)) == []
    assert paid.ask("show", "6")["stored"]["event"]["again"] is True


@pytest.mark.parametrize(
    "otherwise",
    [{"econ": "30202"}, {"doc": "支2"}, {"doc": "支2", "date": "2020-03-09"}],
    ids=["another 款", "another 文号", "a week later"],
)
def test_what_is_near_is_told_once(paid: Shell, otherwise: dict[str, Any]) -> None:
    assert codes(pay(paid, **otherwise)) == ["DUPLICATE.NEAR"]


@pytest.mark.parametrize(
    "otherwise",
    [{"amount": "10.01"}, {"payee": "别店"}, {"doc": "支2", "date": "2020-03-10"}],
    ids=["another amount", "another payee", "eight days later"],
)
def test_what_is_another_payment_is_recorded_in_silence(
    paid: Shell, otherwise: dict[str, Any]
) -> None:
    assert codes(pay(paid, **otherwise)) == []


@pytest.mark.parametrize(
    "undone",
    [
        ("reverse", "5", "--reason", "误"),
        ("refund", "5", "--amount", "10"),
        ("correct", "5", "--amount", "11"),
        ("correct", "5", "--payee", "别店"),
    ],
    ids=["reversed", "came back", "another amount", "another payee"],
)
def test_what_no_longer_stands_may_be_paid(paid: Shell, undone: tuple[str, ...]) -> None:
    paid(*undone, "--date", "2020-03-03")
    assert "R16.DUPLICATE" not in codes(pay(paid, "--key", "二", date="2020-03-04"))


def test_a_correction_does_not_make_a_payment_that_is_there(paid: Shell) -> None:
    pay(paid, doc="支2", date="2020-06-01")  # 6
    refused = paid.ask("correct", "6", "--doc", "支1", "--date", "2020-06-02", exit=3)
    assert (refused["code"], refused["facts"]["entry"]) == ("R16.DUPLICATE", 5)


def test_of_a_voucher_what_came_back_may_be_paid_again(shell: Shell) -> None:
    """An item of it is a payment that is there until it came back in full."""
    items = [word for econ in ("30201", "30202") for word in ("--item", f"{LINE},econ={econ}=10")]
    shell("voucher", *items, "--payee", "某店", "--doc", "支1", "--date", "2020-03-02")  # 5
    refused = pay(shell, exit=3)
    assert (refused["code"], refused["facts"]["entry"]) == ("R16.DUPLICATE", 5)
    back = ("refund", "5", "--econ", "30201", "--date", "2020-03-03")
    shell(*back, "--amount", "9")
    assert pay(shell, exit=3)["code"] == "R16.DUPLICATE"
    shell(*back, "--amount", "1", "--key", "余")
    pay(shell, date="2020-03-04")
    assert pay(shell, econ="30202", exit=3)["code"] == "R16.DUPLICATE"


def test_a_file_is_compared_with_all_its_rows(shell: Shell) -> None:
    """However many payments of one amount to one payee lie between."""
    row = "{id},2020-03-02,pay,2080105,P02,30201,1,某店,{doc}"
    rows = [row.format(id=f"A{n}", doc=f"支{n}") for n in range(80)]
    path = shell.csv(*rows, row.format(id="B", doc="支0"),
                     header="id,date,kind,func,project,econ,amount,payee,doc")  # fmt: skip
    (rejected,) = shell.ask("import", str(path), exit=3)["rejected"]
    assert (rejected["code"], rejected["facts"]["row"]) == ("R16.DUPLICATE", 2)
