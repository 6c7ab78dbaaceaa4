"""One book at one moment: what every query starts from.

A cut says which entries count: all (the default), those dated up to `as_of` (业务日期, inclusive),
those recorded up to `known_at`, or both.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.book import BookId
from ledger.errors import Corrupt, Damage, Malformed
from ledger.line import BudgetLine, LinePattern
from ledger.postings import Account, Inflow
from ledger.proofs.head import EMPTY, Head
from ledger.refusals import Refusal, Refused, Way, not_opened
from ledger.store.log import (
    Log,
    NoLog,
    Place,
    StoredRow,
    Unwritable,
    Waiting,
    hash_at,
    row_of,
    silently,
)
from ledger.store.sqlite.files import translated
from projections.answers import BookHeader
from projections.views import schema
from projections.views.feed import catch_up, missing
from projections.views.schema import MONTH, memory_views, open_views

if TYPE_CHECKING:
    from ledger.codes import Lists
    from ledger.kinds import CodeSet
    from projections.views.names import BookNames


class Cut(NamedTuple):
    """Which entries count. `upto` is a book as it was after that entry, of which alone an answer
    tells; 0 before there was any."""

    as_of: date | None = None
    known_at: datetime | None = None
    upto: int | None = None

    @property
    def until(self) -> date:
        """The last business date that counts."""
        return self.as_of or date.max

    def printed(self) -> tuple[date | None, str | None]:
        """The two moments as an answer carries them (contract §1)."""
        return self.as_of, self.known_at.isoformat() if self.known_at else None


ALL = Cut()
ALL_ACCOUNTS = tuple(account.name for account in Account)
_COLUMNS = "line_id, account, cause, econ, amount_fen"


def _of_moves(where: str) -> str:
    """The moves that a condition names, added up once and told as both their sides, as SQL."""
    moved = (
        f"SELECT {MONTH} AS month, line_id, source, target, cause, econ, "
        f"SUM(amount_fen) AS amount_fen FROM moves WHERE {where} GROUP BY 1, 2, 3, 4, 5, 6"
    )
    columns = "month, line_id, {}, cause, econ, {}amount_fen"
    return (
        f"SELECT * FROM (WITH moved AS MATERIALIZED ({moved}) "
        f"SELECT {columns.format('source', '-')} FROM moved "
        f"UNION ALL SELECT {columns.format('target', '')} FROM moved)"
    )


class Sum(NamedTuple):
    """The moves of one line's account by cause and econ, added up."""

    line: BudgetLine
    account: str
    cause: str
    econ: str
    fen: int


class MonthSum(NamedTuple):
    """The moves of one line's account in one month by cause, added up."""

    line: BudgetLine
    month: int
    account: str
    cause: str
    fen: int


def _named(accounts: Sequence[str]) -> str:
    """Accounts as SQL names them."""
    names = ", ".join(f"'{account}'" for account in accounts)
    return f"({names})"


_LISTED = (
    "SELECT kind, occurred_on, recorded_at, doc, payee, purpose FROM entries "
    "WHERE book_id = ? AND entry = ?"
)


class ListedEntry(NamedTuple):
    """What a list says of an entry."""

    kind: str
    occurred_on: str
    recorded_at: str
    doc: str
    payee: str | None
    purpose: str | None


