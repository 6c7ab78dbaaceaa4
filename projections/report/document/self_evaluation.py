"""The forms of 绩效自评 as tables of a document."""

from collections.abc import Iterator, Sequence

from ledger.money import wan
from ledger.texts import one_line
from projections.report.document.parts import Block, DocumentSection, Prose, TableBlock
from projections.report.grid import Box, Column, Grid, Kind
from projections.report.narrative.marks import Line, Span
from projections.report.narrative.sentences import Teller
from projections.report.performance.shares import together_of
from projections.report.performance.told import ToldForm, ToldFunds, ToldIndicator

_MONEY = ("资金", "年初预算数", "全年预算数", "全年执行数", "执行率", "分值", "得分")
_ROWS = (
    *("编号", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"),
    *("分值", "得分", "偏差原因"),
)
_NONE = "—"
_WAN = "万元"


def sections(forms: Sequence[ToldForm], teller: Teller) -> Iterator[DocumentSection]:
    """A section for each form."""
    for form in forms:
        key = form.project or "whole"
        of = f"{form.name}（{form.project}）" if form.project else form.name
        yield DocumentSection(f"E.{key}", f"{form.title}：{of}", tuple(_form(form, key, teller)), 3)


def _form(form: ToldForm, key: str, teller: Teller) -> Iterator[Block]:
    yield _money(form, key)
    if form.goal is not None:
        for name, text in (("预期", form.goal.expected), ("实际", form.goal.actual)):
            said = teller.shown(one_line(text)) or _NONE
            yield Prose((Span(f"年度总体目标（{name}）：{said}"),), "text")
    if form.indicators:
        yield _indicators(form, key, teller)
    for each in form.constraints:
        deducted = "不扣分" if each.deducted == "0.00" else f"扣 {each.deducted} 分"
        said = f"约束性指标　{each.level3}：{each.actual or _NONE}，{deducted}"
        yield Prose((Span(teller.shown(one_line(said))),), "text")
    if form.cap:
        yield Prose((Span(f"约束性指标严重不符，总分不超过 {form.cap} 分。"),))
    yield Prose(_total(form, key))
    if not form.complete:
        lacking = "；".join(form.lacking)
        said = f"评价不完整，得分不是最后结果，不定等次：{lacking}。"
        yield Prose((Span(said),), "missing")
    yield from (Prose((Span(teller.shown(text)),), "text") for text in _notes(form))


def _total(form: ToldForm, key: str) -> Line:
    return (
        Span("规则得分合计 "),
        Span(form.rule_total, f"E.{key}.rule_total"),
        Span(" 分，总分 "),
        Span(form.total, f"E.{key}.total"),
        Span(f" 分，等次：{form.grade or _NONE}。"),
    )


def _notes(form: ToldForm) -> Iterator[str]:
    """Scores that a person gave, each beside the rule's, and how units came together."""
    for funds in form.funds:
        if funds.override_reason is not None:
            yield _given("预算执行率", funds.rule_score, funds.score, funds.override_reason)
    for row in form.indicators:
        what = f"{row.no} {one_line(row.level3)}"
        if row.override_reason is not None:
            yield _given(what, row.rule_score, row.score, row.override_reason)
        if row.combined:
            yield f"{what}：各单位合并，{one_line(together_of(row.combined, row.units))}。"


def _given(what: str, rule: str | None, score: str | None, reason: str) -> str:
    said = f"规则得分 {rule or _NONE}，调整为 {score}"
    return f"* {what}：{said}（{one_line(reason)}）。"


def _money(form: ToldForm, key: str) -> TableBlock:
    kinds: list[Kind] = ["word", *["figure"] * 6]  # type: ignore[list-item]
    rows = [_funds(each) for each in form.funds]
    ids = [_funds_ids(each, key) for each in form.funds]
    return _sheet("预算执行情况", _MONEY, kinds, rows, ids, unit=_WAN)


def _funds(row: ToldFunds) -> list[str]:
    score = _NONE
    if row.weight:
        score = (row.score or _NONE) + ("" if row.override_reason is None else "*")
    return [
        row.name,
        *(wan(fen) for fen in (row.initial_fen, row.annual_budget_fen, row.executed_fen)),
        _percent(row.rate),
        _weight(row.weight) if row.weight else _NONE,
        score,
    ]


def _funds_ids(row: ToldFunds, key: str) -> list[str]:
    of = f"E.{key}.funds.{row.code}"
    score = f"E.{key}.execution.score" if row.weight and row.score else ""
    columns = ("initial", "annual_budget", "executed")
    rate = f"{of}.rate" if row.rate else ""
    return ["", *(f"{of}.{column}" for column in columns), rate, "", score]


def _indicators(form: ToldForm, key: str, teller: Teller) -> TableBlock:
    kinds: list[Kind] = ["mark", *["word"] * 5, "figure", "figure", "word"]  # type: ignore[list-item]
    rows: list[list[str]] = []
    above = ("", "")
    for row in form.indicators:
        levels = (one_line(row.level1), one_line(row.level2))
        first = levels[0] if levels[0] != above[0] else ""
        second = levels[1] if levels != above else ""
        above = levels
        rows.append([row.no, first, second, *(teller.shown(text) for text in _texts(row))])
        rows[-1][6:6] = [_weight(row.weight), _score(row)]
    ids = [
        [*[""] * 7, f"E.{key}.{row.no}.score" if row.score else "", ""] for row in form.indicators
    ]
    return _sheet("绩效指标", _ROWS, kinds, rows, ids)


def _texts(row: ToldIndicator) -> list[str]:
    """三级指标, 年度指标值, 实际完成值, 偏差原因."""
    said = (row.level3, row.target or _NONE, row.actual or _NONE, row.deviation)
    return [*map(one_line, said)]


def _score(row: ToldIndicator) -> str:
    return (row.score or _NONE) + ("" if row.override_reason is None else "*")


def _weight(points: str) -> str:
    """10 for 10.00."""
    return points.rstrip("0").rstrip(".")


def _percent(rate: str | None) -> str:
    from ledger.money import percent

    return percent(rate)


def _sheet(
    title: str,
    heads: Sequence[str],
    kinds: Sequence[Kind],
    rows: list[list[str]],
    ids: list[list[str]],
    unit: str = "",
) -> TableBlock:
    """A table with one row of headings."""
    grid = Grid(
        number=0,
        form_number="",
        title=title,
        book="",
        department="",
        unit=unit,
        notes=[],
        head=1,
        boxes=[Box(0, at, 1, 1, head) for at, head in enumerate(heads)],
        columns=[Column(kind, (head,)) for kind, head in zip(kinds, heads, strict=True)],
        parts=[0],
        rows=rows,
        foot=[],
    )
    return TableBlock(grid, tuple(map(tuple, ids)), title)
