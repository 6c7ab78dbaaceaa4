"""Cell id → value and formula. Every published figure is a cell: tables, checks and explain ask
here.

The exact value is the sum of fen, always; only what is printed is rounded, once per cell. Under
`stacked` rounding a sum prints the sum of what its parts print. What quotes a figure beside the
tables, or adds up what does, is as the report says it (P45).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ledger.codes import THREE_PUBLIC
from ledger.kinds import CodeSet
from ledger.line import (
    NO_ECON,
    NO_PROJECT,
    BudgetLine,
    Fund,
    econ_class,
    func_levels,
    is_econ_item,
)
from ledger.money import hundredths, hundredths_of
from projections.questions.measures import (
    Fact,
    ItemCap,
    Measure,
    facts_by_unit_kind,
    first_caps,
)
from projections.report.editions import Edition, at, of_source
from projections.report.figures import FigureKind
from projections.report.form import Cell, Form, ListedBy
from projections.report.selection import Origin, Selection
from projections.views.names import BookNames
from projections.views.reading import Reading
from projections.views.source import Source

if TYPE_CHECKING:
    from projections.report.figure import Report


class Cells:
    """All cells of the edition that a book, or a department, publishes in, at one cut: the
    `Figures` of what it would publish now."""

    def __init__(self, source: Source, shown_in: Edition | None = None) -> None:
        self.source = source
        self.edition = shown_in or of_source(source)
        self.forms = self.edition.forms
        self.names: BookNames = source.names()
        self._values: dict[str, int] = {}
        self._printed: dict[str, int] = {}
        self.facts = Index(source.year, facts_by_unit_kind(source), capped(source))

    @property
    def reading(self) -> Reading:
        """The one book whose cells these are: entries are followed within a book."""
        (reading,) = self.source.members()
        return reading

    @cached_property
    def all(self) -> dict[str, Cell]:
        """Every cell by its id, in the order of the tables."""
        return {cell.id: cell for form in self.forms.values() for cell in self.of(form)}

    def of(self, form: Form) -> Iterator[Cell]:
        """The cells that a form has on this book."""
        return form.cells(self.codes(form), self.rows)

    def codes(self, form: Form) -> Collection[str]:
        """The codes that this book brings to a form."""
        return form.codes(self.rows)

    @cached_property
    def rows(self) -> "FormRows":
        """What forms ask of the book and of its names."""
        return FormRows(self)

    @cached_property
    def beside(self) -> "Report":
        """What is beside these tables, which cells quote: the report that was made of them and
        says so here, else one that knows of no last year."""
        from projections.report.figure import Report  # which is made of cells

        return Report(self)

    @cached_property
    def quoting(self) -> Collection[str]:
        """The cells that quote a figure, and the sums of such."""
        found = {cell.id for cell in self.all.values() if cell.spec.quoted}
        more = found
        while more:
            sums = (cell for cell in self.all.values() if cell.id not in found)
            more = {cell.id for cell in sums if any(part in found for _, part in cell.spec.parts)}
            found |= more
        return found

    @property
    def ids(self) -> Collection[str]:
        """The id of every cell."""
        return self.all.keys()

    def there(self, named: str | None, code: str = "") -> list[str]:
        """A named cell, if the tables have it; that of a row has an @ for the code."""
        name = at(named or "", code)
        return [name] if name in self.all else []

    def table(self, number: int) -> list[Cell]:
        """The cells of one table."""
        return [cell for cell in self.all.values() if cell.table == number]

    def by_econ(self, wanted: Selection | None) -> dict[str, int]:
        """What a selection adds up, fen by 款, whether a table has a row for it or not."""
        return self.facts.sums(wanted, ECON) if wanted else {}

    def kind(self, cell_id: str) -> FigureKind:
        """What a cell is."""
        return self.beside.figure(cell_id).kind if cell_id in self.quoting else "amount"

    def fen(self, cell_id: str) -> int:
        """The exact value of an amount; nothing of what is none."""
        return self.number(cell_id) if self.kind(cell_id) == "amount" else 0

    def number(self, cell_id: str) -> int:
        """What of a cell adds up: the exact fen of an amount, a count."""
        value = self._values.get(cell_id)
        if value is None:
            if cell_id in self.quoting:
                value = self.beside.figure(cell_id).number
            else:
                spec = self.all[cell_id].spec
                value = sum(sign * self.number(part) for sign, part in spec.parts)
                if spec.leaf is not None:
                    value += self.facts.total(spec.leaf)
            self._values[cell_id] = value
        return value

    def hundredths(self, cell_id: str) -> int:
        """What an amount prints, in 0.01 万元, half up."""
        printed = self._printed.get(cell_id)
        if printed is None:
            cell = self.all[cell_id]
            if cell_id in self.quoting:
                printed = hundredths_of(self.beside.figure(cell_id).printed)
            elif cell.spec.parts and self.forms[cell.table].rounding == "stacked":
                printed = sum(sign * self.hundredths(part) for sign, part in cell.spec.parts)
            else:
                printed = hundredths(self.fen(cell_id))
            self._printed[cell_id] = printed
        return printed

    def stacked(self, cell_id: str) -> int:
        """What it would print if every sum added up what its parts print, in 0.01 万元."""
        parts = self.all[cell_id].spec.parts
        if not parts or self.kind(cell_id) != "amount":
            return self.hundredths(cell_id)
        return sum(sign * self.stacked(part) for sign, part in parts)

    def printed(self, cell_id: str) -> str:
        """The text of a cell: 万元 with two decimals; for nil what its form prints. What rounds to
        zero is not nil: `0.00`. Of what is no amount, and of what is yet to be said, its own."""
        if cell_id in self.quoting:
            return self.beside.figure(cell_id).printed
        return self.text(self.all[cell_id], self.hundredths(cell_id), self.fen(cell_id))

    def text(self, cell: Cell, count: int, fen: int) -> str:
        """What a cell prints that has so many fen, which are so many 0.01 万元."""
        return self.edition.printed(count) if count or fen else self.nil(cell)

    def nil(self, cell: Cell) -> str:
        """What a cell prints when it is nil."""
        return self.edition.printing.nil if cell.zero is None else cell.zero


class FormRows:
    """What forms ask of a book: which codes it brings, and what these are called."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self.items, self.econs = cells.facts.items, cells.facts.econs
        self.projects, self.project = cells.facts.projects, cells.names.project
        self.functional, self.economic = cells.names.functional, cells.names.economic

    def own(self, code_set: CodeSet, code: str) -> str:
        """The name that the book's own list has for a code."""
        return self._cells.names.own(code_set, code)

    def there(self, by: ListedBy) -> Collection[str]:
        """The contracts that stand, or the items of assets that were counted."""
        return self._cells.beside.there(by)

    def called(self, by: ListedBy) -> Mapping[str, str]:
        """What these are called, in the order of a list; projects are called one by one."""
        return {} if by == "project" else self._cells.beside.called(by)

    def adds_up(self, figure: str) -> bool:
        """Whether a figure beside the tables is an amount or a count."""
        return self._cells.beside.adds_up(figure)


