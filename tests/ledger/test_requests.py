"""From what a person says to a decision: which line is meant, which requests are the same."""

from datetime import date

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from ledger.events import DisbursementRecorded, Share
from ledger.line import LinePattern
from ledger.refusals import Refusal
from ledger.requests import Request
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    LINE,
    appropriated,
    carried_in,
    given,
    held,
    line,
    nothing,
    paid,
    released,
    shares,
    with_project,
)

OTHER = line("econ=30201")
BASIC = line("project=- econ=302")


@pytest.mark.parametrize(
    "said",
    [
        LinePattern(econ="30299"),
        LinePattern(project="P02", econ="30299"),
        LinePattern(func="20801", econ="30299"),
        LinePattern(func="208", origin=2020, econ="30299"),
        LINE,
    ],
)
def test_any_part_that_leaves_one_line_may_be_left_out(said):
    old = line("func=2080106 econ=30202 origin=2019")
    scenario = given(appropriated(5, pending=True), appropriated(5, OTHER), carried_in(5, old))
    scenario.asked("release", line=said, amount_fen=5).then(released(5))


def test_several_lines_are_listed_and_none_is_chosen():
    scenario = given(appropriated(5), appropriated(5, OTHER))
    refused = scenario.asked("withdraw", line=LinePattern(project="P02"), amount_fen=1).refused(
        Refusal.LINE_AMBIGUOUS, count=2, lines=f"{OTHER}、{LINE}"
    )
    assert [f"--econ {OTHER.econ}", f"--econ {LINE.econ}"] == typed(refused.ways_out)


def test_what_tells_lines_apart_is_what_one_is_asked_to_add():
    """Every part in which they differ, and no part that was said; a payment's econ is its own."""
    old = line("origin=2019 econ=-")
    scenario = given(appropriated(5), carried_in(5, old))
    refused = scenario.asked("pay", line=LinePattern(project="P02"), amount_fen=1)
    assert typed(refused.refused(Refusal.LINE_AMBIGUOUS).ways_out) == [
        "--origin 2019",
        "--origin 2020",
    ]
    refused = scenario.asked("release", line=LinePattern(project="P02"), amount_fen=1)
    assert typed(refused.refused(Refusal.LINE_AMBIGUOUS).ways_out) == [
        "--econ - --origin 2019",
        "--econ 30299 --origin 2020",
    ]


def test_a_long_list_of_lines_is_cut_short():
    history = [appropriated(1, line(f"econ=3020{n}")) for n in range(1, 10)]
    refused = (
        given(*history)
        .asked("cut", line=LinePattern(), amount_fen=1)
        .refused(Refusal.LINE_AMBIGUOUS, count=9)
    )
    assert len(typed(refused.ways_out)) == 8
    assert "……" in str(refused.facts["lines"])


def test_a_payment_finds_its_purpose_by_its_econ():
    """The econ is the payment's own; of the purposes that could pay it there must be one."""
    scenario = given(appropriated(9), appropriated(9, BASIC), with_project("P03"))
    anything = LinePattern()
    scenario.asked("pay", line=LinePattern(spending="basic"), econ="30201", amount_fen=1).then(
        paid(1, BASIC, "30201")
    )
    scenario.asked("pay", line=anything, econ="30201", amount_fen=1).then(paid(1, BASIC, "30201"))
    scenario.asked("pay", line=anything, econ="30299", amount_fen=1).refused(
        Refusal.LINE_AMBIGUOUS, count=2
    )
    scenario.asked("pay", line=anything, econ="31002", amount_fen=1).refused(Refusal.LINE_MISSING)


def test_one_purpose_with_several_lines_is_not_ambiguous_for_a_payment():
    """款, 类 and no econ of one purpose: the payment's econ decides (contract §2)."""
    scenario = given(
        appropriated(9), appropriated(9, LINE.at_econ("302")), appropriated(9, LINE.at_econ("-"))
    )
    scenario.asked("pay", line=LinePattern(project="P02"), econ="30299", amount_fen=1).then(paid(1))


WHOLE = LINE.at_econ("-")


