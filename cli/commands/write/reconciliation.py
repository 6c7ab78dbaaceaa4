"""与财政部门、银行对账: `reconcile`."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from cli.session import Session, leave
from cli.terminal.options import Document, Text, verb
from cli.terminal.recording import completed
from ledger import parse
from ledger.decisions.reconciliation import RECONCILE
from ledger.errors import Malformed, Unreadable
from ledger.receipt import Receipt, receipt
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store.writing import Recorded
from projections.answers import BookHeader, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from projections.questions.reconciling.bank import BankReconciled, Wanted
    from projections.questions.reconciling.reconciliation import Reconciled

    _Found = TypeVar("_Found", Reconciled, BankReconciled)


_MOST_DAYS = 366
"""More makes no difference within a year."""


@verb("reconcile")
def reconcile(
    session: Session,
    document: Document,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.csv",
            help="对账单：资金性质,功能科目,项目，可有形成年度、文号、预算数、支付数；"
            "--entries 时为银行流水：日期,凭证号,对方户名,支出,收入。 Statement.",
        ),
    ],
    entries: Annotated[
        bool,
        typer.Option("--entries", help="与银行、国库的流水逐笔核对。 Line by line with a bank."),
    ] = False,
    days: Annotated[
        Text, typer.Option("--days", help="逐笔核对时日期容许相差的天数，默认 5。 Days apart.")
    ] = None,
    since: Annotated[
        Text, typer.Option("--since", help="流水从哪一天起，默认 1 月 1 日。 Its first day.")
    ] = None,
    fund: Annotated[
        list[str] | None,
        typer.Option("--fund", help="流水是哪种资金的，可重复，默认全部。 Its funds, repeatable."),
    ] = None,
    anew: Annotated[
        bool,
        typer.Option("--anew", help="也核对以前的流水已对上的记录。 Also what was tied before."),
    ] = False,
) -> None:
    if entries:
        _with_a_bank(session, document, file, _wanted(days, since, fund, anew))
        return
    for name, typed in (("days", days), ("since", since), ("fund", fund), ("anew", anew)):
        if typed:
            expected = "空，或与 --entries 同用（逐笔核对）"
            raise Malformed(
                Unreadable.FIELD_NOT_USED, field=name, value=str(typed), expected=expected
            )
    from cli.intake.statement import statement
    from cli.text.write.reconciliation import reconciliation as text
    from projections.questions.reconciling.reconciliation import reconciled
    from projections.views.reading import Cut, reading

    said, given = statement(parse.path(file, field="FILE")), document.given()
    cut = Cut(given["occurred_on"])
    with reading(session.db, session.book(), cut, session.waiting) as opened:
        found = reconciled(opened, said)
    stated_fen = found.statement_paid_fen
    recorded = None
    if stated_fen is not None:
        request = Request.of(RECONCILE)(
            paid_fen=found.paid_fen,
            statement_fen=stated_fen,
            statement=found.statement,
            differences=len(found.differences),
        )
        recorded = _recorded(session, document, completed(request, document))
    _answer(session, document, opened.header(), found, recorded, text)


def _with_a_bank(session: Session, document: Document, file: str, wanted: "Wanted") -> None:
    """Compared with the book as of `--date`, and dated then; or with all of it, dated on the last
    day of the statement that is of the book's year."""
    from cli.intake.bank import bank_statement
    from cli.text.write.bank import bank_reconciliation as text
    from projections.questions.reconciling.bank import bank_reconciled
    from projections.views.reading import Cut, reading

    said = bank_statement(parse.path(file, field="FILE"))
    asked, book = document.given()["occurred_on"], session.book()
    own = said.of_year(book.year).rows
    if not own:
        expected = f"至少一行 {book.year} 年的流水（其他年度的在该年度的账套核对）"
        value = f"{len(said.rows)} 行都不是"
        raise Malformed(Unreadable.STATEMENT_EMPTY, field="行", value=value, expected=expected)
    with reading(session.db, book, Cut(asked), session.waiting) as opened:
        found = bank_reconciled(opened, said, wanted)
    request = Request.of(RECONCILE)(
        paid_fen=found.book_fen + found.outside_fen,
        statement_fen=found.statement_fen,
        statement=found.statement,
        differences=len(found.bank_only) + len(found.book_only),
        tied=found.stored(),
    )
    day = asked or max(row.day for row in own)
    request = completed(request, document)
    request = request._replace(given={**request.given, "occurred_on": day})
    recorded = _recorded(session, document, request)
    _answer(session, document, opened.header(), found, recorded, text)


def _wanted(days: str | None, since: str | None, funds: list[str] | None, anew: bool) -> "Wanted":
    from ledger.line import parse_fund
    from projections.questions.reconciling.bank import Wanted

    return Wanted(
        tuple(str(parse_fund(fund)) for fund in funds or ()),
        None if since is None else parse.day(since, field="since"),
        5 if days is None else min(parse.count(days, field="days"), _MOST_DAYS),
        anew,
    )


def _answer(
    session: Session,
    document: Document,
    header: BookHeader,
    found: "_Found",
    recorded: Recorded | None,
    text: "Callable[[BookHeader, _Found, Receipt | None], str]",
) -> None:
    """What was found, and the receipt where it was recorded; 1 where it differs and was not."""
    from projections.questions.reconciling.reconciliation import Kept

    if recorded is None:
        session.answer(
            lambda ok, header, found, kept: text(header, found, None),
            *(Verdict(found.agreed), header, found, Kept(False)),
        )
        if not found.agreed:
            leave(1)
        return
    made = replace(receipt(recorded, dry_run=document.dry_run), as_of=header.as_of)
    header = replace(header, head=made.head)
    session.answer(lambda made, found, kept: text(header, found, made), made, found, Kept(True))


def _recorded(session: Session, document: Document, request: Request) -> Recorded | None:
    """The entry of a comparison; None where it differs and nobody says why (R12)."""
    try:
        with session.books() as books:
            return books.transact(
                session.book(),
                request.with_default_key(),
                actor=session.actor,
                dry_run=document.dry_run,
            )
    except Refused as refused:
        if refused.refusal is Refusal.RECONCILIATION_REASON:
            return None
        raise
