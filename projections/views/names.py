"""What codes and projects are called, in a book or in the books of a department: the one place
where a question, a table or a check learns a name (P36)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ledger.codes import CodeNames, Lists
from ledger.errors import Corrupt, Damage
from ledger.events import CodeSetAdopted, decode
from ledger.kinds import CodeSet

if TYPE_CHECKING:
    from projections.views.reading import Reading


class TwoNames(NamedTuple):
    """A code that the lists of two books of a department call differently: each name with the book
    that has it."""

    code_set: CodeSet
    code: str
    names: tuple[tuple[str, str], ...]


class BookNames(CodeNames):
    """The names of codes by the lists of the books, else by the packaged ones of their year; and of
    projects. Where books differ, the last one's counts."""

    def __init__(
        self, year: int, lists: Sequence[tuple[str, Lists]], projects: Mapping[str, str]
    ) -> None:
        merged: dict[CodeSet, dict[str, str]] = {}
        for _, own in lists:
            for code_set, names in own.items():
                merged.setdefault(code_set, {}).update(names)
        super().__init__(year, merged)
        self.lists = lists
        self._projects = projects

    def project(self, code: str) -> str:
        """The name of a project."""
        return self._projects.get(code, "")

    def differing(self) -> list[TwoNames]:
        """The codes that the lists of two books call differently, by set and code."""
        if len(self.lists) < 2:
            return []
        found = []
        for code_set in sorted({each for _, own in self.lists for each in own}):
            by_code: dict[str, dict[str, str]] = {}
            for book, own in self.lists:
                for code, name in own.get(code_set, {}).items():
                    by_code.setdefault(code, {}).setdefault(name, book)
            found += [
                TwoNames(code_set, code, tuple(names.items()))
                for code, names in sorted(by_code.items())
                if len(names) > 1
            ]
        return found


class AdoptedList(msgspec.Struct, frozen=True):
    """A list that counts at the cut: the entry that adopted it, and how many codes it names."""

    code_set: CodeSet = msgspec.field(name="set")
    edition: str
    sha256: str
    entry: int
    rows: int


def adopted_lists(reading: "Reading") -> list[AdoptedList]:
    """The lists that a book has adopted, by set. Raises `Corrupt`."""
    found = []
    for code_set, entry in sorted(reading.adopted().items()):
        row = reading.stored(entry)
        event = None if row is None else decode(row.stored).event
        if not isinstance(event, CodeSetAdopted):
            raise Corrupt(Damage.VIEWS_ENTRIES, f"{reading.book} 第 {entry} 笔在账中不是科目表")
        sha256, rows = event.sha256, len(event.rows)
        found.append(AdoptedList(code_set, event.edition, sha256, entry, rows))
    return found
