"""What was paid to somebody lately, one amount at a time: what a payment is compared with (L67)."""

from collections import OrderedDict, deque
from collections.abc import Collection, Iterable
from typing import Final

from ledger.doors.doubles import Known, amounts
from ledger.events import DisbursementRecorded, VoucherPaid
from ledger.marks import of_payee

COMPARED: Final = 64
"""Payments of one amount to one payee that another is compared with: the latest."""

KEPT: Final = 1024
"""Amounts to payees that are remembered: a long file pays the same people again and again."""


class Payments:
    """The latest payments by payee and amount, as far as they were asked for in one transaction."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, deque[Known]] = OrderedDict()

    def of(self, what: str) -> Collection[Known] | None:
        """What was paid (marks.of_payee), if it is known."""
        known = self._kept.get(what)
        if known is not None:
            self._kept.move_to_end(what)
        return known

    def learn(self, what: str, known: Iterable[Known]) -> Collection[Known]:
        """What the book says of it, in order."""
        if len(self._kept) >= KEPT:
            self._kept.popitem(last=False)
        self._kept[what] = deque(known, maxlen=COMPARED)
        return self._kept[what]

    def add(self, number: int, event: DisbursementRecorded | VoucherPaid) -> None:
        """A payment was recorded as entry `number`."""
        known = Known.of(number, event)
        for fen in amounts(event):
            kept = self._kept.get(of_payee(event.payee, fen))
            if kept is not None:
                kept.append(known)
