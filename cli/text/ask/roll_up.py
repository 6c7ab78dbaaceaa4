"""汇总 as text."""

from cli.text.columns import table
from cli.text.parts import WALK_HEAD, heading, money, without_empty
from ledger.money import yuan
from projections.answers import Header
from projections.questions.carryover import WALK
from projections.questions.roll_up import Walks


def roll_up(header: Header, answer: Walks) -> str:
    """各账套结转结余汇总."""
    seldom = ("surplus_used_fen", "distributed_fen")
    shows = {name: money if name in seldom else yuan for name in WALK}
    rows = [
        (walk.book, walk.name, *(shows[name](getattr(walk, name)) for name in WALK))
        for walk in answer.walks
    ]
    foot = ("合计", f"{len(rows)} 个账套", *(yuan(getattr(answer.totals, name)) for name in WALK))
    used = without_empty(("账套", "单位", *WALK_HEAD), rows, foot, keep={0, 1, 2, 3, 5, 7})
    return heading(header, "汇总") + "\n" + table(used[0], used[1], left=2, foot=used[2])
