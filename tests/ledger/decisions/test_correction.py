"""冲销与更正: the original stays; one reversal; a correction is one entry, or none."""

from datetime import date

import pytest
from msgspec.structs import replace

from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import refund
from ledger.events import ApprovalRequested, kind_of
from ledger.line import LinePattern
from ledger.postings import Account, correctable
from ledger.refusals import Refusal
from ledger.state import Cap
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    CASH,
    DAY,
    DOC,
    LINE,
    adjusted,
    amended,
    appropriated,
    approved,
    capped,
    carried_in,
    corrected,
    cut_by,
    freed,
    given,
    held,
    line,
    locked,
    locked_through,
    opened,
    paid,
    paid_from,
    planned,
    reallocated,
    received,
    reclassified,
    recovered,
    refunded,
    rejected,
    released,
    requested,
    reused,
    reversed_,
    supplemented,
    with_project,
    withdrawn,
)

OTHER = line("econ=30201")
PAYMENT = paid(20_00)
RESERVED = held(20_00)
REQUEST = requested(LINE, line("func=2080106"), 4_00)
MONEY = {
    "carry-in": [carried_in(10_00)],
    "pending carry-in": [carried_in(10_00, pending=True)],
    "adjustment up": [adjusted(10_00, "consolidation-in")],
    "adjustment down": [carried_in(10_00), adjusted(4_00, "error-correction", decrease=True)],
    "remitted": [carried_in(10_00), adjusted(4_00)],
    "recovered carry-over": [carried_in(10_00), recovered(4_00)],
    "recovered budget": [appropriated(10_00), recovered(4_00, LINE)],
    "appropriate": [appropriated(10_00)],
    "pending appropriation": [appropriated(10_00, pending=True)],
    "supplement": [supplemented(10_00)],
    "cut": [appropriated(10_00), cut_by(4_00)],
    "cut of both": [
        appropriated(10_00), supplemented(5_00, pending=True), cut_by(7_00, from_pending_fen=5_00)
    ],
    "release": [appropriated(10_00, pending=True), released(4_00)],
    "withdraw": [appropriated(10_00), withdrawn(4_00)],
    "reclassify": [carried_in(10_00), reclassified(4_00)],
    "reuse": [carried_in(10_00, pending=True), reused(4_00)],
    "cap": [capped(10_00)],
    "fund plan": [appropriated(10_00), planned(4_00)],
    "reallocate": [appropriated(10_00), reallocated(LINE, OTHER, 4_00)],
    "reserve": [appropriated(50_00), RESERVED],
    "unreserve": [appropriated(50_00), RESERVED, freed(RESERVED, 5_00)],
    "pay from a reservation": [appropriated(50_00), RESERVED, paid_from(RESERVED, 5_00)],
    "approve": [appropriated(10_00), REQUEST, approved(REQUEST)],
    "pay": [appropriated(50_00), PAYMENT],
    "refund": [appropriated(50_00), PAYMENT, refunded(PAYMENT, 5_00)],
    "income": [received(10_00)],
}  # fmt: skip


def figures(state):
    """Everything of a state that money can move, without what is zero."""
    return (
        {at: accounts for at, accounts in state.lines.items() if any(accounts)},
        {at: fen for at, fen in state.initial_fen.items() if fen},
        state.plans,
        state.cash_fen,
        state.reclassified,
        {k: (c.cap_fen, c.spent_fen) for k, c in state.three_public.items() if c != Cap()},
    )


@pytest.mark.parametrize("history", MONEY.values(), ids=MONEY)
def test_a_reversal_undoes_any_money_entry_exactly(history):
    before = figures(given(*history[:-1]).book.state)
    scenario = given(*history)
    assert figures(scenario.book.state) != before
    undone = reversed_(history[-1])
    book = scenario.when(
        reverse, original=history[-1], authority=undone(scenario.book).authority
    ).then(undone)
    assert before == figures(book.state)


@pytest.mark.parametrize("history", MONEY.values(), ids=MONEY)
def test_an_entry_is_reversed_once(history):
    scenario = given(*history, reversed_(history[-1]))
    number = scenario.book.number_of(history[-1])
    scenario.when(reverse, original=history[-1]).refused(
        Refusal.ENTRY_REVERSED, entry=number, reversed_by=number + 1
    )


