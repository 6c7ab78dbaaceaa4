"""How the year stands: what a chief reads in ten seconds, each figure a way to the rest."""

from collections import Counter

import msgspec
from msgspec import UNSET, UnsetType

from cli.terminal.asking import years_beside
from cli.web.pages.audit import audited_before
from cli.web.parts import (
    Abreast,
    Block,
    ColumnHead,
    Light,
    Listing,
    Shown,
    Text,
    Tile,
    Tiles,
)
from cli.web.visit import Visit
from ledger.kinds import KIND_NAMES
from ledger.money import percent, wan, yuan
from ledger.parse import AUTHORITIES
from projections.questions.ageing import OriginAge, ageing
from projections.questions.approval import Waiting, pending
from projections.questions.balances import Standing, balances
from projections.questions.progress import Pace, Progress, progress
from projections.questions.three_public import ThreePublic, three_public
from projections.report.checks import check
from projections.report.document.composition import of_the_year
from projections.report.findings import Findings
from projections.report.narrative.sentences import Teller
from projections.views.reading import Reading

_FEW = 6
_FINDINGS = 3
LIGHTS: dict[str | None, Light] = {
    "green": "good",
    "watch": "good",
    "yellow": "watch",
    "red": "bad",
    "due": "bad",
}


class Overview(msgspec.Struct, frozen=True):
    """How a book, or a department, stands: its name and form, whether it is closed; execution
    against time, all lines together, 三公经费, what waits (of a department the number of requests
    of each book is in `waiting`), carry-over by its age, and what is open of the checks, by
    tier."""

    name: str
    edition: str
    closed: bool
    date: str | None
    time_progress: str | None
    execution: Pace
    standing: Standing
    three_public: ThreePublic
    pending: list[Waiting]
    ageing: list[OriginAge]
    checks: dict[str, int]
    audited: int | None
    waiting: dict[str, int] | UnsetType = UNSET