@pytest.mark.parametrize(
    ("there", "wanted", "econ", "drawn"),
    [
        (("-", "30299"), "-", "30299", "30299"),
        (("-", "302"), "-", "30299", "302"),
        (("-", "30299"), "302", "30299", "30299"),
        (("-", "30299"), "30299", "30201", "-"),
        (("-",), "30299", "30201", "-"),
        (("302", "30299"), "30299", "30201", "302"),
    ],
)
def test_a_line_that_is_written_in_full_is_drawn_on_or_refused(there, wanted, econ, drawn):
    """F38: by a payment and by an item of a voucher; the line that it would be drawn on passes."""
    scenario = given(*(appropriated(9, LINE.at_econ(each)) for each in there))
    refused = scenario.asked("pay", line=LINE.at_econ(wanted), econ=econ, amount_fen=1).refused(
        Refusal.LINE_DRAWN, line=LINE.at_econ(wanted), econ=econ, drawn=LINE.at_econ(drawn)
    )
    assert f"--line {LINE.at_econ(drawn)}" in typed(refused.ways_out)
    scenario.asked("pay", line=LINE.at_econ(drawn), econ=econ, amount_fen=1).then(
        paid(1, LINE.at_econ(drawn), econ)
    )
    items = [(LINE.at_econ(there[-1]), "30299", 1), (LINE.at_econ(wanted), econ, 2)]
    if there[-1] in ("30299", "-") and len(there) > 1:
        refused = scenario.asked("voucher", items=items).refused(Refusal.LINE_DRAWN, position=2)
        assert f"--item {LINE.at_econ(drawn)},econ={econ}=0.02" in typed(refused.ways_out)


def test_a_line_written_with_the_payments_own_econ_says_no_more():
    """As every row of a file has it (contract §2), and `--line` without `--econ`."""
    scenario = given(appropriated(9, WHOLE))
    scenario.asked("pay", line=LINE, econ=LINE.econ, amount_fen=1).then(paid(1, WHOLE, LINE.econ))


def test_what_is_written_wrongly_may_be_the_econ():
    scenario = given(appropriated(9, WHOLE), appropriated(9))
    refused = scenario.asked("pay", line=LINE, econ="30201", amount_fen=1)
    assert typed(refused.refused(Refusal.LINE_DRAWN).ways_out) == [
        f"--line {WHOLE}",
        "--econ 30299",
    ]


def test_a_payment_from_a_reservation_is_of_the_line_that_is_written():
    reserved = held(5, WHOLE)
    scenario = given(appropriated(9, WHOLE), appropriated(9), reserved)
    asked = scenario.asked("pay", original=reserved, line=LINE, econ="30201", amount_fen=1)
    asked.refused(Refusal.LINE_DRAWN, drawn=WHOLE)
    scenario.asked("pay", original=reserved, line=WHOLE, econ="30299", amount_fen=1).refused(
        Refusal.RESERVE_LINE
    )
    scenario.asked("pay", original=reserved, line=WHOLE, econ="30201", amount_fen=1).allowed()


def test_a_correction_draws_on_the_line_that_is_written():
    wrong = paid(1, WHOLE, "30201")
    scenario = given(appropriated(9, WHOLE), appropriated(9), wrong)
    for changes, drawn in (({"line": LINE}, WHOLE), ({"line": WHOLE, "econ": "30299"}, LINE)):
        asked = scenario.asked("correct", original=wrong, changes=changes)
        refused = asked.refused(Refusal.LINE_DRAWN, drawn=drawn)
        assert f"--line {drawn}" in typed(refused.ways_out)
    right = {"line": LINE, "econ": "30299"}
    scenario.asked("correct", original=wrong, changes=right).allowed()


def test_carry_over_and_this_years_money_are_two_lines_to_choose_from():
    scenario = given(appropriated(9), carried_in(9))
    scenario.asked("pay", line=LinePattern(project="P02"), amount_fen=1).refused(
        Refusal.LINE_AMBIGUOUS, count=2
    )
    scenario.asked("pay", line=LinePattern(origin=2019), amount_fen=1).then(paid(1, CARRIED))


def test_the_target_of_a_reallocation_is_the_source_but_for_what_is_said():
    scenario = given(appropriated(9), with_project("P03"))
    for said, target in (
        (LinePattern(econ="30201"), OTHER),
        (LinePattern(project="P03"), line("project=P03")),
        (LinePattern(project="-"), line("project=-")),
        (LinePattern(func="2080106", econ="-"), line("func=2080106 econ=-")),
    ):
        book = scenario.asked("reallocate", sources=[(LINE, 1)], targets=[(said, 1)]).allowed()
        assert shares((target, 1)) == book.last.targets


