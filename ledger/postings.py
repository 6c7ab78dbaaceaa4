"""What an event means: signed moves between the seven accounts of a budget line (domain §2.3).

Written once, here. State, views, audit and tables all add up these postings; nobody re-derives
what a refund does. The postings of an event sum to zero per line, because AUTH (批准来源) carries
the approved money as a credit: an appropriation of 100 posts AUTH −100, EXEC +100.
"""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple, cast

from ledger.errors import Corrupt, Damage
from ledger.events import (
    ApprovalRequested,
    BookAmended,
    BookOpened,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    CarryoverTransferred,
    CommitmentReleased,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    EntryReversed,
    FundPlanApproved,
    IncomeRecognised,
    IndicatorReleased,
    IndicatorWithdrawn,
    InitialBudgetApproved,
    Meant,
    MoneyEvent,
    MonthLocked,
    NonFiscalSurplusUsed,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    RequestApproved,
    RequestRejected,
    StatementReconciled,
    StockRecovered,
    SurplusDistributed,
    SurplusLoaded,
    VoucherPaid,
    YearClosed,
    YearReopened,
    kind_of,
)
from ledger.kinds import Pool
from ledger.line import BudgetLine


class Account(IntEnum):
    """The seven accounts of a line, in the order in which they are stored."""

    AUTH = 0
    """批准来源: what was approved, a credit."""
    PENDING = 1
    """待下达."""
    EXEC = 2
    """可执行: what may still be spent."""
    HELD = 3
    """在途占用."""
    PAID = 4
    """已支付."""
    TAKEN = 5
    """收回、上缴."""
    OUT = 6
    """结转结余转出."""


class Posting(NamedTuple):
    """One signed move. `cause` is the kind of fact that moved the money; a reversal's postings
    carry the cause of what they undo, so that sums by cause stay right. `econ` is a payment's 款.
    """

    line: BudgetLine
    account: Account
    fen: int
    cause: str
    econ: str


class Inflow(NamedTuple):
    """Money of a line's purpose that is on none of its accounts, signed fen: 收入 by its class;
    what a pool of 非财政拨款结余 gives (`used:POOL`); what is distributed (`distributed:WHERE`,
    negative). What a pool has from earlier years (`pool:POOL`) is for no purpose."""

    line: BudgetLine | None
    source: str
    fen: int

    @property
    def pool(self) -> tuple[Pool, int] | None:
        """The pool that it moves, and by how much, fen."""
        kind, _, pool = self.source.partition(":")
        if kind not in ("pool", "used", "distributed") or pool == "tax":
            return None
        return cast(Pool, pool), self.fen if kind == "pool" else -self.fen


AUTH, PENDING, EXEC = Account.AUTH, Account.PENDING, Account.EXEC
HELD, PAID, TAKEN, OUT = Account.HELD, Account.PAID, Account.TAKEN, Account.OUT


