"""与银行对账 as a person reads it: what was tied and by what, what is not, and 余额调节表."""

from collections.abc import Iterator

from cli.text import ways
from cli.text.columns import table
from cli.text.parts import heading
from cli.text.write import receipt as receipt_text
from ledger.kinds import KIND_NAMES
from ledger.money import yuan
from ledger.receipt import Receipt
from projections.answers import Header
from projections.questions.reconciling.bank import BankReconciled, BankTie

_BY = {"doc": "凭证号、金额", "amount": "金额、日期"}
_DIFFERS = {"doc": "凭证号不同", "payee": "收款人不同"}
_ORDERS = {"oldest-first": "日期由早到晚", "newest-first": "日期由晚到早", "mixed": "日期无序"}


def bank_reconciliation(header: Header, answer: BankReconciled, recorded: Receipt | None) -> str:
    """逐笔核对的结果, and the receipt where it was recorded."""
    shown = [heading(header, "与银行逐笔对账"), *_compared(answer)]
    if answer.ties:
        rows = [
            (_numbers(tie.rows), _numbers(tie.entries), _by(tie), f"{tie.days} 天", yuan(tie.fen))
            for tie in answer.ties
        ]
        shown += ["", table(("对账单行", "账上编号", "依据", "相差", "金额"), rows, left=3)]
    shown += [*_of_bank(answer), *_of_book(answer)]
    for pair in answer.cancelled:
        shown.append(
            f"第 {pair.entry} 笔已由第 {pair.reversed_by} 笔冲销，银行两者都没有，互相抵销"
        )
    shown += ["", *_adjusted(answer), "", _conclusion(answer, recorded)]
    if recorded is not None:
        shown += ["", receipt_text.receipt(recorded)]
    return "\n".join(shown)


def _numbers(numbers: list[int]) -> str:
    return "、".join(map(str, numbers))


def _some(rows: list[int]) -> str:
    return _numbers(rows[:_NAMED]) + (f" 等 {len(rows)}" if len(rows) > _NAMED else "")


_NAMED = 10
"""Rows of another year that are named."""


def _by(tie: BankTie) -> str:
    return "，".join((_BY[tie.by], *(_DIFFERS[each] for each in tie.differs)))


def _compared(answer: BankReconciled) -> Iterator[str]:
    yield (
        f"对账单 {answer.statement_rows} 行（{_ORDERS[answer.order]}），"
        f"支出 {yuan(answer.out_fen)}，收入和退款 {yuan(answer.in_fen)}；"
        f"账上 {answer.book_entries} 笔；日期容许相差 {answer.days} 天"
    )
    if answer.tied_before:
        yield f"以前的对账单已对上 {answer.tied_before} 笔，不再核对（要一并核对：--anew）"
    if answer.outside_year:
        years = "、".join(sorted({one.date[:4] for one in answer.outside_year}))
        yield (
            f"第 {_some([one.row for one in answer.outside_year])} 行是 {years} 年的，"
            "不在本账套的年度内，没有核对，也不计入各项合计：在该年度的账套核对"
        )
    if answer.gap is not None:
        yield f"注意：第 {answer.gap} 行的余额与前一行接不上，对账单可能缺行"


def _of_bank(answer: BankReconciled) -> Iterator[str]:
    if not answer.bank_only:
        return
    head = ("对账单行", "日期", "凭证号", "对方", "用途", "金额")
    rows = [
        (str(one.row), one.date, one.doc, one.payee, one.purpose, yuan(one.fen))
        for one in answer.bank_only
    ]
    foot = ("合计", "", "", "", "", yuan(answer.bank_only_fen))
    yield from ("", "银行有、账上没有：", table(head, rows, left=5, foot=foot))
    for one in answer.bank_only:
        yield f"第 {one.row} 行：{one.suggestion}"
        for each in one.candidates:
            named = " ".join(filter(None, (each.date, each.doc, each.payee)))
            kind = KIND_NAMES[each.kind]
            yield f"  第 {each.entry} 笔 {kind} {named} {yuan(each.fen)}（{each.why}）"
            yield from map(ways.told, each.try_)
        yield from map(ways.told, one.try_)


def _of_book(answer: BankReconciled) -> Iterator[str]:
    if not answer.book_only:
        return
    head = ("编号", "业务", "日期", "凭证号", "对方", "金额")
    rows = [
        (str(one.entry), KIND_NAMES[one.kind], one.date, one.doc, one.payee, yuan(one.fen))
        for one in answer.book_only
    ]
    foot = ("合计", "", "", "", "", yuan(answer.book_only_fen))
    yield from ("", "账上有、银行没有：", table(head, rows, left=5, foot=foot))
    for one in answer.book_only:
        yield f"第 {one.entry} 笔：{one.suggestion}"
        yield from map(ways.told, one.try_)


def _adjusted(answer: BankReconciled) -> Iterator[str]:
    """余额调节表: the sum of the book becomes the statement's."""
    rows = [
        ("账上支付减退款、收入", yuan(answer.book_fen)),
        ("加：期外几天内对上的", yuan(answer.outside_fen)),
        ("加：银行有、账上没有", yuan(answer.bank_only_fen)),
        ("减：账上有、银行没有", yuan(answer.book_only_fen)),
    ]
    if not answer.outside_fen:
        del rows[1]
    foot = ("对账单支出减收入、退款", yuan(answer.statement_fen))
    yield table(("余额调节", "金额"), rows, foot=foot)


def _conclusion(answer: BankReconciled, recorded: Receipt | None) -> str:
    if answer.agreed:
        return f"结论：逐笔相符，对上 {len(answer.ties)} 项"
    count = f"{len(answer.bank_only) + len(answer.book_only)} 项未达"
    found = f"结论：对上 {len(answer.ties)} 项，有 {count}"
    if recorded is not None:
        return f"{found}，已写明事由"
    return f"{found}，没有记录；查明后重新核对，或用 --reason 写明事由"
