"""What an event does to a book: its postings, and beside them cash, 三公 caps, plans and pools.
From the event alone.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.codes import ITEM_OF_ECON
from ledger.events import (
    BudgetReallocated,
    BudgetSupplemented,
    DisbursementRecorded,
    DisbursementRefunded,
    EntryReversed,
    FundPlanApproved,
    InitialBudgetApproved,
    Meant,
    RequestApproved,
    VoucherPaid,
    YearClosed,
    YearReopened,
)
from ledger.kinds import Pool
from ledger.line import BudgetLine, Fund
from ledger.postings import Account, Inflow, Posting, inflows, postings

Moves = tuple[Posting, ...]


class Effects(NamedTuple):
    """What an event does to a book, fen."""

    moves: Moves
    inflows: tuple[Inflow, ...]
    cash_fen: int
    """Added to the non-fiscal cash: income + carried in ± adjusted + used of pools − handed back −
    payments − distributed."""
    turnover_fen: int
    """Newly approved or received."""
    caps: tuple[tuple[str, int, int], ...]
    plans: tuple[tuple[BudgetLine, int, int], ...]
    """用款计划: (line, month, added)."""
    pools: tuple[tuple[Pool, int], ...] = ()
    """非财政拨款结余: (pool, added)."""


_LEAVES = (Account.PAID, Account.TAKEN)


_BRINGS_OPENING = frozenset({"carry-in", "adjust-opening", "transfer"})
"""The causes that approve money which is in hand already; a budget alone brings no cash."""


_last: tuple[Meant | None, Effects] = (None, Effects((), (), 0, 0, (), ()))


def effects(event: Meant) -> Effects:
    """The effects of an event. Deciding, recording and showing one event ask for them in turn, so
    the last answer is kept; events are immutable."""
    global _last  # noqa: PLW0603 - a cache of one
    if _last[0] is event:
        return _last[1]
    if isinstance(event, DisbursementRecorded):  # nine entries of ten: nothing to search for
        cash_fen = -event.amount_fen if event.line.fund is Fund.NONFISCAL else 0
        found = Effects(postings(event), (), cash_fen, 0, cap_effects(event), ())
        _last = (event, found)
        return found
    moves, incomes = postings(event), inflows(event)
    cash_fen = turnover_fen = 0
    for line, account, fen, cause, _ in moves:
        if account is Account.AUTH and fen < 0:
            turnover_fen -= fen
        if line.fund is Fund.NONFISCAL and (
            account in _LEAVES or (account is Account.AUTH and cause in _BRINGS_OPENING)
        ):
            cash_fen -= fen
    for inflow in incomes:
        turnover_fen += max(inflow.fen, 0)
        if inflow.line is not None and inflow.line.fund is Fund.NONFISCAL:
            cash_fen += inflow.fen
    cash_fen -= _cash_closed(event)
    plans = plan_effects(event)
    pools = tuple(inflow.pool for inflow in incomes if inflow.pool is not None)
    found = Effects(moves, incomes, cash_fen, turnover_fen, cap_effects(event), plans, pools)
    _last = (event, found)
    return found


def _cash_closed(event: Meant) -> int:
    """The non-fiscal cash that goes over to next year."""
    match event:
        case YearClosed(cash=shares):
            return sum(share.amount_fen for share in shares if share.line.fund is Fund.NONFISCAL)
        case YearReopened(reopened=undone):
            return -_cash_closed(undone)
        case RequestApproved(approved=made):
            return _cash_closed(made)
        case _:
            return 0


def cap_effects(event: Meant) -> tuple[tuple[str, int, int], ...]:
    """R3: what an event adds to (三公 item, its cap, its payments), fen; general fund only.

    The cap is the initial appropriations on the item's own 5-digit lines and what supplements and
    reallocations bring into them; cuts do not lower it. Every payment of the econ counts.
    """
    match event:
        case DisbursementRecorded(line=line, econ=econ, amount_fen=fen):
            item = three_public_item(line, econ)
            return ((item, 0, fen),) if item else ()
        case VoucherPaid(items=items):
            paid = ((three_public_item(i.line, i.econ), i.amount_fen) for i in items)
            return tuple((item, 0, fen) for item, fen in _by_item(paid))
        case DisbursementRefunded(line=line, econ=econ, amount_fen=fen):
            item = three_public_item(line, econ)
            return ((item, 0, -fen),) if item else ()
        case (
            InitialBudgetApproved(line=line, amount_fen=fen)
            | BudgetSupplemented(line=line, amount_fen=fen)
        ):
            item = three_public_item(line, line.econ)
            return ((item, fen, 0),) if item else ()
        case BudgetReallocated(targets=targets):
            raised = ((three_public_item(s.line, s.line.econ), s.amount_fen) for s in targets)
            return tuple((item, fen, 0) for item, fen in _by_item(raised))
        case EntryReversed(reversed=undone):
            return tuple((item, -cap, -spent) for item, cap, spent in cap_effects(undone))
        case RequestApproved(approved=made):
            return cap_effects(made)
        case _:
            return ()


def _by_item(parts: Iterable[tuple[str | None, int]]) -> Iterable[tuple[str, int]]:
    """One sum per 三公 item: an entry is judged as a whole."""
    sums: dict[str, int] = {}
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
        case RequestApproved(approved=made):
            return plan_effects(made)
        case _:
            return ()


def three_public_item(line: BudgetLine, econ: str) -> str | None:
    """The 三公 item that money of this line and econ belongs to, general fund only (R3)."""
    return ITEM_OF_ECON.get(econ) if line.fund is Fund.GENERAL else None
