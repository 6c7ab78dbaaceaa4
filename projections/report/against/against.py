"""与公布的数核对 (`check --against`): every printed figure that is not what the book gives, each
with what it equals instead; what follows from a wrong one; and in one line what is rounding."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import UNSET

from ledger.refusals import Way
from projections.report.against.causes import Causes
from projections.report.against.judged import Judge, Judged
from projections.report.against.known import named
from projections.report.against.said import (
    Printed,
    PrintedNumber,
    exact,
    exact_place,
    folded,
    listed,
    shown,
)
from projections.report.editions import of_source
from projections.report.figure import Figure, Report
from projections.report.figures import FigureKind
from projections.report.findings import Cause, Finding, NotRun
from projections.views.reading import Reading

DIFFERS, FOLLOWS, ROUNDING = "AGAINST.DIFFERS", "AGAINST.FOLLOWS", "AGAINST.ROUNDING"
_TOLD = 8


def against(report: Report, rows: Iterable[Printed]) -> tuple[list[Finding], list[NotRun]]:
    """What was printed, held against the book, in the order in which it was printed."""
    judge = Judge(report, rows)
    causes = Causes(report, judge.numbers)
    every = judge.every()
    found: list[Finding] = []
    for each in every:
        if each.verdict == "differs":
            found.append(_differs(report, judge, causes, each.printed))
        elif each.verdict == "follows":
            found.append(_follows(report, each))
    found += _rounding(report, [each.printed for each in every if each.verdict == "rounded"])
    return found, _unsaid([each.printed for each in every if each.verdict == "unsaid"])


def _differs(report: Report, judge: Judge, causes: Causes, row: Printed) -> Finding:
    figure = row.figure
    cause = None
    if isinstance(row.said, PrintedNumber):
        cause = causes.of(figure, row.said)
    by_print = judge.by_print(figure)
    why = f"；{cause.told}" if cause else ""
    if by_print is not None:
        why += f"；按所印的各数算得 {shown(by_print, exact_place(figure))}"
    return Finding(
        DIFFERS,
        "error",
        f"{named(report, figure)}{_compared(report, row)}{why}",
        [figure.id],
        suggestion=_SUGGESTED,
        try_=[_explained(report, figure)] if report.has(figure.id) else UNSET,
        printed=row.text,
        derived=_derived(row),
        cause=Cause(cause.kind, cause.cell) if cause else None,
    )


def _follows(report: Report, each: Judged) -> Finding:
    row, wrong = each.printed, report.figure(each.follows)
    return Finding(
        FOLLOWS,
        "info",
        f"{named(report, row.figure)}{_compared(report, row)}，"
        f"是按所印的{named(report, wrong)}算得的",
        [row.figure.id],
        suggestion="改正所依据的数时一并改正。",
        printed=row.text,
        derived=_derived(row),
        cause=None,
        follows=wrong.id,
    )


def _rounding(report: Report, rows: Sequence[Printed]) -> Iterator[Finding]:
    """All of it in one line."""
    if not rows:
        return
    told = "；".join(
        f"{named(report, row.figure)}印 {row.text}，应为 {_derived(row)}" for row in rows[:_TOLD]
    )
    more = "……" if len(rows) > _TOLD else ""
    yield Finding(
        ROUNDING,
        "info",
        f"因四舍五入，{len(rows)} 个数与按元算得的略有不同，都不超过所用各数末位半个单位之和："
        f"{told}{more}",
        [row.figure.id for row in rows],
        suggestion="由元取数，只舍入一次，就没有这样的差。",
    )


def _unsaid(rows: Sequence[Printed]) -> list[NotRun]:
    """What the book cannot tell yet."""
    if not rows:
        return []
    needed = dict.fromkeys(each.message for row in rows for each in row.figure.needed)
    some = "、".join(row.figure.id for row in rows[:_TOLD]) + ("……" if len(rows) > _TOLD else "")
    why = "；".join([*needed][:_TOLD]) + ("……" if len(needed) > _TOLD else "")
    return [NotRun("AGAINST", f"{len(rows)} 个公布的数账上还没有（{some}）：缺 {why}")]


def _compared(report: Report, row: Printed) -> str:
    """What was printed, and what the book gives."""
    if row.figure.kind == "names":
        return _lists(report, row)
    said = f"印为 {row.text}" if row.said is not None else "没有印"
    derived, by = _derived(row), "按规则" if row.figure.kind == "score" else "按账"
    if derived is None:
        why = _VALUELESS.get(row.figure.kind, "没有这个数")
        return f"{said}，{by}{why}"
    unit = "" if row.figure.kind == "percent" else row.figure.unit
    return f"{said}，{by}为 {derived}{unit and ' ' + unit}"


_VALUELESS: dict[FigureKind, str] = {
    "percent": "没有这个百分数：基数为零，应以文字说明",
    "score": "没有得分",
}


def _lists(report: Report, row: Printed) -> str:
    """Which names were left out, with their amounts, and which are too many."""
    ours, theirs = listed(row.figure.value), listed(row.said)
    more = {
        folded(part.label): part.printed
        for part in (report.figure(name) for _, name in row.figure.parts)
    }

    def said(name: str) -> str:
        """A name with its amount, a code with its name."""
        beside = more.get(folded(name)) or report.cells.names.functional(name)
        return f"{name} {beside}" if beside else name

    lacking = _without(ours, theirs)
    beyond = _without(theirs, ours)
    told = []
    if lacking:
        told.append(f"漏列 {'、'.join(said(name) for name in lacking)}")
    if beyond:
        told.append(f"多列 {'、'.join(said(name) for name in beyond)}（账上没有）")
    return "：" + "；".join(told)


def _without(names: Sequence[str], others: Sequence[str]) -> list[str]:
    """Those of some names that are not among others, as often as they stand there more often."""
    left = [*map(folded, others)]
    found = []
    for name in names:
        if folded(name) in left:
            left.remove(folded(name))
        else:
            found.append(name)
    return found


def _derived(row: Printed) -> str | None:
    """What the book gives, with as many decimals as the edition prints, or as were printed."""
    figure, said = row.figure, row.said
    number = exact(figure)
    if figure.value is None:
        return None
    if number is None or not isinstance(said, PrintedNumber) or said.place >= exact_place(figure):
        return figure.printed or ("0.00" if figure.kind == "amount" else "")
    percent = figure.unit if figure.kind == "percent" else ""
    return shown(number, said.place) + percent


def _explained(report: Report, figure: Figure) -> Way:
    """The command that leads from a figure to its entries."""
    way = Way("explain", figure.id)
    if report.edition.name != of_source(report.source).name:
        way = way.also(edition=report.edition.name)
    if isinstance(report.source, Reading):
        return way
    units = ",".join(one.book.unit for one in report.source.members())
    return way.also(units=units, year=report.year)


_SUGGESTED = "用 yusuan explain 编号 查到各笔：印错的改印，账上或登记有误的更正后重新核对。"
