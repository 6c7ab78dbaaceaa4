"""What an address asks: which book or books, at which moment, and the options of the command, by
the same names. Whatever a page links to keeps the book and the moment.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import quote, urlencode

from cli.session import Session
from cli.terminal import asking
from cli.terminal.options import CutOptions, LineParts, OfPaymentOptions, RollUp
from ledger import parse
from ledger.book import BookId, parse_unit
from ledger.errors import Malformed, Unreadable
from ledger.line import parse_year
from projections.report.figure import Report
from projections.views.reading import Reading, reading
from projections.views.source import Source

WHERE = ("unit", "year", "units", "department", "as-of", "known-at")
"""Which book or books, and as of when: said in every address where it is not as usual. Not the
forms of another edition, which may be a folder: an address names no file."""
LINE = tuple(name for name in LineParts._fields if name != "line")
PAGE_ROWS = 100
"""Rows of a page of a list."""


class Visit(NamedTuple):
    """An address: the session of the program, what the address says, and the page's own path; and
    the name of what was opened for it, which stands at the top of the page."""

    session: Session
    said: Mapping[str, str]
    path: str
    names: list[str]

    @classmethod
    def of(
        cls, session: Session, said: Mapping[str, str], path: str, takes: tuple[str, ...]
    ) -> "Visit":
        """What is asked, of a page that takes these options. Raises `Malformed` for others."""
        told = {name: value for name, value in said.items() if value.strip()}
        for name, value in told.items():
            if name not in (*WHERE, *takes):
                expected = "、".join((*takes, *WHERE))
                raise Malformed(
                    Unreadable.OPTION_UNUSED, field=name, value=value, expected=expected
                )
        unit, year = told.get("unit"), told.get("year")
        chosen = session._replace(
            unit=session.unit if unit is None else parse_unit(unit),
            year=session.year if year is None else parse_year(year, field="year"),
        )
        return cls(chosen, told, path, [])

    def get(self, name: str) -> str | None:
        """What the address says of an option."""
        return self.said.get(name)

    @property
    def cut(self) -> CutOptions:
        """The moment."""
        return CutOptions(self.get("as-of"), self.get("known-at"))

    @property
    def rolled(self) -> RollUp:
        """The books of a department."""
        return RollUp(self.get("units"), self.get("department"))

    @property
    def line(self) -> LineParts:
        """The lines that are asked for."""
        return LineParts(line=self.get("line"), **{name: self.get(name) for name in LINE})

    @property
    def of_payment(self) -> OfPaymentOptions:
        """What is asked of payments."""
        return OfPaymentOptions(contract=self.get("contract"))

    def whole(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.get(name) is not None

    @contextmanager
    def source(self) -> Iterator[Source]:
        """The book or the department that is meant, opened at this moment."""
        with asking.source(self.session, self.cut, self.rolled) as opened:
            self.names.append(opened.name)
            yield opened

    def no_department(self) -> None:
        """Raises `Malformed` where a department is asked for what only a book answers."""
        if self.rolled.units is not None:
            raise Malformed(
                Unreadable.FIELD_NOT_USED,
                field="units",
                value=self.rolled.units,
                expected="空（这一页只看一个账套：写 unit 和 year）",
            )

    @contextmanager
    def book(self) -> Iterator[Reading]:
        """A book alone, opened at this moment. Raises `Malformed`."""
        self.no_department()
        cut = self.cut.cut()
        with reading(self.session.db, self.session.book(), cut, self.session.waiting) as opened:
            self.names.append(opened.name)
            yield opened

    def of_department(self, year: int) -> "Visit":
        """The same of the books of a year, all where none are named."""
        units = self.get("units") or asking.ALL_UNITS
        return self._replace(
            session=self.session._replace(year=year), said={**self.said, "units": units}
        )

    def named(self) -> None:
        """Opens what is meant for its name alone, where the answer was put together elsewhere."""
        with self.source():
            pass

    @contextmanager
    def report(self) -> Iterator[Report]:
        """All that it publishes."""
        with asking.report_of(self.session, self.cut, self.rolled, None) as report:
            self.names.append(report.source.name)
            yield report

    def link(self, path: str, **said: str | int | None) -> str:
        """The address of another page, of the same book at the same moment. Of a name `_` stands
        for `-`."""
        kept = {name: self.said[name] for name in WHERE if name in self.said}
        for name, value in said.items():
            option = name.replace("_", "-")
            kept.pop(option, None)
            if value not in (None, ""):
                kept[option] = str(value)
        return f"{path}?{urlencode(kept)}" if kept else path

    def again(self, **said: str | int | None) -> str:
        """The address of this page, asked otherwise."""
        own = {name: value for name, value in self.said.items() if name not in WHERE}
        return self.link(self.path, **{name.replace("-", "_"): v for name, v in own.items()} | said)

    def of_book(self, book: str, path: str) -> str:
        """The address of a page of one book of a department."""
        unit, year = BookId.split(book)
        return self.link(path, units=None, department=None, unit=unit, year=year)

    def entry(self, number: int, book: str = "") -> str:
        """The address of an entry."""
        path = f"/show/{number}"
        return self.of_book(book, path) if book and self.rolled.units else self.link(path)

    def statement(self, line: str, book: str = "") -> str:
        """The address of 明细账 of a line."""
        path = f"/statement/{quoted(line)}"
        return self.of_book(book, path) if book and self.rolled.units else self.link(path)

    def figure(self, name: str) -> str:
        """The address at which a figure is explained."""
        return self.link(f"/explain/{quoted(name)}")

    def number(self, name: str) -> int | None:
        """A number of an option. Raises `Malformed`."""
        said = self.get(name)
        return None if said is None else parse.count(said, field=name)


def quoted(text: str) -> str:
    """A text as a part of an address."""
    return quote(text, safe=":")
