"""The part of an audit that compares the view database with the log, row by row.

A pass of its own, so that it can run beside the replay (P21): the views are read in the order of
the entries and must hold exactly what each entry becomes (rows.py), nothing more and nothing less;
the roll-up is added up anew. Nothing is written, but for the mark of distrust when something
differs, and that only into views of ours.
"""

import sqlite3
from collections import Counter
from contextlib import closing, suppress
from itertools import zip_longest
from typing import Any, NamedTuple

import msgspec

from ledger.errors import Corrupt
from ledger.events import Entry, decode
from ledger.line import BudgetLine
from ledger.proofs.head import GENESIS, Head
from ledger.rules.cautions import Remark
from ledger.store.log import NotOurs, Place
from ledger.store.sqlite import files
from projections.audit.tally import Tally
from projections.views import owned, schema
from projections.views.rows import BookRows, Row, Sums, block_of, line_row
from projections.views.schema import (
    DEALINGS,
    DISTRUSTED,
    ENTRIES,
    INCOME,
    MOVES,
    PARTICULARS,
    PROCURED,
    RIGHT_SHAPE,
    VIEWS_FORMAT,
    ViewTable,
    shape,
)


def audit_views(place: Place, book: str, *, file: bool = True) -> Tally:
    """Compares the views of a book with its entries, up to the entry that the views stand at; first
    the `file` as such, unless that was done for all of its books."""
    tally = Tally()
    views = ViewsAudit.opened(place, book, tally, file=file)
    if views is None:
        return tally
    try:
        with place.reading(anyhow=True) as log:
            for row in log.rows(book, upto=views.position.entries):
                views.compare(decode(row.stored), row.hash)
    except (Corrupt, ValueError):
        tally.skip("VIEWS", "账中有读不出的记录，其后的视图未比对")
    else:
        views.finish()
    finally:
        views.close()
    return tally


def check_views_file(place: Place, tally: Tally) -> bool:
    """Whether the views of the file can be compared with its books: they are there, and what they
    are made of is sound."""
    views = _connected(place, tally)
    if views is None:
        return False
    try:
        return _sound(views, tally)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return _unreadable(place, error, tally)
    finally:
        views.close()


def _unreadable(place: Place, error: BaseException, tally: Tally) -> bool:
    """Views that cannot be read are a finding. Raises `Busy` where they only have to be waited for:
    nothing is wrong with them."""
    if files.is_busy(error):
        raise files.explained(error, place.views) from error
    return tally.expect("VIEWS.FILE", False, str(error))


def _connected(place: Place, tally: Tally) -> sqlite3.Connection | None:
    file = place.views
    try:
        if owned.ours(file) is None:
            tally.skip("VIEWS", "没有查询视图；下一次查询时重新生成")
            return None
    except (NotOurs, Corrupt, OSError) as error:
        tally.expect("VIEWS.FILE", False, f"查询视图没有比对：{error}")
        return None
    views = None
    try:
        views = sqlite3.connect(file.absolute(), timeout=files.BUSY_SECONDS, isolation_level=None)
        views.execute("PRAGMA query_only = ON")
        views.execute("BEGIN")  # one moment: queries may add to the views during the audit
    except sqlite3.DatabaseError as error:
        if views is not None:
            views.close()
        tally.expect("VIEWS.FILE", False, f"{file} 无法读取：{error}")
        return None
    return views


def _sound(views: sqlite3.Connection, tally: Tally) -> bool:
    version = views.execute("PRAGMA user_version").fetchone()[0]
    if version not in (VIEWS_FORMAT, DISTRUSTED):
        tally.skip("VIEWS", "查询视图由另一版本的程序生成；下一次查询时重新生成")
        return False
    said = [row[0] for row in views.execute("PRAGMA integrity_check(10)")]
    if not tally.expect("VIEWS.FILE", said == ["ok"], "；".join(map(str, said))[:500]):
        return False
    return tally.expect("VIEWS.FILE", shape(views) == RIGHT_SHAPE, "表、索引或视图不符")


PAGE = 500
"""Entries whose rows are compared at once."""


class ComparedTable(NamedTuple):
    """A table of rows of entries, their order, and how many of what its check is about a row
    tells."""

    check: str
    table: ViewTable
    order: str
    tells: int = 1

    @property
    def of_page(self) -> str:
        """What selects the rows of a book's entries from one number to another."""
        return (
            f"SELECT * FROM {self.table.name} "
            f"WHERE book_id = ? AND entry BETWEEN ? AND ? ORDER BY {self.order}"
        )

    @property
    def as_json(self) -> str:
        """What selects them as one JSON text."""
        columns = ", ".join(self.table.columns)
        row = f"json_array({columns})"
        return f"SELECT CAST(json_group_array({row}) AS BLOB) FROM ({self.of_page})"


