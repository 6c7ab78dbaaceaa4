"""封签 as text."""

from typing import NamedTuple


class SealedHead(NamedTuple):
    """A head as contract §1 prints it: the hash as 64 hexadecimal digits."""

    entries: int
    hash: str


class Sealed(NamedTuple):
    """The seal of a book as it stands."""

    book: str
    as_of: None
    known_at: None
    seal: str
    entries: int
    head: SealedHead


def sealed(answer: Sealed) -> str:
    """封签, and what to do with it."""
    return (
        f"{answer.seal}\n账套 {answer.book} 前 {answer.entries} 笔的封签。"
        "请抄在账外（纸质、另一系统或报财政部门），日后用 yusuan audit --seal 核对"
    )
