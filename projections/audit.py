"""Replay of a book from its stored bytes, believing nothing else (contract §5).

One pass in constant memory: every row is numbered, canonical, chained; its decision is taken again
on the state before it and must give the same event; the accounts must balance after it; and the
views must hold exactly what it becomes. Then the head, the settlements, the roll-up and, if given,
the seal. What an audit cannot see stands in the README: a book whose entries were all rewritten
with their hashes needs a seal kept outside.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ledger import log
from ledger.chain import EMPTY, Head, Seal, link
from ledger.decisions import reconsider
from ledger.decisions.correction import Original
from ledger.errors import Corrupt, Malformed
from ledger.events import (
    AnyEvent,
    DisbursementRefunded,
    Entry,
    EntryReversed,
    decode,
    encode,
    kind_of,
)
from ledger.line import BookId, BudgetLine
from ledger.postings import settlements
from ledger.refusals import Refused, not_opened
from ledger.state import evolve, initial
from projections.database import VIEWS_FORMAT, VIEWS_ID, views_path
from projections.feed import opened_log
from projections.rows import rows_of

FINDINGS_MAX = 100
CHECKS = {
    "FILE.INTEGRITY": "账文件的页、索引和约束完好",
    "FILE.SCHEMA": "数据表、索引和防改触发器与程序一致",
    "ENTRY.NUMBER": "编号从 1 连续，无缺号、重号",
    "ENTRY.BYTES": "每笔存储字节可读且为规范形式",
    "ENTRY.KEY": "幂等编号与内容一致",
    "CHAIN.HASH": "哈希链逐笔相符",
    "CHAIN.HEAD": "末端与记录的末端相符",
    "RULES": "每笔按当时状态重新裁定，结果相同",
    "ACCOUNT.IDENTITY": "批准来源＝待下达＋可执行＋在途＋已支付＋收回＋转出，且均不为负",
    "SETTLEMENTS": "退款和冲销累计与原笔相符",
    "SEAL": "账的开头与封签相符",
    "VIEWS.FILE": "查询视图文件完好",
    "VIEWS.ENTRIES": "视图中每笔记录与重算相符",
    "VIEWS.POSTINGS": "视图中每条分录与重算相符",
    "VIEWS.INCOME": "视图中收入与重算相符",
    "VIEWS.MONTHLY": "视图中各月汇总与重算相符",
    "VIEWS.LINES": "视图中预算线、项目和账套信息与重算相符",
}


class Tally:
    """What was tried and what failed; the first findings of each kind in full."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.findings: list[dict[str, Any]] = []
        self.not_run: list[dict[str, str]] = []

    def expect(self, code: str, holds: bool, message: str = "", entry: int | None = None) -> bool:
        """Counts one check."""
        self.tried[code] += 1
        if not holds:
            self.fail(code, message, entry)
        return holds

    def fail(self, code: str, message: str, entry: int | None = None) -> None:
        """Notes a failure of a check that was counted."""
        self.failed[code] += 1
        if len(self.findings) < FINDINGS_MAX:
            self.findings.append({"code": code, "entry": entry, "message": message})

    def skip(self, code: str, why: str) -> None:
        """Notes a check that could not run."""
        self.not_run.append({"code": code, "why": why})


def audit(
    path: Path, book: BookId, seal: Seal | None = None, waiting: log.Waiting = log.silently
) -> dict[str, Any]:
    """Audits one book; the answer of contract §5, without the header."""
    started = time.monotonic()
    tally = Tally()
    try:
        with opened_log(path, waiting) as connection:
            if log.head(connection, str(book)) is None and not _has_rows(connection, str(book)):
                raise not_opened(str(book))
            _check_file(connection, tally)
            head = _Replay(connection, path, book, seal, tally).run()
    except log.NoLog:
        raise not_opened(str(book)) from None
    if any(code.startswith("VIEWS") for code in tally.failed):
        _distrust(path, str(book))
    return {
        "ok": not tally.failed,
        "head": head.json(),
        "entries": head.entries,
        "checks": [
            {"code": code, "tried": tally.tried[code], "failed": tally.failed[code]}
            for code in CHECKS
            if tally.tried[code]
        ],
        "not_run": tally.not_run,
        "findings": tally.findings,
        "seconds": round(time.monotonic() - started, 3),
    }


def _has_rows(connection: sqlite3.Connection, book: str) -> bool:
    return next(log.rows(connection, book, upto=2**62), None) is not None


