"""What an event means: moves of money between the seven accounts of a budget line (domain §2.3).

Written once, here. State, views, audit and tables all add up these moves; nobody re-derives what a
refund does. A move is two postings that sum to zero, because AUTH (批准来源) carries the approved
money as a credit: an appropriation of 100 posts AUTH −100, EXEC +100.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Literal

import msgspec
from msgspec.structs import replace

from ledger.errors import Corrupt, Damage
from ledger.events import (
    ApprovalRequested,
    BookAmended,
    BookOpened,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    CarryoverReclassified,
    CarryoverTransferred,
    CodeSetAdopted,
    CommitmentReleased,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    EntryCorrected,
    EntryReversed,
    FundPlanApproved,
    IncomeRecognised,
    IndicatorReleased,
    IndicatorWithdrawn,
    InitialBudgetApproved,
    ItemCapped,
    LineClosed,
    Meant,
    MoneyEvent,
    MonthLocked,
    MonthUnlocked,
    NonFiscalSurplusUsed,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    RequestApproved,
    RequestRejected,
    Reversible,
    StatementReconciled,
    StockRecovered,
    SurplusAdjusted,
    SurplusDistributed,
    SurplusLoaded,
    SurplusReused,
    VoucherPaid,
    YearClosed,
    YearReopened,
    kind_of,
)
from ledger.events.particulars import OfPayments, Particular
from ledger.kinds import EITHER_WAY, Distribution, IncomeSource, OpeningChange, Pool
from ledger.line import NO_ECON, BudgetLine


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


class Move(msgspec.Struct, frozen=True, gc=False):
    """`fen` of a line that go from one account to another; a reversal's are negative. `cause` is
    the kind of fact that moved the money; the moves of a reversal carry the cause of what they
    undo, so that sums by cause stay right. `econ` is a payment's 款."""

    line: BudgetLine
    source: Account
    target: Account
    fen: int
    cause: str
    econ: str = NO_ECON

    @property
    def paid_fen(self) -> int:
        """What it adds to 已支付, fen."""
        if self.target is PAID:
            return self.fen
        return -self.fen if self.source is PAID else 0

    @property
    def spendable_fen(self) -> int:
        """What it adds to 可执行, fen."""
        if self.source is EXEC:
            return -self.fen
        return self.fen if self.target is EXEC else 0

    @property
    def surplus_fen(self) -> int:
        """What it adds to what was turned into 结余 and not reused, fen."""
        if self.cause == RECLASSIFY:
            return self.fen
        return -self.fen if self.cause == REUSE and self.source is PENDING else 0


class Posting(msgspec.Struct, frozen=True, gc=False):
    """One side of a move, signed: what one account of the line has more."""

    line: BudgetLine
    account: Account
    fen: int
    cause: str
    econ: str


InflowSource = IncomeSource | Literal["pool", "adjusted", "used", "distributed"]


class Inflow(msgspec.Struct, frozen=True, gc=False):
    """Money of a line's purpose that is on none of its accounts, signed fen. `source` is the class
    of an income; `used`: what is taken of a pool of 非财政拨款结余; `distributed`: what goes into
    one, or to the tax office (negative). What a pool has from earlier years is for no purpose: its
    source is `pool`, and `adjusted` where 年初余额调整 has changed it."""

    line: BudgetLine | None
    source: InflowSource
    fen: int
    pool: Distribution | None = None

    @property
    def pooled(self) -> tuple[Pool, int] | None:
        """The pool that it moves, and by how much, fen."""
        if self.pool is None or self.pool == "tax":
            return None
        return self.pool, self.fen if self.source in ("pool", "adjusted") else -self.fen


AUTH, PENDING, EXEC = Account.AUTH, Account.PENDING, Account.EXEC
HELD, PAID, TAKEN, OUT = Account.HELD, Account.PAID, Account.TAKEN, Account.OUT
RECLASSIFY, REUSE = "reclassify", "reuse"
"""The causes of what has become 结余 during the year, and of what was reused of 结余."""


