"""明细账 as text."""

from cli.text.columns import fitted, table
from cli.text.parts import heading, money
from ledger.money import yuan
from projections.answers import Header
from projections.questions.statement import LineStatement


def statement(header: Header, answer: LineStatement) -> str:
    """明细账."""
    from ledger.kinds import KIND_NAMES

    rows = [
        (
            r.date,
            str(r.entry),
            KIND_NAMES[r.kind],
            r.doc,
            r.payee or r.purpose or "",
            money(r.approved_fen),
            money(r.paid_fen),
            money(r.other_fen),
            yuan(r.available_fen),
        )
        for r in answer.rows
    ]
    head = ("日期", "编号", "业务", "文号", "对方或摘要", "预算增减", "支付", "其他", "可用余额")
    title = heading(header, f"明细账  {answer.line}")
    return title + "\n" + table(head, fitted(head, rows, texts=(3, 4)), left=5)
