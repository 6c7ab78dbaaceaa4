"""How far a book goes: its head, known without a hash function."""

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


EMPTY = Head(0, GENESIS)
