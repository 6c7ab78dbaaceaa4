"""A result in a file of the user's choice: whole or not at all, and never over a book."""

import os
import shutil
from pathlib import Path
from secrets import token_hex

from ledger.errors import Malformed
from projections.database import views_path

_SQLITE = b"SQLite format 3\0"


def save(file: Path, contents: bytes, *, db: Path) -> None:
    """Writes `contents` to `file`; what it held before stays until the new bytes are on the disk.

    Raises `Malformed` if the file is the book `db`, its views or any other database, `OSError`
    (naming `file`) if it cannot be written.
    """
    target = Path(os.path.realpath(file))  # what a link points to is written, the link stays
    try:
        if target in _files_of(db) or _is_database(target):
            expected = "另一个文件（这是账文件、查询视图或别的数据库，不会被覆盖）"
            raise Malformed("OUTPUT.DATABASE", field="output", value=str(file), expected=expected)
        if file.exists() and not file.is_file():
            file.write_bytes(contents)  # a pipe or a device; a folder refuses
        else:
            _replace(target, contents)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from error


def _files_of(db: Path) -> set[Path]:
    """The files that a book is kept in, and those that SQLite keeps beside them."""
    real = Path(os.path.realpath(db))
    kept = (real, Path(os.path.realpath(views_path(db))))
    beside = ("", "-journal", "-wal", "-shm")
    return {file.with_name(file.name + suffix) for file in kept for suffix in beside}


def _is_database(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE


def _replace(target: Path, contents: bytes) -> None:
    there = target.exists()
    if there:
        target.open("r+b").close()  # a file that is read-only is not replaced either
    fresh = target.with_name(f".yusuan-{token_hex(8)}.tmp")
    try:
        with fresh.open("xb") as opened:
            opened.write(contents)
            opened.flush()
            os.fsync(opened.fileno())
        if there:
            shutil.copymode(target, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
