"""三公限额: the whole figure of an item (R3). It moves no money; the last of an item decides."""

import pytest

from ledger.decisions.budget import supplement
from ledger.decisions.cap import cap_item
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    RECEPTION,
    appropriated,
    capped,
    corrected,
    given,
    line,
    paid,
    reversed_,
)

FREE = line("func=2080199 econ=-")
RICH = appropriated(10_000_00, FREE)


def receive(scenario, fen, at=FREE):
    return scenario.when(pay, line=at, econ="30217", amount_fen=fen)


def test_an_item_is_paid_from_any_line_up_to_its_cap():
    """A control figure inside a line that is for everything."""
    scenario = given(RICH)
    book = scenario.when(cap_item, amount_fen=500_00).then(capped(500_00))
    assert book.state.available_fen(FREE) == 10_000_00
    receive(scenario, 500_00).allowed()
    refused = receive(scenario, 1).refused(
        Refusal.THREE_PUBLIC_CAP, cap_fen=500_00, spent_fen=500_00, left_fen=0
    )
    assert typed(refused.ways_out) == ["yusuan cap --item reception --amount 500.01 --doc 文号"]


def test_lines_of_the_item_lie_inside_its_cap():
    """Neither what was approved on them nor what comes later raises it."""
    scenario = given(RICH, appropriated(300_00, RECEPTION), capped(400_00))
    scenario.when(supplement, line=RECEPTION, amount_fen=900_00).allowed()
    receive(scenario, 400_01, RECEPTION).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=400_00)
    receive(scenario, 350_00, RECEPTION).allowed()
    receive(scenario, 50_00).allowed()


def test_the_last_cap_decides_and_none_is_below_what_is_paid():
    scenario = given(RICH, capped(500_00), paid(300_00, FREE, "30217"), capped(400_00))
    receive(scenario, 100_01).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=400_00)
    refused = scenario.when(cap_item, amount_fen=299_99).refused(
        Refusal.CAP_TOO_LOW, item="公务接待费", amount_fen=299_99, spent_fen=300_00
    )
    assert typed(refused.ways_out) == ["--amount 300.00"]
    scenario.when(cap_item, amount_fen=300_00).allowed()
    scenario.when(cap_item, amount_fen=300_00, doc="").refused(Refusal.DOC_REQUIRED)
    scenario.when(cap_item, item="overseas", amount_fen=1).allowed()


def test_without_its_caps_an_item_has_what_its_lines_say():
    """A reversal must leave enough for what is paid; another cap makes room for it."""
    first, second = capped(500_00), capped(800_00, doc="限2")
    scenario = given(RICH, appropriated(200_00, RECEPTION), first, second)
    receive(scenario, 600_00).allowed()
    scenario.when(reverse, original=first).then(reversed_(first))
    refused = scenario.when(reverse, original=second).refused(
        Refusal.CAP_BELOW_SPENT, cap_fen=200_00, spent_fen=600_00
    )
    assert typed(refused.ways_out) == ["yusuan cap --item reception --amount 600.00 --doc 文号"]
    scenario.when(cap_item, amount_fen=600_00).allowed()
    scenario.when(reverse, original=second).then(reversed_(second))
    receive(scenario, 1).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=600_00)


def test_a_cap_that_is_put_right_stays_where_it_stood():
    """The first of two is corrected: the second still decides."""
    first, second = capped(500_00), capped(400_00, doc="限2")
    scenario = given(RICH, first, second)
    scenario.when(correct, original=first, changes={"amount_fen": 700_00}).then(
        corrected(first, capped(700_00))
    )
    receive(scenario, 400_01).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=400_00)
    receive(scenario, 400_00).allowed()
    scenario.when(correct, original=second, changes={"amount_fen": 399_99}).refused(
        Refusal.CAP_TOO_LOW, spent_fen=400_00
    )


def test_a_cap_that_another_follows_is_not_compared_with_what_is_paid():
    """Its document number is put right, or its figure: the one that follows is in force."""
    first, second = capped(100_00), capped(200_00, doc="限2")
    history = (RICH, first, second, paid(150_00, FREE, "30217"))
    scenario, right = given(*history), capped(100_00, doc="江财1号")
    scenario.when(correct, original=first, changes={}, doc="江财1号").then(corrected(first, right))
    scenario = given(*history)
    scenario.when(correct, original=first, changes={"amount_fen": 50_00}).allowed()
    scenario.when(correct, original=second, changes={"amount_fen": 149_99}).refused(
        Refusal.CAP_TOO_LOW, amount_fen=149_99, spent_fen=150_00
    )


@pytest.mark.parametrize("fund", ["govfund", "statecapital"])
def test_all_fiscal_money_counts_against_it(fund):
    """R3, whatever the forms of the year show; the unit's own money is its own."""
    other = line(f"fund={fund} func=2080199 econ=-")
    scenario = given(RICH, appropriated(900_00, other), capped(500_00))
    receive(scenario, 500_01, other).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=500_00)
    receive(scenario, 300_00, other).allowed()
    receive(scenario, 200_01).refused(Refusal.THREE_PUBLIC_CAP, spent_fen=300_00)
