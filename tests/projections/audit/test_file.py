"""`audit --all`: every book of a file is audited, whatever is wrong with the others, and a run that
was interrupted goes on where it stopped."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ledger.book import BookId
from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS
from ledger.store.sqlite import files
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.audit.file import Step, audit_all, notes_path
from projections.audit.workers import in_processes
from tests.harness.edited import edited
from tests.harness.shell import Answer, in_process, process
from tests.harness.small_year import appropriate, open_book, pay

UNITS = ("A", "B", "C", "D")


@pytest.fixture(scope="module")
def audited_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four books, queried once, so that their views are there."""
    file = tmp_path_factory.mktemp("all") / "yusuan.db"
    for unit in UNITS:
        open_book(file, unit, appropriate(5_000_000), pay(1_234_500))
    assert process("roll-up", "--year", "2020", cwd=file.parent).exit == 0
    return file


@pytest.fixture
def city(audited_city: Path, tmp_path: Path) -> Path:
    for file in audited_city.parent.glob("yusuan.db*"):
        shutil.copy(file, tmp_path)
    return tmp_path / "yusuan.db"


def audited(file: Path, *more: str) -> Answer:
    return process("audit", "--all", *more, "--json", cwd=file.parent)


def test_all_books_are_right(city: Path) -> None:
    found = audited(city)
    answer = found.json
    assert (found.exit, answer["ok"], answer["findings"]) == (0, True, [])
    assert [book["book"] for book in answer["books"]] == [f"{unit}/2020" for unit in UNITS]
    assert answer["entries"] == sum(book["entries"] for book in answer["books"])
    tried = {check["code"]: check["tried"] for check in answer["checks"]}
    assert tried["ENTRY.BYTES"] == tried["RULES"] == tried["VIEWS.ENTRIES"] - 4 == answer["entries"]
    assert not notes_path(SqlitePlace(city)).exists()
    shown = process("audit", "--all", "--jobs", "1", cwd=city.parent).out
    assert "4 个账套" in shown
    assert shown.endswith("结论：相符\n")


def test_a_wrong_entry_is_found_in_its_book_and_the_others_are_audited(city: Path) -> None:
    with edited(city) as connection:
        connection.execute(
            "UPDATE stored_events SET state = "
            "CAST(replace(CAST(state AS TEXT), '1234500', '1234501') AS BLOB) "
            "WHERE originator_id = 'B/2020' AND topic = 'pay'"
        )
    found = audited(city)
    assert found.exit == 4
    assert {finding["book"] for finding in found.json["findings"]} == {"B/2020"}
    assert [book["ok"] for book in found.json["books"]] == [True, False, True, True]
    assert "不符的账套：B/2020" in process("audit", "--all", cwd=city.parent).out


def test_a_wrong_view_is_distrusted_in_its_book_only(city: Path) -> None:
    views = city.with_name(city.name + ".views")
    with closing(sqlite3.connect(views)) as connection, connection:
        connection.execute(
            "UPDATE monthly SET amount_fen = amount_fen + 1 WHERE account = 'PAID' "
            "AND book_id = (SELECT id FROM books WHERE book = 'C/2020')"
        )
    found = audited(city)
    assert found.exit == 4
    assert {(f["book"], f["code"]) for f in found.json["findings"]} == {("C/2020", "VIEWS.MONTHLY")}
    for unit, code in (("B", 0), ("C", 4)):
        asked = process("balance", "--unit", unit, "--year", "2020", cwd=city.parent)
        assert asked.exit == code


@pytest.mark.parametrize(
    "tables", [("heads",), ("heads", "stored_events")], ids=["its head", "all of it"]
)
def test_a_book_that_was_taken_out_is_missed(city: Path, tables: tuple[str, ...]) -> None:
    """Without its head it is still audited; without a trace, the views remember it."""
    with edited(city) as connection:
        for name in tables:
            connection.execute(f"DELETE FROM {name} WHERE originator_id = 'D/2020'")
    found = audited(city)
    assert found.exit == 4
    told = [f for f in found.json["findings"] if f["code"] == "CHAIN.HEAD"]
    assert told
    assert any("D/2020" in (f["book"] or "") + f["message"] for f in told)


