"""What an entry costs, stage by stage: the parts of which `import`, `rebuild` and `audit` are made,
each alone in one loop.

`python -m scripts.benchmarks.stages FOLDER` prints µs of CPU time an entry as JSON; the folder
holds year.csv, book.db and its views. A part is run over the first entries of the book several
times, and the cheapest run counts. What the parts leave of a whole process is starting it, the
loops around them and the commit; report.py works it out.
"""

import gc
import json
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from scripts.benchmarks.processes import Command
from scripts.benchmarks.year import UNIT, YEAR

ENTRIES = 50_000
ROUNDS = 3
BATCH = 2_000
BOOK = f"{UNIT}/{YEAR}"
ACTOR = "bench"


class Stage(NamedTuple):
    """A part of an operation, and what it costs an entry."""

    operation: str
    part: str
    microseconds: float


def stages(folder: Path) -> Command:
    """The command line that measures them."""
    return lambda _: [sys.executable, "-m", "scripts.benchmarks.stages", str(folder)]


def read(text: str) -> list[Stage]:
    """What that command printed."""
    return [Stage(*each) for each in json.loads(text)]


class _Clock:
    """Times parts over a number of entries."""

    def __init__(self) -> None:
        self.found: list[Stage] = []
        self.entries = 1

    def part(self, operation: str, name: str, run: Callable[[], Any]) -> Any:
        """Times a part; what its last run gave."""
        seconds, made = min_of(run)
        self.found.append(Stage(operation, name, seconds * 1e6 / self.entries))
        return made

    def less(self, operation: str, name: str, of: str, run: Callable[[], Any]) -> None:
        """Times two parts that only go together; what they take beyond the one that is known."""
        seconds, _ = min_of(run)
        known = next(s.microseconds for s in self.found if (s.operation, s.part) == (operation, of))
        self.found.append(Stage(operation, name, seconds * 1e6 / self.entries - known))


