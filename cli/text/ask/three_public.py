"""三公经费 as text."""

import msgspec

from cli.text.columns import Row, table
from cli.text.parts import beside, heading
from ledger.line import FISCAL_FUNDS, FUND_NAMES
from ledger.money import percent, yuan
from projections.answers import Compared, Header
from projections.questions.three_public import ItemFigures, ThreePublic

_ROWS = (
    ("overseas", "因公出国（境）费"),
    ("vehicle", "公务用车购置及运行维护费"),
    ("vehicle_purchase", "　其中：购置费"),
    ("vehicle_operation", "　　　　运行维护费"),
    ("reception", "公务接待费"),
)


def three_public(header: Header, answer: ThreePublic, compared: Compared) -> str:
    """三公经费表, last year's figures beneath each item where they stand beside its own. What money
    that does not count has paid has a column only where there is any."""
    others = any(msgspec.structs.astuple(answer.other_funds))
    both = hasattr(answer.actual, "last_year_total_fen")
    columns = (
        *(answer.budget, answer.annual_budget, answer.actual, answer.left),
        *([answer.other_funds] if others else []),
    )

    def fen(column: ItemFigures | None, name: str) -> str:
        return "—" if column is None else yuan(getattr(column, f"{name}_fen"))

    def row(name: str, label: str) -> Row:
        return (
            label,
            *(fen(column, name) for column in columns),
            percent(getattr(answer.rate, name)),
            *([] if both else [fen(answer.last_year, name)]),
        )

    def last_year(name: str) -> list[Row]:
        figures = [(column, f"{name}_fen") for column in columns]
        return beside([*figures, (answer.rate, name)], words=1) if both else []

    head = (
        *("项目", "预算数（年初）", "全年预算", "决算数", "余额"),
        *(["其他资金支付"] if others else []),
        *("执行率", *([] if both else ["上年决算数"])),
    )
    rows = [each for of in _ROWS for each in (row(*of), *last_year(of[0]))]
    counted = "、".join(FUND_NAMES[fund] for fund in answer.funds)
    fiscal = set(answer.funds) == FISCAL_FUNDS
    told = [f"口径：{f'财政拨款（{counted}）' if fiscal else counted}"]
    if others:
        told.append("其他资金支付不在口径之内，不计入决算数")
    shown = table(head, rows, foot=row("total", "合计"), beneath=last_year("total"))
    return "\n".join([heading(header, "三公经费"), shown, *told, compared.told()])
