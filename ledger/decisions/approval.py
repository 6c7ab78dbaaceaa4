"""审批 (不相容岗位分离: who makes a request does not approve it).

What is lawful but for an authority that its maker did not bring waits as a request
(authority.submitted) and moves nothing. Another person approves it, with that authority, and all
rules are asked again on the state of that day (`approve`, beside `correct` in this package); or it
is rejected. Its maker may reject it too: that is a withdrawal (撤回), and needs no second person,
because nothing takes effect.
"""

from datetime import date

from ledger.decisions.authority import AUTHORITY_NAMES, granted, required
from ledger.decisions.correction import Original, not_before, wrong_kind
from ledger.decisions.preconditions import admit
from ledger.errors import Corrupt
from ledger.events import ApprovalRequested, Authority, RequestRejected
from ledger.refusals import Refusal, Refused
from ledger.state import BookState


def reject(
    state: BookState,
    *,
    original: Original,
    occurred_on: date,
    doc: str = "",
    reason: str = "",
) -> tuple[RequestRejected]:
    """否决 of a request that waits, or 撤回 by its maker. It moves no money, so its date may lie in
    a locked month."""
    admit(state, occurred_on, money=False, closed=True)
    waiting(state, original, occurred_on)
    if not reason:
        raise Refused(Refusal.REJECTION_REASON, ways_out=["--reason 事由"])
    number = original.entry.number
    return (RequestRejected(occurred_on=occurred_on, doc=doc, reason=reason, original=number),)


def waiting(state: BookState, original: Original, occurred_on: date) -> ApprovalRequested:
    """The request, which is not settled before it was made, and once."""
    entry = original.entry
    request = entry.event
    if not isinstance(request, ApprovalRequested):
        raise wrong_kind(entry, "只有提交审批的申请可以批准或否决", "yusuan pending")
    not_before(original, occurred_on)
    if entry.number not in state.open_requests:
        raise Refused(
            Refusal.REQUEST_SETTLED,
            entry=entry.number,
            settled_by=original.reversed_by,
            ways_out=[f"yusuan show {original.reversed_by}"],
        )
    return request


def by_another(original: Original, actor: str) -> None:
    """The checker is not the maker."""
    maker, number = original.entry.actor, original.entry.number
    if actor == maker:
        raise Refused(
            Refusal.SAME_ACTOR,
            entry=number,
            actor=maker,
            ways_out=["--actor 批准人", f"yusuan reject {number} --reason 撤回"],
        )


def authorised(request: ApprovalRequested, number: int, given: Authority | None) -> None:
    """The checker brings the authority that the request needs (R5)."""
    need = required(request.proposed)
    if need is None:  # no decision makes such a request
        raise Corrupt(f"第 {number} 笔申请的业务无须审批", code="RULES")
    needed, why = need
    if not granted(given, needed):
        raise Refused(
            Refusal.AUTHORITY_TOO_LOW,
            entry=number,
            reason=why,
            needed=AUTHORITY_NAMES[needed],
            given=AUTHORITY_NAMES[given or ""],
            authority=needed,
            ways_out=[f"--authority {needed}"],
        )
