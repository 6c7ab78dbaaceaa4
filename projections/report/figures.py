"""What relations need of published figures, whoever made them: a book's cells are one maker."""

from collections.abc import Collection
from typing import Protocol

from ledger.codes import CodeNames
from projections.report.editions import Edition


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

    def fen(self, cell_id: str, /) -> int:
        """The exact value of a cell."""

    def printed(self, cell_id: str, /) -> str:
        """The text of a cell: 万元 with two decimals, or what its form has for nil."""
