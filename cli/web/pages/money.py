"""How the money stands: 余额, 明细账, 执行, 进度, 三公, 结转, 账龄, 年初."""

from collections.abc import Callable
from functools import partial

import msgspec

from cli.terminal import answers
from cli.text.parts import LIGHT_NAMES, OfItem, OfUnits, told_apart
from cli.web.pages.overview import LIGHTS
from cli.web.parts import (
    ColumnHead,
    Facts,
    Filter,
    Filters,
    Listing,
    Notice,
    Pager,
    Shown,
    Text,
)
from cli.web.visit import PAGE_ROWS, Visit
from ledger.errors import Malformed, Unreadable
from ledger.kinds import KIND_NAMES, OPENING_CHANGE_NAMES
from ledger.line import FUND_NAMES, NO_ECON, NO_PROJECT, SPENDING_NAMES, BudgetLine, Fund, Spending
from ledger.money import percent, yuan
from projections.questions import execution as executed
from projections.questions.ageing import ageing as ages
from projections.questions.balances import LineBalance, balances
from projections.questions.carryover import WALK
from projections.questions.carryover import carryover as walked
from projections.questions.progress import LinePace, Pace, ProjectPace
from projections.questions.progress import progress as paced
from projections.questions.statement import page
from projections.questions.statement import statement as stated
from projections.views.names import BookNames

AMOUNT = partial(ColumnHead, kind="amount")
_MARKS = (("", "全部"),)
FUNDS = (*_MARKS, *((str(fund), name) for fund, name in FUND_NAMES.items()))
SPENDINGS = (*_MARKS, *((str(kind), name) for kind, name in SPENDING_NAMES.items()))


def blank(fen: int) -> Text:
    """Yuan, or nothing for zero: a column of zeros hides what is there."""
    return Text(yuan(fen) if fen else "")


def line_told(line: str, names: BookNames, link: str = "", note: str = "") -> Text:
    """A line by its names, its text beneath."""
    of = BudgetLine.parse(line)
    said = names.project(of.project) if of.project != NO_PROJECT else SPENDING_NAMES[of.spending]
    econ = "" if of.econ == NO_ECON else names.economic(of.econ)
    told = "　".join(filter(None, (names.functional(of.func) or of.func, said or of.project, econ)))
    return Text(told, link, note=" ".join(filter(None, (line, note))))


def balance(visit: Visit) -> Shown:
    """余额 of every line."""
    with visit.source() as opened:
        header, names = opened.header(), opened.names()
        answer = balances(opened, visit.line.pattern())
    whole, many = answer.totals, bool(visit.rolled.units)
    short = any(row.spendable_fen != row.available_fen for row in answer.lines)
    columns: list[tuple[str, Callable[[LineBalance], int], int]] = [
        ("年初预算", lambda row: row.initial_fen, whole.initial_fen),
        ("批准合计", lambda row: row.annual_budget_fen, whole.annual_budget_fen),
        ("已支付", lambda row: row.paid_fen, whole.paid_fen),
        ("在途", lambda row: row.held_fen, whole.held_fen),
        ("待下达", lambda row: row.pending_fen, whole.pending_fen),
        ("收回", lambda row: row.taken_fen, whole.taken_fen),
        ("转出", lambda row: row.out_fen, whole.out_fen),
        *([("预算余额", lambda row: row.available_fen, whole.available_fen)] if short else []),
        ("可用", lambda row: row.spendable_fen, whole.spendable_fen),
    ]
    kept = [each for each in columns if each[2] or each[0] in ("批准合计", "已支付", "可用")]
    rows = tuple(
        (
            line_told(row.line, names, visit.statement(row.line, row.book or ""), row.book or ""),
            *(Text(yuan(of(row))) if name == "可用" else blank(of(row)) for name, of, _ in kept),
        )
        for row in answer.lines
    )
    listing = Listing(
        f"{len(answer.lines)} 条预算线，单位：元",
        (ColumnHead("预算线"), *(AMOUNT(name) for name, _, _ in kept)),
        rows,
        (Text("合计"), *(Text(yuan(sum_fen)) for _, _, sum_fen in kept)),
        empty="没有符合条件的预算线",
    )
    about = "汇总" if many else ""
    return Shown((header, answer), "预算余额", (_line_filters(visit), listing), about=about)


def _line_filters(visit: Visit) -> Filters:
    return Filters(
        visit.path,
        tuple(line_fields(visit)),
        kept(visit),
        visit.link(visit.path),
    )


