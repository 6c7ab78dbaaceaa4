"""Text ↔ fen ↔ 万元, and the one rounding that there is."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.money import (
    AMOUNT_MAX_FEN,
    capital,
    half_up,
    parse_yuan,
    percent,
    plain_yuan,
    rate,
    wan,
    yuan,
)
from tests.harness.strategies import amounts

FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
signed = st.integers(-(10**17), 10**17)


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1234.56", 1234_56),
        ("1,234.56", 1234_56),
        ("1,234,567", 1_234_567_00),
        ("12.3万", 123_000_00),
        ("0.000001万", 1),
        ("1,234.5万", 12_345_000_00),
        ("１２３４．５６", 1234_56),
        ("１，２３４．５", 1234_50),
        ("１２．３万", 123_000_00),
        ("0.01", 1),
        ("007", 7_00),
        (" 5 ", 5_00),
        ("\u30005\u3000", 5_00),
        ("1000000000000", AMOUNT_MAX_FEN),
        ("1,000,000,000,000.00", AMOUNT_MAX_FEN),
        ("100000000万", AMOUNT_MAX_FEN),
    ],
)
def test_an_amount_is_typed_in_yuan(typed, fen):
    assert fen == parse_yuan(typed)


@pytest.mark.parametrize(
    "typed",
    [
        # nothing, zero, negative
        "", " ", "0", "0.00", "0万", "-1", "+1", "（1）", "−1",
        # more than a fen
        "1.234", "1.230", "0.001", "1.2345678万", "12.34567890万",
        # separators in the wrong places
        "1,23", "12,34.56", "1,2345", ",123", "1,", "1,,234", "1234,567", "1，23", "1.234,56",
        # half numbers
        ".5", "5.", "1..2", "1.2.3", "万", ".5万", "1 234", "1_234",
        # other notations
        "1e3", "1E3", "0x10", "NaN", "nan", "inf", "Infinity", "1/2", "½", "²", "¥5", "5元", "5亿",
        "5万元", "5万万", "十二", "１２３４a", "٣", "5%",
        # more than one entry can hold
        "1000000000000.01", "1,000,000,000,000.01", "100000000.000001万", "9" * 16, "9" * 4000,
        # not one line
        "5\n6", "5\x00", "5\u200b",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_and_never_guessed(typed):
    with pytest.raises(Malformed) as refused:
        parse_yuan(typed, field="amount")
    assert refused.value.field == "amount"
    assert refused.value.code in ("AMOUNT.MALFORMED", "AMOUNT.OUT_OF_RANGE")


def test_the_refusal_names_the_field_and_what_would_be_right():
    with pytest.raises(Malformed, match=r"from：“1,23”不正确，应为.*1,234\.56"):
        parse_yuan("1,23", field="from")
    with pytest.raises(Malformed, match=r"不超过 1,000,000,000,000\.00 元"):
        parse_yuan("1000000000000.01")


@given(amounts)
def test_every_amount_reads_back_from_every_way_it_is_written(fen):
    for typed in (yuan(fen), plain_yuan(fen)):
        assert fen == parse_yuan(typed)
        assert fen == parse_yuan(typed.translate(FULL_WIDTH))
    whole, part = divmod(fen, 1_000_000)
    assert fen == parse_yuan(f"{whole}.{part:06d}万")
    assert fen == parse_yuan(f"{whole:,}.{part:06d}万")


@given(st.text(max_size=12))
def test_text_is_an_amount_or_malformed_and_nothing_else(typed):
    """No other exception, and what is read lies in the range and means the digits typed."""
    try:
        fen = parse_yuan(typed)
    except Malformed:
        return
    assert 0 < fen <= AMOUNT_MAX_FEN
    folded = typed.strip().translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    unit = 1_000_000 if folded.endswith("万") else 100
    assert Decimal(folded.removesuffix("万").replace(",", "")) * unit == fen


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (2_334_150_000, "2,334.15"),
        (5_000, "0.01"),
        (4_999, "0.00"),
        (15_000, "0.02"),
        (-5_000, "-0.01"),
        (-4_999, "0.00"),
        (0, "0.00"),
        (1_234_567_890_123, "1,234,567.89"),
    ],
)
def test_wan_is_rounded_half_up_once(fen, shown):
    assert shown == wan(fen)


@given(signed)
def test_wan_agrees_with_decimal(fen):
    """An independent rounding: Decimal's ROUND_HALF_UP, which is away from zero."""
    exact = (Decimal(fen) / 1_000_000).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert f"{exact:,}" == wan(fen) or (exact == 0 and wan(fen) == "0.00")


