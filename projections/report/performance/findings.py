"""What a self-evaluation has that a person should see (E.…): weights that do not come to what the
form asks for, rows that cannot be scored or were scored above their rule, one indicator with two
targets, targets that were too low, and scores that change nothing.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from ledger.evaluation.points import points
from ledger.evaluation.targets import Quantity, fits, shown
from ledger.events.particulars import ScoreOverridden
from projections.report.findings import Finding, Tier
from projections.report.performance.forms import Forms, ScoredForm, ScoredRow
from projections.report.performance.indicators import Indicator
from projections.report.performance.scores import Lacks, aim

_HUNDRED = 100


def findings(forms: Forms) -> list[Finding]:
    """All of them, form by form, then what forms have together."""
    found: list[Finding] = []
    for form in forms.all:
        found += _weights(form)
        found += _unscored(form)
        found += _above(form)
        found += _overshot(form, forms)
        found += _only_just(form)
        found += _without_effect(form)
        found += _said_twice(form)
    return [*found, *_targets(forms), *_names(forms)]


def cell_of(form: ScoredForm, no: str = "") -> list[str]:
    """The figure that a finding is about: the score of a row, else the total."""
    if form.project == "whole":  # a project that is called as the whole unit's form is
        return []
    return [f"E.{form.key}.{no}.score" if no else f"E.{form.key}.total"]


def _named(form: ScoredForm, row: ScoredRow | Indicator) -> str:
    called = row.named.level3 if row.named else "未设指标"
    return f"{form.short}第 {row.no} 项“{called}”"


def _weights(form: ScoredForm) -> Iterator[Finding]:
    """E.WEIGHTS: sections that do not come to their points, rows that are in none, rows without a
    target or a result that have a weight, and units that weigh one row differently."""
    for outside in form.outside:
        weight = outside.named.weight_hundredths if outside.named else 0
        if weight:
            all_of_it = form.weight + weight
            yield _weight_finding(
                form,
                f"{_named(form, outside)}没有目标值和完成值，不列入表内，却有权重 "
                f"{points(weight)} 分（连同此项，本表权重合计 {points(all_of_it)}）",
            )
    if not form.rows:
        return
    by_section: dict[str, int] = defaultdict(int)
    for row in form.rows:
        section = form.rules.section_of(row.named.level1 if row.named else "")
        if section is None and row.weight:
            named = "、".join(each.name for each in form.rules.section)
            yield _weight_finding(
                form, f"{_named(form, row)}的一级指标不是本表所列（{named}），其权重没有归处"
            )
        elif section is not None:
            by_section[section.name] += row.weight
    without = [each for each in form.rules.section if each.optional and each.name not in by_section]
    if without:
        wanted = _HUNDRED - form.rules.execution
        if sum(by_section.values()) != wanted * _HUNDRED:
            yield _weight_finding(
                form,
                f"{form.short}没有设{'、'.join(each.name for each in without)}，"
                f"其余指标权重合计 {points(sum(by_section.values()))}，应为 {wanted}",
            )
    else:
        for section in form.rules.section:
            weight = by_section[section.name]
            if weight != section.weight * _HUNDRED:
                yield _weight_finding(
                    form,
                    f"{form.short}{section.name}权重合计 {points(weight)}，应为 {section.weight}",
                )
    for row in form.rows:
        weights = {said.book: said.event.weight_hundredths for said in row.indicator.targets}
        if len(set(weights.values())) > 1:
            told = "、".join(f"{book} {points(weight)}" for book, weight in weights.items())
            yield _weight_finding(form, f"{_named(form, row)}各单位的权重不同：{told}", row.no)


def _weight_finding(form: ScoredForm, message: str, no: str = "") -> Finding:
    suggestion = "核对各项指标的权重，用 yusuan target 重新记录有误的一项（以最后一次为准）。"
    return Finding("E.WEIGHTS", "error", message, cell_of(form, no), suggestion=suggestion)


LACKING: dict[Lacks, tuple[str, str]] = {
    "target": ("有完成值而没有目标值", "用 yusuan target 补记目标值。"),
    "actual": ("没有完成值", "用 yusuan result 填报完成值。"),
    "unit": ("完成值与目标值的单位不同", "用 yusuan result 按目标值的单位重新填报。"),
    "grade": (
        "按定性评价，没有档次",
        "用 yusuan result 重新填报，写明档次（--grade met、partly 或 not）。",
    ),
    "percent": (
        "按定性评价，没有该档次的得分比例",
        "用 yusuan result 重新填报，写明得分比例（--percent）。",
    ),
    "budget": ("没有全年预算，算不出执行率", "核对该项目的预算，或不以执行率为完成值。"),
}


def lacking(form: ScoredForm) -> list[str]:
    """Why a form is not complete, each reason once with the rows that it is about."""
    found = [] if form.rows else ["没有绩效指标"]
    rows: dict[Lacks, list[str]] = defaultdict(list)
    for row in form.rows:
        if row.scored.lacks is not None:
            rows[row.scored.lacks].append(row.no)
    for lacks, numbers in rows.items():
        every = len(numbers) == len(form.rows) > 1
        of = "各项指标都" if every else f"指标 {'、'.join(numbers)} "
        found.append(f"{of}{LACKING[lacks][0]}")
    if form.execution.lacks is not None:
        found.append(LACKING[form.execution.lacks][0])
    return found


def _unscored(form: ScoredForm) -> Iterator[Finding]:
    """E.NO_ACTUAL: rows that the rules cannot score. While a form has no result at all, that is no
    mistake yet."""
    begun = any(row.indicator.results for row in form.rows)
    tier: Tier = "error" if begun else "warn"
    for row in form.rows:
        lacks = row.scored.lacks
        if lacks is not None:
            what, suggestion = LACKING[lacks]
            both = f"（目标值 {row.target or '无'}，完成值 {row.actual or '无'}）"
            whose = "、".join(each.called for each in row.shares if each.lacks == lacks)
            message = f"{_named(form, row)}{whose}{what}{both}，规则没有得分"
            yield Finding(
                "E.NO_ACTUAL", tier, message, cell_of(form, row.no), suggestion=suggestion
            )
    if form.execution.lacks is not None and form.rows:
        what, suggestion = LACKING[form.execution.lacks]
        message = f"{form.short}{what}，预算执行率没有得分"
        yield Finding(
            "E.NO_ACTUAL", tier, message, cell_of(form, "execution"), suggestion=suggestion
        )


def _above(form: ScoredForm) -> Iterator[Finding]:
    """E.ABOVE: a person gave more than the rule: a warning, as the reason stands beside it; or more
    than the row weighs, which no reason makes right."""
    for row in form.rows:
        if row.override:
            both = f"（目标值 {row.target or '无'}，完成值 {row.actual or '无'}）"
            named = f"{_named(form, row)}{both}"
            yield from _more(form, row.no, named, row.override, row.rule_score, row.weight)
    if form.execution_override:
        given, weight = form.execution_override.event, form.rules.execution * _HUNDRED
        named = f"{form.short}预算执行率"
        yield from _more(form, "execution", named, given, form.execution_rule, weight)


def _more(
    form: ScoredForm, no: str, named: str, given: ScoreOverridden, rule: int | None, weight: int
) -> Iterator[Finding]:
    score = given.score_hundredths
    if score <= (weight if rule is None else rule):
        return
    told = f"{named}得分 {points(score)}，高于"
    by_rule = "" if rule is None else f"规则得分 {points(rule)}"
    if score > weight:
        tier: Tier = "error"
        told += f"权重 {points(weight)}{by_rule and f'（{by_rule}）'}"
        suggestion = (
            "得分不能高于权重：用 yusuan score-override 重新记录得分，或用 yusuan reverse 冲销。"
        )
    else:
        tier = "warn"
        told += f"{by_rule}（权重 {points(weight)}）"
        suggestion = "规则得分以上的分数须有依据；依据不足的，用 yusuan reverse 冲销这次得分调整。"
    message = f"{told}，调整事由：{given.reason}"
    yield Finding("E.ABOVE", tier, message, cell_of(form, no), suggestion=suggestion)


def _overshot(form: ScoredForm, forms: Forms) -> Iterator[Finding]:
    """E.OVERSHOOT: far more was reached than was aimed at: the target may have been too low."""
    rules = forms.cells.edition.scoring
    if rules is None:
        return
    limit = Fraction(rules.overshoot_percent, _HUNDRED)
    for row in form.rows:
        if row.scored.over is not None and row.scored.over > limit:
            message = (
                f"{_named(form, row)}完成值 {row.actual} 是目标值 {row.target} 的 "
                f"{shown(row.scored.over)} 倍，超过 {shown(limit)} 倍"
            )
            suggestion = "目标偏低的，在偏差原因中说明，下年调整目标值。"
            yield Finding(
                "E.OVERSHOOT", "warn", message, cell_of(form, row.no), suggestion=suggestion
            )


def _only_just(form: ScoredForm) -> Iterator[Finding]:
    """E.STRICT: exactly what was to be passed was reached: the rule measures no difference."""
    for row in form.rows:
        if row.scored.only_just:
            message = (
                f"{_named(form, row)}完成值 {row.actual} 等于而没有越过目标值 {row.target}，"
                f"规则按比例得 {points(row.rule_score or 0)} 分"
            )
            suggestion = "目标含本数的，用 yusuan target 改写为 ≥ 或 ≤；不含的，在偏差原因中说明。"
            yield Finding("E.STRICT", "warn", message, cell_of(form, row.no), suggestion=suggestion)


def _without_effect(form: ScoredForm) -> Iterator[Finding]:
    """E.OVERRIDE: a score that a person gave and that leaves the total as it is."""
    suggestion = "用 yusuan reverse 冲销这次得分调整，或更正其得分。"
    for row in form.rows:
        if row.override and form.without(row) == form.total:
            message = (
                f"{_named(form, row)}的得分调整 {points(row.override.score_hundredths)} 不改变总分"
            )
            yield Finding(
                "E.OVERRIDE", "warn", message, cell_of(form, row.no), suggestion=suggestion
            )
    if form.execution_override and form.without(None) == form.total:
        message = f"{form.short}预算执行率的得分调整不改变总分"
        yield Finding(
            "E.OVERRIDE", "warn", message, cell_of(form, "execution"), suggestion=suggestion
        )
    for each in (*form.outside, *form.constraints):
        if each.override:
            message = f"{_named(form, each)}没有得分，其得分调整不改变总分"
            yield Finding("E.OVERRIDE", "warn", message, cell_of(form), suggestion=suggestion)


def _said_twice(form: ScoredForm) -> Iterator[Finding]:
    """E.TARGETS: several books that say a row for the whole department."""
    for each in (*(row.indicator for row in form.rows), *form.constraints, *form.outside):
        if each.several:
            message = (
                f"{_named(form, each)}有几个账套以主管部门名义记录：{'、'.join(each.several)}，"
                "以最后的为准"
            )
            yield Finding(
                "E.TARGETS",
                "error",
                message,
                cell_of(form),
                suggestion="用 yusuan reverse 冲销多余的一条。",
            )


def _targets(forms: Forms) -> Iterator[Finding]:
    """E.TARGETS: one indicator (`code`) that has different targets in several forms."""
    by_code: dict[str, list[tuple[ScoredForm, ScoredRow]]] = defaultdict(list)
    for form in forms.all:
        for row in form.rows:
            if row.named and row.named.code and row.target.strip():
                by_code[row.named.code].append((form, row))
    for code, rows in sorted(by_code.items()):
        first = rows[0][1]
        if all(_same(first.target, row.target) for _, row in rows):
            continue
        where: dict[str, list[str]] = defaultdict(list)
        for form, row in rows:
            where[row.target].append(f"{form.short}第 {row.no} 项")
        told = "，".join(f"{target}（{'、'.join(places)}）" for target, places in where.items())
        cells = [cell for form, row in rows for cell in cell_of(form, row.no)]
        called = first.named.level3 if first.named else ""
        yield Finding(
            "E.TARGETS",
            "error",
            f"同一指标“{called}”（{code}）的目标值不同：{told}",
            cells,
            suggestion="核对批复的目标值，用 yusuan target 重新记录有误的一项。",
        )


def _same(one: str, other: str) -> bool:
    """Whether two targets are one: the same quantity, or the same words."""
    aims = aim(one), aim(other)
    if aims[0] and aims[1] and aims[0].quantity and aims[1].quantity:
        first, second = aims[0].quantity, aims[1].quantity
        return fits(first, second) and _plain(second, first.unit) == _plain(first, first.unit)
    return "".join(one.split()) == "".join(other.split())


def _plain(said: Quantity, unit: str) -> tuple[Fraction, ...]:
    """The numbers of a quantity in a unit, whichever way they are to be compared."""
    counted = said.counted_in(unit)
    return tuple(part for part in counted if isinstance(part, Fraction))


def _names(forms: Forms) -> Iterator[Finding]:
    """E.TARGETS: units that give the code of an evaluated project different names: their money and
    their targets are of different things."""
    for form in forms.all:
        if "；" in form.name and len(forms.cells.source.members()) > 1 and form.project:
            yield Finding(
                "E.TARGETS",
                "error",
                f"各单位对项目 {form.project} 的名称不同，不能合并评价：{form.name}",
                cell_of(form),
                suggestion="名称写错的用 yusuan project 更正；不是同一项目的，改用不同的编码。",
            )
