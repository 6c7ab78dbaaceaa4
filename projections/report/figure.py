"""Every published figure by its id, whichever maker made it (P38): the cells of the tables, and the
figures beside them (`N.…` of the narrative, `P.…` of facts, `E.…` of the self-evaluation).

A figure is a value with what it was made of: other figures with their signs, facts of the book
(a selection) or entries that it counts by itself. `get`, `explain`, `where-used`, `check` and the
documents ask a `Report`; so a sentence is followed to its entries as a table is.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, Protocol, TypeVar

import msgspec

from ledger.errors import Malformed, Unreadable
from ledger.events.particulars import (
    AssetCounted,
    ContractSigned,
    OfDepartment,
    Particular,
    PriorStated,
)
from ledger.money import half_up, hundredths, hundredths_of
from ledger.refusals import Value as OptionValue
from ledger.refusals import Way, WayOut, Word
from projections.questions.particulars import Said, said
from projections.report.cells import Cells
from projections.report.editions import Edition
from projections.report.figures import ADDED_UP, UNIT, FigureKind
from projections.report.form import Cell, Columned, ListedBy, Spec
from projections.report.narrative.announced import Announced, What
from projections.report.narrative.data import Narrative, counted_in, of_edition
from projections.report.selection import Selection
from projections.views.elimination import EntryOfBook
from projections.views.reading import Reading

FigureSource = Literal["book", "last-year-book", "prior", "particular"]
SOURCES: tuple[FigureSource, ...] = ("book", "last-year-book", "prior", "particular")
"""The further down, the less the book itself says: a figure is from the last of its parts'."""
Needs = Literal["reason", "prior", "fact", "text"]

PERCENT = "%"
RISES, FALLS, LEVEL = "增加", "减少", "持平"
_HUNDRED = 100
_LONG = 8
_NEAR = 5


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


E = TypeVar("E", bound=Particular)
D = TypeVar("D", bound=OfDepartment)
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

    @property
    def none(self) -> "Figure":
        """The same where there is nothing of it: what adds up is nil, any other has no value."""
        value = 0 if self.kind in ADDED_UP else None
        return self._replace(value=value, parts=(), wanted=None, own=(), needed=())


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
    from projections.report.narrative.facts import stated as facts
    from projections.report.narrative.stated import stated as narrative
    from projections.report.performance.stated import stated as performance

    return (narrative, facts, performance)


