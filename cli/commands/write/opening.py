"""年初结转结余: `carry-in`, `adjust-opening`, `transfer`, `recover`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import Amount, Document, LineParts, Pending, Text, complete, verb
from cli.terminal.recording import new_money, on_line, record
from ledger import parse
from ledger.book import BookId, parse_unit
from ledger.decisions.opening import ADJUST_OPENING, CARRY_IN, RECOVER, TRANSFER
from ledger.kinds import ADJUSTMENT_NAMES, EITHER_WAY
from ledger.requests import Request

_KINDS = "|".join(ADJUSTMENT_NAMES)
_NAMES = "|".join(ADJUSTMENT_NAMES.values())
_EITHER = "、".join(ADJUSTMENT_NAMES[each] for each in sorted(EITHER_WAY))


@verb("carry-in")
def carry_in(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    money = new_money(session, line, amount, pending)
    record(session, document, Request.of(CARRY_IN)(**money))


@verb("adjust-opening")
def adjust_opening(
    session: Session,
    line: LineParts,
    document: Document,
    adjustment: Annotated[
        Text,
        typer.Option(
            "--adjustment",
            help=f"调整类型 {_KINDS}（{_NAMES}），必填；新的预算线须以 --line 写全。 Kind.",
        ),
    ] = None,
    decrease: Annotated[
        bool,
        typer.Option("--decrease", help=f"调减，只用于{_EITHER}；其余类型的增减由类型决定。 Down."),
    ] = False,
    amount: Amount = "",
) -> None:
    request = Request.of(ADJUST_OPENING)(
        **on_line(line, amount),
        adjustment=parse.word(adjustment or "", ADJUSTMENT_NAMES, field="adjustment"),
        decrease=decrease,
    )
    record(session, document, request)


@verb("transfer")
def transfer(
    session: Session,
    line: LineParts,
    document: Document,
    to: Annotated[
        Text,
        typer.Option(
            "--to",
            help="接收单位编码，其同一年度的账套须在本文件中，必填。 Receiving unit.",
            autocompletion=complete("unit"),
        ),
    ] = None,
    amount: Amount = "",
) -> None:
    counterpart = BookId(parse_unit(parse.required(to, field="to")), session.book().year)
    request = Request.of(TRANSFER)(**on_line(line, amount), counterpart=str(counterpart))
    record(session, document, request)


@verb("recover")
def recover(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record(session, document, Request.of(RECOVER)(**on_line(line, amount)))
