"""Which publications stand, and the heads that their files were made from (公开)."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ledger.book import BookId
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.events import ReportPublished
from ledger.refusals import Refusal, Refused, Way
from ledger.store.log import Place, Waiting, silently
from projections.questions.particulars import Said, said_in
from projections.views.reading import Cut, Reading, readings, readings_at
from projections.views.source import Meant, books_of

Heads = Mapping[str, int]
"""How many entries each book had; one that is not there had none, or was not looked at."""


def last(reading: Reading, *, department: bool = False) -> Said[ReportPublished]:
    """The last publication of a book that stands; with `department` that of the department whose
    publications it holds. Raises `Malformed` where there is none."""
    found = [
        each
        for each in said_in(reading, ReportPublished)
        if bool(each.event.department) is department
    ]
    if not found:
        whose = "部门" if department else ""
        raise Malformed(
            Unreadable.PUBLISHED_NONE,
            field="published",
            value=str(reading.book),
            expected=f"有{whose}公开记录的账套（公开之后用 yusuan publish 记录）",
        )
    return max(found, key=lambda each: each.entry)


def heads_of(event: ReportPublished) -> Heads:
    """The heads that files were made from."""
    return {head.book: head.entries for head in event.heads}


def proved(event: ReportPublished, made_from: Iterable[Reading]) -> None:
    """The books stand again as they stood when they were made public. Raises `Corrupt`."""
    right = {head.book: (head.entries, head.hash) for head in event.heads}
    for one in made_from:
        head = one.stands
        if right.get(str(one.book)) != (head.entries, head.hash.hex()):
            raise Corrupt(
                Damage.PUBLISHED_HEAD,
                f"{one.book} 第 {head.entries} 笔与公开时记录的末端不符",
            )


def meant_by(event: ReportPublished, book: BookId) -> Meant:
    """The books that files were made from, as they were then; last year's are not among them, but
    in the heads."""
    year = str(book.year)
    books = [BookId.parse(each) for each in heads_of(event) if each.endswith(f"/{year}")]
    cut = Cut(event.as_of, event.known_at)
    heads = heads_of(event)
    if not event.department:
        return Meant((book,), cut, heads=heads)
    return Meant(
        tuple(books),
        cut,
        alone=False,
        name=event.department,
        absent=event.absent,
        heads=heads,
    )


def heads_after(place: Place, book: BookId, entry: int, waiting: Waiting = silently) -> Heads:
    """How a book and last year's stood after an entry: last year's as it was made public from that
    head, else as it was known when the entry was recorded. Raises `Refused`."""
    before = BookId(book.unit, book.year - 1)
    if not entry:
        raise Refused(Refusal.ENTRY_MISSING, ref="0", ways_out=[Way("log")])
    with readings_at(place, [(book, Cut(upto=entry))], waiting) as (opened,):
        whole = opened._replace(upto=opened.head.entries)
        for each in said_in(whole, ReportPublished):
            if not each.event.department and heads_of(each.event).get(str(book)) == entry:
                return heads_of(each.event)
        told = opened.listed(entry).recorded_at
    if before not in books_of(place):
        return {str(book): entry}
    then = Cut(known_at=datetime.fromisoformat(told))
    with readings(place, [before], then, waiting) as (earlier,):
        return {str(book): entry, str(before): earlier.upto}
