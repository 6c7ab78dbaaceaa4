"""Whole books as lines of JSON, and back: byte for byte, or not at all."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.book import BookId
from ledger.errors import Corrupt, Malformed
from ledger.proofs.chain import link
from ledger.proofs.head import GENESIS, Head
from ledger.refusals import Refusal, Refused
from ledger.store import jsonl
from ledger.store.books import Books
from ledger.store.log import NoLog, Unwritable
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.sqlite.recorder import SqliteTransaction
from projections.audit.book import audit
from scripts.proofs.simulate import words
from scripts.proofs.simulate.year import RandomYear
from tests.harness.plain import plain
from tests.harness.small_year import Year, appropriate, pay, refund, reserve, voucher

SEEDS = range(8)


def written(db: Path, file: Path) -> dict[str, Head]:
    """All books of a log in a file; their heads."""
    with SqlitePlace(db).reading() as log:
        heads = {book: log.head(book) for book in log.books()}
        there = {book: head for book, head in heads.items() if head is not None}
        file.write_text("".join(jsonl.lines(log, there)), encoding="utf-8", newline="")
    return there


def restored(db: Path, file: Path) -> dict[str, Head]:
    with Books(SqlitePlace(db)) as books:
        return books.restore(file).heads


def contents(db: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the log's tables but for rowids."""
    columns = {
        "stored_events": "originator_id, originator_version, topic, state, hash, key",
        "heads": "*",
        "settlements": "*",
    }
    connection = sqlite3.connect(db)
    try:
        return {
            table: connection.execute(f"SELECT {what} FROM {table} ORDER BY 1, 2").fetchall()
            for table, what in columns.items()
        }
    finally:
        connection.close()


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """Every table has rows: a refund and a reservation are settled."""
    return Year(tmp_path).record(
        appropriate(1_000_00, key="批“1”"),
        reserve(100_00),
        pay(50_00, payee='某店"\\\u3000', key="支1"),
        refund("支1", 10_00),
        voucher((appropriate(1).given["line"], "30201", 5_00)),
    )


@pytest.fixture
def file(year: Year, tmp_path: Path) -> Path:
    path = tmp_path / "book.jsonl"
    written(year.db, path)
    return path


def test_a_log_comes_back_byte_for_byte(year, file, tmp_path):
    db = tmp_path / "again.db"
    heads = restored(db, file)
    assert contents(year.db) == contents(db)
    assert contents(db)["settlements"]
    assert {str(year.book): heads[str(year.book)]} == heads
    again = tmp_path / "again.jsonl"
    written(db, again)
    assert file.read_bytes() == again.read_bytes()
    found = plain(audit(SqlitePlace(db), year.book))
    assert found["ok"], found["findings"]


@pytest.mark.parametrize("seed", SEEDS)
def test_random_years_come_back_two_books_in_a_file(seed, tmp_path, monkeypatch):
    """With snapshots on the way, so that the next writer starts from one."""
    monkeypatch.setattr("ledger.store.fold.SNAPSHOT_INTERVAL", 10)
    db, path = RandomYear(seed, 50, tmp_path).grown(), tmp_path / "b.jsonl"
    heads = written(db, path)
    assert set(heads) == {str(words.BOOK), str(words.OTHER)}
    again = tmp_path / "again.db"
    assert heads == restored(again, path)
    assert contents(db) == contents(again)
    for book in (words.BOOK, words.OTHER):
        found = plain(audit(SqlitePlace(again), book))
        assert found["ok"], found["findings"]
        if heads[str(book)].entries >= 10:
            assert "SNAPSHOT" in {check["code"] for check in found["checks"]}


def test_a_book_that_was_restored_goes_on(year, file, tmp_path):
    """A key answers as before, a payment can still be refunded, and no more than was left."""
    db = tmp_path / "again.db"
    restored(db, file)
    before = contents(db)
    with Books(SqlitePlace(db)) as books:
        again = books.transact(year.book, pay(50_00, payee='某店"\\\u3000', key="支1"), actor="他")
        assert again.already
        with pytest.raises(Refused) as refused:
            books.transact(year.book, refund("支1", 40_01), actor="他")
        assert refused.value.refusal is Refusal.REFUND_EXCEEDS
        assert before == contents(db)
        books.transact(year.book, refund("支1", 40_00), actor="他")


def test_large_books_are_written_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr("ledger.store.batch.BATCH", 7)
    db, path = RandomYear(3, 60, tmp_path).grown(), tmp_path / "b.jsonl"
    heads = written(db, path)
    assert heads[str(words.BOOK)].entries > 20
    restored(tmp_path / "again.db", path)
    assert contents(db) == contents(tmp_path / "again.db")


