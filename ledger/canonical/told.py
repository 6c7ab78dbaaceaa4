"""An entry as rows of the public file."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any

import msgspec

from ledger.canonical import particulars
from ledger.canonical.columns import RowCells
from ledger.effects import three_public_item
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
    FinalAccountApproved,
    FundPlanApproved,
    IncomeRecognised,
    IndicatorReleased,
    IndicatorWithdrawn,
    InitialBudgetApproved,
    ItemCapped,
    Meant,
    MonthLocked,
    MonthUnlocked,
    NonFiscalSurplusUsed,
    OfManyLines,
    OpeningAdjusted,
    OpeningLoaded,
    ProjectRegistered,
    ReportPublished,
    RequestApproved,
    RequestRejected,
    Share,
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
from ledger.events.particulars import Particular
from ledger.line import BudgetLine, econ_class
from ledger.money import plain_yuan
from ledger.rules.authority import authority_needed, granted, required
from ledger.texts import folded

_YES = "yes"


def row_ids(number: int, hash_: bytes, key: str | None, parts: int) -> list[str]:
    """The id of each row of an entry: its key, else its number and the beginning of its hash. Where
    it becomes several rows, the latter, so that no key of another entry can be the same."""
    own = f"{number}-{hash_.hex()[:12]}"
    if parts == 1:
        return [key or own]
    return [f"{own}/{part}" for part in range(1, parts + 1)]


def single(event: Meant) -> tuple[Meant, ...]:
    """The events of one row each that do together what `event` does; none where no row can.

    A transfer is half of something in two books; in this one it is what a consolidation is, to the
    fen and in every table (L43). A closing moves what is left out of the book, and a file of rows
    is the book before it.
    """
    match event:
        case EntryReversed(reversed=undone):
            return tuple(_undoing(event, part) for part in single(undone))
        case EntryCorrected(reversed=undone, right=right):
            pairs = zip(single(undone), single(right), strict=True)
            return tuple(
                msgspec.structs.replace(event, reversed=wrong, right=part) for wrong, part in pairs
            )
        case RequestApproved(approved=made):
            return single(made)
        case VoucherPaid():
            return tuple(_payments(event))
        case BudgetReallocated(sources=[_], targets=[_]):
            return (event,)
        case BudgetReallocated():
            return tuple(_pairs(event))
        case CarryoverTransferred():
            return (
                OpeningAdjusted(
                    occurred_on=event.occurred_on,
                    doc=event.doc,
                    reason=event.reason,
                    line=event.line,
                    amount_fen=event.amount_fen,
                    adjustment="consolidation-in" if event.incoming else "consolidation-out",
                ),
            )
        case (
            BookOpened()
            | BookAmended()
            | CodeSetAdopted()
            | StatementReconciled()
            | ApprovalRequested()
            | RequestRejected()
            | MonthUnlocked()
            | YearClosed()
            | YearReopened()
            | FinalAccountApproved()
            | ReportPublished()
        ):
            return ()
        case _:
            return (event,)


def _payments(event: VoucherPaid) -> Iterator[DisbursementRecorded]:
    """A voucher as payments."""
    said = msgspec.structs.asdict(event)
    del said["items"]
    for item in event.items:
        yield DisbursementRecorded(
            **said,
            line=item.line,
            econ=item.econ,
            amount_fen=item.amount_fen,
        )


class PaidAgain:
    """Says of the payments that a voucher becomes which are paid again: as rows under one 文号 they
    are doubles where the vouchers, which are compared as wholes, are none (R16). What it remembers
    are the items of vouchers that stand and have a 文号, a few bytes each."""

    def __init__(self) -> None:
        self._items: Counter[bytes] = Counter()

    def said(self, event: Meant, parts: tuple[Meant, ...]) -> tuple[Meant, ...]:
        """The parts of the next event of a book, as their rows must say them."""
        match event:
            case VoucherPaid() | EntryCorrected(right=VoucherPaid()):
                return tuple(map(self._said, parts))
            case EntryReversed(reversed=VoucherPaid()):
                for part in parts:
                    self._said(part)
        return parts

    def _said(self, part: Meant) -> Meant:
        match part:
            case DisbursementRecorded(doc=str(doc)) if doc:
                item = self._item(part)
                again = part.again or item in self._items
                self._items[item] += 1
                return msgspec.structs.replace(part, again=again)
            case EntryReversed(reversed=DisbursementRecorded() as undone):
                self._gone(undone)
            case EntryCorrected(reversed=DisbursementRecorded() as undone, right=right):
                self._gone(undone)
                return msgspec.structs.replace(part, right=self._said(right))
        return part

    def _gone(self, undone: DisbursementRecorded) -> None:
        if undone.doc:
            item = self._item(undone)
            self._items[item] -= 1
            if not self._items[item]:
                del self._items[item]

    @staticmethod
    def _item(paid: DisbursementRecorded) -> bytes:
        texts = (folded(paid.doc), folded(paid.payee), paid.line, paid.econ, str(paid.amount_fen))
        return blake2b("\n".join(texts).encode(), digest_size=16).digest()


_ALIKE: tuple[Callable[[BudgetLine], object], ...] = (
    lambda line: (line.purpose, econ_class(line.econ), three_public_item(line, line.econ)),
    lambda line: (line.purpose, econ_class(line.econ)),
    lambda line: (),
)
"""R5: lines that are alike in this way are paired first, since that needs the least authority."""


def _pairs(event: BudgetReallocated) -> Iterator[BudgetReallocated]:
    """A reallocation as pairs of a source and a target. Where a pair needs more authority than the
    whole did, the row says so: without it the row would only ask for approval (L44)."""
    leaves = {share.line: share.amount_fen for share in event.sources}
    arrives = {share.line: share.amount_fen for share in event.targets}
    for alike in _ALIKE:
        fitting: dict[object, list[BudgetLine]] = defaultdict(list)
        for target in arrives:
            fitting[alike(target)].append(target)
        for source in [share.line for share in event.sources]:
            for target in fitting[alike(source)]:
                fen = min(leaves[source], arrives[target])
                if not fen:
                    continue
                leaves[source] -= fen
                arrives[target] -= fen
                sources, targets = (Share(source, fen),), (Share(target, fen),)
                needed, _ = authority_needed(sources, targets)
                enough = granted(event.authority, needed)
                authority = event.authority if enough else needed
                yield msgspec.structs.replace(
                    event, sources=sources, targets=targets, authority=authority
                )


def _undoing(event: EntryReversed, part: Any) -> EntryReversed:
    """The reversal of one part of what `event` undoes; with the authority that the part was given,
    where that is more (as of the part itself)."""
    alone = msgspec.structs.replace(event, reversed=part)
    needed, _ = required(alone) or (None, "")
    if needed is None or granted(event.authority, needed):
        return alone
    return msgspec.structs.replace(alone, authority=needed)


def cells_of(event: Meant) -> RowCells:
    """What a row says beside its id, date, doc and ref. The reason stands in `purpose`, and in
    `reason` where the kind has a purpose of its own. Raises `Corrupt`."""
    said = {"kind": kind_of(event), "purpose": event.reason}
    if isinstance(event, DisbursementRecorded | CommitmentReserved):
        said |= {"purpose": event.purpose, "reason": event.reason}
    match event:
        case Particular():
            return RowCells(kind=kind_of(event), reason=event.reason, **particulars.told(event))
        case ProjectRegistered(code=code, name=name):
            return RowCells(**said, project=code, name=name)
        case MonthLocked():
            return RowCells(**said, month=_month(event))
        case OpeningLoaded() | InitialBudgetApproved() | BudgetSupplemented():
            return RowCells(**said, **_on_line(event), pending=_YES if event.pending else "")
        case OpeningAdjusted(adjustment=adjustment, decrease=decrease):
            word = adjustment + ("-decrease" if decrease else "")
            return RowCells(**said, **_on_line(event), adjustment=word)
        case StockRecovered() | BudgetCut() | IndicatorReleased() | IndicatorWithdrawn():
            return RowCells(**said, **_on_line(event))
        case CarryoverReclassified(cause=cause):
            return RowCells(**said, **_on_line(event), adjustment=cause)
        case FundPlanApproved():
            return RowCells(**said, **_on_line(event), month=_month(event))
        case BudgetReallocated(sources=[source], targets=[target], authority=authority):
            return RowCells(
                **said, **_on_line(source), **_received(target.line), authority=authority
            )
        case SurplusReused(to_line=to_line):
            return RowCells(**said, **_on_line(event), **_received(to_line))
        case CommitmentReserved(payee=payee, contract=contract):
            return RowCells(**said, **_on_line(event), payee=payee, contract=contract)
        case DisbursementRecorded():
            return RowCells(
                **said,
                **_parts(event.line.at_econ(event.econ)),
                amount=plain_yuan(event.amount_fen),
                payee=event.payee,
                pay_type=event.pay_type or "",
                procurement=_YES if event.procurement else "",
                direct_funds=_YES if event.direct_funds else "",
                again=_YES if event.again else "",
                counterpart=event.counterpart or "",
                contract="" if event.reserve is not None else event.contract,
                procurement_type=event.procurement_type or "",
            )
        case IncomeRecognised(source=source, counterpart=unit):
            return RowCells(**said, **_on_line(event, econ=source), counterpart=unit or "")
        case SurplusLoaded(pool=pool):
            return RowCells(**said, econ=pool, amount=plain_yuan(event.amount_fen))
        case SurplusAdjusted(pool=pool, adjustment=adjustment, decrease=decrease):
            word = adjustment + ("-decrease" if decrease else "")
            amount = plain_yuan(event.amount_fen)
            return RowCells(**said, econ=pool, amount=amount, adjustment=word)
        case ItemCapped(item=item):
            return RowCells(**said, econ=item, amount=plain_yuan(event.amount_fen))
        case NonFiscalSurplusUsed(pool=pool):
            return RowCells(**said, **_on_line(event, econ=pool))
        case SurplusDistributed(distribution=where):
            return RowCells(**said, **_on_line(event, econ=where))
        case CommitmentReleased():
            return RowCells(**said, amount=plain_yuan(event.amount_fen))
        case DisbursementRefunded():
            return RowCells(
                **said,
                **_parts(event.line.at_econ(event.econ)),
                amount=plain_yuan(event.amount_fen),
                payee=event.payee,
            )
        case EntryReversed(authority=authority):
            return RowCells(**said, authority=authority or "")
        case EntryCorrected(right=right, authority=authority):
            if isinstance(right, OfManyLines):  # whose lines stay what they are
                return RowCells(**said, authority=authority or "")
            cells = cells_of(right)._replace(kind=said["kind"], authority=authority or "")
            why = "reason" if hasattr(right, "purpose") else "purpose"
            cells = cells._replace(**{why: event.reason})
            if isinstance(right, FundPlanApproved):
                cells = cells._replace(month=str(right.month))
            return cells
        case _:
            raise Corrupt(Damage.BOOK_CORRUPT, f"事件 {type(event).__name__} 没有对应的导入行")


def _on_line(event: Any, **other: str) -> dict[str, str]:
    return {**_parts(event.line), "amount": plain_yuan(event.amount_fen), **other}


def _received(line: BudgetLine) -> dict[str, str]:
    """The line that receives; its fund is never another (R5)."""
    return {f"to_{part}": text for part, text in _parts(line).items() if part != "fund"}


def _parts(line: BudgetLine) -> dict[str, str]:
    return {
        "fund": str(line.fund),
        "func": line.func,
        "spending": str(line.spending),
        "project": line.project,
        "econ": line.econ,
        "origin": str(line.origin),
    }


def _month(event: MonthLocked | FundPlanApproved) -> str:
    """The month where the date does not say it."""
    return "" if event.month == event.occurred_on.month else str(event.month)
