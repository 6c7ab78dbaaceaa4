"""On which days was more spent than was there, to the day: of lines and of the cash, at every cut,
and of what was just recorded."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.cautions import Uncovered
from ledger.rules.uncovered import Take
from ledger.store.sqlite.place import SqlitePlace
from projections.report.checked.uncovered import NAMED, remarks, runs, uncovered_days
from projections.views.reading import reading
from tests.harness.small_year import (
    CARRIED,
    CASH,
    LINE,
    Year,
    appropriate,
    carry_in,
    day,
    income,
    line,
    pay,
    reallocate,
    refund,
    request,
    reserve,
    reverse,
    supplement,
    surplus_in,
    unreserve,
    use_surplus,
    voucher,
)

TO = line("30202")
BUDGET = (appropriate(100_00, "01-10"), supplement(50_00, "06-10"))
"""The entries 4 and 5, after the book and its two projects."""


@pytest.fixture
def year(tmp_path):
    return Year(tmp_path)


def told(year, **cut):
    """(where, first, worst, short, covered, entries) of every run."""
    return [tuple(run.values())[:6] for run in year.ask(uncovered_days, **cut)]


@pytest.mark.parametrize(
    ("requests", "found"),
    [
        ([], []),
        ([pay(100_00, "03-01"), pay(50_00, "06-10")], []),
        ([pay(100_00, "01-10")], []),
        ([pay(150_00, "03-01")], [("03-01", "03-01", 50_00, "06-10", [6])]),
        ([pay(1_00, "01-09")], [("01-09", "01-09", 1_00, "01-10", [6])]),
        ([pay(110_00, "03-01"), pay(20_00, "05-31")],
         [("03-01", "05-31", 30_00, "06-10", [6, 7])]),
        ([pay(110_00, "03-01"), refund(6, 10_00, "04-01"), pay(9_00, "05-01")],
         [("03-01", "03-01", 10_00, "04-01", [6]), ("05-01", "05-01", 9_00, "06-10", [8])]),
        ([pay(110_00, "03-01"), reverse(6, "03-01")], []),
        ([pay(110_00, "03-01"), supplement(10_00, "03-01")], []),
        ([pay(110_00, "03-01"), supplement(10_00, "02-01")], []),
        ([reserve(110_00, "03-01"), unreserve(6, 110_00, "04-01")],
         [("03-01", "03-01", 10_00, "04-01", [6])]),
        ([voucher((LINE, "30201", 60_00), (LINE, "30202", 60_00), on="03-01")],
         [("03-01", "03-01", 20_00, "06-10", [6])]),
        ([reallocate(110_00, LINE, TO, "03-01")],
         [("03-01", "03-01", 10_00, "06-10", [6])]),
    ],
)  # fmt: skip
def test_the_days_of_a_line(year, requests, found):
    year.record(*BUDGET, *requests)
    at = [(str(LINE), *(f"2020-{d}" for d in row[:2]), row[2], f"2020-{row[3]}", row[4])
          for row in found]  # fmt: skip
    assert told(year) == at


def test_the_days_of_the_cash(year):
    year.record(
        appropriate(500_00, "01-02", CASH),
        surplus_in(70_00),
        income(60_00, "05-01"),
        pay(40_00, "02-01", CASH),
        use_surplus(30_00, on="04-01"),
        pay(20_00, "04-15", CASH),
    )
    year.record(pay(1_00, "12-31", CASH))
    assert told(year) == [
        (None, "2020-02-01", "2020-02-01", 40_00, "2020-05-01", [7]),
    ]
    assert told(year, as_of="2020-04-30") == [
        (None, "2020-02-01", "2020-02-01", 40_00, None, [7]),
    ]


def test_what_was_known_and_what_was_dated_by_then(year):
    year.record(*BUDGET).record(pay(150_00, "03-01")).record(supplement(50_00, "02-01"))
    year.record(appropriate(9_00, "07-01", CASH), income(9_00, "07-01"))
    year.record(pay(9_00, "06-30", CASH)).record(income(9_00, "01-01"))
    run = (str(LINE), "2020-03-01", "2020-03-01", 50_00, "2020-06-10", [6])
    of_cash = [
        (str(CASH), "2020-06-30", "2020-06-30", 9_00, "2020-07-01", [10]),
        (None, "2020-06-30", "2020-06-30", 9_00, "2020-07-01", [10]),
    ]
    _, budgeted, paid, mended, _, spent, _ = year.times
    assert told(year, known_at=budgeted) == []
    assert told(year, known_at=paid) == [run]
    assert told(year, known_at=paid, as_of="2020-03-01") == [(*run[:4], None, [6])]
    assert told(year, known_at=paid, as_of="2020-02-29") == []
    assert told(year, known_at=mended) == []
    assert told(year, known_at=spent) == of_cash
    assert told(year) == of_cash[:1]


def named(year):
    """(entries, those of them that can be reversed) of every run."""
    return [(run["entries"], run["reversible"]) for run in year.ask(uncovered_days)]


def test_what_is_undone_is_named_where_nothing_else_took_it(year):
    """6 is reversed on its own day and 8 corrected on it; what is undone later comes last."""
    year.record(*BUDGET, pay(110_00, "03-01"), reverse(6, "03-01"))
    assert named(year) == []
    year.record(
        pay(120_00, "03-01"), request("correct", "03-01", 8, changes={"amount_fen": 101_00})
    )
    assert named(year) == [([9], [9])]
    year.record(pay(1_00, "03-01", again=True), reverse(9, "04-01"))
    assert named(year) == [([10], [10])]
    year.record(reverse(10, "04-01"))
    assert named(year) == [([9, 10], [])]


def test_a_reversal_that_took_is_not_to_be_reversed(year):
    year.record(*BUDGET, supplement(20_00, "02-01"), pay(120_00, "03-01"), reverse(6, "03-01"))
    assert named(year) == [([7, 8], [7])]


def test_what_came_back_in_part_is_not_to_be_reversed_as_it_is(year):
    """Until the refund is undone itself; so of a reservation that was used."""
    year.record(*BUDGET, pay(120_00, "03-01"), refund(6, 1_00, "03-01"))
    assert named(year) == [([6], [])]
    year.record(reverse(7, "03-01"))
    assert named(year) == [([6], [6])]
    year.record(reverse(6, "03-01"), reserve(120_00, "03-02"))
    assert named(year) == [([10], [10])]
    year.record(unreserve(10, 1_00, "03-03"))
    assert named(year) == [([10], [])]


def test_what_lies_in_a_locked_month_is_reversed_when_that_is_unlocked(year):
    """The advice says so, and is accepted then."""
    year.record(*BUDGET, pay(120_00, "03-01"))
    assert named(year) == [([6], [6])]
    year.record(*(request("lock-month", "12-31", month=month) for month in (1, 2, 3)))
    assert named(year) == [([6], [])]
    year.record(request("unlock-month", "12-31", month=3, reason="补记"))
    assert named(year) == [([6], [])]
    year.record(request("approve", "12-31", 10, authority="department"), by="乙")
    assert named(year) == [([6], [6])]
    year.record(reverse(6, "03-01"))
    assert named(year) == []


def test_of_many_entries_some_are_named(year):
    year.record(
        carry_in(100_00, "12-31"),
        *(pay(10, "02-01", CARRIED, again=True) for _ in range(NAMED + 5)),
    )
    (run,) = year.ask(uncovered_days)
    assert (run["entries"], run["count"]) == ([*range(5, 5 + NAMED)], NAMED + 5)


def said(year, *takes, ahead=()):
    """What is said of what was just recorded, and of how many rows."""
    with reading(SqlitePlace(year.db), year.book) as opened:
        found = remarks(opened, [Take(at, day(on), fen) for at, on, fen in takes], dict(ahead))
    return [(as_told(remark.facts), rows) for remark, rows, _ in found]


def as_told(facts):
    assert isinstance(facts, Uncovered)
    return (
        facts.line,
        f"{facts.date:%m-%d}",
        facts.amount_fen,
        f"{facts.short_on:%m-%d}",
        facts.there_fen,
        facts.short_fen,
        f"{facts.covered_on:%m-%d}",
    )


def test_what_is_said_of_an_entry_is_of_its_day_and_later(year):
    year.record(*BUDGET, pay(150_00, "03-01"))
    taken = (LINE, "03-01", 150_00)
    told = (str(LINE), "03-01", 150_00, "03-01", 100_00, 50_00, "06-10")
    assert said(year, taken) == [(told, 1)]
    assert said(year, (LINE, "06-10", 1)) == []  # from then on it is there
    early = (str(LINE), "02-01", 1_00, "03-01", -49_00, 50_00, "06-10")
    assert said(year, (LINE, "02-01", 1_00)) == [(early, 1)]


def test_of_a_file_a_line_is_told_once(year):
    year.record(*BUDGET, *(pay(30_00, f"03-0{n}", again=True) for n in range(1, 6)))
    rows = [(LINE, f"03-0{n}", 30_00) for n in (5, 4, 3)]
    told = (str(LINE), "03-03", 90_00, "03-05", 40_00, 50_00, "06-10")
    assert said(year, *rows, (LINE, "07-01", 5)) == [(told, 3)]


def test_a_dry_run_is_looked_at_as_if_it_were_recorded(year):
    year.record(*BUDGET)
    ahead = {(LINE, day("03-01")): -150_00, (CASH, day("03-01")): -1}
    told = (str(LINE), "03-01", 150_00, "03-01", 100_00, 50_00, "06-10")
    assert said(year, (LINE, "03-01", 150_00), ahead=ahead) == [(told, 1)]
    assert year.ask(uncovered_days) == []


DAYS = st.dictionaries(st.integers(0, 365), st.integers(-9, 9), max_size=12)


@given(DAYS)
def test_runs_are_the_days_that_end_below_zero(changes):
    first = date(2020, 1, 1)
    days = {first + timedelta(days=n): fen for n, fen in changes.items()}
    short = set()
    for run in runs("x", days):
        after = run.covered_on or date(2021, 1, 1)
        short |= {run.first + timedelta(days=n) for n in range((after - run.first).days)}
        least = min(sum(fen for d, fen in days.items() if d <= end) for end in short)
        assert -run.short_fen >= least
        assert sum(fen for d, fen in days.items() if d <= run.short_on) == -run.short_fen
    for n in range(366):
        end = first + timedelta(days=n)
        assert (sum(fen for d, fen in days.items() if d <= end) < 0) == (end in short)
