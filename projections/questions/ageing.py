"""结转账龄: what is left, by the year in which it was approved, and how long it may still be kept.

Project money approved in year N is carry-over during N+1; what is left of it on 31 December of N+1
is 结余 and may not be carried plainly (R8). Basic money is always carry-over (R9). Non-fiscal money
has no such term; this year's fiscal money lapses with it unless income is the indicator (L39).

On 30 September 2020 money of 2019 has 3 months left, on 31 December it is due.
"""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger.line import FISCAL_FUNDS, BudgetLine, carried_until
from projections.views.reading import Reading
from projections.views.source import NamedProject, Projects, Source

_LEFT = {"EXEC": "available_fen", "PENDING": "pending_fen", "HELD": "held_fen"}
COUNTDOWN = ((3, "red"), (6, "yellow"), (12, "watch"))
"""R8: the light of so many months or fewer."""


class Term(NamedTuple):
    """How long money may still be kept: its last day, and the whole months to it after the day that
    is judged (0 in its last month, negative after it). All null where there is no term."""

    ends: date | None = None
    months_left: int | None = None
    light: str | None = None


class Remainder(msgspec.Struct, frozen=True):
    """What is left, fen."""

    available_fen: int
    pending_fen: int
    held_fen: int
    left_fen: int


FIGURES = Remainder.__struct_fields__


class LineAge(msgspec.Struct, frozen=True):
    """What is left of one line, fen, and its term; of a department the `name` of its project, and
    the `units` whose it is."""

    line: str
    fund: str
    func: str
    spending: str
    project: str
    econ: str
    origin: int
    available_fen: int
    pending_fen: int
    held_fen: int
    left_fen: int
    ends: date | None
    months_left: int | None
    light: str | None
    name: str | UnsetType = UNSET
    units: tuple[str, ...] | UnsetType = UNSET

    @property
    def term(self) -> Term:
        """How long it may still be kept."""
        return Term(self.ends, self.months_left, self.light)


class OriginAge(msgspec.Struct, frozen=True):
    """What is left of the lines of one origin, fen, how much of it has a term, and the term."""

    origin: int
    lines: int
    available_fen: int
    pending_fen: int
    held_fen: int
    left_fen: int
    term_fen: int
    ends: date | None
    months_left: int | None
    light: str | None


class Ageing(msgspec.Struct, frozen=True):
    """结转账龄 on a day."""

    date: date | None
    origins: list[OriginAge]
    lines: list[LineAge]
    totals: Remainder


class _Kept(NamedTuple):
    """A line, its project, and the last year in which it may be kept: units whose income is another
    thing keep it for longer."""

    line: BudgetLine
    project: NamedProject
    ends: int | None


def ageing(source: Source, *, by_unit: bool = False) -> Ageing:
    """Per origin and per line: fen available, pending, held and left in all, and the term. Of an
    origin `term_fen` is what has one. Lines on which nothing is left are left out.

    `date` is the day that is judged: `as_of`, else the last on which money moved. Lines of one
    project are one where units give it one name (H04); with `by_unit` every unit has its own.
    """
    projects, alone = Projects(source, by_unit=by_unit), isinstance(source, Reading)
    left: dict[_Kept, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    units: dict[_Kept, set[str]] = defaultdict(set)
    for reading in source.members():
        for line, account, _, _, fen in reading.sums():
            if account in _LEFT:
                kept = _Kept(line, projects.of(reading, line.project), _ends(reading, line))
                left[kept][_LEFT[account]] += fen
                left[kept]["left_fen"] += fen
                units[kept].add(reading.book.unit)
    days = (one.cut.as_of or one.last_day() for one in source.members())
    day = max((each for each in days if each is not None), default=None)
    rows = [
        _row(kept, figures, day, UNSET if alone else tuple(sorted(units[kept])))
        for kept, figures in sorted(left.items(), key=_in_order)
        if figures["left_fen"]
    ]
    return Ageing(
        date=day,
        origins=[
            _origin([row for row in rows if row.origin == origin])
            for origin in sorted({row.origin for row in rows})
        ],
        lines=rows,
        totals=Remainder(**_sum(rows)),
    )


def _origin(rows: list[LineAge]) -> OriginAge:
    """The rows of one origin, and the first term of those that have one: they differ only where
    funds have bases of their own."""
    kept = [row for row in rows if row.ends is not None]
    term = min((row.term for row in kept), key=lambda term: term.ends or date.max, default=Term())
    term_fen = sum(row.left_fen for row in kept)
    return OriginAge(
        origin=rows[0].origin,
        lines=len(rows),
        **_sum(rows),
        term_fen=term_fen,
        ends=term.ends,
        months_left=term.months_left,
        light=term.light,
    )


def _sum(rows: list[LineAge]) -> dict[str, int]:
    return {name: sum(getattr(row, name) for row in rows) for name in FIGURES}


def _ends(reading: Reading, line: BudgetLine) -> int | None:
    """The last year in which what is left of a line may be kept; None where there is no such term.
    Where income is what was paid or recorded, this year's fiscal money is only a right to spend,
    basic or not: what is left of it lapses with the year."""
    if line.fund not in FISCAL_FUNDS:
        return None
    if line.origin == reading.year and reading.basis_of(line.fund) != "indicator":
        return reading.year
    return carried_until(line)


def _in_order(row: tuple[_Kept, object]) -> tuple[BudgetLine, NamedProject, int]:
    kept, _ = row
    return kept.line, kept.project, kept.ends or 0


def _row(
    kept: _Kept,
    figures: dict[str, int],
    day: date | None,
    units: tuple[str, ...] | UnsetType,
) -> LineAge:
    line, until = kept.line, kept.ends
    term = Term() if until is None else _term(until, day)
    return LineAge(
        line=str(line),
        fund=str(line.fund),
        func=line.func,
        spending=str(line.spending),
        project=line.project,
        econ=line.econ,
        origin=line.origin,
        **figures,
        ends=term.ends,
        months_left=term.months_left,
        light=term.light,
        name=UNSET if units is UNSET else kept.project.name,
        units=units,
    )


def _term(until: int, day: date | None) -> Term:
    """The term that ends with the year `until` (R8). What is left on its last day is due
    (P12)."""
    ends = date(until, 12, 31)
    if day is None:
        return Term(ends)
    months = 12 * (ends.year - day.year) + ends.month - day.month
    light = next((light for most, light in COUNTDOWN if months <= most), "green")
    return Term(ends, months, "due" if day >= ends else light)
