"""Weights and scores (分值) of performance: hundredths of a point inside, points typed and shown.
Nothing here is a float."""

import re

from ledger.errors import Malformed, Unreadable

MOST = 100_00
"""The most that a weight or a score is, in hundredths."""
_POINTS = r"([0-9]{1,3})(?:\.([0-9]{1,2}))?"


def parse_points(text: str, *, field: str) -> int:
    """A weight or a score, in hundredths of a point. Raises `Malformed`."""
    found = re.fullmatch(_POINTS, text.strip())
    hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else -1
    if not 0 <= hundredths <= MOST:
        expected = "0 至 100、最多两位小数的分值，如 10 或 2.5"
        raise Malformed(Unreadable.POINTS_MALFORMED, field=field, value=text, expected=expected)
    return hundredths


def points(hundredths: int) -> str:
    """A weight or a score as it is typed: `10`, `2.5`."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