def interrupted(file: Path, after: int) -> None:
    """A run that is broken off after so many books."""

    class Stop(Exception):
        pass

    def told(step: Step) -> None:
        if step.books == after:
            raise Stop

    with pytest.raises(Stop):
        audit_all(SqlitePlace(file), jobs=1, told=told)


def test_an_interrupted_run_goes_on_where_it_stopped(city: Path) -> None:
    interrupted(city, 2)
    noted = [
        json.loads(line)["book"] for line in notes_path(SqlitePlace(city)).read_text().splitlines()
    ]
    assert len(noted) == 2
    again = process("audit", "--all", "--resume", cwd=city.parent)
    assert "其中 2 个账套取自上次" in again.out
    assert not notes_path(SqlitePlace(city)).exists()


def test_what_changed_since_is_audited_again(city: Path) -> None:
    """And a line of the notes that was cut off counts for nothing."""
    interrupted(city, 2)
    notes = notes_path(SqlitePlace(city))
    first, second = (json.loads(line)["book"] for line in notes.read_text().splitlines())
    unit = second.partition("/")[0]
    paid = process(
        *("pay", "--unit", unit, "--year", "2020", "--func", "2080105", "--econ", "30201"),
        *("--amount", "1", "--payee", "某店", "--date", "2020-12-30"),
        cwd=city.parent,
    )
    assert paid.exit == 0
    notes.write_text(notes.read_text() + '{"book": "C/2020", "ok"')
    answer = audited(city, "--resume").json
    assert [book["book"] for book in answer["books"] if book["earlier"]] == [first]


def test_a_new_run_begins_again_and_says_how_to_go_on(city: Path) -> None:
    interrupted(city, 3)
    found = process("audit", "--all", "--json", cwd=city.parent)
    assert "已审 3 个账套" in found.err
    assert not any(book["earlier"] for book in found.json["books"])


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("--all", "--seal", "1-00000-00000-00000-00000-0"), "seal"),
        (("--resume",), "resume"),
        (("--jobs", "2"), "jobs"),
        (("--all", "--jobs", "many"), "jobs"),
        (("--all", "--jobs", "0"), "jobs"),
    ],
)
def test_options_that_do_not_go_together(city: Path, words: tuple[str, ...], field: str) -> None:
    found = process("audit", *words, "--json", cwd=city.parent)
    assert (found.exit, found.json["facts"]["field"]) == (2, field)


def test_without_a_file_there_is_nothing_to_audit(tmp_path: Path) -> None:
    assert process("audit", "--all", cwd=tmp_path).exit == 3


def test_a_foreign_name_among_the_books_is_a_finding(city: Path) -> None:
    with edited(city) as connection:
        connection.execute("INSERT INTO heads VALUES ('不是账套', 1, x'00')")
    found = audited(city)
    assert found.exit == 4
    assert any("不是账套" in finding["message"] for finding in found.json["findings"])


def test_a_book_with_a_false_head_does_not_stop_the_others(city: Path) -> None:
    with edited(city) as connection:
        connection.execute("UPDATE heads SET hash = x'00' WHERE originator_id = 'A/2020'")
    found = audited(city)
    assert found.exit == 4
    assert [book["ok"] for book in found.json["books"]] == [False, True, True, True]


@pytest.mark.parametrize("name", ["", "局", "A", "\x1b[31m/2020", "A/2020/x"])
def test_a_book_that_no_command_can_name_is_found_and_stops_nothing_else(
    city: Path, name: str
) -> None:
    """Its chain is right. What is asked of one book is answered, what is asked of all is not."""
    with edited(city) as connection:
        hash_ = GENESIS
        rows = connection.execute(
            "SELECT originator_version, topic, state, key FROM stored_events "
            "WHERE originator_id = 'A/2020' ORDER BY 1"
        ).fetchall()
        for number, tag, old, key in rows:
            stored = old.replace(b"A/2020", name.encode(), 1)
            hash_ = link(hash_, name, number, tag, stored)
            connection.execute(
                "INSERT INTO stored_events (originator_id, originator_version, topic, state, hash, "
                "key) VALUES (?, ?, ?, ?, ?, ?)",
                (name, number, tag, stored, hash_, key),
            )
        connection.execute("INSERT INTO heads VALUES (?, ?, ?)", (name, len(rows), hash_))
    of_one = process("audit", "--unit", "B", "--year", "2020", "--json", cwd=city.parent)
    for found in (audited(city), of_one):
        assert found.exit == 4
        wrong = {each["code"]: each["message"] for each in found.json["findings"]}
        assert "账套名称无法读取" in wrong["FILE.SCHEMA"]
        assert "\x1b" not in found.said
    one = ("--unit", "B", "--year", "2020")
    assert process("seal", *one, cwd=city.parent).exit == 0
    for every in (("roll-up", "--year", "2020"), ("export", "sqlite", "-o", "x.db")):
        answer = process(*every, cwd=city.parent)
        assert (answer.exit, "FILE.SCHEMA" in answer.err) == (4, True)