def line_fields(visit: Visit) -> list[Filter]:
    """The parts of a line, to be looked for."""
    return [
        Filter("fund", "资金性质", visit.get("fund") or "", "select", FUNDS),
        Filter("func", "功能科目", visit.get("func") or "", hint="2080105"),
        Filter("spending", "支出性质", visit.get("spending") or "", "select", SPENDINGS),
        Filter("project", "项目", visit.get("project") or "", hint="P02"),
        Filter("econ", "经济科目", visit.get("econ") or "", hint="30217"),
        Filter("origin", "形成年度", visit.get("origin") or "", hint="2020"),
    ]


def kept(visit: Visit) -> tuple[tuple[str, str], ...]:
    """What a form leaves as it is: the book and the moment."""
    from cli.web.visit import WHERE

    return tuple((name, visit.said[name]) for name in WHERE if name in visit.said)


def whole_statement(visit: Visit, line: str) -> tuple[msgspec.Struct, ...]:
    """What `statement` prints."""
    with visit.book() as opened:
        return opened.header(), stated(opened, BudgetLine.parse(line))


def statement(visit: Visit, line: str) -> Shown:
    """明细账 of a line, a page of it."""
    wanted = BudgetLine.parse(line)
    with visit.book() as opened:
        header, names = opened.header(), opened.names()
        after, before = (visit.number(name) for name in ("after", "before"))
        answer = page(opened, wanted, PAGE_ROWS, after=after, before=before)
    parts = (
        ("资金性质", Text(FUND_NAMES[wanted.fund])),
        ("功能科目", Text(f"{wanted.func} {names.functional(wanted.func)}")),
        ("支出性质", Text(SPENDING_NAMES[wanted.spending])),
        *(
            [("项目", Text(f"{wanted.project} {names.project(wanted.project)}"))]
            if wanted.project != NO_PROJECT
            else []
        ),
        *(
            [("经济科目", Text(f"{wanted.econ} {names.economic(wanted.econ)}"))]
            if wanted.econ != NO_ECON
            else []
        ),
        ("形成年度", Text(str(wanted.origin))),
        ("可用余额", Text(f"{yuan(answer.available_fen)} 元")),
    )
    links = []
    if answer.earlier and answer.rows:
        links.append(("更早", visit.again(before=answer.rows[0].entry, after=None)))
    if answer.later and answer.rows:
        links.append(("更晚", visit.again(after=answer.rows[-1].entry, before=None)))
    pager = (Pager(tuple(links)),) if links else ()
    rows = tuple(
        (
            Text(row.date),
            Text(f"第 {row.entry} 笔", visit.entry(row.entry)),
            Text(KIND_NAMES[row.kind]),
            Text(row.doc),
            Text(row.payee or row.purpose or "", note=row.purpose or "" if row.payee else ""),
            blank(row.approved_fen),
            blank(row.paid_fen),
            blank(row.other_fen),
            Text(yuan(row.available_fen)),
        )
        for row in answer.rows
    )
    heads = (
        *map(ColumnHead, ("日期", "记录", "业务", "文号", "收款人或用途")),
        *map(AMOUNT, ("批准", "支付", "其他", "余额")),
    )
    listing = Listing("按业务日期，单位：元", heads, rows)
    return Shown(
        (header,),
        "明细账",
        (Facts("", parts), *pager, listing, *pager),
        (Text("预算余额", visit.link("/balance")),),
        about=line,
    )


def execution(visit: Visit) -> Shown:
    """执行率 of every project. Raises `Malformed`."""
    scopes: dict[str, executed.Scope] = {"all": "all", "current": "current"}
    scope = scopes.get(visit.get("scope") or "all")
    if scope is None:
        raise Malformed(
            Unreadable.SCOPE_UNKNOWN,
            field="scope",
            value=visit.get("scope") or "",
            expected="all | current",
        )
    with visit.source() as opened:
        header = opened.header()
        answer = executed.execution(opened, scope)

    def figures(
        of: executed.Executed | executed.ProjectExecuted | executed.KindExecuted,
    ) -> tuple[Text, ...]:
        return (
            Text(yuan(of.initial_fen)),
            Text(yuan(of.annual_budget_fen)),
            Text(yuan(of.executed_fen)),
            Text(percent(of.rate)),
        )

    rows = [
        (
            Text(
                each.name or each.project,
                visit.link("/balance", project=each.project),
                note=each.project,
            ),
            *figures(each),
        )
        for each in answer.projects
    ]
    rows.append(
        (Text("基本支出", visit.link("/balance", spending="basic")), *figures(answer.basic))
    )
    rows += [
        (Text(SPENDING_NAMES[Spending(each.spending)]), *figures(each)) for each in answer.other
    ]
    heads = (ColumnHead("项目"), *map(AMOUNT, ("年初预算", "全年预算", "执行数", "执行率")))
    choice = Filter(
        "scope", "口径", scope, "select", (("all", "含上年结转"), ("current", "本年预算"))
    )
    return Shown(
        (header, answer),
        "预算执行",
        (
            Filters(visit.path, (choice,), kept(visit), visit.link(visit.path)),
            Listing("单位：元", heads, tuple(rows), (Text("合计"), *figures(answer.totals))),
        ),
    )


