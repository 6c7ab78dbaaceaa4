"""Which entries the state doubts: whether the money was there on their day is asked then. It may
doubt too often, and never too seldom."""

from datetime import date, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from ledger.effects import effects
from ledger.events import Entry
from ledger.rules.uncovered import Take, doubtful, on_days
from ledger.state import freeze, thaw
from tests.harness.scenario import (
    CARRIED,
    CASH,
    LINE,
    OWN,
    adjusted,
    appropriated,
    carried_in,
    corrected,
    cut_by,
    distributed,
    given,
    held,
    line,
    opened,
    paid,
    paid_from,
    reallocated,
    received,
    recovered,
    refunded,
    reversed_,
    supplemented,
    surplus_in,
    transferred,
    used,
    vouched,
    with_project,
    withdrawn,
)

JANUARY, MARCH, JUNE, JULY = (date(2020, month, 10) for month in (1, 3, 6, 7))
OTHER = line("econ=30201")
FIRST, LATER = appropriated(100, occurred_on=JANUARY), supplemented(20, occurred_on=JUNE)
OLD = carried_in(100, occurred_on=MARCH)
BUDGET = appropriated(500, CASH, occurred_on=JANUARY)
EARNED = received(100, occurred_on=JUNE)
RESERVED = held(120, occurred_on=JULY)
PAID = paid(120, occurred_on=JULY)
HALF = paid(50, occurred_on=JULY)


def doubted(*events, event):
    """What is doubted of an event that is recorded in a book where others happened."""
    book = given(opened(unit_kind="institution"), with_project("P02"), *events).book
    book.record(event)
    entry = book.entries[-1]
    state = thaw(freeze(book.state))  # a snapshot doubts no less
    return [*doubtful(state, effects(entry.event), entry.event.occurred_on)]


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((FIRST, LATER), paid(120, occurred_on=MARCH)),
        ((FIRST, LATER), paid(101, occurred_on=JUNE - timedelta(days=1))),
        ((FIRST, LATER), vouched((LINE, "30299", 70), (LINE, "30299", 50), occurred_on=MARCH)),
        ((FIRST, LATER), held(120, occurred_on=MARCH)),
        ((FIRST, LATER), cut_by(120, occurred_on=MARCH)),
        ((FIRST, LATER), withdrawn(120, occurred_on=MARCH)),
        ((FIRST, LATER), reallocated(LINE, OTHER, 120, occurred_on=MARCH)),
        ((FIRST, LATER), recovered(120, LINE, occurred_on=MARCH)),
        ((OLD,), adjusted(100, occurred_on=JANUARY)),
        ((OLD,), recovered(100, CARRIED, occurred_on=JANUARY)),
        ((OLD,), transferred(100, occurred_on=JANUARY)),
    ],
)
def test_what_takes_from_a_line_before_the_money_came_is_doubted(before, event):
    (take,) = doubted(*before, event=event)
    where = CARRIED if before == (OLD,) else LINE
    assert (take.where, take.day, take.rows) == (where, event.occurred_on, 1)
    assert take.fen in (100, 101, 120)


@pytest.mark.parametrize(
    ("before", "event"),
    [
        ((FIRST, LATER), paid(120, occurred_on=JUNE)),
        ((FIRST, LATER), paid(100, occurred_on=JANUARY)),
        ((FIRST, LATER), paid(100, occurred_on=MARCH)),
        ((FIRST, LATER, HALF), refunded(HALF, 50, occurred_on=JULY)),
        ((FIRST, LATER, HALF), corrected(HALF, paid(101, occurred_on=JULY), occurred_on=JULY)),
        ((FIRST, LATER, PAID), reversed_(PAID, occurred_on=JULY)),
        ((FIRST, LATER, RESERVED), paid_from(RESERVED, 120, occurred_on=JULY)),
        ((FIRST,), supplemented(20, occurred_on=JANUARY - timedelta(days=3))),
        ((OLD,), recovered(100, CARRIED, occurred_on=MARCH)),
        ((BUDGET, EARNED), paid(100, CASH, occurred_on=JUNE)),
    ],
)
def test_what_was_there_is_not_doubted(before, event):
    assert doubted(*before, event=event) == []


@pytest.mark.parametrize(
    ("before", "event", "fen"),
    [
        ((BUDGET, EARNED), paid(100, CASH, occurred_on=MARCH), 100),
        ((BUDGET, EARNED), reversed_(EARNED, occurred_on=JUNE), None),
        (
            (surplus_in(100, occurred_on=JANUARY), used(100, occurred_on=JUNE), BUDGET),
            paid(1, CASH, occurred_on=MARCH),
            1,
        ),
        ((received(100, OWN, occurred_on=date(2020, 12, 31)),), distributed(100), None),
    ],
)
def test_of_non_fiscal_money_the_cash_is_doubted(before, event, fen):
    expected = [] if fen is None else [Take(None, MARCH, fen)]
    assert doubted(*before, event=event) == expected


def test_what_is_taken_back_of_a_day_is_doubted_where_it_was_spent():
    """A supplement that is reversed after its money was spent is an out of the reversal's day."""
    more = supplemented(20, occurred_on=MARCH)
    again = supplemented(20, occurred_on=JULY)
    events = (FIRST, more, paid(120, occurred_on=MARCH), again)
    (take,) = doubted(*events, event=reversed_(more, occurred_on=JUNE))
    assert take == Take(LINE, JUNE, 20)
    assert doubted(*events, event=reversed_(more, occurred_on=JULY)) == []


def test_what_entries_change_is_told_by_line_and_day():
    book = given(BUDGET, EARNED, paid(60, CASH, occurred_on=JULY), paid(1, CASH, occurred_on=JULY))
    assert on_days(book.book.entries) == {
        (CASH, JANUARY): 500,
        (None, JUNE): 100,
        (CASH, JULY): -61,
        (None, JULY): -61,
    }


@drawn(st.lists(st.tuples(st.booleans(), st.integers(1, 12), st.integers(1, 9)), max_size=14))
def test_a_day_below_zero_is_never_left_undoubted(drawn_moves):
    book, ends = given(FIRST).book, {JANUARY: 100}
    for comes, month, tens in drawn_moves:
        day, fen = date(2020, month, 15), tens * 10
        if comes:
            book.record(supplemented(fen, occurred_on=day))
            ends[day] = ends.get(day, 0) + fen
            continue
        if fen > book.state.available_fen(LINE):
            continue
        book.record(paid(fen, occurred_on=day))
        ends[day] = ends.get(day, 0) - fen
        entry: Entry = book.entries[-1]
        sums = [sum(f for d, f in ends.items() if d <= end) for end in ends if end >= day]
        found = [*doubtful(book.state, effects(entry.event), day)]
        assert found or min(sums) >= 0
