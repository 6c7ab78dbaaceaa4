"""年初结转结余: what last year left, by the year in which it was first approved, and what later
turned out of it. None of it is this year's spending (R11)."""

from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import (
    CarryoverTransferred,
    OpeningAdjusted,
    OpeningLoaded,
    StockRecovered,
)
from ledger.kinds import ADJUSTMENT_NAMES, EITHER_WAY, KIND_NAMES, Adjustment
from ledger.line import BudgetLine
from ledger.refusals import Instead, Refusal, Refused, Way, WayOut, Word
from ledger.rules import lines, ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import NewMoney, Occasion, OnLine
from ledger.rules.preconditions import admit, covered, documented, opening_stands, usable
from ledger.state import BookState


class CarryIn(NewMoney):
    """上年结转转入."""


def carry_in(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    pending: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[OpeningLoaded]]:
    """上年结转转入; may repeat on a line. Money of this year is not carry-over (R7). A book that
    was opened from last year's has had all of it (R11)."""
    admit(state, occasion["occurred_on"])
    opening_stands(state, KIND_NAMES["carry-in"], lambda last: ways.since_opened(last, line))
    usable(state, line)
    _earlier(state, line, Instead(origin=state.year - 1))
    event = OpeningLoaded(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        pending=pending,
    )
    return (covered(state, event),)


class AdjustOpening(OnLine):
    """年初余额调整; `decrease` is the way down of what goes either way (`EITHER_WAY`)."""

    adjustment: Adjustment
    decrease: NotRequired[bool]


def adjust_opening(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    adjustment: Adjustment,
    decrease: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[OpeningAdjusted]]:
    """年初余额调整 by document, up or down, the latter at most what is 可执行 (L28). A refund of an
    earlier year's payment is one (R15): spending of a closed year cannot change. Raises
    `Refused`."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "年初余额调整")
    usable(state, line)
    latest = BudgetLine.make(*line.purpose[:4], line.econ, state.year - 1)
    _earlier(state, line, ways.adjust_opening(adjustment, amount_fen, latest, decrease))
    if decrease and adjustment not in EITHER_WAY:
        raise Refused(
            Refusal.ADJUSTMENT_DIRECTION,
            adjustment=ADJUSTMENT_NAMES[adjustment],
            ways_out=[ways.adjust_opening(adjustment, amount_fen, line)],
        )
    event = OpeningAdjusted(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        adjustment=adjustment,
        decrease=decrease,
    )
    return (covered(state, event),)


class Recover(OnLine):
    """收回存量资金."""


def recover(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[StockRecovered]]:
    """收回存量资金, at most what is 可执行: carry-over is handed back, this year's money is cut."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "收回存量资金")
    event = StockRecovered(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        carryover=line.origin < state.year,
    )
    return (covered(state, event),)


class Transfer(OnLine):
    """结转调拨 to the book `counterpart`; `incoming`: its arrival from there."""

    counterpart: str
    incoming: NotRequired[bool]


def transfer(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    counterpart: str,
    incoming: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[CarryoverTransferred]]:
    """结转调拨 to another unit's book, or its arrival from there. The line is the same in both, so
    the purpose is kept (R7). Decided in each book alone; writing.py records both or neither.
    Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "结转调拨")
    usable(state, line)
    _earlier(state, line, Way("carryover"))
    if counterpart == state.book or not counterpart.endswith(f"/{state.year}"):
        raise Refused(
            Refusal.TRANSFER_COUNTERPART,
            counterpart=counterpart,
            ways_out=[Instead(to=Word("单位编码"))],
        )
    event = CarryoverTransferred(
        **occasion,
        line=line,
        amount_fen=amount_fen,
        counterpart=counterpart,
        incoming=incoming,
    )
    return (covered(state, event),)


def _earlier(state: BookState, line: BudgetLine, way_out: WayOut) -> None:
    """R7: only money of an earlier year is carry-over (L27)."""
    if line.origin >= state.year:
        raise Refused(
            Refusal.ORIGIN_NOT_EARLIER, year=state.year, origin=line.origin, ways_out=[way_out]
        )


CARRY_IN = Kind("carry-in", carry_in, CarryIn)
ADJUST_OPENING = Kind("adjust-opening", adjust_opening, AdjustOpening, finds=lines.adjusted)
RECOVER = Kind("recover", recover, Recover, finds=lines.existing, derives=frozenset({"carryover"}))
TRANSFER = Kind("transfer", transfer, Transfer, finds=lines.transferred)
KINDS = (CARRY_IN, ADJUST_OPENING, RECOVER, TRANSFER)