def progress(visit: Visit) -> Shown:
    """执行进度 against 序时进度, by project, below it the lines that lag."""
    with visit.source() as opened:
        header, names = opened.header(), opened.names()
        answer = paced(opened)

    def figures(of: Pace | ProjectPace | LinePace) -> tuple[Text, ...]:
        light = LIGHTS.get(of.light, "")
        return (
            Text(yuan(of.annual_budget_fen)),
            Text(yuan(of.executed_fen)),
            Text(percent(of.rate)),
            Text(percent(of.gap)),
            Text(LIGHT_NAMES[of.light], light=light),
            Text(percent(of.december_share)),
        )

    rows = []
    for each in answer.projects:
        name = each.name or (
            SPENDING_NAMES[Spending(each.spending)] if each.project == NO_PROJECT else ""
        )
        note = " ".join(filter(None, (each.project, each.book or "")))
        link = visit.link("/balance", project=each.project, spending=each.spending)
        rows.append((Text(name or each.project, link, note=note), *figures(each)))
        rows += [
            (
                line_told(line.line, names, visit.statement(line.line, each.book or "")),
                *figures(line),
            )
            for line in each.lines
            if line.light in ("yellow", "red")
        ]
    hints = [
        Notice(f"{each.project} {each.name}：{hint.message}")
        for each in answer.projects
        for hint in each.hints
    ]
    heads = (
        ColumnHead("项目或预算线"),
        *map(AMOUNT, ("全年预算", "执行数", "执行率", "较序时")),
        ColumnHead("灯", "mark"),
        AMOUNT("12月占比"),
    )
    return Shown(
        (header, answer),
        "执行进度",
        (Listing("单位：元", heads, tuple(rows), (Text("合计"), *figures(answer.totals))), *hints),
        about=f"至 {answer.date or '—'}，序时进度 {percent(answer.time_progress)}",
    )


def three_public(visit: Visit) -> Shown:
    """三公经费."""
    header, answer, compared = answers.three_public(visit.session, visit.cut, visit.rolled, None)
    visit.named()
    rows = tuple(
        (
            Text(label),
            *(
                Text("—" if of is None else yuan(getattr(of, f"{name}_fen")))
                for of in (
                    answer.budget,
                    answer.annual_budget,
                    answer.actual,
                    answer.left,
                    answer.other_funds,
                    answer.last_year,
                )
            ),
            Text(percent(getattr(answer.rate, name))),
        )
        for name, label in (
            ("overseas", "因公出国（境）费"),
            ("vehicle", "公务用车购置及运行维护费"),
            ("vehicle_purchase", "　其中：购置费"),
            ("vehicle_operation", "　　　　运行维护费"),
            ("reception", "公务接待费"),
            ("total", "合计"),
        )
    )
    heads = (
        ColumnHead("项目"),
        *map(
            AMOUNT,
            ("年初预算", "全年预算", "决算数", "余额", "其他资金支付", "上年决算数", "执行率"),
        ),
    )
    counted = "、".join(FUND_NAMES[fund] for fund in answer.funds)
    return Shown(
        (header, answer, compared),
        "三公经费",
        (Listing("单位：元", heads, rows[:-1], rows[-1], note=compared.told()),),
        about=f"口径：{counted}",
    )


def carryover(visit: Visit) -> Shown:
    """结转结余 from opening to closing."""
    with visit.source() as opened:
        header, names = opened.header(), opened.names()
        answer = walked(opened)
    rows = tuple(
        (_item(each, names), *(blank(getattr(each, name)) for name in WALK))
        for each in answer.items
    )
    heads = (
        ColumnHead("资金、科目、项目"),
        *map(AMOUNT, ("年初结转", "收入", "使用结余", "支出", "结余分配", "年末结转")),
    )
    foot = (Text("合计"), *(Text(yuan(getattr(answer, name))) for name in WALK))
    changes = tuple(
        (Text(OPENING_CHANGE_NAMES[each.kind]), Text(each.doc), Text(yuan(each.fen)))
        for each in answer.opening_adjustments
    )
    adjusted = Listing(
        "年初余额调整", (ColumnHead("类型"), ColumnHead("文号"), AMOUNT("金额")), changes
    )
    return Shown(
        (header, answer),
        "结转结余",
        (Listing("单位：元", heads, rows, foot), *([adjusted] if changes else [])),
    )


