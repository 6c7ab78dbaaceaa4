"""冲销与更正: the original stays, and its negative copy follows; of a correction with what is
right, in the same entry.

What took effect by somebody's authority is undone with the same, or waits for it: a reversal of
what the finance bureau allowed moves nothing until another person approves it for the bureau.
"""

from typing import Any, NotRequired, Unpack

import msgspec

from ledger.decisions.again import reconsider
from ledger.decisions.particulars import admitted
from ledger.effects import Decided
from ledger.events import (
    ApprovalRequested,
    CommitmentReserved,
    Entry,
    EntryCorrected,
    EntryReversed,
    FinalAccountApproved,
    MoneyEvent,
    OfManyLines,
    ReportPublished,
    SurplusAdjusted,
)
from ledger.events.particulars import AnyParticular, ContractSigned, Particular
from ledger.kinds import ADJUSTMENT_NAMES, SURPLUS_ADJUSTMENT_NAMES, Adjustment, Authority
from ledger.line import LinePattern
from ledger.postings import amount_of, correctable, earlier, first_of
from ledger.refusals import Refusal, Refused, Way, WayOut
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
from ledger.state import BookState, without


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
    """红字冲销 of any one entry that moves money or tells a fact of the report, once; a reversal
    itself is not reversed. An approval is reversed as what it brought into effect; its request
    stays settled. What moves no money is reversed in a closed year, too.

    Lawful but for the authority by which the original took effect, it waits for approval, and the
    original stands until then. Raises `Refused`.
    """
    if isinstance(original.meant, Particular):
        return (_unsaid(state, original, original.meant, amount_fen, occasion),)
    admit(state, occasion["occurred_on"])
    entry = original.entry
    one_book(state, entry)
    undone = original.meant
    if not isinstance(undone, MoneyEvent):
        raise nothing_to_reverse(state, original)
    _not_opened_with(state, entry, undone, "冲销")
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


def _unsaid(
    state: BookState,
    original: Original,
    undone: AnyParticular | FinalAccountApproved | ReportPublished,
    amount_fen: int | None,
    occasion: Occasion,
) -> Decided[EntryReversed]:
    """冲销 of a fact that moves no money. Raises `Refused`."""
    admitted(state, occasion)
    stated(original, undone, line=None, amount_fen=amount_fen)
    not_before(state, original, occasion["occurred_on"], money=False)
    standing(original)
    number = original.entry.number
    if isinstance(undone, ContractSigned):
        _unpaid(state, number, undone)
    return Decided(EntryReversed(**occasion, original=number, reversed=undone))


def _unpaid(state: BookState, number: int, signed: ContractSigned) -> None:
    """A contract that is paid or reserved for stands. Raises `Refused`."""
    known = state.contracts[signed.no]
    if known.held_fen or known.paid_fen:
        raise Refused(
            Refusal.CONTRACT_USED,
            entry=number,
            no=signed.no,
            paid_fen=known.paid_fen,
            held_fen=known.held_fen,
            ways_out=[Way("log", contract=signed.no)],
        )


def _not_opened_with(state: BookState, entry: Entry, undone: MoneyEvent, action: str) -> None:
    """What a book was opened with is not undone: what was carried in, and what last year's closing
    took back of it. Raises `Refused`."""
    if state.previous is None or entry.number > state.previous.opening:
        return
    opening_stands(state, action, lambda last: ways.since_closed(last, undone))


def _unused(original: Original) -> None:
    """Else what was refunded, paid or released would come back twice."""
    number, fen = original.entry.number, original.settled_fen
    if not fen:
        return
    if isinstance(original.meant, CommitmentReserved):
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
    authority: NotRequired[Authority | None]
    dated: NotRequired[bool]


_OF_A_LINE = frozenset({"line", "econ", "amount_fen", "month"})
"""What cannot be corrected of an event of many lines."""


