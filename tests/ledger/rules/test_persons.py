"""Which names are one person's: those that another person would take for each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.persons import folded, same
from ledger.texts import BESIDE, NEVER

ALIKE = [
    ("甲", "甲\ufe00"),
    ("甲", "甲\u034f"),
    ("甲", "甲\u3164"),
    ("甲", "甲\u2800"),
    ("甲", "甲\U000e0100"),
    ("甲", "\u2066甲"),
    ("甲", "甲."),
    ("甲", "甲。"),
    ("甲", " 甲　"),
    ("甲", "“甲”"),
    ("王小明", "王 小　明"),
    ("王小明", "王·小・明"),
    ("root", "Root"),
    ("root", "ＲＯＯＴ"),
    ("zhang_san", "Zhang San"),
    ("会计１", "会计1"),
]
OTHERS = [("甲", "乙"), ("会计1", "会计2"), ("root", "roots"), ("café", "cafe"), ("王明", "王名")]


@pytest.mark.parametrize(("maker", "checker"), ALIKE)
def test_one_person(maker: str, checker: str):
    assert same(maker, checker) and same(checker, maker)


@pytest.mark.parametrize(("maker", "checker"), OTHERS)
def test_two_persons(maker: str, checker: str):
    assert not same(maker, checker)


@given(st.text(max_size=20), st.sampled_from([*NEVER, *BESIDE]), st.integers(0, 20))
def test_nothing_that_cannot_be_seen_makes_another_person(name: str, unseen, at: int):
    assert folded(name[:at] + chr(unseen[0]) + name[at:]) == folded(name)
    assert folded(folded(name)) == folded(name)
