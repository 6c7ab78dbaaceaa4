"""What is answered when a document was written."""

from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from projections.report.narrative.answer import ToldNeed


class PublishedAgain(msgspec.Struct, frozen=True):
    """The publication that a document was made from once more, and whether each file is one that
    was made public, byte by byte; null where there is none to compare it with."""

    book: str
    entry: int
    published_on: date
    same: list[bool | None]


class SavedReport(msgspec.Struct, frozen=True):
    """The receipt of a document in files, and what somebody has yet to say in it."""

    files: list[str]
    missing: list[ToldNeed]
    published: PublishedAgain | UnsetType = UNSET