def _item(each: OfItem, names: BookNames) -> Text:
    """Money of one purpose and origin, by its names."""
    fund = "" if each.fund is None else FUND_NAMES[Fund(each.fund)]
    if each.func is None:
        return Text(fund or "合计")
    project = each.project or ""
    told = (
        names.functional(each.func) or each.func,
        "基本支出" if project == NO_PROJECT else names.project(project) or project,
    )
    return Text("　".join(told), note=f"{fund} {each.func} {project} {each.origin}")


def carry_ageing(visit: Visit) -> Shown:
    """结转账龄: by origin, and the lines."""
    with visit.source() as opened:
        header, names = opened.header(), opened.names()
        answer = ages(opened)

    def term(light: str | None, months: int | None, ends: object) -> tuple[Text, ...]:
        if ends is None:
            return (Text("—"), Text(""), Text("—"))
        return (
            Text(str(ends)),
            Text("" if months is None else str(months)),
            Text(LIGHT_NAMES[light], light=LIGHTS.get(light, "")),
        )

    limit = (ColumnHead("两年期限"), AMOUNT("剩余月数"), ColumnHead("灯", "mark"))
    figures = ("available_fen", "pending_fen", "held_fen", "left_fen")
    columns = tuple(map(AMOUNT, ("可执行", "待下达", "在途", "剩余")))
    origins = tuple(
        (
            Text(f"{row.origin} 年", note=f"{row.lines} 条预算线"),
            *(blank(getattr(row, name)) for name in figures),
            blank(row.term_fen),
            *term(row.light, row.months_left, row.ends),
        )
        for row in answer.origins
    )
    foot = (
        Text("合计"),
        *(Text(yuan(getattr(answer.totals, name))) for name in figures),
        Text(yuan(sum(row.term_fen for row in answer.origins))),
        *(Text(""),) * 3,
    )
    about = [OfUnits(row.project, row.name, row.units) for row in answer.lines]
    lines = tuple(
        (
            line_told(
                row.line, names, "" if visit.rolled.units else visit.statement(row.line), whose
            ),
            *(blank(getattr(row, name)) for name in figures),
            *term(row.light, row.months_left, row.ends),
        )
        for row, whose in zip(answer.lines, told_apart(about), strict=True)
    )
    return Shown(
        (header, answer),
        "结转账龄",
        (
            Listing(
                "按形成年度，单位：元",
                (ColumnHead("形成年度"), *columns, AMOUNT("其中有期限"), *limit),
                origins,
                foot,
                empty="没有剩余",
            ),
            Listing(
                "按预算线，单位：元",
                (ColumnHead("预算线"), *columns, *limit),
                lines,
                empty="没有剩余",
            ),
        ),
        about=f"至 {answer.date or '—'}",
    )


def opening(visit: Visit) -> Shown:
    """年初结转结余: how it came about."""
    header, answer = answers.opening(visit.session, visit.cut, visit.rolled)
    with visit.source() as opened:
        names = opened.names()
    figures = ("opening_before_fen", "adjusted_fen", "opening_fen")
    rows = tuple(
        (_item(each, names), *(blank(getattr(each, name)) for name in figures))
        for each in answer.items
    )
    foot = (Text("合计"), *(Text(yuan(getattr(answer, name))) for name in figures))
    adjusted = tuple(
        (
            Text(f"第 {each.entry} 笔", visit.entry(each.entry, each.book or "")),
            Text(each.date),
            Text(OPENING_CHANGE_NAMES[each.kind]),
            Text(each.doc),
            _item(each, names),
            Text(yuan(each.fen)),
        )
        for each in answer.adjustments
    )
    told = [
        Notice(
            f"{each.book} 的决算已于 {each.approved_on} 批复（{each.doc}）"
            + (
                f"，年初还须调整 {len(each.to_record)} 项"
                if each.to_record
                else "，年初没有尚须调整的"
            ),
            "watch" if each.to_record else "good",
        )
        for each in answer.final_accounts or ()
    ]
    heads = (ColumnHead("资金、科目、项目"), *map(AMOUNT, ("调整前年初", "调整", "年初")))
    return Shown(
        (header, answer),
        "年初结转结余",
        (
            *told,
            Listing("单位：元", heads, rows, foot, empty="没有上年结转"),
            Listing(
                "调整事项",
                (
                    *map(ColumnHead, ("记录", "日期", "调整类型", "文号", "资金、科目、项目")),
                    AMOUNT("金额"),
                ),
                adjusted,
                empty="没有年初余额调整",
            ),
        ),
    )
