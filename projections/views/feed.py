"""From the log to the views: new entries become rows, and the position moves with them.

A query compares the head of the book with the head that the views were built from, adds what is
new, and shows nothing if the two contradict each other. Rows and position are committed together.
"""

import sqlite3
from collections.abc import Collection, Mapping
from contextlib import closing, suppress

from ledger.book import nameable
from ledger.errors import Corrupt, Damage
from ledger.proofs.head import EMPTY, Head
from ledger.refusals import Refused, not_opened
from ledger.store.log import Log, NoLog, NotOurs, Place, Waiting, hash_at, silently
from ledger.store.sqlite import files
from projections.views import owned
from projections.views.schema import DISTRUSTED, open_views


def catch_up(log: Log, views: sqlite3.Connection, book: str) -> Head | None:
    """Brings the views of one book to the head of its log; that head, None if there is no book.

    Raises `Corrupt` when the log does not verify, when the views were built from other entries
    than the log now holds, or when an audit has found them wrong.
    """
    row = views.execute(
        "SELECT id, entries, hash, distrusted FROM books WHERE book = ?", (book,)
    ).fetchone()
    head = log.head(book)  # after the views, which others may bring further meanwhile
    if row is not None and row[3]:
        raise Corrupt(
            Damage.VIEWS_DISTRUSTED,
            f"审计发现 {book} 的查询视图与账不符（{row[3]}），在 yusuan rebuild 之前不提供查询",
        )
    position = EMPTY if row is None else Head(row[1], row[2])
    if head is None:
        if position != EMPTY:
            raise _ahead(book, position, 0)
        return None
    if position == head:
        return head
    if position.entries >= head.entries or hash_at(log, book, position.entries) != position.hash:
        raise _ahead(book, position, head.entries)
    from projections.views.rows import add

    views.execute("BEGIN IMMEDIATE")
    try:
        head = add(log, views, book)
        views.execute("COMMIT")
    except BaseException:
        if views.in_transaction:
            views.execute("ROLLBACK")
        raise
    return head


def remembered(place: Place, *, distrusted: bool = False) -> dict[str, Head]:
    """The books that the views know of, and the heads that they stand at; none where there are no
    views, or only `distrusted` ones, that nothing should be learnt from. Raises `NotOurs`,
    `OSError`, or `Corrupt` where they cannot be read."""
    file = place.views
    if owned.ours(file) is None:
        return {}
    with (
        files.translated(file, Damage.VIEWS_DAMAGED),
        closing(sqlite3.connect(file.absolute(), isolation_level=None)) as views,
    ):
        views.execute("PRAGMA query_only = ON")
        version = views.execute("PRAGMA user_version").fetchone()[0]
        if version == DISTRUSTED and not distrusted:
            return {}
        rows = views.execute("SELECT book, entries, hash FROM books WHERE entries > 0").fetchall()
    return {book: Head(entries, hash_) for book, entries, hash_ in rows}


def missing(place: Place, book: str, refused: Refused | None = None) -> Exception:
    """What to raise where a log, or a book of it, is not there: that it was not opened, as it was
    `refused`, unless the views remember it."""
    known: dict[str, Head] = {}
    with suppress(NotOurs, Corrupt, OSError):
        known = remembered(place)
    there = _books_now(place) if known else ()
    if book in known and book not in there:
        return _ahead(book, known[book], 0)
    return _gone(place, known) if known and not there else refused or not_opened(book)


def _books_now(place: Place) -> Collection[str]:
    """The books that the log holds after the views were asked: meanwhile others may have opened
    what it did not hold, and asked for it."""
    try:
        with place.reading(anyhow=True) as log:
            return log.all_books()
    except NoLog:
        return ()


def lost(place: Place, known: Mapping[str, Head], books: Collection[str]) -> dict[str, Head]:
    """Of the books that the views were found to know, those that are not among these of the log,
    nor opened since: they were taken out of it, or cannot be read any more."""
    if any(book not in books for book in known):
        with suppress(Corrupt):
            books = {*books, *_books_now(place)}
    return {book: head for book, head in known.items() if book not in books}


def none_is_gone(place: Place, books: Collection[str]) -> None:
    """Every book that the views remember is among these. Raises `Corrupt` where one was taken out
    of the log: whoever is asked for all of its books would leave it out."""
    known: dict[str, Head] = {}
    with suppress(NotOurs, Corrupt, OSError):
        known = remembered(place)
    gone = lost(place, {book: known[book] for book in known if nameable(book)}, books)
    if gone:
        raise _gone(place, gone)


def look_for_log(place: Place) -> None:
    """Where there is no log, there was none. Raises `Corrupt` where the views remember one, and
    `NotOurs` where what lies at their name is not ours: a new log would have no views."""
    if place.exists():
        return
    known = remembered(place)
    if known and not place.exists():  # nobody has made one while the views were asked
        raise _gone(place, known)


def look_for_book(place: Place, book: str, waiting: Waiting = silently) -> None:
    """A book that is to be opened was not there before. Raises `Corrupt` where the views remember
    it and the log does not hold it."""
    with suppress(NoLog), place.reading(waiting) as log:
        if log.head(book) is None and isinstance(said := missing(place, book), Corrupt):
            raise said


_NAMED = 8


def _gone(place: Place, known: dict[str, Head]) -> Corrupt:
    entries = {book: head.entries for book, head in known.items()}
    named = "、".join(f"{book} {count} 笔" for book, count in [*entries.items()][:_NAMED])
    more = f"等 {len(entries)} 个账套" if len(entries) > _NAMED else ""
    return Corrupt(
        Damage.VIEWS_AHEAD,
        f"账文件 {place} 不见了，或其中没有这些账，而查询视图 {place.views} 记得 {named}{more}："
        "账文件可能被删除、移走或换掉",
        way_out=f"把账文件放回 {place}；确知不再需要这些账套时，才把 {place.views} 移走",
        books=entries,
    )


def _ahead(book: str, position: Head, entries: int) -> Corrupt:
    return Corrupt(
        Damage.VIEWS_AHEAD,
        f"{book} 的查询视图建于第 {position.entries} 笔，与账中现有的 {entries} 笔对不上："
        "账文件可能被替换、截断或改动。请先用 yusuan audit 和封签核对，确认无误后再 rebuild",
    )


def rebuild(place: Place, waiting: Waiting = silently) -> dict[str, Head]:
    """Makes the views of all books anew from the log, trusting nothing of the old ones."""
    with place.reading(waiting) as log:
        # Before what the views remember of them is gone.
        books = log.books()
        none_is_gone(place, books)
        for book in books:
            log.head(book)
        try:
            # In place and under SQLite's locks: a file that is replaced while another process
            # writes it may be given that process's journal.
            views = open_views(place.views, waiting, anew=True)
        except Corrupt:
            _remove(place)
            views = open_views(place.views, waiting)
        try:
            heads: dict[str, Head] = {}
            for book in books:
                head = catch_up(log, views, book)
                if head is not None:
                    heads[book] = head
            return heads
        finally:
            views.close()


def _remove(place: Place) -> None:
    """Takes away views of ours that SQLite cannot even open. Raises `NotOurs`."""
    if owned.ours(place.views) is not None:
        for file in files.of_database(place.views):
            file.unlink(missing_ok=True)
