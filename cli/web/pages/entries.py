"""What was recorded: 流水, an entry with where it goes, 待审批."""

import msgspec

from cli.terminal import answers
from cli.text import ways
from cli.text.ask.entries import about_of
from cli.text.ask.entry import ACCOUNT_NAMES, fields_of
from cli.web.pages.money import AMOUNT, blank, kept, line_fields, line_told
from cli.web.parts import (
    Block,
    Code,
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
from cli.web.visit import LINE, PAGE_ROWS, Visit
from ledger.kinds import CHOICE_NAMES, KIND_NAMES
from ledger.money import yuan
from ledger.parse import AUTHORITIES
from ledger.refusals import Way, Word
from projections.questions.approval import Decides
from projections.questions.balances import balances
from projections.questions.entries import EntryFilter, EntryInFull, EntryLog, LogEntry, entries
from projections.questions.entries import entry as found
from projections.report.editions import table_of
from projections.report.explain import MovedCell, WhereUsed, where_used
from projections.views.names import BookNames
from projections.views.reading import Reading

FILTERS = (
    *("kind", "paid", "doc", "payee", "text", "amount", "ref", "since", "until", "contract"),
    *("after", "before", "limit", "line", *LINE),
)
_KINDS = (("", "全部"), *KIND_NAMES.items())


def _wanted(visit: Visit) -> EntryFilter:
    kind = visit.get("kind")
    return answers.wanted_entries(
        visit.line,
        visit.of_payment,
        kinds=() if kind is None else (kind,),
        paid=visit.whole("paid"),
        **{
            name: visit.get(name)
            for name in (
                *("doc", "payee", "text", "amount", "ref", "since", "until"),
                *("after", "before"),
            )
        },
    )


def whole_log(visit: Visit) -> tuple[msgspec.Struct, ...]:
    """What `log` prints for these options: all of it, where no limit is said."""
    with visit.book() as opened:
        wanted = _wanted(visit)
        first = wanted.after is not None
        listed = entries(opened, wanted, visit.number("limit"), first=first)
        return opened.header(), EntryLog.of(list(listed))


def log(visit: Visit) -> Shown:
    """流水, a page of it: the last entries, or those after or before one. Where something is looked
    for, a page looks through so many entries and says where it stopped: none goes through a whole
    book of a million."""
    wanted, most = _wanted(visit), min(visit.number("limit") or PAGE_ROWS, PAGE_ROWS)
    with visit.book() as opened:
        header, names = opened.header(), opened.names()
        onward = wanted.after is not None
        near = wanted if wanted == EntryFilter() else _near(wanted, opened.upto)
        listed = list(entries(opened, near, most + 1, first=onward))
        more = len(listed) > most
        listed = (listed[:most] if onward else listed[-most:]) if listed else []
        answer = EntryLog.of(listed)
    first, last = near.after or 0, min(near.before or opened.upto + 1, opened.upto + 1)
    if more:
        first, last = (first, listed[-1].entry + 1) if onward else (listed[0].entry - 1, last)
    links = []
    if first > 0:
        links.append(("更早", visit.again(before=first + 1, after=None)))
    if last <= opened.upto:
        links.append(("更晚", visit.again(after=last - 1, before=None)))
        links.append(("最近", visit.again(after=None, before=None)))
    pager = (Pager(tuple(links)),) if links else ()
    listing = Listing(
        f"第 {first + 1:,} 至 {last - 1:,} 笔中的 {len(listed)} 笔，单位：元",
        (
            *map(ColumnHead, ("记录", "日期", "业务", "预算线", "文号", "对方、名称或摘要")),
            *map(AMOUNT, ("金额", "支付", "占用")),
        ),
        tuple(_row(visit, each, names) for each in reversed(listed)),
        empty=f"第 {first + 1:,} 至 {last - 1:,} 笔中没有符合条件的记录",
    )
    totals = Listing(
        "本页合计",
        (ColumnHead("业务"), AMOUNT("笔数"), *map(AMOUNT, ("金额", "支付", "占用"))),
        tuple(
            (
                Text(KIND_NAMES[each.kind]),
                Text(f"{each.entries:,}"),
                blank(each.amount_fen),
                blank(each.paid_fen),
                blank(each.held_fen),
            )
            for each in answer.totals
        ),
    )
    return Shown(
        (header, answer),
        "流水",
        (_filters(visit), *pager, listing, *pager, *([totals] if listed else [])),
        about=f"共 {opened.upto:,} 笔，新的在上",
    )


_LOOKED_THROUGH = 200_000
"""Entries that a page looks through for what is asked for."""


def _near(wanted: EntryFilter, upto: int) -> EntryFilter:
    """The same within so many entries after or before those that the page begins at."""
    if wanted.after is not None:
        end = wanted.after + _LOOKED_THROUGH + 1
        return wanted if end > upto else wanted._replace(before=min(end, wanted.before or end))
    begin = min(wanted.before or upto + 1, upto + 1) - 1 - _LOOKED_THROUGH
    return wanted if begin <= 0 else wanted._replace(after=begin)


def _filters(visit: Visit) -> Filters:
    """The form, filled in as the page was visit; what it says of the place in the list goes."""
    return Filters(
        visit.path,
        (
            Filter("kind", "业务", visit.get("kind") or "", "select", _KINDS),
            Filter("since", "起", visit.get("since") or "", "date"),
            Filter("until", "止", visit.get("until") or "", "date"),
            Filter("payee", "收款人含", visit.get("payee") or ""),
            Filter("doc", "文号含", visit.get("doc") or ""),
            Filter("text", "任一文字含", visit.get("text") or ""),
            Filter("amount", "金额（元）", visit.get("amount") or ""),
        ),
        kept(visit),
        visit.link(visit.path),
        (*line_fields(visit), Filter("contract", "合同号", visit.get("contract") or "")),
    )


def _row(visit: Visit, entry: LogEntry, names: BookNames) -> tuple[Text, ...]:
    note = f"冲销第 {entry.undoes} 笔" if entry.undoes is not None else ""
    amount = "" if entry.amount_fen is None else yuan(entry.amount_fen)
    undone = "" if entry.undone_fen is None else f"同时冲销 {yuan(entry.undone_fen)}"
    return (
        Text(str(entry.entry), visit.entry(entry.entry)),
        Text(entry.date),
        Text(KIND_NAMES[entry.kind], note=note),
        Text("")
        if entry.line is None
        else line_told(entry.line, names, visit.statement(entry.line)),
        Text(entry.doc),
        Text(about_of(entry), note=(entry.purpose or "") if entry.payee else ""),
        Text(amount, note=undone),
        blank(entry.paid_fen or 0),
        blank(entry.held_fen or 0),
    )


def whole_entry(visit: Visit, number: int) -> tuple[msgspec.Struct, ...]:
    """What `show` prints."""
    return answers.entry(visit.session, visit.cut, number)


def show(visit: Visit, number: int) -> Shown:
    """An entry with all that it says and moved, where it goes, and what has the same 文号."""
    visit.no_department()
    with visit.report() as report:
        opened = report.source.members()[0]
        header, names = opened.header(), opened.names()
        answer = found(opened, number)
        used = where_used(report, number, opened)
        same = _same_document(opened, answer)
        there = _lines_of(opened) if answer.decides is not None else frozenset()
    blocks: list[Block] = [_facts(visit, answer, names)]
    if answer.postings:
        blocks.append(_moves(visit, answer, names))
    if answer.decides is not None:
        blocks += _decided(visit, answer.decides, names, there)
    blocks.append(_used(visit, used))
    if same:
        blocks.append(
            Listing(
                "同一文号的其他记录",
                (*map(ColumnHead, ("记录", "日期", "业务", "对方、名称或摘要")), AMOUNT("金额")),
                tuple(
                    (
                        Text(f"第 {each.entry} 笔", visit.entry(each.entry)),
                        Text(each.date),
                        Text(KIND_NAMES[each.kind]),
                        Text(about_of(each)),
                        Text("" if each.amount_fen is None else yuan(each.amount_fen)),
                    )
                    for each in same
                ),
            )
        )
    stored = msgspec.json.format(bytes(answer.stored), indent=2).decode()
    blocks.append(Code("存储的内容", stored))
    links = [("上一笔", number - 1), ("下一笔", number + 1)]
    pager = Pager(
        tuple((name, visit.entry(at)) for name, at in links if 1 <= at <= opened.head.entries)
    )
    kind = KIND_NAMES[answer.kind]
    return Shown(
        (header, answer),
        f"第 {number} 笔　{kind}",
        (pager, *blocks),
        (Text("流水", visit.link("/log", before=number + 1)),),
        about=about_of(answer),
    )


def used_in(visit: Visit, number: int) -> Shown:
    """Where an entry goes."""
    with visit.report() as report:
        answer = answers.used_in(visit.session, report, number)
        header = report.source.header()
    return Shown(
        (header, answer),
        f"第 {number} 笔的去向",
        (_used(visit, answer),),
        (Text(f"第 {number} 笔", visit.entry(number)),),
    )


_SAME_MAX = 20


def _same_document(opened: Reading, answer: EntryInFull) -> list[LogEntry]:
    """Other entries that bear its 文号, of those near to it: no page looks through a whole book."""
    if not answer.doc:
        return []
    near = EntryFilter(
        doc=answer.doc, after=max(answer.entry - _NEAR, 0), before=answer.entry + _NEAR
    )
    listed = entries(opened, near, _SAME_MAX + 1)
    return [each for each in listed if each.entry != answer.entry and each.doc == answer.doc]


_NEAR = 2_000


def _facts(visit: Visit, answer: EntryInFull, names: BookNames) -> Facts:
    """What an entry says, with links to the line and to the entries that it is about."""
    to = {
        "预算线": "" if answer.line is None else visit.statement(answer.line),
        "对应原笔": visit.entry(answer.original or 0),
        "冲销的原笔": visit.entry(answer.undoes or 0),
        "文号": visit.link("/log", doc=answer.doc),
        "收款人": visit.link("/log", payee=answer.payee),
        "合同号": visit.link("/log", contract=answer.contract),
    }
    notes = {"经济科目": names.economic(answer.econ or "")}
    if answer.line is not None:
        notes["预算线"] = line_told(answer.line, names).text
    rows = [
        (name, Text(value, to.get(name, ""), notes.get(name, "")))
        for name, value in fields_of(answer)
    ]
    rows = [row for row in rows if row[0] != "其后相关"]
    rows += [("其后相关", Text(f"第 {each} 笔", visit.entry(each))) for each in answer.later]
    return Facts("", tuple(rows))


def _moves(visit: Visit, answer: EntryInFull, names: BookNames) -> Listing:
    rows = tuple(
        (
            line_told(move.line, names, visit.statement(move.line)),
            Text(ACCOUNT_NAMES[move.account]),
            Text(names.economic(move.econ), note=move.econ) if move.econ != "-" else Text(""),
            Text(move.gov_econ or ""),
            Text(yuan(move.amount_fen)),
        )
        for move in answer.postings
    )
    heads = (*map(ColumnHead, ("预算线", "账户", "经济科目", "政府经济分类")), AMOUNT("金额"))
    return Listing("分录，单位：元", heads, rows)


def _lines_of(opened: Reading) -> frozenset[str]:
    """The lines that there are: a request may name one that is still to be."""
    return frozenset(row.line for row in balances(opened).lines)


def _decided(
    visit: Visit, decides: Decides, names: BookNames, there: frozenset[str]
) -> list[Block]:
    """What an entry decides, line by line."""
    blocks: list[Block] = []
    if decides.needed and decides.why:
        blocks.append(Notice(f"须由{AUTHORITIES[decides.needed]}批准：{decides.why}"))

    def line(text: str) -> Text:
        if ":" not in text:
            return Text(text)
        return line_told(text, names, visit.statement(text) if text in there else "")

    if decides.decisions:
        rows = tuple(
            (
                line(each.line),
                Text("余款结转" if each.choice is None else CHOICE_NAMES[each.choice]),
                Text(each.doc),
                Text(yuan(each.amount_fen)),
                blank(each.pending_fen),
            )
            for each in decides.decisions
        )
        heads = (*map(ColumnHead, ("预算线", "处理", "文号")), *map(AMOUNT, ("可执行", "待下达")))
        blocks.append(Listing("各预算线的处理，单位：元", heads, rows))
    sides = [("调出", each) for each in decides.sources] + [("调入", e) for e in decides.targets]
    if sides:
        moved = tuple((Text(side), line(of.line), Text(yuan(of.amount_fen))) for side, of in sides)
        blocks.append(
            Listing(
                "调剂，单位：元", (ColumnHead("方向"), ColumnHead("预算线"), AMOUNT("金额")), moved
            )
        )
    return blocks


def _used(visit: Visit, used: WhereUsed) -> Listing:
    """The figures that an entry moved."""

    def where(cell: MovedCell) -> str:
        table = table_of(cell.cell)
        return "情况说明、绩效" if table is None else f"表{table}"

    rows = tuple(
        (
            Text(where(cell)),
            Text(cell.cell, visit.figure(cell.cell)),
            Text(cell.label),
            Text(yuan(cell.fen)) if isinstance(cell.fen, int) else Text(""),
        )
        for cell in used.cells
    )
    rows += tuple(
        (Text("填写"), Text(each.slot), Text(each.label), Text("")) for each in used.fills or ()
    )
    return Listing(
        f"去向：{len(used.cells)} 个公开的数，单位：元",
        (*map(ColumnHead, ("处", "编号", "名称")), AMOUNT("金额")),
        rows,
        empty="没有进入公开的数",
    )


def pending(visit: Visit) -> Shown:
    """待审批: what waits, and who must approve it."""
    visit.no_department()
    header, answer = answers.pending(visit.session, visit.cut)
    with visit.book() as opened:
        names, there = opened.names(), _lines_of(opened)
    rows = []
    for each in answer.requests:
        lines = each.lines if each.decides is None or not each.decides.decisions else []
        first: tuple[Text, ...] = (
            Text(f"第 {each.entry} 笔", visit.entry(each.entry)),
            Text(each.date.isoformat()),
            Text(KIND_NAMES[each.kind], note=each.actor),
            Text(AUTHORITIES[each.needed], note=each.why),
            Text(each.doc),
            Text(each.reason),
        )
        for line in lines:
            link = visit.statement(line.line) if line.line in there else ""
            told = line_told(line.line, names, link)
            rows.append((*first, told, Text(yuan(line.amount_fen))))
            first = (Text(""),) * len(first)
        if not lines:
            amount = "" if each.amount_fen is None else yuan(each.amount_fen)
            rows.append((*first, Text(""), Text(amount)))
    heads = (
        *map(ColumnHead, ("记录", "日期", "业务", "须由", "文号", "事由", "预算线")),
        AMOUNT("可用增减"),
    )
    blocks: list[Block] = [Listing("单位：元", heads, tuple(rows), empty="没有待审批的申请")]
    if answer.carried_on:
        onward = answer.carried_on
        blocks.append(Notice(onward.told(), "watch", (ways.command(onward.check),)))
    if answer.requests:
        entry, actor = Word("编号"), Word("批准人")
        approve = Way("approve", entry, authority=Word("审批层级"), actor=actor)
        reject = Way("reject", entry, reason=Word("事由"))
        typed = "\n".join(map(ways.command, (approve, reject)))
        blocks.append(Code("在终端中批准、否决或撤回：", typed))
    return Shown((header, answer), "待审批", tuple(blocks), about=f"{len(answer.requests)} 件")
