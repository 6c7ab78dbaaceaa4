"""What figures are taken from: one book, or the books of a department
(汇总, P6)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ledger.book import BookId, nameable
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.store.log import NoLog, Place, Waiting, silently
from ledger.texts import folded
from projections.answers import DepartmentHeader, Header, Member
from projections.views.feed import missing, none_is_gone
from projections.views.reading import ALL, Cut, Reading, readings

if TYPE_CHECKING:
    from projections.views.names import BookNames


class Source(Protocol):
    """What figures are taken from: one book, or the books of a department (汇总)."""

    @property
    def year(self) -> int:
        """The fiscal year."""

    @property
    def name(self) -> str:
        """The unit or department, as published."""

    @property
    def edition(self) -> str:
        """The forms that it publishes in. Raises `Malformed` where its books publish in different
        ones."""

    @property
    def edition_sha256(self) -> str:
        """The digest of their files, if they are none of ours."""

    def members(self) -> Sequence[Reading]:
        """The books, each with its own basis."""

    def missing(self) -> Sequence[str]:
        """The units that were asked for and have no book."""

    def project_names(self) -> dict[str, str]:
        """The name of each project."""

    def names(self) -> "BookNames":
        """What codes and projects are called."""

    def header(self) -> Header:
        """What every answer says of it."""


class Department(NamedTuple):
    """Books of one year. `absent` are the units asked for that have none."""

    name: str
    year: int
    books: tuple[Reading, ...]
    absent: tuple[str, ...]
    cut: Cut

    @property
    def edition(self) -> str:
        """That of all its books. Raises `Malformed` where they differ: what is printed is printed
        in one edition, and all else adds up without."""
        editions = sorted({(one.edition, one.edition_sha256) for one in self.books})
        if len(editions) > 1:
            raise Malformed(
                Unreadable.BOOKS_EDITIONS,
                field="edition",
                value="、".join(dict.fromkeys(name for name, _ in editions)),
                expected=f"一个表样版本（--edition 写明用哪一版，如 {editions[-1][0]}）",
            )
        return editions[0][0]

    @property
    def edition_sha256(self) -> str:
        """The digest of the files of that edition."""
        return self.books[0].edition_sha256

    def members(self) -> tuple[Reading, ...]:
        """The books."""
        return self.books

    def missing(self) -> tuple[str, ...]:
        """The units that have none."""
        return self.absent

    def project_names(self) -> dict[str, str]:
        """The name of each project; where units give one code different names, each of them with
        the units that do."""
        names: dict[str, dict[str, list[str]]] = {}
        shown: dict[tuple[str, str], str] = {}
        for one in self.books:
            for code, name in one.project_names().items():
                shown.setdefault((code, folded(name)), name)
                names.setdefault(code, {}).setdefault(folded(name), []).append(one.book.unit)
        return {
            code: "；".join(
                shown[code, name] + (f"（{'、'.join(units)}）" if len(of) > 1 else "")
                for name, units in of.items()
            )
            for code, of in names.items()
        }

    def names(self) -> "BookNames":
        """What codes and projects are called."""
        from projections.views.names import BookNames  # most questions say no name of a code

        lists = [(str(one.book), own) for one in self.books if (own := one.code_names())]
        return BookNames(self.year, lists, self.project_names())

    def header(self) -> DepartmentHeader:
        """Which books were added up, at which heads, and which are missing."""
        as_of, known_at = self.cut.printed()
        members = list_of(self.books)
        return DepartmentHeader(self.name, self.year, as_of, known_at, members, self.absent)


def list_of(books: Sequence[Reading]) -> list[Member]:
    """Books, at which heads they stand."""
    return [
        Member(str(one.book), one.name, one.closed is not None, one.stands.printed())
        for one in books
    ]


@contextmanager
def department(
    place: Place,
    year: int,
    *,
    units: Sequence[str] = (),
    name: str = "",
    cut: Cut = ALL,
    waiting: Waiting = silently,
) -> Iterator[Department]:
    """The books of `year` of some units, or of every unit in the file, at one moment.

    A unit that is asked for and has no book of the year is named in `absent`; without `units`,
    those that had one the year before. Raises `Malformed` when there is no book at all.
    """
    meant = of_units(place, year, units=units, name=name, cut=cut)
    with readings(place, meant.books, cut, waiting) as opened:
        yield meant.together(opened)


class Meant(NamedTuple):
    """The books of a question, and the moment at which they are asked; one book is asked `alone`,
    or many as a department with a name. With `heads` each of them, and each of last year's, is as
    it was after so many entries; what is not among them was not there."""

    books: tuple[BookId, ...]
    cut: Cut
    alone: bool = True
    name: str = ""
    absent: tuple[str, ...] = ()
    heads: Mapping[str, int] | None = None

    def at(self, book: BookId, cut: Cut) -> Cut:
        """The cut of one of the books."""
        return cut if self.heads is None else cut._replace(upto=self.heads.get(str(book), 0))

    def source(self, opened: Sequence[Reading]) -> Source:
        """What figures are taken from, once they are opened."""
        return opened[0] if self.alone else self.together(opened)

    def together(self, opened: Sequence[Reading]) -> Department:
        """The same of many."""
        return Department(self.name, self.books[0].year, tuple(opened), self.absent, self.cut)


def of_units(
    place: Place, year: int, *, units: Sequence[str] = (), name: str = "", cut: Cut = ALL
) -> Meant:
    """The books of a department, as above. Raises `Malformed`."""
    books, absent = books_of_year(place, year, units)
    return Meant(books, cut, alone=False, name=name or "汇总", absent=absent)


class NamedProject(NamedTuple):
    """A project as a source tells it. Units of a department that give one code the same name have
    one project; those that give it other names have others, though the code is the same. `unit`
    where each unit's is told apart, else empty."""

    code: str
    name: str
    unit: str = ""


