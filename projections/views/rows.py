"""What each entry becomes in the views, and the pages in which they are added."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from ledger.events import (
    ApprovalRequested,
    BookAmended,
    BookOpened,
    CarryoverTransferred,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    EntryReversed,
    Meant,
    MonthLocked,
    NonFiscalSurplusUsed,
    ProjectRegistered,
    RequestApproved,
    SurplusDistributed,
    SurplusLoaded,
    VoucherPaid,
    YearClosed,
    YearReopened,
    kind_of,
)
from ledger.kinds import DISTRIBUTION_NAMES, POOL_NAMES
from ledger.line import BudgetLine
from ledger.postings import (
    Account,
    adjustment_of,
    amount_of,
    earlier,
    inflows,
    lines_of,
    postings,
)
from ledger.proofs.head import EMPTY, Head
from ledger.store.fold import proved
from ledger.store.log import Log
from projections.views import schema as database

PAGE = 5_000
_ACCOUNTS = tuple(account.name for account in Account)


class Rows(NamedTuple):
    """What one entry becomes in the views: exactly the rows that are inserted and audited."""

    entry: tuple[Any, ...]
    postings: list[tuple[Any, ...]]
    income: list[tuple[Any, ...]]


@lru_cache(maxsize=1 << 10)  # a year has few days, and an import one moment
def _iso(moment: date) -> str:
    return moment.isoformat()


def rows_of(entry: Entry, book_id: int, ids: Mapping[str, int]) -> Rows:
    """The rows of an entry; `ids` gives each line its id."""
    event = entry.event
    number, day = entry.number, _iso(event.occurred_on)
    lines, details = lines_of(event), details_of(event)
    return Rows(
        (
            book_id,
            number,
            kind_of(event),
            day,
            _iso(entry.recorded_at),
            entry.actor,
            entry.key,
            ids[lines[0]] if lines else None,
            details.econ,
            amount_of(event),
            event.doc,
            details.payee,
            details.purpose,
            event.reason,
            earlier(event),
            details.name,
            adjustment_of(event),
            details.pay_type,
            details.procurement,
            details.direct_funds,
        ),
        [
            (book_id, number, seq, ids[line], _ACCOUNTS[account], cause, econ_, day, fen)
            for seq, (line, account, fen, cause, econ_) in enumerate(postings(event))
        ],
        [
            (book_id, number, None if line is None else ids[line], source, day, fen)
            for line, source, fen in inflows(event)
        ],
    )


class Details(NamedTuple):
    """What an event says beside its amount and lines; None where it says nothing of the kind
    (P3)."""

    econ: str | None = None
    payee: str | None = None
    purpose: str | None = None
    name: str | None = None
    pay_type: str | None = None
    procurement: int | None = None
    direct_funds: int | None = None


def details_of(event: Meant) -> Details:
    """A reversal, an approval and a request say what is in them."""
    match event:
        case DisbursementRecorded():
            how_paid = (event.pay_type, int(event.procurement), int(event.direct_funds))
            return Details(event.econ, event.payee, event.purpose, None, *how_paid)
        case VoucherPaid():
            how_paid = (event.pay_type, int(event.procurement), int(event.direct_funds))
            return Details(None, event.payee, event.purpose, None, *how_paid)
        case DisbursementRefunded(econ=econ):
            return Details(econ)
        case CommitmentReserved(payee=payee, purpose=purpose):
            return Details(None, payee, purpose)
        case BookOpened(name=name) | BookAmended(name=name) | ProjectRegistered(name=name):
            return Details(name=name)
        case CarryoverTransferred(counterpart=name):
            return Details(name=name)
        case SurplusLoaded(pool=pool) | NonFiscalSurplusUsed(pool=pool):
            return Details(name=POOL_NAMES[pool])
        case SurplusDistributed(distribution=where):
            return Details(name=DISTRIBUTION_NAMES[where])
        case MonthLocked(month=month):
            return Details(name=f"{month} 月")
        case EntryReversed(reversed=inner) | RequestApproved(approved=inner):
            return details_of(inner)
        case ApprovalRequested(proposed=inner):
            return details_of(inner)
        case _:
            return _NOTHING


_NOTHING = Details()


class LineIds(dict[str, int]):
    """The ids of a book's lines; a line that is new gets a row."""

    def __init__(self, views: sqlite3.Connection, book_id: int) -> None:
        super().__init__(views.execute("SELECT line, id FROM lines WHERE book_id = ?", (book_id,)))
        self._views = views
        self._book_id = book_id

    def __missing__(self, text: str) -> int:
        line = BudgetLine.parse(text)
        cursor = self._views.execute(
            "INSERT INTO lines (book_id, line, fund, func, spending, project, econ, origin) "
            "VALUES (?,?,?,?,?,?,?,?)",
            (self._book_id, *line_row(line)),
        )
        self[text] = int(cursor.lastrowid or 0)
        return self[text]


