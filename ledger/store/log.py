"""What a log can do, whatever keeps it: the door to the disk.

A `Place` is what `--db` names. It is read as a `Log`, and written in a `Transaction`, which sees
what it reads under its own lock. Nobody above this package holds a connection, a path or SQL of a
log; another way of keeping logs is one more folder beside `sqlite/`, and the line of place.py that
chooses it (L53).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from ledger.errors import Corrupt, Damage
from ledger.events import FORMAT
from ledger.marks import Mark, Marked, MarkKind
from ledger.proofs.head import GENESIS, Head


class NoLog(Exception):
    """There is no log at this place."""


class ForeignFile(Exception):
    """The file is a database, but not one of ours."""


class OtherFormat(Exception):
    """What is stored was written by an older or a newer program, in another format."""

    def __init__(self, name: str, format: int) -> None:
        super().__init__(name, format)
        self.name = name
        self.format = format

    @property
    def older(self) -> bool:
        """Whether an older program wrote it."""
        return self.format < FORMAT

    def __str__(self) -> str:
        return f"{self.name} 是格式 {self.format}，本程序只读写格式 {FORMAT}"


class NotOurs(Exception):
    """What lies at a name beside the log that is ours is not ours. It is left as it is: nothing is
    written to it, through it or in its place."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(file, what)
        self.file = file
        self.what = what

    def __str__(self) -> str:
        return f"{self.file} {self.what}；这里只能是本程序自己的文件，没有动它"


class Busy(Exception):
    """Another process holds the log for longer than we wait."""


class Unwritable(Exception):
    """The disk or its permissions do not allow what was asked."""


class Conflicting(Corrupt):
    """What was to be written contradicts what the log holds already: a number or a key twice."""


Waiting = Callable[[], None]
"""Called once when another process holds the log for longer than a moment."""


def silently() -> None:
    """Waits without a word."""


class StoredRow(NamedTuple):
    """One entry as stored."""

    number: int
    tag: str
    stored: bytes
    hash: bytes
    key: str | None


class Settled(NamedTuple):
    """What later entries have done to one (postings.settlements): what they settled of it, which of
    them reversed it, and the last of them that settled something of it or took that back."""

    settled_fen: int = 0
    reversed_by: int | None = None
    last: int | None = None

    def plus(self, settled_fen: int, reversed_by: int | None, last: int | None) -> "Settled":
        """With what later entries do."""
        return Settled(
            self.settled_fen + settled_fen,
            self.reversed_by if reversed_by is None else reversed_by,
            self.last if last is None else last,
        )

    def then(self, number: int, fen: int, reversed_by: int | None) -> "Settled":
        """With what the later entry `number` does."""
        return self.plus(fen, reversed_by, number if fen else None)


UNSETTLED = Settled()


class Problem(NamedTuple):
    """One thing that was looked at when a log was examined as such: the check of the audit, whether
    it is sound, and if not, why. `sound` is None where it could not be looked at."""

    check: str
    sound: bool | None
    message: str = ""


class Log(Protocol):
    """A log that is read. Its methods raise `Corrupt`, `Busy` or `Unwritable`."""

    def books(self) -> list[str]:
        """The books, sorted by code point. Raises `Corrupt` where one has entries and no head: it
        is left out by nobody."""

    def all_books(self) -> list[str]:
        """The same with those whose head was taken away: for who tells what is wrong."""

    def head(self, book: str) -> Head | None:
        """The recorded head of a book; None if it was never opened. Raises `Corrupt` where the
        entries do not go from 1 to there."""

    def rows(self, book: str, *, after: int = 0, upto: int | None = None) -> Iterator[StoredRow]:
        """The stored rows of a book in order, streamed; between pages nobody is locked out."""

    def snapshot(self, book: str) -> tuple[int, bytes] | None:
        """The latest snapshot: the entry that it was taken at, and its bytes."""

    def settlements(self, book: str) -> Iterator[tuple[int, Settled]]:
        """What was settled of each entry of a book."""

    def marks(self, book: str) -> int:
        """How many marks a book has."""

    def unmarked(self, book: str, marks: Sequence[Mark]) -> list[Mark]:
        """Those of these marks that the book has not."""

    def numbers_of(self, book: str, keys: Collection[str]) -> dict[str, int]:
        """The entries that answered idempotency keys; a key that answered none is left out."""

    def one_moment(self) -> AbstractContextManager[None]:
        """Inside it everything that is read is as of one moment."""

    def examine(self) -> Iterator[Problem]:
        """Is the log sound as such: what it is kept in, and its tables?"""


