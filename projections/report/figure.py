"""Every published figure by its id, whichever maker made it (P38): the cells of the tables, and the
figures beside them (`N.…` of the narrative, `E.…` of the self-evaluation).

A figure is a value with what it was made of: other figures with their signs, facts of the book
(a selection) or entries that it counts by itself. `get`, `explain`, `where-used`, `check` and the
documents ask a `Report`; so a sentence is followed to its entries as a table is.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple, Protocol

import msgspec

from ledger.errors import Malformed, Unreadable
from ledger.money import half_up, hundredths
from ledger.refusals import WayOut
from projections.report.cells import Cells
from projections.report.editions import Edition
from projections.report.form import Cell, Spec
from projections.report.narrative.data import Narrative, of_edition
from projections.report.selection import Selection
from projections.report.tables import UNIT
from projections.views.elimination import EntryOfBook

FigureKind = Literal["amount", "percent", "count", "word", "names", "score"]
FigureSource = Literal["book", "last-year-book", "prior", "particular"]
SOURCES: tuple[FigureSource, ...] = ("book", "last-year-book", "prior", "particular")
"""The further down, the less the book itself says: a figure is from the last of its parts'."""
Needs = Literal["reason", "prior", "fact", "text"]

PERCENT = "%"
RISES, FALLS, LEVEL = "增加", "减少", "持平"
_HUNDRED = 100
_LONG = 8


class Ratio(NamedTuple):
    """An exact percent: `of` out of `base`, both fen or both counts; the base is not zero."""

    of: int
    base: int

    def rounded(self, decimals: int) -> str:
        """The percentage with so many decimals, once rounded, half up: `29.1`."""
        scale = 10**decimals
        sign = -1 if self.base < 0 else 1
        units = half_up(sign * self.of * _HUNDRED * scale, abs(self.base))
        whole, part = divmod(abs(units), scale)
        digits = f"{whole:,}" + (f".{part:0{decimals}d}" if decimals else "")
        return f"-{digits}" if units < 0 else digits


Value = int | Ratio | str | tuple[str, ...] | None


class OwnEntry(NamedTuple):
    """An entry that a figure counts by itself, and how much of it: fen, or a count; `against` where
    it puts back what is eliminated of that entry."""

    book: str
    entry: int
    much: int
    against: tuple[EntryOfBook, ...] = ()


class Needed(NamedTuple):
    """What somebody has to say before a figure or a sentence can be made, in which slot, and the
    commands that do it."""

    slot: str
    needs: Needs
    message: str
    ways: tuple[WayOut, ...] = ()


class Figure(NamedTuple):
    """A published figure. `value` is fen, an exact percent, a count, a word, names or hundredths
    of a point; None where it has none (a rate on nothing) or where something is `needed`.

    `parts` are (sign, id) of other figures, those of last year as `ID@2019`: of an amount or a
    count they add up to it, together with what `wanted` adds up and with its `own` entries.
    """

    id: str
    label: str
    kind: FigureKind
    value: Value
    printed: str
    unit: str
    formula: str
    source: FigureSource = "book"
    parts: tuple[tuple[int, str], ...] = ()
    wanted: Selection | None = None
    own: tuple[OwnEntry, ...] = ()
    needed: tuple[Needed, ...] = ()

    @property
    def fen(self) -> int:
        """That of an amount; nothing of what is needed yet."""
        return self.value if self.kind == "amount" and isinstance(self.value, int) else 0

    @property
    def number(self) -> int:
        """What adds up: the fen of an amount, a count; nothing of other kinds."""
        return self.value if isinstance(self.value, int) else 0


class Stated(Protocol):
    """A figure that a maker has announced, and that is made when somebody asks for it."""

    @property
    def id(self) -> str:
        """Its id."""

    def made(self, report: "Report", /) -> Figure:
        """The figure."""


Maker = Callable[["Report"], Iterable[Stated]]
"""What announces figures of a report."""


def makers() -> tuple[Maker, ...]:
    """All of them, in the order in which their figures are told."""
    from projections.report.narrative.stated import stated as narrative
    from projections.report.performance.stated import stated as performance

    return (narrative, performance)


