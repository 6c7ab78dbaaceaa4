"""What figures an edition has beside its tables, and of which kind each is, before any book is
asked."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from projections.report.editions import Edition, table_of
from projections.report.figures import ADDED_UP, UNIT, FigureKind
from projections.report.form import ROW, SAMPLE, Cell, Columned, Form, Nameless
from projections.report.layouts.listed import Listed
from projections.report.layouts.tree import Tree
from projections.report.narrative.data import Narrative
from projections.report.narrative.figures_said import (
    AnyFigure,
    By,
    CellFigure,
    ChangeFigure,
    CodesFigure,
    ConstantFigure,
    DirectionFigure,
    HappenedFigure,
    ItemFigure,
    LeafFigure,
    NamesFigure,
    NumberFigure,
    ProcuredFigure,
    ResultFigures,
    SumFigure,
    TotalFigure,
    UnitNamesFigure,
    UnitsFigure,
    WholeScoreFigure,
)


class What(NamedTuple):
    """The kind of a figure; of an amount or a count what it is told in."""

    kind: FigureKind
    unit: str = ""

    @property
    def adds_up(self) -> bool:
        """Whether such figures make a sum."""
        return self.kind in ADDED_UP


def measured(unit: str) -> What:
    """An amount where the unit is 万元, else a count."""
    return What("amount" if unit == UNIT else "count", unit)


RECEPTION = {"amount": UNIT, "batches": "批次", "persons": "人次", "companions": "人次"}
TRIP = {"amount": UNIT, "groups": "个", "persons": "人次"}
CONTRACT = ("amount", "paid", "left")
CONTRACT_WORDS = {
    "supplier": "供应商",
    "type": "采购类型",
    "size": "企业规模",
    "reserved": "预留份额",
    "signed": "签订日期",
    "due": "付清期限",
}
"""What figures of facts (`P.…`) are called; of a contract also what is said of it in words."""
_OF_FACTS: dict[str, What] = {
    **{f"P.reception.{name}": measured(unit) for name, unit in RECEPTION.items()},
    **{f"P.trip.{name}": measured(unit) for name, unit in TRIP.items()},
    **{f"P.contract.{ROW}.{name}": measured(UNIT) for name in CONTRACT},
    **{f"P.contract.{ROW}.{name}": What("word") for name in CONTRACT_WORDS},
}
_OF_ITEM = re.compile(r"P\.asset\.(?P<item>.+)\.(?P<name>count|amount|unit)")
_OF_FORM: tuple[tuple[str, What], ...] = (
    (r"funds\.\w+\.(initial|annual_budget|executed)", measured(UNIT)),
    (r"funds\.\w+\.rate", What("percent")),
    (r"[^.]+\.(rule_)?score", What("score")),
    (r"(rule_)?total", What("score")),
)


class Announced(Nameless):
    """Every figure of an edition by its id, in which an @ may stand for a code; in the place of
    names what tells words from what has a 合计."""

    def __init__(self, edition: Edition, narrative: Narrative) -> None:
        self._edition = edition
        self._narrative = narrative
        self._samples: dict[int, dict[str, Cell]] = {}
        self._asked: set[str] = set()

    def of(self, name: str) -> What | None:
        """What a figure is; None where there is none, or it leads back to itself. Whether a table
        has a cell is not asked."""
        if name in self._asked:
            return None
        self._asked.add(name)
        try:
            return self._of(name)
        finally:
            self._asked.remove(name)

    def _of(self, name: str) -> What | None:
        match name[:1]:
            case "T":
                return self._of_cell(name)
            case "N":
                said = self.said(name)
                return None if said is None else self._of_narrative(said)
            case "P":
                return self._of_facts(name)
        return None if self._edition.scoring is None else _of_form(name)

    def adds_up(self, figure: str) -> bool:
        """Whether a figure is an amount or a count."""
        what = self.of(figure)
        return what is not None and what.adds_up

    def said(self, name: str, by: Sequence[By] = ()) -> AnyFigure | None:
        """How the narrative makes a figure; where `by` names kinds of rows, one that stands for
        each of such."""
        for said in self._narrative.figures:
            rows = self._narrative.rows.get(said.each) if said.each else None
            of = f"{said.id}.{ROW}" if isinstance(said, ResultFigures) else said.id
            if (not by or (rows is not None and rows.by in by)) and fits(of, name):
                return said
        return None

    def for_each(self, form: Form, name: str) -> bool:
        """Whether there is a figure for every row that a form may have; with fixed rows, whether
        there is one. Cells are another matter."""
        there = name.startswith("N") or self.of(name) is not None
        match form:
            case Listed(by="asset"):
                items = (name.replace(ROW, item) for item in self._narrative.assets)
                return name[0] in "NP" and all(self._is_one(each) for each in items)
            case Listed(by="contract"):
                return there and name.startswith("P.contract.")
            case Listed():
                by: tuple[By, ...] = ("project", "evaluated")
                return self.said(name, by) is not None if name[0] == "N" else name[0] == "E"
            case Tree():
                return self.said(name, ("class", "item")) is not None
        return self._is_one(name)

    def _is_one(self, name: str) -> bool:
        return self.said(name) is not None if name[0] == "N" else self.of(name) is not None

    def _of_cell(self, name: str) -> What | None:
        form = self._edition.forms.get(table_of(name))
        if form is None:
            return None
        found = self._cells(form).get(_without_row(form, name))
        if found is None:
            return measured(UNIT)
        if found.spec.quoted:
            return self.of(found.spec.quoted)
        return self.of(found.spec.parts[0][1]) if found.spec.parts else measured(UNIT)

    def _cells(self, form: Form) -> Mapping[str, Cell]:
        """The cells of a form that quotes, of which one row stands for all."""
        if not any(True for _ in form.quotes()):
            return {}
        if form.number not in self._samples:
            made = form.cells(SAMPLE, Nameless())
            self._samples[form.number] = {_without_row(form, each.id): each for each in made}
        return self._samples[form.number]

    def _of_narrative(self, said: AnyFigure) -> What | None:
        match said:
            case CellFigure(cell=name) | SumFigure(plus=(name, *_)) | ChangeFigure(of=name):
                return self.of(name)
            case TotalFigure(of=name, unit=unit):
                found = self.of(name)
                return None if found is None else found._replace(unit=unit)
            case LeafFigure() | ProcuredFigure():
                return measured(UNIT)
            case NumberFigure(unit=unit) | ConstantFigure(unit=unit):
                return What("count", unit)
            case UnitsFigure():
                return What("count", "个")
            case ItemFigure(items=of, item=code):
                item = self._narrative.items(of).get(code)
                return None if item is None else measured(item.unit)
            case HappenedFigure(much=much, unit=unit):
                return measured(UNIT if much == "amount" else unit)
            case NamesFigure() | CodesFigure() | UnitNamesFigure():
                return What("names")
            case DirectionFigure() | ResultFigures():
                return What("word")
            case WholeScoreFigure():
                return What("score")
            case _:
                return What("percent")

    def _of_facts(self, name: str) -> What | None:
        found = _OF_ITEM.fullmatch(name)
        if found is None:
            return next((what for of, what in _OF_FACTS.items() if fits(of, name)), None)
        item = self._narrative.assets.get(found["item"])
        if item is None:
            return None
        return {"count": measured(item.unit), "amount": measured(UNIT)}.get(
            found["name"], What("word")
        )


def _of_form(name: str) -> What | None:
    _, _, below = name.removeprefix("E.").partition(".")
    return next((what for of, what in _OF_FORM if re.fullmatch(of, below)), None)


def fits(of: str, name: str) -> bool:
    """Whether an id is that of a figure, whose @ stands for any code."""
    return re.fullmatch(".+".join(map(re.escape, of.split(ROW))), name) is not None


def _without_row(form: Form, name: str) -> str:
    """The id of a cell as that of any row."""
    return name.removeprefix(form.id(form.row_in(name))) if isinstance(form, Columned) else name
