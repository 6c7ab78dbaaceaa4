"""kill -9 at drawn moments: the rounds of scripts/proofs/crash.py, fewer of them."""

import random
from pathlib import Path

import pytest

from ledger.store.sqlite.recorder import SqliteTransaction
from scripts.proofs.crash import Crashes, broken, each_write, report
from tests.harness.called import (
    OPENING_ENTRIES,
    PAY,
    called,
    import_file,
    numbers,
    opened,
    traceable,
)


def test_nothing_acknowledged_is_lost(tmp_path: Path, rng: random.Random, journal: str):
    """Payments, imports, queries and open-book, killed and asked again (10 rounds a journal)."""
    crashes = Crashes(tmp_path, rng.randrange(10**6))
    assert report(crashes.rounds(10)) == []


@pytest.mark.skipif(not traceable(), reason="strace is not here, or may not trace")
def test_killed_before_each_system_call_of_a_commit(tmp_path: Path):
    """Every point of one payment, from opening the file to syncing the folder."""
    assert report(each_write(tmp_path, PAY, 1)) == []


def test_a_broken_promise_would_be_noticed(tmp_path: Path):
    """The judge of these tests can fail."""
    path = opened(tmp_path / "book.db", 5)
    receipt = called(path, *PAY).json()
    whole = {OPENING_ENTRIES + 1}
    assert broken(path, [receipt], whole) == []
    assert broken(path, [receipt], {OPENING_ENTRIES})
    assert broken(path, [{**receipt, "entry": OPENING_ENTRIES}], whole)
    assert broken(path, [{**receipt, "entry": OPENING_ENTRIES + 2}], whole)


def test_an_import_interrupted_inside_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, journal: str
):
    """An error between two batches of one import: rolled back as a whole, and said."""
    path = opened(tmp_path / "book.db", 10_000)
    rows = import_file(tmp_path / "rows.csv", 5_000)
    append, calls = SqliteTransaction.append, []

    def interrupted(self: SqliteTransaction, *arguments: object) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        append(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteTransaction, "append", interrupted)
    answer = called(path, "import", rows)
    assert (answer.exit, answer.json()["code"]) == (5, "INTERRUPTED")
    monkeypatch.undo()
    assert numbers(path) == [1, 2, 3]
    assert called(path, "audit").exit == 0
    again = called(path, "import", rows).json()
    assert (again["recorded"], again["already"]) == (5_000, 0)
