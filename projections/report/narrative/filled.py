"""The places of a report that are no figures and that an entry fills: a reason, a text, key work,
the goal of a form, what is said of last year."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from ledger.events.particulars import (
    GoalSet,
    KeyWorkListed,
    Particular,
    PriorStated,
    ReasonGiven,
    TextWritten,
)
from ledger.rules.citations import KEY_WORK
from projections.questions.particulars import Said, last_said
from projections.report.figure import Report
from projections.report.narrative.places import sections_of
from projections.views.elimination import EntryOfBook
from projections.views.reading import Reading

_FORM = "绩效自评表的总体目标"
_LAST_YEAR = "上年数"
E = TypeVar("E", bound=Particular)


def filled(report: Report, of: EntryOfBook) -> Iterator[tuple[str, str]]:
    """The places that an entry fills, (slot, what it is called); none where a later one does, or
    where it is said of the other of a book and its department."""
    source, narrative = report.source, report.narrative

    def place(slot: str) -> tuple[str, str]:
        label = report.figure(slot).label if report.has(slot) else ""
        return slot, "　".join(filter(None, (*sections_of(narrative, slot), label)))

    for reason in _of(last_said(source, ReasonGiven), of):
        if reason.department is not _alone(report):
            yield place(reason.slot)
    for text in _of(last_said(source, TextWritten), of):
        if text.department is not _alone(report):
            yield place(text.slot)
    for work in _of(last_said(source, KeyWorkListed), of):
        if not (work.department and _alone(report)):
            yield f"{KEY_WORK}.{work.no}", "　".join(sections_of(narrative, KEY_WORK))
    for goal in _of(last_said(source, GoalSet), of):
        if not (goal.department and _alone(report)):
            yield f"E.{goal.project or 'whole'}", _FORM
    for prior in _of(last_said(source, PriorStated), of):
        label = report.figure(prior.cell).label if report.has(prior.cell) else ""
        yield prior.cell, f"{label}{_LAST_YEAR}"


def _of(kept: Iterable[Said[E]], of: EntryOfBook) -> Iterator[E]:
    """What one entry says, if it is the last to say it."""
    return (said.event for said in kept if (said.book, said.entry) == of)


def _alone(report: Report) -> bool:
    return isinstance(report.source, Reading)
