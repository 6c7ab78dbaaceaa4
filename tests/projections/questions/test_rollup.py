"""汇总: many units' books as one department's, each book by its own basis."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from ledger.book import BookId
from ledger.decisions.closing import proposal
from ledger.errors import Malformed
from ledger.line import Fund
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.questions.carryover import carryover
from projections.questions.execution import execution
from projections.questions.three_public import three_public
from projections.report.cells import Cells
from projections.report.checks import check
from projections.report.editions import edition
from projections.report.figure import Report
from projections.views.reading import Cut, reading
from projections.views.source import department
from tests.harness.plain import plain
from tests.harness.small_year import (
    CARRIED,
    YEAR,
    appropriate,
    carry_in,
    income,
    line,
    open_book,
    pay,
    supplement,
)

RECEPTION = line("30217", project="-", func="2080101")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """A by indicator, B by payment, C with money of its own; D had a book only the year before."""
    file = tmp_path / "city.db"
    open_book(
        file,
        "A",
        appropriate(100_00),
        appropriate(9_00, at=RECEPTION),
        carry_in(20_00),
        pay(30_00),
        pay(5_00, at=CARRIED),
        pay(2_00, "12-01", at=RECEPTION, econ="30217"),
    )
    open_book(file, "B", appropriate(50_00), supplement(7_00), pay(40_00), basis="payment")
    own = line(fund="nonfiscal")
    open_book(file, "C", appropriate(8_00, at=own), income(6_00, at=own), pay(3_00, at=own))
    open_book(file, "D", year=YEAR - 1)
    return file


def test_figures_are_the_sums_of_the_books_by_their_own_bases(db: Path) -> None:
    with department(SqlitePlace(db), YEAR) as whole:
        found = plain(carryover(whole))
        assert [str(one.book) for one in whole.members()] == ["A/2020", "B/2020", "C/2020"]
        assert whole.absent == ("D",)
        # A: 109 by indicator; B: 40 by payment; C: 6 recorded.
        assert found["income_fen"] == 109_00 + 40_00 + 6_00
        assert found["opening_fen"] == 20_00
        assert found["expenditure_fen"] == 37_00 + 40_00 + 3_00
        assert found["closing_fen"] == 20_00 + 155_00 - 80_00
        rows = {row["project"]: row for row in plain(execution(whole, "all"))["projects"]}
        assert rows["P02"]["annual_budget_fen"] == 120_00 + 57_00 + 8_00
        assert rows["P02"]["name"] == "监察"
        assert plain(three_public(whole, [Fund.GENERAL]))["actual"]["reception_fen"] == 2_00


def test_the_cells_of_a_department_are_the_sums_of_the_cells_of_its_books(db: Path) -> None:
    """Every cell of every table; and the tables of the whole agree with each other."""
    with department(SqlitePlace(db), YEAR) as whole:
        cells = Cells(whole)
        summed = dict.fromkeys(cells.all, 0)
        for one in whole.members():
            alone = Cells(one)
            for name in alone.all:
                summed[name] += alone.fen(name)
        assert {name: cells.fen(name) for name in cells.all} == summed
        assert [f for f in plain(check(Report(cells)))["findings"] if f["tier"] == "error"] == []


def test_units_may_be_named_and_cut(db: Path) -> None:
    with department(SqlitePlace(db), YEAR, units=["A", "Z"], cut=Cut(date(2020, 6, 30))) as whole:
        assert whole.absent == ("Z",)
        assert plain(carryover(whole))["expenditure_fen"] == 35_00
        with reading(SqlitePlace(db), BookId("A", YEAR), Cut(date(2020, 6, 30))) as alone:
            own = carryover(alone)
            of_a = [replace(item, name="监察", units=("A",)) for item in own.items
                    if item.project != "-"]  # fmt: skip
            basic = [replace(item, name="", units=("A",)) for item in own.items
                     if item.project == "-"]  # fmt: skip
            assert carryover(whole) == replace(own, items=[*basic, *of_a])


def test_no_books_and_different_editions_are_told(db: Path) -> None:
    with pytest.raises(Malformed, match="2019、2020"), department(SqlitePlace(db), 2031):
        pass
    open_book(db, "E", edition="2022")
    with department(SqlitePlace(db), YEAR) as whole:
        assert plain(carryover(whole))["income_fen"] == 155_00  # no form is printed
        with pytest.raises(Malformed, match="--edition"):
            Cells(whole)
        assert Cells(whole, edition("2024")).printed("T3.合计.1")


def test_new_entries_of_any_book_are_in_the_next_answer(db: Path) -> None:
    with department(SqlitePlace(db), YEAR) as whole:
        before = plain(carryover(whole))["expenditure_fen"]
    with Books(SqlitePlace(db)) as books, books.writing(BookId("B", YEAR), actor="测试") as writing:
        writing.record(pay(1_00))
    with department(SqlitePlace(db), YEAR) as whole:
        assert plain(carryover(whole))["expenditure_fen"] == before + 1_00


def test_what_one_book_transfers_to_another_is_no_adjustment_of_the_department(db: Path) -> None:
    """A hands 4.00 of carry-over to B: each shows it, both together show nothing."""
    given = {"line": CARRIED, "amount_fen": 4_00, "counterpart": f"B/{YEAR}", "doc": "调1"}
    with Books(SqlitePlace(db)) as books:
        sent = Request("transfer", {**given, "occurred_on": date(YEAR, 3, 1)})
        books.transact(BookId("A", YEAR), sent, actor="测试")
    with reading(SqlitePlace(db), BookId("A", YEAR)) as alone:
        assert [a["fen"] for a in plain(carryover(alone))["opening_adjustments"]] == [-4_00]
    with department(SqlitePlace(db), YEAR) as whole:
        found = plain(carryover(whole))
        assert found["opening_adjustments"] == []
        assert found["opening_before_fen"] == found["opening_fen"] == 20_00


def test_which_books_are_closed_is_said(db: Path) -> None:
    """B is closed by two persons and reopened; the others were never closed."""

    def settled() -> list[tuple[str, bool]]:
        with department(SqlitePlace(db), YEAR) as whole:
            return [(each["book"], each["closed"]) for each in plain(whole.header())["books"]]

    end = {"occurred_on": date(YEAR, 12, 31)}
    book = BookId("B", YEAR)
    with Books(SqlitePlace(db)) as books:
        agreed = {"paid_fen": 40_00, "statement_fen": 40_00, "statement": "0f" * 32}
        books.transact(book, Request("reconcile", {**agreed, **end}), actor="会计")
        with books.writing(book, actor="会计") as writing:
            lines, cash = proposal(writing.state)
            asked = writing.record(Request("close-year", {"lines": lines, "cash": cash, **end}))
        assert settled() == [("A/2020", False), ("B/2020", False), ("C/2020", False)]
        signing = Request("approve", {"authority": "department", **end})
        signed = signing._replace(ref=f"#{asked.entries[-1].number}")
        books.transact(book, signed, actor="科长")
        assert settled() == [("A/2020", False), ("B/2020", True), ("C/2020", False)]
        assert plain(audit(SqlitePlace(db), book))["ok"]
        again = books.transact(book, Request("reopen-year", {"reason": "漏", **end}), actor="会计")
        signed = signing._replace(ref=f"#{again.entries[-1].number}")
        books.transact(book, signed, actor="科长")
        assert settled() == [("A/2020", False), ("B/2020", False), ("C/2020", False)]
