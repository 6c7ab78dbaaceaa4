"""支付与退款: `pay` and `refund`."""

from typing import Annotated

import typer

from cli import parse
from cli.options import Amount, Document, LineParts, Text, complete, verb
from cli.recording import record
from cli.session import Session
from ledger.line import NO_ECON, BudgetLine, parse_econ
from ledger.money import parse_yuan


@verb("pay")
def pay(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    payee: Annotated[Text, typer.Option("--payee", help="收款人。 Payee.")] = None,
    purpose: Annotated[Text, typer.Option("--purpose", help="用途。 Purpose.")] = None,
    reserve: Annotated[
        Text,
        typer.Option(
            "--reserve",
            help="从这笔占用支付（记录编号或 id）。 Pay from it.",
            autocompletion=complete("entry"),
        ),
    ] = None,
) -> None:
    # --econ is the payment's own 款 and may stand beside --line; the rest finds the purpose.
    meant = line.existing(beside=("econ",))
    if line.econ:
        econ = parse_econ(line.econ.strip())
    else:
        econ = meant.econ if isinstance(meant, BudgetLine) else NO_ECON
    given = {
        "line": meant if isinstance(meant, BudgetLine) else meant._replace(econ=None),
        "econ": econ,
        "amount_fen": parse_yuan(amount),
        "payee": parse.text(payee or "", field="payee"),
        "purpose": parse.text(purpose or "", field="purpose", limit=500),
    }
    ref = None if reserve is None else parse.entry_ref(reserve)
    record(session, document, "pay", given, ref)


@verb("refund")
def refund(
    session: Session,
    document: Document,
    ref: Annotated[
        str, typer.Argument(help="原支付的记录编号或 id。", autocompletion=complete("entry"))
    ],
    amount: Amount = "",
) -> None:
    given = {"amount_fen": parse_yuan(amount)}
    record(session, document, "refund", given, parse.entry_ref(ref))
