"""Is the year's money spent in time? (执行进度) By project and line, against 序时进度 (R14).

Only hints: slow execution, a missed checkpoint or a rush in December refuses nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import chain
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger.line import NO_PROJECT, SPENDING_NAMES, BudgetLine, Spending
from ledger.money import percent, rate
from projections.questions.measures import Measure, counted
from projections.views.reading import Reading
from projections.views.source import Source

MONTHS = 12
YELLOW_POINTS, RED_POINTS = 10, 20
"""R14: more percentage points than these behind 序时进度."""
DECEMBER_PERCENT = 25
"""R14: a larger share of the year's payments in December is 突击花钱."""


class Checkpoint(NamedTuple):
    """R14: by the end of `month` so much of the budget of that day is to be executed."""

    month: int
    day: int
    percent: int
    code: str


CHECKPOINTS = (
    Checkpoint(6, 30, 50, "R14.JUNE"),
    Checkpoint(9, 30, 75, "R14.SEPTEMBER"),
    Checkpoint(11, 30, 90, "R14.NOVEMBER"),
)


class Hint(msgspec.Struct, frozen=True):
    """What to look at, with a code of R14."""

    code: str
    message: str


class Pace(msgspec.Struct, frozen=True):
    """Budget and payments, fen, beside 序时进度; rates of four places, null for a zero base."""

    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    time_progress: str | None
    gap: str | None
    light: str | None
    december_share: str | None
    hints: list[Hint]


class LinePace(msgspec.Struct, frozen=True):
    """The pace of one line."""

    line: str
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    time_progress: str | None
    gap: str | None
    light: str | None
    december_share: str | None
    hints: list[Hint]


class ProjectPace(msgspec.Struct, frozen=True):
    """The pace of one project, or of money without one, and of its lines; of a department those of
    one `book`."""

    project: str
    spending: str
    name: str
    annual_budget_fen: int
    executed_fen: int
    rate: str | None
    time_progress: str | None
    gap: str | None
    light: str | None
    december_share: str | None
    hints: list[Hint]
    lines: list[LinePace]
    book: str | UnsetType = UNSET


class Progress(msgspec.Struct, frozen=True):
    """执行进度 by the end of a day."""

    date: date | None
    time_progress: str | None
    projects: list[ProjectPace]
    totals: Pace


class Flow(NamedTuple):
    """What was approved and what was paid in each month, fen."""

    budget: list[int]
    paid: list[int]


def progress(source: Source) -> Progress:
    """Per project (money without one, `-`, per kind of spending), its lines, and in total: annual
    budget (carry-over too), executed, rate, how far it is from 序时进度, the light, December's
    share, and hints. 序时进度 is the days gone by, that day too, over the days of the year.

    `date` is the day that is judged: `as_of`, else the last on which money moved in the book (P16),
    or in any of a department.
    """
    days = (one.cut.as_of or one.last_day() for one in source.members())
    day, year = max((each for each in days if each is not None), default=None), source.year
    projects: list[ProjectPace] = []
    every: list[Flow] = []
    for one in source.members():
        flows = {line: flow for line, flow in _flows(one).items() if any(flow.budget + flow.paid)}
        every += flows.values()
        projects += _projects(one, flows, day, UNSET if one is source else str(one.book))
    return Progress(
        date=day,
        time_progress=rate(*_gone(day, year)),
        projects=projects,
        totals=Pace(*_judged(_added(every), day, year)),
    )


def paid_by_month(source: Source) -> list[int]:
    """What was paid in each month, fen."""
    flows = [flow for one in source.members() for flow in _flows(one).values()]
    return _added(flows).paid


def _projects(
    one: Reading, flows: Mapping[BudgetLine, Flow], day: date | None, book: str | UnsetType
) -> Iterator[ProjectPace]:
    """The projects of a book, what is for none at the end."""
    year, names = one.year, one.project_names()
    projects: dict[tuple[str, Spending], dict[BudgetLine, Flow]] = defaultdict(dict)
    for line, flow in flows.items():
        projects[line.project, line.spending][line] = flow
    for (code, kind), lines in sorted(projects.items(), key=_basic_last):
        yield ProjectPace(
            code,
            str(kind),
            SPENDING_NAMES[kind] if code == NO_PROJECT else names.get(code, ""),
            *_judged(_added(lines.values()), day, year),
            [LinePace(str(line), *_judged(flow, day, year)) for line, flow in lines.items()],
            book,
        )


