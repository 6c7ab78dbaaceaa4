"""年终结账: what stands in the way, which choices are lawful, the two signatures, and the book that
the next year opens from (R8, R9, R11, R12, R13)."""

from datetime import UTC, date, datetime
from typing import cast

import pytest

from ledger.decisions.approval import approve, reject
from ledger.decisions.budget import reallocate
from ledger.decisions.closing import close_year, money_left, proposal, reopen_year
from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay
from ledger.decisions.income import income
from ledger.decisions.reconciliation import reconcile
from ledger.doors.last_year import ClosedBook, open_from
from ledger.events import (
    BookOpened,
    Entry,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    RequestApproved,
    Share,
    YearClosed,
)
from ledger.postings import Account
from ledger.proofs.head import EMPTY, Head
from ledger.refusals import Refusal, WrongDecision
from ledger.state import evolve, initial
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    CASH,
    CHECKER,
    DOC,
    LINE,
    MAKER,
    OWN,
    YEAR_END,
    appropriated,
    carried_in,
    closing,
    events_of,
    given,
    held,
    left_over,
    line,
    opened,
    paid,
    received,
    reclassified,
    released,
    requested,
    reversed_,
    shares,
    signed,
    supplemented,
    with_project,
)

SIDELINE = line("fund=nonfiscal spending=business project=- econ=-")
ELSEWHERE = line("fund=nonfiscal func=2080106")
BASIC = line("project=- func=2080101 econ=-")
OLD_BASIC = line("project=- func=2080101 econ=- origin=2019")


def indicator(*events, basis="indicator"):
    """A book whose unspent budget is money."""
    return given(opened(basis), with_project("P02"), *events)


def codes(scenario, *lines, cash=()):
    """What stands in the way of a closing."""
    refused = scenario.when(close_year, lines=lines, cash=cash).refused(Refusal.YEAR_BLOCKED)
    assert refused.facts["count"] == len(refused.facts["codes"])
    return refused.facts["codes"]


def test_one_person_asks_and_another_signs():
    """Until then nothing moves; then everything left is 转出 and the year is closed."""
    wanted = closing(left_over(LINE, 5_00))
    scenario = indicator(appropriated(5_00))
    book = scenario.when(close_year, lines=wanted.proposed.lines).then(wanted)
    assert book.state.available_fen(LINE) == 5_00
    assert not book.state.closed
    book.record(signed(book.given[-1]))
    state = book.state
    assert (state.closed, state.of(LINE, Account.OUT), state.available_fen(LINE)) == (5, 5_00, 0)
    assert isinstance(book.last, RequestApproved)
    assert state.closing == book.last.approved


def test_the_maker_does_not_sign_and_nobody_signs_without_authority():
    wanted = closing(left_over(LINE, 5_00))
    scenario = indicator(appropriated(5_00), wanted)
    asked = {"original": wanted, "occurred_on": YEAR_END}
    scenario.when(approve, **asked, actor=MAKER).refused(Refusal.SAME_ACTOR)
    scenario.when(approve, **asked, authority=None).refused(Refusal.AUTHORITY_TOO_LOW)
    scenario.when(approve, **asked).allowed()


def test_what_changed_meanwhile_is_seen_by_the_second_person():
    """A payment after the request: the closing no longer fits and goes on waiting."""
    wanted = closing(left_over(LINE, 5_00))
    scenario = indicator(appropriated(5_00), wanted, paid(1_00))
    asked = scenario.when(approve, original=wanted, occurred_on=YEAR_END)
    assert asked.refused(Refusal.YEAR_BLOCKED).facts["codes"] == ["UNRECONCILED", "AMOUNT"]
    scenario.when(reject, original=wanted, occurred_on=YEAR_END).allowed()


def test_the_payments_were_reconciled_after_the_last_of_them():
    """R12: one payment more, and the statement is asked for again."""
    scenario = indicator(appropriated(5_00), paid(1_00))
    assert codes(scenario, left_over(LINE, 4_00)) == ["UNRECONCILED"]
    agreed = {"paid_fen": 1_00, "statement_fen": 1_00, "statement": "0f" * 32}
    scenario.when(reconcile, **agreed).allowed()
    scenario.when(close_year, lines=(left_over(LINE, 4_00),)).allowed()


