"""What must be found in a long book without a search: who was paid so much, and under which 文号;
what came back of a voucher; what an entry was last corrected to; the target of a result.

A mark is a side note of an entry, as a settlement is, and says what stands of it by now: whatever
undoes or refunds a payment takes its marks away, so that who asks reads a few of them however often
a thing was recorded and taken back (L57). Audit proves that the marks of a book are those of its
entries.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from ledger.events import AnyEvent, DisbursementRecorded, VoucherItem, VoucherPaid
from ledger.events.particulars import ResultReported, TargetSet
from ledger.line import BudgetLine
from ledger.postings import corrects, effective, first_of
from ledger.texts import folded

MarkKind = Literal["payee", "document", "item", "voucher", "refunded", "corrected", "target"]
"""Of a payment: by whom was paid how much; one with a 文号 by that as well, where an item of a
voucher and a voucher as a whole are told from a payment. What came back of an item of a voucher.
The correction that stands for an entry. A target, by its row."""

UNDER_DOCUMENT: Final[tuple[MarkKind, ...]] = ("document", "item", "voucher")
"""Of what was paid under a 文号."""

BETWEEN: Final = "\x1f"
"""Stands between the parts of what is marked; no text that is stored holds it."""

Paid = DisbursementRecorded | VoucherPaid
Back = Mapping[int, int]
"""What came back of a payment by the positions of its items (0: of a payment), fen."""
NOTHING_BACK: Final[Back] = MappingProxyType({})


class Mark(NamedTuple):
    """Entry `number` is found by `what` of a kind; fen."""

    kind: MarkKind
    what: str
    number: int
    fen: int


class Marked(NamedTuple):
    """What a mark leads to: an entry, and fen; `what` are all its words."""

    number: int
    fen: int
    what: str


def of_payee(payee: str, fen: int) -> str:
    """What a payment to somebody is found by, however blank and wide its letters were typed."""
    return f"{_folded_name(payee)}{BETWEEN}{fen}"


def one_name(payee: str, other: str) -> bool:
    """Whether two names are one payee's, however blank and wide their letters were typed."""
    return _folded_name(payee) == _folded_name(other)


def of_document(doc: str, payee: str, fen: int) -> str:
    """What everything under a 文号 begins with."""
    return f"{of_payee(payee, fen)}{BETWEEN}{folded(doc)}"


def of_payment(doc: str, payee: str, fen: int, line: BudgetLine, econ: str) -> str:
    """What a payment under a 文号, or an item of a voucher, is found by: all that makes it one."""
    return f"{of_document(doc, payee, fen)}{BETWEEN}{line}{BETWEEN}{econ}"


def of_voucher(doc: str, payee: str, items: Collection[VoucherItem]) -> str:
    """What a voucher under a 文号 is found by as a whole, in whatever order its items stand."""
    told = sorted(f"{item.line}{BETWEEN}{item.econ}{BETWEEN}{item.amount_fen}" for item in items)
    digest = sha256("\n".join(told).encode()).hexdigest()
    return f"{of_document(doc, payee, sum(item.amount_fen for item in items))}{BETWEEN}{digest}"


def of_item(voucher: int, item: int) -> str:
    """What the refunds of one item of a voucher are found by: its entry, and its position."""
    return f"{voucher}{BETWEEN}{item}"


def of_row(event: TargetSet | ResultReported) -> str:
    """What the targets of a row of a form begin with: whether it is a whole department's, the
    project, the number."""
    return BETWEEN.join(("1" if event.department else "0", event.project, event.no))


def _of_target(event: TargetSet) -> str:
    """What a target is found by: of a row the last is the one of the latest day."""
    return f"{of_row(event)}{BETWEEN}{event.occurred_on.isoformat()}"


_TOGETHER: Final[dict[MarkKind, int]] = {
    **dict.fromkeys(UNDER_DOCUMENT, 3),
    "target": 3,
    "refunded": 1,
}


