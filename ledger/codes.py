"""支出功能分类 and 部门支出经济分类: the names of codes, by edition, from code_sets/.

The lists are not complete (domain §7), so an unknown code is a caution and never a refusal.
"""

import csv
from functools import cache
from importlib.resources import files

THREE_PUBLIC = {
    "overseas": ("30212",),
    "vehicle_purchase": ("31013", "30913"),
    "vehicle_operation": ("30231",),
    "reception": ("30217",),
}
"""三公: the economic 款 of each item (domain §1.3)."""

THREE_PUBLIC_NAMES = {
    "overseas": "因公出国（境）费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
}
ITEM_OF_ECON = {econ: item for item, econs in THREE_PUBLIC.items() for econ in econs}


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
