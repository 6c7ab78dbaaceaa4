"""What a transaction asks of the entries before costs the same however often a thing was recorded
and taken back (L57). Counted in steps of SQLite and in entries that are read, never in time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from ledger.book import BookId
from ledger.line import BudgetLine
from ledger.marks import Mark, of_payee
from ledger.postings import earlier
from ledger.refusals import Refusal, Refused
from ledger.requests import Request
from ledger.store import batch, past, payments
from ledger.store.books import Books
from ledger.store.fold import stored_entry
from ledger.store.log import Place
from ledger.store.sqlite.log import SqliteLog
from ledger.store.sqlite.place import SqlitePlace
from ledger.store.writing import Recorded, Writing
from projections.audit.book import audit_alone
from tests.harness.memory import MemoryPlace
from tests.harness.scenario import DEFAULTS

BOOK = BookId("420103", 2020)
DAY = date(2020, 12, 31)
LINE = BudgetLine.parse("general:2080105:project:P02:-:2020")


def asked(kind: str, ref: int | None = None, **said: Any) -> Request:
    given = {**DEFAULTS.get(kind, {}), "occurred_on": DAY, **said}
    if kind in ("appropriate", "pay"):
        given["line"] = LINE
    return Request(kind, given, None if ref is None else f"#{ref}")


def pay(**said: Any) -> Request:
    return asked("pay", **{"amount_fen": 1_00, "payee": "某店", "doc": "支1", **said})


def opened(place: Place) -> None:
    with Books(place) as books:
        for opening in (
            asked("open-book"),
            asked("project", code="P02"),
            asked("appropriate", amount_fen=1_000_000_00),
        ):
            books.transact(BOOK, opening, actor="出纳")


@pytest.fixture(params=["file", "memory"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """A book with a million on a line."""
    made: Place = (
        SqlitePlace(tmp_path / "a.db") if request.param == "file" else MemoryPlace(tmp_path)
    )
    opened(made)
    return made


@pytest.fixture
def writing(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Writing]:
    """A transaction that hands on five rows at once."""
    monkeypatch.setattr(batch, "BATCH", 5)
    with Books(place) as books, books.writing(BOOK, actor="出纳") as opened:
        yield opened


def number(recorded: Recorded) -> int:
    return recorded.entries[-1].number


class Cost(NamedTuple):
    """Of one request: steps of SQLite, in tens, and entries that were read."""

    steps: int
    read: int


class Meter:
    """Counts what requests cost in a transaction of their own."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._place = SqlitePlace(path)
        self._read = 0

        def read(*asked: Any) -> Any:
            self._read += 1
            return stored_entry(*asked)

        monkeypatch.setattr(past, "stored_entry", read)

    def record(self, *requests: Request) -> list[Recorded]:
        with Books(self._place) as books, books.writing(BOOK, actor="出纳") as writing:
            return [writing.record(request) for request in requests]

    def cost(self, request: Request) -> Cost:
        """What it costs, whether it is recorded or refused; nothing of it is kept."""
        steps, before = 0, self._read

        def step() -> None:
            nonlocal steps
            steps += 1

        with Books(self._place) as books, books.writing(BOOK, actor="出纳") as writing:
            log = cast(SqliteLog, writing._transaction)._connection
            log.set_progress_handler(step, 10)
            with suppress(Refused):
                writing.record(request)
            log.set_progress_handler(None, 0)
            writing.abandon()
        return Cost(steps, self._read - before)


@pytest.fixture
def meter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Meter:
    opened(SqlitePlace(tmp_path / "a.db"))
    monkeypatch.setattr(payments, "COMPARED", 4)
    return Meter(tmp_path / "a.db", monkeypatch)


def test_a_payment_that_was_undone_costs_the_next_one_nothing(meter: Meter):
    """Paid and reversed again and again under one 文号; and refunded in full, in one transaction
    and in many."""
    meter.record(pay())
    meter.record(asked("reverse", 4))
    once = meter.cost(pay())
    for _ in range(12):
        paid = number(meter.record(pay())[0])
        meter.record(asked("reverse", paid))
    for _ in range(12):
        paid = number(meter.record(pay())[0])
        meter.record(asked("refund", paid, amount_fen=1_00))
    after = meter.cost(pay())
    assert after.read == once.read == 0
    assert after.steps <= once.steps + 5


def test_a_payment_beside_many_that_stand_costs_as_much_as_beside_a_few(meter: Meter):
    """To one payee under one 文号, said to be paid again; then one that is not."""
    meter.record(*(pay(again=True) for _ in range(8)))
    few, refused = meter.cost(pay(doc="支2")), meter.cost(pay())
    meter.record(*(pay(again=True) for _ in range(200)))
    meter.record(*(pay(doc=f"支{n}") for n in range(3, 60)))
    many, still = meter.cost(pay(doc="支2")), meter.cost(pay())
    assert many.read == few.read <= payments.COMPARED
    assert still.read <= refused.read + payments.COMPARED
    assert many.steps <= few.steps * 2
    assert still.steps <= refused.steps * 2


