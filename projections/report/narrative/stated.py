"""The figures that an edition's narrative.toml announces, one for each code where it says so, and
how each kind of them is made."""

from collections.abc import Iterator, Sequence
from functools import singledispatch
from typing import NamedTuple

from ledger.line import econ_class, func_class, is_econ_item
from projections.report.editions import at, table_of
from projections.report.figure import (
    FALLS,
    LEVEL,
    PERCENT,
    RISES,
    Figure,
    FigureKind,
    FigureSource,
    Needed,
    Ratio,
    Report,
    Value,
    latest,
    summed,
)
from projections.report.narrative.data import (
    AnyFigure,
    By,
    CellFigure,
    ChangeFigure,
    ChangeRateFigure,
    CodeRows,
    DirectionFigure,
    LeafFigure,
    NamesFigure,
    PercentFigure,
    SumFigure,
)
from projections.report.selection import Leaf, selection
from projections.report.tables import UNIT


class StatedFigure(NamedTuple):
    """A figure of the narrative, of one code or of none."""

    said: AnyFigure
    by: By | None = None
    code: str = ""

    @property
    def id(self) -> str:
        """Its id, the code filled in."""
        return at(self.said.id, self.code)

    def label(self, report: Report) -> str:
        """What it is called, with the name of the code."""
        return at(self.said.label, _name(report, self.by, self.code))

    def made(self, report: Report) -> Figure:
        """The figure."""
        return _made(self.said, self, report)

    def of(self, report: Report, name: str) -> Figure:
        """A figure that it names."""
        return report.figure(self.filled(report, name))

    def filled(self, report: Report, name: str) -> str:
        """The id of what it names, the code filled in: of a table as its rows are called."""
        form = report.edition.forms.get(table_of(name)) if name.startswith("T") else None
        return at(name, self.code if form is None else form.row_of(self.code))


def stated(report: Report) -> Iterator[StatedFigure]:
    """Every figure of the narrative of a report; not those of cells that its edition does not
    have, nor what is made of these."""
    narrative, found = report.narrative, set(report.cells.all)
    codes = {name: list(_codes(report, rows)) for name, rows in narrative.rows.items()}
    for said in narrative.figures:
        by = narrative.rows[said.each].by if said.each else None
        for code in codes[said.each] if said.each else ("",):
            each = StatedFigure(said, by, code)
            if all(each.filled(report, name) in found for name in said.names()):
                found.add(each.id)
                yield each


def _codes(report: Report, rows: CodeRows) -> Iterator[str]:
    facts = report.cells.facts
    found: set[str] = set()
    for leaf in rows.leaves:
        wanted = selection(leaf)
        if wanted is None:
            continue
        match rows.by:
            case "class":
                found |= set(map(func_class, facts.items(wanted)))
            case "item":
                found |= facts.items(wanted)
            case "project":
                found |= facts.projects(wanted)
    yield from sorted(found)


def _name(report: Report, by: By | None, code: str) -> str:
    if by is None:
        return ""
    names = report.cells.names
    return (names.project(code) if by == "project" else names.functional(code)) or code


@singledispatch
def _made(said: AnyFigure, stated: StatedFigure, report: Report) -> Figure:
    """A figure, by its kind."""
    raise NotImplementedError(type(said))


@_made.register
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


@_made.register
def _(said: LeafFigure, stated: StatedFigure, report: Report) -> Figure:
    narrowed = None
    if stated.by is not None:
        own = (stated.code,)
        narrowed = Leaf(project=own) if stated.by == "project" else Leaf(func=own)
    wanted = selection(said.leaf, narrowed)
    fen = report.cells.facts.total(wanted) if wanted else 0
    return Figure(
        *(stated.id, stated.label(report), "amount", fen, report.amount(fen), UNIT, str(wanted)),
        wanted=wanted,
    )


@_made.register
def _(said: SumFigure, stated: StatedFigure, report: Report) -> Figure:
    signed = [(1, stated.of(report, name)) for name in said.plus]
    signed += [(-1, stated.of(report, name)) for name in said.less]
    first, parts = signed[0][1], tuple((sign, each.id) for sign, each in signed)
    value = None
    if not any(each.value is None for _, each in signed):
        value = sum(sign * each.number for sign, each in signed)
    return _derived(
        *(report, stated, first.kind, value, summed(parts), [each for _, each in signed]),
        unit=first.unit,
        signs=[sign for sign, _ in signed],
    )


@_made.register
def _(said: PercentFigure, stated: StatedFigure, report: Report) -> Figure:
    of, base = stated.of(report, said.of), stated.of(report, said.base)
    ratio = Ratio(of.number, base.number) if base.number and of.value is not None else None
    return _derived(report, stated, "percent", ratio, f"{of.id} ÷ {base.id}", [of, base])


@_made.register
def _(said: ChangeFigure, stated: StatedFigure, report: Report) -> Figure:
    of, last = _both(report, stated, said.of)
    less, more = (of, last) if of.number < last.number else (last, of)
    value = None if last.value is None else more.number - less.number
    return _derived(
        *(report, stated, of.kind, value, f"{more.id} － {less.id}", [of, last]),
        unit=of.unit,
        signs=[1, -1] if more is of else [-1, 1],
    )


@_made.register
def _(said: ChangeRateFigure, stated: StatedFigure, report: Report) -> Figure:
    of, last = _both(report, stated, said.of)
    ratio = Ratio(abs(of.number - last.number), last.number) if last.number else None
    formula = f"（{of.id} － {last.id}） ÷ {last.id}，取绝对值"
    return _derived(report, stated, "percent", ratio, formula, [of, last])


@_made.register
def _(said: DirectionFigure, stated: StatedFigure, report: Report) -> Figure:
    of, last = _both(report, stated, said.of)
    change = of.number - last.number
    word = None if last.value is None else (LEVEL if not change else RISES if change > 0 else FALLS)
    return _derived(report, stated, "word", word, f"{of.id} 与 {last.id} 比较", [of, last])


def _both(report: Report, stated: StatedFigure, name: str) -> tuple[Figure, Figure]:
    """A figure, and last year's."""
    of = stated.of(report, name)
    return of, report.figure(f"{of.id}@{report.year - 1}")


@_made.register
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
    return _derived(report, stated, "names", names, formula, found)


def _derived(
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
    needed: dict[tuple[str, str], Needed] = {each[:2]: each for one in of for each in one.needed}
    source: FigureSource = latest(each.source for each in of)
    parts = zip(signs or [1] * len(of), (each.id for each in of), strict=True)
    return Figure(
        *(stated.id, stated.label(report), kind, value, _printed(report, kind, value)),
        *(PERCENT if kind == "percent" else unit, formula, source),
        parts=tuple(parts),
        needed=tuple(needed.values()),
    )


def _printed(report: Report, kind: FigureKind, value: Value) -> str:
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
