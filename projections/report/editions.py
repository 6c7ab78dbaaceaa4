"""The editions: the forms in which accounts are published, what rules call their cells, and how
the cells relate to each other.

An edition is data: a folder of TOML (edition_folder.py reads it), one of ours under forms/ or one
of a province's or unit's own. It holds the tables that it changes and takes the others from the one
that it is based on (P18). The cells that a rule is about are named in it, so that no rule knows
where a form has them.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from ledger.errors import Malformed, Unreadable
from ledger.line import Fund, Spending
from projections.report.findings import Tier
from projections.report.form import Printing
from projections.report.layouts import AnyForm

FORMS = Path(__file__).with_name("forms")


class ItemCells(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cells of 三公经费 in one column, as `questions.three_public` calls its figures."""

    total_fen: str
    overseas_fen: str
    vehicle_fen: str
    vehicle_purchase_fen: str
    vehicle_operation_fen: str
    reception_fen: str


class NamedCells(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cells that rules are about; in some an @ stands for the code of a row (`at`). A rule
    whose cells an edition does not have is not asked of it."""

    opening: str | None = None
    """年初结转和结余."""
    closing: str | None = None
    """年末结转和结余."""
    three_public: str | None = None
    """三公经费决算数, all items."""
    budget: ItemCells | None = None
    """三公经费, 年初预算数 item by item."""
    actual: ItemCells | None = None
    """三公经费, 决算数 item by item."""
    spent: str | None = None
    """支出 of a functional code."""
    spent_by: dict[Spending, str] = {}
    """The same by 支出性质."""
    general_basic: str | None = None
    """基本支出 of the general fund."""
    general_basic_econ: str | None = None
    """The same of an economic code."""


class Relation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """left op right between sums of cells, once or for `each` class or item: an @ stands for its
    code."""

    code: Annotated[str, msgspec.Meta(pattern=r"^X[0-9]{2}$")]
    says: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    op: Literal["=", "<="] = "="
    each: Literal["", "class", "item"] = ""
    tier: Tier = "error"


class Edition(NamedTuple):
    """One edition, whole. `sha256` is that of its own files; one of ours has none."""

    name: str
    sha256: str
    title: str
    based_on: str | None
    three_public_funds: tuple[Fund, ...]
    """The money of which 三公经费 is told."""
    printing: Printing
    forms: dict[int, AnyForm]
    """By table number, in the order of print."""
    cells: NamedCells
    relations: tuple[Relation, ...]

    def form_number(self, table: int) -> str:
        """The number that stands at the top right of an official form: 公开09表."""
        return f"公开{list(self.forms).index(table) + 1:02d}表"


def at(name: str, code: str) -> str:
    """A named cell at the row of a code."""
    return name.replace("@", code)


def names() -> list[str]:
    """The editions that we have."""
    return sorted(file.parent.name for file in FORMS.glob("*/edition.toml"))


def known(name: str) -> str:
    """The name of an edition of ours. Raises `Malformed` if there is none of that name."""
    if name not in names():
        expected = "表样版本：" + "、".join(names())
        raise Malformed(Unreadable.EDITION_UNKNOWN, field="edition", value=name, expected=expected)
    return name


@cache
def edition(name: str) -> Edition:
    """An edition of ours. Raises `Malformed` for an unknown name."""
    from projections.report.edition_folder import read

    return read(FORMS.joinpath(known(name)), ours=True)