def moves(event: Meant) -> tuple[Move, ...]:
    """The moves of one event, each within one line (L11). Raises `Corrupt` on an unknown event."""
    if type(event) is DisbursementRecorded:  # nine entries of ten; the cases below cost more
        return (payment(event),)
    match event:
        case VoucherPaid(items=items):
            return tuple(Move(i.line, EXEC, PAID, i.amount_fen, "pay", i.econ) for i in items)
        case DisbursementRefunded(line=line, econ=econ, amount_fen=fen):
            return (Move(line, PAID, EXEC, fen, "refund", econ),)
        case OpeningLoaded() | InitialBudgetApproved() | BudgetSupplemented():
            into = PENDING if event.pending else EXEC
            return (Move(event.line, AUTH, into, event.amount_fen, kind_of(event)),)
        case BudgetCut(line=line, amount_fen=fen, from_pending_fen=pending_fen):
            parts = ((PENDING, pending_fen), (EXEC, fen - pending_fen))
            return tuple(Move(line, source, AUTH, part, "cut") for source, part in parts if part)
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment="remitted"):
            return (Move(line, EXEC, TAKEN, fen, "adjust-opening"),)
        case OpeningAdjusted(line=line, amount_fen=fen, adjustment=adjustment, decrease=decrease):
            down = lowers(adjustment, decrease=decrease)
            source, target = (EXEC, AUTH) if down else (AUTH, EXEC)
            return (Move(line, source, target, fen, "adjust-opening"),)
        case StockRecovered(line=line, amount_fen=fen, carryover=carryover):
            return (Move(line, EXEC, TAKEN if carryover else AUTH, fen, "recover"),)
        case CarryoverTransferred(line=line, amount_fen=fen, incoming=incoming):
            source, target = (AUTH, EXEC) if incoming else (EXEC, AUTH)
            return (Move(line, source, target, fen, "transfer"),)
        case IndicatorReleased(line=line, amount_fen=fen):
            return (Move(line, PENDING, EXEC, fen, "release"),)
        case IndicatorWithdrawn(line=line, amount_fen=fen):
            return (Move(line, EXEC, PENDING, fen, "withdraw"),)
        case CarryoverReclassified(line=line, amount_fen=fen):
            return (Move(line, EXEC, PENDING, fen, RECLASSIFY),)
        case SurplusReused(line=line, to_line=to_line, amount_fen=fen):
            return (
                Move(line, PENDING, AUTH, fen, REUSE),
                Move(to_line, AUTH, EXEC, fen, REUSE),
            )
        case CommitmentReserved(line=line, amount_fen=fen):
            return (Move(line, EXEC, HELD, fen, "reserve"),)
        case CommitmentReleased(line=line, amount_fen=fen):
            return (Move(line, HELD, EXEC, fen, "unreserve"),)
        case BudgetReallocated(sources=sources, targets=targets):
            return (
                *(Move(s.line, EXEC, AUTH, s.amount_fen, "reallocate") for s in sources),
                *(Move(s.line, AUTH, EXEC, s.amount_fen, "reallocate") for s in targets),
            )
        case YearClosed(lines=closed):
            left = ((c.line, s, f) for c in closed for s, f in _left(c))
            return tuple(Move(line, source, OUT, fen, "close-year") for line, source, fen in left)
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            return tuple(replace(move, fen=-move.fen) for move in moves(undone))
        case EntryCorrected(reversed=undone, right=right):
            return (*(replace(move, fen=-move.fen) for move in moves(undone)), *moves(right))
        case RequestApproved(approved=made):
            return moves(made)
        case (
            IncomeRecognised()
            | SurplusLoaded()
            | SurplusAdjusted()
            | NonFiscalSurplusUsed()
            | SurplusDistributed()
            | FundPlanApproved()
            | ItemCapped()
            | StatementReconciled()
            | ProjectRegistered()
            | CodeSetAdopted()
            | MonthLocked()
            | MonthUnlocked()
            | BookOpened()
            | BookAmended()
            | Particular()
        ):
            return ()
        case ApprovalRequested() | RequestRejected():
            return ()
        case _:
            raise Corrupt(Damage.BOOK_CORRUPT, f"事件 {type(event).__name__} 没有记账含义")


