"""`--units` and `roll-up`: a department's figures through the command line."""

from pathlib import Path

import pytest

from tests.harness.shell import process
from tests.harness.small_year import appropriate, open_book, pay


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two units with a book of 2020, a third with one of 2019 only."""
    folder = tmp_path_factory.mktemp("city")
    file = folder / "yusuan.db"
    open_book(file, "A", appropriate(5_000_000), pay(1_234_500))
    open_book(file, "B", appropriate(9_000_000), pay(2_000_000, "12-30"))
    open_book(file, "C", year=2019)
    return folder


def test_the_books_of_a_department_and_those_that_are_missing(city: Path) -> None:
    """`roll-up` lists every book at its head, its walk, the totals, and who has no book."""
    found = process("roll-up", "--year", "2020", "--json", cwd=city)
    assert found.exit == 0
    answer = found.json
    assert [book["book"] for book in answer["books"]] == ["A/2020", "B/2020"]
    assert answer["absent"] == ["C"]
    assert [walk["closing_fen"] for walk in answer["walks"]] == [3_765_500, 7_000_000]
    assert answer["totals"] == {
        "opening_fen": 0,
        "income_fen": 14_000_000,
        "surplus_used_fen": 0,
        "expenditure_fen": 3_234_500,
        "distributed_fen": 0,
        "closing_fen": 10_765_500,
    }
    shown = process("roll-up", "--year", "2020", cwd=city).out
    assert "缺账套：C" in shown
    assert "107,655.00" in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (("carryover",), "107,655.00"),
        (("carry-ageing",), "107,655.00"),
        (("execution", "--scope", "all"), "32,345.00"),
        (("three-public",), "0.00"),
        (("table", "3"), "3.23"),
        (("check",), "决算审核"),
    ],
)
def test_queries_answer_for_a_department(city: Path, query: tuple[str, ...], expected: str) -> None:
    """The same query with `--units`, in text and in JSON, cut like any other."""
    cut = ("--units", "A, B", "--department", "某局", "--year", "2020")
    assert expected in process(*query, *cut, cwd=city).out
    found = process(*query, *cut, "--as-of", "2020-06-30", "--json", cwd=city).json
    assert (found["department"], found["as_of"]) == ("某局", "2020-06-30")
    assert "book" not in found


@pytest.mark.parametrize(
    "query",
    [
        ("carryover",),
        ("execution", "--scope", "all"),
        ("table", "1"),
        ("table", "1", "--format", "md"),
        ("table", "1", "--format", "csv"),
        ("table", "1", "-o", "表1.csv", "--force"),
        ("tables", "-o", "表.xlsx", "--force"),
        ("check",),
    ],
)
def test_a_unit_without_a_book_is_told(city: Path, query: tuple[str, ...]) -> None:
    """Whatever is asked of a department says whom it lacks, in text and in JSON."""
    cut = ("--units", "A,X,B", "--year", "2020")
    told = process(*query, *cut, cwd=city)
    assert "缺账套：X" in told.said
    whole = process(*query, "--units", "A,B", "--year", "2020", cwd=city)
    assert "缺账套" not in whole.said
    if "--format" not in query:
        assert process(*query, *cut, "--json", cwd=city).json["absent"] == ["X"]


def test_a_workbook_of_a_department(city: Path) -> None:
    made = process("tables", "-o", "汇总.xlsx", "--units", "all", "--year", "2020", cwd=city)
    assert made.exit == 0
    assert (city / "汇总.xlsx").read_bytes()[:2] == b"PK"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--units", "all"), "FIELD.REQUIRED"),
        (("--units", "all", "--year", "2044"), "BOOKS.NONE"),
        (("--units", "A,,B", "--year", "2020"), "LINE.UNIT"),
        (("--units", "C", "--year", "2020"), "BOOKS.NONE"),
    ],
)
def test_what_cannot_be_added_up_is_said(city: Path, arguments: tuple[str, ...], code: str) -> None:
    found = process("carryover", *arguments, "--json", cwd=city)
    assert (found.exit, found.json["code"]) == (2, code)
