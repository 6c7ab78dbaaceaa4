"""三公经费 as text."""

from cli.text.columns import Row, table
from cli.text.parts import before, heading
from ledger.line import FISCAL_FUNDS, FUND_NAMES
from ledger.money import percent, yuan
from projections.answers import Compared, Header
from projections.questions.three_public import ThreePublic

_ROWS = (
    ("overseas", "因公出国（境）费"),
    ("vehicle", "公务用车购置及运行维护费"),
    ("vehicle_purchase", "　其中：购置费"),
    ("vehicle_operation", "　　　　运行维护费"),
    ("reception", "公务接待费"),
)


def three_public(header: Header, answer: ThreePublic, compared: Compared) -> str:
    """三公经费表. What money that does not count has paid has a column only where there is any."""
    others = bool(answer.other_funds.total_fen) or any(
        getattr(answer.other_funds, f"{name}_fen") for name, _ in _ROWS
    )

    def row(name: str, label: str) -> Row:
        def fen(column: object) -> str:
            return "—" if column is None else yuan(getattr(column, f"{name}_fen"))

        return (
            label,
            *map(fen, (answer.budget, answer.annual_budget, answer.actual, answer.left)),
            percent(getattr(answer.rate, name)),
            fen(answer.last_year),
            *([fen(answer.other_funds)] if others else []),
        )

    head = (
        *("项目", "预算数（年初）", "全年预算", "决算数", "余额", "执行率", "上年决算数"),
        *(["其他资金支付"] if others else []),
    )
    rows = [row(*each) for each in _ROWS]
    counted = "、".join(FUND_NAMES[fund] for fund in answer.funds)
    fiscal = set(answer.funds) == FISCAL_FUNDS
    told = [f"口径：{f'财政拨款（{counted}）' if fiscal else counted}"]
    if others:
        told.append("其他资金支付不在口径之内，不计入决算数")
    shown = table(head, rows, foot=row("total", "合计"))
    return "\n".join([heading(header, "三公经费"), shown, *told, before(compared)])
