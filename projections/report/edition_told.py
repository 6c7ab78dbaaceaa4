"""What an edition is, told: its tables, how it prints, what it is based on."""

import msgspec

from projections.report import editions
from projections.report.editions import Edition


class ToldTable(msgspec.Struct, frozen=True):
    """A table of an edition; `form_number` is what stands at the top right of it."""

    table: int
    form_number: str
    title: str
    layout: str
    rounding: str


class ToldEdition(msgspec.Struct, frozen=True):
    """An edition; `sha256` is empty for one of ours. Tables stand in the order of print."""

    edition: str
    title: str
    sha256: str
    based_on: str | None
    three_public_funds: list[str]
    nil: str
    separators: bool
    row_numbers: bool
    column_numbers: bool
    relations: int
    tables: list[ToldTable]


class ToldEditions(msgspec.Struct, frozen=True):
    """Every edition that can be named: ours, then those in the folder of one's own."""

    editions: list[ToldEdition]


def told(edition: Edition) -> ToldEdition:
    """One edition."""
    return ToldEdition(
        edition.name,
        edition.title,
        edition.sha256,
        edition.based_on,
        list(map(str, edition.three_public_funds)),
        *edition.printing,
        len(edition.relations),
        [
            ToldTable(
                number,
                edition.form_number(number),
                form.title,
                str(form.__struct_config__.tag),
                form.rounding,
            )
            for number, form in edition.forms.items()
        ],
    )


def every() -> ToldEditions:
    """All of them. Raises `WrongCells` for the first of one's own that is wrong."""
    named = [*editions.names(), *editions.own_names()]
    return ToldEditions([told(editions.found(name)) for name in named])
