"""FILE.views that someone edits: the audit finds every cell, then queries refuse until a rebuild.

Whatever stands in the views can be made anew from the log, so that nothing is lost; but a figure
that is wrong there must not be shown for long.
"""

import contextlib
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.audit.views import COMPARED, ComparedTable, ViewsAudit
from projections.views import schema
from projections.views.feed import rebuild
from projections.views.owned import VIEWS_ID
from projections.views.schema import memory_views
from tests.harness.called import called
from tests.harness.sample import BOOK, Sample, answers, make_book

QUERIES: tuple[tuple[str, ...], ...] = (
    ("balance",),
    ("carryover",),
    ("carry-ageing",),
    ("execution", "--scope", "all"),
    ("progress",),
    ("three-public",),
    ("log",),
    ("statement", "general:2080105:project:P01:30299:2020"),
    ("show", "20"),
    *(("table", str(number)) for number in range(1, 10)),
    ("explain", "T1.57"),
    ("get", "T3.合计.1"),
    ("where-used", "20"),
    ("check",),
)


def _columns() -> list[tuple[str, str]]:
    """Every column of every table of the views, but for the mark of the audit itself."""
    with contextlib.closing(memory_views()) as views:
        return [
            (table, column)
            for (table,) in views.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (column,) in views.execute("SELECT name FROM pragma_table_info(?)", (table,))
            if column != "distrusted"
        ]


COLUMNS = _columns()


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that the book of the tests fills some."""
    monkeypatch.setattr(schema, "BLOCK", 64)


@pytest.fixture
def every(every: Path, small_blocks: None) -> Path:
    """Its views made with blocks of that size."""
    rebuild(SqlitePlace(every))
    return every


def edit(path: Path, *statements: str) -> None:
    with contextlib.closing(
        sqlite3.connect(SqlitePlace(path).views, isolation_level=None)
    ) as views:
        for statement in statements:
            views.execute(statement)


def found_and_refused(path: Path, made: Sample) -> None:
    """Audit 4, queries 4, rebuild 0, and then everything is as it was."""
    exit_code = called(path, "audit").exit
    assert exit_code == 4
    for query in QUERIES:
        answer = called(path, *query)
        assert answer.exit == 4, (query, answer)
        assert answer.json()["try"] == ["yusuan rebuild"]
    assert called(path, "audit").exit == 4, "asking does not make it right"
    assert called(path, "rebuild").exit == 0
    assert called(path, "audit").exit == 0
    assert answers(path, made.keyed) == made.answers


def test_views_of_another_format_are_no_finding_and_are_never_shown(made: Sample, every: Path):
    """An update brings a new format: the audit does not take the old views for wrong ones, and the
    next query makes them anew, whatever stood in them."""
    edit(every, "PRAGMA user_version = 1", "UPDATE entries SET actor = '别人'")
    outcome = audit(SqlitePlace(every), BOOK)
    assert outcome.ok
    assert "另一版本" in next(skipped.why for skipped in outcome.not_run if skipped.code == "VIEWS")
    assert answers(every, made.keyed) == made.answers
    assert "VIEWS.ENTRIES" in {check.code for check in audit(SqlitePlace(every), BOOK).checks}


def test_amounts_stand_in_columns_of_that_name():
    """The contract's promise to SQL tools, and that the tests below reach every amount."""
    amounts = {table for table, column in COLUMNS if column.endswith("_fen")}
    assert amounts >= {"entries", "moves", "income", "monthly", "blocks", "daily"}


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda name: name)
def test_a_changed_cell_is_found(made: Sample, every: Path, table: str, column: str):
    """One cell of one row, in the middle of the table: a fen more, or another text."""
    with contextlib.closing(
        sqlite3.connect(SqlitePlace(every).views, isolation_level=None)
    ) as views:
        keys = [
            name for _, name, _, _, _, key in views.execute(f"PRAGMA table_info({table})") if key
        ]
        # In the middle of those that have a value; where none has, one gets it.
        having = f"WHERE {column} NOT NULL"
        (rows,) = views.execute(f"SELECT count(*) FROM {table} {having}").fetchone()
        row = views.execute(
            f"SELECT {', '.join(keys)}, {column}, typeof({column}) FROM {table} "
            f"{having if rows else ''} LIMIT 1 OFFSET {rows // 2}"
        ).fetchone()
        *at, value, kind = row
        # A number far from any other, so that no primary key is hit.
        other = {
            "integer": lambda: value + 1 if column.endswith("_fen") else value + 500_000,
            "text": lambda: value + "x",
            "blob": lambda: bytes(reversed(value)),
            "null": lambda: 1,
        }[kind]()
        where = " AND ".join(f"{key} = ?" for key in keys)
        changed = views.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (other, *at))
        assert changed.rowcount == 1
    if (table, column) in (("books", "id"), ("books", "book")):
        # The book's views are no longer there: made anew at the next question.
        assert called(every, "audit").exit in (0, 4)
        assert called(every, "balance").exit in (0, 4)
        assert called(every, "rebuild").exit == 0
        assert answers(every, made.keyed) == made.answers
    else:
        found_and_refused(every, made)


