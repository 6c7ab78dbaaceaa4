"""Orders of requests that hypothesis invents, decided and recorded in memory.

The requests are few and small, so that they meet each other on the same lines, and hypothesis
shrinks a failing year to its shortest.
"""

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.events import CommitmentReserved, decode, encode
from ledger.kinds import ADJUSTMENT_NAMES, DISTRIBUTION_NAMES, POOL_NAMES
from ledger.line import BudgetLine, LinePattern
from ledger.postings import Account
from ledger.refusals import Refused
from ledger.requests import Request, decide
from ledger.state import freeze
from tests.harness.plain import typed
from tests.harness.scenario import (
    CASH,
    CHECKER,
    DAY,
    DOC,
    MAKER,
    OTHER_BOOK,
    OWN,
    PAYEE,
    YEAR_END,
    Book,
    events_of,
    line,
    opened,
    with_project,
)
from tests.harness.scenario import given as given_

LINES = [
    line(),
    line("econ=302"),
    line("econ=-"),
    line("econ=30217"),
    line("origin=2019"),
    line("origin=2019 econ=-"),
    line("fund=nonfiscal"),
    line("project=- econ=-"),
]


small = st.integers(1, 4)


where = st.sampled_from(LINES)


common = {"occurred_on": st.just(DAY), "doc": st.just(DOC)}


line_requests = st.one_of(
    *[
        st.builds(
            lambda kind, **given: Request(kind, given),
            kind=st.just(kind),
            line=where,
            amount_fen=small,
            **(
                {"pending": st.booleans()}
                if kind in ("carry-in", "appropriate", "supplement")
                else {}
            ),
            **common,
        )
        for kind in (
            *("carry-in", "appropriate", "supplement", "cut", "release", "withdraw", "recover"),
        )
    ],
    *[
        st.builds(
            lambda kind, **given: Request(kind, given),
            kind=st.just(kind),
            line=where,
            amount_fen=small,
            **more,
            **common,
        )
        for kind, more in (
            (
                "adjust-opening",
                {
                    "adjustment": st.sampled_from([*ADJUSTMENT_NAMES]),
                    "decrease": st.booleans(),
                },
            ),
            ("transfer", {"counterpart": st.just(OTHER_BOOK), "incoming": st.booleans()}),
        )
    ],
)


payments = st.builds(
    lambda at, econ, fen: Request(
        "pay",
        {"line": at, "econ": econ, "amount_fen": fen, "payee": PAYEE, "occurred_on": DAY},
    ),
    where,
    st.sampled_from(["30299", "30217"]),
    small,
)


from_reservations = st.builds(
    lambda n, econ, fen: Request(
        "pay",
        {
            "line": LinePattern(),
            "econ": econ,
            "amount_fen": fen,
            "payee": PAYEE,
            "occurred_on": DAY,
        },
        f"#{n}",
    ),
    st.integers(3, 20),
    st.sampled_from(["-", "30299", "30217"]),
    small,
)


plans = st.builds(
    lambda at, month, fen: Request(
        "fund-plan",
        {"line": at, "month": month, "amount_fen": fen, "occurred_on": DAY, "doc": DOC},
    ),
    where,
    st.integers(5, 7),
    small,
)


movements = st.builds(
    lambda source, target, fen, authority: Request(
        "reallocate",
        {
            "sources": [(source, fen)],
            "targets": [(target, fen)],
            "authority": authority,
            "occurred_on": DAY,
            "doc": DOC,
        },
    ),
    where,
    where,
    small,
    st.sampled_from(["finance", "department", None]),
)


receipts = st.builds(
    lambda at, fen: Request(
        "income",
        {
            "line": at,
            "source": "service",
            "amount_fen": fen,
            "occurred_on": DAY,
        },
    ),
    st.sampled_from([CASH, OWN]),
    small,
)


surpluses = st.one_of(
    st.builds(
        lambda pool, fen: Request(
            "surplus-in", {"pool": pool, "amount_fen": fen, "occurred_on": DAY}
        ),
        st.sampled_from([*POOL_NAMES]),
        small,
    ),
    st.builds(
        lambda at, pool, fen: Request(
            "use-surplus", {"line": at, "pool": pool, "amount_fen": fen, "occurred_on": DAY}
        ),
        st.sampled_from([CASH, OWN]),
        st.sampled_from([*POOL_NAMES]),
        small,
    ),
    st.builds(
        lambda at, where, fen: Request(
            "distribute",
            {"line": at, "distribution": where, "amount_fen": fen, "occurred_on": YEAR_END},
        ),
        st.sampled_from([CASH, OWN, OWN]),
        st.sampled_from([*DISTRIBUTION_NAMES]),
        small,
    ),
)


