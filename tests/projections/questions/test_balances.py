"""余额: the accounts of a line and its budget, on a day and as known at a time."""

from pathlib import Path
from typing import Any

import pytest

from ledger.line import Fund, LinePattern
from projections.questions.balances import FIGURES, line_balances
from tests.harness.small_year import (
    CARRIED,
    LINE,
    Year,
    appropriate,
    carry_in,
    cut,
    income,
    line,
    pay,
    reallocate,
    refund,
    release,
    reverse,
    supplement,
    withdraw,
)

NAMES = ("initial", "annual_budget", "pending", "available", "paid")


def figures(year: Year, at: Any = LINE, **cut_: Any) -> tuple[int, ...]:
    """initial, annual budget, pending, available, paid of one line; zeros if it is not shown."""
    for row in year.ask(line_balances, **cut_)["lines"]:
        if row["line"] == at:
            assert row["annual_budget_fen"] == sum(row[name] for name in FIGURES[2:])
            assert row["held_fen"] == row["taken_fen"] == row["out_fen"] == 0
            return tuple(row[f"{name}_fen"] for name in NAMES)
    return (0,) * len(NAMES)


def test_each_kind_moves_its_accounts(tmp_path: Path):
    """One line through every kind: (initial, annual budget, pending, available, paid) in yuan."""
    other = line("30299")
    steps = (
        (appropriate(100_00), (100, 100, 0, 100, 0)),  # 4
        (supplement(50_00, pending=True), (100, 150, 50, 100, 0)),
        (release(20_00), (100, 150, 30, 120, 0)),
        (withdraw(15_00), (100, 150, 45, 105, 0)),
        (pay(40_00), (100, 150, 45, 65, 40)),  # 8
        (refund(8, 10_00), (100, 150, 45, 75, 30)),
        (cut(50_00), (100, 100, 0, 70, 30)),  # first the 45 pending, then 5
        (reallocate(60_00, LINE, other), (100, 40, 0, 10, 30)),
        (reallocate(5_00, other, LINE), (100, 45, 0, 15, 30)),
    )
    year = Year(tmp_path)
    for step, expected in steps:
        year.record(step)
        assert tuple(yuan * 100 for yuan in expected) == figures(year)
    assert figures(year, other) == (0, 55_00, 0, 55_00, 0)


@pytest.mark.parametrize(
    "request_",
    [
        supplement(7_00),
        supplement(7_00, pending=True),
        cut(7_00),
        cut(25_00),
        release(7_00),
        withdraw(7_00),
        pay(7_00),
        reallocate(7_00, LINE, line("30299")),
        carry_in(7_00),
        appropriate(7_00, at=line("30217")),
    ],
    ids=lambda request: request.kind,
)
def test_a_reversal_restores_every_line(tmp_path: Path, request_: Any):
    """Whatever is undone, no account keeps a trace of it: pending and executable too."""
    year = Year(tmp_path).record(appropriate(100_00), supplement(20_00, pending=True))
    before = year.ask(line_balances)
    year.record(request_)
    assert before != year.ask(line_balances)
    year.record(reverse(6, authority="finance"))
    after = year.ask(line_balances)
    assert before["totals"] == after["totals"]
    kept = [row for row in after["lines"] if any(row[name] for name in FIGURES)]
    assert before["lines"] == kept


def test_a_reversed_refund_is_paid_again(tmp_path: Path):
    year = Year(tmp_path).record(appropriate(100_00), pay(40_00), refund(5, 15_00))
    assert figures(year) == (100_00, 100_00, 0, 75_00, 25_00)
    year.record(reverse(6))
    assert figures(year) == (100_00, 100_00, 0, 60_00, 40_00)
    year.record(reverse(5))
    assert figures(year) == (100_00, 100_00, 0, 100_00, 0)


def test_origins_are_lines_of_their_own(tmp_path: Path):
    old = line(origin=2018)
    year = Year(tmp_path).record(
        carry_in(30_00),
        carry_in(5_00),
        carry_in(2_00, at=old),
        appropriate(9_00),
        pay(7_00, at=CARRIED),
    )
    assert figures(year, CARRIED) == (0, 35_00, 0, 28_00, 7_00)
    assert figures(year, old) == (0, 2_00, 0, 2_00, 0)
    assert figures(year) == (9_00, 9_00, 0, 9_00, 0)
    assert year.ask(line_balances)["totals"]["annual_budget_fen"] == 46_00


