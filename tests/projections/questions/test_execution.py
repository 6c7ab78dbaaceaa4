"""预算执行: budget and execution per project in both scopes, and rates that are exact."""

from pathlib import Path
from typing import Any

import pytest

from projections.questions.execution import execution
from tests.harness.small_year import (
    CARRIED,
    LINE,
    Year,
    appropriate,
    carry_in,
    cut,
    line,
    pay,
    project,
    reallocate,
    refund,
    reverse,
    supplement,
)


def rows(year: Year, scope: str, **cut_: Any) -> dict[str, tuple[Any, ...]]:
    """Project → initial, annual budget, executed, rate; basic money as `-`; the totals agree."""
    answer = year.ask(execution, scope, **cut_)
    found = {p["project"]: p for p in answer["projects"]} | {"-": answer["basic"]}
    names = ("initial_fen", "annual_budget_fen", "executed_fen")
    for name in names:
        assert answer["totals"][name] == sum(row[name] for row in found.values())
    assert scope == answer["scope"]
    return {code: tuple(row[name] for name in (*names, "rate")) for code, row in found.items()}


def test_both_scopes(tmp_path: Path):
    """`current` leaves out carry-over, its budget and its execution; basic money is apart."""
    basic = line(project="-")
    year = Year(tmp_path).record(
        appropriate(100_00),
        supplement(20_00),
        cut(40_00),
        carry_in(50_00),
        carry_in(10_00, at=line(origin=2018, project="P01")),
        appropriate(300_00, at=basic),
        pay(20_00),
        pay(45_00, at=CARRIED),
        pay(150_00, at=basic),
    )
    assert rows(year, "current") == {
        "P02": (100_00, 80_00, 20_00, "0.2500"),
        "-": (300_00, 300_00, 150_00, "0.5000"),
    }
    assert rows(year, "all") == {
        "P01": (0, 10_00, 0, "0.0000"),
        "P02": (100_00, 130_00, 65_00, "0.5000"),
        "-": (300_00, 300_00, 150_00, "0.5000"),
    }
    assert year.ask(execution, "current")["totals"]["rate"] == "0.4474"  # 170 / 380
    assert year.ask(execution, "all")["totals"]["rate"] == "0.4886"  # 215 / 440


@pytest.mark.parametrize(
    ("budget", "paid", "rate"),
    [
        (3, 1, "0.3333"),
        (3, 2, "0.6667"),
        (7, 7, "1.0000"),
        (20_000, 1, "0.0001"),  # 0.00005: a half goes up
        (20_001, 1, "0.0000"),
        (20_000, 3, "0.0002"),  # 0.00015: never to even
        (10**13, 10**13 - 1, "1.0000"),
        (10**14, 1, "0.0000"),
        (80_000, 79_996, "1.0000"),  # 0.99995
        (80_000, 79_995, "0.9999"),
    ],
)
def test_rates_are_four_places_half_up(tmp_path: Path, budget: int, paid: int, rate: str):
    year = Year(tmp_path).record(appropriate(budget), pay(paid))
    assert rows(year, "all")["P02"] == (budget, budget, paid, rate)


def test_a_zero_base_has_no_rate(tmp_path: Path):
    """Cut to nothing: the initial budget stays, the rate is null, and so without any money."""
    year = Year(tmp_path)
    assert year.ask(execution, "all")["projects"] == []
    assert year.ask(execution, "all")["basic"]["rate"] is None
    assert year.ask(execution, "all")["totals"]["rate"] is None
    year.record(appropriate(100_00), cut(100_00))
    assert rows(year, "current")["P02"] == (100_00, 0, 0, None)


def test_what_counts_as_executed(tmp_path: Path):
    """Payments less refunds, with reversals of both; a pending budget is a budget."""
    year = Year(tmp_path).record(
        appropriate(100_00, pending=True), supplement(100_00), pay(40_00), refund(6, 10_00)
    )
    assert rows(year, "all")["P02"] == (100_00, 200_00, 30_00, "0.1500")
    year.record(reverse(7))
    assert rows(year, "all")["P02"] == (100_00, 200_00, 40_00, "0.2000")
    year.record(reverse(6), reverse(4))
    assert rows(year, "all")["P02"] == (0, 100_00, 0, "0.0000")


def test_a_reallocation_between_projects(tmp_path: Path):
    """Moves the annual budget and never the initial one."""
    year = Year(tmp_path).record(
        appropriate(100_00), reallocate(30_00, LINE, line(project="P01"), on="02-01")
    )
    expected = {"P01": (0, 30_00, 0, "0.0000"), "P02": (100_00, 70_00, 0, "0.0000")}
    assert rows(year, "current") == {**expected, "-": (0, 0, 0, None)}
    assert rows(year, "current", as_of="01-31")["P02"] == (100_00, 100_00, 0, "0.0000")


def test_names_are_those_known_then(tmp_path: Path):
    """A renamed project has its new name now and its old one as it was known before."""
    year = Year(tmp_path).record(appropriate(1_00)).record(project("P02", "新名", "08-01"))

    def name(**cut_: Any) -> str:
        (only,) = year.ask(execution, "all", **cut_)["projects"]
        assert isinstance(only["name"], str)
        return only["name"]

    assert name() == "新名"
    assert name(known_at=year.times[1]) == "P02 项目"


def test_a_project_over_several_functions_is_one_row(tmp_path: Path):
    year = Year(tmp_path).record(
        appropriate(100_00),
        appropriate(50_00, at=line(func="2100101")),
        appropriate(25_00, at=line("30201", fund="govfund")),
        pay(30_00, at=line(func="2100101")),
    )
    assert rows(year, "all")["P02"] == (175_00, 175_00, 30_00, "0.1714")
