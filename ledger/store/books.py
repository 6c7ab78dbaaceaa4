"""Books in a log: the only place that writes them.

`Books.writing` is one durable transaction on one book. Inside it every request is decided on the
state that the transaction itself has read, so nothing can change between the decision and the
record (L45); then all of it is committed, or nothing. A dry run is the same path, rolled back.
`Books.restore` is the other: whole books from a file, as they were stored.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import NamedTuple, Self

from msgspec.structs import replace

from ledger.book import BookId
from ledger.errors import Corrupt, Damage
from ledger.proofs.head import EMPTY, Head
from ledger.refusals import not_opened
from ledger.requests import Request
from ledger.rules.cautions import Remark, clock_behind
from ledger.state import BookState, initial
from ledger.store import interrupts
from ledger.store.fold import read_state
from ledger.store.forms import FormsOfBooks
from ledger.store.log import (
    Busy,
    Conflicting,
    NoLog,
    Place,
    Transaction,
    Unwritable,
    Waiting,
    hash_at,
    silently,
)
from ledger.store.writing import Durable, Recorded, Writing


class PutBack(NamedTuple):
    """The books that were restored: how far each goes, and what should be looked at."""

    heads: dict[str, Head]
    cautions: tuple[Remark, ...]


class Books:
    """The books of one place. `kept` grows by what each transaction has made durable, as soon as
    it is, and by what had answered its one request before: whatever happens afterwards, that
    stands. Nothing interrupts between a commit and this note of it (L64)."""

    def __init__(
        self,
        place: Place,
        *,
        waiting: Waiting = silently,
        kept: list[Durable] | None = None,
        forms: FormsOfBooks | None = None,
    ) -> None:
        self.place = place
        self.waiting = waiting
        self.forms = forms
        self.kept: list[Durable] = [] if kept is None else kept

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with interrupts.held():  # a lock that is left half taken would be waited for at the end
            self.place.close()

    def transact(
        self, book: BookId, request: Request, *, actor: str, dry_run: bool = False
    ) -> Recorded:
        """Records one request durably, or raises `Refused` and records nothing. After a dry run
        the head is what it was: the entry is only what would be. A transfer is recorded in both
        books, and answered by the one that sends."""
        beside = None
        if request.kind == "transfer":
            beside = BookId.parse(request.given["counterpart"])
        with self.writing(
            book, actor=actor, dry_run=dry_run, request=request, beside=beside
        ) as writing:
            recorded = writing.record(request)
            if recorded.already:
                numbers = [entry.number for entry in recorded.entries]
                self.kept.append(Durable(str(book), numbers[0], numbers[-1]))
                return writing.as_answered(recorded)
        return replace(recorded, head=writing.head) if dry_run else recorded

    @contextmanager
    def writing(
        self,
        book: BookId,
        *,
        actor: str,
        dry_run: bool = False,
        request: Request | None = None,
        beside: BookId | None = None,
    ) -> Iterator[Writing]:
        """One transaction on a book: what is recorded in it becomes durable together at its end.
        With `beside`, a transaction on two books: carry-over can be transferred to that one.

        `request` is the first that will be recorded: only `open-book` makes a log, and only after
        it is known to be lawful. Raises `Refused` where there is no such book, `Corrupt`, `Busy`,
        `Unwritable`.
        """
        opening = request is not None and request.kind == "open-book"
        if request is not None and opening and not self.place.exists():
            self.place.ready()
            self._blank(book, actor).record(request)  # a refusal leaves no log behind
            if dry_run:
                writing = self._blank(book, actor)
                yield writing
                writing.abandon()
                return
        books = [book] if beside is None else [book, beside]
        previous = None if request is None else request.given.get("previous")
        try:
            with (
                self._noting() as commits,
                self.place.writing(
                    [str(each) for each in books],
                    beside_read=() if previous is None else (previous,),
                    key=None if request is None else request.key,
                    opening=opening,
                    waiting=self.waiting,
                ) as transaction,
            ):
                writing, *others = (self._begin(transaction, each, actor) for each in books)
                writing.beside = others[0] if others else None
                yield writing
                if dry_run:
                    writing.abandon()
                if writing.abandoned:
                    raise _RollBack
                writing.finish()
                commits({each.kept: each.head for each in (writing, *others) if each.kept})
        except _RollBack:
            pass
        except NoLog:
            raise not_opened(str(book)) from None

    def restore(self, file: Path, *, dry_run: bool = False) -> PutBack:
        """Puts the books of a file (jsonl.py) into this log, all of them durably or none. Raises
        `Refused` when the log holds one of them, `Malformed` or `Corrupt` naming the line of the
        file that is wrong.

        The file is proved before the log is opened: a wrong one makes no log and holds no lock.
        """
        from ledger.store.jsonl import Reader
        from ledger.store.restoring import absent, restore

        proof, last = Reader(file), {}
        for verified in proof.entries():
            last[verified.book] = verified.entry
        now = self.place.now()
        remarks = (clock_behind(e.book, e.number, e.recorded_at, now) for e in last.values())
        made = PutBack(proof.heads, tuple(chain.from_iterable(remarks)))
        if dry_run and not self.place.exists():
            self.place.ready()
            return made
        try:
            with (
                self._noting() as commits,
                self.place.writing(
                    list(proof.heads), opening=True, waiting=self.waiting
                ) as transaction,
            ):
                absent(transaction, proof.heads)
                if dry_run:
                    raise _RollBack
                again = Reader(file)
                restore(transaction, again.entries())
                if again.heads != proof.heads:
                    raise Corrupt(Damage.FILE_CHAIN, f"{file} 在读取时被改动")
                commits(
                    {Durable(book, 1, head.entries): head for book, head in proof.heads.items()}
                )
        except _RollBack:
            pass
        except Conflicting as error:
            raise Corrupt(Damage.ENTRY_KEY, f"{file} 中一个幂等编号用于两笔记录") from error
        return made

    @contextmanager
    def _noting(self) -> Iterator[Callable[[dict[Durable, Head]], None]]:
        """Around a transaction: notes what it makes durable. It says what that is, with the heads,
        when only the commit is left; from then on nothing interrupts until it is noted."""
        made: dict[Durable, Head] = {}
        with ExitStack() as undisturbed:

            def commits(durable: dict[Durable, Head]) -> None:
                undisturbed.enter_context(interrupts.held())
                made.update(durable)

            try:
                yield commits
            except Exception:
                self.kept += self._standing(made)
                raise
            self.kept += made

    def _standing(self, made: dict[Durable, Head]) -> list[Durable]:
        """What of this the log holds, though its commit has failed: a disk may fail after the
        moment that decides, when what is left to do is to sync the folder."""
        if made:
            self.place.close()  # whatever its connection still holds
            with suppress(NoLog, Corrupt, Busy, Unwritable), self.place.reading(anyhow=True) as log:
                return [
                    each
                    for each, head in made.items()
                    if hash_at(log, each.book, head.entries) == head.hash
                ]
        return []

    def _blank(self, book: BookId, actor: str) -> Writing:
        """The inside of a transaction on a log that does not exist yet."""
        return self._writing(book, initial(str(book)), EMPTY, actor, self.place.now())

    def _begin(self, transaction: Transaction, book: BookId, actor: str) -> Writing:
        """The inside of a transaction on the log."""
        state, head = read_state(transaction, str(book))
        return self._writing(book, state, head, actor, transaction.now(), transaction)

    def _writing(
        self,
        book: BookId,
        state: BookState,
        head: Head,
        actor: str,
        now: datetime,
        transaction: Transaction | None = None,
    ) -> Writing:
        return Writing(
            str(book),
            state,
            head,
            actor=actor,
            now=now,
            transaction=transaction,
            forms=self.forms,
        )


class _RollBack(Exception):
    """Ends a transaction that must leave nothing behind."""