def test_a_reallocation_takes_from_lines_that_exist():
    scenario = given(appropriated(9))
    scenario.asked("reallocate", sources=[(OTHER, 1)], targets=[(LINE, 1)]).refused(
        Refusal.LINE_MISSING, line=str(OTHER)
    )
    event = scenario.asked(
        "reallocate", sources=[(LinePattern(econ="302"), 1)], targets=[(OTHER, 1)]
    ).answer()[0]
    assert (Share(LINE, 1),) == event.sources


def test_everything_but_opening_needs_an_opened_book():
    for kind in ("pay", "reallocate", "release", "project"):
        nothing().asked(
            kind, sources=[(LINE, 1)], targets=[(OTHER, 1)], code="P02", amount_fen=1
        ).refused(Refusal.BOOK_NOT_OPENED)


PAY = {
    "line": LINE,
    "econ": "30299",
    "amount_fen": 100,
    "payee": "某公司",
    "occurred_on": date(2020, 6, 30),
    "doc": "支1",
}


@pytest.mark.parametrize(
    "changed",
    [
        {"amount_fen": 101},
        {"payee": "某公司 "},
        {"econ": "30201"},
        {"occurred_on": date(2020, 7, 1)},
        {"occurred_on": None},
        {"line": OTHER},
        {"line": LinePattern(project="P02", econ="30201")},
        {"doc": ""},
        {"reason": "x"},
    ],
)
def test_any_other_content_is_another_request(changed):
    assert Request("pay", PAY).digest() != Request("pay", {**PAY, **changed}).digest()


def test_the_digest_is_of_what_was_given_and_not_of_its_order_or_key():
    one = Request("pay", PAY, key="K1")
    assert one.digest() == Request("pay", dict(reversed(PAY.items())), key="K2").digest()
    assert one.digest() != Request("refund", PAY).digest()
    assert one.digest() != Request("pay", PAY, ref="#1").digest()


def test_the_digest_is_the_same_on_every_machine_and_day():
    """A key lives as long as the book: this value stands in real files."""
    assert (
        Request("pay", PAY).digest()
        == "aae11b22d4c0ba85029a5924a039a88934a4e96fada2415400f1e0762ad34ed7"
    )


def test_a_default_key_comes_from_document_and_content():
    """Without 文号 there is none: the same payment twice is two payments."""
    keyed = Request("pay", PAY).with_default_key()
    assert keyed.key == f"doc:{keyed.digest()[:32]}"
    assert keyed.key == Request("pay", {**PAY}).with_default_key().key
    assert keyed.key != Request("pay", {**PAY, "amount_fen": 101}).with_default_key().key
    assert Request("pay", {**PAY, "doc": ""}).with_default_key().key is None
    assert Request("pay", PAY, key="mine").with_default_key().key == "mine"


def test_a_key_by_its_document_is_of_the_entry_that_is_meant():
    said = Request("refund", PAY, ref="支1")
    keyed = said.with_default_key()
    assert keyed.about(7) == said._replace(ref="#7").with_default_key() != keyed
    assert said._replace(key="mine").about(7) == Request("refund", PAY, ref="#7", key="mine")


@any_of(st.sampled_from(["30299", "30201", "31002"]), st.integers(1, 9), st.integers(1, 9))
def test_a_payment_by_parts_is_the_payment_by_line(econ, there_fen, fen):
    """However the line is said, the decision is the same."""
    scenario = given(appropriated(there_fen, LINE.at_econ(econ)))

    def decided(said):
        try:
            (event,) = scenario.asked("pay", line=said, econ=econ, amount_fen=fen).answer()
        except Exception as refused:
            return str(refused)
        assert isinstance(event, DisbursementRecorded)
        return event

    whole = LINE.at_econ(econ)
    assert decided(whole) == decided(LinePattern(project="P02")) == decided(LinePattern())


