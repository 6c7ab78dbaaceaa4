"""What each entry becomes in the views, and the pages in which they are added."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ledger import log
from ledger.chain import EMPTY, Head, link
from ledger.errors import Corrupt
from ledger.events import (
    BookAmended,
    BookOpened,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    EntryReversed,
    ProjectRegistered,
    decode,
    kind_of,
)
from ledger.line import BudgetLine
from ledger.postings import amount_of, lines_of, postings, receipts

PAGE = 5_000


class Rows(NamedTuple):
    """What one entry becomes in the views, with lines as text. Audit compares exactly these."""

    entry: tuple[Any, ...]
    postings: list[tuple[Any, ...]]
    income: list[tuple[Any, ...]]


def rows_of(entry: Entry) -> Rows:
    """The rows of an entry: (entry row without book), postings, income."""
    event = entry.event
    number, day = entry.number, event.occurred_on.isoformat()
    lines = lines_of(event)
    inner = event.reversed if isinstance(event, EntryReversed) else event
    econ = inner.econ if isinstance(inner, DisbursementRecorded | DisbursementRefunded) else None
    paid = inner if isinstance(inner, DisbursementRecorded) else None
    original = event.original if isinstance(event, DisbursementRefunded | EntryReversed) else None
    return Rows(
        (
            number,
            kind_of(event),
            day,
            entry.recorded_at.isoformat(),
            entry.actor,
            entry.key,
            lines[0] if lines else None,
            econ,
            amount_of(event),
            event.doc,
            paid.payee if paid else None,
            paid.purpose if paid else None,
            event.reason,
            original,
            event.name if isinstance(event, BookOpened | BookAmended | ProjectRegistered) else None,
        ),
        [
            (number, seq, line, account.name, cause, econ_, day, fen)
            for seq, (line, account, fen, cause, econ_) in enumerate(postings(event))
        ],
        [(number, r.line, r.source, day, r.fen) for r in receipts(event)],
    )


def add(connection: sqlite3.Connection, views: sqlite3.Connection, book: str, head: Head) -> None:
    """Adds everything up to `head`; another process may have added some in the meantime."""
    views.execute(
        "INSERT OR IGNORE INTO books (book, entries, hash) VALUES (?, 0, ?)", (book, EMPTY.hash)
    )
    book_id, entries, hash_ = views.execute(
        "SELECT id, entries, hash FROM books WHERE book = ?", (book,)
    ).fetchone()
    position = Head(entries, hash_)
    lines: dict[str, int] = dict(
        views.execute("SELECT line, id FROM lines WHERE book_id = ?", (book_id,))
    )
    for page in _pages(verified(connection, book, position, head)):
        _add_page(views, book_id, lines, page)
    views.execute("UPDATE books SET entries = ?, hash = ? WHERE id = ?", (*head, book_id))


def verified(
    connection: sqlite3.Connection, book: str, position: Head, head: Head
) -> Iterator[Entry]:
    """The entries after `position` up to `head`, each proved by the chain. Raises `Corrupt`."""
    number, hash_ = position
    for row in log.rows(connection, book, after=number, upto=head.entries):
        hash_ = link(hash_, book, row.number, row.tag, row.stored)
        if row.number != number + 1 or hash_ != row.hash:
            raise Corrupt(f"{book} 第 {row.number} 笔与哈希链不符", code="CHAIN.HASH")
        try:
            yield decode(row.stored)
        except ValueError as error:
            raise Corrupt(f"{book} 第 {row.number} 笔无法读取：{error}") from error
        number = row.number
    if (number, hash_) != head:
        raise Corrupt(f"{book} 的末端与记录的末端不符", code="CHAIN.HEAD")


def _pages(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    page: list[Entry] = []
    for entry in entries:
        page.append(entry)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _add_page(
    views: sqlite3.Connection, book_id: int, lines: dict[str, int], page: list[Entry]
) -> None:
    def line_id(line: BudgetLine | None) -> int | None:
        if line is None:
            return None
        known = lines.get(line)
        if known is None:
            cursor = views.execute(
                "INSERT INTO lines (book_id, line, fund, func, spending, project, econ, origin) "
                "VALUES (?,?,?,?,?,?,?,?)",
                (
                    book_id,
                    str(line),
                    str(line.fund),
                    line.func,
                    str(line.spending),
                    line.project,
                    line.econ,
                    line.origin,
                ),
            )
            known = lines[line] = int(cursor.lastrowid or 0)
        return known

    entry_rows, posting_rows, income_rows = [], [], []
    monthly: Counter[tuple[Any, ...]] = Counter()
    for entry in page:
        rows = rows_of(entry)
        row = rows.entry
        entry_rows.append((book_id, *row[:6], line_id(row[6]), *row[7:]))
        month = entry.event.occurred_on.month
        for number, seq, line, account, cause, econ, day, fen in rows.postings:
            of_line = line_id(line)
            posting_rows.append((book_id, number, seq, of_line, account, cause, econ, day, fen))
            monthly[book_id, month, of_line, account, cause, econ] += fen
        for number, line, source, day, fen in rows.income:
            income_rows.append((book_id, number, line_id(line), source, day, fen))
        _follow_facts(views, book_id, entry)
    views.executemany("INSERT INTO entries VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", entry_rows)
    views.executemany("INSERT INTO postings VALUES (?,?,?,?,?,?,?,?,?)", posting_rows)
    views.executemany("INSERT INTO income VALUES (?,?,?,?,?,?)", income_rows)
    views.executemany(
        "INSERT INTO monthly VALUES (?,?,?,?,?,?,?) "
        "ON CONFLICT DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen",
        [(*key, fen) for key, fen in monthly.items()],
    )


def _follow_facts(views: sqlite3.Connection, book_id: int, entry: Entry) -> None:
    event = entry.event
    if isinstance(event, ProjectRegistered):
        views.execute(
            "INSERT INTO projects VALUES (?,?,?,?)",
            (book_id, entry.number, event.code, event.name),
        )
    elif isinstance(event, BookOpened | BookAmended):
        views.execute(
            "UPDATE books SET name = ?, unit_kind = ?, edition = ?, basis = ? WHERE id = ?",
            (event.name, event.unit_kind, event.edition, event.basis, book_id),
        )