def payment(event: DisbursementRecorded) -> Move:
    """The one move of a payment, which draws on its line or on a reservation of it."""
    source = EXEC if event.reserve is None else HELD
    return Move(event.line, source, PAID, event.amount_fen, "pay", event.econ)


def _left(closed: LineClosed) -> Iterator[tuple[Account, int]]:
    """What leaves a line at the end of its year: 可执行 and 待下达."""
    for account, fen in ((EXEC, closed.amount_fen), (PENDING, closed.pending_fen)):
        if fen:
            yield account, fen


def postings(event: Meant) -> tuple[Posting, ...]:
    """Both sides of every move of an event, for those who tell accounts one by one; per line they
    sum to zero. Raises `Corrupt` on an unknown event."""
    return tuple(
        Posting(move.line, account, fen, move.cause, move.econ)
        for move in moves(event)
        for account, fen in ((move.source, -move.fen), (move.target, move.fen))
    )


def lowers(adjustment: str, *, decrease: bool) -> bool:
    """Whether an adjustment lowers the opening. Only of what goes either way does one have to say
    it."""
    if adjustment in EITHER_WAY:
        return decrease
    return adjustment in ("consolidation-out", "remitted")


def adjustment_of(event: Meant) -> OpeningChange | None:
    """The change of the opening that an event is, or that its reversal undoes."""
    match event:
        case EntryReversed(reversed=undone) | EntryCorrected(right=undone):
            return adjustment_of(undone)
        case OpeningAdjusted(adjustment=adjustment) | SurplusAdjusted(adjustment=adjustment):
            return adjustment
        case StockRecovered(carryover=True):
            return "remitted"
        case CarryoverTransferred(incoming=incoming):
            return "consolidation-in" if incoming else "consolidation-out"
        case SurplusReused(line=line, occurred_on=day):
            return "internal" if line.origin < day.year else None
        case _:
            return None


def inflows(event: Meant) -> tuple[Inflow, ...]:
    """What one event brings in or takes out beside the accounts, at most one; a reversal the
    negative of it, and a correction that and what is right."""
    match event:
        case IncomeRecognised(line=line, source=source, amount_fen=fen):
            return (Inflow(line, source, fen),)
        case SurplusLoaded(pool=pool, amount_fen=fen):
            return (Inflow(None, "pool", fen, pool),)
        case SurplusAdjusted(pool=pool, amount_fen=fen, decrease=decrease):
            return (Inflow(None, "adjusted", -fen if decrease else fen, pool),)
        case NonFiscalSurplusUsed(line=line, pool=pool, amount_fen=fen):
            return (Inflow(line, "used", fen, pool),)
        case SurplusDistributed(line=line, distribution=where, amount_fen=fen):
            return (Inflow(line, "distributed", -fen, where),)
        case EntryReversed(reversed=undone):
            return tuple(replace(each, fen=-each.fen) for each in inflows(undone))
        case EntryCorrected(reversed=undone, right=right):
            return (*(replace(each, fen=-each.fen) for each in inflows(undone)), *inflows(right))
        case RequestApproved(approved=made):
            return inflows(made)
        case _:
            return ()


