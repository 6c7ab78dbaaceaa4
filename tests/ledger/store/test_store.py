"""Books on disk: durable, idempotent, all or nothing, and never changed."""

import sqlite3
import subprocess
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Corrupt, Malformed
from ledger.postings import Account
from ledger.proofs.head import Head
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store import batch
from ledger.store.books import Books
from ledger.store.log import ForeignFile, Unwritable
from ledger.store.sqlite import files, recorder
from ledger.store.sqlite.log import SCHEMA
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.scenario import DAY, DEFAULTS, DOC, LINE
from tests.harness.store_desk import BOOK, NEIGHBOUR, NOON, OTHER_BOOK, StoreDesk


def test_a_receipt_says_what_was_recorded(desk):
    desk.opened()
    recorded = desk.ask("appropriate", amount_fen=500_00, doc="预1")
    (entry,) = recorded.entries
    assert (
        entry.book,
        entry.number,
        entry.actor,
        entry.recorded_at,
    ) == ("jianghan/2020", 3, "出纳", NOON)
    assert recorded.state.available_fen(LINE) == 500_00
    assert (3, recorded.head) == (recorded.head.entries, desk.state()[1])
    assert not recorded.already


WRITE_AND_DIE = """
import os, sys
from datetime import date
from pathlib import Path
from ledger.book import BookId
from ledger.requests import Request
from ledger.store.books import Books
given = dict(code="P07", name="x", occurred_on=date(2020, 6, 30))
from ledger.store.place import place
books = Books(place(sys.argv[1]))
if sys.argv[2] == "after":
    books.transact(BookId.parse("jianghan/2020"), Request("project", given), actor="a")
    os._exit(7)
with books.writing(BookId.parse("jianghan/2020"), actor="a") as writing:
    writing.record(Request("project", given))
    writing._flush()
    os._exit(7)
"""


@pytest.mark.parametrize(("when", "entries"), [("after", 3), ("before", 2)])
def test_what_was_acknowledged_survives_the_death_of_the_process(desk, when, entries):
    """A process that ends without closing anything: after `transact` the entry is there; inside
    the transaction, with rows already inserted, nothing of it is."""
    desk.opened()
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, desk.path, when], check=False)
    assert died.returncode == 7
    assert entries == desk.state()[1].entries == len(desk.stored())
    desk.ask("project", code="P08")


def test_the_journal_is_one_that_this_sqlite_keeps_sound():
    """Design §3: WAL loses nothing only from 3.51.3, 3.50.7 and 3.44.6 on."""
    safe, old = ("WAL", "FULL"), ("DELETE", "EXTRA")
    for version, expected in {
        (3, 40, 1): old,
        (3, 44, 5): old,
        (3, 44, 6): safe,
        (3, 45, 0): old,
        (3, 50, 6): old,
        (3, 50, 7): safe,
        (3, 51, 2): old,
        (3, 51, 3): safe,
        (3, 52, 0): safe,
        (4, 0, 0): safe,
    }.items():
        assert expected == files.journal_mode(version), version


