"""Does a printed figure agree with the book? Yes; or by rounding of its operands; or it follows
from another that was printed wrong; or it differs."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from projections.report.against.operands import (
    Between,
    Operands,
    as_printed,
)
from projections.report.against.said import (
    Printed,
    PrintedNumber,
    Saying,
    exact,
    exact_place,
    folded,
    listed,
    rounded,
    said,
)
from projections.report.figure import Figure, Report

Verdict = Literal["agrees", "rounded", "follows", "differs", "unsaid"]
"""`unsaid`: the book cannot tell, something has to be said first."""


class Judged(NamedTuple):
    """A printed figure with its verdict; what `follows`, from which wrong one."""

    printed: Printed
    verdict: Verdict
    follows: str = ""


class Judge:
    """Printed figures, judged together: a figure may follow from another of them."""

    def __init__(self, report: Report, rows: Iterable[Printed]) -> None:
        self._report = report
        self._operands = Operands(report)
        self._rows: dict[str, list[Printed]] = {}
        for row in rows:
            own = self._rows.setdefault(row.figure.id, [])
            if all(row.said != each.said for each in own):  # the same, printed once more
                own.append(row)
        self._wrong: dict[str, str] = {}
        self.numbers: Mapping[str, PrintedNumber] = {
            name: row.said
            for name, own in self._rows.items()
            for row in reversed(own)
            if isinstance(row.said, PrintedNumber)
        }

    def every(self) -> list[Judged]:
        """All of them, in the order in which they were printed."""
        return [self._judged(row) for own in self._rows.values() for row in own]

    def _judged(self, row: Printed) -> Judged:
        figure = row.figure
        if figure.needed and figure.value is None:
            return Judged(row, "unsaid")
        if agrees(figure, row.said):
            return Judged(row, "agrees")
        if isinstance(row.said, PrintedNumber):
            between = self._operands.worked_out(figure, self._operands.as_rounded)
            if between is not None and between.reaches(row.said):
                return Judged(row, "rounded")
        root = self._follows(row)
        return Judged(row, "follows", root) if root else Judged(row, "differs")

    def by_print(self, figure: Figure) -> Fraction | None:
        """What a figure would be by what was printed, where any of that is wrong."""
        if not any(self._root(name) for _, name in figure.parts):
            return None
        between = self._operands.worked_out(figure, self._as_said)
        return None if between is None else (between.low + between.high) / 2

    def _follows(self, row: Printed) -> str:
        """The wrong figure from which a wrong one follows; nothing where it is wrong by itself."""
        figure = row.figure
        roots = [root for _, name in figure.parts if (root := self._root(name))]
        if not roots:
            return ""
        if isinstance(row.said, PrintedNumber):
            between = self._operands.worked_out(figure, self._as_said)
            return roots[0] if between is not None and between.reaches(row.said) else ""
        word = self._operands.word(figure, self._as_said)
        return roots[0] if word is not None and word == row.said else ""

    def _root(self, name: str) -> str:
        """The wrong figure that an operand is, or follows from; nothing where it is right."""
        if name not in self._wrong:
            self._wrong[name] = ""
            figure = self._report.figure(name)
            own = [self._judged(row) for row in self._rows.get(name, ())]
            roots = [each.follows or name for each in own if each.verdict in _WRONG]
            if not own:
                roots = [root for _, part in figure.parts if (root := self._root(part))]
            self._wrong[name] = roots[0] if roots else ""
        return self._wrong[name]

    def _as_said(self, figure: Figure) -> Between | None:
        """An operand as it was printed; what was not, as it follows from what was."""
        wrong = [
            row.said
            for row in self._rows.get(figure.id, ())
            if isinstance(row.said, PrintedNumber) and not agrees(figure, row.said)
        ]
        if wrong:
            return as_printed(wrong[0], figure)
        if figure.id not in self._rows and self._root(figure.id):
            between = self._operands.worked_out(figure, self._as_said)
            if between is not None:
                return between
        number = self.numbers.get(figure.id)
        return self._operands.as_rounded(figure) if number is None else as_printed(number, figure)


_WRONG: Sequence[Verdict] = ("differs", "follows")


def agrees(figure: Figure, saying: Saying) -> bool:
    """Whether what was printed is what the edition prints, or the exact number at the last place
    that was printed. Of nothing, nil and nothing are one; names may stand in any order."""
    match saying:
        case None:
            number = exact(figure)
            return not figure.value if number is None else not rounded(number, exact_place(figure))
        case str():
            return isinstance(figure.value, str) and folded(figure.value) == folded(saying)
        case PrintedNumber():
            number = exact(figure)
            if number is None:
                return False
            return saying.is_of(number) or saying == _own(figure)
    ours, theirs = listed(figure.value), listed(saying)
    return sorted(map(folded, ours)) == sorted(map(folded, theirs))


def _own(figure: Figure) -> Saying:
    """What the edition prints of a figure: a sum of what its parts print need not be its exact
    number rounded."""
    return said(figure.kind, figure.printed, exact_place(figure))
