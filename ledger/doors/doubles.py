"""Is this payment recorded already? (重复支付)

Asked once, when a payment is recorded, of those that stand: what was reversed, corrected away or
refunded in full may be paid again. Never decided again: `again` is stored where it was said (R16,
L67).
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from ledger.events import DisbursementRecorded, VoucherPaid
from ledger.line import BudgetLine
from ledger.refusals import Instead, Refusal, Refused
from ledger.rules import ways
from ledger.rules.cautions import Caution, Remark
from ledger.texts import folded

Paid = DisbursementRecorded | VoucherPaid
Part = tuple[BudgetLine, str, int]
"""The line that is drawn on, the 款, fen."""

NEAR = timedelta(days=7)
"""So close, two payments of one amount to one payee may be one."""


class Known(NamedTuple):
    """Entry `number` paid on a day, under a 文号 (folded, or empty)."""

    number: int
    day: date
    doc: str

    @classmethod
    def of(cls, number: int, event: Paid) -> "Known":
        """What is known of a payment at a glance."""
        return cls(number, event.occurred_on, folded(event.doc))


def amounts(event: Paid) -> list[int]:
    """The amounts by which a payment is found: its own; of a voucher its total and its items'."""
    if isinstance(event, DisbursementRecorded):
        return [event.amount_fen]
    items = [item.amount_fen for item in event.items]
    return list(dict.fromkeys((sum(items), *items)))


def doubled(
    event: Paid, known: Iterable[Known], standing: Callable[[int], Paid | None]
) -> tuple[Remark, ...]:
    """What is to be said of a payment beside those to the same payee of one of its amounts;
    `standing` gives one of them that stands, None where it was undone.

    Under the same 文号, drawn on the same line for the same 款, it is one of them: raises `Refused`
    unless it was said that it is paid again. A voucher is compared as a whole with vouchers, and
    item by item with payments. What is close in time, or under the same 文号 otherwise, is near:
    the nearest is named.
    """
    doc = folded(event.doc)
    near = []
    for each in known:
        under_one = bool(doc) and doc == each.doc
        if under_one:
            other = standing(each.number)
            if other is not None and _is(event, other):
                raise _repeated(event, each.number, other)
        apart = abs(event.occurred_on - each.day)
        if under_one or apart <= NEAR:
            near.append((apart, -each.number))
    for _, number in sorted(near):
        other = standing(-number)
        if other is not None:
            said = {"entry": -number, "date": other.occurred_on, "doc": other.doc or "无文号"}
            return (Caution.DUPLICATE_NEAR.with_figures(**said),)
    return ()


def _repeated(event: Paid, number: int, other: Paid) -> Refused:
    return Refused(
        Refusal.DUPLICATE,
        doc=event.doc,
        payee=event.payee,
        amount_fen=sum(fen for *_, fen in _parts(event)),
        entry=number,
        date=other.occurred_on.isoformat(),
        ways_out=[ways.show(number), Instead(again=True)],
    )


def _is(event: Paid, other: Paid) -> bool:
    """Whether two payments under one 文号 to one payee are the same."""
    mine, there = Counter(_parts(event)), Counter(_parts(other))
    if type(event) is type(other):
        return mine == there
    return bool(mine & there)


def _parts(event: Paid) -> list[Part]:
    if isinstance(event, DisbursementRecorded):
        return [(event.line, event.econ, event.amount_fen)]
    return [(item.line, item.econ, item.amount_fen) for item in event.items]
