"""What units of a department say of each other and is not eliminated: told with both figures, and
with what settles it."""

from pathlib import Path

import pytest
from msgspec import UNSET

from ledger.requests import Request
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.measures import Measure, facts
from projections.report.cells import Cells
from projections.report.checked.between_units import not_eliminated
from projections.report.checks import check
from projections.report.figure import Report
from projections.report.findings import Finding
from projections.views.source import department
from tests.harness.shell import in_process
from tests.harness.small_year import YEAR, appropriate, income, line, open_book, pay, refund

OWN = line(fund="nonfiscal")
FISCAL = line("-")
BUDGET = (income(500_00, at=OWN), appropriate(500_00, at=OWN), appropriate(500_00, at=FISCAL))
WHOLE = ("--units", "A,B,Z", "--year", str(YEAR))


def paid(fen: int, to: str | None = "B") -> Request:
    return pay(fen, at=OWN, counterpart=to)


def came(fen: int, of: str | None = "A") -> Request:
    return income(fen, at=OWN, source="superior", counterpart=of)


def city(path: Path, of_a: list[Request], of_b: list[Request]) -> Path:
    file = path / "city.db"
    open_book(file, "A", *BUDGET, *of_a)
    open_book(file, "B", *BUDGET, *of_b)
    return file


def told(file: Path, *units: str) -> list[Finding]:
    with department(SqlitePlace(file), YEAR, units=units) as whole:
        return list(not_eliminated(whole))


def settled(file: Path, way: str) -> list[Finding]:
    """What is left once a way out was typed."""
    answer = in_process("--db", str(file), *way.split()[1:], "--date", f"{YEAR}-12-01")
    assert answer.exit == 0, answer.said
    return told(file)


def ways(file: Path) -> list[str]:
    found = in_process("--db", str(file), "check", *WHOLE, "--json").json["findings"]
    return [way for each in found if each["code"] == "ELIMINATE.UNPAIRED" for way in each["try"]]


def test_an_income_that_names_no_unit_is_told_whose_it_is(tmp_path: Path) -> None:
    file = city(tmp_path, [paid(30_00)], [came(30_00, None)])
    (found,) = told(file)
    assert (found.left_fen, found.right_fen) == (30_00, 0)
    (way,) = ways(file)
    assert way.startswith("yusuan correct 6 --counterpart A --unit B")
    assert settled(file, way) == []


def test_a_payment_that_names_no_unit_is_told_whose_it_is(tmp_path: Path) -> None:
    file = city(tmp_path, [paid(30_00, None)], [came(30_00)])
    (found,) = told(file)
    assert (found.left_fen, found.right_fen) == (0, 30_00)
    (way,) = ways(file)
    assert way.startswith("yusuan correct 6 --counterpart B --unit A")
    assert settled(file, way) == []


def test_an_income_that_was_not_recorded_can_be(tmp_path: Path) -> None:
    file = city(tmp_path, [paid(30_00)], [])
    (way,) = ways(file)
    assert settled(file, way.replace("功能科目", OWN.func)) == []


def test_amounts_that_differ_are_shown_on_both_sides(tmp_path: Path) -> None:
    file = city(tmp_path, [paid(30_00)], [came(29_00)])
    (found,) = told(file)
    assert (found.left_fen, found.right_fen) == (30_00, 29_00)
    assert "A/2020 第 6 笔" in found.message and "B/2020 第 6 笔" in found.message
    assert ways(file) == [
        f"yusuan show 6 --unit A --year {YEAR}",
        f"yusuan show 6 --unit B --year {YEAR}",
    ]
    with department(SqlitePlace(file), YEAR) as whole:
        spent = [f.fen for f in facts(whole) if f.measure is Measure.EXPENDITURE]
    assert sum(spent) == 30_00


def test_a_refund_of_what_was_paid_counts(tmp_path: Path) -> None:
    file = city(tmp_path, [paid(30_00), refund(6, 1_00)], [came(29_00)])
    assert told(file) == []


def test_fiscal_payments_stand_and_are_told(tmp_path: Path) -> None:
    """Without that the department would have fiscal money left that is spent."""
    file = city(tmp_path, [pay(30_00, at=FISCAL, counterpart="B")], [came(30_00)])
    (found,) = told(file)
    assert (found.code, found.tier) == ("ELIMINATE.FISCAL", "info")
    with department(SqlitePlace(file), YEAR) as whole:
        cells = Cells(whole)
        assert cells.fen("T1.57") == 30_00
        assert [f for f in check(Report(cells)).findings if f.tier == "error"] == []


@pytest.mark.parametrize("units", [("A", "Z"), ("A", "B", "Z")])
def test_what_a_missing_unit_has_to_do_with_it_is_told(
    tmp_path: Path, units: tuple[str, ...]
) -> None:
    file = city(tmp_path, [paid(30_00, "Z")], [])
    (found,) = told(file, *units)
    assert "Z 没有账套" in found.message and found.try_ is UNSET
    assert told(file, "A", "B") == []
