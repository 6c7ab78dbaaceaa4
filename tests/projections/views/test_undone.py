"""What undid an entry, at a cut: a reversal, a correction, or what approved one."""

from pathlib import Path
from typing import Any

import pytest

from ledger.postings import amount_of
from projections.views.undone import last, standing, undone
from tests.harness.small_year import (
    LINE,
    Year,
    appropriate,
    line,
    pay,
    reallocate,
    request,
    reverse,
)

OTHER = line(project="P01")


def correct(ref: int, on: str = "04-01", **said: Any):
    return request("correct", on, ref, **{"changes": {}, **said})


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """5: paid, corrected by 6 and again by 7, which 8 reverses in May; 9: what the finance bureau
    allowed, corrected by 11, which approves the request 10."""
    year = Year(tmp_path).record(appropriate(1000_00))
    year.record(pay(1_00, "03-01"), correct(5, changes={"amount_fen": 2_00}))
    year.record(correct(5, changes={"amount_fen": 3_00}), reverse(7, "05-01"))
    year.record(reallocate(4_00, LINE, OTHER, "03-01", authority="finance"))
    year.record(correct(9, doc="调2"))
    return year.record(request("approve", "06-01", 10, authority="finance"), by="科长")


def by(year: Year, among: tuple[int, ...] | None = None, **cut: Any) -> Any:
    later = cut.pop("later", False)
    return year.ask(lambda reading: undone(reading, among, later=later), **cut)


def test_each_entry_names_the_one_that_undid_it(year: Year):
    assert by(year) == {5: (6, True), 6: (7, True), 7: (8, False), 9: (11, True)}
    assert by(year, (5, 7, 8)) == {5: (6, True), 7: (8, False)}
    assert by(year, ()) == {}


def test_it_is_undone_by_business_date_and_as_was_known(year: Year):
    assert by(year, as_of="04-30") == {5: (6, True), 6: (7, True)}
    assert by(year, as_of="04-30", later=True) == by(year)
    assert by(year, known_at=year.times[2]) == {5: (6, True)}


@pytest.mark.parametrize(
    ("number", "stands"),
    [(5, (7, False)), (6, (7, False)), (8, (8, True)), (9, (11, True)), (10, (10, True))],
)
def test_what_stands_in_the_place_of_an_entry(year: Year, number: int, stands: tuple[int, bool]):
    found = year.ask(lambda reading: last(undone(reading), number))
    assert tuple(found) == stands


def test_of_some_kinds_only_what_stands_is_found_the_last_first(year: Year):
    def told(reading: Any, *kinds: str) -> list[tuple[int, int | None]]:
        return [(number, amount_of(event)) for number, event in standing(reading, *kinds)]

    assert year.ask(told, "reallocate") == [(11, 4_00)]
    assert year.ask(told, "appropriate", "pay") == [(4, 1000_00)]
    assert year.ask(told, "pay", as_of="04-30") == [(7, 3_00)]
    assert year.ask(told, "pay", as_of="03-31") == [(5, 1_00)]
