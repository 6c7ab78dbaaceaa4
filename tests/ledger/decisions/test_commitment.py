"""在途占用: R1 keeps money for a contract; what is left of it is paid from it or given back."""

from datetime import date

import pytest

from ledger.decisions.budget import cut, reallocate
from ledger.decisions.commitment import reserve, unreserve
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay, refund
from ledger.line import LinePattern
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    LINE,
    PAYEE,
    RECEPTION,
    appropriated,
    corrected,
    freed,
    given,
    held,
    line,
    locked_through,
    paid,
    paid_from,
    refunded,
    released,
    reversed_,
    shares,
    supplemented,
)

BUDGET = appropriated(500_00)
CONTRACT = held(100_00, doc="合同1", payee=PAYEE, purpose="物业")
FREE = line("econ=-")
CLASS = line("econ=302")


def accounts(book, at=LINE):
    """(available, held, paid)."""
    return tuple(book.state.of(at, a) for a in (Account.EXEC, Account.HELD, Account.PAID))


def test_reserves_the_last_fen_and_not_one_more():
    scenario = given(BUDGET)
    scenario.when(reserve, amount_fen=500_01).refused(
        Refusal.OVER_AVAILABLE,
        line=str(LINE),
        available_fen=500_00,
        amount_fen=500_01,
        short_fen=1,
    )
    book = scenario.when(reserve, amount_fen=500_00).then(held(500_00))
    assert accounts(book) == (0, 500_00, 0)


def test_a_reservation_says_what_it_is_for():
    given(BUDGET).when(reserve, amount_fen=100_00, doc="合同1", payee=PAYEE, purpose="物业").then(
        CONTRACT
    )


def test_reserved_money_pays_for_nothing_else():
    """Neither a payment, a cut, a reallocation nor another reservation may touch it."""
    scenario = given(BUDGET, CONTRACT)
    moved = {"sources": shares((LINE, 400_01)), "targets": shares((FREE, 400_01))}
    for decision, asked in (
        (pay, {"amount_fen": 400_01}),
        (cut, {"amount_fen": 400_01}),
        (reserve, {"amount_fen": 400_01}),
        (reallocate, moved),
    ):
        scenario.when(decision, **asked).refused(Refusal.OVER_AVAILABLE, available_fen=400_00)
    scenario.when(pay, amount_fen=400_00).then(paid(400_00))


def test_only_an_existing_line_is_reserved_and_singled_out():
    scenario = given(BUDGET, appropriated(1_00, FREE))
    scenario.asked("reserve", line=LinePattern(func="2080999"), amount_fen=1).refused(
        Refusal.LINE_MISSING
    )
    scenario.asked("reserve", line=LinePattern(project="P02"), amount_fen=1).refused(
        Refusal.LINE_AMBIGUOUS, count=2
    )
    scenario.asked("reserve", line=LinePattern(econ="30299"), amount_fen=1).then(held(1))


def test_pending_money_is_not_reserved():
    scenario = given(appropriated(100_00, pending=True))
    scenario.when(reserve, amount_fen=1).refused(Refusal.OVER_AVAILABLE, available_fen=0)
    given(appropriated(100_00, pending=True), released(1)).when(reserve, amount_fen=1).allowed()


def test_a_payment_from_a_reservation_takes_what_is_held():
    book = (
        given(BUDGET, CONTRACT)
        .when(pay, original=CONTRACT, amount_fen=60_00)
        .then(paid_from(CONTRACT, 60_00))
    )
    assert accounts(book) == (400_00, 40_00, 60_00)
    assert book.last.reserve == 4


