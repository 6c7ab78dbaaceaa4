"""`doctor`: is this machine, this SQLite and this file sound?"""

import os
import platform
import shutil
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cli.commands.keep.audit import INTEGRITY
from cli.session import Session, leave
from cli.terminal.options import verb
from cli.text.keep.doctor import condition
from ledger.errors import Corrupt
from ledger.store.sqlite import log
from projections.views.feed import opened_log
from projections.views.schema import views_path

_PACKAGES = ("yusuan", "eventsourcing", "msgspec", "sqlite-utils", "typer", "rich")
_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs")
_DISK_LOW = 1 << 30
FINDINGS = 1


@verb("doctor")
def doctor(session: Session) -> None:
    journal, synchronous = log.journal_mode()
    why = (
        "本机 SQLite 已修复 WAL 的缺陷"
        if journal == "WAL"
        else "本机 SQLite 的 WAL 在多连接时可能损坏文件（3.51.3、3.50.7、3.44.6 起修复）"
    )
    found = _file(session)
    answer: dict[str, Any] = {
        "ok": not found["problems"],
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "packages": {name: version(name) for name in _PACKAGES},
        "sqlite": sqlite3.sqlite_version,
        "journal_mode": journal,
        "synchronous": synchronous,
        "why": why,
        **found,
    }
    if found["damaged"]:
        answer |= {"code": "FILE.DAMAGED", "message": "；".join(found["problems"])}
    session.answer_dict(answer, condition)
    if found["problems"]:
        leave(INTEGRITY if found["damaged"] else FINDINGS)


def _file(session: Session) -> dict[str, Any]:
    path = session.db
    folder = path.absolute().parent
    problems: list[str] = []
    damaged = False
    books: dict[str, int] = {}
    if path.exists():
        problems += _place(path)
        try:
            with opened_log(path, session.waiting) as connection:
                said = [row[0] for row in connection.execute("PRAGMA integrity_check(5)")]
                for book in log.books(connection):
                    head = log.head(connection, book)
                    books[book] = head.entries if head else 0
            if said != ["ok"]:
                damaged = True
                problems.append("账文件损坏：" + "；".join(map(str, said)))
        except Corrupt as corrupt:
            damaged = True
            problems.append(str(corrupt))
        except log.NoLog:
            problems.append("文件是空的，还没有建账")
    free = shutil.disk_usage(folder).free if folder.exists() else 0
    if not folder.exists():
        problems.append(f"目录 {folder} 不存在")
    elif free < _DISK_LOW:
        problems.append(f"磁盘可用空间只有 {free / (1 << 20):.0f} MB")
    if folder.exists() and not os.access(folder, os.W_OK):
        problems.append(f"目录 {folder} 不可写")
    return {
        "file": str(path.absolute()),
        "exists": path.exists(),
        "size_bytes": path.stat().st_size if path.exists() else 0,
        "views_bytes": views_path(path).stat().st_size if views_path(path).exists() else 0,
        "books": books,
        "disk_free_bytes": free,
        "problems": problems,
        "damaged": damaged,
    }


def _place(path: Path) -> list[str]:
    """Places where SQLite's locks or journals do not protect a file."""
    problems = []
    if path.stat().st_nlink > 1:
        problems.append("账文件有多个硬链接：经不同名字同时打开会绕过日志文件，可能损坏")
    kind = _file_system(path)
    if kind.startswith(_NETWORK):
        problems.append(f"账文件在网络文件系统（{kind}）上：锁不可靠，请移到本机磁盘")
    if not os.access(path, os.W_OK):
        problems.append("账文件不可写，只能查询")
    return problems


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
