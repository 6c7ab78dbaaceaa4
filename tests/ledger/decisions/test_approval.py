"""审批: what waits, who may approve it, and what an approval brings into effect."""

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from ledger.decisions import KINDS
from ledger.decisions.again import reconsider
from ledger.decisions.approval import approve, reject
from ledger.decisions.budget import reallocate
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay
from ledger.errors import Corrupt
from ledger.events import DisbursementRefunded, EntryReversed
from ledger.refusals import Refusal, Refused
from tests.harness.plain import typed
from tests.harness.scenario import (
    CHECKER,
    DAY,
    LINE,
    MAKER,
    RECEPTION,
    appropriated,
    approved,
    events_of,
    given,
    line,
    locked_through,
    paid,
    reallocated,
    refunded,
    rejected,
    requested,
    reversal_requested,
    reversed_,
    shares,
)

OTHER = line("func=2080106")
SISTER = line("econ=30201")
REQUEST = requested(LINE, OTHER, 300_00)
MARCH, MAY = date(2020, 3, 31), date(2020, 5, 4)


def move(target, fen, **more):
    return {"sources": shares((LINE, fen)), "targets": shares((target, fen)), **more}


def test_what_lacks_authority_alone_waits_and_moves_nothing():
    """300.00 of 300.00 wait; 300.01 are refused at once, whatever the authority."""
    scenario = given(appropriated(300_00))
    for authority in (None, "department", "finance"):
        scenario.when(reallocate, **move(OTHER, 300_01, authority=authority)).refused(
            Refusal.OVER_AVAILABLE, available_fen=300_00, short_fen=1
        )
    before = str(scenario.book.state.lines)
    book = scenario.when(reallocate, **move(OTHER, 300_00, authority="department")).then(REQUEST)
    assert before == str(book.state.lines)
    assert book.state.open_requests == [4]
    assert book.state.money_entries == 1


def test_the_authority_that_waits_is_the_one_that_is_needed():
    scenario = given(appropriated(300_00))
    book = scenario.when(reallocate, **move(SISTER, 1, authority=None)).allowed()
    assert (book.last.needed, book.last.proposed.authority) == ("department", "department")


def test_a_request_reserves_nothing():
    """The money can be spent while it waits, and two requests can want the same money."""
    scenario = given(appropriated(300_00), REQUEST)
    scenario.when(reallocate, **move(OTHER, 300_00, authority=None)).allowed()
    book = scenario.when(pay, amount_fen=300_00).allowed()
    assert book.state.open_requests == [4, 5]


def test_another_person_approves_and_then_it_takes_effect():
    scenario = given(appropriated(300_00), REQUEST)
    book = scenario.when(approve, original=REQUEST).then(approved(REQUEST))
    assert (book.state.available_fen(LINE), book.state.available_fen(OTHER)) == (0, 300_00)
    assert book.state.open_requests == []
    assert tuple(entry.actor for entry in book.entries[-2:]) == (MAKER, CHECKER)


def test_the_maker_does_not_approve_whatever_the_authority():
    """不相容岗位. Anybody else may, and the maker may withdraw."""
    scenario = given(appropriated(300_00), REQUEST)
    for authority in (None, "department", "finance"):
        refused = scenario.when(
            approve, original=REQUEST, actor=MAKER, authority=authority
        ).refused(Refusal.SAME_ACTOR, entry=4, actor=MAKER)
        assert typed(refused.ways_out) == ["--actor 批准人", "yusuan reject 4 --reason 撤回"]
    scenario.asked("reject", original=REQUEST, actor=MAKER, reason="撤回").allowed()
    scenario = given(appropriated(300_00), REQUEST)
    scenario.when(approve, original=REQUEST, actor=f"{MAKER}二").allowed()


def test_an_approval_needs_the_authority_that_the_request_needs():
    """None counts as none; enough is enough; more is kept as it was brought."""
    scenario = given(appropriated(300_00), REQUEST)
    for less in (None, "department"):
        refused = scenario.when(approve, original=REQUEST, authority=less).refused(
            Refusal.AUTHORITY_TOO_LOW, entry=4, authority="finance"
        )
        assert typed(refused.ways_out) == ["--authority finance"]
    scenario.when(approve, original=REQUEST, authority="finance").allowed()
    within = requested(LINE, SISTER, 1, authority="department")
    scenario = given(appropriated(300_00), within)
    scenario.when(approve, original=within, authority=None).refused(Refusal.AUTHORITY_TOO_LOW)
    given(*scenario.book.given[2:]).when(approve, original=within, authority="department").allowed()
    book = scenario.when(approve, original=within, authority="finance").allowed()
    assert book.last.approved.authority == "finance"


