"""What relations need of published figures, whoever made them: a book's cells are one maker."""

from collections.abc import Collection
from typing import Literal, Protocol

from ledger.codes import CodeNames
from projections.report.editions import Edition

FigureKind = Literal["amount", "percent", "count", "word", "names", "score"]
ADDED_UP: tuple[FigureKind, ...] = ("amount", "count")
"""The kinds that make a sum."""
UNIT = "万元"
"""What amounts are printed in."""


class Figures(Protocol):
    """Figures of one edition, by the ids of their cells."""

    @property
    def edition(self) -> Edition:
        """The forms in which they are published."""

    @property
    def ids(self) -> Collection[str]:
        """The id of every cell that there is."""

    @property
    def names(self) -> CodeNames:
        """What codes are called."""

    def kind(self, cell_id: str, /) -> FigureKind:
        """What a cell is."""

    def number(self, cell_id: str, /) -> int:
        """What of a cell adds up: the exact fen of an amount, a count."""

    def printed(self, cell_id: str, /) -> str:
        """The text of a cell: 万元 with two decimals, a count, or what its form has for nil."""