class Report:
    """All that a book, or a department, publishes in one edition, with last year's beside it:
    `before` is the same of the books of last year, where the file has any."""

    def __init__(self, cells: Cells, before: "Report | None" = None) -> None:
        self.cells = cells
        self.before = before
        self.source = cells.source
        self.year = cells.source.year
        self._made: dict[str, Figure] = {}

    @property
    def edition(self) -> Edition:
        """The forms in which all of it is published."""
        return self.cells.edition

    @cached_property
    def narrative(self) -> Narrative:
        """What its edition says of figures and sentences beside the tables."""
        return of_edition(self.edition)

    @cached_property
    def stated(self) -> Mapping[str, Stated]:
        """Every figure beside the tables, by its id and in its order."""
        return {each.id: each for maker in makers() for each in maker(self)}

    @property
    def ids(self) -> Collection[str]:
        """The id of every figure beside the tables."""
        return self.stated.keys()

    def every(self) -> Iterator[Figure]:
        """Every figure: the cells of the tables, then those beside them."""
        yield from map(self.figure, self.cells.all)
        yield from map(self.figure, self.ids)

    def figure(self, name: str) -> Figure:
        """A figure, of last year where its id says so. Raises `LookupError`."""
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._figure(name)
        return made

    def _figure(self, name: str) -> Figure:
        of, at, year = name.partition("@")
        if at:
            if year != str(self.year - 1):
                raise KeyError(name)
            return self._last_year(of)
        cell = self.cells.all.get(name)
        return self.stated[name].made(self) if cell is None else self._of_cell(cell)

    def _of_cell(self, cell: Cell) -> Figure:
        return Figure(
            *(cell.id, cell.label, "amount", self.cells.fen(cell.id)),
            *(self.cells.printed(cell.id), UNIT, formula(cell.spec)),
            parts=cell.spec.parts,
            wanted=cell.spec.leaf,
        )

    def has(self, name: str) -> bool:
        """Whether there is such a figure."""
        try:
            self.figure(name)
        except LookupError:
            return False
        return True

    def known(self, name: str) -> Figure:
        """The figure that a person means. Raises `Malformed`."""
        try:
            return self.figure(name)
        except LookupError:
            raise self._unknown(name) from None

    def _unknown(self, name: str) -> Malformed:
        last = {cell.table: cell.id for cell in self.cells.all.values()}
        some = "、".join([*last.values()][:5])  # of some tables the last: mostly a total
        expected = f"{self.edition.name} 表样的单元格编号，如 {some}（table --ids 印出）"
        beside = [*self.ids][:3]
        if beside and not name.startswith("T"):
            expected = (
                f"情况说明中的数，如 {'、'.join(beside)}（narrative --json 列出）；或{expected}"
            )
        return Malformed(Unreadable.CELL_UNKNOWN, field="cell", value=name, expected=expected)

    def lacking(self) -> tuple[str, ...]:
        """The units that have no book of last year in the file."""
        there = {one.book.unit for one in self.before.source.members()} if self.before else set()
        units = (one.book.unit for one in self.source.members())
        return tuple(unit for unit in units if unit not in there)

    def _last_year(self, name: str) -> Figure:
        """Last year's figure of the same id: from the books of last year."""
        year = self.year - 1
        shown = f"{name}@{year}"
        if self.before is None or (name in self.ids and self.lacking()):
            return self._unsaid(name, shown)
        if not self.before.has(name):  # a row that last year's table did not have
            return self.figure(name)._replace(
                id=shown, value=0, printed="", parts=(), wanted=None, own=(), needed=()
            )
        there = self.before.figure(name)
        return there._replace(
            id=shown,
            source="last-year-book",
            parts=tuple((sign, f"{part}@{year}") for sign, part in there.parts),
        )

    def _unsaid(self, name: str, shown: str) -> Figure:
        """A figure of last year that nothing says."""
        mine, year = self.figure(name), self.year - 1
        units = "、".join(self.lacking())
        message = f"缺 {year} 年的{mine.label}（{name}）：本文件中没有 {units} {year} 年的账套"
        return Figure(
            *(shown, mine.label, mine.kind, None, "", mine.unit, "上年数"),
            source="prior",
            needed=(Needed(name, "prior", message),),
        )

    def percent(self, ratio: Ratio) -> str:
        """A percent as the edition prints it."""
        return ratio.rounded(self.narrative.percent_decimals) + PERCENT

    def amount(self, fen: int) -> str:
        """An amount beside the tables as the edition prints it, in 万元; nil is `0.00`."""
        return self.edition.printed(hundredths(fen))


def formula(spec: Spec) -> str:
    """A formula as a person reads it; a long sum of one sign names its first and last terms."""
    leaf, parts = spec
    if leaf is not None:
        return str(leaf)
    return summed(parts) or "（表样规定为空）"


def summed(parts: Sequence[tuple[int, str]]) -> str:
    """The same of a sum."""
    if len(parts) > _LONG and len({sign for sign, _ in parts}) == 1:
        return f"{parts[0][1]} ＋ {parts[1][1]} ＋ … ＋ {parts[-1][1]}（{len(parts)} 项）"
    text = "".join(f" {'＋' if sign > 0 else '－'} {part}" for sign, part in parts)
    return text.removeprefix(" ＋ ").strip()


def latest(sources: Iterable[FigureSource]) -> FigureSource:
    """What a figure is from whose parts are from these."""
    return max(sources, key=SOURCES.index, default="book")


ToldValue = int | str | tuple[str, ...] | msgspec.Raw | None
"""A value in JSON."""


def told(figure: Figure) -> ToldValue | msgspec.UnsetType:
    """What JSON has for the value of a figure: of a percent the number that is printed, of a score
    its decimals; an amount has its fen instead."""
    value = figure.value
    if figure.kind == "amount":
        return msgspec.UNSET
    if isinstance(value, Ratio):
        return msgspec.Raw(figure.printed.removesuffix(PERCENT).replace(",", "").encode())
    return figure.printed if figure.kind == "score" and value is not None else value


def told_fen(figure: Figure, sign: int = 1) -> int | msgspec.UnsetType | None:
    """What JSON has for the fen of a figure: nothing of what is no amount, null of one that is
    needed yet."""
    if figure.kind != "amount":
        return msgspec.UNSET
    return None if figure.value is None else sign * figure.fen
