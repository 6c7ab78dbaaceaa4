"""Many processes on one book: no money is spent twice, and no answer mixes two moments."""

import contextlib
import multiprocessing
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from ledger.store.log import Busy, StoredRow, Waiting, silently
from ledger.store.sqlite import files
from ledger.store.sqlite.log import SqliteLog
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.questions.balances import line_balances
from projections.questions.carryover import carryover
from projections.views.reading import reading
from scripts.proofs.contend import (
    Served,
    contend,
    pay_often,
    pay_until,
    shares,
    torn,
    unserved,
    watch,
    wrong,
)
from tests.harness.called import (
    BOOK,
    DATE,
    LINE,
    OPEN_BOOK,
    OPENING_ENTRIES,
    PAY,
    WAITING,
    Answer,
    called,
    force_journal,
    import_file,
    numbers,
    opened,
    started,
)
from tests.harness.plain import plain

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch):
    """Waits tell after 20 ms, and give up after 0.2 s instead of a minute."""
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.02)
    monkeypatch.setattr(files, "BUSY_SECONDS", 0.2)


def test_eight_writers_spend_a_line_exactly_once(tmp_path: Path, journal: str):
    """8 × 250 payments of 1.00 on 500.00: 500 are accepted, 1,500 refused, none sees a lock."""
    path = opened(tmp_path / "book.db", 500)
    tried = contend(path, writers=8, payments=250, processes=False)
    assert wrong(path, tried, affordable=500, payments=2000) == []


def test_processes_of_their_own_spend_a_line_exactly_once(tmp_path: Path):
    path = opened(tmp_path / "book.db", 20)
    tried = contend(path, writers=8, payments=4, processes=True)
    assert wrong(path, tried, affordable=20, payments=32) == []


def test_an_overspent_line_would_be_noticed(tmp_path: Path):
    """The judge of these tests can fail."""
    path = opened(tmp_path / "book.db", 5)
    tried = pay_often(path, 6)
    assert wrong(path, tried, affordable=5, payments=6) == []
    assert wrong(path, tried, affordable=6, payments=6)
    assert wrong(path, tried._replace(entries=tried.entries[:-1]), affordable=5, payments=6)


def test_a_writer_that_is_not_served_would_be_noticed(tmp_path: Path):
    """The judge of `python -m scripts.proofs.contend --seconds 10` can fail."""
    path = opened(tmp_path / "book.db", 100_000)
    first, second = (pay_until(path, 0.1) for _ in range(2))
    few, many = sorted((first, second), key=lambda served: len(served.entries))
    assert unserved(path, [many]), "an entry that nobody was told of"
    assert unserved(path, [few, many, many]), "an entry that two were told of"
    nobody = Served([], [], [])
    everything = Served(few.entries + many.entries, few.seconds + many.seconds, [])
    assert unserved(path, [everything]) == []
    (complaint,) = unserved(path, [everything, nobody])
    assert complaint.startswith("the least-served writer got 0 of")
    assert "least/mean 0.00" in shares([everything, nobody])


def test_readers_beside_a_writer_see_whole_entries_only(tmp_path: Path, journal: str):
    """Every query and the audit, again and again while another process pays: each answer is that
    of one head, and the audit never raises a false alarm."""
    path = opened(tmp_path / "book.db", 300)
    with SPAWN.Manager() as manager, SPAWN.Pool(3) as pool:
        stop = manager.Event()
        readers = [pool.apply_async(watch, (path, stop)) for _ in range(2)]
        tried = pool.apply(pay_often, (path, 300))
        stop.set()
        watched = [reader.get() for reader in readers]
    assert [each.wrong for each in watched] == [[], []]
    assert len(tried.entries) == 300
    heads = set(watched[0].heads) | set(watched[1].heads)
    assert OPENING_ENTRIES + 300 in heads
    assert len(heads) > 2, "the readers saw none of it happen"


def test_readers_beside_an_import_see_all_of_it_or_nothing(tmp_path: Path, journal: str):
    """The import writes pages to the file before it commits; no reader may see them."""
    rows = 4_000
    path = opened(tmp_path / "book.db", 3 * rows)
    files = [import_file(tmp_path / f"{n}.csv", rows, prefix=f"{n}-") for n in range(3)]
    with SPAWN.Manager() as manager, SPAWN.Pool(1) as pool:
        stop = manager.Event()
        reader = pool.apply_async(watch, (path, stop))
        for file in files:
            answer = started(path, "import", file)
            assert (answer.exit, answer.json()["recorded"]) == (0, rows), answer
        stop.set()
        watched = reader.get()
    assert watched.wrong == []
    assert set(watched.heads) <= {OPENING_ENTRIES + n * rows for n in range(4)}


