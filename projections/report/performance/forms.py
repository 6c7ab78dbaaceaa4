"""The forms of 绩效自评 of a book or a department: money, indicators, scores and totals.

Scores are in hundredths of a point. `rule_score` is what the rules of the edition give, `score`
what a person gave instead, for a reason, else the same.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ledger.errors import Malformed, Unreadable
from ledger.evaluation.targets import Number, Quantity, quantity, relative, told
from ledger.events.particulars import ResultReported, ScoreOverridden, TargetSet
from ledger.kinds import Direction
from ledger.money import percent
from ledger.money import rate as money_rate
from projections.questions.execution import execution
from projections.questions.particulars import Said
from projections.report.cells import Cells
from projections.report.performance import funds
from projections.report.performance.funds import Amounts, Code
from projections.report.performance.indicators import (
    WHOLE,
    Evaluated,
    Indicator,
    evaluated,
    written,
)
from projections.report.performance.rules import FormRules, ScoringRules
from projections.report.performance.scores import (
    Aim,
    Combined,
    Reached,
    Scored,
    UnitRow,
    aim,
    combined,
    of_execution,
    points,
    scored,
    together,
    total,
)
from projections.report.performance.shares import Combination, UnitShare

EXECUTED = "@execution"
"""The actual of a row whose target is about the execution rate itself: it is worked out."""
_PERCENT = 100
_SOME = 8


class ScoredRow(NamedTuple):
    """An indicator with what it earns."""

    indicator: Indicator
    target: str
    actual: str
    executed: bool
    """Whether what was reached is the execution rate."""
    scored: Scored
    direction: Direction | None
    """How its target is judged; None where there is none, or units differ in it."""
    weight: int
    rule_score: int | None
    combined: Combination | None
    """How the units of a department have it together; None where one has it alone."""
    shares: tuple[UnitShare, ...]

    @property
    def no(self) -> str:
        """Its number."""
        return self.indicator.no

    @property
    def named(self) -> TargetSet | None:
        """What says how it is called; None where there is a result without a target."""
        return self.indicator.named

    @property
    def override(self) -> ScoreOverridden | None:
        """The score that a person gave it."""
        return self.indicator.override.event if self.indicator.override else None

    @property
    def score(self) -> int | None:
        """What it earns."""
        return self.override.score_hundredths if self.override else self.rule_score

    @property
    def deviation(self) -> str:
        """Why it was missed."""
        return written(said.event.deviation for said in self.indicator.results)


class ScoredForm(NamedTuple):
    """A form, whole. `project` is empty for that of the whole unit. `outside` are rows that have
    neither a target nor a result, and so are none; `constraints` have no weight."""

    project: str
    name: str
    rules: FormRules
    money: dict[Code, Amounts]
    expected: str
    reached: str
    rows: tuple[ScoredRow, ...]
    constraints: tuple[Indicator, ...]
    outside: tuple[Indicator, ...]
    execution: Scored
    execution_rule: int | None
    execution_override: Said[ScoreOverridden] | None
    cap: int | None
    evaluated: Evaluated

    @property
    def key(self) -> str:
        """What its figures are called by: `E.<key>.total`."""
        return self.project or "whole"

    @property
    def title(self) -> str:
        """What it is about, in a sentence."""
        return f"项目“{self.name or self.project}”" if self.project else "部门整体"

    @property
    def short(self) -> str:
        """The same in few words."""
        return f"项目 {self.project} " if self.project else "部门整体"

    @property
    def weight(self) -> int:
        """What all of it weighs."""
        return self.rules.execution * _PERCENT + sum(row.weight for row in self.rows)

    @property
    def execution_score(self) -> int | None:
        """What the execution rate earns."""
        override = self.execution_override
        return override.event.score_hundredths if override else self.execution_rule

    @property
    def deducted(self) -> int:
        """What its constraints take."""
        return sum(
            max(said.event.deduct_hundredths for said in each.targets) for each in self.constraints
        )

    @property
    def rule_total(self) -> int:
        """What the rules give the whole form."""
        return total(self.earned(rule=True), self.deducted, self.cap)

    @property
    def total(self) -> int:
        """What the whole form earns."""
        return total(self.earned(rule=False), self.deducted, self.cap)

    def earned(self, *, rule: bool) -> int:
        """What its rows earn together, by the rules alone or as persons gave it, before anything is
        deducted. A row without a score earns nothing."""
        if rule:
            rows = [self.execution_rule, *(row.rule_score for row in self.rows)]
        else:
            rows = [self.execution_score, *(row.score for row in self.rows)]
        return sum(filter(None, rows))

    def without(self, row: ScoredRow | None) -> int:
        """What it would earn without the score that a person gave a row; None: the execution
        rate."""
        execution = self.execution_rule if row is None else self.execution_score
        rows = [each.rule_score if each is row else each.score for each in self.rows]
        return total(sum(filter(None, [execution, *rows])), self.deducted, self.cap)

    @property
    def complete(self) -> bool:
        """Whether there are rows, and the rules give every one of them a score."""
        return (
            bool(self.rows)
            and self.execution_rule is not None
            and all(row.rule_score is not None for row in self.rows)
        )


class Forms:
    """All forms of a book or a department, in the edition in which it publishes."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells

    @cached_property
    def all(self) -> tuple[ScoredForm, ...]:
        """Every form of which anything was said, that of the whole unit first; none where the
        edition does not score."""
        rules = self.cells.edition.scoring
        if rules is None:
            return ()
        return tuple(self._form(each, rules) for each in evaluated(self.cells.source))

    @cached_property
    def _names(self) -> dict[str, str]:
        return self.cells.source.project_names()

    @cached_property
    def _unit_names(self) -> dict[str, str]:
        return {str(one.book): one.name for one in self.cells.source.members()}

    @cached_property
    def _budgets(self) -> dict[tuple[str, str], int]:
        """The 全年预算 of each scope of each book, fen: what units are weighed by."""
        found: dict[tuple[str, str], int] = {}
        for one in self.cells.source.members():
            whole = execution(one, "all")
            found[str(one.book), WHOLE] = whole.totals.annual_budget_fen
            for project in whole.projects:
                found[str(one.book), project.project] = project.annual_budget_fen
        return found

    def of(self, project: str, rules: ScoringRules) -> ScoredForm:
        """The form of a project, or of the whole unit, though nothing was said of it yet. Raises
        `Malformed` for a project that there is not."""
        for form in self.all:
            if form.project == project:
                return form
        if project and project not in self._names:
            known = "、".join(list(self._names)[:_SOME]) or "（尚未登记项目）"
            unknown, expected = Unreadable.LINE_PROJECT, f"已登记的项目：{known}"
            raise Malformed(unknown, field="project", value=project, expected=expected)
        return self._form(Evaluated(project, (), (), None), rules)

    def _form(self, said: Evaluated, rules: ScoringRules) -> ScoredForm:
        own = rules.of(whole=said.project == WHOLE)
        money = funds.money(self.cells, said.project)
        rate = money["total"].rate
        constraints = [each for each in said.indicators if each.named and each.named.constraint]
        rest = [each for each in said.indicators if each not in constraints]
        earned = of_execution(rate, rules.execution)
        weight = own.execution * _PERCENT
        return ScoredForm(
            said.project,
            self._names.get(said.project, "") if said.project else self.cells.source.name,
            own,
            money,
            written(goal.event.expected for goal in said.goals),
            written(goal.event.actual for goal in said.goals),
            tuple(
                self._row(each, said.project, rate, rules) for each in rest if not _is_none(each)
            ),
            tuple(constraints),
            tuple(each for each in rest if _is_none(each)),
            earned,
            None if earned.ratio is None else points(weight, earned.ratio),
            said.execution,
            rules.cap * _PERCENT if any(map(_serious, constraints)) else None,
            said,
        )

    def _row(
        self, each: Indicator, project: str, rate: Fraction | None, rules: ScoringRules
    ) -> ScoredRow:
        actuals = [_written(said.event, rate) for said in each.results]
        made = self._judged(each, project, rate, rules)
        executed = any(said.event.actual == EXECUTED for said in each.results)
        if executed and rate is None:
            made = Combined(Scored(None, "budget"), direction=made.direction)
        weight = each.named.weight_hundredths if each.named else 0
        how = _combination(made) if len(each.units) > 1 else None
        return ScoredRow(
            each,
            _text([said.event.value for said in each.targets], made.target),
            _text(actuals, made.actual),
            executed,
            made.scored,
            made.direction,
            weight,
            None if made.scored.ratio is None else points(weight, made.scored.ratio),
            how,
            tuple(self._shares(each, project, rate, rules, how)) if how else (),
        )

    def _judged(
        self, each: Indicator, project: str, rate: Fraction | None, rules: ScoringRules
    ) -> Combined:
        units = [
            UnitRow(
                self._budgets.get((unit.book, project), 0),
                _aim(unit.target or each.target),
                _reached(unit.result, rate),
            )
            for unit in each.units
        ]
        if not each.target and not each.result:
            return combined(units, rules)
        target = _aim(each.target) if each.target else _aim_of(units)
        actual = _reached(each.result, rate) if each.result else _reached_of(units)
        reported = [unit._replace(aimed=target) for unit in units if unit.reached]
        if target and actual is None and reported:  # no one number: each against that of all
            return combined(reported, rules)._replace(target=None, actual=None)
        return Combined(
            scored(target, actual, rules),
            None if each.target or not target else target.quantity,
            None if each.result or not actual else actual.quantity,
            target.direction if target else None,
        )

    def _shares(
        self,
        each: Indicator,
        project: str,
        rate: Fraction | None,
        rules: ScoringRules,
        how: Combination,
    ) -> Iterator[UnitShare]:
        """What each unit has of it. Only of what none said for the whole department, or where it is
        judged by itself, a unit earns or lacks something."""
        own = not each.target and not each.result
        for unit in each.units:
            aimed, reached = _aim(each.target or unit.target), _reached(unit.result, rate)
            alone = scored(aimed, reached, rules)
            ratio = alone.ratio if own or how == "apart" else None
            yield UnitShare(
                unit.book,
                self._unit_names[unit.book],
                unit.target.event.value if unit.target and not each.target else "",
                _written(unit.result.event, rate) if unit.result and not each.result else "",
                self._budgets.get((unit.book, project), 0),
                None if ratio is None else money_rate(ratio.numerator, ratio.denominator),
                alone.lacks if own else None,
            )


