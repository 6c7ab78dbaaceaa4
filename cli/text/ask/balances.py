"""预算余额 as text."""

from cli.text.columns import table
from cli.text.parts import heading, money, without_empty
from ledger.money import yuan
from projections.answers import Header
from projections.questions.balances import Balances

_BEFORE = {"initial_fen": "年初预算", "annual_budget_fen": "批准合计", "pending_fen": "待下达"}
_AFTER = {"held_fen": "在途", "paid_fen": "已支付", "taken_fen": "收回", "out_fen": "转出"}


def balances(header: Header, answer: Balances) -> str:
    """余额表."""
    # What the budget leaves stands beside what can be paid where the cash does not cover it.
    short = any(row.spendable_fen != row.available_fen for row in answer.lines)
    budget = {"available_fen": "预算余额"} if short else {}
    columns = {**_BEFORE, "spendable_fen": "可用", **budget, **_AFTER}
    # 可用 is what people come for: nothing left reads 0.00, not a blank.
    shows = {name: yuan if name == "spendable_fen" else money for name in columns}
    head = ("预算线", *columns.values())
    rows = [
        (row.line, *(shows[name](getattr(row, name)) for name in columns)) for row in answer.lines
    ]
    foot = ("合计", *(yuan(getattr(answer.totals, name)) for name in columns))
    kept = ("annual_budget_fen", *budget, "spendable_fen", "paid_fen")
    shown = without_empty(head, rows, foot, keep={0, *(1 + list(columns).index(n) for n in kept)})
    return heading(header, "预算余额") + "\n" + table(shown[0], shown[1], foot=shown[2])
