"""The forms as an answer: what `performance` prints. Points are decimal strings with two decimals,
money is fen, rates and ratios have four places."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from ledger.events.particulars import TargetSet
from ledger.kinds import Direction
from ledger.money import rate
from projections.report.editions import lacking as lacking_in
from projections.report.findings import Finding, ranked
from projections.report.performance.findings import findings, lacking
from projections.report.performance.forms import Forms, ScoredForm, ScoredRow
from projections.report.performance.funds import NAMES, Amounts, Code
from projections.report.performance.rules import ScoringRules
from projections.report.performance.shares import Combination, UnitShare

_HUNDRED = 100


class ToldFunds(msgspec.Struct, frozen=True):
    """A row of money, fen; only that of all money (`total`) has points. `score` is what a person
    gave, for `override_reason`, else `rule_score`."""

    code: str
    name: str
    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    weight: str | None = None
    score: str | None = None
    rule_score: str | None = None
    override_reason: str | None = None


class ToldGoal(msgspec.Struct, frozen=True):
    """年度总体目标."""

    expected: str
    actual: str


class ToldIndicator(msgspec.Struct, frozen=True):
    """A row of a form. `ratio` is how much of its weight the rule gives; null, like `rule_score`,
    where the rule cannot say. `direction` is how the target is judged, `combined` how the `units`
    of a department have it together, null where one has it alone."""

    no: str
    level1: str
    level2: str
    level3: str
    target: str
    actual: str
    weight: str
    ratio: str | None
    rule_score: str | None
    score: str | None
    override_reason: str | None
    deviation: str
    direction: Direction | None
    code: str
    combined: Combination | None
    units: tuple[UnitShare, ...]


class ToldConstraint(msgspec.Struct, frozen=True):
    """约束性指标: it has no weight, and deducts."""

    no: str
    level1: str
    level2: str
    level3: str
    actual: str
    deducted: str


class ToldForm(msgspec.Struct, frozen=True):
    """A form; `project` is null for that of the whole unit. `complete` is whether there are rows
    and the rules give every one a score: `lacking` says why not, and then there is no `grade`.
    `cap` is the most points where something serious was disclosed."""

    project: str | None
    name: str
    title: str
    funds: list[ToldFunds]
    goal: ToldGoal | None
    indicators: list[ToldIndicator]
    constraints: list[ToldConstraint]
    cap: str | None
    rule_total: str
    total: str
    grade: str | None
    complete: bool
    lacking: list[str]


class Performance(msgspec.Struct, frozen=True):
    """绩效自评: the forms, and what a person should see of them."""

    forms: list[ToldForm]
    findings: list[Finding]


def performance(forms: Forms, scope: str | None = None) -> Performance:
    """All forms, or that of one project, or of the whole unit (`""`). Raises `Malformed` for a
    project that there is not, and for an edition that does not score."""
    rules = forms.cells.edition.scoring
    if rules is None:
        raise lacking_in(
            forms.cells.edition, "绩效自评计分规则", lambda each: each.scoring is not None
        )
    found = findings(forms)
    if scope is None:
        return Performance([_form(form, rules) for form in forms.all], ranked(found))
    form = forms.of(scope, rules)
    own = f"E.{form.key}."
    about = [each for each in found if any(cell.startswith(own) for cell in each.cells)]
    return Performance([_form(form, rules)], ranked(about))


def printed_points(hundredths: int) -> str:
    """Hundredths of a point as points: 86 → `0.86`."""
    return f"{hundredths // _HUNDRED}.{hundredths % _HUNDRED:02d}"


def _maybe(hundredths: int | None) -> str | None:
    return None if hundredths is None else printed_points(hundredths)


def _form(form: ScoredForm, rules: ScoringRules) -> ToldForm:
    goal = form.expected or form.reached
    return ToldForm(
        form.project or None,
        form.name,
        form.rules.title,
        list(_funds(form)),
        ToldGoal(form.expected, form.reached) if goal else None,
        [_indicator(row) for row in form.rows],
        [
            ToldConstraint(
                each.no,
                *_levels(each.named),
                each.actual,
                printed_points(max(said.event.deduct_hundredths for said in each.targets)),
            )
            for each in form.constraints
        ],
        _maybe(form.cap),
        printed_points(form.rule_total),
        printed_points(form.total),
        rules.called(form.total) if form.complete else None,
        form.complete,
        lacking(form),
    )


def _funds(form: ScoredForm) -> Iterable[ToldFunds]:
    for code, money in form.money.items():
        row = _amounts(code, money)
        if code == "total":
            override = form.execution_override
            row = replace(
                row,
                weight=printed_points(form.rules.execution * _HUNDRED),
                score=_maybe(form.execution_score),
                rule_score=_maybe(form.execution_rule),
                override_reason=override.event.reason if override else None,
            )
        yield row


def _amounts(code: Code, money: Amounts) -> ToldFunds:
    return ToldFunds(code, NAMES[code], *money, rate(money.executed, money.annual_budget))


def _levels(named: TargetSet | None) -> tuple[str, str, str]:
    return ("", "", "") if named is None else (named.level1, named.level2, named.level3)


def _indicator(row: ScoredRow) -> ToldIndicator:
    ratio = row.scored.ratio
    return ToldIndicator(
        row.no,
        *_levels(row.named),
        row.target,
        row.actual,
        printed_points(row.weight),
        None if ratio is None else rate(ratio.numerator, ratio.denominator),
        _maybe(row.rule_score),
        _maybe(row.score),
        row.override.reason if row.override else None,
        row.deviation,
        row.direction,
        row.named.code if row.named else "",
        row.combined,
        row.shares,
    )
