"""政府采购: what was paid, entry by entry, of contracts, and of a type that is said without one."""

from collections.abc import Iterator
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
    return [LoosePaid(*row) for row in _each(source, _UNTIED)]


class PaidOfContract(NamedTuple):
    """An entry that paid, or took back, so many fen of a contract."""

    book: str
    entry: int
    no: str
    fen: int


_OF_CONTRACTS = (
    "SELECT entry, contract, SUM(paid_fen) FROM procured WHERE book_id = ? AND entry <= ? "
    "AND occurred_on <= ? AND contract <> '' GROUP BY entry, contract "
    "HAVING SUM(paid_fen) <> 0 ORDER BY entry"
)


def paid_of_contracts(source: Source) -> list[PaidOfContract]:
    """Every one of them at the cut, book by book."""
    return [PaidOfContract(*row) for row in _each(source, _OF_CONTRACTS)]


def _each(source: Source, query: str) -> Iterator[tuple[str, int, str, int]]:
    """The rows of a query at the cut, each behind its book."""
    for one in source.members():
        rows = one.views.execute(query, (one.book_id, one.upto, one.cut.until.isoformat()))
        yield from ((str(one.book), *row) for row in rows)
