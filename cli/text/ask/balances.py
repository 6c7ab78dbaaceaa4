"""预算余额 as text."""

from cli.text.columns import table
from cli.text.parts import heading, money, without_empty
from ledger.money import yuan
from projections.answers import Header
from projections.questions.balances import FIGURES, Balances


def balances(header: Header, answer: Balances) -> str:
    """余额表."""
    head = ("预算线", "年初预算", "批准合计", "待下达", "可用", "在途", "已支付", "收回", "转出")
    # 可用 is what people come for: nothing left reads 0.00, not a blank.
    shows = {name: yuan if name == "available_fen" else money for name in FIGURES}
    rows = [
        (row.line, *(shows[name](getattr(row, name)) for name in FIGURES)) for row in answer.lines
    ]
    foot = ("合计", *(yuan(getattr(answer.totals, name)) for name in FIGURES))
    shown = without_empty(head, rows, foot, keep={0, 2, 4, 6})
    return heading(header, "预算余额") + "\n" + table(shown[0], shown[1], foot=shown[2])
