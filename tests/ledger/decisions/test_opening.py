"""年初结转结余: money that last year left (R7), and what became of it but for spending (R11)."""

from typing import Any

import pytest

from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import refund
from ledger.decisions.opening import adjust_opening, carry_in, recover, transfer
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    BOOK,
    CARRIED,
    CASH,
    LINE,
    OTHER_BOOK,
    adjusted,
    appropriated,
    carried_in,
    corrected,
    given,
    line,
    paid,
    received,
    recovered,
    supplemented,
    transferred,
)


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


UP: list[dict[str, Any]] = [
    {"adjustment": "error-correction"},
    {"adjustment": "prior-year-recovery"},
    {"adjustment": "consolidation-in"},
]
DOWN: list[dict[str, Any]] = [
    {"adjustment": "error-correction", "decrease": True},
    {"adjustment": "consolidation-out"},
    {"adjustment": "remitted"},
]


def kinds(asked: dict[str, Any]) -> str:
    return " ".join(map(str, asked.values()))


def accounts(book, at=CARRIED):
    """(approved, executable, paid, handed back) of a line."""
    wanted = (Account.AUTH, Account.EXEC, Account.PAID, Account.TAKEN)
    return tuple(book.state.of(at, account) for account in wanted)


@pytest.mark.parametrize("asked", UP, ids=kinds)
def test_an_increase_is_spendable_at_once_and_may_open_a_line(asked):
    """Nothing of it is spending: a recovered payment of last year leaves this year's alone."""
    scenario = given(carried_in(500_00), paid(200_00, CARRIED))
    book = scenario.when(adjust_opening, amount_fen=30_00, **asked).then(adjusted(30_00, **asked))
    assert accounts(book) == (530_00, 330_00, 200_00, 0)
    book = given().when(adjust_opening, amount_fen=30_00, **asked).then(adjusted(30_00, **asked))
    assert accounts(book) == (30_00, 30_00, 0, 0)


@pytest.mark.parametrize("asked", DOWN, ids=kinds)
def test_a_decrease_takes_at_most_what_is_executable(asked):
    """500.00 carried in, 200.00 paid, 100.00 more still pending: 300.00 can go, and no fen more."""
    scenario = given(carried_in(500_00), paid(200_00, CARRIED), carried_in(100_00, pending=True))
    scenario.when(adjust_opening, amount_fen=300_01, **asked).refused(
        Refusal.OVER_AVAILABLE, line=str(CARRIED), available_fen=300_00, short_fen=1
    )
    book = scenario.when(adjust_opening, amount_fen=300_00, **asked).allowed()
    back_fen = 300_00 if asked["adjustment"] == "remitted" else 0
    assert accounts(book) == (300_00 + back_fen, 0, 200_00, back_fen)


@pytest.mark.parametrize("asked", [*UP, *DOWN], ids=kinds)
def test_an_adjustment_is_of_an_earlier_year_and_has_a_document(asked):
    scenario = given(carried_in(500_00), appropriated(500_00))
    for origin in (2020, 2021):
        refused = scenario.when(
            adjust_opening, line=line(f"origin={origin}"), amount_fen=1, **asked
        ).refused(Refusal.ORIGIN_NOT_EARLIER, year=2020, origin=origin)
        down = " --decrease" if asked.get("decrease") else ""
        assert typed(refused.ways_out) == [
            f"yusuan adjust-opening --line {CARRIED} --adjustment {asked['adjustment']}"
            f" --amount 0.01{down} --doc 文号"
        ]
    scenario.when(adjust_opening, amount_fen=1, doc="", **asked).refused(
        Refusal.DOC_REQUIRED, action="年初余额调整"
    )
    scenario.when(adjust_opening, amount_fen=1, doc="x", **asked).allowed()


@pytest.mark.parametrize("asked", [UP[1], UP[2], DOWN[1], DOWN[2]], ids=kinds)
def test_only_an_error_is_corrected_either_way(asked):
    """The direction of the others is in their name; said twice it could contradict itself."""
    refused = (
        given(carried_in(500_00))
        .when(adjust_opening, amount_fen=1_00, decrease=True, **asked)
        .refused(Refusal.ADJUSTMENT_DIRECTION)
    )
    assert typed(refused.ways_out) == [
        f"yusuan adjust-opening --line {CARRIED} --adjustment {asked['adjustment']}"
        " --amount 1.00 --doc 文号"
    ]


