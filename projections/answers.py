"""What every answer has in common: which book or department it is about, as of when, and how it is
encoded.

An answer is a value: one frozen struct a question. Text, workbooks and pages read its attributes;
`encoded` is the one place where it becomes JSON (contract §1).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from ledger.proofs.printed import PrintedHead
from ledger.refusals import WayOut


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


Header = BookHeader | DepartmentHeader


class Failed(msgspec.Struct, frozen=True):
    """Why a command did not do what was asked, and what would help (contract §1)."""

    ok: Literal[False]
    code: str
    message: str
    facts: Mapping[str, object]
    try_: Sequence[WayOut] = msgspec.field(name="try")


def encoded(*parts: msgspec.Struct, hook: Callable[[object], object] | None = None) -> str:
    """One JSON object with the fields of all parts, in their order, on one line. `hook` says what
    is no plain data: a way out, which each face says in its own manner."""
    try:
        bodies = [msgspec.json.encode(part, enc_hook=hook)[1:-1] for part in parts]
    except UnicodeEncodeError:  # a file's name that is no Unicode, which msgspec does not write
        import json

        plain = [msgspec.to_builtins(part, enc_hook=hook) for part in parts]
        return json.dumps({name: each[name] for each in plain for name in each}, ensure_ascii=False)
    return msgspec.json.format(b"{" + b",".join(filter(None, bodies)) + b"}", indent=0).decode()