def test_pays_at_most_what_is_left_of_the_reservation():
    """100.00 − 60.00 paid − 15.00 released = 25.00, whatever the line still has."""
    scenario = given(BUDGET, CONTRACT, paid_from(CONTRACT, 60_00), freed(CONTRACT, 15_00))
    refused = scenario.when(pay, original=CONTRACT, amount_fen=25_01).refused(
        Refusal.RESERVE_EXCEEDED, entry=4, reserved_fen=100_00, left_fen=25_00, amount_fen=25_01
    )
    assert typed(refused.ways_out) == [
        "--amount 25.00",
        f"yusuan pay --line {LINE} --econ 30299 --amount 0.01 --payee '{PAYEE}'",
    ]
    book = scenario.when(pay, original=CONTRACT, amount_fen=25_00).then(paid_from(CONTRACT, 25_00))
    assert accounts(book) == (415_00, 0, 85_00)
    refused = scenario.when(pay, original=CONTRACT, amount_fen=1).refused(
        Refusal.RESERVE_EXCEEDED, left_fen=0
    )
    assert [way.split()[1] for way in typed(refused.ways_out)] == ["pay"]


def test_two_reservations_of_one_line_do_not_mix():
    other = held(30_00)
    scenario = given(BUDGET, CONTRACT, other)
    scenario.when(pay, original=other, amount_fen=30_01).refused(
        Refusal.RESERVE_EXCEEDED, entry=5, left_fen=30_00
    )
    scenario.when(pay, original=other, amount_fen=30_00).allowed()
    scenario.when(unreserve, original=CONTRACT).then(freed(CONTRACT, 100_00))


def test_a_reversed_payment_gives_back_to_the_reservation_and_a_refund_does_not():
    """The refund of any payment can be spent again at once (EXEC)."""
    first, second = paid_from(CONTRACT, 60_00), paid_from(CONTRACT, 40_00)
    scenario = given(BUDGET, CONTRACT, first, second, refunded(second, 10_00))
    assert accounts(scenario.book) == (410_00, 0, 90_00)
    scenario.when(pay, original=CONTRACT, amount_fen=1).refused(
        Refusal.RESERVE_EXCEEDED, left_fen=0
    )
    book = scenario.when(reverse, original=first).then(reversed_(first))
    assert accounts(book) == (410_00, 60_00, 30_00)
    scenario.when(pay, original=CONTRACT, amount_fen=60_01).refused(Refusal.RESERVE_EXCEEDED)
    scenario.when(pay, original=CONTRACT, amount_fen=60_00).allowed()
    scenario.when(refund, original=second, amount_fen=30_01).refused(Refusal.REFUND_EXCEEDS)


@pytest.mark.parametrize("at", [FREE, CLASS, LINE], ids=["-", "class", "item"])
def test_the_reservations_line_and_its_item_may_be_left_out(at):
    """`pay --reserve` alone; a line without 款 needs `--econ`."""
    contract = held(100_00, at)
    scenario = given(appropriated(500_00, at), contract)
    asked = scenario.asked("pay", original=contract, line=LinePattern(), econ="-", amount_fen=1)
    if at is LINE:
        asked.then(paid_from(contract, 1))
    else:
        asked.refused(Refusal.ECON_REQUIRED, econ=at.econ)
    scenario.asked("pay", original=contract, line=LinePattern(), econ="30299", amount_fen=1).then(
        paid_from(contract, 1)
    )


def test_a_given_line_must_be_the_reservations():
    elsewhere = line("func=2080106")
    scenario = given(BUDGET, appropriated(9_00, elsewhere), CONTRACT)
    for said in (elsewhere, LinePattern(func="2080106")):
        refused = scenario.asked("pay", original=CONTRACT, line=said, amount_fen=1).refused(
            Refusal.RESERVE_LINE, entry=5, reserved_line=str(LINE), line=str(elsewhere)
        )
        assert typed(refused.ways_out) == [f"--line {LINE}"]
    for said in (LINE, LinePattern(project="P02", func="2080105")):
        scenario.asked("pay", original=CONTRACT, line=said, amount_fen=1).allowed()
    scenario.asked("pay", original=CONTRACT, line=LINE.at_econ("-"), amount_fen=1).refused(
        Refusal.LINE_DRAWN, drawn=LINE
    )


