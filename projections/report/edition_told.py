"""What an edition is, told: its tables, how it prints, what it is based on."""

import msgspec

from ledger.errors import Malformed
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


class UnusableEdition(msgspec.Struct, frozen=True):
    """A folder among the editions of one's own that is none: its first fault, or that one of ours
    has its name."""

    edition: str
    folder: str
    why: str
    shadowed: bool
    """Whether its name is that of one of ours, which is meant by it."""


class ToldEditions(msgspec.Struct, frozen=True):
    """Every edition that can be named: ours, then those in the folder of one's own; and the folders
    there that are none."""

    editions: list[ToldEdition]
    unusable: list[UnusableEdition]


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
    """All of them. Raises `Malformed` for a folder of editions that there cannot be."""
    usable = [editions.edition(name) for name in editions.names()]
    unusable = []
    for folder in editions.own_folders():
        name, where = folder.name, str(folder.absolute())
        if name in editions.names():
            unusable.append(UnusableEdition(name, where, "名称与自带版本相同", shadowed=True))
            continue
        try:
            usable.append(editions.found(name))
        except Malformed as malformed:
            unusable.append(UnusableEdition(name, where, str(malformed), shadowed=False))
    return ToldEditions([*map(told, usable)], unusable)
