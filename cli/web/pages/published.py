"""What is published: 决算表, a figure with what it is made of, 情况说明, 绩效自评, 审核."""

from collections.abc import Iterator

import msgspec

from cli.terminal import answers
from cli.text import ways
from cli.text.publish.findings import TIER_NAMES, counted
from cli.text.publish.narrative import lack
from cli.web.pages.money import AMOUNT
from cli.web.parts import (
    Block,
    ColumnHead,
    Facts,
    Heading,
    Light,
    Listing,
    MadeOf,
    Node,
    Notice,
    Pager,
    Shown,
    Text,
)
from cli.web.visit import PAGE_ROWS, Visit
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.kinds import KIND_NAMES
from ledger.line import parse_project
from ledger.money import yuan
from projections.questions.progress import progress
from projections.report.document.composition import section, sheet
from projections.report.document.counting import EntriesPage, page
from projections.report.document.self_evaluation import sections
from projections.report.explain import explain as explained
from projections.report.figure import Figure, Report
from projections.report.figures import ADDED_UP
from projections.report.findings import Finding, Tier
from projections.report.narrative.answer import ToldNeed
from projections.report.narrative.answer import narrative as told
from projections.report.narrative.sentences import Teller
from projections.report.performance.forms import Forms
from projections.report.performance.indicators import WHOLE
from projections.report.performance.told import performance as scored
from projections.report.tables import filled, meant
from projections.report.tables import table as one

_LIGHTS: dict[Tier, Light] = {"error": "bad", "warn": "watch", "info": "good"}


class ListedTable(msgspec.Struct, frozen=True):
    """A table of an edition: its number, that on paper, and its title."""

    table: int
    number: str
    title: str


class ListedTables(msgspec.Struct, frozen=True):
    """The tables of an edition."""

    edition: str
    tables: list[ListedTable]


def tables(visit: Visit) -> Shown:
    """The tables there are."""
    with visit.report() as report:
        header = report.source.header()
        answer = _listed(report)
    rows = tuple(
        (
            Text(each.number),
            Text(each.title, visit.link(f"/table/{each.table}")),
        )
        for each in answer.tables
    )
    return Shown(
        (header, answer),
        "部门决算公开表",
        (Listing("", (ColumnHead("编号"), ColumnHead("表名")), rows),),
        about=f"表样 {answer.edition}；表中每个数都可以点开，看它由哪些记录构成",
    )


def _listed(report: Report) -> ListedTables:
    cells, edition = report.cells, report.edition
    return ListedTables(
        edition.name,
        [
            ListedTable(number, edition.form_number(number), filled(cells, form.title))
            for number, form in cells.forms.items()
        ],
    )


def table(visit: Visit, number: str) -> Shown:
    """One table, every figure a way to its explanation."""
    with visit.report() as report:
        wanted = meant(report.cells, number)
        answer = one(report.cells, wanted)
        drawn = sheet(report, answer)
        header, listed = report.source.header(), _listed(report).tables
    numbers = [each.table for each in listed]
    at = numbers.index(wanted)
    links = tuple(
        (f"{name}　{listed[to].title}", visit.link(f"/table/{listed[to].table}"))
        for name, to in (("上一张", at - 1), ("下一张", at + 1))
        if 0 <= to < len(listed)
    )
    return Shown(
        (header, answer),
        answer.title,
        (drawn, Pager(links)),
        (Text("决算表", visit.link("/tables")),),
    )


def whole_explanation(visit: Visit, cell: str) -> tuple[msgspec.Struct, ...]:
    """What `explain` prints, all entries."""
    with visit.report() as report:
        answer = explained(report, parse.required(cell, field="cell"))
        return report.source.header(), answer


