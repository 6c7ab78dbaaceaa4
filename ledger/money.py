"""How money is written and read: integer fen (分) inside, yuan (元) typed, 万元 published.

The only file that knows that a yuan has 100 fen and that 万元 is 1,000,000 fen. Nothing here is
a float. Rounding happens once, half up, in the cell that is shown: 12,345,678 fen is
123,456.78 元 and 12.35 万元.
"""

import re
from typing import NewType

from ledger.errors import Malformed, Unreadable

Fen = NewType("Fen", int)

AMOUNT_MAX_FEN = 10**14
"""The largest amount of one entry, 一万亿元: a typing error beyond it is certain, and a million
entries of it still fit SQLite's 64-bit integers because `TOTAL_MAX_FEN` bounds their sum."""

TOTAL_MAX_FEN = 10**17
"""The largest sum of one book."""

_FEN_PER_YUAN = 100
_FEN_PER_WAN = 1_000_000
_HUNDREDTHS = 100
_FEN_PER_HUNDREDTH = _FEN_PER_WAN // _HUNDREDTHS
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_PLAIN = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.([0-9]+))?")
_RIGHT = "大于零的金额，单位元，最多两位小数，如 1234.56、1,234.56 或 12.3万"


def parse_yuan(text: str, *, field: str = "amount") -> Fen:
    """The fen in an amount typed in yuan: `1234.56`, `1,234.56`, `12.3万`, full-width digits.

    Raises `Malformed` for anything else: zero, signs, exponents, NaN, misplaced separators, and
    more decimals than a fen has.
    """
    cleaned = text.strip()
    unit, decimals = _FEN_PER_YUAN, 2
    if not cleaned.isascii():
        cleaned = cleaned.translate(_FULL_WIDTH)
        if cleaned.endswith("万"):
            cleaned, unit, decimals = cleaned[:-1], _FEN_PER_WAN, 6
    found = _PLAIN.fullmatch(cleaned)
    whole, part = ("", "") if found is None else found.groups(default="")
    if not whole or len(part) > decimals:
        raise Malformed(Unreadable.AMOUNT_MALFORMED, field=field, value=text, expected=_RIGHT)
    fen = int(whole.replace(",", "")) * unit + int(part.ljust(decimals, "0"))
    if not 0 < fen <= AMOUNT_MAX_FEN:
        expected = f"大于零、不超过 {yuan(AMOUNT_MAX_FEN)} 元的金额"
        raise Malformed(Unreadable.AMOUNT_OUT_OF_RANGE, field=field, value=text, expected=expected)
    return Fen(fen)


def yuan(fen: int) -> str:
    """Yuan with separators, as a person reads them: 123456 → `1,234.56`."""
    sign = "-" if fen < 0 else ""
    whole, part = divmod(abs(fen), _FEN_PER_YUAN)
    return f"{sign}{whole:,}.{part:02d}"


def fen_of(whole: str, part: str) -> int:
    """The fen of the digits before and after the point: `1234` and `5` → 123450."""
    return int(whole) * _FEN_PER_YUAN + int(part.ljust(2, "0"))


def plain_yuan(fen: int) -> str:
    """Yuan as one types them into a command or a file: 123456 → `1234.56`."""
    return yuan(fen).replace(",", "")


def wan(fen: int) -> str:
    """万元 with two decimals, half up: 2,334,150,000 → `2,334.15`. A cell has its own print, which
    may be stacked (`Figures.printed`)."""
    return printed_wan(hundredths(fen))


def hundredths(fen: int) -> int:
    """0.01 万元, the grain of what is printed, half up: 2,334,150,000 fen → 233415."""
    return half_up(fen, _FEN_PER_HUNDREDTH)


def printed_wan(count: int) -> str:
    """So many 0.01 万元 as they are printed: 233415 → `2,334.15`."""
    sign = "-" if count < 0 else ""
    whole, part = divmod(abs(count), _HUNDREDTHS)
    return f"{sign}{whole:,}.{part:02d}"


def hundredths_of(printed: str) -> int:
    """The 0.01 万元 that a printed cell stands for: `2,334.15` → 233415. Nothing, and the mark of a
    place that has no figure (`—`), is nil."""
    digits = printed.replace(",", "").replace(".", "")
    return int(digits) if digits.removeprefix("-").isdecimal() else 0


def half_up(numerator: int, denominator: int) -> int:
    """The integer nearest to the quotient, halves away from zero (四舍五入)."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def rate(part_fen: int, whole_fen: int) -> str | None:
    """A ratio as a decimal string of four places, half up; None where the base is zero.

    A rate on a zero base is undefined (domain §0.10): 49.90 on 0 is not 0 %.
    """
    if whole_fen == 0:
        return None
    signed = part_fen if whole_fen > 0 else -part_fen
    ten_thousandths = half_up(signed * 10_000, abs(whole_fen))
    sign = "-" if ten_thousandths < 0 else ""
    whole, part = divmod(abs(ten_thousandths), 10_000)
    return f"{sign}{whole}.{part:04d}"


def percent(rate_text: str | None) -> str:
    """A rate of four places as a percentage of two, for people: `0.6868` → `68.68%`."""
    if rate_text is None:
        return "—"
    sign, digits = ("-", rate_text[1:]) if rate_text.startswith("-") else ("", rate_text)
    whole, part = digits.split(".")
    hundredths = int(whole + part)
    return f"{sign}{hundredths // 100}.{hundredths % 100:02d}%"


_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ((10**8, "亿"), (10**4, "万"))


def capital(fen: int) -> str:
    """金额大写, as papers that are signed have it: 123456 → `壹仟贰佰叁拾肆元伍角陆分`; `整` where
    it ends with 元 or 角 (《正确填写票据和结算凭证的基本规定》)."""
    whole, rest = divmod(abs(fen), _FEN_PER_YUAN)
    jiao, last = divmod(rest, 10)
    said = f"{_in_words(whole)}元" if whole or not rest else ""
    if jiao:
        said += f"{_DIGITS[jiao]}角"
    elif whole and last:
        said += _DIGITS[0]
    said += f"{_DIGITS[last]}分" if last else "整"
    return f"负{said}" if fen < 0 else said


def _in_words(number: int) -> str:
    """A whole number: 零 stands once for places that are left out between others."""
    for size, name in _GROUPS:
        high, low = divmod(number, size)
        if high:
            gap = _DIGITS[0] if 0 < low < size // 10 else ""
            return f"{_in_words(high)}{name}{gap}{_in_words(low) if low else ''}"
    said = ""
    skipped = False
    for place in reversed(range(len(_PLACES))):
        digit = number // 10**place % 10
        if digit:
            said += f"{_DIGITS[0] if skipped and said else ''}{_DIGITS[digit]}{_PLACES[place]}"
        skipped = not digit
    return said or _DIGITS[0]
