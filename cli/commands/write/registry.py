"""账套与项目: `open-book`, `amend-book`, `project`."""

from typing import Annotated, Literal, NotRequired, TypedDict

import typer

from cli.session import Session, tell
from cli.terminal.options import Document, Text, complete, verb
from cli.terminal.recording import record
from ledger import parse
from ledger.book import BookId
from ledger.decisions.registry import AMEND_BOOK, OPEN_BOOK, PROJECT
from ledger.errors import Malformed, Unreadable
from ledger.events import FundBases, FundBasis
from ledger.kinds import UNIT_KIND_NAMES, Basis, FiscalFund, UnitKind
from ledger.line import FUND_NAMES, Fund, fund_word
from ledger.requests import Request

_Name = Annotated[Text, typer.Option("--name", help="名称。 Name.")]
_Kind = Annotated[
    Text,
    typer.Option(
        "--kind", help="单位性质 admin（行政）|public-admin（参公）|institution（事业）。"
    ),
]
_Edition = Annotated[
    Text,
    typer.Option(
        "--edition",
        help="表样版本：自带的名称，如 2024，或自备版本的文件夹（含 /）。 Form edition.",
    ),
]
_Basis = Annotated[
    list[str] | None,
    typer.Option(
        "--basis",
        help="财政拨款收入口径 indicator|payment|recorded；某一资金性质不同时再写 "
        "govfund=payment，可重复。 Income basis.",
    ),
]


_FISCAL: dict[FiscalFund, str] = {
    "general": FUND_NAMES[Fund.GENERAL],
    "govfund": FUND_NAMES[Fund.GOVFUND],
    "statecapital": FUND_NAMES[Fund.STATECAPITAL],
}


class _Forms(TypedDict):
    edition: str
    edition_sha256: str


class _NoForms(TypedDict):
    edition: None


def _known(edition: str) -> _Forms:
    """An edition that there is, and what tells it from another of its name if it is none of ours.
    Raises `Malformed`, `WrongCells`."""
    from projections.report import editions  # no other command of this chapter reads forms

    found = editions.found(edition.strip())
    return {"edition": found.name, "edition_sha256": found.sha256}


def _tell_where(edition: str | None, document: Document) -> None:
    """What is to be set so that the book finds the forms that it was just given."""
    if edition is None or document.dry_run:
        return
    from projections.report import editions

    found = editions.found(edition.strip())
    line = editions.unfound(found)
    if line is not None:
        tell(
            f"账套按名称找表样版本“{found.name}”，现在的设置找不到这个文件夹；"
            f"请在 yusuan.toml 中写入（已有 editions 或 {editions.VARIABLE} 的，改为这一目录）：\n"
            f"{line}"
        )


@verb("open-book")
def open_book(
    session: Session,
    document: Document,
    name: _Name = None,
    kind: _Kind = None,
    edition: _Edition = None,
    basis: _Basis = None,
    previous: Annotated[
        Text,
        typer.Option(
            "--from",
            metavar="UNIT/YEAR",
            help="据已结账的上年账套建账：项目、结转结余一并转入。 Continue last year's book.",
        ),
    ] = None,
) -> None:
    facts = _facts(name, kind, edition, basis)
    if previous is not None:
        last = BookId.parse(previous.strip())
        request = Request.of(OPEN_BOOK)(**facts, previous=str(last))
        # The year that the folder is set to is mostly the one that was closed.
        year = session.year if session.year not in (None, last.year) else last.year + 1
        unit = session.unit or last.unit
        session = session._replace(unit=unit, year=year)
    else:
        request = Request.of(OPEN_BOOK)(
            name=parse.required(name, field="name"),
            unit_kind=parse.word(kind or "", UNIT_KIND_NAMES, field="kind"),
            **_known(edition or ""),
            **_bases(basis or [""], whole=True),
        )
    if session.unit is None or session.year is None:
        missing = "unit" if session.unit is None else "year"
        expected = "单位编码和年度，用 --unit 和 --year 指明要建的账套"
        raise Malformed(Unreadable.BOOK_AMBIGUOUS, field=missing, value="", expected=expected)
    from projections.views.feed import look_for_book  # no other command of this chapter asks

    look_for_book(session.db, str(session.book()), session.waiting)
    record(session, document, request)
    _tell_where(edition, document)


@verb("amend-book")
def amend_book(
    session: Session,
    document: Document,
    name: _Name = None,
    kind: _Kind = None,
    edition: _Edition = None,
    basis: _Basis = None,
) -> None:
    facts = _facts(name, kind, edition, basis)
    if not any(facts.values()):
        expected = "--name、--kind、--edition、--basis 中至少一项"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="amend-book", value="", expected=expected)
    record(session, document, Request.of(AMEND_BOOK)(**facts))
    _tell_where(edition, document)


class _Bases(TypedDict):
    basis: Basis | None
    fund_basis: NotRequired[FundBases]


class _Facts(_Bases):
    name: str | None
    unit_kind: UnitKind | None
    edition: str | None
    edition_sha256: NotRequired[str]


def _facts(
    name: str | None, kind: str | None, edition: str | None, basis: list[str] | None
) -> _Facts:
    """What was said of a book; None for what was not."""
    forms: _Forms | _NoForms = {"edition": None} if edition is None else _known(edition)
    return {
        **forms,
        "name": None if name is None else parse.required(name, field="name"),
        "unit_kind": None if kind is None else parse.word(kind, UNIT_KIND_NAMES, field="kind"),
        **_bases(basis or [], whole=False),
    }


def _bases(typed: list[str], *, whole: bool) -> _Bases:
    """`indicator` is the book's, without which it is not `whole`; `govfund=payment` is that of one
    fund. Each is said at most once."""
    said: dict[FiscalFund | Literal[""], Basis] = {}
    for text in typed:
        before, _, word = text.rpartition("=")
        fund = parse.word(fund_word(before), _FISCAL, field="basis") if before else ""
        if fund in said:
            expected = "账套的口径和每一资金性质的口径各一次"
            raise Malformed(Unreadable.BASIS_TWICE, field="basis", value=text, expected=expected)
        said[fund] = parse.word(word, parse.BASES, field="basis")
    if whole and "" not in said:
        parse.word("", parse.BASES, field="basis")
    own = tuple(FundBasis(fund, basis) for fund, basis in sorted(said.items()) if fund)
    if own:
        return {"basis": said.get(""), "fund_basis": own}
    return {"basis": said.get("")}


@verb("project")
def project(
    session: Session,
    document: Document,
    code: Annotated[
        Text, typer.Argument(help="项目代码。 Project code.", autocompletion=complete("project"))
    ] = None,
    code_option: Annotated[
        Text,
        typer.Option(
            "--code", "--project", help="项目代码。 The same.", autocompletion=complete("project")
        ),
    ] = None,
    name: _Name = None,
) -> None:
    request = Request.of(PROJECT)(
        code=parse.project_code(code_option or code),
        name=parse.required(name, field="name"),
    )
    record(session, document, request)