@pytest.mark.parametrize(
    "table",
    [
        "entries",
        "moves",
        "income",
        "dealings",
        "monthly",
        "daily",
        "projects",
        "codes",
        "lines",
        "books",
    ],
)
@pytest.mark.parametrize("what", ["delete", "empty"])
def test_lost_rows_are_found(made: Sample, every: Path, table: str, what: str):
    """One row, or all of them; without the book's row they are made anew."""
    rows = "" if what == "empty" else f" WHERE rowid = (SELECT max(rowid) FROM {table})"
    keys = {"monthly": "month", "daily": "occurred_on"}
    if table not in ("lines", "books") and what == "delete":
        key = keys.get(table, "entry")
        rows = f" WHERE {key} = (SELECT max({key}) FROM {table})"
    edit(every, f"DELETE FROM {table}{rows}")
    if table == "books":
        assert called(every, "audit").exit == 0
        answer = called(every, "balance")
        assert answer.exit == 4, "rows of the lost book are in the way"
        assert called(every, "rebuild").exit == 0
        assert answers(every, made.keyed) == made.answers
    else:
        found_and_refused(every, made)


ADDED = {
    "entries": "INSERT INTO entries SELECT book_id, 500, kind, occurred_on, recorded_at, actor, "
    "'k', line_id, econ, amount_fen, doc, payee, purpose, reason, original, name, adjustment, "
    "pay_type, procurement, direct_funds, undone_fen, counterpart, undoes, "
    "approval_doc, contract, procurement_type "
    "FROM entries WHERE entry = 100",
    "moves": "INSERT INTO moves SELECT book_id, entry, 50, line_id, source, target, cause, econ, "
    "occurred_on, 1 FROM moves WHERE entry >= 100 LIMIT 1",
    "moves of no entry": "INSERT INTO moves SELECT book_id, 0, seq, line_id, source, target, "
    "cause, econ, occurred_on, 1 FROM moves WHERE entry >= 100 LIMIT 1",
    "moves before the first": f"INSERT INTO moves SELECT book_id, {-(2**63)}, seq, line_id, "
    "source, target, cause, econ, occurred_on, 1 FROM moves WHERE entry >= 100 LIMIT 1",
    "income": "INSERT INTO income SELECT book_id, 500, 0, line_id, source, pool, occurred_on, 1 "
    "FROM income LIMIT 1",
    "particulars": "INSERT INTO particulars SELECT book_id, 500, kind, occurred_on, said "
    "FROM particulars LIMIT 1",
    "procured": "INSERT INTO procured SELECT book_id, 500, seq, contract, procurement_type, "
    "occurred_on, 1, 1 FROM procured LIMIT 1",
    "monthly": "INSERT INTO monthly SELECT book_id, 12, line_id, 'PAID', 'gift', econ, 1 "
    "FROM monthly LIMIT 1",
    "daily": "INSERT INTO daily SELECT book_id, line_id, '2020-12-32', 1 FROM daily LIMIT 1",
    "projects": "INSERT INTO projects SELECT book_id, 500, code, '另一个' FROM projects LIMIT 1",
    "codes": "INSERT INTO codes SELECT book_id, 500, code_set, code, name FROM codes LIMIT 1",
    "trigger": "CREATE TRIGGER more AFTER INSERT ON moves "
    "BEGIN UPDATE monthly SET amount_fen = 0; END",
    "table": "CREATE TABLE more (x)",
    "index": "CREATE INDEX more ON entries (doc)",
    "view": "DROP VIEW v_balances",
}


@pytest.mark.parametrize("statement", ADDED.values(), ids=ADDED)
def test_added_things_are_found(made: Sample, every: Path, statement: str):
    """Rows that no entry explains, and anything that this program did not make."""
    edit(every, statement)
    found_and_refused(every, made)


@pytest.mark.parametrize(
    ("view", "fen", "more"),
    [
        ("v_postings", "p.amount_fen", "p.amount_fen + 1 AS amount_fen"),
        ("postings", "-amount_fen", "1 - amount_fen"),
    ],
)
def test_another_definition_of_a_view_is_found(
    made: Sample, every: Path, view: str, fen: str, more: str
):
    """What Datasette would show is checked too, and what questions read."""
    with contextlib.closing(sqlite3.connect(SqlitePlace(every).views)) as views:
        ((sql,),) = views.execute("SELECT sql FROM sqlite_master WHERE name = ?", (view,))
    edit(every, f"DROP VIEW {view}", sql.replace(fen, more))
    found_and_refused(every, made)


