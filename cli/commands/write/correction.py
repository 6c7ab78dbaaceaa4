"""冲销与更正: `reverse` and `correct`."""

from typing import Annotated, cast

import typer

from cli.session import Session
from cli.terminal.options import (
    Again,
    Amount,
    Authority,
    Document,
    LineParts,
    OfPaymentOptions,
    Ref,
    RefId,
    Text,
    original,
    verb,
)
from cli.terminal.recording import record
from ledger import parse
from ledger.decisions.correction import CORRECT, REVERSE, Correct, Reverse
from ledger.errors import Malformed, Unreadable
from ledger.line import parse_econ
from ledger.money import parse_yuan
from ledger.requests import Request
from ledger.rules.lines import Changes


@verb("reverse")
def reverse(
    session: Session,
    document: Document,
    ref: Ref = "",
    authority: Authority = None,
    ref_id: RefId = None,
) -> None:
    given: Reverse = {}
    if authority is not None:
        given["authority"] = parse.authority(authority)
    record(session, document, Request.of(REVERSE)(**given), original(ref, ref_id))


@verb("correct")
def correct(
    session: Session,
    line: LineParts,
    document: Document,
    of_payment: OfPaymentOptions,
    ref: Ref = "",
    amount: Amount = "",
    payee: Annotated[Text, typer.Option("--payee", help="收款人。 Payee.")] = None,
    purpose: Annotated[Text, typer.Option("--purpose", help="用途。 Purpose.")] = None,
    again: Again = False,
    authority: Authority = None,
    ref_id: RefId = None,
) -> None:
    changes = cast(Changes, of_payment.said())  # and what else is said
    if amount:
        changes["amount_fen"] = parse_yuan(amount)
    if payee is not None:
        changes["payee"] = parse.text(payee, field="payee")
    if purpose is not None:
        changes["purpose"] = parse.text(purpose, field="purpose", limit=500)
    if again:
        changes["again"] = True
    if line.line is not None:
        changes["line"] = line.existing(beside=("econ",))
        if line.econ:
            changes["econ"] = parse_econ(line.econ.strip())
    elif line.given():
        # Parts change the original's line one by one; which line that is, the decision knows.
        changes["parts"] = parse.line_pattern(line.parts())
    if not changes and document.date is None and document.doc is None:
        expected = "要更正的内容，如 --amount、--econ、--payee、--date"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="correct", value="", expected=expected)
    given: Correct = {"changes": changes}
    if authority is not None:
        given["authority"] = parse.authority(authority)
    record(session, document, Request.of(CORRECT)(**given), original(ref, ref_id))
