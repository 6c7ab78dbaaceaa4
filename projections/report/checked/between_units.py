"""What the units of a department say of each other, where that was not eliminated (抵销): one side
lacks, the amounts differ, or it was paid of fiscal money."""

from collections.abc import Iterator, Mapping

from ledger.line import FISCAL_FUNDS, BudgetLine
from ledger.money import plain_yuan, yuan
from ledger.refusals import Way, Word
from projections.report.findings import Finding
from projections.views.elimination import Deal, Pair, pairing
from projections.views.reading import Reading
from projections.views.source import Source
from projections.views.undone import undone

UNPAIRED, OF_FISCAL_MONEY = "ELIMINATE.UNPAIRED", "ELIMINATE.FISCAL"
_NAMED = 8
"""Entries that a sentence names."""


def not_eliminated(source: Source) -> Iterator[Finding]:
    """ELIMINATE: in the department's total this is counted twice."""
    found, books = pairing(source), {one.book.unit: one for one in source.members()}
    for pair in found.unpaired:
        figures: tuple[list[str], int, int] = ([], pair.paid_fen, pair.received_fen)
        gone = [unit for unit in (pair.payer, pair.receiver) if unit not in books]
        if gone:
            message = f"{_told(pair)}；{gone[0]} 没有账套，没有抵销"
            suggested = "取得对方的账套后再汇总；对方确不在汇总范围的，无需处理。"
            yield Finding(UNPAIRED, "warn", message, *figures, suggested)
            continue
        message = f"{_told(pair)}；两边不符，没有抵销"
        suggested, ways = _suggested(pair), _ways_out(pair, books)
        yield Finding(*(UNPAIRED, "warn", message, *figures, suggested), try_=ways)
    for pair in found.fiscal:
        message = f"{_told(pair)}；以财政拨款支付，不抵销，合计中重复计算"
        figures = ([], pair.paid_fen, pair.received_fen)
        suggested = "财政拨款支出在付款单位列示；在部门收支说明中写明对方重复的收入。"
        yield Finding(OF_FISCAL_MONEY, "info", message, *figures, suggested)


def _told(pair: Pair) -> str:
    """Both units' figures, and the entries."""
    return (
        f"{pair.payer} 付给 {pair.receiver} {yuan(pair.paid_fen)} 元{_entries(pair.payments)}，"
        f"{pair.receiver} 来自 {pair.payer} 的收入 {yuan(pair.received_fen)} 元"
        f"{_entries(pair.incomes)}"
    )


def _entries(deals: tuple[Deal, ...]) -> str:
    if not deals:
        return ""
    more = "……" if len(deals) > _NAMED else ""
    named = "、".join(f"第 {deal.named.entry} 笔" for deal in deals[:_NAMED])
    return f"（{deals[0].named.book} {named}{more}）"


def _suggested(pair: Pair) -> str:
    if not pair.incomes:
        return f"{pair.receiver} 已记这笔收入的，补写对方单位；没有记的，补记收入。"
    if not pair.payments:
        return f"{pair.payer} 已记这笔支付的，补写对方单位；没有付的，{pair.receiver} 更正收入。"
    return "以实际收付为准，把记错的一方更正为与对方相符；一方漏记的补记。"


def _ways_out(pair: Pair, books: Mapping[str, Reading]) -> list[Way]:
    """What puts the other side right: the entry of the same amount that names no unit is told whose
    it is; where there is none, an income is recorded, or the entries are shown."""
    payer, receiver = books[pair.payer], books[pair.receiver]
    if not pair.incomes:
        ways = [_named(receiver, deal, pair.payer, income=True) for deal in pair.payments]
    elif not pair.payments:
        ways = [_named(payer, deal, pair.receiver, income=False) for deal in pair.incomes]
    else:
        deals = (*pair.payments, *pair.incomes)
        ways = [_of(Way("show", each.named.entry), each.named.book) for each in deals[:_NAMED]]
    return ways[:_NAMED]


def _named(there: Reading, deal: Deal, counterpart: str, *, income: bool) -> Way:
    """What gives a payment or an income its other side in the book of `there`."""
    for number in _unnamed(there, deal.fen, income=income):
        return _of(Way("correct", number, counterpart=counterpart), str(there.book))
    if not income:
        return _of(Way("log", kind="pay", amount=plain_yuan(deal.fen)), str(there.book))
    way = Way(
        "income",
        func=Word("功能科目"),
        econ=deal.channel,
        amount=plain_yuan(deal.fen),
        counterpart=counterpart,
    )
    return _of(way, str(there.book))


def _of(way: Way, book: str) -> Way:
    unit, _, year = book.rpartition("/")
    return way.also(unit=unit, year=int(year))


def _unnamed(there: Reading, fen: int, *, income: bool) -> Iterator[int]:
    """The payments, or incomes, of an amount that stand and name no unit, of money that is not
    fiscal."""
    kinds = ("income",) if income else ("pay", "voucher")
    rows = there.views.execute(
        "SELECT e.entry, l.line FROM entries e JOIN lines l ON l.id = e.line_id "
        f"WHERE e.book_id = ? AND e.kind IN ({', '.join(map(repr, kinds))}) AND e.amount_fen = ? "
        "AND e.counterpart IS NULL AND e.original IS NULL AND e.entry <= ? AND e.occurred_on <= ? "
        "ORDER BY e.entry",
        (there.book_id, fen, there.upto, there.cut.until.isoformat()),
    ).fetchall()
    gone = undone(there, [number for number, _ in rows])
    for number, line in rows:
        if number not in gone and BudgetLine.parse(line).fund not in FISCAL_FUNDS:
            yield number