def test_a_pattern_narrows_lines_and_totals(tmp_path: Path):
    year = Year(tmp_path).record(
        appropriate(1_00), appropriate(2_00, at=line("30201")), carry_in(4_00),
        appropriate(8_00, at=line(func="2100101", project="-")),
    )  # fmt: skip
    for pattern, yuan in (
        (LinePattern(), 15),
        (LinePattern(func="2080105"), 7),
        (LinePattern(func="208"), 7),
        (LinePattern(func="21001"), 8),
        (LinePattern(econ="302"), 2),
        (LinePattern(econ="-"), 13),
        (LinePattern(origin=2019), 4),
        (LinePattern(spending="basic"), 8),
        (LinePattern(project="P02", origin=2020), 3),
        (LinePattern(fund="govfund"), 0),
    ):
        totals = year.ask(line_balances, pattern)["totals"]
        assert yuan * 100 == totals["annual_budget_fen"]


def test_every_day_around_the_ends_of_months(tmp_path: Path):
    """Whole months come from the roll-up and the rest from single postings: together they are what
    a plain sum over the payments says, on each day, recorded in whatever order."""
    days = [
        "12-31",
        "01-01",
        "02-29",
        "01-31",
        "02-01",
        "03-01",
        "02-28",
        "12-01",
        "11-30",
        "06-15",
    ]
    paid = {on: 3**n for n, on in enumerate(days)}
    year = Year(tmp_path).record(
        appropriate(sum(paid.values()), "01-01"), *(pay(fen, on) for on, fen in paid.items())
    )
    cuts = (*days, "01-02", "01-30", "02-02", "02-27", "03-02", "06-14", "06-16", "11-29", "12-30")
    for on in cuts:
        expected = sum(fen for when, fen in paid.items() if when <= on)
        assert expected == figures(year, as_of=on)[-1], on
    assert figures(year, as_of="2019-12-31") == (0, 0, 0, 0, 0)
    assert figures(year, as_of="2021-01-01") == figures(year)


def test_known_at_and_as_of_cut_apart(tmp_path: Path):
    """What was recorded late but dated early shows as of its date only once it was known."""
    year = Year(tmp_path)
    year.record(appropriate(100_00, "01-02")).record(pay(30_00, "09-01")).record(pay(5_00, "02-01"))
    opened, first, second, third = year.times
    for known, as_of, spent in (
        (opened, None, None),
        (first, None, 0),
        (second, None, 30_00),
        (third, None, 35_00),
        (second, "02-01", 0),
        (third, "02-01", 5_00),
        (third, "01-31", 0),
        (None, "08-31", 5_00),
    ):
        expected = (0,) * 5 if spent is None else (100_00, 100_00, 0, 100_00 - spent, spent)
        assert expected == figures(year, known_at=known, as_of=as_of)


DONATED = line(fund="nonfiscal", project="P02")
OWN = line(fund="nonfiscal", project="-")


def spendable(answer: dict[str, Any]) -> dict[Any, int]:
    return {row["line"]: row["spendable_fen"] for row in answer["lines"]}


def test_what_can_be_paid_now_ends_where_the_cash_ends(tmp_path: Path):
    """N03: of a donation that ran 28,000.00 below its budget as much can be paid as was given; its
    budget stands beside it. In the totals the cash is counted once."""
    other = line("30299", fund="nonfiscal", project="P02")
    year = Year(tmp_path).record(
        appropriate(100_00),
        *(appropriate(300_00, at=each) for each in (DONATED, other, OWN)),
        income(70_00, "02-01", at=DONATED),
        income(50_00, "03-01", at=OWN),
        pay(30_00, "04-01", at=other, econ="30299"),
    )
    answer = year.ask(line_balances)
    assert spendable(answer) == {LINE: 100_00, DONATED: 40_00, other: 40_00, OWN: 90_00}
    assert answer["totals"]["spendable_fen"] == 100_00 + 90_00
    assert answer["totals"]["available_fen"] == 100_00 + 870_00
    only = year.ask(line_balances, LinePattern(project="P02", fund=Fund.NONFISCAL))
    assert only["totals"]["spendable_fen"] == 40_00
    assert spendable(year.ask(line_balances, as_of="2020-02-10"))[OWN] == 70_00
    year.record(pay(41_00, "05-01", at=DONATED))  # of the other 50.00
    assert spendable(year.ask(line_balances)) == {LINE: 100_00, DONATED: 0, other: 0, OWN: 49_00}
