"""A book: one unit in one fiscal year, written `UNIT/YEAR`."""

from functools import lru_cache
from typing import NamedTuple, Self

from ledger.errors import Malformed
from ledger.line import checked, parse_year

UNIT = "[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
"""A unit code, as a pattern."""


class BookId(NamedTuple):
    """账套: one unit in one fiscal year, written `UNIT/YEAR`."""

    unit: str
    year: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """The book of `UNIT/YEAR`. Raises `Malformed`."""
        unit, year = cls.split(text)
        return cls(parse_unit(unit), parse_year(year, field="year"))

    @staticmethod
    def split(text: str) -> tuple[str, str]:
        """Unit and year as they are written, whether or not there can be such a book: a refusal
        may name `单位编码/年度`."""
        unit, _, year = text.rpartition("/")
        return unit, year

    def __str__(self) -> str:
        return f"{self.unit}/{self.year}"


def nameable(book: str) -> bool:
    """Whether a command can name a book that a log says it has."""
    try:
        BookId.parse(book)
    except Malformed:
        return False
    return True


@lru_cache(maxsize=1 << 10)  # asked several times of every decision
def year_of(book: str) -> int:
    """The fiscal year of a book by its name."""
    return int(BookId.split(book)[1])


def parse_unit(text: str) -> str:
    """A unit code: letters, digits, `.`, `_`, `-`, up to 40 characters."""
    expected = "字母、数字、点、下划线或连字符组成的单位编码，1 至 40 个字符"
    return checked(UNIT, text, field="unit", expected=expected)
