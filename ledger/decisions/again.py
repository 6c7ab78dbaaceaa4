"""A decision that was taken, taken once more: what a stored event was asked with is asked again.

Audit replays a book with this, an approval asks what was proposed on the state of its day, and a
correction asks what is right on the state without the wrong.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from ledger.effects import Decided
from ledger.errors import Corrupt, Damage
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    EntryCorrected,
    Proposal,
    RequestApproved,
    kind_of,
)
from ledger.kinds import KIND_NAMES
from ledger.rules.authority import brought, required, submitted
from ledger.rules.kind import AnyKind, Kinds, asked
from ledger.rules.originals import Original
from ledger.state import BookState


def reconsider(
    kinds: Kinds,
    state: BookState,
    event: AnyEvent,
    original: Original | None = None,
    payments: Sequence[Original] = (),
    *,
    actor: str,
) -> tuple[Decided[AnyEvent], ...]:
    """What the decision behind `event` gives on `state`: `event` itself where it is lawful at its
    place and for its actor. `payments` are those that were made for what it tells
    (postings.paid_for), as they stand. Raises `Refused`."""
    if isinstance(event, ApprovalRequested):
        return _asked_again(kinds, state, event, original, actor=actor)
    kind = kinds[kind_of(event)]
    if kind.judge is not None:
        return (kind.judge(state, event, original, **asked(kind, actor=actor, kinds=kinds)),)
    given = _given(kind, event)
    if original is not None:
        given["original"] = original
    if payments:
        given["payments"] = payments
    if isinstance(event, RequestApproved):
        given["authority"] = brought(event.approved)
    return kind.decision(state, **given, **asked(kind, actor=actor, kinds=kinds))


def _asked_again(
    kinds: Kinds,
    state: BookState,
    request: ApprovalRequested,
    original: Original | None,
    *,
    actor: str,
) -> tuple[Decided[AnyEvent], ...]:
    """The decision behind a request: what it proposes, about `original` if about any entry, asked
    without authority. Its maker may have brought some; too little is as good as none."""
    kind = kinds[kind_of(request.proposed)]
    needed = required(request.proposed)
    if needed is None:
        raise Corrupt(Damage.RULES, f"{KIND_NAMES[kind.word]}无须审批")
    if kind.judge is not None:
        beside = asked(kind, actor=actor, kinds=kinds)
        decided = kind.judge(state, request.proposed, original, **beside)
        assert isinstance(decided.event, EntryCorrected)  # the only one that waits of those
        return (Decided(submitted(decided.event, needed[0])),)
    proposed: Proposal = msgspec.structs.replace(request.proposed, authority=None)
    given = _given(kind, proposed)
    if original is not None:
        given["original"] = original
    return kind.decision(state, **given)


def _given(kind: AnyKind, event: AnyEvent | Proposal) -> dict[str, Any]:
    """What the decision behind `event` is asked with: its fields, but what the decision derives."""
    given = msgspec.structs.asdict(event)
    for name in kind.derives:
        del given[name]
    return given