def test_parts_that_fit_no_line_are_refused_with_a_look_at_what_is_there():
    """For every command on a line that exists; the way out asks only for what was said."""
    scenario = given(appropriated(5))
    for kind in ("cut", "release", "withdraw"):
        said = LinePattern(func="2080106", project="P02")
        refused = scenario.asked(kind, line=said, amount_fen=1).refused(Refusal.LINE_MISSING)
        assert typed(refused.ways_out) == ["yusuan balance --func 2080106 --project P02"]
    refused = scenario.asked("cut", line=line("func=2080106 project=-"), amount_fen=1).refused(
        Refusal.LINE_MISSING
    )
    assert typed(refused.ways_out) == ["yusuan balance --func 2080106"]


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ({"func": "2080106"}, "general:2080106:basic:-:30299:2020"),
        ({"func": "2080106", "project": "P02"}, "general:2080106:project:P02:30299:2020"),
        ({"fund": "govfund", "func": "2080106"}, "govfund:2080106:basic:-:30299:2020"),
        ({"func": "20802"}, None),  # not whole
        ({"func": "2080106", "spending": "project"}, None),  # of which project?
        ({"func": "2080106", "origin": 2019}, None),  # no budget is added to an earlier year's
    ],
)
def test_what_would_be_spent_can_be_budgeted_first(said, opens):
    """No budget, no spending (R1): a supplement of so much opens the line, where enough is said."""
    for kind, more in (("pay", {"econ": "30299"}), ("reserve", {}), ("fund-plan", {})):
        parts = LinePattern(**{"econ": "30299", **said} if kind != "pay" else said)
        asked = given(appropriated(5)).asked(kind, line=parts, amount_fen=7_00, **more)
        *ways, look = typed(asked.refused(Refusal.LINE_MISSING).ways_out)
        assert look.startswith("yusuan balance")
        supplement = f"yusuan supplement --line {opens} --amount 7.00 --doc 文号"
        assert ways == ([] if opens is None else [supplement])


def test_basic_money_for_what_only_a_project_has_can_be_budgeted_too():
    whole = line("project=-")
    refused = given(appropriated(5)).asked("reserve", line=whole, amount_fen=1_00)
    assert typed(refused.refused(Refusal.SPENDING_DIFFERS).ways_out) == [
        f"yusuan supplement --line {whole} --amount 1.00 --doc 文号",
        "yusuan balance --func 2080105",
    ]


def test_eight_lines_are_listed_in_full():
    history = [appropriated(1, line(f"econ=3020{n}")) for n in range(1, 9)]
    refused = (
        given(*history)
        .asked("cut", line=LinePattern(), amount_fen=1)
        .refused(Refusal.LINE_AMBIGUOUS, count=8)
    )
    assert "……" not in str(refused.facts["lines"])


def test_an_adjustment_is_about_the_carry_over_that_there_is():
    """This year's money of the same purpose is no candidate; two carry-over lines are asked for."""
    scenario = given(appropriated(9), carried_in(9))
    book = scenario.asked("adjust-opening", line=LinePattern(project="P02"), amount_fen=1).allowed()
    assert book.last.line == CARRIED
    scenario.book.record(carried_in(9, CARRIED.at_econ("30201")))
    for kind in ("adjust-opening", "transfer"):
        refused = scenario.asked(kind, line=LinePattern(), amount_fen=1).refused(
            Refusal.LINE_AMBIGUOUS, count=2
        )
        assert f"--econ {CARRIED.econ}" in typed(refused.ways_out)
        scenario.asked(kind, line=LinePattern(origin=2020), amount_fen=1).refused(
            Refusal.LINE_MISSING
        )


def test_only_an_increase_opens_a_line_and_only_when_it_is_written_out():
    up = {"adjustment": "consolidation-in", "amount_fen": 1}
    given().asked("adjust-opening", line=CARRIED, **up).allowed()
    given().asked("adjust-opening", line=LinePattern(origin=2019), **up).refused(
        Refusal.LINE_MISSING
    )
    for kind, down in (
        ("adjust-opening", {"adjustment": "remitted"}),
        ("adjust-opening", {"adjustment": "error-correction", "decrease": True}),
        ("recover", {}),
        ("transfer", {}),
    ):
        given().asked(kind, line=CARRIED, amount_fen=1, **down).refused(Refusal.LINE_MISSING)


def test_a_recovery_singles_out_a_line_of_any_year():
    scenario = given(appropriated(9), carried_in(9))
    scenario.asked("recover", line=LinePattern(project="P02"), amount_fen=1).refused(
        Refusal.LINE_AMBIGUOUS, count=2
    )
    scenario.asked("recover", line=LinePattern(origin=2020), amount_fen=1).allowed()
