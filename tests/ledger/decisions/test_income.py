"""收入: which class for which money under which basis, and the cash that non-fiscal money needs."""

import pytest

from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay, refund
from ledger.decisions.income import income
from ledger.decisions.opening import carry_in
from ledger.events import FundBasis
from ledger.refusals import Refusal
from tests.harness.scenario import (
    CASH,
    LINE,
    appropriated,
    carried_in,
    given,
    line,
    opened,
    paid,
    received,
    refunded,
    with_project,
)

CLASSES = ("service", "business", "superior", "affiliate", "other")


@pytest.mark.parametrize("source", CLASSES)
@pytest.mark.parametrize("basis", ["indicator", "payment", "recorded"])
def test_non_fiscal_income_is_recorded_under_every_basis(basis, source):
    book = given(opened(basis), with_project("P02"))
    book.when(income, source=source, amount_fen=10_00).then(received(10_00, source=source))


@pytest.mark.parametrize("fund", ["general", "govfund", "statecapital"])
def test_fiscal_income_is_recorded_only_under_basis_recorded(fund):
    """Under the other two it is derived from the budget or the payments (contract §4)."""
    fiscal = line(f"fund={fund}")
    asked = {"line": fiscal, "source": "fiscal", "amount_fen": 10_00}
    given(opened("recorded"), with_project("P02")).when(income, **asked).then(
        received(10_00, at=fiscal, source="fiscal")
    )
    for basis in ("indicator", "payment"):
        given(opened(basis), with_project("P02")).when(income, **asked).refused(
            Refusal.INCOME_CLASS, source="财政拨款收入"
        )


def test_the_basis_of_a_fund_decides_about_its_income():
    own = (FundBasis("govfund", "recorded"),)
    history = (opened("indicator", fund_basis=own), with_project("P02"))
    asked = {"line": line("fund=govfund"), "source": "fiscal", "amount_fen": 10_00}
    given(*history).when(income, **asked).allowed()
    given(*history).when(income, **{**asked, "line": LINE}).refused(Refusal.INCOME_CLASS)


@pytest.mark.parametrize("basis", ["indicator", "payment", "recorded"])
def test_class_and_money_agree(basis):
    """Fiscal income is no non-fiscal money, and no other class is fiscal money."""
    book = given(opened(basis), with_project("P02"))
    book.when(income, line=CASH, source="fiscal", amount_fen=1).refused(Refusal.INCOME_CLASS)
    for source in CLASSES:
        book.when(income, line=LINE, source=source, amount_fen=1).refused(
            Refusal.INCOME_CLASS, fund="一般公共预算"
        )


def test_income_belongs_to_a_purpose_and_not_to_an_econ():
    event = given().when(income, line=CASH.at_econ("30201"), amount_fen=1)
    event.then(received(1, at=CASH))


def test_income_moves_no_account_of_a_line():
    """A line is not made by income: non-fiscal money needs its budget like any other."""
    book = given().when(income, amount_fen=1_00).allowed()
    assert book.state.lines == {}
    assert book.state.cash_fen == 1_00


def test_income_for_a_project_needs_the_project():
    given().when(income, line=line("fund=nonfiscal project=P9"), amount_fen=1).refused(
        Refusal.PROJECT_UNKNOWN, project="P9"
    )


def test_non_fiscal_payments_end_where_the_cash_ends():
    """R1.CASH: 500.00 of budget and 300.00 received: 300.00 can be paid and not a fen more."""
    scenario = given(appropriated(500_00, CASH), received(300_00))
    scenario.when(pay, line=CASH, amount_fen=300_01).refused(
        Refusal.OVER_CASH, cash_fen=300_00, amount_fen=300_01, short_fen=1
    )
    scenario.when(pay, line=CASH, amount_fen=300_00).then(paid(300_00, CASH))


def test_the_cash_is_one_pool_of_the_fund():
    """Income for one purpose may pay for another; what is carried in counts, refunds come back."""
    other = line("fund=nonfiscal func=2080106")
    carried = line("fund=nonfiscal origin=2019")
    payment = paid(350_00, other)
    scenario = given(
        appropriated(900_00, other), carried_in(50_00, carried), received(300_00), payment
    )
    scenario.when(pay, line=other, amount_fen=1).refused(Refusal.OVER_CASH, cash_fen=0)
    scenario.when(refund, original=payment, amount_fen=20_00).allowed()
    scenario.when(pay, line=other, amount_fen=20_01).refused(Refusal.OVER_CASH, cash_fen=20_00)
    scenario.when(pay, line=other, amount_fen=20_00).allowed()


def test_fiscal_money_needs_no_cash():
    given(appropriated(500_00)).when(pay, amount_fen=500_00).allowed()


def test_what_was_spent_cannot_be_unreceived():
    """Reversing income or a non-fiscal carry-over leaves no negative cash."""
    first = received(300_00)
    scenario = given(appropriated(500_00, CASH), first, received(100_00), paid(100_01, CASH))
    scenario.when(reverse, original=first).refused(
        Refusal.OVER_CASH, cash_fen=299_99, amount_fen=300_00, short_fen=1
    )
    scenario.when(income, amount_fen=1).allowed()
    scenario.when(reverse, original=first).allowed()

    carried = carried_in(300_00, line("fund=nonfiscal origin=2019"))
    scenario = given(appropriated(500_00, CASH), carried, paid(1, CASH))
    scenario.when(reverse, original=carried).refused(Refusal.OVER_CASH, short_fen=1)


def test_pending_carry_over_is_cash_already():
    """待下达 is about the permission to spend; the money is there."""
    scenario = given(appropriated(10_00, CASH))
    scenario.when(
        carry_in, line=line("fund=nonfiscal origin=2019"), amount_fen=10_00, pending=True
    ).allowed()
    scenario.when(pay, line=CASH, amount_fen=10_00).allowed()


def test_a_refund_and_its_reversal_move_the_cash():
    payment = paid(100_00, CASH)
    back = refunded(payment, 40_00)
    scenario = given(appropriated(500_00, CASH), received(100_00), payment, back)
    assert scenario.book.state.cash_fen == 40_00
    scenario.when(reverse, original=back).allowed()
    assert scenario.book.state.cash_fen == 0


def test_income_is_not_of_a_year_to_come():
    """Money of an earlier year's purpose still comes in; next year's has its own book."""
    given().when(income, line=line("fund=nonfiscal origin=2019"), amount_fen=1).allowed()
    given().when(income, line=line("fund=nonfiscal origin=2021"), amount_fen=1).refused(
        Refusal.ORIGIN_NOT_CURRENT, origin=2021, year=2020
    )
