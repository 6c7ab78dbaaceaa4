"""What lies beside a log under the names that SQLite takes for its own.

When SQLite opens a database it plays back `FILE-journal` and takes in `FILE-wal`, whosever they
are, and deletes them: a journal of another database overwrites the log, and somebody's own file of
such a name is gone. So before the log is opened, what is there must be recognised as its own (L60).
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from ledger.store.log import NotOurs
from ledger.store.sqlite import files

_EVERY_ROW = 0xFFFFFFFF


class _Header(NamedTuple):
    """What the first page of a database says."""

    page_size: int
    wal: bool
    changes: int
    pages: int
    application_id: bytes

    @classmethod
    def of(cls, page: bytes) -> "_Header | None":
        if len(page) < 100 or not page.startswith(files.DATABASE):
            return None
        size = int.from_bytes(page[16:18], "big")
        return cls(
            page_size=1 << 16 if size == 1 else size,
            wal=page[18:20] == b"\x02\x02",
            changes=int.from_bytes(page[24:28], "big"),
            pages=int.from_bytes(page[28:32], "big"),
            application_id=page[68:72],
        )


_IN_USE: dict[Path, int] = {}
"""How often this process uses a log at the moment."""
_USING = threading.Lock()


@contextmanager
def checked(log: Path) -> Iterator[None]:
    """Around all that SQLite does with a log: first `check`, unless this process uses it already.
    Then it was checked; and to close the log after a look at it would take from this process every
    lock that SQLite holds on it, even that of a transaction."""
    path = Path(os.path.realpath(log))
    with _USING:
        if path not in _IN_USE:
            check(path)
        _IN_USE[path] = _IN_USE.get(path, 0) + 1
    try:
        yield
    finally:
        with _USING:
            _IN_USE[path] -= 1
            if not _IN_USE[path]:
                del _IN_USE[path]


def check(log: Path) -> None:
    """Proves of what lies beside a log under SQLite's names that it is the log's. Raises `NotOurs`
    and `OSError`."""
    path = Path(os.path.realpath(log))
    for suffix, is_ours in (("-journal", _is_journal), ("-wal", _is_wal), ("-shm", _is_shm)):
        beside = files.beside(path, suffix)
        if os.path.lexists(beside):  # as hardly ever
            files.at_rest((beside, path), partial(_check, path, beside, is_ours))


def _check(path: Path, beside: Path, is_ours: Callable[[Path, Path], bool]) -> None:
    found = files.alone(beside)
    if found is None or not found.st_size:
        return
    with suppress(FileNotFoundError):  # it went with its transaction
        if not is_ours(beside, path):
            raise NotOurs(
                str(beside), "不是这个账文件的日志，或已损坏（移走之前，请把账文件和它一起备份）"
            )


def belongs_to(path: Path) -> Path | None:
    """The database beside which a file of this name would be taken for its own, if there is one."""
    for suffix in ("-journal", "-wal", "-shm", ".views", ".queue", ".audit"):
        if path.name.endswith(suffix):
            base = path.with_name(path.name.removesuffix(suffix))
            used = Path(os.path.realpath(base)) in _IN_USE
            if used or (base.is_file() and _first_page(base) is not None):
                return base
    return None


def _first_page(path: Path) -> _Header | None:
    try:
        with path.open("rb") as file:
            return _Header.of(file.read(100))
    except FileNotFoundError:
        return None


def _is_wal(wal: Path, log: Path) -> bool:
    """Only a database that says so has one."""
    header = _first_page(log)
    start = _read(wal, 0, 12)
    return (
        header is not None
        and header.wal
        and start.startswith(files.WAL)
        and int.from_bytes(start[8:12], "big") == header.page_size
    )


def _is_shm(_: Path, log: Path) -> bool:
    header = _first_page(log)
    return header is not None and header.wal


def _is_journal(journal: Path, log: Path) -> bool:
    """Whether a rollback journal holds pages of this log: its first page as it was before the
    transaction is one change older, or none, than the one that the log has; where it is not among
    them, the log's own still says how many pages there were."""
    start, header = _read(journal, 0, 28), _first_page(log)
    before, page_size = (int.from_bytes(start[at : at + 4], "big") for at in (16, 24))
    if not start[:12].strip(b"\0"):
        # Not filled, or not used any more: SQLite does nothing with it.
        return page_size == 0 or header is None or page_size == header.page_size
    if not start.startswith(files.JOURNAL):
        return False
    if header is None:
        return not before and not log.stat().st_size
    if not before:
        return header.changes <= 1  # the log was about to be made
    if page_size != header.page_size:
        return False
    first = _Header.of(_first_record(journal, header.page_size))
    if first is None:
        return before == header.pages
    return (
        first.application_id == header.application_id
        and first.pages == before
        and header.changes - first.changes in (0, 1)
    )


def _first_record(journal: Path, page_size: int) -> bytes:
    """The beginning of page 1 as a journal holds it; empty where it does not."""
    with journal.open("rb") as file:
        for position in _records(file.fileno(), page_size):
            if os.pread(file.fileno(), 4, position) == b"\0\0\0\1":
                return os.pread(file.fileno(), 100, position + 4)
    return b""


def _records(file: int, page_size: int) -> Iterator[int]:
    """Where the records of a journal stand: parts of it begin with a header of their own."""
    size, start = os.fstat(file).st_size, 0
    while True:
        header = os.pread(file, 28, start)
        if len(header) < 28 or not header.startswith(files.JOURNAL):
            return
        rows = int.from_bytes(header[8:12], "big")
        sector = int.from_bytes(header[20:24], "big") or 512
        fits = max(0, (size - start - sector) // (page_size + 8))
        rows = fits if rows in (0, _EVERY_ROW) else min(rows, fits)
        for row in range(rows):
            yield start + sector + row * (page_size + 8)
        end = start + sector + rows * (page_size + 8)
        start = -(-end // sector) * sector
        if start >= size:
            return


def _read(path: Path, start: int, length: int) -> bytes:
    with path.open("rb") as file:
        return os.pread(file.fileno(), length, start)