def test_what_is_approved_is_decided_again():
    """The money may be gone: then it is refused with the figures, and waits on; a fen more of
    budget and it is lawful."""
    scenario = given(appropriated(300_00), REQUEST, paid(1))
    refused = scenario.when(approve, original=REQUEST).refused(
        Refusal.OVER_AVAILABLE, line=str(LINE), available_fen=299_99, short_fen=1
    )
    assert [f"yusuan supplement --line {LINE} --amount 0.01 --doc 文号"] == typed(refused.ways_out)
    assert scenario.book.state.open_requests == [4]
    scenario = given(appropriated(300_00), REQUEST, paid(1))
    scenario.book.record(refunded(scenario.book.given[-1], 1))
    scenario.when(approve, original=REQUEST).allowed()


def test_an_approval_is_dated_when_it_is_given_and_keeps_or_changes_the_document():
    request = requested(LINE, OTHER, 300_00, occurred_on=MARCH, doc="调1")
    budget = appropriated(300_00, occurred_on=date(2020, 1, 2))
    book = given(budget, request).when(approve, original=request, occurred_on=MAY).allowed()
    assert (book.last.approved.occurred_on, book.last.approved.doc) == (MAY, "调1")
    book = given(budget, request).when(approve, original=request, doc="批1").allowed()
    assert (book.last.occurred_on, book.last.doc, book.last.approved.doc) == (DAY, "批1", "批1")
    for early in (date(2020, 3, 30), date(2020, 1, 2)):
        given(budget, request).when(approve, original=request, occurred_on=early).refused(
            Refusal.DATE_BEFORE_ORIGINAL, original_date="2020-03-31"
        )


def test_a_locked_month_stops_an_approval_but_no_rejection():
    """A rejection moves no money (R13)."""
    request = requested(LINE, OTHER, 300_00, occurred_on=MARCH)
    scenario = given(appropriated(300_00, occurred_on=MARCH), request, *locked_through(5))
    for day in (MARCH, MAY):
        scenario.when(approve, original=request, occurred_on=day).refused(Refusal.MONTH_LOCKED)
    given(*scenario.book.given[2:]).when(reject, original=request, occurred_on=MAY).allowed()
    scenario.when(approve, original=request, occurred_on=date(2020, 6, 1)).allowed()


@pytest.mark.parametrize("settled", [approved(REQUEST), rejected(REQUEST)], ids=["yes", "no"])
def test_a_request_is_settled_once(settled):
    scenario = given(appropriated(900_00), REQUEST, settled)
    for decision in (approve, reject):
        refused = scenario.when(decision, original=REQUEST).refused(
            Refusal.REQUEST_SETTLED, entry=4, settled_by=5
        )
        assert typed(refused.ways_out) == ["yusuan show 5"]


def test_a_rejection_says_why_and_moves_nothing():
    scenario = given(appropriated(300_00), REQUEST)
    scenario.when(reject, original=REQUEST, reason="").refused(Refusal.REJECTION_REASON)
    before = str(scenario.book.state.lines)
    book = scenario.when(reject, original=REQUEST).then(rejected(REQUEST))
    assert before == str(book.state.lines)
    assert book.state.open_requests == []


def test_only_requests_are_approved_or_rejected():
    budget = appropriated(400_00)
    granted = reallocated(LINE, OTHER, 1)
    answer = approved(REQUEST)
    scenario = given(budget, REQUEST, answer, granted)
    for original, kind in ((budget, "年初预算"), (granted, "调剂"), (answer, "批准")):
        for decision in (approve, reject):
            refused = scenario.when(decision, original=original).refused(
                Refusal.ENTRY_KIND, kind=kind
            )
            assert typed(refused.ways_out) == ["yusuan pending"]


def test_an_approved_event_has_its_own_effects():
    """Into 公务接待 it raises the cap (R3); undone, the cap is gone, the request stays settled."""
    free = line("func=2080199 econ=-")
    request = requested(free, RECEPTION, 50_00)
    scenario = given(appropriated(100_00, free), request)
    wanted = {"line": RECEPTION, "econ": "30217", "amount_fen": 50_00}
    scenario.asked("pay", **wanted).refused(Refusal.LINE_MISSING)
    answer = approved(request)
    scenario.book.record(answer)
    assert scenario.book.state.three_public["reception"].cap_fen == 50_00
    scenario.when(reverse, original=answer, authority="finance").allowed()
    assert scenario.book.state.three_public["reception"].cap_fen == 0
    scenario.when(approve, original=request).refused(Refusal.REQUEST_SETTLED)


