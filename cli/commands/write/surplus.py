"""非财政拨款结余: `surplus-in`, `adjust-surplus`, `use-surplus`, `distribute`."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import Amount, Document, LineParts, Text, verb
from cli.terminal.recording import record
from ledger import parse
from ledger.decisions.surplus import ADJUST_SURPLUS, DISTRIBUTE, SURPLUS_IN, USE_SURPLUS
from ledger.kinds import DISTRIBUTION_NAMES, POOL_NAMES, SURPLUS_ADJUSTMENT_NAMES
from ledger.line import Fund
from ledger.money import parse_yuan
from ledger.requests import Request
from ledger.rules.occasion import WantedLine

_KINDS = "|".join(SURPLUS_ADJUSTMENT_NAMES)
_NAMES = "|".join(SURPLUS_ADJUSTMENT_NAMES.values())
_Pool = Annotated[
    str,
    typer.Option(
        "--pool", help="unrestricted（非财政拨款结余）|special（专用结余）。 Which surplus."
    ),
]


@verb("surplus-in")
def surplus_in(
    session: Session, document: Document, pool: _Pool = "unrestricted", amount: Amount = ""
) -> None:
    request = Request.of(SURPLUS_IN)(
        pool=parse.word(pool, POOL_NAMES, field="pool"),
        amount_fen=parse_yuan(amount),
    )
    record(session, document, request)


@verb("adjust-surplus")
def adjust_surplus(
    session: Session,
    document: Document,
    pool: _Pool = "unrestricted",
    adjustment: Annotated[
        Text, typer.Option("--adjustment", help=f"调整类型 {_KINDS}（{_NAMES}），必填。 Kind.")
    ] = None,
    decrease: Annotated[bool, typer.Option("--decrease", help="调减。 Down.")] = False,
    amount: Amount = "",
) -> None:
    request = Request.of(ADJUST_SURPLUS)(
        pool=parse.word(pool, POOL_NAMES, field="pool"),
        amount_fen=parse_yuan(amount),
        adjustment=parse.word(adjustment or "", SURPLUS_ADJUSTMENT_NAMES, field="adjustment"),
        decrease=decrease,
    )
    record(session, document, request)


@verb("use-surplus")
def use_surplus(
    session: Session,
    line: LineParts,
    document: Document,
    pool: _Pool = "unrestricted",
    amount: Amount = "",
) -> None:
    request = Request.of(USE_SURPLUS)(
        line=_purpose(line),
        pool=parse.word(pool, POOL_NAMES, field="pool"),
        amount_fen=parse_yuan(amount),
    )
    record(session, document, request)


@verb("distribute")
def distribute(
    session: Session,
    line: LineParts,
    document: Document,
    to: Annotated[
        str,
        typer.Option(
            "--to",
            help="tax（缴纳所得税）|special（提取专用结余）|"
            "unrestricted（转入非财政拨款结余）。 Where it goes.",
        ),
    ] = "unrestricted",
    amount: Amount = "",
) -> None:
    request = Request.of(DISTRIBUTE)(
        line=_purpose(line),
        distribution=parse.word(to, DISTRIBUTION_NAMES, field="to"),
        amount_fen=parse_yuan(amount),
    )
    record(session, document, request)


def _purpose(line: LineParts) -> WantedLine:
    """What was said of the purpose; money with a surplus is non-fiscal."""
    return (
        line.existing() if line.fund or line.line else line._replace(fund=Fund.NONFISCAL).existing()
    )