def _is_none(each: Indicator) -> bool:
    """Whether a row is none: it has neither a target nor a result (无生态效益)."""
    return not each.results and not any(said.event.value.strip() for said in each.targets)


def _serious(constraint: Indicator) -> bool:
    """Whether a constraint is said to be broken: something serious was disclosed."""
    return any(said.event.grade == "not" for said in constraint.results)


def _aim(said: Said[TargetSet] | None) -> Aim | None:
    return aim(said.event.value, said.event.direction) if said else None


def _reached(said: Said[ResultReported] | None, rate: Fraction | None) -> Reached | None:
    if said is None:
        return None
    event = said.event
    if event.actual == EXECUTED:
        return Reached(None if rate is None else Number(rate * _PERCENT, "%"))
    return Reached(quantity(event.actual), event.grade, event.percent)


def _aim_of(units: Sequence[UnitRow]) -> Aim | None:
    """The targets of several units as one, where they can be."""
    aims = [unit.aimed for unit in units if unit.aimed]
    number = together([(unit.fen, unit.aimed.quantity) for unit in units if unit.aimed])
    if len(aims) > 1 and number:
        directions = {each.direction for each in aims}
        return Aim(number, directions.pop()) if len(directions) == 1 else None
    return aims[0] if len(set(aims)) == 1 else None


