"""The chain that makes a book one piece: every entry's hash covers the one before and every stored
byte of its own. A seal is a head written down outside the system.

hash(n) = SHA-256(hash(n−1) ‖ book ␟ n ␟ tag ␟ ‖ stored bytes), hash(0) = 32 zero bytes. A book
verifies alone and keeps its head when it moves between files.
"""

from hashlib import sha256


def link(previous: bytes, book: str, number: int, tag: str, stored: bytes) -> bytes:
    """The hash of an entry, 32 bytes."""
    return sha256(previous + f"{book}\x1f{number}\x1f{tag}\x1f".encode() + stored).digest()
