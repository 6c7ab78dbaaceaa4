"""What a figure would be if it were worked out from printed operands: between which numbers it lies
then (P42).

A printed operand stands for anything within half a unit of its last place. So what was added up or
divided from printed figures lies between two numbers; a printed figure agrees with its operands by
rounding if it, within half a unit of its own, reaches between them. Of a sum that is half a unit
for each operand and for the sum itself.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from projections.report.against.said import PrintedNumber, exact, exact_place
from projections.report.figure import FALLS, LEVEL, RISES, Figure, Report
from projections.report.relations import Roundings


class Between(NamedTuple):
    """From one number to another, both of them in it."""

    low: Fraction
    high: Fraction

    def reaches(self, number: PrintedNumber) -> bool:
        """Whether a printed number can be one of these."""
        return self.low <= number.value + number.half and number.value - number.half <= self.high

    def times(self, sign: int) -> "Between":
        """With the sign that it has in a sum."""
        return self if sign > 0 else Between(-self.high, -self.low)

    def plus(self, other: "Between") -> "Between":
        """The sum of both."""
        return Between(self.low + other.low, self.high + other.high)

    @property
    def size(self) -> "Between":
        """The absolute values of these."""
        if self.low >= 0:
            return self
        return (
            Between(-self.high, -self.low)
            if self.high <= 0
            else Between(Fraction(0), max(-self.low, self.high))
        )


Taken = Callable[[Figure], Between | None]
"""What an operand is taken to be; None where it has no number."""


def point(number: Fraction) -> Between:
    """One exact number."""
    return Between(number, number)


def as_printed(number: PrintedNumber, figure: Figure) -> Between:
    """What a printed operand stands for: what is counted or given, for itself."""
    if figure.kind not in ("amount", "percent"):
        return point(number.value)
    return Between(number.value - number.half, number.value + number.half)


class Operands:
    """Figures of a report, worked out from their operands."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._roundings = Roundings(report.cells)

    def as_rounded(self, figure: Figure) -> Between | None:
        """The exact number of an operand, and what its print by the edition may be off."""
        own = exact(figure)
        if own is None or figure.kind not in ("amount", "percent"):
            return None if own is None else point(own)
        half = exact_place(figure) / 2
        if figure.id in self._report.cells.all:
            half *= self._roundings.behind(figure.id)
        return Between(own - half, own + half)

    def worked_out(self, figure: Figure, taken: Taken) -> Between | None:
        """Between which numbers a figure lies that is worked out from its operands; None of one
        that has none, or is no number."""
        parts = [(sign, self._report.figure(name)) for sign, name in figure.parts]
        if not parts:
            return None
        if figure.kind == "percent":
            compared = "@" in parts[-1][1].id  # with last year's
            operands = [taken(part) for _, part in parts]
            return _share(operands, compared=compared) if len(parts) == 2 else None
        if any(part.kind != figure.kind for _, part in parts):
            return None
        beside = exact(figure)
        if beside is None:
            return None
        total = point(beside)
        for sign, part in parts:
            operand = taken(part)
            if operand is not None:  # what has no number added nothing
                own = exact(part) or Fraction(0)
                off = Between(operand.low - own, operand.high - own)
                total = total.plus(off.times(sign))
        return total.size if any("@" in part.id for _, part in parts) else total

    def word(self, figure: Figure, taken: Taken) -> str | None:
        """The word of comparison that its operands give a figure."""
        if figure.kind != "word" or len(figure.parts) != 2:
            return None
        now, last = (taken(self._report.figure(name)) for _, name in figure.parts)
        if now is None or last is None:
            return None
        middle = now.low + now.high - last.low - last.high
        return LEVEL if not middle else RISES if middle > 0 else FALLS


def _share(operands: list[Between | None], *, compared: bool) -> Between | None:
    """One of the other, or what one is more or less than the other, in percent of the other."""
    of, base = operands
    if of is None or base is None or base.low <= 0:
        return None
    if of.low + of.high == 0:  # nothing is nothing of it, however it is rounded
        of = point(Fraction(0))
    corners = [100 * top / bottom for top in of for bottom in base]
    share = Between(min(corners), max(corners))
    return share.plus(point(Fraction(-100))).size if compared else share
