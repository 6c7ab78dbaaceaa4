"""A target as it is written, read as a number, a range, or words."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evaluation.targets import (
    Number,
    Quantity,
    Range,
    fits,
    quantity,
    relative,
    shown,
    told,
)

READ: dict[str, Quantity | None] = {
    "1800件": Number(F(1800), "件"),
    "1800": Number(F(1800), ""),
    "0": Number(F(0), ""),
    "2个社区": Number(F(2), "个社区"),
    "10,000元": Number(F(10_000), "元"),
    "１０，０００元": Number(F(10_000), "元"),
    "3.20%": Number(F(32, 10), "%"),
    "３．２０％": Number(F(32, 10), "%"),
    "2539.06万元": Number(F(253906, 100), "万元"),
    "3万": Number(F(30_000), ""),
    "1000元/人": Number(F(1000), "元/人"),
    "100%。": Number(F(100), "%"),
    " 12 场 ": Number(F(12), "场"),
    "5年": Number(F(5), "年"),
    "≥95%": Number(F(95), "%", ">="),
    ">=95%": Number(F(95), "%", ">="),
    "≧ 95 %": Number(F(95), "%", ">="),
    "95%以上": Number(F(95), "%", ">="),
    "95%及以上": Number(F(95), "%", ">="),
    "不低于95%": Number(F(95), "%", ">="),
    "满意度≥95%": Number(F(95), "%", ">="),
    "不少于95%": Number(F(95), "%", ">="),
    "不得低于95%": Number(F(95), "%", ">="),
    "高于或等于95%": Number(F(95), "%", ">="),
    "＞95%": Number(F(95), "%", ">"),
    "大于95%": Number(F(95), "%", ">"),
    "超过95%": Number(F(95), "%", ">"),
    "多于3件": Number(F(3), "件", ">"),
    "<3.6%": Number(F(36, 10), "%", "<"),
    "小于3.6%": Number(F(36, 10), "%", "<"),
    "低于3.6%": Number(F(36, 10), "%", "<"),
    "少于5天": Number(F(5), "天", "<"),
    "小于等于5天": Number(F(5), "天", "<="),
    "不得超过5天": Number(F(5), "天", "<="),
    "满意度不低于95%": None,
    "超过95%以上": None,
    "≤3.6%": Number(F(36, 10), "%", "<="),
    "3.6%以内": Number(F(36, 10), "%", "<="),
    "3.6%以下": Number(F(36, 10), "%", "<="),
    "30日内": Number(F(30), "日", "<="),
    "不超过5个工作日": Number(F(5), "个工作日", "<="),
    "100人左右": Number(F(100), "人", "~"),
    "约100人": Number(F(100), "人", "~"),
    "97%≤执行率≤100%": Range(F(97), F(100), "%"),
    "97<执行率<=100%": Range(F(97), F(100), "%"),
    "5000—10000元/人": Range(F(5000), F(10_000), "元/人"),
    "5000-10,000元/人": Range(F(5000), F(10_000), "元/人"),
    "5000～10000元/人": Range(F(5000), F(10_000), "元/人"),
    "10天至20天": Range(F(10), F(20), "天"),
    "1万—2万元": Range(F(1), F(2), "万元"),
    "1—2万": Range(F(10_000), F(20_000), ""),
    "": None,
    "可持续": None,
    "完全相符": None,
    "50场次，10000个岗位。": None,
    "提供法律保障10次": None,
    "聘用人员考核合格率为100%": None,
    "10次，有效解决问题": None,
    "从工作责任心等10个方面进行测评": None,
    "65场，3万余个用工岗位": None,
    "1,00人": None,
    "10.5.1": None,
    "2020年底前": None,
    "2020年": None,
    "12月底": None,
    "2020-12-31": None,
    "1-12月": None,
    "20—10人": None,
    "10人—20元": None,
    "≥95%以上": None,
    "-5%": None,
    "三次": None,
}


@pytest.mark.parametrize("text", READ)
def test_a_text_is_a_number_a_range_or_words(text: str) -> None:
    assert quantity(text) == READ[text]


@pytest.mark.parametrize(
    ("target", "actual", "fit", "counted"),
    [
        ("1800人", "2008", True, Number(F(2008), "人")),
        ("1800", "2008人", True, Number(F(2008), "")),
        ("1800人", "2008人次", False, None),
        ("95%", "0.96件", False, None),
        ("100元", "2.5万元", True, Number(F(25_000), "元")),
        ("2539.06万元", "22499200元", True, Number(F(224992, 100), "万元")),
        ("2539.06万元", "2249.92", True, Number(F(224992, 100), "万元")),
        ("1—2万元", "15000元", True, Number(F(15, 10), "万元")),
        ("5000—10000元/人", "6000—8000元/人", True, Range(F(6000), F(8000), "元/人")),
    ],
)
def test_what_was_reached_is_counted_in_the_unit_of_the_target(
    target: str, actual: str, fit: bool, counted: Quantity | None
) -> None:
    aimed, reached = quantity(target), quantity(actual)
    assert aimed and reached
    assert fits(aimed, reached) is fit
    if counted:
        assert reached.counted_in(aimed.unit) == counted


@pytest.mark.parametrize(
    ("unit", "whether"), [("%", True), ("元/人", True), ("‰", True), ("万元", False), ("", False)]
)
def test_what_is_relative_does_not_add_up(unit: str, whether: bool) -> None:
    assert relative(unit) is whether


values = st.integers(0, 10**9).map(lambda n: F(n, 100))
units = st.sampled_from(["", "人", "%", "万元", "元/人", "家单位", "千克"])
numbers = st.builds(Number, values, units, st.sampled_from(["", ">=", "<=", ">", "<", "~"]))
ranges = st.builds(lambda a, b, u: Range(min(a, b), max(a, b), u), values, values, units)


@given(numbers | ranges)
def test_what_is_told_is_read_again(said: Quantity) -> None:
    assert quantity(told(said)) == said


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    quantity(text)


@pytest.mark.parametrize(
    ("value", "text"),
    [(F(3600), "3600"), (F(6867, 100), "68.67"), (F(1, 3), "0.33"), (F(5, 10), "0.5"), (F(0), "0")],
)
def test_a_number_is_shown_without_what_says_nothing(value: F, text: str) -> None:
    assert shown(value) == text
