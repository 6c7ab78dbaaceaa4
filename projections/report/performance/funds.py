"""The money of a form: 年初预算, 全年预算 and 执行数 of a project or of the whole unit; all of it,
this year's fiscal money, what was carried over of it, and other money.

Units of a department each executed what they paid each other: their budgets hold it too. So what
the tables take out (抵销) is put back here, as 预算执行 has it (questions/execution.py).
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.line import FISCAL_FUNDS, BudgetLine, Fund, Spending
from projections.questions.measures import Measure
from projections.report.cells import Cells
from projections.report.figure import OwnEntry
from projections.report.selection import Origin, Selection
from projections.views.elimination import eliminated

Code = Literal["total", "current", "carryover", "other"]
Column = Literal["initial", "annual_budget", "executed"]
COLUMNS: dict[Column, str] = {
    "initial": "年初预算数",
    "annual_budget": "全年预算数",
    "executed": "全年执行数",
}
_MEASURES: dict[Column, Measure] = {
    "initial": Measure.INITIAL,
    "annual_budget": Measure.BUDGET,
    "executed": Measure.EXPENDITURE,
}
NAMES: dict[Code, str] = {
    "total": "年度资金总额",
    "current": "其中：当年财政拨款",
    "carryover": "上年结转资金",
    "other": "其他资金",
}
PARTS: tuple[Code, ...] = ("current", "carryover", "other")
"""The rows that the total adds up."""
_FISCAL = tuple(str(fund) for fund in Fund if fund in FISCAL_FUNDS)
_OTHER = tuple(str(fund) for fund in Fund if fund not in FISCAL_FUNDS)


class Amounts(NamedTuple):
    """A row of the money of a form, fen."""

    initial: int
    annual_budget: int
    executed: int

    @property
    def rate(self) -> Fraction | None:
        """执行率; none of nothing."""
        return Fraction(self.executed, self.annual_budget) if self.annual_budget else None


def selected(project: str, code: Code, column: Column) -> Selection:
    """Which facts of a book a part, or the total, adds up."""
    origins: dict[Code, tuple[Origin, ...]] = {
        "current": ("current",),
        "carryover": ("carryover",),
    }
    return Selection(
        ((_MEASURES[column], 1),),
        fund=None if code == "total" else _OTHER if code == "other" else _FISCAL,
        spending=(str(Spending.PROJECT),) if project else None,
        project=(project,) if project else None,
        origin=origins.get(code),
    )


def put_back(cells: Cells, project: str, code: Code, column: Column) -> tuple[OwnEntry, ...]:
    """What the figures of a department take out of an amount, and a form does not."""
    if column != "executed":
        return ()
    return tuple(
        OwnEntry(*each.of, each.fen, each.against)
        for each in eliminated(cells.source)
        if not each.source and _is_of(each.line, cells.source.year, project, code)
    )


def _is_of(line: BudgetLine, year: int, project: str, code: Code) -> bool:
    if project and (line.project != project or line.spending is not Spending.PROJECT):
        return False
    if code == "total":
        return True
    if line.fund not in FISCAL_FUNDS:
        return code == "other"
    return code == ("current" if line.origin == year else "carryover")


def money(cells: Cells, project: str) -> dict[Code, Amounts]:
    """The money of a form, row by row, the total first."""
    parts = {
        code: Amounts(
            *(
                cells.facts.total(selected(project, code, column))
                + sum(entry.much for entry in put_back(cells, project, code, column))
                for column in COLUMNS
            )
        )
        for code in PARTS
    }
    total = Amounts(*(sum(column) for column in zip(*parts.values(), strict=True)))
    return {"total": total, **parts}
