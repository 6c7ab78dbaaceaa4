"""汇总 as text."""

from cli.text.columns import table
from cli.text.parts import WALK_HEAD, heading, money, without_empty
from ledger.money import yuan
from projections.answers import Header
from projections.questions.carryover import WALK
from projections.questions.roll_up import BetweenUnits, DealingEntry, Walks


def roll_up(header: Header, answer: Walks) -> str:
    """各账套结转结余汇总."""
    seldom = ("surplus_used_fen", "distributed_fen")
    shows = {name: money if name in seldom else yuan for name in WALK}
    rows = [
        (walk.book, walk.name, *(shows[name](getattr(walk, name)) for name in WALK))
        for walk in answer.walks
    ]
    books = len(rows)
    if any(getattr(answer.eliminated, name) for name in WALK):
        out = (getattr(answer.eliminated, name) for name in WALK)
        rows.append(("抵销", "单位之间", *map(money, out)))
    foot = ("合计", f"{books} 个账套", *(yuan(getattr(answer.totals, name)) for name in WALK))
    used = without_empty(("账套", "单位", *WALK_HEAD), rows, foot, keep={0, 1, 2, 3, 5, 7})
    shown = heading(header, "汇总") + "\n" + table(used[0], used[1], left=2, foot=used[2])
    return "\n".join([shown, *_between(answer.between_units)])


_WHY = {
    None: "抵销",
    "fiscal": "不抵销：以财政拨款支付",
    "differs": "未抵销：两边不符",
    "absent": "未抵销：对方没有账套",
}


def _between(units: list[BetweenUnits]) -> list[str]:
    """What units paid each other, by the entries of both."""
    if not units:
        return []
    rows = [
        (
            each.payer,
            each.receiver,
            money(each.paid_fen),
            money(each.received_fen),
            _WHY[each.why],
            f"{_entries(each.payments)} → {_entries(each.incomes)}",
        )
        for each in units
    ]
    head = ("付款单位", "收款单位", "支付", "收入", "结果", "记录")
    return ["", "单位之间", table(head, rows, left={0, 1, 4, 5})]


def _entries(listed: list[DealingEntry]) -> str:
    some = "、".join(f"第 {each.entry} 笔" for each in listed[:_NAMED]) or "无"
    return some + ("……" if len(listed) > _NAMED else "")


_NAMED = 5
