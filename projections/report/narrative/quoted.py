"""What is wrong with the figures that the tables of an edition quote (P45): those that there are
not, those that lead back to their cell, and sums of what does not add up."""

from collections.abc import Callable, Iterator, Sequence

from ledger.toml import Wrong
from projections.report.editions import Edition
from projections.report.form import ROW, Cell, Columned, Form
from projections.report.layouts.listed import Listed
from projections.report.layouts.tree import Tree
from projections.report.narrative.announced import Announced, fits
from projections.report.narrative.figures_said import CodesFigure, NamesFigure, TotalFigure

Matching = Callable[[str], Sequence[Cell]]
"""The cells of an id, in which an @ stands for any code."""


def unknown(edition: Edition, announced: Announced, cells: Matching) -> Iterator[tuple[int, Wrong]]:
    """What tables quote and there is not, each with the number of its table."""
    for number, form in edition.forms.items():
        rows = isinstance(form, Columned)
        for where, name in form.quotes():
            if name.count(ROW) != int(rows):
                expected = "含一个 @（行的代码）的编号" if rows else "不含 @ 的编号"
                yield number, Wrong((*where, "figure"), name, expected)
                continue
            cell = name.startswith("T") and not (isinstance(form, Listed) and form.by != "project")
            if not (cells(name) if cell else announced.for_each(form, name)):
                yield number, Wrong((*where, "figure"), name, _expected(form))


def _expected(form: Form) -> str:
    match form:
        case Listed(by="asset"):
            return "每个资产项目都有的数，如 P.asset.@.count"
        case Listed(by="contract"):
            return "合同的数，如 P.contract.@.paid"
        case Listed():
            return "各项目的数，如 N.s13c.@.rate、E.@.total，或各表中有的单元格，如 T10.@.1"
        case Tree():
            return "各类或各项的数，如 N.s5c.@_initial，或各表中有的单元格，如 T3.@.1"
    return "表外的数，如 N.s11.goods、P.reception.batches，或各表中有的单元格，如 T7.12"


def circles(
    edition: Edition, announced: Announced, found: Matching, cells: Sequence[Cell]
) -> Iterator[tuple[int, Wrong]]:
    """Figures that lead back to the cell that quotes them, each once."""
    told = set()
    for cell in cells:
        if cell.spec.quoted and cell.id in _below(cell.spec.quoted, announced, found):
            quotes = edition.forms[cell.table].quotes()
            where = next(where for where, name in quotes if fits(name, cell.spec.quoted))
            if (cell.table, where) not in told:
                told.add((cell.table, where))
                circle = f"{cell.id}→{cell.spec.quoted}→…→{cell.id}"
                yield cell.table, Wrong((*where, "figure"), circle, "不由本单元格得出的数")


def _below(name: str, announced: Announced, found: Matching) -> set[str]:
    """Every figure that one is made of, by way of others too."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        if each.startswith("T"):
            for cell in found(each):
                seen.add(cell.id)
                waiting += [part for _, part in cell.spec.parts]
                waiting += filter(None, [cell.spec.quoted])
        elif (said := announced.said(each)) is not None:
            waiting += said.names()
            match said:
                case TotalFigure(of=of):
                    waiting.append(of)
                case NamesFigure(cell=of):
                    waiting.append(of)
                case CodesFigure(cells=names):
                    waiting += names
                case _:
                    pass
    return seen


def mixed(
    edition: Edition, announced: Announced, cells: Sequence[Cell]
) -> Iterator[tuple[int, Wrong]]:
    """Sums of what does not add up: of words or percents, of amounts and counts, of counts in
    several units."""
    told = set()
    for cell in cells:
        if cell.spec.parts and not one_kind(announced, [part for _, part in cell.spec.parts]):
            form = edition.forms[cell.table]
            places = [
                *(each.where for each in form.mentions() if each.owner == cell.row),
                *(each.where for each in form.mentions() if each.owner == cell.column),
                *(where for where, name in form.named() if name == cell.column),
            ]
            if (cell.table, places[0]) not in told:
                told.add((cell.table, places[0]))
                yield cell.table, Wrong(places[0], cell.id, "同是金额、或单位相同的个数之和")


def one_kind(announced: Announced, names: Sequence[str]) -> bool:
    """Whether figures add up: all are amounts, or counts in one unit."""
    whats = {announced.of(name) for name in names}
    return len(whats) == 1 and all(what is not None and what.adds_up for what in whats)
