"""What a text of somebody's cites: results of 绩效自评, as `{2}` in the place of a project's own
results (`N.s5c.P10.results`), as `{P10.2}` elsewhere. A goal stands in the form beside its results
and cites none.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ledger.events.fields import TARGET
from ledger.events.particulars import (
    GoalSet,
    KeyWorkListed,
    Particular,
    ReasonGiven,
    TextWritten,
)

CITED = re.compile(r"\{([^{}]+)\}")
KEY_WORK = "key-work"
_OF_PROJECT = re.compile(r"N\.s5c\.(.+)\.results")


class Citing(NamedTuple):
    """Texts of one place, and the place; one of a form (`E.P02`) cites nothing."""

    slot: str
    texts: tuple[str, ...]

    @property
    def form(self) -> bool:
        """Whether they stand in a form, which cites nothing."""
        return self.slot.startswith("E.")

    @property
    def results(self) -> Iterator[tuple[str, str]]:
        """The results that they cite, by project and number, there or not."""
        yield from filter(None, (result_cited(self.slot, cited) for cited in self.cited))

    @property
    def cited(self) -> list[str]:
        """What stands between braces, each once."""
        return [*dict.fromkeys(each for text in self.texts for each in CITED.findall(text))]

    @property
    def never(self) -> list[str]:
        """What of it can be no result, whatever is recorded."""
        return [each for each in self.cited if result_cited(self.slot, each) is None]


def citing(fact: Particular) -> Citing | None:
    """The texts of a fact in which braces mean something to a reader; None where it has none."""
    match fact:
        case ReasonGiven(slot=slot, text=text) | TextWritten(slot=slot, text=text):
            return Citing(slot, (text,))
        case KeyWorkListed():
            return Citing(f"{KEY_WORK}.{fact.no}", (fact.item, fact.goal, fact.done))
        case GoalSet():
            return Citing(f"E.{fact.project or 'whole'}", (fact.expected, fact.actual))
    return None


def result_cited(slot: str, cited: str) -> tuple[str, str] | None:
    """The project and the number of the result that the words between braces mean; None where they
    mean none."""
    if slot.startswith("E."):
        return None
    own = _OF_PROJECT.fullmatch(slot)
    project, dot, number = cited.rpartition(".")
    if not dot and own:
        project = own[1]
    return (project, number) if project and re.fullmatch(TARGET, number) else None
