"""预算执行 as text."""

from cli.text.columns import Row, table
from cli.text.parts import OfUnits, beside, heading, told_apart
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

    by_unit = bool(answer.basic_by_unit)
    named = [OfUnits(p.project, p.name, p.units) for p in answer.projects]
    apart = zip(answer.projects, told_apart(named, by_unit=by_unit), strict=True)
    every: list[tuple[str, str, Executed | ProjectExecuted | KindExecuted]] = [
        *((p.project, whose or p.name, p) for p, whose in apart),
        *(
            (("-", _kind(b, by_unit), b) for b in answer.basic_by_unit)
            if answer.basic_by_unit
            else [("-", "基本支出", answer.basic)]
        ),
        *(("-", _kind(o, by_unit), o) for o in answer.other),
    ]
    rows = [each for of in every for each in (row(*of), *last_year(of[-1]))]
    head = ("项目", "名称", "年初预算", "全年预算", "执行数", "执行率")
    foot, beneath = row("合计", "", answer.totals), last_year(answer.totals)
    shown = table(head, rows, left=2, foot=foot, beneath=beneath)
    title = f"预算执行（{SCOPES[answer.scope]}）"
    told = [] if compared is None else [compared.told()]
    return "\n".join([heading(header, title), shown, *told])


def _kind(row: KindExecuted, by_unit: bool) -> str:
    """What is for no project, and whose it is where every unit has its own."""
    whose = f"（{'、'.join(row.units)}）" if by_unit and row.units else ""
    return SPENDING_NAMES[Spending(row.spending)] + whose
