"""How a question is asked and answered: of the book that is meant, or of the books of many units as
one department (汇总).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import msgspec

from cli.session import Session
from cli.terminal.options import CutOptions, RollUp
from ledger import parse
from ledger.book import parse_unit
from ledger.errors import Malformed, Unreadable
from projections.answers import Compared, Header
from projections.views.reading import Reading, reading, readings
from projections.views.source import Meant, Source, of_units

if TYPE_CHECKING:
    from projections.report.cells import Cells
    from projections.report.checked.years import Years
    from projections.report.editions import Edition
    from projections.report.figure import Report
    from projections.views.source import Department

ALL_UNITS = "all"
Answer = TypeVar("Answer", bound=msgspec.Struct)


def of_book(
    session: Session,
    cut: CutOptions,
    ask: Callable[[Reading], Answer],
    show: Callable[[Header, Answer], str],
) -> None:
    """Answers what is asked of one book."""
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        answer = ask(opened)
    session.answer(show, opened.header(), answer)


def of_source(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    ask: Callable[[Source], Answer],
    show: Callable[[Header, Answer], str],
) -> None:
    """Answers what is asked of a book, or of the books of a department."""
    with source(session, cut, rolled) as opened:
        answer = ask(opened)
    session.answer(show, opened.header(), answer)


def beside_last_year(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    ask: Callable[[Source], Answer],
    join: Callable[[Answer, Answer], Answer],
    show: Callable[[Header, Answer, Compared], str],
) -> None:
    """Answers what is asked of a book or a department, beside last year's answer. Raises
    `Malformed` where the file has no book of last year."""
    from projections.views.last_year import compared

    with source(session, cut, rolled) as now:
        answer = ask(now)
    with books_before(session, now) as before:
        answer = join(answer, ask(before))
    session.answer(show, now.header(), answer, compared(before))


@contextmanager
def books_before(session: Session, now: Source) -> Iterator["Department"]:
    """Last year's books of a source that is closed again. Raises `Malformed` where there is
    none."""
    from projections.views.last_year import last_year

    with last_year(session.db, now, session.waiting) as before:
        if not before.books:
            units = "、".join(before.absent[:8])
            raise Malformed(
                Unreadable.LAST_YEAR_NONE,
                field="vs-last-year",
                value=str(before.year),
                expected=f"不写（文件中没有 {units} {before.year} 年的账套），或先建立该账套",
            )
        yield before


def of_report(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: str | None,
    ask: Callable[["Report"], Answer],
    show: Callable[[Header, Answer], str],
) -> None:
    """Answers what is asked of all that a book, or a department, publishes."""
    with report_of(session, cut, rolled, edition) as report:
        answer = ask(report)
    session.answer(show, report.source.header(), answer)


@contextmanager
def report_of(
    session: Session, cut: CutOptions, rolled: RollUp, edition: str | None
) -> Iterator["Report"]:
    """All that a book, or a department, publishes, last year's beside it where the file has it."""
    from projections.report.editions import found

    shown_in = None if edition is None else found(parse.required(edition, field="edition"))
    with made_from(session, meant_by(session, cut, rolled), shown_in) as report:
        yield report


@contextmanager
def made_from(
    session: Session, meant: Meant, shown_in: "Edition | None" = None
) -> Iterator["Report"]:
    """The same of the books that are meant, in their edition or another."""
    from projections.report.cells import Cells
    from projections.report.figure import Report
    from projections.views.last_year import with_last_year

    with with_last_year(session.db, meant, session.waiting) as (now, before):
        cells = Cells(now, shown_in)
        there = Report(Cells(before, cells.edition)) if before.books else None
        yield Report(cells, there)


@contextmanager
def both_made_from(
    session: Session, was: Meant, now: Meant, shown_in: "Edition | None" = None
) -> "Iterator[tuple[Report, Report]]":
    """The same twice, to hold one against the other: at one moment, in the edition of the latter
    where none is said, and beside what last year's books are now, or were then."""
    from projections.report.cells import Cells
    from projections.report.editions import of_source
    from projections.report.figure import Report
    from projections.views.last_year import each_with_last_year

    with each_with_last_year(session.db, [was, now], session.waiting) as opened:
        edition = shown_in or of_source(opened[1][0])
        first, second = (
            Report(Cells(source, edition), Report(Cells(before, edition)) if before.books else None)
            for source, before in opened
        )
        yield first, second


def meant_by(session: Session, cut: CutOptions, rolled: RollUp) -> Meant:
    """The book of `--unit` and `--year`; with `--units`, those books of the year together. Raises
    `Malformed`."""
    if rolled.units is None:
        return Meant((session.book(),), cut.cut())
    year, named = rolled_up(session, rolled.units)
    name = parse.text(rolled.department or "", field="department")
    return of_units(session.db, year, units=named, name=name, cut=cut.cut())


def years_beside(session: Session, cut: CutOptions, rolled: RollUp) -> "dict[str, Years]":
    """What the books of the year before and after say of those that are checked, by book. To be
    asked before these are read: the views of all of them may have to be caught up (P9)."""
    from projections.questions.opening import last_closing
    from projections.questions.year.carried_on import carried_on
    from projections.report.checked.years import Years

    when = cut.cut()
    return {
        str(book): Years(
            last_closing(session.db, book, when.known_at, session.waiting),
            carried_on(session.db, book, when, session.waiting),
        )
        for book in meant_by(session, cut, rolled).books
    }


@contextmanager
def source(session: Session, cut: CutOptions, rolled: RollUp) -> Iterator[Source]:
    """What is asked of a book, or of many as a department. Raises `Malformed`."""
    meant = meant_by(session, cut, rolled)
    with readings(session.db, meant.books, meant.cut, session.waiting) as opened:
        yield meant.source(opened)


def rolled_up(session: Session, units: str) -> tuple[int, list[str]]:
    """The year and the units of `--units`; no units where all are meant. Raises `Malformed`."""
    if session.year is None:
        expected = "汇总的年度（--year），如 2020"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="year", value="", expected=expected)
    named = [] if units == ALL_UNITS else [*map(parse_unit, _listed(units))]
    return session.year, named


def _listed(units: str) -> list[str]:
    return [unit.strip() for unit in parse.required(units, field="units").split(",")]


@contextmanager
def cells_of(
    session: Session, cut: CutOptions, rolled: RollUp, edition: str | None
) -> Iterator["Cells"]:
    """The published cells of a book, or of a department, in its edition or the one that is said;
    last year's books are opened where they may be asked: a figure that is quoted may rest on
    them."""
    from projections.report.cells import Cells
    from projections.report.editions import found

    shown_in = None if edition is None else found(parse.required(edition, field="edition"))
    with source(session, cut, rolled) as opened:
        cells = Cells(opened, shown_in)
        if not cells.edition.quotes:
            yield cells
            return
    with report_of(session, cut, rolled, edition) as report:
        yield report.cells