def postings(event: Meant) -> tuple[Posting, ...]:
    """The moves of one event; per line they sum to zero (L11). Raises `Corrupt` on an unknown
    event."""
    match event:
        case DisbursementRecorded(line=line, econ=econ, amount_fen=fen, reserve=reserve):
            source = EXEC if reserve is None else HELD
            return (Posting(line, source, -fen, "pay", econ), Posting(line, PAID, fen, "pay", econ))
        case VoucherPaid(items=items):
            return tuple(
                move
                for item in items
                for move in _move(item.line, EXEC, PAID, item.amount_fen, "pay", item.econ)
            )
        case DisbursementRefunded(line=line, econ=econ, amount_fen=fen):
            return _move(line, PAID, EXEC, fen, "refund", econ)
        case OpeningLoaded() | InitialBudgetApproved() | BudgetSupplemented():
            into = PENDING if event.pending else EXEC
            return _move(event.line, AUTH, into, event.amount_fen, kind_of(event))
        case BudgetCut(line=line, amount_fen=fen, from_pending_fen=pending_fen):
            return (
                *(_move(line, PENDING, AUTH, pending_fen, "cut") if pending_fen else ()),
                *(_move(line, EXEC, AUTH, fen - pending_fen, "cut") if fen > pending_fen else ()),
            )
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment="remitted"):
            return _move(line, EXEC, TAKEN, fen, "adjust-opening")
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment=adjustment, decrease=decrease):
            down = lowers(adjustment, decrease=decrease)
            source, target = (EXEC, AUTH) if down else (AUTH, EXEC)
            return _move(line, source, target, fen, "adjust-opening")
        case StockRecovered(line=line, amount_fen=fen, carryover=carryover):
            return _move(line, EXEC, TAKEN if carryover else AUTH, fen, "recover")
        case CarryoverTransferred(line=line, amount_fen=fen, incoming=incoming):
            source, target = (AUTH, EXEC) if incoming else (EXEC, AUTH)
            return _move(line, source, target, fen, "transfer")
        case IndicatorReleased(line=line, amount_fen=fen):
            return _move(line, PENDING, EXEC, fen, "release")
        case IndicatorWithdrawn(line=line, amount_fen=fen):
            return _move(line, EXEC, PENDING, fen, "withdraw")
        case CommitmentReserved(line=line, amount_fen=fen):
            return _move(line, EXEC, HELD, fen, "reserve")
        case CommitmentReleased(line=line, amount_fen=fen):
            return _move(line, HELD, EXEC, fen, "unreserve")
        case BudgetReallocated(sources=sources, targets=targets):
            moves: list[Posting] = []
            for share in sources:
                moves += _move(share.line, EXEC, AUTH, share.amount_fen, "reallocate")
            for share in targets:
                moves += _move(share.line, AUTH, EXEC, share.amount_fen, "reallocate")
            return tuple(moves)
        case YearClosed(lines=closed):
            moves = []
            for each in closed:
                for source, fen in ((EXEC, each.amount_fen), (PENDING, each.pending_fen)):
                    moves += _move(each.line, source, OUT, fen, "close-year") if fen else ()
            return tuple(moves)
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            return tuple(posting._replace(fen=-posting.fen) for posting in postings(undone))
        case RequestApproved(approved=made):
            return postings(made)
        case (
            IncomeRecognised()
            | SurplusLoaded()
            | NonFiscalSurplusUsed()
            | SurplusDistributed()
            | FundPlanApproved()
            | StatementReconciled()
            | ProjectRegistered()
            | MonthLocked()
            | BookOpened()
            | BookAmended()
        ):
            return ()
        case ApprovalRequested() | RequestRejected():
            return ()
        case _:
            raise Corrupt(Damage.BOOK_CORRUPT, f"事件 {type(event).__name__} 没有记账含义")


def lowers(adjustment: str, *, decrease: bool) -> bool:
    """Whether an adjustment lowers the opening. Only of an error does one have to say it."""
    if adjustment == "error-correction":
        return decrease
    return adjustment in ("consolidation-out", "remitted")


def adjustment_of(event: Meant) -> str | None:
    """The kind of opening adjustment that an event is, or that its reversal undoes."""
    match event:
        case DisbursementRecorded():  # here and below: nine entries of ten are asked about first
            return None
        case EntryReversed(reversed=undone):
            return adjustment_of(undone)
        case OpeningAdjusted(adjustment=adjustment):
            return adjustment
        case StockRecovered(carryover=True):
            return "remitted"
        case CarryoverTransferred(incoming=incoming):
            return "consolidation-in" if incoming else "consolidation-out"
        case _:
            return None


def inflows(event: Meant) -> tuple[Inflow, ...]:
    """What one event brings in or takes out beside the accounts; a reversal the negative of it."""
    match event:
        case DisbursementRecorded():
            return ()
        case IncomeRecognised(line=line, source=source, amount_fen=fen):
            return (Inflow(line, source, fen),)
        case SurplusLoaded(pool=pool, amount_fen=fen):
            return (Inflow(None, f"pool:{pool}", fen),)
        case NonFiscalSurplusUsed(line=line, pool=pool, amount_fen=fen):
            return (Inflow(line, f"used:{pool}", fen),)
        case SurplusDistributed(line=line, distribution=where, amount_fen=fen):
            return (Inflow(line, f"distributed:{where}", -fen),)
        case EntryReversed(reversed=undone):
            return tuple(each._replace(fen=-each.fen) for each in inflows(undone))
        case RequestApproved(approved=made):
            return inflows(made)
        case _:
            return ()


