"""A result in a file or folder of the user's choice: whole or not at all, and never over a book."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import msgspec

from ledger.errors import Malformed, Unreadable
from ledger.store.log import Place

_SQLITE = b"SQLite format 3\0"


class SavedTable(msgspec.Struct, frozen=True):
    """The receipt of one table in a file, its format a word of `--format`."""

    file: str
    table: int
    format: str


class SavedTables(msgspec.Struct, frozen=True):
    """The receipt of all tables in one workbook."""

    file: str
    tables: list[int]


def save(file: Path, contents: bytes, *, db: Place) -> None:
    """Writes `contents` to `file`, as `replaced` does."""
    with replaced(file, db=db, field="output") as fresh:
        fresh.write_bytes(contents)


@contextmanager
def replaced(file: Path, *, db: Place, field: str) -> Iterator[Path]:
    """Where to write what `file` shall hold; what it held before stays until the new bytes are on
    the disk.

    Raises `Malformed` if the file is the book `db`, its views or any other database, `OSError`
    (naming `file`) if it cannot be written.
    """
    target = Path(os.path.realpath(file))  # what a link points to is written, the link stays
    with _naming(file):
        if db.keeps(target) or _is_database(target):
            expected = "另一个文件（这是账文件、查询视图或别的数据库，不会被覆盖）"
            raise Malformed(
                Unreadable.OUTPUT_DATABASE, field=field, value=str(file), expected=expected
            )
        if file.is_dir():
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        if file.exists() and not file.is_file():
            yield file  # a pipe or a device
            return
        there = target.exists()
        if there:
            target.open("r+b").close()  # a file that is read-only is not replaced either
        fresh = _beside(target)
        try:
            fresh.open("xb").close()
            yield fresh
            _sync(fresh)
            if there:
                shutil.copymode(target, fresh)
            fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)


@contextmanager
def filled(folder: Path, *, field: str) -> Iterator[Path]:
    """An empty folder to write files into, which becomes `folder` when all of them are there.

    Raises `Malformed` if something is there already, but for an empty folder, `OSError` (naming
    `folder`) if it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    with _naming(folder):
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            expected = "还不存在的目录，或空目录（已有的内容不会被覆盖）"
            raise Malformed(
                Unreadable.OUTPUT_EXISTS, field=field, value=str(folder), expected=expected
            )
        fresh = _beside(target)
        try:
            fresh.mkdir()
            yield fresh
            for file in fresh.iterdir():
                _sync(file)
            fresh.rename(target)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """A person knows the path that was typed, not what is written beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _beside(target: Path) -> Path:
    return target.with_name(f".yusuan-{token_hex(8)}.tmp")


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _is_database(file: Path) -> bool:
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.read(len(_SQLITE)) == _SQLITE
