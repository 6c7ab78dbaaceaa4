"""预算执行 as text."""

from cli.text.columns import Row, table
from cli.text.parts import beside, heading
from ledger.line import SPENDING_NAMES, Spending
from ledger.money import percent, yuan
from projections.answers import Compared, Header
from projections.questions.execution import (
    Executed,
    Execution,
    KindExecuted,
    ProjectExecuted,
    Scope,
)

SCOPES: dict[Scope, str] = {"current": "本年预算", "all": "本年预算和上年结转"}


_COLUMNS = ("initial_fen", "annual_budget_fen", "executed_fen", "rate")


def execution(header: Header, answer: Execution, compared: Compared | None = None) -> str:
    """执行率表; with last year's books the figures of each row beneath its own."""

    def row(code: str, name: str, figures: Executed | ProjectExecuted | KindExecuted) -> Row:
        return (
            code,
            name,
            yuan(figures.initial_fen),
            yuan(figures.annual_budget_fen),
            yuan(figures.executed_fen),
            percent(figures.rate),
        )

    def last_year(figures: object) -> list[Row]:
        return [] if compared is None else beside([(figures, c) for c in _COLUMNS], words=2)

    every: list[tuple[str, str, Executed | ProjectExecuted | KindExecuted]] = [
        *((p.project, p.name, p) for p in answer.projects),
        ("-", "基本支出", answer.basic),
        *(("-", SPENDING_NAMES[Spending(o.spending)], o) for o in answer.other),
    ]
    rows = [each for of in every for each in (row(*of), *last_year(of[-1]))]
    head = ("项目", "名称", "年初预算", "全年预算", "执行数", "执行率")
    foot, beneath = row("合计", "", answer.totals), last_year(answer.totals)
    shown = table(head, rows, left=2, foot=foot, beneath=beneath)
    title = f"预算执行（{SCOPES[answer.scope]}）"
    told = [] if compared is None else [compared.told()]
    return "\n".join([heading(header, title), shown, *told])
