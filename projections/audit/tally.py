"""What an audit tried, what failed, and what could not run."""

from collections import Counter

import msgspec

FINDINGS_MAX = 100
"""Findings of one kind that are told in full; how many there are says the count of its check."""


class Fault(msgspec.Struct, frozen=True):
    """What is wrong, and in which entry where it is one."""

    code: str
    entry: int | None
    message: str


class Skipped(msgspec.Struct, frozen=True):
    """A check that could not run, and why."""

    code: str
    why: str


class Tally:
    """What was tried and what failed, and the first findings of each kind."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.findings: list[Fault] = []
        self.not_run: list[Skipped] = []

    def expect(self, code: str, holds: bool, message: str = "", entry: int | None = None) -> bool:
        """Counts one check."""
        self.tried[code] += 1
        if not holds:
            self.fail(code, message, entry)
        return holds

    def count(self, code: str, times: int) -> None:
        """Counts checks whose failures, if any, are noted by `fail`."""
        self.tried[code] += times

    def fail(self, code: str, message: str, entry: int | None = None) -> None:
        """Notes a failure of a check that was counted."""
        self.failed[code] += 1
        if self.failed[code] <= FINDINGS_MAX:
            self.findings.append(Fault(code, entry, message))

    def skip(self, code: str, why: str) -> None:
        """Notes a check that could not run."""
        self.not_run.append(Skipped(code, why))

    def add(self, other: "Tally") -> None:
        """Takes over what another pass tried and found."""
        self.tried.update(other.tried)
        self.failed.update(other.failed)
        self.findings += other.findings
        self.not_run += other.not_run
