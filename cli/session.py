"""What a command knows of its surroundings: the file, the book, the actor, and how to answer."""

import os
import sys
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVarTuple, Unpack

from cli.settings import DEFAULT_DB, parse_actor, parse_db, settings
from ledger.book import BookId, nameable, parse_unit
from ledger.errors import Corrupt, Damage, Lacking, Malformed, OtherEdition, Unreadable
from ledger.line import FISCAL_FUNDS, parse_year
from ledger.refusals import not_opened
from ledger.store import interrupts
from ledger.store.log import NoLog, Place
from ledger.store.place import place
from ledger.texts import escaped

if TYPE_CHECKING:
    from ledger.line import Fund
    from ledger.store.books import Books
    from ledger.store.forms import PublishedAs
    from ledger.store.writing import Durable
    from projections.report.editions import Edition

Parts = TypeVarTuple("Parts")


class Session(NamedTuple):
    """The global options, from the command line, else as they are set, else the defaults; and what
    was recorded so far, which whoever runs the command knows too."""

    db: Place
    unit: str | None
    year: int | None
    named: str | None
    json: bool
    kept: "list[Durable]"

    @classmethod
    def of(cls, given: dict[str, Any], kept: "list[Durable]") -> "Session":
        """The session of the options given. Raises `Malformed`."""
        said = settings()

        def value(name: str) -> str | None:
            typed: str | None = given.get(name)
            return typed if typed is not None else getattr(said, name)

        unit, year, db = value("unit"), value("year"), value("db")
        return cls(
            place(DEFAULT_DB if db is None else str(parse_db(db))),
            None if unit is None else parse_unit(unit),
            None if year is None else parse_year(year, field="year"),
            parse_actor(named) if (named := value("actor")) else None,
            bool(given.get("json")),
            kept,
        )

    @property
    def actor(self) -> str:
        """经办人: who was named, else the user of this machine. Raises `Malformed`."""
        return self.named or parse_actor(_os_user())

    def books(self) -> "Books":
        """The books of the place, for writing."""
        from ledger.store.books import Books

        return Books(
            self.db, waiting=self.waiting, kept=self.kept, forms=_Forms(self.db, self.waiting)
        )

    def book(self) -> BookId:
        """The book that is meant: `--unit` and `--year`, or the only one of the file that can be
        named. Raises `Malformed`, `Refused` or `Corrupt`."""
        if self.unit is not None and self.year is not None:
            return BookId(self.unit, self.year)
        names = self._books()
        readable = [*filter(nameable, names)]
        found = [
            book
            for book in map(BookId.parse, readable)
            if self.unit in (None, book.unit) and self.year in (None, book.year)
        ]
        if names and not readable:
            raise Corrupt(Damage.FILE_SCHEMA, f"账套名称无法读取：“{names[0][:60]}”")
        if not found:
            raise not_opened(f"{self.unit or '单位编码'}/{self.year or '年度'}")
        if len(found) > 1:
            some = "、".join(map(str, found[:8])) + ("……" if len(found) > 8 else "")
            expected = f"单位编码和年度（--unit 和 --year），文件中有 {len(found)} 个：{some}"
            raise Malformed(
                Unreadable.BOOK_AMBIGUOUS, field="unit", value=self.unit or "", expected=expected
            )
        return found[0]

    def _books(self) -> list[str]:
        try:
            with self.db.reading(self.waiting, anyhow=True) as log:
                return log.books()
        except NoLog:
            return []

    def waiting(self) -> None:
        """Told once when another process holds the file."""
        tell(f"{self.db} 正被另一个程序使用，正在等待……")

    def answer(self, show: Callable[[Unpack[Parts]], str], *parts: *Parts) -> None:
        """Prints an answer: one JSON object with the fields of all its parts, or what `show` makes
        of them. What could move a cursor or turn the order of a line is written out. All is said
        then: what is left is the exit code, and nothing interrupts that."""
        if self.json:
            from cli.text import ways
            from projections.encoder import encoded

            text = encoded(*parts, hook=ways.encoded)  # type: ignore[arg-type]
        else:
            text = escaped(show(*parts))
        print(text, flush=True)
        interrupts.ignore()

    def hand_out(self, document: str) -> None:
        """Prints a file that is asked for on stdout, character for character: whoever makes it
        writes out what stands in its texts."""
        print(document, flush=True)


class _Forms(NamedTuple):
    """What is asked of the forms of editions, and of last year's book. Where the files of an
    edition of one's own are not at hand, or are not right, no payment waits for them."""

    db: Place
    waiting: Callable[[], None]

    def three_public_funds(self, published: "PublishedAs") -> "Collection[Fund]":
        """Those of an edition, else all 财政拨款."""
        edition = _edition(published)
        return FISCAL_FUNDS if edition is None else edition.three_public_funds

    def meant(self, published: "PublishedAs", kind: str, place: str, *, counted: bool) -> str:
        """The place of its report. Raises `Malformed`."""
        from projections.report.narrative.places import meant

        edition = _edition(published)
        return place if edition is None else meant(edition, kind, place, counted=counted)

    def last_year_says(self, published: "PublishedAs", cell: str) -> int | None:
        """What the report of last year's book has."""
        from projections.report.narrative.last_report import said

        edition = _edition(published)
        book = BookId.parse(published.book)
        return None if edition is None else said(self.db, book, edition, cell, self.waiting)


def _edition(published: "PublishedAs") -> "Edition | None":
    from projections.report import editions  # nearly no entry is about such money, or a form

    try:
        return editions.of_book(published.edition, published.edition_sha256)
    except (Lacking, OtherEdition, Malformed):
        return None


def tell(message: str) -> None:
    """Talk goes to stderr, safe for a terminal as an answer is; what was answered before it stands
    before it where both are one."""
    sys.stdout.flush()
    print(escaped(message), file=sys.stderr)


def leave(code: int) -> NoReturn:
    """Ends the command with an exit code of contract §1."""
    raise SystemExit(code)


def _os_user() -> str:
    import getpass  # only where nobody is named

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"uid{os.getuid()}" if hasattr(os, "getuid") else "unknown"