def _reached_of(units: Sequence[UnitRow]) -> Reached | None:
    """What several units reached as one, where it can be."""
    reached = [unit.reached for unit in units if unit.reached]
    if len(reached) == 1:
        return reached[0]
    number = together([(unit.fen, unit.reached.quantity) for unit in units if unit.reached])
    return Reached(number) if reached and number else None


def _combination(made: Combined) -> Combination | None:
    whole = made.target or made.actual
    if whole:
        return "weighted" if relative(whole.unit) else "added"
    return "apart" if made.apart else None


def _text(texts: Sequence[str], whole: Quantity | None) -> str:
    """What several books wrote: what it comes to together. Where that is no number each by itself,
    and once what is no amount; a percent that all wrote alike stays as they wrote it."""
    said = [*filter(None, texts)]
    if len(said) > 1 and whole and not (relative(whole.unit) and len(set(said)) == 1):
        return told(whole)
    return "；".join(
        text for at, text in enumerate(said) if text not in said[:at] or _is_amount(text)
    )


def _is_amount(text: str) -> bool:
    read = quantity(text)
    return read is not None and not relative(read.unit)


def _written(result: ResultReported, rate: Fraction | None) -> str:
    """What was reached as it was written; the execution rate as it is."""
    return _shown_rate(rate) if result.actual == EXECUTED else result.actual


def _shown_rate(reached: Fraction | None) -> str:
    return "" if reached is None else percent(money_rate(reached.numerator, reached.denominator))
