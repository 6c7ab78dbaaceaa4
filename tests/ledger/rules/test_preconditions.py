"""What no event may do: lift a 三公 item over its cap (R3), or a book beyond its bound.

The cap of an item is its 三公限额; without one the initial appropriations on its own 5-digit lines
of any 财政拨款 and what supplements and reallocations bring into them. Cuts do not lower it.
Against it counts every payment of the item's econ, whatever line it draws on.
"""

import pytest

from ledger.decisions.budget import appropriate, reallocate, supplement
from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay, refund
from ledger.decisions.income import income
from ledger.money import AMOUNT_MAX_FEN, TOTAL_MAX_FEN
from ledger.refusals import Refusal
from tests.harness.scenario import (
    CASH,
    LINE,
    RECEPTION,
    appropriated,
    carried_in,
    cut_by,
    given,
    line,
    paid,
    reallocated,
    received,
    refunded,
    shares,
    supplemented,
)

FREE = line("func=2080199 econ=-")
RICH = appropriated(10_000_00, FREE)
"""A purpose without econ: every econ may be paid from it, so only the cap stops a 三公 payment."""


def reception(fen, at=FREE, **more):
    return paid(fen, at, "30217", **more)


def receive(scenario, fen, at=FREE):
    return scenario.when(pay, line=at, econ="30217", amount_fen=fen)


def test_reception_ends_at_its_cap():
    scenario = given(RICH, appropriated(500_00, RECEPTION), reception(500_00, RECEPTION))
    receive(scenario, 1).refused(
        Refusal.THREE_PUBLIC_CAP,
        item="公务接待费",
        cap_fen=500_00,
        spent_fen=500_00,
        left_fen=0,
        amount_fen=1,
    )
    scenario = given(RICH, appropriated(500_00, RECEPTION))
    receive(scenario, 500_01).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=500_00, left_fen=500_00)
    receive(scenario, 500_00).allowed()


def test_without_an_initial_budget_there_is_no_cap_to_use():
    """Money on the 类 or without econ is no 三公 budget."""
    for at in (FREE, line("econ=302")):
        receive(given(appropriated(500_00, at)), 1, at).refused(
            Refusal.THREE_PUBLIC_CAP, cap_fen=0, left_fen=0
        )


@pytest.mark.parametrize(
    ("item", "econ", "own"),
    [
        ("因公出国（境）费", "30212", "30212"),
        ("公务用车购置费", "31013", "31013"),
        ("公务用车购置费", "30913", "31013"),
        ("公务用车运行维护费", "30231", "30231"),
        ("公务接待费", "30217", "30217"),
    ],
)
def test_every_item_has_its_own_cap(item, econ, own):
    """Vehicle purchase is two 款 with one cap; no item may use the cap of another."""
    scenario = given(RICH, appropriated(100_00, line(f"econ={own}")))
    scenario.when(pay, line=FREE, econ=econ, amount_fen=100_01).refused(
        Refusal.THREE_PUBLIC_CAP, item=item, cap_fen=100_00, amount_fen=100_01
    )
    others = {"30212", "31013", "30231", "30217"} - {own}
    for other in sorted(others):
        scenario.when(pay, line=FREE, econ=other, amount_fen=1).refused(
            Refusal.THREE_PUBLIC_CAP, cap_fen=0
        )


def test_caps_of_several_lines_add_up():
    """The cap is the item's, not the line's: projects, basic money and 项 together."""
    scenario = given(
        RICH,
        appropriated(100_00, RECEPTION),
        appropriated(20_00, line("econ=30217 project=-")),
        appropriated(3_00, line("econ=30217 func=2080106")),
    )
    receive(scenario, 123_01).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=123_00)
    receive(scenario, 123_00).allowed()