about_earlier = st.one_of(
    st.builds(
        lambda n, fen: Request("unreserve", {"amount_fen": fen, "occurred_on": DAY}, f"#{n}"),
        st.integers(3, 20),
        st.one_of(st.none(), small),
    ),
    st.builds(
        lambda n, fen: Request("refund", {"amount_fen": fen, "occurred_on": DAY}, f"#{n}"),
        st.integers(3, 20),
        small,
    ),
    st.builds(
        lambda n, on: Request("reverse", {"occurred_on": on}, f"#{n}"),
        st.integers(3, 20),
        st.sampled_from([DAY, YEAR_END]),
    ),
    st.builds(
        lambda n, fen: Request(
            "correct", {"changes": {"amount_fen": fen}, "occurred_on": DAY}, f"#{n}"
        ),
        st.integers(3, 20),
        small,
    ),
    st.builds(
        lambda n, authority: Request(
            "approve", {"authority": authority, "occurred_on": DAY}, f"#{n}"
        ),
        st.integers(3, 20),
        st.sampled_from(["finance", "department"]),
    ),
    st.builds(
        lambda n: Request("reject", {"reason": "不急", "occurred_on": DAY}, f"#{n}"),
        st.integers(3, 20),
    ),
)


requests = st.lists(
    st.one_of(
        *(line_requests, payments, from_reservations, plans, movements, receipts, surpluses),
        about_earlier,
    ),
    max_size=25,
)


def actor_of(request: Request) -> str:
    """As `Book` records it: another one approves."""
    return CHECKER if request.kind == "approve" else MAKER


def answered(asked: list[Request], check: Any = None) -> Book:
    """The requests, decided and recorded one after another in memory: no disk, no clock. `Book`
    takes every decision again from what is stored and insists on the same event."""
    book = given_(opened(unit_kind="institution"), with_project("P02")).book
    for request in asked:
        about = None
        if request.ref is not None:
            number = int(request.ref[1:])
            if number > len(book.entries):
                continue
            about = book.about(number)
        before = freeze(book.state)
        try:
            events = events_of(decide(book.state, request, about, actor=actor_of(request)))
        except Refused:
            assert before == freeze(book.state)
            continue
        for event in events:
            book.record(event)
        if check is not None:
            check(book)
    return book


def sound(book: Book) -> None:
    """No account, cash, pool or refund below zero; payments within the caps; what is 在途 on a line
    is what is left of its reservations."""
    state = book.state
    for auth, *used in state.lines.values():
        assert -auth == sum(used) and min(used) >= 0
    assert state.cash_fen >= 0
    assert all(fen > 0 for fen in state.pools.values())
    assert all(0 <= cap.spent_fen <= cap.cap_fen for cap in state.three_public.values())
    for number, (settled_fen, reversed_by, _) in book.settled.items():
        event: Any = book.entries[number - 1].event
        assert settled_fen == 0 or 0 < settled_fen <= event.amount_fen
        assert settled_fen == 0 or reversed_by is None
    left: Counter[BudgetLine] = Counter()
    for entry in book.entries:
        settled_fen, reversed_by, _ = book.settled.get(entry.number, (0, None, None))
        if isinstance(entry.event, CommitmentReserved) and reversed_by is None:
            left[entry.event.line] += entry.event.amount_fen - settled_fen
    for at in state.lines:
        assert left[at] == state.of(at, Account.HELD)


@settings(max_examples=150, deadline=None)
@given(requests, st.randoms(use_true_random=False))
def test_no_order_of_requests_makes_an_account_negative(asked, chance):
    """The order given and another one: after every recorded request the book is sound."""
    answered(asked, sound)
    answered(chance.sample(asked, len(asked)), sound)


@settings(max_examples=100, deadline=None)
@given(requests)
def test_replaying_what_was_stored_gives_the_same_book(asked):
    """From bytes: the same events, and the same state byte for byte."""
    book = answered(asked)
    again = Book()
    for stored in [encode(entry) for entry in book.entries]:
        again.record(decode(stored).event)
    assert book.entries == again.entries
    assert freeze(book.state) == freeze(again.state)
    assert book.settled == again.settled


@settings(max_examples=100, deadline=None)
@given(requests)
def test_a_request_that_was_refused_is_refused_again(asked):
    """Deciding has no memory: on the same state the answer is the same."""
    book = answered(asked)
    for request in asked:
        about = None
        if request.ref is not None:
            if int(request.ref[1:]) > len(book.entries):
                continue
            about = book.about(int(request.ref[1:]))
        answers: list[object] = []
        for _ in range(2):
            try:
                answers.append(decide(book.state, request, about, actor=actor_of(request)))
            except Refused as refused:
                answers.append((refused.code, str(refused), typed(refused.ways_out)))
        assert answers[0] == answers[1]


def test_lines_in_play_meet_each_other():
    """The strategy above draws from lines that can pay for each other, or it would prove little."""
    purposes: dict[object, set[str]] = {}
    for each in LINES:
        assert isinstance(each, BudgetLine)
        purposes.setdefault(each.purpose, set()).add(each.econ)
    assert {"30299", "302", "-", "30217"} in purposes.values()
