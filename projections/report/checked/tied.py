"""TIED.BELOW: do the payments that were named still stand, with as much as was said?"""

from collections.abc import Iterator

from ledger.money import yuan
from ledger.refusals import Way
from ledger.rules import ways
from projections.questions.particulars import tied_below
from projections.report.cells import Cells
from projections.report.findings import Finding

_SUGGESTED = "支付已退款或冲销的，冲销对应的接待、出国事项后按实际重新记录。"


def tied(cells: Cells) -> Iterator[Finding]:
    """Payments of which less stands than receptions and trips say that they paid."""
    for below in tied_below(cells.source):
        named = "、".join(f"第 {entry} 笔" for entry in below.facts)
        message = (
            f"{below.book} 第 {below.entry} 笔支付现有 {yuan(below.stands_fen)} 元，"
            f"接待、出国事项（{named}）说由它支付 {yuan(below.tied_fen)} 元"
        )
        yield Finding(
            "TIED.BELOW",
            "warn",
            message,
            left_fen=below.tied_fen,
            right_fen=below.stands_fen,
            suggestion=_SUGGESTED,
            try_=[ways.show(below.entry), *(Way("reverse", entry) for entry in below.facts[:1])],
        )