def test_all_blockers_are_told_at_once():
    """R12: open commitments, money that waits, requests, and a line without a decision."""
    scenario = indicator(
        appropriated(50_00),
        held(2_00),
        supplemented(3_00, BASIC, pending=True),
        requested(LINE, line("func=2080106"), 1_00),
    )
    assert codes(scenario) == ["HELD", "PENDING", "REQUESTS", "UNDECIDED"]


@pytest.mark.parametrize(
    ("event", "decision", "code"),
    [
        (appropriated(5_00), left_over(LINE, 4_99), "AMOUNT"),
        (appropriated(5_00), left_over(LINE, 5_00, "lapse"), "CHOICE"),
        (carried_in(5_00), left_over(CARRIED, 5_00), "R8"),
        (carried_in(5_00), left_over(CARRIED, 5_00, "take-back"), "DOC"),
        (appropriated(5_00, BASIC), left_over(BASIC, 5_00, "surplus"), "R9"),
        (carried_in(5_00, OLD_BASIC), left_over(OLD_BASIC, 5_00, "surplus"), "R9"),
        (
            carried_in(5_00, pending=True),
            left_over(CARRIED, 0, pending_fen=5_00, doc=DOC),
            "PENDING",
        ),
        (appropriated(5_00, CASH), left_over(CASH, 5_00), "CHOICE"),
    ],
)
def test_a_choice_that_the_rules_forbid(event, decision, code: str):
    assert codes(indicator(event), decision) == [code]


@pytest.mark.parametrize(
    ("event", "decision"),
    [
        (appropriated(5_00), left_over(LINE, 5_00)),
        (appropriated(5_00), left_over(LINE, 5_00, "surplus")),
        (appropriated(5_00), left_over(LINE, 5_00, "take-back", doc=DOC)),
        (carried_in(5_00), left_over(CARRIED, 5_00, "surplus")),
        (carried_in(5_00), left_over(CARRIED, 5_00, doc=DOC)),  # R8 with the approval it needs
        (carried_in(5_00, pending=True), left_over(CARRIED, 0, "surplus", 5_00)),
        (carried_in(5_00, OLD_BASIC), left_over(OLD_BASIC, 5_00)),
        (appropriated(5_00, CASH), left_over(CASH, 5_00, "lapse")),
    ],
)
def test_a_choice_that_the_rules_allow(event, decision):
    indicator(event).when(close_year, lines=(decision,)).allowed()


WAITS, BECAME = supplemented(2_00, pending=True), reclassified(2_00, LINE)


def test_this_years_surplus_goes_over_beside_what_is_carried():
    """5.00 of this year, 2.00 of them 结余: what goes over can be spent but for these."""
    scenario = indicator(appropriated(5_00), reclassified(2_00, LINE))
    assert proposal(scenario.book.state)[0] == (left_over(LINE, 3_00, "carry", 2_00),)
    assert codes(scenario, left_over(LINE, 3_00)) == ["AMOUNT"]
    wanted = closing(left_over(LINE, 3_00, "carry", 2_00))
    scenario.book.record(wanted)
    scenario.book.record(signed(wanted))
    _, state = next_year(scenario)
    assert (state.of(LINE, Account.EXEC), state.of(LINE, Account.PENDING)) == (3_00, 2_00)


@pytest.mark.parametrize(
    ("events", "decision"),
    [
        ((reclassified(5_00, LINE),), left_over(LINE, 0, "surplus", 5_00)),
        ((reclassified(2_00, LINE),), left_over(LINE, 3_00, "surplus", 2_00)),
        ((reclassified(2_00, LINE),), left_over(LINE, 3_00, "take-back", 2_00, DOC)),
        ((reclassified(2_00, LINE), released(2_00)), left_over(LINE, 5_00)),
        ((BECAME, reversed_(BECAME)), left_over(LINE, 5_00)),
    ],
)
def test_what_became_surplus_may_wait_at_the_end_of_the_year(events, decision):
    scenario = indicator(appropriated(5_00), *events)
    assert decision in (*proposal(scenario.book.state)[0], decision)
    scenario.when(close_year, lines=(decision,)).allowed()


