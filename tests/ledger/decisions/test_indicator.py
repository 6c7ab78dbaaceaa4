"""指标下达与收回: PENDING ↔ EXEC, never more than is there; 用款计划: how much of it by when."""

from datetime import date

import pytest

from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay
from ledger.decisions.indicator import fund_plan, reclassify, release, reuse, withdraw
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    LINE,
    appropriated,
    carried_in,
    corrected,
    given,
    held,
    line,
    opened,
    paid,
    planned,
    reclassified,
    refunded,
    released,
    reused,
    reversed_,
    supplemented,
    with_project,
    withdrawn,
)


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


# 转为结余: 可执行 of a project that waits from then on.


def test_what_a_project_no_longer_needs_becomes_surplus_and_waits():
    """Carry-over under any basis, this year's where the indicator is money."""
    scenario = given(carried_in(5_00))
    book = scenario.when(reclassify, amount_fen=2_00).then(reclassified(2_00))
    assert (book.state.of(CARRIED, Account.EXEC), book.state.of(CARRIED, Account.PENDING)) == (
        3_00, 2_00
    )  # fmt: skip
    scenario.when(reclassify, amount_fen=3_01).refused(Refusal.OVER_AVAILABLE, short_fen=1)
    scenario.when(reclassify, amount_fen=1, doc="").refused(Refusal.DOC_REQUIRED)
    scenario = given(opened("indicator"), with_project("P02"), appropriated(5_00))
    book = scenario.when(reclassify, line=LINE, amount_fen=5_00).then(reclassified(5_00, LINE))
    assert book.state.reclassified == {LINE: 5_00}


def test_what_never_becomes_surplus():
    """R9: basic money; what lapses; this year's as unused for two years."""
    basic, own = line("project=- origin=2019"), line("fund=nonfiscal origin=2019")
    scenario = given(
        carried_in(5_00), carried_in(5_00, basic), carried_in(5_00, own), appropriated(5_00)
    )
    for at in (basic, own, LINE):
        scenario.when(reclassify, line=at, amount_fen=1).refused(
            Refusal.NEVER_SURPLUS, line=str(at)
        )
    scenario.when(reclassify, cause="two-years", amount_fen=1).allowed()
    scenario = given(opened("indicator"), with_project("P02"), appropriated(5_00))
    refused = scenario.when(reclassify, line=LINE, cause="two-years", amount_fen=1).refused(
        Refusal.NEVER_SURPLUS
    )
    assert typed(refused.ways_out) == ["--cause not-needed"]


def test_a_shortage_of_what_becomes_surplus_is_not_met_by_what_waits():
    """To release it and turn it into 结余 again would lead nowhere."""
    scenario = given(carried_in(5_00), reclassified(5_00))
    refused = scenario.when(reclassify, amount_fen=1).refused(Refusal.OVER_AVAILABLE)
    assert not any("release" in way for way in typed(refused.ways_out))


def test_surplus_that_is_released_is_spent_as_before_and_a_reversal_undoes_it():
    wrong = reclassified(2_00)
    scenario = given(carried_in(5_00), wrong)
    scenario.when(pay, line=CARRIED, amount_fen=3_01).refused(Refusal.OVER_AVAILABLE)
    scenario.when(reverse, original=wrong).then(reversed_(wrong))
    scenario.when(pay, line=CARRIED, amount_fen=5_00).allowed()


def test_the_cause_of_surplus_is_corrected():
    wrong = reclassified(2_00)
    scenario = given(carried_in(5_00), wrong)
    scenario.when(correct, original=wrong, changes={"cause": "terminated"}).then(
        corrected(wrong, reclassified(2_00, cause="terminated"))
    )


# 结余调剂: what waits as 结余 of one project can be spent on another.

AGAIN = line("project=P03 origin=2019")


