"""在途占用: `reserve` and `unreserve`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import (
    Amount,
    ContractNo,
    Document,
    LineParts,
    Ref,
    RefId,
    Text,
    original,
    verb,
)
from cli.terminal.recording import on_line, record
from ledger import parse
from ledger.decisions.commitment import RESERVE, UNRESERVE, Reserve
from ledger.money import parse_yuan
from ledger.requests import Request


@verb("reserve")
def reserve(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    payee: Annotated[Text, typer.Option("--payee", help="合同对方。 Contractor.")] = None,
    purpose: Annotated[Text, typer.Option("--purpose", help="用途。 Purpose.")] = None,
    contract: ContractNo = None,
) -> None:
    kept = on_line(line, amount)
    given: Reserve = {
        "line": kept["line"],
        "amount_fen": kept["amount_fen"],
        "payee": parse.text(payee or "", field="payee"),
        "purpose": parse.text(purpose or "", field="purpose", limit=500),
    }
    if contract:
        given["contract"] = parse.contract(contract)
    record(session, document, Request.of(RESERVE)(**given))


@verb("unreserve")
def unreserve(
    session: Session,
    document: Document,
    ref: Ref = "",
    amount: Annotated[Text, typer.Option("--amount", help="金额（元），默认全部余额。")] = None,
    ref_id: RefId = None,
) -> None:
    asked = Request.of(UNRESERVE)
    request = asked() if amount is None else asked(amount_fen=parse_yuan(amount))
    record(session, document, request, original(ref, ref_id))
