"""What a row earns: weight × ratio, exactly, rounded once."""

from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.evaluation.targets import Number, quantity
from ledger.kinds import Direction, Grade
from ledger.toml import read
from projections.report.editions import FORMS
from projections.report.performance.rules import ExecutionTier, ScoringRules
from projections.report.performance.scores import (
    Lacks,
    Reached,
    UnitRow,
    aim,
    combined,
    of_execution,
    points,
    scored,
    total,
)

RULES = read((FORMS / "2020" / "performance.toml").read_bytes(), ScoringRules)


def reached(text: str, grade: Grade | None = None, percent: int | None = None) -> Reached:
    return Reached(quantity(text), grade, percent)


@pytest.mark.parametrize(
    ("target", "direction", "actual", "weight", "earned"),
    [
        ("1800件", None, "2366件", 600, 600),
        ("14000人", None, "11494", 200, 164),
        ("3850人", None, "1663人", 200, 86),
        ("2950", None, "1663", 400, 225),
        ("400所", None, "234所", 200, 117),
        ("2539.06万元", None, "2249.92万元", 100, 89),
        ("95%以上", None, "96%", 200, 200),
        ("≥95%", None, "47.5%", 200, 100),
        ("100人左右", None, "98人", 100, 98),
        ("3.20%", "down", "3.38%", 200, 189),
        ("3.60%", "down", "3.38%", 400, 400),
        ("≤3.20%", None, "3.38%", 200, 189),
        ("0", "down", "0", 300, 300),
        ("0", "down", "1", 300, 0),
        ("0", None, "0", 300, 300),
        ("大于95%", None, "96%", 200, 200),
        ("大于95%", None, "47.5%", 200, 100),
        ("低于4天", None, "5天", 300, 240),
        ("低于4天", None, "3天", 300, 300),
        ("超过0件", None, "0件", 300, 0),
        ("超过0件", None, "1件", 300, 300),
        ("97%≤执行率≤100%", None, "83.24%", 500, 429),
        ("97%≤执行率≤100%", None, "97%", 500, 500),
        ("97%≤执行率≤100%", None, "100%", 500, 500),
        ("97%≤执行率≤100%", None, "125%", 500, 400),
        ("97%≤执行率≤100%", "up", "83.24%", 500, 429),
        ("97%≤执行率≤100%", "down", "83.24%", 500, 500),
        ("100%", "range", "80%", 500, 400),
        ("100%", "range", "125%", 500, 400),
        ("1000元/人", None, "1000元/人", 300, 300),
        ("5000—10000元/人", None, "5000—10000元/人", 300, 300),
        ("5000—10000元/人", None, "6000元/人", 300, 300),
        ("5000—10000元/人", None, "12500元/人", 300, 240),
        ("10000—20000元", None, "1—2万元", 300, 300),
    ],
)
def test_a_number_earns_its_ratio(
    target: str, direction: Direction | None, actual: str, weight: int, earned: int
) -> None:
    ratio = scored(aim(target, direction), reached(actual), RULES).ratio
    assert ratio is not None
    assert points(weight, ratio) == earned