def test_an_approval_whose_money_was_spent_is_not_reversed():
    answer = approved(REQUEST)
    scenario = given(appropriated(300_00), REQUEST, answer, paid(1, OTHER))
    scenario.when(reverse, original=answer).refused(
        Refusal.OVER_AVAILABLE, line=str(OTHER), available_fen=299_99
    )


# What took effect by somebody's authority is undone by no less.


WITHIN = reallocated(LINE, SISTER, 300_00, authority="department")
BY_FINANCE = reallocated(LINE, SISTER, 300_00)
ACROSS = reallocated(LINE, OTHER, 300_00)
TOOK_EFFECT = {
    "typed by the maker": ([ACROSS], "finance"),
    "approved": ([REQUEST, approved(REQUEST)], "finance"),
    "within the department": ([WITHIN], "department"),
    "more than was needed": ([BY_FINANCE], "finance"),
}


@pytest.mark.parametrize(("history", "needed"), TOOK_EFFECT.values(), ids=TOOK_EFFECT)
def test_its_reversal_waits_for_the_authority_by_which_it_took_effect(history, needed):
    """Nothing moves and the original stands, until another person approves with that authority."""
    made = history[-1]
    scenario = given(appropriated(300_00), *history)
    before = str(scenario.book.state.lines)
    request = reversal_requested(made)
    for less in [None, "department"][: 1 if needed == "department" else 2]:
        answer = scenario.when(reverse, original=made, authority=less).answer()
        assert answer == (request(scenario.book),)
    book = scenario.when(reverse, original=made).then(request)
    number = book.state.number
    assert (before, book.state.open_requests) == (str(book.state.lines), [number])
    assert book.original(made).reversed_by is None
    book.given[-1] = request
    scenario.when(approve, original=request, actor=MAKER).refused(Refusal.SAME_ACTOR)
    for less in [None, "department"][: 1 if needed == "department" else 2]:
        refused = scenario.when(approve, original=request, authority=less).refused(
            Refusal.AUTHORITY_TOO_LOW, entry=number, authority=needed
        )
        assert "冲销经" in str(refused)
    scenario.when(approve, original=request, authority=needed).then(
        approved(request, authority=needed)
    )
    assert book.state.available_fen(LINE) == 300_00
    assert book.original(made).reversed_by == number + 1


@pytest.mark.parametrize(("history", "needed"), TOOK_EFFECT.values(), ids=TOOK_EFFECT)
def test_with_that_authority_it_is_reversed_at_once(history, needed):
    scenario = given(appropriated(300_00), *history)
    book = scenario.when(reverse, original=history[-1], authority=needed).then(
        reversed_(history[-1])
    )
    assert (book.last.authority, book.state.available_fen(LINE)) == (needed, 300_00)


def test_what_needs_no_authority_is_reversed_by_anybody():
    """What was brought all the same is kept."""
    payment = paid(20_00)
    scenario = given(appropriated(300_00), payment)
    scenario.when(reverse, original=payment).then(reversed_(payment))
    scenario = given(appropriated(300_00), payment)
    book = scenario.when(reverse, original=payment, authority="department").allowed()
    assert book.last.authority == "department"


ASKED = reversal_requested(ACROSS)


def test_a_reversal_is_decided_again_when_it_is_approved():
    """What was undone meanwhile is not undone twice; money that was spent does not come back."""
    done = reversed_(ACROSS)
    scenario = given(appropriated(300_00), ACROSS, ASKED, done)
    scenario.when(approve, original=ASKED).refused(
        Refusal.ENTRY_REVERSED, entry=4, reversed_by=6, how="冲销"
    )
    scenario.asked("reject", original=ASKED, reason="已冲销").allowed()
    other = reversal_requested(ACROSS, reason="再")
    scenario = given(appropriated(300_00), ACROSS, ASKED, other, approved(ASKED))
    scenario.when(approve, original=other).refused(Refusal.ENTRY_REVERSED, reversed_by=7)
    scenario.when(reverse, original=ACROSS).refused(Refusal.ENTRY_REVERSED, reversed_by=7)
    scenario = given(appropriated(300_00), ACROSS, ASKED, paid(1, OTHER))
    scenario.when(approve, original=ASKED).refused(Refusal.OVER_AVAILABLE, short_fen=1)
    scenario.when(approve, original=ASKED, occurred_on=date(2020, 6, 29)).refused(
        Refusal.DATE_BEFORE_ORIGINAL
    )


