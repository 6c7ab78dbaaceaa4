"""The queue orders who asks, and nothing that is done to it keeps a writer from writing or lets two
write at once."""

import fcntl
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ledger.store.log import Busy
from ledger.store.sqlite import files, turns
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.called import opened

ASKS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
else:
    print("free")
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return opened(tmp_path / "book.db", 10)


@pytest.fixture
def queue(log: Path) -> Path:
    return turns.queue_path(log)


@pytest.fixture
def next_is_suspended(queue: Path) -> Iterator[None]:
    """Somebody is next and does nothing."""
    with queue.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def another(log: Path) -> str:
    """What another process is told that asks for the log."""
    return subprocess.run(
        [sys.executable, "-c", ASKS, str(log)], capture_output=True, text=True, check=True
    ).stdout.strip()


def write(log: Path) -> str:
    """What another process is told while this one writes."""
    place = SqlitePlace(log)
    try:
        with place.writing(["420103/2020"]):
            return another(log)
    finally:
        place.close()


def test_one_that_is_suspended_while_it_is_next_holds_nobody_up(
    log: Path, next_is_suspended: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(turns, "OVERDUE_MS", 20)
    assert write(log) == "database is locked"


def test_a_log_that_stays_held_is_busy_whoever_is_next(
    log: Path, next_is_suspended: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(turns, "OVERDUE_MS", 20)
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.1)
    holder = sqlite3.connect(log, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        write(log)
    holder.close()


@pytest.mark.parametrize(
    "lay",
    [
        lambda queue, log: queue.symlink_to(log),
        lambda queue, log: queue.hardlink_to(log),
        lambda queue, log: queue.symlink_to(queue.with_name("nowhere")),
        lambda queue, log: queue.mkdir(),
        lambda queue, log: os.mkfifo(queue),
    ],
    ids=["link to the log", "hard link to the log", "link to nowhere", "folder", "pipe"],
)
def test_what_is_no_queue_of_ours_is_not_opened(
    lay: Callable[[Path, Path], None], log: Path, queue: Path
):
    lay(queue, log)
    assert write(log) == "database is locked"
    assert not queue.with_name("nowhere").exists()


@pytest.mark.parametrize("mode", [0o666, 0o660, 0o600])
def test_whoever_may_open_the_log_may_wait(
    mode: int, log: Path, queue: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.05)
    log.chmod(mode)
    holder = sqlite3.connect(log, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy):
        write(log)
    holder.close()
    assert stat.S_IMODE(queue.stat().st_mode) == mode


def test_a_log_has_one_queue_by_whatever_name(log: Path, queue: Path):
    name = log.with_name("other.db")
    name.symlink_to(log)
    assert turns.queue_path(name) == queue
