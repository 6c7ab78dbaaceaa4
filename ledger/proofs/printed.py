"""A head as it is printed."""

import msgspec


class PrintedHead(msgspec.Struct, frozen=True):
    """A head as contract §1 prints it: the hash as 64 hexadecimal digits."""

    entries: int
    hash: str
