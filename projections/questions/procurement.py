"""政府采购 without a contract: payments of which a type is said, tied to no contract."""

from typing import NamedTuple

from projections.views.source import Source


class LoosePaid(NamedTuple):
    """An entry that paid, or took back, so many fen of a type of procurement without a contract."""

    book: str
    entry: int
    procurement_type: str
    fen: int


_UNTIED = (
    "SELECT entry, procurement_type, SUM(paid_fen) FROM procured WHERE book_id = ? "
    "AND entry <= ? AND occurred_on <= ? AND contract = '' AND procurement_type IS NOT NULL "
    "GROUP BY entry, procurement_type HAVING SUM(paid_fen) <> 0 ORDER BY entry"
)


def untied(source: Source) -> list[LoosePaid]:
    """Every one of them at the cut, book by book."""
    return [
        LoosePaid(str(one.book), *row)
        for one in source.members()
        for row in one.views.execute(_UNTIED, (one.book_id, one.upto, one.cut.until.isoformat()))
    ]
