"""结转结余 as text."""

from cli.text.columns import Row, table
from cli.text.parts import (
    ITEM_HEAD,
    WALK_HEAD,
    OfUnits,
    heading,
    item_of,
    money,
    told_apart,
    without_empty,
)
from ledger.kinds import OPENING_CHANGE_NAMES, POOL_NAMES
from ledger.money import yuan
from projections.answers import Header
from projections.questions.carryover import WALK, Carryover, ItemWalk


def carryover(header: Header, answer: Carryover, *, by_unit: bool = False) -> str:
    """结转结余表, and 非财政拨款结余 below it."""
    about = [OfUnits(item.project, item.name, item.units) for item in answer.items]
    rows = [
        (*_told(item, whose), *(money(getattr(item, name)) for name in WALK))
        for item, whose in zip(answer.items, told_apart(about, by_unit=by_unit), strict=True)
    ]
    if answer.eliminated:
        out = (getattr(answer.eliminated, name) for name in WALK)
        rows.append(("抵销", "", "", "", *map(money, out)))
    foot = ("合计", "", "", "", *(yuan(getattr(answer, name)) for name in WALK))
    keep = {0, 1, 2, 3, 4, 5, 7, 9}
    used = without_empty((*ITEM_HEAD, *WALK_HEAD), rows, foot, keep=keep)
    shown = [heading(header, "结转结余"), table(used[0], used[1], left=4, foot=used[2])]
    adjusted = answer.opening_adjustments
    if adjusted:
        said = "；".join(
            f"{OPENING_CHANGE_NAMES[a.kind]} {yuan(a.fen)}（{a.doc}）" for a in adjusted
        )
        shown.append(f"年初结转：调整前 {yuan(answer.opening_before_fen)}；{said}")
    bound, free = answer.nonfiscal.restricted_fen, answer.nonfiscal.unrestricted_fen
    if bound or free:
        shown.append(f"年末结转中的单位资金：专项 {yuan(bound)}；非专项 {yuan(free)}")
    shown += [
        f"{POOL_NAMES[p.pool]}（不在结转内）：年初 {yuan(p.opening_fen)}"
        + (f"（其中调整 {yuan(p.adjusted_fen)}）" if p.adjusted_fen else "")
        + f"；"
        f"本年分配转入 {yuan(p.distributed_fen)}；本年使用 {yuan(p.used_fen)}；"
        f"年末 {yuan(p.closing_fen)}"
        for p in answer.pools
    ]
    return "\n".join(shown)


def _told(item: ItemWalk, whose: str) -> Row:
    """An item, and whose it is where that must be told."""
    fund, func, project, origin = item_of(item)
    return (fund, func, f"{project} {whose}".rstrip(), origin)