def test_what_waits_otherwise_is_released_before_the_year_ends():
    """2.00 were never released: only they stand in the way, not the 1.00 of 结余 beside them."""
    scenario = indicator(appropriated(5_00), WAITS, reclassified(1_00, LINE))
    asked = scenario.when(close_year, lines=(left_over(LINE, 4_00, "carry", 1_00),))
    refused = asked.refused(Refusal.YEAR_BLOCKED)
    assert refused.facts["codes"] == ["PENDING"]
    assert typed(refused.ways_out) == [f"yusuan release --line {LINE} --amount 2.00 --doc 文号"]


def test_two_decisions_for_one_line_and_one_for_a_line_with_nothing_left():
    twice = (left_over(LINE, 5_00), left_over(LINE, 5_00))
    assert codes(indicator(appropriated(5_00)), *twice) == ["REPEATED"]
    assert codes(indicator(), left_over(LINE, 1)) == ["AMOUNT"]


def test_under_payment_what_was_not_paid_is_no_money_of_the_unit():
    """This year's indicator lapses; carry-over is still money."""
    scenario = indicator(appropriated(5_00), carried_in(7_00), basis="payment")
    lines, cash = proposal(scenario.book.state)
    assert {each.line: each.choice for each in lines} == {LINE: "lapse", CARRIED: "surplus"}
    assert cash == ()


def test_recorded_income_goes_over_purpose_by_purpose():
    """Under `recorded` what came in and was not spent is what there is."""
    general = line("econ=-")
    scenario = indicator(
        appropriated(9_00), received(6_00, general, source="fiscal"), paid(2_00), basis="recorded"
    )
    assert money_left(scenario.book.state) == {general: 4_00}
    lines, cash = proposal(scenario.book.state)
    assert cash == (Share(general, 4_00),)
    agreed = {"paid_fen": 2_00, "statement_fen": 2_00, "statement": "0f" * 32}
    scenario.when(reconcile, **agreed).allowed()
    assert codes(scenario, *lines) == ["CASH"]
    assert codes(scenario, *lines, cash=(Share(general, 4_01),)) == ["CASH"]
    scenario.when(close_year, lines=lines, cash=cash).allowed()


def test_what_was_spent_before_its_income_was_recorded_is_to_be_recorded():
    """X12 would find it in the tables; the closing says which command mends it."""
    scenario = indicator(appropriated(9_00), paid(2_00), basis="recorded")
    agreed = {"paid_fen": 2_00, "statement_fen": 2_00, "statement": "0f" * 32}
    scenario.when(reconcile, **agreed).allowed()
    lines, cash = proposal(scenario.book.state)
    refused = scenario.when(close_year, lines=lines, cash=cash).refused(Refusal.YEAR_BLOCKED)
    assert refused.facts["codes"] == ["CASH"]
    assert typed(refused.ways_out) == [
        "yusuan income --fund general --func 2080105 --project P02 --econ fiscal --amount 2.00 "
        "--date 2020-12-31"
    ]
    scenario.when(
        income, line=line("econ=-"), source="fiscal", amount_fen=2_00, occurred_on=YEAR_END
    ).allowed()
    scenario.when(close_year, lines=lines, cash=cash).allowed()


def test_non_fiscal_money_goes_over_as_the_pool_that_it_is():
    """One purpose may have spent what another received; together it is the cash."""
    other = line("fund=nonfiscal project=- func=2080101 econ=-")
    purpose = CASH.at_econ("-")
    scenario = indicator(
        appropriated(9_00, CASH),
        appropriated(9_00, other),
        received(8_00),
        paid(3_00, other, "30201"),
    )
    assert money_left(scenario.book.state) == {other: -3_00, purpose: 8_00}
    lines, cash = proposal(scenario.book.state)
    assert {each.choice for each in lines} == {"lapse"}
    assert cash == (Share(purpose, 5_00),)
    assert codes(scenario, *lines, cash=(Share(purpose, 5_01),)) == ["CASH"]
    unknown = line("fund=nonfiscal project=- econ=-")
    assert codes(scenario, *lines, cash=(Share(unknown, 5_00),)) == ["CASH", "CASH"]
    scenario.when(close_year, lines=lines, cash=cash).allowed()


