"""审批 (不相容岗位分离: who makes a request does not approve it).

What is lawful but for an authority that its maker did not bring waits as a request
(authority.submitted) and moves nothing. Another person approves it, with that authority, and all
rules are asked again on the state of that day; or it is rejected. Its maker may reject it too: that
is a withdrawal (撤回), and needs no second person, because nothing takes effect.
"""

from datetime import date
from typing import NotRequired, Unpack

import msgspec

from ledger.decisions import closing
from ledger.decisions.again import reconsider
from ledger.effects import Decided, effects
from ledger.errors import Corrupt, Damage
from ledger.events import (
    TWO_SIGNATURES,
    ApprovalRequested,
    EntryCorrected,
    EntryReversed,
    MoneyEvent,
    Proposal,
    RequestApproved,
    RequestRejected,
    YearClosed,
    YearReopened,
)
from ledger.kinds import Authority
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules import ways
from ledger.rules.authority import AUTHORITY_NAMES, granted, required
from ledger.rules.kind import Kind, Kinds
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.originals import Original, not_before, standing, wrong_kind
from ledger.rules.persons import same
from ledger.rules.preconditions import admit
from ledger.state import BookState


class Reject(Asked):
    """否决 or 撤回 of the request `ref`."""


def reject(
    state: BookState,
    *,
    original: Original,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[RequestRejected]]:
    """否决 of a request that waits, or 撤回 by its maker (L33). It moves no money, so its date may
    lie in a locked month. Raises `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    waiting(state, original, occasion["occurred_on"], money=False)
    if not occasion.get("reason"):
        raise Refused(Refusal.REJECTION_REASON, ways_out=[Instead(reason=ways.REASON)])
    number = original.entry.number
    return (Decided(RequestRejected(**occasion, original=number)),)


def waiting(
    state: BookState, original: Original, occurred_on: date, *, money: bool = True
) -> ApprovalRequested:
    """The request, which is not settled before it was made, and once. Raises `Refused`."""
    entry = original.entry
    request = entry.event
    if not isinstance(request, ApprovalRequested):
        raise wrong_kind(entry, "只有提交审批的申请可以批准或否决", Way("pending"))
    not_before(state, original, occurred_on, money=money)
    if entry.number not in state.open_requests:
        raise Refused(
            Refusal.REQUEST_SETTLED,
            entry=entry.number,
            settled_by=original.reversed_by,
            ways_out=[ways.show(original.reversed_by or entry.number)],
        )
    return request


def by_another(original: Original, actor: str) -> None:
    """The checker is not the maker. Raises `Refused`."""
    if same(original.entry.actor, actor):
        raise same_actor(original)


def same_actor(original: Original) -> Refused:
    """Why the maker of a request does not approve it."""
    maker, number = original.entry.actor, original.entry.number
    return Refused(
        Refusal.SAME_ACTOR,
        entry=number,
        actor=maker,
        ways_out=[Instead(actor=ways.APPROVER), ways.withdraw(number)],
    )


def authorised(request: ApprovalRequested, number: int, given: Authority | None) -> None:
    """The checker brings the authority that the request needs (R5). Raises `Corrupt` or
    `Refused`."""
    need = required(request.proposed)
    if need is None:  # no decision makes such a request
        raise Corrupt(Damage.RULES, f"第 {number} 笔申请的业务无须审批")
    needed, why = need
    if not granted(given, needed):
        raise Refused(
            Refusal.AUTHORITY_TOO_LOW,
            entry=number,
            reason=why,
            needed=AUTHORITY_NAMES[needed],
            given=AUTHORITY_NAMES[given or ""],
            authority=needed,
            ways_out=[Instead(authority=needed)],
        )


class Approve(Asked):
    """批准 of the request `ref`, with the authority that it needs."""

    authority: NotRequired[Authority | None]


def approve(
    state: BookState,
    *,
    original: Original,
    actor: str,
    kinds: Kinds,
    authority: Authority | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[RequestApproved]]:
    """批准 of a request that waits, by someone who did not make it (不相容岗位, L35).

    What it asks for is decided again on the state of today, so that it is refused, and goes on
    waiting, when the money has gone elsewhere since (L34), or what it wants undone is undone. What
    takes effect bears the 文号 of the approval, where one is given; but what a correction puts
    right keeps the one that was asked for, and the approval has its own.
    """
    asked = original.entry.event
    proposed = asked.proposed if isinstance(asked, ApprovalRequested) else None
    signing = isinstance(proposed, TWO_SIGNATURES)
    of_year = isinstance(proposed, YearClosed | YearReopened)
    admit(state, occasion["occurred_on"], money=not signing, closed=of_year)
    request = waiting(state, original, occasion["occurred_on"], money=not signing)
    by_another(original, actor)
    authorised(request, original.entry.number, authority)
    doc = occasion.get("doc") or request.doc
    today = {
        "occurred_on": occasion["occurred_on"],
        "doc": request.doc if isinstance(proposed, EntryCorrected) else doc,
        "authority": authority,
    }
    event = msgspec.structs.replace(request.proposed, **today)
    made: Proposal
    if isinstance(event, TWO_SIGNATURES):
        made = closing.signed(state, event)
        does = effects(made)
    else:
        if original.undoing is not None:
            standing(original.undoing, [ways.withdraw(original.entry.number)])
        (again,) = reconsider(kinds, state, event, original.undoing, actor=actor)
        # Authorised above: nothing waits a second time.
        assert isinstance(again.event, MoneyEvent | EntryReversed | EntryCorrected)
        made, does = again.event, again.does
    approved = RequestApproved(
        occurred_on=occasion["occurred_on"],
        doc=doc,
        reason=occasion.get("reason", ""),
        original=original.entry.number,
        approved=made,
    )
    return (Decided(approved, does),)


APPROVE = Kind(
    "approve",
    approve,
    Approve,
    derives=frozenset({"original", "approved"}),
    asks=frozenset({"actor", "kinds"}),
)
REJECT = Kind("reject", reject, Reject, derives=frozenset({"original"}))
KINDS = (APPROVE, REJECT)
