"""审计与维护: `audit`, `seal`, `rebuild`."""

from typing import Annotated, Any

import typer

from cli import render
from cli.options import Text, verb
from cli.session import Session, leave
from ledger import log
from ledger.chain import Seal
from ledger.refusals import not_opened
from projections.feed import opened_log

INTEGRITY = 4


@verb("audit")
def audit(
    session: Session,
    seal: Annotated[Text, typer.Option("--seal", help="留存在账外的封签。 A seal.")] = None,
) -> None:
    from projections.audit import audit as replay

    wanted = None if seal is None else Seal.parse(seal)
    book = session.book()
    found = replay(session.db, book, wanted, session.waiting)
    answer = {"ok": found["ok"], "book": str(book), "as_of": None, "known_at": None, **found}
    session.answer(answer, render.audit)
    if not found["ok"]:
        leave(INTEGRITY)


@verb("seal")
def seal(session: Session) -> None:
    book = session.book()
    try:
        with opened_log(session.db, session.waiting) as connection:
            head = log.head(connection, str(book))
    except log.NoLog:
        head = None
    if head is None:
        raise not_opened(str(book))
    answer: dict[str, Any] = {
        "book": str(book),
        "as_of": None,
        "known_at": None,
        "seal": str(Seal.of(head)),
        "entries": head.entries,
        "head": head.json(),
    }
    session.answer(
        answer,
        lambda a: (
            f"{a['seal']}\n账套 {a['book']} 前 {a['entries']} 笔的封签。"
            "请抄在账外（纸质、另一系统或报财政部门），日后用 yusuan audit --seal 核对"
        ),
    )


@verb("rebuild")
def rebuild(session: Session) -> None:
    from projections.feed import rebuild as make

    try:
        heads = make(session.db, session.waiting)
    except log.NoLog:
        raise not_opened(f"{session.unit or '单位编码'}/{session.year or '年度'}") from None
    answer = {"ok": True, "books": {book: head.json() for book, head in heads.items()}}
    session.answer(
        answer,
        lambda a: "\n".join(
            f"已重新生成 {book} 的查询视图，共 {head['entries']} 笔"
            for book, head in a["books"].items()
        ),
    )
