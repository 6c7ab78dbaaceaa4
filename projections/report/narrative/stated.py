"""The figures that an edition's narrative.toml announces, one for each code where it says so, and
how those that follow from tables and facts are made; those that are counted are in counted.py."""

from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch
from typing import NamedTuple

from ledger.events.particulars import ReceptionHeld, TargetSet
from ledger.line import econ_class, func_class, func_levels, is_econ_item
from projections.report.editions import at, table_of
from projections.report.figure import (
    FALLS,
    LEVEL,
    PERCENT,
    RISES,
    Figure,
    FigureSource,
    OwnEntry,
    Ratio,
    Report,
    Stated,
    Value,
    latest,
    summed,
)
from projections.report.figures import UNIT, FigureKind
from projections.report.narrative.figures_said import (
    AnyFigure,
    By,
    CellFigure,
    ChangeFigure,
    ChangeRateFigure,
    CodeRows,
    CodesFigure,
    ConstantFigure,
    DirectionFigure,
    LeafFigure,
    NamesFigure,
    PercentFigure,
    ResultFigures,
    SumFigure,
    TotalFigure,
    UnitNamesFigure,
    WholeScoreFigure,
)
from projections.report.performance.funds import put_back
from projections.report.selection import Leaf, selection
from projections.views.reading import Reading

Sets = Mapping[str, Sequence[str]]
"""The codes of each set of rows."""


class StatedFigure(NamedTuple):
    """A figure of the narrative, of one code or of none."""

    said: AnyFigure
    sets: Sets
    by: By | None = None
    code: str = ""

    @property
    def id(self) -> str:
        """Its id, the code filled in."""
        return at(self.said.id, self.code)

    def label(self, report: Report) -> str:
        """What it is called, with the name of the code."""
        return at(self.said.label, name_of(report, self.by, self.code))

    def made(self, report: Report) -> Figure:
        """The figure."""
        return made(self.said, self, report)

    def of(self, report: Report, name: str) -> Figure:
        """A figure that it names."""
        return report.figure(self.filled(report, name))

    def filled(self, report: Report, name: str) -> str:
        """The id of what it names, the code filled in."""
        return filled(report, name, self.code)


def filled(report: Report, name: str, code: str) -> str:
    """An id with a code filled in: of a table as its rows are called."""
    form = report.edition.forms.get(table_of(name)) if name.startswith("T") else None
    return at(name, code if form is None else form.row_of(code))


def stated(report: Report) -> Iterator[Stated]:
    """Every figure of the narrative of a report; not those of cells that its edition does not
    have, nor what is made of these."""
    from projections.report.narrative.counted import results

    narrative, found = report.narrative, set(report.cells.all)
    sets = sets_of(report)
    for said in narrative.figures:
        if isinstance(said, ResultFigures):
            yield from results(report, said)
            continue
        if isinstance(said, WholeScoreFigure) and not _whole_scored(report):
            continue
        by = narrative.rows[said.each].by if said.each else None
        for code in sets[said.each] if said.each else ("",):
            each = StatedFigure(said, sets, by, code)
            if all(each.filled(report, name) in found for name in said.names()):
                found.add(each.id)
                yield each


def _whole_scored(report: Report) -> bool:
    """Whether the whole unit has a self-evaluation that is scored."""
    alone = isinstance(report.source, Reading)
    targets = (each.event for each in report.said(TargetSet))
    return report.edition.scoring is not None and any(
        not each.project and not (alone and each.department) for each in targets
    )


def sets_of(report: Report) -> dict[str, list[str]]:
    """The codes of every set of rows, in their order."""
    return {name: list(_codes(report, rows)) for name, rows in report.narrative.rows.items()}


def _codes(report: Report, rows: CodeRows) -> Iterator[str]:
    found = _of_leaves(report, rows.by, rows.leaves) - _of_leaves(report, rows.by, rows.without)
    match rows.by:
        case "category":
            found = {category_of(each.event) for each in report.said(ReceptionHeld)}
        case "evaluated":
            said = report.foremost(TargetSet, lambda event: (event.project, event.no))
            evaluated = {each.event.project for each in said} - {""}
            found = evaluated & found if rows.leaves else evaluated
        case _:
            pass
    yield from sorted(found)


