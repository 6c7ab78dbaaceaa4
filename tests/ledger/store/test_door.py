"""The door to the disk: a second way of keeping logs is one new thing behind it, and all above it
works on it as on the first (rooms: ledger.store.log)."""

from pathlib import Path

import pytest

from cli.commands.keep.demo import BOOK, record_year
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store import jsonl
from ledger.store.books import Books
from ledger.store.log import Place, hash_at, number_of_key, row_of
from ledger.store.sqlite.place import SqlitePlace
from projections.audit.book import audit
from projections.questions.balances import line_balances
from projections.questions.entries import entries
from projections.report.cells import Cells
from projections.views.feed import rebuild
from projections.views.reading import reading
from tests.harness.memory import MemoryPlace
from tests.harness.plain import plain


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Place]:
    """The real year of 2020, recorded into a file and into memory."""
    folder = tmp_path_factory.mktemp("door")
    both: tuple[Place, Place] = (SqlitePlace(folder / "book.db"), MemoryPlace(folder))
    for place in both:
        record_year(place, actor="甲")
    return both


def stored(place: Place) -> list[tuple[str, bytes]]:
    """Tags and bytes, but for when they were recorded."""
    with place.reading() as log:
        return [(row.tag, row.stored.partition(b'"event"')[2]) for row in log.rows(str(BOOK))]


def test_the_same_is_stored(places: tuple[Place, Place]):
    file, memory = places
    assert stored(file) == stored(memory)
    assert len(stored(memory)) > 100


def test_every_question_and_cell_answers_alike(places: tuple[Place, Place]):
    answers = []
    for place in places:
        with reading(place, BOOK) as opened:
            cells = Cells(opened)
            answers.append(
                (
                    plain(line_balances(opened)),
                    len(list(entries(opened))),
                    {name: (cells.fen(name), cells.printed(name)) for name in cells.all},
                )
            )
    assert answers[0] == answers[1]
    assert len(answers[0][2]) > 900


def test_both_are_audited(places: tuple[Place, Place]):
    file, memory = (plain(audit(place, BOOK)) for place in places)
    assert file["ok"] and memory["ok"]
    tried = {check["code"]: check["tried"] for check in file["checks"]}
    for check in memory["checks"]:
        assert tried[check["code"]] == check["tried"]
    assert [each["code"] for each in memory["not_run"]] == ["FILE.INTEGRITY", "SEAL"]


def test_an_entry_is_found_by_number_and_key(places: tuple[Place, Place]):
    for place in places:
        with place.reading() as log:
            row = row_of(log, str(BOOK), 7)
            assert row is not None and row.key is not None
            assert number_of_key(log, str(BOOK), row.key) == 7
            assert number_of_key(log, str(BOOK), "?") is None
            assert hash_at(log, str(BOOK), 7) == row.hash
            assert hash_at(log, str(BOOK), 0) == bytes(32)
            assert row_of(log, str(BOOK), 10_000) is None


def test_a_refusal_leaves_memory_as_it_was(places: tuple[Place, Place]):
    memory = places[1]
    before = stored(memory)
    with Books(memory) as books, pytest.raises(Refused) as refused:
        books.transact(BOOK, Request("lock-month", {"month": 1, "occurred_on": None}), actor="甲")
        books.transact(BOOK, Request("lock-month", {"month": 1, "occurred_on": None}), actor="甲")
    assert refused.value.refusal is Refusal.MONTH_ALREADY_LOCKED
    assert len(stored(memory)) == len(before) + 1


def test_a_book_moves_from_memory_to_a_file(places: tuple[Place, Place], tmp_path: Path):
    """Byte for byte: what proves it goes with it."""
    memory, file = places[1], SqlitePlace(tmp_path / "moved.db")
    with memory.reading() as log:
        heads = {book: head for book in log.books() if (head := log.head(book)) is not None}
        lines = "".join(jsonl.lines(log, heads))
    written = tmp_path / "moved.jsonl"
    written.write_text(lines, encoding="utf-8", newline="")
    with Books(file) as books:
        assert books.restore(written).heads == heads
    with file.reading() as log:
        assert "".join(jsonl.lines(log, heads)) == lines
    assert rebuild(file) == heads