def test_an_answer_is_of_one_moment(book: Path, journal: str, impatient: None):
    """Between two statements of one answer others pay and ask: the figures stay those of the head.
    The other query waits, as its views cannot move on while they are read."""
    assert called(book, *PAY).exit == 0
    with reading(SqlitePlace(book), BOOK) as opened_at_4:
        assert called(book, *PAY).exit == 0
        assert called(book, "balance").exit == 5
        assert opened_at_4.head.entries == OPENING_ENTRIES + 1
        assert line_balances(opened_at_4).totals.paid_fen == 100
        assert plain(carryover(opened_at_4))["expenditure_fen"] == 100
    assert called(book, "balance").json()["totals"]["paid_fen"] == 200


def test_an_audit_is_of_one_moment(
    book: Path, journal: str, impatient: None, monkeypatch: pytest.MonkeyPatch
):
    """Someone pays after the last row was read, and again before the head is: no false alarm."""
    rows, paid = SqliteLog.rows, []

    def rows_and_a_payment(there: SqliteLog, book_id: str, **cut: int) -> Iterator[StoredRow]:
        yield from rows(there, book_id, **cut)
        monkeypatch.setattr(SqliteLog, "rows", rows)
        paid.append(called(book, *PAY).exit)
        monkeypatch.setattr(SqliteLog, "rows", rows_and_a_payment)

    monkeypatch.setattr(SqliteLog, "rows", rows_and_a_payment)
    found = plain(audit(SqlitePlace(book), BOOK))
    assert found["ok"], found["findings"]
    assert len(paid) == 2
    assert paid[0] == 0, "an audit keeps no writer waiting until its end"
    assert found["entries"] == OPENING_ENTRIES + 1


def test_a_torn_answer_would_be_noticed():
    """The judge of these tests can fail."""
    head = '"head": {"entries": 5, "hash": ""}'
    whole = Answer(0, f'{{{head}, "totals": {{"paid_fen": 200}}}}', "")
    assert torn(["balance"], whole) is None
    assert torn(["balance"], whole._replace(out=whole.out.replace("200", "300"))) is not None
    assert torn(["balance"], whole._replace(exit=4)) is not None


@pytest.mark.parametrize("attempt", range(3))
def test_of_two_that_open_a_book_one_wins(tmp_path: Path, journal: str, attempt: int):
    """On a file that does not exist yet, with real processes."""
    path = tmp_path / "book.db"
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: started(path, *OPEN_BOOK), range(3)))
    codes = sorted((answer.exit, answer.json().get("code", "")) for answer in answers)
    assert codes == [(0, ""), (3, "BOOK.ALREADY_OPENED"), (3, "BOOK.ALREADY_OPENED")]
    assert numbers(path) == [1]
    assert called(path, "audit").exit == 0


