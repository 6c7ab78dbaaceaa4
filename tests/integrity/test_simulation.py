"""Whole years on disk: the product against the model.

A failing seed prints `python -m scripts.proofs.simulate --seed N`, which shows it again.
"""

import pytest

from ledger.refusals import Refusal
from scripts.proofs.simulate import year
from scripts.proofs.simulate.words import FAMILY, request_of
from scripts.proofs.simulate.year import simulate, simulate_all
from tests.model.rules import FAMILIES

SEEDS = range(100)
"""`python -m scripts.proofs.simulate --seeds 200` asks twice as many, and takes as much longer."""


def test_a_hundred_random_years_agree_with_the_model():
    """Per seed: every answer, the state, every query at several dates and moments, the audit, and
    views made anew are the model's; retried keys write nothing; undoing everything leaves nothing.
    Over all seeds: every refusal that a request can meet was met, but for one or two that are so
    rare that it takes the longer run."""
    report = simulate_all(SEEDS)
    assert len(report.unreached()) <= 2, str(report)
    assert report.entries > 20 * len(SEEDS)


def test_a_year_with_several_hundred_requests():
    """Past snapshots and batches: one long year."""
    simulate(7_000, steps=400)


def test_a_seed_is_a_year_and_always_the_same_one():
    first, again = (simulate(3, steps=30) for _ in range(2))
    assert first == again


def test_the_simulation_can_fail(monkeypatch):
    """Positive control: one fen of difference is seen, and the failure says how to see it again."""

    def swallows_a_fen(plain):
        fen = {"fen": plain["fen"] - 1} if plain["kind"] == "pay" and plain["fen"] > 1 else {}
        return request_of({**plain, **fen})

    monkeypatch.setattr(year, "request_of", swallows_a_fen)
    again = r"python -m scripts\.proofs\.simulate --seed 2 --steps 80"
    with pytest.raises(AssertionError, match=again):
        simulate(2)


def test_every_refusal_has_a_family():
    assert list(Refusal) == list(FAMILY)
    assert {*FAMILY.values(), "malformed"} == set(FAMILIES)