def overview(visit: Visit) -> Shown:
    """The first page, as of one moment."""
    years = years_beside(visit.session, visit.cut, visit.rolled)
    with visit.report() as report:
        source = report.source
        pace = progress(source)
        money = three_public(source, report.edition.three_public_funds)
        if report.before:
            then = three_public(report.before.source, report.edition.three_public_funds)
            money = msgspec.structs.replace(money, last_year=then.actual)
        requests = {str(one.book): pending(one).requests for one in source.members()}
        ages = ageing(source).origins
        found = check(report, years=years)
        alone = isinstance(source, Reading)
        answer = Overview(
            name=source.name,
            edition=report.edition.name,
            closed=all(one.closed is not None for one in source.members()),
            date=None if pace.date is None else pace.date.isoformat(),
            time_progress=pace.time_progress,
            execution=pace.totals,
            standing=balances(source).totals,
            three_public=money,
            pending=[each for of in requests.values() for each in of],
            ageing=ages,
            checks=dict(Counter(each.tier for each in found.findings)),
            audited=audited_before(visit.session.db, source.members()[0]) if alone else None,
            waiting=UNSET if alone else {book: len(of) for book, of in requests.items() if of},
        )
        drawn = tuple(of_the_year(report, Teller(report), pace))
        header = source.header()
    state = "已结账" if answer.closed else "未结账"
    judged = f"，执行至 {answer.date}" if answer.date else ""
    return Shown(
        (header, answer),
        "概览",
        (
            Tiles(tuple(_tiles(visit, answer))),
            Abreast(
                (
                    _behind(visit, pace),
                    *drawn[: len(drawn) // 2],
                    _to_do(visit, answer, requests, found),
                    *drawn[len(drawn) // 2 :],
                )
            ),
        ),
        about=f"{source.name} {source.year} 年度，{state}，表样 {answer.edition}{judged}",
    )


def _tiles(visit: Visit, answer: Overview) -> list[Tile]:
    pace, standing, public = answer.execution, answer.standing, answer.three_public
    errors, warnings = answer.checks.get("error", 0), answer.checks.get("warn", 0)
    term = [each for each in answer.ageing if each.ends is not None and each.term_fen]
    oldest = term[0] if term else None
    due = [each for each in term if each.light in ("due", "red")]
    waits = sum((answer.waiting or {}).values()) if answer.waiting else len(answer.pending)
    gap = f"较序时 {_signed(pace.gap)}" if pace.gap else ""
    return [
        Tile(
            "执行率",
            percent(pace.rate),
            "",
            "　".join(filter(None, (f"序时 {percent(answer.time_progress)}", gap))),
            visit.link("/progress"),
            LIGHTS.get(pace.light, ""),
            reach=_whole(pace.rate),
            mark=_whole(answer.time_progress),
        ),
        Tile(
            "全年预算",
            wan(pace.annual_budget_fen),
            "万元",
            f"已支付 {wan(pace.executed_fen)} 万元",
            visit.link("/execution"),
        ),
        Tile(
            "可用",
            wan(standing.spendable_fen),
            "万元",
            f"在途 {wan(standing.held_fen)}　待下达 {wan(standing.pending_fen)}",
            visit.link("/balance"),
        ),
        Tile(
            "三公经费",
            wan(public.actual.total_fen),
            "万元",
            f"预算 {wan(public.budget.total_fen)} 万元，执行 {percent(public.rate.total)}",
            visit.link("/three-public"),
            "bad" if public.actual.total_fen > public.annual_budget.total_fen else "",
        ),
        Tile(
            "待审批",
            str(waits),
            "件",
            "等待批准的申请" if waits else "没有等待批准的申请",
            visit.link("/pending" if not visit.rolled.units else "/books"),
            "watch" if waits else "",
        ),
        Tile(
            "结转到期",
            wan(sum(each.term_fen for each in due)),
            "万元",
            f"{oldest.origin} 年形成的 {oldest.ends} 到期" if oldest else "没有有期限的结转",
            visit.link("/carry-ageing"),
            LIGHTS.get(oldest.light, "") if oldest else "",
        ),
        Tile(
            "审核",
            str(errors),
            "项错误",
            f"另有提醒 {warnings} 项",
            visit.link("/check"),
            "bad" if errors else "watch" if warnings else "good",
        ),
        Tile(
            "审计",
            "—" if answer.audited is None else str(answer.audited),
            "笔" if answer.audited is not None else "",
            "本机没有记下审计" if answer.audited is None else "审计时的笔数",
            visit.link("/audit" if not visit.rolled.units else "/books"),
        ),
    ]


def _signed(rate: str) -> str:
    told = percent(rate).removesuffix("%")
    return f"{told if told.startswith('-') else f'+{told}'} 个百分点"


def _whole(rate: str | None) -> int | None:
    """A rate as a whole percent between 0 and 100, for drawing."""
    if rate is None or rate.startswith("-"):
        return None if rate is None else 0
    whole, _, part = rate.partition(".")
    return min(int(whole) * 100 + int(part[:2]), 100)


def _behind(visit: Visit, pace: Progress) -> Block:
    """The projects that lag most."""
    slow = [each for each in pace.projects if each.light in ("red", "yellow")]
    slow.sort(key=lambda each: each.executed_fen - each.annual_budget_fen)
    rows = tuple(
        (
            Text(
                each.name or each.project,
                visit.link("/balance", project=each.project),
                note=" ".join(filter(None, (each.project, each.book or ""))),
            ),
            Text(wan(each.annual_budget_fen)),
            Text(percent(each.rate)),
            Text(percent(each.gap), light=LIGHTS.get(each.light, "")),
        )
        for each in slow[:_FEW]
    )
    more = f"另有 {len(slow) - _FEW} 个，见执行进度" if len(slow) > _FEW else ""
    return Listing(
        "落后于序时进度的项目",
        (
            ColumnHead("项目"),
            ColumnHead("全年预算（万元）", "amount"),
            ColumnHead("执行率", "amount"),
            ColumnHead("较序时", "amount"),
        ),
        rows,
        empty="没有项目落后于序时进度",
        note=more,
    )


def _to_do(
    visit: Visit, answer: Overview, requests: dict[str, list[Waiting]], found: Findings
) -> Block:
    """What somebody should look at next."""
    rows = [
        (
            Text("待审批", visit.entry(each.entry, book), note=book if visit.rolled.units else ""),
            Text(
                f"{KIND_NAMES[each.kind]}　{each.reason}".rstrip("　"),
                note=f"{each.actor}　须由{AUTHORITIES[each.needed]}批准",
            ),
            Text(yuan(each.amount_fen) if each.amount_fen is not None else ""),
        )
        for book, of in requests.items()
        for each in of[:_FEW]
    ]
    rows += [
        (
            Text("结转到期", visit.link("/carry-ageing"), light=LIGHTS.get(each.light, "")),
            Text(f"{each.origin} 年形成，{each.ends} 到期"),
            Text(yuan(each.term_fen)),
        )
        for each in answer.ageing
        if each.light in ("due", "red", "yellow") and each.term_fen
    ]
    errors = [each for each in found.findings if each.tier == "error"]
    rows += [
        (
            Text("审核", visit.link("/check"), note=each.code, light="bad"),
            Text(each.message),
            Text(""),
        )
        for each in errors[:_FINDINGS]
    ]
    if len(errors) > _FINDINGS:
        rows.append(
            (
                Text("审核", visit.link("/check")),
                Text(f"另有 {len(errors) - _FINDINGS} 项错误"),
                Text(""),
            )
        )
    rows += [
        (Text("进度", visit.link("/progress"), note=each.code), Text(each.message), Text(""))
        for each in answer.execution.hints
    ]
    return Listing(
        "要处理的",
        (ColumnHead("事项"), ColumnHead("内容"), ColumnHead("金额（元）", "amount")),
        tuple(rows),
        empty="没有要处理的",
    )