def test_an_adjustment_needs_its_project_and_builds_nothing_on_basic():
    for at, refusal in (
        (line("project=P9 origin=2019"), Refusal.PROJECT_UNKNOWN),
        (line("project=- econ=30901 origin=2019"), Refusal.CAPITAL_ON_BASIC),
    ):
        given().when(adjust_opening, line=at, amount_fen=1, adjustment="consolidation-in").refused(
            refusal
        )


def test_an_adjustment_is_no_three_public_budget():
    """R3: the cap of reception is what was appropriated for it this year."""
    old = line("econ=30217 origin=2019")
    book = given(adjusted(9_00, "consolidation-in", old)).book
    assert not book.state.three_public


CARRIED_CASH = line("fund=nonfiscal origin=2019")


def test_non_fiscal_cash_follows_the_opening():
    """Carried in 50.00, 30.00 recovered from last year, 20.00 handed back, 10.00 taken back by the
    finance bureau, 5.00 sent away and 2.00 received: 47.00 in hand. A cut would not move it."""
    book = given(
        carried_in(50_00, CARRIED_CASH),
        adjusted(30_00, "prior-year-recovery", CARRIED_CASH),
        adjusted(20_00, "remitted", CARRIED_CASH),
        recovered(10_00, CARRIED_CASH),
        transferred(5_00, CARRIED_CASH),
        transferred(2_00, CARRIED_CASH, incoming=True),
        appropriated(9_00, CASH),
        recovered(9_00, CASH),
    ).book
    assert book.state.cash_fen == 47_00
    assert book.state.available_fen(CARRIED_CASH) == 47_00


@pytest.mark.parametrize(
    ("decision", "asked"),
    [*((adjust_opening, asked) for asked in DOWN), (recover, {}), (transfer, {})],
)
def test_non_fiscal_money_that_was_spent_elsewhere_cannot_go(decision, asked):
    """10.00 carried in and 7.00 of it spent on this year's line: 3.00 in hand, whatever the line
    still allows."""
    scenario = given(carried_in(10_00, CARRIED_CASH), appropriated(10_00, CASH), paid(7_00, CASH))
    scenario.when(decision, line=CARRIED_CASH, amount_fen=3_01, **asked).refused(
        Refusal.OVER_CASH, cash_fen=3_00, short_fen=1
    )
    scenario.when(decision, line=CARRIED_CASH, amount_fen=3_00, **asked).allowed()
    given(*scenario.book.given[2:4], received(9_00), paid(7_00, CASH)).when(
        decision, line=CARRIED_CASH, amount_fen=10_00, **asked
    ).allowed()


def test_recovered_carry_over_is_handed_back_and_this_years_money_is_cut():
    """收回存量资金: the same document, two meanings by the origin of the money."""
    scenario = given(carried_in(500_00), appropriated(400_00))
    scenario.when(recover, amount_fen=500_00).then(recovered(500_00))
    book = scenario.when(recover, line=LINE, amount_fen=400_00).then(recovered(400_00, LINE))
    assert accounts(book) == (500_00, 0, 0, 500_00)
    assert accounts(book, LINE) == (0, 0, 0, 0)


@pytest.mark.parametrize("at", [CARRIED, LINE], ids=["carry-over", "this year's"])
def test_no_more_is_recovered_than_is_executable(at):
    """Unlike a cut it does not reach what is pending."""
    more = carried_in(100_00, pending=True) if at == CARRIED else supplemented(1_00, pending=True)
    first = carried_in(500_00) if at == CARRIED else appropriated(500_00)
    scenario = given(first, more, paid(200_00, at))
    scenario.when(recover, line=at, amount_fen=300_01).refused(
        Refusal.OVER_AVAILABLE, available_fen=300_00, short_fen=1
    )
    scenario.when(recover, line=at, amount_fen=1, doc="").refused(
        Refusal.DOC_REQUIRED, action="收回存量资金"
    )
    scenario.when(recover, line=at, amount_fen=300_00).allowed()


