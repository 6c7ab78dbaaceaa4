"""What is recorded all the same, but should be looked at (提醒): unknown codes, odd pairings.

A caution never refuses and never changes an exit code.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from ledger.codes import economic, functional
from ledger.events import (
    AnyEvent,
    BudgetCut,
    BudgetReallocated,
    BudgetSupplemented,
    DisbursementRecorded,
    EntryReversed,
    IncomeRecognised,
    VoucherPaid,
)
from ledger.kinds import SOURCE_NAMES
from ledger.line import NO_ECON, BudgetLine, Fund, Spending, econ_class
from ledger.postings import lines_of

PERSONNEL_CLASSES = frozenset({"301", "303"})
DEBT_CLASSES = frozenset({"231", "232"})
BASIC_ONLY_NAMES = frozenset({"行政运行", "事业运行"})
PROJECT_ONLY_NAMES = frozenset({"一般行政管理事务"})
FUND_OF_CLASS = {"223": Fund.STATECAPITAL, "234": Fund.GOVFUND}


INSTITUTION_SOURCES = frozenset({"service", "business", "affiliate"})
"""Classes of income that only 事业单位 have."""


class Caution(NamedTuple):
    """One remark, with a stable code."""

    code: str
    message: str


def cautions(event: AnyEvent, today: date, unit_kind: str = "") -> list[Caution]:
    """Remarks on an event that was just decided in the book of a unit of that kind."""
    found: list[Caution] = []
    if event.occurred_on > today:
        found.append(Caution("DATE.FUTURE", f"业务日期 {event.occurred_on} 晚于今天 {today}"))
    if isinstance(event, EntryReversed):
        return found
    if (
        isinstance(event, IncomeRecognised)
        and unit_kind == "admin"
        and event.source in INSTITUTION_SOURCES
    ):
        name = SOURCE_NAMES[event.source]
        found.append(Caution("UNIT.INCOME", f"行政单位通常没有{name}，请核对单位性质和收入类别"))
    used = [(line, line.econ) for line in lines_of(event)]
    if isinstance(event, DisbursementRecorded):
        used = [(event.line, event.econ)]
    elif isinstance(event, VoucherPaid):
        used = [(item.line, item.econ) for item in event.items]
    for line, econ in used:
        found += _of_line(line, econ)
    if isinstance(event, BudgetSupplemented | BudgetReallocated | BudgetCut):
        found += _for_the_congress(event)
    if isinstance(event, DisbursementRecorded | VoucherPaid) and not event.purpose:
        found.append(Caution("R16.PURPOSE", "未填写用途；建议用 --purpose 写明（R16）"))
    return found


def _for_the_congress(
    event: BudgetSupplemented | BudgetReallocated | BudgetCut,
) -> Iterator[Caution]:
    """R6: what may be a 预算调整 of the 人大常委会, which is settled outside of this book."""
    if isinstance(event, BudgetCut):
        line = event.line
        if line.spending is Spending.BASIC and econ_class(line.econ) in PERSONNEL_CLASSES:
            message = f"追减 {line} 的人员经费，属重点支出调减的须报人大常委会批准（R6）"
            yield Caution("R6.PROTECTED", message)
        return
    raised = (
        (share.line for share in event.targets)
        if isinstance(event, BudgetReallocated)
        else (event.line,)
    )
    for line in raised:
        if line.func[:3] in DEBT_CLASSES:
            message = f"增加 {line} 的债务支出，属举债调整的须报人大常委会批准（R6）"
            yield Caution("R6.DEBT", message)


@lru_cache(maxsize=1 << 14)
def _of_line(line: BudgetLine, econ: str) -> tuple[Caution, ...]:
    found: list[Caution] = []
    name = functional().get(line.func)
    if name is None:
        found.append(Caution("CODE.FUNC_UNKNOWN", f"功能科目 {line.func} 不在代码表中，请核对"))
    if econ != NO_ECON and econ not in economic():
        found.append(Caution("CODE.ECON_UNKNOWN", f"经济科目 {econ} 不在代码表中，请核对"))
    project, basic = line.spending is Spending.PROJECT, line.spending is Spending.BASIC
    if project and econ_class(econ) in PERSONNEL_CLASSES:
        found.append(Caution("R2.PERSONNEL", f"项目支出使用人员类科目 {econ}（R2）"))
    if project and name in BASIC_ONLY_NAMES:
        found.append(Caution("X14.BASIC_ITEM", f"{line.func} {name}按定义只列基本支出（X14）"))
    if basic and name in PROJECT_ONLY_NAMES:
        found.append(Caution("X14.PROJECT_ITEM", f"{line.func} {name}按定义只列项目支出（X14）"))
    fund = FUND_OF_CLASS.get(line.func[:3])
    if fund is not None and line.fund is not fund:
        found.append(Caution("X15.FUND", f"功能科目 {line.func} 与资金性质不匹配（X15）"))
    return tuple(found)
