"""Who writes next? One writer holds a SQLite file, and SQLite lets whoever asks at the right moment
have it: a program that writes in a loop would starve all others.

So those that wait stand behind a second lock, on a file beside the log that is made when somebody
first has to wait. The one that holds it is next. A writer that comes asks for it too, and waits
with the others while somebody is next; of those each is as likely as any other (L53).
"""

import os
import select
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger.store.log import Waiting
from ledger.store.sqlite import files

try:
    import fcntl
except ImportError:  # no such locks on this system: then SQLite alone decides
    fcntl = None  # type: ignore[assignment]

_LOOK_AGAIN_MS = 2
_NEXT_WAITS_MS = 20
"""How long SQLite itself waits for the file before the one that is next looks at the clock."""


def queue_path(path: Path) -> Path:
    """The file behind which the writers of a log wait."""
    return files.beside(path, ".queue")


def begin(connection: sqlite3.Connection, path: Path, waiting: Waiting) -> None:
    """BEGIN IMMEDIATE on the log at `path`, in turn with other writers. Raises what SQLite raises;
    busy when it was not this writer's turn for files.BUSY_SECONDS."""
    started, told = time.monotonic_ns(), False
    with _Queue(queue_path(path)) as queue:
        while True:
            if queue.may_try():
                try:
                    connection.execute(f"PRAGMA busy_timeout = {queue.patience_ms}")
                    connection.execute("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if not files.is_busy(error):
                        raise
                    if _since(started) >= files.BUSY_SECONDS * 1000:
                        raise
                    queue.line_up()
                finally:
                    connection.execute(f"PRAGMA busy_timeout = {files.BUSY_SECONDS * 1000}")
            else:
                queue.look_away()
            if not told and _since(started) >= files.PATIENCE_SECONDS * 1000:
                waiting()
                told = True


def _since(started_ns: int) -> int:
    return (time.monotonic_ns() - started_ns) // 1_000_000


class _Queue:
    """A place in the queue, if there is one at all. Raises nothing: without it SQLite decides."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._next = False

    def __enter__(self) -> Self:
        if fcntl is not None and self._path.exists():
            self._open(os.O_RDWR)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)  # lets the next one in

    @property
    def patience_ms(self) -> int:
        """How long SQLite may wait for the file in one try: not at all before there is a queue."""
        return _NEXT_WAITS_MS if self._next else 0

    def may_try(self) -> bool:
        """Whether nobody else is next."""
        if self._file is not None and not self._next:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            except OSError:  # a file system without locks: SQLite alone decides
                pass
            self._next = True
        return True

    def line_up(self) -> None:
        """The log is held by another: from now on there is a queue."""
        if self._file is None and fcntl is not None:
            self._open(os.O_RDWR | os.O_CREAT)
        self._next = self._next or self._file is None

    def look_away(self) -> None:
        """Lets others run for a moment."""
        select.poll().poll(_LOOK_AGAIN_MS)

    def _open(self, flags: int) -> None:
        with suppress(OSError):
            self._file = os.open(self._path, flags | os.O_CLOEXEC, 0o666)