def test_money_of_a_project_is_not_made_unbound_by_a_decision():
    """专款专用: 4.70 for the project and 1.50 for nothing; the row is cut, or left out."""
    purpose, free = CASH.at_econ("-"), OWN.at_econ("-")
    scenario = given(with_project("P02"), received(4_70), received(1_50, OWN))
    assert money_left(scenario.book.state) == {free: 1_50, purpose: 4_70}
    for said, field, right in (
        ({free: 6_20}, "line", "一行：余款结转 4.70"),
        ({free: 1_51, purpose: 4_69}, "amount", "4.70"),
    ):
        refused = scenario.when(close_year, lines=(), cash=shares(*said.items())).refused(
            Refusal.YEAR_BLOCKED
        )
        assert refused.facts["codes"] == ["CASH"]
        (wrong,) = cast(list[WrongDecision], refused.facts["decisions"])
        assert (wrong.line, wrong.field, wrong.right) == (str(purpose), field, right)
    scenario.when(close_year, lines=(), cash=shares((free, 1_50), (purpose, 4_70))).allowed()


def test_what_others_overspent_may_come_off_any_project():
    """1.00 too much for P02 elsewhere: of 5.00 and 2.00 either may give it, and no more."""
    third = line("fund=nonfiscal project=P03 econ=-")
    purpose, at = CASH.at_econ("-"), ELSEWHERE.at_econ("30201")
    free = OWN.at_econ("-")
    history = (
        with_project("P02"), with_project("P03"), received(5_00), received(2_00, third),
        received(1_00, OWN), appropriated(1_00, at), paid(1_00, at, "30201"),
    )  # fmt: skip
    for said in ({purpose: 4_00, third: 2_00}, {purpose: 5_00, third: 1_00}):
        scenario = given(*history)
        scenario.when(close_year, lines=(), cash=shares((free, 1_00), *said.items())).allowed()
    scenario = given(*history)
    scenario.when(close_year, lines=(), cash=shares((purpose, 5_00), (third, 2_00))).allowed()
    assert codes(given(*history), cash=shares((free, 2_00), (purpose, 4_00), (third, 1_00))) == [
        "CASH"
    ]


@pytest.mark.parametrize(
    ("overspent", "kept"),
    [
        # 1.00 too much on basic money: the sideline has it, though the project is richer.
        ((OWN, 1_00), {CASH: 9_00, SIDELINE: 6_00}),
        # 8.00 too much: all 7.00 of the sideline, and only then 1.00 of the project's.
        ((OWN, 8_00), {CASH: 8_00}),
        # 2.00 too much for another project: the project has it.
        ((ELSEWHERE, 2_00), {CASH: 7_00, SIDELINE: 7_00}),
    ],
)
def test_what_a_purpose_overspent_comes_off_its_own_kind_first(overspent, kept):
    """专项 stays 专项: 9.00 for a project and 7.00 for a sideline came in."""
    purpose, fen = overspent
    at = purpose.at_econ("30201")
    scenario = given(
        opened(unit_kind="institution"),
        with_project("P02"),
        received(9_00),
        received(7_00, SIDELINE),
        appropriated(fen, at),
        paid(fen, at, "30201"),
    )
    lines, cash = proposal(scenario.book.state)
    assert {share.line: share.amount_fen for share in cash} == {
        line.at_econ("-"): fen for line, fen in kept.items()
    }
    scenario.when(close_year, lines=lines, cash=cash).allowed()


def closed_book(*events):
    """A book that was closed by what the rules suggest."""
    scenario = indicator(*events)
    lines, cash = proposal(scenario.book.state)
    wanted = closing(*lines, cash=cash)
    scenario.book.record(wanted)
    scenario.book.record(signed(wanted))
    return scenario


