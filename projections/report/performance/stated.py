"""The figures of 绩效自评 (`E.…`): the money of every form, the score of every row by the rules and
as it was given, and the totals; each with what it was made of, down to entries.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple

from ledger.evaluation.points import points
from ledger.events.particulars import ScoreOverridden
from ledger.kinds import GRADE_NAMES
from projections.questions.particulars import Said
from projections.report.figure import PERCENT, Figure, OwnEntry, Ratio, Report, summed
from projections.report.figures import UNIT as WAN
from projections.report.performance import funds
from projections.report.performance.findings import LACKING
from projections.report.performance.forms import Forms, ScoredForm, ScoredRow
from projections.report.performance.funds import COLUMNS, NAMES, PARTS, Code
from projections.report.performance.shares import together_of
from projections.report.performance.told import printed_points

POINTS = "分"
_DECIMALS = 2
_OF_IT = "其中："
_NO_IDS = "whole"
"""A project of this code has no figures: they would be called as those of the whole unit."""


class StatedScore(NamedTuple):
    """A figure of a form, made when somebody asks for it."""

    id: str
    make: Callable[[Report, str], Figure]

    def made(self, report: Report) -> Figure:
        """The figure."""
        return self.make(report, self.id)


def stated(report: Report) -> Iterator[StatedScore]:
    """Every figure of every form."""
    for form in Forms(report.cells).all:
        if form.project != _NO_IDS:
            yield from _of_form(form)


def _of_form(form: ScoredForm) -> Iterator[StatedScore]:
    key = f"E.{form.key}"
    for code in form.money:
        for column in COLUMNS:
            yield StatedScore(f"{key}.funds.{code}.{column}", _amount(form, code, column))
        yield StatedScore(f"{key}.funds.{code}.rate", _rate(form, code))
    yield StatedScore(f"{key}.execution.rule_score", _execution_rule(form))
    yield StatedScore(f"{key}.execution.score", _execution(form))
    for row in form.rows:
        yield StatedScore(f"{key}.{row.no}.rule_score", _rule_score(form, row))
        yield StatedScore(f"{key}.{row.no}.score", _score(form, row))
    yield StatedScore(f"{key}.rule_total", _total(form, "rule_score", "规则得分合计"))
    yield StatedScore(f"{key}.total", _total(form, "score", "总分"))


_Make = Callable[[Report, str], Figure]


def _amount(form: ScoredForm, code: Code, column: funds.Column) -> _Make:
    def make(report: Report, name: str) -> Figure:
        fen = getattr(form.money[code], column)
        label = f"{form.title}{NAMES[code].removeprefix(_OF_IT)}{COLUMNS[column]}"
        if code == "total" and form.project:  # the whole unit's form prints no parts of it
            parts = tuple((1, f"E.{form.key}.funds.{each}.{column}") for each in PARTS)
            return Figure(
                *(name, label, "amount", fen, report.amount(fen), WAN, summed(parts)), parts=parts
            )
        wanted = funds.selected(form.project, code, column)
        own = funds.put_back(report.cells, form.project, code, column)
        return Figure(
            *(name, label, "amount", fen, report.amount(fen), WAN, str(wanted)),
            wanted=wanted,
            own=own,
        )

    return make


def _rate(form: ScoredForm, code: Code) -> _Make:
    def make(report: Report, name: str) -> Figure:
        money = form.money[code]
        executed, budget = (f"E.{form.key}.funds.{code}.{c}" for c in ("executed", "annual_budget"))
        ratio = Ratio(money.executed, money.annual_budget) if money.annual_budget else None
        return Figure(
            *(name, f"{form.title}{NAMES[code].removeprefix(_OF_IT)}执行率", "percent", ratio),
            "" if ratio is None else ratio.rounded(_DECIMALS) + PERCENT,
            PERCENT,
            f"{executed} ÷ {budget}",
            parts=((1, executed), (1, budget)),
        )

    return make


def _given(of: Said[ScoreOverridden] | None) -> tuple[OwnEntry, ...]:
    return () if of is None else (OwnEntry(of.book, of.entry, 1),)


def _points(name: str, label: str, hundredths: int | None, formula: str) -> Figure:
    printed = "" if hundredths is None else printed_points(hundredths)
    return Figure(
        *(name, label, "score", hundredths, printed, POINTS, formula), source="particular"
    )


def _execution_rule(form: ScoredForm) -> _Make:
    def make(report: Report, name: str) -> Figure:
        weight, of = form.rules.execution, f"E.{form.key}.funds.total.rate"
        ratio = form.execution.ratio
        formula = "没有全年预算" if ratio is None else f"分值 {weight} × {_share(ratio)}（{of}）"
        made = _points(name, f"{form.title}预算执行率规则得分", form.execution_rule, formula)
        return made._replace(parts=((1, of),), source="book")

    return make


def _execution(form: ScoredForm) -> _Make:
    def make(report: Report, name: str) -> Figure:
        rule = f"E.{form.key}.execution.rule_score"
        given = form.execution_override
        formula = rule if given is None else f"得分调整：{given.event.reason}"
        made = _points(name, f"{form.title}预算执行率得分", form.execution_score, formula)
        made = made._replace(parts=((1, rule),), own=_given(given))
        return made._replace(source="book") if given is None else made

    return make


def _rule_score(form: ScoredForm, row: ScoredRow) -> _Make:
    def make(report: Report, name: str) -> Figure:
        made = _points(name, f"{_called(form, row)}规则得分", row.rule_score, formula_of(row))
        said = (*row.indicator.targets, *row.indicator.results)
        own = tuple(OwnEntry(each.book, each.entry, 1) for each in said)
        parts = ((1, f"E.{form.key}.funds.total.rate"),) if row.executed else ()
        return made._replace(parts=parts, own=own)

    return make


def _score(form: ScoredForm, row: ScoredRow) -> _Make:
    def make(report: Report, name: str) -> Figure:
        rule = f"E.{form.key}.{row.no}.rule_score"
        formula = rule if row.override is None else f"得分调整：{row.override.reason}"
        made = _points(name, f"{_called(form, row)}得分", row.score, formula)
        return made._replace(parts=((1, rule),), own=_given(row.indicator.override))

    return make


def _total(form: ScoredForm, which: str, label: str) -> _Make:
    def make(report: Report, name: str) -> Figure:
        numbers = ("execution", *(row.no for row in form.rows))
        parts = tuple((1, f"E.{form.key}.{no}.{which}") for no in numbers)
        formula = summed(parts)
        if form.deducted:
            formula = f"{formula} － 约束性指标扣分 {points(form.deducted)}"
        if form.deducted > form.earned(rule=which == "rule_score"):
            formula = f"{formula}，不低于 0"
        if form.cap is not None:
            formula = f"{formula}，不超过 {points(form.cap)}"
        hundredths = form.rule_total if which == "rule_score" else form.total
        own = tuple(
            OwnEntry(said.book, said.entry, 1)
            for each in form.constraints
            for said in (*each.targets, *each.results)
            if form.deducted or form.cap is not None
        )
        made = _points(name, f"{form.title}{label}", hundredths, formula)
        return made._replace(parts=parts, own=own)

    return make


def _called(form: ScoredForm, row: ScoredRow) -> str:
    return f"{form.title}第 {row.no} 项“{row.named.level3 if row.named else ''}”"


def _share(ratio: Fraction) -> str:
    """A ratio as a person reads it: 43.20%."""
    return Ratio(ratio.numerator, ratio.denominator).rounded(_DECIMALS) + PERCENT


def formula_of(row: ScoredRow) -> str:
    """How a row is scored: 分值 2 × 43.19%（1663人 ÷ 3850人）."""
    if row.scored.ratio is None:
        what, _ = LACKING[row.scored.lacks or "actual"]
        return f"{what}，规则没有得分"
    match row.direction:
        case _ if row.combined == "apart":
            how = ""
        case "up":
            how = f"{row.actual} ÷ {row.target}，不超过 100%"
        case "down":
            how = f"{row.target} ÷ {row.actual}，不超过 100%"
        case "range":
            how = f"{row.actual}，目标 {row.target}"
        case _:
            grades = [said.event.grade for said in row.indicator.results if said.event.grade]
            how = "、".join(GRADE_NAMES[grade] for grade in dict.fromkeys(grades))
    if row.combined:
        how = "；".join(filter(None, (how, together_of(row.combined, row.shares))))
    return f"分值 {points(row.weight)} × {_share(row.scored.ratio)}（{how}）"