@pytest.mark.parametrize(
    ("target", "direction", "actual", "grade", "percent", "ratio", "lacks"),
    [
        ("可持续", None, "可持续", "met", None, F(1), None),
        ("可持续", None, "可持续", "met", 80, F(80, 100), None),
        ("可持续", None, "可持续", "met", 79, None, "percent"),
        ("可持续", None, "一般", "partly", 79, F(79, 100), None),
        ("可持续", None, "一般", "partly", 50, F(50, 100), None),
        ("可持续", None, "一般", "partly", 80, None, "percent"),
        ("可持续", None, "一般", "partly", None, None, "percent"),
        ("可持续", None, "差", "not", 49, F(49, 100), None),
        ("可持续", None, "差", "not", 0, F(0), None),
        ("可持续", None, "差", "not", 50, None, "percent"),
        ("可持续", None, "差", "not", None, None, "percent"),
        ("可持续", None, "可持续", None, None, None, "grade"),
        ("100人左右", "quality", "98人", "met", None, F(1), None),
        ("100人左右", "quality", "98人", None, None, None, "grade"),
        ("可持续", "up", "可持续", "met", None, F(1), None),
        ("50场次，10000个岗位", None, "65场，3万余个岗位", "met", 90, F(90, 100), None),
        ("提供法律保障10次", None, "提供法律保障12次", None, None, None, "grade"),
        ("1800件", None, "基本完成", None, None, None, "grade"),
        ("1800件", None, "基本完成", "partly", 60, F(60, 100), None),
        ("1800件", None, "1800—1900件", None, None, None, "grade"),
        ("5000—10000元/人", None, "4000—9000元/人", None, None, None, "grade"),
        ("5000—10000元/人", None, "4000—9000元/人", "partly", 70, F(70, 100), None),
        ("≤3天", None, "2天以上", None, None, None, "grade"),
        ("≥95%", None, "98%以下", None, None, None, "grade"),
        ("≥95%", None, "95%以上", None, None, F(1), None),
        ("≤3天", None, "超过2天", None, None, None, "grade"),
        ("≥95%", None, "低于98%", None, None, None, "grade"),
        ("97%≤执行率≤100%", None, "98%以上", None, None, None, "grade"),
        ("1800件", None, "1900人", None, None, None, "unit"),
        ("1800件", None, "1900人", "met", None, None, "unit"),
        ("", None, "21", None, None, None, "target"),
        ("  ", "up", "21", "met", None, None, "target"),
    ],
)
def test_words_need_a_grade_and_what_is_lacking_is_said(
    target: str,
    direction: Direction | None,
    actual: str,
    grade: Grade | None,
    percent: int | None,
    ratio: F | None,
    lacks: Lacks | None,
) -> None:
    made = scored(aim(target, direction), reached(actual, grade, percent), RULES)
    assert (made.ratio, made.lacks) == (ratio, lacks)


def test_without_a_result_there_is_nothing_to_judge() -> None:
    assert scored(aim("1800件"), None, RULES).lacks == "actual"
    assert scored(None, None, RULES).lacks == "target"


def test_how_often_a_target_was_reached_is_told_of_what_is_to_be_many() -> None:
    assert scored(aim("1200家"), reached("4927家"), RULES).over == F(4927, 1200)
    assert scored(aim("≤1200家"), reached("4927家"), RULES).over is None
    assert scored(aim("0"), reached("3"), RULES).over is None
    assert scored(aim("可持续"), reached("可持续", "met"), RULES).over is None


@pytest.mark.parametrize(
    ("executed", "budget", "weight", "earned"),
    [
        (579190, 843489, 2000, 1373),
        (8074, 9700, 1000, 832),
        (22657, 23360, 1000, 970),
        (10076, 10076, 1000, 1000),
        (4990, 246500, 1000, 20),
        (120, 100, 1000, 1000),
        (0, 100, 1000, 0),
    ],
)
def test_an_execution_rate_earns_its_share(
    executed: int, budget: int, weight: int, earned: int
) -> None:
    ratio = of_execution(F(executed, budget), ()).ratio
    assert ratio is not None
    assert points(weight, ratio) == earned


def test_tiers_of_an_edition_stand_for_the_rate() -> None:
    tiers = [ExecutionTier(80, 80), ExecutionTier(95, 90), ExecutionTier(100, 100)]
    found = [of_execution(F(rate, 1000), tiers).ratio for rate in (799, 800, 949, 950, 999, 1000)]
    assert found == [F(0), F(80, 100), F(80, 100), F(90, 100), F(90, 100), F(1)]


def test_nothing_was_budgeted() -> None:
    assert of_execution(None, ()).lacks == "budget"


@pytest.mark.parametrize(
    ("target", "actual", "only_just"),
    [
        ("超过95%", "95%", True),
        ("超过95%", "95.1%", False),
        ("超过95%", "94%", False),
        ("超过95%", "超过95%", False),
        ("95%以上", "95%", False),
        ("低于5天", "5天", True),
        ("5天以内", "5天", False),
        ("超过1万元", "10000元", True),
    ],
)
def test_what_was_to_be_passed_and_was_only_reached(
    target: str, actual: str, only_just: bool
) -> None:
    made = scored(aim(target), reached(actual), RULES)
    assert made.only_just is only_just
    if only_just:
        assert made.ratio == 1


