"""What every answer has in common: which book or department it is about, and as of when.

An answer is a value: one frozen struct a question. Text, workbooks and pages read its attributes;
encoder.py makes it JSON (contract §1).
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from ledger.proofs.printed import PrintedHead


class Verdict(msgspec.Struct, frozen=True):
    """Whether all is well, which the exit code says too."""

    ok: bool


class BookHeader(msgspec.Struct, frozen=True):
    """What every answer about a book begins with."""

    book: str
    as_of: date | None
    known_at: str | None
    head: PrintedHead

    @property
    def subject(self) -> str:
        """Whom the answer is about, for people."""
        return self.book


class Member(msgspec.Struct, frozen=True):
    """A book of a department."""

    book: str
    name: str
    closed: bool
    head: PrintedHead


class DepartmentHeader(msgspec.Struct, frozen=True):
    """What every answer about a department begins with: the books that were added up, at which
    heads, and the units that have none."""

    department: str
    year: int
    as_of: date | None
    known_at: str | None
    books: Sequence[Member]
    absent: Sequence[str]

    @property
    def subject(self) -> str:
        """Whom the answer is about, for people."""
        return f"{self.department}/{self.year}（汇总 {len(self.books)} 个账套）"


class BooksBefore(msgspec.Struct, frozen=True):
    """The books of last year that an answer stands beside, by the same day of their year, and the
    units that have none."""

    year: int
    as_of: date | None
    books: Sequence[Member]
    absent: Sequence[str]


class Compared(msgspec.Struct, frozen=True):
    """What last year's figures are from."""

    compared_with: BooksBefore


Header = BookHeader | DepartmentHeader