def test_after_it_only_a_reopening_is_taken():
    """R13: two persons and a reason; then everything is as it was before."""
    scenario = closed_book(appropriated(5_00), received(2_00))
    book = scenario.book
    for refused in (
        scenario.when(pay, amount_fen=1, occurred_on=YEAR_END),
        scenario.when(reverse, original=book.given[2]),
        scenario.when(close_year, lines=()),
        scenario.when(reallocate, sources=shares((LINE, 1)), targets=shares((LINE, 1))),
    ):
        refused.refused(Refusal.YEAR_CLOSED)
    assert (book.state.available_fen(LINE), book.state.cash_fen) == (0, 0)
    scenario.when(reopen_year).allowed()
    book.record(signed(book.given[-1]))
    assert (book.state.available_fen(LINE), book.state.cash_fen) == (5_00, 2_00)
    assert (book.state.closed, book.state.closing) == (0, None)
    scenario.when(pay, amount_fen=1).allowed()
    scenario.when(reopen_year).refused(Refusal.YEAR_OPEN)


def test_a_closing_is_not_reversed():
    scenario = closed_book(appropriated(5_00))
    scenario.when(reopen_year).allowed()
    signing = scenario.book.given[-2]
    scenario.book.record(signed(scenario.book.given[-1]))
    scenario.when(reverse, original=signing, occurred_on=YEAR_END).refused(Refusal.ENTRY_KIND)


def next_year(last, **facts):
    """The events with which the next book opens from a closed one, and its state."""
    unit, year = "jianghan", 2021
    book = f"{unit}/{year}"
    closed = ClosedBook(last.book.state, Head(len(last.book.entries), EMPTY.hash))
    events = events_of(
        open_from(initial(book), closed=closed, occurred_on=date(year, 1, 1), **facts)
    )
    state = initial(book)
    for number, event in enumerate(events, 1):
        entry = Entry(
            book=book,
            number=number,
            recorded_at=datetime(2021, 1, 4, tzinfo=UTC),
            actor=CHECKER,
            event=event,
        )
        evolve(state, entry)
    return list(events), state


def test_the_next_book_opens_with_exactly_what_the_closing_let_through():
    """结转 can be spent, 结余 waits, 收回 comes in and goes at once; names and head come along."""
    taken = line("func=2080106 econ=-")
    scenario = indicator(
        appropriated(5_00), appropriated(3_00, taken), carried_in(7_00), received(2_00)
    )
    wanted = closing(
        left_over(CARRIED, 7_00, "surplus"),
        left_over(LINE, 5_00),
        left_over(taken, 3_00, "take-back", doc=DOC),
        cash=(Share(CASH.at_econ("-"), 2_00),),
    )
    if CASH.at_econ("-") not in scenario.book.state.lines:
        scenario.book.record(appropriated(1, CASH.at_econ("-")))
        wanted = closing(
            *wanted.proposed.lines,
            left_over(CASH.at_econ("-"), 1, "lapse"),
            cash=wanted.proposed.cash,
        )
    scenario.book.record(wanted)
    scenario.book.record(signed(wanted))
    events, state = next_year(scenario, name="新名")
    first = events[0]
    assert isinstance(first, BookOpened)
    assert (first.name, first.basis, first.edition) == ("新名", "indicator", "2020")
    assert first.previous is not None
    assert (first.previous.book, first.previous.entries) == (
        "jianghan/2020",
        len(scenario.book.entries),
    )
    assert [type(event) for event in events[1:]].count(ProjectRegistered) == 1
    assert state.of(LINE, Account.EXEC) == 5_00
    assert (state.of(CARRIED, Account.EXEC), state.of(CARRIED, Account.PENDING)) == (0, 7_00)
    assert (state.of(taken, Account.EXEC), state.of(taken, Account.TAKEN)) == (0, 3_00)
    assert state.cash_fen == 2_00
    (remitted,) = [event for event in events if isinstance(event, OpeningAdjusted)]
    assert (remitted.adjustment, remitted.doc) == ("remitted", DOC)
    carried = sum(event.amount_fen for event in events if isinstance(event, OpeningLoaded))
    assert carried == 17_00


def test_only_the_closed_book_of_the_year_before_can_be_continued():
    scenario = indicator(appropriated(5_00))
    with pytest.raises(Exception, match="尚未结账"):
        next_year(scenario)
    assert isinstance(closing().proposed, YearClosed)
