"""预算: 年初预算, 追加, 追减 and 调剂. Authority (R5) has its own file."""

import pytest

from ledger.decisions.budget import appropriate, cut, reallocate, supplement
from ledger.decisions.correction import reverse
from ledger.postings import Account
from ledger.refusals import Refusal
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    CASH,
    DAY,
    LINE,
    appropriated,
    carried_in,
    cut_by,
    given,
    line,
    paid,
    reallocated,
    released,
    shares,
    supplemented,
)

OTHER = line("econ=30201")


def asked(source, target, fen):
    return {"sources": shares((source, fen)), "targets": shares((target, fen))}


def test_the_initial_budget_is_approved_once_per_line():
    """R4: one fen of it is enough to refuse a second; another econ is another line."""
    given(appropriated(1)).when(appropriate, amount_fen=500_00).refused(
        Refusal.ALREADY_APPROPRIATED, line=str(LINE), initial_fen=1
    )
    given(appropriated(1)).when(appropriate, line=OTHER, amount_fen=1).allowed()


def test_a_line_opened_by_a_supplement_can_still_be_appropriated():
    """Only an appropriation is the initial budget of a line."""
    book = given(supplemented(1)).when(appropriate, amount_fen=2).then(appropriated(2))
    assert book.state.initial_fen == {LINE: 2}


def test_a_reversed_initial_budget_can_be_approved_again():
    wrong = appropriated(500_00)
    scenario = given(wrong)
    scenario.when(reverse, original=wrong).allowed()
    scenario.when(appropriate, amount_fen=400_00).then(appropriated(400_00))
    assert scenario.book.state.initial_fen == {LINE: 400_00}


@pytest.mark.parametrize("decision", [appropriate, supplement], ids=["appropriate", "supplement"])
def test_new_money_is_of_this_year(decision):
    """R7: older money comes in as carry-over."""
    given().when(decision, amount_fen=1).allowed()
    for origin in (2019, 2021):
        given().when(decision, line=line(f"origin={origin}"), amount_fen=1).refused(
            Refusal.ORIGIN_NOT_CURRENT, year=2020, origin=origin
        )


@pytest.mark.parametrize("decision", [appropriate, supplement], ids=["appropriate", "supplement"])
def test_new_money_needs_its_project_and_builds_nothing_on_basic(decision):
    given().when(decision, line=line("project=P9"), amount_fen=1).refused(
        Refusal.PROJECT_UNKNOWN, project="P9"
    )
    given().when(decision, line=line("project=- econ=30913"), amount_fen=1).refused(
        Refusal.CAPITAL_ON_BASIC, econ="30913"
    )
    given().when(decision, line=line("project=- econ=31013"), amount_fen=1).allowed()


@pytest.mark.parametrize(
    ("decision", "action", "more"),
    [
        (supplement, "追加", {"amount_fen": 1}),
        (cut, "追减", {"amount_fen": 1}),
        (reallocate, "调剂", asked(LINE, OTHER, 1)),
    ],
    ids=["supplement", "cut", "reallocate"],
)
def test_changes_of_the_budget_need_a_document(decision, action, more):
    """追加, 追减 and 调剂 without 文号 are refused; any 文号 will do."""
    scenario = given(appropriated(500_00))
    refused = scenario.when(decision, doc="", **more).refused(Refusal.DOC_REQUIRED, action=action)
    assert typed(refused.ways_out) == ["--doc 文号"]
    scenario.when(decision, doc="x", **more).allowed()


def test_a_supplement_may_open_a_line_and_may_wait():
    book = (
        given()
        .when(supplement, amount_fen=5_00, pending=True)
        .then(supplemented(5_00, pending=True))
    )
    assert book.state.of(LINE, Account.PENDING) == 5_00


def test_a_cut_takes_what_waits_before_what_can_be_spent():
    """300.00 pending and 200.00 executable: a cut of 350.00 leaves 150.00 executable."""
    scenario = given(appropriated(200_00), supplemented(300_00, pending=True))
    book = scenario.when(cut, amount_fen=350_00).then(cut_by(350_00, from_pending_fen=300_00))
    assert tuple(
        book.state.of(LINE, account) for account in (Account.PENDING, Account.EXEC, Account.AUTH)
    ) == (0, 150_00, 150_00)


def test_a_cut_that_fits_into_what_waits_leaves_the_rest_alone():
    scenario = given(appropriated(200_00), supplemented(300_00, pending=True))
    scenario.when(cut, amount_fen=300_00).then(cut_by(300_00, from_pending_fen=300_00))
    scenario.when(cut, amount_fen=200_00).then(cut_by(200_00))


def test_paid_money_cannot_be_cut():
    scenario = given(appropriated(500_00), paid(200_00))
    scenario.when(cut, amount_fen=300_01).refused(
        Refusal.OVER_AVAILABLE, available_fen=300_00, amount_fen=300_01, short_fen=1
    )
    scenario.when(cut, amount_fen=300_00).then(cut_by(300_00))


def test_carry_over_is_recovered_and_not_cut():
    """R7: 追减 is about this year's budget."""
    refused = (
        given(carried_in(500_00))
        .when(cut, line=CARRIED, amount_fen=1)
        .refused(Refusal.CUT_CARRYOVER, line=str(CARRIED))
    )
    assert [f"yusuan recover --line {CARRIED} --amount 0.01 --doc 文号"] == typed(refused.ways_out)


def test_a_reallocation_leaves_the_total_and_moves_the_rest():
    scenario = given(appropriated(500_00))
    book = scenario.when(reallocate, **asked(LINE, OTHER, 500_00)).then(
        reallocated(LINE, OTHER, 500_00)
    )
    assert (book.state.available_fen(LINE), book.state.available_fen(OTHER)) == (0, 500_00)
    assert sum(book.state.of(at, Account.AUTH) for at in book.state.lines) == 500_00