RENAMED = {
    "v_entries": ("doc", "payee"),
    "v_postings": ("entry", "amount_fen"),
    "v_income": ("entry", "amount_fen"),
    "v_lines": ("func", "econ"),
    "v_projects": ("code", "name"),
    "v_codes": ("code", "name"),
    "v_balances": ("line", "account"),
    "postings": ("entry", "amount_fen"),
}


@pytest.mark.parametrize("view", RENAMED)
def test_columns_of_a_view_that_change_names_are_found(made: Sample, every: Path, view: str):
    """The rows are what they were, and two columns have each other's name: what reads the view is
    wrong, and does not answer even before an audit."""
    with contextlib.closing(sqlite3.connect(SqlitePlace(every).views)) as views:
        ((sql,),) = views.execute("SELECT sql FROM sqlite_master WHERE name = ?", (view,))
        names = [
            name for (name,) in views.execute("SELECT name FROM pragma_table_info(?)", (view,))
        ]
    one, other = RENAMED[view]
    exchanged = [{one: other, other: one}.get(name, name) for name in names]
    body = sql.partition(" AS ")[2]
    edit(every, f"DROP VIEW {view}", f"CREATE VIEW {view} ({', '.join(exchanged)}) AS {body}")
    for words in (("export", "csv", "--out", every.parent / "out"), ("balance",), ("log",)):
        answer = called(every, *words)
        assert (answer.exit, answer.json()["code"]) == (4, "VIEWS.FILE"), words
    found_and_refused(every, made)


@pytest.mark.parametrize("name", ["books", "moves", "entries", "moves_line", "v_entries"])
def test_a_trigger_under_another_things_name_is_found(made: Sample, every: Path, name: str):
    """SQLite lets a trigger bear the name of a table, an index or a view."""
    edit(
        every,
        f"CREATE TRIGGER {name} BEFORE UPDATE ON books BEGIN SELECT RAISE(IGNORE); END",
    )
    found_and_refused(every, made)


def test_what_analyze_leaves_is_no_finding(made: Sample, every: Path):
    edit(every, "ANALYZE")
    assert called(every, "audit").exit == 0
    assert answers(every, made.keyed) == made.answers


def test_a_mark_on_the_file_holds_for_all_of_its_books_until_rebuild(made: Sample, every: Path):
    """Where the file as such is wrong, a row of it would be a mark that somebody can take away, or
    that is not even written; and the marked file is still there to be looked at, and audited."""
    before = SqlitePlace(every).views.read_bytes()
    edit(every, "CREATE TABLE more (x)")
    assert called(every, "audit").exit == 4
    edit(every, "DROP TABLE more")
    found = called(every, "balance")
    assert (found.exit, found.json()["code"]) == (4, "VIEWS.DISTRUSTED")
    assert len(SqlitePlace(every).views.read_bytes()) >= len(before)
    assert called(every, "audit").json()["ok"], "what it finds is what there is now"
    edit(every, "CREATE TABLE more (x)")
    found_and_refused(every, made)


def test_a_dropped_index_is_found(made: Sample, every: Path):
    with contextlib.closing(sqlite3.connect(SqlitePlace(every).views)) as views:
        ((name,),) = views.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'moves'"
        )
    edit(every, f"DROP INDEX {name}")
    found_and_refused(every, made)


def test_an_index_that_lies_is_found(made: Sample, every: Path):
    """The table is right and one key of its index is not: what a flipped byte in a page does."""
    file = SqlitePlace(every).views
    with contextlib.closing(sqlite3.connect(file)) as views:
        ((root,),) = views.execute(
            "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'lines'"
        )
    whole = bytearray(file.read_bytes())
    page = bytes(whole[(root - 1) * 4096 : root * 4096])
    at = page.index(b"general:2080105:project:P01:30299:2020")
    whole[(root - 1) * 4096 + at + 8] = ord("9")
    file.write_bytes(whole)
    found_and_refused(every, made)


@pytest.mark.parametrize("content", [b"", b"x" * 5000, None], ids=["empty", "noise", "missing"])
def test_views_that_are_no_views(made: Sample, every: Path, content: bytes | None):
    """Empty or missing: made anew. Something else may be somebody's: said by every command, and
    left alone until it is taken away."""
    views = SqlitePlace(every).views
    if content is None:
        views.unlink()
    else:
        views.write_bytes(content)
    if content:
        for command in ("audit", *(query for query, *_ in QUERIES), "rebuild"):
            words = next((query for query in QUERIES if query[0] == command), (command,))
            assert called(every, *words).exit == 4, command
        assert views.read_bytes() == content
        views.unlink()
    assert called(every, "audit").exit == 0
    assert answers(every, made.keyed) == made.answers


