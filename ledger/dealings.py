"""What an entry has to do with another unit (对方单位), from the event alone.

Money that one unit of a department pays and another records as income is counted once in the
department's tables (抵销). What is to be found there is the payment or income that stands, so that
what a refund, a reversal or a correction takes of it counts with it.
"""

from typing import NamedTuple

from ledger.events import (
    DisbursementRecorded,
    DisbursementRefunded,
    EntryCorrected,
    EntryReversed,
    IncomeRecognised,
    Meant,
    RequestApproved,
    VoucherPaid,
)
from ledger.line import NO_ECON, BudgetLine


class Dealing(NamedTuple):
    """So many fen, paid to the unit `counterpart` or come from it: of the payment or income that
    entry `original` is, negative where it is taken back. `source` is an income's class, "" of a
    payment; `econ` a payment's own 款."""

    original: int
    counterpart: str
    line: BudgetLine
    econ: str
    source: str
    fen: int


def dealings(number: int, event: Meant) -> tuple[Dealing, ...]:
    """What entry `number` adds to dealings with other units."""
    if type(event) is DisbursementRecorded:  # nine entries of ten
        if event.counterpart is None:
            return ()
        return (Dealing(number, event.counterpart, event.line, event.econ, "", event.amount_fen),)
    match event:
        case VoucherPaid(counterpart=str(unit), items=items):
            return tuple(Dealing(number, unit, i.line, i.econ, "", i.amount_fen) for i in items)
        case IncomeRecognised(counterpart=str(unit), line=line, source=source, amount_fen=fen):
            return (Dealing(number, unit, line, NO_ECON, source, fen),)
        case DisbursementRefunded(counterpart=str(unit), original=original):
            return (Dealing(original, unit, event.line, event.econ, "", -event.amount_fen),)
        case EntryReversed(original=original, reversed=undone):
            return _negative(original, undone)
        case EntryCorrected(original=original, reversed=undone, right=right):
            return (*_negative(original, undone), *dealings(number, right))
        case RequestApproved(approved=made):
            return dealings(number, made)
        case _:
            return ()


def _negative(original: int, undone: Meant) -> tuple[Dealing, ...]:
    return tuple(each._replace(fen=-each.fen) for each in dealings(original, undone))