def test_books_are_added_to_a_file_that_has_others(year, file, tmp_path):
    other = Year(tmp_path, basis="payment", book=BookId("420104", 2020)).record(appropriate(1_00))
    before = contents(other.db)["stored_events"]
    restored(other.db, file)
    both = contents(other.db)["stored_events"]
    assert sorted([*before, *contents(year.db)["stored_events"]]) == sorted(both)
    for book in (year.book, other.book):
        assert audit(SqlitePlace(other.db), book).ok


@pytest.mark.parametrize("name", ["", "420103", "/2020", "420103/20", "420103/2020/1", "局/2020"])
def test_a_book_that_no_command_could_name_is_not_restored(year, file, tmp_path, name):
    """The first of a file as well, whose name is no other than none."""
    hash_, lines = GENESIS, file.read_text("utf-8").splitlines()
    for at, line in enumerate(lines[1:-1], 1):
        stored = line.partition('"entry":')[2][:-1].replace(str(year.book), name, 1).encode()
        said = json.loads(line)
        hash_ = link(hash_, name, said["number"], said["tag"], stored)
        lines[at] = (
            json.dumps(
                {"book": name, "number": said["number"], "tag": said["tag"], "hash": hash_.hex()}
            )[:-1]
            + f',"entry":{stored.decode()}}}'
        )
    lines[-1] = json.dumps({"heads": {name: [len(lines) - 2, hash_.hex()]}})
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    with pytest.raises(Malformed) as malformed:
        restored(tmp_path / "again.db", file)
    assert malformed.value.code == "FILE.JSONL"


def test_a_book_is_never_put_over_another(year, file):
    before = year.db.read_bytes()
    for dry_run in (True, False):
        with Books(SqlitePlace(year.db)) as books, pytest.raises(Refused) as refused:
            books.restore(file, dry_run=dry_run)
        assert refused.value.refusal is Refusal.BOOK_ALREADY_OPENED
        assert before == year.db.read_bytes()


def test_a_dry_run_makes_nothing(file, tmp_path):
    db = tmp_path / "again.db"
    with Books(SqlitePlace(db)) as books:
        made = books.restore(file, dry_run=True)
    assert made.heads and not made.cautions
    assert not db.exists()


def test_a_folder_that_is_not_there(file, tmp_path):
    with Books(SqlitePlace(tmp_path / "none" / "a.db")) as books, pytest.raises(Unwritable):
        books.restore(file)


def test_a_log_whose_chain_is_broken_is_not_exported(year, tmp_path):
    connection = sqlite3.connect(year.db)
    connection.execute("DROP TRIGGER stored_events_keep")
    connection.execute(
        "UPDATE stored_events SET state = CAST(replace(CAST(state AS TEXT), '店', '行') AS BLOB) "
        "WHERE originator_version = 6"
    )
    connection.commit()
    connection.close()
    with pytest.raises(Corrupt, match="第 6 笔与哈希链不符"):
        written(year.db, tmp_path / "x.jsonl")


# A file that is not what it was ---------------------------------------------------------------

Lines = list[bytes]


def replaced(at: int, old: bytes, new: bytes) -> Callable[[Lines], Lines]:
    """Line `at`, counted from 1, with other bytes; of the whole file where it is 0."""
    return lambda t: [
        line.replace(old, new, 1) if at in (0, number) else line for number, line in enumerate(t, 1)
    ]


CHANGES: dict[str, tuple[Callable[[Lines], Lines], int]] = {
    "an amount": (replaced(0, b'"amount_fen":5000', b'"amount_fen":5001'), 7),
    "a hash": (lambda t: [*t[:3], t[3].replace(t[3][50:90], t[3][49:89]), *t[4:]], 4),
    "spaces": (replaced(5, b'"entry":{', b'"entry":{ '), 5),
    "a tag": (replaced(3, b'"tag":"project"', b'"tag":"pay"'), 3),
    "a number": (replaced(3, b'"number":2', b'"number":3'), 3),
    "another book": (replaced(0, b"420103/2020", b"420103/2021"), 2),
    "swapped": (lambda t: [*t[:3], t[4], t[3], *t[5:]], 4),
    "twice": (lambda t: [*t[:4], t[3], *t[4:]], 5),
    "one gone": (lambda t: [*t[:4], *t[5:]], 5),
    "the end gone": (lambda t: t[:-1], 10),
    "the last entry gone": (lambda t: [*t[:-2], t[-1]], 9),
    "two of the end gone": (lambda t: t[:-2], 9),
    "more after the end": (lambda t: [*t, t[1]], 11),
    "the end twice": (lambda t: [*t, t[-1]], 11),
    "another head": (replaced(10, b"[8,", b"[7,"), 10),
    "only a header": (lambda t: t[:1], 2),
}
"""What is done to the file, and the line on which it is found. All but the end have a line of
their own: header, eight entries, heads."""


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_file_is_found_and_nothing_written(name, file, tmp_path):
    change, at = CHANGES[name]
    lines = file.read_bytes().splitlines(keepends=True)
    assert len(lines) == 10
    changed = change(lines)
    assert changed != lines
    file.write_bytes(b"".join(changed))
    db = tmp_path / "again.db"
    with pytest.raises((Corrupt, Malformed)) as found:
        restored(db, file)
    assert f"第 {at} 行" in str(found.value), found.value
    assert not db.exists()


