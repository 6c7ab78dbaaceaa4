"""Floors: what the same machine needs for the bare work, each in a process of its own.

`python -m scripts.benchmarks.floors NAME FOLDER`; the folder holds year.csv, book.db and its views.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from scripts.benchmarks.processes import Command
from scripts.benchmarks.year import UNIT, YEAR

LOAD = "floor: CSV → one SQLite table"
GROUP = "floor: sqlite3 GROUP BY"
REPLAY = "floor: msgspec decode, fold, SHA-256"
COMMIT = "floor: one durable INSERT"
PLAIN, BUSIEST = "plain", "busiest"
"""Not floors: what is made or read of the views, in a process of its own like them."""


def floor(name: str, folder: Path) -> Command:
    """The command line that runs one of FLOORS."""
    return lambda _: [sys.executable, "-m", "scripts.benchmarks.floors", name, str(folder)]


def _load(folder: Path) -> None:
    """The rows of the same CSV file into one table without an index, in one transaction."""
    import csv
    import sqlite3

    file = folder / "load.db"
    file.unlink(missing_ok=True)
    connection = sqlite3.connect(file)
    with (folder / "year.csv").open(encoding="utf-8", newline="") as stream, connection:
        rows = csv.reader(stream)
        header = next(rows)
        connection.execute(f"CREATE TABLE entries ({', '.join(f'{name} TEXT' for name in header)})")
        marks = ",".join("?" * len(header))
        connection.executemany(f"INSERT INTO entries VALUES ({marks})", rows)
    connection.close()


def _plain(folder: Path) -> None:
    """Not measured: makes the table that `_group` reads."""
    import sqlite3

    (folder / "plain.db").unlink(missing_ok=True)
    connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
    connection.execute("ATTACH ? AS views", (str(folder / "book.db.views"),))
    connection.execute("CREATE TABLE postings (line TEXT, account TEXT, amount_fen INTEGER)")
    connection.execute(
        "INSERT INTO postings SELECT l.line, p.account, p.amount_fen "
        "FROM views.postings p JOIN views.lines l ON l.id = p.line_id ORDER BY p.entry, p.seq"
    )
    connection.close()


def _group(folder: Path) -> None:
    """All balances from a plain table of postings by SQLite alone."""
    import sqlite3

    connection = sqlite3.connect(folder / "plain.db")
    statement = "SELECT line, account, SUM(amount_fen) FROM postings GROUP BY line, account"
    connection.execute(statement).fetchall()


def _replay(folder: Path) -> None:
    """Decodes every stored entry, adds up per line, and hashes all bytes in a chain."""
    import sqlite3
    from collections import defaultdict
    from hashlib import sha256

    import msgspec

    class Event(msgspec.Struct, gc=False):
        kind: str
        line: str = ""
        amount_fen: int = 0

    class Entry(msgspec.Struct, gc=False):
        event: Event

    decode = msgspec.json.Decoder(Entry).decode
    connection = sqlite3.connect(folder / "book.db")
    sums: dict[tuple[str, str], int] = defaultdict(int)
    hash_ = bytes(32)
    rows = connection.execute(
        "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version",
        (f"{UNIT}/{YEAR}",),
    )
    for (stored,) in rows:
        event = decode(stored).event
        sums[event.line, event.kind] += event.amount_fen
        hash_ = sha256(hash_ + stored).digest()


def _commit(folder: Path) -> None:
    """Python, sqlite3 and one row that is on the disk when the process ends."""
    import sqlite3

    connection = sqlite3.connect(folder / "commit.db", isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("CREATE TABLE IF NOT EXISTS entries (state BLOB)")
    connection.execute("INSERT INTO entries VALUES (?)", (b"x" * 300,))
    connection.close()


def _busiest(folder: Path) -> None:
    """Not measured: prints the line with the most entries among those with a 款 of their own."""
    import sqlite3

    connection = sqlite3.connect(folder / "book.db.views")
    line, econ = connection.execute(
        "SELECT l.line, l.econ FROM postings p JOIN lines l ON l.id = p.line_id "
        "WHERE length(l.econ) = 5 GROUP BY p.line_id ORDER BY COUNT(*) DESC, l.line LIMIT 1"
    ).fetchone()
    print(json.dumps({"line": line, "econ": econ}))


FLOORS: dict[str, Callable[[Path], None]] = {
    LOAD: _load,
    GROUP: _group,
    REPLAY: _replay,
    COMMIT: _commit,
    PLAIN: _plain,
    BUSIEST: _busiest,
}


if __name__ == "__main__":
    FLOORS[sys.argv[1]](Path(sys.argv[2]))
