"""On which days was more spent than was there? (先有预算后有支出)

By the ends of the days: 可执行 of each line, and the non-fiscal cash, added up by business date. A
command asks about what it has recorded where the state of the book doubts it; a check asks of the
whole year. Both read one roll-up (views/days.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import msgspec

from ledger.line import BudgetLine
from ledger.rules.cautions import Remark, Uncovered, uncovered
from ledger.rules.uncovered import Take
from projections.views.days import Where, by_day, reversible, takers
from projections.views.reading import Reading

NAMED = 50
"""Entries that are named of a run of uncovered days."""


class UncoveredDays(msgspec.Struct, frozen=True):
    """Days in a row on which more was spent of a line, or of the cash (`line` None), than was
    there: the first, the day that was short of most and by how much, and the first day on which it
    was covered again; None where it was not by the cut. `entries` took it in those days, up to the
    day that was short of most: the first NAMED of `count`; `reversible` are those of them that
    can still be reversed."""

    line: str | None
    first: date
    short_on: date
    short_fen: int
    covered_on: date | None
    entries: list[int] = []
    count: int = 0
    reversible: list[int] = []


class RemarkOnRows(NamedTuple):
    """A remark, on how many rows of a file, and the first of them."""

    remark: Remark
    rows: int
    row: int


class _Left(NamedTuple):
    """What is left at the end of a day on which something changed, fen."""

    day: date
    fen: int


def _left(days: Mapping[date, int]) -> Iterator[_Left]:
    fen = 0
    for day in sorted(days):
        fen += days[day]
        yield _Left(day, fen)


def runs(where: Where, days: Mapping[date, int]) -> Iterator[UncoveredDays]:
    """The runs of days that end below zero."""
    short: list[_Left] = []
    for left in _left(days):
        if left.fen < 0:
            short.append(left)
        elif short:
            yield _run(where, short, left.day)
            short = []
    if short:
        yield _run(where, short, None)


def _run(where: Where, short: Sequence[_Left], covered_on: date | None) -> UncoveredDays:
    least = min(short, key=lambda left: left.fen)
    return UncoveredDays(where, short[0].day, least.day, -least.fen, covered_on)


def uncovered_days(reading: Reading) -> list[UncoveredDays]:
    """All of them at the cut, by line and day, the cash last, with the entries that took it."""
    found = [run for where, days in by_day(reading).items() for run in runs(where, days)]
    found.sort(key=lambda run: (run.line is None, run.line or "", run.first))
    return [_with_entries(reading, run) for run in found]


def remarks(
    reading: Reading, takes: Collection[Take], ahead: Mapping[tuple[BudgetLine | None, date], int]
) -> list[RemarkOnRows]:
    """What is to be said of what was taken from lines and the cash, once of each of them, and of
    how many rows. `ahead` is what a dry run would change, which no view has."""
    taken: dict[Where, list[Take]] = defaultdict(list)
    for take in takes:
        taken[_named(take.where)].append(take)
    days = by_day(reading, taken)
    for (line, day), fen in ahead.items():
        if _named(line) in taken:
            days[_named(line)][day] += fen
    found: list[RemarkOnRows] = []
    for where, own in taken.items():
        first = min(take.day for take in own)
        after = [left for left in _left(days[where]) if left.day >= first]
        short = [left for left in after if left.fen < 0]
        if not short:
            continue
        least = min(short, key=lambda left: left.fen)
        covered_on = next((left.day for left in after if left.day > short[-1].day), None)
        counted = [take for take in own if take.day <= least.day]
        fen = sum(take.fen for take in counted)
        told = Uncovered(
            line=where,
            date=first,
            amount_fen=fen,
            short_on=least.day,
            there_fen=least.fen + fen,
            short_fen=-least.fen,
            covered_on=covered_on,
        )
        said = uncovered(told, several=sum(take.rows for take in counted) > 1)
        early = [take for take in own if take.day <= short[-1].day]
        found.append(RemarkOnRows(said, sum(t.rows for t in early), min(t.row for t in early)))
    return found


def _named(line: BudgetLine | None) -> Where:
    return None if line is None else str(line)


def _with_entries(reading: Reading, run: UncoveredDays) -> UncoveredDays:
    """The run with the entries that took more than they brought in its days."""
    took = takers(reading, run.line, run.first, run.short_on)
    named = took[:NAMED]
    return msgspec.structs.replace(
        run, entries=named, count=len(took), reversible=reversible(reading, named)
    )