@pytest.mark.parametrize(
    ("rows", "deducted", "cap", "earned"),
    [
        ([1000, 5000], 0, None, 6000),
        ([1000, 5000], 500, None, 5500),
        ([100], 500, None, 0),
        ([9000], 0, 7000, 7000),
        ([6000], 0, 7000, 6000),
        ([9000], 2500, 7000, 6500),
    ],
)
def test_a_total_adds_rounded_rows(
    rows: list[int], deducted: int, cap: int | None, earned: int
) -> None:
    assert total(sum(rows), deducted, cap) == earned


@pytest.mark.parametrize(
    ("points_hundredths", "name"),
    [(9000, "优"), (8999, "良"), (8000, "良"), (7999, "中"), (6000, "中"), (5999, "差"), (0, "差")],
)
def test_a_form_is_called_by_its_points(points_hundredths: int, name: str) -> None:
    assert RULES.called(points_hundredths) == name


def part(fen: int, target: str, actual: str, grade: Grade | None = None) -> UnitRow:
    return UnitRow(fen, aim(target), reached(actual, grade))


def test_absolute_values_of_units_add_up_and_then_earn() -> None:
    made = combined([part(1, "100件", "50件"), part(9, "0.03万件", "400件")], RULES)
    assert (made.target, made.actual) == (Number(F(400), "件"), Number(F(450), "件"))
    assert made.scored.ratio == 1


def test_relative_values_of_units_are_weighed_by_money() -> None:
    made = combined([part(100, "90%", "90%"), part(300, "98%", "50%")], RULES)
    assert (made.target, made.actual) == (Number(F(96), "%"), Number(F(60), "%"))
    assert made.scored.ratio == F(60, 96)


def test_words_of_units_are_judged_by_themselves_and_weighed_by_money() -> None:
    rows = [
        UnitRow(100, aim("可持续"), reached("可持续", "met")),
        UnitRow(300, aim("可持续"), reached("一般", "partly", 60)),
    ]
    assert combined(rows, RULES).scored.ratio == F(70, 100)


def test_a_number_beside_words_is_judged_by_itself() -> None:
    rows = [part(100, "10件", "5件"), part(100, "可持续", "可持续", "met")]
    assert combined(rows, RULES) == combined(rows[::-1], RULES)
    assert combined(rows, RULES).scored.ratio == F(75, 100)


def test_without_money_units_weigh_alike() -> None:
    assert combined([part(0, "90%", "90%"), part(0, "90%", "45%")], RULES).scored.ratio == F(3, 4)


def test_what_one_unit_lacks_the_whole_lacks() -> None:
    rows = [part(1, "10件", "5件"), UnitRow(1, aim("10件"), None)]
    assert combined(rows, RULES).scored.lacks == "actual"
    rows = [part(1, "10件", "5件"), part(1, "10人", "5人")]
    assert combined(rows, RULES).scored.ratio == F(1, 2), "other units: each by itself"


amounts = st.integers(0, 10**8)
weights = st.integers(0, 10_000)


@given(weights, amounts, amounts, st.sampled_from(["up", "down", "range"]))
def test_a_row_earns_no_less_than_nothing_and_no_more_than_its_weight(
    weight: int, target: int, actual: int, direction: Direction
) -> None:
    ratio = scored(aim(str(target), direction), reached(str(actual)), RULES).ratio
    assert ratio is not None
    assert 0 <= points(weight, ratio) <= weight


@given(amounts, amounts, amounts)
def test_more_of_what_is_good_never_earns_less(target: int, one: int, other: int) -> None:
    less, more = sorted((one, other))
    for direction, better in (("up", 1), ("down", -1)):
        few, many = (
            scored(aim(str(target), direction), reached(str(n)), RULES).ratio  # type: ignore[arg-type]
            for n in (less, more)
        )
        assert few is not None
        assert many is not None
        assert better * (many - few) >= 0


@given(st.lists(st.tuples(amounts, amounts, amounts), min_size=1, max_size=5), st.data())
def test_units_add_up_in_any_order(rows: list[tuple[int, int, int]], data: st.DataObject) -> None:
    parts = [part(fen, f"{target}%", f"{actual}%") for fen, target, actual in rows]
    shuffled = data.draw(st.permutations(parts))
    assert combined(parts, RULES) == combined(shuffled, RULES)


@given(amounts, amounts, amounts)
def test_one_unit_alone_is_itself(fen: int, target: int, actual: int) -> None:
    alone = part(fen, f"{target}件", f"{actual}件")
    assert combined([alone], RULES).scored == scored(alone.aimed, alone.reached, RULES)