def test_surplus_is_reused_for_another_project_of_the_same_money():
    """R7: its origin stays; what is left of the 结余 goes on waiting."""
    scenario = given(with_project("P03"), carried_in(5_00, pending=True))
    book = scenario.when(reuse, to_line=AGAIN, amount_fen=2_00).then(reused(2_00, to=AGAIN))
    state = book.state
    assert (state.of(CARRIED, Account.AUTH), state.of(CARRIED, Account.PENDING)) == (3_00, 3_00)
    assert (state.of(AGAIN, Account.AUTH), state.of(AGAIN, Account.EXEC)) == (2_00, 2_00)
    scenario.when(pay, line=AGAIN, amount_fen=2_00).allowed()
    scenario.when(reuse, to_line=AGAIN, amount_fen=1, doc="").refused(Refusal.DOC_REQUIRED)


def test_no_more_is_reused_than_is_surplus():
    """Of old project money all that waits; of this year's what was turned into 结余."""
    scenario = given(carried_in(5_00, pending=True), carried_in(9_00))
    refused = scenario.when(reuse, amount_fen=5_01).refused(
        Refusal.OVER_SURPLUS, surplus_fen=5_00, short_fen=1
    )
    assert typed(refused.ways_out) == [
        "--amount 5.00",
        f"yusuan reclassify --line {CARRIED} --amount 0.01 --cause not-needed --doc 文号",
    ]
    other = line("func=2080106")
    scenario = given(
        opened("indicator"),
        with_project("P02"),
        appropriated(5_00),
        supplemented(4_00, pending=True),
        reclassified(3_00, LINE),
    )
    asked = {"line": LINE, "to_line": other}
    scenario.when(reuse, **asked, amount_fen=3_01).refused(Refusal.OVER_SURPLUS, surplus_fen=3_00)
    scenario.when(reuse, **asked, amount_fen=3_00).allowed()
    scenario.when(reuse, **asked, amount_fen=1).refused(Refusal.OVER_SURPLUS, surplus_fen=0)
    assert scenario.book.state.of(LINE, Account.PENDING) == 4_00


def test_surplus_that_is_reused_is_not_turned_back():
    """R8: else what waits for the finance bureau would be spent in its place."""
    other = line("func=2080106")
    wrong, again = reclassified(3_00, LINE), reused(2_00, LINE, other)
    scenario = given(
        opened("indicator"),
        with_project("P02"),
        appropriated(5_00),
        supplemented(4_00, pending=True),
        wrong,
        again,
    )
    refused = scenario.when(reverse, original=wrong).refused(
        Refusal.OVER_SURPLUS, line=str(LINE), surplus_fen=1_00, amount_fen=3_00, short_fen=2_00
    )
    assert typed(refused.ways_out) == [f"yusuan log --kind reuse --project {LINE.project}"]
    scenario.when(correct, original=wrong, changes={"amount_fen": 1_99}).refused(
        Refusal.OVER_SURPLUS, surplus_fen=1_00, amount_fen=1_01, short_fen=1
    )
    scenario.when(reverse, original=again).then(reversed_(again))
    scenario.when(reverse, original=wrong).then(reversed_(wrong))
    assert scenario.book.state.reclassified == {}


@pytest.mark.parametrize(
    "to_line",
    [
        CARRIED,
        line("func=2080106"),
        line("func=2080106 origin=2018"),
        line("func=2080106 project=- origin=2019"),
        line("func=2080106 fund=govfund origin=2019"),
    ],
)
def test_surplus_is_reused_for_no_other_money(to_line):
    """R7: the same line, another origin or fund, or no project."""
    scenario = given(carried_in(5_00, pending=True))
    scenario.when(reuse, to_line=to_line, amount_fen=1).refused(Refusal.REUSED_FOR_OTHER)


def test_only_fiscal_money_of_a_project_is_reused():
    basic, own = line("project=- origin=2019"), line("fund=nonfiscal origin=2019")
    scenario = given(carried_in(5_00, basic, pending=True), carried_in(5_00, own, pending=True))
    for at in (basic, own):
        scenario.when(reuse, line=at, amount_fen=1).refused(Refusal.NEVER_SURPLUS, line=str(at))
    scenario = given(carried_in(5_00, pending=True))
    scenario.when(reuse, to_line=AGAIN, amount_fen=1).refused(Refusal.PROJECT_UNKNOWN)


