"""三公限额: the control figure of an item of 三公经费, beside the lines that have its econ (R3)."""

from typing import Unpack

from ledger.effects import Decided
from ledger.events import ItemCapped
from ledger.kinds import ThreePublicItem
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit, cap_too_low, covered, documented
from ledger.state import BookState


class CapItem(Asked):
    """三公限额 of an item, fen."""

    item: ThreePublicItem
    amount_fen: int


def cap_item(
    state: BookState,
    *,
    item: ThreePublicItem,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ItemCapped]]:
    """三公限额, the item's whole figure, by document: no less than what is paid (L72). One that
    is corrected is compared where it is in force (`covered`). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "三公限额")
    known = state.three_public.get(item)
    spent_fen = 0 if known is None else known.spent_fen
    if amount_fen < spent_fen:
        raise cap_too_low(item, amount_fen, spent_fen)
    return (covered(state, ItemCapped(**occasion, item=item, amount_fen=amount_fen)),)


CAP = Kind("cap", cap_item, CapItem)
KINDS = (CAP,)