def earlier(event: Meant) -> int | None:
    """The entry that an event is about: what it refunds, releases, undoes, asks to have undone, or
    settles, or the reservation that it is paid from."""
    if type(event) is DisbursementRecorded:
        return event.reserve
    match event:
        case (
            DisbursementRefunded()
            | CommitmentReleased()
            | EntryReversed()
            | EntryCorrected()
            | RequestApproved()
            | RequestRejected()
            | YearReopened()
        ):
            return event.original
        case ApprovalRequested(
            proposed=EntryReversed(original=number) | EntryCorrected(original=number)
        ):
            return number
        case _:
            return None


def settlements(number: int, event: Meant) -> tuple[tuple[int, int, int | None], ...]:
    """What entry `number` does to earlier ones: (original, settled fen, reversed by). Settled is
    what was refunded of a payment, and what was paid from or released of a reservation (L12). A
    request is ended by its approval or rejection as a money entry is by its reversal (L13); it
    does nothing itself, so that what it wants undone stands until it is approved."""
    original = earlier(event)
    if original is None:
        return ()
    match event:
        case EntryReversed(reversed=undone):
            given_back = ((of, -fen, None) for of, fen, _ in settlements(original, undone))
            return ((original, 0, number), *given_back)
        case RequestApproved(approved=made):
            return ((original, 0, number), *settlements(number, made))
        case RequestRejected() | YearReopened() | EntryCorrected():
            return ((original, 0, number),)
        case ApprovalRequested():
            return ()
        case _:
            return ((original, amount_of(event) or 0, None),)


def effective(event: Meant) -> Reversible | None:
    """What an entry brings into effect and can be taken back: itself, what it approves, or what it
    puts in the place of another. None where there is none: a reversal takes one back, a request
    only asks for one."""
    made = event.approved if isinstance(event, RequestApproved) else event
    if isinstance(made, EntryCorrected):
        return made.right
    return made if isinstance(made, Reversible) else None


def correctable(event: Meant) -> bool:
    """Whether an entry can be put right by another: it brought money into effect that is about no
    earlier one."""
    made = effective(event)
    return isinstance(made, MoneyEvent) and earlier(made) is None


def paid_for(event: Meant) -> tuple[int, ...]:
    """The entries, as they were recorded first, of the payments that were made for what an event
    tells (L77)."""
    return tuple(tied.entry for tied in event.payments) if isinstance(event, OfPayments) else ()


def capped(event: Meant) -> tuple[ItemCapped | None, ItemCapped | None]:
    """The 三公限额 that an event takes back, and the one that it sets; None where there is none."""
    match event:
        case ItemCapped():
            return None, event
        case EntryReversed(reversed=ItemCapped() as undone):
            return undone, None
        case EntryCorrected(reversed=ItemCapped() as undone, right=ItemCapped() as right):
            return undone, right
        case _:
            return None, None


def refunded(event: Meant) -> tuple[int, int, int] | None:
    """What a refund gives back of one item of a voucher, and its reversal takes again: the entry,
    the position of the item, signed fen. None of anything else."""
    match event:
        case DisbursementRefunded(original=original, item=int(item), amount_fen=fen):
            return original, item, fen
        case EntryReversed(reversed=DisbursementRefunded(item=int(item)) as undone):
            return undone.original, item, -undone.amount_fen
        case RequestApproved(approved=made):
            return refunded(made)
        case _:
            return None


def corrects(event: Meant) -> EntryCorrected | None:
    """The correction that an entry is, or approves."""
    made = event.approved if isinstance(event, RequestApproved) else event
    return made if isinstance(made, EntryCorrected) else None


def doc_of(event: Meant) -> str:
    """The 文号 of what an entry brings into effect: the approval of a correction may bear its own
    ."""
    correction = corrects(event)
    return event.doc if correction is None else correction.right.doc


def undoes(event: Meant) -> int | None:
    """The entry that an event takes back, also to put another in its place, and also by approval;
    None of anything else."""
    made = event.approved if isinstance(event, RequestApproved) else event
    return (
        made.original if isinstance(made, EntryReversed | EntryCorrected | YearReopened) else None
    )