def test_no_more_is_reallocated_than_is_executable():
    """Neither pending nor paid money moves; a donor among several is checked by itself."""
    scenario = given(
        appropriated(500_00),
        paid(200_00),
        supplemented(100_00, pending=True),
        supplemented(1, OTHER),
    )
    scenario.when(reallocate, **asked(LINE, OTHER, 300_01)).refused(
        Refusal.OVER_AVAILABLE, line=str(LINE), available_fen=300_00, short_fen=1
    )
    both = shares((LINE, 300_00), (OTHER, 2))
    scenario.when(reallocate, sources=both, targets=shares((line("econ=30202"), 300_02))).refused(
        Refusal.OVER_AVAILABLE, line=str(OTHER), available_fen=1
    )
    scenario.when(reallocate, **asked(LINE, OTHER, 300_00)).allowed()


def test_what_leaves_equals_what_arrives():
    scenario = given(appropriated(500_00))
    scenario.when(
        reallocate, sources=shares((LINE, 100_00)), targets=shares((OTHER, 100_01))
    ).refused(Refusal.UNBALANCED, sources_fen=100_00, targets_fen=100_01, difference_fen=1)
    three = shares((OTHER, 50_00), (line("econ=30202"), 30_00), (line("func=2080106"), 20_00))
    scenario.when(reallocate, sources=shares((LINE, 100_00)), targets=three).allowed()


@pytest.mark.parametrize(
    ("sources", "targets"),
    [
        ([(LINE, 1)], [(LINE, 1)]),
        ([(LINE, 1), (LINE, 1)], [(OTHER, 2)]),
        ([(LINE, 2)], [(OTHER, 1), (OTHER, 1)]),
        ([(LINE, 1), (OTHER, 1)], [(line("econ=30202"), 1), (OTHER, 1)]),
    ],
    ids=["to itself", "source twice", "target twice", "source and target"],
)
def test_a_line_stands_once_in_a_reallocation(sources, targets):
    scenario = given(appropriated(500_00), supplemented(500_00, OTHER))
    scenario.when(reallocate, sources=shares(*sources), targets=shares(*targets)).refused(
        Refusal.LINE_REPEATED
    )


def test_funds_do_not_mix():
    """R5: from one fund to another it is a cut and a supplement, whatever the authority."""
    govfund = line("fund=govfund")
    refused = (
        given(appropriated(500_00))
        .when(reallocate, **asked(LINE, govfund, 1_00))
        .refused(Refusal.FUNDS_DIFFER, funds="一般公共预算、政府性基金预算")
    )
    assert [
        f"yusuan cut --line {LINE} --amount 1.00 --doc 文号",
        f"yusuan supplement --line {govfund} --amount 1.00 --doc 文号",
    ] == typed(refused.ways_out)
    for fund in ("govfund", "statecapital", "nonfiscal"):
        within = line(f"fund={fund}"), line(f"fund={fund} econ=30201")
        given(appropriated(5, within[0])).when(reallocate, **asked(*within, 5)).allowed()


def test_carry_over_keeps_its_purpose():
    """R7: of a carry-over line only the econ may change, by whatever authority."""
    scenario = given(carried_in(500_00))
    scenario.when(reallocate, **asked(CARRIED, CARRIED.at_econ("31002"), 1_00)).allowed()
    for part, changed in {
        "功能科目": "func=2080106",
        "支出性质、项目": "project=-",
        "资金性质": "fund=govfund",
    }.items():
        scenario.when(reallocate, **asked(CARRIED, line(f"{changed} origin=2019"), 1_00)).refused(
            Refusal.CARRYOVER_PURPOSE, part=part
        )


def test_years_do_not_mix():
    """R7: neither this year's money into carry-over, nor back, nor between two old years."""
    scenario = given(appropriated(500_00), carried_in(500_00))
    older = line("origin=2018")
    for source, target in ((LINE, CARRIED), (CARRIED, LINE), (CARRIED, older)):
        scenario.when(reallocate, **asked(source, target, 1)).refused(
            Refusal.ORIGINS_DIFFER,
            origins="、".join(sorted({str(source.origin), str(target.origin)})),
        )


def test_the_target_of_a_reallocation_may_be_new_but_lawful():
    scenario = given(appropriated(500_00))
    scenario.when(reallocate, **asked(LINE, line("project=P9"), 1)).refused(
        Refusal.PROJECT_UNKNOWN, project="P9"
    )
    scenario.when(reallocate, **asked(LINE, line("project=- econ=30913"), 1)).refused(
        Refusal.CAPITAL_ON_BASIC
    )


def test_a_reallocation_is_undone_while_its_target_still_has_the_money():
    move = reallocated(LINE, OTHER, 100_00)
    scenario = given(appropriated(500_00), move, paid(40_00, OTHER, "30201"))
    scenario.when(reverse, original=move).refused(
        Refusal.OVER_AVAILABLE, line=str(OTHER), available_fen=60_00, short_fen=40_00
    )
    scenario.when(supplement, line=OTHER, amount_fen=40_00).allowed()
    scenario.when(reverse, original=move, authority="finance").allowed()
    assert scenario.book.state.available_fen(LINE) == 500_00


def test_non_fiscal_money_is_budgeted_like_any_other():
    given().when(appropriate, line=CASH, amount_fen=5_00).then(appropriated(5_00, CASH))


def test_released_money_is_reallocated_like_any_other():
    scenario = given(appropriated(5_00, pending=True), released(5_00, occurred_on=DAY))
    scenario.when(reallocate, **asked(LINE, OTHER, 5_00)).allowed()
