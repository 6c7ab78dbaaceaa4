"""回执: what a writing command answers."""

from collections.abc import Iterator

from cli.text import ways
from cli.text.columns import table
from ledger.money import yuan
from ledger.receipt import Began, GoesOver, Receipt, Receipts


def receipt(answer: Receipt) -> str:
    """What a writing command answers."""
    from ledger.kinds import KIND_NAMES
    from ledger.parse import AUTHORITIES

    verb = "可以记录（未记录）" if answer.dry_run else "已记录"
    if answer.already:
        verb = "此前已记录（未重复记录）"
    for number_of, how in ((answer.corrected_by, "更正"), (answer.reversed_by, "冲销")):
        if number_of is not None:
            verb = f"此前已记录，已由第 {number_of} 笔{how}（未重新记录）"
    number = "" if answer.dry_run else f" 第 {answer.entry} 笔"
    shown = [f"{verb}{number}  {KIND_NAMES[answer.kind]}  {answer.date}"]
    if answer.amount_fen is not None:
        shown[0] += f"  {yuan(answer.amount_fen)} 元"
    if answer.items:
        head = ("预算线", "经济科目", "金额", "可用余额")
        items = [(i.line, i.econ, yuan(i.amount_fen), yuan(i.available_fen)) for i in answer.items]
        shown.append(table(head, items, left=2))
    else:
        shown += _lines(answer)
    if answer.counterpart is not None:
        shown.append(f"对方账套  {answer.counterpart}，同时记录")
    if answer.opened_with is not None:
        return f"{_opened(answer, answer.opened_with)}\n{_end(answer)}"
    if answer.final_account is not None:
        from cli.text.adjusting import final_account  # once a year

        shown += final_account(answer.final_account)
    if answer.undone_fen is not None:
        shown.append(_corrected(answer, answer.undone_fen))
    if answer.pending and answer.needed is not None:
        shown.append(f"待审批  须由{AUTHORITIES[answer.needed]}批准，批准前不动用资金")
        shown += [ways.told(way).lstrip() for way in answer.try_]
    elif answer.settled is not None:
        by = answer.settled
        shown.append(f"审批结果  {KIND_NAMES[by.kind]}，第 {by.entry} 笔，{by.actor}")
    shown.append(_end(answer))
    shown += [f"提醒 {w.code}：{w.message}" for w in answer.warnings]
    return "\n".join(shown)


def _corrected(answer: Receipt, undone_fen: int) -> str:
    """Which entry is put right, and which one stands in its place."""
    told = f"更正第 {answer.undoes} 笔  原记 {yuan(-undone_fen)} 元，"
    if answer.pending:
        return f"{told}批准后才一并冲销；在此之前仍以第 {answer.undoes} 笔为准"
    if answer.settled is not None and answer.settled.kind != "approve":
        return f"{told}没有冲销"
    stands = answer.entry if answer.settled is None else answer.settled.entry
    if answer.dry_run:
        return f"{told}将一并冲销"
    return f"{told}已一并冲销；以第 {stands} 笔为准"


def _lines(answer: Receipt) -> Iterator[str]:
    """The line, what it has left, and which others there are."""
    if answer.line is not None:
        opened = "（新开预算线）" if answer.line in answer.opened_lines else ""
        yield f"预算线  {answer.line}{opened}"
    now = answer.now
    then = "当时 " if now else ""
    if answer.goes_over is not None:
        yield from _goes_over(answer.goes_over)
    elif answer.available_fen is not None:
        today = f"，现在 {yuan(now.available_fen)} 元" if now else ""
        spendable_fen = answer.spendable_fen
        if spendable_fen is None or spendable_fen == answer.available_fen or now:
            yield f"可用余额  {then}{yuan(answer.available_fen)} 元{today}"
        else:
            left = f"（预算余额 {yuan(answer.available_fen)} 元，到账的钱只够这些）"
            yield f"可用余额  {yuan(spendable_fen)} 元{left}"
    if answer.held_fen or (now and now.held_fen):
        today = f"，现在 {yuan(now.held_fen)} 元" if now else ""
        yield f"在途占用  {then}{yuan(answer.held_fen or 0)} 元{today}"
    others = answer.lines[1:]
    for line in others[:_OTHERS_SHOWN]:
        yield f"另涉及  {line}" + ("（新开预算线）" if line in answer.opened_lines else "")
    if len(others) > _OTHERS_SHOWN:
        yield f"另涉及  ……共 {len(others)} 条预算线"


def _goes_over(over: GoesOver) -> Iterator[str]:
    """What next year opens with, and of what it is made."""
    parts = (
        ("结转", over.carried_fen),
        ("结余（待财政部门下达）", over.surplus_fen),
        ("收回（转入后上缴）", over.taken_back_fen),
        ("余款结转", over.cash_fen),
    )
    made_of = "，".join(f"{name} {yuan(fen)}" for name, fen in parts if fen)
    yield f"转入下年  {yuan(over.total_fen)} 元{f'：{made_of}' if made_of else ''}"
    if over.lapsed_fen:
        yield f"不结转  {yuan(over.lapsed_fen)} 元"


def _end(answer: Receipt) -> str:
    then = "当时" if answer.now else ""
    head = answer.head
    return f"账套  {answer.book}，{then}共 {head.entries} 笔，末端 {head.hash[:12]}"


def _opened(answer: Receipt, began: Began) -> str:
    """A book that began from last year's."""
    verb = "可以建账（未记录）" if answer.dry_run else "已建账"
    if answer.already:
        verb = "此前已建账（未重复记录，以下为当时）"
    shown = f"{verb}  {answer.book}  {answer.date}\n转入项目 {began.projects} 个"
    shown += f"，结转结余 {yuan(began.carried_fen)} 元"
    if began.pending_fen:
        shown += f"，其中结余 {yuan(began.pending_fen)} 元待下达"
    if began.remitted_fen:
        shown += f"；已上缴 {yuan(began.remitted_fen)} 元"
    return shown


_OTHERS_SHOWN = 8


def receipts(answer: Receipts) -> str:
    """The receipts of requests that were settled together."""
    return "\n\n".join(map(receipt, answer.receipts)) or "没有待审批的申请"
