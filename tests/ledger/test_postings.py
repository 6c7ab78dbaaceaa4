"""What an event means: moves that sum to zero on every line, by the kind of fact."""

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from msgspec.structs import replace

from ledger.effects import NOTHING, effects
from ledger.errors import Corrupt
from ledger.events import (
    ApprovalRequested,
    CommitmentReleased,
    DisbursementRefunded,
    EntryCorrected,
    EntryReversed,
    MoneyEvent,
    RequestApproved,
    RequestRejected,
    YearReopened,
    decode,
    kind_of,
)
from ledger.events.particulars import AnyParticular
from ledger.line import BudgetLine
from ledger.postings import (
    Account,
    Inflow,
    Meaning,
    Move,
    adjustment_of,
    amount_of,
    earlier,
    effective,
    inflows,
    lines_of,
    meaning,
    moves,
    postings,
    settlements,
    undoes,
    undone_fen,
)
from tests.harness.scenario import (
    CARRIED,
    CASH,
    DAY,
    LINE,
    OWN,
    adjusted,
    amended,
    appropriated,
    capped,
    carried_in,
    closing,
    cut_by,
    distributed,
    finally_approved,
    held,
    left_over,
    line,
    listed,
    locked,
    opened,
    paid,
    planned,
    published,
    reallocated,
    received,
    reclassified,
    reconciled,
    recovered,
    released,
    requested,
    reused,
    supplemented,
    surplus_adjusted,
    surplus_in,
    transferred,
    used,
    vouched,
    with_project,
    withdrawn,
)
from tests.harness.strategies import EVENT_KINDS, closings, events, money_events, proposals

A = Account
FACTS = [
    decode(Path(__file__).parents[1].joinpath(f"golden/events/{word}.json").read_bytes()).event
    for word in (str(kind.__struct_config__.tag) for kind in get_args(AnyParticular))
]
"""Of every kind that moves no money one."""


@given(events)
def test_the_moves_of_every_event_sum_to_zero_on_every_line(event):
    """AUTH is a credit, so approving 100.00 is AUTH −100.00, EXEC +100.00."""
    sums: Counter[BudgetLine] = Counter()
    for posting in postings(event):
        sums[posting.line] += posting.fen
        assert posting.fen != 0
    assert not any(sums.values())
    assert set(sums) <= set(lines_of(event))
    assert all(move.source is not move.target for move in moves(event))


@given(events)
def test_an_event_has_one_meaning(event):
    """However it is asked."""
    assert meaning(event) == Meaning(
        moves(event),
        inflows(event),
        lines_of(event),
        amount_of(event),
        earlier(event),
        adjustment_of(event),
        undone_fen(event),
        undoes(event),
    )


@given(money_events)
def test_a_reversal_is_the_negative_copy_with_the_causes_of_what_it_undoes(event):
    """So that sums by cause (年初预算, 支付 …) stay right after a reversal."""
    undone = EntryReversed(original=1, reversed=event, occurred_on=event.occurred_on)
    assert moves(undone) == tuple(replace(m, fen=-m.fen) for m in moves(event))
    assert inflows(undone) == tuple(replace(r, fen=-r.fen) for r in inflows(event))
    assert amount_of(undone) == -(amount_of(event) or 0)
    assert lines_of(undone) == lines_of(event)
    assert "reverse" not in {move.cause for move in moves(undone)}


@given(proposals)
def test_an_approval_means_what_it_approves_and_a_request_nothing_yet(event):
    """With the causes of the approved event, so that an approved appropriation is 年初预算."""
    day = event.occurred_on
    made = RequestApproved(original=1, approved=event, occurred_on=day)
    for means in (moves, inflows, amount_of, lines_of, effective, effects):
        assert means(made) == means(event)
    asked = ApprovalRequested(proposed=event, needed="finance", occurred_on=day)
    assert (effects(asked), settlements(2, asked)) == (NOTHING, ())
    assert (amount_of(asked), lines_of(asked)) == (amount_of(event), lines_of(event))
    assert effective(asked) is None
    if isinstance(event, MoneyEvent):
        undone = EntryReversed(original=1, reversed=event, occurred_on=day)
        assert effective(undone) is None


