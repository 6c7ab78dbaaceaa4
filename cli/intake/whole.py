"""A file of any kind as its bytes, for which nothing of its inside matters."""

from pathlib import Path

from ledger.errors import Malformed, Unreadable


def whole(path: Path, *, field: str) -> bytes:
    """The bytes of a file. Raises `Malformed` where it is none: a folder, a pipe or a device has no
    bytes of its own."""
    if not path.is_file():
        unreadable = Unreadable.FILE_TYPE if path.exists() else Unreadable.FILE_MISSING
        expected = "一个文件" if path.exists() else "已有的文件"
        raise Malformed(unreadable, field=field, value=str(path), expected=expected)
    return path.read_bytes()
