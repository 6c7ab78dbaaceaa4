"""支出功能分类 and the two 支出经济分类: the names of codes, by edition, from code_sets/, and which
政府经济分类 a 部门经济分类 belongs to.

The lists are not complete (domain §7), so an unknown code is a caution and never a refusal.
"""

import csv
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from ledger.kinds import ThreePublicItem
from ledger.line import econ_class

_FOLDER = Path(__file__).with_name("code_sets")

THREE_PUBLIC: dict[ThreePublicItem, tuple[str, ...]] = {
    "overseas": ("30212",),
    "vehicle-purchase": ("31013", "30913"),
    "vehicle-operation": ("30231",),
    "reception": ("30217",),
}
"""三公: the economic 款 of each item (domain §1.3)."""

ITEM_OF_ECON = {econ: item for item, econs in THREE_PUBLIC.items() for econ in econs}


@cache
def functional() -> dict[str, str]:
    """Names of 类, 款 and 项 by code: `2080105` → 劳动保障监察."""
    return _names("functional.csv")


@cache
def economic() -> dict[str, str]:
    """Names of 类 and 款 by code: `30217` → 公务接待费."""
    return _names("economic.csv")


@cache
def gov_economic() -> dict[str, str]:
    """Names of 政府预算支出经济分类, 类 and 款 by code: `50101` → 工资奖金津补贴."""
    return _names("gov_economic.csv")


_KINDS_OF_UNITS = {
    "机关": ("admin", "public-admin"),
    "事业": ("institution",),
    "全部": ("admin", "public-admin", "institution"),
}


@cache
def _correspondence() -> dict[tuple[str, str], str]:
    return {
        (kind, econ): gov_econ
        for units, econ, gov_econ in _rows("gov_map.csv", "units", "econ", "gov_econ")
        for kind in _KINDS_OF_UNITS[units]
    }


def gov_econ_of(unit_kind: str, econ: str) -> str | None:
    """The 政府经济分类 款 of what a unit of this kind pays on a 部门经济 款, as the two sets
    correspond (财预〔2017〕98号): by its own row, else that of its 类; None where there is none
    (L2).

    Wages are 50101 in an office (行政、参公) and 50501 in a 事业单位.
    """
    known = _correspondence()
    return known.get((unit_kind, econ)) or known.get((unit_kind, econ_class(econ)))


def _names(name: str) -> dict[str, str]:
    return dict(_rows(name, "code", "name"))


def _rows(name: str, *columns: str) -> Iterator[Any]:
    """Some columns of a file of ours, as texts."""
    text = _FOLDER.joinpath(name).read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    return map(itemgetter(*map(header.index, columns)), rows)
