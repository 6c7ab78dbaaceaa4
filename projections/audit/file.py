"""Every book of a file audited, on every processor, going on where an earlier run was interrupted.

The file as such is checked once, then book after book in processes of their own (workers.py). What
each book came to is noted beside the file as it is known (notes.py). That is no proof (P24):
whoever can change the book can change it, so going on from it is asked for, and the answer says
which books it took from there.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, SupportsFloat

import msgspec

from ledger.proofs.head import EMPTY, Head
from ledger.proofs.printed import PrintedHead
from ledger.rules.cautions import Remark
from ledger.store.log import NoLog, Place, Waiting, silently
from projections.audit.book import (
    Audited,
    Checked,
    audit_alone,
    counts,
    look_around,
    recorded_head,
    views_failed,
)
from projections.audit.notes import Notes, head_of, noted
from projections.audit.tally import Fault, Skipped, Tally
from projections.audit.views import check_views_file, distrust, unmarked
from projections.audit.workers import TRIES, in_processes
from projections.views.feed import lost, missing, remembered

UNAUDITED = "MACHINE.LIMIT"
"""The code of a finding that is none of the book: this machine could not audit it."""


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
    remarks: list[Remark]
    """What is no failure and should be looked at, and what could not be done beside checking."""
    books: list[BookAudited]
    seconds: SupportsFloat

    @property
    def only_unaudited(self) -> bool:
        """Whether nothing is wrong but that this machine could not audit some book."""
        return {each.code for each in self.findings} == {UNAUDITED}


class Step(NamedTuple):
    """How far a run has come: books and entries, of how many."""

    books: int
    of_books: int
    entries: int
    of_entries: int


def notes_path(place: Place) -> Path:
    """Where an unfinished run is noted: beside the views, with `.audit` instead of `.views`."""
    return place.views.with_suffix(".audit")


def unfinished(place: Place) -> int:
    """How many books an unfinished run had audited."""
    return len(noted(notes_path(place)))


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
        with place.reading(waiting, anyhow=True) as log:
            heads = {book: recorded_head(log, book) for book in look_around(place, log, tally)}
    except NoLog:
        raise missing(place, "单位编码/年度") from None
    comparable = check_views_file(place, tally)
    if comparable:
        _none_is_lost(place, heads, tally)
    earlier = {
        book: note
        for book, note in (noted(notes_path(place)) if resume else {}).items()
        if book in heads and head_of(note) == heads[book]
    }
    found = dict(earlier)
    todo = [book for book in heads if book not in earlier]
    sizes = {book: head.entries if head else 0 for book, head in heads.items()}
    done_entries = sum(sizes[book] for book in earlier)
    with Notes(notes_path(place), resume=resume) as notes:
        for book, outcome in _outcomes(place, todo, views=comparable, jobs=jobs):
            if outcome is None:
                found[book] = _not_audited(heads[book] or EMPTY)
            else:
                found[book] = outcome
                notes.add(book, outcome)
            done_entries += sizes[book]
            told(Step(len(found), len(heads), done_entries, sum(sizes.values())))
        if all(book in found and not _is_unaudited(found[book]) for book in heads):
            notes.done()
    remarks = [Remark("AUDIT.NOTES", notes.unfit)] if notes.unfit else []
    if not _distrusted(place, tally, found):
        remarks.append(unmarked(place))
    seconds = round(time.monotonic() - started, 3)
    return _together(tally, {book: found[book] for book in heads}, earlier, remarks, seconds)


def _not_audited(head: Head) -> Audited:
    message = f"审计进程 {TRIES} 次被系统终止，没有审完；请加大内存，再用 --resume 继续"
    fault = Fault(UNAUDITED, None, message)
    return Audited(
        ok=False,
        head=head.printed(),
        entries=head.entries,
        checks=[],
        not_run=[],
        findings=[fault],
        remarks=[],
        seconds=0,
    )


def _is_unaudited(outcome: Audited) -> bool:
    return any(each.code == UNAUDITED for each in outcome.findings)


def _distrusted(place: Place, tally: Tally, found: dict[str, Audited]) -> bool:
    """Marks the views that were found wrong: the file as such, or those of some books. Whether that
    could be done."""
    if views_failed(tally.failed):
        return distrust(place, None)
    marked = [
        distrust(place, book)
        for book, outcome in found.items()
        if views_failed(check.code for check in outcome.checks if check.failed)
    ]
    return all(marked)


def _none_is_lost(place: Place, heads: Collection[str], tally: Tally) -> None:
    """A book that the views know and the file has no more was taken out of it."""
    for book, head in lost(place, remembered(place, distrusted=True), heads).items():
        message = f"查询视图中有账套 {book} 的 {head.entries} 笔，账文件中没有"
        tally.expect("CHAIN.HEAD", False, message)


def _outcomes(
    place: Place, books: list[str], *, views: bool, jobs: int | None
) -> Iterator[tuple[str, Audited | None]]:
    """Each book with what its audit came to, in the order in which they are done; None where this
    machine could not do it."""
    work = partial(audit_alone, place, views=views)
    return in_processes(work, books, jobs or os.cpu_count() or 1)


def _together(
    tally: Tally,
    found: dict[str, Audited],
    earlier: dict[str, Audited],
    remarks: Sequence[Remark],
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
        ok=all(outcome.ok for outcome in found.values()) and not +failed,
        entries=sum(outcome.entries for outcome in found.values()),
        checks=counts(tried, failed),
        not_run=[SkippedIn(each.code, each.why, len(books)) for each, books in skipped.items()],
        findings=findings,
        remarks=[*remarks, *(each for book in found.values() for each in book.remarks)],
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
