"""Decisions: pure functions from the folded state and a request to new events, or a refusal.

One file per chapter. Every decision takes the state first and the rest by keyword, checks in the
order of `Refusal`, and returns events only if all of them may be recorded. None sees the disk or
the clock.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import msgspec

from ledger.decisions import (
    approval,
    budget,
    closing,
    commitment,
    correction,
    disbursement,
    income,
    indicator,
    opening,
    reconciliation,
    registry,
    surplus,
)
from ledger.decisions.authority import brought, required
from ledger.decisions.correction import Original
from ledger.decisions.preconditions import admit
from ledger.errors import Corrupt
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    Authority,
    BudgetReallocated,
    MoneyEvent,
    Proposal,
    RequestApproved,
    VoucherPaid,
    YearClosed,
    YearReopened,
    kind_of,
)
from ledger.kinds import KIND_NAMES
from ledger.postings import earlier, effective
from ledger.state import BookState, copy, suppose

TWO_SIGNATURES = (YearClosed, YearReopened)
Decision = Callable[..., tuple[AnyEvent, ...]]


def correct(
    state: BookState,
    *,
    original: Original,
    changes: dict[str, Any],
    occurred_on: Any,
    doc: str = "",
    reason: str = "",
) -> tuple[AnyEvent, ...]:
    """更正: reverses `original` and records it again with `changes`; both or neither.

    A reallocation, approved or not, and a voucher have no single line to put right, and what is
    about an earlier entry (a refund, a release, a payment from a reservation, a reversal) is
    decided on that: reverse it and record it anew.
    """
    admit(state, occurred_on)
    correction.one_book(state, original.entry)
    wrong = original.entry.event
    if effective(wrong) is None:
        raise correction.nothing_to_reverse(state, original)
    if (
        isinstance(wrong, BudgetReallocated | VoucherPaid)
        or not isinstance(wrong, MoneyEvent)
        or earlier(wrong) is not None
    ):
        way = f"yusuan reverse {original.entry.number}"
        raise correction.wrong_kind(original.entry, "不能直接更正；请先冲销，再重新记录", way)
    unknown = sorted(set(changes) - set(wrong.__struct_fields__))
    if unknown:
        why = f"没有“{unknown[0]}”这一项可更正"
        raise correction.wrong_kind(original.entry, why, f"yusuan show {original.entry.number}")
    (undone,) = correction.reverse(
        state, original=original, occurred_on=occurred_on, doc=doc, reason=reason
    )
    ahead = copy(state)
    suppose(ahead, undone)
    right = {"occurred_on": occurred_on, "doc": doc or wrong.doc, "reason": reason, **changes}
    event = msgspec.structs.replace(wrong, **right)
    return (undone, *reconsider(ahead, event, actor=original.entry.actor))


def approve(
    state: BookState,
    *,
    original: Original,
    actor: str,
    occurred_on: date,
    authority: Authority | None = None,
    doc: str = "",
    reason: str = "",
) -> tuple[RequestApproved]:
    """批准 of a request that waits, by someone who did not make it (不相容岗位).

    What it asks for is decided again on the state of today, so that it is refused, and goes on
    waiting, when the money has gone elsewhere since.
    """
    asked = original.entry.event
    signing = isinstance(asked, ApprovalRequested) and isinstance(asked.proposed, TWO_SIGNATURES)
    admit(state, occurred_on, money=not signing, closed=signing)
    request = approval.waiting(state, original, occurred_on)
    approval.by_another(original, actor)
    approval.authorised(request, original.entry.number, authority)
    today = {"occurred_on": occurred_on, "doc": doc or request.doc, "authority": authority}
    event = msgspec.structs.replace(request.proposed, **today)
    made: Proposal
    if isinstance(event, TWO_SIGNATURES):
        made = closing.signed(state, event)
    else:
        (again,) = reconsider(state, event, actor=actor)
        assert isinstance(again, MoneyEvent)
        made = again
    return (
        RequestApproved(
            occurred_on=occurred_on,
            doc=made.doc,
            reason=reason,
            original=original.entry.number,
            approved=made,
        ),
    )


DECISIONS: Final[dict[str, Decision]] = {
    "open-book": registry.open_book,
    "amend-book": registry.amend_book,
    "project": registry.project,
    "carry-in": opening.carry_in,
    "adjust-opening": opening.adjust_opening,
    "recover": opening.recover,
    "transfer": opening.transfer,
    "appropriate": budget.appropriate,
    "supplement": budget.supplement,
    "cut": budget.cut,
    "release": indicator.release,
    "withdraw": indicator.withdraw,
    "fund-plan": indicator.fund_plan,
    "reallocate": budget.reallocate,
    "reserve": commitment.reserve,
    "unreserve": commitment.unreserve,
    "pay": disbursement.pay,
    "voucher": disbursement.voucher,
    "refund": disbursement.refund,
    "reverse": correction.reverse,
    "correct": correct,
    "approve": approve,
    "reject": approval.reject,
    "income": income.income,
    "surplus-in": surplus.surplus_in,
    "use-surplus": surplus.use_surplus,
    "distribute": surplus.distribute,
    "reconcile": reconciliation.reconcile,
    "lock-month": closing.lock_month,
    "close-year": closing.close_year,
    "reopen-year": closing.reopen_year,
}

WHO_MATTERS: Final = frozenset({"approve"})
"""The kinds whose decision asks who decides: a checker must not be the maker."""

_DERIVED = {
    "cut": {"from_pending_fen"},
    "pay": {"reserve"},
    "unreserve": {"original", "line"},
    "recover": {"carryover"},
    "refund": {"original", "line", "econ"},
    "reverse": {"original", "reversed"},
    "approve": {"original", "approved"},
    "reject": {"original"},
    "close-year": {"authority"},
    "reopen-year": {"original", "reopened", "authority"},
}


def reconsider(
    state: BookState, event: AnyEvent, original: Original | None = None, *, actor: str
) -> tuple[AnyEvent, ...]:
    """The events that the decision behind `event` gives on `state`: `event` itself where it is
    lawful at its place and for its actor. Audit replays a book with this. Raises `Refused`."""
    if isinstance(event, ApprovalRequested):
        return _asked_again(state, event)
    kind = kind_of(event)
    given = _given(event)
    if original is not None:
        given["original"] = original
    if kind in WHO_MATTERS:
        given["actor"] = actor
    if isinstance(event, RequestApproved):
        given["authority"] = brought(event.approved)
    return DECISIONS[kind](state, **given)


def _asked_again(state: BookState, request: ApprovalRequested) -> tuple[AnyEvent, ...]:
    """The decision behind a request: what it proposes, asked without authority. Its maker may have
    brought some; too little is as good as none."""
    if required(request.proposed) is None:
        raise Corrupt(f"{KIND_NAMES[kind_of(request.proposed)]}无须审批", code="RULES")
    asked: Proposal = msgspec.structs.replace(request.proposed, authority=None)
    return DECISIONS[kind_of(asked)](state, **_given(asked))


def _given(event: AnyEvent | Proposal) -> dict[str, Any]:
    """What the decision behind `event` is asked with: its fields, but what the decision derives."""
    given = msgspec.structs.asdict(event)
    for name in _DERIVED.get(kind_of(event), ()):
        del given[name]
    return given