def first_of(number: int, event: Meant) -> int:
    """The entry that was recorded first of what entry `number` tells: of a correction the one that
    was corrected, and corrected again; else itself."""
    correction = corrects(event)
    return number if correction is None else correction.first or correction.original


def undone_fen(event: Meant) -> int | None:
    """What a correction takes back of the amount of what it undoes, negative fen; None of anything
    else. Its own amount is that of what is right."""
    made = event.proposed if isinstance(event, ApprovalRequested) else event
    correction = corrects(made)
    return None if correction is None else -(amount_of(correction.reversed) or 0)


def amount_of(event: Meant) -> int | None:
    """The fen that a person calls the entry's amount; None where it has none.

    Of a reallocation what moves, of a voucher its total, of a reversal the negative of what it
    undoes, of a correction what is right (`undone_fen` is the rest), of a request what it asks for.
    """
    match event:
        case YearClosed(lines=closed):
            return sum(each.amount_fen + each.pending_fen for each in closed)
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            amount = amount_of(undone)
            return None if amount is None else -amount
        case EntryCorrected(right=right):
            return amount_of(right)
        case RequestApproved(approved=meant) | ApprovalRequested(proposed=meant):
            return amount_of(meant)
        case BudgetReallocated(sources=sources):
            return sum(share.amount_fen for share in sources)
        case VoucherPaid(items=items):
            return sum(item.amount_fen for item in items)
        case ProjectRegistered() | MonthLocked() | BookOpened() | BookAmended():
            return None
        case RequestRejected() | StatementReconciled() | MonthUnlocked() | CodeSetAdopted():
            return None
        case Particular():  # of assets it is not always said
            return getattr(event, "amount_fen", None) or None
        case _:
            return event.amount_fen


def lines_of(event: Meant) -> tuple[BudgetLine, ...]:
    """The lines that an event is about, each once, sources first; of a correction what is right
    before what was wrong."""
    match event:
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            return lines_of(undone)
        case EntryCorrected(reversed=undone, right=right):
            return tuple(dict.fromkeys((*lines_of(right), *lines_of(undone))))
        case YearClosed(lines=closed):
            return tuple(each.line for each in closed)
        case RequestApproved(approved=meant) | ApprovalRequested(proposed=meant):
            return lines_of(meant)
        case BudgetReallocated(sources=sources, targets=targets):
            return tuple(dict.fromkeys(share.line for share in (*sources, *targets)))
        case VoucherPaid(items=items):
            return tuple(dict.fromkeys(item.line for item in items))
        case SurplusReused(line=line, to_line=to_line):
            return (line, to_line)
        case ProjectRegistered() | MonthLocked() | BookOpened() | BookAmended():
            return ()
        case RequestRejected() | StatementReconciled() | MonthUnlocked():
            return ()
        case SurplusLoaded() | SurplusAdjusted():
            return ()
        case ItemCapped() | CodeSetAdopted() | Particular():
            return ()
        case _:
            return (event.line,)


class Meaning(msgspec.Struct, frozen=True, gc=False):
    """All that an event means by itself, as the functions above tell it one by one."""

    moves: tuple[Move, ...]
    inflows: tuple[Inflow, ...]
    lines: tuple[BudgetLine, ...]
    amount_fen: int | None
    original: int | None
    adjustment: OpeningChange | None
    undone_fen: int | None = None
    undoes: int | None = None


def meaning(event: Meant) -> Meaning:
    """All of it at once, for those who write it down. Raises `Corrupt` on an unknown event."""
    if type(event) is DisbursementRecorded:  # nine entries of ten: nothing to search for
        return Meaning((payment(event),), (), (event.line,), event.amount_fen, event.reserve, None)
    return Meaning(
        moves(event),
        inflows(event),
        lines_of(event),
        amount_of(event),
        earlier(event),
        adjustment_of(event),
        undone_fen(event),
        undoes(event),
    )
