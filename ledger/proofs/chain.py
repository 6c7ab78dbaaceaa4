"""The chain that makes a book one piece: every entry's hash covers the one before and every stored
byte of its own. A seal is a head written down outside the system.

hash(n) = SHA-256(hash(n−1) ‖ book ␟ n ␟ tag ␟ ‖ stored bytes), hash(0) = 32 zero bytes. A book
verifies alone and keeps its head when it moves between files.
"""

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ledger.proofs.printed import PrintedHead

GENESIS = bytes(32)


class Head(NamedTuple):
    """How far a book goes: its number of entries and the hash of the last."""

    entries: int
    hash: bytes

    def printed(self) -> "PrintedHead":
        """The head for people and programs."""
        from ledger.proofs.printed import PrintedHead  # a start-up needs no msgspec

        return PrintedHead(self.entries, self.hash.hex())

    def json(self) -> dict[str, object]:
        """The head as contract §1 prints it."""
        return {"entries": self.entries, "hash": self.hash.hex()}


EMPTY = Head(0, GENESIS)


def link(previous: bytes, book: str, number: int, tag: str, stored: bytes) -> bytes:
    """The hash of an entry, 32 bytes."""
    return sha256(previous + f"{book}\x1f{number}\x1f{tag}\x1f".encode() + stored).digest()
