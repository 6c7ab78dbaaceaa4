"""What finance approved otherwise than a year was closed, and the entries of next year's book that
this asks for, as text."""

from collections.abc import Iterator, Sequence

from cli.text import ways
from cli.text.columns import table
from cli.text.parts import money
from ledger.kinds import POOL_NAMES
from ledger.money import yuan
from ledger.rules.adjusting import Adjusting, FinalAccount


def final_account(answer: FinalAccount) -> Iterator[str]:
    """决算批复 as its receipt tells it."""
    replaces = "" if answer.replaces is None else f"，代替第 {answer.replaces} 笔决算批复"
    yield f"批复日期  {answer.approved_on}{replaces}"
    yield f"公开期限  批复后二十日内公开，最迟 {answer.publish_by}（R17）"
    if not answer.differences:
        yield "批复与结账一致，下年年初无须调整"
        return
    yield "批复与结账不同，下年账套作年初余额调整："
    yield from adjusting(answer.differences)


def adjusting(rows: Sequence[Adjusting]) -> Iterator[str]:
    """Line by line and pool by pool, and what to type."""
    several = any(each.book for each in rows)
    head = ("预算线", "结账", "批复", "年初调整", "其中收回", "其中待下达")
    body = [
        (
            *([each.book or ""] if several else []),
            each.line or ("" if each.pool is None else POOL_NAMES[each.pool]),
            yuan(each.closed_fen),
            yuan(each.approved_fen),
            *(money(fen) for fen in (each.difference_fen, each.returned_fen, each.waiting_fen)),
        )
        for each in rows
    ]
    yield table(("账套", *head) if several else head, body, left=1 + several)
    yield from (ways.told(way) for each in rows for way in each.try_)
