"""预算余额 as text."""

from typing import Any

from cli.text.columns import table
from cli.text.parts import heading, money, without_empty
from ledger.money import yuan


def balances(answer: dict[str, Any]) -> str:
    """余额表."""
    from projections.questions.balances import FIGURES

    head = ("预算线", "年初预算", "全年预算", "待下达", "可用", "在途", "已支付", "收回", "转出")
    # 可用 is what people come for: nothing left reads 0.00, not a blank.
    shows = {name: yuan if name == "available_fen" else money for name in FIGURES}
    rows = [(row["line"], *(shows[name](row[name]) for name in FIGURES)) for row in answer["lines"]]
    foot = ("合计", *(yuan(answer["totals"][name]) for name in FIGURES))
    shown = without_empty(head, rows, foot, keep={0, 2, 4, 6})
    return heading(answer, "预算余额") + "\n" + table(shown[0], shown[1], foot=shown[2])
