"""Whether a report was made public in time: within twenty days after its 批复 (R17)."""

from collections.abc import Iterator

from ledger.events import ReportPublished
from ledger.rules.adjusting import publish_by
from ledger.rules.cautions import Caution, Remark
from ledger.state import BookState


def in_time(event: ReportPublished, state: BookState) -> Iterator[Remark]:
    """What is to be said of the day of a publication, in the book that records it."""
    if not state.approvals:
        yield Caution.PUBLISH_UNAPPROVED.with_figures()
        return
    last = state.approvals[-1]
    approved_on, day = last.said.approved_on, event.published_on
    until = publish_by(approved_on)
    said = {"approved_on": approved_on, "entry": last.entry, "published_on": day}
    if day < approved_on:
        yield Caution.PUBLISH_EARLY.with_figures(**said)
    elif day > until:
        late = (day - until).days
        yield Caution.PUBLISH_LATE.with_figures(**said, publish_by=until, days=late)
