"""决算批复: of which years, what of it is recorded, all that is wrong at once, and what the next
year opens with (R17, L79)."""

from datetime import date
from typing import cast

import pytest

from ledger.decisions.approval import approve
from ledger.decisions.closing import reopen_year
from ledger.decisions.correction import reverse
from ledger.decisions.disbursement import pay
from ledger.decisions.final_account import final_approval
from ledger.doors.last_year import ClosedBook, open_from
from ledger.events import (
    CashApproved,
    OpeningAdjusted,
    OpeningLoaded,
    PoolApproved,
    SurplusLoaded,
)
from ledger.proofs.head import EMPTY, Head
from ledger.refusals import Refusal, WrongDecision
from ledger.rules.adjusting import final_account, publish_by
from ledger.rules.closed_as import Over, as_approved, as_closed, of_lines
from ledger.state import initial
from tests.harness.plain import typed
from tests.harness.scenario import (
    CARRIED,
    DAY,
    DOC,
    LINE,
    YEAR_END,
    appropriated,
    carried_in,
    closing,
    events_of,
    finally_approved,
    given,
    left_over,
    line,
    opened,
    received,
    shares,
    signed,
    surplus_in,
    with_project,
)

HAND = line("fund=nonfiscal econ=-")
BASIC = line("project=- func=2080101 econ=-")
APPROVED_ON = date(2021, 8, 20)


def closed(*events, kind="institution"):
    """A book of an 事业单位, closed with 300.00 carried over, 20.00 of 结余, 9.00 in hand and 5.00
    in a pool."""
    wanted = closing(
        left_over(LINE, 300_00),
        left_over(CARRIED, 20_00, "surplus"),
        cash=shares((HAND, 9_00)) if kind == "institution" else (),
    )
    own = (received(9_00), surplus_in(5_00)) if kind == "institution" else ()
    return given(
        opened("indicator", unit_kind=kind),
        with_project("P02"),
        appropriated(300_00),
        carried_in(20_00),
        *own,
        *events,
        wanted,
        signed(wanted),
    )


def wrong(scenario, **said):
    """What is wrong with what was said: (code, line, field)."""
    refused = scenario.when(final_approval, **said).refused(Refusal.APPROVAL_ROWS)
    decisions = cast(list[WrongDecision], refused.facts["decisions"])
    assert refused.facts["count"] == len(decisions)
    assert all(each.text in str(refused) for each in decisions)
    return [(each.code, each.line, each.field) for each in decisions]


def test_it_is_recorded_in_the_closed_book_on_its_last_day():
    """Whenever finance approved: that is a day of its own."""
    scenario = closed()
    number = scenario.book.state.closed
    book = scenario.when(final_approval).then(finally_approved(number))
    assert book.state.approved == finally_approved(number)
    assert book.given[-1].occurred_on == YEAR_END
    assert book.state.closing is not None


def test_only_what_differs_is_recorded_of_each_line_whole():
    scenario = closed()
    cut, back = left_over(LINE, 250_00), left_over(LINE, 50_00, "take-back", doc="收1")
    same = left_over(CARRIED, 0, "surplus", pending_fen=20_00)
    less = left_over(CARRIED, 20_00, "surplus")
    said = {
        "lines": (cut, less, back),
        "cash": (CashApproved(HAND, 9_00),),
        "pools": (PoolApproved("unrestricted", 5_00), PoolApproved("special", 1_00)),
    }
    number = scenario.book.state.closed
    expected = finally_approved(number, cut, back, pools=(PoolApproved("special", 1_00),))
    scenario.when(final_approval, **said).then(expected)
    # What was 可执行 and is approved as 待下达 differs, though it is as much.
    scenario.when(final_approval, lines=(same,)).then(finally_approved(number, same))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"lines": (left_over(LINE, 300_00), left_over(CARRIED, 20_00, "surplus"))},
        {"lines": (left_over(BASIC, 0),), "cash": (CashApproved(HAND, 9_00),)},
        {"pools": (PoolApproved("special", 0), PoolApproved("unrestricted", 5_00))},
    ],
    ids=["nothing", "lines", "nil and cash", "pools"],
)
def test_what_was_approved_as_it_was_closed_is_no_difference(said):
    scenario = closed()
    number = scenario.book.state.closed
    scenario.when(final_approval, **said).then(finally_approved(number))