@given(closings)
def test_a_reopening_is_the_negative_copy_of_the_closing(event):
    undone = YearReopened(
        original=1, reopened=event, authority="department", occurred_on=event.occurred_on
    )
    assert moves(undone) == tuple(replace(m, fen=-m.fen) for m in moves(event))
    assert amount_of(undone) == -(amount_of(event) or 0)
    assert effects(undone).cash_fen == -effects(event).cash_fen
    assert settlements(9, undone) == ((1, 0, 9),)


REFUND = DisbursementRefunded(
    original=4, line=LINE, econ="30299", amount_fen=5, payee="某店", occurred_on=DAY
)
FREED = CommitmentReleased(original=4, line=LINE, amount_fen=5, occurred_on=DAY)
TABLE = [
    (carried_in(5), [(A.AUTH, -5), (A.EXEC, 5)]),
    (carried_in(5, pending=True), [(A.AUTH, -5), (A.PENDING, 5)]),
    (adjusted(5, "error-correction"), [(A.AUTH, -5), (A.EXEC, 5)]),
    (adjusted(5, "prior-year-recovery"), [(A.AUTH, -5), (A.EXEC, 5)]),
    (adjusted(5, "consolidation-in"), [(A.AUTH, -5), (A.EXEC, 5)]),
    (adjusted(5, "error-correction", decrease=True), [(A.EXEC, -5), (A.AUTH, 5)]),
    (adjusted(5, "consolidation-out"), [(A.EXEC, -5), (A.AUTH, 5)]),
    (adjusted(5, "remitted"), [(A.EXEC, -5), (A.TAKEN, 5)]),
    (recovered(5, LINE), [(A.EXEC, -5), (A.AUTH, 5)]),
    (recovered(5, CARRIED), [(A.EXEC, -5), (A.TAKEN, 5)]),
    (transferred(5), [(A.EXEC, -5), (A.AUTH, 5)]),
    (transferred(5, incoming=True), [(A.AUTH, -5), (A.EXEC, 5)]),
    (appropriated(5), [(A.AUTH, -5), (A.EXEC, 5)]),
    (appropriated(5, pending=True), [(A.AUTH, -5), (A.PENDING, 5)]),
    (supplemented(5), [(A.AUTH, -5), (A.EXEC, 5)]),
    (supplemented(5, pending=True), [(A.AUTH, -5), (A.PENDING, 5)]),
    (cut_by(5), [(A.EXEC, -5), (A.AUTH, 5)]),
    (cut_by(5, from_pending_fen=5), [(A.PENDING, -5), (A.AUTH, 5)]),
    (
        cut_by(5, from_pending_fen=3),
        [(A.PENDING, -3), (A.AUTH, 3), (A.EXEC, -2), (A.AUTH, 2)],
    ),
    (released(5), [(A.PENDING, -5), (A.EXEC, 5)]),
    (withdrawn(5), [(A.EXEC, -5), (A.PENDING, 5)]),
    (reclassified(5), [(A.EXEC, -5), (A.PENDING, 5)]),
    (capped(5), []),
    (reused(5), [(A.PENDING, -5), (A.AUTH, 5), (A.AUTH, -5), (A.EXEC, 5)]),
    (held(5), [(A.EXEC, -5), (A.HELD, 5)]),
    (FREED, [(A.HELD, -5), (A.EXEC, 5)]),
    (planned(5), []),
    (paid(5, reserve=4), [(A.HELD, -5), (A.PAID, 5)]),
    (paid(5), [(A.EXEC, -5), (A.PAID, 5)]),
    (REFUND, [(A.PAID, -5), (A.EXEC, 5)]),
    (received(5), []),
    (surplus_in(5), []),
    (surplus_adjusted(5), []),
    (used(5), []),
    (distributed(5), []),
    (
        closing(left_over(LINE, 5), left_over(CARRIED, 0, "surplus", 3)).proposed,
        [(A.EXEC, -5), (A.OUT, 5), (A.PENDING, -3), (A.OUT, 3)],
    ),
]


