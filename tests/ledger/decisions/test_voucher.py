"""支付凭证: many payments in one entry, each decided as a payment, all of them or none."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay, refund, voucher
from ledger.line import LinePattern
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    CASH,
    DAY,
    LINE,
    RECEPTION,
    appropriated,
    carried_in,
    given,
    items,
    line,
    locked_through,
    paid,
    planned,
    received,
    reversed_,
    vouched,
)

WAGES = line("func=2080101 project=- econ=301")
PENSION = line("func=2080505 project=- econ=30108")
PAYROLL = ((WAGES, "30101", 60_00), (WAGES, "30102", 30_00), (PENSION, "30108", 9_00))
BUDGET = (appropriated(90_00, WAGES), appropriated(9_00, PENSION))


def asked(*parts: tuple[Any, str, int], **more: Any) -> Any:
    return partial(given(*BUDGET).when, voucher, items=items(*(parts or PAYROLL)), **more)()


def test_pays_several_lines_and_several_items_of_one_line_to_the_last_fen():
    book = asked().then(vouched(*PAYROLL))
    assert [book.state.available_fen(at) for at in (WAGES, PENSION)] == [0, 0]
    assert book.state.of(WAGES, Account.PAID) == 90_00
    assert len(book.entries) == 5  # opened, a project, two budgets, one voucher


def test_moves_what_its_payments_would_move():
    """State, views and tables add up the postings of payments; a voucher has no others."""
    together = given(*BUDGET, vouched(*PAYROLL)).book.state
    apart = given(*BUDGET, *(paid(fen, at, econ) for at, econ, fen in PAYROLL)).book.state
    assert apart.lines == together.lines
    assert apart.three_public == together.three_public
    assert apart.cash_fen == together.cash_fen


@pytest.mark.parametrize("position", [1, 2, 3])
def test_the_first_item_that_is_short_is_named_and_nothing_is_paid(position):
    parts = list(PAYROLL)
    at, econ, fen = parts[position - 1]
    parts[position - 1] = (at, econ, fen + 1)
    named = 2 if position == 1 else position  # the items before it are gone by then
    refused = asked(*parts).refused(Refusal.OVER_AVAILABLE, position=named, short_fen=1)
    assert str(refused).startswith(f"第 {named} 项：")


def test_an_item_draws_on_the_line_that_a_payment_would_draw_on():
    whole = WAGES.at_econ("-")
    scenario = given(appropriated(5_00, whole), appropriated(5_00, WAGES))
    scenario.when(voucher, items=items((whole, "30101", 3_00), (whole, "30201", 4_00))).then(
        vouched((WAGES, "30101", 3_00), (whole, "30201", 4_00))
    )


@pytest.mark.parametrize(
    ("refusal", "parts", "position"),
    [
        (Refusal.ECON_REQUIRED, ((WAGES, "30101", 1), (WAGES, "301", 1)), 2),
        (Refusal.CAPITAL_ON_BASIC, ((WAGES, "30901", 1), (WAGES, "30101", 1)), 1),
        (Refusal.LINE_MISSING, ((WAGES, "30101", 1), (WAGES, "30201", 1)), 2),
        (Refusal.OVER_AVAILABLE, ((WAGES, "30101", 90_00), (WAGES, "30102", 1)), 2),
    ],
)
def test_an_item_is_refused_as_a_payment_would_be(refusal, parts, position):
    asked(*parts).refused(refusal, position=position)


def test_what_is_not_about_an_item_names_none():
    asked(payee="").refused(Refusal.PAYEE_REQUIRED, position="absent")
    asked(occurred_on=date(2021, 1, 1)).refused(Refusal.DATE_OUTSIDE_YEAR, position="absent")
    given(*BUDGET, *locked_through(6)).when(voucher, items=items(*PAYROLL)).refused(
        Refusal.MONTH_LOCKED
    )


def test_a_line_that_the_book_does_not_have_is_named_before_any_money_is_looked_at():
    missing = line("func=2080199 project=-")
    given(*BUDGET).asked("voucher", items=[(WAGES, "30101", 99_00), (missing, "30101", 1)]).refused(
        Refusal.LINE_MISSING, position=2
    )
    swapped = line("func=2080101 project=P02 econ=301")
    given(*BUDGET).asked("voucher", items=[(swapped, "30101", 1)]).refused(
        Refusal.SPENDING_DIFFERS, position=1
    )


def test_three_public_payments_of_all_items_together_stay_within_the_cap():
    """R3: 5.00 of cap; 3.00 and 2.01 are each within it, together they are not."""
    scenario = given(appropriated(5_00, RECEPTION))
    parts = ((RECEPTION, "30217", 3_00), (RECEPTION, "30217", 2_01))
    scenario.when(voucher, items=items(*parts)).refused(
        Refusal.THREE_PUBLIC_CAP, position=2, spent_fen=3_00, left_fen=2_00, amount_fen=2_01
    )
    lawful = vouched((RECEPTION, "30217", 3_00), (RECEPTION, "30217", 2_00))
    book = scenario.when(voucher, items=lawful.items).then(lawful)
    assert book.state.three_public["reception"].spent_fen == 5_00
    book = given(appropriated(5_00, RECEPTION), lawful, reversed_(lawful)).book
    assert book.state.three_public["reception"].spent_fen == 0


def test_plans_and_cash_are_asked_for_all_items_together():
    given(appropriated(50_00), planned(10_00)).when(
        voucher, items=items((LINE, "30299", 6_00), (LINE, "30299", 5_00))
    ).refused(Refusal.OVER_PLAN, position=2, short_fen=1_00)
    given(appropriated(50_00, CASH), received(10_00)).when(
        voucher, items=items((CASH, "30299", 6_00), (CASH, "30299", 5_00))
    ).refused(Refusal.OVER_CASH, position=2, short_fen=1_00)


def test_money_of_an_earlier_year_is_paid_like_any():
    scenario = given(carried_in(5_00), appropriated(5_00))
    parts = ((CARRIED, "30299", 5_00), (LINE, "30299", 5_00))
    scenario.when(voucher, items=items(*parts)).then(vouched(*parts))


def test_the_ways_out_are_items_that_a_person_can_type():
    refused = asked((WAGES, "30101", 90_00), (PENSION, "30108", 9_01)).refused(
        Refusal.OVER_AVAILABLE, position=2
    )
    assert typed(refused.ways_out)[-1] == f"--item {PENSION},econ=30108=9.00"
    refused = asked((WAGES, "301", 2_00)).refused(Refusal.ECON_REQUIRED)
    assert typed(refused.ways_out) == [f"--item {WAGES},econ=30101=2.00"]


def test_a_voucher_is_reversed_as_a_whole_and_once():
    voucher_ = vouched(*PAYROLL)
    scenario = given(*BUDGET, voucher_)
    book = scenario.when(reverse, original=voucher_).then(reversed_(voucher_))
    assert [book.state.available_fen(at) for at in (WAGES, PENSION)] == [90_00, 9_00]
    again = given(*BUDGET, voucher_, reversed_(voucher_))
    again.when(reverse, original=voucher_).refused(Refusal.ENTRY_REVERSED)


def test_a_reversal_may_repeat_a_line_of_the_voucher_with_the_items_econ():
    voucher_ = vouched(*PAYROLL)
    scenario = given(*BUDGET, voucher_)
    scenario.when(reverse, original=voucher_, line=LinePattern(econ="30102")).allowed()
    scenario = given(*BUDGET, voucher_)
    scenario.when(reverse, original=voucher_, line=LinePattern(econ="30103")).refused(
        Refusal.ENTRY_DIFFERS
    )


def test_one_item_of_a_voucher_comes_back():
    """Which one has to be said, by its line or its 款; never more than is left of it."""
    voucher_ = vouched(*PAYROLL)
    scenario = given(*BUDGET, voucher_)
    refused = scenario.when(refund, original=voucher_, amount_fen=1).refused(
        Refusal.ITEM_AMBIGUOUS, entry=5, count=3
    )
    assert len(refused.ways_out) == 3
    basic = LinePattern(econ="30102")
    scenario.when(refund, original=voucher_, amount_fen=30_01, line=basic).refused(
        Refusal.REFUND_EXCEEDS, paid_fen=30_00, left_fen=30_00
    )
    book = scenario.when(refund, original=voucher_, amount_fen=30_00, line=basic).allowed()
    back = book.last
    assert (back.item, back.econ, back.payee, back.amount_fen) == (
        2,
        "30102",
        voucher_.payee,
        30_00,
    )
    scenario.when(refund, original=voucher_, amount_fen=1, line=basic).refused(
        Refusal.REFUND_EXCEEDS, left_fen=0
    )
    scenario.when(
        refund, original=voucher_, amount_fen=60_00, line=LinePattern(econ="30101")
    ).allowed()


def test_what_is_said_once_for_a_voucher_is_put_right_and_its_items_are_not():
    voucher_ = vouched(*PAYROLL)
    scenario = given(*BUDGET, voucher_)
    book = scenario.when(correct, original=voucher_, changes={"payee": "别人"}).allowed()
    assert (book.last.right.payee, book.last.right.items) == ("别人", voucher_.items)
    refused = (
        given(*BUDGET, voucher_)
        .when(correct, original=voucher_, changes={"amount_fen": 1})
        .refused(Refusal.ENTRY_KIND)
    )
    assert typed(refused.ways_out) == ["yusuan reverse 5"]


def test_a_correction_by_parts_is_refused_for_a_voucher_too():
    voucher_ = vouched(*PAYROLL)
    given(*BUDGET, voucher_).asked(
        "correct", original=voucher_, changes={"parts": LinePattern(econ="30103")}
    ).refused(Refusal.ENTRY_KIND)


PARTICULARS: dict[str, Any] = {
    "pay_type": "direct",
    "procurement": True,
    "direct_funds": True,
}


def test_payments_and_vouchers_keep_what_is_said_of_them():
    scenario = given(appropriated(50_00))
    scenario.when(pay, amount_fen=1_00, **PARTICULARS).then(paid(1_00, **PARTICULARS))
    parts = ((LINE, "30299", 1_00),)
    scenario.when(voucher, items=items(*parts), **PARTICULARS).then(vouched(*parts, **PARTICULARS))


def test_a_correction_changes_what_is_said_of_a_payment_and_keeps_the_rest():
    wrong = paid(1_00, **PARTICULARS)
    book = (
        given(appropriated(50_00), wrong)
        .when(correct, original=wrong, changes={"pay_type": "authorized", "direct_funds": False})
        .allowed()
    )
    right = paid(1_00, pay_type="authorized", procurement=True)
    assert right == book.last.right
    assert book.last.right.occurred_on == DAY
