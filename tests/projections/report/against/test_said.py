"""What a printed text says: numbers with the place of their last digit, words, names."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed
from projections.report.against.said import (
    PrintedNumber,
    folded,
    names,
    rounded,
    said,
    shown,
)
from projections.report.figures import FigureKind

HUNDREDTH = Fraction(1, 100)


@pytest.mark.parametrize(
    ("kind", "text", "value", "place"),
    [
        ("amount", "1,264.88", "1264.88", "0.01"),
        ("amount", "１，２６４．８８", "1264.88", "0.01"),
        ("amount", "49.9", "49.9", "0.1"),
        ("amount", "2465", "2465", "1"),
        ("amount", "4,573万元", "4573", "1"),
        ("amount", "3,800元", "0.38", "0.0001"),
        ("amount", "1.2亿元", "12000", "1000"),
        ("amount", "-411.09", "-411.09", "0.01"),
        ("amount", "−411.09", "-411.09", "0.01"),
        ("amount", "0.00", "0", "0.01"),
        ("amount", "0", "0", "0.01"),  # there is none: not something below 0.5
        ("percent", "29.1%", "29.1", "0.1"),
        ("percent", "29.1", "29.1", "0.1"),
        ("percent", "100％", "100", "1"),
        ("count", "35人", "35", "0.01"),  # what is counted is exact
        ("count", "1,544", "1544", "0.01"),
        ("score", "9", "9", "0.01"),
        ("score", "98.5分", "98.5", "0.01"),
    ],
)
def test_a_number_has_a_value_and_a_last_place(
    kind: FigureKind, text: str, value: str, place: str
) -> None:
    assert said(kind, text, HUNDREDTH) == PrintedNumber(Fraction(value), Fraction(place))


@pytest.mark.parametrize("text", ["", "  ", "—", "-", "无", "/"])
@pytest.mark.parametrize("kind", ["amount", "percent", "count", "score"])
def test_nothing_may_be_printed(kind: FigureKind, text: str) -> None:
    assert said(kind, text, HUNDREDTH) is None


def test_a_word_is_what_is_printed() -> None:
    assert [said("word", text, HUNDREDTH) for text in ("增加", " 无 ", "—", "")] == [
        *("增加", "无", "—", None)
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *(("amount", text) for text in ("五千", "1,26.4", "12%", "1.2.3", "12人", "1e3", "--1")),
        *(("percent", text) for text in ("29.1万元", "29,1%", "约三成")),
        *(("count", text) for text in ("三十五", "35%", "35万")),
        *(("score", text) for text in ("优", "9%")),
    ],
)
def test_what_its_kind_cannot_print_is_told(kind: FigureKind, text: str) -> None:
    with pytest.raises(Malformed) as wrong:
        said(kind, text, HUNDREDTH)
    assert (wrong.value.code, wrong.value.field) == ("AGAINST.PRINTED", "printed")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("办公费、印刷费、水费。", ("办公费", "印刷费", "水费")),
        ("办公费，印刷费；水费等。", ("办公费", "印刷费", "水费")),
        ("2011002、2011050", ("2011002", "2011050")),
        ("无", ()),
        ("", ()),
    ],
)
def test_a_list_has_its_names(text: str, found: tuple[str, ...]) -> None:
    assert names(text) == found
    assert said("names", text, HUNDREDTH) == found


def test_names_are_compared_without_what_print_varies() -> None:
    assert folded("维修(护)费") == folded("维修（护）费")
    assert folded("“三公” 经费") == folded('"三公"经费')
    assert folded("办公费") != folded("办公用品费")


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_what_is_shown_is_read_again(units: int, decimals: int) -> None:
    place = Fraction(1, 10**decimals)
    text = shown(units * place, place)
    read = said("amount", text, HUNDREDTH)
    assert isinstance(read, PrintedNumber)
    assert read.value == units * place
    assert read.place == (place if decimals or units else HUNDREDTH)


@given(st.fractions(max_denominator=10**6), st.integers(0, 4))
def test_rounding_is_half_away_from_zero_and_once(exact: Fraction, decimals: int) -> None:
    place = Fraction(1, 10**decimals)
    found = rounded(exact, place)
    assert found / place == int(found / place)
    assert abs(found - exact) <= place / 2
    assert abs(found - exact) < place / 2 or abs(found) > abs(exact)
    assert PrintedNumber(found, place).is_of(exact)
