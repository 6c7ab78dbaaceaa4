"""三公经费: budget, payments and what is left of 因公出国、公务用车、公务接待, 表7.

Which money counts is said by the forms of a year (`funds`: 一般公共预算 in 2020, all 财政拨款 from
2022 on); what other money pays for these items stands apart. The actual column counts carry-over
and payments drawn on lines without an econ.
"""

from collections import defaultdict
from collections.abc import Collection

import msgspec

from ledger.codes import ITEM_OF_ECON
from ledger.kinds import ThreePublicItem
from ledger.line import FISCAL_FUNDS, Fund
from ledger.money import rate
from projections.answers import beside
from projections.questions.measures import Measure, facts_of, first_caps, last_caps
from projections.views.reading import Reading
from projections.views.source import Source


class ItemFigures(msgspec.Struct, frozen=True):
    """One column of 三公经费, fen; vehicle = purchase + operation."""

    total_fen: int
    overseas_fen: int
    vehicle_fen: int
    vehicle_purchase_fen: int
    vehicle_operation_fen: int
    reception_fen: int


class ItemRates(msgspec.Struct, frozen=True):
    """A rate of each of them, of four places; null for a zero base."""

    total: str | None
    overseas: str | None
    vehicle: str | None
    vehicle_purchase: str | None
    vehicle_operation: str | None
    reception: str | None


class ThreePublic(msgspec.Struct, frozen=True):
    """三公经费 of the money that counts (`funds`): 预算数, which is the initial budget, and 决算数;
    全年预算, what is left of it and how far it is executed; last year's 决算数 of the same money,
    null where there is no book of it. `other_funds` is what other money paid."""

    funds: list[Fund]
    budget: ItemFigures
    actual: ItemFigures
    annual_budget: ItemFigures
    left: ItemFigures
    rate: ItemRates
    last_year: ItemFigures | None
    other_funds: ItemFigures


_Items = dict[ThreePublicItem, int]


class _Sums:
    """The columns of one or many books, item by item, fen."""

    def __init__(self) -> None:
        self.budget, self.actual, self.annual, self.left, self.other = (
            dict.fromkeys(ITEM_OF_ECON.values(), 0) for _ in range(5)
        )


def three_public(
    source: Source, funds: Collection[Fund], last_year: ItemFigures | None = None
) -> ThreePublic:
    """The figures of `funds` per item, fen; `last_year` is last year's `actual`, if known.

    Where an item has a 三公限额 the first is its budget and the last its 全年预算 (L72): its lines
    lie inside it, and what any 财政拨款 paid is taken from what is left, since R3 counts it all.
    """
    sums = _Sums()
    for one in source.members():
        _add(sums, one, funds)
    annual, actual = _columns(sums.annual), _columns(sums.actual)
    return ThreePublic(
        funds=[fund for fund in Fund if fund in funds],
        budget=_columns(sums.budget),
        actual=actual,
        annual_budget=annual,
        left=_columns(sums.left),
        rate=_rates(actual, annual),
        last_year=last_year,
        other_funds=_columns(sums.other),
    )


def paid_by_fund(reading: Reading) -> dict[Fund, int]:
    """What each fund paid for all items together, fen."""
    found: dict[Fund, int] = defaultdict(int)
    for measure, line, econ, _, fen in facts_of(reading):
        if measure is Measure.EXPENDITURE and econ in ITEM_OF_ECON:
            found[line.fund] += fen
    return found


def _add(sums: _Sums, reading: Reading, funds: Collection[Fund]) -> None:
    """Adds a book's columns."""
    first, last = first_caps(reading), last_caps(reading)
    for measure, line, econ, _, fen in facts_of(reading):
        item = ITEM_OF_ECON.get(econ)
        if item is None:
            continue
        counts, capped = line.fund in funds, item in last
        if measure is Measure.THREE_PUBLIC and counts:
            sums.budget[item] += fen
        elif measure is Measure.BUDGET and counts and not capped:
            sums.annual[item] += fen
            sums.left[item] += fen
        elif measure is Measure.EXPENDITURE:
            (sums.actual if counts else sums.other)[item] += fen
            if counts or (capped and line.fund in FISCAL_FUNDS):
                sums.left[item] -= fen
    for cap in first.values():
        sums.budget[cap.item] += cap.fen
    for cap in last.values():
        sums.annual[cap.item] += cap.fen
        sums.left[cap.item] += cap.fen


def _columns(items: _Items) -> ItemFigures:
    vehicle = items["vehicle-purchase"] + items["vehicle-operation"]
    return ItemFigures(
        total_fen=items["overseas"] + vehicle + items["reception"],
        overseas_fen=items["overseas"],
        vehicle_fen=vehicle,
        vehicle_purchase_fen=items["vehicle-purchase"],
        vehicle_operation_fen=items["vehicle-operation"],
        reception_fen=items["reception"],
    )


def _rates(actual: ItemFigures, annual: ItemFigures) -> ItemRates:
    pairs = zip(msgspec.structs.astuple(actual), msgspec.structs.astuple(annual), strict=True)
    return ItemRates(*(rate(paid, budget) for paid, budget in pairs))


def beside_last_year(now: ThreePublic, then: ThreePublic) -> ThreePublic:
    """Both years beside each other, item by item."""
    columns = ("budget", "actual", "annual_budget", "left", "other_funds")
    both = {name: beside(getattr(now, name), getattr(then, name)) for name in columns}
    rates = beside(now.rate, then.rate, ItemRates.__struct_fields__)
    return msgspec.structs.replace(now, rate=rates, **both)
