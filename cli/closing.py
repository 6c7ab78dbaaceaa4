"""月结与年终结账: `lock-month`, `close-year`, `reopen-year`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cli import parse, render
from cli.options import Document, MonthOption, Text, verb
from cli.recording import record
from cli.session import Session, leave
from ledger.errors import Malformed


@verb("lock-month")
def lock_month(
    session: Session,
    document: Document,
    month: Annotated[Text, typer.Argument(help="月份，如 3 或 2020-03。 Month.")] = None,
    month_option: MonthOption = None,
) -> None:
    number = document.month(month_option or month, year=session.book().year)
    record(session, document, "lock-month", {"month": number})


@verb("close-year")
def close_year(
    session: Session,
    document: Document,
    propose: Annotated[
        Text,
        typer.Option(
            "--propose", metavar="FILE.csv", help="按规则写出各线处理建议，供修改。 Suggest."
        ),
    ] = None,
    decisions: Annotated[
        Text,
        typer.Option(
            "--decisions",
            metavar="FILE.csv",
            help="按此文件结账，另一人批准后生效。 Close as this file says.",
        ),
    ] = None,
) -> None:
    from cli import closing_file

    if propose is not None and decisions is not None:
        expected = "空（--propose 写出建议，--decisions 按修改后的文件结账，不能同时用）"
        raise Malformed("FIELD.NOT_USED", field="propose", value=propose, expected=expected)
    if decisions is not None:
        path = Path(parse.required(decisions, field="decisions"))
        lines, cash = closing_file.read(path)
        record(session, _dated(session, document), "close-year", {"lines": lines, "cash": cash})
        return
    _checklist(session, None if propose is None else parse.required(propose, field="propose"))


def _dated(session: Session, document: Document) -> Document:
    """A closing is of the last day of the year; nobody needs to type it."""
    return document if document.date else document._replace(date=f"{session.book().year}-12-31")


def _checklist(session: Session, propose: str | None) -> None:
    """What stands in the way and what the rules suggest; the suggestions in a file, if asked."""
    from cli import closing_file
    from cli.report_file import save
    from ledger.decisions import remedies
    from ledger.decisions.closing import blockers, proposal
    from ledger.decisions.surplus import suggested
    from ledger.fold import read_state
    from ledger.refusals import not_opened
    from projections.feed import opened_log

    book = session.book()
    with opened_log(session.db, session.waiting) as connection:
        state, head = read_state(connection, str(book))
    if state.facts is None:
        raise not_opened(str(book))
    proposed = proposal(state)
    found = [] if state.closed else blockers(state, *proposed)
    distributed = suggested(state)
    if propose is not None:
        save(Path(propose), closing_file.written(proposed, state.projects), db=session.db)
    answer: dict[str, Any] = {
        "book": str(book),
        "as_of": None,
        "known_at": None,
        "head": head.json(),
        "closed": state.closed or None,
        "distribute": distributed
        and {
            "line": str(distributed[0]),
            "amount_fen": distributed[1],
            "try": [remedies.distribute(*distributed, "unrestricted", state.year)],
        },
        "blockers": [each._asdict() for each in found],
        "file": propose,
        "lines": [
            {
                "line": str(each.line),
                "amount_fen": each.amount_fen,
                "pending_fen": each.pending_fen,
                "decision": each.choice,
            }
            for each in proposed[0]
        ],
        "cash": [
            {"line": str(share.line), "amount_fen": share.amount_fen} for share in proposed[1]
        ],
    }
    session.answer(answer, render.closing)
    if found:
        leave(1)


@verb("reopen-year")
def reopen_year(session: Session, document: Document) -> None:
    record(session, _dated(session, document), "reopen-year", {})