def test_the_payment_draws_on_the_reservations_very_line():
    """Reserved on the 类; a payment whose own 款 has a line by now would draw on that."""
    contract = held(100_00, CLASS)
    scenario = given(appropriated(500_00, CLASS), contract, supplemented(5_00))
    said = {"original": contract, "line": CLASS}
    refused = scenario.when(pay, **said, amount_fen=1).refused(
        Refusal.RESERVE_LINE, reserved_line=str(CLASS), line=str(LINE)
    )
    assert typed(refused.ways_out) == [
        f"yusuan pay --line {LINE} --econ 30299 --amount 0.01 --payee '{PAYEE}'"
    ]
    scenario.when(pay, **said, econ="30201", amount_fen=1).allowed()
    asked = given(BUDGET, CONTRACT).when(pay, original=CONTRACT, econ="30201", amount_fen=1)
    assert typed(asked.refused(Refusal.RESERVE_LINE).ways_out) == ["--econ 30299", "yusuan show 4"]


def test_the_rules_of_every_payment_hold_for_one_from_a_reservation():
    """R16 payee, R3 cap; and R13 the month."""
    wide = held(100_00, FREE)
    scenario = given(appropriated(500_00, FREE), wide, *locked_through(5))
    asked = {"original": wide, "line": FREE, "amount_fen": 1}
    scenario.when(pay, **asked, payee="").refused(Refusal.PAYEE_REQUIRED)
    scenario.when(pay, **asked, econ="30217").refused(Refusal.THREE_PUBLIC_CAP)
    scenario.when(pay, **asked, occurred_on=date(2020, 5, 31)).refused(Refusal.MONTH_LOCKED)
    own = held(5_00, RECEPTION)
    given(appropriated(5_00, RECEPTION), own).when(
        pay, original=own, line=RECEPTION, econ="30217", amount_fen=5_00
    ).allowed()


def test_nothing_is_paid_from_or_released_before_it_was_reserved():
    april = held(100_00, occurred_on=date(2020, 4, 1))
    scenario = given(appropriated(500_00, occurred_on=date(2020, 1, 1)), april)
    march = {"original": april, "occurred_on": date(2020, 3, 31), "amount_fen": 1}
    for decision in (pay, unreserve):
        scenario.when(decision, **march).refused(
            Refusal.DATE_BEFORE_ORIGINAL, original_date="2020-04-01"
        )
        scenario.when(decision, **{**march, "occurred_on": date(2020, 4, 1)}).allowed()


def test_only_a_reservation_is_paid_from_or_released():
    release = freed(CONTRACT, 1)
    payment = paid_from(CONTRACT, 1)
    scenario = given(BUDGET, CONTRACT, release, payment)
    for other, kind in ((BUDGET, "年初预算"), (release, "释放占用"), (payment, "支付")):
        for decision in (pay, unreserve):
            scenario.when(decision, original=other, amount_fen=1).refused(
                Refusal.ENTRY_KIND, kind=kind
            )


def test_releases_what_is_left_and_not_one_fen_more():
    scenario = given(BUDGET, CONTRACT, paid_from(CONTRACT, 60_00))
    refused = scenario.when(unreserve, original=CONTRACT, amount_fen=40_01).refused(
        Refusal.RESERVE_EXCEEDED, entry=4, reserved_fen=100_00, left_fen=40_00, amount_fen=40_01
    )
    assert typed(refused.ways_out) == ["yusuan unreserve 4"]
    scenario.when(unreserve, original=CONTRACT, amount_fen=10_00).then(freed(CONTRACT, 10_00))
    book = scenario.when(unreserve, original=CONTRACT).then(freed(CONTRACT, 30_00))
    assert accounts(book) == (440_00, 0, 60_00)
    refused = scenario.when(unreserve, original=CONTRACT).refused(
        Refusal.RESERVE_EXCEEDED, left_fen=0, amount_fen=100_00, settled_by=7
    )
    assert str(refused) == (
        "第 4 笔占用 100.00 元，已全部支付或释放（最后一笔是第 7 笔），"
        "没有余额可以支付或释放 100.00 元（R1）"
    )
    assert typed(refused.ways_out) == ["yusuan log --ref 4"]


