"""The fold: what a decision may see, the identity of every line, and snapshots of it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from ledger.errors import Corrupt
from ledger.events import DisbursementRefunded, Entry, IndicatorReleased
from ledger.line import BudgetLine
from ledger.postings import Account
from ledger.state import copy, evolve, freeze, initial, thaw
from tests.harness.scenario import (
    BOOK,
    DAY,
    LINE,
    appropriated,
    approved,
    given,
    line,
    locked,
    opened,
    paid,
    received,
    refunded,
    rejected,
    requested,
    supplemented,
    with_project,
)
from tests.harness.strategies import money_events


def entry(number, event, recorded_at=datetime(2020, 12, 31, tzinfo=UTC)):
    return Entry(book=BOOK, number=number, recorded_at=recorded_at, actor="出纳", event=event)


def test_the_accounts_of_a_line_are_what_its_entries_moved():
    payment = paid(30_00)
    book = given(
        appropriated(100_00), supplemented(20_00, pending=True), payment, refunded(payment, 5_00)
    ).book
    accounts = {account.name: book.state.of(LINE, account) for account in Account}
    assert accounts == {
        "AUTH": 120_00,
        "PENDING": 20_00,
        "EXEC": 75_00,
        "HELD": 0,
        "PAID": 25_00,
        "TAKEN": 0,
        "OUT": 0,
    }


def test_a_line_that_is_not_there_has_nothing():
    assert given().book.state.of(LINE, Account.EXEC) == 0
    assert LINE not in given().book.state.lines


@pytest.mark.parametrize(
    "event",
    [
        paid(100_01),
        IndicatorReleased(line=LINE, amount_fen=1, occurred_on=DAY),
        DisbursementRefunded(
            original=3, line=LINE, econ="30299", amount_fen=1, payee="某店", occurred_on=DAY
        ),
    ],
    ids=["EXEC", "PENDING", "PAID"],
)
def test_an_entry_that_makes_an_account_negative_is_corrupt(event):
    """Whoever wrote it: no decision stands between a forged entry and the fold."""
    state = given(appropriated(100_00)).book.state
    with pytest.raises(Corrupt) as corrupt:
        evolve(state, entry(state.number + 1, event))
    assert corrupt.value.code == "ACCOUNT.IDENTITY"


@any_of(st.lists(money_events, max_size=12))
def test_every_state_that_is_reached_keeps_the_identity(history):
    """AUTH = PENDING + EXEC + HELD + PAID + TAKEN + OUT, each ≥ 0, after any entries whatever:
    `evolve` lets no other state through."""
    state = initial(BOOK)
    for event in history:
        before = copy(state)
        try:
            evolve(state, entry(state.number + 1, event))
        except Corrupt as corrupt:
            assert corrupt.code == "ACCOUNT.IDENTITY"
            state = before
        for auth, *used in state.lines.values():
            assert -auth == sum(used)
            assert min(-auth, *used) >= 0


@pytest.mark.parametrize("number", [1, 3, 4])
def test_numbers_have_no_gaps_and_do_not_repeat(number):
    """After entry 1 comes entry 2."""
    state = initial(BOOK)
    evolve(state, entry(1, opened()))
    with pytest.raises(Corrupt, match="编号不连续"):
        evolve(state, entry(number, with_project("P02")))


def test_recorded_time_does_not_run_backwards():
    """The same instant twice is lawful (one transaction); a microsecond less is not."""
    noon = datetime(2020, 6, 30, 12, 0, 0, 1, tzinfo=UTC)
    state = initial(BOOK)
    evolve(state, entry(1, opened(), noon))
    evolve(state, entry(2, with_project("P02"), noon))
    with pytest.raises(Corrupt, match="早于前一笔"):
        evolve(state, entry(3, with_project("P03"), noon.replace(microsecond=0)))


def a_book():
    payment = paid(30_00)
    return given(
        appropriated(100_00),
        payment,
        refunded(payment, 1_00),
        received(8_00),
        appropriated(5_00, LINE.at_econ("30217")),
        locked(1),
    ).book


def test_a_state_thaws_as_it_was_frozen():
    """With lines that know their parts again, and no shared mutable part."""
    state = a_book().state
    again = thaw(freeze(state))
    assert state == again
    assert freeze(state) == freeze(again)
    assert all(isinstance(line, BudgetLine) for line in (*again.lines, *again.initial_fen))
    assert next(iter(again.lines)).project == "P02"


def test_the_open_requests_are_those_that_nothing_settled():
    """Oldest first; they thaw with the state, and a state that was frozen before there were any
    requests has none."""
    first, second, third = (requested(LINE, line("func=2080106"), fen) for fen in (1, 2, 3))
    book = given(appropriated(9), first, second, third, rejected(second)).book
    assert [4, 6] == book.state.open_requests == thaw(freeze(book.state)).open_requests
    book.record(approved(first))
    assert book.state.open_requests == [6]
    earlier = json.loads(freeze(a_book().state))
    del earlier["open_requests"]
    assert freeze(thaw(json.dumps(earlier).encode())) == freeze(a_book().state)


def test_a_snapshot_without_the_last_payment_is_not_believed():
    """It was taken by a program that did not keep it; the book is read from its beginning then."""
    earlier = json.loads(freeze(a_book().state))
    assert earlier.pop("paid_at") == 5
    with pytest.raises(ValueError, match="paid_at"):
        thaw(json.dumps(earlier).encode())


def test_a_copy_moves_by_itself():
    book = a_book()
    ahead = copy(book.state)
    before = freeze(book.state)
    evolve(ahead, entry(ahead.number + 1, paid(1)))
    assert before == freeze(book.state)
    assert ahead.available_fen(LINE) + 1 == book.state.available_fen(LINE)


def test_new_books_share_nothing():
    """A default that is mutable would leak one book into the next."""
    first, second = initial("U/2020"), initial("U/2021")
    evolve(first, entry(1, opened()))
    first.projects["P"] = "x"
    first.locked_months.append(1)
    assert (
        second.projects,
        second.locked_months,
        second.lines,
        second.three_public,
    ) == ({}, [], {}, {})


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b'{"book":"U/2020","lines":{"x":[0]}}'])
def test_what_is_no_state_does_not_thaw(stored):
    with pytest.raises(ValueError):
        thaw(stored)