@pytest.mark.parametrize(("event", "posted"), TABLE, ids=lambda v: getattr(v, "kind", None) or "")
def test_each_kind_moves_what_the_domain_says(event, posted):
    """Domain §2.3 and §2.4, line by line; the cause is the kind of the event."""
    found = postings(event)
    assert posted == [(posting.account, posting.fen) for posting in found]
    assert {kind_of(event)} >= {posting.cause for posting in found}


SAMPLES: dict[type, Any] = {type(event): event for event, _ in TABLE} | {
    type(event): event
    for event in (
        opened(),
        amended(),
        with_project("P02"),
        listed(("208", "类")),
        locked(1),
        finally_approved(9),
        published(),
        reconciled(0, 0),
        reallocated(LINE, LINE.at_econ("302"), 5),
        EntryReversed(original=1, reversed=paid(5), occurred_on=DAY),
        requested(LINE, LINE.at_econ("302"), 5),
        EntryCorrected(original=1, reversed=paid(5), right=paid(6), occurred_on=DAY),
        RequestApproved(original=1, approved=paid(5), occurred_on=DAY),
        RequestRejected(original=1, occurred_on=DAY),
        vouched((LINE, "30299", 5)),
        *FACTS,
    )
}


def test_a_voucher_moves_what_each_of_its_payments_moves():
    """With the cause of payments, so that nothing that adds up payments need know of vouchers."""
    parts = ((LINE, "30299", 5), (LINE.at_econ("302"), "30201", 3), (LINE, "30299", 2))
    voucher = vouched(*parts)
    apart = [move for at, econ, fen in parts for move in moves(paid(fen, at, econ))]
    assert tuple(apart) == moves(voucher)
    assert (amount_of(voucher), lines_of(voucher)) == (10, (LINE, LINE.at_econ("302")))
    assert (inflows(voucher), settlements(9, voucher), earlier(voucher)) == ((), (), None)


def test_a_reallocation_lowers_the_approval_here_and_raises_it_there():
    target = line("econ=30201")
    assert moves(reallocated(LINE, target, 5)) == (
        Move(LINE, A.EXEC, A.AUTH, 5, "reallocate"),
        Move(target, A.AUTH, A.EXEC, 5, "reallocate"),
    )


def test_a_payment_carries_its_own_econ_and_nothing_else_does():
    """执行 by 款 is a sum over payments, whatever line they drew on."""
    assert {"30217"} == {move.econ for move in moves(paid(5, LINE.at_econ("-"), "30217"))}
    assert {"-"} == {move.econ for move in moves(appropriated(5))}


def test_income_is_received_and_not_moved():
    (inflow,) = inflows(received(5))
    assert Inflow(CASH.at_econ("-"), "service", 5) == inflow
    assert inflows(paid(5)) == ()


def test_a_surplus_is_used_and_distributed_beside_the_accounts():
    """Used money comes in for a purpose out of a pool; distributed money goes the other way, but
    for the tax, which goes into none. A reversal is the negative of it."""
    purpose = OWN.at_econ("-")
    for event, inflow, pooled in (
        (surplus_in(5, "special"), Inflow(None, "pool", 5, "special"), ("special", 5)),
        (surplus_adjusted(5), Inflow(None, "adjusted", 5, "unrestricted"), ("unrestricted", 5)),
        (
            surplus_adjusted(5, pool="special", decrease=True),
            Inflow(None, "adjusted", -5, "special"),
            ("special", -5),
        ),
        (used(5), Inflow(purpose, "used", 5, "unrestricted"), ("unrestricted", -5)),
        (distributed(5, "special"), Inflow(purpose, "distributed", -5, "special"), ("special", 5)),
        (distributed(5, "tax"), Inflow(purpose, "distributed", -5, "tax"), None),
    ):
        (found,) = inflows(event)
        assert (inflow, pooled) == (found, found.pooled)
        (undone,) = inflows(EntryReversed(original=1, reversed=event, occurred_on=DAY))
        assert undone == replace(inflow, fen=-inflow.fen)
    (income,) = inflows(received(5))
    assert income.pooled is None


