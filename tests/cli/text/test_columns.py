"""How wide a text is on a terminal."""

import pytest

from cli.text.columns import cut, padded, table, width


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("abc", 3),
        ("预算", 4),
        ("（ａ）", 6),
        ("é", 1),
        ("e\u0301", 1),
        ("ที่", 1),  # a Thai consonant, a vowel above it, a tone mark above that
        ("น้ำ", 2),
        ("कि्", 2),  # a vowel sign that has room of its own, and a virama that has none
        ("कु", 1),
        ("མི", 1),
        ("ئۈ", 2),
        ("葛\U000e0100", 2),
        ("☀\ufe0f", 1),
        ("😀", 2),
        ("한", 2),
        ("\u1112\u1161\u11ab", 2),  # the same in its parts
        ("a\u200bb", 2),
        ("", 0),
    ],
)
def test_width(text: str, columns: int):
    assert width(text) == columns
    assert padded(text, 12) == text + " " * (12 - columns)


def test_marks_move_no_column():
    """Every row of a table is as wide as its rule, whatever its letters are made of."""
    names = ("某店", "ที่ทำการ", "कि्रति", "e\u0301te\u0301", "한국")
    _, rule, *rows = table(("名称", "金额"), [(name, "1.00") for name in names]).splitlines()
    assert {width(row) for row in rows} == {width(rule)}


def test_a_row_is_one_line():
    assert len(table(("名称",), [("某\n店",), ("乙",)]).splitlines()) == 4


def test_a_text_that_is_cut_keeps_its_marks_within():
    assert width(cut("ที่ที่ที่ที่ที่", 3)) == 3
