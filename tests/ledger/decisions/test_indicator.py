"""指标下达与收回: PENDING ↔ EXEC, never more than is there."""

from ledger.decisions.disbursement import pay
from ledger.decisions.indicator import release, withdraw
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.scenario import LINE, appropriated, given, line, paid, released, supplemented, withdrawn


def test_pending_money_is_spendable_after_its_release():
    waiting = appropriated(500_00, pending=True)
    given(waiting).when(pay, amount_fen=1).refused(Refusal.OVER_AVAILABLE, available_fen=0)
    given(waiting, released(500_00)).when(pay, amount_fen=500_00).then(paid(500_00))


def test_no_more_is_released_than_is_pending():
    scenario = given(appropriated(300_00, pending=True), supplemented(200_00, pending=True))
    book = scenario.when(release, amount_fen=500_00).then(released(500_00))
    assert (
        book.state.of(LINE, Account.PENDING),
        book.state.of(LINE, Account.EXEC),
    ) == (0, 500_00)
    given(appropriated(500_00, pending=True)).when(release, amount_fen=500_01).refused(
        Refusal.OVER_PENDING, pending_fen=500_00, amount_fen=500_01, short_fen=1
    )


def test_no_more_is_withdrawn_than_is_executable():
    """What was paid cannot be withdrawn any more."""
    scenario = given(appropriated(500_00), paid(200_00))
    scenario.when(withdraw, amount_fen=300_01).refused(
        Refusal.OVER_AVAILABLE, available_fen=300_00, short_fen=1
    )
    book = scenario.when(withdraw, amount_fen=300_00).then(withdrawn(300_00))
    assert tuple(
        book.state.of(LINE, account) for account in (Account.PENDING, Account.EXEC, Account.PAID)
    ) == (300_00, 0, 200_00)


def test_withdrawn_money_can_be_released_again():
    scenario = given(appropriated(500_00), withdrawn(500_00))
    scenario.when(release, amount_fen=500_00).then(released(500_00))


def test_release_uses_a_line_that_exists():
    given(appropriated(1_00, pending=True)).asked(
        "release", line=line("econ=30201"), amount_fen=1
    ).refused(Refusal.LINE_MISSING, line=str(line("econ=30201")))