def _of_leaves(report: Report, by: By, leaves: Sequence[Leaf]) -> set[str]:
    """The codes that have anything in one of these; projects that are evaluated are parted by the
    money that they have (P44)."""
    facts = report.cells.facts
    found: set[str] = set()
    for wanted in filter(None, map(selection, leaves)):
        projects = by in ("project", "evaluated")
        codes = facts.projects(wanted) if projects else facts.items(wanted)
        found |= set(map(func_class, codes)) if by == "class" else codes
    return found


def category_of(event: ReceptionHeld) -> str:
    """The word of a category; one for what has none."""
    return event.category or "未分类"


def path_of(report: Report, code: str) -> str:
    """A 项 with the 类 and 款 that it is of."""
    names = report.cells.names
    levels = zip(func_levels(code), ("类", "款", "项"), strict=False)
    return "".join(f"{names.functional(level) or level}（{word}）" for level, word in levels)


def name_of(report: Report, by: By | None, code: str) -> str:
    """What a code of a set of rows is called."""
    names = report.cells.names
    match by:
        case None:
            return ""
        case "category":
            return code
        case "project" | "evaluated":
            return names.project(code) or code
    return names.functional(code) or code


@singledispatch
def made(said: AnyFigure, stated: StatedFigure, report: Report) -> Figure:
    """A figure, by its kind."""
    raise NotImplementedError(type(said))


@made.register
def _(said: CellFigure, stated: StatedFigure, report: Report) -> Figure:
    of = stated.of(report, said.cell)
    if of.kind == "amount" and of.value == 0:  # where the form prints nothing, or a mark
        of = of._replace(printed=report.amount(0))
    return of._replace(
        id=stated.id,
        label=stated.label(report),
        formula=of.id,
        parts=((1, of.id),),
        wanted=None,
        own=(),
    )


@made.register
def _(said: WholeScoreFigure, stated: StatedFigure, report: Report) -> Figure:
    of = report.figure("E.whole.total")
    label = stated.label(report)
    return of._replace(id=stated.id, label=label, formula=of.id, parts=((1, of.id),), own=())


@made.register
def _(said: LeafFigure, stated: StatedFigure, report: Report) -> Figure:
    narrowed = None
    if stated.by is not None:
        own = (stated.code,)
        by_project = stated.by in ("project", "evaluated")
        narrowed = Leaf(project=own) if by_project else Leaf(func=own)
    wanted = selection(said.leaf, narrowed)
    within = put_back(report.cells, stated.code, "total", "executed") if said.executed else ()
    fen = report.cells.facts.total(wanted) if wanted else 0
    fen += sum(each.much for each in within)
    return Figure(
        *(stated.id, stated.label(report), "amount", fen, report.amount(fen), UNIT, str(wanted)),
        wanted=wanted,
        own=within,
    )


@made.register
def _(said: SumFigure, stated: StatedFigure, report: Report) -> Figure:
    signed = [(1, stated.of(report, name)) for name in said.plus]
    signed += [(-1, stated.of(report, name)) for name in said.less]
    return added(report, stated, signed, signed[0][1].unit)


@made.register
def _(said: TotalFigure, stated: StatedFigure, report: Report) -> Figure:
    codes = stated.sets[said.over]
    return added(
        *(report, stated),
        [(1, report.figure(filled(report, said.of, code))) for code in codes],
        said.unit,
    )


def added(
    report: Report, stated: StatedFigure, signed: Sequence[tuple[int, Figure]], unit: str
) -> Figure:
    """A sum of figures of one kind; an amount where there is none."""
    value = None
    if not any(each.value is None for _, each in signed):
        value = sum(sign * each.number for sign, each in signed)
    kind: FigureKind = signed[0][1].kind if signed else "amount"
    parts = [(sign, each.id) for sign, each in signed]
    return derived(
        *(report, stated, kind, value, summed(parts) or "（没有）", [each for _, each in signed]),
        unit=unit,
        signs=[sign for sign, _ in signed],
    )


@made.register
def _(said: PercentFigure, stated: StatedFigure, report: Report) -> Figure:
    of, base = stated.of(report, said.of), stated.of(report, said.base)
    ratio = Ratio(of.number, base.number) if base.number and of.value is not None else None
    return derived(report, stated, "percent", ratio, f"{of.id} ÷ {base.id}", [of, base])