def test_a_reversal_is_not_reversed_and_neither_is_what_holds_no_money():
    undone = reversed_(PAYMENT)
    facts, name, lock = amended(name="新名"), with_project("P3"), locked(1)
    scenario = given(facts, name, lock, appropriated(50_00), PAYMENT, undone)
    for original, kind in (
        (undone, "冲销"),
        (facts, "修改账套"),
        (name, "项目登记"),
        (lock, "月结"),
        (scenario.book.given[0], "建账"),
    ):
        scenario.when(reverse, original=original).refused(Refusal.ENTRY_KIND, kind=kind)


def test_a_request_is_not_reversed_but_withdrawn_or_its_approval_is_reversed():
    """Nor corrected. The way out is what can be done: reject it, or see what settled it."""
    for settled, way in (
        ([], "yusuan reject 4 --reason 撤回"),
        ([approved(REQUEST)], "yusuan show 5"),
        ([rejected(REQUEST)], "yusuan show 5"),
    ):
        scenario = given(appropriated(10_00), REQUEST, *settled)
        for decision, more in ((reverse, {}), (correct, {"changes": {"reason": "更正"}})):
            refused = scenario.when(decision, original=REQUEST, **more).refused(
                Refusal.ENTRY_KIND, entry=4, kind="提交审批"
            )
            assert [way] == typed(refused.ways_out)
    refusal = rejected(REQUEST)
    given(appropriated(10_00), REQUEST, refusal).when(reverse, original=refusal).refused(
        Refusal.ENTRY_KIND, kind="否决"
    )


def test_a_partly_refunded_payment_is_not_reversed_until_the_refund_is():
    """Else the refunded part would come back twice."""
    back = refunded(PAYMENT, 1)
    scenario = given(appropriated(50_00), PAYMENT, back)
    refused = scenario.when(reverse, original=PAYMENT).refused(
        Refusal.ENTRY_REFUNDED, entry=4, refunded_fen=1
    )
    assert typed(refused.ways_out) == ["yusuan log --kind refund --ref 4"]
    scenario.when(reverse, original=back).allowed()
    book = scenario.when(reverse, original=PAYMENT).allowed()
    assert (book.state.available_fen(LINE), book.state.of(LINE, Account.PAID)) == (50_00, 0)


def test_a_reversal_is_dated_on_or_after_its_original():
    march = date(2020, 3, 2)
    budget = appropriated(10_00, occurred_on=march)
    scenario = given(budget)
    scenario.when(reverse, original=budget, occurred_on=date(2020, 3, 1)).refused(
        Refusal.DATE_BEFORE_ORIGINAL, entry=3, original_date="2020-03-02"
    )
    scenario.when(reverse, original=budget, occurred_on=march).allowed()


def test_an_entry_of_a_locked_month_is_reversed_in_an_open_one():
    budget = appropriated(10_00, occurred_on=date(2020, 3, 2))
    scenario = given(budget, *locked_through(3))
    scenario.when(reverse, original=budget, occurred_on=date(2020, 3, 31)).refused(
        Refusal.MONTH_LOCKED, month=3
    )
    scenario.when(reverse, original=budget, occurred_on=date(2020, 4, 1)).allowed()


def test_budget_whose_money_was_spent_is_not_undone():
    budget = appropriated(500_00)
    scenario = given(budget, paid(200_00), supplemented(199_99))
    scenario.when(reverse, original=budget).refused(
        Refusal.OVER_AVAILABLE, available_fen=499_99, amount_fen=500_00, short_fen=1
    )
    given(budget, paid(200_00), supplemented(200_00)).when(reverse, original=budget).allowed()


def test_pending_budget_that_was_released_is_withdrawn_first():
    budget = appropriated(500_00, pending=True)
    scenario = given(budget, released(1))
    scenario.when(reverse, original=budget).refused(
        Refusal.OVER_PENDING, pending_fen=499_99, short_fen=1
    )
    given(budget, released(1), withdrawn(1)).when(reverse, original=budget).allowed()


