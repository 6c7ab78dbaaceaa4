"""结转结余: what came over, what came in, what went out, what is left, by purpose and origin.

before ± adjustments = opening;
opening + income + surplus used − expenditure − distributed = closing (表1: rows 29 and 59).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import msgspec
from msgspec import UNSET, UnsetType

from ledger.kinds import OpeningChange
from ledger.line import BudgetLine, Fund, Spending
from projections.questions.adjustments import adjustments
from projections.questions.measures import LEFT, Measure, facts_of, taken_out, totals
from projections.questions.surplus import PoolWalk, pools
from projections.views.elimination import eliminated
from projections.views.reading import Reading
from projections.views.source import NamedProject, Projects, Source

_FIGURES = {measure: f"{measure.replace('-', '_')}_fen" for measure in LEFT}


class Walk(msgspec.Struct, frozen=True):
    """The walk from opening to closing, fen."""

    opening_fen: int
    income_fen: int
    surplus_used_fen: int
    expenditure_fen: int
    distributed_fen: int
    closing_fen: int


WALK = Walk.__struct_fields__
"""The figures of the walk, in its order."""


class Item(NamedTuple):
    """Money of one purpose and origin; `project` is `-` for basic money."""

    fund: str
    func: str
    project: str
    origin: int

    @classmethod
    def of(cls, line: BudgetLine) -> Self:
        """The item of a line: its purpose and origin, whatever its econ."""
        return cls(str(line.fund), line.func, line.project, line.origin)


class ItemWalk(msgspec.Struct, frozen=True):
    """The walk of one item, fen; of a department the `name` of its project, and the `units` whose
    it is."""

    fund: str
    func: str
    project: str
    origin: int
    opening_fen: int
    income_fen: int
    surplus_used_fen: int
    expenditure_fen: int
    distributed_fen: int
    closing_fen: int
    name: str | UnsetType = UNSET
    units: tuple[str, ...] | UnsetType = UNSET

    @property
    def item(self) -> Item:
        """Whose walk it is."""
        return Item(self.fund, self.func, self.project, self.origin)


class Change(msgspec.Struct, frozen=True):
    """What an adjustment changed in the opening, signed fen."""

    kind: OpeningChange
    fen: int
    doc: str


class NonFiscal(msgspec.Struct, frozen=True):
    """What is left of 单位资金 at the end, fen: bound to projects, and not."""

    restricted_fen: int
    unrestricted_fen: int


class Carryover(msgspec.Struct, frozen=True):
    """结转结余: the opening before it was adjusted, the walk in total and by item; and the pools,
    which the walk does not hold. Of a department the items are as its books have them, and what
    its units paid each other (`eliminated`, negative) is taken out of the total. Fen."""

    opening_before_fen: int
    opening_adjustments: list[Change]
    opening_fen: int
    income_fen: int
    surplus_used_fen: int
    expenditure_fen: int
    distributed_fen: int
    closing_fen: int
    items: list[ItemWalk]
    nonfiscal: NonFiscal
    pools: list[PoolWalk]
    eliminated: Walk | UnsetType = UNSET


def walk(reading: Reading) -> Walk:
    """The walk of a whole book, fen, without its items."""
    return _walk(totals(reading))


def taken_out_of_walk(source: Source) -> Walk | UnsetType:
    """What is eliminated of the walk of a department, negative fen; nothing where nothing is."""
    found = dict.fromkeys(LEFT, 0)
    for measure, _, _, _, fen in map(taken_out, eliminated(source)):
        found[measure] += fen
    if not any(found.values()):
        return UNSET
    return _walk(found)


def _walk(found: Mapping[Measure, int]) -> Walk:
    figures = {name: found[measure] for measure, name in _FIGURES.items()}
    return Walk(**figures, closing_fen=sum(LEFT[each] * found[each] for each in LEFT))


def carryover(source: Source, *, by_unit: bool = False) -> Carryover:
    """The walk from opening to closing, in fen, in total and per item; what non-fiscal money is
    left, bound to projects and not; and 非财政拨款结余, which the walk does not hold. Items of one
    project are one where units give it one name (H04); with `by_unit` every unit has its own."""
    projects, alone = Projects(source, by_unit=by_unit), isinstance(source, Reading)
    items: dict[tuple[Item, NamedProject], dict[str, Any]] = defaultdict(
        lambda: dict.fromkeys(WALK, 0)
    )
    units: dict[tuple[Item, NamedProject], set[str]] = defaultdict(set)
    nonfiscal = {"restricted_fen": 0, "unrestricted_fen": 0}
    every = ((one, fact) for one in source.members() for fact in facts_of(one))
    for one, (measure, line, _, _, fen) in every:
        if measure not in LEFT:
            continue
        whose = (Item.of(line), projects.of(one, line.project))
        row = items[whose]
        if fen:
            units[whose].add(one.book.unit)
        row[_FIGURES[measure]] += fen
        row["closing_fen"] += LEFT[measure] * fen
        if line.fund is Fund.NONFISCAL:
            bound = line.spending is Spending.PROJECT
            nonfiscal["restricted_fen" if bound else "unrestricted_fen"] += LEFT[measure] * fen
    out = taken_out_of_walk(source)
    whole = {
        name: sum(row[name] for row in items.values()) + (getattr(out, name) if out else 0)
        for name in WALK
    }
    adjusted = adjustments(source)
    return Carryover(
        opening_before_fen=whole["opening_fen"] - sum(each.fen for each in adjusted),
        opening_adjustments=[Change(each.kind, each.fen, each.doc) for each in adjusted],
        **whole,
        items=[
            ItemWalk(
                **item._asdict(),
                **row,
                name=UNSET if alone else project.name,
                units=UNSET if alone else tuple(sorted(units[item, project])),
            )
            for (item, project), row in sorted(items.items())
            if any(row.values())
        ],
        nonfiscal=NonFiscal(**nonfiscal),
        pools=pools(source),
        eliminated=out,
    )
