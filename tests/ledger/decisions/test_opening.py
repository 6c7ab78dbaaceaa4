"""上年结转结余转入: money that last year left, by the year in which it was first approved (R7)."""

from ledger.decisions.opening import carry_in
from ledger.refusals import Refusal
from tests.scenario import CARRIED, carried_in, given, line


def test_carry_over_is_spendable_at_once():
    book = given().when(carry_in, amount_fen=500_00).then(carried_in(500_00))
    assert book.state.available_fen(CARRIED) == 500_00


def test_carry_over_may_wait_for_the_finance_bureau():
    book = given().when(carry_in, amount_fen=500_00, pending=True).allowed()
    assert book.state.available_fen(CARRIED) == 0


def test_carry_over_may_repeat_on_a_line():
    book = given(carried_in(500_00)).when(carry_in, amount_fen=1_00).then(carried_in(1_00))
    assert book.state.available_fen(CARRIED) == 501_00


def test_money_first_approved_this_year_is_no_carry_over():
    """Origin 2019 is the latest that may be carried into 2020."""
    given().when(carry_in, line=line("origin=2019"), amount_fen=1).allowed()
    given().when(carry_in, line=line("origin=2018"), amount_fen=1).allowed()
    for origin in (2020, 2021):
        refused = given().when(carry_in, line=line(f"origin={origin}"), amount_fen=1)
        refused.refused(Refusal.ORIGIN_NOT_EARLIER, year=2020, origin=origin)


def test_a_project_is_registered_before_its_money_comes():
    given().when(carry_in, line=line("project=P9 origin=2019"), amount_fen=1).refused(
        Refusal.PROJECT_UNKNOWN, project="P9"
    )
    given().when(carry_in, line=line("project=- origin=2019"), amount_fen=1).allowed()


def test_basic_money_builds_nothing():
    """R2: econ 309 (capital construction) is for projects; 310 is for both."""
    capital = line("project=- econ=30901 origin=2019")
    given().when(carry_in, line=capital, amount_fen=1).refused(
        Refusal.CAPITAL_ON_BASIC, econ="30901"
    )
    given().when(carry_in, line=capital.at_econ("309"), amount_fen=1).refused(
        Refusal.CAPITAL_ON_BASIC, econ="309"
    )
    given().when(carry_in, line=capital.at_econ("31001"), amount_fen=1).allowed()
    given().when(carry_in, line=line("econ=30901 origin=2019"), amount_fen=1).allowed()