# Notes -----------------------------------------------------------------------------------------

FOREIGN_LINES = (
    '{"book": "A/2020"}',
    '{"book": "A/2020", "ok": true, "entries": "many"}',
    '{"book": 1, "ok": true}',
    "[1, 2, 3]",
    "null",
    "17",
    '"A/2020"',
    "{}",
    "[" * 5_000,
    "买菜",
)


def a_note(city: Path) -> dict[str, object]:
    interrupted(city, 1)
    (line,) = notes_path(SqlitePlace(city)).read_text().splitlines()
    note = json.loads(line)
    assert isinstance(note, dict)
    return note


@pytest.mark.parametrize("line", FOREIGN_LINES, ids=range(len(FOREIGN_LINES)))
def test_lines_that_are_no_notes_count_for_nothing_and_stay(city: Path, line: str) -> None:
    """Those of another shape beside a true one, whichever comes first: the true one is taken, and
    the file is not ours any more."""
    interrupted(city, 1)
    notes = notes_path(SqlitePlace(city))
    true = notes.read_text()
    for text in (f"{line}\n{true}", f"{true}{line}\n"):
        notes.write_text(text)
        answer = audited(city, "--resume").json
        assert answer["ok"]
        assert sum(book["earlier"] for book in answer["books"]) == 1
        assert notes.name in answer["remarks"][0]["message"]
        assert notes.read_text() == text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seconds", "soon"),
        ("seconds", [1]),
        ("seconds", {"a": 1}),
        ("seconds", None),
        ("head", {"entries": 1, "hash": "xyz"}),
        ("head", {"entries": "1", "hash": ""}),
        ("head", None),
        ("checks", [{"code": "RULES"}]),
        ("findings", {}),
        ("entries", None),
        ("book", None),
        ("ok", "yes"),
    ],
)
def test_a_note_with_a_field_of_another_type_is_no_note(
    city: Path, field: str, value: object
) -> None:
    note = a_note(city)
    notes = notes_path(SqlitePlace(city))
    text = json.dumps({**note, field: value}) + "\n"
    notes.write_text(text)
    answer = audited(city, "--resume")
    assert (answer.exit, any(book["earlier"] for book in answer.json["books"])) == (0, False)
    assert notes.read_text() == text


def test_what_was_cut_off_is_taken_away_and_the_run_goes_on(city: Path) -> None:
    """A run that was killed while it wrote, and its next one too: only whole notes are kept, and
    nothing that was noted is lost on the way."""
    interrupted(city, 2)
    notes = notes_path(SqlitePlace(city))
    whole = notes.read_text()
    for cut in ("{", '{"book":', '{"book":"C/20', whole.splitlines()[0][:-1]):
        notes.write_text(whole + cut)

        class Stop(Exception):
            pass

        def told(_: Step) -> None:
            raise Stop

        with pytest.raises(Stop):
            audit_all(SqlitePlace(city), jobs=1, told=told, resume=True)
        lines = notes.read_text().splitlines()
        assert [*map(json.loads, lines)]
        assert notes.read_text().startswith(whole)
        notes.write_text(whole)
    assert audited(city, "--resume").json["ok"]
    assert not notes.exists()


