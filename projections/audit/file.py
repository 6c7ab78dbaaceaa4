"""Every book of a file audited, on every processor, going on where an earlier run was interrupted.

The file as such is checked once, then book after book in processes of their own. What each book
came to is written beside the file as it is known (FILE.audit, one JSON value a line), so that a
later run need not begin again. It is a note and no proof (P24): whoever can change the book can
change it, so going on from it is asked for, and the answer says which books it took from there.
"""

import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, suppress
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, SupportsFloat

import msgspec
from msgspec import UNSET

from ledger.book import nameable
from ledger.proofs.head import Head
from ledger.proofs.printed import PrintedHead
from ledger.store.log import NoLog, Place, Waiting, silently
from projections.audit.book import (
    Audited,
    Checked,
    audit_alone,
    counts,
    examine,
    recorded_head,
    undisturbed,
    views_failed,
)
from projections.audit.tally import Skipped, Tally
from projections.audit.views import check_views_file, distrust
from projections.encoder import encoded
from projections.views.feed import missing


class FaultIn(msgspec.Struct, frozen=True):
    """What is wrong, and in which book where it is one."""

    book: str | None
    code: str
    entry: int | None
    message: str


class SkippedIn(msgspec.Struct, frozen=True):
    """A check that could not run, why, and in how many books."""

    code: str
    why: str
    books: int


class BookAudited(msgspec.Struct, frozen=True):
    """What became of one book; `earlier` where an earlier run had audited it."""

    book: str
    ok: bool
    entries: int
    head: PrintedHead
    seconds: SupportsFloat
    earlier: bool


class AuditedFile(msgspec.Struct, frozen=True):
    """What the audit of all books came to."""

    ok: bool
    entries: int
    checks: list[Checked]
    not_run: list[SkippedIn]
    findings: list[FaultIn]
    books: list[BookAudited]
    seconds: SupportsFloat


class Step(NamedTuple):
    """How far a run has come: books and entries, of how many."""

    books: int
    of_books: int
    entries: int
    of_entries: int


def notes_path(place: Place) -> Path:
    """Where an unfinished run is noted: beside the views, with `.audit` instead of `.views`."""
    return place.views.with_suffix(".audit")


def audit_all(
    place: Place,
    *,
    resume: bool = False,
    jobs: int | None = None,
    told: Callable[[Step], None] = lambda _: None,
    waiting: Waiting = silently,
) -> AuditedFile:
    """Audits all books of a file. `resume` takes over what an unfinished run had found of books
    that stand at the same head; `jobs` is the number of processes, else one a processor."""
    started = time.monotonic()
    tally = Tally()
    try:
        with place.reading(waiting) as log:
            heads = {book: recorded_head(log, book) for book in log.all_books() if nameable(book)}
            examine(log, tally)
    except NoLog:
        raise missing(place, "单位编码/年度") from None
    comparable = check_views_file(place, tally)
    if comparable:
        _none_is_lost(place, heads, tally)
    earlier = {
        book: note
        for book, note in (_noted(place) if resume else {}).items()
        if book in heads and _head_of(note) == heads[book]
    }
    found = dict(earlier)
    todo = [book for book in heads if book not in earlier]
    sizes = {book: head.entries if head else 0 for book, head in heads.items()}
    done_entries = sum(sizes[book] for book in earlier)
    with _notes(place, earlier) as noted:
        for book, outcome in _outcomes(place, todo, views=comparable, jobs=jobs):
            found[book] = outcome
            noted(book, outcome)
            done_entries += sizes[book]
            told(Step(len(found), len(heads), done_entries, sum(sizes.values())))
    for book, outcome in found.items():
        if views_failed(check.code for check in outcome.checks if check.failed):
            distrust(place, book)
    notes_path(place).unlink(missing_ok=True)
    seconds = round(time.monotonic() - started, 3)
    return _together(tally, {book: found[book] for book in heads}, earlier, seconds)


