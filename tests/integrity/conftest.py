"""A book with one line, a book of every kind of entry, and both journals of SQLite."""

import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.store.sqlite import files
from ledger.store.sqlite.place import SqlitePlace
from tests.harness.called import FORCE_JOURNAL, opened
from tests.harness.sample import Sample, sample

AFFORDABLE = 500


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """One line that affords 500.00; 3 entries."""
    return opened(tmp_path / "book.db", AFFORDABLE)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """203 entries of every kind, and all that the book answers. Never changed: use `every`."""
    return sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def every(made: Sample, tmp_path: Path) -> Path:
    """A copy of the book of every kind of entry, with its views."""
    path = tmp_path / "every.db"
    shutil.copy(made.path, path)
    shutil.copy(SqlitePlace(made.path).views, SqlitePlace(path).views)
    return path


@pytest.fixture(params=["WAL", "DELETE"])
def journal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both journals, here and in every process that the scripts start: machines differ."""
    mode = str(request.param)
    monkeypatch.setenv(FORCE_JOURNAL, mode)
    synchronous = {"WAL": "FULL", "DELETE": "EXTRA"}[mode]
    monkeypatch.setattr(files, "journal_mode", lambda *_: (mode, synchronous))
    return mode


@pytest.fixture
def rng() -> Iterator[random.Random]:
    """Draws from one seed, so that a run can be repeated; YUSUAN_SEED gives another. New draws
    without end are what `python -m scripts.proofs.flip` is for."""
    seed = int(os.environ.get("YUSUAN_SEED", "20201231"))
    print(f"seed {seed}")
    yield random.Random(seed)
