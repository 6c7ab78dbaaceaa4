"""The figures of the facts themselves (`P.…`): what receptions and trips come to; of every contract
its amount, what was paid of it, what is left and what is said of it; of every item of assets that
was counted how many there are and what they are worth."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ledger.events.particulars import AssetCounted, ContractSigned, ReceptionHeld, TripMade
from ledger.kinds import PROCUREMENT_NAMES, RESERVED_NAMES, SIZE_NAMES
from projections.questions.particulars import Said, last_said
from projections.questions.procurement import paid_of_contracts
from projections.report.figure import Figure, OwnEntry, Report, summed
from projections.report.figures import UNIT
from projections.report.narrative.announced import (
    CONTRACT_WORDS,
    RECEPTION,
    TRIP,
    measured,
)

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
    for name, unit in RECEPTION.items():
        yield StatedFact(f"P.reception.{name}", _happened(ReceptionHeld, "公务接待", name, unit))
    for name, unit in TRIP.items():
        yield StatedFact(f"P.trip.{name}", _happened(TripMade, "因公出国（境）", name, unit))
    yield from _of_contracts(report)
    yield from _of_assets(report)


def _of_contracts(report: Report) -> Iterator[StatedFact]:
    """Of each contract the amounts, then what is said of it."""
    signed: dict[str, list[OwnEntry]] = defaultdict(list)
    said: dict[str, list[Said[ContractSigned]]] = defaultdict(list)
    for each in report.said(ContractSigned):
        signed[each.event.no].append(OwnEntry(each.book, each.entry, each.event.amount_fen))
        said[each.event.no].append(each)
    paid: dict[str, list[OwnEntry]] = defaultdict(list)
    for of in paid_of_contracts(report.source) if signed else ():
        paid[of.no].append(OwnEntry(of.book, of.entry, of.fen))
    for no, own in sorted(signed.items()):
        yield StatedFact(f"P.contract.{no}.amount", _counted(f"合同 {no} 金额", own))
        yield StatedFact(f"P.contract.{no}.paid", _counted(f"合同 {no} 已支付", paid[no]))
        yield StatedFact(f"P.contract.{no}.left", _left(no))
        for name, called in CONTRACT_WORDS.items():
            make = _words(f"合同 {no} {called}", name, said[no])
            yield StatedFact(f"P.contract.{no}.{name}", make)


def _of_assets(report: Report) -> Iterator[StatedFact]:
    """Of each item that was counted how many there are, what they are worth, and in what they are
    counted; of a sum what its items come to."""
    items, there = report.narrative.assets, report.there("asset")
    last = last_said(report.source, AssetCounted) if there else []
    for code, item in items.items():
        if code not in there:
            continue
        own = [each for each in last if each.event.item == code]
        parts = [part for part in item.plus if part in there]
        for name, called in (("count", ""), ("amount", "价值")):
            unit, label = item.unit if name == "count" else UNIT, f"{item.name}{called}"
            field = "amount_fen" if name == "amount" else name
            much = [OwnEntry(each.book, each.entry, getattr(each.event, field)) for each in own]
            make = _counted(label, much, unit)
            if item.plus:
                make = _summed(label, [f"P.asset.{part}.{name}" for part in parts], unit)
            yield StatedFact(f"P.asset.{code}.{name}", make)
        yield StatedFact(f"P.asset.{code}.unit", _unit(f"{item.name}单位", item.unit))


def _happened(
    kind: type[ReceptionHeld] | type[TripMade], called: str, name: str, unit: str
) -> Callable[[Report, str], Figure]:
    def make(report: Report, id: str) -> Figure:
        field = "amount_fen" if name == "amount" else name
        own = [OwnEntry(s.book, s.entry, getattr(s.event, field)) for s in report.said(kind)]
        return _of_entries(report, id, f"{called}{_CALLED[name]}", own, unit)

    return make


_Make = Callable[[Report, str], Figure]


def _counted(label: str, own: list[OwnEntry], unit: str = UNIT) -> _Make:
    return lambda report, id: _of_entries(report, id, label, own, unit)


def _of_entries(report: Report, id: str, label: str, own: list[OwnEntry], unit: str) -> Figure:
    much = sum(each.much for each in own)
    return Figure(
        *(id, label, measured(unit).kind, much, _printed(report, much, unit), unit),
        *("各笔登记合计", "particular"),
        own=tuple(each for each in own if each.much),
    )


def _printed(report: Report, much: int, unit: str) -> str:
    return report.amount(much) if unit == UNIT else f"{much:,}"


def _summed(label: str, names: list[str], unit: str) -> _Make:
    def make(report: Report, id: str) -> Figure:
        parts = [(1, name) for name in names]
        much = sum(report.figure(name).number for name in names)
        return Figure(
            *(id, label, measured(unit).kind, much, _printed(report, much, unit), unit),
            *(summed(parts), "particular"),
            parts=tuple(parts),
        )

    return make


def _unit(label: str, unit: str) -> _Make:
    return lambda _, id: Figure(id, label, "word", unit, unit, "", "表样规定")


def _words(label: str, name: str, said: list[Said[ContractSigned]]) -> _Make:
    """What contracts of one number say, each of it once."""
    words = [_word(each.event, name) for each in said]

    def make(_: Report, id: str) -> Figure:
        own = (OwnEntry(each.book, each.entry, 1) for each in said if _word(each.event, name))
        value = "、".join(dict.fromkeys(filter(None, words)))
        return Figure(
            *(id, label, "word", value or None, value, "", "合同登记", "particular"),
            own=tuple(own),
        )

    return make


def _word(event: ContractSigned, name: str) -> str:
    match name:
        case "type":
            return PROCUREMENT_NAMES[event.procurement_type]
        case "size":
            return SIZE_NAMES[event.size]
        case "reserved":
            return RESERVED_NAMES[event.reserved]
        case "signed":
            return (event.signed or event.occurred_on).isoformat()
        case "due":
            return "" if event.due is None else event.due.isoformat()
    return event.supplier


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