def test_the_same_key_and_content_is_the_original_receipt(desk):
    """Long after: the original entry, what was available then, and nothing written."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    first = desk.ask("pay", amount_fen=100_00, key="支1")
    available_fen = first.state.available_fen(LINE)
    desk.ask("pay", amount_fen=150_00, key="支2")
    before = desk.fingerprint()
    desk.now += timedelta(days=1)
    again = desk.ask("pay", amount_fen=100_00, key="支1")
    assert again.already
    assert first.entries == again.entries
    assert 400_00 == available_fen == again.state.available_fen(LINE)
    assert first.head == again.head
    assert before == desk.fingerprint()


def test_the_same_key_with_other_content_is_a_conflict(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", amount_fen=100_00, key="支1")
    before = desk.fingerprint()
    for other in ({"amount_fen": 100_01}, {"amount_fen": 100_00, "payee": "另一家"}):
        refused = desk.refused(Refusal.KEY_CONFLICT, "pay", key="支1", **other)
        assert (refused.facts["key"], refused.facts["entry"]) == ("支1", 4)
    desk.refused(Refusal.KEY_CONFLICT, "project", key="支1", code="P03")
    assert before == desk.fingerprint()


def test_a_refused_request_leaves_its_key_free(desk):
    """The retry after the reason is gone is a first attempt."""
    desk.opened()
    desk.refused(Refusal.LINE_MISSING, "pay", amount_fen=100_00, key="支1")
    desk.ask("appropriate", amount_fen=500_00)
    recorded = desk.ask("pay", amount_fen=100_00, key="支1")
    assert not recorded.already
    assert recorded.entries[-1].number == 4


def test_without_a_key_twice_is_two(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    numbers = [desk.ask("pay", amount_fen=1).entries[0].number for _ in range(2)]
    assert numbers == [4, 5]


def test_keys_belong_to_their_book(desk):
    desk.opened().ask("open-book", book=OTHER_BOOK, key="K", occurred_on=date(2021, 1, 1))
    desk.ask("project", code="P03", key="K")
    assert (desk.state()[1].entries, desk.state(OTHER_BOOK)[1].entries) == (3, 1)


def test_a_repeated_correction_answers_with_the_right_entry(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", amount_fen=100_00, key="支1")
    wanted = {"ref": "支1", "changes": {"amount_fen": 90_00}, "key": "改1"}
    first = desk.ask("correct", **wanted)
    assert [entry.number for entry in first.entries] == [5]
    again = desk.ask("correct", **wanted)
    assert again.already
    assert first.entries[-1] == again.entries[-1]
    assert len(desk.stored()) == 5


def test_a_dry_run_decides_and_leaves_every_byte_alone(desk):
    """Accepted, refused and repeated; with the head as it is, not as it would be."""
    desk.opened().ask("appropriate", amount_fen=500_00, key="预1")
    before, head = desk.fingerprint(), desk.state()[1]
    recorded = desk.ask("pay", amount_fen=500_00, dry_run=True)
    assert (recorded.entries[0].number, recorded.state.available_fen(LINE)) == (4, 0)
    assert head == recorded.head
    desk.refused(Refusal.OVER_AVAILABLE, "pay", amount_fen=500_01, dry_run=True)
    assert desk.ask("appropriate", amount_fen=500_00, key="预1", dry_run=True).already
    assert before == desk.fingerprint()


def test_a_large_dry_run_leaves_every_byte_alone(desk):
    """More than one batch: rows were really inserted, and rolled back."""
    desk.opened()
    before = desk.fingerprint()
    with (
        Books(SqlitePlace(desk.path)) as books,
        books.writing(BOOK, actor="出纳", dry_run=True) as writing_,
    ):
        for n in range(batch.BATCH + 500):
            writing_.record(Request("project", {"code": f"P{n}", "name": "x", "occurred_on": DAY}))
    assert before == desk.fingerprint()


def test_opening_as_a_dry_run_leaves_no_file(desk):
    recorded = desk.ask("open-book", dry_run=True)
    assert (recorded.entries[0].number, recorded.head.entries) == (1, 0)
    assert desk.fingerprint() == {}


def test_a_book_that_was_not_opened_leaves_no_file(desk):
    desk.refused(Refusal.BOOK_NOT_OPENED, "pay", amount_fen=1)
    desk.refused(Refusal.BOOK_NOT_OPENED, "project", code="P02", dry_run=True)
    assert desk.fingerprint() == {}


def test_an_import_into_a_book_that_was_not_opened_leaves_no_file(desk):
    """A transaction whose first request is not known yet."""
    with (
        pytest.raises(Refused) as refused,
        Books(SqlitePlace(desk.path)) as books,
        books.writing(BOOK, actor="出纳"),
    ):
        pass
    assert refused.value.refusal is Refusal.BOOK_NOT_OPENED
    assert desk.fingerprint() == {}


def test_a_refused_opening_leaves_no_file(desk):
    desk.refused(Refusal.DATE_OUTSIDE_YEAR, "open-book", occurred_on=date(2021, 1, 1))
    assert desk.fingerprint() == {}


def test_a_second_book_joins_the_file_of_the_first(desk):
    """Another year of the unit; the books do not see each other."""
    desk.opened()
    desk.refused(Refusal.BOOK_NOT_OPENED, "project", book=OTHER_BOOK, code="P02")
    desk.refused(Refusal.BOOK_NOT_OPENED, "refund", book=OTHER_BOOK, ref="#1", amount_fen=1)
    desk.ask("open-book", book=OTHER_BOOK, occurred_on=date(2021, 1, 1))
    desk.refused(
        Refusal.PROJECT_UNKNOWN,
        "appropriate",
        book=OTHER_BOOK,
        line=LINE.make("general", "2080105", "project", "P02", "-", 2021),
        amount_fen=1,
        occurred_on=date(2021, 1, 1),
    )
    assert (desk.state()[1].entries, desk.state(OTHER_BOOK)[1].entries) == (2, 1)


def test_an_empty_file_is_a_place_for_a_book(desk):
    desk.path.touch()
    desk.refused(Refusal.BOOK_NOT_OPENED, "project", code="P02")
    assert desk.path.stat().st_size == 0
    desk.opened()
    assert desk.state()[1].entries == 2


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_somebody_elses_database_is_left_alone(desk, journal):
    """Its journal as well, which is written into the file."""
    connection = sqlite3.connect(desk.path.absolute())
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE photos (id INTEGER)")
    connection.close()
    before = desk.fingerprint()
    for kind in ("open-book", "project"):
        with pytest.raises(ForeignFile):
            desk.ask(kind)
    assert before == desk.fingerprint()


EVIL = """
    CREATE TEMP TABLE h AS SELECT * FROM heads;
    DROP TRIGGER stored_events_keep; DROP TRIGGER stored_events_stay; DROP TABLE heads;
    CREATE TRIGGER heads BEFORE INSERT ON stored_events WHEN NEW.topic = 'pay'
        BEGIN SELECT RAISE(IGNORE); END;
    {heads}; INSERT INTO heads SELECT * FROM h;
    {keep}; {stay};
