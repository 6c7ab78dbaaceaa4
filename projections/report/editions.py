"""The editions: the forms in which accounts are published, what rules call their cells, and how
the cells relate to each other.

An edition is data: a folder of TOML (edition_folder.py reads it), one of ours under forms/ or one
of a province's or unit's own. It holds the tables that it changes and takes the others from the one
that it is based on (P18). The cells that a rule is about are named in it, so that no rule knows
where a form has them.
"""

import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from ledger.errors import Lack, Lacking, Malformed, OtherEdition, Unreadable
from ledger.line import Fund, Spending
from ledger.money import printed_wan
from projections.report.findings import Tier
from projections.report.form import Printing
from projections.report.layouts import AnyForm
from projections.report.performance.rules import ScoringRules
from projections.views.source import Source

FORMS = Path(__file__).with_name("forms")
NARRATIVE = "narrative.toml"
CHAPTERS = (NARRATIVE,)
"""The files of an edition about what stands beside the tables."""


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
    public_use: str | None = None
    """公用经费 in it."""


class Relation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """left op right between sums of cells, once or for `each` class or item: an @ stands for its
    code."""

    code: Annotated[str, msgspec.Meta(pattern=r"^X[0-9]{2}$", description="X 加两位数字，如 X60")]
    says: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    op: Literal["=", "<="] = "="
    each: Literal["", "class", "item"] = ""
    tier: Tier = "error"


class Edition(NamedTuple):
    """One edition, whole. `sha256` is that of its own files; one of ours has none."""

    name: str
    folder: Path
    sha256: str
    title: str
    based_on: str | None
    three_public_funds: tuple[Fund, ...]
    """The money of which 三公经费 is told."""
    printing: Printing
    tell_stacked: bool
    """Whether books of it were printed stacked before, so that what differs is told."""
    forms: dict[int, AnyForm]
    """By table number, in the order of print."""
    cells: NamedCells
    relations: tuple[Relation, ...]
    chapters: dict[str, tuple[bytes, ...]]
    """The files about what stands beside the tables (`CHAPTERS`), by name: that of the edition on
    which it is based, and over it its own. Whoever needs one reads it (P39)."""
    scoring: ScoringRules | None = None
    """How 绩效自评 is scored; None where the edition is of no accounts."""

    def printed(self, count: int) -> str:
        """So many 0.01 万元 as the edition prints them."""
        text = printed_wan(count)
        return text if self.printing.separators else text.replace(",", "")

    def counted(self, count: int) -> str:
        """So many things as the edition prints them."""
        return f"{count:,}" if self.printing.separators else str(count)

    def with_ids(self) -> "Edition":
        """The same, with 行次 and 栏次 in print: they are the parts of a cell's id."""
        printing = self.printing._replace(row_numbers=True, column_numbers=True)
        forms = {number: form.with_ids() for number, form in self.forms.items()}
        return self._replace(printing=printing, forms=forms)

    @property
    def quotes(self) -> bool:
        """Whether its tables have figures from beside them."""
        return any(True for form in self.forms.values() for _ in form.quotes())

    def form_number(self, table: int) -> str:
        """The number that stands at the top right of an official form: 公开09表."""
        return f"公开{list(self.forms).index(table) + 1:02d}表"


def table_of(name: str) -> int:
    """The table that a cell is of: 3 of `T3.合计.1`; 0 for what is no cell id."""
    number = name[1:].partition(".")[0]
    return int(number) if number.isdecimal() else 0


def at(name: str, code: str) -> str:
    """A named cell at the row of a code."""
    return name.replace("@", code)


def names() -> list[str]:
    """The editions that we have."""
    return sorted(file.parent.name for file in FORMS.glob("*/edition.toml"))


def lacking(shown: Edition, what: str, has: Callable[[Edition], bool]) -> Malformed:
    """The complaint that an edition has not what was asked for: it names those of ours that do."""
    having = "、".join(name for name in names() if has(edition(name)))
    expected = f"有{what}的表样版本：{having}"
    return Malformed(
        Unreadable.EDITION_UNKNOWN, field="edition", value=shown.name, expected=expected
    )


def newest() -> str:
    """The one of the latest year's accounts; plans and variants are asked for by name."""
    return max(filter(str.isdecimal, names()))


