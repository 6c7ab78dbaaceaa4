"""三公经费: the budget is the initial one, the actual is every payment of the item's 款 with the
money that counts."""

from pathlib import Path
from typing import Any

import pytest

from ledger.line import FISCAL_FUNDS, Fund
from projections.questions.three_public import three_public
from tests.harness.small_year import (
    Year,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    pay,
    reallocate,
    refund,
    reverse,
    supplement,
)

COLUMNS = ("total", "overseas", "vehicle", "vehicle_purchase", "vehicle_operation", "reception")
GENERAL = [Fund.GENERAL]
RECEPTION = line("30217")


def columns(year: Year, which: str, **cut_: Any) -> dict[str, int]:
    """Yuan per column; every other column is nil."""
    answer = year.ask(three_public, GENERAL, **cut_)[which]
    assert set(answer) == {f"{name}_fen" for name in COLUMNS}
    return {name: answer[f"{name}_fen"] // 100 for name in COLUMNS if answer[f"{name}_fen"]}


@pytest.mark.parametrize(
    ("econ", "columns_"),
    [
        ("30212", ("overseas",)),
        ("31013", ("vehicle", "vehicle_purchase")),
        ("30913", ("vehicle", "vehicle_purchase")),
        ("30231", ("vehicle", "vehicle_operation")),
        ("30217", ("reception",)),
        ("30201", ()),
        ("30239", ()),
    ],
)
def test_the_codes_of_each_item(tmp_path: Path, econ: str, columns_: tuple[str, ...]):
    year = Year(tmp_path).record(appropriate(100_00, at=line(econ)))
    year.record(pay(30_00, at=line(econ), econ=econ))
    for which, yuan in (("budget", 100), ("actual", 30)):
        names = ("total", *columns_) if columns_ else ()
        assert columns(year, which) == dict.fromkeys(names, yuan)


def test_everything_together(tmp_path: Path):
    """Totals are the sum of the items; vehicles of purchase and operation."""
    given = {"30212": 1, "31013": 2, "30913": 4, "30231": 8, "30217": 16}
    year = Year(tmp_path)
    for econ, yuan in given.items():
        year.record(
            appropriate(yuan * 100, at=line(econ)), pay(yuan * 50, at=line(econ), econ=econ)
        )
    assert columns(year, "budget") == {
        "total": 31,
        "overseas": 1,
        "vehicle": 14,
        "vehicle_purchase": 6,
        "vehicle_operation": 8,
        "reception": 16,
    }
    answer = year.ask(three_public, GENERAL)
    assert {name: 2 * fen for name, fen in answer["actual"].items()} == answer["budget"]
    assert answer["left"] == answer["actual"]


def test_the_budget_is_the_initial_one(tmp_path: Path):
    """Supplements, moves and cuts raise or keep the cap and never the budget column."""
    year = Year(tmp_path).record(
        appropriate(100_00, at=RECEPTION, pending=True),
        appropriate(500_00),
        supplement(20_00, at=RECEPTION),
        reallocate(30_00, line(), RECEPTION),
        cut(5_00, at=RECEPTION),
    )
    assert columns(year, "budget") == {"total": 100, "reception": 100}
    assert columns(year, "actual") == {}
    year.record(reverse(8), reverse(4))
    assert columns(year, "budget") == {}


def test_the_actual_counts_every_payment_of_the_item(tmp_path: Path):
    """On its own line, drawn on the line of its class or on an open one, basic money, carry-over;
    less refunds, and less what was reversed."""
    basic, carried = line("302", project="-"), line(origin=2019)
    year = Year(tmp_path).record(
        appropriate(100_00, at=RECEPTION),
        appropriate(100_00, at=line(func="2080106")),
        appropriate(100_00, at=basic),
        carry_in(100_00, at=carried),
    )
    for number, (at, yuan) in enumerate(
        ((RECEPTION, 1), (line(func="2080106"), 2), (basic, 4), (carried, 8), (RECEPTION, 16)), 8
    ):
        year.record(pay(yuan * 100, at=at, econ="30217", key=f"支{number}"))
    assert columns(year, "actual") == {"total": 31, "reception": 31}
    year.record(refund("支11", 3_00), reverse("支12"))
    assert columns(year, "actual") == {"total": 12, "reception": 12}


@pytest.mark.parametrize("fund", ["govfund", "statecapital", "nonfiscal"])
def test_money_that_does_not_count_stands_apart(tmp_path: Path, fund: str):
    """N02: 一般公共预算 in 2020, all 财政拨款 from 2022 on; the unit's own money never."""
    at = line("30217", fund=fund)
    came = [income(100_00, at=at)] if fund == "nonfiscal" else []
    year = Year(tmp_path).record(*came, appropriate(100_00, at=at), pay(30_00, at=at, econ="30217"))
    apart = {"total": 30, "reception": 30}
    assert columns(year, "other_funds") == apart
    for column in ("budget", "annual_budget", "actual", "left"):
        assert columns(year, column) == {}
    of_all = year.ask(three_public, FISCAL_FUNDS)
    counts = fund != "nonfiscal"
    assert of_all["budget"]["total_fen"] == of_all["annual_budget"]["total_fen"] == counts * 100_00
    assert of_all["actual"]["reception_fen"] == counts * 30_00
    assert of_all["left"]["reception_fen"] == counts * 70_00
    assert of_all["other_funds"]["total_fen"] == (not counts) * 30_00
    assert of_all["funds"] == ["general", "govfund", "statecapital"]


def test_the_budget_of_the_year_and_what_is_left_of_it(tmp_path: Path):
    """N42: 全年预算 counts carry-over, supplements and cuts; its rate is null on a zero base."""
    carried = line("30217", origin=2019)
    year = Year(tmp_path).record(
        appropriate(100_00, at=RECEPTION),
        supplement(20_00, at=RECEPTION),
        cut(5_00, at=RECEPTION),
        carry_in(10_00, at=carried),
        pay(40_00, at=RECEPTION, econ="30217"),
        pay(10_00, at=carried, econ="30217"),
    )
    assert columns(year, "annual_budget") == {"total": 125, "reception": 125}
    assert columns(year, "left") == {"total": 75, "reception": 75}
    answer = year.ask(three_public, GENERAL)
    assert answer["rate"] == dict.fromkeys(COLUMNS) | {"total": "0.4000", "reception": "0.4000"}
    assert (answer["last_year"], answer["funds"]) == (None, ["general"])


def test_as_of(tmp_path: Path):
    year = Year(tmp_path).record(
        appropriate(100_00, "02-01", at=RECEPTION),
        pay(30_00, "03-05", at=RECEPTION, econ="30217"),
        refund(5, 10_00, "04-01"),
    )
    for on, budget, actual in (
        ("01-31", 0, 0),
        ("02-01", 100, 0),
        ("03-05", 100, 30),
        ("03-31", 100, 30),
        ("04-01", 100, 20),
    ):
        assert columns(year, "budget", as_of=on).get("total", 0) == budget
        assert columns(year, "actual", as_of=on).get("total", 0) == actual
