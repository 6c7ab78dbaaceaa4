"""账套与项目: opening a book, mending what it says of itself, naming projects and codes."""

from collections.abc import Sequence
from typing import NotRequired, Unpack

from ledger.book import BookId
from ledger.codes import is_code_of
from ledger.effects import Decided
from ledger.events import (
    BookAmended,
    BookOpened,
    CodeName,
    CodeSetAdopted,
    FundBases,
    FundBasis,
    Previous,
    ProjectRegistered,
)
from ledger.kinds import CODE_SET_NAMES, Basis, CodeSet, UnitKind
from ledger.refusals import Instead, Refusal, Refused, Way, WayOut
from ledger.rules import ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit
from ledger.state import BookFacts, BookState

RULES = 1
"""The rule set of books opened today."""


class OpenBook(Asked):
    """建账. From last year's book `previous` (its name, UNIT/YEAR) what is None is as it was there;
    without one all four are said."""

    name: str | None
    unit_kind: UnitKind | None
    edition: str | None
    edition_sha256: NotRequired[str]
    basis: Basis | None
    fund_basis: NotRequired[FundBases]
    previous: NotRequired[str]


def open_book(
    state: BookState,
    *,
    name: str,
    unit_kind: UnitKind,
    edition: str,
    edition_sha256: str = "",
    basis: Basis,
    rules: int = RULES,
    previous: Previous | None = None,
    fund_basis: FundBases = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[BookOpened]]:
    """建账. Entry 1 of a book; a second one is refused. Raises `Refused`."""
    event = BookOpened(
        **occasion,
        name=name,
        unit_kind=unit_kind,
        edition=edition,
        edition_sha256=edition_sha256,
        basis=basis,
        rules=rules,
        previous=previous,
        fund_basis=fund_basis,
    )
    known = state.facts
    amendable = known is not None and not state.money_entries and _said(known) != _said(event)
    unopened(state, [ways.amend_book(event)] if amendable else [])
    day = occasion["occurred_on"]
    if day.year != state.year:
        raise Refused(
            Refusal.DATE_OUTSIDE_YEAR,
            date=day.isoformat(),
            year=state.year,
            ways_out=[Instead(date=f"{state.year}-01-01")],
        )
    return (Decided(event),)


def unopened(state: BookState, ways_out: Sequence[WayOut] = ()) -> None:
    """There is no such book yet. Raises `Refused`."""
    if state.facts is not None:
        raise Refused(
            Refusal.BOOK_ALREADY_OPENED, book=state.book, ways_out=[*ways_out, Way("log")]
        )


class AmendBook(Asked, total=False):
    """修改账套: what is not said, or None, stays."""

    name: str | None
    unit_kind: UnitKind | None
    edition: str | None
    edition_sha256: str
    basis: Basis | None
    fund_basis: FundBases


def amend_book(
    state: BookState,
    *,
    name: str | None = None,
    unit_kind: UnitKind | None = None,
    edition: str | None = None,
    edition_sha256: str = "",
    basis: Basis | None = None,
    fund_basis: FundBases = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[BookAmended]]:
    """修改账套信息: what is not given stays, the basis of a fund too. What a book is called and
    shown in are no facts of its money: they change at any time, after the year was closed too; its
    kind and bases only before money was recorded. What changes nothing is not recorded. Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    known = state.opened_facts
    if edition is None:
        edition, edition_sha256 = known.edition, known.edition_sha256
    event = BookAmended(
        **occasion,
        name=name or known.name,
        unit_kind=unit_kind or known.unit_kind,
        edition=edition,
        edition_sha256=edition_sha256,
        basis=basis or known.basis,
        fund_basis=_each_once((*known.fund_basis, *fund_basis)),
    )
    if _said(event) == _said(known):
        raise Refused(Refusal.BOOK_SAME, book=state.book, ways_out=[Way("log")])
    of_money = (known.unit_kind, known.basis, known.fund_basis)
    if state.money_entries and (event.unit_kind, event.basis, event.fund_basis) != of_money:
        unit, _ = BookId.split(state.book)
        raise Refused(
            Refusal.BOOK_HAS_MONEY,
            book=state.book,
            money_entries=state.money_entries,
            ways_out=[ways.open_book(unit, state.year, event)],
        )
    return (Decided(event),)


def _said(of: BookFacts | BookOpened | BookAmended) -> tuple[object, ...]:
    """What a book says of itself, the bases of funds in no order."""
    forms = (of.edition, of.edition_sha256)
    return (of.name, of.unit_kind, *forms, of.basis, frozenset(of.fund_basis))


def _each_once(bases: FundBases) -> FundBases:
    """The last that was said of each fund."""
    said = {own.fund: own.basis for own in bases}
    return tuple(FundBasis(fund, basis) for fund, basis in said.items())


class Project(Asked):
    """项目登记."""

    code: str
    name: str


def project(
    state: BookState,
    *,
    code: str,
    name: str,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[ProjectRegistered]]:
    """项目登记; the same code again renames the project."""
    admit(state, occasion["occurred_on"], money=False)
    return (Decided(ProjectRegistered(**occasion, code=code, name=name)),)


class Codes(Asked):
    """采用科目表: every row of the list, and the SHA-256 of its file."""

    code_set: CodeSet
    edition: str
    sha256: str
    rows: tuple[CodeName, ...]


def codes(
    state: BookState,
    *,
    code_set: CodeSet,
    edition: str,
    sha256: str,
    rows: tuple[CodeName, ...],
    **occasion: Unpack[Occasion],
) -> tuple[Decided[CodeSetAdopted]]:
    """采用科目表, in a closed year too: what codes are called moves no money (L76). Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    seen: set[str] = set()
    for row in rows:
        if row.code in seen or not is_code_of(code_set, row.code):
            raise Refused(
                Refusal.CODES_ROWS,
                code=row.code,
                set=CODE_SET_NAMES[code_set],
                ways_out=[ways.adopt_codes(code_set)],
            )
        seen.add(row.code)
    event = CodeSetAdopted(**occasion, code_set=code_set, edition=edition, sha256=sha256, rows=rows)
    return (Decided(event),)


OPEN_BOOK = Kind("open-book", open_book, OpenBook)
AMEND_BOOK = Kind("amend-book", amend_book, AmendBook)
PROJECT = Kind("project", project, Project)
CODES = Kind("codes", codes, Codes)
KINDS = (OPEN_BOOK, AMEND_BOOK, PROJECT, CODES)