def _check_file(connection: sqlite3.Connection, tally: Tally) -> None:
    said = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
    tally.expect("FILE.INTEGRITY", said == ["ok"], "；".join(map(str, said))[:500])
    there = dict(
        connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
    )
    for name, statement in log.SCHEMA.items():
        tally.expect("FILE.SCHEMA", there.get(name) == statement, f"{name} 的定义与程序不一致")
    extra = sorted(map(str, set(there) - set(log.SCHEMA)))
    tally.expect("FILE.SCHEMA", not extra, f"多出的数据表或触发器：{'、'.join(extra)}")


class _Replay:
    """One pass over a book."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        book: BookId,
        seal: Seal | None,
        tally: Tally,
    ) -> None:
        self.connection = connection
        self.path = path
        self.book = str(book)
        self.seal = seal
        self.tally = tally
        self.state = initial(self.book)
        self.refunded: Counter[int] = Counter()
        self.reversed_by: dict[int, int] = {}

    def run(self) -> Head:
        """Replays, and returns how far the book could be read."""
        views = _Views.opened(self.path, self.book, self.tally)
        head = EMPTY
        sealed: Head | None = EMPTY
        try:
            for row in log.rows(self.connection, self.book):
                entry = self._read(row, head)
                if entry is None:
                    self.tally.skip("RULES", f"第 {row.number} 笔起无法读取，其后未重放")
                    return head
                head = Head(row.number, link(head.hash, self.book, row.number, row.tag, row.stored))
                matches = head.hash == row.hash
                self.tally.expect("CHAIN.HASH", matches, "与哈希链不符", row.number)
                self._decide_again(entry)
                self._follow(entry)
                if views is not None:
                    views.compare(entry, head)
                if self.seal is not None and row.number == self.seal.entries:
                    sealed = head
        finally:
            if views is not None:
                views.finish()
        recorded = log.head(self.connection, self.book)
        self.tally.expect(
            "CHAIN.HEAD",
            recorded == head,
            f"账中读到第 {head.entries} 笔，记录的末端为第 {recorded.entries if recorded else 0} 笔"
            "，或末端哈希不同",
        )
        self._check_settlements()
        self._check_seal(head, sealed)
        return head

    def _read(self, row: log.StoredRow, head: Head) -> Entry | None:
        tally = self.tally
        tally.expect("ENTRY.NUMBER", row.number == head.entries + 1, "编号不连续", row.number)
        try:
            entry = decode(row.stored)
            canonical = encode(entry) == row.stored
        except (ValueError, TypeError) as error:
            tally.expect("ENTRY.BYTES", False, f"内容无法读取：{error}", row.number)
            return None
        tally.expect(
            "ENTRY.BYTES",
            canonical
            and entry.book == self.book
            and entry.number == row.number
            and kind_of(entry.event) == row.tag,
            "存储内容不是规范形式，或与所在的行不符",
            row.number,
        )
        tally.expect(
            "ENTRY.KEY",
            entry.key == row.key and (entry.key is None) == (entry.digest is None),
            "幂等编号与内容不符",
            row.number,
        )
        return entry if entry.number == self.state.number + 1 else None

    def _decide_again(self, entry: Entry) -> None:
        """The rule check: the decision must give the same event on the state before it."""
        event = entry.event
        try:
            events = reconsider(self.state, event, self._original(event))
        except Refused as refused:
            self.tally.expect("RULES", False, f"{refused.code}：{refused}", entry.number)
        except (Corrupt, Malformed, AssertionError, LookupError) as error:
            self.tally.expect("RULES", False, f"无法重新裁定：{error}", entry.number)
        else:
            self.tally.expect("RULES", events == (event,), "重新裁定的结果与所记不同", entry.number)

    def _original(self, event: AnyEvent) -> Original | None:
        if not isinstance(event, DisbursementRefunded | EntryReversed):
            return None
        row = log.row(self.connection, self.book, event.original)
        if row is None or event.original > self.state.number:
            raise Corrupt(f"找不到原笔第 {event.original} 笔")
        try:
            original = decode(row.stored)
        except ValueError as error:
            raise Corrupt(f"原笔第 {event.original} 笔无法读取") from error
        return Original(
            original,
            self.refunded.get(event.original, 0),
            self.reversed_by.get(event.original),
        )

    def _follow(self, entry: Entry) -> None:
        try:
            evolve(self.state, entry)
            self.tally.expect("ACCOUNT.IDENTITY", True)
        except Corrupt as error:
            self.tally.expect("ACCOUNT.IDENTITY", False, str(error), entry.number)
        for original, refunded_fen, reversed_by in settlements(entry.number, entry.event):
            self.refunded[original] += refunded_fen
            if reversed_by is not None:
                self.reversed_by[original] = reversed_by

    def _check_settlements(self) -> None:
        there = {
            original: (refunded_fen, reversed_by)
            for original, refunded_fen, reversed_by in self.connection.execute(
                "SELECT original, refunded_fen, reversed_by FROM settlements "
                "WHERE originator_id = ?",
                (self.book,),
            )
        }
        for original in sorted(there.keys() | self.refunded.keys() | self.reversed_by.keys()):
            right = (self.refunded.get(original, 0), self.reversed_by.get(original))
            self.tally.expect(
                "SETTLEMENTS",
                there.get(original) == right,
                f"第 {original} 笔的退款、冲销累计应为 {right}，记录为 {there.get(original)}",
                original,
            )

    def _check_seal(self, head: Head, sealed: Head | None) -> None:
        if self.seal is None:
            self.tally.skip("SEAL", "没有给出封签；整本重写只有留在账外的封签能发现")
            return
        reached = sealed is not None and sealed.entries == self.seal.entries
        self.tally.expect(
            "SEAL",
            reached and sealed is not None and Seal.of(sealed) == self.seal,
            f"账的前 {self.seal.entries} 笔与封签不符（账中现有 {head.entries} 笔）",
        )


class _Views:
    """The view database beside the replay, read in the same order and compared row by row."""

    def __init__(self, views: sqlite3.Connection, book: str, tally: Tally) -> None:
        self.views = views
        self.book = book
        self.tally = tally
        self.monthly: Counter[tuple[Any, ...]] = Counter()
        self.projects: list[tuple[Any, ...]] = []
        self.facts: tuple[Any, ...] = (None,) * 4
        self.reached = EMPTY
        row = views.execute("SELECT id, entries, hash FROM books WHERE book = ?", (book,))
        self.book_id, entries, hash_ = row.fetchone()
        self.position = Head(entries, hash_)
        self.lines = dict(
            views.execute("SELECT id, line FROM lines WHERE book_id = ?", (self.book_id,))
        )
        self.entry_rows = self._stream(
            "SELECT entry, kind, occurred_on, recorded_at, actor, key, line_id, econ, amount_fen, "
            "doc, payee, purpose, reason, original, name FROM entries WHERE book_id = ? "
            "ORDER BY entry"
        )
        self.posting_rows = self._stream(
            "SELECT entry, seq, line_id, account, cause, econ, occurred_on, amount_fen "
            "FROM postings WHERE book_id = ? ORDER BY entry, seq"
        )
        self.income_rows = self._stream(
            "SELECT entry, line_id, source, occurred_on, amount_fen FROM income "
            "WHERE book_id = ? ORDER BY entry"
        )

    def _stream(self, statement: str) -> Iterator[tuple[Any, ...]]:
        return iter(self.views.execute(statement, (self.book_id,)))

    @classmethod
    def opened(cls, path: Path, book: str, tally: Tally) -> "_Views | None":
        """The views of the book, if there are any."""
        file = views_path(path)
        if not file.exists():
            tally.skip("VIEWS", "没有查询视图文件；下一次查询时重新生成")
            return None
        views = sqlite3.connect(file.absolute(), isolation_level=None)
        try:
            views.execute("PRAGMA query_only = ON")
            version = views.execute("PRAGMA user_version").fetchone()[0]
            identity = views.execute("PRAGMA application_id").fetchone()[0]
            if version == 0 and not views.execute("SELECT 1 FROM sqlite_master").fetchone():
                tally.skip("VIEWS", "查询视图文件是空的；下一次查询时重新生成")
                return None
            said = [row[0] for row in views.execute("PRAGMA integrity_check(10)")]
            sound = said == ["ok"] and (version, identity) == (VIEWS_FORMAT, VIEWS_ID)
            if not tally.expect("VIEWS.FILE", sound, "；".join(map(str, said))[:500]):
                return None
            if views.execute("SELECT 1 FROM books WHERE book = ?", (book,)).fetchone() is None:
                tally.skip("VIEWS", "查询视图中还没有本账套；下一次查询时生成")
                return None
            return cls(views, book, tally)
        except sqlite3.DatabaseError as error:
            tally.expect("VIEWS.FILE", False, str(error))
            return None

    def compare(self, entry: Entry, head: Head) -> None:
        """Compares what `entry` becomes with what the views hold, up to their position."""
        if head.entries > self.position.entries:
            return
        self.reached = head
        rows = rows_of(entry)
        try:
            self._compare_rows(entry, rows)
        except (sqlite3.DatabaseError, LookupError) as error:
            self.tally.expect("VIEWS.FILE", False, str(error), entry.number)
        month = entry.event.occurred_on.month
        for _, _, line, account, cause, econ, _, fen in rows.postings:
            self.monthly[month, line, account, cause, econ] += fen
        if rows.entry[1] == "project":
            self.projects.append((entry.number, entry.event.code, entry.event.name))  # type: ignore[union-attr]
        elif rows.entry[1] in ("open-book", "amend-book"):
            event: Any = entry.event
            self.facts = (event.name, event.unit_kind, event.edition, event.basis)

    def _compare_rows(self, entry: Entry, rows: Any) -> None:
        there = next(self.entry_rows, ())
        if there:
            there = (*there[:6], self._line(there[6]), *there[7:])
        self.tally.expect("VIEWS.ENTRIES", there == rows.entry, "视图记录不符", entry.number)
        for right in rows.postings:
            there = next(self.posting_rows, ())
            if there:
                there = (*there[:2], self._line(there[2]), *there[3:])
            self.tally.expect("VIEWS.POSTINGS", there == right, "视图分录不符", entry.number)
        for right in rows.income:
            there = next(self.income_rows, ())
            if there:
                there = (there[0], self._line(there[1]), *there[2:])
            self.tally.expect("VIEWS.INCOME", there == right, "视图收入不符", entry.number)

    def _line(self, line_id: int | None) -> str | None:
        return None if line_id is None else self.lines[line_id]

    def finish(self) -> None:
        """What must be left over nowhere, and the roll-up as a whole."""
        try:
            self._finish()
        except (sqlite3.DatabaseError, LookupError, Malformed) as error:
            self.tally.expect("VIEWS.FILE", False, str(error))
        finally:
            self.views.close()

    def _finish(self) -> None:
        tally = self.tally
        tally.expect("VIEWS.FILE", self.reached == self.position, "视图所依据的末端与账不符")
        for code, rows in (
            ("VIEWS.ENTRIES", self.entry_rows),
            ("VIEWS.POSTINGS", self.posting_rows),
            ("VIEWS.INCOME", self.income_rows),
        ):
            tally.expect(code, next(rows, None) is None, "视图中有账里没有的行")
        there: dict[tuple[Any, ...], int] = {}
        for month, line_id, *key, fen in self._stream(
            "SELECT month, line_id, account, cause, econ, amount_fen FROM monthly WHERE book_id = ?"
        ):
            there[month, self._line(line_id), *key] = fen
        for where in there.keys() | self.monthly.keys():
            tally.expect(
                "VIEWS.MONTHLY",
                there.get(where) == self.monthly.get(where),
                f"{where}：应为 {self.monthly.get(where)}，视图为 {there.get(where)}",
            )
        for text, *parts in self._stream(
            "SELECT line, fund, func, spending, project, econ, origin FROM lines WHERE book_id = ?"
        ):
            line = BudgetLine.parse(text)
            right = [line.fund, line.func, line.spending, line.project, line.econ, line.origin]
            tally.expect("VIEWS.LINES", parts == right, f"{text} 的各部分不符")
        projects = list(
            self._stream("SELECT entry, code, name FROM projects WHERE book_id = ? ORDER BY entry")
        )
        tally.expect("VIEWS.LINES", projects == self.projects, "项目名称不符")
        facts = self.views.execute(
            "SELECT name, unit_kind, edition, basis FROM books WHERE id = ?", (self.book_id,)
        ).fetchone()
        tally.expect("VIEWS.LINES", facts == self.facts, "账套信息不符")


def _distrust(path: Path, book: str) -> None:
    """From now on queries refuse, until `rebuild` makes the views anew."""
    views = sqlite3.connect(views_path(path), isolation_level=None)
    try:
        views.execute("UPDATE books SET distrusted = ? WHERE book = ?", ("audit", book))
    except sqlite3.DatabaseError:
        views_path(path).write_bytes(b"distrusted by an audit\n")  # no database: queries refuse
    finally:
        views.close()
