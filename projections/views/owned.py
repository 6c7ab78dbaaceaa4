"""Whose FILE.views is, before anything is done to it.

A view database may be dropped and made anew at any time, so that all depends on its being one. A
file is known by its first bytes, read without SQLite, which would already roll back or take in a
journal that lies beside. What is not ours is left as it is, and so is what a link leads to: the
log itself may be there, or another program's data.
"""

import os
import sqlite3
from functools import partial
from pathlib import Path

from ledger.errors import Corrupt, Damage
from ledger.store.log import NotOurs, Unwritable
from ledger.store.sqlite import files

VIEWS_ID = 0x79737576  # "ysuv"
_IDENTITY = slice(68, 72)
_SCHEMA = slice(100, 105)
"""The root page of the schema: its kind, and in the end how many rows it has."""
_PAGES_BEFORE = slice(16, 20)
_BESIDE = {
    "-journal": (
        files.JOURNAL,
        bytes(len(files.JOURNAL)),
    ),  # one that is not used at the moment is zero
    "-wal": files.WAL,
    "-shm": (b"",),
}
"""How what SQLite keeps beside a database begins."""


def ours(file: Path) -> os.stat_result | None:
    """The views of ours that lie at this name, in whatever condition; None where nothing lies
    there, or an empty file: nothing that anybody could miss.

    Raises `NotOurs` where it is somebody else's, or what SQLite would keep beside it is; `Corrupt`
    where nobody can say; `OSError` where it may not be read. What changes while one looks is being
    written by another of us, and looked at again.
    """
    return files.at_rest(files.of_database(file), partial(_ours, file))


def _ours(file: Path) -> os.stat_result | None:
    found = files.alone(file)
    beside = {suffix: _beside(file, suffix) for suffix in _BESIDE}
    header = b"" if found is None else _beginning(file, found)
    if header[_IDENTITY] == VIEWS_ID.to_bytes(4, "big"):
        return found
    if beside["-wal"]:  # what ours would be would say so
        raise NotOurs(str(files.beside(file, "-wal")), "是别的数据库的日志")
    if not header:
        return None
    journal = beside["-journal"]
    if journal.startswith(files.JOURNAL) and not any(journal[_PAGES_BEFORE]):
        return None  # half of what was to be written into an empty file: SQLite takes it out again
    if not header.startswith(files.DATABASE):
        raise Corrupt(
            Damage.VIEWS_DAMAGED,
            f"{file} 不是查询视图，也不是数据库：可能已损坏，也可能是别人的文件，没有动它",
            way_out=f"看过之后把 {file} 移走或改名，再重做；其中没有账",
        )
    if not _is_blank(header):
        raise NotOurs(str(file), _ANOTHERS)
    return None


_ANOTHERS = "是别的数据库，不是查询视图"


def standing(file: Path) -> os.stat_result | None:
    """The file that may be filled with views: what lies at this name, or one made now; None where
    somebody was quicker. Raises what `ours` raises, and `Unwritable`."""
    found = ours(file) or files.alone(file)
    if found is not None:
        return found
    try:
        os.close(files.made(file))
    except FileExistsError:
        return None
    except OSError as error:
        raise Unwritable(f"{file} 无法写入（{error.strerror}）；请检查磁盘空间和权限") from error
    return files.alone(file)


def lies_at(file: Path, found: os.stat_result) -> bool:
    """Whether what was found at a name still lies there."""
    now = files.alone(file)
    return now is not None and os.path.samestat(now, found)


def check(views: sqlite3.Connection, file: Path) -> None:
    """What SQLite has opened says that it is ours, or holds nothing: to be asked under SQLite's
    lock, before anything is written. Raises `NotOurs`."""
    (identity,) = views.execute("PRAGMA application_id").fetchone()
    if identity == VIEWS_ID:
        return
    (parts,) = views.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
    if identity or parts:
        raise NotOurs(str(file), _ANOTHERS)


def _beside(file: Path, suffix: str) -> bytes:
    """The beginning of what SQLite keeps beside a database, if it does."""
    path = files.beside(file, suffix)
    found = files.alone(path)
    if found is None or found.st_size == 0:
        return b""
    try:
        header = _beginning(path, found)
    except FileNotFoundError:  # it goes with the transaction that it belongs to
        return b""
    if not header.startswith(_BESIDE[suffix]):
        raise NotOurs(str(path), "不是查询视图的日志")
    return header


def _beginning(path: Path, found: os.stat_result) -> bytes:
    file = files.opened(path, found)
    try:
        return os.read(file, _SCHEMA.stop)
    finally:
        os.close(file)


def _is_blank(header: bytes) -> bool:
    """Whether a database was never given a table, nor a purpose."""
    root = header[_SCHEMA]
    return root[:1] == b"\x0d" and not any(root[3:]) and not any(header[_IDENTITY])