def test_supplements_and_reallocations_into_the_item_raise_the_cap():
    scenario = given(
        RICH,
        appropriated(100_00, RECEPTION),
        supplemented(20_00, RECEPTION),
        reallocated(FREE, RECEPTION, 3_00),
    )
    receive(scenario, 123_00, RECEPTION).allowed()
    receive(scenario, 1).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=123_00, spent_fen=123_00)


def test_carry_over_brings_no_cap():
    old = line("econ=30217 origin=2019")
    receive(given(carried_in(100_00, old)), 1, old).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=0)


def test_cuts_and_reallocations_out_of_the_item_do_not_lower_the_cap():
    """Contract and domain R3: 表7's budget column stays as approved."""
    scenario = given(
        RICH,
        appropriated(100_00, RECEPTION),
        cut_by(60_00, RECEPTION),
        reallocated(RECEPTION, FREE, 40_00),
    )
    assert scenario.book.state.available_fen(RECEPTION) == 0
    receive(scenario, 100_01).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=100_00)
    receive(scenario, 100_00).allowed()


def test_carry_over_and_unspecified_money_count_against_the_cap():
    old = line("econ=- origin=2019")
    scenario = given(
        RICH,
        appropriated(100_00, RECEPTION),
        carried_in(500_00, old),
        reception(30_00, old),
        reception(20_00, RECEPTION),
    )
    receive(scenario, 50_01, old).refused(Refusal.THREE_PUBLIC_CAP, spent_fen=50_00, left_fen=50_00)
    receive(scenario, 50_00, old).allowed()


def test_the_units_own_money_has_no_cap_and_uses_none():
    other = line("fund=nonfiscal econ=-")
    scenario = given(appropriated(500_00, other), received(500_00), appropriated(1, RECEPTION))
    receive(scenario, 500_00, other).allowed()
    receive(scenario, 1, RECEPTION).allowed()


@pytest.mark.parametrize("fund", ["govfund", "statecapital"])
def test_all_fiscal_funds_have_one_cap(fund):
    """R3 counts all 财政拨款: the line of one fund raises it, a payment of another uses it."""
    other = line(f"fund={fund} econ=-")
    scenario = given(
        appropriated(500_00, other),
        appropriated(20_00, RECEPTION),
        appropriated(3_00, line(f"fund={fund} econ=30217 func=2080106")),
    )
    receive(scenario, 23_01, other).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=23_00)
    receive(scenario, 23_00, other).allowed()
    receive(scenario, 1, RECEPTION).refused(Refusal.THREE_PUBLIC_CAP, spent_fen=23_00)


def test_a_refund_frees_the_cap_and_its_reversal_takes_it_again():
    payment = reception(100_00)
    scenario = given(RICH, appropriated(100_00, RECEPTION), payment)
    scenario.when(refund, original=payment, amount_fen=40_00).allowed()
    back = scenario.book.given[-1]
    receive(scenario, 40_01).refused(Refusal.THREE_PUBLIC_CAP, left_fen=40_00)
    receive(scenario, 10_00).allowed()
    scenario.when(reverse, original=back).refused(
        Refusal.THREE_PUBLIC_CAP, cap_fen=100_00, spent_fen=70_00, left_fen=30_00, amount_fen=40_00
    )
    scenario.when(reverse, original=scenario.book.given[-1]).allowed()
    scenario.when(reverse, original=back).allowed()
    receive(scenario, 1).refused(Refusal.THREE_PUBLIC_CAP, left_fen=0)


def test_a_reversed_payment_frees_the_cap():
    payment = reception(100_00)
    scenario = given(RICH, appropriated(100_00, RECEPTION), payment)
    scenario.when(reverse, original=payment).allowed()
    receive(scenario, 100_00).allowed()


