"""结转账龄: how long money may still be kept, by hand, at the limits of R8."""

from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.events import FundBasis
from ledger.store.sqlite.place import SqlitePlace
from projections.questions.ageing import ageing
from projections.views.source import department
from tests.harness.plain import plain
from tests.harness.small_year import (
    CARRIED,
    CASH,
    LINE,
    Year,
    appropriate,
    carry_in,
    income,
    line,
    pay,
    project,
    release,
    reserve,
    reverse,
    transfer,
)

OLDER = line(origin=2018)
BASIC = line(project="-", origin=2019)
OWN = line(fund="nonfiscal", origin=2019)
LEFT = ("available_fen", "pending_fen", "held_fen", "left_fen")
TERM = ("ends", "months_left", "light")


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """100.00 of this year, 20.00 of 2019 and 7.00 of 2018 for a project; 30.00 of basic and 5.00 of
    non-fiscal money carried over; the last move is in June."""
    return Year(tmp_path).record(
        appropriate(100_00),
        carry_in(20_00),
        carry_in(7_00, at=OLDER),
        carry_in(30_00, at=BASIC),
        carry_in(5_00, at=OWN),
        pay(40_00, "06-10"),
    )


def row_of(answer: dict[str, Any], name: object, key: str = "line") -> dict[str, Any]:
    (row,) = [row for row in answer["lines" if key == "line" else "origins"] if row[key] == name]
    return dict(row)


def term(answer: dict[str, Any], name: object, key: str = "line") -> tuple[Any, ...]:
    return tuple(row_of(answer, name, key)[field] for field in TERM)


def left(answer: dict[str, Any], name: object, key: str = "line") -> tuple[Any, ...]:
    return tuple(row_of(answer, name, key)[field] for field in LEFT)


def test_a_year_by_hand(year: Year):
    """On 10 June: 18, 6 and −6 months; the day is the last on which money moved."""
    answer = year.ask(ageing)
    assert answer["date"] == "2020-06-10"
    assert term(answer, LINE) == ("2021-12-31", 18, "green")
    assert term(answer, CARRIED) == ("2020-12-31", 6, "yellow")
    assert term(answer, OLDER) == ("2019-12-31", -6, "due")
    assert left(answer, LINE) == (60_00, 0, 0, 60_00)
    assert [row["origin"] for row in answer["origins"]] == [2018, 2019, 2020]
    assert answer["totals"]["left_fen"] == 60_00 + 20_00 + 7_00 + 30_00 + 5_00


def test_money_without_a_term(year: Year):
    """Basic money is kept for ever, non-fiscal money is the unit's: no light, and of their origin
    only the project's 20.00 has a term."""
    answer = year.ask(ageing)
    for at in (BASIC, OWN):
        assert term(answer, at) == (None, None, None)
    origin = row_of(answer, 2019, "origin")
    assert (origin["lines"], origin["left_fen"], origin["term_fen"]) == (3, 55_00, 20_00)
    assert term(answer, 2019, "origin") == ("2020-12-31", 6, "yellow")


def test_an_origin_of_which_nothing_has_a_term(tmp_path: Path):
    year = Year(tmp_path).record(carry_in(1_00, at=BASIC))
    assert term(year.ask(ageing), 2019, "origin") == (None, None, None)
    assert row_of(year.ask(ageing), 2019, "origin")["term_fen"] == 0


@pytest.mark.parametrize(
    ("as_of", "months", "light"),
    [
        ("2020-11-30", 13, "green"),
        ("2020-12-01", 12, "watch"),
        ("2021-05-31", 7, "watch"),
        ("2021-06-01", 6, "yellow"),
        ("2021-08-31", 4, "yellow"),
        ("2021-09-01", 3, "red"),
        ("2021-12-01", 0, "red"),
        ("2021-12-30", 0, "red"),
        ("2021-12-31", 0, "due"),
        ("2022-01-01", -1, "due"),
    ],
)
def test_the_countdown(tmp_path: Path, as_of: str, months: int, light: str):
    """Of this year's money: at 12, 6 and 3 months the light turns; on the last day it is due."""
    year = Year(tmp_path).record(appropriate(1_00))
    assert term(year.ask(ageing, as_of=as_of), LINE) == ("2021-12-31", months, light)


