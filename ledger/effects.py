"""What an event does to a book: its moves, and beside them cash, 三公 caps, plans and pools.
From the event alone.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Generic, TypeVar

import msgspec

from ledger.codes import ITEM_OF_ECON
from ledger.events import (
    BudgetReallocated,
    BudgetSupplemented,
    DisbursementRecorded,
    DisbursementRefunded,
    EntryCorrected,
    EntryReversed,
    FundPlanApproved,
    InitialBudgetApproved,
    Meant,
    RequestApproved,
    SurplusReused,
    VoucherPaid,
    YearClosed,
    YearReopened,
)
from ledger.kinds import Pool, ThreePublicItem
from ledger.line import FISCAL_FUNDS, BudgetLine, Fund
from ledger.postings import AUTH, PAID, TAKEN, Inflow, Move, inflows, moves, payment
from ledger.procurement import Procured, procured

NONFISCAL = Fund.NONFISCAL


CapEffect = tuple[ThreePublicItem, int, int]
"""三公 item, what is added to its cap and to its payments, fen."""


class Effects(msgspec.Struct, frozen=True, gc=False):
    """What an event does to a book, fen."""

    moves: tuple[Move, ...] = ()
    inflows: tuple[Inflow, ...] = ()
    cash: tuple[tuple[str, int], ...] = ()
    """Added to the non-fiscal cash: (project, or `-` where it is bound to none, added), each
    project once: income + carried in ± adjusted + used of pools − handed back − payments −
    distributed."""
    turnover_fen: int = 0
    """Newly approved or received."""
    caps: tuple[CapEffect, ...] = ()
    plans: tuple[tuple[BudgetLine, int, int], ...] = ()
    """用款计划: (line, month, added)."""
    pools: tuple[tuple[Pool, int], ...] = ()
    """非财政拨款结余: (pool, added)."""
    procured: tuple[Procured, ...] = ()

    @property
    def cash_fen(self) -> int:
        """Added to the non-fiscal cash in all."""
        return sum(fen for _, fen in self.cash)


NOTHING = Effects()

Event_co = TypeVar("Event_co", bound=Meant, covariant=True)


class Decided(msgspec.Struct, Generic[Event_co], frozen=True, gc=False):
    """An event that may be recorded, with what it does: a decision works that out to judge it, and
    whoever adds the event to a book is handed what was judged (L14)."""

    event: Event_co
    does: Effects = NOTHING


_LEAVES = (PAID, TAKEN)


_BRINGS_OPENING = frozenset({"carry-in", "adjust-opening", "transfer"})
"""The causes that approve money which is in hand already; a budget alone brings no cash."""


def effects(event: Meant) -> Effects:
    """The effects of an event."""
    if type(event) is DisbursementRecorded:  # nine entries of ten: nothing to search for
        line = event.line
        paid = ((line.project, -event.amount_fen),) if line.fund is NONFISCAL else ()
        caps = cap_effects(event)
        if event.contract or event.procurement_type is not None:
            return Effects((payment(event),), (), paid, 0, caps, procured=procured(event))
        return Effects((payment(event),), (), paid, 0, caps)
    moved, incomes = moves(event), inflows(event)
    turnover_fen = sum(max(inflow.fen, 0) for inflow in incomes)
    for move in moved:
        for account, fen in ((move.source, -move.fen), (move.target, move.fen)):
            if account is AUTH and fen < 0:
                turnover_fen -= fen
    cash = cash_moved(moved, incomes)
    for project, fen in _cash_closed(event):
        cash[project] -= fen
    pools: Counter[Pool] = Counter()
    for inflow in incomes:
        if inflow.pooled is not None:
            pool, fen = inflow.pooled
            pools[pool] += fen
    return Effects(
        moved,
        incomes,
        tuple((project, fen) for project, fen in cash.items() if fen),
        turnover_fen,
        cap_effects(event),
        plan_effects(event),
        tuple(pools.items()),
        procured(event),
    )


def cash_moved(moved: Iterable[Move], incomes: Iterable[Inflow]) -> Counter[str]:
    """What moves and inflows add to the non-fiscal cash, fen by project, `-` for what is bound to
    none; without what goes over to next year."""
    cash: Counter[str] = Counter()
    for move in moved:
        if move.line.fund is NONFISCAL:
            for account, fen in ((move.source, -move.fen), (move.target, move.fen)):
                if account in _LEAVES or (account is AUTH and move.cause in _BRINGS_OPENING):
                    cash[move.line.project] -= fen
    for inflow in incomes:
        if inflow.line is not None and inflow.line.fund is NONFISCAL:
            cash[inflow.line.project] += inflow.fen
    return cash


def _cash_closed(event: Meant) -> tuple[tuple[str, int], ...]:
    """The non-fiscal cash that goes over to next year, (project or `-`, fen)."""
    match event:
        case YearClosed(cash=shares):
            own = (share for share in shares if share.line.fund is NONFISCAL)
            return tuple((share.line.project, share.amount_fen) for share in own)
        case YearReopened(reopened=undone):
            return tuple((project, -fen) for project, fen in _cash_closed(undone))
        case RequestApproved(approved=made):
            return _cash_closed(made)
        case _:
            return ()


def cap_effects(event: Meant) -> tuple[CapEffect, ...]:
    """R3: what an event adds to the caps and payments of 三公 items, of all 财政拨款.

    The cap is the initial appropriations on the item's own 5-digit lines and what supplements,
    reallocations and reused 结余 bring into them; cuts do not lower it. Where the item has a cap of
    its own (三公限额) these lie inside it. Every payment of the econ counts.
    """
    if type(event) is DisbursementRecorded:
        item = three_public_item(event.line, event.econ)
        return ((item, 0, event.amount_fen),) if item else ()
    match event:
        case VoucherPaid(items=items):
            paid = ((three_public_item(i.line, i.econ), i.amount_fen) for i in items)
            return tuple((item, 0, fen) for item, fen in _by_item(paid))
        case DisbursementRefunded(line=line, econ=econ, amount_fen=fen):
            item = three_public_item(line, econ)
            return ((item, 0, -fen),) if item else ()
        case (
            InitialBudgetApproved(line=line, amount_fen=fen)
            | BudgetSupplemented(line=line, amount_fen=fen)
            | SurplusReused(to_line=line, amount_fen=fen)
        ):
            item = three_public_item(line, line.econ)
            return ((item, fen, 0),) if item else ()
        case BudgetReallocated(targets=targets):
            raised = ((three_public_item(s.line, s.line.econ), s.amount_fen) for s in targets)
            return tuple((item, fen, 0) for item, fen in _by_item(raised))
        case EntryReversed(reversed=undone):
            return tuple((item, -cap, -spent) for item, cap, spent in cap_effects(undone))
        case EntryCorrected(reversed=undone, right=right):
            return _together(cap_effects(undone), cap_effects(right))
        case RequestApproved(approved=made):
            return cap_effects(made)
        case _:
            return ()


def _together(
    undone: tuple[CapEffect, ...],
    right: tuple[CapEffect, ...],
) -> tuple[CapEffect, ...]:
    """What a correction does to each 三公 item, as one."""
    net: dict[ThreePublicItem, tuple[int, int]] = {}
    for sign, caps in ((-1, undone), (1, right)):
        for item, cap_fen, spent_fen in caps:
            cap, spent = net.get(item, (0, 0))
            net[item] = (cap + sign * cap_fen, spent + sign * spent_fen)
    return tuple((item, *fen) for item, fen in net.items() if any(fen))


def _by_item(
    parts: Iterable[tuple[ThreePublicItem | None, int]],
) -> Iterable[tuple[ThreePublicItem, int]]:
    """One sum per 三公 item: an entry is judged as a whole."""
    sums: dict[ThreePublicItem, int] = {}
    for item, fen in parts:
        if item:
            sums[item] = sums.get(item, 0) + fen
    return sums.items()


def plan_effects(event: Meant) -> tuple[tuple[BudgetLine, int, int], ...]:
    """用款计划: what an event adds to (line, month), fen."""
    match event:
        case FundPlanApproved(line=line, month=month, amount_fen=fen):
            return ((line, month, fen),)
        case EntryReversed(reversed=FundPlanApproved(line=line, month=month, amount_fen=fen)):
            return ((line, month, -fen),)
        case EntryCorrected(
            reversed=FundPlanApproved() as undone, right=FundPlanApproved() as right
        ):
            return (
                (undone.line, undone.month, -undone.amount_fen),
                (right.line, right.month, right.amount_fen),
            )
        case RequestApproved(approved=made):
            return plan_effects(made)
        case _:
            return ()


def three_public_item(line: BudgetLine, econ: str) -> ThreePublicItem | None:
    """The 三公 item that money of this line and econ belongs to, of any 财政拨款 (R3)."""
    return ITEM_OF_ECON.get(econ) if line.fund in FISCAL_FUNDS else None
