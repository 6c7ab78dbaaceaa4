"""What a layout asks of a book: which codes have anything in a leaf."""

from typing import Protocol

from projections.report.editions import Selection


class InUse(Protocol):
    """The codes that have money."""

    def items(self, wanted: Selection) -> set[str]:
        """The 项 whose sum in this leaf is not zero."""

    def econs(self, wanted: Selection) -> set[str]:
        """The 款 whose sum in this leaf is not zero."""