def test_views_of_another_book_file(made: Sample, every: Path, tmp_path: Path):
    """Views that were built from other entries are not believed, even before any audit."""
    other = tmp_path / "other.db"
    make_book(other, seed=2)
    assert called(other, "balance").exit == 0
    SqlitePlace(every).views.write_bytes(SqlitePlace(other).views.read_bytes())
    assert called(every, "balance").exit == 4
    found_and_refused(every, made)


def test_the_audit_does_not_change_what_it_reads(every: Path):
    """A passing audit leaves the log and the views as they are, byte for byte."""
    before = (every.read_bytes(), SqlitePlace(every).views.read_bytes())
    assert audit(SqlitePlace(every), BOOK).ok
    assert (every.read_bytes(), SqlitePlace(every).views.read_bytes()) == before


def test_a_view_whose_definition_is_no_text_is_found(made: Sample, every: Path):
    """A flipped type byte makes bytes of it; the audit says so and does not stumble."""
    edit(
        every,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = CAST(sql AS BLOB) WHERE name = 'v_income'",
    )
    found_and_refused(every, made)


ODD = '"引号"、反斜杠 \\、斜杠 /、𠮷、é、　、<b>&amp;'


def test_pages_are_compared_as_json_whatever_their_text(
    made: Sample, every: Path, monkeypatch: pytest.MonkeyPatch
):
    """SQLite and we say the same text in the same bytes, so that of a sound book no row is looked
    at alone; where SQLite says no JSON, every row is, and a wrong one is found all the same."""
    odd = ("project", "--code", "P99", "--name", ODD, "--doc", ODD, "--date", "2020-12-31")
    assert called(every, *odd).exit == 0
    assert called(every, "balance").exit == 0
    alone: list[str] = []
    compare = ViewsAudit._compare_rows

    def told(self: ViewsAudit, compared: ComparedTable, *rest: Any) -> None:
        alone.append(compared.table.name)
        compare(self, compared, *rest)

    monkeypatch.setattr(ViewsAudit, "_compare_rows", told)
    assert audit(SqlitePlace(every), BOOK).ok
    assert alone == []
    monkeypatch.setattr(ViewsAudit, "_as_json", lambda *_: None)
    assert audit(SqlitePlace(every), BOOK).ok
    assert set(alone) == {compared.table.name for compared in COMPARED}
    edit(every, "UPDATE moves SET amount_fen = amount_fen + 1 WHERE entry = 102 AND seq = 0")
    found = audit(SqlitePlace(every), BOOK)
    assert [fault.entry for fault in found.findings] == [102]


@pytest.mark.parametrize(
    "made_otherwise",
    [
        ("PRAGMA page_size = 8192", "VACUUM", "PRAGMA journal_mode = WAL"),
        ("PRAGMA page_size = 65536", "VACUUM"),
        ("PRAGMA journal_mode = WAL",),
        ("PRAGMA auto_vacuum = FULL", "VACUUM"),
    ],
    ids=" ".join,
)
def test_views_that_somebody_made_otherwise_are_made_anew(
    made: Sample, every: Path, made_otherwise: tuple[str, ...]
):
    """Another size of pages, another journal: what is wrong in such a file is found and mended."""
    edit(every, *made_otherwise, "UPDATE monthly SET amount_fen = amount_fen + 1")
    found_and_refused(every, made)


def test_views_in_another_encoding_are_made_anew(made: Sample, every: Path):
    file = SqlitePlace(every).views
    file.unlink()
    ours = f"PRAGMA application_id = {VIEWS_ID}"
    edit(every, "PRAGMA encoding = 'UTF-16'", "CREATE TABLE other (x)", ours)
    assert called(every, "rebuild").exit == 0
    assert called(every, "audit").exit == 0
    assert answers(every, made.keyed) == made.answers


def test_a_rebuild_that_waits_for_a_reader_can_be_interrupted(every: Path):
    """In whatever moment the reader came: while the lock is asked for, or between it and the
    copy."""
    with contextlib.closing(sqlite3.connect(SqlitePlace(every).views)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchone()
        waits = (
            "import signal, sys\n"
            "from pathlib import Path\n"
            "from projections.views import schema\n"
            # A job in the background of a shell is started deaf to it.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "free = {'BEGIN EXCLUSIVE': 'BEGIN'}\n"
            "schema.files.patiently = lambda c, said, *_: c.execute(free.get(said, 'SELECT 1'))\n"
            "print('waits', flush=True)\n"
            "schema._empty(Path(sys.argv[1]), lambda: None)\n"
        )
        argv = [sys.executable, "-c", waits, str(SqlitePlace(every).views)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.5)
            assert process.poll() is None
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=20)
            finally:
                process.kill()
    assert process.returncode in (1, -signal.SIGINT)
    assert called(every, "rebuild").exit == 0
