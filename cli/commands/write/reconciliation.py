"""与财政部门对账: `reconcile`."""

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from cli.session import Session, leave
from cli.terminal.options import Document, verb
from cli.terminal.recording import completed
from ledger import parse
from ledger.decisions.reconciliation import RECONCILE
from ledger.receipt import receipt
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store.writing import Recorded
from projections.answers import Verdict

if TYPE_CHECKING:
    from projections.questions.reconciliation import Reconciled


@verb("reconcile")
def reconcile(
    session: Session,
    document: Document,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE.csv",
            help="对账单：资金性质,功能科目,项目，可有形成年度、文号、预算数、支付数。 Statement.",
        ),
    ],
) -> None:
    from cli.intake.statement import statement
    from cli.text.write.reconciliation import reconciliation as text
    from projections.questions.reconciliation import Kept, reconciled
    from projections.views.reading import Cut, reading

    said, given = statement(parse.path(file, field="FILE")), document.given()
    cut = Cut(given["occurred_on"])
    with reading(session.db, session.book(), cut, session.waiting) as opened:
        found = reconciled(opened, said)
    header = opened.header()
    stated_fen = found.statement_paid_fen
    recorded = None if stated_fen is None else _recorded(session, document, found, stated_fen)
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


def _recorded(
    session: Session, document: Document, found: "Reconciled", stated_fen: int
) -> Recorded | None:
    """The entry of a comparison; None where it differs and nobody says why (R12)."""
    request = Request.of(RECONCILE)(
        paid_fen=found.paid_fen,
        statement_fen=stated_fen,
        statement=found.statement,
        differences=len(found.differences),
    )
    try:
        with session.books() as books:
            return books.transact(
                session.book(),
                completed(request, document).with_default_key(),
                actor=session.actor,
                dry_run=document.dry_run,
            )
    except Refused as refused:
        if refused.refusal is Refusal.RECONCILIATION_REASON:
            return None
        raise
