"""与财政对账: recorded where book and statement agree, or with a reason for what differs (R12)."""

from datetime import date

import pytest

from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay
from ledger.decisions.reconciliation import reconcile
from ledger.events import StatementTies, Tie, Untied
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    CASH,
    LINE,
    appropriated,
    given,
    line,
    locked,
    locked_through,
    paid,
    received,
    reconciled,
    refunded,
    reversed_,
)

PAYMENT = paid(30_00)
GOVFUND = line("fund=govfund")
BOOK = (appropriated(100_00), appropriated(50_00, GOVFUND), PAYMENT, paid(5_00, GOVFUND))


def test_agreement_needs_no_reason():
    """Both fiscal funds, less what was refunded."""
    asked = {"paid_fen": 35_00, "statement_fen": 35_00}
    given(*BOOK).when(reconcile, **asked).then(reconciled(35_00, 35_00))
    asked = {"paid_fen": 31_00, "statement_fen": 31_00}
    given(*BOOK, refunded(PAYMENT, 4_00)).when(reconcile, **asked).then(reconciled(31_00, 31_00))


def test_a_book_that_paid_nothing_agrees_with_a_statement_of_nothing():
    given().when(reconcile, paid_fen=0, statement_fen=0).then(reconciled(0, 0))


@pytest.mark.parametrize(
    ("statement_fen", "differences"), [(34_99, 0), (35_01, 0), (35_01, 1), (35_00, 2)]
)
def test_what_differs_needs_a_reason(statement_fen: int, differences: int):
    """In sum, or in parts that cancel out."""
    asked = {"paid_fen": 35_00, "statement_fen": statement_fen, "differences": differences}
    refused = given(*BOOK).when(reconcile, **asked)
    refused.refused(Refusal.RECONCILIATION_REASON, differences=differences)
    explained = given(*BOOK).when(reconcile, **asked, reason="年末在途，次年入账")
    explained.then(
        reconciled(35_00, statement_fen, differences=differences, reason="年末在途，次年入账")
    )


@pytest.mark.parametrize("stated_fen", [34_99, 35_01, 0])
def test_the_figure_of_the_book_is_proved(stated_fen: int):
    """A reason does not help: the comparison was with another book than this one."""
    asked = given(*BOOK).when(reconcile, paid_fen=stated_fen, statement_fen=35_00, reason="x")
    refused = asked.refused(Refusal.RECONCILED_PAID, stated_fen=stated_fen, paid_fen=35_00)
    assert typed(refused.ways_out) == ["yusuan reconcile 对账单.csv"]


def test_non_fiscal_payments_are_not_the_bureaus():
    own = (appropriated(9_00, CASH), received(9_00), paid(9_00, CASH))
    book = given(*BOOK, *own).when(reconcile, paid_fen=35_00, statement_fen=35_00).allowed()
    assert (book.state.paid_at, book.state.reconciled) == (6, 10)


def test_the_state_knows_whether_anything_was_paid_since():
    """Payments, refunds and reversals of fiscal money count; approvals, locks and names do not."""
    scenario = given(*BOOK)
    assert (scenario.book.state.paid_at, scenario.book.state.reconciled) == (6, 0)
    book = scenario.when(reconcile, paid_fen=35_00, statement_fen=35_00).allowed()
    book.record(appropriated(1_00, line("econ=30201")))
    book.record(locked(1))
    assert (book.state.paid_at, book.state.reconciled) == (6, 7)
    back = refunded(PAYMENT, 1_00)
    book.record(back)
    assert book.state.paid_at == 10
    book.record(reversed_(back))
    assert book.state.paid_at == 11
    book.record(reconciled(35_00, 35_00))
    assert (book.state.paid_at, book.state.reconciled) == (11, 12)


def test_it_is_dated_in_the_year_and_moves_nothing():
    """A lock does not stop it, and there is nothing in it to reverse."""
    on = {"paid_fen": 35_00, "statement_fen": 35_00}
    before = given(*BOOK, *locked_through(6)).book.state.lines
    book = given(*BOOK, *locked_through(6)).when(reconcile, **on).allowed()
    assert before == book.state.lines
    given(*BOOK).when(reconcile, **on, occurred_on=date(2021, 1, 1)).refused(
        Refusal.DATE_OUTSIDE_YEAR
    )
    entry = reconciled(35_00, 35_00)
    given(*BOOK, entry).when(reverse, original=entry).refused(Refusal.ENTRY_KIND, kind="与财政对账")


def test_what_was_reconciled_can_be_paid_from_again():
    """A reconciliation closes nothing: the year goes on."""
    given(*BOOK, reconciled(35_00, 35_00)).when(pay, line=LINE, amount_fen=1).allowed()


TIES = (Tie((2,), (4,)), Tie((3, 4), (5, 6)))


def test_a_statement_of_a_bank_proves_what_was_tied():
    """Its sums are those of what was compared, which the state does not know."""
    tied = StatementTies(TIES, (), ())
    asked = {"paid_fen": 12_00, "statement_fen": 12_00, "tied": tied}
    given(*BOOK, *[paid(1_00)] * 4).when(reconcile, **asked).then(
        reconciled(12_00, 12_00, tied=tied)
    )
    tied = StatementTies((), (Untied(2, -3_00),), (Untied(4, 5_00),))
    asked = {"paid_fen": 5_00, "statement_fen": -3_00, "tied": tied, "differences": 2}
    given(*BOOK).when(reconcile, **asked).refused(Refusal.RECONCILIATION_REASON, differences=2)
    given(*BOOK).when(reconcile, **asked, reason="在途").then(
        reconciled(5_00, -3_00, tied=tied, differences=2, reason="在途")
    )


@pytest.mark.parametrize(
    ("tied", "statement_fen", "differences"),
    [
        (StatementTies((Tie((2,), (99,)),), (), ()), 1_00, 0),
        (StatementTies((Tie((2,), (3,)), Tie((2,), (4,))), (), ()), 1_00, 0),
        (StatementTies((Tie((2,), (3,)), Tie((3,), (3,))), (), ()), 1_00, 0),
        (StatementTies((Tie((2,), (3,)),), (), (Untied(3, 1_00),)), 0, 1),
        (StatementTies((), (Untied(2, 1_00),), ()), 1_00, 1),
        (StatementTies((), (Untied(2, 1_00),), ()), 2_00, 0),
    ],
)
def test_ties_that_contradict_themselves(tied: StatementTies, statement_fen: int, differences: int):
    """An entry that is not there, a line or an entry twice, sums and counts that are others."""
    asked = {"paid_fen": 1_00, "statement_fen": statement_fen, "differences": differences}
    refused = given(*BOOK).when(reconcile, **asked, tied=tied, reason="x")
    assert typed(refused.refused(Refusal.RECONCILED_TIES).ways_out) == [
        "yusuan reconcile 对账单.csv --entries"
    ]


def test_a_statement_of_a_bank_is_none_of_the_bureau():
    """A bank knows of no 科目: R12 still asks for the bureau's."""
    bureau = given(*BOOK, reconciled(35_00, 35_00)).book.state
    assert bureau.reconciled == bureau.number
    tied = StatementTies((), (), ())
    assert given(*BOOK, reconciled(35_00, 35_00, tied=tied)).book.state.reconciled == 0