class Reading(NamedTuple):
    """A book whose views stand at its head."""

    views: sqlite3.Connection
    log: Log
    book: BookId
    book_id: int
    head: Head
    cut: Cut
    name: str
    unit_kind: str
    basis: str
    fund_basis: dict[str, str]
    """The income basis of each fund that has its own."""
    edition: str
    edition_sha256: str
    upto: int
    """The last entry that counts: `known_at` in entries."""
    closed: int | None
    """The entry that closed the year, whatever the day and the moment; None while it is open."""
    stands: Head
    """The head that answers are told of: that of the book, or what it was after an earlier entry.
    """

    @property
    def year(self) -> int:
        """The fiscal year."""
        return self.book.year

    def basis_of(self, fund: str) -> str:
        """The income basis of a fund: its own, else the book's (P5)."""
        return self.fund_basis.get(fund, self.basis)

    def members(self) -> "tuple[Reading, ...]":
        """A book alone is its own only member; a department has many."""
        return (self,)

    def missing(self) -> tuple[str, ...]:
        """A book is there."""
        return ()

    def header(self) -> BookHeader:
        """What every answer about a book carries (contract §1)."""
        return BookHeader(str(self.book), *self.cut.printed(), self.stands.printed())

    def sums(self, accounts: Sequence[str] = ALL_ACCOUNTS) -> list[Sum]:
        """Every line's accounts, or some of them, by cause and econ at the cut. They come from the
        roll-ups, so that the cost does not grow with the book."""
        where, parameters = self._counted()
        rows = self.views.execute(
            "SELECT l.line, s.account, s.cause, s.econ, SUM(s.amount_fen) "
            f"FROM ({where}) s JOIN lines l ON l.id = s.line_id "
            f"WHERE s.account IN {_named(accounts)} "
            "GROUP BY s.line_id, s.account, s.cause, s.econ ORDER BY l.line",
            parameters,
        )
        return [Sum(BudgetLine.parse(line), *rest) for line, *rest in rows]

    def sums_of_funds(self, accounts: Sequence[str]) -> list[tuple[str, int, str, str, int]]:
        """The same of all lines of a fund and origin together: (fund, origin, account, cause,
        fen)."""
        where, parameters = self._counted()
        return self.views.execute(
            "SELECT l.fund, l.origin, s.account, s.cause, SUM(s.amount_fen) "
            f"FROM ({where}) s JOIN lines l ON l.id = s.line_id "
            f"WHERE s.account IN {_named(accounts)} "
            "GROUP BY l.fund, l.origin, s.account, s.cause",
            parameters,
        ).fetchall()

    def by_month(self) -> list[MonthSum]:
        """Every line's accounts by month and cause at the cut, at the same cost."""
        where, parameters = self._counted()
        rows = self.views.execute(
            "SELECT l.line, s.month, s.account, s.cause, SUM(s.amount_fen) "
            f"FROM ({where}) s JOIN lines l ON l.id = s.line_id "
            "GROUP BY s.line_id, s.month, s.account, s.cause ORDER BY l.line",
            parameters,
        )
        return [MonthSum(BudgetLine.parse(line), *rest) for line, *rest in rows]

    def last_day(self) -> date | None:
        """The last business date on which money moved or came in; None if none ever did."""
        if self.upto == self.head.entries:
            # From the end of each line's index.
            moved = (
                "SELECT (SELECT MAX(occurred_on) FROM moves "
                "WHERE book_id = l.book_id AND line_id = l.id) FROM lines l WHERE l.book_id = ?"
            )
            parameters: list[Any] = [self.book_id]
        else:
            moved = "SELECT MAX(occurred_on) FROM moves WHERE book_id = ? AND entry <= ?"
            parameters = [self.book_id, self.upto]
        received = "SELECT MAX(occurred_on) FROM income WHERE book_id = ? AND entry <= ?"
        rows = self.views.execute(
            f"{moved} UNION ALL {received}", [*parameters, self.book_id, self.upto]
        )
        last = max((day for (day,) in rows if day is not None), default=None)
        return None if last is None else date.fromisoformat(last)

    def _counted(self) -> tuple[str, list[Any]]:
        """The rows that count, as SQL: everything from the months; what was known at an earlier
        moment from the blocks that were full then, and the moves after them."""
        if self.upto == self.head.entries:
            return self._dated("monthly WHERE book_id = ?", [self.book_id], self.upto)
        full = self.upto // schema.BLOCK
        rolled_up = "blocks WHERE book_id = ? AND block < ?"
        where, parameters = self._dated(rolled_up, [self.book_id, full], full * schema.BLOCK)
        rest = _of_moves("book_id = ? AND entry > ? AND entry <= ? AND occurred_on <= ?")
        as_of = self.cut.until.isoformat()
        parameters += [self.book_id, full * schema.BLOCK, self.upto, as_of]
        return f"{where} UNION ALL {rest}", parameters

    def _dated(self, rolled_up: str, parameters: list[Any], upto: int) -> tuple[str, list[Any]]:
        """What is rolled up of the entries up to `upto`, as far as `as_of`: whole months as they
        are, the days of the last from the moves."""
        select = f"SELECT month, {_COLUMNS} FROM {rolled_up}"
        as_of = self.cut.as_of
        if as_of is None or as_of.year > self.book.year:
            return select, parameters
        if as_of.year < self.book.year:
            return f"{select} AND 0", parameters
        whole = f"{select} AND month < ?"
        if (as_of + timedelta(days=1)).month != as_of.month:
            return whole, [*parameters, as_of.month + 1]
        rest = _of_moves(
            "book_id = ? AND line_id IN (SELECT id FROM lines WHERE book_id = ?) "
            "AND occurred_on BETWEEN ? AND ? "
            "AND +entry <= ?"  # the +: found by its day, never by its entry
        )
        return f"{whole} UNION ALL {rest}", [
            *parameters,
            as_of.month,
            self.book_id,
            self.book_id,
            as_of.replace(day=1).isoformat(),
            as_of.isoformat(),
            upto,
        ]

    def inflows(self) -> list[Inflow]:
        """What came in or went beside the accounts at the cut, by line, source and pool."""
        as_of = self.cut.until.isoformat()
        rows = self.views.execute(
            "SELECT l.line, i.source, SUM(i.amount_fen), i.pool FROM income i "
            "LEFT JOIN lines l ON l.id = i.line_id "
            "WHERE i.book_id = ? AND i.entry <= ? AND i.occurred_on <= ? "
            "GROUP BY i.line_id, i.source, i.pool ORDER BY l.line",
            (self.book_id, self.upto, as_of),
        )
        return [
            Inflow(None if line is None else BudgetLine.parse(line), *rest) for line, *rest in rows
        ]

    def listed(self, number: int) -> ListedEntry:
        """What a list says of an entry that is there. Raises `LookupError`."""
        row = self.views.execute(_LISTED, (self.book_id, number)).fetchone()
        if row is None:
            raise LookupError(number)
        return ListedEntry(*row)

    def day_of(self, number: int) -> str:
        """The day of an entry; before all others where there is none."""
        try:
            return self.listed(number).occurred_on
        except LookupError:
            return ""

    def stored(self, number: int) -> StoredRow | None:
        """The row of an entry as it lies in the log, proved by the chain; None where there is none.
        Raises `Corrupt`."""
        from ledger.proofs.chain import link  # most questions prove no entry

        row = row_of(self.log, str(self.book), number)
        if row is None:
            return None
        previous = hash_at(self.log, str(self.book), number - 1) or b""
        if link(previous, str(self.book), number, row.tag, row.stored) != row.hash:
            raise Corrupt(Damage.CHAIN_HASH, f"{self.book} 第 {number} 笔与哈希链不符")
        return row

    def adopted(self) -> "dict[CodeSet, int]":
        """The entry that adopted the list of codes which counts at the cut, by its set."""
        rows = self.views.execute(
            "SELECT code_set, MAX(entry) FROM codes WHERE book_id = ? AND entry <= ? "
            "GROUP BY code_set",
            (self.book_id, self.upto),
        )
        return dict(rows)

    def code_names(self) -> "Lists":
        """The lists of codes that the book has adopted."""
        return {
            code_set: dict(
                self.views.execute(
                    "SELECT code, name FROM codes WHERE book_id = ? AND entry = ?",
                    (self.book_id, entry),
                )
            )
            for code_set, entry in self.adopted().items()
        }

    def names(self) -> "BookNames":
        """What codes and projects are called at the cut."""
        from projections.views.names import BookNames  # most questions say no name of a code

        own = self.code_names()
        return BookNames(self.year, [(str(self.book), own)] if own else [], self.project_names())

    def project_names(self) -> dict[str, str]:
        """The name of each project at the cut; renaming counts from its entry on."""
        rows = self.views.execute(
            "SELECT code, name FROM projects WHERE book_id = ? AND entry <= ? ORDER BY entry",
            (self.book_id, self.upto),
        )
        return dict(rows)


