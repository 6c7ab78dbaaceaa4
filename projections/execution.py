"""How far is each project executed? (预算执行) Initial and annual budget, executed, rate.

全年预算 has two scopes that published reports mix up (domain §0.3), so the scope is always said:
`current` counts money first approved in the book's year, `all` carry-over too.
"""

from collections import defaultdict
from typing import Any, Literal

from ledger.line import NO_PROJECT
from ledger.money import rate
from projections.measures import Measure, Source, facts

Scope = Literal["current", "all"]
_FIGURE_OF = {
    Measure.INITIAL: "initial_fen",
    Measure.BUDGET: "annual_budget_fen",
    Measure.EXPENDITURE: "executed_fen",
}
_FIGURES = tuple(_FIGURE_OF.values())


def execution(source: Source, scope: Scope) -> dict[str, Any]:
    """Fen per project (`-`: basic money) and in total; `rate` = executed / annual budget, 4 places
    half up, null for a zero base."""
    figures: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_FIGURES, 0))
    for measure, line, _, _, fen in facts(source):
        if measure in _FIGURE_OF and (scope == "all" or line.origin == source.year):
            figures[line.project][_FIGURE_OF[measure]] += fen
    names = source.project_names()
    basic = figures.pop(NO_PROJECT, dict.fromkeys(_FIGURES, 0))
    totals = {name: basic[name] + sum(row[name] for row in figures.values()) for name in _FIGURES}
    return {
        "scope": scope,
        "projects": [
            {"project": code, "name": names.get(code, ""), **_rated(row)}
            for code, row in sorted(figures.items())
            if any(row.values())
        ],
        "basic": _rated(basic),
        "totals": _rated(totals),
    }


def _rated(row: dict[str, int]) -> dict[str, Any]:
    return {**row, "rate": rate(row["executed_fen"], row["annual_budget_fen"])}