def test_books_opened_together_in_one_file_are_all_there(tmp_path: Path, journal: str):
    path = tmp_path / "books.db"
    units = [f"U{n}" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        opening = [pool.submit(started, path, *OPEN_BOOK, "--unit", unit) for unit in units]
        assert [each.result().exit for each in opening] == [0, 0, 0, 0]
    for unit in units:
        assert called(path, "audit", "--unit", unit).json()["entries"] == 1


def test_one_key_from_many_processes_is_one_payment(tmp_path: Path, journal: str):
    """The same command sent four times at once: one entry, and the same receipt for all."""
    path = opened(tmp_path / "book.db", 10)
    with ThreadPoolExecutor(4) as pool:
        paying = [pool.submit(started, path, *PAY, "--key", "once") for _ in range(4)]
        answers = [each.result() for each in paying]
    assert [answer.exit for answer in answers] == [0, 0, 0, 0]
    receipts = [answer.json() for answer in answers]
    assert sorted(receipt["already"] for receipt in receipts) == [False, True, True, True]
    assert {receipt["entry"] for receipt in receipts} == {OPENING_ENTRIES + 1}
    assert {receipt["available_fen"] for receipt in receipts} == {900}
    assert numbers(path) == [1, 2, 3, 4]


SETTLE: dict[str, tuple[str, ...]] = {
    "approve": ("approve", "4", "--authority", "finance"),
    "reject": ("reject", "4", "--reason", "不急"),
}


@pytest.mark.parametrize("kinds", [("approve", "approve"), ("approve", "reject")], ids=" and ".join)
def test_of_two_that_settle_a_request_at_once_one_wins(
    tmp_path: Path, journal: str, kinds: tuple[str, str]
):
    """With real processes: one entry, the money moves once or not at all, and the other is told
    which entry was first."""
    path = opened(tmp_path / "book.db", 10)
    move = ("--line", LINE, "--to-econ", "31002", "--amount", "6", "--doc", "调1", "--date", DATE)
    assert called(path, "reallocate", *move).exit == 6
    with ThreadPoolExecutor(2) as pool:
        settling = [
            pool.submit(started, path, *SETTLE[kind], "--date", DATE, "--actor", actor)
            for kind, actor in zip(kinds, ("乙", "丙"), strict=True)
        ]
        answers = [each.result() for each in settling]
    assert sorted(answer.exit for answer in answers) == [0, 3]
    won, lost = sorted((answer.json() for answer in answers), key=lambda a: a["ok"], reverse=True)
    assert (won["entry"], won["original"]) == (5, 4)
    assert (lost["code"], lost["facts"]["settled_by"]) == ("APPROVAL.SETTLED", 5)
    moved = 600 if won["kind"] == "approve" else 0
    rows = called(path, "balance").json()["lines"]
    assert {row["econ"]: row["available_fen"] for row in rows if row["available_fen"]} == (
        {"30299": 1000 - moved} | ({"31002": moved} if moved else {})
    )
    assert numbers(path) == [1, 2, 3, 4, 5]
    assert called(path, "audit").exit == 0


def _asked(work: tuple[Path, tuple[str, ...], Any]) -> Answer:
    path, arguments, together = work
    together.wait()
    return called(path, *arguments)


@pytest.mark.parametrize("first", ["balance", "rebuild"])
def test_queries_race_to_build_the_views(tmp_path: Path, journal: str, first: str):
    """Four processes ask at once while there are no views; with `rebuild` among them too."""
    rows = 2_000
    path = opened(tmp_path / "book.db", rows)
    assert called(path, "import", import_file(tmp_path / "rows.csv", rows)).exit == 0
    questions = [(first,), ("balance",), ("carryover",), (first,)]
    with SPAWN.Manager() as manager, SPAWN.Pool(4) as pool:
        together = manager.Barrier(4)
        answers = pool.map(_asked, [(path, q, together) for q in questions], chunksize=1)
    assert [answer.exit for answer in answers] == [0, 0, 0, 0], answers
    assert answers[1].json()["totals"]["paid_fen"] == 100 * rows
    assert answers[2].json()["expenditure_fen"] == 100 * rows
    assert called(path, "audit").exit == 0


# While others open a book ----------------------------------------------------------------------


class Overtaken(sqlite3.Connection):
    """Lets others do something before one of the statements that find no transaction open: between
    any two of these another process may do anything."""

    others: Callable[[], object]
    left: int

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        if not self.in_transaction:
            Overtaken.left -= 1
            if Overtaken.left == 0:
                Overtaken.others()
        return super().execute(*arguments)


def overtaken(
    folder: Path, before: Callable[[Path], object], words: Sequence[object]
) -> Iterator[Answer]:
    """What a command answers while others open a book and ask it, which puts it into the views: for
    each place between two of its statements where they may come. Where it holds the views they give
    up."""
    connect = sqlite3.connect
    for place in count(1):
        path = folder / f"{place}.db"
        before(path)
        came: list[int] = []

        def open_and_ask(path: Path = path, came: list[int] = came) -> None:
            came += (called(path, *each).exit for each in (OPEN_BOOK, ("balance",)))

        Overtaken.others, Overtaken.left = open_and_ask, place
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sqlite3, "connect", partial(connect, factory=Overtaken))
            answer = called(path, *words)
        if not came:
            break
        assert came in ([0, 0], [0, 5], [5, 3], [5, 5]), came
        yield answer


def of_another(path: Path) -> None:
    """A file with the book of another unit, that was asked."""
    for arguments in (OPEN_BOOK, ("balance",)):
        assert called(path, *arguments, "--unit", "X").exit == 0


AUDIT_ALL = ("audit", "--all", "--jobs", "1")
EXPORT_ALL = ("export", "jsonl", "--all", "-o", "out", "--force")


@pytest.mark.parametrize(
    ("before", "words"),
    [
        *((Path.touch, words) for words in (OPEN_BOOK, ("balance",), ("doctor",), AUDIT_ALL)),
        *((of_another, words) for words in (OPEN_BOOK, ("roll-up",), ("doctor",), AUDIT_ALL)),
        (of_another, EXPORT_ALL),
    ],
    ids=lambda each: each[0] if isinstance(each, tuple) else each.__name__,
)
def test_a_book_that_others_open_meanwhile_is_no_damage(
    tmp_path: Path,
    journal: str,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
    before: Callable[[Path], object],
    words: tuple[str, ...],
):
    """Into an empty file, which becomes a log, or into one with another book: the command sees it
    or not, and nothing between. Who opens it too is told that it is there."""
    monkeypatch.chdir(tmp_path)
    answers = [*overtaken(tmp_path, before, words)]
    assert len(answers) > 2
    said = {(answer.exit, answer.json().get("code", "")) for answer in answers}
    already = {(3, "BOOK.ALREADY_OPENED")} if words == OPEN_BOOK else set()
    assert already <= said <= already | {(0, "")}, said


