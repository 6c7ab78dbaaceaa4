"""What must not be published of a text: numbers of persons. 身份证号 is 18 digits with a right
check digit, a mobile telephone 11 that begin 13–19; both alone, not as a part of a longer number
such as that of a contract."""

import re

_IDENTITY = r"[0-9]{17}[0-9Xx]"
_TELEPHONE = r"1[3-9][0-9]{9}"
_ALONE = re.compile(rf"(?<![0-9A-Za-z_-])(?:{_IDENTITY}|{_TELEPHONE})(?![0-9A-Za-z_-])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_SHOWN = {11: (3, 4), 18: (6, 4)}
"""How many digits at either end stay, by the length."""


def masked(text: str) -> str:
    """The text with those numbers made unreadable: `138****5678`."""

    def hidden(found: re.Match[str]) -> str:
        digits = found[0]
        if not personal(digits):
            return digits
        first, last = _SHOWN[len(digits)]
        return digits[:first] + "*" * (len(digits) - first - last) + digits[-last:]

    return _ALONE.sub(hidden, text)


def personal(digits: str) -> bool:
    """Whether a number is that of a person: a telephone, or an identity number that is right."""
    if len(digits) == 11:
        return True
    checked = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return _CHECKS[checked % 11] == digits[-1].upper()
