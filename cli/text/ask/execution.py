"""预算执行 as text."""

from cli.text.columns import Row, table
from cli.text.parts import heading
from ledger.line import SPENDING_NAMES, Spending
from ledger.money import percent, yuan
from projections.answers import Header
from projections.questions.execution import (
    Executed,
    Execution,
    KindExecuted,
    ProjectExecuted,
    Scope,
)

SCOPES: dict[Scope, str] = {"current": "本年预算", "all": "本年预算和上年结转"}


def execution(header: Header, answer: Execution) -> str:
    """执行率表."""

    def row(code: str, name: str, figures: Executed | ProjectExecuted | KindExecuted) -> Row:
        return (
            code,
            name,
            yuan(figures.initial_fen),
            yuan(figures.annual_budget_fen),
            yuan(figures.executed_fen),
            percent(figures.rate),
        )

    rows = [row(p.project, p.name, p) for p in answer.projects]
    rows.append(row("-", "基本支出", answer.basic))
    rows += [row("-", SPENDING_NAMES[Spending(o.spending)], o) for o in answer.other]
    head = ("项目", "名称", "年初预算", "全年预算", "执行数", "执行率")
    foot = row("合计", "", answer.totals)
    return (
        heading(header, f"预算执行（{SCOPES[answer.scope]}）")
        + "\n"
        + table(head, rows, left=2, foot=foot)
    )