def test_what_a_reversal_repeats_must_be_the_originals():
    """A row of a file may say line and amount again; each part that is said must agree."""
    scenario = given(appropriated(50_00, LINE.at_econ("302")), paid(20_00, LINE.at_econ("302")))
    payment = scenario.book.given[-1]
    for said in (LinePattern(econ="302"), LinePattern(econ="30299"), LinePattern(func="20801")):
        scenario.when(reverse, original=payment, line=said, amount_fen=20_00).then(
            reversed_(payment)
        )
        scenario = given(*scenario.book.given[:-1])
    scenario.when(reverse, original=payment, line=LinePattern(econ="30201")).refused(
        Refusal.ENTRY_DIFFERS, field="预算线"
    )
    scenario.when(reverse, original=payment, amount_fen=20_01).refused(
        Refusal.ENTRY_DIFFERS, field="金额", value="20.01", original="20.00"
    )


def test_a_reallocation_may_repeat_either_of_its_lines():
    move = reallocated(LINE, OTHER, 4_00)
    for said in (LinePattern(econ="30299"), LinePattern(econ="30201")):
        given(appropriated(10_00), move).when(
            reverse, original=move, line=said, amount_fen=4_00
        ).allowed()


def test_a_correction_is_one_entry_of_what_is_undone_and_what_is_right():
    scenario = given(appropriated(50_00), PAYMENT)
    book = scenario.when(correct, original=PAYMENT, changes={"amount_fen": 21_00}).then(
        corrected(PAYMENT, paid(21_00))
    )
    assert (book.state.available_fen(LINE), book.state.of(LINE, Account.PAID)) == (29_00, 21_00)


def test_a_correction_is_dated_when_it_is_made_and_keeps_the_document():
    """The wrong entry stays in its month, which may be locked; the right one is of today."""
    wrong = paid(20_00, occurred_on=date(2020, 3, 2), doc="支〔2020〕17号")
    scenario = given(appropriated(50_00, occurred_on=date(2020, 1, 2)), wrong, *locked_through(3))
    book = scenario.when(correct, original=wrong, changes={"payee": "某甲"}).allowed()
    made = book.last
    assert (made.occurred_on, made.right.occurred_on) == (DAY, DAY)
    right = made.right
    assert (made.doc, right.doc) == ("支〔2020〕17号", "支〔2020〕17号")
    assert (right.payee, right.amount_fen, made.reversed) == ("某甲", 20_00, wrong)


def test_a_correction_is_decided_by_its_net_effect():
    """The document number of a budget that is spent moves nothing; 5.00 more needs 5.00."""
    budget, more = appropriated(100_00), supplemented(5_00)
    scenario = given(budget, paid(98_00))
    scenario.when(correct, original=budget, changes={}, doc="预1改").allowed()
    scenario = given(budget, more, paid(103_00))
    scenario.when(correct, original=more, changes={"amount_fen": 6_00}).allowed()
    scenario = given(budget, more, paid(103_00))
    scenario.when(correct, original=more, changes={"amount_fen": 3_00}).allowed()
    scenario = given(budget, more, paid(103_00))
    scenario.when(correct, original=more, changes={"amount_fen": 2_99}).refused(
        Refusal.OVER_AVAILABLE, available_fen=2_00, amount_fen=2_01, short_fen=1
    )


def test_what_is_right_by_now_is_corrected_reversed_and_refunded():
    """What is said of a corrected entry is meant of its correction; a reversal undoes what is
    right, and the wrong does not come back."""
    first = corrected(PAYMENT, paid(21_00))
    second = corrected(first, paid(22_00))
    scenario = given(appropriated(50_00), PAYMENT, first)
    scenario.when(correct, original=first, changes={"amount_fen": 22_00}).then(second)
    scenario = given(appropriated(50_00), PAYMENT, first)
    scenario.when(correct, original=PAYMENT, changes={"amount_fen": 1}).refused(
        Refusal.ENTRY_REVERSED, reversed_by=5
    )
    scenario.when(refund, original=first, amount_fen=21_01).refused(
        Refusal.REFUND_EXCEEDS, left_fen=21_00
    )
    scenario.when(refund, original=first, amount_fen=21_00).then(refunded(first, 21_00))
    book = given(appropriated(50_00), PAYMENT, first).when(reverse, original=first).allowed()
    assert (book.state.available_fen(LINE), book.state.of(LINE, Account.PAID)) == (50_00, 0)


