"""Single changed bytes: the flips of scripts/proofs/flip.py, fewer of them."""

import random
import shutil
from pathlib import Path

from ledger.store.books import Books
from ledger.store.sqlite.place import SqlitePlace
from scripts.proofs.flip import flips, run
from tests.harness.bench import Bench, Flip
from tests.harness.sample import BOOK, Sample, answers, make_book

FLIPS = 1_200
VIEW_FLIPS = 400


def test_no_changed_byte_of_the_log_goes_unnoticed(made: Sample, rng: random.Random):
    """The audit says so, or every answer is what it was; and nothing ends in a program error."""
    seed = rng.randrange(10**6)
    print(f"flips of seed {seed}")
    tally = run(made, flips(made.path.stat().st_size, count=FLIPS, seed=seed))
    assert tally.wrong == []
    assert tally.counts.total() == FLIPS
    assert sum(n for (outcome, _), n in tally.counts.items() if outcome != "same") > FLIPS // 4


def test_no_changed_byte_of_the_views_goes_unnoticed(made: Sample, rng: random.Random):
    """And after an audit that found it, queries refuse."""
    seed = rng.randrange(10**6)
    print(f"flips of seed {seed}")
    size = SqlitePlace(made.path).views.stat().st_size
    tally = run(made, flips(size, count=VIEW_FLIPS, seed=seed), views=True)
    assert tally.wrong == []


def test_no_changed_byte_of_the_header_of_the_views_goes_unnoticed(made: Sample):
    """By which it is known whose the file is: found, or nobody's to answer from."""
    wanted = [Flip(offset, mask) for offset in range(110) for mask in (0x01, 0xFF)]
    assert run(made, wanted, views=True).wrong == []


def test_a_byte_that_went_unnoticed_would_be_told(made: Sample, tmp_path: Path):
    """The judge can fail: one entry more is no damage, so the audit passes, but answers change."""
    path = tmp_path / "more.db"
    shutil.copy(made.path, path)
    with Books(SqlitePlace(path)) as books:
        first = made.keyed[0]
        request = first._replace(key="one-more", given={**first.given, "again": True})
        books.transact(BOOK, request, actor="甲")
    with Bench(made) as bench:
        assert bench.judge_files(made.path.read_bytes(), None).outcome == "same"
        assert bench.judge_files(path.read_bytes(), None).outcome == "missed"
        assert bench.judge(Flip(0, 0x01)).outcome == "error"


def test_the_same_seed_makes_the_same_book(made: Sample, tmp_path: Path):
    keyed = make_book(tmp_path / "again.db")
    assert answers(tmp_path / "again.db", keyed) == made.answers