def own_folders() -> list[Path]:
    """The editions in the folder of editions (`YUSUAN_EDITIONS`, or `editions` in yusuan.toml),
    right or wrong; those too that are called as one of ours, which nobody can mean by name."""
    folder = own_folder()
    try:
        there = list(folder.iterdir()) if folder else []
    except OSError:
        there = []
    return sorted(filter(_is_one, there))


@cache
def edition(name: str) -> Edition:
    """An edition of ours. Raises `Malformed` for an unknown name."""
    if name not in names():
        raise _unknown(name)
    return _read(FORMS.joinpath(name), ours=True)


def found(said: str) -> Edition:
    """The edition that a person means: one of ours, else a folder of that name among the editions
    of one's own; with a `/` in it, the folder of that path. Raises `Malformed`, `WrongCells`."""
    if "/" in said or os.sep in said:
        return _read(path(said, field="edition"))
    if said in names():
        return edition(said)
    folder = own_folder()
    if folder is None or not _is_one(folder.joinpath(said)):
        raise _unknown(said)
    return _read(folder.joinpath(said))


def path(said: str, *, field: str) -> Path:
    """A folder as it was typed, `~` and `~user` for a home. Raises `Malformed`."""
    try:
        return Path(said).expanduser()
    except RuntimeError:  # nobody of that name, or without a home
        expected = "文件夹的路径（没有 ~ 所指的用户，可写作 ./~…）"
        unknown = Unreadable.EDITION_UNKNOWN
        raise Malformed(unknown, field=field, value=said, expected=expected) from None


def as_named(folder: Path) -> Path:
    """Where a folder is, by the name that it was meant by, wherever a link of that name leads: so
    is its edition called, and by that name a book finds it again."""
    return folder.absolute() if folder.name not in ("", "..") else folder.resolve()


def of_book(name: str, sha256: str) -> Edition:
    """The edition of a book, which keeps its name and, where it is none of ours, the digest of its
    files. Raises `Lacking` where its folder is not at hand, and `OtherEdition` where it holds
    something else."""
    if not sha256:
        return edition(name)
    folder = own_folder()
    if folder is None or not _is_one(folder.joinpath(name)):
        where = f"{folder} 中没有 {name}" if folder else f"没有设定 {VARIABLE}"
        raise Lacking(
            Lack.EDITION_ABSENT,
            f"账套采用自备的表样版本“{name}”（SHA-256 {sha256}），{where}",
            way_out=f"在 yusuan.toml 中写明文件夹 {name} 所在的目录：{setting('目录')}"
            f"（或 export {VARIABLE}=目录）；或在原命令中改用 --edition 目录/{name}、"
            f"--edition {newest()}",
        )
    there = _read(folder.joinpath(name))
    if there.sha256 != sha256:
        raise OtherEdition(name, recorded=sha256, found=there.sha256)
    return there


def unfound(edition: Edition) -> str | None:
    """The line of yusuan.toml with which a book of this edition finds its folder; None where it
    finds it as things are set."""
    try:
        of_book(edition.name, edition.sha256)
    except (Lacking, OtherEdition, Malformed):
        return setting(str(as_named(edition.folder).parent))
    return None


def setting(folder: str) -> str:
    """The line of yusuan.toml that names the folder of editions: a TOML string is written as one of
    JSON is."""
    return f"editions = {json.dumps(folder, ensure_ascii=False)}"


def of_source(source: Source) -> Edition:
    """The edition of a book, or the one of all books of a department. Raises as `of_book`, and
    `Malformed` where they differ."""
    return of_book(source.edition, source.edition_sha256)


VARIABLE = "YUSUAN_EDITIONS"
"""The environment variable that names the folder of editions of one's own."""


def own_folder() -> Path | None:
    """The folder of editions of one's own, if any is set. Raises `Malformed`."""
    said = os.environ.get(VARIABLE)
    return path(said, field=VARIABLE) if said else None


def _is_one(folder: Path) -> bool:
    """Whether a folder is there as an edition, right or wrong."""
    return os.path.lexists(folder.joinpath("edition.toml"))


def _unknown(name: str) -> Malformed:
    there = "、".join(dict.fromkeys([*names(), *(each.name for each in own_folders())]))
    example = name if name and name.isprintable() else "本省"
    expected = f"表样版本：{there}；或自备表样版本的文件夹（含 /，如 ./{example}）"
    return Malformed(Unreadable.EDITION_UNKNOWN, field="edition", value=name, expected=expected)


def _read(folder: Path, *, ours: bool = False) -> Edition:
    from projections.report.edition_folder import read  # which reads what is defined here

    return read(folder, ours=ours)
