"""A log in one SQLite file: the place that a path names.

It is written through eventsourcing's application over our recorder, which is loaded when the first
transaction begins: queries need none of it.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ledger.errors import Damage
from ledger.parse import local
from ledger.store.log import Conflicting, Described, NoLog, NotOurs, Unwritable, Waiting, silently
from ledger.store.sqlite import companions, files
from ledger.store.sqlite.log import SqliteLog, check_tables, connect
from ledger.store.sqlite.turns import queue_path

if TYPE_CHECKING:
    from ledger.store.sqlite.application import EventStore
    from ledger.store.sqlite.recorder import SqliteTransaction

_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs")
_DISK_LOW = 1 << 30


def system_clock() -> datetime:
    """Now, in the time zone of the books: its date is the clerk's today."""
    return local(datetime.now(UTC))


class SqlitePlace:
    """A log file (log.Place)."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = system_clock) -> None:
        self.path = path
        self._clock = clock
        self._store: EventStore | None = None
        self._using = ExitStack()

    def __str__(self) -> str:
        return str(self.path)

    def __reduce__(self) -> tuple[type["SqlitePlace"], tuple[Path]]:
        """For a process of its own: the file, and nothing that is open."""
        return SqlitePlace, (self.path,)

    @property
    def views(self) -> Path:
        """The view database: beside the file, with `.views` added."""
        return files.beside(self.path, ".views")

    def exists(self) -> bool:
        """Whether there is a file that is not empty."""
        return self.path.exists() and self.path.stat().st_size > 0

    def ready(self) -> None:
        """There is a folder for the file, and its name is no companion's. Raises `Unwritable`."""
        if not self.path.absolute().parent.is_dir():
            raise Unwritable(f"{self.path} 所在的目录不存在")
        owner = companions.belongs_to(self.path)
        if owner is not None:
            raise Unwritable(f"{self.path} 是数据库 {owner} 的附属文件所用的名字；请换一个文件名")

    def now(self) -> datetime:
        """The clock of this machine."""
        return self._clock()

    def keeps(self, file: Path) -> bool:
        """Whether a file is the log, its views, what SQLite keeps beside them, the queue, or the
        notes of an audit; or would be taken for such of another database."""
        target = Path(os.path.realpath(file))
        log, views = (Path(os.path.realpath(own)) for own in (self.path, self.views))
        databases = [file for own in (log, views) for file in files.of_database(own)]
        own = (*databases, queue_path(log), files.beside(log, ".audit"))
        return target in own or companions.belongs_to(target) is not None

    @contextmanager
    def reading(self, waiting: Waiting = silently, *, anyhow: bool = False) -> Iterator[SqliteLog]:
        """The log for reading, closed at the end. Raises `NoLog`, `ForeignFile`, `NotOurs`,
        `Corrupt`, `Busy` or `Unwritable`."""
        if not self.path.exists():
            raise NoLog(str(self.path))
        with companions.checked(self.path), files.translated(self.path):
            connection = connect(self.path, waiting)
            try:
                if not anyhow:
                    check_tables(connection, self.path)
                yield SqliteLog(connection)
            finally:
                connection.close()

    @contextmanager
    def writing(
        self,
        books: Collection[str],
        *,
        beside_read: Collection[str] = (),
        key: str | None = None,
        opening: bool = False,
        waiting: Waiting = silently,
    ) -> Iterator["SqliteTransaction"]:
        """A transaction that holds the file's write lock, whatever the books. Raises `NoLog` where
        the file has no tables and none are to be made, and what `reading` raises."""
        if not self.exists():
            if not opening:
                raise NoLog(str(self.path))
            self.ready()
        from eventsourcing.persistence import IntegrityError, PersistenceError

        try:
            with self._opened(waiting).transaction(self._clock) as transaction:
                transaction.begin(self.path, opening=opening)
                yield transaction
        except IntegrityError as error:
            said = files.explained(error.__cause__ or error, self.path)
            raise Conflicting(Damage.FILE_DAMAGED, str(said)) from error
        except (PersistenceError, UnicodeDecodeError) as error:
            raise files.explained(error.__cause__ or error, self.path) from error

    def close(self) -> None:
        """Closes what writing left open."""
        if self._store is not None:
            self._store.close()
            self._store = None
        self._using.close()

    def _opened(self, waiting: Waiting) -> "EventStore":
        if self._store is None:
            from ledger.store.sqlite.application import EventStore

            self._using.enter_context(companions.checked(self.path))
            self._store = EventStore.of(self.path, waiting)
        return self._store

    def described(self) -> Described:
        """The file and the folder that it lies in."""
        folder = self.path.absolute().parent
        free = shutil.disk_usage(folder).free if folder.exists() else 0
        journal, synchronous = files.journal_mode()
        return Described(
            file=str(self.path.absolute()),
            exists=self.path.exists(),
            size_bytes=_size(self.path),
            views_bytes=_size(self.views),
            disk_free_bytes=free,
            remarks=[*_of_file(self.path), *_of_queue(self.path)],
            shortages=[*_of_folder(folder, free)],
            keeper="sqlite",
            release=sqlite3.sqlite_version,
            journal_mode=journal,
            synchronous=synchronous,
            why=(
                "本机 SQLite 已修复 WAL 的缺陷"
                if journal == "WAL"
                else "本机 SQLite 的 WAL 在多连接时可能损坏文件（3.51.3、3.50.7、3.44.6 起修复）"
            ),
        )


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _of_file(path: Path) -> Iterator[str]:
    """Where SQLite's locks or journals do not protect a file."""
    if not path.exists():
        return
    if path.stat().st_nlink > 1:
        yield "账文件有多个硬链接：经不同名字同时打开会绕过日志文件，可能损坏"
    kind = _file_system(path)
    if kind.startswith(_NETWORK):
        yield f"账文件在网络文件系统（{kind}）上：锁不可靠，请移到本机磁盘"
    if not os.access(path, os.W_OK):
        yield "账文件不可写，只能查询"


def _of_queue(path: Path) -> Iterator[str]:
    """What keeps writers from waiting one behind the other."""
    queue = queue_path(path)
    try:
        found = files.alone(queue)
    except NotOurs as error:
        yield f"{error}；写入时不再排队"
    else:
        if found is not None and found.st_size:
            yield f"{queue} 不是空的，不是本程序的文件，没有动它；写入时不再排队"


def _of_folder(folder: Path, free: int) -> Iterator[str]:
    if not folder.exists():
        yield f"目录 {folder} 不存在"
        return
    if free < _DISK_LOW:
        yield f"磁盘可用空间只有 {(free + (1 << 19)) >> 20} MB"
    if not os.access(folder, os.W_OK):
        yield f"目录 {folder} 不可写"


def _file_system(path: Path) -> str:
    """The type of the file system that holds a file, where the machine tells."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for row in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        _, place, its_kind, *_ = row.split(" ")
        if path.absolute().is_relative_to(place) and len(place) >= len(best):
            best, kind = place, its_kind
    return kind
