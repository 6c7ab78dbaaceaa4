"""What must be found in a long book without a search: under which document was somebody paid so
much, and who was paid so much at all.

A mark is written with its entry and is a side note of it, as a settlement is: whoever asks reads
the few entries that it leads to, and audit proves that the marks of a book are those of its
entries.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from ledger.events import AnyEvent, DisbursementRecorded, VoucherPaid

MarkKind = Literal["document", "payee"]

_BETWEEN: Final = "\x1f"
"""Stands between the parts of what is marked; no text that is stored holds it."""
_WIDE_TO_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_BLANKS = dict.fromkeys((0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000))
_FOLDED = _WIDE_TO_NARROW | _BLANKS


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
    """What a payment under a 文号 is found by: however blank and wide its letters were typed."""
    return _BETWEEN.join((_folded(doc), _folded(payee), str(fen)))


def of_payee(payee: str, fen: int) -> str:
    """What a payment to somebody is found by."""
    return _BETWEEN.join((_folded(payee), str(fen)))


def marks(number: int, event: AnyEvent) -> Iterator[Mark]:
    """The marks of entry `number`, each once: those of a payment; those of a voucher as a whole and
    of each of its items."""
    if type(event) is DisbursementRecorded:
        yield from _paid(number, event, event.amount_fen)
    elif type(event) is VoucherPaid:
        amounts = [item.amount_fen for item in event.items]
        for fen in dict.fromkeys((sum(amounts), *amounts)):
            yield from _paid(number, event, fen)


def _paid(number: int, event: DisbursementRecorded | VoucherPaid, fen: int) -> Iterator[Mark]:
    if event.doc:
        yield Mark("document", of_document(event.doc, event.payee, fen), number, fen)
    yield Mark("payee", of_payee(event.payee, fen), number, fen)


def _folded(text: str) -> str:
    return text.translate(_FOLDED)
