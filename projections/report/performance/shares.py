"""What each unit of a department has of an indicator that they have together, and how it became
one: added, weighed by money, or judged unit by unit (汇总)."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from ledger.money import percent, yuan
from projections.report.performance.scores import Lacks

Combination = Literal["added", "weighted", "apart"]
"""Absolute values are added, relative ones weighed by money; what cannot be one number is judged
unit by unit, and what each earns is weighed by money."""

_WAYS: dict[Combination, str] = {
    "added": "各单位相加",
    "weighted": "各单位按全年预算加权",
    "apart": "各单位分别计分，按全年预算加权",
}


class UnitShare(msgspec.Struct, frozen=True):
    """A unit's part of an indicator, as it was written; empty where it was said for the whole
    department, or is not there yet. `ratio`, four places, and `lacks` are of the unit by itself."""

    book: str
    name: str
    target: str
    actual: str
    annual_budget_fen: int
    ratio: str | None
    lacks: Lacks | None

    @property
    def called(self) -> str:
        """The unit: 示例局（420103）."""
        return f"{self.name}（{self.book.partition('/')[0]}）"


def together_of(combined: Combination, shares: Sequence[UnitShare]) -> str:
    """How an indicator of several units came about, as a person reads it."""
    way = _WAYS[combined]
    if combined != "added" and not any(share.annual_budget_fen > 0 for share in shares):
        way = f"{way}（都没有全年预算，同等看待）"
    return f"{way}：{'；'.join(_told(combined, share) for share in shares)}"


def _told(combined: Combination, share: UnitShare) -> str:
    values = [
        f"{name} {value}"
        for name, value in (("目标值", share.target), ("完成值", share.actual))
        if value
    ]
    if combined == "apart":
        values = [f"得权重的 {percent(share.ratio)}"] if share.ratio else []
    if combined != "added":
        values.insert(0, f"全年预算 {yuan(share.annual_budget_fen)} 元")
    return f"{share.called}{'、'.join(values)}"
