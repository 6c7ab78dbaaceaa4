"""Answers that are put together of more than one question: what a command prints, and a page shows
as the same value.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from msgspec import UNSET
from msgspec.structs import replace

from cli.session import Session
from cli.terminal.asking import books_before, meant_by, report_of, source, years_beside
from cli.terminal.options import CutOptions, LineParts, OfPaymentOptions, RollUp
from ledger import parse
from ledger.book import BookId
from ledger.errors import Malformed, Unreadable
from ledger.money import parse_yuan
from projections.answers import Compared, Header
from projections.views.reading import Reading, reading
from projections.views.source import Source

if TYPE_CHECKING:
    from projections.questions.approval import Pending
    from projections.questions.entries import EntryFilter, EntryInFull
    from projections.questions.opening import Opening
    from projections.questions.three_public import ThreePublic
    from projections.questions.year.final_account import Approved
    from projections.report.against.said import Printed
    from projections.report.explain import WhereUsed
    from projections.report.figure import Report
    from projections.report.findings import Findings


def three_public(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: str | None,
    *,
    vs_last_year: bool = False,
) -> "tuple[Header, ThreePublic, Compared]":
    """三公经费, last year's beside it where the file has it; with `vs_last_year` it must."""
    from projections.questions import three_public as question
    from projections.report import editions
    from projections.views.last_year import compared, last_year

    with source(session, cut, rolled) as now:
        forms = editions.of_source(now) if edition is None else editions.found(edition)
        funds = forms.three_public_funds
        answer = question.three_public(now, funds)
    books = last_year(session.db, now, session.waiting)
    with books_before(session, now) if vs_last_year else books as before:
        if before.books:
            then = question.three_public(before, funds)
            answer = replace(answer, last_year=then.actual)
            answer = question.beside_last_year(answer, then) if vs_last_year else answer
    return now.header(), answer, compared(before)


def opening(session: Session, cut: CutOptions, rolled: RollUp) -> "tuple[Header, Opening]":
    """年初结转结余, and what finance approved of last year."""
    from projections.questions.opening import opening as walk

    lasts = _approved(session, cut, meant_by(session, cut, rolled).books)
    with source(session, cut, rolled) as opened:
        return opened.header(), walk(opened, lasts)


def _approved(
    session: Session, cut: CutOptions, books: Iterable[BookId]
) -> "dict[str, Approved | None]":
    """What finance approved of last year, by the book of this year, as far as the file has it."""
    from projections.questions.year.final_account import last_approved

    known_at = cut.cut().known_at
    return {str(b): last_approved(session.db, b, known_at, session.waiting) for b in books}


def pending(session: Session, cut: CutOptions) -> "tuple[Header, Pending]":
    """待审批, and what was opened from a closing that is undone."""
    from projections.questions.approval import pending as answer
    from projections.questions.year.carried_on import carried_on

    onward = carried_on(session.db, session.book(), cut.cut(), session.waiting) or UNSET
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        return opened.header(), replace(answer(opened), carried_on=onward)


def entry(session: Session, cut: CutOptions, number: int) -> "tuple[Header, EntryInFull]":
    """One entry; of a closing what was opened from it. Raises `Refused`."""
    from projections.questions.entries import entry as found
    from projections.questions.entries import of_a_closing
    from projections.questions.year.carried_on import carried_on

    onward = carried_on(session.db, session.book(), cut.cut(), session.waiting) or UNSET
    with reading(session.db, session.book(), cut.cut(), session.waiting) as opened:
        answer = found(opened, number)
        whole = replace(answer, carried_on=onward) if of_a_closing(answer.event) else answer
        return opened.header(), whole


def wanted_entries(
    line: LineParts,
    of_payment: OfPaymentOptions,
    *,
    kinds: Iterable[str] = (),
    paid: bool = False,
    doc: str | None = None,
    payee: str | None = None,
    text: str | None = None,
    amount: str | None = None,
    ref: str | None = None,
    since: str | None = None,
    until: str | None = None,
    after: str | None = None,
    before: str | None = None,
) -> "EntryFilter":
    """What 流水 is asked for, as it was typed. Raises `Malformed`."""
    from ledger.kinds import KIND_NAMES
    from projections.questions.entries import EntryFilter

    return EntryFilter(
        line=line.pattern() if line.given() else None,
        kinds=tuple(parse.word(each, KIND_NAMES, field="kind") for each in kinds),
        paid=paid,
        doc=None if doc is None else parse.text(doc, field="doc"),
        payee=None if payee is None else parse.text(payee, field="payee"),
        text=None if text is None else parse.text(text, field="text"),
        amount_fen=None if amount is None else parse_yuan(amount),
        original=None if ref is None else parse.entry_number(ref),
        since=None if since is None else parse.day(since, field="since"),
        until=None if until is None else parse.day(until, field="until"),
        after=None if after is None else parse.entry_number(after),
        before=None if before is None else parse.entry_number(before),
        **of_payment.said(),
    )


def used_in(session: Session, report: "Report", number: int) -> "WhereUsed":
    """Where an entry of a book goes, of a department one of `--unit`. Raises `Refused`."""
    from projections.questions.entries import entry as shown
    from projections.report.explain import where_used

    of = _of_unit(session, report.source)
    shown(of, number)  # refused when there is no such entry
    return where_used(report, number, of)


def _of_unit(session: Session, source: Source) -> Reading:
    """The book that an entry is of: the one, or of a department that of `--unit`. Raises
    `Malformed`."""
    members = source.members()
    for one in members:
        if len(members) == 1 or one.book.unit == session.unit:
            return one
    units = "、".join(one.book.unit for one in members)
    raise Malformed(
        Unreadable.FIELD_REQUIRED,
        field="unit",
        value=session.unit or "",
        expected=f"记录所在账套的单位（--unit）：{units}",
    )


def checked(
    session: Session,
    cut: CutOptions,
    rolled: RollUp,
    edition: str | None,
    printed: "Callable[[Report], list[Printed]]" = lambda _: [],
) -> "tuple[Header, Findings]":
    """What `check` finds, also of what was `printed`."""
    from projections.report.checks import check

    years = years_beside(session, cut, rolled)
    with report_of(session, cut, rolled, edition) as report:
        found = check(report, years=years, printed=printed(report))
        return report.source.header(), found
