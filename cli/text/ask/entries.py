"""流水 as text."""

from cli.text.columns import fitted, table
from cli.text.parts import heading, money
from ledger.kinds import ADJUSTMENT_NAMES
from projections.answers import Header
from projections.questions.entries import EntryLog


def log(header: Header, answer: EntryLog) -> str:
    """流水."""
    from ledger.kinds import KIND_NAMES

    rows = [
        (
            str(e.entry),
            e.date,
            KIND_NAMES[e.kind],
            e.line or "",
            e.doc,
            e.payee
            or e.name
            or e.purpose
            or e.reason
            or ("" if e.adjustment is None else ADJUSTMENT_NAMES[e.adjustment]),
            money(e.amount_fen),
        )
        for e in answer.entries
    ]
    head = ("编号", "日期", "业务", "预算线", "文号", "对方、名称或摘要", "金额")
    return heading(header, "流水") + "\n" + table(head, fitted(head, rows, texts=(4, 5)), left=6)
