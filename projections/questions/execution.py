"""How far is the budget executed? (预算执行) Initial and annual budget, executed, rate: of each
project, or by 项, 类, 款, project or unit, and by fund.

全年预算 has two scopes that published reports mix up (domain §0.3), so the scope is always said:
`current` counts money first approved in the book's year, `all` carry-over too. Both answers add up
the facts of the tables: what a book paid in `all` by 项 and 类 is 表3.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger.codes import CodeNames
from ledger.line import (
    NO_ECON,
    NO_PROJECT,
    SPENDING_NAMES,
    Fund,
    Spending,
    econ_class,
    func_class,
)
from ledger.money import rate
from ledger.texts import folded
from projections.answers import all_beside, beside
from projections.questions.measures import Fact, Measure, facts_of
from projections.views.reading import Reading
from projections.views.source import NamedProject, Projects, Source

Scope = Literal["current", "all"]
_FIGURE_OF = {
    Measure.INITIAL: "initial_fen",
    Measure.BUDGET: "annual_budget_fen",
    Measure.EXPENDITURE: "executed_fen",
}
_FIGURES = tuple(_FIGURE_OF.values())

By = Literal["func", "class", "econ", "project", "unit"]
BY_NAMES: dict[By, str] = {
    "func": "功能分类项",
    "class": "功能分类类",
    "econ": "经济分类款",
    "project": "项目",
    "unit": "单位",
}
NOT_DIVIDED = "未分到款"
"""What a budget is called whose line has no 款: it is divided when it is paid."""


class Executed(msgspec.Struct, frozen=True):
    """Initial and annual budget, what was paid, fen, and its share; null for a zero base."""

    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None


class ProjectExecuted(msgspec.Struct, frozen=True):
    """The same of one project, fen; of a department the `units` whose it is."""

    project: str
    name: str
    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    units: tuple[str, ...] | UnsetType = UNSET


class KindExecuted(msgspec.Struct, frozen=True):
    """The same of a kind of spending that is for no project, fen; of a department the `units` whose
    it is."""

    spending: str
    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    units: tuple[str, ...] | UnsetType = UNSET


class Execution(msgspec.Struct, frozen=True):
    """预算执行 in one scope. With every unit of a department apart `basic_by_unit` says what
    `basic` is the sum of."""

    scope: Scope
    projects: list[ProjectExecuted]
    basic: Executed
    other: list[KindExecuted]
    totals: Executed
    basic_by_unit: list[KindExecuted] | UnsetType = UNSET


def execution(source: Source, scope: Scope, *, by_unit: bool = False) -> Execution:
    """Fen per project, of basic money, of what is neither (上缴上级, 经营, 对附属单位补助) and in
    total; `rate` = executed / annual budget, 4 places half up, null for a zero base. Projects of
    one code are one where the units of a department give them one name (H04); with `by_unit`
    every unit has rows of its own."""
    projects, alone = Projects(source, by_unit=by_unit), isinstance(source, Reading)
    figures: dict[NamedProject, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_FIGURES, 0))
    kinds: dict[tuple[Spending, str], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(_FIGURES, 0)
    )
    units: dict[object, set[str]] = defaultdict(set)
    for one in source.members():
        # What units of a department pay each other is executed by each: its budgets hold it too.
        for fact in facts_of(one):
            if not _counts(fact, scope, source.year):
                continue
            spending = fact.line.spending
            kind = (spending, one.book.unit if by_unit else "")
            project = projects.of(one, fact.line.project)
            of_project = spending is Spending.PROJECT
            row = figures[project] if of_project else kinds[kind]
            row[_FIGURE_OF[fact.measure]] += fact.fen
            if fact.fen:
                units[project if of_project else kind].add(one.book.unit)

    def whose(row: object) -> tuple[str, ...] | UnsetType:
        return UNSET if alone else tuple(sorted(units[row]))

    rows = (*kinds.values(), *figures.values())
    of_kinds = [
        KindExecuted(str(kind[0]), **row, rate=_rate(row), units=whose(kind))
        for kind, row in sorted(kinds.items(), key=lambda each: _kind_order(each[0]))
        if any(row.values())
    ]
    basic = [row for (kind, _), row in kinds.items() if kind is Spending.BASIC]
    return Execution(
        scope=scope,
        projects=[
            ProjectExecuted(
                project.code, project.name, **row, rate=_rate(row), units=whose(project)
            )
            for project, row in sorted(figures.items())
            if any(row.values())
        ],
        basic=_executed(_added(basic)),
        other=[row for row in of_kinds if row.spending != Spending.BASIC],
        totals=_executed(_added(rows)),
        basic_by_unit=[row for row in of_kinds if row.spending == Spending.BASIC]
        if by_unit and not alone
        else UNSET,
    )


def _kind_order(kind: tuple[Spending, str]) -> tuple[int, str]:
    return _KINDS.index(str(kind[0])), kind[1]


def _added(rows: Iterable[dict[str, int]]) -> dict[str, int]:
    listed = list(rows)
    return {name: sum(row[name] for row in listed) for name in _FIGURES}


def _counts(fact: Fact, scope: Scope, year: int) -> bool:
    """Whether a fact is a figure of 预算执行 in a scope."""
    return fact.measure in _FIGURE_OF and (scope == "all" or fact.line.origin == year)


def _executed(row: dict[str, int]) -> Executed:
    return Executed(**row, rate=_rate(row))


def _rate(row: dict[str, int]) -> str | None:
    return rate(row["executed_fen"], row["annual_budget_fen"])


class ExecutedRow(msgspec.Struct, frozen=True):
    """Initial and annual budget and what was paid of one code and fund, fen. `rate` is what was
    paid of the annual budget, `initial_rate` of the initial one, `share` of all that was paid; of
    four places, null for a zero base. Of money without a 款 or project `code` is `-`."""

    code: str
    name: str
    fund: str
    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    initial_rate: str | None
    share: str | None


class ExecutedTotals(msgspec.Struct, frozen=True):
    """The same of all rows, fen."""

    initial_fen: int
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    initial_rate: str | None


class ExecutionBy(msgspec.Struct, frozen=True):
    """预算执行 in one scope, by one division; of one fund where that was asked for."""

    scope: Scope
    by: By
    rows: list[ExecutedRow]
    totals: ExecutedTotals


class _Group(NamedTuple):
    """What a row is about. `kind` is the 支出性质 of what is for no project, else empty; `project`
    the name of a project, which is another where units give its code another name (H04)."""

    code: str
    kind: str
    fund: Fund
    project: str = ""


def execution_by(source: Source, by: By, scope: Scope, fund: Fund | None = None) -> ExecutionBy:
    """Fen per code and fund, in the order of the codes, what has none at the end. Shares are
    rounded each by itself, so that they need not come to 1."""
    figures: dict[_Group, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_FIGURES, 0))
    projects = Projects(source)
    for one in source.members():
        for fact in facts_of(one):
            if _counts(fact, scope, source.year) and fund in (None, fact.line.fund):
                figures[_group(one, by, fact, projects)][_FIGURE_OF[fact.measure]] += fact.fen
    totals = {name: sum(row[name] for row in figures.values()) for name in _FIGURES}
    name_of = _names(source, by)
    return ExecutionBy(
        scope=scope,
        by=by,
        rows=[
            ExecutedRow(
                group.code,
                name_of(group),
                str(group.fund),
                **row,
                rate=_rate(row),
                initial_rate=_initial_rate(row),
                share=rate(row["executed_fen"], totals["executed_fen"]),
            )
            for group, row in sorted(figures.items(), key=_in_order)
            if any(row.values())
        ],
        totals=ExecutedTotals(**totals, rate=_rate(totals), initial_rate=_initial_rate(totals)),
    )


def _group(one: Reading, by: By, fact: Fact, projects: Projects) -> _Group:
    line = fact.line
    code = {
        "func": line.func,
        "class": func_class(line.func),
        "econ": fact.econ,
        "project": line.project,
        "unit": one.book.unit,
    }[by]
    kind = str(line.spending) if by == "project" and code == NO_PROJECT else ""
    name = projects.of(one, code).name if by == "project" else ""
    return _Group(code, kind, line.fund, name)


_FUNDS, _KINDS = list(Fund), ["", *map(str, Spending)]


def _in_order(row: tuple[_Group, dict[str, int]]) -> tuple[bool, str, str, int, int]:
    group, _ = row
    place = (_KINDS.index(group.kind), _FUNDS.index(group.fund))
    return group.code in (NO_ECON, NO_PROJECT), group.code, group.project, *place


def _names(source: Source, by: By) -> Callable[[_Group], str]:
    """What each row is called."""
    match by:
        case "project":
            return lambda group: (
                SPENDING_NAMES[Spending(group.kind)] if group.kind else group.project
            )
        case "unit":
            units = {one.book.unit: one.name for one in source.members()}
            return lambda group: units[group.code]
        case "econ":
            names = source.names()
            return lambda group: _econ_name(group.code, names)
        case _:
            names = source.names()
            return lambda group: names.functional(group.code)


def _econ_name(code: str, names: CodeNames) -> str:
    """The name of a 款. A budget that stands on its 类, or on no 经济科目, says so."""
    name = names.economic(code)
    divided = code != NO_ECON and econ_class(code) != code
    return name if divided else "，".join(filter(None, (name, NOT_DIVIDED)))


def _initial_rate(row: dict[str, int]) -> str | None:
    return rate(row["executed_fen"], row["initial_fen"])


def beside_last_year(now: Execution, then: Execution) -> Execution:
    """Both years beside each other, project by project."""
    return Execution(
        now.scope,
        all_beside(now.projects, then.projects, _same_project(now, then)),
        beside(now.basic, then.basic),
        all_beside(
            now.other, then.other, lambda row: (_KINDS.index(row.spending), _whose(now, row))
        ),
        beside(now.totals, then.totals),
        UNSET
        if now.basic_by_unit is UNSET or then.basic_by_unit is UNSET
        else all_beside(now.basic_by_unit, then.basic_by_unit, lambda row: row.units),
    )


def _same_project(now: Execution, then: Execution) -> Callable[[ProjectExecuted], tuple[str, ...]]:
    """What makes a project the same in both years: its code, and its name where the code has
    several in one of them; and its unit where each has its own."""
    years = (Counter(row.project for row in year.projects) for year in (now, then))
    several = {code for codes in years for code, rows in codes.items() if rows > 1}
    return lambda row: (
        row.project,
        folded(row.name) if row.project in several else "",
        *_whose(now, row),
    )


def _whose(now: Execution, row: ProjectExecuted | KindExecuted) -> tuple[str, ...]:
    """The unit of a row where every unit has rows of its own."""
    return () if now.basic_by_unit is UNSET or row.units is UNSET else row.units


def by_beside_last_year(now: ExecutionBy, then: ExecutionBy) -> ExecutionBy:
    """The same row by row; the shares are those of all that was paid in each year."""
    years = (Counter(map(_about, year.rows)) for year in (now, then))
    several = {about for each in years for about, rows in each.items() if rows > 1}
    rows = all_beside(
        now.rows,
        then.rows,
        lambda row: (*_about(row), folded(row.name) if _about(row) in several else ""),
    )
    return ExecutionBy(now.scope, now.by, rows, beside(now.totals, then.totals))


def _about(row: ExecutedRow) -> tuple[bool, str, int, int]:
    """What a row is about, in the order of the rows."""
    kind = _NAMES_OF_KINDS.index(row.name) if row.name in _NAMES_OF_KINDS else 0
    codeless = row.code in (NO_ECON, NO_PROJECT)
    return codeless, row.code, kind if codeless else 0, _FUNDS.index(Fund(row.fund))


_NAMES_OF_KINDS = ["", *SPENDING_NAMES.values()]
