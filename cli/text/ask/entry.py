"""One entry in full, as text."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from cli.text.ask.carried_on import carried_on
from cli.text.ask.decided import decided
from cli.text.ask.particulars import said_of
from cli.text.columns import padded, table
from cli.text.parts import without_empty
from ledger.kinds import (
    CAUSE_NAMES,
    OPENING_CHANGE_NAMES,
    POOL_NAMES,
    PROCUREMENT_NAMES,
    THREE_PUBLIC_NAMES,
)
from ledger.line import FUND_NAMES, Fund
from ledger.money import yuan
from ledger.parse import local
from ledger.texts import one_line
from projections.answers import Header
from projections.questions.entries import EntryInFull

if TYPE_CHECKING:
    from ledger.events import ReportPublished, StatementTies

ACCOUNT_NAMES = {
    "AUTH": "批准来源",
    "PENDING": "待下达",
    "EXEC": "可执行",
    "HELD": "在途",
    "PAID": "已支付",
    "TAKEN": "收回",
    "OUT": "转出",
}


def entry(header: Header, answer: EntryInFull) -> str:
    """One entry in full."""
    shown = [f"{padded(f'{name}  ', 10)}{value}" for name, value in fields_of(answer)]
    if answer.decides is not None:
        shown += ["", *decided(answer.decides)]
    if answer.postings:
        head = ("预算线", "账户", "经济科目", "政府经济", "金额")
        rows = [
            (
                p.line,
                ACCOUNT_NAMES[p.account],
                p.econ,
                p.gov_econ or "",
                yuan(p.amount_fen),
            )
            for p in answer.postings
        ]
        foot = ("",) * len(head)
        body = without_empty(head, rows, foot, keep={0, 1, 2, 4})
        shown += ["", table(body[0], body[1], left=len(body[0]) - 1)]
    shown += carried_on(answer.carried_on)
    return f"{header.subject}  第 {answer.entry} 笔\n\n" + "\n".join(shown)


def fields_of(answer: EntryInFull) -> list[tuple[str, str]]:
    """What an entry says of itself, by what that is called; what it does not say is left out."""
    from datetime import datetime

    from ledger.codes import gov_economic
    from ledger.events import ReportPublished, StatementReconciled, kind_of
    from ledger.events.particulars import Particular
    from ledger.kinds import (
        CODE_SET_NAMES,
        DISTRIBUTION_NAMES,
        KIND_NAMES,
        PAY_TYPE_NAMES,
        SOURCE_NAMES,
        UNIT_KIND_NAMES,
    )
    from ledger.parse import AUTHORITIES, BASES

    event, gov = answer.event, answer.gov_econ
    fact = answer.fact
    checked = event if isinstance(event, StatementReconciled) else None
    of = partial(_stored, event)
    bases = of("fund_basis") or ()
    fields: tuple[tuple[str, Any], ...] = (
        ("业务", KIND_NAMES[answer.kind]),
        ("申请事项", None if (asked := of("proposed")) is None else KIND_NAMES[kind_of(asked)]),
        ("业务日期", answer.date),
        ("批复日期", of("approved_on")),
        ("公开日期", of("published_on")),
        *_published(event if isinstance(event, ReportPublished) else None),
        ("所批结账", None if of("approved_on") is None else f"第 {of('closing')} 笔"),
        ("记录时间", local(datetime.fromisoformat(answer.recorded_at)).isoformat(" ")),
        ("经办人", answer.actor),
        ("幂等编号", answer.key),
        ("预算线", answer.line),
        ("经济科目", answer.econ),
        ("政府经济分类", None if gov is None else f"{gov} {gov_economic()[gov]}"),
        ("金额", None if answer.amount_fen is None else f"{yuan(answer.amount_fen)} 元"),
        (
            "同时冲销" if answer.kind != "submit" else "批准后冲销",
            None if answer.undone_fen is None else f"{yuan(answer.undone_fen)} 元",
        ),
        ("文号", answer.doc),
        ("批准文号", answer.approval_doc),
        *(_about(answer) if fact is None else said_of(fact)),
        ("支付方式", None if answer.pay_type is None else PAY_TYPE_NAMES[answer.pay_type]),
        ("政府采购", "是" if answer.procurement else None),
        *(_bought(answer) if fact is None else ()),
        ("直达资金", "是" if answer.direct_funds else None),
        ("事由", answer.reason),
        ("项目代码", of("code")),
        (
            "名称",
            answer.name if fact is None and not isinstance(event, Particular) else None,
        ),
        ("单位性质", UNIT_KIND_NAMES.get(of("unit_kind"))),
        ("表样版本", None if of("code_set") else of("edition")),
        ("SHA-256", of("edition_sha256")),
        ("科目分类", CODE_SET_NAMES.get(of("code_set"))),
        ("科目", f"{len(of('rows')):,} 行" if of("code_set") else None),
        ("科目表文件", of("sha256")),
        ("收入口径", BASES.get(of("basis"))),
        (
            "资金口径",
            "；".join(f"{FUND_NAMES[Fund(own.fund)]} {BASES[own.basis]}" for own in bases),
        ),
        ("收入类别", SOURCE_NAMES.get(of("source"))),
        ("结余种类", POOL_NAMES.get(of("pool"))),
        ("分配去向", DISTRIBUTION_NAMES.get(of("distribution"))),
        ("调入预算线", of("to_line")),
        ("调整类型", answer.adjustment and OPENING_CHANGE_NAMES[answer.adjustment]),
        ("三公经费项目", THREE_PUBLIC_NAMES.get(of("item"))),
        ("转为结余的原因", CAUSE_NAMES.get(of("cause"))),
        ("调整方向", "调减" if of("decrease") else None),
        ("对方单位", answer.counterpart),
        ("对方账套", None if answer.counterpart else of("counterpart")),
        ("审批层级", AUTHORITIES.get(_stored(of("approved") or event, "authority"))),
        ("须由", AUTHORITIES.get(of("needed"))),
        ("指标状态", "先列待下达" if of("pending") else None),
        ("月份", of("month")),
        ("账上支付", None if checked is None else f"{yuan(checked.paid_fen)} 元"),
        ("对账单", None if checked is None else f"{yuan(checked.statement_fen)} 元"),
        ("差异", f"{checked.differences} 项" if checked and checked.differences else None),
        *_tied(None if checked is None else checked.tied),
        ("对账单文件", None if checked is None else checked.statement),
        ("对应原笔", answer.original),
        ("冲销的原笔", answer.undoes if answer.undoes != answer.original else None),
        ("其后相关", "、".join(f"第 {n} 笔" for n in answer.later)),
        ("前一哈希", answer.previous_hash),
        ("本笔哈希", answer.hash),
    )
    return [(name, one_line(str(value))) for name, value in fields if value not in (None, "")]


def _about(answer: EntryInFull) -> Iterator[tuple[str, str | None]]:
    """Whom it is about and what for."""
    yield "收款人", answer.payee
    yield "用途", answer.purpose


def _bought(answer: EntryInFull) -> Iterator[tuple[str, str | None]]:
    """What a payment or a reservation says of a purchase."""
    yield "合同号", answer.contract
    yield "采购类型", answer.procurement_type and PROCUREMENT_NAMES[answer.procurement_type]


def _published(event: "ReportPublished | None") -> Iterator[tuple[str, str | None]]:
    """What was made public, from what, and what was accepted."""
    if event is None:
        return
    for file in event.files:
        made = "（由账生成的原样）" if file.sha256 in event.made else ""
        yield "公开文件", f"{file.name}{made}  SHA-256 {file.sha256}"
    for head in event.heads:
        yield "据账", f"{head.book} 前 {head.entries} 笔，末端 {head.hash}"
    yield "部门", event.department
    yield "缺账套", "、".join(event.absent)
    yield "截至", None if event.as_of is None else event.as_of.isoformat()
    yield "所知时间", None if event.known_at is None else local(event.known_at).isoformat(" ")
    yield "不遮盖号码", "是" if event.unmask else None
    for each in event.accepted:
        yield "仍然公开", f"{each.code}：{each.reason}"


def _tied(tied: "StatementTies | None") -> Iterator[tuple[str, str]]:
    """What a line-by-line comparison found, as fields: 第 2 行＝第 5 笔."""
    if tied is None:
        return
    yield (
        "逐笔对上",
        "；".join(f"第 {_all(tie.rows)} 行＝第 {_all(tie.entries)} 笔" for tie in tied.ties),
    )
    for name, unit, side in (
        ("银行独有", "行", tied.bank_only),
        ("账上独有", "笔", tied.book_only),
    ):
        yield name, "；".join(f"第 {one.number} {unit} {yuan(one.fen)}" for one in side)


def _all(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers))


def _stored(event: object, name: str) -> Any:
    """A field that only some kinds of events have; None where this one has not."""
    return getattr(event, name, None)