def _none_is_lost(place: Place, heads: Collection[str], tally: Tally) -> None:
    """A book that the views know and the file has no more was taken out of it."""
    with closing(sqlite3.connect(place.views.absolute())) as views:
        known = views.execute("SELECT book, entries FROM books WHERE entries > 0").fetchall()
    for book, entries in known:
        if book not in heads:
            message = f"查询视图中有账套 {book} 的 {entries} 笔，账文件中没有"
            tally.expect("CHAIN.HEAD", False, message)


def _outcomes(
    place: Place, books: list[str], *, views: bool, jobs: int | None
) -> Iterator[tuple[str, Audited]]:
    """Each book with what its audit came to, in the order in which they are done."""
    if not books:
        return
    workers = min(jobs or os.cpu_count() or 1, len(books))
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=undisturbed) as pool:
        running: dict[Future[Audited], str] = {}
        waiting = iter(books)
        try:
            while True:
                # A few at a time: what is queued behind an interruption would still be audited.
                for book in waiting:
                    running[pool.submit(audit_alone, place, book, views=views)] = book
                    if len(running) >= 2 * workers:
                        break
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield running.pop(future), future.result()
        except BrokenProcessPool as error:
            raise MemoryError("审计进程被系统终止") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Of(msgspec.Struct, frozen=True):
    """Which book a note is about."""

    book: str


class _notes:
    """Writes what is found as soon as it is known; the file stays when the run does not end."""

    def __init__(self, place: Place, earlier: dict[str, Audited]) -> None:
        self._path, self._earlier = notes_path(place), earlier

    def __enter__(self) -> Callable[[str, Audited], None]:
        self._stream = None
        with suppress(OSError):  # an auditor's medium may be read-only: then nothing is noted
            self._stream = self._path.open("w", encoding="utf-8")
        for book, outcome in self._earlier.items():
            self._note(book, outcome)
        return self._note

    def _note(self, book: str, outcome: Audited) -> None:
        if self._stream is not None:
            print(encoded(_Of(book), outcome), file=self._stream, flush=True)

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()


def _noted(place: Place) -> dict[str, Audited]:
    """What an unfinished run had noted; a line that was cut off counts for nothing."""
    found = {}
    try:
        lines = notes_path(place).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    for line in lines:
        with suppress(ValueError):
            note = msgspec.json.decode(line, type=Audited, dec_hook=_as_read)
            _head_of(note)
            if note.book is not UNSET:
                found[note.book] = msgspec.structs.replace(note, book=UNSET)
    return found


def unfinished(place: Place) -> int:
    """How many books an unfinished run had audited."""
    return len(_noted(place))


def _as_read(_: type, value: object) -> object:
    """msgspec's hook for the seconds: a number as JSON has it."""
    return value


def _head_of(note: Audited) -> Head:
    """The head at which a book was audited. Raises `ValueError`."""
    return Head(note.head.entries, bytes.fromhex(note.head.hash))


def _together(
    tally: Tally,
    found: dict[str, Audited],
    earlier: dict[str, Audited],
    seconds: SupportsFloat,
) -> AuditedFile:
    """One answer for all books."""
    tried, failed = Counter(tally.tried), Counter(tally.failed)
    for outcome in found.values():
        for check in outcome.checks:
            tried[check.code] += check.tried
            failed[check.code] += check.failed
    findings = [FaultIn(None, each.code, each.entry, each.message) for each in tally.findings]
    skipped: dict[Skipped, list[str]] = {each: [] for each in tally.not_run}
    for book, outcome in found.items():
        findings += [
            FaultIn(book, each.code, each.entry, each.message) for each in outcome.findings
        ]
        for each in outcome.not_run:
            skipped.setdefault(each, []).append(book)
    return AuditedFile(
        ok=not +failed,
        entries=sum(outcome.entries for outcome in found.values()),
        checks=counts(tried, failed),
        not_run=[SkippedIn(each.code, each.why, len(books)) for each, books in skipped.items()],
        findings=findings,
        books=[
            BookAudited(
                book=book,
                ok=outcome.ok,
                entries=outcome.entries,
                head=outcome.head,
                seconds=outcome.seconds,
                earlier=book in earlier,
            )
            for book, outcome in found.items()
        ],
        seconds=seconds,
    )
