"""What is asked of the forms in which a book is published. They are data of another layer, which
hands in who knows them; where nobody does, nothing depends on them."""

from collections.abc import Collection
from typing import NamedTuple, Protocol

from ledger.line import FISCAL_FUNDS, Fund


class PublishedAs(NamedTuple):
    """A book, and the edition that it is published in, with the digest of its files where it is
    none of ours."""

    book: str
    edition: str
    edition_sha256: str


class FormsOfBooks(Protocol):
    """Whoever knows the forms of editions."""

    def three_public_funds(self, published: PublishedAs, /) -> Collection[Fund]:
        """The money of which they tell 三公经费."""

    def meant(self, published: PublishedAs, kind: str, place: str, /, *, counted: bool) -> str:
        """The item, slot or cell that a fact of a kind is about, as the edition calls it. Raises
        `Malformed` for one that it does not have, and for a number of things (`counted`) that is
        said of an amount, or an amount that is said of such."""

    def last_year_says(self, published: PublishedAs, cell: str, /) -> int | None:
        """What last year's book in the file says of a cell, fen or a count; None where it says
        nothing."""


class NoForms:
    """Where nobody knows them: all 财政拨款, every place, no last year."""

    def three_public_funds(self, _: PublishedAs, /) -> Collection[Fund]:
        """All 财政拨款."""
        return FISCAL_FUNDS

    def meant(self, _: PublishedAs, __: str, place: str, /, *, counted: bool) -> str:
        """As it was typed."""
        return place

    def last_year_says(self, _: PublishedAs, __: str, /) -> int | None:
        """Nothing."""
        return None
