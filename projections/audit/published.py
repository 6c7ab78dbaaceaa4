"""What was made public, by the entries alone: whether the heads that publications name are those of
the book, and of which publication a file is (公开)."""

from datetime import date

import msgspec

from ledger.errors import Corrupt
from ledger.events import Entry, EntryReversed, ReportPublished
from ledger.proofs.printed import PrintedHead
from ledger.store.log import Log, hash_at
from projections.audit.tally import Tally


class WasPublished(msgspec.Struct, frozen=True):
    """Of which publication a file is: its entry and its day, what the file was called, and the head
    of the book that it was made from; `made`: it is, byte by byte, what the program made then."""

    entry: int
    published_on: date
    file: str
    sha256: str
    head: PrintedHead
    made: bool
    department: str


class Publications:
    """The publications of a book, as they are read one after another; `wanted` is the SHA-256 of a
    file that is looked for."""

    def __init__(self, wanted: str | None) -> None:
        self._wanted = wanted
        self._found: WasPublished | None = None
        self._withdrawn: tuple[int, int] | None = None
        self._standing: dict[int, date] = {}
        self._absent: set[str] = set()

    def follow(self, entry: Entry, log: Log, tally: Tally) -> None:
        """Notes what an entry makes public or takes back, and compares the heads that it names."""
        match entry.event:
            case ReportPublished() as event:
                self._standing[entry.number] = event.published_on
                self._check_heads(entry, event, log, tally)
                self._look_at(entry, event)
            case EntryReversed(original=number, reversed=ReportPublished()):
                self._standing.pop(number, None)
                if self._found is not None and self._found.entry == number:
                    self._found, self._withdrawn = None, (number, entry.number)

    def _look_at(self, entry: Entry, event: ReportPublished) -> None:
        for file in event.files:
            if file.sha256 == self._wanted:
                own = next((h for h in event.heads if h.book == entry.book), event.heads[0])
                self._found = WasPublished(
                    entry.number,
                    event.published_on,
                    file.name,
                    file.sha256,
                    PrintedHead(own.entries, own.hash),
                    file.sha256 in event.made,
                    event.department,
                )

    def check(self, tally: Tally) -> WasPublished | None:
        """The publication that the file is of, which is a finding where there is none."""
        if self._wanted is None:
            return None
        tally.expect("PUBLISHED", self._found is not None, self._complaint())
        return self._found

    def _complaint(self) -> str:
        whose = f"SHA-256 为 {self._wanted} 的文件"
        if self._withdrawn is not None:
            number, by = self._withdrawn
            return f"{whose}由第 {number} 笔记录公开，该笔已由第 {by} 笔冲销"
        if not self._standing:
            return f"{whose}不是公开的文件：账中没有公开记录"
        days = "、".join(f"第 {number} 笔（{day}）" for number, day in self._standing.items())
        return f"{whose}不在任何一次公开之中：文件改过，或不是公开的那一份；公开记录：{days}"

    def _check_heads(self, entry: Entry, event: ReportPublished, log: Log, tally: Tally) -> None:
        """The books had the heads that something was made from; that of this one came before."""
        for head in event.heads:
            try:
                there = hash_at(log, head.book, head.entries)
            except Corrupt:
                there = None
            if there is None and head.book != entry.book and log.head(head.book) is None:
                if head.book not in self._absent:
                    self._absent.add(head.book)
                    tally.skip("PUBLISHED.HEADS", f"本文件中没有公开所据的账套 {head.book}")
                continue
            before = head.book != entry.book or head.entries < entry.number
            tally.expect(
                "PUBLISHED.HEADS",
                before and there is not None and there.hex() == head.hash,
                f"公开所据的 {head.book} 第 {head.entries} 笔与账不符",
                entry.number,
            )