def matching_line_ids(reading: Reading, wanted: LinePattern) -> list[int]:
    """The ids of the book's lines that match a pattern."""
    rows = reading.views.execute("SELECT id, line FROM lines WHERE book_id = ?", (reading.book_id,))
    return [line_id for line_id, line in rows if wanted.matches(BudgetLine.parse(line))]


@contextmanager
def reading(
    place: Place, book: BookId, cut: Cut = ALL, waiting: Waiting = silently
) -> Iterator[Reading]:
    """The book, caught up and consistent, or `Refused` BOOK.NOT_OPENED, or `Corrupt`."""
    with readings(place, [book], cut, waiting) as opened:
        yield opened[0]


@contextmanager
def readings(
    place: Place, books: Sequence[BookId], cut: Cut = ALL, waiting: Waiting = silently
) -> Iterator[list[Reading]]:
    """Several books of a file at one moment; refused if one of them was not opened."""
    with readings_at(place, [(book, cut) for book in books], waiting) as opened:
        yield opened


@contextmanager
def readings_at(
    place: Place, wanted: Sequence[tuple[BookId, Cut]], waiting: Waiting = silently
) -> Iterator[list[Reading]]:
    """The same, each at a cut of its own."""
    try:
        with place.reading(waiting) as log:
            views = _at_head(place, log, [book for book, _ in wanted], waiting)
            try:
                with _damage_told(place, log):
                    yield [_reading(views, log, book, cut) for book, cut in wanted]
            finally:
                views.close()
    except NoLog:
        raise missing(place, str(wanted[0][0])) from None


