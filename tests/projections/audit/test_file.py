"""`audit --all`: every book of a file is audited, whatever is wrong with the others, and a run that
was interrupted goes on where it stopped."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.file import Step, audit_all, notes_path
from tests.harness.edited import edited
from tests.harness.shell import Answer, process
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
