"""流水 as text."""

from collections.abc import Iterable, Iterator

from cli.text.columns import Row, fitted, table
from cli.text.parts import heading, money, without_empty
from ledger.kinds import KIND_NAMES, OPENING_CHANGE_NAMES
from ledger.money import yuan
from projections.answers import Header
from projections.questions.entries import EntryLog, KindTotal, LogEntry

_HEAD = ("编号", "日期", "业务", "预算线", "文号", "对方、名称或摘要", "金额", "支付", "占用")


def log(header: Header, answer: EntryLog) -> str:
    """流水, and under it what each kind comes to; a correction on two lines."""
    shown = [listed(answer.entries)]
    if sum(bool(total.amount_fen or total.paid_fen) for total in answer.totals):
        shown += ["", _totals(answer.totals)]
    return heading(header, "流水") + "\n" + "\n".join(shown)


def listed(entries: Iterable[LogEntry]) -> str:
    """Entries as a table."""
    rows = [row for entry in entries for row in _rows(entry)]
    head, kept, _ = without_empty(_HEAD, rows, ("",) * len(_HEAD), keep=set(range(7)))
    return table(head, fitted(head, kept, texts=(4, 5)), left=6)


def about_of(entry: LogEntry) -> str:
    """Whom or what an entry is about."""
    return (
        entry.payee
        or entry.name
        or entry.purpose
        or entry.reason
        or ("" if entry.adjustment is None else OPENING_CHANGE_NAMES[entry.adjustment])
    )


def _rows(entry: LogEntry) -> Iterator[Row]:
    first = (str(entry.entry), entry.date, KIND_NAMES[entry.kind])
    about = about_of(entry)
    if entry.undone_fen is None:
        effects = money(entry.paid_fen), money(entry.held_fen)
        yield (*first, entry.line or "", entry.doc, about, money(entry.amount_fen), *effects)
        return
    undone, right = money(entry.undone_fen), money(entry.amount_fen)
    paid, held = entry.paid_fen is not None, entry.held_fen is not None
    what = f"冲销第 {entry.undoes} 笔"
    if entry.undoes is None:  # a request
        what = f"批准后冲销第 {entry.original} 笔"
    yield (
        *first,
        "",
        entry.approval_doc or "",
        what,
        undone,
        undone if paid else "",
        undone if held else "",
    )
    yield (
        *("", "", ""),
        *(entry.line or "", entry.doc, about, right),
        *(right if paid else "", right if held else ""),
    )


def _totals(totals: list[KindTotal]) -> str:
    head = ("业务", "笔数", "金额", "支付", "占用")
    rows = [
        (
            *(KIND_NAMES[each.kind], str(each.entries), money(each.amount_fen)),
            *(money(each.paid_fen), money(each.held_fen)),
        )
        for each in totals
        if each.amount_fen or each.paid_fen or each.held_fen
    ]
    paid_fen, held_fen = (sum(each.paid_fen for each in totals), sum(e.held_fen for e in totals))
    foot = ("合计", str(sum(e.entries for e in totals)), "", yuan(paid_fen), yuan(held_fen))
    kept = without_empty(head, rows, foot, keep={0, 1, 2})
    return table(kept[0], kept[1], foot=kept[2])
