"""Replay of a book from its stored bytes, believing nothing else (contract §5).

One pass in constant memory: every row is numbered, canonical, chained; its decision is taken again
on the state before it and must give the same event; the accounts must balance after it (P20). Then
the head, the settlements, the snapshot and, if given, the seal; and in a pass beside this one
(audit/views.py) the views must hold exactly what the entries become. What an audit cannot see
stands in the README: a book whose entries were all rewritten with their hashes needs a seal kept
outside.
"""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import SupportsFloat

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ledger.book import BookId, nameable
from ledger.decisions import KINDS
from ledger.decisions.again import reconsider
from ledger.effects import Effects
from ledger.errors import Corrupt, Damage, Malformed
from ledger.events import (
    ApprovalRequested,
    BookOpened,
    DisbursementRecorded,
    Entry,
    Previous,
    decode,
    encode,
    kind_of,
)
from ledger.marks import Mark, back_of, marks, paid_by, taken_away
from ledger.postings import corrects, earlier, paid_for, refunded, settlements
from ledger.proofs.chain import link
from ledger.proofs.head import EMPTY, GENESIS, Head
from ledger.proofs.printed import PrintedHead
from ledger.proofs.seal import Seal
from ledger.refusals import Refused
from ledger.rules.cautions import Remark, clock_behind
from ledger.rules.originals import Original
from ledger.state import evolve, freeze, initial
from ledger.store.fold import SNAPSHOT_INTERVAL, from_snapshot
from ledger.store.log import (
    UNSETTLED,
    Log,
    NoLog,
    Place,
    Settled,
    StoredRow,
    Waiting,
    hash_at,
    row_of,
    silently,
)
from ledger.store.sqlite.files import is_busy, translated
from projections.audit.published import Publications, WasPublished
from projections.audit.tally import Fault, Skipped, Tally
from projections.audit.views import audit_views, distrust, unmarked
from projections.audit.workers import beside
from projections.views.feed import missing

CHECKS = {
    "FILE.INTEGRITY": "账文件的页、索引和约束完好",
    "FILE.SCHEMA": "数据表、索引和防改触发器与程序一致",
    "ENTRY.NUMBER": "编号从 1 连续，无缺号、重号",
    "ENTRY.BYTES": "每笔存储字节可读且为规范形式",
    "ENTRY.KEY": "幂等编号与内容一致",
    "CHAIN.HASH": "哈希链逐笔相符",
    "CHAIN.HEAD": "末端与记录的末端相符",
    "CHAIN.PREVIOUS": "首笔所接的上年账套末端与上年账套相符",
    "RULES": "每笔按当时状态重新裁定，结果相同",
    "ACCOUNT.IDENTITY": "批准来源＝待下达＋可执行＋在途＋已支付＋收回＋转出，且均不为负",
    "SETTLEMENTS": "退款、占用使用和冲销累计与原笔相符",
    "MARKS": "文号、收款人和金额的查找标记与各笔相符",
    "SNAPSHOT": "快照与重放到同一笔的状态相符",
    "SEAL": "账的开头与封签相符",
    "PUBLISHED.HEADS": "公开所据的末端与账相符",
    "PUBLISHED": "文件是账中记录的公开文件",
    "VIEWS.FILE": "查询视图文件完好",
    "VIEWS.ENTRIES": "视图中每笔记录与重算相符",
    "VIEWS.POSTINGS": "视图中每条分录与重算相符",
    "VIEWS.INCOME": "视图中收入与重算相符",
    "VIEWS.BESIDE": "视图中单位往来、政府采购、报告事项与重算相符",
    "VIEWS.MONTHLY": "视图中各月、各日汇总与重算相符",
    "VIEWS.LINES": "视图中预算线、项目和账套信息与重算相符",
}


_MARKS_TOGETHER = 2_400
MANY_ENTRIES = 50_000
"""From here on the comparison of the views is worth a process of its own."""

_EVERY_ENTRY = (
    "ENTRY.NUMBER",
    "ENTRY.BYTES",
    "ENTRY.KEY",
    "CHAIN.HASH",
    "RULES",
    "ACCOUNT.IDENTITY",
)


class Checked(msgspec.Struct, frozen=True):
    """How often a check was tried, and how often it failed."""

    code: str
    tried: int
    failed: int