def test_pending_and_held_money_is_still_there(tmp_path: Path):
    year = Year(tmp_path).record(
        carry_in(20_00, pending=True), release(12_00, at=CARRIED), reserve(5_00, at=CARRIED)
    )
    assert left(year.ask(ageing), CARRIED) == (7_00, 8_00, 5_00, 20_00)
    assert left(year.ask(ageing), 2019, "origin") == (7_00, 8_00, 5_00, 20_00)


def test_what_is_spent_is_gone_and_comes_back(tmp_path: Path):
    year = Year(tmp_path).record(carry_in(20_00), pay(20_00, at=CARRIED))
    assert year.ask(ageing)["lines"] == year.ask(ageing)["origins"] == []
    year.record(reverse(5))
    assert left(year.ask(ageing), CARRIED) == (20_00, 0, 0, 20_00)


def test_at_a_cut(year: Year):
    """As of a day: what was there then, judged on that day; as known then: without what came."""
    early = year.ask(ageing, as_of="02-01")
    assert left(early, LINE) == (100_00, 0, 0, 100_00)
    assert (early["date"], term(early, CARRIED)) == ("2020-02-01", ("2020-12-31", 10, "watch"))
    year.record(pay(20_00, "10-01", at=CARRIED))
    known = year.ask(ageing, known_at=year.times[-2])
    assert (known["date"], left(known, CARRIED)) == ("2020-06-10", (20_00, 0, 0, 20_00))
    assert CARRIED not in [row["line"] for row in year.ask(ageing)["lines"]]


def test_a_book_in_which_nothing_moved(tmp_path: Path):
    """No day and no lines; names move nothing."""
    year = Year(tmp_path).record(project("P02", "改名", "08-08"))
    answer = year.ask(ageing)
    assert (answer["date"], answer["lines"], answer["totals"]["left_fen"]) == (None, [], 0)


def test_the_books_of_a_department(tmp_path: Path):
    """One line in two books is one row; the day is the last of any book; a transfer moves money
    from one to the other and the department has as much as before."""
    other = BookId("420104", 2020)
    first = Year(tmp_path).record(carry_in(20_00), pay(1_00, "03-05", at=CARRIED))
    second = Year(tmp_path, book=other).record(
        carry_in(4_00), income(3_00, "09-09", at=CASH), carry_in(9_00, at=BASIC)
    )
    Year(tmp_path, book=BookId("420105", 2020))
    with department(SqlitePlace(first.db), 2020) as whole:
        answer = plain(ageing(whole))
    assert (answer["date"], term(answer, CARRIED)) == ("2020-09-09", ("2020-12-31", 3, "red"))
    assert left(answer, CARRIED) == (23_00, 0, 0, 23_00)
    assert row_of(answer, 2019, "origin")["left_fen"] == 32_00
    first.record(transfer(5_00, other), beside=other)
    assert left(second.ask(ageing), CARRIED) == (9_00, 0, 0, 9_00)
    with department(SqlitePlace(first.db), 2020) as whole:
        assert left(plain(ageing(whole)), CARRIED) == (23_00, 0, 0, 23_00)


@pytest.mark.parametrize("basis", ["payment", "recorded"])
def test_money_that_lapses_has_no_year_of_its_own(tmp_path: Path, basis: str) -> None:
    """N03: where income is what was paid, this year's budget is a right to spend until 12-31."""
    basic = line(project="-")
    year = Year(tmp_path, basis=basis).record(
        appropriate(100_00), appropriate(9_00, at=basic), carry_in(30_00, at=BASIC)
    )
    answer = year.ask(ageing, as_of="2020-09-30")
    for each in (LINE, basic):
        assert term(answer, each) == ("2020-12-31", 3, "red")
    assert term(answer, BASIC) == (None, None, None)
    assert row_of(answer, 2020, "origin")["term_fen"] == 109_00


def test_an_origin_of_several_bases_has_the_first_term(tmp_path: Path) -> None:
    bound = line(fund="govfund", func="2120801")
    year = Year(tmp_path, fund_basis=(FundBasis("govfund", "payment"),)).record(
        appropriate(100_00), appropriate(9_00, at=bound)
    )
    answer = year.ask(ageing, as_of="2020-09-30")
    assert (term(answer, LINE)[0], term(answer, bound)[0]) == ("2021-12-31", "2020-12-31")
    assert term(answer, 2020, "origin") == ("2020-12-31", 3, "red")
