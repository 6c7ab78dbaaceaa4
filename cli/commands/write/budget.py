"""预算: `appropriate`, `supplement`, `cut`, `reallocate`."""

from typing import Annotated, Any

import typer

from cli.session import Session
from cli.terminal.options import (
    Amount,
    Authority,
    Document,
    LineParts,
    Pending,
    Text,
    complete,
    verb,
)
from cli.terminal.recording import record, record_approval, record_on_line
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.money import parse_yuan


@verb("appropriate")
def appropriate(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    record_approval(session, line, document, "appropriate", amount, pending)


@verb("supplement")
def supplement(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    record_approval(session, line, document, "supplement", amount, pending)


@verb("cut")
def cut(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record_on_line(session, line, document, "cut", amount)


_Share = Annotated[
    list[str] | None,
    typer.Option("--from", help="调出 预算线=金额，可重复。", autocompletion=complete("line")),
]
_Target = Annotated[
    list[str] | None,
    typer.Option("--to", help="调入 预算线=金额，可重复。", autocompletion=complete("line")),
]


def _to(part: str) -> Any:
    return typer.Option(f"--to-{part}", help="调入方该部分，默认同调出方。")


@verb("reallocate")
def reallocate(
    session: Session,
    line: LineParts,
    document: Document,
    sources: _Share = None,
    targets: _Target = None,
    to_fund: Annotated[Text, _to("fund")] = None,
    to_func: Annotated[Text, _to("func")] = None,
    to_spending: Annotated[Text, _to("spending")] = None,
    to_project: Annotated[Text, _to("project")] = None,
    to_econ: Annotated[Text, _to("econ")] = None,
    to_origin: Annotated[Text, _to("origin")] = None,
    amount: Amount = "",
    authority: Authority = None,
) -> None:
    to_parts: parse.Parts = {
        "fund": to_fund,
        "func": to_func,
        "spending": to_spending,
        "project": to_project,
        "econ": to_econ,
        "origin": to_origin,
    }
    given: dict[str, Any] = {"authority": parse.authority(authority)}
    if sources or targets:
        if line.given() or any(to_parts.values()) or amount:
            expected = "空（--from/--to 已写明预算线和金额）"
            raise Malformed(Unreadable.LINE_TWICE, field="amount", value=amount, expected=expected)
        given["sources"] = [parse.share(text, field="from") for text in sources or []]
        given["targets"] = [parse.share(text, field="to") for text in targets or []]
        if not sources or not targets:
            missing = "to" if sources else "from"
            raise Malformed(
                Unreadable.FIELD_REQUIRED, field=missing, value="", expected="预算线=金额"
            )
    else:
        fen = parse_yuan(amount)
        given["sources"] = [(line.existing(), fen)]
        given["targets"] = [(parse.line_pattern_to(to_parts), fen)]
    record(session, document, "reallocate", given)
