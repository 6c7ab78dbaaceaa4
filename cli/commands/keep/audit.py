"""审计与维护: `audit`, `seal`, `rebuild`."""

from typing import Annotated

import typer

from cli.session import Session, leave, tell
from cli.terminal.bar import stepping
from cli.terminal.options import Text, verb
from ledger import parse
from ledger.errors import Malformed, Unreadable
from ledger.proofs.seal import Seal
from ledger.refusals import not_opened
from ledger.store.log import NoLog, borne_out

INTEGRITY = 4
MACHINE = 5


@verb("audit")
def audit(
    session: Session,
    seal: Annotated[Text, typer.Option("--seal", help="留存在账外的封签。 A seal.")] = None,
    published: Annotated[
        Text,
        typer.Option(
            "--published",
            metavar="FILE",
            help="证明这个文件是公开的那一份：哪一次、据哪一笔。 Is this what was published?",
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="审计文件中的全部账套。 Every book of the file.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="与 --all 同用，接着上次没有审完的继续。 Go on.")
    ] = False,
    jobs: Annotated[
        Text, typer.Option("--jobs", metavar="N", help="与 --all 同用，进程数，默认每核一个。")
    ] = None,
) -> None:
    from msgspec.structs import replace

    from cli.text.keep import audit as audit_text
    from projections.audit.book import audit as replay

    if every:
        _audit_all(session, seal, published, resume=resume, jobs=jobs)
        return
    for name, typed in (("resume", "--resume" if resume else None), ("jobs", jobs)):
        if typed is not None:
            expected = "空，或同时写 --all"
            raise Malformed(Unreadable.FIELD_NOT_USED, field=name, value=typed, expected=expected)
    wanted = None if seal is None else Seal.parse(seal)
    digest = None if published is None else _digest(published)
    book = session.book()
    found = replay(session.db, book, wanted, session.waiting, published=digest)
    found = replace(found, book=str(book), as_of=None, known_at=None)
    session.answer(audit_text.one_book, found)
    if not found.ok:
        leave(INTEGRITY)


def _digest(file: str) -> str:
    from hashlib import sha256

    from cli.intake.whole import whole

    return sha256(whole(parse.path(file, field="published"), field="published")).hexdigest()


def _audit_all(
    session: Session, seal: str | None, published: str | None, *, resume: bool, jobs: str | None
) -> None:
    from cli.text.keep import audit as audit_text
    from projections.audit.file import Step, audit_all, unfinished

    for name, typed, what in (("seal", seal, "封签"), ("published", published, "公开的文件")):
        if typed is not None:
            expected = f"空（{what}是一个账套的，不能与 --all 同用）"
            raise Malformed(Unreadable.FIELD_NOT_USED, field=name, value=typed, expected=expected)
    workers = None if jobs is None else parse.count(jobs, field="jobs")
    if workers == 0:
        raise Malformed(
            Unreadable.COUNT_MALFORMED, field="jobs", value=jobs or "", expected="1 以上的整数"
        )
    if not resume and (done := unfinished(session.db)):
        tell(f"上次审计没有完成，已审 {done} 个账套；从那里继续用 yusuan audit --all --resume")
    with stepping("审计") as step:

        def told(now: Step) -> None:
            step(now.entries, now.of_entries, f"{now.books}/{now.of_books} 个账套")

        found = audit_all(
            session.db, resume=resume, jobs=workers, told=told, waiting=session.waiting
        )
    session.answer(audit_text.all_books, found)
    if not found.ok:
        leave(MACHINE if found.only_unaudited else INTEGRITY)


@verb("seal")
def seal(session: Session) -> None:
    from cli.text.keep.seal import Sealed, SealedHead, sealed

    book = session.book()
    try:
        with session.db.reading(session.waiting) as log:
            head = borne_out(log, str(book))
    except NoLog:
        head = None
    if head is None:
        raise not_opened(str(book))
    printed = SealedHead(head.entries, head.hash.hex())
    answer = Sealed(str(book), None, None, str(Seal.of(head)), head.entries, printed)
    session.answer(sealed, answer)


@verb("rebuild")
def rebuild(session: Session) -> None:
    from cli.text.keep import audit as audit_text
    from projections.views.feed import rebuild as make

    try:
        heads = make(session.db, session.waiting)
    except NoLog:
        raise not_opened(f"{session.unit or '单位编码'}/{session.year or '年度'}") from None
    books = {book: head.printed() for book, head in heads.items()}
    session.answer(audit_text.rebuilt, audit_text.Rebuilt(True, books))