@made.register
def _(said: ChangeFigure, stated: StatedFigure, report: Report) -> Figure:
    of, last = _both(report, stated, said.of)
    less, more = (of, last) if of.number < last.number else (last, of)
    value = None if None in (of.value, last.value) else more.number - less.number
    return derived(
        *(report, stated, of.kind, value, f"{more.id} － {less.id}", [of, last]),
        unit=of.unit,
        signs=[1, -1] if more is of else [-1, 1],
    )


@made.register
def _(said: ChangeRateFigure, stated: StatedFigure, report: Report) -> Figure:
    of, last = _both(report, stated, said.of)
    ratio = Ratio(abs(of.number - last.number), last.number) if last.number else None
    formula = f"（{of.id} － {last.id}） ÷ {last.id}，取绝对值"
    return derived(report, stated, "percent", ratio, formula, [of, last])


@made.register
def _(said: DirectionFigure, stated: StatedFigure, report: Report) -> Figure:
    of, last = _both(report, stated, said.of)
    change, word = of.number - last.number, None
    if None not in (of.value, last.value):
        word = LEVEL if not change else RISES if change > 0 else FALLS
    return derived(report, stated, "word", word, f"{of.id} 与 {last.id} 比较", [of, last])


def _both(report: Report, stated: StatedFigure, name: str) -> tuple[Figure, Figure]:
    """A figure, and last year's."""
    of = stated.of(report, name)
    return of, report.last_year(of.id)


@made.register
def _(said: NamesFigure, stated: StatedFigure, report: Report) -> Figure:
    before, after = said.cell.split("@")
    cells = report.cells
    items = sorted(
        (code, name)
        for name in cells.all
        if name.startswith(before) and name.endswith(after)
        for code in [name.removeprefix(before).removesuffix(after)]
        if is_econ_item(code) and econ_class(code) in said.classes and cells.fen(name)
    )
    found = [report.figure(name) for _, name in items]
    names = tuple(each.label for each in found)
    formula = f"{'、'.join(said.classes)} 中有金额的科目"
    return derived(report, stated, "names", names, formula, found)


@made.register
def _(said: CodesFigure, stated: StatedFigure, report: Report) -> Figure:
    codes = tuple(stated.sets[said.over])
    cells = report.cells
    names = (filled(report, name, code) for code in codes for name in said.cells)
    found = [report.figure(name) for name in names if name in cells.all and cells.fen(name)]
    return derived(report, stated, "names", codes, "用到的科目编码", found)


@made.register
def _(said: ConstantFigure, stated: StatedFigure, report: Report) -> Figure:
    return derived(report, stated, "count", said.count, "表样规定", [], unit=said.unit)


@made.register
def _(said: UnitNamesFigure, stated: StatedFigure, report: Report) -> Figure:
    members = report.source.members()
    names = tuple(one.name for one in members)
    found = derived(report, stated, "names", names, "账套的单位名称", [])
    return found._replace(own=tuple(OwnEntry(str(one.book), 1, 1) for one in members))


def derived(
    report: Report,
    stated: StatedFigure,
    kind: FigureKind,
    value: Value,
    formula: str,
    of: Sequence[Figure],
    *,
    unit: str = "",
    signs: Sequence[int] = (),
) -> Figure:
    """A figure that is made of others, and needs what they need."""
    needed = dict.fromkeys(each for one in of for each in one.needed)
    source: FigureSource = latest(each.source for each in of)
    parts = zip(signs or [1] * len(of), (each.id for each in of), strict=True)
    return Figure(
        *(stated.id, stated.label(report), kind, value, printed(report, kind, value)),
        *(PERCENT if kind == "percent" else unit, formula, source),
        parts=tuple(parts),
        needed=tuple(needed),
    )


def printed(report: Report, kind: FigureKind, value: Value) -> str:
    """A value as it is printed."""
    match value:
        case None:
            return ""
        case Ratio():
            return report.percent(value)
        case int():
            return report.amount(value) if kind == "amount" else f"{value:,}"
        case str():
            return value
    return "、".join(value)