"""


@pytest.mark.parametrize(
    "made",
    [
        EVIL.format(
            heads=SCHEMA["heads"],
            keep=SCHEMA["stored_events_keep"],
            stay=SCHEMA["stored_events_stay"],
        ),
        "CREATE TRIGGER t AFTER INSERT ON stored_events BEGIN DELETE FROM settlements; END",
        "CREATE TRIGGER marks BEFORE INSERT ON marks BEGIN SELECT RAISE(IGNORE); END",
        "CREATE VIEW v AS SELECT * FROM stored_events",
        "CREATE TABLE more (x)",
        "CREATE INDEX more ON stored_events (topic)",
        "DROP INDEX stored_events_key",
        "DROP TRIGGER stored_events_keep",
        "ALTER TABLE heads ADD COLUMN more TEXT",
    ],
)
def test_nothing_is_written_where_the_tables_are_not_ours(desk, made):
    """A trigger decides what becomes of a row; one under the name of a table is seen as well."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    connection = sqlite3.connect(desk.path.absolute())
    connection.executescript(made)
    connection.close()
    before = desk.fingerprint()
    with pytest.raises(Corrupt) as corrupt:
        desk.ask("pay", amount_fen=1)
    assert corrupt.value.code == "FILE.SCHEMA"
    assert before == desk.fingerprint()