class Report:
    """All that a book, or a department, publishes in one edition, with last year's beside it:
    `before` is the same of the books of last year, where the file has any."""

    def __init__(self, cells: Cells, before: "Report | None" = None) -> None:
        self.cells = cells
        cells.beside = self
        self.before = before
        self.source = cells.source
        self.year = cells.source.year
        self._made: dict[str, Figure] = {}
        self._said: dict[type[Particular], list[Said[Any]]] = {}

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
        of, at, year = name.rpartition("@")  # last year's may compare with the year before that
        if at:
            if year != str(self.year - 1):
                raise KeyError(name)
            return self._last_year(of)
        cell = self.cells.all.get(name)
        return self.stated[name].made(self) if cell is None else self._of_cell(cell)

    def _of_cell(self, cell: Cell) -> Figure:
        if cell.spec.quoted:
            return self._quoting(cell, cell.spec.quoted)
        if cell.id in self.cells.quoting:
            return self._of_parts(cell, [(sign, self.figure(of)) for sign, of in cell.spec.parts])
        return Figure(
            *(cell.id, cell.label, "amount", self.cells.fen(cell.id)),
            *(self.cells.printed(cell.id), UNIT, formula(cell.spec)),
            parts=cell.spec.parts,
            wanted=cell.spec.leaf,
        )

    def _quoting(self, cell: Cell, name: str) -> Figure:
        """A cell that has what another figure has, printed as its form prints; of a code that the
        book has no figure of, as of what is nothing."""
        if not self.has(name):
            what = self.announced.of(name) or What("word")
            nil = self.cells.nil(cell)
            return Figure(cell.id, cell.label, what.kind, None, nil, what.unit, name).none
        of = self.figure(name)
        return of._replace(
            id=cell.id,
            label=cell.label,
            printed=self._in_table(cell, of, hundredths_of(of.printed)),
            formula=name,
            parts=((1, of.id),),
            wanted=None,
            own=(),
        )

    def _of_parts(self, cell: Cell, parts: Sequence[tuple[int, Figure]]) -> Figure:
        """A sum of cells of which some quote: of the kind that they are, from what they are from,
        and in need of what they need."""
        named = tuple((sign, each.id) for sign, each in parts)
        first = parts[0][1]
        unsaid = any(each.value is None for _, each in parts)
        made = first._replace(
            id=cell.id,
            label=cell.label,
            value=None if unsaid else sum(sign * each.number for sign, each in parts),
            formula=summed(named),
            source=latest(each.source for _, each in parts),
            parts=named,
            wanted=None,
            own=(),
            needed=tuple(dict.fromkeys(need for _, each in parts for need in each.needed)),
        )
        rounded = hundredths(made.fen)
        if made.kind == "amount" and self.edition.forms[cell.table].rounding == "stacked":
            rounded = sum(sign * hundredths_of(each.printed) for sign, each in parts)
        return made._replace(printed=self._in_table(cell, made, rounded))

    def _in_table(self, cell: Cell, figure: Figure, rounded: int) -> str:
        """A figure as a cell prints it: an amount, `rounded` to 0.01 万元, as its form does, all
        else as it is, with separators where the edition has them."""
        if figure.value is None:
            return ""
        if figure.kind == "amount":
            return self.cells.text(cell, rounded, figure.fen)
        if figure.kind == "count":
            return self.edition.counted(figure.number)
        plain = figure.kind in ("word", "names") or self.edition.printing.separators
        return figure.printed if plain else figure.printed.replace(",", "")

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
        near = _near(name, [*self.cells.all, *self.ids])
        if near:
            where = "table --ids" if name.startswith("T") else "narrative --json、table --ids"
            expected = (
                f"{self.edition.name} 表样中有的编号，相近的有 {'、'.join(near)}（{where} 列出）"
            )
            return Malformed(Unreadable.CELL_UNKNOWN, field="cell", value=name, expected=expected)
        last = {cell.table: cell.id for cell in self.cells.all.values()}
        some = "、".join([*last.values()][:5])  # of some tables the last: mostly a total
        expected = f"{self.edition.name} 表样的单元格编号，如 {some}（table --ids 印出）"
        kinds = {"N": 3, "P": 1, "E": 1}
        beside = [
            each
            for kind, most in kinds.items()
            for each in [one for one in self.ids if one.startswith(f"{kind}.")][:most]
        ]
        if beside and not name.startswith("T"):
            expected = (
                f"表外的数，如 {'、'.join(beside)}（narrative --json 列出情况说明的）；或{expected}"
            )
        return Malformed(Unreadable.CELL_UNKNOWN, field="cell", value=name, expected=expected)

    def readings(self) -> tuple[Reading, ...]:
        """All books that it rests on: its own, then those of last year."""
        before = self.before.source.members() if self.before else ()
        return (*self.source.members(), *before)

    def lacking(self) -> list[Reading]:
        """The books of units that have none of last year in the file."""
        there = {one.book.unit for one in self.before.source.members()} if self.before else set()
        return [one for one in self.source.members() if one.book.unit not in there]

    def last_year(self, name: str) -> Figure:
        """Last year's figure of an id. Raises `LookupError`."""
        return self.figure(f"{name}@{self.year - 1}")

    def _last_year(self, name: str) -> Figure:
        """The same: from last year's books, and of units that have none in the file what was said
        of that year (上年数)."""
        shown = f"{name}@{self.year - 1}"
        cell = self.cells.all.get(name)
        quoting = self._quoting_last_year(cell) if cell and name in self.cells.quoting else None
        if quoting is not None:
            return quoting._replace(id=shown)
        there = self.before.figure(name) if self.before and self.before.has(name) else None
        lacking = self.lacking()
        if there is not None and not (lacking and name in self.ids):
            return self._of_year(there, shown)
        mine = self.figure(name)
        if not lacking:  # a row that last year's table did not have
            return mine.none._replace(id=shown, printed="")
        priors = [(one, self._prior(one, mine)) for one in lacking]
        unsaid = [one for one, prior in priors if prior is None]
        own = tuple(prior for _, prior in priors if prior is not None)
        before = None if there is None else self._of_year(there, shown)
        if unsaid:
            needed = tuple(self._prior_needed(mine, one) for one in unsaid)
            return mine._replace(
                id=shown,
                value=None,
                printed="",
                formula="上年数",
                source="prior",
                parts=(),
                wanted=None,
                own=own,
                needed=needed,
            )
        value = sum(each.much for each in own) + (before.number if before else 0)
        return mine._replace(
            id=shown,
            value=value,
            printed=self.amount(value) if mine.kind == "amount" else f"{value:,}",
            formula="上年数",
            source="prior",
            parts=before.parts if before else (),
            wanted=before.wanted if before else None,
            own=(*own, *(before.own if before else ())),
            needed=(),
        )

    def _quoting_last_year(self, cell: Cell) -> Figure | None:
        """Last year's of a cell that quotes is that of the figure, of a sum of such that of its
        parts; None where rows may be others in another year."""
        name = cell.spec.quoted
        if name and self.has(name):
            of = self.last_year(name)
            return of._replace(label=cell.label, parts=((1, of.id),), wanted=None, own=())
        if name or isinstance(self.edition.forms[cell.table], Columned):
            return None
        return self._of_parts(cell, [(sign, self.last_year(of)) for sign, of in cell.spec.parts])

    def _of_year(self, there: Figure, shown: str) -> Figure:
        """A figure of last year's report, called as one of this."""
        year = self.year - 1
        return there._replace(
            id=shown,
            source="last-year-book",
            parts=tuple((sign, f"{part}@{year}") for sign, part in there.parts),
        )

    def _prior(self, one: Reading, mine: Figure) -> OwnEntry | None:
        """What a book says of last year's figure, by its id or that of the cell that it prints."""
        cells = {mine.id} if len(mine.parts) != 1 else {mine.id, mine.parts[0][1]}
        book = str(one.book)
        priors = (each for each in self.said(PriorStated) if each.book == book)
        found = [each for each in priors if each.event.cell in cells]
        if not found:
            return None
        said = found[-1].event
        much = said.amount_fen if said.count is None else said.count
        return OwnEntry(book, found[-1].entry, much or 0)

    def _prior_needed(self, mine: Figure, one: Reading) -> Needed:
        year = self.year - 1
        message = (
            f"{year} 年的{mine.label}（{mine.id}），本文件中没有 {one.book.unit} {year} 年的账套"
        )
        said = {"amount": Word("金额")} if mine.kind == "amount" else {"count": Word("数量")}
        return Needed(mine.id, "prior", message, (self.way(one, "prior", cell=mine.id, **said),))

    def way(self, one: Reading, command: str, *arguments: str, **options: OptionValue) -> Way:
        """A command that says something in a book, which it names where there may be several."""
        return self.way_in(one, Way(command, *arguments, **options))

    def way_in(self, one: Reading, way: Way) -> Way:
        """The same of one that is made."""
        if isinstance(self.source, Reading):
            return way
        return way.also(unit=one.book.unit, year=one.book.year)

    @cached_property
    def announced(self) -> Announced:
        """What the edition announces of its figures, whatever the book has."""
        return Announced(self.edition, self.narrative)

    def adds_up(self, figure: str) -> bool:
        """Whether a figure of the edition is an amount or a count."""
        what = self.announced.of(figure)
        return what is not None and what.adds_up

    def called(self, by: ListedBy) -> Mapping[str, str]:
        """What contracts that stand, or items of assets, are called, in the order of a list."""
        return self._suppliers if by == "contract" else self._items

    def there(self, by: ListedBy) -> Collection[str]:
        """The contracts that stand; the items that were counted, and the sums of such."""
        return self._suppliers if by == "contract" else self._counted_items

    @cached_property
    def _suppliers(self) -> dict[str, str]:
        """Who contracts are with, by their numbers; of one number in several books all of them."""
        found: dict[str, list[str]] = {}
        for each in self.said(ContractSigned):
            found.setdefault(each.event.no, []).append(each.event.supplier)
        return {no: "、".join(dict.fromkeys(names)) for no, names in sorted(found.items())}

    @cached_property
    def _items(self) -> dict[str, str]:
        return {code: item.name for code, item in self.narrative.assets.items()}

    @cached_property
    def _counted_items(self) -> Collection[str]:
        said = {each.event.item for each in self.said(AssetCounted)}
        items = self.narrative.assets
        return {code for code in items if said & {code, *counted_in(items, code)}}

    def said(self, kind: type[E]) -> list[Said[E]]:
        """The facts of a kind that stand, of every book, in the order of their days and entries."""
        if kind not in self._said:
            self._said[kind] = said(self.source, kind)
        return self._said[kind]

    def own(self, kind: type[D]) -> list[Said[D]]:
        """The same of what may be said of a whole department: of a department that, of a book alone
        what is not."""
        whole = not isinstance(self.source, Reading)
        return [each for each in self.said(kind) if each.event.department is whole]

    def foremost(self, kind: type[D], key: Callable[[D], Hashable]) -> list[Said[D]]:
        """Of what is said of one thing, by its key, the last: of a book its own; of a department
        what is said for it, and where nothing is, what each of its units says."""
        alone = isinstance(self.source, Reading)
        last = {
            (key(each.event), each.event.department, each.book): each
            for each in self.said(kind)
            if not (alone and each.event.department)
        }
        whole = {of for of, department, _ in last if department}
        kept: dict[tuple[Hashable, str], Said[D]] = {}
        for (of, department, book), each in last.items():
            if department:
                kept[of, ""] = each
            elif of not in whole:
                kept[of, book] = each
        return list(kept.values())

    def percent(self, ratio: Ratio) -> str:
        """A percent as the edition prints it."""
        return ratio.rounded(self.narrative.percent_decimals) + PERCENT

    def amount(self, fen: int) -> str:
        """An amount beside the tables as the edition prints it, in 万元; nil is `0.00`."""
        return self.edition.printed(hundredths(fen))