def test_a_recovery_that_is_corrected_onto_other_money_changes_its_meaning():
    """What is derived is derived again: the line says whether it is carry-over."""
    wrong = recovered(4_00, LINE)
    scenario = given(carried_in(9_00), appropriated(9_00), wrong)
    book = scenario.when(correct, original=wrong, changes={"line": CARRIED}).then(
        corrected(wrong, recovered(4_00))
    )
    assert accounts(book) == (9_00, 5_00, 0, 4_00)


def test_carry_over_is_sent_to_another_book_and_arrives_there():
    """The same line in both books, so the purpose is kept; here it is no longer approved."""
    scenario = given(carried_in(500_00), paid(200_00, CARRIED))
    scenario.when(transfer, amount_fen=300_01).refused(Refusal.OVER_AVAILABLE, short_fen=1)
    assert accounts(scenario.when(transfer, amount_fen=300_00).then(transferred(300_00))) == (
        *(200_00, 0, 200_00, 0),
    )
    book = given().when(transfer, amount_fen=300_00, incoming=True)
    assert accounts(book.then(transferred(300_00, incoming=True))) == (300_00, 300_00, 0, 0)


@pytest.mark.parametrize("incoming", [False, True])
def test_only_carry_over_of_a_known_project_is_transferred_with_a_document(incoming):
    asked = {"amount_fen": 1, "incoming": incoming}
    scenario = given(carried_in(500_00), appropriated(500_00))
    scenario.when(transfer, line=LINE, **asked).refused(Refusal.ORIGIN_NOT_EARLIER, origin=2020)
    scenario.when(transfer, doc="", **asked).refused(Refusal.DOC_REQUIRED, action="结转调拨")
    scenario.when(transfer, line=line("project=P9 origin=2019"), **asked).refused(
        Refusal.PROJECT_UNKNOWN, project="P9"
    )
    scenario.when(transfer, **asked).allowed()


@pytest.mark.parametrize("counterpart", [BOOK, "hanyang/2021", "hanyang/2019", "hanyang"])
def test_a_transfer_is_between_two_books_of_one_year(counterpart):
    refused = given(carried_in(1)).when(transfer, amount_fen=1, counterpart=counterpart)
    refused.refused(Refusal.TRANSFER_COUNTERPART, counterpart=counterpart)
    given(carried_in(1)).when(transfer, amount_fen=1, counterpart=OTHER_BOOK).allowed()


@pytest.mark.parametrize(
    ("sent", "here", "to"),
    [
        (transferred(5_00), "--unit hanyang", "--to jianghan"),
        (transferred(5_00, incoming=True), "--unit jianghan", "--to hanyang"),
    ],
    ids=["outgoing", "incoming"],
)
def test_half_a_transfer_is_neither_reversed_nor_corrected_but_sent_back(sent, here, to):
    """By whoever has the money now."""
    scenario = given(carried_in(5_00), sent)
    for asked in (
        scenario.when(reverse, original=sent),
        scenario.when(correct, original=sent, changes={"amount_fen": 1}),
    ):
        refused = asked.refused(Refusal.ENTRY_KIND, kind="结转调拨")
        assert OTHER_BOOK in str(refused)
        assert typed(refused.ways_out) == [
            f"yusuan transfer --line {CARRIED} {to} --amount 5.00 --doc 文号 {here} --year 2020"
        ]
    scenario.when(refund, original=sent, amount_fen=1).refused(Refusal.ENTRY_KIND)


def test_an_increase_that_was_spent_is_not_undone():
    up = adjusted(30_00, "consolidation-in")
    scenario = given(up, paid(1, CARRIED))
    scenario.when(reverse, original=up).refused(Refusal.OVER_AVAILABLE, short_fen=1)
    scenario.when(adjust_opening, amount_fen=1, adjustment="error-correction").allowed()
    scenario.when(reverse, original=up).allowed()
