"""结转账龄: what is left, by the year in which it was approved, and how long it may still be kept.

Project money approved in year N is carry-over during N+1; what is left of it on 31 December of N+1
is 结余 and may not be carried plainly (R8). Basic money is always carry-over (R9). Non-fiscal money
has no such term.

On 30 September 2020 money of 2019 has 3 months left, on 31 December it is due.
"""

from collections import defaultdict
from datetime import date
from typing import Any, NamedTuple

from ledger.line import FISCAL_FUNDS, BudgetLine, carried_until
from projections.views.source import Source

_LEFT = {"EXEC": "available_fen", "PENDING": "pending_fen", "HELD": "held_fen"}
FIGURES = (*_LEFT.values(), "left_fen")
COUNTDOWN = ((3, "red"), (6, "yellow"), (12, "watch"))
"""R8: the light of so many months or fewer."""


class Term(NamedTuple):
    """How long money may still be kept: its last day, and the whole months to it after the day that
    is judged (0 in its last month, negative after it). All null where there is no term."""

    ends: date | None = None
    months_left: int | None = None
    light: str | None = None

    def json(self) -> dict[str, Any]:
        """The term as a row has it."""
        return {**self._asdict(), "ends": None if self.ends is None else self.ends.isoformat()}


def ageing(source: Source) -> dict[str, Any]:
    """Per origin and per line: fen available, pending, held and left in all, and the term. Of an
    origin `term_fen` is what has one. Lines on which nothing is left are left out.

    `date` is the day that is judged: `as_of`, else the last on which money moved.
    """
    left: dict[BudgetLine, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for reading in source.members():
        for line, account, _, _, fen in reading.sums():
            if account in _LEFT:
                left[line][_LEFT[account]] += fen
                left[line]["left_fen"] += fen
    days = (one.cut.as_of or one.last_day() for one in source.members())
    day = max((each for each in days if each is not None), default=None)
    rows = [_row(line, left[line], day) for line in sorted(left) if left[line]["left_fen"]]
    return {
        "date": None if day is None else day.isoformat(),
        "origins": [
            _origin([row for row in rows if row["origin"] == origin])
            for origin in sorted({row["origin"] for row in rows})
        ],
        "lines": rows,
        "totals": _sum(rows),
    }


def _origin(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows of one origin; those that have a term have the same."""
    kept = [row for row in rows if row["ends"] is not None]
    return {
        "origin": rows[0]["origin"],
        "lines": len(rows),
        **_sum(rows),
        "term_fen": sum(row["left_fen"] for row in kept),
        **({name: kept[0][name] for name in Term._fields} if kept else Term().json()),
    }


def _sum(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {name: sum(row[name] for row in rows) for name in FIGURES}


def _row(line: BudgetLine, figures: dict[str, int], day: date | None) -> dict[str, Any]:
    until = carried_until(line) if line.fund in FISCAL_FUNDS else None
    return {
        "line": str(line),
        "fund": str(line.fund),
        "func": line.func,
        "spending": str(line.spending),
        "project": line.project,
        "econ": line.econ,
        "origin": line.origin,
        **figures,
        **(Term() if until is None else _term(until, day)).json(),
    }


def _term(until: int, day: date | None) -> Term:
    """The term that ends with the year `until` (R8). What is left on its last day is due
    (P11)."""
    ends = date(until, 12, 31)
    if day is None:
        return Term(ends)
    months = 12 * (ends.year - day.year) + ends.month - day.month
    light = next((light for most, light in COUNTDOWN if months <= most), "green")
    return Term(ends, months, "due" if day >= ends else light)