def beginning(mark: Mark) -> str:
    """The words that a mark is found by together with others: its 文号, the voucher whose items
    came back, the row of a target."""
    parts = _TOGETHER.get(mark.kind)
    return mark.what if parts is None else BETWEEN.join(mark.what.split(BETWEEN, parts)[:parts])


def item_of(what: str) -> int:
    """The position of an item, from what its refunds are found by."""
    return int(what.rpartition(BETWEEN)[2])


def amounts(paid: Paid) -> list[int]:
    """The amounts by which a payment is found: its own; of a voucher its total and its items'."""
    if isinstance(paid, DisbursementRecorded):
        return [paid.amount_fen]
    items = [item.amount_fen for item in paid.items]
    return list(dict.fromkeys((sum(items), *items)))


def kept(paid: Paid, back: Back) -> Paid | None:
    """A payment without what came back of it in full: of a voucher the items that did not; None
    where nothing is left."""
    if not back:
        return paid
    if isinstance(paid, DisbursementRecorded):
        return None if back.get(0, 0) >= paid.amount_fen else paid
    items = tuple(
        item
        for position, item in enumerate(paid.items, 1)
        if back.get(position, 0) < item.amount_fen
    )
    return replace(paid, items=items) if items else None


def paid_by(event: AnyEvent) -> Paid | None:
    """What an entry pays, also in the place of another; None of anything else."""
    if type(event) is DisbursementRecorded:  # nine entries of ten
        return event
    made = effective(event)
    return made if isinstance(made, Paid) else None


def taken_away(event: AnyEvent) -> bool:
    """Whether an entry has marks that go when it is undone."""
    return isinstance(event, TargetSet) or paid_by(event) is not None


def back_of(paid: Paid | None, settled_fen: int, refunded: Back) -> Back:
    """What came back of a payment, where `settled_fen` came back in all, and of the items of a
    voucher `refunded`."""
    single = isinstance(paid, DisbursementRecorded)
    return {0: settled_fen} if single and settled_fen else refunded


def marks(
    number: int,
    event: AnyEvent,
    paid: Paid | None,
    back: Back = NOTHING_BACK,
    *,
    undone: bool = False,
) -> list[Mark]:
    """The marks of entry `number`, each once, when so much came back of what it paid, or it is
    undone: those of what it paid and what of that stands, also in the place of another."""
    found = []
    if isinstance(event, TargetSet) and not undone:
        found.append(Mark("target", _of_target(event), number, 0))
    if corrects(event) is not None:
        found.append(Mark("corrected", str(first_of(number, event)), number, 0))
    if paid is not None:
        stands = None if undone else kept(paid, back)
        if stands is not None:
            found += _paid(number, stands)
        of_items = ((item, fen) for item, fen in back.items() if item and fen)
        found += (Mark("refunded", of_item(number, item), number, fen) for item, fen in of_items)
    return found


def _paid(number: int, paid: Paid) -> Iterator[Mark]:
    for fen in amounts(paid):
        yield Mark("payee", of_payee(paid.payee, fen), number, fen)
    if not paid.doc:
        return
    if isinstance(paid, DisbursementRecorded):
        what = of_payment(paid.doc, paid.payee, paid.amount_fen, paid.line, paid.econ)
        yield Mark("document", what, number, paid.amount_fen)
        return
    total_fen = sum(item.amount_fen for item in paid.items)
    yield Mark("voucher", of_voucher(paid.doc, paid.payee, paid.items), number, total_fen)
    for what, fen in of_items(paid).items():
        yield Mark("item", what, number, fen)


def of_items(voucher: VoucherPaid) -> dict[str, int]:
    """What each different item of a voucher under a 文号 is found by, with its fen."""
    return {
        of_payment(
            voucher.doc, voucher.payee, item.amount_fen, item.line, item.econ
        ): item.amount_fen
        for item in voucher.items
    }


@lru_cache(maxsize=1 << 12)  # a book pays the same people again and again
def _folded_name(payee: str) -> str:
    return folded(payee)