def earlier(event: Meant) -> int | None:
    """The entry that an event is about: what it refunds, releases, undoes or settles, or the
    reservation that it is paid from."""
    match event:
        case DisbursementRecorded(reserve=reserve):
            return reserve
        case (
            DisbursementRefunded()
            | CommitmentReleased()
            | EntryReversed()
            | RequestApproved()
            | RequestRejected()
            | YearReopened()
        ):
            return event.original
        case _:
            return None


def settlements(number: int, event: Meant) -> tuple[tuple[int, int, int | None], ...]:
    """What entry `number` does to earlier ones: (original, settled fen, reversed by). Settled is
    what was refunded of a payment, and what was paid from or released of a reservation (L12). A
    request is ended by its approval or rejection as a money entry is by its reversal (L13)."""
    original = earlier(event)
    if original is None:
        return ()
    match event:
        case EntryReversed(reversed=undone):
            given_back = ((of, -fen, None) for of, fen, _ in settlements(original, undone))
            return ((original, 0, number), *given_back)
        case RequestApproved(approved=made):
            return ((original, 0, number), *settlements(number, made))
        case RequestRejected() | YearReopened():
            return ((original, 0, number),)
        case _:
            return ((original, amount_of(event) or 0, None),)


def effective(event: Meant) -> MoneyEvent | None:
    """The money event that an entry brings into effect: itself, or what it approves. None where
    there is none: a reversal takes one back, a request only asks for one."""
    made = event.approved if isinstance(event, RequestApproved) else event
    return made if isinstance(made, MoneyEvent) else None


def amount_of(event: Meant) -> int | None:
    """The fen that a person calls the entry's amount; None where it has none.

    Of a reallocation what moves, of a voucher its total, of a reversal the negative of what it
    undoes, of a request what it asks for.
    """
    match event:
        case DisbursementRecorded(amount_fen=fen):
            return fen
        case YearClosed(lines=closed):
            return sum(each.amount_fen + each.pending_fen for each in closed)
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            amount = amount_of(undone)
            return None if amount is None else -amount
        case RequestApproved(approved=meant) | ApprovalRequested(proposed=meant):
            return amount_of(meant)
        case BudgetReallocated(sources=sources):
            return sum(share.amount_fen for share in sources)
        case VoucherPaid(items=items):
            return sum(item.amount_fen for item in items)
        case ProjectRegistered() | MonthLocked() | BookOpened() | BookAmended():
            return None
        case RequestRejected() | StatementReconciled():
            return None
        case _:
            return event.amount_fen


def lines_of(event: Meant) -> tuple[BudgetLine, ...]:
    """The lines that an event is about, each once, sources first."""
    match event:
        case DisbursementRecorded(line=line):
            return (line,)
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            return lines_of(undone)
        case YearClosed(lines=closed):
            return tuple(each.line for each in closed)
        case RequestApproved(approved=meant) | ApprovalRequested(proposed=meant):
            return lines_of(meant)
        case BudgetReallocated(sources=sources, targets=targets):
            return tuple(dict.fromkeys(share.line for share in (*sources, *targets)))
        case VoucherPaid(items=items):
            return tuple(dict.fromkeys(item.line for item in items))
        case ProjectRegistered() | MonthLocked() | BookOpened() | BookAmended():
            return ()
        case RequestRejected() | StatementReconciled() | SurplusLoaded():
            return ()
        case _:
            return (event.line,)


def net(moves: Iterable[Posting], account: Account) -> int:
    """The sum of the moves of one account."""
    return sum(posting.fen for posting in moves if posting.account is account)


def _move(
    line: BudgetLine, source: Account, target: Account, fen: int, cause: str, econ: str = "-"
) -> tuple[Posting, Posting]:
    return (Posting(line, source, -fen, cause, econ), Posting(line, target, fen, cause, econ))
