"""An amount with its sign, as files of others write it: -40, −40, （40.00）, ￥(40.00), ¥-40."""

import re

from ledger.money import parse_yuan

_MARKS = r"[¥￥\s]*"
_MINUS = re.compile(rf"{_MARKS}(?:[-−－﹣](.+)|[(（](.+)[)）]){_MARKS}")
_ZERO = re.compile(r"[0０]+([.．][0０]+)?")


def signed_fen(typed: str, *, field: str, unit: str = "") -> int:
    """The fen of an amount that may be zero or negative; `unit` stands behind it (`万`), nothing is
    yuan. Raises `Malformed`."""
    found = _MINUS.fullmatch(typed)
    size = (found[1] or found[2]) if found else typed
    size = size.strip().lstrip("¥￥").strip()
    if _ZERO.fullmatch(size):
        return 0
    fen = parse_yuan(f"{size}{unit}", field=field)
    return -fen if found else fen
