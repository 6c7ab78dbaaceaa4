"""From stored rows to the state of a book, each row proved by the chain.

A snapshot saves reading a long book from its beginning. It carries the head that it was taken at
and its own SHA-256, and is left aside when either is wrong, so it can be lost. Where both are right
it is taken as it stands and the rows before it are not read again; that it is what those rows give
is proved by audit, which reads every row.
"""

from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple

from ledger.errors import Corrupt, Damage
from ledger.events import FORMAT, Entry, decode
from ledger.proofs.chain import link
from ledger.proofs.head import EMPTY, Head
from ledger.state import BookState, evolve, freeze, initial, thaw
from ledger.store.log import Log, StoredRow, hash_at, row_of

SNAPSHOT_INTERVAL = 100
"""Entries after which a writer leaves a new snapshot; a book of so many has one."""
_DIGEST = 32
_FORMAT = FORMAT.to_bytes(4, "big")


def stored_entry(log: Log, book: str, number: int) -> Entry:
    """One entry of a book. Raises `Corrupt` when it is missing or cannot be read."""
    found = row_of(log, book, number)
    if found is None:
        raise Corrupt(Damage.ENTRY_NUMBER, f"{book} 缺少第 {number} 笔")
    return read_entry(book, found)


def read_entry(book: str, row: StoredRow) -> Entry:
    """The entry of a stored row. Raises `Corrupt`."""
    try:
        entry = decode(row.stored)
    except ValueError as error:
        message = f"{book} 第 {row.number} 笔的内容无法读取：{error}"
        raise Corrupt(Damage.ENTRY_BYTES, message) from error
    if entry.book != book or entry.number != row.number:
        raise Corrupt(
            Damage.BOOK_CORRUPT, f"{book} 第 {row.number} 笔自称 {entry.book} 第 {entry.number} 笔"
        )
    return entry


def read_state(log: Log, book: str, upto: int | None = None) -> tuple[BookState, Head]:
    """The state and head of a book, from its snapshot and the entries after it.

    Every entry read is verified against the chain, and the last against the head row. Raises
    `Corrupt`.
    """
    recorded = log.head(book) or EMPTY
    state, head, _ = from_snapshot(log, book)
    last = recorded.entries if upto is None else upto
    if state.number > last:
        state, head = initial(book), EMPTY
    for row in log.rows(book, after=state.number, upto=last):
        entry = read_entry(book, row)
        head = Head(row.number, link(head.hash, book, row.number, row.tag, row.stored))
        if head.hash != row.hash:
            raise Corrupt(Damage.CHAIN_HASH, f"{book} 第 {row.number} 笔与哈希链不符")
        evolve(state, entry)
    if upto is None and head != recorded:
        raise Corrupt(Damage.CHAIN_HEAD, f"{book} 的末端与记录的末端不符")
    return state, head


def proved(log: Log, book: str, position: Head, head: Head) -> Iterator[tuple[StoredRow, Entry]]:
    """The rows after `position` up to `head` and their entries, each proved by the chain. Raises
    `Corrupt`."""
    number, hash_ = position.entries, position.hash
    for row in log.rows(book, after=number, upto=head.entries):
        number += 1
        hash_ = link(hash_, book, row.number, row.tag, row.stored)
        if row.number != number or hash_ != row.hash:
            raise Corrupt(Damage.CHAIN_HASH, f"{book} 第 {row.number} 笔与哈希链不符")
        yield row, read_entry(book, row)
    if (number, hash_) != (head.entries, head.hash):
        raise Corrupt(Damage.CHAIN_HEAD, f"{book} 的末端与记录的末端不符")


def freeze_snapshot(state: BookState, head: Head) -> bytes:
    """A snapshot: SHA-256 of the rest, the number of the format, the head it was taken at, the
    state."""
    body = _FORMAT + head.hash + freeze(state)
    return sha256(body).digest() + body


class Start(NamedTuple):
    """Where reading a book starts: a state and its head, and why a snapshot was left aside."""

    state: BookState
    head: Head
    ignored: str = ""


def from_snapshot(log: Log, book: str) -> Start:
    """The latest snapshot; the beginning if there is none or it is not what it says."""
    snapshot = log.snapshot(book)
    if snapshot is None:
        return Start(initial(book), EMPTY)
    number, stored = snapshot
    digest, body = stored[:_DIGEST], stored[_DIGEST:]
    format_, rest = body[: len(_FORMAT)], body[len(_FORMAT) :]
    taken_at = rest[:_DIGEST]
    ignored = "快照损坏，已忽略"
    if sha256(body).digest() != digest:
        pass
    elif format_ != _FORMAT:
        ignored = "快照由另一版本的程序写成，已忽略"
    elif hash_at(log, book, number) != taken_at:
        ignored = "快照所在的末端与账不符，已忽略"
    else:
        with suppress(ValueError):
            state = thaw(rest[_DIGEST:])
            if state.book == book and state.number == number:
                return Start(state, Head(number, taken_at))
    return Start(initial(book), EMPTY, ignored)