FUNC, ECON, PROJECT = 1, 3, 5
"""Where a fact has these."""


def origin_of(year: int, line: BudgetLine) -> Origin:
    """Whether the money of a line is of a book's year, or was carried over."""
    return "current" if line.origin == year else "carryover"


class Index:
    """Facts found by what leaves ask for, so that a table does not scan a book per cell."""

    def __init__(
        self, year: int, found: Iterator[tuple[str, Fact]], caps: Iterator[ItemCap]
    ) -> None:
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        for cap in caps:
            sums[Measure.THREE_PUBLIC, *_of_cap(cap)] += cap.fen
        for unit_kind, (measure, line, econ, source, fen) in found:
            where = (line.fund, line.func, line.spending, econ, source, line.project)
            sums[measure, *where, origin_of(year, line), unit_kind] += fen
        self._by: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
        for (measure, *of), fen in sums.items():
            if fen:
                fact, func = (*of, fen), of[1]
                for code in {"", *func_levels(func)}:
                    self._by[measure, code].append(fact)

    def total(self, wanted: Selection) -> int:
        """The exact sum of a leaf, fen."""
        return sum(sign * fact[-1] for _, sign, fact in self._counted(wanted))

    def made_of(self, wanted: Selection) -> dict[tuple[str, ...], int]:
        """What a leaf adds up: fen by measure and by all that a fact is."""
        found: dict[tuple[str, ...], int] = defaultdict(int)
        for measure, sign, (*of, fen) in self._counted(wanted):
            found[measure, *of] += sign * fen
        return found

    def sums(self, wanted: Selection, part: int) -> dict[str, int]:
        """A leaf by one part of its facts, what is not zero."""
        found: dict[str, int] = defaultdict(int)
        for _, sign, fact in self._counted(wanted):
            found[fact[part]] += sign * fact[-1]
        return {code: fen for code, fen in found.items() if fen}

    def _counted(self, wanted: Selection) -> Iterator[tuple[Measure, int, tuple[Any, ...]]]:
        """The facts of a leaf, each with its measure and the sign of that."""
        return (
            (measure, sign, fact)
            for measure, sign in wanted.measures
            for code in wanted.func or ("",)
            for fact in self._by.get((measure, code), ())
            if matches(wanted, fact)
        )

    def items(self, wanted: Selection) -> set[str]:
        """The 项 whose sum in this leaf is not zero."""
        return {*self.sums(wanted, FUNC)}

    def econs(self, wanted: Selection) -> set[str]:
        """The 款 whose sum in this leaf is not zero."""
        return {*self.sums(wanted, ECON)}

    def projects(self, wanted: Selection) -> set[str]:
        """The projects whose sum in this leaf is not zero."""
        return {*self.sums(wanted, PROJECT)} - {NO_PROJECT}