class Audited(msgspec.Struct, frozen=True, kw_only=True):
    """What the audit of one book came to (contract §5). `head` is how far the book could be read;
    which book it is says whoever asked for one."""

    ok: bool
    book: str | UnsetType = UNSET
    as_of: UnsetType | None = UNSET
    known_at: UnsetType | None = UNSET
    head: PrintedHead
    entries: int
    checks: list[Checked]
    not_run: list[Skipped]
    findings: list[Fault]
    published: WasPublished | UnsetType = UNSET
    """Of which publication the file is that was asked about."""
    remarks: list[Remark]
    """What is no failure and should be looked at, and what could not be done beside checking."""
    seconds: SupportsFloat
    """The one figure of an answer that is no whole number."""


def audit(
    place: Place,
    book: BookId,
    seal: Seal | None = None,
    waiting: Waiting = silently,
    *,
    published: str | None = None,
) -> Audited:
    """Audits one book and the files that it lies in; the answer of contract §5, without the
    header. `published` is the SHA-256 of a file that is to be one that was made public. Raises
    `Refused`."""
    started = time.monotonic()
    tally, publications = Tally(), Publications(published)
    try:
        with place.reading(waiting, anyhow=True) as log:
            recorded = recorded_head(log, str(book))
            if recorded is None and not _is_there(log, str(book)):
                raise missing(place, str(book))
            with _views_audited(place, str(book), recorded or EMPTY) as views:
                look_around(place, log, tally, audited=str(book))
                head, remarks = _replayed(place, log, book, seal, tally, publications)
                found = publications.check(tally)
                tally.add(views())
    except NoLog:
        raise missing(place, str(book)) from None
    if views_failed(tally.failed):
        compared = tally.tried["VIEWS.ENTRIES"]  # else the file as such is wrong
        if not distrust(place, str(book) if compared else None):
            remarks.append(unmarked(place))
    audited = _audited(tally, head, round(time.monotonic() - started, 3), remarks)
    return audited if found is None else replace(audited, published=found)


def audit_alone(place: Place, book: str, *, views: bool) -> Audited:
    """Audits one book of a file that is checked already, and its views if they are to be believed
    at all; distrusts nothing."""
    started = time.monotonic()
    tally = Tally()
    with place.reading(anyhow=True) as log:
        head, remarks = _replayed(place, log, BookId.parse(book), None, tally, Publications(None))
    if views:
        tally.add(audit_views(place, book, file=False))
    return _audited(tally, head, round(time.monotonic() - started, 3), remarks)


def _replayed(
    place: Place,
    log: Log,
    book: BookId,
    seal: Seal | None,
    tally: Tally,
    publications: Publications,
) -> tuple[Head, list[Remark]]:
    """Replays a book as far as it can be read; how far that is, and what is to be said of it. What
    stops it is a finding among others: of one book, and of what is known of the file already."""
    try:
        with translated(Path(str(place))):
            replay = _Replay(log, book, seal, tally, publications)
            head, last = replay.run(), replay.state
        return head, [*clock_behind(last.book, last.number, last.recorded_at, place.now())]
    except Corrupt as error:
        code = error.code if error.code in CHECKS else "FILE.INTEGRITY"
        tally.expect(code, False, str(error))
        tally.skip("RULES", "账文件有读不出的地方，其后未重放")
        return recorded_head(log, str(book)) or EMPTY, []


def views_failed(failed: Iterable[str]) -> bool:
    """Whether something is wrong with the views among the codes of what failed."""
    return any(code.startswith("VIEWS") for code in failed)


def _audited(tally: Tally, head: Head, seconds: SupportsFloat, remarks: list[Remark]) -> Audited:
    return Audited(
        ok=not tally.failed,
        head=head.printed(),
        entries=head.entries,
        checks=counts(tally.tried, tally.failed),
        not_run=tally.not_run,
        findings=tally.findings,
        remarks=remarks,
        seconds=seconds,
    )


def counts(tried: Counter[str], failed: Counter[str]) -> list[Checked]:
    """The checks that were tried at all, in their order."""
    return [Checked(code, tried[code], failed[code]) for code in CHECKS if tried[code]]


def _views_audited(
    place: Place, book: str, recorded: Head
) -> AbstractContextManager[Callable[[], Tally]]:
    """The comparison of the views: in a process of its own for a long book, else when asked for."""
    compare = partial(audit_views, place)
    if recorded.entries < MANY_ENTRIES:
        return nullcontext(partial(compare, book))
    return beside(compare, book)


def recorded_head(log: Log, book: str) -> Head | None:
    """The head that a log records of a book; None where it records none that can be read."""
    try:
        return log.head(book)
    except (Corrupt, sqlite3.DatabaseError) as error:
        if is_busy(error):  # nothing is known of it yet
            raise
        return None


