"""审核: do the tables agree with each other and with the book? (X01–X18, domain §3.5)

Two tiers. Relations between cells come from the edition (checks.toml) and must hold exactly, in
fen; where they do but the printed figures do not add up, the difference lies within half a unit
per figure and is only said (info). What needs the book itself stands here. A check that cannot run
says why.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ledger.codes import economic, functional
from ledger.kinds import POOL_NAMES
from ledger.line import FISCAL_FUNDS, FUND_NAMES, NO_ECON, NO_PROJECT, Fund, Spending
from ledger.money import printed_wan, yuan
from ledger.rules.cautions import BASIC_ONLY_NAMES, FUND_OF_CLASS, PROJECT_ONLY_NAMES
from projections.questions.carryover import carryover
from projections.questions.execution import execution
from projections.questions.measures import Measure, facts
from projections.questions.opening import POOL, Closing, compared, compared_pools, suggestion
from projections.questions.three_public import three_public
from projections.report import editions
from projections.report.cells import TOTAL, Cells


class Finding(NamedTuple):
    """One thing that a person should see. `suggestion` is a sentence for the explanation."""

    code: str
    tier: str
    message: str
    cells: tuple[str, ...] = ()
    left_fen: int | None = None
    right_fen: int | None = None
    suggestion: str = ""

    def json(self) -> dict[str, Any]:
        """The finding of contract §4."""
        return {**self._asdict(), "cells": list(self.cells)}


class Relation(NamedTuple):
    """left op right between sums of cells, once or for each class or item."""

    code: str
    says: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    op: str = "="
    each: str = ""
    tier: str = "error"


def check(cells: Cells, last: Closing | None = None) -> dict[str, Any]:
    """All findings, the gravest first, and what could not be checked (contract §4). `last` is
    last year's closing, where the file has it."""
    findings = [*_relations(cells)]
    for run in _CHECKS:
        findings += run(cells)
    not_run = [{"code": code, "why": why} for code, why in _NOT_RUN.items()]
    if last is None:
        not_run.insert(0, {"code": "X11", "why": _NO_LAST_YEAR})
    else:
        findings += _opening(cells, last)
        findings += _less_than_last_year(cells, last)
    findings = [
        each if each.suggestion else each._replace(suggestion=_SUGGESTED[each.code])
        for each in findings
    ]
    order = ("error", "warn", "info")
    findings.sort(key=lambda f: (order.index(f.tier), f.code))
    return {"findings": [finding.json() for finding in findings], "not_run": not_run}


@cache
def relations(edition: str) -> tuple[Relation, ...]:
    """The relations of an edition."""
    return tuple(
        Relation(**{**row, "left": tuple(row["left"]), "right": tuple(row["right"])})
        for row in editions.relations(edition)
    )


def _relations(cells: Cells) -> Iterator[Finding]:
    for relation in relations(cells.source.edition):
        for code in _codes(cells, relation):
            left = _resolved(cells, relation.left, code)
            right = _resolved(cells, relation.right, code)
            yield from _compared(cells, relation, left, right, code)


def _codes(cells: Cells, relation: Relation) -> list[str]:
    """The classes or items for which a relation is asked; one empty code for none."""
    if not relation.each:
        return [""]
    rows = {cell.row for cell in cells.table(3) if cell.row != TOTAL}
    length = 3 if relation.each == "class" else 7
    return sorted(row for row in rows if len(row) == length)


def _resolved(cells: Cells, names: tuple[str, ...], code: str) -> tuple[str, ...]:
    """Cell ids with @ filled in; a row that a table does not have is nothing."""
    found = (_row_of(cells, name, code) if "@" in name else name for name in names)
    return tuple(name for name in found if name in cells.all)


def _row_of(cells: Cells, name: str, code: str) -> str:
    table = int(name[1:].partition(".")[0])
    if cells.forms[table].layout == "sides":
        for cell in cells.table(table):
            leaf = cell.spec.leaf
            if leaf is not None and leaf.func == (code,):
                return name.replace("@", cell.row)
    return name.replace("@", code)


