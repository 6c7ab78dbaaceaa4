"""三公经费 as text."""

from cli.text.columns import table
from cli.text.parts import heading
from ledger.money import yuan
from projections.answers import Header
from projections.questions.three_public import ThreePublic


def three_public(header: Header, answer: ThreePublic) -> str:
    """三公经费表."""
    names = (
        ("overseas_fen", "因公出国（境）费"),
        ("vehicle_fen", "公务用车购置及运行维护费"),
        ("vehicle_purchase_fen", "　其中：购置费"),
        ("vehicle_operation_fen", "　　　　运行维护费"),
        ("reception_fen", "公务接待费"),
    )
    budget, actual = answer.budget, answer.actual
    rows = [(name, yuan(getattr(budget, key)), yuan(getattr(actual, key))) for key, name in names]
    foot = ("合计", yuan(budget.total_fen), yuan(actual.total_fen))
    head = ("项目", "预算数（年初）", "决算数")
    return heading(header, "三公经费") + "\n" + table(head, rows, foot=foot)