def _is_there(log: Log, book: str) -> bool:
    """Whether a log holds a head or entries of a book, or cannot say so."""
    try:
        return book in log.all_books()
    except (Corrupt, sqlite3.DatabaseError) as error:
        if is_busy(error):
            raise
        return True


def look_around(place: Place, log: Log, tally: Tally, *, audited: str | None = None) -> list[str]:
    """The log as such: what it is kept in, that its tables are ours, and whose entries they are.
    The books that can be audited; where one alone is `audited`, of the others at least that they
    have a head."""
    books: list[str] = []
    with _found(place, tally):
        for problem in log.examine():
            if problem.sound is None:
                tally.skip(problem.check, problem.message)
            else:
                tally.expect(problem.check, problem.sound, problem.message)
    with _found(place, tally):
        books += _books(log, tally, audited)
    return books


@contextmanager
def _found(place: Place, tally: Tally) -> Iterator[None]:
    """What cannot be read of the file is a finding, and ends no audit."""
    try:
        with translated(Path(str(place))):
            yield
    except Corrupt as error:
        tally.expect("FILE.INTEGRITY", False, str(error))


def _books(log: Log, tally: Tally, audited: str | None) -> Iterator[str]:
    """Every book that has a head or entries, and a name that can be read."""
    for book in log.all_books():
        if not nameable(book):
            tally.expect("FILE.SCHEMA", False, f"账套名称无法读取：“{book[:60]}”")
            continue
        if audited not in (None, book) and recorded_head(log, book) is None:
            tally.expect("CHAIN.HEAD", False, f"{book} 有记录，记录的末端却不见了或无法读取")
        yield book


