"""How a SQLite file of ours is waited for, and what its errors mean to a person. The log and its
views are such files.

What lies beside the log (its views, its queue, notes of an audit) is written only where nobody else
can lose anything by it: `alone` says what lies at such a name, `opened` opens that and nothing
else.
"""

import os
import select
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from ledger.errors import Corrupt, Damage
from ledger.store.log import Busy, NotOurs, Unwritable, Waiting, silently

Found = TypeVar("Found")
DATABASE = b"SQLite format 3\0"
JOURNAL = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
WAL = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
"""How SQLite's files begin."""
BUSY_SECONDS = 60
PATIENCE_SECONDS = 1

WAL_FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""SQLite releases from which a WAL database with several connections cannot be corrupted."""


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> tuple[str, str]:
    """(journal_mode, synchronous) for a SQLite release: WAL and FULL where WAL is sound, else the
    rollback journal with EXTRA. Either way an acknowledged commit survives a power failure."""
    sound = version >= WAL_FIXED[0] or any(
        version[:2] == fixed[:2] and version >= fixed for fixed in WAL_FIXED[1:]
    )
    return ("WAL", "FULL") if sound else ("DELETE", "EXTRA")


def beside(path: Path, suffix: str) -> Path:
    """The file that lies beside another under its name with `suffix` added; a folder that was named
    by mistake (`.`, `/`) has such a name too, and is refused when it is opened."""
    return Path(f"{path}{suffix}")


def of_database(path: Path) -> list[Path]:
    """A database, and what SQLite keeps beside it while it is open."""
    return [beside(path, suffix) for suffix in ("", "-journal", "-wal", "-shm")]


def alone(path: Path) -> os.stat_result | None:
    """What lies at a name beside the log: a file that has this name alone, or None where nothing
    lies there. Raises `NotOurs` where it is a link, which leads elsewhere, a file that has another
    name too, or no file; `OSError` where that cannot be seen."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    what = _WHAT.get(stat.S_IFMT(found.st_mode), "是设备")
    if not what and found.st_nlink > 1:
        what = f"是另一个文件的又一个名字（硬链接，共 {found.st_nlink} 个）"
    if what:
        raise NotOurs(str(path), what)
    return found


_WHAT = {
    stat.S_IFREG: "",
    stat.S_IFLNK: "是符号链接",
    stat.S_IFDIR: "是目录",
    stat.S_IFIFO: "是管道",
    stat.S_IFSOCK: "是套接字",
}


def opened(path: Path, found: os.stat_result, flags: int = os.O_RDONLY) -> int:
    """Opens what `alone` has found, whatever was put in its place meanwhile. Raises `NotOurs` and
    `OSError`."""
    file = os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not os.path.samestat(found, os.fstat(file)):
        os.close(file)
        raise NotOurs(str(path), "刚刚被换成了另一个文件")
    return file


def made(path: Path, flags: int = os.O_WRONLY) -> int:
    """Opens a new file where `alone` has found nothing. Raises `OSError`, also where something
    lies there by now."""
    flags |= os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR | stat.S_IRGRP | stat.S_IROTH)


def at_rest(paths: Sequence[Path], look: Callable[[], Found]) -> Found:
    """What `look` says of files while nobody writes them. A writer of ours makes, fills and deletes
    them at any moment: what it raises counts where nothing has changed while it looked, or where
    they do not come to rest."""
    until = time.monotonic() + _RESTLESS_SECONDS
    while True:
        before = _seen(paths)
        try:
            return look()
        except (NotOurs, Corrupt):
            select.poll().poll(_PAUSE_MS)
            if _seen(paths) == before or time.monotonic() >= until:
                raise


_PAUSE_MS, _RESTLESS_SECONDS = 50, 5


def _seen(paths: Sequence[Path]) -> list[tuple[int, int, int] | None]:
    """What tells whether one of the files was written in between."""
    seen: list[tuple[int, int, int] | None] = []
    for path in paths:
        try:
            found = os.lstat(path)
        except OSError:
            seen.append(None)
        else:
            seen.append((found.st_ino, found.st_size, found.st_mtime_ns))
    return seen


def patiently(
    connection: sqlite3.Connection, statement: str, waiting: Waiting = silently
) -> sqlite3.Cursor:
    """Runs the statement that takes the file's lock, outside a transaction, telling once that it
    has to wait. SQLite itself does not wait for everything: who would change the journal of a file
    that another is writing hears at once that it is busy."""
    try:
        connection.execute(f"PRAGMA busy_timeout = {int(PATIENCE_SECONDS * 1000)}")
        return connection.execute(statement)
    except sqlite3.OperationalError as error:
        if not is_busy(error):
            raise
        waiting()
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        until = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                return connection.execute(statement)
            except sqlite3.OperationalError as again:
                if not is_busy(again) or time.monotonic() >= until:
                    raise
            select.poll().poll(_PAUSE_MS)
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")


@contextmanager
def translated(path: Path, damaged: Damage = Damage.FILE_DAMAGED) -> Iterator[None]:
    """Turns what SQLite says into what a person can act on: corrupt, busy or not writable."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # Python cannot even decode what SQLite says of some damaged schemas.
        raise explained(error, path, damaged) from error


def explained(error: BaseException, path: Path, damaged: Damage = Damage.FILE_DAMAGED) -> Exception:
    """The `Corrupt`, `Busy` or `Unwritable` behind an error of SQLite."""
    name = getattr(error, "sqlite_errorname", "") or ""
    text = str(error)
    if is_busy(error):
        return Busy(f"{path} 正被另一个程序占用，等待 {BUSY_SECONDS} 秒后仍未释放")
    if path.is_dir() or not path.absolute().parent.is_dir():
        return Unwritable(f"{path} 是目录，或所在的目录不存在；应为账文件的路径")
    environment = ("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")
    if name.startswith(environment) or not os.access(path.parent, os.R_OK | os.X_OK):
        return Unwritable(f"{path} 无法读写（{text}）；请检查磁盘空间和文件权限")
    if name.startswith("SQLITE_IOERR") and name != "SQLITE_IOERR_SHORT_READ":
        return Unwritable(f"{path} 读写出错（{text}）")
    return Corrupt(damaged, f"{path} 已损坏或不是数据库（{text}）")


def is_busy(error: BaseException) -> bool:
    """Whether another process holds the file. "Locking protocol" is what SQLite says of a file in
    WAL mode when the other was suspended, or found no processor, while it began to use the file."""
    name = getattr(error, "sqlite_errorname", "") or ""
    return name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_PROTOCOL"))
