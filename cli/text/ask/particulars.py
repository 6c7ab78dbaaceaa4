"""事项 as text: a table of each kind, of contracts with what was paid and is left."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from msgspec import UNSET

from cli.text.columns import table
from ledger.canonical.asked import columns_of
from ledger.canonical.particulars import told
from ledger.evaluation.points import points
from ledger.events import kind_of
from ledger.events.particulars import (
    EXECUTION,
    AnyParticular,
    AssetCounted,
    GoalSet,
    HeadcountCounted,
    KeyWorkListed,
    OfPayments,
    PriorStated,
    ReasonGiven,
    ReceptionHeld,
    ResultReported,
    ScoreOverridden,
    TargetSet,
    TextWritten,
    TripMade,
)
from ledger.kinds import (
    DIRECTION_NAMES,
    GRADE_NAMES,
    GUESTS_NAMES,
    KIND_NAMES,
    PROCUREMENT_NAMES,
    RESERVED_NAMES,
    SIZE_NAMES,
    WHOLE_NAME,
)
from ledger.money import yuan
from projections.answers import DepartmentHeader, Header
from projections.questions.particulars import ContractPaid, ToldFact, ToldFacts

_LONG = 40


def particulars(header: Header, answer: ToldFacts) -> str:
    """What was recorded for the report, kind by kind."""
    shown = [f"{header.subject}  报告事项"]
    many = isinstance(header, DepartmentHeader)
    for kind, facts in groupby(answer.particulars, key=lambda fact: fact.kind):
        shown += ["", KIND_NAMES[kind], _table([*facts], many=many)]
    if not answer.particulars:
        shown.append("没有记录报告事项（接待 reception、合同 contract、指标 target 等）")
    return "\n".join(shown)


def _table(facts: list[ToldFact], *, many: bool) -> str:
    contracts = [fact.contract for fact in facts if isinstance(fact.contract, ContractPaid)]
    if contracts:
        head = (
            "合同",
            "类型",
            "供应商",
            "规模",
            "预留",
            "签订",
            "期限",
            "金额",
            "已付",
            "占用",
            "未付",
        )
        rows = [_contract(each) for each in contracts]
        if many:
            rows = [(each.book, *row) for each, row in zip(contracts, rows, strict=True)]
        return table(("账套", *head) if many else head, rows, left=7 + many)
    said = ("第几笔", "日期", "事项", "内容", "金额")
    rows = [
        (
            f"{fact.book} 第 {fact.entry} 笔" if many else str(fact.entry),
            fact.date.isoformat(),
            *_counted(fact),
        )
        for fact in facts
    ]
    if not any(row[-1] for row in rows):
        return table(said[:-1], [row[:-1] for row in rows], left=4)
    return table(said, rows, left=4)


def _contract(contract: ContractPaid) -> tuple[str, ...]:
    due = "" if contract.due is None else contract.due.isoformat()
    return (
        contract.no,
        PROCUREMENT_NAMES[contract.procurement_type],
        _short(contract.supplier),
        SIZE_NAMES[contract.size],
        RESERVED_NAMES[contract.reserved] if contract.reserved != "none" else "",
        (contract.signed or contract.date).isoformat(),
        f"{due} 逾期" if contract.overdue else due,
        yuan(contract.amount_fen),
        yuan(contract.paid_fen),
        yuan(contract.held_fen) if contract.held_fen else "",
        yuan(contract.left_fen),
    )


def _counted(fact: ToldFact) -> tuple[str, str, str]:
    """What a fact tells, and whether a later one counts in its place."""
    about, said, amount = _told(fact)
    if fact.replaced_by is UNSET:
        return about, said, amount
    return about, f"{said}（以第 {fact.replaced_by} 笔为准）", amount


def _told(fact: ToldFact) -> tuple[str, str, str]:
    """What a fact is about, what it says, and its amount."""
    match fact.said:
        case ReceptionHeld() as said:
            counts = f"{said.batches} 批 {said.persons} 人次（陪同 {said.companions}）"
            about = "，".join(filter(None, (said.guest, said.purpose)))
            return said.category or "—", _short(f"{counts} {about}"), yuan(said.amount_fen)
        case TripMade() as said:
            counts = f"{said.groups} 个团组 {said.persons} 人次"
            return (
                said.destination or "—",
                _short(f"{counts} {said.purpose}"),
                yuan(said.amount_fen),
            )
        case AssetCounted() as said:
            return said.item, str(said.count), yuan(said.amount_fen) if said.amount_fen else ""
        case HeadcountCounted() as said:
            return said.item, str(said.count), ""
        case PriorStated(cell=cell, amount_fen=int(fen)):
            return cell, "", yuan(fen)
        case PriorStated(cell=cell, count=count):
            return cell, str(count), ""
        case ReasonGiven(slot=slot, text=text) | TextWritten(slot=slot, text=text):
            return slot, _short(" ".join(text.split())), ""
        case KeyWorkListed() as said:
            return f"{said.no} {_short(said.item)}", _short(said.done or said.goal), ""
        case GoalSet(project=project, expected=expected):
            return project or WHOLE_NAME, _short(expected), ""
        case TargetSet() as said:
            weight = f"（{points(said.weight_hundredths)} 分）" if said.weight_hundredths else ""
            told = _short(f"{said.level3} {said.value}{weight}")
            return f"{said.project or WHOLE_NAME} {said.no}", told, ""
        case ResultReported() as said:
            grade = "" if said.grade is None else f"（{GRADE_NAMES[said.grade]}）"
            return f"{said.project or WHOLE_NAME} {said.no}", _short(f"{said.actual}{grade}"), ""
        case ScoreOverridden() as said:
            score = f"{points(said.score_hundredths)} 分"
            return f"{said.project or WHOLE_NAME} {said.no}", score, ""
        case _:
            return "", "", ""


def said_of(fact: AnyParticular) -> Iterator[tuple[str, str]]:
    """All that a fact says, as fields of one entry, by the names of a list of its kind."""
    kind = kind_of(fact)
    columns = columns_of(kind)
    for name, text in told(fact).items():
        if text and name != "amount":
            words = _WORDS.get(name, _YES)
            yield columns[name][0], words.get(text, text)
    if isinstance(fact, OfPayments):
        yield (
            "对应支付",
            "；".join(f"第 {tied.entry} 笔 {yuan(tied.fen)}" for tied in fact.payments),
        )


_YES = {"yes": "是"}
_WORDS: Mapping[str, Mapping[Any, str]] = {
    "guests": GUESTS_NAMES,
    "type": PROCUREMENT_NAMES,
    "size": SIZE_NAMES,
    "reserved": RESERVED_NAMES,
    "direction": DIRECTION_NAMES,
    "grade": GRADE_NAMES,
    "no": {EXECUTION: "预算执行率"},
}


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"
