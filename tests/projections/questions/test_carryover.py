"""结转结余: opening + income − expenditure = closing, per purpose and origin, under each basis."""

from pathlib import Path
from typing import Any

import pytest

from ledger.events import FundBasis
from projections.questions.carryover import carryover
from projections.report.cells import Cells
from projections.report.explain import explain
from projections.report.figure import Report
from projections.views.reading import Reading
from tests.harness.plain import plain
from tests.harness.small_year import (
    CASH,
    LINE,
    Year,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    pay,
    reallocate,
    refund,
    release,
    reverse,
    supplement,
)

NAMES = ("opening", "income", "expenditure", "closing")
BASES = ("indicator", "payment", "recorded")


def items(year: Year, **cut_: Any) -> dict[tuple[str, str, str, int], tuple[int, ...]]:
    """(fund, func, project, origin) → opening, income, expenditure, closing; the totals agree."""
    answer = year.ask(carryover, **cut_)
    found = {
        (item["fund"], item["func"], item["project"], item["origin"]): tuple(
            item[f"{name}_fen"] for name in NAMES
        )
        for item in answer["items"]
    }
    assert list(found) == sorted(found)
    for position, name in enumerate(NAMES):
        assert answer[f"{name}_fen"] == sum(figures[position] for figures in found.values())
    for opening, income_, expenditure, closing in found.values():
        assert closing == opening + income_ - expenditure
    return found


FUNDS = {
    "general": (100_00, 30_00),
    "govfund": (70_00, 20_00),
    "statecapital": (50_00, 10_00),
    "nonfiscal": (40_00, 5_00),
}
"""What each fund was given and what it paid."""


@pytest.mark.parametrize("basis", BASES)
def test_income_by_fund_and_basis(tmp_path: Path, basis: str):
    """Fiscal funds: indicator = appropriated, payment = paid, recorded = nothing unless entered.
    Non-fiscal income is what came in, under each of them."""
    year = Year(tmp_path, basis).record(income(12_00))
    for fund, (given, paid) in FUNDS.items():
        at = line(fund=fund, project="-")
        year.record(appropriate(given, at=at), pay(paid, at=at))
    expected = {}
    for fund, (given, paid) in FUNDS.items():
        got = {"indicator": given, "payment": paid, "recorded": 0}[basis]
        got = 12_00 if fund == "nonfiscal" else got
        expected[(fund, "2080105", "-", 2020)] = (0, got, paid, got - paid)
    assert expected == items(year)


@pytest.mark.parametrize(
    ("basis", "current"),
    [
        ("indicator", (0, 100_00, 60_00, 40_00)),
        ("payment", (0, 60_00, 60_00, 0)),
        ("recorded", (0, 0, 60_00, -60_00)),
    ],
)
def test_origins_keep_apart(tmp_path: Path, basis: str, current: tuple[int, ...]):
    """What is paid on carry-over is drawn from the opening and is nobody's income."""
    year = Year(tmp_path, basis).record(
        carry_in(30_00),
        carry_in(7_00, at=line(origin=2018)),
        appropriate(100_00),
        pay(30_00, at=line(origin=2019)),
        pay(2_00, at=line(origin=2018)),
        pay(60_00),
    )
    assert items(year) == {
        ("general", "2080105", "P02", 2018): (7_00, 0, 2_00, 5_00),
        ("general", "2080105", "P02", 2019): (30_00, 0, 30_00, 0),
        ("general", "2080105", "P02", 2020): current,
    }


def test_recorded_fiscal_income(tmp_path: Path):
    """`recorded`: by purpose and origin, and less what was reversed."""
    year = Year(tmp_path, "recorded").record(
        appropriate(100_00),
        income(80_00, at=LINE, source="fiscal"),  # 5
        income(15_00, at=LINE, source="fiscal", on="09-01"),  # 6
        income(9_00, source="other"),  # 7
        reverse(6, "10-01"),
        pay(25_00),
    )
    current = ("general", "2080105", "P02", 2020)
    assert items(year) == {
        current: (0, 80_00, 25_00, 55_00),
        ("nonfiscal", "2080105", "-", 2020): (0, 9_00, 0, 9_00),
    }
    assert items(year, as_of="09-30")[current] == (0, 95_00, 25_00, 70_00)


def test_the_final_appropriation_is_what_counts(tmp_path: Path):
    """`indicator`: supplements, cuts and moves change the income, wherever the money stands:
    pending money is income, and releasing it changes nothing."""
    there = line(func="2080106")
    year = Year(tmp_path).record(
        appropriate(100_00, pending=True),
        supplement(20_00),
        cut(5_00),
        reallocate(15_00, LINE, there),
    )
    moved = {
        ("general", "2080105", "P02", 2020): (0, 100_00, 0, 100_00),
        ("general", "2080106", "P02", 2020): (0, 15_00, 0, 15_00),
    }
    assert moved == items(year)
    year.record(release(60_00))
    assert moved == items(year)


def test_pending_carry_over_is_part_of_the_opening(tmp_path: Path):
    year = Year(tmp_path).record(carry_in(30_00, pending=True), carry_in(1_00))
    assert items(year) == {("general", "2080105", "P02", 2019): (31_00, 0, 0, 31_00)}


