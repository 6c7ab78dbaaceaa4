"""Figures of the narrative that are counted from facts which move no money: people and assets,
receptions and trips, procurement, units, what was reached of a target."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec.structs import replace

from ledger.evaluation.targets import Number, quantity
from ledger.events.particulars import (
    AssetCounted,
    ContractSigned,
    HeadcountCounted,
    ReceptionHeld,
    ResultReported,
    TargetSet,
    TripMade,
)
from ledger.money import yuan
from ledger.refusals import Way, Word
from projections.questions.particulars import Said
from projections.questions.procurement import untied
from projections.questions.three_public import three_public
from projections.report.editions import at
from projections.report.figure import (
    Figure,
    Needed,
    OwnEntry,
    Ratio,
    Report,
)
from projections.report.figures import UNIT, FigureKind
from projections.report.narrative.figures_said import (
    HappenedFigure,
    ItemFigure,
    Much,
    NumberFigure,
    ProcuredFigure,
    ResultFigures,
    UnitsFigure,
)
from projections.report.narrative.stated import (
    StatedFigure,
    added,
    category_of,
    made,
    name_of,
    printed,
)
from projections.report.performance import funds
from projections.report.performance.forms import EXECUTED
from projections.report.performance.indicators import written
from projections.views.reading import Reading

_COUNTED: dict[str, type[HeadcountCounted] | type[AssetCounted]] = {
    "staff": HeadcountCounted,
    "assets": AssetCounted,
}
_COMMANDS = {"staff": "headcount", "assets": "asset"}


def last_counts(report: Report, of: str) -> dict[tuple[str, str], OwnEntry]:
    """The last count of each item, by book and item."""
    return {
        (each.book, each.event.item): OwnEntry(each.book, each.entry, each.event.count)
        for each in report.said(_COUNTED[of])
    }


@made.register
def _(said: ItemFigure, stated: StatedFigure, report: Report) -> Figure:
    items = report.narrative.items(said.items)
    item = items[said.item]
    if item.plus:
        before, _, _ = stated.id.rpartition(f".{said.item}")
        return added(
            *(report, stated),
            [(1, report.figure(f"{before}.{part}")) for part in item.plus],
            item.unit,
        )
    counts = last_counts(report, said.items)
    own = [each for (_, name), each in counts.items() if name == said.item]
    group = {name for name, each in items.items() if each.group == item.group}
    having = {book for book, name in counts if name in group}
    needed = [
        _item_needed(report, one, stated, said)
        for one in report.source.members()
        if str(one.book) not in having and not item.optional
    ]
    return _counted(report, stated, own, item.unit, needed, "最后一次登记的数")


def _item_needed(report: Report, one: Reading, stated: StatedFigure, said: ItemFigure) -> Needed:
    whose = "" if isinstance(report.source, Reading) else f"{one.book.unit} 的"
    message = f"{whose}{stated.label(report)}（{stated.id}），没有的登记 0"
    way = report.way(one, _COMMANDS[said.items], item=said.item, count=Word("数量"))
    return Needed(stated.id, "fact", message, (way,))


def _counted(
    report: Report,
    stated: StatedFigure,
    own: Sequence[OwnEntry],
    unit: str,
    needed: Sequence[Needed] = (),
    formula: str = "各笔登记合计",
) -> Figure:
    """A count, or an amount where the unit is 万元, that entries add up to."""
    value = None if needed else sum(each.much for each in own)
    kind: FigureKind = "amount" if unit == UNIT else "count"
    return Figure(
        *(stated.id, stated.label(report), kind, value, printed(report, kind, value)),
        *(unit, formula, "particular"),
        own=tuple(own),
        needed=tuple(needed),
    )


@made.register
def _(said: UnitsFigure, stated: StatedFigure, report: Report) -> Figure:
    counts = last_counts(report, "staff")
    own = [each for (_, name), each in counts.items() if name == said.item]
    if own:
        return _counted(report, stated, own, "个", formula="登记的单位数")
    if said.plus:
        return added(report, stated, [(1, stated.of(report, name)) for name in said.plus], "个")
    alone = isinstance(report.source, Reading)
    opened = [
        OwnEntry(str(one.book), 1, 1)
        for one in report.source.members()
        if (said.own if alone else one.unit_kind in said.kinds) and _has_three_public(report, one)
    ]
    found = _counted(report, stated, opened, "个", formula="有三公经费的单位数")
    return found._replace(source="book")


def _has_three_public(report: Report, one: Reading) -> bool:
    figures = three_public(one, report.edition.three_public_funds)
    return bool(figures.budget.total_fen or figures.actual.total_fen)


@made.register
def _(said: NumberFigure, stated: StatedFigure, report: Report) -> Figure:
    by = report.narrative.rows[said.over].by
    first: dict[str, OwnEntry] = {}
    if by == "evaluated":
        for each in report.foremost(TargetSet, lambda event: (event.project, event.no)):
            if each.event.project in stated.sets[said.over]:
                first.setdefault(each.event.project, OwnEntry(each.book, each.entry, 1))
        own = list(first.values())
        return _counted(report, stated, own, said.unit, formula="有绩效指标的项目数")
    codes = stated.sets[said.over]
    found = _counted(report, stated, (), said.unit, formula="有金额的个数")
    return found._replace(value=len(codes), printed=str(len(codes)), source="book")


def _much(event: ReceptionHeld | TripMade, much: Much) -> int:
    name = "amount_fen" if much == "amount" else much
    value: int = getattr(event, name)
    return value


@made.register
def _(said: HappenedFigure, stated: StatedFigure, report: Report) -> Figure:
    if said.of == "trip":
        own = [
            OwnEntry(each.book, each.entry, _much(each.event, said.much))
            for each in report.said(TripMade)
        ]
    else:
        own = [
            OwnEntry(each.book, each.entry, _much(each.event, said.much))
            for each in report.said(ReceptionHeld)
            if said.guests in (None, each.event.guests)
            and (stated.by is None or category_of(each.event) == stated.code)
        ]
    own = [each for each in own if each.much]
    needed: list[Needed] = []
    if said.cell is not None:
        spent_fen, said_fen = stated.of(report, said.cell).number, sum(each.much for each in own)
        if spent_fen != said_fen:
            message = (
                f"{stated.label(report)}：决算 {yuan(spent_fen)} 元，登记合计 {yuan(said_fen)} 元，"
                f"相差 {yuan(spent_fen - said_fen)} 元"
            )
            ways = tuple(_ways(report, said.of, own, too_many=said_fen > spent_fen))
            needed.append(Needed(stated.id, "fact", message, ways))
    unit = UNIT if said.much == "amount" else said.unit
    return _counted(report, stated, own, unit, needed)


def _ways(
    report: Report, of: Literal["reception", "trip"], own: Sequence[OwnEntry], *, too_many: bool
) -> Iterator[Way]:
    """What to type in the books whose facts differ from what was paid: what is lacking is recorded,
    of what is too much one is taken back."""
    for one in report.source.members():
        actual = three_public(one, report.edition.three_public_funds).actual
        spent_fen = actual.reception_fen if of == "reception" else actual.overseas_fen
        there_fen = sum(each.much for each in own if each.book == str(one.book))
        if too_many and there_fen > spent_fen:
            yield report.way(one, "particulars", of)
            yield report.way(one, "reverse", Word("编号"))
        elif not too_many and there_fen < spent_fen:
            yield report.way(one, _WAYS[of].command, **dict(_WAYS[of].options))


_WAYS = {
    "reception": Way(
        "reception", amount=Word("金额"), batches=Word("批次"), persons=Word("人次"),
        category=Word("类别"),
    ),
    "trip": Way("trip", amount=Word("金额"), groups=Word("团组数"), persons=Word("人次")),
}  # fmt: skip


@made.register
def _(said: ProcuredFigure, stated: StatedFigure, report: Report) -> Figure:
    own = [
        OwnEntry(each.book, each.entry, each.event.amount_fen)
        for each in report.said(ContractSigned)
        if each.event.signed is None
        and (not said.types or each.event.procurement_type in said.types)
        and (not said.sizes or each.event.size in said.sizes)
        and (not said.reserved or each.event.reserved in said.reserved)
    ]
    if not said.sizes and not said.reserved:
        own += [
            OwnEntry(each.book, each.entry, each.fen)
            for each in untied(report.source)
            if not said.types or each.procurement_type in said.types
        ]
    formula = "本年签订的合同，和没有合同的采购支付"
    if said.sizes or said.reserved:
        formula = "本年签订的合同"
    return _counted(report, stated, own, UNIT, formula=formula)


def results(report: Report, said: ResultFigures) -> Iterator["StatedResult"]:
    """What was reached of every row of the forms of projects."""
    found: dict[tuple[str, str], list[Said[ResultReported]]] = defaultdict(list)
    for each in report.foremost(ResultReported, lambda event: (event.project, event.no)):
        found[each.event.project, each.event.no].append(each)
    for (project, no), reached in sorted(found.items()):
        if project:
            own = [OwnEntry(each.book, each.entry, 1) for each in reached]
            actual = written(each.event.actual for each in reached)
            result = replace(reached[0].event, actual=actual)
            yield StatedResult(f"{at(said.id, project)}.{no}", said.label, result, own)


class StatedResult:
    """What was reached of a row, as a figure: an amount, a percent or a count where it is one
    number, else the words."""

    def __init__(
        self, name: str, label: str, result: ResultReported, own: Sequence[OwnEntry]
    ) -> None:
        self.id = name
        self._label = label
        self._result = result
        self._own = own

    def made(self, report: Report) -> Figure:
        """The figure."""
        project = self._result.project
        label = f"{at(self._label, name_of(report, 'project', project))}{self._result.no}"
        said = quantity(self._result.actual)
        whole = Figure(
            *(self.id, label, "word", self._result.actual, self._result.actual, "", "绩效结果"),
            source="particular",
            own=tuple(self._own),
        )
        if self._result.actual == EXECUTED:
            return self._executed(report, whole)
        if not isinstance(said, Number) or said.comparison:  # 超过1000人 is not 1,000
            return whole
        of, base = said.value.as_integer_ratio()
        scale = _FEN.get(said.unit)
        if scale is not None and (of * scale) % base == 0:
            fen = of * scale // base
            own = self._first(fen)
            return whole._replace(
                kind="amount", value=fen, printed=report.amount(fen), unit=UNIT, own=own
            )
        if said.unit == "%":
            return whole._replace(
                kind="percent",
                value=Ratio(of, base * _HUNDRED),
                printed=report.percent(Ratio(of, base * _HUNDRED)),
                unit="%",
            )
        if base == 1:
            own = self._first(of)
            return whole._replace(
                kind="count", value=of, printed=f"{of:,}", unit=said.unit, own=own
            )
        return whole

    def _executed(self, report: Report, whole: Figure) -> Figure:
        """The execution rate of the project, of all its money, as in its form; no value where
        nothing was budgeted."""
        money = funds.money(report.cells, self._result.project)["total"]
        ratio = Ratio(money.executed, money.annual_budget) if money.annual_budget else None
        rate = f"E.{self._result.project}.funds.total.rate"
        return whole._replace(
            kind="percent",
            value=ratio,
            printed="" if ratio is None else report.percent(ratio),
            unit="%",
            formula="全年执行数 ÷ 全年预算数",
            parts=((1, rate),) if report.has(rate) else (),
        )

    def _first(self, much: int) -> tuple[OwnEntry, ...]:
        """The entries of a number that several units say: it counts once."""
        first, *rest = self._own
        return first._replace(much=much), *(each._replace(much=0) for each in rest)


_FEN = {"万元": 1_000_000, "元": 100, "亿元": 10_000_000_000}
_HUNDRED = 100
