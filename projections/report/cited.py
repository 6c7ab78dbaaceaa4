"""What a text of somebody's cites: results of 绩效自评, as `{2}` in the place of a project's own
results (`N.s5c.P10.results`), as `{P10.2}` elsewhere."""

import re
from collections.abc import Iterator

PLACE = re.compile(r"\{([^{}]+)\}")
_OF_PROJECT = re.compile(r"N\.s5c\.(.+)\.results")


def result_cited(slot: str, cited: str) -> tuple[str, str] | None:
    """The project and the number of the result that the words between braces mean; None where they
    mean none."""
    project, dot, number = cited.rpartition(".")
    if dot:
        return project, number
    own = _OF_PROJECT.fullmatch(slot)
    return (own[1], cited) if own else None


def results_cited(slot: str, text: str) -> Iterator[tuple[str, str]]:
    """The results that a text may cite, by project and number."""
    yield from filter(None, (result_cited(slot, cited) for cited in PLACE.findall(text)))