@given(signed, st.integers(1, 10**12))
def test_half_up_is_the_nearest_integer_halves_away_from_zero(numerator, denominator):
    nearest = half_up(numerator, denominator)
    assert 2 * abs(nearest * denominator - numerator) <= denominator
    assert -nearest == half_up(-numerator, denominator)
    if 2 * abs(nearest * denominator - numerator) == denominator:
        assert abs(nearest) * denominator > abs(numerator)


@pytest.mark.parametrize(
    ("fen", "shown"),
    [(0, "0.00"), (1, "0.01"), (-1, "-0.01"), (-123456789, "-1,234,567.89"), (100, "1.00")],
)
def test_yuan_for_people(fen, shown):
    assert shown == yuan(fen)


@given(signed)
def test_yuan_shows_every_fen(fen):
    assert Decimal(fen) / 100 == Decimal(yuan(fen).replace(",", ""))
    assert plain_yuan(fen) == yuan(fen).replace(",", "")


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (49_90, 0, None),
        (0, 0, None),
        (0, 100, "0.0000"),
        (1, 3, "0.3333"),
        (2, 3, "0.6667"),
        (1, 20_000, "0.0001"),
        (1, 20_001, "0.0000"),
        (100, 100, "1.0000"),
        (694_623_00, 702_105_00, "0.9893"),
        (820_147, 510_132, "1.6077"),
        (-1, 3, "-0.3333"),
        (-1, 20_001, "0.0000"),
        (1, -3, "-0.3333"),
    ],
)
def test_a_rate_has_four_places_and_none_on_a_zero_base(part, whole, shown):
    assert shown == rate(part, whole)


@given(signed, signed.filter(bool))
def test_a_rate_agrees_with_decimal(part, whole):
    shown = rate(part, whole)
    assert shown is not None
    exact = abs(Decimal(shown) * whole - part) / abs(whole)
    assert exact <= Decimal("0.00005")


@pytest.mark.parametrize(
    ("shown", "text"),
    [("0.6868", "68.68%"), ("1.0000", "100.00%"), ("-0.0050", "-0.50%"), (None, "—")],
)
def test_percent_shows_the_same_digits(shown, text):
    assert text == percent(shown)


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (1_20, "壹元贰角整"),
        (10_05, "壹拾元零伍分"),
        (1_234_56, "壹仟贰佰叁拾肆元伍角陆分"),
        (100_000_00, "壹拾万元整"),
        (1_001_00, "壹仟零壹元整"),
        (100_050_000_00, "壹亿零伍万元整"),
        (10_000_000_500_00, "壹佰亿零伍佰元整"),
        (10**17, "壹仟万亿元整"),
        (-5_00, "负伍元整"),
    ],
)
def test_capital(fen: int, said: str):
    assert capital(fen) == said


@given(signed)
def test_capital_is_read_back(fen: int):
    assert _fen_in_words(capital(fen)) == fen


def _fen_in_words(said: str) -> int:
    """What is said, added up by somebody who knows digits and places and nothing of gaps."""
    sign, said = (-1, said[1:]) if said.startswith("负") else (1, said)
    whole, yuan_, rest = said.rpartition("元")
    if not yuan_:
        whole, rest = "", said
    fen = 0
    for unit, worth in (("角", 10), ("分", 1)):
        fen += worth * next((_DIGIT[a] for a, b in pairwise(rest) if b == unit), 0)
    return sign * (_number(whole) * 100 + fen)


_DIGIT = {digit: number for number, digit in enumerate("零壹贰叁肆伍陆柒捌玖")}


def _number(said: str) -> int:
    for unit, worth in (("亿", 10**8), ("万", 10**4), ("仟", 1000), ("佰", 100), ("拾", 10)):
        high, there, low = said.partition(unit) if worth < 10**4 else said.rpartition(unit)
        if there:
            return _number(high.strip("零")) * worth + _number(low)
    said = said.strip("零")
    return _DIGIT[said] if said else 0