COMPARED = (
    ComparedTable("VIEWS.ENTRIES", ENTRIES, "entry"),
    ComparedTable("VIEWS.POSTINGS", MOVES, "entry, seq", tells=2),
    ComparedTable("VIEWS.INCOME", INCOME, "entry"),
    ComparedTable("VIEWS.BESIDE", DEALINGS, "entry, seq"),
    ComparedTable("VIEWS.BESIDE", PARTICULARS, "entry"),
    ComparedTable("VIEWS.BESIDE", PROCURED, "entry, seq"),
)
_JSON = msgspec.json.Encoder()


class ViewsAudit:
    """The view database beside the replay, read in the same order and compared row by row (P22), a
    page at once (P23)."""

    def __init__(self, views: sqlite3.Connection, book: str, tally: Tally) -> None:
        self.views = views
        self.tally = tally
        self.monthly: Sums = Counter()
        self.daily: Sums = Counter()
        self.projects: list[Row] = []
        self.codes: list[Row] = []
        self.facts: tuple[Any, ...] = (None,) * 5
        self.closed: int | None = None
        self.blocks = 0
        self.reached, self.reached_hash = 0, GENESIS
        found = views.execute("SELECT id, entries, hash FROM books WHERE book = ?", (book,))
        self.book_id, entries, hash_ = found.fetchone()
        self.position = Head(entries, hash_)
        ids: dict[str, int] = dict(self._own("SELECT line, id FROM lines"))
        self.rows = BookRows(self.book_id, ids)
        self.expected: dict[str, list[Row]] = {each.table.name: [] for each in COMPARED}
        self.first = -(2**63)
        """The entry from which on nothing was compared yet; rows that claim to lie before entry 1
        are among those of the first page, and differ."""

    def _own(self, select: str, order: str = "1") -> sqlite3.Cursor:
        return self.views.execute(f"{select} WHERE book_id = ? ORDER BY {order}", (self.book_id,))

    @classmethod
    def opened(
        cls, place: Place, book: str, tally: Tally, *, file: bool = True
    ) -> "ViewsAudit | None":
        """The views of the book, if there are any."""
        views = _connected(place, tally)
        if views is None:
            return None
        opened = None
        try:
            if (not file or _sound(views, tally)) and cls._holds(views, book, tally):
                opened = cls(views, book, tally)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            _unreadable(place, error, tally)
        finally:
            if opened is None:
                views.close()
        return opened

    @staticmethod
    def _holds(views: sqlite3.Connection, book: str, tally: Tally) -> bool:
        if views.execute("SELECT 1 FROM books WHERE book = ?", (book,)).fetchone() is None:
            tally.skip("VIEWS", "查询视图中还没有本账套；下一次查询时生成")
            return False
        return True

    def compare(self, entry: Entry, hash_: bytes) -> None:
        """Notes what `entry` becomes, to be compared with what the views hold."""
        number = entry.number
        self.reached, self.reached_hash = number, hash_
        try:
            rows = self.rows.add(entry)
        except (LookupError, ValueError) as error:
            self.tally.expect("VIEWS.FILE", False, f"视图缺少预算线：{error!r}", number)
            return
        expected = self.expected
        expected["entries"].append(rows.entry)
        expected["moves"] += rows.moves
        expected["income"] += rows.income
        expected["dealings"] += rows.dealings
        expected["particulars"] += rows.particulars
        expected["procured"] += rows.procured
        if number % PAGE == 0:
            self._compare_page(number)
        if number % schema.BLOCK == 0:
            self._compare_block(block_of(number))
        told = rows.of_book
        if told is None:
            return
        if told.project is not None:
            self.projects.append(told.project)
        self.codes += sorted(told.codes)
        if told.facts is not None:
            self.facts = told.facts
        if told.closed is not None:
            self.closed = told.closed or None

    def _compare_page(self, last: int) -> None:
        """Compares the rows of a page of entries, up to `last`: at once, as JSON, and one by one
        where that differs."""
        bounds = (self.book_id, self.first, last)
        for compared in COMPARED:
            rows = self.expected[compared.table.name]
            self.tally.count(compared.check, len(rows) * compared.tells)
            if self._as_json(compared, bounds) != _JSON.encode(rows):
                self._compare_rows(compared, rows, bounds)
            rows.clear()
        self.first = last + 1

    def _as_json(self, compared: ComparedTable, bounds: tuple[int, ...]) -> bytes | None:
        """The rows as SQLite says them, where it can. Equal text means equal rows: it tells 1 from
        1.0 and from "1"."""
        try:
            row = self.views.execute(compared.as_json, bounds).fetchone()
        except sqlite3.Error:  # a SQLite without JSON, or a row that JSON cannot say
            return None
        found: bytes = row[0]
        return found

    def _compare_rows(
        self, compared: ComparedTable, rows: list[Row], bounds: tuple[int, ...]
    ) -> None:
        try:
            there = self.views.execute(compared.of_page, bounds).fetchall()
        except (sqlite3.Error, ValueError) as error:
            self.tally.expect("VIEWS.FILE", False, f"视图无法读取：{error!r}")
            there = []
        for row, found in zip_longest(rows, there):
            if row != found:
                entry = row[1] if row else None
                self.tally.fail(compared.check, f"视图为 {found}，应为 {row}", entry)

    def _compare_block(self, block: int) -> None:
        """Compares what a block adds up to, and begins the next."""
        right = self.rows.added_up()
        found = self.views.execute(
            "SELECT * FROM blocks WHERE book_id = ? AND block = ?", (self.book_id, block)
        )
        there = {(book_id, *key): fen for book_id, _, *key, fen in found}
        self._compare_sums(f"第 {block} 块", there, right)
        self.blocks += len(there)
        self.monthly.update(right)
        self.daily.update(self.rows.by_day())

    def _compare_sums(self, where: str, there: dict[Row, Any], right: Sums) -> None:
        self.tally.count("VIEWS.MONTHLY", len(right))
        if there == right:
            return
        for key in there.keys() | right.keys():
            if there.get(key) != right.get(key):
                self.tally.fail(
                    "VIEWS.MONTHLY",
                    f"{where} {key[1:]}：应为 {right.get(key)}，视图为 {there.get(key)}",
                )

    def finish(self) -> None:
        """What must be left over nowhere, and the roll-up as a whole."""
        try:
            self._finish()
        except (sqlite3.Error, LookupError, ValueError) as error:
            self.tally.expect("VIEWS.FILE", False, str(error))

    def close(self) -> None:
        """Ends the reading of the views."""
        self.views.close()

    def _finish(self) -> None:
        tally = self.tally
        reached = Head(self.reached, self.reached_hash)
        tally.expect("VIEWS.FILE", reached == self.position, "视图所依据的末端与账不符")
        self._compare_page(self.reached)
        for compared in COMPARED:
            beyond = f"SELECT 1 FROM {compared.table.name} WHERE book_id = ? AND entry > ? LIMIT 1"
            more = self.views.execute(beyond, (self.book_id, self.reached)).fetchone()
            tally.expect(compared.check, more is None, "视图中有账里没有的行")
        if self.reached % schema.BLOCK:
            self._compare_block(block_of(self.reached))
        there = {row[:-1]: row[-1] for row in self._own("SELECT * FROM monthly")}
        self._compare_sums("各月", there, self.monthly)
        there = {row[:-1]: row[-1] for row in self._own("SELECT * FROM daily")}
        self._compare_sums("各日", there, self.daily)
        (rows,) = self._own("SELECT COUNT(*) FROM blocks")
        tally.expect("VIEWS.MONTHLY", rows == (self.blocks,), "视图中有账里没有的块")
        for row in self._own("SELECT line, fund, func, spending, project, econ, origin FROM lines"):
            tally.expect(
                "VIEWS.LINES", row == line_row(BudgetLine.parse(row[0])), f"{row[0]} 的各部分不符"
            )
        projects = list(self._own("SELECT * FROM projects", "entry"))
        tally.expect("VIEWS.LINES", projects == self.projects, "项目名称不符")
        codes = list(self._own("SELECT * FROM codes", "entry, code"))
        tally.expect("VIEWS.LINES", codes == self.codes, "采用的科目表不符")
        facts = self.views.execute(
            "SELECT name, unit_kind, edition, edition_sha256, basis, fund_basis, closed FROM books "
            "WHERE id = ?",
            (self.book_id,),
        ).fetchone()
        tally.expect("VIEWS.LINES", facts == (*self.facts, self.closed), "账套信息不符")


