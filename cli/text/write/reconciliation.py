"""与财政部门对账 as a person reads it: the sums, every difference, and what to do about it."""

from collections.abc import Iterator

from cli.text import ways
from cli.text.columns import table
from cli.text.parts import ITEM_HEAD, heading, item_of, money
from cli.text.write import receipt as receipt_text
from ledger.money import yuan
from ledger.receipt import Receipt
from projections.answers import Header
from projections.questions.reconciling.reconciliation import Reconciled

_MEASURES = {"paid": "支付", "budget": "预算", "later": "对账日后"}


def reconciliation(header: Header, answer: Reconciled, recorded: Receipt | None) -> str:
    """对账结果, and the receipt where it was recorded."""
    shown = [heading(header, "与财政部门对账"), *_sums(answer)]
    rows = [
        (
            _MEASURES[each.measure],
            *item_of(each),
            each.doc or "",
            *(
                money(getattr(each, name))
                for name in ("book_fen", "statement_fen", "difference_fen")
            ),
        )
        for each in answer.differences
    ]
    if rows:
        head = ("核对", *ITEM_HEAD, "文号", "账上", "对账单", "账上－对账单")
        shown += ["", table(head, rows, left=6), ""]
    for number, each in enumerate(answer.differences, 1):
        where = " ".join(filter(None, (*item_of(each), each.doc)))
        named = f"{_MEASURES[each.measure]} {where}".rstrip()
        shown.append(f"差异 {number}  {named}：{each.suggestion}")
        shown += [ways.told(way) for way in each.try_]
    shown += ["", _conclusion(answer, recorded)]
    if recorded is not None:
        shown += ["", receipt_text.receipt(recorded)]
    return "\n".join(shown)


def _sums(answer: Reconciled) -> Iterator[str]:
    compared = answer.compared
    if answer.statement_paid_fen is not None:
        yield (
            f"支付：核对 {compared.paid} 项；账上共 {yuan(answer.paid_fen)}，"
            f"对账单共 {yuan(answer.statement_paid_fen)}"
        )
    if compared.budget is not None:
        yield f"预算：按文号核对 {compared.budget} 项"


def _conclusion(answer: Reconciled, recorded: Receipt | None) -> str:
    if answer.agreed:
        if answer.compared.paid is None:
            return "结论：相符；对账单没有支付数，不作对账记录"
        return "结论：相符"
    count = f"结论：有 {len(answer.differences)} 项差异"
    if recorded is not None:
        return f"{count}，已写明事由"
    if answer.compared.paid is None:
        return f"{count}；对账单没有支付数，不作对账记录"
    return f"{count}，没有记录；查明并更正后重新核对，或用 --reason 写明事由"
