"""Where and with what it was measured."""

import os
import platform
import sysconfig
from datetime import UTC, datetime
from pathlib import Path

from scripts.benchmarks.processes import quiet

LIBRARIES = ("eventsourcing", "msgspec", "sqlite-utils", "typer", "rich")


def machine() -> dict[str, str]:
    """Where and with what this was measured."""
    import sqlite3
    from importlib.metadata import version

    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _commit_id(),
        "machine": f"{os.cpu_count()} × {_processor()}, {_memory()}",
        "system": f"{platform.system()} {platform.release()}",
        "load before": load(),
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
        "its build": _build(),
        "SQLite": sqlite3.sqlite_version,
        **{name: version(name) for name in LIBRARIES},
    }


def _build() -> str:
    """How this Python was compiled: one that is optimised by a profile of itself (Debian's and
    most that are shipped) is faster than one that is not."""
    arguments = str(sysconfig.get_config_var("CONFIG_ARGS") or "")
    told = [
        f"{'with' if option in arguments else 'without'} {option}"
        for option in ("--enable-optimizations", "--with-lto", "--enable-shared")
    ]
    return ", ".join((platform.python_compiler(), *(told if arguments else ["options unknown"])))


def load() -> str:
    """How many processes wanted to run, over 1, 5 and 15 minutes."""
    return " ".join(f"{load:.2f}" for load in os.getloadavg())


def _commit_id() -> str:
    """The last commit that changed the program: it stays the one when only reports follow."""
    program = ("--", "ledger", "projections", "cli")
    try:
        commit = quiet(["git", "log", "-1", "--format=%h", "--abbrev=12", *program]).strip()
        changed = quiet(["git", "status", "--porcelain", *program])
    except (OSError, SystemExit):
        return "unknown"
    return commit + (" with uncommitted changes" if changed.strip() else "")


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [row.partition(":")[2].strip() for row in text.splitlines() if "model name" in row]
    return names[0] if names else platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return "memory unknown"
    return f"{size / 2**30:.0f} GiB"