class _Replay:
    """One pass over a book."""

    def __init__(
        self,
        log: Log,
        book: BookId,
        seal: Seal | None,
        tally: Tally,
        publications: Publications,
    ) -> None:
        self.publications = publications
        self.log = log
        self.book = str(book)
        self.seal = seal
        self.tally = tally
        self.state = initial(self.book)
        self.settled: dict[int, Settled] = {}
        self.refunded: dict[int, Counter[int]] = {}
        """Of vouchers that came back in part: what of which item, fen."""
        self.marks: list[Mark] = []
        """Of entries that were read, not yet compared with those of the log."""
        self.marked = 0
        self.unmarked: list[Mark] = []
        """Those of them that the log has not: they may be gone with what undid their entry."""
        self.paid: dict[int, Entry] = {}
        """Payments of which something came back, or that were undone."""
        self.snapshot, self.snapshot_at, self.snapshot_ignored = from_snapshot(log, self.book)

    def run(self) -> Head:
        """Replays, and returns how far the book could be read. The last rows, the head and the
        settlements are read as of one moment."""
        with ExitStack() as moment:
            return self._run(moment)

    def _run(self, moment: ExitStack) -> Head:
        read, hash_, before, whole = 0, GENESIS, GENESIS, True
        sealed = EMPTY
        looked_at = {self.snapshot_at.entries, 0 if self.seal is None else self.seal.entries}
        for row in self._rows(moment):
            entry = self._read(row, read)
            if entry is None:
                self.tally.skip("RULES", f"第 {row.number} 笔起无法读取，其后未重放")
                whole = False
                break
            read, linked = row.number, link(hash_, self.book, row.number, row.tag, row.stored)
            # A row is told where it breaks the chain, and not every one after it too.
            own = linked if hash_ == before else link(before, self.book, read, row.tag, row.stored)
            if own != row.hash:
                self.tally.fail("CHAIN.HASH", "与哈希链不符", read)
            hash_, before = linked, row.hash
            self._follow(entry)
            if read in looked_at:
                sealed = self._look_at(Head(read, hash_), sealed)
        for code in _EVERY_ENTRY:
            self.tally.count(code, read + (not whole))
        head = Head(read, hash_)
        if whole:
            self._check_end(head, sealed)
        return head

    def _look_at(self, head: Head, sealed: Head) -> Head:
        """The head that the snapshot or the seal is of; what the seal is to be compared with."""
        if head.entries == self.snapshot_at.entries:
            self._check_snapshot(head)
        return head if self.seal is not None and head.entries == self.seal.entries else sealed

    def _check_end(self, head: Head, sealed: Head) -> None:
        recorded = recorded_head(self.log, self.book)
        self.tally.expect(
            "CHAIN.HEAD",
            recorded == head,
            f"账中读到第 {head.entries} 笔，记录的末端为第 {recorded.entries if recorded else 0} 笔"
            "，或末端哈希不同",
        )
        self._check_settlements()
        self._check_marks()
        self._tell_of_snapshot(head)
        self._check_seal(head, sealed)

    def _rows(self, moment: ExitStack) -> Iterator[StoredRow]:
        """The rows in order: most of them while others may write; the last, and what is read until
        `moment` ends, as of one moment."""
        number = 0
        for row in self.log.rows(self.book):
            number = row.number
            yield row
        moment.enter_context(self.log.one_moment())
        yield from self.log.rows(self.book, after=number)

    def _read(self, row: StoredRow, read: int) -> Entry | None:
        """The entry of a row, proved canonical and in its place, the one after `read`; None if it
        cannot be replayed."""
        fail, number = self.tally.fail, row.number
        if number != read + 1:
            fail("ENTRY.NUMBER", "编号不连续", number)
        try:
            entry = decode(row.stored)
            canonical = encode(entry) == row.stored
        except (ValueError, TypeError) as error:
            fail("ENTRY.BYTES", f"内容无法读取：{error}", number)
            return None
        if not (
            canonical
            and entry.book == self.book
            and entry.number == number
            and kind_of(entry.event) == row.tag
        ):
            fail("ENTRY.BYTES", "存储内容不是规范形式，或与所在的行不符", number)
        if entry.key != row.key or (entry.key is None) != (entry.digest is None):
            fail("ENTRY.KEY", "幂等编号与内容不符", number)
        return entry if entry.number == self.state.number + 1 else None

    def _follow(self, entry: Entry) -> None:
        """Takes the decision again, and adds the entry to the state and to what is settled."""
        event = entry.event
        if isinstance(event, BookOpened) and event.previous is not None:
            self._check_previous(event.previous)
        self.publications.follow(entry, self.log, self.tally)
        self._note_marks(entry)
        about = earlier(event)
        does = self._decide_again(entry, about)
        try:
            evolve(self.state, entry, does)
        except Corrupt as error:
            code = error.code if error.code in CHECKS else "ACCOUNT.IDENTITY"
            self.tally.fail(code, str(error), entry.number)
        if about is None:
            return
        for original, fen, reversed_by in settlements(entry.number, event):
            before = self.settled.get(original, UNSETTLED)
            self.settled[original] = before.then(entry.number, fen, reversed_by)
            if type(event) is not DisbursementRecorded:
                self._note_paid(original)
        back = refunded(event)
        if back is not None:
            voucher, item, fen = back
            self.refunded.setdefault(voucher, Counter())[item] += fen

    def _decide_again(self, entry: Entry, about: int | None) -> Effects | None:
        """The rule check: the decision must give the same event on the state before it. What that
        event does; None where the book does not follow its rules."""
        try:
            original = None if about is None else self._original(about)
            payments = [self._stands(number) for number in paid_for(entry.event)]
            decided = reconsider(
                KINDS, self.state, entry.event, original, payments, actor=entry.actor
            )
        except Refused as refused:
            self.tally.fail("RULES", f"{refused.code}：{refused}", entry.number)
        except (Corrupt, Malformed) as error:
            self.tally.fail("RULES", f"无法重新裁定：{error}", entry.number)
        else:
            if len(decided) == 1 and decided[0].event == entry.event:
                return decided[0].does
            self.tally.fail("RULES", "重新裁定的结果与所记不同", entry.number)
        return None

    def _original(self, number: int) -> Original:
        """An earlier entry and what became of it; of a request to undo another, that one too."""
        known = self._became(number)
        event = known.entry.event
        about = earlier(event) if isinstance(event, ApprovalRequested) else None
        return known if about is None else known._replace(undoing=self._became(about))

    def _stands(self, number: int) -> Original:
        """What stands in the place of an entry: its last correction, if it has any."""
        known = self._became(number)
        while known.corrected and known.reversed_by is not None:
            known = self._became(known.reversed_by)
        return known

    def _became(self, number: int) -> Original:
        row = row_of(self.log, self.book, number)
        if row is None or number > self.state.number:
            raise Corrupt(Damage.BOOK_CORRUPT, f"找不到原笔第 {number} 笔")
        try:
            original = decode(row.stored)
        except ValueError as error:
            raise Corrupt(Damage.BOOK_CORRUPT, f"原笔第 {number} 笔无法读取") from error
        known = Original(original, *self.settled.get(number, UNSETTLED))
        if known.reversed_by is not None:
            by = row_of(self.log, self.book, known.reversed_by)
            with suppress(ValueError):
                event = None if by is None else decode(by.stored).event
                known = known._replace(corrected=event is not None and corrects(event) is not None)
        return known._replace(refunded=self.refunded.get(number, Counter()))

    def _check_previous(self, previous: Previous) -> None:
        """The years form one chain: last year's book must still reach the head it was left at."""
        if recorded_head(self.log, previous.book) is None:
            self.tally.skip("CHAIN.PREVIOUS", f"本文件中没有上年账套 {previous.book}")
            return
        there = hash_at(self.log, previous.book, previous.entries)
        self.tally.expect(
            "CHAIN.PREVIOUS",
            there is not None and there.hex() == previous.hash,
            f"{previous.book} 第 {previous.entries} 笔与建账时不同",
            1,
        )

    def _check_snapshot(self, head: Head) -> None:
        """The snapshot that a writer would start from. One that is damaged nobody believes."""
        if head == self.snapshot_at:
            same = freeze(self.snapshot) == freeze(self.state)
            self.tally.expect("SNAPSHOT", same, "快照与重放的状态不符", head.entries)

    def _tell_of_snapshot(self, head: Head) -> None:
        """A snapshot that nobody believes harms nothing, but somebody has touched it."""
        if self.snapshot_ignored:
            self.tally.skip("SNAPSHOT", self.snapshot_ignored)
        elif self.snapshot_at == EMPTY and head.entries >= SNAPSHOT_INTERVAL:
            self.tally.skip("SNAPSHOT", "没有快照：它被删去了；下一次写入从第 1 笔重放")

    def _note_marks(self, entry: Entry) -> None:
        """Marks of the entries are looked up together; how many there are says that there are no
        others."""
        self.marks += marks(entry.number, entry.event, paid_by(entry.event))
        if len(self.marks) >= _MARKS_TOGETHER:
            self._compare_marks()

    def _note_paid(self, number: int) -> None:
        """A payment of which less stands than was marked when it was read, or a target."""
        if number not in self.paid:
            with suppress(Corrupt):  # which is told where the decision is taken again
                entry = self._became(number).entry
                if taken_away(entry.event):
                    self.paid[number] = entry

    def _compare_marks(self) -> None:
        self.tally.count("MARKS", len(self.marks))
        self.marked += len(self.marks)
        self.unmarked += self.log.unmarked(self.book, self.marks)
        self.marks.clear()

    def _check_marks(self) -> None:
        """The marks as they stand at the end: of what was undone none are left."""
        self._compare_marks()
        gone, came = set[Mark](), set[Mark]()
        for number, entry in self.paid.items():
            paid, settled = paid_by(entry.event), self.settled[number]
            back = back_of(paid, settled.settled_fen, self.refunded.get(number, {}))
            undone = settled.reversed_by is not None
            had = {*marks(number, entry.event, paid)}
            has = {*marks(number, entry.event, paid, back, undone=undone)}
            gone |= had - has
            came |= has - had
        lacking = [mark for mark in self.unmarked if mark not in gone]
        for mark in self.log.unmarked(self.book, [*lacking, *sorted(came)]):
            self.tally.fail("MARKS", f"缺少标记 {mark.what!r}", mark.number)
        there, right = self.log.marks(self.book), self.marked - len(gone) + len(came)
        message = f"标记应有 {right} 个，账中有 {there} 个"
        self.tally.expect("MARKS", there == right, message)

    def _check_settlements(self) -> None:
        there = dict(self.log.settlements(self.book))
        for original in sorted(there.keys() | self.settled.keys()):
            right, held = self.settled.get(original), there.get(original)
            told = [None if each is None else tuple(each) for each in (right, held)]
            self.tally.expect(
                "SETTLEMENTS",
                held == right,
                f"第 {original} 笔的退款、占用、冲销累计应为 {told[0]}，记录为 {told[1]}",
                original,
            )

    def _check_seal(self, head: Head, sealed: Head) -> None:
        if self.seal is None:
            self.tally.skip("SEAL", "没有给出封签；整本重写只有留在账外的封签能发现")
            return
        self.tally.expect(
            "SEAL",
            Seal.of(sealed) == self.seal,
            f"账的前 {self.seal.entries} 笔与封签不符（账中现有 {head.entries} 笔）",
        )
