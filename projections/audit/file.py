"""Every book of a file audited, on every processor, going on where an earlier run was interrupted.

The file as such is checked once, then book after book in processes of their own. What each book
came to is written beside the file as it is known (FILE.audit, one JSON value a line), so that a
later run need not begin again. It is a note and no proof (P22): whoever can change the book can
change it, so going on from it is asked for, and the answer says which books it took from there.
"""

import json
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
from typing import Any, NamedTuple

from ledger.book import BookId
from ledger.errors import Malformed
from ledger.proofs.chain import Head
from ledger.store.sqlite import log
from projections.audit.book import CHECKS, audit_alone, check_file, undisturbed, views_failed
from projections.audit.tally import Tally
from projections.audit.views import check_views_file, distrust
from projections.views.feed import missing, opened_log
from projections.views.schema import views_path


class Step(NamedTuple):
    """How far a run has come: books and entries, of how many."""

    books: int
    of_books: int
    entries: int
    of_entries: int


def notes_path(path: Path) -> Path:
    """Where an unfinished run is noted: beside the file, with `.audit` added."""
    return path.with_name(path.name + ".audit")


def audit_all(
    path: Path,
    *,
    resume: bool = False,
    jobs: int | None = None,
    told: Callable[[Step], None] = lambda _: None,
    waiting: log.Waiting = log.silently,
) -> dict[str, Any]:
    """Audits all books of a file. `resume` takes over what an unfinished run had found of books
    that stand at the same head; `jobs` is the number of processes, else one a processor."""
    started = time.monotonic()
    tally = Tally()
    try:
        with opened_log(path, waiting) as connection:
            heads = {book: log.head(connection, book) for book in _books(connection, tally)}
            check_file(connection, tally)
    except log.NoLog:
        raise missing(path, "单位编码/年度") from None
    comparable = check_views_file(path, tally)
    if comparable:
        _none_is_lost(path, heads, tally)
    earlier = {
        book: note
        for book, note in (_noted(path) if resume else {}).items()
        if book in heads and _head_of(note) == heads[book]
    }
    found = dict(earlier)
    todo = [book for book in heads if book not in earlier]
    sizes = {book: head.entries if head else 0 for book, head in heads.items()}
    done_entries = sum(sizes[book] for book in earlier)
    with _notes(path, earlier) as noted:
        for book, outcome in _outcomes(path, todo, views=comparable, jobs=jobs):
            found[book] = outcome
            noted(book, outcome)
            done_entries += sizes[book]
            told(Step(len(found), len(heads), done_entries, sum(sizes.values())))
    for book, outcome in found.items():
        if views_failed(check["code"] for check in outcome["checks"] if check["failed"]):
            distrust(path, book)
    notes_path(path).unlink(missing_ok=True)
    answer = _together(tally, {book: found[book] for book in heads}, earlier)
    return {**answer, "seconds": round(time.monotonic() - started, 3)}


def _books(connection: sqlite3.Connection, tally: Tally) -> list[str]:
    """Every book that has a head or entries: one whose head was removed is audited too."""
    found, last = set(log.books(connection)), ""
    next_one = "SELECT MIN(originator_id) FROM stored_events WHERE originator_id > ?"
    while (book := connection.execute(next_one, (last,)).fetchone()[0]) is not None:
        found.add(book)
        last = book
    readable = []
    for book in sorted(found):
        with suppress(Malformed):
            BookId.parse(book)
            readable.append(book)
    unreadable = sorted(found.difference(readable))
    if unreadable:
        tally.expect("FILE.SCHEMA", False, f"账套名称无法读取：{'、'.join(unreadable)[:500]}")
    return readable


def _none_is_lost(path: Path, heads: Collection[str], tally: Tally) -> None:
    """A book that the views know and the file has no more was taken out of it."""
    with closing(sqlite3.connect(views_path(path).absolute())) as views:
        known = views.execute("SELECT book, entries FROM books WHERE entries > 0").fetchall()
    for book, entries in known:
        if book not in heads:
            message = f"查询视图中有账套 {book} 的 {entries} 笔，账文件中没有"
            tally.expect("CHAIN.HEAD", False, message)


def _outcomes(
    path: Path, books: list[str], *, views: bool, jobs: int | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each book with what its audit came to, in the order in which they are done."""
    if not books:
        return
    workers = min(jobs or os.cpu_count() or 1, len(books))
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=undisturbed) as pool:
        running: dict[Future[dict[str, Any]], str] = {}
        waiting = iter(books)
        try:
            while True:
                # A few at a time: what is queued behind an interruption would still be audited.
                for book in waiting:
                    running[pool.submit(audit_alone, path, book, views=views)] = book
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


class _notes:
    """Writes what is found as soon as it is known; the file stays when the run does not end."""

    def __init__(self, path: Path, earlier: dict[str, dict[str, Any]]) -> None:
        self._path, self._earlier = notes_path(path), earlier

    def __enter__(self) -> Callable[[str, dict[str, Any]], None]:
        self._stream = None
        with suppress(OSError):  # an auditor's medium may be read-only: then nothing is noted
            self._stream = self._path.open("w", encoding="utf-8")
        for book, outcome in self._earlier.items():
            self._note(book, outcome)
        return self._note

    def _note(self, book: str, outcome: dict[str, Any]) -> None:
        if self._stream is not None:
            line = json.dumps({"book": book, **outcome}, ensure_ascii=False)
            print(line, file=self._stream, flush=True)

    def __exit__(self, *_: object) -> None:
        if self._stream is not None:
            self._stream.close()


def _noted(path: Path) -> dict[str, dict[str, Any]]:
    """What an unfinished run had noted; a line that was cut off counts for nothing."""
    found = {}
    try:
        lines = notes_path(path).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):
            note = json.loads(line)
            _head_of(note)
            found[str(note.pop("book"))] = note
    return found


def unfinished(path: Path) -> int:
    """How many books an unfinished run had audited."""
    return len(_noted(path))


def _head_of(note: dict[str, Any]) -> Head:
    return Head(int(note["head"]["entries"]), bytes.fromhex(note["head"]["hash"]))


def _together(
    tally: Tally,
    found: dict[str, dict[str, Any]],
    earlier: dict[str, dict[str, Any]],
) -> dict[str, Any]:
    """One answer for all books."""
    tried, failed = Counter(tally.tried), Counter(tally.failed)
    for outcome in found.values():
        for check in outcome["checks"]:
            tried[check["code"]] += check["tried"]
            failed[check["code"]] += check["failed"]
    findings: list[dict[str, Any]] = [{"book": None, **finding} for finding in tally.findings]
    skipped: dict[tuple[str, str], list[str]] = {
        (each["code"], each["why"]): [] for each in tally.not_run
    }
    for book, outcome in found.items():
        findings += [{"book": book, **finding} for finding in outcome["findings"]]
        for each in outcome["not_run"]:
            skipped.setdefault((each["code"], each["why"]), []).append(book)
    return {
        "ok": not +failed,
        "entries": sum(outcome["entries"] for outcome in found.values()),
        "checks": [
            {"code": code, "tried": tried[code], "failed": failed[code]}
            for code in CHECKS
            if tried[code]
        ],
        "not_run": [
            {"code": code, "why": why, "books": len(books)}
            for (code, why), books in skipped.items()
        ],
        "findings": findings,
        "books": [
            {
                "book": book,
                "ok": outcome["ok"],
                "entries": outcome["entries"],
                "head": outcome["head"],
                "seconds": outcome["seconds"],
                "earlier": book in earlier,
            }
            for book, outcome in found.items()
        ],
    }
