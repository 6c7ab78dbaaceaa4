"""A log that is kept in memory: a second way of keeping logs, to prove that the door is all that
the rest of the program knows of a log. Not durable, and good for nothing else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from ledger.errors import Damage
from ledger.marks import BETWEEN, Mark, Marked, MarkKind
from ledger.proofs.head import EMPTY, Head
from ledger.store.log import (
    UNSETTLED,
    Conflicting,
    Described,
    Log,
    NoLog,
    Place,
    Problem,
    Settled,
    StoredRow,
    Transaction,
    Waiting,
    silently,
)


class Contents(NamedTuple):
    """What the log holds."""

    rows: dict[str, list[StoredRow]]
    heads: dict[str, Head]
    settled: dict[str, dict[int, Settled]]
    snapshots: dict[str, tuple[int, bytes]]
    marks: dict[str, list[Mark]]


class MemoryLog:
    """Reads and writes contents (log.Log, log.Transaction)."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents

    def books(self) -> list[str]:
        return sorted(self.contents.heads)

    def all_books(self) -> list[str]:
        return sorted(self.contents.heads.keys() | self.contents.rows.keys())

    def head(self, book: str) -> Head | None:
        return self.contents.heads.get(book)

    def rows(self, book: str, *, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]:
        yield from self.contents.rows.get(book, [])[after:upto]

    def snapshot(self, book: str) -> tuple[int, bytes] | None:
        return self.contents.snapshots.get(book)

    def settlements(self, book: str) -> Iterator[tuple[int, Settled]]:
        yield from self.contents.settled.get(book, {}).items()

    def numbers_of(self, book: str, keys: Collection[str]) -> dict[str, int]:
        rows = self.contents.rows.get(book, [])
        return {row.key: row.number for row in rows if row.key is not None and row.key in keys}

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        yield

    def examine(self) -> Iterator[Problem]:
        yield Problem("FILE.INTEGRITY", None, "内存中没有文件")

    def now(self) -> datetime:
        return datetime(2020, 12, 31, 8, tzinfo=UTC)

    def marks(self, book: str) -> int:
        return len(self.contents.marks.get(book, []))

    def unmarked(self, book: str, marks: Sequence[Mark]) -> list[Mark]:
        return [mark for mark in marks if mark not in self.contents.marks.get(book, [])]

    def marked(self, book: str, kind: MarkKind, what: str, most: int) -> list[Marked]:
        found = [mark for mark in self.contents.marks.get(book, []) if mark.kind == kind]
        alike = [each for each in found if f"{each.what}{BETWEEN}".startswith(what + BETWEEN)]
        alike.sort(key=lambda each: (each.what, each.number), reverse=True)
        return [Marked(each.number, each.fen, each.what) for each in alike[:most]]

    def append(
        self,
        book: str,
        rows: Sequence[StoredRow],
        settled: Mapping[int, Settled],
        marks: Sequence[Mark],
        unmarked: Sequence[Mark] = (),
    ) -> None:
        gone = {mark[:3] for mark in unmarked}
        kept = [mark for mark in self.contents.marks.get(book, []) if mark[:3] not in gone]
        self.contents.marks[book] = [*kept, *marks]
        there = self.contents.rows.setdefault(book, [])
        keys = {row.key for row in there}
        for row in rows:
            if row.number != len(there) + 1 or (row.key is not None and row.key in keys):
                raise Conflicting(Damage.FILE_DAMAGED, f"{book} {row.number}")
            there.append(row)
            keys.add(row.key)
        self.contents.heads[book] = Head(there[-1].number, there[-1].hash) if there else EMPTY
        before = self.contents.settled.setdefault(book, {})
        for original, each in settled.items():
            before[original] = self.settled(book, original).plus(*each)

    def keep(self, book: str, number: int, snapshot: bytes) -> None:
        self.contents.snapshots[book] = (number, snapshot)

    def settled(self, book: str, original: int) -> Settled:
        return self.contents.settled.get(book, {}).get(original, UNSETTLED)


class MemoryPlace:
    """A place in memory (log.Place); its views lie in a folder."""

    def __init__(self, folder: Path) -> None:
        self.views = folder / "memory.views"
        self.contents: Contents | None = None

    def __str__(self) -> str:
        return "memory:"

    def exists(self) -> bool:
        return self.contents is not None

    def ready(self) -> None:
        pass

    def now(self) -> datetime:
        return datetime(2020, 12, 31, 8, tzinfo=UTC)

    def keeps(self, file: Path) -> bool:
        return file == self.views

    @contextmanager
    def reading(self, waiting: Waiting = silently, *, anyhow: bool = False) -> Iterator[Log]:
        if self.contents is None:
            raise NoLog(str(self))
        yield MemoryLog(self.contents)

    @contextmanager
    def writing(
        self,
        books: Collection[str],
        *,
        beside_read: Collection[str] = (),
        key: str | None = None,
        opening: bool = False,
        waiting: Waiting = silently,
    ) -> Iterator[Transaction]:
        if self.contents is None and not opening:
            raise NoLog(str(self))
        ahead = deepcopy(self.contents or Contents({}, {}, {}, {}, {}))
        yield MemoryLog(ahead)
        self.contents = ahead  # what left with an exception has recorded nothing

    def close(self) -> None:
        pass

    def described(self) -> Described:
        return Described("memory:", self.exists(), 0, 0, 1 << 40, [], [], "memory", "1", "", "", "")


def a_place(folder: Path) -> Place:
    """The type checker proves here that it is one."""
    return MemoryPlace(folder)
