"""What `check` says of a year that is about to be published: money that lapses, an opening that
last year's figures do not explain, units that have no accounts."""

from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.requests import Request
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.figure import Report
from tests.harness.plain import plain
from tests.harness.small_year import (
    CARRIED,
    Year,
    adjust,
    appropriate,
    carry_in,
    line,
    pay,
    request,
)


def told(year: Year, code: str, **cut: Any) -> list[dict[str, Any]]:
    found = year.ask(lambda one: plain(check(Report(Cells(one)))), **cut)["findings"]
    return [each for each in found if each["code"] == code]


# --- R8


def test_project_money_of_last_year_that_is_left_lapses(tmp_path: Path) -> None:
    year = Year(tmp_path).record(
        carry_in(500_00),
        appropriate(900_00),
        pay(420_00, "03-05", at=CARRIED),
        pay(100_00, "12-31"),
    )
    (finding,) = told(year, "R8")
    assert finding["tier"] == "warn"
    assert (finding["left_fen"], finding["cells"]) == (80_00, ["T1.59"])
    assert "年末剩余 880.00 元中，80.00 元是上年结转的项目资金" in finding["message"]
    assert f"{CARRIED} 80.00 元" in finding["message"]
    assert finding["try"] == ["yusuan carry-ageing"]


@pytest.mark.parametrize(
    "requests",
    [
        [carry_in(500_00), pay(500_00, "12-31", at=CARRIED)],  # nothing is left
        [carry_in(500_00), pay(420_00, "11-30", at=CARRIED)],  # the year is not over
        [carry_in(500_00, at=line(project="-", origin=2019)), appropriate(1_00, "12-31")],  # basic
        [appropriate(900_00), pay(100_00, "12-31")],  # of this year: it may be carried over
    ],
)
def test_what_does_not_lapse_is_not_told(tmp_path: Path, requests: list[Request]) -> None:
    assert told(Year(tmp_path).record(*requests), "R8") == []


# --- X11, from what was said of last year


def prior(cell: str, fen: int) -> Request:
    return request("prior", "12-31", cell=cell, amount_fen=fen)


LAST = (prior("N.s4.total", 1_000_00), prior("N.s5a.spend", 700_00))
"""300.00 were left."""


def test_an_opening_that_last_years_figures_do_not_explain(tmp_path: Path) -> None:
    year = Year(tmp_path).record(carry_in(200_00), *LAST)
    (finding,) = told(year, "X11")
    assert finding["tier"] == "warn"
    assert (finding["left_fen"], finding["right_fen"]) == (200_00, 300_00)
    assert "-100.00 元没有调整事项说明" in finding["message"]
    assert finding["cells"] == ["T1.29", "N.s4.total", "N.s5a.spend"]


@pytest.mark.parametrize(
    "requests",
    [
        [carry_in(300_00), *LAST],
        [carry_in(300_00), adjust(100_00, "remitted"), *LAST],  # an entry says why
        [carry_in(200_00), LAST[0]],  # half of it was said
        [carry_in(200_00)],
        [carry_in(200_00), *LAST, appropriate(1_00, at=line(fund="govfund", func="2120803"))],
    ],
)
def test_an_opening_that_is_explained_or_cannot_be(tmp_path: Path, requests: list[Request]) -> None:
    assert told(Year(tmp_path).record(*requests), "X11") == []


def test_last_years_book_says_it_itself(tmp_path: Path) -> None:
    """Then no figure is asked for, and none counts."""
    Year(tmp_path, book=BookId("420103", 2019))
    year = Year(tmp_path).record(carry_in(200_00))
    assert told(year, "X11") == []


# --- UNITS


def test_units_that_are_named_and_have_no_accounts(tmp_path: Path) -> None:
    reception = line("30217", project="-")
    counted = [
        request("headcount", "12-31", item=item, count=2) for item in ("civil_units", "full_units")
    ]
    year = Year(tmp_path, unit_kind="admin").record(appropriate(100_00, at=reception))
    assert told(year, "UNITS") == []
    year.record(*counted)
    (finding,) = told(year, "UNITS")
    assert (finding["tier"], finding["cells"]) == ("warn", ["N.s7a.units", "N.units"])
    assert "5 个单位，纳入决算的是 1 个" in finding["message"]
