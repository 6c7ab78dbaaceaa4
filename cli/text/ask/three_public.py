"""三公经费 as text."""

from typing import Any

from cli.text.columns import table
from cli.text.parts import heading
from ledger.money import yuan


def three_public(answer: dict[str, Any]) -> str:
    """三公经费表."""
    names = (
        ("overseas_fen", "因公出国（境）费"),
        ("vehicle_fen", "公务用车购置及运行维护费"),
        ("vehicle_purchase_fen", "　其中：购置费"),
        ("vehicle_operation_fen", "　　　　运行维护费"),
        ("reception_fen", "公务接待费"),
    )
    budget, actual = answer["budget"], answer["actual"]
    rows = [(name, yuan(budget[key]), yuan(actual[key])) for key, name in names]
    foot = ("合计", yuan(budget["total_fen"]), yuan(actual["total_fen"]))
    head = ("项目", "预算数（年初）", "决算数")
    return heading(answer, "三公经费") + "\n" + table(head, rows, foot=foot)