def _near(name: str, ids: Collection[str]) -> list[str]:
    """The ids that are most like one that there is not: of those that begin with as many of its
    parts as any does; none where it begins like none."""
    from difflib import get_close_matches  # only for what is not there

    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        begins = ".".join(parts[:count]) + "."
        there = [each for each in ids if each.startswith(begins)]
        if there:
            return get_close_matches(name, there, _NEAR, cutoff=0)
    return []


def formula(spec: Spec) -> str:
    """A formula as a person reads it; a long sum of one sign names its first and last terms."""
    if spec.leaf is not None:
        return str(spec.leaf)
    return spec.quoted or summed(spec.parts) or "（表样规定为空）"


def summed(parts: Sequence[tuple[int, str]]) -> str:
    """The same of a sum."""
    if len(parts) > _LONG and len({sign for sign, _ in parts}) == 1:
        return f"{parts[0][1]} ＋ {parts[1][1]} ＋ … ＋ {parts[-1][1]}（{len(parts)} 项）"
    text = "".join(f" {'＋' if sign > 0 else '－'} {part}" for sign, part in parts)
    return text.removeprefix(" ＋ ").strip()


def latest(sources: Iterable[FigureSource]) -> FigureSource:
    """What a figure is from whose parts are from these."""
    return max(sources, key=SOURCES.index, default="book")


ToldValue = int | str | tuple[str, ...] | None
"""A value in JSON."""


def told(figure: Figure) -> ToldValue | msgspec.UnsetType:
    """What JSON has for the value of a figure: of a percent and a score the decimals that are
    printed; an amount has its fen instead."""
    value = figure.value
    if figure.kind == "amount":
        return msgspec.UNSET
    if isinstance(value, Ratio):
        return figure.printed.removesuffix(PERCENT).replace(",", "")
    return figure.printed if figure.kind == "score" and value is not None else value


def told_fen(figure: Figure, sign: int = 1) -> int | msgspec.UnsetType | None:
    """What JSON has for the fen of a figure: nothing of what is no amount, null of one that is
    needed yet."""
    if figure.kind != "amount":
        return msgspec.UNSET
    return None if figure.value is None else sign * figure.fen
