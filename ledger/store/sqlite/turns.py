"""Who writes next? One writer holds a SQLite file, and SQLite lets whoever asks at the right moment
have it: a program that writes in a loop would starve all others.

So those that wait stand behind a second lock, on a file beside the log that is made when somebody
first has to wait. The one that holds it is next. A writer that comes asks for it too, and waits
with the others while somebody is next; of those each is as likely as any other (L54). The queue
only orders who asks: it keeps nobody from asking for ever, and who writes is SQLite's to say.
"""

import os
import select
import sqlite3
import stat
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger.store.log import NotOurs, Waiting
from ledger.store.sqlite import files

try:
    import fcntl
except ImportError:  # no such locks on this system: then SQLite alone decides
    fcntl = None  # type: ignore[assignment]

_LOOK_AGAIN_MS = 2
_NEXT_WAITS_MS = 20
"""How long SQLite itself waits for the file before the one that is next looks at the clock."""
OVERDUE_MS = 1000
"""After so long one that is not next asks all the same: whoever is next may have been suspended."""


def queue_path(path: Path) -> Path:
    """The file behind which the writers of a log wait, by whatever name they know the log."""
    return files.beside(Path(os.path.realpath(path)), ".queue")


def begin(connection: sqlite3.Connection, path: Path, waiting: Waiting) -> None:
    """BEGIN IMMEDIATE on the log at `path`, in turn with other writers. Raises what SQLite raises;
    busy when it was not this writer's turn for files.BUSY_SECONDS."""
    started, told = time.monotonic_ns(), False
    with _Queue(path) as queue:
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

    def __init__(self, log: Path) -> None:
        self._log = log
        self._path = queue_path(log)
        self._file: int | None = None
        self._next = False
        self._asked = time.monotonic_ns()

    def __enter__(self) -> Self:
        if fcntl is not None:
            self._open()
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
        """Whether nobody else is next, or has been for too long."""
        if self._file is not None and not self._next:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if _since(self._asked) < OVERDUE_MS:
                    return False
                self._asked = time.monotonic_ns()
                return True
            except OSError:  # a file system without locks: SQLite alone decides
                pass
            self._next = True
        return True

    def line_up(self) -> None:
        """The log is held by another: from now on there is a queue."""
        if self._file is None and fcntl is not None:
            self._make()
            self._open()
        self._next = self._next or self._file is None

    def look_away(self) -> None:
        """Lets others run for a moment."""
        select.poll().poll(_LOOK_AGAIN_MS)

    def _make(self) -> None:
        """Whoever may open the log may wait with the others, whatever the umask of the first."""
        with suppress(OSError):
            made = files.made(self._path)
            with suppress(OSError):
                os.fchmod(made, stat.S_IMODE(self._log.stat().st_mode))
            os.close(made)

    def _open(self) -> None:
        """Only a file of its own, and an empty one, as we make it: to close one that is the log by
        another name would take from this process the locks that SQLite holds on it."""
        with suppress(OSError, NotOurs):
            found = files.alone(self._path)
            if found is not None and not found.st_size:
                self._file = files.opened(self._path, found)