def test_statistics_of_sqlite_are_no_part_of_the_log(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    connection = sqlite3.connect(desk.path.absolute())
    connection.execute("ANALYZE")
    connection.close()
    assert desk.ask("pay", amount_fen=1).entries[0].number == 4


@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("_INSERT_ROW", "INSERT OR IGNORE INTO marks VALUES (?, ?, ?, ?, ?||?)"),
        ("_INSERT_HEAD", "SELECT ?, ?, ?"),
    ],
)
def test_what_was_written_is_read_back_before_it_is_told(desk, monkeypatch, statement, lost):
    """A file that takes a row and keeps none, whatever the reason: no receipt, nothing stays."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    before = desk.fingerprint()
    monkeypatch.setattr(recorder, statement, lost)
    with pytest.raises(Corrupt, match=r"读不到|末端"):
        desk.ask("pay", amount_fen=1)
    monkeypatch.undo()
    assert before == desk.fingerprint()
    assert desk.ask("pay", amount_fen=1).entries[0].number == 4


def test_a_book_whose_head_is_gone_is_a_book(desk):
    """It is not opened anew, not answered for and not left out."""
    desk.opened().ask("open-book", book=NEIGHBOUR)
    connection = sqlite3.connect(desk.path.absolute())
    with connection:
        connection.execute("DELETE FROM heads WHERE originator_id = ?", (str(BOOK),))
    connection.close()
    before = desk.fingerprint()
    for kind in ("open-book", "project"):
        with pytest.raises(Corrupt) as corrupt:
            desk.ask(kind, code="P03") if kind == "project" else desk.ask(kind)
        assert corrupt.value.code == "CHAIN.HEAD"
    with SqlitePlace(desk.path).reading() as log:
        with pytest.raises(Corrupt):
            log.books()
        with pytest.raises(Corrupt):
            log.head(str(BOOK))
        assert log.all_books() == sorted([str(BOOK), str(NEIGHBOUR)])
        assert log.head(str(OTHER_BOOK)) is None
    assert before == desk.fingerprint()
    desk.ask("project", book=NEIGHBOUR, code="P03")


@pytest.mark.parametrize(
    "planted",
    [
        "INSERT INTO settlements VALUES (?, 3, 1, 7, 7)",
        "INSERT INTO marks VALUES (?, 'payee', 'x', 3, 1)",
        "INSERT INTO stored_snapshots VALUES (?, 3, 'snapshot', x'00')",
    ],
)
def test_what_side_tables_say_of_a_book_that_is_not_there_is_not_waited_for(desk, planted):
    """Else the first who opens a book of that name would be told that its entry 3 is reversed."""
    desk.opened()
    connection = sqlite3.connect(desk.path.absolute())
    with connection:
        connection.execute(planted, (str(OTHER_BOOK),))
    connection.close()
    before = desk.fingerprint()
    with pytest.raises(Corrupt, match="附表"):
        desk.ask("open-book", book=OTHER_BOOK, occurred_on=date(2021, 1, 1))
    assert before == desk.fingerprint()
    desk.ask("project", code="P03")
    with SqlitePlace(desk.path).reading() as log:
        wrong = [each.check for each in log.examine() if not each.sound]
    assert wrong == ["FILE.SCHEMA"]


def test_one_transaction_is_all_or_nothing(desk):
    """Later requests see earlier ones; a refusal in between records nothing of itself; what is
    abandoned, or ends in an error, is not there."""
    desk.opened()

    def budget(fen):
        return Request("appropriate", {"line": LINE, "amount_fen": fen, "occurred_on": DAY})

    def payment(fen, key=None):
        return Request("pay", {**DEFAULTS["pay"], "amount_fen": fen, "occurred_on": DAY}, key=key)

    with Books(SqlitePlace(desk.path)) as books:
        for end in ("abandon", "error", "finish"):
            try:
                with books.writing(BOOK, actor="出纳") as writing_:
                    writing_.record(budget(500_00))
                    with pytest.raises(Refused):
                        writing_.record(payment(500_01))
                    writing_.record(payment(500_00, key="支1"))
                    assert writing_.record(payment(500_00, key="支1")).already
                    if end == "abandon":
                        writing_.abandon()
                    if end == "error":
                        raise ZeroDivisionError
            except ZeroDivisionError:
                pass
            assert (4 if end == "finish" else 2) == desk.state()[1].entries


def test_the_first_request_of_a_transaction_can_be_undone_in_the_same_one(desk):
    """It is nowhere on disk yet."""
    desk.opened()
    budget = {"line": LINE, "amount_fen": 5_00, "occurred_on": DAY}
    with Books(SqlitePlace(desk.path)) as books, books.writing(BOOK, actor="出纳") as writing_:
        writing_.record(Request("appropriate", budget, key="预1"))
        writing_.record(Request("reverse", {"occurred_on": DAY}, ref="预1"))
        with pytest.raises(Refused) as refused:
            writing_.record(Request("reverse", {"occurred_on": DAY}, ref="#3"))
    assert refused.value.refusal is Refusal.ENTRY_REVERSED
    assert (desk.state()[1].entries, desk.state()[0].available_fen(LINE)) == (4, 0)


def test_a_request_is_settled_in_the_transaction_that_made_it(desk):
    """And a retry in the same transaction is told what became of it, before anything is on disk."""
    desk.opened().ask("appropriate", amount_fen=5_00)
    move: dict[str, Any] = {"doc": DOC, "authority": None, "occurred_on": DAY}
    move |= {"sources": [(LINE, 1)], "targets": [(LINE.at_econ("31002"), 1)]}
    with Books(SqlitePlace(desk.path)) as books, books.writing(BOOK, actor="出纳") as writing_:
        asked = Request("reallocate", move, key="调1")
        assert writing_.record(asked).waits
        again = writing_.record(asked)
        assert (again.already, again.waits) == (True, True)
        with pytest.raises(Refused) as refused:
            approval = {"authority": "finance", "occurred_on": DAY}
            writing_.record(Request("approve", approval, ref="调1"))
        assert refused.value.refusal is Refusal.SAME_ACTOR
        writing_.record(Request("reject", {"reason": "撤回", "occurred_on": DAY}, ref="调1"))
        again = writing_.as_answered(writing_.record(asked))
        assert again.settled is not None
        assert (again.waits, again.settled.number) == (False, 5)
    assert desk.state()[0].open_requests == []


def test_a_key_that_was_moved_to_another_entry_is_corrupt(desk):
    """The index of keys is not part of the chain: what it finds must say so itself."""
    desk.opened().ask("project", code="P03", key="K1")
    connection = sqlite3.connect(desk.path.absolute())
    with connection:
        connection.execute("DROP TRIGGER stored_events_keep")
        connection.execute("UPDATE stored_events SET key = NULL WHERE key = 'K1'")
        connection.execute("UPDATE stored_events SET key = 'K1' WHERE originator_version = 2")
        connection.execute(SCHEMA["stored_events_keep"])
    connection.close()
    with pytest.raises(Corrupt) as corrupt:
        desk.ask("project", code="P03", key="K1")
    assert corrupt.value.code == "ENTRY.KEY"


def test_what_cannot_be_read_back_is_never_written(desk):
    """Canonical bytes are proved before the write (design §3): one entry that cannot be decoded
    would make the whole book unreadable."""
    desk.opened()
    before = desk.fingerprint()
    for said in ({"doc": "某" * 501}, {"amount_fen": 1.5}, {"amount_fen": 0}):
        with pytest.raises(Corrupt, match="不能存储"):
            desk.ask("appropriate", **{"amount_fen": 1, **said})
    assert before == desk.fingerprint()
    desk.ask("appropriate", amount_fen=1, doc="某" * 500)


def test_an_entry_is_named_by_its_number_or_its_id(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", amount_fen=100_00, key="支1")
    for ref in ("#4", "支1"):
        assert desk.ask("refund", ref=ref, amount_fen=1_00).entries[0].event.original == 4
    for ref in ("#7", "#0", "#-1", "支2", "4", "#", "#x", "#９", "# 4", ""):
        desk.refused(Refusal.ENTRY_MISSING, "refund", ref=ref, amount_fen=1)


def test_the_first_and_the_last_entry_can_be_named(desk):
    """They are there, if not of a kind that can be reversed."""
    desk.opened()
    for ref in ("#1", "#2"):
        desk.refused(Refusal.ENTRY_KIND, "reverse", ref=ref)
    desk.refused(Refusal.ENTRY_MISSING, "reverse", ref="#3")


def test_a_number_is_never_taken_for_an_id(desk):
    """`#3` is entry 3: else whoever chooses an id chooses what another person reverses, refunds or
    approves. No door lets such an id in (parse.key), and none is stored."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    with pytest.raises(Corrupt, match="不能存储"):
        desk.ask("pay", amount_fen=200_00, key="#4")
    desk.ask("pay", amount_fen=100_00)
    desk.ask("pay", amount_fen=200_00, key="4")
    assert desk.ask("refund", ref="#4", amount_fen=1).entries[0].event.original == 4
    assert desk.ask("reverse", ref="#5").entries[0].event.original == 5
    desk.refused(Refusal.ENTRY_MISSING, "refund", ref="#99", amount_fen=1)


