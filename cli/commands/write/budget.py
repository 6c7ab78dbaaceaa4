"""预算: `appropriate`, `supplement`, `cut`, `reallocate`, and `cap`, the 三公限额."""

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
from cli.terminal.recording import new_money, on_line, record
from ledger import parse
from ledger.decisions.budget import APPROPRIATE, CUT, REALLOCATE, SUPPLEMENT, Supplement
from ledger.decisions.cap import CAP
from ledger.errors import Malformed, Unreadable
from ledger.kinds import THREE_PUBLIC_NAMES
from ledger.money import parse_yuan
from ledger.requests import Request
from ledger.rules.occasion import WantedLine


@verb("appropriate")
def appropriate(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    money = new_money(session, line, amount, pending)
    record(session, document, Request.of(APPROPRIATE)(**money))


@verb("supplement")
def supplement(
    session: Session,
    line: LineParts,
    document: Document,
    amount: Amount = "",
    pending: Pending = False,
) -> None:
    # Where too little is said to open a line, the one that is there is meant.
    opens = line.line is not None or line.func
    money: Supplement = {
        "line": line.new(session.book().year) if opens else line.existing(),
        "amount_fen": parse_yuan(amount),
        "pending": pending,
    }
    record(session, document, Request.of(SUPPLEMENT)(**money))


@verb("cut")
def cut(session: Session, line: LineParts, document: Document, amount: Amount = "") -> None:
    record(session, document, Request.of(CUT)(**on_line(line, amount)))


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
    approver = parse.authority(authority)
    gives: list[tuple[WantedLine, int]]
    takes: list[tuple[WantedLine, int]]
    if sources or targets:
        if line.given() or any(to_parts.values()) or amount:
            expected = "空（--from/--to 已写明预算线和金额）"
            raise Malformed(Unreadable.LINE_TWICE, field="amount", value=amount, expected=expected)
        gives = [parse.share(text, field="from") for text in sources or []]
        takes = [parse.share(text, field="to") for text in targets or []]
        if not sources or not targets:
            missing = "to" if sources else "from"
            raise Malformed(
                Unreadable.FIELD_REQUIRED, field=missing, value="", expected="预算线=金额"
            )
    else:
        fen = parse_yuan(amount)
        gives = [(line.existing(), fen)]
        takes = [(parse.line_pattern_to(to_parts, to="to-"), fen)]
    request = Request.of(REALLOCATE)(sources=gives, targets=takes, authority=approver)
    record(session, document, request)


_ITEMS = "|".join(THREE_PUBLIC_NAMES)
_ITEM_WORDS = "、".join(THREE_PUBLIC_NAMES.values())


@verb("cap")
def cap(
    session: Session,
    document: Document,
    item: Annotated[
        Text, typer.Option("--item", help=f"三公经费项目 {_ITEMS}（{_ITEM_WORDS}），必填。 Item.")
    ] = None,
    amount: Amount = "",
) -> None:
    request = Request.of(CAP)(
        item=parse.word(item or "", THREE_PUBLIC_NAMES, field="item"),
        amount_fen=parse_yuan(amount),
    )
    record(session, document, request)
