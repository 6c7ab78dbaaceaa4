"""科目: what codes are called in a book, by which list, and which that it uses have no name."""

from typing import NamedTuple

import msgspec

from ledger.codes import PackagedCode, packaged_in
from ledger.kinds import CODE_SET_NAMES, CodeSet
from ledger.line import NO_ECON, econ_class, func_levels
from projections.views.names import AdoptedList, adopted_lists
from projections.views.reading import Reading

ADOPTED = "adopted"
"""The source of a name that is the book's own."""


class NamedCode(msgspec.Struct, frozen=True):
    """A code. `source` is `adopted` where the name is of the book's own list and `edition` that
    list's name; else it says where the packaged name is known from, and from which year's edition
    it holds. All three are None where it has no name; `used`: the book has it on a line, in a
    payment or as what money came in for."""

    code_set: CodeSet = msgspec.field(name="set")
    code: str
    name: str | None
    source: str | None
    edition: str | None
    used: bool


class ListedCodes(msgspec.Struct, frozen=True):
    """The lists that the book has adopted, and its codes; `unnamed` counts those in use that have
    no name, whatever was asked for."""

    lists: list[AdoptedList]
    codes: list[NamedCode]
    unnamed: int


class WantedCodes(NamedTuple):
    """Which codes are asked for: of these lists, that begin so, only those without a name."""

    prefixes: dict[CodeSet, str]
    unnamed: bool = False


def codes(reading: Reading, wanted: WantedCodes) -> ListedCodes:
    """Every code that has a name or is in use, by list and code."""
    lists, names, used = adopted_lists(reading), reading.code_names(), _used(reading)
    edition = {each.code_set: each.edition for each in lists}
    found: list[NamedCode] = []
    unnamed = 0
    for code_set in CODE_SET_NAMES:
        packaged, own = packaged_in(code_set, reading.year), names.get(code_set, {})
        for code in sorted({*packaged, *own, *used[code_set]}):
            one = _named(code_set, code, own.get(code), packaged.get(code), edition)
            one = msgspec.structs.replace(one, used=code in used[code_set])
            unnamed += one.name is None
            prefix = wanted.prefixes.get(code_set)
            asked = prefix is not None and code.startswith(prefix)
            if asked and (one.name is None or not wanted.unnamed):
                found.append(one)
    return ListedCodes(lists, found, unnamed)


def _named(
    code_set: CodeSet,
    code: str,
    own: str | None,
    packaged: PackagedCode | None,
    edition: dict[CodeSet, str],
) -> NamedCode:
    if own is not None:
        return NamedCode(code_set, code, own, ADOPTED, edition[code_set], False)
    if packaged is not None:
        year = str(packaged.edition)
        return NamedCode(code_set, code, packaged.name, packaged.source, year, False)
    return NamedCode(code_set, code, None, None, None, False)


def _used(reading: Reading) -> dict[CodeSet, set[str]]:
    """The codes of every level that the book has at the cut."""
    func: set[str] = set()
    econ: set[str] = set()
    for line, _, _, used, _ in reading.sums():
        func.update(func_levels(line.func))
        for code in {line.econ, used} - {NO_ECON}:
            econ |= {code, econ_class(code)}
    for inflow in reading.inflows():
        if inflow.line is not None:
            func.update(func_levels(inflow.line.func))
    return {"functional": func, "economic": econ}
