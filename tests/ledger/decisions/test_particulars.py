"""事项: facts of the report that move no money, what ties them to payments, and their reversal."""

from datetime import date

import pytest
from hypothesis import given as sampled
from hypothesis import strategies as st

from ledger.decisions.commitment import reserve, unreserve
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay, refund, voucher
from ledger.decisions.particulars import (
    GRADES,
    asset,
    contract,
    goal,
    reception,
    result,
    score_override,
    target,
    trip,
)
from ledger.events import VoucherItem
from ledger.events.particulars import AssetCounted, Tied
from ledger.refusals import Refusal
from ledger.state import Contract
from tests.harness.plain import typed
from tests.harness.scenario import (
    DAY,
    LINE,
    RECEPTION,
    Scenario,
    appropriated,
    capped,
    corrected,
    freed,
    given,
    held,
    locked_through,
    paid,
    paid_from,
    received_guests,
    refunded,
    reversed_,
    signed_contract,
    vouched,
)

MONEY = appropriated(100_00, RECEPTION)
DINNER = paid(30_00, RECEPTION, "30217")
SECOND = paid(20_00, RECEPTION, "30217")
CONTRACT = signed_contract(20_00)


def told(scenario, *payments, fen=30_00, **said):
    return scenario.when(reception, amount_fen=fen, payments=payments, **said)


def test_a_fact_moves_nothing_and_has_no_month():
    """A locked month takes it, and neither money nor lines know of it."""
    scenario = given(MONEY, *locked_through(2))
    before = scenario.book.state.lines, scenario.book.state.money_entries
    book = scenario.when(asset, item="vehicles.law", count=0, occurred_on=date(2020, 1, 9)).then(
        AssetCounted(occurred_on=date(2020, 1, 9), item="vehicles.law", count=0)
    )
    assert before == (book.state.lines, book.state.money_entries)
    scenario.when(asset, item="vehicles.law", count=1, occurred_on=date(2021, 1, 9)).refused(
        Refusal.DATE_OUTSIDE_YEAR
    )


def test_a_reception_says_what_of_it_each_payment_paid():
    """In the order in which they were named, of each what no other reception has."""
    scenario = given(MONEY, DINNER, SECOND)
    book = told(scenario, DINNER, SECOND, fen=35_00).then(
        received_guests(35_00, (4, 30_00), (5, 5_00))
    )
    assert book.state.tied == {4: 30_00, 5: 5_00}
    told(scenario, SECOND, fen=15_01).refused(
        Refusal.TIED_EXCEEDS, stands_fen=20_00, said_fen=5_00, amount_fen=15_01
    )
    told(scenario, SECOND, fen=15_00).then(received_guests(15_00, (5, 15_00)))


def test_a_payment_that_is_named_twice_counts_once():
    told(given(MONEY, DINNER), DINNER, DINNER, fen=31_00).refused(
        Refusal.TIED_EXCEEDS, stands_fen=30_00
    )


def test_what_came_back_of_a_payment_paid_for_nothing():
    scenario = given(MONEY, DINNER, refunded(DINNER, 10_00))
    refused = told(scenario, DINNER).refused(Refusal.TIED_EXCEEDS, stands_fen=20_00)
    assert typed(refused.ways_out) == ["--amount 20.00", "yusuan show 4"]
    undone = given(MONEY, DINNER, reversed_(DINNER))
    told(undone, DINNER).refused(Refusal.ENTRY_REVERSED)


def test_a_payment_that_was_put_right_is_the_same_payment():
    """It is known by the entry that recorded it first, whatever correction was named."""
    right = corrected(DINNER, paid(40_00, RECEPTION, "30217", doc="支7"), doc="支7")
    scenario = given(MONEY, DINNER, right)
    told(scenario, DINNER, fen=35_00).then(received_guests(35_00, (4, 35_00)))
    told(scenario, right, fen=6_00).refused(Refusal.TIED_EXCEEDS, said_fen=35_00)
    told(scenario, right, fen=5_00).then(received_guests(5_00, (4, 5_00)))


def test_of_a_voucher_its_items_of_that_econ_count():
    """公务接待 30217 and 因公出国 30212, and nothing else that it paid."""
    items = ((RECEPTION, "30217", 8_00), (LINE, "30299", 50_00), (RECEPTION, "30217", 2_00))
    paid_together = vouched(*items)
    scenario = given(MONEY, appropriated(90_00), paid_together)
    told(scenario, paid_together, fen=10_01).refused(Refusal.TIED_EXCEEDS, stands_fen=10_00)
    told(scenario, paid_together, fen=10_00).allowed()
    scenario.when(trip, payments=[paid_together]).refused(
        Refusal.TIED_ECON, econ="30212", own="30217、30299"
    )