BROKEN: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 1),
    "no json": (b"hello\n", 1),
    "a book": (b"SQLite format 3\0", 1),
    "another program's": (b'{"format":"other","version":2}\n', 1),
    "latin": (b'{"format":"yusuan-jsonl","version":5}\n\xff\xfe\n', 2),
    "half a line": (b'{"format":"yusuan-jsonl","version":5}\n{"book":"420103/2020","num', 2),
    "an empty line": (b'{"format":"yusuan-jsonl","version":5}\n\n', 2),
    "a number": (b'{"format":"yusuan-jsonl","version":5}\n17\n', 2),
    "nested": (b'{"format":"yusuan-jsonl","version":5}\n' + b"[" * 100_000 + b"\n", 2),
    "nested in the entry": (
        b'{"format":"yusuan-jsonl","version":5}\n'
        b'{"book":"a/2020","number":1,"tag":"pay","hash":"'
        + b"0" * 64
        + b'","entry":'
        + b"[" * 100_000
        + b"]" * 100_000
        + b"}\n",
        2,
    ),
    "no books": (b'{"format":"yusuan-jsonl","version":5}\n{"heads":{}}\n', 2),
    "no name of a book": (
        b'{"format":"yusuan-jsonl","version":5}\n'
        b'{"book":"..","number":1,"tag":"pay","hash":"' + b"0" * 64 + b'","entry":{}}\n',
        2,
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(name, tmp_path):
    text, at = BROKEN[name]
    file, db = tmp_path / "x.jsonl", tmp_path / "again.db"
    file.write_bytes(text)
    with pytest.raises((Malformed, Corrupt)) as found:
        restored(db, file)
    assert f"第 {at} 行" in str(found.value)
    assert not db.exists()


def test_a_line_without_an_end_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(jsonl, "LINE_MAX", 100)
    file = tmp_path / "x.jsonl"
    file.write_bytes(b"x" * 1_000)
    with pytest.raises(Malformed, match="一行"):
        restored(tmp_path / "again.db", file)


def rechained(lines: Lines, change: Callable[[bytes], bytes]) -> bytes:
    """The file with its entries changed, tags and hashes made anew, as only a forger does."""
    hash_, out = GENESIS, [lines[0]]
    for at, text in enumerate(lines[1:-1], 1):
        said = json.loads(text)
        stored = change(text.partition(b'"entry":')[2].rstrip()[:-1])
        tag = json.loads(stored)["event"]["kind"]
        hash_ = link(hash_, said["book"], at, tag, stored)
        head = {**said, "tag": tag, "hash": hash_.hex()}
        del head["entry"]
        out.append(json.dumps(head).encode()[:-1] + b',"entry":' + stored + b"}\n")
    heads = {said["book"]: [len(lines) - 2, hash_.hex()]}
    return b"".join(out) + json.dumps({"heads": heads}, separators=(",", ":")).encode() + b"\n"


@pytest.mark.parametrize(
    ("why", "old", "new"),
    [
        ("规范形式", b'"doc":', b' "doc":'),
        ("账户不平或为负", b'"amount_fen":5000', b'"amount_fen":5000000'),
        ("无法读取", b'"payee"', b'"payed"'),
        ("不可能在此处", b'"kind":"open-book"', b'"kind":"amend-book"'),
    ],
)
def test_right_hashes_over_wrong_entries(why, old, new, file, tmp_path):
    """The chain alone is not believed: each entry is read, and the accounts must balance."""
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(rechained(lines, lambda text: text))
    restored(tmp_path / "honest.db", file)  # the forger's file is otherwise right
    file.write_bytes(rechained(lines, lambda text: text.replace(old, new)))
    with pytest.raises(Corrupt, match=why):
        restored(tmp_path / "again.db", file)
    assert not (tmp_path / "again.db").exists()


def test_a_key_that_two_entries_have(file, tmp_path):
    """Only a forger can write it; the log's own index refuses it, and nothing is kept."""
    lines = file.read_bytes().splitlines(keepends=True)
    same = '"key":"支1"'
    forged = rechained(lines, lambda text: text.replace('"key":"批“1”"'.encode(), same.encode()))
    file.write_bytes(forged)
    db = tmp_path / "again.db"
    with pytest.raises(Corrupt, match="幂等编号"):
        restored(db, file)
    with pytest.raises(NoLog), SqlitePlace(db).reading():
        pass


def test_a_crash_on_the_way_leaves_nothing(file, tmp_path, monkeypatch):
    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(SqliteTransaction, "append", fails)
    db = tmp_path / "again.db"
    with pytest.raises(RuntimeError):
        restored(db, file)
    with pytest.raises(NoLog), SqlitePlace(db).reading():
        pass
