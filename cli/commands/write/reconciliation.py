"""与财政部门对账: `reconcile`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli.session import Session, leave
from cli.terminal.options import Document, verb
from cli.terminal.recording import completed
from ledger import parse
from ledger.decisions.reconciliation import RECONCILE
from ledger.receipt import receipt
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.writing import Recorded
from projections.answers import as_dict


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
    from cli.text.write import reconciliation as reconciliation_text
    from projections.questions.reconciliation import reconciled
    from projections.views.reading import Cut, reading

    said, given = statement(Path(parse.text(file, field="FILE", limit=1000))), document.given()
    cut = Cut(given["occurred_on"])
    with reading(session.db, session.book(), cut, session.waiting) as opened:
        found = {**as_dict(opened.header()), **reconciled(opened, said)}
    recorded = None if said.paid is None else _recorded(session, document, found)
    answer: dict[str, Any] = {
        "ok": found["agreed"] or recorded is not None,
        **found,
        "recorded": recorded is not None,
    }
    if recorded is not None:
        made = receipt(recorded, dry_run=document.dry_run)
        answer = {**made, **answer, "head": made["head"]}
    session.answer_dict(answer, reconciliation_text.reconciliation)
    if not answer["ok"]:
        leave(1)


def _recorded(session: Session, document: Document, found: dict[str, Any]) -> Recorded | None:
    """The entry of a comparison; None where it differs and nobody says why (R12)."""
    request = Request.of(RECONCILE)(
        paid_fen=found["paid_fen"],
        statement_fen=found["statement_paid_fen"],
        statement=found["statement"],
        differences=len(found["differences"]),
    )
    try:
        with Books(session.db, waiting=session.waiting) as books:
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