def test_what_was_refunded_and_reversed_is_remembered_on_the_original(desk):
    """The index row that saves a refund from searching; a reversal of the refund gives it back."""
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("pay", amount_fen=100_00, key="支1")
    desk.ask("refund", ref="支1", amount_fen=60_00, key="退1")
    left = {"ref": "支1", "amount_fen": 40_01}
    assert desk.refused(Refusal.REFUND_EXCEEDS, "refund", **left).facts["left_fen"] == 40_00
    desk.refused(Refusal.ENTRY_REFUNDED, "reverse", ref="支1")
    desk.ask("reverse", ref="退1")
    desk.refused(Refusal.ENTRY_REVERSED, "reverse", ref="退1")
    desk.ask("reverse", ref="支1")
    assert desk.refused(Refusal.ENTRY_REVERSED, "refund", **left).facts["reversed_by"] == 7
    assert desk.state()[0].available_fen(LINE) == 500_00


def test_recorded_time_never_runs_backwards(desk):
    """A clock that is set back, or to another zone: entries keep the later instant."""
    seen = []
    desk.opened()
    for moved in (
        timedelta(seconds=5),
        timedelta(seconds=-3600),
        timedelta(0),
        timedelta(seconds=5000),
        timedelta(days=-4000),
    ):
        desk.now += moved
        if moved == timedelta(0):
            desk.now = desk.now.astimezone(timezone(timedelta(hours=8)))
        seen.append(desk.ask("project", code="P02").entries[0].recorded_at)
    later = NOON + timedelta(seconds=5)
    assert [later, later, later, later + timedelta(seconds=1400)] == seen[:4]
    assert seen[3] == seen[4]
    assert all(moment.utcoffset() == timedelta(0) for moment in seen)


