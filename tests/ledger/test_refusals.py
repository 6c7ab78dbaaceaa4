"""The vocabulary of refusals, walked in order: every member is provoked, shows its figures, and
says a way out where there is one. Then the order itself: of several reasons the first is given.
"""

from datetime import date
from itertools import product
from string import Formatter
from typing import Any

import pytest

from ledger.decisions.approval import approve, reject
from ledger.decisions.budget import reallocate, supplement
from ledger.decisions.correction import correct, reverse
from ledger.decisions.disbursement import refund
from ledger.decisions.opening import adjust_opening, recover, transfer
from ledger.decisions.reconciliation import reconcile
from ledger.line import LinePattern
from ledger.money import yuan
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from tests.harness.plain import typed
from tests.harness.refusals import (
    CASES,
    FREE,
    LOCK,
    NAMED,
    NO_WAY_OUT,
    OPENED,
    OTHER,
    PAYMENT,
    moved,
    provoked,
    rehearsal,
    request,
)
from tests.harness.scenario import (
    CARRIED,
    CASH,
    LINE,
    MAKER,
    RECEPTION,
    appropriated,
    approved,
    carried_in,
    given,
    line,
    locked,
    paid,
    refunded,
    requested,
    reversed_,
)

ORDER = list(Refusal)


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
            shown = yuan(fact) if isinstance(fact, int) and name not in refused.facts else str(fact)
            assert ("；".join(map(str, fact)) if isinstance(fact, list) else shown) in said


@pytest.mark.parametrize("refusal", CASES, ids=lambda r: r.code)
def test_a_refusal_says_a_way_out_where_there_is_one(refusal):
    """Whole commands begin with `yusuan`; what is only missing is an option."""
    ways_out = typed(provoked(refusal).ways_out)
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
        [((R.COUNTERPART_OTHER,), {"counterpart": "jianghan"})],
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
        R.COUNTERPART_OTHER,
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
