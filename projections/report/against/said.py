"""What a printed figure says, read as its kind is: a number with the place of its last digit, a
word, or names.

Numbers are exact and in the unit of the figure (万元, %, 分, a count); `1.2亿元` and `3,800元` are
brought to 万元, their last place with them. A bare `0` says that there is none, as nothing does.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from ledger.errors import Malformed, Unreadable
from ledger.texts import WIDE
from projections.report.against.known import figure_of
from projections.report.figure import PERCENT, Figure, Ratio, Report, Value
from projections.report.figures import FigureKind


class PrintedNumber(NamedTuple):
    """A number, and what one of its last place is."""

    value: Fraction
    place: Fraction

    @property
    def half(self) -> Fraction:
        """Half a unit of the last place."""
        return self.place / 2

    def is_of(self, exact: Fraction) -> bool:
        """Whether an exact number is printed so, rounded half up."""
        return rounded(exact, self.place) == self.value


Saying = PrintedNumber | str | tuple[str, ...] | None
"""None: nothing is printed."""


class Printed(NamedTuple):
    """A printed figure: its text as it was given, and what that says."""

    figure: Figure
    text: str
    said: Saying


def printed(report: Report, name: str, text: str) -> Printed:
    """A row of what was printed. Raises `Malformed` for an id that there is not, and for what a
    figure of its kind cannot print."""
    figure = figure_of(report, name)
    return Printed(figure, text.strip(), said(figure.kind, text, exact_place(figure)))


def said(kind: FigureKind, text: str, own: Fraction) -> Saying:
    """What a text says of a figure of a kind; `own` is the last place that it is printed with by
    the edition. Raises `Malformed`."""
    plain = "".join(text.translate(WIDE).split())
    if kind == "names":
        return names(plain)
    if kind == "word":
        return plain or None
    if plain in _NOTHING:
        return None
    found = _NUMBER.fullmatch(plain.translate(_MINUS))
    scale = None if found is None else _scale(kind, found["unit"])
    if found is None or scale is None:
        raise Malformed(
            Unreadable.AGAINST_PRINTED, field="printed", value=text, expected=_RIGHT[kind]
        )
    decimals = found["decimals"] or ""
    value = Fraction(found["number"].replace(",", "")) * scale
    exact = kind in _EXACT or not (value or decimals)
    return PrintedNumber(value, own if exact else Fraction(1, 10 ** len(decimals)) * scale)


def names(text: str) -> tuple[str, ...]:
    """The names of a list, without what a sentence puts around them."""
    plain = text.translate(WIDE).rstrip("。.;；").removesuffix("等")
    found = (each.strip() for each in re.split("[、,，;；\n]", plain))
    return () if plain in _NOTHING else tuple(filter(None, found))


def listed(value: Value | Saying) -> tuple[str, ...]:
    """The names of a list, as they would be read where they are printed; of anything else none."""
    if not isinstance(value, tuple) or isinstance(value, Ratio | PrintedNumber):
        return ()
    return names("、".join(value))


def folded(name: str) -> str:
    """A name or a word without what print varies: width, blanks, quotes."""
    return "".join(name.translate(WIDE).split()).translate(_QUOTES)


def rounded(exact: Fraction, place: Fraction) -> Fraction:
    """An exact number at a last place, half up."""
    units = (abs(exact) / place + Fraction(1, 2)).__floor__()
    return units * place * (-1 if exact < 0 else 1)


def shown(number: Fraction, place: Fraction) -> str:
    """A number with so many decimals as its last place has, half up: `1,264.88`."""
    decimals = len(str(1 / place)) - 1
    whole, part = divmod(abs(rounded(number, place)) * 10**decimals, 10**decimals)
    digits = f"{int(whole):,}" + (f".{int(part):0{decimals}d}" if decimals else "")
    return f"-{digits}" if number < 0 else digits


def exact(figure: Figure) -> Fraction | None:
    """The exact number of a figure in its unit; None of what is none or has no value."""
    match figure.value:
        case Ratio(of, base):
            return Fraction(of * 100, base)
        case int() as number:
            return number * _PER_UNIT.get(figure.kind, Fraction(1))
    return None


def exact_place(figure: Figure) -> Fraction:
    """The last place with which the edition prints a figure."""
    if figure.kind in ("amount", "score"):
        return Fraction(1, 100)
    _, _, decimals = figure.printed.removesuffix(PERCENT).partition(".")
    return Fraction(1, 10 ** len(decimals))


_NOTHING = ("", "-", "—", "——", "/", "无")
_MINUS = dict.fromkeys(map(ord, "−－"), "-")
_QUOTES = dict.fromkeys(map(ord, "“”\"'‘’「」"))
_NUMBER = re.compile(
    r"(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.(?P<decimals>[0-9]{1,9}))?)"
    r"(?P<unit>[^0-9.,-]{0,8})"
)
_PER_UNIT: dict[FigureKind, Fraction] = {
    "amount": Fraction(1, 1_000_000),  # fen in 万元
    "score": Fraction(1, 100),
}
_EXACT: tuple[FigureKind, ...] = ("count", "score")
"""What is given, not measured: `9` points are 9.00, and 35 persons are no more and no less."""
_SCALES = {
    "": Fraction(1),
    "万元": Fraction(1),
    "万": Fraction(1),
    "元": Fraction(1, 10_000),
    "亿元": Fraction(10_000),
}
_RIGHT: dict[FigureKind, str] = {
    "amount": "以万元为单位的数，如 1,264.88、49.9、0，或带单位的 3,800元",
    "percent": "百分数，如 29.1% 或 29.1",
    "count": "个数，如 35 或 35人",
    "score": "分值，如 9 或 98.5",
    "word": "文字",
    "names": "名称，以顿号分开",
}


def _scale(kind: FigureKind, unit: str) -> Fraction | None:
    """What a number is to be multiplied with to stand in the unit of its kind; None where that is
    another."""
    match kind:
        case "amount":
            return _SCALES.get(unit)
        case "percent":
            return Fraction(1) if unit in ("", PERCENT) else None
        case "score":
            return Fraction(1) if unit in ("", "分") else None
    return None if unit.startswith(("%", "万", "亿", "千")) else Fraction(1)
