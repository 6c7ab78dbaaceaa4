"""支付 and 退款: R1 no budget, no spending; R2 purpose; R15 refunds; R16 what a payment says."""

from datetime import date

import pytest

from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay, refund
from ledger.line import LinePattern
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    LINE,
    appropriated,
    carried_in,
    given,
    line,
    paid,
    refunded,
    reversed_,
    supplemented,
)

BASIC = line("project=- econ=30299")


def test_pays_the_last_fen():
    book = given(appropriated(500_00)).when(pay, amount_fen=500_00).then(paid(500_00))
    assert (book.state.available_fen(LINE), book.state.of(LINE, Account.PAID)) == (0, 500_00)


def test_refuses_one_fen_more():
    given(appropriated(500_00)).when(pay, amount_fen=500_01).refused(
        Refusal.OVER_AVAILABLE,
        line=str(LINE),
        available_fen=500_00,
        amount_fen=500_01,
        short_fen=1,
    )


def test_what_was_paid_before_counts():
    scenario = given(appropriated(500_00), paid(499_99))
    scenario.when(pay, amount_fen=2).refused(Refusal.OVER_AVAILABLE, available_fen=1)
    scenario.when(pay, amount_fen=1).then(paid(1))


@pytest.mark.parametrize(
    ("lines", "drawn"),
    [
        (["30299", "302", "-"], "30299"),
        (["302", "-"], "302"),
        (["-"], "-"),
        (["30201", "302"], "302"),
        (["303", "-"], "-"),
    ],
)
def test_a_payment_draws_on_its_own_item_else_its_class_else_the_line_without_econ(lines, drawn):
    history = [appropriated(10_00, LINE.at_econ(econ)) for econ in lines]
    given(*history).when(pay, line=LINE.at_econ(lines[-1]), amount_fen=10_00).then(
        paid(10_00, LINE.at_econ(drawn))
    )


def test_a_payment_draws_on_one_line_and_does_not_overflow_into_the_next():
    """5.00 on the 款 and 100.00 on the 类: a payment of 5.01 is refused, though the 类 has more."""
    scenario = given(appropriated(5_00), appropriated(100_00, LINE.at_econ("302")))
    scenario.when(pay, amount_fen=5_01).refused(Refusal.OVER_AVAILABLE, line=str(LINE))


@pytest.mark.parametrize(
    "elsewhere",
    ["func=2080106", "project=P03", "project=-", "origin=2019", "fund=govfund", "econ=30201"],
)
def test_money_of_another_line_does_not_pay(elsewhere):
    """R1: no budget, no spending; each part of the line is needed."""
    wanted = line(elsewhere)
    scenario = given(appropriated(500_00, LINE))
    scenario.when(pay, line=wanted, econ=wanted.econ, amount_fen=1).refused(Refusal.LINE_MISSING)


@pytest.mark.parametrize(
    ("have", "want", "word"),
    [(LINE, BASIC, "基本支出"), (BASIC, LINE, "项目支出")],
    ids=["project money for basic", "basic money for project"],
)
def test_basic_and_project_do_not_crowd_each_other_out(have, want, word):
    """R2: where only the other kind has a budget the refusal says so."""
    given(appropriated(500_00, have)).asked("pay", line=want, amount_fen=1).refused(
        Refusal.SPENDING_DIFFERS, wanted=word
    )
    given(appropriated(500_00, have)).asked(
        "pay",
        line=LinePattern(func=want.func, spending=want.spending),
        amount_fen=1,
    ).refused(Refusal.SPENDING_DIFFERS, wanted=word)
    given(appropriated(500_00, want)).asked("pay", line=want, amount_fen=1).then(paid(1, want))


@pytest.mark.parametrize("econ", ["30901", "30913", "30999"])
def test_basic_money_builds_nothing(econ):
    """R2: capital construction (309) is refused on a basic line, even one without an econ."""
    scenario = given(
        appropriated(500_00, BASIC.at_econ("-")), appropriated(500_00, LINE.at_econ("-"))
    )
    scenario.when(pay, line=BASIC, econ=econ, amount_fen=1).refused(
        Refusal.CAPITAL_ON_BASIC, econ=econ
    )
    if econ != "30913":  # a vehicle purchase: R3 has its own file
        scenario.when(pay, line=LINE, econ=econ, amount_fen=1).allowed()
    scenario.when(pay, line=BASIC, econ="31002", amount_fen=1).allowed()


def test_a_payment_says_who_is_paid():
    """R16; one character is a name."""
    scenario = given(appropriated(500_00))
    scenario.when(pay, payee="", amount_fen=1).refused(Refusal.PAYEE_REQUIRED)
    scenario.when(pay, payee="王", amount_fen=1).then(paid(1, payee="王"))


@pytest.mark.parametrize("econ", ["302", "-"])
def test_a_payment_names_an_item(econ):
    """R16: a class, or nothing, says too little even where the line says no more."""
    scenario = given(appropriated(500_00, LINE.at_econ(econ)))
    scenario.when(pay, line=LINE.at_econ(econ), econ=econ, amount_fen=1).refused(
        Refusal.ECON_REQUIRED, econ=econ
    )
    scenario.when(pay, econ="30299", amount_fen=1).allowed()


