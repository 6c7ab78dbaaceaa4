"""Which books stand beside a year's: those of the same units, by the same day."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.store.sqlite.place import SqlitePlace
from projections.views.last_year import compared, last_year
from projections.views.reading import Cut, reading
from projections.views.source import department
from tests.harness.plain import plain
from tests.harness.small_year import START, YEAR, Year, open_book


def told(file: Path, unit: str = "A", **cut: Any) -> Any:
    """What is said of the books of last year of one unit."""
    place = SqlitePlace(file)
    with reading(place, BookId(unit, YEAR), Cut(**cut)) as now:
        pass
    with last_year(place, now) as before:
        return plain(compared(before))["compared_with"]


def test_a_book_and_the_one_before(tmp_path: Path):
    file = tmp_path / "city.db"
    open_book(file, "A", year=YEAR - 1)
    open_book(file, "A")
    open_book(file, "B")
    found = told(file)
    assert (found["year"], found["absent"]) == (YEAR - 1, [])
    assert [book["book"] for book in found["books"]] == [f"A/{YEAR - 1}"]
    assert (told(file, "B")["books"], told(file, "B")["absent"]) == ([], ["B"])


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2020, 6, 30), "2019-06-30"),
        (date(2020, 2, 29), "2019-02-28"),
        (date(2020, 12, 31), "2019-12-31"),
        (date(2021, 3, 1), "2020-03-01"),
        (None, None),
    ],
)
def test_the_same_day_a_year_earlier(tmp_path: Path, day: date | None, before: str | None):
    file = tmp_path / "city.db"
    open_book(file, "A", year=YEAR - 1)
    open_book(file, "A")
    assert told(file, as_of=day)["as_of"] == before


def test_what_was_not_known_then_is_absent(tmp_path: Path):
    year = Year(tmp_path)
    Year(tmp_path, book=BookId(year.book.unit, YEAR - 1))
    first: datetime = year.times[0]
    assert told(year.db, year.book.unit, known_at=first)["books"]
    before_any = START.replace(year=2000)
    assert told(year.db, year.book.unit, known_at=before_any)["absent"] == [year.book.unit]


def test_the_units_of_a_department(tmp_path: Path):
    """Those that are added up this year: one of them is new, and another has left."""
    file = tmp_path / "city.db"
    for unit in ("A", "B"):
        open_book(file, unit)
    for unit in ("A", "C"):
        open_book(file, unit, year=YEAR - 1)
    place = SqlitePlace(file)
    with department(place, YEAR) as now:
        pass
    with last_year(place, now) as before:
        found = plain(compared(before))["compared_with"]
    assert [book["book"] for book in found["books"]] == [f"A/{YEAR - 1}"]
    assert found["absent"] == ["B"]
