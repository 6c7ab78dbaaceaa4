"""What an entry costs, part by part: what `import`, `rebuild` and `audit` are made of, each part
alone in one loop.

`python -m scripts.benchmarks.stages FOLDER` prints µs of CPU time an entry as JSON; the folder
holds year.csv, book.db and its views. A part is run over the first entries of the book several
times, and the cheapest run counts. What the parts leave of a whole process is starting it, the
loops around them and what is written at the end (report.py).
"""

import json
import sqlite3
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from scripts.benchmarks.processes import Command
from scripts.benchmarks.year import UNIT, YEAR

FIRST = 50_000
"""So many entries of a book are looked at."""
ROUNDS = 3
BOOK = f"{UNIT}/{YEAR}"
OPERATIONS = ("import", "rebuild", "audit")


class Part(NamedTuple):
    """A part, what it costs an entry, and how often each of OPERATIONS does it."""

    name: str
    microseconds: float
    import_: int = 0
    rebuild: int = 0
    audit: int = 0

    @property
    def times(self) -> tuple[int, int, int]:
        """In the order of OPERATIONS."""
        return self.import_, self.rebuild, self.audit


def parts(folder: Path) -> Command:
    """The command line that measures them."""
    return lambda _: [sys.executable, "-m", "scripts.benchmarks.stages", str(folder)]


def read(text: str) -> list[Part]:
    """What that command printed."""
    return [Part(*each) for each in json.loads(text)]


def _seconds(run: Callable[[], object]) -> float:
    """The CPU time of the cheapest of several runs."""
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        run()
        taken.append(time.process_time() - started)
    return min(taken)


def _spent(made: Iterable[Any]) -> None:
    """Makes all of it and keeps nothing, as the operations do."""
    deque(made, maxlen=0)


class _Book:
    """The first entries of a book, in the shapes that the parts begin with."""

    def __init__(self, log: Any, folder: Path) -> None:
        from cli.intake.rows import canonical_rows
        from ledger.canonical.asked import request_of
        from ledger.events import decode, encode
        from projections.views.rows import BookRows, LineIds
        from projections.views.schema import memory_views

        self.log = log
        self.folder = folder
        with canonical_rows(folder / "year.csv") as read:
            self.file: list[Any] = [*islice(read, FIRST - 1)]
        self.requests = [request_of(row.cells, year=int(YEAR)) for row in self.file]
        self.size = 1 + len(
            self.file
        )  # entry 1 opened the book; others may follow those of the file
        self.rows = [*log.rows(BOOK, upto=self.size)]
        self.entries = [decode(row.stored) for row in self.rows]
        self.stored = [encode(entry) for entry in self.entries]
        self.ids = LineIds(memory_views(), 1)
        made = BookRows(1, self.ids)
        self.becomes = [made.add(entry) for entry in self.entries]

    def cost(self, name: str, run: Callable[[], object], **times: int) -> Part:
        """What a part costs an entry."""
        return Part(name, _seconds(run) * 1e6 / self.size, **times)


def measured(folder: Path) -> Iterator[Part]:
    """Every part, in the order in which an entry meets them."""
    from ledger.store.sqlite.place import SqlitePlace

    with SqlitePlace(folder / "book.db").reading() as log:
        book = _Book(log, folder)
        yield from _of_a_file(book)
        yield from _of_a_decision(book)
        yield from _of_a_row(book)
        yield from _of_the_views(book)


def _of_a_file(book: _Book) -> Iterator[Part]:
    from cli.intake.rows import canonical_rows
    from ledger.canonical.asked import request_of

    def rows() -> None:
        with canonical_rows(book.folder / "year.csv") as read:
            _spent(islice(read, book.size))

    def keys() -> None:
        for page in _pages([f"{each.key} new" for each in book.requests], 500):
            book.log.numbers_of(BOOK, page)

    yield book.cost("row of the file", rows, import_=1)
    yield book.cost(
        "its request",
        lambda: _spent(request_of(row.cells, year=int(YEAR)) for row in book.file),
        import_=1,
    )
    yield book.cost("its digest", lambda: _spent(e.digest() for e in book.requests), import_=1)
    yield book.cost("its key, looked up by the page", keys, import_=1)


