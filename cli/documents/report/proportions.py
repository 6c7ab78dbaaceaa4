"""What a chart shows beside its numbers: shares of a whole, and where each step of a walk begins
and ends.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from projections.report.document.parts import Point


def share(part: int, whole: int) -> str:
    """A share as a whole percent with one decimal, rounded half up."""
    tenths = (abs(part) * 2000 + abs(whole)) // (2 * abs(whole))
    return f"{tenths // 10}.{tenths % 10}%"


class WalkStep(NamedTuple):
    """A point of a walk: its series (0 an end, 1 more, 2 less), where it begins and ends."""

    point: Point
    series: int
    begin: int
    end: int


def steps(points: Sequence[Point]) -> Iterator[WalkStep]:
    """From the first amount to the last: each step begins where the one before it ended."""
    at = 0
    for position, point in enumerate(points):
        number = point.values[0].number
        if position in (0, len(points) - 1):
            at = number
            yield WalkStep(point, 0, 0, number)
        else:
            yield WalkStep(point, 1 if number >= 0 else 2, at, at + number)
            at += number
