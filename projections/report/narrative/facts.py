"""The figures of the facts themselves (`P.…`): what receptions and trips come to, and of every
contract its amount, what was paid of it and what is left."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ledger.events.particulars import ReceptionHeld, TripMade
from projections.questions.particulars import contracts
from projections.questions.procurement import paid_of_contracts
from projections.report.figure import Figure, FigureKind, OwnEntry, Report
from projections.report.tables import UNIT

_RECEPTION = {"amount": UNIT, "batches": "批次", "persons": "人次", "companions": "人次"}
_TRIP = {"amount": UNIT, "groups": "个", "persons": "人次"}
_CALLED = {
    "amount": "金额",
    "batches": "批次",
    "persons": "人次",
    "companions": "陪同人次",
    "groups": "团组",
}


class StatedFact(NamedTuple):
    """A figure of facts, made when somebody asks for it."""

    id: str
    make: Callable[[Report, str], Figure]

    def made(self, report: Report) -> Figure:
        """The figure."""
        return self.make(report, self.id)


def stated(report: Report) -> Iterator[StatedFact]:
    """Every one of them."""
    for name, unit in _RECEPTION.items():
        yield StatedFact(f"P.reception.{name}", _happened(ReceptionHeld, "公务接待", name, unit))
    for name, unit in _TRIP.items():
        yield StatedFact(f"P.trip.{name}", _happened(TripMade, "因公出国（境）", name, unit))
    signed: dict[str, list[OwnEntry]] = defaultdict(list)
    for each in contracts(report.source):
        signed[each.no].append(OwnEntry(each.book, each.entry, each.amount_fen))
    paid: dict[str, list[OwnEntry]] = defaultdict(list)
    for of in paid_of_contracts(report.source) if signed else ():
        paid[of.no].append(OwnEntry(of.book, of.entry, of.fen))
    for no, own in sorted(signed.items()):
        yield StatedFact(f"P.contract.{no}.amount", _counted(f"合同 {no} 金额", own))
        yield StatedFact(f"P.contract.{no}.paid", _counted(f"合同 {no} 已支付", paid[no]))
        yield StatedFact(f"P.contract.{no}.left", _left(no))


def _happened(
    kind: type[ReceptionHeld] | type[TripMade], called: str, name: str, unit: str
) -> Callable[[Report, str], Figure]:
    def make(report: Report, id: str) -> Figure:
        field = "amount_fen" if name == "amount" else name
        own = [OwnEntry(s.book, s.entry, getattr(s.event, field)) for s in report.said(kind)]
        return _of_entries(report, id, f"{called}{_CALLED[name]}", own, unit)

    return make


def _counted(label: str, own: list[OwnEntry]) -> Callable[[Report, str], Figure]:
    return lambda report, id: _of_entries(report, id, label, own, UNIT)


def _of_entries(report: Report, id: str, label: str, own: list[OwnEntry], unit: str) -> Figure:
    much = sum(each.much for each in own)
    kind: FigureKind = "amount" if unit == UNIT else "count"
    printed = report.amount(much) if unit == UNIT else f"{much:,}"
    return Figure(
        *(id, label, kind, much, printed, unit, "各笔登记合计", "particular"),
        own=tuple(each for each in own if each.much),
    )


def _left(no: str) -> Callable[[Report, str], Figure]:
    def make(report: Report, id: str) -> Figure:
        amount, paid = (report.figure(f"P.contract.{no}.{name}") for name in ("amount", "paid"))
        fen = amount.fen - paid.fen
        return Figure(
            *(id, f"合同 {no} 未支付", "amount", fen, report.amount(fen), UNIT),
            *(f"{amount.id} － {paid.id}", "particular"),
            parts=((1, amount.id), (-1, paid.id)),
        )

    return make