def _of_a_decision(book: _Book) -> Iterator[Part]:
    """The decision is worked out: what it and the state take together, less what the state takes
    alone. An entry that is about an earlier one, one in fifty, is only followed."""
    from ledger.codes import packaged_names
    from ledger.decisions import KINDS
    from ledger.decisions.again import reconsider
    from ledger.effects import Effects
    from ledger.postings import earlier
    from ledger.requests import decide
    from ledger.rules.cautions import cautions
    from ledger.state import BookState, evolve, initial

    asked = [None, *book.requests]

    def followed(judge: Callable[[BookState, int], Effects | None]) -> None:
        state = initial(BOOK)
        for position, entry in enumerate(book.entries):
            evolve(state, entry, judge(state, position))

    def requested(state: BookState, position: int) -> Effects | None:
        request = asked[position]
        if request is None or request.ref is not None:
            return None
        return decide(state, request, None, actor="bench")[-1].does

    def again(state: BookState, position: int) -> Effects | None:
        event = book.entries[position].event
        if earlier(event) is not None:
            return None
        return reconsider(KINDS, state, event, actor="bench")[0].does

    alone = book.cost(
        "the state, and what the entry does", lambda: followed(lambda *_: None), import_=1, audit=1
    )
    for name, judge, times in (
        ("the line that is meant, and the decision", requested, {"import_": 1}),
        ("the decision again", again, {"audit": 1}),
    ):
        both = book.cost(name, lambda judge=judge: followed(judge), **times)  # type: ignore[misc]
        yield both._replace(microseconds=both.microseconds - alone.microseconds)
    yield alone
    day, names = date(int(YEAR), 12, 31), packaged_names(int(YEAR))
    yield book.cost(
        "remarks",
        lambda: _spent(cautions(e.event, day, names, "admin") for e in book.entries),
        import_=1,
    )


def _of_a_row(book: _Book) -> Iterator[Part]:
    from ledger.events import decode, encode
    from ledger.proofs.chain import link

    yield book.cost(
        "row of the log", lambda: _spent(book.log.rows(BOOK, upto=book.size)), rebuild=1, audit=2
    )
    yield book.cost(
        "decode",
        lambda: _spent(decode(each) for each in book.stored),
        import_=1,
        rebuild=1,
        audit=2,
    )
    yield book.cost(
        "encode", lambda: _spent(encode(each) for each in book.entries), import_=2, audit=1
    )
    yield book.cost(
        "hash",
        lambda: _spent(link(r.hash, BOOK, r.number, r.tag, r.stored) for r in book.rows),
        import_=1,
        rebuild=1,
        audit=1,
    )
    yield book.cost("row into the log", lambda: _appended(book), import_=1)


def _appended(book: _Book) -> None:
    """The rows into a log of their own, with their marks, in one transaction."""
    from ledger.marks import marks, paid_by
    from ledger.store.batch import BATCH
    from ledger.store.sqlite.files import of_database
    from ledger.store.sqlite.place import SqlitePlace

    place = SqlitePlace(book.folder / "parts.db")
    for file in of_database(place.path):
        file.unlink(missing_ok=True)
    with place.writing([BOOK], opening=True) as transaction:
        for page in _pages(book.rows, BATCH):
            of_page = book.entries[page[0].number - 1 : page[-1].number]
            found = [
                mark
                for each in of_page
                for mark in marks(each.number, each.event, paid_by(each.event))
            ]
            transaction.append(BOOK, page, {}, found)
    place.close()
    for file in of_database(place.path):
        file.unlink(missing_ok=True)


def _of_the_views(book: _Book) -> Iterator[Part]:
    from projections.views.rows import BookRows

    def becoming() -> None:
        made = BookRows(1, book.ids)
        _spent(made.add(entry) for entry in book.entries)
        made.added_up()

    yield book.cost("what it becomes in the views", becoming, rebuild=1, audit=1)
    yield book.cost("rows into the views", lambda: _inserted(book), rebuild=1)
    yield book.cost("the same rows as JSON, theirs and ours", lambda: _as_json(book), audit=1)
    size = book.log.head(BOOK).entries
    for name, file in (("the log", "book.db"), ("the views", "book.db.views")):
        with closing(sqlite3.connect(book.folder / file)) as connection:
            check = _seconds(lambda: connection.execute("PRAGMA integrity_check").fetchall())
        yield Part(f"integrity_check of {name}", check * 1e6 / size, audit=1)


def _inserted(book: _Book) -> None:
    from projections.views.rows import PAGE
    from projections.views.schema import memory_views

    with closing(memory_views()) as views:
        views.execute("BEGIN")
        for page in _pages(book.becomes, PAGE):
            for table, rows in _by_table(page):
                views.executemany(table.insertion, rows)
        views.execute("COMMIT")


def _as_json(book: _Book) -> None:
    import msgspec

    from projections.audit.views import COMPARED, PAGE

    encode = msgspec.json.Encoder().encode
    selects = {compared.table.name: compared.as_json for compared in COMPARED}
    with closing(sqlite3.connect(book.folder / "book.db.views")) as views:
        for first in range(0, book.size, PAGE):
            for table, rows in _by_table(book.becomes[first : first + PAGE]):
                views.execute(selects[table.name], (1, first + 1, first + PAGE)).fetchone()
                encode(rows)


def _by_table(page: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """The rows of some entries in the tables that nearly all are in."""
    from projections.views.schema import ENTRIES, MOVES

    yield ENTRIES, [each.entry for each in page]
    yield MOVES, [row for each in page for row in each.moves]


def _pages(whole: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for first in range(0, len(whole), size):
        yield whole[first : first + size]


if __name__ == "__main__":
    print(json.dumps([*measured(Path(sys.argv[1]))]))