def min_of(run: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU seconds of the cheapest of several runs, and what the last one gave."""
    best = float("inf")
    made = None
    for _ in range(ROUNDS):
        made = None
        started = time.process_time()
        made = run()
        best = min(best, time.process_time() - started)
    return best, made


def _measured(folder: Path) -> list[Stage]:
    from ledger.store.sqlite.place import SqlitePlace

    clock = _Clock()
    with SqlitePlace(folder / "book.db").reading() as log:
        _of_audit(clock, log, folder)
        _of_import(clock, log, folder)
    return clock.found


def _of_audit(clock: _Clock, log: Any, folder: Path) -> None:
    """The replay, the comparison of the views beside it, and the rebuild."""
    from ledger.decisions import KINDS
    from ledger.decisions.again import reconsider
    from ledger.events import decode, encode
    from ledger.postings import earlier
    from ledger.proofs.chain import link
    from ledger.state import evolve, initial
    from projections.views.rows import BookRows, LineIds
    from projections.views.schema import memory_views

    clock.entries = min(ENTRIES, log.head(BOOK).entries)
    rows = clock.part("audit, replay", "the row", lambda: [*log.rows(BOOK, upto=clock.entries)])
    entries = clock.part("audit, replay", "decode", lambda: [decode(row.stored) for row in rows])
    clock.part(
        "audit, replay",
        "encode and compare",
        lambda: [encode(e) == row.stored for e, row in zip(entries, rows, strict=True)],
    )
    clock.part(
        "audit, replay",
        "hash",
        lambda: [link(row.hash, BOOK, row.number, row.tag, row.stored) for row in rows],
    )

    def replay(judged: bool) -> None:
        """Entries that are about an earlier one are only followed: one in fifty."""
        state = initial(BOOK)
        for entry in entries:
            does = None
            if judged and earlier(entry.event) is None:
                (decided,) = reconsider(KINDS, state, entry.event, actor=entry.actor)
                does = decided.does
            evolve(state, entry, does)

    clock.part("audit, replay", "the state, with what the entry does", lambda: replay(False))
    clock.less(
        "audit, replay",
        "the decision again",
        "the state, with what the entry does",
        lambda: replay(True),
    )
    views = memory_views()
    ids = LineIds(views, 1)

    def becoming() -> list[Any]:
        made = BookRows(1, ids)
        rows = [made.of(entry) for entry in entries]
        made.added_up()
        return rows

    becomes = clock.part("audit, views; rebuild", "what it becomes, and the sums", becoming)
    clock.part("audit, views", "JSON of SQLite, and ours", lambda: _as_json(folder, becomes))
    clock.part("rebuild", "insert", lambda: _inserted(becomes))


def _as_json(folder: Path, becomes: list[Any]) -> None:
    """The rows of the views as text, and the same text made of what the entries become."""
    import sqlite3

    import msgspec

    encode = msgspec.json.Encoder().encode
    views = sqlite3.connect(folder / "book.db.views")
    for table, rows in (
        ("entries", [each.entry for each in becomes]),
        ("moves", [row for each in becomes for row in each.moves]),
    ):
        columns = ", ".join(
            name for (name,) in views.execute("SELECT name FROM pragma_table_info(?)", (table,))
        )
        as_json = (
            f"SELECT CAST(json_group_array(json_array({columns})) AS BLOB) FROM (SELECT * FROM "
            f"{table} WHERE book_id = 1 AND entry BETWEEN ? AND ? ORDER BY 1, 2, 3)"
        )
        for first in range(0, len(rows), 500):
            views.execute(as_json, (first + 1, first + 500)).fetchone()
            encode(rows[first : first + 500])
    views.close()


def _inserted(becomes: list[Any]) -> None:
    from projections.views.schema import memory_views

    views = memory_views()
    views.execute("BEGIN")
    for first in range(0, len(becomes), BATCH):
        page = becomes[first : first + BATCH]
        for table, rows in (
            ("entries", [each.entry for each in page]),
            ("moves", [row for each in page for row in each.moves]),
        ):
            marks = ",".join("?" * len(rows[0]))
            views.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
    views.execute("COMMIT")
    views.close()


def _of_import(clock: _Clock, log: Any, folder: Path) -> None:
    """From the row of the file to the row of the log."""
    from datetime import date

    from cli.intake.rows import canonical_rows
    from ledger.canonical.asked import request_of
    from ledger.events import decode, encode
    from ledger.proofs.chain import link
    from ledger.requests import decide
    from ledger.rules.cautions import cautions
    from ledger.state import evolve, initial

    def rows() -> Any:
        with canonical_rows(folder / "year.csv") as read:
            return [*islice(read, clock.entries)]

    entries = [decode(row.stored) for row in log.rows(BOOK, upto=clock.entries)]
    file = clock.part("import", "the row of the file", rows)
    requests = clock.part(
        "import", "the request", lambda: [request_of(row.cells, year=int(YEAR)) for row in file]
    )
    clock.part("import", "its digest", lambda: [each.digest() for each in requests])

    def keys() -> None:
        pages = range(0, len(requests), 500)
        for first in pages:
            log.numbers_of(BOOK, [f"{each.key} new" for each in requests[first : first + 500]])

    clock.part("import", "its key, by the page", keys)

    def recorded(judged: bool) -> None:
        state = initial(BOOK)
        evolve(state, entries[0])
        for request, entry in zip(requests, entries[1:], strict=False):
            does = None
            if judged and request.ref is None:
                (decided,) = decide(state, request, None, actor=ACTOR)
                does = decided.does
            evolve(state, entry, does)

    clock.part("import", "the state, with what the entry does", lambda: recorded(False))
    clock.less(
        "import",
        "the decision",
        "the state, with what the entry does",
        lambda: recorded(True),
    )
    today = date(int(YEAR), 12, 31)
    clock.part(
        "import", "remarks", lambda: [cautions(each.event, today, "admin") for each in entries]
    )
    stored = clock.part(
        "import",
        "encode, decode and encode again",
        lambda: [encode(decode(encode(each))) for each in entries],
    )
    hashes = clock.part(
        "import",
        "hash",
        lambda: [
            link(bytes(32), BOOK, entry.number, "pay", each)
            for entry, each in zip(entries, stored, strict=True)
        ],
    )
    clock.part("import", "insert", lambda: _appended(folder, entries, stored, hashes))


def _appended(folder: Path, entries: list[Any], stored: list[bytes], hashes: list[bytes]) -> None:
    """The rows into a log of their own, in one transaction."""
    from ledger.events import kind_of
    from ledger.store.log import StoredRow
    from ledger.store.sqlite.files import of_database
    from ledger.store.sqlite.place import SqlitePlace

    place = SqlitePlace(folder / "stages.db")
    for file in of_database(place.path):
        file.unlink(missing_ok=True)
    with place.writing([BOOK], opening=True) as transaction:
        for first in range(0, len(entries), BATCH):
            part = slice(first, first + BATCH)
            page = zip(entries[part], stored[part], hashes[part], strict=True)
            transaction.append(
                BOOK,
                [
                    StoredRow(entry.number, kind_of(entry.event), each, hash_, entry.key)
                    for entry, each, hash_ in page
                ],
                {},
            )
    place.close()


if __name__ == "__main__":
    gc.disable()  # lists of all entries are kept here, and no operation keeps such
    print(json.dumps(_measured(Path(sys.argv[1]))))