@contextmanager
def _damage_told(place: Place, log: Log) -> Iterator[None]:
    """A question reads the log and its views by turns. Where one of them cannot be read, the log is
    asked whether it is sound: of the views `rebuild` makes new ones, of the log it does not."""
    try:
        with translated(place.views, Damage.VIEWS_DAMAGED):
            yield
    except Corrupt as error:
        if error.damage is Damage.VIEWS_DAMAGED:
            with translated(Path(str(place))):
                unsound = [each.message for each in log.examine() if each.sound is False]
            if unsound:
                message = f"{place} 已损坏（{unsound[0]}）"
                raise Corrupt(Damage.FILE_DAMAGED, message) from error
        raise
    except (LookupError, TypeError, OverflowError, ValueError) as error:
        if isinstance(error, Malformed):
            raise
        # What this program has written there it can read.
        message = f"{place.views} 的内容读不懂（{error!r}）"
        raise Corrupt(Damage.VIEWS_DAMAGED, message) from error


def _reading(views: sqlite3.Connection, log: Log, book: BookId, cut: Cut) -> Reading:
    row = views.execute(
        "SELECT id, name, unit_kind, basis, fund_basis, edition, edition_sha256, closed, entries, "
        "hash FROM books WHERE book = ?",
        (str(book),),
    ).fetchone()
    if row is None:
        raise not_opened(str(book))
    book_id, name, unit_kind, basis, of_funds, edition, edition_sha256, closed, *reached = row
    fund_basis = dict(pair.split("=") for pair in of_funds.split(",") if pair)
    head = Head(*reached)
    upto = _upto(views, book_id, head, cut.known_at)
    whole = Reading(
        views=views,
        log=log,
        book=book,
        book_id=book_id,
        head=head,
        cut=cut,
        name=name,
        unit_kind=unit_kind,
        basis=basis,
        fund_basis=fund_basis,
        edition=edition,
        edition_sha256=edition_sha256,
        upto=upto,
        closed=closed,
        stands=head,
    )
    opened = whole if cut.upto is None else as_it_was(whole, cut.upto)
    return opened if cut.known_at is None and cut.upto is None else _as_known(opened)


