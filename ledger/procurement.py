"""政府采购: what an event pays, or keeps, for what was bought. From the event alone.

A payment says which contract it pays, or, where there is none, what was bought.
"""

from collections.abc import Iterable
from typing import NamedTuple

from ledger.events import (
    CommitmentReleased,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    EntryCorrected,
    EntryReversed,
    Meant,
    RequestApproved,
    VoucherPaid,
)
from ledger.kinds import ProcurementType


class Procured(NamedTuple):
    """What an event adds to what is kept (占用) and what is paid for a contract, or, where
    `contract` is empty, for what was bought without one; fen. With a contract its payments need not
    say what was bought."""

    contract: str
    procurement_type: ProcurementType | None
    held_fen: int
    paid_fen: int


def procured(event: Meant) -> tuple[Procured, ...]:
    """What an event does to procurement, each contract and each type once; of a correction what it
    takes back is told apart where it is of another."""
    match event:
        case DisbursementRecorded() | VoucherPaid() | DisbursementRefunded():
            no, bought = event.contract, event.procurement_type
            if not no and bought is None:
                return ()
            if isinstance(event, DisbursementRecorded):
                held_fen = 0 if event.reserve is None or not no else -event.amount_fen
                return (Procured(no, bought, held_fen, event.amount_fen),)
            if isinstance(event, VoucherPaid):
                return (Procured(no, bought, 0, sum(item.amount_fen for item in event.items)),)
            return (Procured(no, bought, 0, -event.amount_fen),)
        case CommitmentReserved(contract=no, amount_fen=fen) if no:
            return (Procured(no, None, fen, 0),)
        case CommitmentReleased(contract=no, amount_fen=fen) if no:
            return (Procured(no, None, -fen, 0),)
        case EntryReversed(reversed=undone):
            return _taken_back(procured(undone))
        case EntryCorrected(reversed=undone, right=right):
            return _together((*_taken_back(procured(undone)), *procured(right)))
        case RequestApproved(approved=made):
            return procured(made)
        case _:
            return ()


def _taken_back(parts: tuple[Procured, ...]) -> tuple[Procured, ...]:
    return tuple(Procured(no, bought, -held, -paid) for no, bought, held, paid in parts)


def _together(parts: Iterable[Procured]) -> tuple[Procured, ...]:
    net: dict[tuple[str, ProcurementType | None], tuple[int, int]] = {}
    for no, bought, held_fen, paid_fen in parts:
        held, paid = net.get((no, bought), (0, 0))
        net[no, bought] = (held + held_fen, paid + paid_fen)
    return tuple(Procured(*of, *fen) for of, fen in net.items() if any(fen))
