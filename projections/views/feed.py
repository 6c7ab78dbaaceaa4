"""From the log to the views: new entries become rows, and the position moves with them.

A query compares the head of the book with the head that the views were built from, adds what is
new, and shows nothing if the two contradict each other. Rows and position are committed together.
"""

import sqlite3
from contextlib import closing, suppress

from ledger.errors import Corrupt, Damage
from ledger.proofs.head import EMPTY, Head
from ledger.refusals import not_opened
from ledger.store.log import Log, Place, Waiting, hash_at, silently
from ledger.store.sqlite import files
from projections.views.schema import open_views


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


def missing(place: Place, book: str) -> Exception:
    """What to raise when there is no log: the views may remember that there was one."""
    file = place.views
    if file.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(file.absolute())) as views:
            position = views.execute("SELECT entries, hash FROM books WHERE book = ?", (book,))
            row = position.fetchone()
            if row is not None:
                return _ahead(book, Head(*row), 0)
    return not_opened(book)


def _ahead(book: str, position: Head, entries: int) -> Corrupt:
    return Corrupt(
        Damage.VIEWS_AHEAD,
        f"{book} 的查询视图建于第 {position.entries} 笔，与账中现有的 {entries} 笔对不上："
        "账文件可能被替换、截断或改动。请先用 yusuan audit 和封签核对，确认无误后再 rebuild",
    )


def rebuild(place: Place, waiting: Waiting = silently) -> dict[str, Head]:
    """Makes the views of all books anew from the log, trusting nothing of the old ones."""
    with place.reading(waiting) as log:
        try:
            # In place and under SQLite's locks: a file that is replaced while another process
            # writes it may be given that process's journal.
            views = open_views(place.views, waiting, anew=True)
        except Corrupt:
            for file in files.of_database(place.views):
                file.unlink(missing_ok=True)
            views = open_views(place.views, waiting)
        try:
            heads: dict[str, Head] = {}
            for book in log.books():
                head = catch_up(log, views, book)
                if head is not None:
                    heads[book] = head
            return heads
        finally:
            views.close()
