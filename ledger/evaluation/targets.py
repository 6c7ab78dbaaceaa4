"""A target and what was reached, as text, read as what can be compared: a number with its unit and
comparison, or a range; everything else is words, which only a grade can judge (定性指标).

`≥95%`, `95%以上`, `大于95%`, `1800件`, `100人左右`, `10,000元` are numbers, `97%≤执行率≤100%` and
`5000—10000元/人` ranges. A text with more numbers than that, or with words before its number
(`提供法律保障10次`), is words: nothing is guessed.
"""

import re
from fractions import Fraction
from typing import Literal, NamedTuple

Comparison = Literal["", ">=", "<=", ">", "<", "~"]
"""None, at least (以上), at most (以内), more than (超过), less than (低于), about (左右). What is
said with 以上, 以下, 以内 has its number in it, what with 超过 has not (民法典 §1259)."""
_SIGNS: dict[Comparison, str] = {">=": "≥", "<=": "≤", ">": "＞", "<": "＜"}


class Number(NamedTuple):
    """A number as it was written, the unit after it, and how it is to be compared. `12.3万元` is
    12.3 of the unit 万元; a 万 with no unit behind it belongs to the number."""

    value: Fraction
    unit: str
    comparison: Comparison = ""

    def counted_in(self, unit: str) -> "Number":
        """The same in the unit of a target that it `fits`: 2.5万元 in 元 is 25000元."""
        return Number(self.value * _scale_to(unit, self.unit), unit, self.comparison)


class Range(NamedTuple):
    """From `low` to `high`, both of them in it, of one unit."""

    low: Fraction
    high: Fraction
    unit: str

    def counted_in(self, unit: str) -> "Range":
        """The same in the unit of a target that it `fits`."""
        scale = _scale_to(unit, self.unit)
        return Range(self.low * scale, self.high * scale, unit)


Quantity = Number | Range


def quantity(text: str) -> Quantity | None:
    """What a text says in numbers; None for words, and for no text."""
    plain = _plain(text)
    return _range(plain) or _number(plain)


def fits(target: Quantity, actual: Quantity) -> bool:
    """Whether what was reached is of the target's unit. Without a unit it takes the target's, and
    a target without one takes any; 万元 and 元 are one unit."""
    return not target.unit or not actual.unit or _base(target.unit) == _base(actual.unit)


def relative(unit: str) -> bool:
    """Whether values of a unit say how much of something, or how much each: such do not add up."""
    return unit.startswith(("%", "‰", "个百分点")) or "/" in unit


def shown(value: Fraction) -> str:
    """A number as a person writes it, with at most two decimals, half up: 3600, 68.67."""
    hundredths = (value * 100 + Fraction(1, 2)).__floor__()
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".")


def told(said: Quantity) -> str:
    """A quantity as a person writes it."""
    match said:
        case Number(value, unit, comparison):
            before = _SIGNS.get(comparison, "")
            return f"{before}{shown(value)}{unit}{'左右' if comparison == '~' else ''}"
        case Range(low, high, unit):
            return f"{shown(low)}—{shown(high)}{unit}"


_WIDE = {ord("！") + place: ord("!") + place for place in range(ord("~") - ord("!") + 1)}
_ALIKE = str.maketrans({"≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤", "–": "—", "―": "—", "−": "—"})
_END = "。；;，,.、"


def _plain(text: str) -> str:
    """The text in plain signs, without blanks, and without what ends a sentence."""
    plain = "".join(text.split()).translate(_WIDE).translate(_ALIKE).rstrip(_END)
    return plain.replace(">=", "≥").replace("<=", "≤")


