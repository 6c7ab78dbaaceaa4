"""年初结转结余 as a person reads it: the walk, and the comparison with last year's closing."""

from collections.abc import Iterator, Sequence

from cli.text import ways
from cli.text.adjusting import adjusting
from cli.text.columns import Row, table
from cli.text.parts import ITEM_HEAD, heading, item_of, money
from ledger.kinds import OPENING_CHANGE_NAMES, POOL_NAMES
from ledger.money import wan, yuan
from projections.answers import Header
from projections.questions.opening import Opening, OpeningAdjustment, OpeningChecked


def walk(header: Header, answer: Opening) -> str:
    """年初结转结余的调整过程."""
    names = ("opening_before_fen", "adjusted_fen", "opening_fen")
    head = (*ITEM_HEAD, "调整前年初", "调整", "年初")
    shown = [heading(header, "年初结转结余") + "\n" + _items(head, answer, names)]
    shown += _adjustments(answer.adjustments)
    return "\n".join([*shown, *_approved(answer)])


def checked(header: Header, answer: OpeningChecked) -> str:
    """年初结转结余与上年年末核对."""
    names = (
        "closing_fen",
        "opening_before_fen",
        "unexplained_fen",
        "adjusted_fen",
        "opening_fen",
    )
    head = (*ITEM_HEAD, "上年年末", "转入", "未说明", "调整", "年初")
    source = {
        "book": f"账套 {answer.previous.book or '、'.join(answer.previous.books or [])}",
        "total": "所给的合计",
        "file": "所给的分项",
    }[answer.previous.source]
    shown = [
        heading(header, "年初与上年年末核对") + "\n" + _items(head, answer, names),
        *_adjustments(answer.adjustments),
        "",
        f"上年年末取自{source}。年初－上年年末＝{yuan(answer.difference_fen)} 元"
        f"（{wan(answer.difference_fen)} 万元），其中调整事项说明 "
        f"{yuan(answer.difference_fen - answer.unexplained_fen)} 元，"
        f"未说明 {yuan(answer.unexplained_fen)} 元"
        f"（{wan(answer.unexplained_fen)} 万元）",
        *(
            [f"没有上年账套，未核对：{'、'.join(answer.previous.without)}"]
            if answer.previous.without
            else []
        ),
    ]
    for each in answer.missing:
        item = ("合计",) if each.fund is None else item_of(each)
        where = " ".join(filter(None, (each.book or "", *item)))
        documents = "、".join(evidence.document for evidence in each.documents)
        less = each.fen < 0
        shown.append(
            f"未说明 {where}：转入比上年年末{'少' if less else '多'} {yuan(abs(each.fen))} 元；"
            f"转入无误而另有来去的，凭{documents}说明"
        )
        shown += [ways.told(way) for way in each.try_]
    for pool in answer.pools:
        shown.append(
            f"{f'{pool.book} ' if pool.book else ''}{POOL_NAMES[pool.pool]}："
            f"上年年末 {yuan(pool.closing_fen)} 元，转入 "
            f"{yuan(pool.opening_before_fen)} 元，未说明 {yuan(pool.unexplained_fen)} 元"
        )
        shown += [
            f"  第 {each.entry} 笔（{each.date}，{each.doc}）{OPENING_CHANGE_NAMES[each.kind]} "
            f"{yuan(each.fen)} 元"
            for each in pool.adjustments
        ]
        shown += [ways.told(way) for way in pool.try_]
    shown += _approved(answer)
    shown.append("结论：相符，差额都有调整事项说明" if answer.explained else "结论：有未说明的差额")
    return "\n".join(shown)


def _approved(answer: Opening | OpeningChecked) -> Iterator[str]:
    """What finance approved of last year, and what is still to be recorded of it."""
    for each in answer.final_accounts or ():
        yield ""
        told = f"{each.book} 的决算已于 {each.approved_on} 批复（{each.doc}）"
        if each.to_record:
            yield f"{told}；年初还须调整："
            yield from adjusting(each.to_record)
        else:
            yield f"{told}；年初没有尚须调整的"


def _items(head: Row, answer: Opening | OpeningChecked, names: Sequence[str]) -> str:
    """The items of a book, or of each book."""
    several = any(item.book for item in answer.items)
    rows = [
        (
            *([item.book or ""] if several else []),
            *item_of(item),
            *(money(getattr(item, name)) for name in names),
        )
        for item in answer.items
    ]
    words = 4 + several
    foot = ("合计", *[""] * (words - 1), *(yuan(getattr(answer, name)) for name in names))
    return table(("账套", *head) if several else head, rows, left=words, foot=foot)


def _adjustments(adjustments: list[OpeningAdjustment]) -> list[str]:
    """年初余额调整 entry by entry."""
    several = any(each.book for each in adjustments)
    rows = [
        (
            *([each.book or ""] if several else []),
            str(each.entry),
            each.date,
            OPENING_CHANGE_NAMES[each.kind],
            each.doc,
            *item_of(each),
            yuan(each.fen),
        )
        for each in adjustments
    ]
    if not rows:
        return []
    head = (*(["账套"] if several else []), "编号", "日期", "调整类型", "文号", *ITEM_HEAD, "金额")
    return ["", "调整事项", table(head, rows, left=8 + several)]
