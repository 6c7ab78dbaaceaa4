"""What a check of published figures finds."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType, field

from ledger.refusals import Way
from projections.report.checked.uncovered import UncoveredDays
from projections.views.reading import Reading
from projections.views.source import Source

Tier = Literal["error", "warn", "info"]
TIERS: tuple[Tier, ...] = ("error", "warn", "info")
"""The gravest first."""


class Publishing(msgspec.Struct, frozen=True):
    """Until when what finance approved on a day, by an entry of a book, is published (R17)."""

    book: str
    entry: int
    doc: str
    approved_on: date
    publish_by: date


class Finding(msgspec.Struct, frozen=True):
    """One thing that a person should see. `suggestion` is a sentence for the explanation, `try` the
    commands that do what it says, in their order, where they are known; figures are fen; `facts`
    are there where it is about days, or a day."""

    code: str
    tier: Tier
    message: str
    cells: list[str] = []
    left_fen: int | None = None
    right_fen: int | None = None
    suggestion: str = ""
    facts: UncoveredDays | Publishing | UnsetType = UNSET
    try_: list[Way] | UnsetType = field(name="try", default=UNSET)


class NotRun(msgspec.Struct, frozen=True):
    """A check that cannot run, and why."""

    code: str
    why: str


class Findings(msgspec.Struct, frozen=True):
    """审核结果: all findings, and what could not be checked (contract §4)."""

    findings: list[Finding]
    not_run: list[NotRun]

    @property
    def failed(self) -> bool:
        """Whether anything is an error."""
        return any(finding.tier == "error" for finding in self.findings)


def ranked(found: Iterable[Finding]) -> list[Finding]:
    """The gravest first, then by code."""
    return sorted(found, key=lambda finding: (TIERS.index(finding.tier), finding.code))


def book_of(source: Source, one: Reading) -> str:
    """Whose a finding is, where there may be several books."""
    return "" if isinstance(source, Reading) else f"{one.book} "


def ways_in(source: Source, one: Reading, ways: Iterable[Way]) -> list[Way]:
    """The ways out, which say whose book they are about where there may be several."""
    if isinstance(source, Reading):
        return [*ways]
    return [way.also(unit=one.book.unit, year=one.book.year) for way in ways]