def test_what_is_reused_on_the_line_of_an_item_raises_its_cap():
    """R3: by document, as a reallocation does."""
    to = line("func=2080106 econ=30217 origin=2019")
    scenario = given(carried_in(5_00, pending=True), appropriated(9_00, line("project=- econ=-")))
    scenario.when(pay, line=line("project=- econ=-"), econ="30217", amount_fen=1).refused(
        Refusal.THREE_PUBLIC_CAP
    )
    scenario.when(reuse, to_line=to, amount_fen=2_00).allowed()
    scenario.when(pay, line=to, econ="30217", amount_fen=2_00).allowed()


def test_of_a_reuse_the_document_is_corrected_and_nothing_else():
    wrong = reused(2_00)
    scenario = given(carried_in(5_00, pending=True), wrong)
    refused = scenario.when(correct, original=wrong, changes={"amount_fen": 1}).refused(
        Refusal.ENTRY_KIND
    )
    assert typed(refused.ways_out) == ["yusuan reverse 4"]
    scenario.when(correct, original=wrong, changes={}, doc="改1").then(
        corrected(wrong, reused(2_00, doc="改1"))
    )


# 用款计划: an optional ceiling on what is paid by a month.


def test_a_plan_is_optional_and_needs_a_document():
    scenario = given(appropriated(500_00))
    scenario.when(pay, amount_fen=500_00).allowed()
    scenario = given(appropriated(500_00))
    scenario.when(fund_plan, amount_fen=1, doc="").refused(Refusal.DOC_REQUIRED)
    scenario.when(fund_plan, amount_fen=1).then(planned(1))


def test_a_plan_moves_no_money_and_adds_up_by_month():
    book = given(appropriated(500_00), planned(100_00), planned(50_00), planned(9_00, month=2)).book
    assert book.state.available_fen(LINE) == 500_00
    assert book.state.plans == {LINE: [0, 9_00, 0, 0, 0, 150_00, *[0] * 6]}


def test_plans_stay_within_what_the_line_can_pay_or_has_paid():
    """可执行 300.00, 在途 100.00, 已支付 100.00; what is 待下达 does not count."""
    scenario = given(
        appropriated(500_00),
        supplemented(70_00, pending=True),
        held(100_00),
        paid(100_00),
        planned(200_00, month=1),
    )
    refused = scenario.when(fund_plan, amount_fen=300_01).refused(
        Refusal.PLAN_EXCEEDS, budget_fen=500_00, planned_fen=200_00, amount_fen=300_01
    )
    assert typed(refused.ways_out)[0] == f"yusuan release --line {LINE} --amount 0.01 --doc 文号"
    assert typed(refused.ways_out)[-1] == "--amount 300.00"
    scenario.when(fund_plan, amount_fen=300_00).allowed()


def test_a_payment_stays_within_the_plans_of_the_months_so_far():
    """100.00 by March, 50.00 more by July: 100.00 until June, 150.00 from July on."""
    scenario = given(appropriated(500_00), planned(100_00, month=3), planned(50_00, month=7))
    february, june, july = (date(2020, month, 1) for month in (2, 6, 7))
    scenario.when(pay, amount_fen=1, occurred_on=february).refused(
        Refusal.OVER_PLAN, month=2, planned_fen=0, paid_fen=0, amount_fen=1, short_fen=1
    )
    scenario.when(pay, amount_fen=60_00, occurred_on=june).allowed()
    refused = scenario.when(pay, amount_fen=40_01, occurred_on=june).refused(
        Refusal.OVER_PLAN, planned_fen=100_00, paid_fen=60_00, short_fen=1
    )
    assert typed(refused.ways_out) == [
        f"yusuan fund-plan --line {LINE} --month 6 --amount 0.01 --doc 文号",
        "--date 2020-07-01",
        "--amount 40.00",
    ]
    scenario.when(pay, amount_fen=40_00, occurred_on=june).allowed()
    scenario.when(pay, amount_fen=50_00, occurred_on=july).allowed()
    scenario.when(pay, amount_fen=1, occurred_on=july).refused(Refusal.OVER_PLAN, short_fen=1)


