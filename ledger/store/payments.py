"""What was paid to somebody and stands: what a payment is compared with (L67)."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Final

from ledger.doors.doubles import Known
from ledger.events import DisbursementRecorded
from ledger.marks import (
    UNDER_DOCUMENT,
    MarkKind,
    Paid,
    amounts,
    of_document,
    of_items,
    of_payee,
    of_payment,
    of_voucher,
    paid_by,
)
from ledger.store.past import Marking, Past

COMPARED: Final = 64
"""Payments of one amount to one payee that another is compared with: the latest."""

KEPT: Final = 1024
"""Amounts to payees that are remembered: a long file pays the same people again and again."""


class _Latest:
    """The latest payments of an amount to a payee that stand, by their numbers; whether these are
    all."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.known = {each.number: each for each in known}
        self.all = len(self.known) < COMPARED

    def add(self, known: Known) -> None:
        if len(self.known) >= COMPARED:
            del self.known[next(iter(self.known))]
            self.all = False
        self.known[known.number] = known


class Payments:
    """The payments of a book that stand, as far as they were asked for in one transaction."""

    def __init__(self, past: Past) -> None:
        self._past = past
        self._kept: OrderedDict[str, _Latest] = OrderedDict()

    def follow(self, number: int, change: Marking) -> None:
        """Entry `number` was recorded."""
        for mark in change.gone:
            latest = self._kept.get(mark.what) if mark.kind == "payee" else None
            if latest is not None:
                latest.known.pop(mark.number, None)
                if not latest.all and len(latest.known) < COMPARED // 2:
                    del self._kept[mark.what]  # what came before them is to be looked up
        for mark in change.came:
            latest = self._kept.get(mark.what) if mark.kind == "payee" else None
            if latest is None:
                continue
            if change.paid is not None and mark.number == number:
                latest.add(Known.of(number, change.paid))
            else:
                del self._kept[mark.what]  # it stands again, somewhere among them

    def alike(self, made: Paid) -> dict[int, Known]:
        """Those of an amount of this one to its payee: the latest, and with them those under its
        文号, as many."""
        found: dict[int, Known] = {}
        for fen in amounts(made):
            latest = self._latest(of_payee(made.payee, fen))
            found |= latest.known
            if made.doc and not latest.all:
                document = of_document(made.doc, made.payee, fen)
                for kind in UNDER_DOCUMENT:
                    marked = self._past.marked(kind, document, COMPARED)
                    more = {each.number for each in marked} - found.keys()
                    found |= {each.number: each for each in self._known(more)}
        return found

    def same(self, made: Paid, but: int) -> Known | None:
        """The payment under the same 文号 that is this very one, or holds it, or an item of it;
        other than entry `but`."""
        asked: list[tuple[MarkKind, str]]
        if isinstance(made, DisbursementRecorded):
            what = of_payment(made.doc, made.payee, made.amount_fen, made.line, made.econ)
            asked = [("document", what), ("item", what)]
        else:
            asked = [("voucher", of_voucher(made.doc, made.payee, made.items))]
            asked += [("document", what) for what in of_items(made)]
        for kind, what in asked:
            numbers = (each.number for each in self._past.marked(kind, what, 2))
            for known in self._known(number for number in numbers if number != but):
                return known
        return None

    def _latest(self, what: str) -> _Latest:
        latest = self._kept.get(what)
        if latest is None:
            if len(self._kept) >= KEPT:
                self._kept.popitem(last=False)
            marked = self._past.marked("payee", what, COMPARED)
            known = self._known(each.number for each in reversed(marked))
            latest = self._kept[what] = _Latest(known)
        self._kept.move_to_end(what)
        return latest

    def _known(self, numbers: Iterable[int]) -> Iterator[Known]:
        for number in numbers:
            paid = paid_by(self._past.entry(number).event)
            if paid is not None:  # else its mark lies
                yield Known.of(number, paid)