class Projects:
    """The projects of a source, each unit's apart where that is asked for (`by_unit`)."""

    def __init__(self, source: Source, *, by_unit: bool = False) -> None:
        self._by_unit = by_unit
        self._names = {one.book: one.project_names() for one in source.members()}
        self._shown: dict[tuple[str, str], str] = {}
        for names in self._names.values():
            for code, name in names.items():
                self._shown.setdefault((code, folded(name)), name)

    def of(self, one: Reading, code: str) -> NamedProject:
        """What a code is in a book; for what is no project a code without a name."""
        name = self._names[one.book].get(code, "")
        unit = one.book.unit if self._by_unit else ""
        return NamedProject(code, self._shown.get((code, folded(name)), ""), unit)


class BooksOfYear(NamedTuple):
    """The books of some units, and the units that have none."""

    books: tuple[BookId, ...]
    absent: tuple[str, ...]


def books_of_year(place: Place, year: int, units: Sequence[str] = ()) -> BooksOfYear:
    """Those of the units, or of every unit of the file. Raises `Malformed` where there is none."""
    known = books_of(place)
    having = {book.unit for book in known if book.year == year}
    expected = set(units) or having | {book.unit for book in known if book.year == year - 1}
    books = tuple(BookId(unit, year) for unit in sorted(expected & having))
    if not books:
        raise _none(year, sorted(set(units)), known)
    return BooksOfYear(books, tuple(sorted(expected - having)))


def _none(year: int, units: Sequence[str], known: Sequence[BookId]) -> Malformed:
    """The complaint that nothing can be added up: about the units, where others have a book of the
    year, else about the year."""
    having = sorted({book.unit for book in known if book.year == year})
    if not having:
        years = "、".join(sorted({str(book.year) for book in known}))
        expected = f"文件中有账套的年度：{years}"
        return Malformed(Unreadable.BOOKS_NONE, field="year", value=str(year), expected=expected)
    expected = f"文件中有 {year} 年账套的单位：{'、'.join(having)}"
    return Malformed(Unreadable.BOOKS_NONE, field="units", value=",".join(units), expected=expected)


def books_of(place: Place) -> list[BookId]:
    """Every book of a log. Raises `Refused` or `Corrupt` where there is none, and `Corrupt` where
    no command can name one: what is asked of all would leave it out."""
    try:
        with place.reading() as log:
            books = log.books()
        none_is_gone(place, books)
        if not books:
            raise NoLog
    except NoLog:
        raise missing(place, "单位编码/年度") from None
    for book in books:
        if not nameable(book):
            raise Corrupt(Damage.FILE_SCHEMA, f"账套名称无法读取：“{book[:60]}”")
    return [*map(BookId.parse, books)]