def distrust(place: Place, book: str | None) -> bool:
    """From now on queries of a book refuse, or of every book of the file, until `rebuild` makes the
    views anew. Whether they do: on a medium that cannot be written nothing can be marked."""
    try:
        if owned.ours(place.views) is None:
            return True
    except (NotOurs, Corrupt, OSError):  # which queries refuse as it is
        return True
    with closing(
        sqlite3.connect(place.views.absolute(), timeout=files.BUSY_SECONDS, isolation_level=None)
    ) as views:
        if book is not None:
            with suppress(sqlite3.DatabaseError, UnicodeDecodeError):
                marked = views.execute(_DISTRUST, ("audit", book))
                if marked.rowcount:
                    return True
        try:
            views.execute(f"PRAGMA user_version = {DISTRUSTED}")
        except sqlite3.DatabaseError as error:
            return error.sqlite_errorname == "SQLITE_NOTADB"  # so that nobody can read it
    return True


_DISTRUST = "UPDATE books SET distrusted = ? WHERE book = ?"


def unmarked(place: Place) -> Remark:
    """What follows where views that were found wrong could not be marked."""
    return Remark(
        "VIEWS.UNMARKED",
        f"{place.views} 不能写入，没有标记为不可信：查询会照旧给出与账不符的数字，"
        "直到 yusuan rebuild；请以账文件和本次审计为准",
    )
