"""公开: that files of the report were made public. A fact of the closed book, which moves nothing.

What stands in the way of it (a year that is open, sentences that lack something, errors of the
check) is asked once, when it is recorded, by a door (ledger/doors/publishing.py), and stored as it
was accepted (L80).
"""

from datetime import date, datetime
from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import Accepted, HeadOfBook, PublishedFile, ReportPublished
from ledger.refusals import Instead, Refusal, Refused, Way, Word
from ledger.rules import ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit
from ledger.state import BookState


class Publish(Asked):
    """公开 of files on the day `published_on`: what they were made from and with, and what was
    accepted."""

    published_on: date
    files: tuple[PublishedFile, ...]
    made: NotRequired[tuple[str, ...]]
    heads: tuple[HeadOfBook, ...]
    edition: str
    edition_sha256: NotRequired[str]
    unmask: NotRequired[bool]
    as_of: NotRequired[date | None]
    known_at: NotRequired[datetime | None]
    accepted: NotRequired[tuple[Accepted, ...]]
    department: NotRequired[str]
    absent: NotRequired[tuple[str, ...]]


def publish(
    state: BookState,
    *,
    published_on: date,
    files: tuple[PublishedFile, ...],
    heads: tuple[HeadOfBook, ...],
    edition: str,
    made: tuple[str, ...] = (),
    edition_sha256: str = "",
    unmask: bool = False,
    as_of: date | None = None,
    known_at: datetime | None = None,
    accepted: tuple[Accepted, ...] = (),
    department: str = "",
    absent: tuple[str, ...] = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ReportPublished]]:
    """公开, of no file that is public already. Raises `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    if published_on.year < state.year:
        raise Refused(
            Refusal.PUBLISH_DATE,
            date=published_on.isoformat(),
            year=state.year,
            ways_out=[Instead(date=Word(f"{state.year + 1}-MM-DD"))],
        )
    for file in files:
        known = state.published.get(file.sha256)
        if known is not None:
            raise Refused(
                Refusal.PUBLISH_AGAIN,
                file=file.name,
                entry=known,
                ways_out=[
                    ways.show(known),
                    Way("reverse", known, date=f"{state.year}-12-31", reason=ways.REASON),
                ],
            )
    event = ReportPublished(
        **occasion,
        published_on=published_on,
        files=files,
        made=made,
        heads=heads,
        edition=edition,
        edition_sha256=edition_sha256,
        unmask=unmask,
        as_of=as_of,
        known_at=known_at,
        accepted=accepted,
        department=department,
        absent=absent,
    )
    return (Decided(event),)


PUBLISH = Kind("publish", publish, Publish)
KINDS = (PUBLISH,)
