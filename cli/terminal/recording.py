"""One request to the store and its receipt, for every command that writes."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from msgspec.structs import replace

from cli.session import Session, leave, tell
from cli.terminal.options import Document, LineParts
from cli.text.write import receipt as receipt_text
from ledger.book import BookId
from ledger.money import parse_yuan
from ledger.receipt import Receipt, Receipts, receipt
from ledger.refusals import Refused, not_opened
from ledger.requests import Request
from ledger.rules.cautions import Remark
from ledger.rules.occasion import NewMoney, OnLine
from ledger.rules.uncovered import Where, on_days
from ledger.state import BookState
from ledger.store.writing import Recorded, Writing
from projections.answers import BookHeader, Verdict

WAITING = 6
"""The exit code of what was recorded and waits for approval."""


def record(
    session: Session,
    document: Document,
    request: Request,
    ref: str | None = None,
) -> None:
    """Records one request, about the earlier entry `ref` if any, and prints its receipt."""
    request = completed(request, document)._replace(ref=ref)
    book = session.book()
    with session.books() as books:
        recorded = books.transact(
            book, request.with_default_key(), actor=session.actor, dry_run=document.dry_run
        )
    _answer(session, document, recorded)


def record_made(
    session: Session,
    document: Document,
    make: Callable[[Writing], Request],
    remarks: Collection[Remark],
) -> None:
    """Records the request that is made inside its transaction, of what only the reading side knows,
    and prints its receipt; `remarks`, which are found meanwhile, are said beside. Raises
    `Refused`."""
    book = session.book()
    with (
        session.books() as books,
        books.writing(book, actor=session.actor, dry_run=document.dry_run) as writing,
    ):
        if writing.state.facts is None:
            raise not_opened(str(book))
        recorded = writing.record(completed(make(writing), document))
        if recorded.already:
            recorded = writing.as_answered(recorded)
    if document.dry_run:
        recorded = replace(recorded, head=writing.head)
    _answer(session, document, recorded, remarks)


def _answer(
    session: Session, document: Document, recorded: Recorded, remarks: Collection[Remark] = ()
) -> None:
    """Prints the receipt of one request, and leaves with its exit code."""
    answer = _covered(
        session,
        receipt(recorded, dry_run=document.dry_run),
        recorded,
        on_days(recorded.entries if document.dry_run else ()),
    )
    answer = replace(answer, warnings=(*answer.warnings, *remarks))
    session.answer(receipt_text.receipt, answer)
    if answer.pending:
        leave(WAITING)
    if answer.settled is not None and answer.settled.kind == "reject":
        leave(1)  # recorded once, and will never take effect: that is not done


def record_each(
    session: Session,
    document: Document,
    request: Request,
    refs: Callable[[BookState], list[str]],
) -> None:
    """Records a request about each of several earlier entries in one transaction, all or none.
    The answer is the last receipt, with all of them as `receipts`. Raises `Refused`."""
    book, dry_run = session.book(), document.dry_run
    request = completed(request, document)
    with (
        session.books() as books,
        books.writing(book, actor=session.actor, dry_run=dry_run) as writing,
    ):
        if writing.state.facts is None:
            raise not_opened(str(book))
        requests = [request._replace(ref=ref) for ref in refs(writing.state)]
        # A receipt is of the book as it is after its own entry, and that goes on.
        answered = [
            (receipt(recorded, dry_run=dry_run), recorded) for recorded in _all(writing, requests)
        ]
    head = writing.head.printed()
    receipts: list[Receipt] = []
    ahead: Counter[tuple[Where, date]] = Counter()
    for answer, recorded in answered:
        if dry_run:
            ahead.update(on_days(recorded.entries))
        of_now = replace(answer, head=head) if dry_run else answer
        receipts.append(_covered(session, of_now, recorded, ahead))
    made = Receipts(receipts)
    if receipts:
        session.answer(lambda _, made: receipt_text.receipts(made), receipts[-1], made)
    else:
        header = BookHeader(str(book), None, None, head)
        session.answer(lambda *_: receipt_text.receipts(made), Verdict(True), header, made)


def _covered(
    session: Session, answer: Receipt, recorded: Recorded, ahead: Mapping[tuple[Where, date], int]
) -> Receipt:
    """The receipt with what the views say of money that may not have been there on its day, as it
    is known at the entry; `ahead` is what a dry run would change, up to it."""
    if not recorded.doubtful:
        return answer
    from cli.terminal.covering import uncovered_of  # nearly never, and with the views

    last = recorded.entries[-1]
    book = BookId.parse(last.book)
    found = uncovered_of(session, book, recorded.doubtful, upto=last.number, ahead=ahead)
    return replace(answer, warnings=(*answer.warnings, *(told.remark for told in found)))


def _all(writing: Writing, requests: list[Request]) -> Iterator[Recorded]:
    """What is recorded for each; the first that is refused ends them all, and is named."""
    for request in requests:
        try:
            recorded = writing.record(request.with_default_key())
        except Refused as refused:
            refused.facts["ref"] = request.ref
            if len(requests) > 1:
                tell(f"{request.ref} 未通过，{len(requests)} 笔都没有记录")
            raise
        yield writing.as_answered(recorded) if recorded.already else recorded


def completed(request: Request, document: Document) -> Request:
    """The request with what its document says: when, on what, why, and its key."""
    return request._replace(given={**request.given, **document.given()}, key=document.checked_key())


def new_money(session: Session, line: LineParts, amount: str, pending: bool) -> NewMoney:
    """What is given of new money on a line that need not exist yet."""
    return {
        "line": line.new(session.book().year),
        "amount_fen": parse_yuan(amount),
        "pending": pending,
    }


def on_line(line: LineParts, amount: str) -> OnLine:
    """What is given of a move of money that is on a line already."""
    return {"line": line.existing(), "amount_fen": parse_yuan(amount)}
