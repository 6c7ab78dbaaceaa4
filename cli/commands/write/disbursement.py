"""支付与退款: `pay`, `voucher` and `refund`."""

from typing import Annotated, TypedDict

import typer

from cli.session import Session
from cli.terminal.options import (
    Again,
    Amount,
    Document,
    LineParts,
    OfPaymentOptions,
    Ref,
    RefId,
    Text,
    complete,
    original,
    verb,
)
from cli.terminal.recording import record
from ledger import parse
from ledger.decisions.disbursement import PAY, REFUND, VOUCHER, Refund
from ledger.line import NO_ECON, BudgetLine, parse_econ
from ledger.money import parse_yuan
from ledger.requests import Request

_Payee = Annotated[Text, typer.Option("--payee", help="收款人。 Payee.")]
_Purpose = Annotated[Text, typer.Option("--purpose", help="用途。 Purpose.")]


@verb("pay")
def pay(
    session: Session,
    line: LineParts,
    document: Document,
    of_payment: OfPaymentOptions,
    amount: Amount = "",
    payee: _Payee = None,
    purpose: _Purpose = None,
    reserve: Annotated[
        Text,
        typer.Option(
            "--reserve",
            help="从这笔占用支付（记录编号或 id）。 Pay from it.",
            autocompletion=complete("entry"),
        ),
    ] = None,
    again: Again = False,
) -> None:
    # --econ is the payment's own 款 and may stand beside --line; the rest finds the purpose.
    meant = line.existing(beside=("econ",))
    if line.econ:
        econ = parse_econ(line.econ.strip())
    else:
        econ = meant.econ if isinstance(meant, BudgetLine) else NO_ECON
    request = Request.of(PAY)(
        line=meant if isinstance(meant, BudgetLine) else meant._replace(econ=None),
        econ=econ,
        amount_fen=parse_yuan(amount),
        **_to_whom(payee, purpose),
        **of_payment.given(),
        **_again(again),
    )
    record(session, document, request, None if reserve is None else parse.entry_ref(reserve))


@verb("voucher")
def voucher(
    session: Session,
    document: Document,
    of_payment: OfPaymentOptions,
    item: Annotated[
        list[str] | None,
        typer.Option(
            "--item",
            help="预算线=金额 或 预算线,econ=款=金额，可重复。 One payment of it.",
            autocompletion=complete("line"),
        ),
    ] = None,
    items: Annotated[
        Text,
        typer.Option(
            "--items",
            metavar="FILE.csv",
            help="各项的 CSV（预算线或其各部分、经济科目、金额）。 Payments from a file.",
        ),
    ] = None,
    payee: _Payee = None,
    purpose: _Purpose = None,
    again: Again = False,
) -> None:
    from cli.intake.voucher import items as items_of

    request = Request.of(VOUCHER)(
        items=items_of(item or [], items, year=session.book().year),
        **_to_whom(payee, purpose),
        **of_payment.given(),
        **_again(again),
    )
    record(session, document, request)


class _ToWhom(TypedDict):
    payee: str
    purpose: str


def _to_whom(payee: str | None, purpose: str | None) -> _ToWhom:
    return {
        "payee": parse.text(payee or "", field="payee"),
        "purpose": parse.text(purpose or "", field="purpose", limit=500),
    }


class _Repeated(TypedDict, total=False):
    again: bool


def _again(said: bool) -> _Repeated:
    """What was not said is no content, so that a payment says what it said before."""
    return {"again": True} if said else {}


@verb("refund")
def refund(
    session: Session,
    document: Document,
    line: LineParts,
    ref: Ref = "",
    amount: Amount = "",
    ref_id: RefId = None,
) -> None:
    given: Refund = {"amount_fen": parse_yuan(amount)}
    if line.given():
        given["line"] = line.pattern()
    record(session, document, Request.of(REFUND)(**given), original(ref, ref_id))