def test_a_year_is_approved_after_it_was_closed_and_is_over_by_a_document():
    given(appropriated(1)).when(final_approval).refused(Refusal.YEAR_OPEN)
    scenario = closed()
    refused = scenario.when(final_approval, approved_on=YEAR_END).refused(
        Refusal.APPROVAL_DATE, date="2020-12-31", year=2020
    )
    assert typed(refused.ways_out) == ["--date 2021-MM-DD"]
    scenario.when(final_approval, approved_on=date(2021, 1, 1)).allowed()
    scenario.when(final_approval, occurred_on=DAY).refused(Refusal.CLOSING_DATE)
    scenario.when(final_approval, doc="").refused(Refusal.DOC_REQUIRED)
    scenario.when(final_approval, occurred_on=APPROVED_ON).refused(Refusal.DATE_OUTSIDE_YEAR)


def test_all_that_is_wrong_is_told_at_once():
    unknown, later = line("project=P99"), line("origin=2021")
    found = wrong(
        closed(),
        lines=(
            left_over(LINE, 1),
            left_over(LINE, 2),
            left_over(unknown, 1),
            left_over(later, 1),
            left_over(HAND, 1),
        ),
        cash=(CashApproved(HAND, 1), CashApproved(HAND, 2), CashApproved(line("econ=30201"), 1)),
        pools=(PoolApproved("special", 1), PoolApproved("special", 2)),
    )
    assert found == [
        ("REPEATED", str(LINE), "decision"),
        ("PROJECT", str(unknown), "line"),
        ("ORIGIN", str(later), "line"),
        ("CHOICE", str(HAND), "decision"),
        ("CASH", str(HAND), "line"),
        ("CASH", str(line("econ=30201")), "line"),
        ("POOL", "special", "line"),
    ]
    assert wrong(closed(kind="admin"), pools=(PoolApproved("unrestricted", 1),)) == [
        ("POOL", "unrestricted", "line")
    ]


def test_the_last_one_counts_whole():
    """Of what only the first said otherwise, finance approved after all what was closed."""
    scenario = closed()
    scenario.when(final_approval, lines=(left_over(LINE, 1_00),)).allowed()
    book = scenario.when(final_approval, lines=(left_over(CARRIED, 0),), doc="批2").allowed()
    state = book.state
    assert [each.entry for each in state.approvals] == [state.number - 1, state.number]
    assert state.closing is not None and state.approved is not None
    was = as_closed(state.closing, state.pools)
    assert of_lines(was, as_approved(was, state.approved)) == {
        CARRIED: (Over(waiting_fen=20_00), Over())
    }
    told = final_account(state, state.number, state.approved)
    assert told is not None
    assert (told.replaces, told.publish_by) == (state.number - 1, date(2021, 9, 9))


def test_while_it_stands_the_year_is_not_reopened():
    """Neither asked for nor signed: what was asked before the approval is refused when it is
    signed."""
    scenario = closed()
    scenario.when(reopen_year).allowed()
    asked = scenario.book.given[-1]
    scenario.when(final_approval).allowed()
    entry = scenario.book.state.number
    refused = scenario.when(reopen_year).refused(Refusal.YEAR_APPROVED, entry=entry, doc=DOC)
    assert typed(refused.ways_out) == [f"yusuan reverse {entry} --date 2020-12-31"]
    scenario.when(approve, original=asked, occurred_on=YEAR_END).refused(Refusal.YEAR_APPROVED)
    scenario.when(pay, amount_fen=1, occurred_on=YEAR_END).refused(Refusal.YEAR_CLOSED)


def test_what_is_reversed_brings_the_one_before_back():
    """In the closed year; with none left it may be reopened."""
    scenario = closed()
    first = scenario.when(final_approval, lines=(left_over(LINE, 1_00),)).allowed().given[-1]
    second = scenario.when(final_approval, doc="批2").allowed().given[-1]
    undone = {"original": second, "occurred_on": YEAR_END}
    book = scenario.when(reverse, **undone).allowed()
    assert book.state.approved == first
    scenario.when(reverse, **undone).refused(Refusal.ENTRY_REVERSED)
    scenario.when(reopen_year).refused(Refusal.YEAR_APPROVED)
    scenario.when(reverse, original=first, occurred_on=YEAR_END).allowed()
    assert book.state.approvals == []
    scenario.when(reopen_year).allowed()


@pytest.mark.parametrize(
    ("approved_on", "by"),
    [
        (date(2021, 8, 20), date(2021, 9, 9)),
        (date(2021, 12, 20), date(2022, 1, 9)),
        (date(2024, 2, 10), date(2024, 3, 1)),
    ],
)
def test_it_is_published_by_the_twentieth_day_after_it(approved_on, by):
    assert publish_by(approved_on) == by


