"""What is answered when a document was written."""

import msgspec

from projections.report.narrative.answer import ToldNeed


class SavedReport(msgspec.Struct, frozen=True):
    """The receipt of a document in files, and what somebody has yet to say in it."""

    files: list[str]
    missing: list[ToldNeed]
