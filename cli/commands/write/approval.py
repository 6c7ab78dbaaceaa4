"""审批: `approve` and `reject`. The maker's side is whatever command was short of authority
(L52)."""

from typing import Annotated

import typer

from cli.session import Session
from cli.terminal.options import Authority, Document, complete, verb
from cli.terminal.recording import record_each
from ledger import parse
from ledger.decisions.approval import APPROVE, REJECT
from ledger.errors import Malformed, Unreadable
from ledger.requests import Request
from ledger.state import BookState

_Refs = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="REF…",
        help="申请的编号或 id，可写多个。 Entries or ids.",
        autocompletion=complete("request"),
    ),
]


@verb("approve")
def approve(
    session: Session,
    document: Document,
    refs: _Refs = None,
    every: Annotated[bool, typer.Option("--all", help="全部待审批的申请。 All that wait.")] = False,
    authority: Authority = None,
) -> None:
    if every and refs:
        expected = "空（--all 已包括全部待审批的申请）"
        raise Malformed(Unreadable.REF_TWICE, field="ref", value=refs[0], expected=expected)
    named = [] if every else _named(refs, document)
    if every and document.key is not None:
        raise _one_key_for_several(document.key)

    def wanted(state: BookState) -> list[str]:
        return [f"#{number}" for number in state.open_requests] if every else named

    approval = Request.of(APPROVE)(authority=parse.authority(authority))
    record_each(session, document, approval, wanted)


@verb("reject")
def reject(session: Session, document: Document, refs: _Refs = None) -> None:
    named = _named(refs, document)
    record_each(session, document, Request.of(REJECT)(), lambda _: named)


def _named(refs: list[str] | None, document: Document) -> list[str]:
    """The requests that were named, each once."""
    if not refs:
        expected = "申请的编号或 id，见 yusuan pending"
        raise Malformed(Unreadable.FIELD_REQUIRED, field="ref", value="", expected=expected)
    named = list(dict.fromkeys(map(parse.entry_ref, refs)))
    if document.key is not None and len(named) > 1:
        raise _one_key_for_several(document.key)
    return named


def _one_key_for_several(key: str) -> Malformed:
    expected = "空（一个编号只能对应一笔；多笔一起时由 --doc 和内容得出各自的编号）"
    return Malformed(Unreadable.KEY_SEVERAL, field="key", value=key, expected=expected)