def test_a_date_that_is_left_out_is_today_in_the_books_year(desk):
    """The clerk's today: the date of the clock's own zone."""
    opened = desk.ask("open-book", occurred_on=None).entries[0].event
    assert date(2020, 1, 1) == opened.occurred_on
    beijing = timezone(timedelta(hours=8))
    desk.now = datetime(2020, 7, 1, 0, 30, tzinfo=beijing)
    event = desk.ask("project", code="P02", occurred_on=None).entries[0].event
    assert date(2020, 7, 1) == event.occurred_on
    desk.now = datetime(2021, 1, 1, 0, 30, tzinfo=beijing)
    with pytest.raises(Malformed) as malformed:
        desk.ask("project", code="P02", occurred_on=None)
    assert malformed.value.code == "DATE.REQUIRED"


def test_a_folder_that_is_not_there_is_said_and_not_made(tmp_path):
    desk = StoreDesk(tmp_path / "nowhere" / "book.db")
    with pytest.raises(Unwritable, match="目录不存在"):
        desk.ask("open-book")
    assert not desk.path.parent.exists()


@pytest.mark.parametrize("folder", [".", "..", "/"])
def test_a_folder_is_no_log_whatever_it_is_called(folder):
    place = SqlitePlace(Path(folder))
    with pytest.raises(Unwritable), place.reading():
        pass
    with pytest.raises(Unwritable), place.writing(["A/2020"], opening=True):
        pass
    assert place.views != place.path
    assert place.described().exists


def test_entries_cannot_be_changed_or_deleted_through_sql(desk):
    desk.opened()
    connection = sqlite3.connect(desk.path.absolute())
    for statement in (
        "UPDATE stored_events SET state = x'00'",
        "UPDATE stored_events SET key = 'x' WHERE originator_version = 1",
        "DELETE FROM stored_events",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="entries are never"):
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("forged", [Head(1, bytes(32)), Head(3, bytes(32)), Head(2, b"\x01" * 32)])
def test_a_head_that_is_not_the_entries_stops_every_write(desk, forged):
    desk.opened()
    connection = sqlite3.connect(desk.path.absolute())
    with connection:
        connection.execute("UPDATE heads SET entries = ?, hash = ?", forged)
    connection.close()
    before = desk.fingerprint()
    with pytest.raises(Corrupt):
        desk.ask("project", code="P03")
    assert before == desk.fingerprint()


def test_a_stray_environment_does_not_redirect_the_book(desk, monkeypatch):
    """eventsourcing would merge os.environ into its settings."""
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    monkeypatch.setenv("SQLITE_DBNAME", str(desk.path.with_name("elsewhere.db")))
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    desk.opened()
    assert {"book.db"} == set(desk.fingerprint())
    assert len(desk.stored()) == 2


def test_a_name_that_looks_like_a_uri_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk = StoreDesk(Path("file:memory?mode=memory"))
    desk.opened()
    assert desk.state()[1].entries == 2
    assert (tmp_path / "file:memory?mode=memory").is_file()


WRITE_MANY = """
import sys
from datetime import date
from pathlib import Path
from ledger.book import BookId
from ledger.requests import Request
from ledger.store.books import Books
from ledger.store.place import place
with Books(place(sys.argv[1])) as books:
    for n in range(25):
        given = dict(code=f"{sys.argv[2]}-{n}", name="x", occurred_on=date(2020, 6, 30))
        request = Request("project", given, key=f"K{n}-{sys.argv[2]}")
        books.transact(BookId.parse("jianghan/2020"), request, actor="a")
"""


def test_two_writers_of_one_book_lose_nothing_and_repeat_no_number(desk):
    desk.opened()
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITE_MANY, desk.path, name]) for name in "AB"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    state, head = desk.state()
    assert 52 == head.entries == len(desk.stored())
    assert {f"{name}-{n}" for name in "AB" for n in range(25)} <= set(state.projects)


def test_every_account_is_read_back(desk):
    desk.opened().ask("appropriate", amount_fen=500_00)
    desk.ask("supplement", amount_fen=100_00, pending=True)
    desk.ask("pay", amount_fen=30_00)
    state = desk.state()[0]
    assert [state.of(LINE, a) for a in Account] == [600_00, 100_00, 470_00, 0, 30_00, 0, 0]
