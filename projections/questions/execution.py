"""How far is each project executed? (预算执行) Initial and annual budget, executed, rate.

全年预算 has two scopes that published reports mix up (domain §0.3), so the scope is always said:
`current` counts money first approved in the book's year, `all` carry-over too.
"""

from collections import defaultdict
from typing import Literal

import msgspec

from ledger.line import Spending
from ledger.money import rate
from projections.questions.measures import Measure, facts
from projections.views.source import Source

Scope = Literal["current", "all"]
_FIGURE_OF = {
    Measure.INITIAL: "initial_fen",
    Measure.BUDGET: "annual_budget_fen",
    Measure.EXPENDITURE: "executed_fen",
}
_FIGURES = tuple(_FIGURE_OF.values())


class Executed(msgspec.Struct, frozen=True):
    """Initial and annual budget, what was paid, fen, and its share; null for a zero base."""

    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None


class ProjectExecuted(msgspec.Struct, frozen=True):
    """The same of one project, fen."""

    project: str
    name: str
    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None


class KindExecuted(msgspec.Struct, frozen=True):
    """The same of a kind of spending that is neither basic nor of projects, fen."""

    spending: str
    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None


class Execution(msgspec.Struct, frozen=True):
    """预算执行 in one scope."""

    scope: Scope
    projects: list[ProjectExecuted]
    basic: Executed
    other: list[KindExecuted]
    totals: Executed


def execution(source: Source, scope: Scope) -> Execution:
    """Fen per project, of basic money, of what is neither (上缴上级, 经营, 对附属单位补助) and in
    total; `rate` = executed / annual budget, 4 places half up, null for a zero base."""
    figures: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_FIGURES, 0))
    kinds: dict[Spending, dict[str, int]] = {
        kind: dict.fromkeys(_FIGURES, 0) for kind in Spending if kind is not Spending.PROJECT
    }
    for measure, line, _, _, fen in facts(source):
        if measure in _FIGURE_OF and (scope == "all" or line.origin == source.year):
            row = kinds.get(line.spending) or figures[line.project]
            row[_FIGURE_OF[measure]] += fen
    names = source.project_names()
    rows = (*kinds.values(), *figures.values())
    totals = {name: sum(row[name] for row in rows) for name in _FIGURES}
    return Execution(
        scope=scope,
        projects=[
            ProjectExecuted(code, names.get(code, ""), **row, rate=_rate(row))
            for code, row in sorted(figures.items())
            if any(row.values())
        ],
        basic=_executed(kinds.pop(Spending.BASIC)),
        other=[
            KindExecuted(str(kind), **row, rate=_rate(row))
            for kind, row in kinds.items()
            if any(row.values())
        ],
        totals=_executed(totals),
    )


def _executed(row: dict[str, int]) -> Executed:
    return Executed(**row, rate=_rate(row))


def _rate(row: dict[str, int]) -> str | None:
    return rate(row["executed_fen"], row["annual_budget_fen"])
