"""预算执行 by what it is for, as text."""

from cli.text.ask.execution import SCOPES
from cli.text.columns import Row, fitted, table
from cli.text.parts import beside, heading
from ledger.line import FUND_NAMES, Fund
from ledger.money import percent, yuan
from projections.answers import Compared, Header
from projections.questions.execution import (
    BY_NAMES,
    NOT_DIVIDED,
    ExecutedRow,
    ExecutedTotals,
    ExecutionBy,
)

_NAME = 1
_COLUMNS = (
    *("initial_fen", "annual_budget_fen", "executed_fen"),
    *("initial_rate", "rate", "share"),
)


def execution_by(header: Header, answer: ExecutionBy, compared: Compared | None = None) -> str:
    """执行表: what all rows have in common, the fund where there is one, stands in the heading."""
    funds = list(dict.fromkeys(FUND_NAMES[Fund(row.fund)] for row in answer.rows))
    several = len(funds) > 1

    def row(code: str, name: str, fund: str, of: ExecutedRow | ExecutedTotals) -> Row:
        return (
            *(code, name, *([fund] if several else [])),
            *map(yuan, (of.initial_fen, of.annual_budget_fen, of.executed_fen)),
            *map(percent, (of.initial_rate, of.rate)),
            percent(of.share) if isinstance(of, ExecutedRow) else "",
        )

    def last_year(of: ExecutedRow | ExecutedTotals) -> list[Row]:
        if compared is None:
            return []
        # the whole has no share
        figures = [(of, name) if hasattr(of, name) else None for name in _COLUMNS]
        return beside(figures, words=2 + several)

    rows = [
        each
        for of in answer.rows
        for each in (row(of.code, of.name, FUND_NAMES[Fund(of.fund)], of), *last_year(of))
    ]
    head = (
        *("编码", "名称", *(["资金性质"] if several else [])),
        *("年初预算", "全年预算", "决算数", "完成年初", "完成全年", "占比"),
    )
    common = [f"按{BY_NAMES[answer.by]}", SCOPES[answer.scope], *([] if several else funds)]
    title = f"预算执行（{'，'.join(common)}）"
    foot = row("合计", "", "", answer.totals)
    shown = fitted(head, rows, texts=[_NAME])
    told = [table(head, shown, left=2 + several, foot=foot, beneath=last_year(answer.totals))]
    if any(each.name.endswith(NOT_DIVIDED) for each in answer.rows):
        told.append("未分到款的预算在支付时才分到各款，其完成率须与各款合看。")
    if compared is not None:
        told.append(compared.told())
    return "\n".join([heading(header, title), *told])
