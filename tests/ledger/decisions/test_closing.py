"""月结: nothing more is dated into a locked month (R13)."""

from datetime import date
from typing import Any

import pytest

from ledger.decisions.budget import appropriate, cut, reallocate, supplement
from ledger.decisions.closing import lock_month
from ledger.decisions.disbursement import pay, refund
from ledger.decisions.income import income
from ledger.decisions.indicator import release, withdraw
from ledger.decisions.opening import carry_in
from ledger.refusals import Refusal
from tests.scenario import (
    LINE,
    appropriated,
    given,
    line,
    locked,
    paid,
    shares,
)

MONEY: dict[Any, dict[str, Any]] = {
    carry_in: {},
    appropriate: {},
    supplement: {},
    cut: {},
    release: {},
    withdraw: {},
    pay: {},
    income: {},
    reallocate: {
        "sources": shares((LINE, 1)),
        "targets": shares((line("econ=30201"), 1)),
    },
}


def test_a_month_is_locked_once():
    given().when(lock_month, month=3).then(locked(3))
    given(locked(3)).when(lock_month, month=4).then(locked(4))
    given(locked(3)).when(lock_month, month=3).refused(Refusal.MONTH_ALREADY_LOCKED, month=3)


def test_locking_is_itself_dated_in_the_year_and_not_stopped_by_a_lock():
    """June may be locked in June, and July locked on a day of the locked June."""
    given(locked(6)).when(lock_month, month=7).then(locked(7))
    given().when(lock_month, month=3, occurred_on=date(2021, 1, 1)).refused(
        Refusal.DATE_OUTSIDE_YEAR, date="2021-01-01"
    )


@pytest.mark.parametrize("decision", MONEY, ids=lambda d: d.__name__)
def test_no_money_is_dated_into_a_locked_month_or_outside_the_year(decision):
    """The last day of a locked June, the day before the year and the day after it."""
    asked = MONEY[decision]
    if decision is not reallocate:
        asked = {**asked, "amount_fen": 1}
    before_lock = appropriated(100_00, occurred_on=date(2020, 5, 1))
    scenario = given(before_lock, locked(6))
    scenario.when(decision, occurred_on=date(2020, 6, 30), **asked).refused(
        Refusal.MONTH_LOCKED, month=6, date="2020-06-30"
    )
    for day in (date(2019, 12, 31), date(2021, 1, 1)):
        scenario.when(decision, occurred_on=day, **asked).refused(
            Refusal.DATE_OUTSIDE_YEAR, date=day.isoformat(), year=2020
        )


def test_the_days_beside_a_locked_month_stay_open():
    scenario = given(appropriated(100_00, occurred_on=date(2020, 1, 2)), locked(6))
    for day in (date(2020, 5, 31), date(2020, 7, 1)):
        scenario.when(pay, amount_fen=1, occurred_on=day).allowed()


def test_a_payment_of_a_locked_month_is_refunded_in_an_open_one():
    """The lock is on the date of the new entry, not on the entry that it is about."""
    payment = paid(60_00)
    scenario = given(appropriated(100_00), payment, locked(6))
    scenario.when(refund, original=payment, amount_fen=60_00).refused(Refusal.MONTH_LOCKED, month=6)
    july = date(2020, 7, 1)
    scenario.when(refund, original=payment, amount_fen=60_00, occurred_on=july).allowed()


def test_the_way_out_is_the_next_open_month_else_any():
    """A locked June leads to July, though January is open; a locked December back to January."""
    for month, way in ((6, "--date 2020-07-01"), (12, "--date 2020-01-01")):
        day = date(2020, month, 5)
        refused = (
            given(locked(month))
            .when(appropriate, amount_fen=1, occurred_on=day)
            .refused(Refusal.MONTH_LOCKED)
        )
        assert [way] == refused.ways_out


def test_the_way_out_is_the_first_open_month():
    refused = (
        given(locked(1), locked(2))
        .when(pay, amount_fen=1, occurred_on=date(2020, 2, 1))
        .refused(Refusal.MONTH_LOCKED)
    )
    assert refused.ways_out == ["--date 2020-03-01"]