def test_only_a_payment_is_paid_by():
    told(given(MONEY), MONEY).refused(Refusal.ENTRY_KIND, entry=3)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"batches": 0}, Refusal.PARTICULAR_NONE),
        ({"persons": 0}, Refusal.PARTICULAR_NONE),
        ({"companions": 10}, Refusal.RECEPTION_COMPANIONS),
    ],
)
def test_a_reception_has_a_batch_and_persons_and_no_more_companions(said, refusal):
    given().when(reception, **said).refused(refusal)


def test_the_reversal_of_a_reception_unties_its_payments():
    guests = received_guests(30_00, (4, 30_00))
    scenario = given(MONEY, DINNER, guests)
    book = scenario.when(reverse, original=guests).then(reversed_(guests))
    assert book.state.tied == {}
    told(Scenario(book), DINNER).allowed()
    Scenario(book).when(reverse, original=guests).refused(Refusal.ENTRY_REVERSED)


def test_a_fact_is_not_corrected_but_recorded_anew():
    guests = received_guests(1_00)
    refused = (
        given(guests)
        .when(correct, original=guests, changes={"amount_fen": 2_00})
        .refused(Refusal.ENTRY_KIND)
    )
    assert typed(refused.ways_out) == ["yusuan reverse 3"]
    shut = given(guests, *(locked_through(12)))
    shut.when(correct, original=guests, changes={"amount_fen": 2_00}).refused(Refusal.ENTRY_KIND)


# Contracts.


def of_contract(book):
    """What the book knows of HT-1: kept, paid."""
    known = book.state.contracts["HT-1"]
    return known.held_fen, known.paid_fen


def test_a_contract_is_paid_up_to_its_amount():
    scenario = given(appropriated(100_00), CONTRACT)
    assert scenario.book.state.contracts == {"HT-1": Contract(4, "services", 20_00)}
    scenario.when(pay, amount_fen=15_00, contract="HT-1").allowed()
    refused = scenario.when(pay, amount_fen=5_01, contract="HT-1").refused(
        Refusal.CONTRACT_EXCEEDS, total_fen=20_00, paid_fen=15_00, left_fen=5_00, amount_fen=5_01
    )
    assert typed(refused.ways_out) == ["--amount 5.00", "yusuan show 4"]
    scenario.when(pay, amount_fen=5_01).allowed()
    assert of_contract(scenario.book) == (0, 15_00)


def test_what_is_kept_for_a_contract_counts_until_it_is_paid_or_given_back():
    kept = held(12_00, contract="HT-1")
    scenario = given(appropriated(100_00), CONTRACT, kept)
    assert of_contract(scenario.book) == (12_00, 0)
    scenario.when(pay, amount_fen=8_01, contract="HT-1").refused(
        Refusal.CONTRACT_EXCEEDS, held_fen=12_00
    )
    scenario.when(pay, amount_fen=5_00, original=kept).allowed()
    assert of_contract(scenario.book) == (7_00, 5_00)
    scenario.when(unreserve, original=kept, amount_fen=2_00).allowed()
    assert of_contract(scenario.book) == (5_00, 5_00)
    scenario.when(reserve, amount_fen=10_01, contract="HT-1").refused(Refusal.CONTRACT_EXCEEDS)


def test_a_payment_from_a_reservation_is_of_its_contract():
    kept = held(12_00)
    scenario = given(appropriated(100_00), CONTRACT, kept)
    scenario.when(pay, amount_fen=1_00, original=kept, contract="HT-1").refused(
        Refusal.CONTRACT_RESERVED, entry=5
    )
    scenario.when(pay, amount_fen=1_00, original=kept).allowed()
    assert of_contract(scenario.book) == (0, 0)


def test_what_comes_back_of_a_payment_can_be_paid_again():
    payment = paid(20_00, contract="HT-1")
    scenario = given(appropriated(100_00), CONTRACT, payment)
    scenario.when(refund, original=payment, amount_fen=4_00).allowed()
    assert of_contract(scenario.book) == (0, 16_00)
    other = given(appropriated(100_00), CONTRACT, payment)
    other.when(reverse, original=payment).allowed()
    assert of_contract(other.book) == (0, 0)


def test_a_correction_moves_a_payment_from_one_contract_to_another():
    second, payment = signed_contract(9_00, "HT-2"), paid(9_01, contract="HT-1")
    scenario = given(appropriated(100_00), CONTRACT, second, payment)
    asked = {"original": payment, "changes": {"contract": "HT-2"}}
    scenario.when(correct, **asked).refused(Refusal.CONTRACT_EXCEEDS, left_fen=9_00)
    scenario.when(
        correct, original=payment, changes={"contract": "HT-2", "amount_fen": 9_00}
    ).allowed()
    contracts = scenario.book.state.contracts
    assert [contracts[no].paid_fen for no in ("HT-1", "HT-2")] == [0, 9_00]


