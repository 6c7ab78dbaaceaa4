"""What a request may say about an earlier entry, asked by every decision that is about one."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from ledger.events import (
    ApprovalRequested,
    CarryoverTransferred,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    Meant,
    Reversible,
    VoucherPaid,
    kind_of,
)
from ledger.kinds import KIND_NAMES
from ledger.line import LinePattern
from ledger.money import yuan
from ledger.postings import amount_of, effective, lines_of
from ledger.refusals import Instead, Refusal, Refused, Way, WayOut
from ledger.rules import ways
from ledger.state import BookState
from ledger.texts import folded


class Original(NamedTuple):
    """An earlier entry that a request is about, and what already happened to it. `reversed_by` is
    the entry that reversed or corrected it; of a request for approval the one that approved or
    rejected it."""

    entry: Entry
    settled_fen: int = 0
    """Refunded of a payment; paid from or released of a reservation."""
    reversed_by: int | None = None
    settled_by: int | None = None
    """The last entry that settled something of it, or took that back."""
    refunded: Mapping[int, int] = MappingProxyType({})
    """Of a voucher: what was refunded of its items, by their positions, fen."""
    undoing: "Original | None" = None
    """What a request for approval wants undone; None where it asks for anything else."""
    corrected: bool = False
    """Whether what undid it put something in its place."""

    @property
    def meant(self) -> Reversible | None:
        """What the entry brought into effect: of a correction what is right."""
        return effective(self.entry.event)


def one_book(state: BookState, entry: Entry) -> None:
    """An entry that another book shares is not undone in one of them. Raises `Refused`."""
    if isinstance(entry.event, CarryoverTransferred):
        why = f"对方账套 {entry.event.counterpart} 也有一笔，不能单独冲销或更正；请反向调拨"
        raise wrong_kind(entry, why, ways.transfer_back(state.book, entry.event))


def nothing_to_reverse(state: BookState, original: Original) -> Refused:
    """The refusal of an original that brought nothing into effect."""
    entry = original.entry
    why = "只有金额业务可以冲销，冲销本身不能再冲销；如需恢复请重新记录"
    way = ways.show(original.reversed_by or entry.number)
    if isinstance(entry.event, ApprovalRequested):
        why = "申请本身没有金额可以冲销；待审批的可以撤回，已批准的冲销其批准"
        if entry.number in state.open_requests:
            way = ways.withdraw(entry.number)
    return wrong_kind(entry, why, way)


def wrong_kind(entry: Entry, why: str, *ways_out: WayOut) -> Refused:
    """The refusal of an entry that is not what a request can be about (L23)."""
    return Refused(
        Refusal.ENTRY_KIND,
        entry=entry.number,
        kind=KIND_NAMES[kind_of(entry.event)],
        why=why,
        ways_out=ways_out,
    )


def stated(
    original: Original,
    event: Reversible,
    *,
    line: LinePattern | None,
    amount_fen: int | None = None,
    payee: str = "",
) -> None:
    """A request may repeat the line, the amount and the payee of what the original brought into
    effect; then they must be its own. Raises `Refused`."""
    number = original.entry.number
    if line is not None and not of_line(line, event):
        raise Refused(
            Refusal.ENTRY_DIFFERS,
            entry=number,
            field="预算线",
            value=str(line),
            original="、".join(lines_of(event)),
            ways_out=[ways.show(number)],
        )
    if amount_fen is not None and amount_fen != amount_of(event):
        raise Refused(
            Refusal.ENTRY_DIFFERS,
            entry=number,
            field="金额",
            value=yuan(amount_fen),
            original=yuan(amount_of(event) or 0),
            ways_out=[ways.show(number)],
        )
    own = getattr(event, "payee", "")
    if payee and folded(payee) != folded(own):
        raise Refused(
            Refusal.ENTRY_DIFFERS,
            entry=number,
            field="收款人",
            value=payee,
            original=own,
            ways_out=[ways.show(number)],
        )


def of_line(pattern: LinePattern, event: Meant) -> bool:
    """Whether what a person says of a line fits one that an event is about; of a payment also with
    its own 款."""
    lines = lines_of(event)
    if isinstance(event, DisbursementRecorded | DisbursementRefunded):
        lines = (event.line, event.line.at_econ(event.econ))
    if isinstance(event, VoucherPaid):
        lines += tuple(item.line.at_econ(item.econ) for item in event.items)
    return any(pattern.matches(line) for line in lines)


def not_before(
    state: BookState, original: Original, occurred_on: date, *, money: bool = True
) -> None:
    """Nothing is undone before it happened (L24); `money` is not dated into a locked month either.
    Raises `Refused`."""
    happened = original.entry.event.occurred_on
    if occurred_on < happened:
        day = ways.open_day(state, happened) if money else happened
        raise Refused(
            Refusal.DATE_BEFORE_ORIGINAL,
            date=occurred_on.isoformat(),
            entry=original.entry.number,
            original_date=happened.isoformat(),
            ways_out=[
                Way("unlock-month", happened.month, reason=ways.REASON)
                if day is None
                else Instead(date=day.isoformat())
            ],
        )


def standing(original: Original, ways_out: Sequence[WayOut] = ()) -> None:
    """An entry is undone once; `ways_out` are those of who asks something else than to undo it.
    Raises `Refused`."""
    if original.reversed_by is not None:
        raise Refused(
            Refusal.ENTRY_REVERSED,
            entry=original.entry.number,
            reversed_by=original.reversed_by,
            how="更正" if original.corrected else "冲销",
            ways_out=[*ways_out, ways.show(original.reversed_by)],
        )
