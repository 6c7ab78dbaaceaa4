"""The forms of 绩效自评 as tables of a document."""

from collections.abc import Iterator, Sequence

from ledger.money import percent, wan
from ledger.texts import one_line
from projections.report.document.parts import Block, DocumentSection, Prose, TableBlock
from projections.report.figures import UNIT
from projections.report.grid import Box, Column, Grid, Kind
from projections.report.narrative.marks import Line, Span
from projections.report.narrative.sentences import Teller
from projections.report.performance import printed
from projections.report.performance.shares import together_of
from projections.report.performance.told import ToldForm, ToldFunds, ToldIndicator

_MONEY = ("资金", "年初预算数", "全年预算数", "全年执行数", "执行率", "分值", "得分")
_ROWS = (
    *("编号", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"),
    *("分值", "得分", "偏差原因"),
)
_WORD: tuple[Kind, ...] = ("word",)
_FIGURE: tuple[Kind, ...] = ("figure",)


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
            said = teller.shown(one_line(text)) or printed.NONE
            yield Prose((Span(f"年度总体目标（{name}）：{said}"),), "text")
    if form.indicators:
        yield _indicators(form, key, teller)
    for each in form.constraints:
        yield Prose((Span(teller.shown(one_line(printed.constraint(each)))),), "text")
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
        Span(f" 分，等次：{form.grade or printed.NONE}。"),
    )


def _notes(form: ToldForm) -> Iterator[str]:
    """Scores that a person gave, each beside the rule's, and how units came together."""
    for funds in form.funds:
        yield from (f"{each}。" for each in printed.given("预算执行率", funds))
    for row in form.indicators:
        what = f"{row.no} {one_line(row.level3)}"
        yield from (f"{each}。" for each in printed.given(what, row))
        if row.combined:
            yield f"{what}：各单位合并，{one_line(together_of(row.combined, row.units))}。"


def _money(form: ToldForm, key: str) -> TableBlock:
    kinds: tuple[Kind, ...] = ("word", *_FIGURE * 6)
    rows = [_funds(each) for each in form.funds]
    ids = [_funds_ids(each, key) for each in form.funds]
    return _sheet("预算执行情况", _MONEY, kinds, rows, ids, unit=UNIT)


def _funds(row: ToldFunds) -> list[str]:
    return [
        row.name,
        *(wan(fen) for fen in (row.initial_fen, row.annual_budget_fen, row.executed_fen)),
        percent(row.rate),
        printed.weight(row.weight) if row.weight else printed.NONE,
        printed.score(row) if row.weight else printed.NONE,
    ]


def _funds_ids(row: ToldFunds, key: str) -> list[str]:
    of = f"E.{key}.funds.{row.code}"
    score = f"E.{key}.execution.score" if row.weight and row.score else ""
    columns = ("initial", "annual_budget", "executed")
    rate = f"{of}.rate" if row.rate else ""
    return ["", *(f"{of}.{column}" for column in columns), rate, "", score]


def _indicators(form: ToldForm, key: str, teller: Teller) -> TableBlock:
    kinds: tuple[Kind, ...] = ("mark", *_WORD * 5, *_FIGURE * 2, "word")
    rows: list[list[str]] = []
    for row, above in zip(form.indicators, printed.levels(form.indicators), strict=True):
        *texts, deviation = (teller.shown(text) for text in _texts(row))
        score = (printed.weight(row.weight), printed.score(row))
        rows.append([row.no, *above, *texts, *score, deviation])
    ids = [
        [*[""] * 7, f"E.{key}.{row.no}.score" if row.score else "", ""] for row in form.indicators
    ]
    return _sheet("绩效指标", _ROWS, kinds, rows, ids)


def _texts(row: ToldIndicator) -> list[str]:
    """三级指标, 年度指标值, 实际完成值, 偏差原因."""
    said = (row.level3, row.target or printed.NONE, row.actual or printed.NONE, row.deviation)
    return [*map(one_line, said)]


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
