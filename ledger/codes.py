"""支出功能分类 and the two 支出经济分类: what codes are called, by a book's own lists and by those
of code_sets/, and which 政府经济分类 a 部门经济分类 belongs to.

A row of the packaged lists says from which edition (the year of 政府收支分类科目) a code has its
name, as far as is known, and where that is known from. They are not complete, so an unknown code is
a caution and never a refusal (L75).
"""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ledger.errors import Malformed, Unreadable
from ledger.kinds import CodeSet, ThreePublicItem
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


Evidence = Literal["printed-2020", "printed-2024", "table", "recalled"]
"""Where a packaged name is known from: printed in a published report of that year, an open table of
codes, or the memory of whoever wrote it down."""


class PackagedCode(NamedTuple):
    """A code of a packaged list: what it is called from an edition on."""

    code: str
    name: str
    edition: int
    source: Evidence


@cache
def packaged(code_set: CodeSet) -> tuple[PackagedCode, ...]:
    """The rows of a packaged list, by code and edition."""
    rows = _rows(f"{code_set}.csv", *PackagedCode._fields)
    return tuple(PackagedCode(code, name, int(year), source) for code, name, year, source in rows)


@cache
def packaged_in(code_set: CodeSet, year: int) -> dict[str, PackagedCode]:
    """A packaged list as it is in a year: of each code the last edition by then, else its first.

    21305 is 扶贫 in 2020 and 巩固脱贫攻坚成果衔接乡村振兴 in 2024.
    """
    found: dict[str, PackagedCode] = {}
    for row in packaged(code_set):
        if row.edition <= year or row.code not in found:
            found[row.code] = row
    return found


_LENGTHS: dict[CodeSet, tuple[int, ...]] = {"functional": (3, 5, 7), "economic": (3, 5)}
_FIRST: dict[CodeSet, str] = {"functional": "2", "economic": "3"}


def is_code_of(code_set: CodeSet, code: str) -> bool:
    """Whether digits can be a 类, 款 or 项 of a list; the economic ones have no 项. 支出功能分类
    begins with 2, 部门预算支出经济分类 with 3."""
    digits = code.isascii() and code.isdigit()
    return digits and len(code) in _LENGTHS[code_set] and code[0] == _FIRST[code_set]


def parse_code_prefix(code_set: CodeSet, text: str) -> str:
    """How codes of a list begin. Raises `Malformed`."""
    field, longest = ("func", 7) if code_set == "functional" else ("econ", 5)
    if not (text.isascii() and text.isdigit() and len(text) <= longest):
        unreadable = Unreadable.LINE_FUNC if field == "func" else Unreadable.LINE_ECON
        expected = f"科目代码的前几位，1 至 {longest} 位数字"
        raise Malformed(unreadable, field=field, value=text, expected=expected)
    return text


Lists = Mapping[CodeSet, Mapping[str, str]]
"""The lists that a book has adopted: name by code."""


class CodeNames:
    """What codes are called in a year: by the lists of a book, else by the packaged ones. "" for
    what has no name."""

    def __init__(self, year: int, own: Lists) -> None:
        self._own = own
        self._year = year

    def functional(self, code: str) -> str:
        """The name of a functional 类, 款 or 项: `2080105` → 劳动保障监察."""
        return self.of("functional", code)

    def economic(self, code: str) -> str:
        """The name of an economic 类 or 款: `30217` → 公务接待费."""
        return self.of("economic", code)

    def of(self, code_set: CodeSet, code: str) -> str:
        """The name of a code."""
        own = self.own(code_set, code)
        if own:
            return own
        row = packaged_in(code_set, self._year).get(code)
        return "" if row is None else row.name

    def own(self, code_set: CodeSet, code: str) -> str:
        """The name that the book's own list gives a code."""
        return self._own.get(code_set, _NO_LIST).get(code, "")


_NO_LIST: Mapping[str, str] = {}


@cache
def packaged_names(year: int) -> CodeNames:
    """What codes are called in the books of a year that have no list of their own."""
    return CodeNames(year, {})


@cache
def gov_economic() -> dict[str, str]:
    """CodeNames of 政府预算支出经济分类, 类 and 款 by code: `50101` → 工资奖金津补贴."""
    return dict(_rows("gov_economic.csv", "code", "name"))


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


def _rows(name: str, *columns: str) -> Iterator[Any]:
    """Some columns of a file of ours, as texts."""
    text = _FOLDER.joinpath(name).read_text(encoding="utf-8")
    header, *rows = csv.reader(text.splitlines())
    return map(itemgetter(*map(header.index, columns)), rows)
