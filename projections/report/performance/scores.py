"""What a row earns: weight × ratio, half up to 0.01 of a point; and what a form earns.

Ratios are exact (`Fraction`), points integers in hundredths: a row is rounded once, and a total
adds rounded rows, as the printed form does (P37). What cannot be scored says what it lacks.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal, NamedTuple

from ledger.evaluation.targets import (
    Comparison,
    Number,
    Quantity,
    Range,
    fits,
    quantity,
    relative,
)
from ledger.kinds import Direction, Grade
from ledger.money import half_up
from projections.report.performance.rules import ExecutionTier, Quality, ScoringRules

Lacks = Literal["target", "actual", "unit", "grade", "percent", "budget"]
"""Why a row has no score: no target, no actual, one in another unit, one that only a grade can
judge and has none, a grade whose percent is not said or is another grade's, an execution rate
without a budget."""

FULL = Fraction(1)


class Aim(NamedTuple):
    """A target: its quantity, None where it is words, and how it is judged."""

    quantity: Quantity | None
    direction: Direction


class Reached(NamedTuple):
    """What was reached: its quantity, None where it is words; the grade that a person gave, and how
    many percent of the weight."""

    quantity: Quantity | None
    grade: Grade | None = None
    percent: int | None = None


class Scored(NamedTuple):
    """How much of its weight a row earns, from 0 to 1, or what it lacks for that. `over` is how
    often a target was reached of which more is better; None where numbers do not tell. `only_just`
    is whether what was to be passed (超过, 低于) was reached and no more: as much of it as of one
    that was to be reached, so that its ratio is 1."""

    ratio: Fraction | None
    lacks: Lacks | None = None
    over: Fraction | None = None
    only_just: bool = False


def aim(target: str, given: Direction | None = None) -> Aim | None:
    """A target as it was written, judged as was said, else as its text says; None where there is
    none. Words are judged by a grade, whatever was said."""
    said = quantity(target)
    if said is None:
        return Aim(None, "quality") if target.strip() else None
    match said:
        case Number(_, _, "<=" | "<"):
            by_text: Direction = "down"
        case Number():
            by_text = "up"
        case Range():
            by_text = "range"
    return Aim(said, given or by_text)


def scored(aimed: Aim | None, reached: Reached | None, rules: ScoringRules) -> Scored:
    """How much of its weight a row earns. Without a result there is nothing to judge."""
    if aimed is None:
        return Scored(None, "target")
    if reached is None:
        return Scored(None, "actual")
    target, direction = aimed
    if direction == "quality" or target is None or reached.quantity is None:
        return _graded(reached, rules.quality)
    if not fits(target, reached.quantity):
        return Scored(None, "unit")
    actual = reached.quantity.counted_in(target.unit)
    match target, actual:
        case _, Number(value, _, comparison) as actual:
            if comparison in _UNSAID[direction]:
                return _graded(reached, rules.quality)
            if _only_just(target, actual):
                return Scored(FULL if value else Fraction(0), only_just=True)
            return _measured(target, value, direction)
        case Range(), Range() if target.low <= actual.low and actual.high <= target.high:
            return Scored(FULL)
    return _graded(reached, rules.quality)


_UNSAID: dict[Direction, tuple[Comparison, ...]] = {
    "up": ("<=", "<"),
    "down": (">=", ">"),
    "range": ("<=", "<", ">=", ">"),
    "quality": (),
}
"""The comparisons with which an actual does not say if a target is met: `3天以上` of `≤3天`."""


def _only_just(target: Quantity, actual: Number) -> bool:
    """Whether what was to be passed was reached and no more: `95%` of `＞95%`."""
    return (
        isinstance(target, Number)
        and target.comparison in (">", "<")
        and actual.value == target.value
        and actual.comparison != target.comparison
    )


def _measured(target: Quantity, reached: Fraction, direction: Direction) -> Scored:
    low, high = (
        (target.low, target.high) if isinstance(target, Range) else (target.value, target.value)
    )
    match direction:
        case "up":
            return Scored(_at_least(low, reached), over=reached / low if low else None)
        case "down":
            return Scored(_at_most(high, reached))
    return Scored(_at_most(high, reached) if reached > high else _at_least(low, reached))


def _at_least(least: Fraction, reached: Fraction) -> Fraction:
    """B / A of a target that is to be reached. Nothing is always reached."""
    return min(reached / least, FULL) if least else FULL


def _at_most(most: Fraction, reached: Fraction) -> Fraction:
    """A / B of a target that is not to be exceeded. Nothing, where nothing was allowed and there is
    some."""
    return min(most / reached, FULL) if reached else FULL


def _graded(reached: Reached, quality: Sequence[Quality]) -> Scored:
    tier = next((tier for tier in quality if tier.grade == reached.grade), None)
    if tier is None:
        return Scored(None, "grade")
    percent = tier.default if reached.percent is None else reached.percent
    if percent is None or not tier.least <= percent <= tier.most:
        return Scored(None, "percent")
    return Scored(Fraction(percent, 100))


def points(weight_hundredths: int, ratio: Fraction) -> int:
    """Weight × ratio in hundredths of a point, half up."""
    earned = weight_hundredths * ratio
    return half_up(earned.numerator, earned.denominator)


def of_execution(rate: Fraction | None, tiers: Sequence[ExecutionTier]) -> Scored:
    """How much of its weight an execution rate earns: the rate itself, or what the tiers of the
    edition say. There is none where nothing was budgeted."""
    if rate is None:
        return Scored(None, "budget")
    if not tiers:
        return Scored(max(min(rate, FULL), Fraction(0)))
    reached = [tier for tier in tiers if rate * 100 >= tier.least]
    return Scored(Fraction(max((tier.share for tier in reached), default=0), 100))


def total(earned: int, deducted: int, cap: int | None) -> int:
    """The hundredths of a form: what its rows earn, less what is deducted, never below nothing and,
    where there is a cap, not above it."""
    left = max(earned - deducted, 0)
    return left if cap is None else min(left, cap)


class UnitRow(NamedTuple):
    """What one unit of a department aimed at and reached, and the money by which it is weighed."""

    fen: int
    aimed: Aim | None
    reached: Reached | None


class Combined(NamedTuple):
    """An indicator of several units as one, and how it is judged, None where units differ in it.
    The quantities are there where they could be put together; `apart` is whether each unit was
    judged by itself, and the ratios weighed by money."""

    scored: Scored
    target: Quantity | None = None
    actual: Quantity | None = None
    direction: Direction | None = None
    apart: bool = False


def combined(parts: Sequence[UnitRow], rules: ScoringRules) -> Combined:
    """An indicator that several units have: what adds up is added, what is relative weighed by
    money, and then the whole is judged; words and grades are judged unit by unit, and weighed by
    money. What a unit lacks, the whole lacks."""
    alone = [scored(aimed, reached, rules) for _, aimed, reached in parts]
    directions = {part.aimed.direction for part in parts if part.aimed}
    direction = directions.pop() if len(directions) == 1 else None
    target = together([(part.fen, part.aimed.quantity) for part in parts if part.aimed])
    actual = together([(part.fen, _counted(part)) for part in parts if part.reached])
    if direction in (None, "quality"):
        target = actual = None
    lacking = next((one for one in alone if one.ratio is None), None)
    if lacking or len(parts) == 1:
        return Combined(lacking or alone[0], target, actual, direction)
    if target and actual and direction:
        whole = scored(Aim(target, direction), Reached(actual), rules)
        if whole.ratio is not None:
            return Combined(whole, target, actual, direction)
    fens = [part.fen for part in parts]
    ratios = [one.ratio or Fraction(0) for one in alone]
    return Combined(Scored(_mean(ratios, fens)), direction=direction, apart=True)


def _counted(part: UnitRow) -> Quantity | None:
    """What a unit reached, in the unit of its own target; None where a number does not say it."""
    _, aimed, reached = part
    if not aimed or not aimed.quantity or not reached or not reached.quantity:
        return None
    actual = reached.quantity
    if isinstance(actual, Number) and actual.comparison in _UNSAID[aimed.direction]:
        return None
    return actual.counted_in(aimed.quantity.unit)


def together(values: Sequence[tuple[int, Quantity | None]]) -> Quantity | None:
    """Numbers, or ranges, of several units as one, each with the money by which it is weighed: what
    adds up is added, what is relative is the mean; compared as all of them are. None where they are
    not all numbers, or all ranges, of one unit."""
    said = [value for _, value in values if value is not None]
    unit = next((each.unit for each in said if each.unit), "")
    if not said or len(said) < len(values) or not all(fits(_one(unit), each) for each in said):
        return None
    fens = [fen for fen, _ in values]

    def whole(parts: Sequence[Fraction]) -> Fraction:
        return _mean(parts, fens) if relative(unit) else sum(parts, Fraction(0))

    counted = [each.counted_in(unit) for each in said]
    numbers = [each for each in counted if isinstance(each, Number)]
    ranges = [each for each in counted if isinstance(each, Range)]
    if numbers and ranges:
        return None
    if ranges:
        low, high = [each.low for each in ranges], [each.high for each in ranges]
        return Range(whole(low), whole(high), unit)
    comparisons = {each.comparison for each in numbers}
    return Number(
        whole([each.value for each in numbers]),
        unit,
        comparisons.pop() if len(comparisons) == 1 else "",
    )


def _one(unit: str) -> Number:
    return Number(FULL, unit)


def _mean(values: Sequence[Fraction], fens: Sequence[int]) -> Fraction:
    """Weighed by money; alike where there is none."""
    weights = [max(fen, 0) for fen in fens]
    if not any(weights):
        weights = [1] * len(fens)
    return sum((v * w for v, w in zip(values, weights, strict=True)), Fraction(0)) / sum(weights)
