"""How a form of 绩效自评 is printed, as text and in a document."""

from collections.abc import Iterable, Iterator

from ledger.texts import one_line
from projections.report.performance.told import ToldConstraint, ToldFunds, ToldIndicator

NONE = "—"


def weight(points: str) -> str:
    """10 for 10.00."""
    return points.rstrip("0").rstrip(".")


def score(row: ToldFunds | ToldIndicator) -> str:
    """What a row earns; one that a person gave is marked."""
    return (row.score or NONE) + ("" if row.override_reason is None else "*")


def levels(rows: Iterable[ToldIndicator]) -> Iterator[tuple[str, str]]:
    """一级 and 二级指标 of every row; what stands above it already is not said again."""
    above = ("", "")
    for row in rows:
        first, second = one_line(row.level1), one_line(row.level2)
        yield first if first != above[0] else "", second if (first, second) != above else ""
        above = (first, second)


def constraint(said: ToldConstraint) -> str:
    """What a 约束性指标 took."""
    deducted = "不扣分" if said.deducted == "0.00" else f"扣 {said.deducted} 分"
    return f"约束性指标　{said.level3}：{said.actual or NONE}，{deducted}"


def given(what: str, row: ToldFunds | ToldIndicator) -> Iterator[str]:
    """The score that a person gave a row beside the rule's; nothing where nobody did."""
    if row.override_reason is not None:
        said = f"规则得分 {row.rule_score or NONE}，调整为 {row.score}"
        yield f"* {what}：{said}（{one_line(row.override_reason)}）"
