"""冲销与更正: the original stays, its negative copy follows, and then what is right.

What took effect by somebody's authority is undone with the same, or waits for it: a reversal of
what the finance bureau allowed moves nothing until another person approves it for the bureau.
"""

from typing import Any, NotRequired, Unpack

import msgspec

from ledger.decisions.again import reconsider
from ledger.effects import Decided
from ledger.events import (
    AnyEvent,
    ApprovalRequested,
    CommitmentReserved,
    EntryReversed,
    OpeningLoaded,
    SurplusLoaded,
)
from ledger.kinds import Authority
from ledger.line import LinePattern
from ledger.postings import correctable, effective
from ledger.refusals import Refusal, Refused, Way
from ledger.rules import lines, ways
from ledger.rules.authority import granted, required, submitted
from ledger.rules.kind import Kind, Kinds
from ledger.rules.lines import Changes
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.originals import (
    Original,
    not_before,
    nothing_to_reverse,
    one_book,
    standing,
    stated,
    wrong_kind,
)
from ledger.rules.preconditions import admit, covered, opening_stands
from ledger.state import BookState, copy, suppose


class Reverse(Asked):
    """冲销 of the entry `ref`; parts of its line and its amount may be repeated."""

    line: NotRequired[LinePattern | None]
    amount_fen: NotRequired[int | None]
    authority: NotRequired[Authority | None]


def reverse(
    state: BookState,
    *,
    original: Original,
    line: LinePattern | None = None,
    amount_fen: int | None = None,
    authority: Authority | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[EntryReversed | ApprovalRequested]]:
    """红字冲销 of any one money entry, once; a reversal itself is not reversed. An approval is
    reversed as what it brought into effect; its request stays settled.

    Lawful but for the authority by which the original took effect, it waits for approval, and the
    original stands until then. Raises `Refused`.
    """
    admit(state, occasion["occurred_on"])
    entry = original.entry
    one_book(state, entry)
    undone = effective(entry.event)
    if undone is None:
        raise nothing_to_reverse(state, original)
    if isinstance(undone, OpeningLoaded | SurplusLoaded):
        _opened_with(state, undone)
    stated(original, undone, line=line, amount_fen=amount_fen)
    not_before(state, original, occasion["occurred_on"])
    standing(original)
    _unused(original)
    event = EntryReversed(
        **occasion,
        original=entry.number,
        reversed=undone,
        authority=authority,
    )
    needed, _ = required(event) or (None, "")
    if needed is None or granted(authority, needed):
        return (covered(state, event),)
    event = msgspec.structs.replace(event, authority=needed)
    covered(state, event)  # what nobody could approve is refused at once
    return (Decided(submitted(event, needed)),)


def _opened_with(state: BookState, undone: OpeningLoaded | SurplusLoaded) -> None:
    """What a book was opened with is not undone. Raises `Refused`."""
    line = undone.line if isinstance(undone, OpeningLoaded) else None
    opening_stands(state, "冲销", lambda last: ways.since_closed(last, line, undone.amount_fen))


def _unused(original: Original) -> None:
    """Else what was refunded, paid or released would come back twice."""
    number, fen = original.entry.number, original.settled_fen
    if not fen:
        return
    if isinstance(original.entry.event, CommitmentReserved):
        raise Refused(
            Refusal.RESERVE_USED,
            entry=number,
            used_fen=fen,
            ways_out=[Way("log", ref=number)],
        )
    raise Refused(
        Refusal.ENTRY_REFUNDED,
        entry=number,
        refunded_fen=fen,
        ways_out=[Way("log", kind="refund", ref=number)],
    )


class Correct(Asked):
    """更正 of the entry `ref`: what is to be otherwise."""

    changes: Changes


def correct(
    state: BookState,
    *,
    original: Original,
    changes: dict[str, Any],
    kinds: Kinds,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[AnyEvent], ...]:
    """更正: reverses `original` and records it again with `changes`; both or neither.

    A reallocation, approved or not, and a voucher have no single line to put right, and what is
    about an earlier entry (a refund, a release, a payment from a reservation, a reversal) is
    decided on that: reverse it and record it anew. Raises `Refused`.
    """
    admit(state, occasion["occurred_on"])
    one_book(state, original.entry)
    wrong = original.entry.event
    if effective(wrong) is None:
        raise nothing_to_reverse(state, original)
    if not correctable(wrong):
        way = Way("reverse", original.entry.number)
        raise wrong_kind(original.entry, "不能直接更正；请先冲销，再重新记录", way)
    unknown = sorted(set(changes) - set(wrong.__struct_fields__))
    if unknown:
        why = f"没有“{unknown[0]}”这一项可更正"
        raise wrong_kind(original.entry, why, ways.show(original.entry.number))
    (undone,) = reverse(state, original=original, **occasion)
    ahead = copy(state)
    suppose(ahead, undone)
    right = {
        "occurred_on": occasion["occurred_on"],
        "doc": occasion.get("doc") or wrong.doc,
        "reason": occasion.get("reason", ""),
        **changes,
    }
    event = msgspec.structs.replace(wrong, **right)
    return (undone, *reconsider(kinds, ahead, event, actor=original.entry.actor))


REVERSE = Kind("reverse", reverse, Reverse, derives=frozenset({"original", "reversed"}))
CORRECT = Kind("correct", correct, Correct, finds=lines.corrected, asks=frozenset({"kinds"}))
KINDS = (REVERSE, CORRECT)