@pytest.mark.parametrize("into", [appropriated, supplemented], ids=["appropriate", "supplement"])
def test_a_reversal_does_not_push_the_cap_below_what_was_spent(into):
    """300.00 of cap, 200.00 spent elsewhere: 100.00 of cap can be undone, 100.01 cannot."""
    spend = supplemented(200_00 - 1, RECEPTION)
    exact, over = into(100_00, RECEPTION), into(100_01, RECEPTION)
    scenario = given(RICH, spend, supplemented(1, RECEPTION), exact, reception(200_00, RECEPTION))
    scenario.when(reverse, original=exact).allowed()
    scenario = given(RICH, spend, over, supplemented(100_01, LINE), reception(200_00, RECEPTION))
    scenario.when(reverse, original=over).refused(
        Refusal.CAP_BELOW_SPENT, item="公务接待费", cap_fen=199_99, spent_fen=200_00
    )


def test_a_reallocation_into_several_lines_of_an_item_is_undone_as_a_whole():
    """200.00 of cap came in over two lines and 100.00 are spent. Undoing takes all 200.00 away, so
    it is refused, though each line alone would leave enough; with 100.00 more it is lawful."""
    move = {
        "sources": shares((FREE, 200_00)),
        "targets": shares((RECEPTION, 100_00), (line("econ=30217 func=2080106"), 100_00)),
    }
    scenario = given(RICH)
    scenario.when(reallocate, **move).allowed()
    entry = scenario.book.given[-1]
    receive(scenario, 100_00).allowed()
    scenario.when(reverse, original=entry).refused(
        Refusal.CAP_BELOW_SPENT, cap_fen=0, spent_fen=100_00
    )
    scenario.when(supplement, line=RECEPTION, amount_fen=100_00).allowed()
    scenario.when(reverse, original=entry).allowed()


def test_a_cap_undone_and_granted_again_is_whole():
    budget = appropriated(100_00, RECEPTION)
    scenario = given(RICH, budget)
    scenario.when(reverse, original=budget).allowed()
    receive(scenario, 1).refused(Refusal.THREE_PUBLIC_CAP, cap_fen=0)
    scenario.when(appropriate, line=RECEPTION, amount_fen=80_00).allowed()
    receive(scenario, 80_00, RECEPTION).allowed()


def test_the_turnover_counts_what_is_approved_and_received_and_nothing_else():
    """It only rises: 100.00 + 30.00 approved, 7.00 received, 20.00 approved anew elsewhere, and
    the 5.00 that a reversed cut approves again."""
    less = cut_by(5_00)
    payment = paid(10_00)
    scenario = given(
        appropriated(100_00),
        supplemented(30_00, pending=True),
        received(7_00),
        payment,
        refunded(payment, 1_00),
        reallocated(LINE, FREE, 20_00),
    )
    assert scenario.book.state.turnover_fen == 157_00
    cutting = given(appropriated(100_00), less)
    assert cutting.book.state.turnover_fen == 100_00
    cutting.when(reverse, original=less).allowed()
    assert cutting.book.state.turnover_fen == 105_00


def test_the_sum_of_a_book_is_bounded_exactly():
    """A thousand amounts of the largest size fit; one fen more does not, of budget or of income,
    and neither does a reallocation, because its target is approved anew. SQLite's integers hold
    every sum that a book can make."""
    scenario = given(appropriated(AMOUNT_MAX_FEN))
    for _ in range(998):
        scenario.book.record(supplemented(AMOUNT_MAX_FEN))
    scenario.when(supplement, amount_fen=AMOUNT_MAX_FEN).allowed()
    assert scenario.book.state.turnover_fen == TOTAL_MAX_FEN
    for decision, asked in (
        (supplement, {}),
        (appropriate, {"line": CASH}),
        (income, {}),
    ):
        scenario.when(decision, amount_fen=1, **asked).refused(
            Refusal.TOTAL_TOO_LARGE, limit_fen=TOTAL_MAX_FEN
        )
    scenario.when(reallocate, sources=shares((LINE, 1)), targets=shares((FREE, 1))).refused(
        Refusal.TOTAL_TOO_LARGE
    )
    scenario.when(pay, amount_fen=AMOUNT_MAX_FEN).allowed()
    assert TOTAL_MAX_FEN < 2**63 - 1