def test_a_correction_of_what_an_authority_allowed_waits_for_it():
    move = reallocated(LINE, OTHER, 4_00)
    scenario = given(appropriated(10_00), move)
    scenario.when(correct, original=move, changes={}, doc="文1改").allowed()
    assert isinstance(scenario.book.last, ApprovalRequested)
    scenario = given(appropriated(10_00), move)
    scenario.when(correct, original=move, changes={}, doc="文1改", authority="finance").then(
        corrected(move, replace(move, doc="文1改", occurred_on=DAY), authority="finance")
    )


@pytest.mark.parametrize(
    ("changes", "refusal", "facts"),
    [
        ({"amount_fen": 50_01}, Refusal.OVER_AVAILABLE, {"available_fen": 50_00}),
        ({"econ": "30217"}, Refusal.LINE_MISSING, {}),
        ({"payee": ""}, Refusal.PAYEE_REQUIRED, {}),
        ({"pending": True}, Refusal.ENTRY_KIND, {"kind": "支付"}),
    ],
    ids=["over budget", "no line", "no payee", "no such field"],
)
def test_a_correction_that_cannot_be_recorded_leaves_the_original_standing(changes, refusal, facts):
    """Both steps or neither: the reversal alone would be lawful."""
    scenario = given(appropriated(50_00), PAYMENT)
    scenario.when(correct, original=PAYMENT, changes=changes).refused(refusal, **facts)
    scenario.when(reverse, original=PAYMENT).allowed()


def test_a_correction_sees_the_money_that_its_reversal_frees():
    """50.00 of budget, 30.00 paid: the payment can be put right to 50.00, not to 50.01."""
    payment = paid(30_00)
    scenario = given(appropriated(50_00), payment)
    scenario.when(correct, original=payment, changes={"amount_fen": 50_01}).refused(
        Refusal.OVER_AVAILABLE, available_fen=50_00, short_fen=1
    )
    scenario.when(correct, original=payment, changes={"amount_fen": 50_00}).allowed()


def test_a_refusal_of_a_correction_says_whose_amount_its_figures_are_without():
    """50.00 of budget, 30.00 paid: `balance` says 20.00, and what is refused was weighed against
    50.00. So of caps and plans; what has no such figures is refused as ever."""
    payment = paid(30_00)
    scenario = given(appropriated(50_00), payment)
    refused = scenario.when(correct, original=payment, changes={"amount_fen": 50_01}).refused(
        Refusal.OVER_AVAILABLE, undone=4, undone_amount_fen=30_00, available_fen=50_00
    )
    assert str(refused).startswith("冲销第 4 笔 30.00 元之后，general:2080105:")
    plain = scenario.when(correct, original=payment, changes={"payee": ""})
    assert "undone" not in plain.refused(Refusal.PAYEE_REQUIRED).facts
    planned_for = given(appropriated(50_00), planned(30_00), payment)
    asked = planned_for.when(correct, original=payment, changes={"amount_fen": 31_00})
    over = asked.refused(Refusal.OVER_PLAN, undone=5, undone_amount_fen=30_00, paid_fen=0)
    assert str(over).startswith("冲销第 5 笔 30.00 元之后，")


@pytest.mark.parametrize("history", MONEY.values(), ids=MONEY)
def test_what_does_not_differ_is_not_corrected(history):
    """Of whatever kind it is, once it was corrected too; another day that is said is another one,
    today's that nobody said is none."""
    scenario = given(*history)
    number, later = scenario.book.state.number, date(2020, 7, 31)
    if not correctable(scenario.book.last):
        return
    asked = {"original": history[-1], "changes": {}, "authority": "finance"}
    scenario.when(correct, **asked).refused(Refusal.ENTRY_SAME, entry=number)
    scenario.when(correct, **asked, occurred_on=later, dated=False).refused(Refusal.ENTRY_SAME)
    right = scenario.when(correct, **asked, occurred_on=later).allowed().about(number + 1)
    asked |= {"original": right, "occurred_on": later}
    scenario.when(correct, **asked).refused(Refusal.ENTRY_SAME, entry=number + 1)