def test_a_disk_that_takes_no_notes_takes_no_answer_away(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("projections.audit.notes.os.write", full)
    assert audit_all(SqlitePlace(city), jobs=1).ok
    assert not notes_path(SqlitePlace(city)).exists()


# A medium that cannot be written -----------------------------------------------------------------


def test_all_books_of_a_medium_that_cannot_be_written(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole answer; and where views are wrong, that queries go on all the same."""
    views = SqlitePlace(city).views

    def read_only(*_: object, **more: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(files, "made", read_only)
    found = audit_all(SqlitePlace(city), jobs=1)
    assert (found.ok, found.remarks) == (True, [])
    with closing(sqlite3.connect(views)) as connection, connection:
        connection.execute("UPDATE monthly SET amount_fen = amount_fen + 1")
    connect = sqlite3.connect

    def unwritable(file: object, **more: object) -> sqlite3.Connection:
        made = connect(file, **more)  # type: ignore[call-overload]
        made.execute("PRAGMA query_only = ON")
        assert isinstance(made, sqlite3.Connection)
        return made

    monkeypatch.setattr("projections.audit.views.sqlite3.connect", unwritable)
    place = SqlitePlace(city)
    every, one = audit_all(place, jobs=1), audit(place, BookId("A", 2020))
    for wrong in (every, one):
        assert not wrong.ok
        (remark,) = wrong.remarks
        assert str(views) in remark.message
        assert "rebuild" in remark.message


# Workers -----------------------------------------------------------------------------------------


def test_a_book_that_could_not_be_audited_is_5_and_the_others_are(
    city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is none of the book: `--resume` goes on with it."""

    def without_c(work: object, pieces: list[str], jobs: int) -> Iterator[tuple[str, object]]:
        for piece, outcome in in_processes(work, pieces, jobs):  # type: ignore[arg-type]
            yield piece, None if piece == "C/2020" else outcome

    with monkeypatch.context() as patched:
        patched.setattr("projections.audit.file.in_processes", without_c)
        answer = in_process("--db", str(city), "audit", "--all", "--json")
        text = in_process("--db", str(city), "audit", "--all")
    assert (answer.exit, text.exit) == (5, 5)
    assert {(f["book"], f["code"]) for f in answer.json["findings"]} == {
        ("C/2020", "MACHINE.LIMIT")
    }
    assert [book["ok"] for book in answer.json["books"]] == [True, True, False, True]
    assert "没有审完" in text.out
    again = audited(city, "--resume").json
    assert again["ok"]
    assert sum(book["earlier"] for book in again["books"]) == 3


def test_a_machine_that_starts_no_worker_is_5_and_says_so(
    city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interpreter that this user may not run; a long book alone is audited in one process."""
    broken = tmp_path / "python"
    broken.touch(0o644)
    monkeypatch.setattr(sys, "executable", str(broken))
    for words in (("--json",), ()):
        answer = in_process("--db", str(city), "audit", "--all", *words)
        assert answer.exit == 5
        assert "MACHINE.LIMIT" in answer.said
        assert "无法启动" in answer.said
    monkeypatch.setattr("projections.audit.book.MANY_ENTRIES", 1)
    assert audit(SqlitePlace(city), BookId("A", 2020)).ok


def test_views_that_are_damaged_are_distrusted_by_an_audit_of_all_books(city: Path) -> None:
    """Also where no book of theirs could be compared."""
    views = SqlitePlace(city).views
    with closing(sqlite3.connect(views)) as connection:
        (root,) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'moves_line'"
        ).fetchone()
    whole = bytearray(views.read_bytes())
    whole[(root - 1) * 4096 + 100 : root * 4096] = bytes(4096 - 100)
    views.write_bytes(whole)
    found = audited(city)
    assert (found.exit, found.json["remarks"]) == (4, [])
    assert {(f["book"], f["code"]) for f in found.json["findings"]} == {(None, "VIEWS.FILE")}
    for unit in UNITS:
        asked = process("balance", "--unit", unit, "--year", "2020", "--json", cwd=city.parent)
        assert (asked.exit, asked.json["code"]) == (4, "VIEWS.DISTRUSTED")
    assert audited(city).exit == 4
    assert process("rebuild", cwd=city.parent).exit == 0
    assert audited(city).exit == 0
