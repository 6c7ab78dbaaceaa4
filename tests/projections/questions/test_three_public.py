"""三公经费: the budget is the initial one, the actual is every payment of the item's 款."""

from pathlib import Path
from typing import Any

import pytest

from projections.questions.three_public import three_public
from tests.harness.small_year import (
    Year,
    appropriate,
    carry_in,
    cut,
    line,
    pay,
    reallocate,
    refund,
    reverse,
    supplement,
)

COLUMNS = ("total", "overseas", "vehicle", "vehicle_purchase", "vehicle_operation", "reception")
NIL = dict.fromkeys(COLUMNS, 0)
RECEPTION = line("30217")


def columns(year: Year, which: str, **cut_: Any) -> dict[str, int]:
    """Yuan per column; every other column is nil."""
    answer = year.ask(three_public, **cut_)[which]
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
    answer = year.ask(three_public)
    assert {name: 2 * fen for name, fen in answer["actual"].items()} == answer["budget"]


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


def test_only_the_general_fund(tmp_path: Path):
    for fund in ("govfund", "statecapital"):
        (tmp_path / fund).mkdir()
        year = Year(tmp_path / fund)
        at = line("30217", fund=fund)
        year.record(appropriate(100_00, at=at), pay(30_00, at=at, econ="30217"))
        assert year.ask(three_public) == {
            "budget": {f"{name}_fen": 0 for name in NIL},
            "actual": {f"{name}_fen": 0 for name in NIL},
        }


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
