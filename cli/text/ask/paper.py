"""签字单据 as text: what stands on a 支付申请单, 调剂审批表 or 结账表.

A paper is signed and filed in the unit and never published, so that it tells what was recorded as
it was recorded, numbers of persons too. What is to be written by hand is empty.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cli.text.columns import width
from ledger.events import BudgetReallocated, DisbursementRecorded, VoucherPaid, YearClosed
from ledger.kinds import CHOICE_NAMES, PAY_TYPE_NAMES, PROCUREMENT_NAMES
from ledger.line import FUND_NAMES, NO_ECON, NO_PROJECT, SPENDING_NAMES, Fund
from ledger.money import capital, yuan
from ledger.parse import AUTHORITIES
from projections.answers import BookHeader
from projections.questions.papers import Became, NamedLine, Paper
from projections.report.grid import Box, Column, Grid

_BECAME: dict[Became, str] = {
    "submitted": "提交",
    "waiting": "待批准",
    "approved": "已批准",
    "rejected": "已否决",
    "refunded": "已退款",
    "reversed": "已冲销",
    "corrected": "已更正",
}
_TITLES: dict[type, str] = {
    DisbursementRecorded: "支付申请单",
    VoucherPaid: "支付申请单",
    BudgetReallocated: "调剂审批表",
    YearClosed: "结账表",
}
_OF_PAYMENT = ("经办人", "财务审核", "财务负责人", "单位负责人")
_SIGNED: dict[type, tuple[str, ...]] = {
    DisbursementRecorded: _OF_PAYMENT,
    VoucherPaid: _OF_PAYMENT,
    BudgetReallocated: ("经办人", "财务负责人", "单位负责人", "审批部门"),
    YearClosed: ("制表人", "财务负责人", "单位负责人", "主管部门"),
}
"""Who signs."""
_WALK = (
    ("年初结转结余", "opening_fen"),
    ("本年收入", "income_fen"),
    ("使用非财政拨款结余", "surplus_used_fen"),
    ("本年支出", "expenditure_fen"),
    ("结余分配", "distributed_fen"),
    ("年末结转结余", "closing_fen"),
)
_HALF = 18
"""Columns that a value has beside another; a longer one takes the whole width."""


class PaperFact(NamedTuple):
    """What a paper says of its entry; `whole`: it takes the whole width."""

    name: str
    value: str
    whole: bool = False


class PaperText(NamedTuple):
    """A paper as it is written: what stands above its tables, these, and who signs."""

    title: str
    unit: str
    left: str
    right: str
    states: tuple[str, ...]
    said: tuple[PaperFact, ...]
    grids: tuple[Grid, ...]
    signed: tuple[str, ...]
    proof: str
    header: BookHeader


def written(paper: Paper) -> PaperText:
    """What stands on a paper."""
    entry, kind = paper.entry, type(paper.meant)
    return PaperText(
        title=_TITLES[kind],
        unit=paper.unit,
        left=f"账套 {paper.header.book}　记录第 {entry.entry} 笔",
        right=f"文号：{entry.doc or '（无）'}",
        states=(*_states(paper),),
        said=tuple(
            PaperFact(name, value, whole or width(value) > _HALF)
            for name, value, whole in _said(paper)
        ),
        grids=(*_grids(paper),),
        signed=_SIGNED[kind],
        proof=f"第 {entry.entry} 笔哈希 {entry.hash[:16]}",
        header=paper.header,
    )


def _states(paper: Paper) -> Iterator[str]:
    """What whoever signs has to know first."""
    for fate in paper.fates:
        by = f"：第 {fate.entry} 笔，{fate.date}，{fate.actor}" if fate.entry else ""
        much = f" {yuan(fate.fen)} 元" if fate.fen else ""
        yield f"{_BECAME[fate.became]}{much}{by}"
    if paper.corrects is not None:
        yield f"更正第 {paper.corrects} 笔"


def _said(paper: Paper) -> Iterator[PaperFact]:
    """What a paper says beside its lines."""
    meant, entry = paper.meant, paper.entry
    yield PaperFact("业务日期", entry.date)
    yield PaperFact("记录经办人", entry.actor)
    match meant:
        case DisbursementRecorded() | VoucherPaid():
            yield from _of_payment(paper, meant)
        case BudgetReallocated():
            moved = sum(each.fen for each in paper.lines if each.fen > 0)
            yield PaperFact("调剂金额", f"¥{yuan(moved)}")
            yield PaperFact("审批层级", AUTHORITIES[meant.authority])
            yield PaperFact("审批依据", paper.why or "单位内部调剂", whole=True)
        case YearClosed():
            yield PaperFact("结账年度", f"{paper.year}年度")
            yield PaperFact("审批层级", AUTHORITIES[meant.authority])
            yield PaperFact("审批依据", paper.why, whole=True)
    why = entry.reason or meant.reason
    if why:
        yield PaperFact("事由", why, whole=True)


def _of_payment(paper: Paper, meant: DisbursementRecorded | VoucherPaid) -> Iterator[PaperFact]:
    fen = sum(each.fen for each in paper.lines)
    yield PaperFact("收款人", meant.payee, whole=True)
    yield PaperFact("用途", meant.purpose or "（未填写）", whole=True)
    yield PaperFact("金额（大写）", f"人民币{capital(fen)}", whole=True)
    yield PaperFact("金额（小写）", f"¥{yuan(fen)}")
    how = meant.pay_type
    yield PaperFact("支付方式", "（未填写）" if how is None else PAY_TYPE_NAMES[how])
    bought = meant.procurement_type
    of_kind = "" if bought is None else f"（{PROCUREMENT_NAMES[bought]}）"
    yield PaperFact("政府采购", f"是{of_kind}" if meant.procurement else "否")
    yield PaperFact("合同号", meant.contract or "（无）")
    if meant.direct_funds:
        yield PaperFact("直达资金", "是")
    if meant.counterpart:
        yield PaperFact("对方单位", meant.counterpart)
    if isinstance(meant, DisbursementRecorded) and meant.reserve is not None:
        yield PaperFact("占用", f"从第 {meant.reserve} 笔占用支付，可用指标不变")


def _grids(paper: Paper) -> Iterator[Grid]:
    """The tables of a paper."""
    match paper.meant:
        case YearClosed():
            yield _walks(paper)
            yield _decisions(paper)
        case BudgetReallocated():
            yield _reallocated(paper)
        case _:
            yield _paid(paper)


def _paid(paper: Paper) -> Grid:
    """A row for each item; a line that goes on is told once."""
    rows: list[list[str]] = []
    for at, each in enumerate(paper.lines):
        econ = f"{each.econ} {each.econ_name}".rstrip()
        goes_on = at and each.line == paper.lines[at - 1].line
        amounts = map(yuan, (each.fen, each.before_fen, each.after_fen))
        rows.append([_DITTO if goes_on else _words(each.line), econ, *amounts])
    rows.append(["合计", "", yuan(sum(each.fen for each in paper.lines)), "", ""])
    heads = ("预算线", "经济科目", "本次支付", "支付前可用", "支付后可用")
    return _grid("预算指标", heads, rows, kinds="wwfff")


_DITTO = "〃"


def _reallocated(paper: Paper) -> Grid:
    rows = [
        [
            "调出" if each.fen < 0 else "调入",
            _words(each.line),
            *map(yuan, (abs(each.fen), each.before_fen, each.after_fen)),
        ]
        for each in paper.lines
    ]
    out = sum(-each.fen for each in paper.lines if each.fen < 0)
    into = sum(each.fen for each in paper.lines if each.fen > 0)
    rows += [["合计", name, yuan(fen), "", ""] for name, fen in (("调出", out), ("调入", into))]
    heads = ("方向", "预算线", "金额", "调剂前可用", "调剂后可用")
    return _grid("预算指标", heads, rows, kinds="wwfff")


def _walks(paper: Paper) -> Grid:
    """A column a fund, and all together."""
    funds = [FUND_NAMES[Fund(each.fund)] for each in paper.funds]
    rows = []
    for name, field in _WALK:
        sums = [int(getattr(each.walk, field)) for each in paper.funds]
        rows.append([name, *map(yuan, sums), yuan(sum(sums))])
    return _grid("结转结余", ("项目", *funds, "合计"), rows, kinds=f"w{'f' * (len(funds) + 1)}")


def _decisions(paper: Paper) -> Grid:
    """What becomes of every line, and of each choice together."""
    rows, sums = [], dict[str, int]()
    for each in paper.decisions:
        choice = "留存" if each.choice is None else CHOICE_NAMES[each.choice]
        sums[choice] = sums.get(choice, 0) + each.fen
        rows.append([_words(each.line), choice, yuan(each.fen), each.doc])
    rows += [["合计", choice, yuan(fen), ""] for choice, fen in sums.items()]
    return _grid("各预算线的处理", ("预算线", "处理", "金额", "文号"), rows, kinds="wwfw")


def _words(named: NamedLine) -> str:
    """A line as people call it, over several lines."""
    line = named.line
    parts = [
        f"{FUND_NAMES[line.fund]}　{SPENDING_NAMES[line.spending]}",
        f"{line.func} {named.func}".rstrip(),
    ]
    if line.project != NO_PROJECT:
        parts.append(f"{line.project} {named.project}".rstrip())
    if line.econ != NO_ECON:
        parts.append(f"{line.econ} {named.econ}".rstrip())
    return "\n".join([*parts, f"{line.origin} 年形成"])


def _grid(caption: str, heads: Sequence[str], rows: list[list[str]], *, kinds: str) -> Grid:
    """A table in yuan; `kinds` says of each column whether it holds words (`w`) or figures."""
    return Grid(
        number=0,
        form_number="",
        title=caption,
        book="",
        department="",
        unit="元",
        notes=[],
        head=1,
        boxes=[Box(0, at, 1, 1, head) for at, head in enumerate(heads)],
        columns=[
            Column("word" if kind == "w" else "figure", (head,))
            for kind, head in zip(kinds, heads, strict=True)
        ],
        parts=[0],
        rows=rows,
        foot=[],
    )
