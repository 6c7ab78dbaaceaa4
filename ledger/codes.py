"""支出功能分类 and 部门支出经济分类: the names of codes, by edition, from code_sets/.

The lists are not complete (domain §7), so an unknown code is a caution and never a refusal.
"""

import csv
from functools import cache
from importlib.resources import files


@cache
def functional() -> dict[str, str]:
    """Names of 类, 款 and 项 by code: `2080105` → 劳动保障监察."""
    return _names("functional.csv")


@cache
def economic() -> dict[str, str]:
    """Names of 类 and 款 by code: `30217` → 公务接待费."""
    return _names("economic.csv")


def _names(name: str) -> dict[str, str]:
    text = files("ledger").joinpath("code_sets", name).read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}