def test_what_nobody_could_approve_is_refused_and_does_not_wait():
    scenario = given(appropriated(300_00), ACROSS, paid(1, OTHER))
    scenario.when(reverse, original=ACROSS).refused(Refusal.OVER_AVAILABLE, short_fen=1)


def test_an_approved_reversal_is_a_reversal_and_is_not_reversed():
    """Nor is the request for one; nor corrected."""
    answer = approved(ASKED)
    scenario = given(appropriated(300_00), ACROSS, ASKED, answer)
    for what in (ASKED, answer):
        scenario.when(reverse, original=what, authority="finance").refused(Refusal.ENTRY_KIND)
        scenario.when(correct, original=what, changes={"amount_fen": 1}).refused(Refusal.ENTRY_KIND)


# What an audit asks again.


BUDGET = appropriated(300_00)
BEFORE = (BUDGET, REQUEST)


def again(event, original=None, *, actor=CHECKER, before=BEFORE):
    book = given(*before).book
    about = original and book.original(original)
    return events_of(reconsider(KINDS, book.state, event, about, actor=actor))


def test_a_forged_approval_is_not_what_the_decision_gives():
    event = approved(REQUEST)(given(*BEFORE).book)
    assert (event,) == again(event, REQUEST)
    for wrong in (
        {"approved": reallocated(LINE, OTHER, 299_99)},
        {"approved": reallocated(LINE, OTHER, 300_00, doc="别的")},
        {"approved": reallocated(LINE, OTHER, 300_00, occurred_on=MAY)},
        {"original": 3},
    ):
        forged = structs.replace(event, **wrong)
        assert (forged,) != again(forged, REQUEST), wrong
    with pytest.raises(Refused, match="不能由本人批准"):
        again(event, REQUEST, actor=MAKER)
    for made in (paid(1), reallocated(LINE, OTHER, 300_00, authority="department")):
        with pytest.raises(Refused, match="须由财政部门审批"):
            again(structs.replace(event, approved=made), REQUEST)


def test_a_forged_request_is_not_what_any_decision_gives():
    """Neither for a lower authority than is needed, nor of another day, nor of a kind that needs
    none; and such a request cannot be approved."""
    before = [BUDGET]
    assert again(REQUEST, before=before) == (REQUEST,)
    for wrong in (
        {"needed": "department"},
        {"proposed": reallocated(LINE, OTHER, 300_00, authority="department")},
        {"occurred_on": MAY},
        {"doc": "别的"},
    ):
        forged = structs.replace(REQUEST, **wrong)
        assert (forged,) != again(forged, before=before), wrong
    back = DisbursementRefunded(
        original=3, line=LINE, econ="-", amount_fen=1, payee="某店", occurred_on=DAY
    )
    back_again = EntryReversed(original=3, reversed=BUDGET, occurred_on=DAY)
    for event in (paid(1), back, back_again):
        forged = structs.replace(REQUEST, proposed=event)
        with pytest.raises(Corrupt, match="无须审批"):
            again(forged, before=before)
        original = given(*BEFORE).book.original(REQUEST)
        original = original._replace(entry=structs.replace(original.entry, event=forged))
        with pytest.raises(Corrupt, match="无须审批"):
            given(*BEFORE).when(approve, original=original).allowed()


def test_a_forged_reversal_is_not_what_the_decision_gives():
    """Neither alone without the authority, nor as a request or an approval of another reversal."""
    before: tuple[Any, ...] = (BUDGET, ACROSS)
    book = given(*before).book
    alone, asked = reversed_(ACROSS)(book), ASKED(book)
    assert (alone,) == again(alone, ACROSS, before=before)
    assert (asked,) == again(asked, ACROSS, before=before)
    for event in (
        structs.replace(alone, authority=None),
        structs.replace(alone, authority="department"),
        structs.replace(asked, needed="department"),
        structs.replace(asked, proposed=structs.replace(alone, authority="department")),
        structs.replace(asked, proposed=structs.replace(alone, reversed=WITHIN)),
    ):
        assert (event,) != again(event, ACROSS, before=before), event
    before = (BUDGET, ACROSS, ASKED)
    answer = approved(ASKED)(given(*before).book)
    assert (answer,) == again(answer, ASKED, before=before)
    with pytest.raises(Refused, match="须由财政部门审批"):
        made = structs.replace(alone, authority="department")
        again(structs.replace(answer, approved=made), ASKED, before=before)
    undone = (BUDGET, ACROSS, ASKED, reversed_(ACROSS))
    with pytest.raises(Refused, match="已由第 6 笔冲销"):
        again(answer, ASKED, before=undone)