def explain(visit: Visit, cell: str) -> Shown:
    """A figure: what it is, what it is made of, and a page of its entries."""
    after = _place(visit)
    with visit.report() as report:
        figure = report.known(parse.required(cell, field="cell"))
        header = report.source.header()
        counted = page(report, figure, after, PAGE_ROWS)
        parts = _nodes(visit, report, figure, _DEEP)
        before = _last_year(visit, report, figure)
        listed = {each.table: each for each in _listed(report).tables}
    much = _exact(figure)
    path = [Text("决算表", visit.link("/tables"))]
    if figure.id.startswith("T") and (number := _table_of(figure.id)) in listed:
        path.append(Text(listed[number].title, visit.link(f"/table/{number}")))
    elif figure.id.startswith("E."):
        path = [Text("绩效自评", visit.link("/performance"))]
    elif figure.id.startswith("N."):
        path = [Text("情况说明", visit.link("/narrative"))]
    rows = [
        ("编号", Text(figure.id)),
        ("印出", Text(f"{figure.printed or '（空）'} {figure.unit}".rstrip())),
        ("取数", Text(figure.formula)),
        *([("上年", before)] if before is not None else []),
    ]
    if much:
        rows.insert(1, ("准确数", Text(much)))
    blocks: list[Block] = [Facts("", tuple(rows))]
    blocks += [
        Notice(each.message, "watch", tuple(map(ways.command, each.ways))) for each in figure.needed
    ]
    if parts:
        blocks.append(MadeOf("由这些数构成", parts))
    if figure.kind in ADDED_UP:
        blocks += _entries(visit, figure, counted, first=after is None)
    elif parts:
        blocks.append(Notice("这个数不是各笔之和；点开构成它的数，看各自的记录。", "good"))
    return Shown((header,), figure.label, tuple(blocks), tuple(path), about=figure.id)


def _table_of(name: str) -> int:
    digits = name[1:].partition(".")[0]
    return int(digits) if digits.isdecimal() else 0


def _place(visit: Visit) -> tuple[str, int] | None:
    """The entry after which a page begins: `13`, of a department `420103/2020#13`. Raises
    `Malformed`."""
    said = visit.get("after")
    if said is None:
        return None
    book, _, number = said.rpartition("#")
    if not book:
        book = "" if visit.rolled.units else str(visit.session.book())
    return book, parse.entry_number(number)


def _exact(figure: Figure) -> str:
    if figure.value is None:
        return ""
    return f"{yuan(figure.fen)} 元" if figure.kind == "amount" else ""


def _last_year(visit: Visit, report: Report, figure: Figure) -> Text | None:
    if figure.kind not in ADDED_UP or "@" in figure.id:
        return None
    then = report.last_year(figure.id)
    if then.needed or then.value is None:
        return None
    return Text(f"{then.printed or '0'} {then.unit}".rstrip(), visit.figure(then.id))


_DEEP = 4


def _nodes(visit: Visit, report: Report, figure: Figure, deep: int) -> tuple[Node, ...]:
    """The parts of a figure and theirs; of an amount those that are something."""
    if not deep:
        return ()
    parts = [(sign, report.figure(name)) for sign, name in figure.parts]
    return tuple(
        Node(
            sign,
            Text(part.id, visit.figure(part.id)),
            part.label,
            f"{yuan(part.fen)} 元" if part.kind == "amount" else f"{part.printed}{part.unit}",
            part.formula,
            _nodes(visit, report, part, deep - 1),
        )
        for sign, part in parts
        if part.number or part.kind not in ADDED_UP or part.own
    )


def _entries(visit: Visit, figure: Figure, counted: EntriesPage, *, first: bool) -> Iterator[Block]:
    """A page of the entries of a figure; of a department with their books."""
    several = bool(visit.rolled.units)
    fen = figure.kind == "amount"
    rows = tuple(
        (
            Text(
                f"第 {each.entry} 笔",
                visit.entry(each.entry, each.book),
                note=each.book if several else "",
            ),
            Text(each.date),
            Text(KIND_NAMES[each.kind]),
            Text(each.doc),
            Text(each.payee or each.purpose or "", note=(each.purpose or "") if each.payee else ""),
            Text(yuan(each.much) if fen else f"{each.much:,}"),
        )
        for each in counted.entries
    )
    links = []
    if not first:
        links.append(("从头", visit.again(after=None)))
    if counted.more:
        last = counted.entries[-1]
        key = f"{last.book}#{last.entry}" if several or "@" in figure.id else str(last.entry)
        links.append(("往后", visit.again(after=key)))
    pager = [Pager(tuple(links))] if links else []
    heads = (
        *map(ColumnHead, ("记录", "日期", "业务", "文号", "收款人或用途")),
        AMOUNT("计入（元）" if fen else "计入"),
    )
    whole = not counted.more and first
    caption = f"由 {len(rows)} 笔记录构成" if whole else f"其中的记录，按日期，本页 {len(rows)} 笔"
    yield Listing(caption, heads, rows, empty="没有记录计入这个数")
    yield from pager