def test_a_release_may_repeat_the_line_of_its_reservation():
    scenario = given(BUDGET, CONTRACT)
    scenario.when(unreserve, original=CONTRACT, line=LinePattern(project="P03")).refused(
        Refusal.ENTRY_DIFFERS, field="预算线"
    )
    scenario.when(unreserve, original=CONTRACT, line=LinePattern(econ="30299")).allowed()


def test_a_reservation_that_is_used_at_all_is_not_reversed():
    """Else what was paid or released would come back twice; undone, it can be."""
    for use in (paid_from(CONTRACT, 1), freed(CONTRACT, 1)):
        scenario = given(BUDGET, CONTRACT, use)
        for decision, more in ((reverse, {}), (correct, {"changes": {"amount_fen": 1}})):
            refused = scenario.when(decision, original=CONTRACT, **more).refused(
                Refusal.RESERVE_USED, entry=4, used_fen=1
            )
            assert typed(refused.ways_out) == ["yusuan log --ref 4"]
        scenario.when(reverse, original=use).allowed()
        book = scenario.when(reverse, original=CONTRACT).then(reversed_(CONTRACT))
        assert accounts(book) == (500_00, 0, 0)


def test_a_reversed_reservation_is_gone():
    scenario = given(BUDGET, CONTRACT, reversed_(CONTRACT))
    for decision in (pay, unreserve):
        scenario.when(decision, original=CONTRACT, amount_fen=1).refused(
            Refusal.ENTRY_REVERSED, entry=4, reversed_by=5
        )


def test_undoing_a_release_takes_the_money_back_if_it_is_there():
    """EXEC → HELD, under R1."""
    release = freed(CONTRACT, 100_00)
    scenario = given(BUDGET, CONTRACT, release, paid(400_01))
    scenario.when(reverse, original=release).refused(
        Refusal.OVER_AVAILABLE, available_fen=99_99, amount_fen=100_00, short_fen=1
    )
    scenario = given(BUDGET, CONTRACT, release, paid(400_00))
    book = scenario.when(reverse, original=release).then(reversed_(release))
    assert accounts(book) == (0, 100_00, 400_00)
    scenario.when(pay, original=CONTRACT, amount_fen=100_00).allowed()


def test_a_reservation_is_corrected_and_what_is_about_it_is_not():
    """Reversed and recorded anew; a payment from it and a release are decided on it."""
    scenario = given(BUDGET, CONTRACT)
    changes = {"amount_fen": 120_00, "payee": "另一家"}
    scenario.when(correct, original=CONTRACT, changes=changes, doc="合同1").then(
        corrected(CONTRACT, held(120_00, doc="合同1", payee="另一家", purpose="物业"))
    )
    for use in (paid_from(CONTRACT, 1), freed(CONTRACT, 1)):
        scenario = given(BUDGET, CONTRACT, use)
        refused = scenario.when(correct, original=use, changes={"amount_fen": 2})
        assert typed(refused.refused(Refusal.ENTRY_KIND).ways_out) == ["yusuan reverse 5"]


def test_a_cap_is_not_raised_beside_the_reservation():
    """A line of the item's own would not be the reservation's: no reallocation helps then."""
    wide = held(100_00, FREE)
    scenario = given(appropriated(500_00, FREE), wide)
    refused = scenario.when(pay, original=wide, line=FREE, econ="30217", amount_fen=1)
    assert typed(refused.refused(Refusal.THREE_PUBLIC_CAP).ways_out) == [
        "yusuan cap --item reception --amount 0.01 --doc 文号"
    ]