def correct(
    state: BookState,
    *,
    original: Original,
    changes: dict[str, Any],
    kinds: Kinds,
    authority: Authority | None = None,
    dated: bool = True,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[EntryCorrected | ApprovalRequested]]:
    """更正: `original` is undone and recorded again with `changes`, in one entry (L66). Its day is
    one of them, unless nobody said it (`dated`); where nothing differs, nothing is recorded.

    Of what moves many lines (`OfManyLines`) only what is said once for all of them can be put
    right; what is about an earlier entry (a refund, a release, a payment from a reservation, a
    reversal) is decided on that: reverse it and record it anew. Raises `Refused`.
    """
    _of_money(original)
    admit(state, occasion["occurred_on"])
    wrong = _correctable(state, original, occasion)
    if isinstance(wrong, OfManyLines) and _OF_A_LINE & changes.keys():
        why = "有多条预算线，预算线和金额不能直接更正；请先冲销，再重新记录"
        raise wrong_kind(original.entry, why, *_reversal(state, original, occasion))
    unknown = sorted(set(changes) - set(wrong.__struct_fields__))
    if unknown:
        why = f"没有“{unknown[0]}”这一项可更正"
        raise wrong_kind(original.entry, why, ways.show(original.entry.number))
    adjustment: Adjustment = changes.get("adjustment", "closing-revised")
    if isinstance(wrong, SurplusAdjusted) and adjustment not in SURPLUS_ADJUSTMENT_NAMES:
        why = f"非财政拨款结余没有{ADJUSTMENT_NAMES[adjustment]}"
        raise wrong_kind(original.entry, why, ways.show(original.entry.number))
    occasion["doc"] = occasion.get("doc") or wrong.doc
    right = msgspec.structs.replace(wrong, doc=occasion["doc"], **changes)
    event = EntryCorrected(
        **occasion,
        original=original.entry.number,
        first=_first(original),
        reversed=wrong,
        right=right,
        authority=authority,
    )
    needed, _ = required(event) or (None, "")
    waits = needed is not None and not granted(authority, needed)
    if waits:
        event = msgspec.structs.replace(event, authority=needed)
    decided = correction(state, event, original, kinds=kinds)  # what nobody could approve
    day = occasion["occurred_on"] if dated else wrong.occurred_on
    # As it was said, and as it is decided: what a line is drawn on may have another name, and what
    # it would be taken from today is nothing that was asked for.
    if wrong in [msgspec.structs.replace(r, occurred_on=day) for r in (right, decided.event.right)]:
        number = original.entry.number
        raise Refused(Refusal.ENTRY_SAME, entry=number, ways_out=[ways.show(number)])
    if needed is not None and waits:
        return (Decided(submitted(decided.event, needed)),)
    return (decided,)


def correction(
    state: BookState, event: EntryCorrected, original: Original | None, *, kinds: Kinds
) -> Decided[EntryCorrected]:
    """A correction as it may be recorded: what is right is decided on the book without the wrong,
    and what both do together must be covered (R1, R3): only the document number put right moves
    nothing. Raises `Refused`."""
    admit(state, event.occurred_on)
    assert original is not None  # a correction cannot be asked for without its ref
    wrong = _correctable(state, original, {"occurred_on": event.occurred_on})
    not_before(state, original, event.occurred_on)
    standing(original)
    _unused(original)
    ahead = without(state, wrong)
    anew = msgspec.structs.replace(event.right, occurred_on=event.occurred_on)
    try:
        (decided,) = reconsider(kinds, ahead, anew, actor=original.entry.actor)
    except Refused as refused:
        raise refused.once_undone(original.entry.number, amount_of(wrong)) from refused
    event = msgspec.structs.replace(
        event, first=_first(original), reversed=wrong, right=decided.event
    )
    return covered(state, event)


def _of_money(original: Original) -> None:
    """A fact of the report is not put right but said again. Raises `Refused`."""
    if isinstance(original.meant, Particular):
        why = "是报告事项，不能更正；先冲销，再重新记录（同一位置、编号的，直接重新记录即可）"
        raise wrong_kind(original.entry, why, Way("reverse", original.entry.number))


def _first(original: Original) -> int | None:
    """What was recorded first, where the original is a correction of it."""
    first = first_of(original.entry.number, original.entry.event)
    return None if first == original.entry.number else first


def _correctable(state: BookState, original: Original, occasion: Occasion) -> MoneyEvent:
    """What an entry brought into effect, if that can be corrected. Raises `Refused`."""
    one_book(state, original.entry)
    wrong = original.meant
    if not isinstance(wrong, MoneyEvent):
        raise nothing_to_reverse(state, original)
    if not correctable(wrong):
        about = f"第 {earlier(wrong)} 笔"
        why = f"记在{about}之下，不能直接更正；请先冲销，再对{about}重新记录"
        raise wrong_kind(original.entry, why, *_reversal(state, original, occasion))
    _not_opened_with(state, original.entry, wrong, "更正")
    return wrong


def _reversal(state: BookState, original: Original, occasion: Occasion) -> list[WayOut]:
    """What is reversed because it cannot be corrected; where that would be refused too, what stands
    in its way."""
    try:
        reverse(state, original=original, occurred_on=occasion["occurred_on"])
    except Refused as refused:
        first = [way for way in refused.ways_out if isinstance(way, Way)]
        return [*first] or [ways.show(original.entry.number)]
    return [Way("reverse", original.entry.number)]


REVERSE = Kind("reverse", reverse, Reverse, derives=frozenset({"original", "reversed"}))
CORRECT = Kind(
    "correct",
    correct,
    Correct,
    finds=lines.corrected,
    derives=frozenset({"original", "first", "reversed", "right"}),
    asks=frozenset({"kinds"}),
    judge=correction,
)
KINDS = (REVERSE, CORRECT)
