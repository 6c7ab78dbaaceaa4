"""What is said of an outcome is true, whatever happens to a command: scripts/proofs/storm.py, for
some seconds."""

import contextlib
import random
import signal
import sqlite3
from pathlib import Path

import pytest

from scripts.proofs.storm import (
    FULL,
    READ,
    Asked,
    Said,
    Weather,
    by_key,
    storm,
    untrue,
    wrong,
)
from tests.harness.called import OPENING_ENTRIES, PAY, called, opened


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="nobody can tell who listens")
def test_what_is_said_is_so(tmp_path: Path, rng: random.Random, journal: str):
    path = opened(tmp_path / "book.db", 100_000_000)
    said = storm(path, processes=4, seconds=6, seed=rng.randrange(10**6))
    assert wrong(path, said) == []
    assert {each.weather.signal for each in said} >= {0, signal.SIGINT, signal.SIGTERM}


def test_a_false_word_would_be_noticed(tmp_path: Path):
    """The judge can fail."""
    path = opened(tmp_path / "book.db", 10)
    receipt = called(path, *PAY, "--key", "k")
    entry = OPENING_ENTRIES + 1
    held = by_key(path)
    assert held == {"k": entry}
    asked = Asked((*PAY, "--key", "k"), ("k",))
    true = Said(asked, Weather(), 0, receipt.out, "")
    lost = Said(asked, Weather(FULL), 5, "", f"错误 OUTPUT.LOST：已经记录：B 第 {entry} 笔；…\n")
    killed = Said(asked, Weather(signal=signal.SIGKILL), -signal.SIGKILL, receipt.out, "")
    nothing = Said(asked, Weather(signal=signal.SIGINT), 5, "", "错误 INTERRUPTED：已中断\n")
    refused = Said(asked, Weather(), 3, "", "错误 R1.AVAILABLE：…\n")
    for each in (true, lost, killed, killed._replace(out="")):
        assert untrue(each, held) == []
    for each in (nothing, refused, killed._replace(out="")):
        assert untrue(each, {}) == []
    for each in (true, lost, killed):
        assert untrue(each, {})
    for each in (nothing, refused):
        assert untrue(each, held)
    wrong_number = lost._replace(err=lost.err.replace(str(entry), "9"))
    for each in (
        *(wrong_number, true._replace(out=""), true._replace(weather=Weather(FULL))),
        *(true._replace(err="Traceback"), true._replace(exit=1), true._replace(exit=4)),
        true._replace(exit=-signal.SIGINT),
    ):
        assert untrue(each, held), each
    half = Asked(("import", "a.csv"), ("k", "l"))
    assert untrue(Said(half, Weather(signal=signal.SIGKILL), -signal.SIGKILL, "", ""), held)
    query = Said(Asked(("balance",)), Weather(FULL), 0, "", "")
    assert untrue(query, held)
    assert untrue(query._replace(weather=Weather(READ)), held)
    assert wrong(path, [true]) == []
    assert wrong(path, []), "an entry that nobody asked for"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE heads SET entries = entries + 1")
        connection.commit()
    assert wrong(path, [true]), "an audit that finds something"