def capped(source: Source) -> Iterator[ItemCap]:
    """The budgets of 三公 items that are caps, of every book."""
    for reading in source.members():
        yield from first_caps(reading).values()


def _of_cap(cap: ItemCap) -> tuple[str, ...]:
    """A cap as what leaves ask for: general money of the item's 款, of no 项, 支出性质, project,
    origin and kind of unit."""
    return Fund.GENERAL, "", "", THREE_PUBLIC[cap.item][0], "", "", "", ""


def caps_in(wanted: Selection, caps: Iterable[ItemCap]) -> Iterator[tuple[ItemCap, int]]:
    """The caps that a leaf counts, and the sign with which it does."""
    for measure, sign in wanted.measures:
        if measure is Measure.THREE_PUBLIC and wanted.func is None:
            yield from ((cap, sign) for cap in caps if matches(wanted, (*_of_cap(cap), cap.fen)))


def matches(wanted: Selection, fact: tuple[Any, ...]) -> bool:
    """Whether a fact (fund, func, spending, econ, source, project, origin, unit kind, fen) is of a
    leaf, its func aside."""
    fund, _, spending, econ, source, project, origin, unit_kind, _ = fact
    return (
        (wanted.fund is None or fund in wanted.fund)
        and (wanted.spending is None or spending in wanted.spending)
        and (
            wanted.econ is None
            or econ in wanted.econ
            or econ_class(econ) in wanted.econ
            or (not is_econ_item(econ) and econ + NO_ECON in wanted.econ)
        )
        and (wanted.source is None or not source or source in wanted.source)
        and (wanted.project is None or project in wanted.project)
        and (wanted.origin is None or origin in wanted.origin)
        and (wanted.unit_kind is None or unit_kind in wanted.unit_kind)
    )
