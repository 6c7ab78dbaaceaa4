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


CauseKind = Literal["cell", "scope", "rounded", "shares", "last-year"]


class Cause(msgspec.Struct, frozen=True):
    """What a printed figure equals instead: another figure; itself in another scope of money, or
    with this operand in another; itself rounded twice; what makes the shares of a whole 100 %; or
    last year's. `cell` names that figure."""

    kind: CauseKind
    cell: str


class Finding(msgspec.Struct, frozen=True):
    """One thing that a person should see. `suggestion` is a sentence for the explanation, `try` the
    commands that do what it says, in their order, where they are known; figures are fen; `facts`
    are there where it is about days, or a day.

    Where it is about print: what was `printed`, what the book gives (`derived`, null where that has
    no value) and the `cause`, null where none is known, or which wrong figure it `follows`. The
    first of the cells is the printed figure."""

    code: str
    tier: Tier
    message: str
    cells: list[str] = []
    left_fen: int | None = None
    right_fen: int | None = None
    suggestion: str = ""
    facts: UncoveredDays | Publishing | UnsetType = UNSET
    try_: list[Way] | UnsetType = field(name="try", default=UNSET)
    printed: str | UnsetType = UNSET
    derived: str | UnsetType | None = UNSET
    cause: Cause | UnsetType | None = UNSET
    follows: str | UnsetType = UNSET


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