def test_what_is_said_of_a_corrected_entry_costs_as_much_after_many_corrections(meter: Meter):
    """All of them name the entry that was recorded first."""
    meter.record(pay(), *(asked("correct", 4, changes={"purpose": at}) for at in ("甲", "乙")))
    correct = asked("correct", 4, changes={"purpose": "改"})
    few, refund = meter.cost(correct), meter.cost(asked("refund", 4, amount_fen=1))
    meter.record(*(asked("correct", 4, changes={"purpose": str(n)}) for n in range(200)))
    many, then = meter.cost(correct), meter.cost(asked("refund", 4, amount_fen=1))
    assert many.read == few.read
    assert then.read == refund.read
    assert many.steps <= few.steps * 2
    assert then.steps <= refund.steps * 2


def test_of_an_item_that_comes_back_again_and_again_one_sum_is_kept(meter: Meter):
    meter.record(asked("voucher", items=[(LINE, "30299", 5), (LINE, "30299", 6)]))
    back = asked("refund", 4, amount_fen=6)
    few = meter.cost(back)
    for _ in range(20):
        gone = number(meter.record(back)[0])
        meter.record(asked("reverse", gone))
    many = meter.cost(back)
    assert many.read == few.read
    assert many.steps <= few.steps * 2


def test_a_payment_is_one_again_when_what_undid_it_is_undone(writing: Writing, place: Place):
    """Whether it waits to be written or is in the log."""
    for doc in ("支1", "支2", "支3"):
        paid = number(writing.record(pay(doc=doc)))
        back = number(writing.record(asked("refund", paid, amount_fen=1_00)))
        again = number(writing.record(pay(doc=doc)))
        writing.record(asked("reverse", again))
        writing.record(asked("reverse", back))
        with pytest.raises(Refused) as refused:
            writing.record(pay(doc=doc))
        assert refused.value.refusal is Refusal.DUPLICATE
        assert refused.value.facts["entry"] == paid
    writing.finish()


def test_among_many_that_were_undone_the_one_that_stands_is_found(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(payments, "COMPARED", 2)
    stands = number(writing.record(pay()))
    for _ in range(4):
        paid = number(writing.record(pay(again=True)))
        writing.record(asked("reverse", paid))
    for at in range(4):
        writing.record(pay(doc=f"支{at + 2}"))
    with pytest.raises(Refused) as refused:
        writing.record(pay())
    assert refused.value.facts["entry"] == stands


def test_every_name_of_a_corrected_entry_means_its_last_correction(writing: Writing):
    writing.record(pay())
    named = [4]
    for at in range(7):
        corrected = writing.record(
            asked("correct", named[at % len(named)], changes={"purpose": str(at)})
        )
        assert earlier(corrected.entries[-1].event) == named[-1]
        named.append(number(corrected))
    for name in named:
        with pytest.raises(Refused) as refused:
            writing.record(asked("refund", name, amount_fen=2_00))
        assert refused.value.facts["entry"] == named[-1]


def test_audit_proves_the_marks_of_what_was_undone(place: Place):
    with Books(place) as books, books.writing(BOOK, actor="出纳") as writing:
        writing.record(pay())
        writing.record(asked("correct", 4, changes={}, doc="支2"))
        writing.record(asked("correct", 4, changes={}, doc="支3"))
        writing.record(asked("reverse", 4))
        writing.record(pay())
        writing.record(asked("refund", 8, amount_fen=1_00))
        writing.record(asked("reverse", 9))
    assert audit_alone(place, str(BOOK), views=False).ok


@pytest.mark.parametrize("of", ["missing", "too many"])
def test_audit_tells_marks_that_are_not_those_of_what_stands(of: str, tmp_path: Path):
    place = SqlitePlace(tmp_path / "a.db")
    opened(place)
    with Books(place) as books, books.writing(BOOK, actor="出纳") as writing:
        writing.record(pay())
        writing.record(asked("reverse", 4))
        writing.record(pay(doc="支2"))
    with closing(sqlite3.connect(place.path, isolation_level=None)) as log:
        if of == "missing":
            log.execute("DELETE FROM marks WHERE number = 6 AND kind = 'document'")
        else:
            found = Mark("payee", of_payee("某店", 1_00), 4, 1_00)
            log.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?)", (str(BOOK), *found))
    audited = audit_alone(place, str(BOOK), views=False)
    assert {check.code for check in audited.checks if check.failed} == {"MARKS"}
