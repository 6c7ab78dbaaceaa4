"""What was said of 绩效自评: the goal, the indicators and the scores of each form, of a book or of
a department.

What is said for a whole department (`--department`) stands for what its units say; where nothing
is, the rows of one number of its units are one indicator, and are judged together.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar

from ledger.events.particulars import (
    EXECUTION,
    GoalSet,
    KeyWorkListed,
    ReasonGiven,
    ResultReported,
    ScoreOverridden,
    TargetSet,
    TextWritten,
)
from ledger.rules.citations import citing
from projections.questions.particulars import Said, last_said
from projections.views.reading import Reading
from projections.views.source import Source

_Key = tuple[str, str]
"""The scope of a form, and the number of a row."""
WHOLE = ""
"""The scope of the form of the whole unit, which is no project."""


class OfUnit(NamedTuple):
    """What a unit of a department, or the one book, says of an indicator."""

    book: str
    target: Said[TargetSet] | None = None
    result: Said[ResultReported] | None = None


class Indicator(NamedTuple):
    """A row of a form: what each unit says of it, what is said of it for the whole department, and
    the score that a person gave it. `several` are the books that say something for the whole, where
    one may."""

    no: str
    units: tuple[OfUnit, ...]
    target: Said[TargetSet] | None = None
    result: Said[ResultReported] | None = None
    override: Said[ScoreOverridden] | None = None
    several: tuple[str, ...] = ()

    @property
    def targets(self) -> list[Said[TargetSet]]:
        """Its targets: the department's, else those of its units."""
        if self.target:
            return [self.target]
        return [unit.target for unit in self.units if unit.target]

    @property
    def results(self) -> list[Said[ResultReported]]:
        """What was reached: of the department, else of its units."""
        if self.result:
            return [self.result]
        return [unit.result for unit in self.units if unit.result]

    @property
    def actual(self) -> str:
        """What was reached, as it was written."""
        return written(said.event.actual for said in self.results)

    @property
    def named(self) -> TargetSet | None:
        """The target that says what the row is called, and what it weighs: the first."""
        return next((said.event for said in self.targets), None)


class Evaluated(NamedTuple):
    """All that was said of one form."""

    project: str
    goals: tuple[Said[GoalSet], ...]
    indicators: tuple[Indicator, ...]
    execution: Said[ScoreOverridden] | None


def written(texts: Iterable[str]) -> str:
    """Texts of several books as one, each once."""
    return "；".join(dict.fromkeys(filter(None, texts)))


def evaluated(source: Source) -> list[Evaluated]:
    """All forms of a source, that of the whole unit first, then the projects by their codes. A
    result that no target asks for is a row all the same, unless a sentence cites it: then it was
    reported for the sentence (P43)."""
    goals = _said(source, GoalSet, lambda event: (event.project, ""))
    targets = _said(source, TargetSet, lambda event: (event.project, event.no))
    results = _said(source, ResultReported, lambda event: (event.project, event.no))
    overrides = _said(source, ScoreOverridden, lambda event: (event.project, event.no))
    numbers: dict[str, set[str]] = defaultdict(set)
    for project, no in {*targets, *overrides, *(results.keys() - _cited(source))}:
        numbers[project].add(no)
    return [
        Evaluated(
            project,
            tuple(_whole_or_each(goals[project, ""])),
            tuple(
                _indicator(no, targets[project, no], results[project, no], overrides[project, no])
                for no in sorted(numbers[project] - {EXECUTION}, key=in_order)
            ),
            _override(overrides[project, EXECUTION], alone=len(source.members()) == 1),
        )
        for project in sorted({*numbers, *(project for project, _ in goals)})
    ]


def _cited(source: Source) -> set[_Key]:
    """The results that sentences cite."""
    kept: list[Said[ReasonGiven] | Said[TextWritten] | Said[KeyWorkListed]] = [
        *last_said(source, ReasonGiven),
        *last_said(source, TextWritten),
        *last_said(source, KeyWorkListed),
    ]
    texts = filter(None, (citing(said.event) for said in kept))
    return {result for text in texts for result in text.results}


def in_order(no: str) -> tuple[list[tuple[int, str]], str]:
    """Numbers of rows as people count them: 2 before 10, 2-1 after 2; 01 before 1."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", no)
    return [(int(digits or 0), other) for digits, other in parts], no


_E = TypeVar("_E", GoalSet, TargetSet, ResultReported, ScoreOverridden)


def _said(source: Source, kind: type[_E], key: Callable[[_E], _Key]) -> dict[_Key, list[Said[_E]]]:
    """What stands of a kind, by scope and number, book by book. What is said for a whole department
    is none of a book's own."""
    alone = isinstance(source, Reading)
    found: dict[_Key, list[Said[_E]]] = defaultdict(list)
    for said in last_said(source, kind):
        if not (alone and said.event.department):
            found[key(said.event)].append(said)
    return found


def _of_whole(said: Sequence[Said[_E]]) -> list[Said[_E]]:
    """What is said for the whole department, the latest first."""
    own = [each for each in said if each.event.department]
    return sorted(own, key=lambda each: (each.event.occurred_on, each.book), reverse=True)


def _whole_or_each(said: Sequence[Said[_E]]) -> list[Said[_E]]:
    return _of_whole(said)[:1] or list(said)


def _indicator(
    no: str,
    targets: Sequence[Said[TargetSet]],
    results: Sequence[Said[ResultReported]],
    overrides: Sequence[Said[ScoreOverridden]],
) -> Indicator:
    units: dict[str, OfUnit] = {}
    for target in targets:
        if not target.event.department:
            units[target.book] = OfUnit(target.book, target)
    for result in results:
        if not result.event.department:
            there = units.get(result.book, OfUnit(result.book))
            units[result.book] = there._replace(result=result)
    wholes, reached = _of_whole(targets), _of_whole(results)
    books = ([said.book for said in wholes], [said.book for said in reached])
    several = {book for each in books if len(each) > 1 for book in each}
    alone = len(units) <= 1 and not wholes and not reached
    return Indicator(
        no,
        tuple(units.values()),
        next(iter(wholes), None),
        next(iter(reached), None),
        _override(overrides, alone=alone),
        tuple(sorted(several)),
    )


def _override(
    overrides: Sequence[Said[ScoreOverridden]], *, alone: bool
) -> Said[ScoreOverridden] | None:
    """The score that a person gave: for the whole department, or in the one book that has the row.
    That of one unit is none of what several units have together."""
    return next(iter(_of_whole(overrides) or (list(overrides) if alone else [])), None)
