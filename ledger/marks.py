"""What must be found in a long book without a search: who was paid so much, and under which 文号.

A mark is written with its entry and is a side note of it, as a settlement is: whoever asks reads
the few entries that it leads to, and audit proves that the marks of a book are those of its
entries.

A payment has one mark. What it says begins with whom was paid and how much, so that the same marks
answer who was paid so much at all (`of_payee`) and who was under one document (`of_document`, L57).
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from ledger.events import AnyEvent, DisbursementRecorded, VoucherPaid
from ledger.postings import effective, refunded
from ledger.texts import folded

MarkKind = Literal["document", "payee", "refunded"]
"""Of a payment with a 文号, of one without, and of a refund of one item of a voucher."""

PAID_MARKS: Final[tuple[MarkKind, ...]] = ("document", "payee")
"""Of payments."""

BETWEEN: Final = "\x1f"
"""Stands between the parts of what is marked; no text that is stored holds it."""


class Mark(NamedTuple):
    """Entry `number` is found by `what` of a kind; fen."""

    kind: MarkKind
    what: str
    number: int
    fen: int


class Marked(NamedTuple):
    """What a mark leads to: an entry, and fen."""

    number: int
    fen: int


def of_document(doc: str, payee: str, fen: int) -> str:
    """What a payment under a 文号 is found by, however blank and wide its letters were typed."""
    return f"{_folded_name(payee)}{BETWEEN}{fen}{BETWEEN}{folded(doc)}"


def of_payee(payee: str, fen: int) -> str:
    """What a payment to somebody is found by; one under a 文号 as well."""
    return f"{_folded_name(payee)}{BETWEEN}{fen}"


def of_item(original: int, item: int) -> str:
    """What the refunds of one item of a voucher are found by: its entry, and its position."""
    return f"{original}{BETWEEN}{item}"


def paid_to(mark: Mark) -> str:
    """Who was paid and how much, as a mark of a payment begins."""
    return mark.what if mark.kind == "payee" else mark.what.rpartition(BETWEEN)[0]


def marks(number: int, event: AnyEvent) -> Iterable[Mark]:
    """The marks of entry `number`, each once: that of a payment, also of one that stands in the
    place of another; those of a voucher as a whole and of each of its items; that of a refund of an
    item, and of its reversal with a negative amount."""
    if type(event) is DisbursementRecorded:  # nine entries of ten
        return (_paid(number, event, event.amount_fen),)
    refund = refunded(event)
    if refund is not None:
        original, item, fen = refund
        return (Mark("refunded", of_item(original, item), number, fen),)
    made = effective(event)
    if type(made) is VoucherPaid:
        amounts = [item.amount_fen for item in made.items]
        return [_paid(number, made, fen) for fen in dict.fromkeys((sum(amounts), *amounts))]
    if type(made) is DisbursementRecorded:
        return (_paid(number, made, made.amount_fen),)
    return ()


def _paid(number: int, event: DisbursementRecorded | VoucherPaid, fen: int) -> Mark:
    if event.doc:
        return Mark("document", of_document(event.doc, event.payee, fen), number, fen)
    return Mark("payee", of_payee(event.payee, fen), number, fen)


@lru_cache(maxsize=1 << 12)  # a book pays the same people again and again
def _folded_name(payee: str) -> str:
    return folded(payee)