def as_it_was(reading: Reading, upto: int) -> Reading:
    """The book after an earlier entry. Raises `Refused` where it has not so many."""
    hash_ = hash_at(reading.log, str(reading.book), upto) if upto else EMPTY.hash
    if hash_ is None or upto > reading.head.entries:
        raise Refused(Refusal.ENTRY_MISSING, ref=str(upto), ways_out=[Way("log")])
    closed = reading.closed
    if closed is None or closed > upto:
        closed = _closed_by(reading, upto)
    return reading._replace(upto=min(reading.upto, upto), closed=closed, stands=Head(upto, hash_))


def _closed_by(reading: Reading, upto: int) -> int | None:
    """The entry by which the year was closed then; few entries are approvals."""
    from ledger.events import RequestApproved, YearClosed, YearReopened, decode

    approvals = reading.views.execute(
        "SELECT entry FROM entries WHERE book_id = ? AND entry <= ? AND kind = 'approve' "
        "ORDER BY entry DESC",
        (reading.book_id, upto),
    )
    for (number,) in approvals:
        row = reading.stored(number)
        event = None if row is None else decode(row.stored).event
        if isinstance(event, RequestApproved):
            if isinstance(event.approved, YearClosed):
                return int(number)
            if isinstance(event.approved, YearReopened):
                return None
    return None


def _as_known(reading: Reading) -> Reading:
    """The book with the name, form and bases that it had said of itself by then (P31)."""
    from ledger.events import BookAmended, BookOpened, decode  # few questions have a known_at

    (number,) = reading.views.execute(
        "SELECT MAX(entry) FROM entries WHERE book_id = ? AND entry <= ? "
        "AND kind IN ('open-book', 'amend-book')",
        (reading.book_id, max(reading.upto, 1)),
    ).fetchone()
    row = None if number is None else reading.stored(number)
    said = None if row is None else decode(row.stored).event
    if not isinstance(said, BookOpened | BookAmended):
        raise Corrupt(Damage.VIEWS_ENTRIES, f"{reading.book} 第 {number} 笔在账中没有说明账套")
    return reading._replace(
        name=said.name,
        unit_kind=said.unit_kind,
        edition=said.edition,
        edition_sha256=said.edition_sha256,
        basis=said.basis,
        fund_basis={each.fund: each.basis for each in said.fund_basis},
    )


def _at_head(
    place: Place,
    log: Log,
    books: Sequence[BookId],
    waiting: Waiting,
) -> sqlite3.Connection:
    """The views, caught up. Where they cannot be written they are made for this query alone, so
    that an auditor can read evidence from a medium that must not change."""
    try:
        views = open_views(place.views, waiting)
        try:
            with _damage_told(place, log):
                while True:
                    heads = {book: catch_up(log, views, str(book)) for book in books}
                    # One moment for the whole answer: other processes add to the views meanwhile.
                    views.execute("BEGIN")
                    if all(head is None or _known(views, book) for book, head in heads.items()):
                        return views
                    views.execute("ROLLBACK")  # a rebuild came between
        except BaseException:
            views.close()
            raise
    except Unwritable:
        views = memory_views()
        for book in books:
            catch_up(log, views, str(book))
        return views


def _known(views: sqlite3.Connection, book: BookId) -> bool:
    row = views.execute("SELECT 1 FROM books WHERE book = ?", (str(book),)).fetchone()
    return row is not None


def _upto(views: sqlite3.Connection, book_id: int, head: Head, known_at: datetime | None) -> int:
    if known_at is None:
        return head.entries
    # recorded_at never runs backwards, so the last entry known then is found by halving.
    low, high = 0, head.entries
    moment = known_at.astimezone(UTC)
    while low < high:
        middle = (low + high + 1) // 2
        (recorded_at,) = views.execute(
            "SELECT recorded_at FROM entries WHERE book_id = ? AND entry = ?", (book_id, middle)
        ).fetchone()
        if datetime.fromisoformat(recorded_at) <= moment:
            low = middle
        else:
            high = middle - 1
    return low
