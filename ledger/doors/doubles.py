"""Is this payment recorded already? (重复支付)

Asked once, when a payment is recorded, of those that stand: what was reversed, corrected away or
refunded in full may be paid again. Never decided again: `again` is stored where it was said (R16,
L67).
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from ledger.marks import Paid
from ledger.postings import amount_of
from ledger.refusals import Instead, Refusal, Refused
from ledger.rules import ways
from ledger.rules.cautions import Caution, Remark
from ledger.texts import folded

NEAR = timedelta(days=7)
"""So close, two payments of one amount to one payee may be one."""


class Known(NamedTuple):
    """Entry `number` paid, under a 文号 (folded, or empty)."""

    number: int
    paid: Paid
    doc: str

    @classmethod
    def of(cls, number: int, paid: Paid) -> "Known":
        """What is known of a payment at a glance."""
        return cls(number, paid, folded(paid.doc))


def nearest(event: Paid, known: Iterable[Known]) -> Known | None:
    """Of payments to the same payee of one of its amounts the one that may be this one: close in
    time, or under the same 文号 otherwise; the later of two that are as near."""
    doc = folded(event.doc)
    near = [each for each in known if _apart(event, each) <= NEAR or (doc and doc == each.doc)]
    return min(near, key=lambda each: (_apart(event, each), -each.number), default=None)


def _apart(event: Paid, known: Known) -> timedelta:
    return abs(event.occurred_on - known.paid.occurred_on)


def close(known: Known) -> Remark:
    """What is to be said of the nearest."""
    number, other, _ = known
    said = {"entry": number, "date": other.occurred_on, "doc": other.doc or "无文号"}
    return Caution.DUPLICATE_NEAR.with_figures(**said)


def repeated(event: Paid, known: Known) -> Refused:
    """The refusal of what is paid already: under the same 文号, to the same payee, drawn on the
    same line for the same 款. A voucher is compared as a whole with vouchers, and item by item with
    payments."""
    number, other, _ = known
    return Refused(
        Refusal.DUPLICATE,
        doc=event.doc,
        payee=event.payee,
        amount_fen=amount_of(event),
        entry=number,
        date=other.occurred_on.isoformat(),
        ways_out=[ways.show(number), Instead(again=True)],
    )