@pytest.mark.parametrize(
    ("lines", "at", "econ", "offered"),
    [
        (["-"], "-", "-", "30201"),
        (["-", "302"], "-", "-", "30101"),
        (["-", "302"], "302", "302", "30201"),
        (["-", "302", "30201"], "302", "302", "30202"),
        (["-"], "-", "320", "30201"),
        (["302", "310"], "310", "310", "31001"),
    ],
)
def test_the_item_that_is_offered_is_paid_on_the_line_that_was_written(lines, at, econ, offered):
    """R16, L69: one that draws on another line would be refused."""
    scenario = given(*(appropriated(500_00, LINE.at_econ(each)) for each in lines))
    asked = scenario.asked(
        "pay", line=LINE.at_econ(at), econ=econ, amount_fen=1, payee="某公司"
    ).refused(Refusal.ECON_REQUIRED)
    assert typed(asked.ways_out) == [f"--econ {offered}"]
    scenario.asked(
        "pay", line=LINE.at_econ(at), econ=offered, amount_fen=1, payee="某公司"
    ).allowed()


def test_carry_over_pays_like_any_other_money():
    book = given(carried_in(80_00)).when(pay, line=CARRIED, amount_fen=80_00).allowed()
    assert book.state.available_fen(CARRIED) == 0


def test_a_refund_gives_back_at_most_what_is_left_of_the_payment():
    """R15: 100.00 paid, 60.00 refunded: 40.00 can still come back, 40.01 cannot."""
    payment = paid(100_00)
    scenario = given(appropriated(500_00), payment, refunded(payment, 60_00))
    scenario.when(refund, original=payment, amount_fen=40_01).refused(
        Refusal.REFUND_EXCEEDS, entry=4, paid_fen=100_00, left_fen=40_00, amount_fen=40_01
    )
    book = scenario.when(refund, original=payment, amount_fen=40_00).then(refunded(payment, 40_00))
    assert (book.state.available_fen(LINE), book.state.of(LINE, Account.PAID)) == (500_00, 0)
    scenario.when(refund, original=payment, amount_fen=1).refused(
        Refusal.REFUND_EXCEEDS, left_fen=0
    )


def test_a_refund_is_of_one_payment_and_not_of_its_neighbour():
    first, second = paid(10_00), paid(100_00)
    scenario = given(appropriated(500_00), first, second)
    scenario.when(refund, original=first, amount_fen=10_01).refused(
        Refusal.REFUND_EXCEEDS, entry=4, left_fen=10_00
    )


def test_refunded_money_can_be_paid_again():
    payment = paid(500_00)
    scenario = given(appropriated(500_00), payment, refunded(payment, 30_00))
    scenario.when(pay, amount_fen=30_01).refused(Refusal.OVER_AVAILABLE)
    scenario.when(pay, amount_fen=30_00).then(paid(30_00))


def test_a_refund_goes_back_where_the_money_came_from():
    """To the line drawn on, with the payment's own econ, even if a better line was opened since."""
    payment = paid(10_00, LINE.at_econ("302"))
    scenario = given(appropriated(500_00, LINE.at_econ("302")), payment, supplemented(5_00))
    book = scenario.when(refund, original=payment, amount_fen=10_00).then(refunded(payment, 10_00))
    assert book.state.available_fen(LINE.at_econ("302")) == 500_00
    assert book.last.econ == "30299"


def test_nothing_comes_back_before_it_was_paid():
    payment = paid(10_00, occurred_on=date(2020, 3, 2))
    scenario = given(appropriated(500_00), payment)
    scenario.when(refund, original=payment, amount_fen=1, occurred_on=date(2020, 3, 1)).refused(
        Refusal.DATE_BEFORE_ORIGINAL, date="2020-03-01", original_date="2020-03-02"
    )
    scenario.when(refund, original=payment, amount_fen=1, occurred_on=date(2020, 3, 2)).allowed()


def test_only_a_payment_is_refunded():
    budget = appropriated(500_00)
    payment = paid(100_00)
    back = refunded(payment, 10_00)
    undone = reversed_(back)
    scenario = given(budget, payment, back, undone)
    for other, kind in ((budget, "年初预算"), (back, "退款"), (undone, "冲销")):
        scenario.when(refund, original=other, amount_fen=1).refused(Refusal.ENTRY_KIND, kind=kind)


def test_a_reversed_payment_is_not_refunded():
    payment = paid(100_00)
    scenario = given(appropriated(500_00), payment, reversed_(payment))
    scenario.when(refund, original=payment, amount_fen=1).refused(
        Refusal.ENTRY_REVERSED, entry=4, reversed_by=5
    )


def test_a_refund_may_repeat_the_line_of_its_payment():
    """A file row may say the line again, in part; then it must be the payment's."""
    payment = paid(10_00, LINE.at_econ("302"))
    scenario = given(appropriated(500_00, LINE.at_econ("302")), payment)
    for said in (LinePattern(project="P02"), LinePattern(econ="30299"), LinePattern(econ="302")):
        scenario.when(refund, original=payment, amount_fen=1, line=said).allowed()
    scenario.when(refund, original=payment, amount_fen=1, line=LinePattern(project="P03")).refused(
        Refusal.ENTRY_DIFFERS, field="预算线"
    )


def test_undoing_a_refund_makes_the_payment_whole_again():
    """R15: what may come back counts from the payment, and the money must still be there."""
    payment = paid(500_00)
    back = refunded(payment, 200_00)
    scenario = given(appropriated(500_00), payment, back)
    scenario.when(pay, amount_fen=50_00).allowed()
    scenario.when(reverse, original=back).refused(
        Refusal.OVER_AVAILABLE, available_fen=150_00, amount_fen=200_00, short_fen=50_00
    )
    scenario.when(reverse, original=scenario.book.given[-1]).allowed()
    scenario.when(reverse, original=back).allowed()
    scenario.when(refund, original=payment, amount_fen=500_01).refused(
        Refusal.REFUND_EXCEEDS, left_fen=500_00
    )
    scenario.when(refund, original=payment, amount_fen=500_00).allowed()
