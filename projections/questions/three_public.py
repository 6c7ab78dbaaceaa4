"""三公经费: the budget (年初, or the first 三公限额 of an item) and the payments of 因公出国、
公务用车、公务接待, 表7.

General fund; the actual column counts carry-over and payments drawn on lines without an econ.
"""

import msgspec

from ledger.codes import ITEM_OF_ECON
from ledger.kinds import ThreePublicItem
from ledger.line import Fund
from projections.questions.measures import Measure, facts, first_caps
from projections.views.source import Source


class ItemFigures(msgspec.Struct, frozen=True):
    """One column of 三公经费, fen; vehicle = purchase + operation."""

    total_fen: int
    overseas_fen: int
    vehicle_fen: int
    vehicle_purchase_fen: int
    vehicle_operation_fen: int
    reception_fen: int


class ThreePublic(msgspec.Struct, frozen=True):
    """三公经费: the initial budget and the payments."""

    budget: ItemFigures
    actual: ItemFigures


def three_public(source: Source) -> ThreePublic:
    """Budget and actual per item, fen; vehicle = purchase + operation."""
    budget = dict.fromkeys(ITEM_OF_ECON.values(), 0)
    actual = dict.fromkeys(ITEM_OF_ECON.values(), 0)
    for measure, line, econ, _, fen in facts(source):
        if line.fund is not Fund.GENERAL or econ not in ITEM_OF_ECON:
            continue
        if measure is Measure.THREE_PUBLIC:
            budget[ITEM_OF_ECON[econ]] += fen
        elif measure is Measure.EXPENDITURE:
            actual[ITEM_OF_ECON[econ]] += fen
    for reading in source.members():
        for cap in first_caps(reading).values():
            budget[cap.item] += cap.fen
    return ThreePublic(_columns(budget), _columns(actual))


def _columns(items: dict[ThreePublicItem, int]) -> ItemFigures:
    vehicle = items["vehicle-purchase"] + items["vehicle-operation"]
    return ItemFigures(
        total_fen=items["overseas"] + vehicle + items["reception"],
        overseas_fen=items["overseas"],
        vehicle_fen=vehicle,
        vehicle_purchase_fen=items["vehicle-purchase"],
        vehicle_operation_fen=items["vehicle-operation"],
        reception_fen=items["reception"],
    )