# Waiting for a lock ---------------------------------------------------------------------------


EVERYTHING = (PAY, ("balance",), ("audit",), ("seal",), ("log",), ("rebuild",), OPEN_BOOK)


@pytest.mark.parametrize("arguments", EVERYTHING, ids=lambda a: a[0])
def test_a_lock_that_is_not_released_ends_with_5(
    book: Path, impatient: None, arguments: tuple[str, ...]
):
    """It says that it waits, then gives up; nothing was recorded."""
    before = numbers(book)
    with contextlib.closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        answer = called(book, *arguments)
    assert (answer.exit, answer.json()["code"]) == (5, "FILE.BUSY")
    assert WAITING in answer.err
    assert numbers(book) == before
    assert called(book, "audit").exit == 0


@pytest.mark.parametrize("arguments", [PAY, OPEN_BOOK], ids=lambda a: a[0])
def test_a_writer_waits_for_a_writer(book: Path, impatient: None, arguments: tuple[str, ...]):
    """A transaction that has written nothing to the file yet locks writers out, and nobody else."""
    with contextlib.closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = called(book, *arguments)
        assert (answer.exit, answer.json()["code"]) == (5, "FILE.BUSY")
        assert WAITING in answer.err
        for query in ("balance", "audit", "seal", "rebuild"):
            assert called(book, query).exit == 0


def test_who_reads_beside_its_own_transaction_keeps_the_lock(book: Path, journal: str):
    """What a process closes of a file takes all its locks on it: so it looks at no log that SQLite
    has opened. Another process is the judge."""
    place = SqlitePlace(book)
    with contextlib.closing(place), place.writing([str(BOOK)]) as transaction:
        transaction.keep(str(BOOK), 3, b"x")  # from now on there is a journal
        with SqlitePlace(book).reading() as log:
            assert log.head(str(BOOK)) is not None
        with SPAWN.Pool(1) as pool:
            assert pool.apply(_is_locked, (book,))


def _is_locked(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            return files.is_busy(error)
    return False


@pytest.mark.parametrize("arguments", EVERYTHING[:-1], ids=lambda a: a[0])
def test_a_lock_that_is_released_in_time_costs_a_message_only(
    book: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
):
    """The lock goes when the wait is announced, so that no clock decides this test."""
    monkeypatch.setattr(files, "PATIENCE_SECONDS", 0.02)
    with contextlib.closing(sqlite3.connect(book, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        announced = files.patiently

        def patiently(
            connection: sqlite3.Connection, statement: str, waiting: Waiting = silently
        ) -> sqlite3.Cursor:
            def release() -> None:
                waiting()
                if other.in_transaction:
                    other.execute("COMMIT")

            return announced(connection, statement, release)

        monkeypatch.setattr(files, "patiently", patiently)
        answer = called(book, *arguments)
    assert answer.exit == 0, answer
    assert answer.err.count(WAITING) == 1


def test_the_views_may_be_locked_too(book: Path, impatient: None):
    """Another query that builds them holds them; writers never wait for the views."""
    assert called(book, "balance").exit == 0
    views = book.with_name(book.name + ".views")
    with contextlib.closing(sqlite3.connect(views, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert called(book, *PAY).exit == 0
        for words in (("balance",), ("audit",), AUDIT_ALL):
            answer = called(book, *words)
            assert (answer.exit, answer.json()["code"]) == (5, "FILE.BUSY")
    assert called(book, "balance").json()["totals"]["paid_fen"] == 100


def test_a_file_that_is_to_get_another_journal_is_waited_for(tmp_path: Path):
    """SQLite itself does not wait, where another is writing the file just then."""
    path = tmp_path / "book.db"
    with contextlib.closing(
        sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    ) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.3, other.execute, ("ROLLBACK",))
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as asking:
            mode = files.patiently(asking, "PRAGMA journal_mode = WAL", release.start).fetchone()
        release.join()
    assert mode == ("wal",)


def test_a_process_that_is_held_up_with_the_wal_is_waited_for(tmp_path: Path):
    """It says SQLITE_PROTOCOL after some ten seconds: that is no damage."""
    error = sqlite3.OperationalError("locking protocol")
    error.sqlite_errorname = "SQLITE_PROTOCOL"
    assert isinstance(files.explained(error, tmp_path / "book.db"), Busy)


def test_the_forced_journal_is_used(journal: str, tmp_path: Path):
    """What the parameter `journal` of these tests says is what the processes do."""
    path = tmp_path / "book.db"
    assert started(path, *OPEN_BOOK).exit == 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone()[0].upper() == journal
    force_journal()  # as a process of a pool does
    assert files.journal_mode()[0] == journal