def _compared(
    cells: Cells, relation: Relation, left: tuple[str, ...], right: tuple[str, ...], code: str
) -> Iterator[Finding]:
    left_fen, right_fen = (sum(map(cells.fen, names)) for names in (left, right))
    holds = left_fen == right_fen if relation.op == "=" else left_fen <= right_fen
    says = f"{relation.says}（{code} {functional().get(code, '')}）" if code else relation.says
    names = (*left, *right)
    if not holds:
        yield Finding(
            relation.code,
            relation.tier,
            f"{says}：{yuan(left_fen)} 元与 {yuan(right_fen)} 元不符",
            names,
            left_fen,
            right_fen,
            f"差额 {yuan(left_fen - right_fen)} 元，系……所致。",
        )
        return
    left_shown, right_shown = (sum(map(cells.hundredths, names)) for names in (left, right))
    agrees = left_shown == right_shown if relation.op == "=" else left_shown <= right_shown
    if not agrees:
        # Exact in fen, so what is printed can only differ by rounding; the envelope is half a
        # unit for every figure, and what lies outside is an error of rounding itself.
        within = 2 * abs(left_shown - right_shown) <= _roundings(cells, names)
        yield Finding(
            relation.code,
            "info" if within else "error",
            f"{says}：打印数 {printed_wan(left_shown)} 与 {printed_wan(right_shown)} 万元相差"
            f" {printed_wan(left_shown - right_shown)}，按元相符",
            names,
            left_fen,
            right_fen,
            "因四舍五入，打印数之和与合计数可能不等。",
        )


def _roundings(cells: Cells, names: tuple[str, ...]) -> int:
    """How many figures were rounded behind some printed cells."""

    def behind(name: str) -> int:
        cell = cells.all[name]
        if cell.spec.parts and cells.forms[cell.table].rounding == "stacked":
            return sum(behind(part) for _, part in cell.spec.parts)
        return 1

    return sum(map(behind, names))


def _three_public(cells: Cells) -> Iterator[Finding]:
    """X09: 表7 is what the book says, basic and project money together."""
    asked = three_public(cells.source)
    columns = (
        "total_fen",
        "overseas_fen",
        "vehicle_fen",
        "vehicle_purchase_fen",
        "vehicle_operation_fen",
        "reception_fen",
    )
    for first, side in ((1, asked.budget), (7, asked.actual)):
        for offset, name in enumerate(columns):
            cell, right_fen = f"T7.{first + offset}", getattr(side, name)
            if cells.fen(cell) != right_fen:
                message = f"表7第{first + offset}栏与账中三公经费不符"
                yield Finding("X09", "error", message, (cell,), cells.fen(cell), right_fen)


def _opening(cells: Cells, last: Closing) -> Iterator[Finding]:
    """X11: what was carried in is what last year closed with; adjustments explain the rest."""
    names = tuple(name for name in ("T1.29", "T1.29.3") if name in cells.all)
    for row in compared(cells.reading, last):
        if not row.unexplained_fen:
            continue
        where = "年初结转结余"
        if row.item is not None:
            parts = (row.item.func, row.item.project, f"（{row.item.origin}）")
            own = "" if row.item.func == POOL else " " + " ".join(parts)
            where = f"{FUND_NAMES[Fund(row.item.fund)]}{own} {where}"
        message = (
            f"{where}转入 {yuan(row.carried_fen)} 元，上年年末 {yuan(row.closing_fen)} 元，"
            f"{yuan(row.unexplained_fen)} 元没有调整事项说明"
        )
        figures = (row.carried_fen, row.closing_fen)
        yield Finding("X11", "error", message, names, *figures, suggestion(row))
    for pool in compared_pools(cells.reading, last):
        if pool.unexplained_fen:
            message = (
                f"{POOL_NAMES[pool.pool]}转入 {yuan(pool.opening_fen)} 元，"
                f"上年年末 {yuan(pool.closing_fen)} 元"
            )
            figures = (pool.opening_fen, pool.closing_fen)
            yield Finding("X11", "error", message, (), *figures, _POOL_SUGGESTED)