class Transaction(Log, Protocol):
    """A log that is written: all of it durable at the end, or nothing."""

    def now(self) -> datetime:
        """The clock of whoever keeps the log, with its zone: its date is the clerk's today."""

    def append(
        self,
        book: str,
        rows: Sequence[StoredRow],
        settled: Mapping[int, Settled],
        marks: Sequence[Mark],
        unmarked: Sequence[Mark] = (),
    ) -> None:
        """Appends rows that continue a book, moves its head, adds to what was settled of other
        entries, by their numbers, takes away the marks that stand no more, and adds the new ones.
        What was inserted is read back: raises `Corrupt` where the log does not hold it."""

    def keep(self, book: str, number: int, snapshot: bytes) -> None:
        """Replaces the book's snapshot by the one taken at entry `number`."""

    def settled(self, book: str, original: int) -> Settled:
        """What was settled of an entry so far."""

    def marked(self, book: str, kind: MarkKind, what: str, most: int) -> list[Marked]:
        """What marks of a kind lead to, so many at most: those of these words, and those whose
        words go on after them (marks.of_document); of the same words the latest first. What it
        costs depends on `most` alone."""


class Described(NamedTuple):
    """A place as `doctor` tells it."""

    file: str
    exists: bool
    size_bytes: int
    views_bytes: int
    disk_free_bytes: int
    remarks: list[str]
    """What makes keeping a log here unsafe."""
    shortages: list[str]
    """What this place lacks: space, permission."""
    keeper: str
    """The program or library that keeps logs here; `release` is its version."""
    release: str
    journal_mode: str
    synchronous: str
    why: str


class Place(Protocol):
    """Where a log is kept."""

    @property
    def views(self) -> Path:
        """Where the view database of this log lies on this machine."""

    def exists(self) -> bool:
        """Whether a log is there; what is empty is none."""

    def ready(self) -> None:
        """Raises `Unwritable` where no log could be made."""

    def now(self) -> datetime:
        """The clock that a first entry would be recorded by."""

    def keeps(self, file: Path) -> bool:
        """Whether a file is one of those that the log and its views are kept in, or would be taken
        for a part of another."""

    def reading(
        self, waiting: Waiting = silently, *, anyhow: bool = False
    ) -> AbstractContextManager[Log]:
        """The log for reading; `anyhow` even where its tables are not as they should be, for who
        tells what is wrong. Raises `NoLog`, `ForeignFile`, `NotOurs`, `OtherFormat`, `Corrupt`,
        `Busy`, `Unwritable`."""

    def writing(
        self,
        books: Collection[str],
        *,
        beside_read: Collection[str] = (),
        key: str | None = None,
        opening: bool = False,
        waiting: Waiting = silently,
    ) -> AbstractContextManager[Transaction]:
        """A transaction on these books, that may read others; what leaves it with an exception has
        recorded nothing. Only with `opening` a log is made where there is none. `key` is the
        first that will be looked up: a log far away can fetch it together with the heads. Raises
        what `reading` raises, and `Conflicting`."""

    def close(self) -> None:
        """Closes what writing left open between two transactions."""

    def described(self) -> Described:
        """The place itself, for `doctor`."""


def row_of(log: Log, book: str, number: int) -> StoredRow | None:
    """One stored row."""
    return next(log.rows(book, after=number - 1, upto=number), None)


def number_of_key(log: Log, book: str, key: str) -> int | None:
    """The entry that answered an idempotency key."""
    return log.numbers_of(book, (key,)).get(key)


def hash_at(log: Log, book: str, number: int) -> bytes | None:
    """The recorded hash of entry `number`; of entry 0, the genesis."""
    if number == 0:
        return GENESIS
    found = row_of(log, book, number)
    return None if found is None else found.hash


def borne_out(log: Log, book: str) -> Head | None:
    """The recorded head, which the last entry bears out; None if the book was never opened. For who
    gives it out: raises `Corrupt` where the entries do not end there."""
    head = log.head(book)
    if head is None:
        return None
    if hash_at(log, book, head.entries) != head.hash:
        raise Corrupt(Damage.CHAIN_HEAD, f"{book} 的末端与记录的末端不符", book=book)
    return head
