"""绩效自评表 as a person reads them."""

from collections.abc import Iterator

from cli.text.columns import Row, table, wrapped
from cli.text.parts import absent
from cli.text.publish.findings import listed
from ledger.money import percent, wan
from ledger.texts import one_line
from projections.answers import DepartmentHeader, Header
from projections.report.performance import printed
from projections.report.performance.shares import together_of
from projections.report.performance.told import Performance, ToldForm, ToldFunds

_MONEY_HEAD = ("资金（万元）", "年初预算数", "全年预算数", "全年执行数", "执行率", "分值", "得分")
_HEAD = ("编号", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
_WORDS = {0, 1, 2, 3, 4, 5}
_TEXTS = (1, 2, 3, 4, 5)


def performance(header: Header, answer: Performance) -> str:
    """Each form by itself, then what a person should see."""
    shown = [f"{header.subject}  绩效自评", *_units(header), *absent(header)]
    if not answer.forms:
        shown.append("没有绩效指标（用 yusuan target 记录指标，用 yusuan result 填报完成值）")
    for form in answer.forms:
        shown += ["", *_form(form)]
    if answer.findings:
        shown += ["", *listed(answer.findings)]
    return "\n".join(shown)


def _units(header: Header) -> Iterator[str]:
    """Which units a department's forms are of."""
    if isinstance(header, DepartmentHeader):
        named = (f"{one.name}（{one.book.partition('/')[0]}）" for one in header.books)
        yield f"汇总单位：{'、'.join(named)}"


def _form(form: ToldForm) -> Iterator[str]:
    of = f"{form.name}（{form.project}）" if form.project else form.name
    yield f"{form.title}　{of}"
    yield table(_MONEY_HEAD, [_funds(each) for each in form.funds])
    yield ""
    if form.goal:
        yield f"年度总体目标　预期：{form.goal.expected or printed.NONE}"
        yield f"　　　　　　　实际：{form.goal.actual or printed.NONE}"
        yield ""
    if form.indicators:
        rows = wrapped(_HEAD, _rows(form), texts=_TEXTS)
        yield table(_HEAD, rows, left=_WORDS)
        yield ""
    for each in form.constraints:
        yield printed.constraint(each)
    if form.cap:
        yield f"约束性指标严重不符，总分不超过 {form.cap} 分"
    yield f"规则得分合计 {form.rule_total}　总分 {form.total}　等次 {form.grade or printed.NONE}"
    if not form.complete:
        yield f"评价不完整，得分不是最后结果，不定等次：{'；'.join(form.lacking)}"
    yield from _notes(form)


def _funds(row: ToldFunds) -> Row:
    return (
        row.name,
        *(wan(fen) if fen else "" for fen in (row.initial_fen, row.annual_budget_fen)),
        wan(row.executed_fen) if row.executed_fen else "",
        percent(row.rate),
        printed.weight(row.weight) if row.weight else printed.NONE,
        printed.score(row) if row.weight else printed.NONE,
    )


def _rows(form: ToldForm) -> Iterator[Row]:
    """The rows."""
    for row, above in zip(form.indicators, printed.levels(form.indicators), strict=True):
        texts = (row.level3, row.target or printed.NONE, row.actual or printed.NONE)
        score = (printed.weight(row.weight), printed.score(row))
        yield row.no, *above, *map(one_line, texts), *score


def _notes(form: ToldForm) -> Iterator[str]:
    """Scores that a person gave, each beside the rule's, and why targets were missed."""
    for each in form.funds:
        yield from printed.given("预算执行率", each)
    for row in form.indicators:
        yield from printed.given(f"{row.no} {one_line(row.level3)}", row)
    together = [row for row in form.indicators if row.combined]
    if together:
        yield "各单位合并"
    for row in together:
        if row.combined:
            told = together_of(row.combined, row.units)
            yield f"  {row.no} {one_line(row.level3)}：{one_line(told)}"
    deviations = [row for row in form.indicators if row.deviation]
    if deviations:
        yield "偏差原因"
    for row in deviations:
        yield f"  {row.no} {one_line(row.level3)}：{one_line(row.deviation)}"