def _less_than_last_year(cells: Cells, last: Closing) -> Iterator[Finding]:
    """X10: 三公经费 only falls (只减不增)."""
    now_fen = cells.fen(_THREE_PUBLIC)
    if last.three_public_fen is not None and now_fen > last.three_public_fen:
        message = (
            f"三公经费决算数 {yuan(now_fen)} 元大于上年决算数 {yuan(last.three_public_fen)} 元"
            "（只减不增）"
        )
        yield Finding("X10", "warn", message, (_THREE_PUBLIC,), now_fen, last.three_public_fen)


_THREE_PUBLIC = "T7.7"


def _items(cells: Cells) -> Iterator[Finding]:
    """X12: nothing closes below zero: fiscal money item by item, other money as one pool."""
    pool = 0
    for item in carryover(cells.source).items:
        fen = item.closing_fen
        if item.fund not in FISCAL_FUNDS:
            pool += fen
        elif fen < 0:
            where = f"{item.fund} {item.func} {item.project}（{item.origin}）"
            message = f"{where} 年末结转结余为 {yuan(fen)} 元"
            yield Finding("X12", "error", message, _closing_cells(cells), fen, 0)
    if pool < 0:
        message = f"非财政拨款年末结转结余为 {yuan(pool)} 元"
        yield Finding("X12", "error", message, _closing_cells(cells), pool, 0)


def _closing_cells(cells: Cells) -> tuple[str, ...]:
    """年末结转和结余 in the general table, whichever form it has."""
    return tuple(name for name in ("T1.59", "T1.86.9") if name in cells.all)


def _definitions(cells: Cells) -> Iterator[Finding]:
    """X14, X15: items used against their definition, and with the wrong fund."""
    spent: dict[tuple[str, str, str], int] = defaultdict(int)
    for measure, line, _, _, fen in facts(cells.source):
        if measure is Measure.EXPENDITURE:
            spent[str(line.fund), line.func, str(line.spending)] += fen
    for (fund, func, spending), fen in sorted(spent.items()):
        name = functional().get(func, "")
        cell = f"T3.{func}.{list(Spending).index(Spending(spending)) + 2}"
        if fen and spending == Spending.PROJECT and name in BASIC_ONLY_NAMES:
            message = f"{func} {name}按定义只列基本支出，项目支出列了 {yuan(fen)} 元"
            yield Finding("X14", "warn", message, (cell,), fen, 0)
        if fen and spending == Spending.BASIC and name in PROJECT_ONLY_NAMES:
            message = f"{func} {name}按定义只列项目支出，基本支出列了 {yuan(fen)} 元"
            yield Finding("X14", "warn", message, (cell,), fen, 0)
        right = FUND_OF_CLASS.get(func[:3])
        if fen and right is not None and fund != right:
            message = f"{func} {name}与资金性质不匹配"
            yield Finding("X15", "warn", message, (cell,), fen, 0)


def _outside_forms(cells: Cells) -> Iterator[Finding]:
    """X05: basic spending of a class that 表6 does not have, so that it is in no figure there."""
    there = {cell.row for cell in cells.table(6)}
    spent: dict[str, int] = defaultdict(int)
    for measure, line, econ, _, fen in facts(cells.source):
        if (measure, line.fund, line.spending) == (
            Measure.EXPENDITURE,
            Fund.GENERAL,
            Spending.BASIC,
        ):
            spent[econ] += fen
    for econ, fen in sorted(spent.items()):
        if fen and econ not in there:
            message = (
                f"表6没有 {econ} {economic().get(econ, '')}的行，基本支出 {yuan(fen)} 元未列入"
            )
            yield Finding("X05", "error", message, ("T5.合计.2",), fen, 0)


def _projects(cells: Cells) -> Iterator[Finding]:
    """X17: the projects and basic money together are the whole; executed projects are 表3."""
    whole = execution(cells.source, "all")
    parts = sum(p.annual_budget_fen for p in whole.projects)
    parts += whole.basic.annual_budget_fen
    parts += sum(other.annual_budget_fen for other in whole.other)
    if parts != whole.totals.annual_budget_fen:
        total = whole.totals.annual_budget_fen
        yield Finding("X17", "error", "各项目与基本支出预算之和不等于全年预算", (), parts, total)
    executed = sum(p.executed_fen for p in whole.projects)
    cell = f"T3.{TOTAL}.3"
    if executed != cells.fen(cell):
        message = "各项目执行数之和不等于表3项目支出"
        yield Finding("X17", "error", message, (cell,), executed, cells.fen(cell))