_KINDS = list(Spending)


def _basic_last(group: tuple[tuple[str, Spending], object]) -> tuple[bool, str, int]:
    (code, kind), _ = group
    return code == NO_PROJECT, code, _KINDS.index(kind)


def _flows(reading: Reading) -> dict[BudgetLine, Flow]:
    flows: dict[BudgetLine, Flow] = defaultdict(lambda: Flow([0] * MONTHS, [0] * MONTHS))
    for line, month, account, cause, fen in reading.by_month():
        for measure, sign in counted(reading, line.fund, line.origin, account, cause):
            if measure is Measure.BUDGET:
                flows[line].budget[month - 1] += sign * fen
            elif measure is Measure.EXPENDITURE:
                flows[line].paid[month - 1] += sign * fen
    return flows


def _gone(day: date | None, year: int) -> tuple[int, int]:
    """How many days of the book's year are over at the end of a day, and how many it has."""
    whole = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    gone = 0 if day is None else (day - date(year - 1, 12, 31)).days
    return min(max(gone, 0), whole), whole


def _added(flows: Iterable[Flow]) -> Flow:
    listed = list(flows)
    return Flow(
        [sum(flow.budget[at] for flow in listed) for at in range(MONTHS)],
        [sum(flow.paid[at] for flow in listed) for at in range(MONTHS)],
    )


_Judged = tuple[int, int, str | None, str | None, str | None, str | None, str | None, list[Hint]]


def _judged(flow: Flow, day: date | None, year: int) -> _Judged:
    """The fields of a pace."""
    budget_fen, paid_fen = sum(flow.budget), sum(flow.paid)
    gone, days = _gone(day, year)
    # In days of the budget, so that nothing is rounded before it is compared.
    ahead_fen, whole_fen = days * paid_fen - gone * budget_fen, days * budget_fen
    return (
        budget_fen,
        paid_fen,
        rate(paid_fen, budget_fen),
        rate(gone, days),
        rate(ahead_fen, whole_fen),
        _light(-ahead_fen, whole_fen),
        rate(flow.paid[-1], paid_fen),
        list(chain(_checkpoints(flow, day, year), _december(flow))),
    )


def _light(behind_fen: int, whole_fen: int) -> str | None:
    """R14: exactly 10 points behind is still green, exactly 20 yellow."""
    if whole_fen <= 0:
        return None
    if behind_fen * 100 > RED_POINTS * whole_fen:
        return "red"
    return "yellow" if behind_fen * 100 > YELLOW_POINTS * whole_fen else "green"


def _checkpoints(flow: Flow, day: date | None, year: int) -> list[Hint]:
    """Those that were missed on their day, with the budget and the payments of that day."""
    missed = []
    for month, last, needed, code in CHECKPOINTS:
        if day is None or day < date(year, month, last):
            break
        budget_fen, paid_fen = sum(flow.budget[:month]), sum(flow.paid[:month])
        if budget_fen > 0 and paid_fen * 100 < needed * budget_fen:
            then = percent(rate(paid_fen, budget_fen))
            message = f"{month} 月 {last} 日应执行 {needed}%，当日为 {then}"
            missed.append(Hint(code, message))
    return missed


def _december(flow: Flow) -> list[Hint]:
    december_fen, paid_fen = flow.paid[-1], sum(flow.paid)
    if paid_fen <= 0 or december_fen * 100 <= DECEMBER_PERCENT * paid_fen:
        return []
    share = percent(rate(december_fen, paid_fen))
    message = f"12 月支付占全年 {share}，超过 {DECEMBER_PERCENT}%，注意年底突击花钱"
    return [Hint("R14.DECEMBER", message)]