_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,9})?"
_UNIT = r"[^0-9.,，、。；;：:！!？?()（）《》“”≥≤<>~—]{0,6}?"
"""A few characters, none of which ends a word: what is longer is a sentence."""
_NAME = r"[^0-9≥≤<>]{0,20}"
_MORE = (">", "大于", "多于", "高于", "超过")
_LESS = ("<", "小于", "少于", "低于")
_AT_LEAST = (
    *("≥", "至少", *(f"{more}{or_}等于" for more in ("大于", "高于") for or_ in ("", "或"))),
    *(f"{no}{less}" for no in ("不", "不得") for less in _LESS[1:]),
)
_AT_MOST = (
    *("≤", "至多", *(f"{less}{or_}等于" for less in ("小于", "低于") for or_ in ("", "或"))),
    *(f"{no}{more}" for no in ("不", "不得") for more in _MORE[1:]),
)
_ABOUT = ("大约", "约")
_BEFORE: dict[str, Comparison] = {
    **dict.fromkeys(_AT_LEAST, ">="),
    **dict.fromkeys(_AT_MOST, "<="),
    **dict.fromkeys(_MORE, ">"),
    **dict.fromkeys(_LESS, "<"),
    **dict.fromkeys(_ABOUT, "~"),
}
_BEHIND: dict[str, Comparison] = {
    **dict.fromkeys(("及以上", "以上"), ">="),
    **dict.fromkeys(("及以下", "及以内", "以下", "以内", "之内", "内"), "<="),
    **dict.fromkeys(("左右", "上下"), "~"),
}
_ONE = re.compile(
    rf"(?:{_NAME}(?=[≥≤<>]))?(?P<before>{'|'.join(_BEFORE)})?"
    rf"(?P<value>{_DIGITS})(?P<unit>{_UNIT})(?P<behind>{'|'.join(_BEHIND)})?"
)
_DASHED = re.compile(
    rf"(?P<low>{_DIGITS})(?P<of_low>{_UNIT})(?:——?|--?|~|至|到)(?P<high>{_DIGITS})(?P<unit>{_UNIT})"
)
_BETWEEN = re.compile(
    rf"(?P<low>{_DIGITS})(?P<of_low>{_UNIT})[≤<]{_NAME}[≤<](?P<high>{_DIGITS})(?P<unit>{_UNIT})"
)
_DAY = re.compile(r"(年|月|日|号).*|.*[前底初末]")
"""What follows a number that is a date, or is part of one (2020年底前): no unit. 年 and 日 alone
are, of how long something takes."""
_YEARS = range(1900, 2200)


def _number(plain: str) -> Number | None:
    found = _ONE.fullmatch(plain)
    if found is None or (found["before"] and found["behind"]):
        return None
    unit = found["unit"]
    value = _value(found["value"])
    if _DAY.fullmatch(unit) and (unit not in ("年", "日") or value in _YEARS):
        return None
    if unit in _MANY:  # 3万 is a number, 3万元 one of 万元
        value, unit = value * _MANY[unit], ""
    comparison = _BEFORE.get(found["before"] or "") or _BEHIND.get(found["behind"] or "") or ""
    return Number(value, unit, comparison)


def _range(plain: str) -> Range | None:
    found = _DASHED.fullmatch(plain) or _BETWEEN.fullmatch(plain)
    if found is None:
        return None
    of_low, unit = found["of_low"], found["unit"]
    if _DAY.fullmatch(unit) or not unit.startswith(of_low):
        return None
    low, high = _value(found["low"]), _value(found["high"])
    if unit in _MANY:
        low, high, unit = low * _MANY[unit], high * _MANY[unit], ""
    return Range(low, high, unit) if low <= high else None


def _value(digits: str) -> Fraction:
    return Fraction(digits.replace(",", ""))


_MANY = {"千": 1_000, "万": 10_000, "亿": 100_000_000}


def _scale(unit: str) -> int:
    """How many of its base a unit is: 10000 for 万元."""
    return _MANY.get(unit[:1], 1) if unit[1:] else 1


def _scale_to(unit: str, own: str) -> Fraction:
    """What a value is to be multiplied with; one without a unit takes the target's as it is."""
    return Fraction(_scale(own), _scale(unit)) if own else Fraction(1)


def _base(unit: str) -> str:
    """The unit without its 万: 元 for 万元."""
    return unit[1:] if _scale(unit) > 1 else unit