def test_the_items_of_a_voucher_are_one_payment_of_a_contract():
    items = (VoucherItem(LINE, "30299", 15_00), VoucherItem(LINE, "30299", 6_00))
    scenario = given(appropriated(100_00), CONTRACT)
    scenario.when(voucher, items=items, contract="HT-1").refused(Refusal.CONTRACT_EXCEEDS)
    scenario.when(voucher, items=items[:1], contract="HT-1").allowed()
    assert of_contract(scenario.book) == (0, 15_00)


def test_a_contract_stands_while_it_is_paid_and_its_number_is_free_once_it_does_not():
    payment = paid(1_00, contract="HT-1")
    scenario = given(appropriated(100_00), CONTRACT, payment)
    scenario.when(contract).refused(Refusal.CONTRACT_TWICE, entry=4)
    scenario.when(reverse, original=CONTRACT).refused(
        Refusal.CONTRACT_USED, paid_fen=1_00, held_fen=0
    )
    scenario.when(reverse, original=payment).allowed()
    scenario.when(reverse, original=CONTRACT).allowed()
    scenario.when(pay, amount_fen=1, contract="HT-1").refused(Refusal.CONTRACT_UNKNOWN)
    scenario.when(contract).allowed()


def test_what_came_back_is_paid_again_only_while_its_contract_stands():
    """A contract may go once all that was paid of it has come back, or was given back of what was
    kept for it; then the return is not undone, until the contract is recorded again."""
    payment, kept = paid(5_00, contract="HT-1"), held(5_00, contract="HT-1")
    back = refunded(payment, 5_00, contract="HT-1")
    given_back = freed(kept, 5_00, contract="HT-1")
    for returned, is_now in ((back, (0, 5_00)), (given_back, (5_00, 0))):
        made = payment if returned is back else kept
        scenario = given(appropriated(100_00), CONTRACT, made, returned, reversed_(CONTRACT))
        scenario.when(reverse, original=returned).refused(Refusal.CONTRACT_UNKNOWN, no="HT-1")
        scenario.when(contract, amount_fen=20_00).allowed()
        scenario.when(reverse, original=returned).allowed()
        assert of_contract(scenario.book) == is_now


def test_what_was_bought_agrees_with_the_contract():
    scenario = given(appropriated(100_00), CONTRACT)
    said = {"amount_fen": 1, "contract": "HT-1"}
    scenario.when(pay, **said, procurement_type="works").refused(Refusal.CONTRACT_TYPE)
    scenario.when(pay, **said, procurement_type="services").allowed()
    scenario.when(pay, amount_fen=1, procurement_type="works").allowed()
    assert of_contract(scenario.book) == (0, 1)


def test_only_a_contract_of_an_earlier_year_says_when_it_was_signed():
    given().when(contract, signed=date(2019, 12, 31)).allowed()
    refused = given().when(contract, signed=date(2020, 1, 1)).refused(Refusal.CONTRACT_SIGNED)
    assert typed(refused.ways_out) == ["--signed '' --date 2020-01-01"]


def test_reservations_of_what_was_never_a_contract_do_not_mind():
    kept = held(12_00)
    scenario = given(appropriated(100_00), kept, paid_from(kept, 2_00))
    assert scenario.book.state.contracts == {}


# 绩效.


def test_a_form_is_of_a_project_that_is_registered_or_of_the_whole_unit():
    given().when(goal, project="P9").refused(Refusal.PROJECT_UNKNOWN)
    given().when(goal, project="").allowed()


def test_a_constraint_deducts_and_has_no_weight():
    given().when(target, constraint=True, deduct_hundredths=5_00).allowed()
    given().when(target, constraint=True, weight_hundredths=1).refused(Refusal.TARGET_CONSTRAINT)
    given().when(target, deduct_hundredths=1).refused(Refusal.TARGET_DEDUCT)


@sampled(st.sampled_from([None, *GRADES]), st.none() | st.integers(0, 100))
def test_a_percent_is_within_its_grade(grade, percent):
    """达成 80–100 (alone 100), 部分达成 50–79, 未达成 0–49, each of the latter with its percent."""
    bounds = {"met": range(80, 101), "partly": range(50, 80), "not": range(50)}
    if grade is None:
        lawful = percent is None
    elif percent is None:
        lawful = grade == "met"
    else:
        lawful = percent in bounds[grade]
    asked = given().when(result, grade=grade, percent=percent)
    if lawful:
        asked.allowed()
    else:
        asked.refused(Refusal.RESULT_GRADE)


def test_a_score_is_put_in_the_place_of_the_rules_for_a_reason():
    given().when(score_override, reason="").refused(Refusal.OVERRIDE_REASON)
    given().when(score_override, no="execution").allowed()


def test_what_is_tied_is_part_of_the_event():
    """So that audit decides the same again."""
    scenario = given(MONEY, capped(90_00), DINNER)
    (event,) = told(scenario, DINNER, occurred_on=DAY).answer()
    assert event.payments == (Tied(5, 30_00),)
