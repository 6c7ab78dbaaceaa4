"""预算执行 by 项, 类, 款, project and unit: every row by hand, all of them the same whole."""

from pathlib import Path
from typing import Any

import pytest

from ledger.line import Fund
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.execution import (
    BY_NAMES,
    By,
    beside_last_year,
    by_beside_last_year,
    execution,
    execution_by,
)
from projections.report.cells import Cells
from projections.views.source import department
from tests.harness.plain import plain
from tests.harness.small_year import (
    CARRIED,
    YEAR,
    Year,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    open_book,
    pay,
    project,
    refund,
    supplement,
)

BASIC = line("302", project="-", func="2080101")
GOVFUND = line(func="2120801", fund="govfund")
OWN = line(fund="nonfiscal")
AFFILIATE = line(fund="nonfiscal", project="-", spending="affiliate-subsidy")
NAMES = ("initial_fen", "annual_budget_fen", "executed_fen", "initial_rate", "rate", "share")


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """Four funds, two of them with P02; carry-over; a budget of a 类 and budgets of none."""
    return Year(tmp_path).record(
        appropriate(100_00),
        supplement(20_00),
        carry_in(50_00),
        appropriate(30_00, at=BASIC),
        appropriate(10_00, at=GOVFUND),
        appropriate(8_00, at=OWN),
        appropriate(4_00, at=AFFILIATE),
        income(12_00, at=OWN),
        income(4_00, at=AFFILIATE),
        pay(60_00, econ="30201"),
        refund(13, 10_00),
        pay(25_00, at=CARRIED, econ="30226"),
        pay(15_00, at=BASIC, econ="30201"),
        pay(6_00, at=GOVFUND, econ="30226"),
        pay(4_00, at=OWN, econ="30226"),
        pay(4_00, at=AFFILIATE, econ="30299"),
        cut(3_00, at=GOVFUND),
    )


def rows(year: Year, by: By, *arguments: Any) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """(code, name, fund) → the figures of a row in the order of the answer."""
    answer = year.ask(execution_by, by, *(arguments or ("all",)))
    return {
        (row["code"], row["name"], row["fund"]): tuple(row[name] for name in NAMES)
        for row in answer["rows"]
    }


def test_by_item(year: Year):
    """104.00 were paid in all."""
    assert {key[::2]: row for key, row in rows(year, "func").items()} == {
        ("2080101", "general"): (30_00, 30_00, 15_00, "0.5000", "0.5000", "0.1442"),
        ("2080105", "general"): (100_00, 170_00, 75_00, "0.7500", "0.4412", "0.7212"),
        ("2080105", "nonfiscal"): (12_00, 12_00, 8_00, "0.6667", "0.6667", "0.0769"),
        ("2120801", "govfund"): (10_00, 7_00, 6_00, "0.6000", "0.8571", "0.0577"),
    }


def test_by_class(year: Year):
    assert [(*key[::2], row[2]) for key, row in rows(year, "class").items()] == [
        ("208", "general", 90_00),
        ("208", "nonfiscal", 8_00),
        ("212", "govfund", 6_00),
    ]


def test_by_econ(year: Year):
    """A payment is of its own 款, its budget of that of the line: what is not divided says so and
    stands last."""
    found = rows(year, "econ", "all", Fund.GENERAL)
    assert found == {
        ("302", "商品和服务支出，未分到款", "general"):
            (30_00, 30_00, 0, "0.0000", "0.0000", "0.0000"),
        ("30201", "办公费", "general"): (0, 0, 65_00, None, None, "0.7222"),
        ("30226", "劳务费", "general"): (0, 0, 25_00, None, None, "0.2778"),
        ("-", "未分到款", "general"): (100_00, 170_00, 0, "0.0000", "0.0000", "0.0000"),
    }  # fmt: skip
    assert list(found) == sorted(found, key=lambda key: (key[0] == "-", key[0]))


def test_by_project(year: Year):
    """What is for no project is told by its 支出性质."""
    assert [(*key, row[2]) for key, row in rows(year, "project").items()] == [
        ("P02", "P02 项目", "general", 75_00),
        ("P02", "P02 项目", "govfund", 6_00),
        ("P02", "P02 项目", "nonfiscal", 4_00),
        ("-", "基本支出", "general", 15_00),
        ("-", "对附属单位补助支出", "nonfiscal", 4_00),
    ]