def test_what_stands_under_another_entry_is_reversed_and_says_under_which():
    """A payment from a reservation can be put right, but not by a correction; nothing is offered
    that would be refused."""
    payment = paid_from(RESERVED, 5_00)
    asked = {"original": payment, "changes": {"amount_fen": 4_00}}

    def told(*history):
        scenario = given(appropriated(50_00), RESERVED, payment, *history)
        refused = scenario.when(correct, **asked).refused(Refusal.ENTRY_KIND, entry=5)
        assert "记在第 4 笔之下，不能直接更正；请先冲销，再对第 4 笔重新记录" in str(refused)
        return typed(refused.ways_out)

    assert told() == ["yusuan reverse 5"]
    assert told(reversed_(payment)) == ["yusuan show 6"]
    assert told(refunded(payment, 1_00)) == ["yusuan log --kind refund --ref 5"]


@pytest.mark.parametrize("history", MONEY.values(), ids=MONEY)
def test_what_can_be_corrected_is_what_has_one_line(history):
    """What is about an earlier entry is reversed and recorded anew; of a movement between lines
    what is said once for all of them can be put right."""
    scenario = given(*history)
    kind = kind_of(scenario.book.last)
    asked = scenario.when(
        correct, original=history[-1], changes={"reason": "更正"}, doc=DOC, authority="finance"
    )
    if kind != "approve" and callable(history[-1]):
        number = scenario.book.number_of(history[-1])
        assert [f"yusuan reverse {number}"] == typed(asked.refused(Refusal.ENTRY_KIND).ways_out)
    else:
        before = figures(scenario.book.state)
        assert before == figures(asked.allowed().state)


def test_the_rules_of_reversals_hold_for_corrections():
    back = refunded(PAYMENT, 1)
    undone = reversed_(PAYMENT)
    asked = {"original": PAYMENT, "changes": {"amount_fen": 1}}
    given(appropriated(50_00), PAYMENT, back).when(correct, **asked).refused(Refusal.ENTRY_REFUNDED)
    scenario = given(appropriated(50_00), PAYMENT, undone)
    scenario.when(correct, **asked).refused(Refusal.ENTRY_REVERSED)
    scenario.when(correct, original=undone, changes={}).refused(Refusal.ENTRY_KIND, kind="冲销")
    scenario.when(correct, original=PAYMENT, changes={}, occurred_on=date(2020, 6, 29)).refused(
        Refusal.DATE_BEFORE_ORIGINAL
    )


def test_parts_of_a_line_are_put_into_the_originals_line():
    """A payment's econ is its own 款, whatever line it drew on."""
    free = line("econ=-")
    payment = paid(20_00, free)
    scenario = given(appropriated(50_00, free), appropriated(50_00, line("func=2080106")), payment)
    scenario.asked("correct", original=payment, changes={"parts": LinePattern(econ="30201")}).then(
        corrected(payment, paid(20_00, free, "30201"))
    )
    scenario = given(*scenario.book.given[:-1])
    scenario.asked(
        "correct", original=payment, changes={"parts": LinePattern(func="2080106")}
    ).then(corrected(payment, paid(20_00, line("func=2080106"))))


def test_a_corrected_carry_over_and_income_keep_their_kind():
    carried, money = carried_in(10_00), received(10_00)
    scenario = given(carried, money)
    scenario.when(correct, original=carried, changes={"amount_fen": 9_00}).then(
        corrected(carried, carried_in(9_00))
    )
    scenario.when(correct, original=money, changes={"source": "other"}).then(
        corrected(money, received(10_00, source="other"))
    )
    assert scenario.book.state.available_fen(CARRIED) == 9_00
    scenario.when(correct, original=scenario.book.given[-1], changes={"line": LINE}).refused(
        Refusal.INCOME_CLASS
    )


def test_a_second_book_of_a_year_starts_from_its_own_opening():
    """Nothing of these rules looks outside the book: an opened one alone has nothing to undo."""
    scenario = given(opened())
    scenario.when(reverse, original=scenario.book.given[0]).refused(Refusal.ENTRY_KIND)
    scenario.when(refund, original=scenario.book.given[0], amount_fen=1).refused(Refusal.ENTRY_KIND)
    assert CASH not in scenario.book.state.lines