def line_row(line: BudgetLine) -> tuple[Any, ...]:
    """The columns of a line: its text and its parts."""
    parts = (str(line.fund), line.func, str(line.spending), line.project, line.econ, line.origin)
    return (str(line), *parts)


def rolled_up(entry: Entry, rows: Rows) -> Iterator[tuple[tuple[Any, ...], int]]:
    """The cells of the roll-ups that an entry adds to, and what it adds, fen; without the block."""
    month = entry.event.occurred_on.month
    for book_id, _, _, line_id, account, cause, econ, _, fen in rows.postings:
        yield (book_id, month, line_id, account, cause, econ), fen


def block_of(number: int) -> int:
    """The block that an entry is in."""
    return (number - 1) // database.BLOCK


def add(log: Log, views: sqlite3.Connection, book: str) -> Head:
    """Adds everything up to the head of the log, which it returns. The views are locked: what
    another process has added in the meantime is there now, and is not added twice."""
    views.execute(
        "INSERT OR IGNORE INTO books (book, entries, hash) VALUES (?, 0, ?)", (book, EMPTY.hash)
    )
    book_id, entries, hash_ = views.execute(
        "SELECT id, entries, hash FROM books WHERE book = ?", (book,)
    ).fetchone()
    head = log.head(book) or EMPTY
    ids = LineIds(views, book_id)
    new = proved(log, book, Head(entries, hash_), head)
    for page in _pages(entry for _, entry in new):
        _add_page(views, book_id, ids, page)
    views.execute("UPDATE books SET entries = ?, hash = ? WHERE id = ?", (*head, book_id))
    return head


def _pages(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    page: list[Entry] = []
    for entry in entries:
        page.append(entry)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _add_page(views: sqlite3.Connection, book_id: int, ids: LineIds, page: list[Entry]) -> None:
    entry_rows, posting_rows, income_rows = [], [], []
    blocks: dict[int, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    for entry in page:
        rows = rows_of(entry, book_id, ids)
        entry_rows.append(rows.entry)
        posting_rows += rows.postings
        income_rows += rows.income
        block = blocks[block_of(entry.number)]
        for key, fen in rolled_up(entry, rows):
            block[key] += fen
        _follow_facts(views, book_id, entry)
    views.executemany(f"INSERT INTO entries VALUES ({_marks(20)})", entry_rows)
    views.executemany(f"INSERT INTO postings VALUES ({_marks(9)})", posting_rows)
    views.executemany(f"INSERT INTO income VALUES ({_marks(6)})", income_rows)
    for number, block in blocks.items():
        views.executemany(
            f"INSERT INTO monthly VALUES ({_marks(7)}) {_ADDED}",
            [(*key, fen) for key, fen in block.items()],
        )
        views.executemany(
            f"INSERT INTO blocks VALUES ({_marks(8)}) {_ADDED}",
            [(book, number, *key, fen) for (book, *key), fen in block.items()],
        )


_ADDED = "ON CONFLICT DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen"


def _marks(columns: int) -> str:
    return ",".join("?" * columns)


def book_facts(event: BookOpened | BookAmended) -> tuple[str, ...]:
    """What a book says of itself: name, unit_kind, edition, basis, and the basis of each fund that
    has its own (`govfund=payment,statecapital=recorded`)."""
    fund_bases = ",".join(f"{each.fund}={each.basis}" for each in event.fund_basis)
    return (event.name, event.unit_kind, event.edition, event.basis, fund_bases)


def _follow_facts(views: sqlite3.Connection, book_id: int, entry: Entry) -> None:
    event = entry.event
    if isinstance(event, ProjectRegistered):
        views.execute(
            "INSERT INTO projects VALUES (?,?,?,?)",
            (book_id, entry.number, event.code, event.name),
        )
    elif isinstance(event, BookOpened | BookAmended):
        views.execute(
            "UPDATE books SET name = ?, unit_kind = ?, edition = ?, basis = ?, fund_basis = ? "
            "WHERE id = ?",
            (*book_facts(event), book_id),
        )
    elif (closed := closed_by(entry)) is not None:
        views.execute("UPDATE books SET closed = ? WHERE id = ?", (closed or None, book_id))


def closed_by(entry: Entry) -> int | None:
    """The entry that closed the year, if this one did; 0 if it reopened it; None if neither."""
    approved = entry.event.approved if isinstance(entry.event, RequestApproved) else None
    if isinstance(approved, YearClosed):
        return entry.number
    return 0 if isinstance(approved, YearReopened) else None