def test_this_years_money_alone(year: Year):
    assert rows(year, "func", "current", Fund.GENERAL)["2080105", "劳动保障监察", "general"] == (
        *(100_00, 120_00, 50_00, "0.5000", "0.4167", "0.7692"),
    )


@pytest.mark.parametrize("by", BY_NAMES)
@pytest.mark.parametrize("scope", ["current", "all"])
@pytest.mark.parametrize("cut_", [{}, {"as_of": "06-29"}])
def test_every_division_is_the_same_whole(year: Year, by: By, scope: str, cut_: Any):
    """The rows come to the totals, and those to what `execution` says."""
    answer = year.ask(execution_by, by, scope, **cut_)
    whole = year.ask(execution, scope, **cut_)["totals"]
    assert (answer["by"], answer["scope"]) == (by, scope)
    for name in ("initial_fen", "annual_budget_fen", "executed_fen"):
        assert sum(row[name] for row in answer["rows"]) == answer["totals"][name] == whole[name]
    assert answer["totals"]["rate"] == whole["rate"]


def test_what_was_paid_is_what_the_tables_say(tmp_path: Path, year: Year):
    """By 项 and 类: 表3 all funds, 表5 the general one."""
    with department(SqlitePlace(year.db), YEAR) as whole:
        cells = Cells(whole)
        for by in ("func", "class"):
            paid: dict[str, int] = {}
            for row in plain(execution_by(whole, by, "all"))["rows"]:
                paid[row["code"]] = paid.get(row["code"], 0) + row["executed_fen"]
            assert paid == {code: cells.fen(f"T3.{code}.1") for code in paid}
            for row in plain(execution_by(whole, by, "all", Fund.GENERAL))["rows"]:
                assert row["executed_fen"] == cells.fen(f"T5.{row['code']}.1")


def test_by_unit(tmp_path: Path):
    """Each book of a department, all of which come to it."""
    file = tmp_path / "city.db"
    open_book(file, "A", appropriate(100_00), pay(30_00))
    open_book(file, "B", appropriate(50_00), supplement(50_00), pay(40_00), basis="payment")
    with department(SqlitePlace(file), YEAR) as whole:
        answer = plain(execution_by(whole, "unit", "all"))
    assert [(row["code"], *(row[name] for name in NAMES)) for row in answer["rows"]] == [
        ("A", 100_00, 100_00, 30_00, "0.3000", "0.3000", "0.4286"),
        ("B", 50_00, 100_00, 40_00, "0.8000", "0.4000", "0.5714"),
    ]
    assert all(row["name"] for row in answer["rows"])


def test_nothing_recorded(tmp_path: Path):
    answer = Year(tmp_path).ask(execution_by, "func", "all")
    assert answer["rows"] == []
    assert answer["totals"] == {
        "initial_fen": 0,
        "annual_budget_fen": 0,
        "executed_fen": 0,
        "rate": None,
        "initial_rate": None,
    }


def test_a_code_that_had_two_names_last_year(tmp_path: Path):
    """H04: a project that units called otherwise is another one; none of their rows is lost."""
    file = tmp_path / "city.db"
    open_book(file, "A", project("P02", "培训"), appropriate(100_00), pay(30_00))
    open_book(file, "B", project("P02", "宣传"), appropriate(50_00), pay(20_00))
    with department(SqlitePlace(file), YEAR) as whole:
        then = execution_by(whole, "project", "all")
        both = execution(whole, "all")
    with department(SqlitePlace(file), YEAR, units=["A"]) as one:
        now = execution_by(one, "project", "all")
        alone = execution(one, "all")
    found = plain(by_beside_last_year(now, then))
    names = ("name", "executed_fen", "last_year_executed_fen")
    assert [tuple(row[name] for name in names) for row in found["rows"]] == [
        ("培训", 30_00, 30_00),
        ("宣传", 0, 20_00),
    ]
    projects = plain(beside_last_year(alone, both))["projects"]
    assert sum(row["last_year_executed_fen"] for row in projects) == 50_00
    assert sum(row["executed_fen"] for row in projects) == 30_00