def test_what_counts_as_an_adjustment_of_the_opening():
    """Recovered carry-over is handed back; a transfer is 归集 in both books; a reversal says what
    it undoes. This year's money has no opening."""
    for event, kind in (
        (adjusted(5, "error-correction", decrease=True), "error-correction"),
        (recovered(5, CARRIED), "remitted"),
        (recovered(5, LINE), None),
        (transferred(5), "consolidation-out"),
        (transferred(5, incoming=True), "consolidation-in"),
        (carried_in(5), None),
        (EntryReversed(original=1, reversed=adjusted(5), occurred_on=DAY), "remitted"),
    ):
        assert kind == adjustment_of(event)


@pytest.mark.parametrize("kind", EVENT_KINDS, ids=lambda kind: kind.__name__)
def test_no_kind_of_event_is_without_a_meaning(kind):
    """Each class that can be stored is answered by every function of meaning."""
    event = SAMPLES[kind]
    moves(event), inflows(event), settlements(9, event), lines_of(event)
    silent = (
        *("open-book", "amend-book", "project", "codes", "reconcile", "lock-month", "reject"),
        *("asset", "headcount", "reason", "text", "key-work", "goal", "target", "result"),
        *("score-override", "final-approval", "publish"),
    )
    assert (amount_of(event) is None) == (kind_of(event) in silent)


def test_an_unknown_event_is_corrupt_and_not_ignored():
    with pytest.raises(Corrupt, match="没有记账含义"):
        moves(object())  # type: ignore[arg-type]


def test_what_a_refund_and_a_reversal_do_to_earlier_entries():
    """A reversed refund gives back to the payment what the refund took from it."""
    assert settlements(5, REFUND) == ((4, 5, None),)
    undone = EntryReversed(original=5, reversed=REFUND, occurred_on=DAY)
    assert settlements(6, undone) == ((5, 0, 6), (4, -5, None))
    gone = EntryReversed(original=4, reversed=paid(5), occurred_on=DAY)
    assert settlements(7, gone) == ((4, 0, 7),)
    assert settlements(3, paid(5)) == ()


def test_what_a_release_and_a_payment_do_to_their_reservation():
    """Both use it up, and give it back when they are undone; a refund does not."""
    payment = paid(5, reserve=4)
    for number, use in ((6, FREED), (7, payment)):
        assert earlier(use) == 4
        assert settlements(number, use) == ((4, 5, None),)
        undone = EntryReversed(original=number, reversed=use, occurred_on=DAY)
        assert earlier(undone) == number
        assert settlements(9, undone) == ((number, 0, 9), (4, -5, None))
    back = DisbursementRefunded(
        original=7, line=LINE, econ="30299", amount_fen=5, payee="某店", occurred_on=DAY
    )
    assert settlements(8, back) == ((7, 5, None),)


def test_an_approval_and_a_rejection_settle_their_request():
    """And an approved refund does to its payment what a refund does."""
    move = reallocated(LINE, LINE.at_econ("302"), 5)
    granted = RequestApproved(original=8, approved=move, occurred_on=DAY)
    assert settlements(9, granted) == ((8, 0, 9),)
    assert settlements(9, RequestRejected(original=8, occurred_on=DAY)) == ((8, 0, 9),)
    back = RequestApproved(original=8, approved=REFUND, occurred_on=DAY)
    assert settlements(9, back) == ((8, 0, 9), (4, 5, None))


def test_a_reversal_that_is_asked_for_undoes_nothing_until_it_is_approved():
    """The approval is what reverses it then, and no money event that could be reversed again."""
    move = reallocated(LINE, LINE.at_econ("302"), 5)
    undone = EntryReversed(original=4, reversed=move, authority="finance", occurred_on=DAY)
    asked = ApprovalRequested(proposed=undone, needed="finance", occurred_on=DAY)
    assert (earlier(asked), settlements(8, asked), moves(asked)) == (4, (), ())
    granted = RequestApproved(original=8, approved=undone, occurred_on=DAY)
    assert (earlier(granted), settlements(9, granted)) == (8, ((8, 0, 9), (4, 0, 9)))
    assert moves(granted) == moves(undone)
    assert (amount_of(asked), amount_of(granted)) == (-5, -5)
    assert effective(asked) is effective(granted) is None
