"""Decisions: pure functions from the folded state and a request to new events, or a refusal.

One file per chapter. Every decision takes the state first and the rest by keyword, checks in the
order of `Refusal`, and returns events only if all of them may be recorded. None sees the disk or
the clock.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from ledger.decisions import (
    budget,
    closing,
    commitment,
    correction,
    disbursement,
    income,
    indicator,
    opening,
    registry,
)
from ledger.decisions.correction import Original
from ledger.decisions.preconditions import admit
from ledger.events import (
    AnyEvent,
    BudgetReallocated,
    Entry,
    MoneyEvent,
    kind_of,
)
from ledger.kinds import KIND_NAMES
from ledger.postings import earlier
from ledger.refusals import Refusal, Refused
from ledger.state import BookState, copy, evolve

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

    A reallocation has no single line to put right, and what is about an earlier entry (a refund,
    a release, a payment from a reservation, a reversal) is decided on that: reverse it and record
    it anew.
    """
    admit(state, occurred_on)
    correction.one_book(state, original.entry)
    wrong = original.entry.event
    if (
        isinstance(wrong, BudgetReallocated)
        or not isinstance(wrong, MoneyEvent)
        or earlier(wrong) is not None
    ):
        raise Refused(
            Refusal.ENTRY_KIND,
            entry=original.entry.number,
            kind=KIND_NAMES[kind_of(wrong)],
            why="不能直接更正；请先冲销，再重新记录",
            ways_out=[f"yusuan reverse {original.entry.number}"],
        )
    unknown = sorted(set(changes) - set(wrong.__struct_fields__))
    if unknown:
        raise Refused(
            Refusal.ENTRY_KIND,
            entry=original.entry.number,
            kind=KIND_NAMES[kind_of(wrong)],
            why=f"没有“{unknown[0]}”这一项可更正",
            ways_out=[f"yusuan show {original.entry.number}"],
        )
    (undone,) = correction.reverse(
        state, original=original, occurred_on=occurred_on, doc=doc, reason=reason
    )
    ahead = copy(state)
    evolve(
        ahead,
        Entry(
            book=state.book,
            number=state.number + 1,
            recorded_at=state.recorded_at or original.entry.recorded_at,
            actor=original.entry.actor,
            event=undone,
        ),
    )
    right = {"occurred_on": occurred_on, "doc": doc or wrong.doc, "reason": reason, **changes}
    return (undone, *reconsider(ahead, msgspec.structs.replace(wrong, **right)))


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
    "refund": disbursement.refund,
    "reverse": correction.reverse,
    "correct": correct,
    "income": income.income,
    "lock-month": closing.lock_month,
}

_DERIVED = {
    "cut": {"from_pending_fen"},
    "pay": {"reserve"},
    "unreserve": {"original", "line"},
    "recover": {"carryover"},
    "refund": {"original", "line", "econ"},
    "reverse": {"original", "reversed"},
}


def reconsider(
    state: BookState, event: AnyEvent, original: Original | None = None
) -> tuple[AnyEvent, ...]:
    """The events that the decision behind `event` gives on `state`: `event` itself where it is
    lawful at its place. Audit replays a book with this. Raises `Refused`."""
    kind = kind_of(event)
    given = msgspec.structs.asdict(event)
    for name in _DERIVED.get(kind, ()):
        del given[name]
    if original is not None:
        given["original"] = original
    return DECISIONS[kind](state, **given)
