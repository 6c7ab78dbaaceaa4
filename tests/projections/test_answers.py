"""Rows of two years beside each other: every figure, its change and the rate of it."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.answers import all_beside, beside
from tests.harness.plain import plain


class Line(msgspec.Struct, frozen=True):
    """A row with one figure."""

    code: str
    fen: int


class Executed(msgspec.Struct):
    """A row with two figures and a rate, with defaults."""

    code: str = ""
    budget_fen: int = 0
    paid_fen: int = 0
    rate: str | None = None


@pytest.mark.parametrize(
    ("now", "then", "change", "rate"),
    [
        (150, 100, 50, "0.5000"),
        (100, 150, -50, "-0.3333"),
        (0, 150, -150, "-1.0000"),
        (150, 0, 150, None),
        (0, 0, 0, None),
        (-50, -100, 50, "-0.5000"),
        (20_001, 20_000, 1, "0.0001"),  # 0.00005: a half goes up
    ],
)
def test_one_figure(now: int, then: int, change: int, rate: str | None):
    assert plain(beside(Line("A", now), Line("A", then))) == {
        "code": "A",
        "fen": now,
        "last_year_fen": then,
        "change_fen": change,
        "change_rate": rate,
    }


def test_every_figure_and_rate_of_a_row():
    row: Any = beside(Executed("A", 100, 50, "0.5000"), Executed("A", 80, 60, "0.7500"))
    assert isinstance(row, Executed)
    assert plain(row) == {
        "code": "A",
        "budget_fen": 100,
        "paid_fen": 50,
        "rate": "0.5000",
        "last_year_budget_fen": 80,
        "budget_change_fen": 20,
        "budget_change_rate": "0.2500",
        "last_year_paid_fen": 60,
        "paid_change_fen": -10,
        "paid_change_rate": "-0.1667",
        "last_year_rate": "0.7500",
    }


rows = st.dictionaries(st.sampled_from("ABCDE"), st.integers(-(10**6), 10**6))


@given(rows, rows)
def test_rows_are_matched_by_what_they_are_about(now: dict[str, int], then: dict[str, int]):
    """In its order; what only one year has is nil in the other, so that both sums stay."""
    both: Any = all_beside(
        [Line(code, fen) for code, fen in now.items()],
        [Line(code, fen) for code, fen in then.items()],
        lambda row: row.code,
    )
    assert [row.code for row in both] == sorted(now.keys() | then.keys())
    assert sum(row.fen for row in both) == sum(now.values())
    assert sum(row.last_year_fen for row in both) == sum(then.values())
    assert all(row.change_fen == row.fen - row.last_year_fen for row in both)


def test_no_row_is_lost():
    with pytest.raises(ValueError, match="A"):
        all_beside([Line("A", 1), Line("A", 2)], [], lambda row: row.code)