def narrative(visit: Visit) -> Shown:
    """决算情况说明, and what is missing of it."""
    wanted = visit.get("section")
    with visit.report() as report:
        answer = told(report, wanted)
        header = report.source.header()
        teller, pace = Teller(report), progress(report.source)
        found = [section(report, teller, each, pace) for each in teller.sections(wanted)]
        parts = {each.id: each.part for each in answer.sections}
    blocks: list[Block] = []
    if answer.missing:
        blocks.append(
            Notice(
                f"还缺 {len(answer.missing)} 处，文中印为【缺：…】",
                "watch",
                (),
                (Text("看缺什么", "#缺"),),
            )
        )
    for each in found:
        if parts.get(each.anchor):
            blocks.append(Heading(parts[each.anchor]))
        if each.title:
            blocks.append(Heading(each.title, 3))
        blocks += each.blocks
    if answer.missing:
        blocks.append(Heading("还缺什么", anchor="缺"))
        blocks += [_need(each) for each in answer.missing]
    return Shown((header, answer), "决算情况说明", tuple(blocks), about=f"表样 {answer.edition}")


def _need(each: ToldNeed) -> Notice:
    return Notice(lack(each), "watch", tuple(map(ways.command, each.try_)))


def performance(visit: Visit) -> Shown:
    """绩效自评表, and what a person should see of them. Raises `Malformed`."""
    project, whole = visit.get("project"), visit.whole("whole")
    if project is not None and whole:
        expected = "不与 whole 同写（一个项目的表，或部门整体的表）"
        raise Malformed(Unreadable.OPTION_UNUSED, field="project", value=project, expected=expected)
    scope = WHOLE if whole else None if project is None else parse_project(project)
    with visit.report() as report:
        answer = scored(Forms(report.cells), scope)
        header = report.source.header()
        found = list(sections(answer.forms, Teller(report)))
    blocks: list[Block] = []
    if not found:
        blocks.append(Notice("没有绩效指标。", "good"))
    for each in found:
        blocks.append(Heading(each.title))
        blocks += each.blocks
    if answer.findings:
        blocks.append(_findings(visit, answer.findings, "要看的"))
    return Shown((header, answer), "绩效自评", tuple(blocks))


def check(visit: Visit) -> Shown:
    """审核结果."""
    header, answer = answers.checked(visit.session, visit.cut, visit.rolled, None)
    visit.named()
    blocks: list[Block] = [_findings(visit, answer.findings, "审核结果")]
    blocks += [Notice(f"未审核 {each.code}：{each.why}", "good") for each in answer.not_run]
    return Shown((header, answer), "审核", tuple(blocks), about=counted(answer.findings))


_CELLS = 6


def _cells_of(visit: Visit, finding: Finding) -> Text:
    """The first figure of a finding, and what others it is about."""
    if not finding.cells:
        return Text("")
    first, *others = finding.cells
    return Text(first, visit.figure(first), note="、".join(others[:_CELLS]))


def _findings(visit: Visit, found: list[Finding], caption: str) -> Listing:
    rows = tuple(
        (
            Text(TIER_NAMES[each.tier], note=each.code, light=_LIGHTS[each.tier]),
            Text(
                each.message,
                note="\n".join([each.suggestion, *map(ways.command, each.try_ or ())]).strip("\n"),
            ),
            _cells_of(visit, each),
        )
        for each in found
    )
    return Listing(
        caption,
        (ColumnHead("级别"), ColumnHead("内容"), ColumnHead("单元格")),
        rows,
        empty="没有发现",
    )
