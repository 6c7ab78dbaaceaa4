"""月结: in order, when the month is over, and opened again by two persons."""

from datetime import date

import pytest

from ledger.decisions.approval import approve, reject
from ledger.decisions.closing import lock_month, unlock_month
from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay
from ledger.events import ApprovalRequested, MonthUnlocked
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import appropriated, given, locked_through, paid

JANUARY = date(2020, 1, 2)


@pytest.mark.parametrize(("month", "last"), [(1, 31), (2, 29), (4, 30)])
def test_a_month_is_over_on_its_last_day(month, last):
    scenario = given(*locked_through(month - 1)) if month > 1 else given()
    refused = scenario.when(
        lock_month, month=month, occurred_on=date(2020, month, last - 1)
    ).refused(Refusal.MONTH_NOT_OVER, month=month)
    assert typed(refused.ways_out) == [f"--date 2020-{month:02d}-{last}"]
    scenario.when(lock_month, month=month, occurred_on=date(2020, month, last)).allowed()


def test_months_are_locked_in_their_order():
    scenario = given(*locked_through(2))
    refused = scenario.when(lock_month, month=5).refused(Refusal.MONTH_ORDER, first=3)
    assert typed(refused.ways_out) == ["yusuan lock-month 3 --date 2020-03-31"]
    assert scenario.when(lock_month, month=3).allowed().state.locked_months == [1, 2, 3]


def test_two_persons_open_a_month_again_and_it_is_locked_again_before_any_later_one():
    scenario = given(appropriated(9_00, occurred_on=JANUARY), *locked_through(4))
    wanted = {"amount_fen": 1_00, "occurred_on": date(2020, 3, 31)}
    refused = scenario.when(pay, **wanted).refused(Refusal.MONTH_LOCKED)
    assert typed(refused.ways_out) == ["--date 2020-05-01"]
    asked = scenario.when(unlock_month, month=3).allowed()
    assert asked.state.locked_months == [1, 2, 3, 4]
    request = asked.given[-1]
    assert isinstance(request, ApprovalRequested)
    assert isinstance(request.proposed, MonthUnlocked)
    scenario.when(approve, original=request, authority=None).refused(Refusal.AUTHORITY_TOO_LOW)
    scenario.when(approve, original=request, actor="出纳").refused(Refusal.SAME_ACTOR)
    open_again = scenario.when(approve, original=request, authority="department").allowed()
    assert open_again.state.locked_months == [1, 2, 4]
    scenario.when(lock_month, month=5).refused(Refusal.MONTH_ORDER, first=3)
    scenario.when(pay, **wanted).allowed()
    scenario.when(lock_month, month=3).allowed()


def test_what_two_have_asked_for_is_done_once():
    scenario = given(*locked_through(1))
    first = scenario.when(unlock_month, month=1).allowed().given[-1]
    second = scenario.when(unlock_month, month=1, reason="又漏记一笔").allowed().given[-1]
    scenario.when(approve, original=first, authority="department").allowed()
    scenario.when(approve, original=second, authority="department").refused(
        Refusal.MONTH_NOT_LOCKED
    )
    scenario.when(reject, original=second, reason="已解锁").allowed()


def test_without_a_later_open_day_the_month_is_opened_again():
    """Never an earlier day: the money may not have been there."""
    december = appropriated(9_00, occurred_on=date(2020, 12, 5))
    scenario = given(december, *locked_through(12))
    refused = scenario.when(pay, amount_fen=1, occurred_on=date(2020, 12, 6)).refused(
        Refusal.MONTH_LOCKED
    )
    assert typed(refused.ways_out) == ["yusuan unlock-month 12 --reason 事由"]


def test_what_is_dated_before_its_original_is_led_to_an_open_day():
    payment = paid(1_00, occurred_on=date(2020, 4, 5))
    scenario = given(appropriated(9_00, occurred_on=JANUARY), payment, *locked_through(4))
    scenario.when(reverse, original=payment, occurred_on=date(2020, 5, 1)).allowed()
    scenario = given(appropriated(9_00, occurred_on=JANUARY), payment)
    refused = scenario.when(reverse, original=payment, occurred_on=JANUARY).refused(
        Refusal.DATE_BEFORE_ORIGINAL
    )
    assert typed(refused.ways_out) == ["--date 2020-04-05"]
