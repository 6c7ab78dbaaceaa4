"""Many requests in one transaction: what is not yet in the log answers as what is, whichever way a
log is kept."""

from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store import batch
from ledger.store.books import Books
from ledger.store.log import Place
from ledger.store.sqlite.application import EventStore
from ledger.store.sqlite.log import SqliteLog
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Writing
from tests.harness.memory import MemoryLog, MemoryPlace
from tests.harness.scenario import DEFAULTS

BOOK = BookId("420103", 2020)
DAY = date(2020, 12, 31)
LINE = BudgetLine.parse("general:2080105:project:P02:-:2020")


def asked(kind: str, key: str | None = None, ref: str | None = None, **said: Any) -> Request:
    given = {**DEFAULTS.get(kind, {}), "occurred_on": DAY, **said}
    if "line" in given and kind in ("appropriate", "pay", "reserve"):
        given["line"] = LINE
    return Request(kind, given, ref, key)


@pytest.fixture(params=["file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A book with 100 yuan on a line, three entries."""
    made: Place = (
        SqlitePlace(tmp_path / "a.db") if request.param == "file" else MemoryPlace(tmp_path)
    )
    with Books(made) as books:
        for opening in (
            asked("open-book"),
            asked("project", "P", code="P02"),
            asked("appropriate", "A", amount_fen=100_00),
        ):
            books.transact(BOOK, opening, actor="出纳")
    return made


@pytest.fixture
def writing(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writing]:
    """A transaction that hands on three rows at once."""
    monkeypatch.setattr(batch, "BATCH", 3)
    with Books(place) as books, books.writing(BOOK, actor="出纳") as opened:
        yield opened


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the log is asked for, each time."""
    calls: list[list[str]] = []
    for kept in (SqliteLog, MemoryLog):

        def numbers_of(
            self: Any,
            book: str,
            keys: Collection[str],
            found: Any = kept.numbers_of,
        ) -> dict[str, int]:
            calls.append(sorted(keys))
            return found(self, book, keys)  # type: ignore[no-any-return]

        monkeypatch.setattr(kept, "numbers_of", numbers_of)
    return calls


def pay(key: str, fen: int = 1_00, ref: str | None = None) -> Request:
    return asked("pay", key, ref, amount_fen=fen)


def refund(ref: str, fen: int) -> Request:
    return asked("refund", ref=ref, amount_fen=fen)


def test_what_is_foreseen_is_looked_up_once(writing: Writing, looked_up: list[list[str]]):
    writing.foresee(["A", "1", "2", "3", "4", "1"])
    assert [writing.record(pay(key)).already for key in "1234"] == [False] * 4
    assert writing.record(asked("reverse", ref="4")).entries[-1].number == 8
    assert looked_up == [["1", "2", "3", "4", "A"]]


def test_what_is_not_foreseen_is_looked_up_as_it_comes(
    writing: Writing, looked_up: list[list[str]]
):
    writing.foresee(["1"])
    writing.record(pay("1"))
    writing.record(pay("2"))
    assert writing.record(pay("2")).already
    assert looked_up == [["1"], ["2"]]


def test_a_key_of_the_same_transaction_is_known(writing: Writing):
    """Before its row is in the log and after, foreseen before it was recorded and after."""
    keys = [str(n) for n in range(8)]
    writing.foresee(keys)
    for at, key in enumerate(keys):
        assert not writing.record(pay(key)).already
        for earlier in keys[: at + 1]:
            assert writing.record(pay(earlier)).already, (key, earlier)
    writing.foresee(keys)
    for key in keys:
        answered = writing.record(pay(key))
        assert (answered.already, answered.entries[-1].number) == (True, 4 + int(key))


def test_a_key_that_waits_for_its_batch_is_known_when_the_next_page_is_foreseen(writing: Writing):
    """It is not in the log when the page is looked up, and it is when it is asked for."""
    writing.foresee(["1"])
    writing.record(pay("1"))
    writing.foresee(["1", "2", "3"])
    writing.record(pay("2"))
    writing.record(pay("3"))  # the batch is full
    assert writing.record(pay("1")).entries[-1].number == 4


def test_a_key_of_another_request_conflicts_wherever_it_was_used(writing: Writing):
    """In the log, earlier on the page, and with its row handed on."""
    writing.foresee(["A", "1", "2", "3"])
    for key in "123":
        writing.record(pay(key))
        for used in ("A", key):
            with pytest.raises(Refused) as refused:
                writing.record(pay(used, 2_00))
            assert refused.value.refusal is Refusal.KEY_CONFLICT


@pytest.mark.parametrize("between", range(4))
def test_what_was_settled_counts_wherever_it_waits(writing: Writing, place: Place, between: int):
    """Of a payment of 3.00 not more is refunded, with any number of rows in between."""
    writing.foresee(["支1", *map(str, range(8))])
    writing.record(pay("支1", 3_00))
    for fen, turn in ((1_00, 0), (2_00, 4)):
        for other in range(turn, turn + between):
            writing.record(pay(str(other)))
        writing.record(refund("支1", fen))
    for more in (refund("支1", 1), asked("reverse", ref="支1")):
        with pytest.raises(Refused) as refused:
            writing.record(more)
        assert refused.value.refusal in (Refusal.REFUND_EXCEEDS, Refusal.ENTRY_REFUNDED)
    writing.finish()
    assert [*settled(writing)] == [(4, 3_00, None, writing.state.number)]


def test_what_is_given_back_counts_too(writing: Writing):
    """A refund that is reversed settles nothing; a reservation is drawn down to its end."""
    writing.record(pay("支1", 3_00))
    refunded = writing.record(refund("支1", 3_00)).entries[-1].number
    writing.record(asked("reverse", ref=f"#{refunded}"))
    writing.record(refund("支1", 2_00))
    writing.record(asked("reserve", "合同", amount_fen=5_00))
    reserved = writing.state.number
    writing.record(pay("支2", 4_00, ref="合同"))
    with pytest.raises(Refused) as refused:
        writing.record(pay("支3", 1_01, ref="合同"))
    assert refused.value.refusal is Refusal.RESERVE_EXCEEDED
    writing.record(pay("支3", 1_00, ref="合同"))
    writing.finish()
    assert sorted(settled(writing)) == [
        (4, 2_00, None, refunded + 2),
        (refunded, 0, refunded + 1, None),
        (reserved, 5_00, None, reserved + 2),
    ]


def test_an_entry_is_reversed_once_wherever_its_reversal_waits(writing: Writing):
    writing.record(pay("支1", 3_00))
    for n in range(5):
        writing.record(asked("reverse", f"冲{n}", ref="支1") if n == 0 else pay(str(n)))
        with pytest.raises(Refused) as refused:
            writing.record(asked("reverse", ref="支1"))
        assert refused.value.refusal is Refusal.ENTRY_REVERSED


def settled(writing: Writing) -> Iterator[tuple[int, int, int | None, int | None]]:
    """What the log holds."""
    assert writing._transaction is not None
    for original, each in writing._transaction.settlements(str(BOOK)):
        yield original, *each


def test_a_log_answers_for_more_keys_than_it_looks_up_at_once(place: Place):
    with Books(place) as books, books.writing(BOOK, actor="出纳") as writing:
        for n in range(1_200):
            writing.record(pay(f"K{n}", 1))
    keys = [f"K{n}" for n in range(0, 2_400, 2)]
    with place.reading() as log:
        found = log.numbers_of(str(BOOK), keys)
        assert log.numbers_of(str(BOOK), ()) == {}
        assert log.numbers_of("420104/2020", keys) == {}
    assert found == {f"K{n}": n + 4 for n in range(0, 1_200, 2)}


def test_the_library_reads_the_entries_and_writes_none(tmp_path: Path):
    """What it would insert has no hash and moves no head."""
    place = SqlitePlace(tmp_path / "a.db")
    with Books(place) as books:
        recorded = books.transact(BOOK, asked("open-book"), actor="出纳")
    store = EventStore.of(place.path, lambda: None)
    try:
        assert [*store.events.get(str(BOOK))] == [*recorded.entries]
        with pytest.raises(TypeError):
            store.events.put(recorded.entries)
    finally:
        store.close()
    with place.reading() as log:
        assert [row.number for row in log.rows(str(BOOK))] == [1]
