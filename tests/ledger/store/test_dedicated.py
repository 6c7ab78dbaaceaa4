"""专款专用: whoever takes the cash of a 单位资金 project below zero is told (N04)."""

from pathlib import Path

from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.small_year import (
    Year,
    appropriate,
    income,
    line,
    pay,
    project,
    refund,
    reverse,
    surplus_in,
    use_surplus,
)

DONATED, OWN = line(fund="nonfiscal"), line(fund="nonfiscal", project="-")


def said(year: Year, request: Request) -> list[str]:
    """What is said of the cash when it is recorded."""
    with Books(SqlitePlace(year.db, lambda: year.now)) as books:
        recorded = books.transact(year.book, request, actor="测试")
    return [each.message for each in recorded.cautions if each.code == "CASH.DEDICATED"]


def book(folder: Path) -> Year:
    """95.00 given for P02 and 10.00 of interest; entries 4 to 7."""
    return Year(folder).record(
        appropriate(200_00, at=DONATED),
        appropriate(200_00, at=OWN),
        income(95_00, at=DONATED),
        income(10_00, at=OWN),
    )


def test_a_payment_above_the_donation_is_recorded_and_told(tmp_path: Path) -> None:
    year = book(tmp_path)
    assert said(year, pay(95_00, at=DONATED)) == []
    (told,) = said(year, pay(2_00, at=DONATED))
    assert "P02" in told
    assert "-2.00" in told
    assert "yusuan correct 编号 --line nonfiscal:2080105:project:P02:-:2020" in told
    assert "use-surplus" not in told, "there is nothing to be used"
    assert said(year, pay(1_00, at=OWN)) == []


def test_what_is_offered_is_what_the_book_has(tmp_path: Path) -> None:
    """Of earlier years' money as much as there is; income only where some is bound to nothing."""
    year = Year(tmp_path).record(appropriate(200_00, at=DONATED), surplus_in(1_50))
    year.record(project("P03", "别的"), income(9_00, at=line(fund="nonfiscal", project="P03")))
    (told,) = said(year, pay(2_00, at=DONATED))
    assert "use-surplus --func 2080105 --project P02 --amount 1.50" in told
    assert "correct 编号" not in told


def test_the_explicit_use_of_free_money_makes_it_whole(tmp_path: Path) -> None:
    year = book(tmp_path).record(surplus_in(5_00), use_surplus(2_00, at=DONATED))
    assert said(year, pay(97_00, at=DONATED)) == []
    (told,) = said(year, pay(1_00, at=DONATED))
    assert "-1.00" in told


def test_whatever_takes_the_cash_is_told(tmp_path: Path) -> None:
    """A payment within the donation whose income, or whose refund, is undone afterwards."""
    year = book(tmp_path).record(pay(96_00, at=DONATED), refund(8, 5_00))
    (told,) = said(year, reverse(9))
    assert "-1.00" in told
    year.record(refund(8, 96_00))
    assert said(year, pay(10_00, at=DONATED)) == []
    (told,) = said(year, reverse(6))
    assert "95.00" in told
    assert "-10.00" in told
