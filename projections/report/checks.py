"""审核: do the tables agree with each other and with the book? (X01–X18, domain §3.5)

Two tiers. How cells relate to each other is asked of the figures alone (relations.py); what needs
the book itself stands here. A check that cannot run says why.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec.structs import asdict, replace

from ledger.line import (
    FISCAL_FUNDS,
    FUND_NAMES,
    NO_PROJECT,
    Fund,
    Spending,
    func_class,
    func_levels,
)
from ledger.money import yuan
from ledger.rules.cautions import (
    BASIC_ONLY_NAMES,
    FUND_OF_CLASS,
    PROJECT_ONLY_NAMES,
    Caution,
    where_named,
)
from projections.questions.balances import cash_by_project
from projections.questions.carryover import carryover
from projections.questions.execution import execution
from projections.questions.measures import Measure, facts
from projections.questions.opening import Closing
from projections.questions.surplus import made_up
from projections.questions.three_public import paid_by_fund, three_public
from projections.questions.year.carried_on import CarriedOn
from projections.questions.year.final_account import approved
from projections.report.against.against import against
from projections.report.against.said import Printed
from projections.report.cells import Cells
from projections.report.checked.agency_running import agency_running
from projections.report.checked.between_units import not_eliminated
from projections.report.checked.citations import cited
from projections.report.checked.lapsed import lapsed
from projections.report.checked.naming import naming
from projections.report.checked.priors import opened_from_priors
from projections.report.checked.said_twice import said_twice
from projections.report.checked.tied import tied
from projections.report.checked.uncovered import UncoveredDays, uncovered_days
from projections.report.checked.units import units_named
from projections.report.checked.years import ALONE, Years, beside_years, without_last_year
from projections.report.editions import at, table_of
from projections.report.figure import Report
from projections.report.findings import (
    Finding,
    Findings,
    Publishing,
    Tier,
    book_of,
    ranked,
    ways_in,
)
from projections.report.form import TOTAL
from projections.report.layouts.blocks import Blocks
from projections.report.relations import broken
from projections.report.selection import Counted, Leaf, selection
from projections.views.elimination import eliminated


def check(
    report: Report,
    last: Closing | None = None,
    onward: CarriedOn | None = None,
    *,
    years: Mapping[str, Years] | None = None,
    printed: Sequence[Printed] = (),
) -> Findings:
    """All findings, the gravest first, and what could not be checked (contract §4). `last` and
    `onward` are of the one book; of a department `years` has them book by book. What was `printed`
    is held against the figures."""
    cells = report.cells
    found = [*broken(cells)]
    for run in _CHECKS:
        found += run(cells)
    running, not_run = agency_running(report)
    found += [*running, *opened_from_priors(report), *units_named(report), *said_twice(report)]
    found += cited(report)
    beside = {
        str(one.book): Years(last, onward) if years is None else years.get(str(one.book), ALONE)
        for one in cells.source.members()
    }
    found += beside_years(cells, beside)
    lacking = without_last_year(beside)
    if lacking:
        not_run.insert(0, lacking)
    differing, unsaid = against(report, printed)
    found += differing
    not_run += unsaid
    return Findings(ranked(_suggested(cells, finding) for finding in found), not_run)


def _suggested(cells: Cells, finding: Finding) -> Finding:
    if finding.suggestion:
        return finding
    closing = cells.edition.cells.closing or "单元格"
    return replace(finding, suggestion=_SUGGESTED[finding.code].format(closing=closing))


def _three_public(cells: Cells) -> Iterator[Finding]:
    """X09: 表7 is what the book says, basic and project money together."""
    named = cells.edition.cells
    asked = three_public(cells.source, cells.edition.three_public_funds)
    for names, figures in ((named.budget, asked.budget), (named.actual, asked.actual)):
        for item, name in asdict(names).items() if names else ():
            cell, right_fen = cells.all[name], getattr(figures, item)
            if cells.fen(name) != right_fen:
                message = (
                    f"{cells.edition.form_number(cell.table)}第{cell.column}栏与账中三公经费不符"
                )
                yield Finding("X09", "error", message, [name], cells.fen(name), right_fen)


def _other_funds(cells: Cells) -> Iterator[Finding]:
    """R3.OTHER_FUNDS: what money that the forms do not count as 三公经费 paid for its items, each
    book and fund by itself."""
    funds, cell = cells.edition.three_public_funds, cells.edition.cells.three_public
    for one in cells.source.members():
        name = book_of(cells.source, one)
        for fund, fen in sorted(paid_by_fund(one).items()):
            if fund not in funds and fen:
                message = (
                    f"{name}{FUND_NAMES[fund]}支付三公经费 {yuan(fen)} 元，"
                    f"表内三公经费只含{'、'.join(FUND_NAMES[each] for each in funds)}"
                )
                code = Caution.THREE_PUBLIC_OTHER.code
                yield Finding(code, "warn", message, [cell] if cell else [], fen, 0)


def _items(cells: Cells) -> Iterator[Finding]:
    """X12: nothing closes below zero: fiscal money item by item, other money as one pool, and in it
    what is for a project (专用资金) project by project and book by book."""
    pool, cell = 0, cells.there(cells.edition.cells.closing)
    for one in cells.source.members():
        for project, fen in sorted(cash_by_project(one).items()):
            if project == NO_PROJECT and fen < 0:
                message = (
                    f"{one.book} 单位资金中非专项的年末余款为 {yuan(fen)} 元，动用了项目专用资金"
                )
                yield Finding("X12", "error", message, cell, fen, 0, _UNBOUND_SUGGESTED)
            elif fen < 0:
                message = (
                    f"{one.book} 单位资金项目 {project} 年末余款为 {yuan(fen)} 元，"
                    "动用了其他用途的资金"
                )
                yield Finding(
                    *("X12", "error", message, cell, fen, 0, _DEDICATED_SUGGESTED),
                    try_=ways_in(cells.source, one, made_up(one, project, -fen)),
                )
    for item in carryover(cells.source).items:
        fen = item.closing_fen
        if item.fund not in FISCAL_FUNDS:
            pool += fen
        elif fen < 0:
            where = f"{item.fund} {item.func} {item.project}（{item.origin}）"
            message = f"{where} 年末结转结余为 {yuan(fen)} 元"
            yield Finding("X12", "error", message, cell, fen, 0)
    if pool < 0:
        message = f"非财政拨款年末结转结余为 {yuan(pool)} 元"
        yield Finding("X12", "error", message, cell, pool, 0)


def _days(cells: Cells) -> Iterator[Finding]:
    """DATE.UNCOVERED: money that was spent before it was there, by the ends of the days, on each
    line and of the non-fiscal cash. X12 says of a cut what its tables would print; this says of the
    year which days, and since when they are covered."""
    for one in cells.source.members():
        name = book_of(cells.source, one)
        for run in uncovered_days(one):
            yield Finding(
                Caution.DATE_UNCOVERED.code,
                "warn",
                f"{name}{where_named(run.line)}{_told(run)}",
                left_fen=-run.short_fen,
                right_fen=0,
                suggestion="" if run.reversible else _NOT_TO_BE_REVERSED,
                facts=run,
            )


def _publishing(cells: Cells) -> Iterator[Finding]:
    """R17: when what finance approved must be published. The day, not how far it is: an answer
    never depends on today."""
    for one in cells.source.members():
        said = approved(one)
        if said is not None:
            event = said.event
            message = (
                f"{book_of(cells.source, one)}决算已于 {event.approved_on} 批复（{event.doc}，"
                f"第 {said.entry} 笔），须在批复后二十日内公开，最迟 {said.publish_by}"
            )
            facts = Publishing(
                str(one.book), said.entry, event.doc, event.approved_on, said.publish_by
            )
            yield Finding("R17", "info", message, facts=facts)


def _told(run: UncoveredDays) -> str:
    """The days, what was short, and what took it."""
    covered = "尚未补足" if run.covered_on is None else f"{run.covered_on} 起才够"
    most = "" if run.short_on == run.first else f"{run.short_on} "
    named = "、".join(map(str, run.entries[:_NAMED]))
    more = f"等 {run.count} 笔" if run.count > _NAMED else "笔"
    return (
        f"自 {run.first} 起动用的多于当日已有的，{most}差 {yuan(run.short_fen)} 元，{covered}："
        f"第 {named} {more}"
    )


_NAMED = 5
"""Entries that a sentence names; the finding has more."""


def _definitions(cells: Cells) -> Iterator[Finding]:
    """X14, X15: items used against their definition, and with the wrong fund."""
    spent: dict[tuple[str, str, str], int] = defaultdict(int)
    for measure, line, _, _, fen in facts(cells.source):
        if measure is Measure.EXPENDITURE:
            spent[str(line.fund), line.func, str(line.spending)] += fen
    for (fund, func, spending), fen in sorted(spent.items()):
        name = cells.names.functional(func)
        cell = cells.there(cells.edition.cells.spent_by.get(Spending(spending)), func)
        if fen and spending == Spending.PROJECT and name in BASIC_ONLY_NAMES:
            message = f"{func} {name}按定义只列基本支出，项目支出列了 {yuan(fen)} 元"
            yield Finding("X14", "warn", message, cell, fen, 0)
        if fen and spending == Spending.BASIC and name in PROJECT_ONLY_NAMES:
            message = f"{func} {name}按定义只列项目支出，基本支出列了 {yuan(fen)} 元"
            yield Finding("X14", "warn", message, cell, fen, 0)
        right = FUND_OF_CLASS.get(func_class(func))
        if fen and right is not None and fund != right:
            message = f"{func} {name}与资金性质不匹配"
            yield Finding("X15", "warn", message, cell, fen, 0)


def unsound(cells: Cells) -> list[Finding]:
    """The errors of what is printed, the gravest of what a check finds: tables that contradict each
    other, and money that no row of a form has."""
    found = (*broken(cells), *_outside_forms(cells), *_outside_blocks(cells))
    return [finding for finding in found if finding.tier == "error"]


def _outside_blocks(cells: Cells) -> Iterator[Finding]:
    """X05: money of an economic class that a table of such classes does not have, or of none. What
    is spent is of one; what is approved may be of none, and is told where no relation holds the
    table against another."""
    related = {
        table_of(name)
        for relation in cells.edition.relations
        for name in (*relation.left, *relation.right)
    }
    for number, form in cells.forms.items():
        named = cells.edition.cells.general_basic_econ
        if not isinstance(form, Blocks) or (named and table_of(named) == number):
            continue
        whole_fen = sum(cells.by_econ(selection(form.leaf)).values())
        shown_fen = sum(map(cells.fen, form.classes()))
        if whole_fen != shown_fen:
            spent = form.leaf.measure is Counted.EXPENDITURE
            if not spent and number in related:
                continue
            message = (
                f"{cells.edition.form_number(number)}没有一些经济科目的行，"
                f"{yuan(whole_fen - shown_fen)} 元未列入"
            )
            tier: Tier = "error" if spent else "info"
            yield Finding("X05", tier, message, list(form.classes()), shown_fen, whole_fen)


def _outside_forms(cells: Cells) -> Iterator[Finding]:
    """X05: basic spending of a class that 表6 does not have, so that it is in no figure there."""
    named = cells.edition.cells
    if named.general_basic_econ is None:
        return
    basic_spent = Leaf(Counted.EXPENDITURE, fund=(Fund.GENERAL,), spending=(Spending.BASIC,))
    for econ, fen in sorted(cells.by_econ(selection(basic_spent)).items()):
        if at(named.general_basic_econ, econ) not in cells.all:
            message = (
                f"基本支出明细表没有 {econ} {cells.names.economic(econ)}的行，"
                f"基本支出 {yuan(fen)} 元未列入"
            )
            basic = cells.there(named.general_basic)
            yield Finding("X05", "error", message, basic, fen, 0)


def _projects(cells: Cells) -> Iterator[Finding]:
    """X17: the projects and basic money together are the whole; executed projects are 表3."""
    whole = execution(cells.source, "all")
    parts = sum(p.annual_budget_fen for p in whole.projects)
    parts += whole.basic.annual_budget_fen
    parts += sum(other.annual_budget_fen for other in whole.other)
    if parts != whole.totals.annual_budget_fen:
        total = whole.totals.annual_budget_fen
        yield Finding("X17", "error", "各项目与基本支出预算之和不等于全年预算", [], parts, total)
    executed = sum(p.executed_fen for p in whole.projects) - sum(
        each.fen
        for each in eliminated(cells.source)
        if not each.source and each.line.spending is Spending.PROJECT
    )
    for cell in cells.there(cells.edition.cells.spent_by.get(Spending.PROJECT), TOTAL):
        if executed != cells.fen(cell):
            message = "各项目执行数之和不等于支出决算表的项目支出"
            yield Finding("X17", "error", message, [cell], executed, cells.fen(cell))


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
        wanted = _USUAL.get(func) or _USUAL.get(func_levels(func)[1])
        if wanted is None:
            continue
        usual_fen = sum(by_econ[econ] for econ in wanted if econ in by_econ)
        for econ, fen in sorted(by_econ.items()):
            if fen and econ not in wanted:
                name, use = cells.names.functional(func), cells.names.economic(econ)
                usual = "、".join(wanted)
                message = f"{func} {name}中有 {econ} {use} {yuan(fen)} 元，通常列 {usual}"
                yield Finding(
                    "X16",
                    "info",
                    message,
                    cells.there(cells.edition.cells.spent, func),
                    fen,
                    usual_fen,
                )


def _performance(cells: Cells) -> Iterator[Finding]:
    """E.…: what the self-evaluation has that a person should see."""
    from projections.report.performance.findings import findings  # no table needs them
    from projections.report.performance.forms import Forms

    yield from findings(Forms(cells))


_SUGGESTED = {
    "DATE.UNCOVERED": "业务日期录错的，按原业务日期冲销（yusuan reverse 第几笔 --date 原日期），"
    "再以正确的日期记录；批准文件更早的，按其日期补记；批复前依法先行支出的（预算法第五十四条），"
    "在说明中写明。",
    "R17": "在此日以前公开部门决算（预算法第十四条）；与结账不同的，下年年初怎样调整见下年账套的 "
    "yusuan opening。",
    "R3.OTHER_FUNDS": "录错资金性质的用 yusuan correct 更正；确由其他资金支付的，"
    "在三公经费说明中写明金额和原因（yusuan three-public 另列）。",
    "X05": "更正支付的经济科目，或说明该类支出为何不在表6列示。",
    "X09": "表7与账中三公经费取数不同，先重新生成查询视图（yusuan rebuild），仍不符请审计。",
    "X10": "在三公经费说明中写明增加的原因和依据。",
    "X12": "核对该项的收入、支出和年初结转，用 yusuan explain {closing} 查到各笔后更正。",
    "X14": "该科目按定义只列另一类支出：属列错的更正，属实的在说明中写明原因。",
    "X15": "核对资金性质和功能科目，列错的更正；确属该科目的，在说明中写明依据。",
    "X16": "属列错的用 yusuan correct 更正经济科目；属实的无需处理。",
    "X17": "有支出没有归入项目，用 yusuan log 查出后更正项目。",
}
"""What a person can do, or write, about what has no sentence of its own."""


_CHECKS: tuple[Callable[[Cells], Iterator[Finding]], ...] = (
    _outside_forms,
    _outside_blocks,
    _three_public,
    _other_funds,
    _items,
    _days,
    _definitions,
    _pairs,
    _publishing,
    _projects,
    tied,
    naming,
    lapsed,
    _performance,
    lambda cells: not_eliminated(cells.source),
)
_NOT_TO_BE_REVERSED = (
    "所列各笔不能直接冲销：已冲销、已更正，或本身就是冲销的，不再冲销；有退款的，占用已支付或释放的，"
    "先冲销那些（yusuan log --ref 第几笔）；所在月份已月结的，先解锁（yusuan unlock-month 月份）；"
    "年度已结账的，先解除结账（yusuan reopen-year）；批准文件更早的，按其日期补记；"
    "批复前依法先行支出的（预算法第五十四条），在说明中写明。"
)
_DEDICATED_SUGGESTED = (
    "专款专用：付错项目的用 yusuan correct 更正，属于该项目而没有记的收入用 yusuan income 补记；"
    "决定用其他资金弥补的须写明：本年没有指定项目的收入改列到该项目，或使用非财政拨款结余。"
)
_UNBOUND_SUGGESTED = (
    "属于项目的支出用 yusuan correct 更正，还没有记的收入用 yusuan income 补记，"
    "使用非财政拨款结余的用 yusuan use-surplus 写明。"
)
