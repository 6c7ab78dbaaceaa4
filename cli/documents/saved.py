"""A result in a file or folder of the user's choice: whole or not at all, over what is there only
where that was said (`--force`), and never over a book."""

import errno
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import msgspec

from ledger.errors import Malformed, Occupied, Unreadable
from ledger.parse import local
from ledger.store.log import Place

_SQLITE = b"SQLite format 3\0"
_STREAMS = {"stdout": 1, "stderr": 2}
_DESCRIPTOR = re.compile(r"/dev/(stdout|stderr)|/(?:dev|proc/self)/fd/([0-9]{1,4})")


class SavedTable(msgspec.Struct, frozen=True):
    """The receipt of one table in a file, its format a word of `--format`."""

    file: str
    table: int
    format: str


class SavedTables(msgspec.Struct, frozen=True):
    """The receipt of all tables in one workbook."""

    file: str
    tables: list[int]


def no_database(file: Path, *, db: Place, field: str) -> None:
    """Raises `Malformed` if the file is the book `db`, its views or any other database."""
    target = Path(os.path.realpath(file))
    with _naming(file):
        if db.keeps(target) or _is_database(target):
            expected = "另一个文件（这是账文件、查询视图或别的数据库，不会被覆盖）"
            raise Malformed(
                Unreadable.OUTPUT_DATABASE, field=field, value=str(file), expected=expected
            )


def save(file: Path, contents: bytes, *, db: Place, field: str, force: bool) -> None:
    """Writes `contents` to `file`, as `replaced` does."""
    with replaced(file, db=db, field=field, force=force) as fresh:
        fresh.write_bytes(contents)


@contextmanager
def replaced(file: Path, *, db: Place, field: str, force: bool) -> Iterator[Path]:
    """Where to write what `file` shall hold; what it held before stays until the new bytes are on
    the disk. `field` is the option that named it, `force` whether what is there may go.

    Raises `Malformed` if the file is the book `db`, its views or any other database, forced or
    not, `Occupied` if it is there and not forced, `OSError` (naming `file`) if it cannot be
    written.
    """
    no_database(file, db=db, field=field)
    target = Path(os.path.realpath(file))  # what a link points to is written, the link stays
    with _naming(file):
        if file.is_dir():
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        descriptor = _descriptor(file) if file.is_file() else None
        if descriptor is None and file.exists() and not file.is_file():
            yield file  # a pipe or a device
            return
        there = descriptor is None and target.exists()
        if there:
            if not force:
                raise _occupied(file, field)
            target.open("r+b").close()  # a file that is read-only is not replaced either
        fresh = _beside(target) if descriptor is None else _elsewhere()
        try:
            fresh.open("xb").close()
            yield fresh
            if descriptor is not None:
                _pour(fresh, descriptor)
                return
            _sync(fresh)
            if there:
                shutil.copymode(target, fresh)
                fresh.replace(target)
            else:
                _place(fresh, target, file, field)
        finally:
            fresh.unlink(missing_ok=True)


@contextmanager
def filled(folder: Path, *, db: Place, field: str) -> Iterator[Path]:
    """An empty folder to write files into, which becomes `folder` when all of them are there.

    Raises `Malformed` if something is there already, but for an empty folder, `OSError` (naming
    `folder`) if it cannot be written.
    """
    target = Path(os.path.realpath(folder))
    with _naming(folder):
        no_database(folder, db=db, field=field)
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


def _occupied(file: Path, field: str) -> Occupied:
    found = file.stat()
    modified = local(datetime.fromtimestamp(found.st_mtime, UTC))
    said = modified.isoformat(" ", "seconds")
    return Occupied(str(file), field=field, size=found.st_size, modified=said)


def _place(fresh: Path, target: Path, file: Path, field: str) -> None:
    """Gives a new file its name, unlike a rename never over what has appeared meanwhile."""
    try:
        os.link(fresh, target)
    except FileExistsError:
        raise _occupied(file, field) from None
    except OSError:  # a file system without hard links
        fresh.replace(target)


def _descriptor(file: Path) -> int | None:
    """The number of what this program was started with, where a file is only a name for it: what
    is there is the shell's, which may add to it (`-o /dev/stdout >> all.txt`)."""
    named = _DESCRIPTOR.fullmatch(str(file))
    if named is None:
        return None
    return _STREAMS[named[1]] if named[1] else int(named[2])


def _pour(fresh: Path, descriptor: int) -> None:
    """Writes what is in a file where an open one stands now."""
    with fresh.open("rb") as source, os.fdopen(os.dup(descriptor), "wb") as stream:
        shutil.copyfileobj(source, stream)
    if descriptor == _STREAMS["stdout"]:
        sys.stdout = sys.stderr  # what else there is to say is no part of the file


def _elsewhere() -> Path:
    return Path(tempfile.gettempdir()) / f"yusuan-{token_hex(8)}.tmp"


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
