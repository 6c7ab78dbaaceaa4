"""What every answer has in common: which book or department it is about, and as of when.

An answer is a value: one frozen struct a question. Text, workbooks and pages read its attributes;
encoder.py makes it JSON (contract §1).
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec.structs import asdict, astuple, fields

from ledger.money import rate
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

    def told(self) -> str:
        """The sentence that says it."""
        books = self.compared_with
        if not books.books:
            return f"本文件中没有 {books.year} 年的账套，上年数空缺"
        day = f"（截至：{books.as_of}）" if books.as_of else ""
        lacking = f"；上年缺账套：{some(books.absent)}" if books.absent else ""
        return f"上年：{some([each.book for each in books.books])}{day}{lacking}"


_NAMED = 8


def some(names: Sequence[str]) -> str:
    """The first of some names, and how many there are."""
    more = f"……共 {len(names)} 个" if len(names) > _NAMED else ""
    return "、".join(names[:_NAMED]) + more


Header = BookHeader | DepartmentHeader


FEN = "fen"
_RATES = ("rate", "initial_rate", "share")
Row = TypeVar("Row", bound=msgspec.Struct)


def beside(now: Row, then: Row, rates: tuple[str, ...] = _RATES) -> Row:
    """A row with last year's beside it: for every `x_fen` also `last_year_x_fen`, `x_change_fen`
    and `x_change_rate` (four places, null where last year has none), for every one
    of its `rates` `last_year_rate`."""
    said, before = asdict(now), asdict(then)
    more: dict[str, Any] = {}
    for name in said:
        if name.endswith(FEN):
            own = name.removesuffix(FEN)
            change_fen = said[name] - before[name]
            more[f"last_year_{name}"] = before[name]
            more[f"{own}change_fen"] = change_fen
            more[f"{own}change_rate"] = rate(change_fen, before[name])
        elif name in rates:
            more[f"last_year_{name}"] = before[name]
    row: Row = _with_last_year(type(now), rates)(*astuple(now), **more)
    return row


def all_beside(now: Iterable[Row], then: Iterable[Row], key: Callable[[Row], Any]) -> list[Row]:
    """The rows of both years, matched by what they are about and in its order; what only one year
    has is nil in the other. Raises `ValueError` where two rows of a year are about the same: one
    of them would be lost."""
    of_now, of_then = _by(key, now), _by(key, then)
    return [
        beside(of_now.get(each) or _nil(of_then[each]), of_then.get(each) or _nil(of_now[each]))
        for each in sorted(of_now.keys() | of_then.keys())
    ]


def _by(key: Callable[[Row], Any], rows: Iterable[Row]) -> dict[Any, Row]:
    found: dict[Any, Row] = {}
    for row in rows:
        if found.setdefault(key(row), row) is not row:
            raise ValueError(f"two rows are about {key(row)}")
    return found


def _nil(row: Row) -> Row:
    """A row about the same of which there is nothing."""
    names = [each.name for each in fields(row)]
    nothing: dict[str, Any] = {name: 0 for name in names if name.endswith(FEN)}
    return msgspec.structs.replace(
        row, **nothing, **{name: None for name in _RATES if name in names}
    )


@cache
def _with_last_year(kind: type[msgspec.Struct], rates: tuple[str, ...]) -> Any:
    """The kind of row that has last year's figures, too."""
    more: list[tuple[str, Any]] = []
    for each in fields(kind):
        if each.name.endswith(FEN):
            own = each.name.removesuffix(FEN)
            more += [(f"last_year_{each.name}", int), (f"{own}change_fen", int)]
            more.append((f"{own}change_rate", str | None))
        elif each.name in rates:
            more.append((f"last_year_{each.name}", str | None))
    frozen = kind.__struct_config__.frozen
    name = f"{kind.__name__}Beside"
    return msgspec.defstruct(name, more, bases=(kind,), frozen=frozen, kw_only=True)
