"""The vocabulary of refusals, walked in order: every member is provoked, shows its figures, and
says a way out where there is one. Then the order itself: of several reasons the first is given.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import product
from string import Formatter
from typing import Any

import pytest

from ledger.decisions.approval import approve, reject
from ledger.decisions.budget import appropriate, cut, reallocate, supplement
from ledger.decisions.closing import close_year, lock_month, reopen_year
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import pay, refund
from ledger.decisions.income import income
from ledger.decisions.indicator import fund_plan, release
from ledger.decisions.opening import adjust_opening, carry_in, recover, transfer
from ledger.decisions.reconciliation import reconcile
from ledger.decisions.registry import amend_book, open_book
from ledger.decisions.surplus import distribute, use_surplus
from ledger.doors.last_year import ClosedBook, open_from
from ledger.events import Entry
from ledger.line import LinePattern
from ledger.money import TOTAL_MAX_FEN, yuan
from ledger.proofs.chain import EMPTY
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.rules.originals import Original
from ledger.state import evolve, initial
from ledger.store.writing import Writing
from tests.harness.scenario import (
    BOOK,
    CARRIED,
    CASH,
    DAY,
    DEFAULTS,
    LINE,
    MAKER,
    OWN,
    RECEPTION,
    Asked,
    appropriated,
    approved,
    carried_in,
    closing,
    given,
    held,
    left_over,
    line,
    locked,
    nothing,
    opened,
    paid,
    paid_from,
    planned,
    received,
    refunded,
    requested,
    reversed_,
    shares,
    signed,
    supplemented,
    surplus_in,
    with_project,
)

OTHER = line("econ=30201")
PAYMENT = paid(20_00)
RESERVED = held(20_00)
PLAN = planned(8_00)
LOCK = locked(1)
FREE = line("func=2080199 econ=-")
ORDER = list(Refusal)


def rehearsal(*requests: Request) -> Writing:
    """A transaction without a file, in which these requests were answered."""
    writing = Writing(
        BOOK, initial(BOOK), EMPTY, actor="出纳", now=datetime(2020, 7, 1, tzinfo=UTC)
    )
    for each in requests:
        writing.record(each)
    return writing


def request(kind, key=None, ref=None, **said):
    return Request(kind, {**DEFAULTS.get(kind, {}), "occurred_on": DAY, **said}, ref, key)


OPENED = request("open-book")
NAMED = request("project", code="P02")


def recording(*before: Request, wanted: Request) -> Asked:
    """What the store is asked, as a scenario."""
    writing = rehearsal(*before)
    book = given().book
    return Asked(book, lambda: tuple(e.event for e in writing.record(wanted).entries))


def moved(source, target, fen=1_00, more_fen=0, **more):
    return {
        "sources": shares((source, fen)),
        "targets": shares((target, fen + more_fen)),
        **more,
    }


def twice_reversed(event):
    """Only an original that hides its reversal leads here: the guard behind R13 and R15."""
    scenario = given(appropriated(50_00), event, reversed_(event))
    return scenario.when(reverse, original=Original(scenario.book.original(event).entry))


ASKED = requested(LINE, line("func=2080106"), 1_00)


def asked(decision, *more, **said):
    """About a request of one yuan to another 项."""
    return given(appropriated(1_00), ASKED, *more).when(decision, original=ASKED, **said)


def cap_undone():
    """5.00 + 5.00 of cap, 6.00 spent, and the first 5.00 undone."""
    budget = appropriated(5_00, RECEPTION)
    scenario = given(appropriated(50_00, FREE), budget, supplemented(5_00, RECEPTION))
    scenario.book.record(paid(6_00, FREE, "30217"))
    return scenario.when(reverse, original=budget)


def institution(*events):
    """A book of an 事业单位."""
    return given(opened(unit_kind="institution"), with_project("P02"), *events)


CLOSED = closing(left_over(LINE, 1, "lapse"))


def opened_from(previous):
    """A book that is to continue one that was opened and not closed."""
    last = initial(previous)
    event = opened(on=date(int(previous[-4:]), 1, 1))
    entry = Entry(
        book=previous,
        number=1,
        recorded_at=datetime(2020, 1, 2, tzinfo=UTC),
        actor=MAKER,
        event=event,
    )
    evolve(last, entry)
    book = nothing().book
    day = date(int(BOOK[-4:]), 1, 1)
    closed = ClosedBook(last, EMPTY)
    return Asked(book, lambda: open_from(book.state, closed=closed, occurred_on=day))


def nearly_full():
    """As many fen as a book can hold."""
    scenario = given(appropriated(1))
    scenario.book.state.turnover_fen = TOTAL_MAX_FEN
    return scenario.when(supplement, amount_fen=1)


CASES: dict[Refusal, Callable[[], Asked]] = {
    Refusal.KEY_CONFLICT: lambda: recording(
        OPENED,
        request("project", code="P02", key="K1"),
        wanted=request("project", code="P03", key="K1"),
    ),
    Refusal.BOOK_NOT_OPENED: lambda: nothing().when(pay, amount_fen=1),
    Refusal.BOOK_ALREADY_OPENED: lambda: given().when(open_book),
    Refusal.SPENDING_DIFFERS: lambda: given(appropriated(1)).asked(
        "pay", line=line("project=-"), amount_fen=1
    ),
    Refusal.LINE_MISSING: lambda: given(appropriated(1)).asked(
        "pay", line=line("func=2080106"), amount_fen=1
    ),
    Refusal.LINE_AMBIGUOUS: lambda: given(appropriated(1), appropriated(1, OTHER)).asked(
        "release", line=LinePattern(project="P02"), amount_fen=1
    ),
    Refusal.ENTRY_MISSING: lambda: recording(OPENED, wanted=request("reverse", ref="#2")),
    Refusal.DATE_OUTSIDE_YEAR: lambda: given(appropriated(1)).when(
        pay, amount_fen=1, occurred_on=date(2021, 1, 1)
    ),
    Refusal.YEAR_CLOSED: lambda: given(appropriated(1), CLOSED, signed(CLOSED)).when(
        pay, amount_fen=1
    ),
    Refusal.MONTH_LOCKED: lambda: given(appropriated(1), locked(6)).when(pay, amount_fen=1),
    Refusal.MONTH_ALREADY_LOCKED: lambda: given(locked(6)).when(lock_month, month=6),
    Refusal.YEAR_OPEN: lambda: given().when(reopen_year),
    Refusal.REOPEN_REASON: lambda: given(appropriated(1), CLOSED, signed(CLOSED)).when(
        reopen_year, reason=""
    ),
    Refusal.CLOSING_DATE: lambda: given().when(close_year, occurred_on=DAY),
    Refusal.YEAR_BLOCKED: lambda: given(appropriated(5_00)).when(close_year),
    Refusal.PREVIOUS_OPEN: lambda: opened_from("jianghan/2019"),
    Refusal.PREVIOUS_OTHER: lambda: opened_from("jianghan/2018"),
    Refusal.BOOK_HAS_MONEY: lambda: given(appropriated(1)).when(amend_book, name="新名"),
    Refusal.ENTRY_KIND: lambda: given(LOCK).when(reverse, original=LOCK),
    Refusal.ENTRY_DIFFERS: lambda: given(appropriated(50_00), PAYMENT).when(
        reverse, original=PAYMENT, amount_fen=20_01
    ),
    Refusal.DATE_BEFORE_ORIGINAL: lambda: given(appropriated(50_00), PAYMENT).when(
        reverse, original=PAYMENT, occurred_on=date(2020, 6, 29)
    ),
    Refusal.ENTRY_REVERSED: lambda: given(appropriated(50_00), PAYMENT, reversed_(PAYMENT)).when(
        reverse, original=PAYMENT
    ),
    Refusal.ENTRY_REFUNDED: lambda: given(
        appropriated(50_00), PAYMENT, refunded(PAYMENT, 3_00)
    ).when(reverse, original=PAYMENT),
    Refusal.RESERVE_USED: lambda: given(
        appropriated(50_00), RESERVED, paid_from(RESERVED, 3_00)
    ).when(reverse, original=RESERVED),
    Refusal.REQUEST_SETTLED: lambda: asked(reject, approved(ASKED)),
    Refusal.SAME_ACTOR: lambda: asked(approve, actor=MAKER),
    Refusal.REJECTION_REASON: lambda: asked(reject, reason=""),
    Refusal.RECONCILED_PAID: lambda: given(appropriated(50_00), PAYMENT).when(
        reconcile, paid_fen=19_99, statement_fen=19_99
    ),
    Refusal.RECONCILIATION_REASON: lambda: given(appropriated(50_00), PAYMENT).when(
        reconcile, paid_fen=20_00, statement_fen=19_99, differences=1
    ),
    Refusal.DOC_REQUIRED: lambda: given().when(supplement, amount_fen=1, doc=""),
    Refusal.PAYEE_REQUIRED: lambda: given(appropriated(1)).when(pay, amount_fen=1, payee=""),
    Refusal.ECON_REQUIRED: lambda: given(appropriated(1)).when(pay, amount_fen=1, econ="302"),
    Refusal.PROJECT_UNKNOWN: lambda: given().when(
        appropriate, line=line("project=P9"), amount_fen=1
    ),
    Refusal.CAPITAL_ON_BASIC: lambda: given().when(
        appropriate, line=line("project=- econ=30901"), amount_fen=1
    ),
    Refusal.SPENDING_FUND: lambda: institution().when(
        appropriate, line=line("spending=business project=-"), amount_fen=1
    ),
    Refusal.UNIT_KIND: lambda: given().when(
        appropriate, line=line("fund=nonfiscal spending=business project=-"), amount_fen=1
    ),
    Refusal.ORIGIN_NOT_CURRENT: lambda: given().when(appropriate, line=CARRIED, amount_fen=1),
    Refusal.ORIGIN_NOT_EARLIER: lambda: given().when(carry_in, line=LINE, amount_fen=1),
    Refusal.ADJUSTMENT_DIRECTION: lambda: given(carried_in(1)).when(
        adjust_opening, amount_fen=1, decrease=True
    ),
    Refusal.TRANSFER_COUNTERPART: lambda: given(carried_in(1)).when(
        transfer, amount_fen=1, counterpart=BOOK
    ),
    Refusal.CUT_CARRYOVER: lambda: given(carried_in(1)).when(cut, line=CARRIED, amount_fen=1),
    Refusal.ORIGINS_DIFFER: lambda: given(carried_in(1_00)).when(
        reallocate, **moved(CARRIED, LINE)
    ),
    Refusal.CARRYOVER_PURPOSE: lambda: given(carried_in(1_00)).when(
        reallocate, **moved(CARRIED, line("func=2080106 origin=2019"))
    ),
    Refusal.LINE_REPEATED: lambda: given(appropriated(1_00)).when(reallocate, **moved(LINE, LINE)),
    Refusal.FUNDS_DIFFER: lambda: given(appropriated(1_00)).when(reallocate, **moved(LINE, CASH)),
    Refusal.UNBALANCED: lambda: given(appropriated(1_00)).when(
        reallocate, **moved(LINE, OTHER, more_fen=50)
    ),
    Refusal.AUTHORITY_TOO_LOW: lambda: asked(approve, authority="department"),
    Refusal.ALREADY_APPROPRIATED: lambda: given(appropriated(12_345_67)).when(
        appropriate, amount_fen=1
    ),
    Refusal.INCOME_CLASS: lambda: given().when(income, line=LINE, source="fiscal", amount_fen=1),
    Refusal.DISTRIBUTION_DATE: lambda: institution(received(1, OWN)).when(
        distribute, amount_fen=1, occurred_on=DAY
    ),
    Refusal.DISTRIBUTION_RESTRICTED: lambda: institution(received(1)).when(
        distribute, line=CASH, amount_fen=1
    ),
    Refusal.OVER_DISTRIBUTABLE: lambda: institution(received(3_00, OWN), received(9_00)).when(
        distribute, amount_fen=5_00
    ),
    Refusal.RESERVE_LINE: lambda: given(
        appropriated(50_00), appropriated(50_00, OTHER), RESERVED
    ).when(pay, original=RESERVED, line=OTHER, econ="30201", amount_fen=1),
    Refusal.REFUND_EXCEEDS: lambda: given(
        appropriated(50_00), PAYMENT, refunded(PAYMENT, 3_00)
    ).when(refund, original=PAYMENT, amount_fen=18_00),
    Refusal.RESERVE_EXCEEDED: lambda: given(
        appropriated(50_00), RESERVED, paid_from(RESERVED, 3_00)
    ).when(pay, original=RESERVED, amount_fen=18_00),
    Refusal.THREE_PUBLIC_CAP: lambda: given(
        appropriated(50_00), appropriated(5_00, RECEPTION), supplemented(9_00)
    ).when(pay, line=RECEPTION, econ="30217", amount_fen=6_00),
    Refusal.CAP_BELOW_SPENT: cap_undone,
    Refusal.OVER_PENDING: lambda: given(appropriated(5_00, pending=True)).when(
        release, amount_fen=7_00
    ),
    Refusal.OVER_AVAILABLE: lambda: given(appropriated(5_00)).when(pay, amount_fen=7_00),
    Refusal.OVER_HELD: lambda: twice_reversed(RESERVED),
    Refusal.OVER_PAID: lambda: twice_reversed(PAYMENT),
    Refusal.OVER_PLAN: lambda: given(appropriated(50_00), PLAN, paid(5_00)).when(
        pay, amount_fen=6_00
    ),
    Refusal.PLAN_EXCEEDS: lambda: given(appropriated(50_00), PLAN).when(
        fund_plan, amount_fen=43_00
    ),
    Refusal.PLAN_BELOW_PAID: lambda: given(
        appropriated(50_00), planned(1_00), PLAN, paid(5_00)
    ).when(reverse, original=PLAN),
    Refusal.OVER_POOL: lambda: institution(surplus_in(3_00)).when(use_surplus, amount_fen=5_00),
    Refusal.OVER_CASH: lambda: given(appropriated(5_00, CASH)).when(
        pay, line=CASH, amount_fen=3_00
    ),
    Refusal.TOTAL_TOO_LARGE: nearly_full,
}
"""One book and one request for each member, in the order of the enum."""

NO_WAY_OUT = {
    Refusal.ORIGINS_DIFFER,  # R7: by no authority
    Refusal.CARRYOVER_PURPOSE,  # R7: by no authority
    Refusal.LINE_REPEATED,  # what is meant can only be guessed
    Refusal.UNBALANCED,  # which of the two sums is wrong can only be guessed
    Refusal.TOTAL_TOO_LARGE,  # a book ends here
}


def provoked(refusal: Refusal) -> Refused:
    return CASES[refusal]().refused(refusal)


def test_every_refusal_is_provoked_and_none_is_forgotten():
    """A member without a case fails here, and so does a case out of order."""
    assert list(CASES) == ORDER


@pytest.mark.parametrize("refusal", CASES, ids=lambda r: r.code)
def test_a_refusal_has_its_code_and_its_rule(refusal):
    refused = provoked(refusal)
    assert (refusal.code, refusal.rule) == (refused.code, refused.facts["rule"])
    assert str(refused).endswith(f"（{refusal.rule}）")


@pytest.mark.parametrize("refusal", CASES, ids=lambda r: r.code)
def test_a_refusal_shows_every_figure_that_it_carries(refusal):
    """Fen in the facts, yuan in the sentence; what the sentence names is in the facts."""
    refused = provoked(refusal)
    said = str(refused)
    for name, value in refused.facts.items():
        if name.endswith("_fen"):
            assert isinstance(value, int)
            assert f"{yuan(value)} 元" in said
    for _, placeholder, _, _ in Formatter().parse(refusal.value.sentence):
        if placeholder is not None:
            name = placeholder
            fact = refused.facts[name if name in refused.facts else f"{name}_fen"]
            assert (str(fact) if name in refused.facts else yuan(fact)) in said


@pytest.mark.parametrize("refusal", CASES, ids=lambda r: r.code)
def test_a_refusal_says_a_way_out_where_there_is_one(refusal):
    """Whole commands begin with `yusuan`; what is only missing is an option."""
    ways_out = provoked(refusal).ways_out
    assert (refusal in NO_WAY_OUT) == (ways_out == [])
    assert all(way.startswith(("yusuan ", "--")) for way in ways_out)


def test_codes_are_unique_and_read_as_codes():
    codes = [refusal.code for refusal in Refusal]
    assert len(codes) == len(set(codes))
    assert all(code == code.upper() and "." in code for code in codes)


def first(*violated: Refusal) -> Refusal:
    """The one of several reasons that is to be given."""
    return min(violated, key=ORDER.index)


def choose(*groups):
    """Every choice of at most one violation per group: (the reasons, what is changed)."""
    for chosen in product(*[[((), {}), *group] for group in groups]):
        reasons = tuple(reason for named, _ in chosen for reason in named)
        if reasons:
            yield reasons, {name: value for _, change in chosen for name, value in change.items()}


def why(answer) -> Refusal:
    with pytest.raises(Refused) as refused:
        answer()
    return refused.value.refusal


BASIC = line("project=- econ=-")
PAYABLE = [
    appropriated(500_00, BASIC),
    appropriated(500_00, line("fund=nonfiscal project=- econ=-")),
    appropriated(500_00, line("project=- econ=- func=2080201")),
    appropriated(500_00, line("project=- econ=- func=2080202")),
    locked(1),
]


def test_a_payment_that_breaks_several_rules_is_refused_for_the_first():
    """Every combination of ten ways to go wrong, against the order of the enum: reordering a
    check, or the enum, breaks this."""
    R = Refusal
    tried = set()
    for reasons, changes in choose(
        [((R.KEY_CONFLICT,), {"key": "used"})],
        [
            ((R.SPENDING_DIFFERS,), {"line": LINE}),
            ((R.LINE_MISSING,), {"line": line("project=- func=2080999")}),
            ((R.LINE_AMBIGUOUS,), {"line": LinePattern(func="20802")}),
        ],
        [
            ((R.DATE_OUTSIDE_YEAR,), {"occurred_on": date(2019, 12, 31)}),
            ((R.MONTH_LOCKED,), {"occurred_on": date(2020, 1, 31)}),
        ],
        [((R.PAYEE_REQUIRED,), {"payee": ""})],
        [
            ((R.ECON_REQUIRED,), {"econ": "302"}),
            ((R.ECON_REQUIRED, R.CAPITAL_ON_BASIC), {"econ": "309"}),
            ((R.CAPITAL_ON_BASIC,), {"econ": "30901"}),
            ((R.CAPITAL_ON_BASIC, R.THREE_PUBLIC_CAP), {"econ": "30913"}),
            ((R.THREE_PUBLIC_CAP,), {"econ": "30217"}),
            ((R.OVER_CASH,), {"line": line("fund=nonfiscal project=- econ=-")}),
        ],
        [((R.OVER_AVAILABLE,), {"amount_fen": 500_01})],
    ):
        if "line" in changes and R.OVER_CASH in reasons and len(reasons) > 1:
            continue  # that line is found, or is not the one that is asked for
        asked = {"line": BASIC, "econ": "30299", "amount_fen": 1, **changes}
        key = asked.pop("key", None)
        writing = rehearsal(
            OPENED,
            NAMED,
            *(
                Request(kind, {n: getattr(event, n) for n in event.__struct_fields__})
                for kind, event in zip(["appropriate"] * 4 + ["lock-month"], PAYABLE, strict=True)
            ),
            request("project", code="P03", key="used"),
        )
        wanted = request("pay", key=key, **asked)
        assert first(*reasons) == why(lambda w=writing, r=wanted: w.record(r)), reasons
        tried.add(first(*reasons))
    assert {
        R.KEY_CONFLICT,
        R.SPENDING_DIFFERS,
        R.LINE_MISSING,
        R.LINE_AMBIGUOUS,
        R.DATE_OUTSIDE_YEAR,
        R.MONTH_LOCKED,
        R.PAYEE_REQUIRED,
        R.ECON_REQUIRED,
        R.CAPITAL_ON_BASIC,
        R.THREE_PUBLIC_CAP,
        R.OVER_AVAILABLE,
        R.OVER_CASH,
    } == tried


DATES = [
    ((Refusal.DATE_OUTSIDE_YEAR,), {"occurred_on": date(2021, 1, 1)}),
    ((Refusal.MONTH_LOCKED,), {"occurred_on": date(2020, 1, 31)}),
]


def test_a_supplement_that_breaks_several_rules_is_refused_for_the_first():
    R = Refusal
    scenario = given(LOCK)
    for reasons, changes in choose(
        DATES,
        [((R.DOC_REQUIRED,), {"doc": ""})],
        [
            ((R.PROJECT_UNKNOWN,), {"line": line("project=P9")}),
            ((R.CAPITAL_ON_BASIC,), {"line": line("project=- econ=30901")}),
            ((R.ORIGIN_NOT_CURRENT,), {"line": CARRIED}),
            (
                (R.PROJECT_UNKNOWN, R.ORIGIN_NOT_CURRENT),
                {"line": line("project=P9 origin=2019")},
            ),
            (
                (R.CAPITAL_ON_BASIC, R.ORIGIN_NOT_CURRENT),
                {"line": line("project=- econ=309 origin=2019")},
            ),
        ],
    ):
        asked = scenario.when(supplement, **{"amount_fen": 1, **changes})
        assert first(*reasons) == why(asked.answer), reasons


def test_what_changes_the_opening_is_refused_for_the_first_reason():
    R = Refusal
    scenario = given(LOCK, carried_in(500_00), appropriated(500_00))
    for decision, more in (
        (adjust_opening, [((R.ADJUSTMENT_DIRECTION,), {"decrease": True})]),
        (transfer, [((R.TRANSFER_COUNTERPART,), {"counterpart": "hanyang/2021"})]),
        (recover, []),
    ):
        lines = [
            ((R.PROJECT_UNKNOWN,), {"line": line("project=P9 origin=2019")}),
            ((R.CAPITAL_ON_BASIC,), {"line": line("project=- econ=309 origin=2019")}),
            ((R.ORIGIN_NOT_EARLIER,), {"line": LINE}),
        ]
        for reasons, changes in choose(
            DATES,
            [((R.DOC_REQUIRED,), {"doc": ""})],
            [] if decision is recover else lines,
            more,
            [((R.OVER_AVAILABLE,), {"amount_fen": 500_01})],
        ):
            asked = scenario.when(decision, **{"amount_fen": 1, **changes})
            assert first(*reasons) == why(asked.answer), (decision, reasons)


def test_a_reallocation_that_breaks_several_rules_is_refused_for_the_first():
    R = Refusal
    scenario = given(LOCK, appropriated(500_00), carried_in(500_00), appropriated(500_00, CASH))
    for reasons, changes in choose(
        DATES,
        [((R.DOC_REQUIRED,), {"doc": ""})],
        [
            ((R.PROJECT_UNKNOWN,), {"to": line("project=P9")}),
            ((R.CAPITAL_ON_BASIC,), {"to": line("project=- econ=30901")}),
            ((R.ORIGINS_DIFFER,), {"to": CARRIED}),
            ((R.ORIGINS_DIFFER, R.FUNDS_DIFFER), {"to": line("fund=govfund origin=2019")}),
            ((R.CARRYOVER_PURPOSE,), {"of": CARRIED, "to": line("func=2080106 origin=2019")}),
            ((R.LINE_REPEATED,), {"to": LINE}),
            ((R.FUNDS_DIFFER,), {"to": CASH}),
        ],
        [((R.UNBALANCED,), {"more_fen": 1})],
        [((R.OVER_AVAILABLE,), {"fen": 500_01})],
    ):
        wanted = {"of": LINE, "to": OTHER, "fen": 1, "more_fen": 0, **changes}
        parts = [wanted.pop(name) for name in ("of", "to", "fen", "more_fen")]
        for authority in ("finance", None):  # who has none yet is told the same, and does not wait
            asked = scenario.when(reallocate, **moved(*parts, **wanted), authority=authority)
            assert first(*reasons) == why(asked.answer), reasons


def test_an_approval_that_breaks_several_rules_is_refused_for_the_first():
    """The order of the enum; and a rejection, which asks fewer of them."""
    R = Refusal
    wanting = requested(LINE, line("func=2080106"), 500_00)
    settled = requested(LINE, line("func=2080106"), 1)
    scenario = given(LOCK, appropriated(500_00), wanting, settled, approved(settled))
    tried = set()
    for reasons, changes in choose(
        [*DATES, ((R.DATE_BEFORE_ORIGINAL,), {"occurred_on": date(2020, 6, 1)})],
        [
            ((R.ENTRY_KIND,), {"original": LOCK}),
            ((R.REQUEST_SETTLED,), {"original": settled}),
        ],
        [((R.SAME_ACTOR,), {"actor": MAKER})],
        [((R.AUTHORITY_TOO_LOW,), {"authority": "department"})],
        [((R.OVER_AVAILABLE,), {})],  # 499.99 are left of 500.00
    ):
        if R.OVER_AVAILABLE in reasons:
            asked = scenario.when(approve, **{"original": wanting, **changes})
            assert first(*reasons) == why(asked.answer), reasons
            tried.add(first(*reasons))
    assert len(tried) == 8
    for reasons, changes in choose(
        [DATES[0], ((R.DATE_BEFORE_ORIGINAL,), {"occurred_on": date(2020, 1, 31)})],
        [
            ((R.ENTRY_KIND,), {"original": LOCK}),
            ((R.REQUEST_SETTLED,), {"original": settled}),
        ],
        [((R.REJECTION_REASON,), {"reason": ""})],
    ):
        asked = scenario.when(reject, **{"original": wanting, **changes})
        assert first(*reasons) == why(asked.answer), reasons


def test_a_reconciliation_that_breaks_several_rules_is_refused_for_the_first():
    R = Refusal
    scenario = given(LOCK, appropriated(50_00), PAYMENT)
    for reasons, changes in choose(
        [DATES[0]],  # it moves no money, and a lock does not stop it
        [((R.RECONCILED_PAID,), {"paid_fen": 19_99})],
        [((R.RECONCILIATION_REASON,), {"reason": ""})],
    ):
        right = {"paid_fen": 20_00, "statement_fen": 20_01, "differences": 1, "reason": "在途"}
        asked = scenario.when(reconcile, **{**right, **changes})
        assert first(*reasons) == why(asked.answer), reasons


def test_what_is_about_an_entry_is_refused_for_the_first_reason():
    R = Refusal
    free = appropriated(500_00, FREE)
    budget = appropriated(100_00, RECEPTION)
    payment = paid(100_00, FREE, "30217")
    back = refunded(payment, 40_00)
    standing = given(LOCK, free, budget, payment, back)
    undone = given(LOCK, free, budget, payment, reversed_(payment))
    for decision in (reverse, refund, correct):
        said: dict[Any, Any] = {
            reverse: {},
            refund: {"amount_fen": 1},
            correct: {"changes": {"amount_fen": 1}},
        }
        for scenario, reason in (
            (undone, R.ENTRY_REVERSED),
            (standing, R.REFUND_EXCEEDS if decision is refund else R.ENTRY_REFUNDED),
        ):
            groups = [
                DATES,
                [((R.ENTRY_KIND,), {"original": LOCK})],
                [((R.DATE_BEFORE_ORIGINAL,), {"occurred_on": date(2020, 6, 1)})],
                [((reason,), {"amount_fen": 60_01} if decision is refund else {})],
            ]
            if decision is not correct:
                groups.insert(2, [((R.ENTRY_DIFFERS,), {"line": LinePattern(econ="30201")})])
            for reasons, changes in choose(*groups):
                dates = {R.DATE_BEFORE_ORIGINAL, R.DATE_OUTSIDE_YEAR, R.MONTH_LOCKED}
                if len(dates & {*reasons}) > 1:
                    continue  # a request has one date
                if reason is R.REFUND_EXCEEDS or reason in reasons:
                    asked = scenario.when(
                        decision, **{"original": payment, **said[decision], **changes}
                    )
                    assert first(*reasons) == why(asked.answer), (decision, reasons)
