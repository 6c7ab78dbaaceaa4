"""公开 at the door: nothing that is not whole is made public unseen.

What stands in the way is in the books and in the forms that their report is printed in: a year
that is open, sentences that lack something, errors of the check. It is looked at once, in the
transaction that records the publication, and stored as it was accepted; an audit does not decide it
again (L80).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from ledger.book import BookId
from ledger.events import Accepted, PublishedFile
from ledger.refusals import Instead, Refusal, Refused, Value, Way, WayOut
from ledger.rules import ways


class Obstacle(NamedTuple):
    """Something that should not be published as it is: by its code, in words, with what mends
    it."""

    code: str
    message: str
    ways: Sequence[WayOut] = ()


class Publishable(NamedTuple):
    """How a report stands that is to be published: its books whose year is open, what its sentences
    lack, the errors of the check; and which of the files are internal, by their digests."""

    open_books: Sequence[str]
    missing: Sequence[Obstacle]
    errors: Sequence[Obstacle]
    internal: Collection[str] = ()
    asked: Mapping[str, Value] = {}
    """The options that ask about the same books."""


_SOME = 5


def may_be_published(
    standing: Publishable, files: Sequence[PublishedFile], accepted: Collection[Accepted]
) -> None:
    """Nothing stands in the way, but for what was accepted: an error of the check by its code, or
    all of them, and the rest, by the code of its refusal. What is internal is never published.
    Raises `Refused`."""
    for file in files:
        if file.sha256 in standing.internal:
            anew = Way("report", output=file.name, force=True, **standing.asked)
            raise Refused(Refusal.PUBLISH_INTERNAL, file=file.name, ways_out=[anew])
    codes = {each.code for each in accepted}
    if standing.open_books and Refusal.YEAR_OPEN.code not in codes:
        raise Refused(
            Refusal.YEAR_OPEN,
            book="、".join(standing.open_books[:_SOME]),
            why="不能公开",
            ways_out=[_closing(standing), _accepting(Refusal.YEAR_OPEN.code, accepted)],
        )
    if standing.missing and Refusal.PUBLISH_MISSING.code not in codes:
        raise Refused(
            Refusal.PUBLISH_MISSING,
            count=len(standing.missing),
            missing=_told(standing.missing),
            ways_out=[
                Way("narrative", missing=True, **standing.asked),
                _accepting(Refusal.PUBLISH_MISSING.code, accepted),
            ],
        )
    errors = [each for each in standing.errors if each.code not in codes]
    if errors and Refusal.PUBLISH_ERRORS.code not in codes:
        raise Refused(
            Refusal.PUBLISH_ERRORS,
            count=len(errors),
            errors=_told(errors),
            codes=[*dict.fromkeys(each.code for each in errors)],
            ways_out=[
                Way("check", **standing.asked),
                _accepting(Refusal.PUBLISH_ERRORS.code, accepted),
            ],
        )


def acceptable(standing: Publishable) -> list[str]:
    """The codes of what stands in the way."""
    found = [Refusal.YEAR_OPEN.code] if standing.open_books else []
    if standing.missing:
        found.append(Refusal.PUBLISH_MISSING.code)
    if standing.errors:
        found += [Refusal.PUBLISH_ERRORS.code, *dict.fromkeys(e.code for e in standing.errors)]
    return found


def _closing(standing: Publishable) -> Way:
    """The closing of the first that is open."""
    if not standing.asked:
        return Way("close-year")
    first = BookId.parse(standing.open_books[0])
    return Way("close-year", unit=first.unit, year=first.year)


def _accepting(code: str, accepted: Collection[Accepted]) -> Instead:
    """What was accepted, and this too, each with its reason."""
    reasons = (*(each.reason for each in accepted), ways.REASON)
    return Instead(accept=(*(each.code for each in accepted), code), reason=reasons)


def _told(obstacles: Sequence[Obstacle]) -> str:
    more = f"等 {len(obstacles)} 处" if len(obstacles) > _SOME else ""
    return "；".join(f"{each.code} {each.message}" for each in obstacles[:_SOME]) + more