def test_carry_over_moves_between_econs_of_one_item(tmp_path: Path):
    """Under `payment` too: what is paid on the line it moved to was drawn from the opening."""
    for basis in BASES:
        year = Year(tmp_path, basis).record(
            carry_in(30_00),
            reallocate(10_00, line(origin=2019), line("30201", 2019), on="02-01"),
            pay(8_00, at=line("30201", 2019), econ="30201"),
        )
        assert items(year) == {("general", "2080105", "P02", 2019): (30_00, 0, 8_00, 22_00)}


def test_a_fund_follows_its_own_basis_and_the_tables_and_explanations_too(tmp_path: Path):
    """The book by its budget, 政府性基金 by what was paid: carry-over, cells and their entries."""
    own = (FundBasis("govfund", "payment"),)
    govfund = line(fund="govfund")
    year = Year(tmp_path, "indicator", fund_basis=own).record(
        appropriate(100_00), pay(40_00), appropriate(50_00, at=govfund), pay(20_00, at=govfund)
    )
    found = year.ask(carryover)
    assert {item["fund"]: item["income_fen"] for item in found["items"]} == {
        "general": 100_00,
        "govfund": 20_00,
    }

    def income_cells(opened: Reading) -> list[tuple[int, list[int]]]:
        cells = Cells(opened)
        return [
            (cells.fen(name), [e["entry"] for e in plain(explain(Report(cells), name))["entries"]])
            for name in ("T1.1", "T1.2")
        ]

    assert year.ask(income_cells) == [(100_00, [4]), (20_00, [7])]


@pytest.mark.parametrize("basis", BASES)
def test_nonfiscal_money(tmp_path: Path, basis: str):
    """Opening, income by whatever class, spending on a line like any other."""
    old = line(fund="nonfiscal", project="-", origin=2019)
    year = Year(tmp_path, basis).record(
        carry_in(10_00, at=old),
        income(30_00, source="service"),
        income(5_00, source="other"),  # 6
        supplement(50_00, at=CASH, on="02-01"),
        pay(20_00, at=CASH),
        pay(4_00, at=old),
        reverse(6),
    )
    assert items(year) == {
        ("nonfiscal", "2080105", "-", 2019): (10_00, 0, 4_00, 6_00),
        ("nonfiscal", "2080105", "-", 2020): (0, 30_00, 20_00, 10_00),
    }


@pytest.mark.parametrize("basis", BASES)
def test_refunds_and_reversals(tmp_path: Path, basis: str):
    """A refund is less spending, a reversal of it more again, a reversed payment none."""
    year = Year(tmp_path, basis).record(appropriate(100_00), pay(40_00), refund(5, 15_00))
    key = ("general", "2080105", "P02", 2020)

    def walk(spent: int) -> tuple[int, ...]:
        got = {"indicator": 100_00, "payment": spent, "recorded": 0}[basis]
        return (0, got, spent, got - spent)

    assert items(year)[key] == walk(25_00)
    year.record(reverse(6))
    assert items(year)[key] == walk(40_00)
    year.record(reverse(5))
    assert items(year).get(key, (0, 0, 0, 0)) == walk(0)
    year.record(reverse(4))
    assert items(year) == {}


def test_as_of(tmp_path: Path):
    """Each figure grows on its own day."""
    year = Year(tmp_path).record(
        carry_in(30_00, "01-02"),
        appropriate(100_00, "02-10"),
        pay(5_00, "02-10", at=line(origin=2019)),
        pay(40_00, "03-05"),
        refund(7, 10_00, "03-06"),
        supplement(20_00, "06-30"),
    )
    old, new = ("general", "2080105", "P02", 2019), ("general", "2080105", "P02", 2020)
    for on, expected in (
        ("01-01", {}),
        ("01-02", {old: (30_00, 0, 0, 30_00)}),
        ("02-10", {old: (30_00, 0, 5_00, 25_00), new: (0, 100_00, 0, 100_00)}),
        ("03-05", {old: (30_00, 0, 5_00, 25_00), new: (0, 100_00, 40_00, 60_00)}),
        ("03-06", {old: (30_00, 0, 5_00, 25_00), new: (0, 100_00, 30_00, 70_00)}),
        ("12-31", {old: (30_00, 0, 5_00, 25_00), new: (0, 120_00, 30_00, 90_00)}),
    ):
        assert expected == items(year, as_of=on)


def test_the_walk_names_every_step(tmp_path: Path):
    """The steps that nothing was recorded for are there, and nil."""
    answer = Year(tmp_path).record(carry_in(30_00)).ask(carryover)
    assert answer == {
        "opening_before_fen": 30_00,
        "opening_adjustments": [],
        "opening_fen": 30_00,
        "income_fen": 0,
        "expenditure_fen": 0,
        "surplus_used_fen": 0,
        "distributed_fen": 0,
        "closing_fen": 30_00,
        "items": [
            {
                "fund": "general",
                "func": "2080105",
                "project": "P02",
                "origin": 2019,
                "opening_fen": 30_00,
                "income_fen": 0,
                "surplus_used_fen": 0,
                "expenditure_fen": 0,
                "distributed_fen": 0,
                "closing_fen": 30_00,
            }
        ],
        "nonfiscal": {"restricted_fen": 0, "unrestricted_fen": 0},
        "pools": [],
    }