def _names(cells: Cells) -> Iterator[Finding]:
    """X18: every code in use has a name. The lists at hand are not complete (domain §7), so a code
    that they lack is only pointed out."""
    func: dict[str, int] = defaultdict(int)
    econ: dict[str, int] = defaultdict(int)
    projects: dict[str, int] = defaultdict(int)
    for measure, line, used, _, fen in facts(cells.source):
        if fen:
            spent_fen = fen if measure is Measure.EXPENDITURE else 0
            func[line.func] += spent_fen
            econ[used] += spent_fen
            projects[line.project] += spent_fen
    for code in sorted(func.keys() - functional().keys()):
        message = f"功能科目 {code} 不在代码表中，表内没有名称"
        cell = tuple(name for name in (f"T3.{code}.1",) if name in cells.all)
        yield Finding("X18", "warn", message, cell, func[code], 0)
    for code in sorted(econ.keys() - economic().keys() - {NO_ECON}):
        message = f"经济科目 {code} 不在代码表中，表内没有名称"
        cell = tuple(name for name in (f"T6.{code}",) if name in cells.all)
        yield Finding("X18", "warn", message, cell, econ[code], 0)
    for code in sorted(projects.keys() - cells.source.project_names().keys() - {NO_PROJECT}):
        yield Finding("X18", "error", f"项目 {code} 没有名称", (), projects[code], 0)


_USUAL = {
    "2080505": ("30108",),
    "2080506": ("30109",),
    "2210201": ("30113",),
    "21011": ("30110", "30111"),
}
"""项 or 款 → the 款 of spending that it usually carries."""


def _pairs(cells: Cells) -> Iterator[Finding]:
    """X16: items that usually carry a certain 款 and here carry another (a hint)."""
    spent: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for measure, line, econ, _, fen in facts(cells.source):
        if measure is Measure.EXPENDITURE:
            spent[line.func][econ] += fen
    for func, by_econ in sorted(spent.items()):
        wanted = _USUAL.get(func) or _USUAL.get(func[:5])
        if wanted is None:
            continue
        usual_fen = sum(by_econ[econ] for econ in wanted if econ in by_econ)
        for econ, fen in sorted(by_econ.items()):
            if fen and econ not in wanted:
                name, use = functional().get(func, ""), economic().get(econ, "")
                usual = "、".join(wanted)
                message = f"{func} {name}中有 {econ} {use} {yuan(fen)} 元，通常列 {usual}"
                yield Finding("X16", "info", message, (f"T3.{func}.1",), fen, usual_fen)


_SUGGESTED = {
    "X05": "更正支付的经济科目，或说明该类支出为何不在表6列示。",
    "X09": "表7与账中三公经费取数不同，先重新生成查询视图（yusuan rebuild），仍不符请审计。",
    "X10": "在三公经费说明中写明增加的原因和依据。",
    "X12": "核对该项的收入、支出和年初结转，用 yusuan explain T1.59 查到各笔后更正。",
    "X14": "该科目按定义只列另一类支出：属列错的更正，属实的在说明中写明原因。",
    "X15": "核对资金性质和功能科目，列错的更正；确属该科目的，在说明中写明依据。",
    "X16": "属列错的用 yusuan correct 更正经济科目；属实的无需处理。",
    "X17": "有支出没有归入项目，用 yusuan log 查出后更正项目。",
    "X18": "向财政部门取得该代码的名称；属录错的更正科目。",
}
"""What a person can do, or write, about what has no sentence of its own."""


_CHECKS: tuple[Callable[[Cells], Iterator[Finding]], ...] = (
    _outside_forms,
    _three_public,
    _items,
    _definitions,
    _pairs,
    _projects,
    _names,
)
_NOT_RUN = {"X13": "机关运行经费的公开数不在九张表内"}
_POOL_SUGGESTED = "按上年年末数更正转入（yusuan surplus-in，多记的用 yusuan reverse 冲销）。"
_NO_LAST_YEAR = (
    "本文件中没有上年账套：年初与上年年末是否相符，"
    "可用 yusuan opening --check --previous-closing 上年年末数 核对"
)
