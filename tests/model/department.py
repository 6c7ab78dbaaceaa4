"""Several books as one, worked out with a pencil: what their units paid each other counts once.

It imports nothing of the product and shares no idea with it. Entries of the books are numbered
anew, so that none of one is taken for one of another.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.model.figures import Entry, Figures

_APART = 100_000
"""More than the entries of any book."""


class Paid(NamedTuple):
    """What one unit paid to another of non-fiscal money, and that one has as income."""

    line: str
    econ: str
    income_line: str
    source: str
    fen: int


class Department(Figures):
    """The books of several units, and what is taken out of both sides."""

    def __init__(self, books: Iterable[Figures], eliminated: Iterable[Paid]) -> None:
        self.books = tuple(books)
        super().__init__(self.books[0].name)
        self._eliminated = tuple(eliminated)
        self.entries = [
            _moved(entry, place * _APART)
            for place, book in enumerate(self.books)
            for entry in book.entries
        ]

    def members(self) -> tuple[Figures, ...]:
        return self.books

    def three_public(
        self, funds: tuple[str, ...] = ("general",), **cut: Any
    ) -> dict[str, dict[str, int]]:
        """What each unit has, together: a cap is of one unit."""
        found: dict[str, dict[str, int]] = {}
        for book in self.books:
            for side, items in book.three_public(funds, **cut).items():
                sums = found.setdefault(side, {})
                for item, fen in items.items():
                    sums[item] = sums.get(item, 0) + fen
        return found

    def _facts(self, **cut: Any) -> list[tuple[str, str, str, int]]:
        facts = [fact for book in self.books for fact in book._facts(**cut)]
        for each in self._eliminated:
            facts.append(("paid", each.line, each.econ, -each.fen))
            facts.append(("income", each.income_line, each.source, -each.fen))
        return facts


def _moved(entry: Entry, by: int) -> Entry:
    """An entry under another number, and what it is about, too."""
    named = ("number", "undoes", "corrects", "original")
    return {**entry, **{name: entry[name] + by for name in named if entry.get(name)}}