def test_a_payment_counts_in_its_month_in_whatever_order_it_is_recorded():
    """100.00 planned and paid for June; then 60.00 planned and paid for March."""
    june, march = date(2020, 6, 1), date(2020, 3, 1)
    scenario = given(
        appropriated(500_00),
        planned(100_00, month=6),
        paid(100_00, occurred_on=june),
        planned(60_00, month=3),
    )
    scenario.when(pay, amount_fen=60_01, occurred_on=march).refused(
        Refusal.OVER_PLAN, month=3, planned_fen=60_00, paid_fen=0, short_fen=1
    )
    scenario.when(pay, amount_fen=60_00, occurred_on=march).allowed()


def test_a_payment_takes_no_later_month_over_its_plan():
    """60.00 by March and nothing more by June, of which 50.00 are paid in June."""
    june, march = date(2020, 6, 1), date(2020, 3, 1)
    scenario = given(appropriated(500_00), planned(60_00, month=3), paid(50_00, occurred_on=june))
    refused = scenario.when(pay, amount_fen=20_00, occurred_on=march).refused(
        Refusal.OVER_PLAN, month=6, planned_fen=60_00, paid_fen=50_00, short_fen=10_00
    )
    assert typed(refused.ways_out) == [
        f"yusuan fund-plan --line {LINE} --month 6 --amount 10.00 --doc 文号",
        "--amount 10.00",
    ]
    scenario.when(pay, amount_fen=10_00, occurred_on=march).allowed()


def test_a_plan_is_of_one_line_and_of_reserved_money_too():
    other = line("econ=30201")
    contract = held(80_00)
    scenario = given(appropriated(500_00), appropriated(9_00, other), contract, planned(70_00))
    scenario.when(pay, line=other, econ="30201", amount_fen=9_00).allowed()
    scenario.when(pay, original=contract, amount_fen=70_01).refused(Refusal.OVER_PLAN)
    scenario.when(pay, original=contract, amount_fen=70_00).allowed()


def test_what_comes_back_can_be_paid_again_and_a_plan_that_is_undone_no_more():
    payment = paid(70_00)
    back = refunded(payment, 30_00)
    scenario = given(appropriated(500_00), planned(70_00), payment, back)
    again = scenario.when(pay, amount_fen=30_00).allowed().given[-1]
    scenario.when(reverse, original=back).refused(Refusal.OVER_PLAN, amount_fen=30_00)
    scenario.when(reverse, original=again).allowed()
    scenario.when(reverse, original=back).allowed()


def test_a_plan_is_undone_as_long_as_the_payments_stay_within_the_rest():
    """70.00 paid: of 70.00 + 20.00 the 20.00 may go, the 70.00 may not."""
    large, small = planned(70_00), planned(20_00, month=8)
    scenario = given(appropriated(500_00), large, small, paid(70_00))
    refused = scenario.when(reverse, original=large).refused(
        Refusal.PLAN_BELOW_PAID, month=6, planned_fen=0, paid_fen=70_00
    )
    assert typed(refused.ways_out) == [
        f"yusuan fund-plan --line {LINE} --month 6 --amount 70.00 --doc 文号"
    ]
    scenario.when(reverse, original=small).then(reversed_(small))


def test_without_its_last_plan_a_line_has_no_ceiling():
    plan = planned(70_00)
    scenario = given(appropriated(500_00), plan, paid(70_00))
    scenario.when(pay, amount_fen=1).refused(Refusal.OVER_PLAN)
    book = scenario.when(reverse, original=plan).allowed()
    assert book.state.plans == {}
    scenario.when(pay, amount_fen=430_00).allowed()


def test_a_plan_is_corrected():
    plan = planned(70_00)
    scenario = given(appropriated(500_00), plan)
    scenario.when(correct, original=plan, changes={"amount_fen": 500_01}).refused(
        Refusal.PLAN_EXCEEDS
    )
    scenario.when(correct, original=plan, changes={"amount_fen": 500_00}).then(
        corrected(plan, planned(500_00))
    )
