"""汇总: the books of many units read as one department.

Whatever asks `measures.facts` works on a department as it does on a book: the figures of every book
follow its own basis and are then added up. A project has one code in all units of a department,
because the finance bureau gives it out.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ledger import log
from ledger.errors import Malformed
from ledger.line import BookId
from projections.carryover import WALK, walk
from projections.feed import missing, opened_log
from projections.measures import Source
from projections.reading import ALL, Cut, Reading, readings


class Department(NamedTuple):
    """Books of one year and one edition. `absent` are the units asked for that have none."""

    name: str
    year: int
    edition: str
    books: tuple[Reading, ...]
    absent: tuple[str, ...]
    cut: Cut

    def members(self) -> tuple[Reading, ...]:
        """The books."""
        return self.books

    def project_names(self) -> dict[str, str]:
        """The name of each project; where units differ, the name that the last one gives."""
        return {code: name for one in self.books for code, name in one.project_names().items()}

    def header(self) -> dict[str, Any]:
        """Which books were added up, at which heads, and which are missing."""
        return {
            "department": self.name,
            "year": self.year,
            "as_of": self.cut.as_of.isoformat() if self.cut.as_of else None,
            "known_at": self.cut.known_at.isoformat() if self.cut.known_at else None,
            "books": [
                {
                    "book": str(one.book),
                    "name": one.name,
                    "closed": one.closed is not None,
                    "head": one.head.json(),
                }
                for one in self.books
            ],
            "absent": list(self.absent),
        }


@contextmanager
def department(
    path: Path,
    year: int,
    *,
    units: Sequence[str] = (),
    name: str = "",
    cut: Cut = ALL,
    waiting: log.Waiting = log.silently,
) -> Iterator[Department]:
    """The books of `year` of some units, or of every unit in the file, at one moment.

    A unit that is asked for and has no book of the year is named in `absent`; without `units`,
    those that had one the year before. Raises `Malformed` when there is no book at all, or when
    the books publish in different editions.
    """
    there = books_of(path)
    having = {book.unit for book in there if book.year == year}
    expected = set(units) or having | {book.unit for book in there if book.year == year - 1}
    found = [BookId(unit, year) for unit in sorted(expected & having)]
    if not found:
        raise Malformed(
            "BOOKS.NONE",
            field="year",
            value=str(year),
            expected="文件中有账套的年度：" + "、".join(sorted({str(b.year) for b in there})),
        )
    with readings(path, found, cut, waiting) as opened:
        editions = sorted({one.edition for one in opened})
        if len(editions) > 1:
            raise Malformed(
                "BOOKS.EDITIONS",
                field="edition",
                value="、".join(editions),
                expected="各账套采用同一表样版本，才能汇总",
            )
        absent = tuple(sorted(expected - having))
        yield Department(name or "汇总", year, editions[0], tuple(opened), absent, cut)


def books(source: Source) -> dict[str, Any]:
    """The walk from opening to closing of every book, and of all together, fen."""
    walks = [(one, walk(one)) for one in source.members()]
    return {
        "walks": [{"book": str(one.book), "name": one.name, **walked} for one, walked in walks],
        "totals": {name: sum(walked[name] for _, walked in walks) for name in WALK},
    }


def books_of(path: Path) -> list[BookId]:
    """Every book of a file."""
    try:
        with opened_log(path) as connection:
            return [BookId.parse(book) for book in log.books(connection)]
    except log.NoLog:
        raise missing(path, "单位编码/年度") from None