MORE = {
    "less": ((left_over(LINE, 250_00),), ["closing-revised 50.00 --decrease"]),
    "more": ((left_over(LINE, 310_00),), ["closing-revised 10.00"]),
    "nothing": ((left_over(LINE, 0),), ["closing-revised 300.00 --decrease"]),
    "handed back": ((left_over(LINE, 300_00, "take-back"),), ["remitted 300.00"]),
    "part handed back": (
        (left_over(LINE, 240_00), left_over(LINE, 50_00, "take-back")),
        ["closing-revised 10.00 --decrease", "remitted 50.00"],
    ),
    "become 结余": ((left_over(LINE, 300_00, "surplus"),), ["reclassify 300.00 not-needed"]),
    "结余 carried over": ((left_over(CARRIED, 20_00),), ["release 20.00"]),
    "less 结余": (
        (left_over(CARRIED, 12_00, "surplus"),),
        ["release 8.00", "closing-revised 8.00 --decrease"],
    ),
    "more 结余": (
        (left_over(CARRIED, 23_00, "surplus"),),
        ["closing-revised 3.00", "reclassify 3.00 two-years"],
    ),
    "basic": ((left_over(BASIC, 0, pending_fen=4_00),), ["closing-revised 4.00", "withdraw 4.00"]),
    "lapsed after all": (
        (left_over(LINE, 300_00, "lapse"),),
        ["closing-revised 300.00 --decrease"],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), MORE.values(), ids=MORE)
def test_the_entries_of_next_year_that_it_asks_for(lines, expected):
    """In an order in which each is lawful."""
    scenario = closed()
    state = scenario.when(final_approval, lines=lines).allowed().state
    assert state.approved is not None
    told = final_account(state, state.number, state.approved)
    assert told is not None
    (row,) = told.differences
    assert row.line == str(lines[0].line)
    assert row.difference_fen == row.approved_fen - row.closed_fen

    def short(way):
        said = dict(way.options)
        assert (said["line"], said["doc"], said["unit"], said["year"]) == (
            lines[0].line,
            DOC,
            "jianghan",
            2021,
        )
        kind = said.get("adjustment", way.command)
        words = [kind, said["amount"], said.get("cause"), "--decrease" if "decrease" in said else 0]
        return " ".join(str(word) for word in words if word)

    assert [short(way) for way in row.try_] == expected


def test_a_pool_is_adjusted_by_its_own_kind():
    scenario = closed()
    pools = (PoolApproved("unrestricted", 3_00), PoolApproved("special", 2_00))
    state = scenario.when(final_approval, pools=pools).allowed().state
    assert state.approved is not None
    told = final_account(state, state.number, state.approved)
    assert told is not None
    assert [(row.pool, row.difference_fen) for row in told.differences] == [
        ("unrestricted", -2_00),
        ("special", 2_00),
    ]
    assert [typed(row.try_)[0].split(" --doc ")[0] for row in told.differences] == [
        "yusuan adjust-surplus --pool unrestricted --adjustment closing-revised --amount 2.00 "
        "--decrease",
        "yusuan adjust-surplus --pool special --adjustment closing-revised --amount 2.00",
    ]


def test_a_book_that_is_opened_afterwards_has_what_was_approved():
    """结转, 结余, 收回 with the document of either paper, cash and pools."""
    scenario = closed()
    scenario.when(
        final_approval,
        lines=(left_over(LINE, 240_00), left_over(LINE, 50_00, "take-back"), left_over(CARRIED, 0)),
        cash=(CashApproved(HAND, 8_00),),
        pools=(PoolApproved("unrestricted", 0), PoolApproved("special", 2_00)),
    ).allowed()
    last = scenario.book
    events = events_of(
        open_from(
            initial("jianghan/2021"),
            closed=ClosedBook(last.state, Head(len(last.entries), EMPTY.hash)),
            occurred_on=date(2021, 1, 1),
        )
    )
    carried = [(e.line, e.amount_fen, e.pending) for e in events if isinstance(e, OpeningLoaded)]
    assert carried == [(LINE, 240_00, False), (LINE, 50_00, False), (HAND, 8_00, False)]
    returned = [e for e in events if isinstance(e, OpeningAdjusted)]
    assert [(e.line, e.amount_fen, e.adjustment, e.doc) for e in returned] == [
        (LINE, 50_00, "remitted", DOC)
    ]
    pools = [(e.pool, e.amount_fen) for e in events if isinstance(e, SurplusLoaded)]
    assert pools == [("special", 2_00)]
    assert events[0].previous.opening == len(events)


def test_an_audit_takes_it_again_as_it_stands():
    """What was left out as it was closed is not looked for again."""
    scenario = closed()
    book = scenario.when(
        final_approval, lines=(left_over(LINE, 1_00), left_over(CARRIED, 20_00, "surplus"))
    ).allowed()
    stored = book.given[-1]
    assert len(stored.lines) == 1
    asked = {"lines": stored.lines, "approved_on": stored.approved_on, "doc": stored.doc}
    (again,) = closed().when(final_approval, **asked).answer()
    assert again == stored
