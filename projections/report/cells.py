"""Cell id → value and formula. Every published figure is a cell: tables, checks and explain ask
here.

The exact value is the sum of fen, always; only what is printed is rounded, once per cell. Under
`stacked` rounding a sum prints the sum of what its parts print.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any, NamedTuple

from ledger.codes import economic, functional
from ledger.line import econ_class, func_levels
from ledger.money import hundredths, printed_wan
from projections.questions.measures import Fact, facts
from projections.report.editions import Form, Selection, Spec, edition, expanded, selection
from projections.views.reading import Reading
from projections.views.source import Source

TOTAL = "合计"


class Cell(NamedTuple):
    """One figure of one table, its row and column as the form calls them; `zero` is what it prints
    when it is nil: nothing, `0.00`, or the mark of a place that has no figure."""

    id: str
    table: int
    row: str
    label: str
    column: str
    spec: Spec
    zero: str = ""


class Cells:
    """All cells of the edition that a book, or a department, publishes in, at one cut."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.forms = edition(source.edition)
        self._values: dict[str, int] = {}
        self._printed: dict[str, int] = {}
        self._facts = _Index(facts(source))

    @property
    def reading(self) -> Reading:
        """The one book whose cells these are: entries are followed within a book."""
        (reading,) = self.source.members()
        return reading

    @cached_property
    def all(self) -> dict[str, Cell]:
        """Every cell by its id, in the order of the tables."""
        return {cell.id: cell for form in self.forms.values() for cell in self.of(form)}

    def table(self, number: int) -> list[Cell]:
        """The cells of one table."""
        return [cell for cell in self.all.values() if cell.table == number]

    def fen(self, cell_id: str) -> int:
        """The exact value of a cell."""
        value = self._values.get(cell_id)
        if value is None:
            leaf, parts = self.all[cell_id].spec
            value = sum(sign * self.fen(part) for sign, part in parts)
            if leaf is not None:
                value += self._facts.total(leaf)
            self._values[cell_id] = value
        return value

    def hundredths(self, cell_id: str) -> int:
        """What a cell prints, in 0.01 万元, half up."""
        printed = self._printed.get(cell_id)
        if printed is None:
            cell = self.all[cell_id]
            if cell.spec.parts and self.forms[cell.table].rounding == "stacked":
                printed = sum(sign * self.hundredths(part) for sign, part in cell.spec.parts)
            else:
                printed = hundredths(self.fen(cell_id))
            self._printed[cell_id] = printed
        return printed

    def printed(self, cell_id: str) -> str:
        """The text of a cell: 万元 with two decimals; for zero what its form prints."""
        count = self.hundredths(cell_id)
        return printed_wan(count) if count else self.all[cell_id].zero

    def of(self, form: Form) -> Iterator[Cell]:
        """The cells that a form has on this book."""
        match form.layout:
            case "sides":
                return _sides(form)
            case "tree":
                return self._tree(form)
            case "blocks":
                return self._blocks(form)
            case _:
                return _line(form)

    def _tree(self, form: Form) -> Iterator[Cell]:
        """Rows 合计, then 类, 款 and 项 with anything in a column, each the sum of the next."""
        columns = form.data["columns"]
        base = form.data.get("leaf")
        leaves = [leaf for column in columns if (leaf := selection(base, column.get("leaf")))]
        items = sorted({func for leaf in leaves for func in self._facts.items(leaf)})
        names = functional()
        for code in (TOTAL, *sorted({level for item in items for level in func_levels(item)})):
            children = _children(code, items)
            for column in columns:
                yield Cell(
                    f"T{form.number}.{code}.{column['no']}",
                    form.number,
                    code,
                    TOTAL if code == TOTAL else names.get(code, ""),
                    column["no"],
                    _tree_spec(form.number, code, children, column, base),
                )

    def _blocks(self, form: Form) -> Iterator[Cell]:
        """Economic codes: 类 is the sum of its 款; totals stand at the foot. A 款 that the form
        lacks and the book has gets a row, or its money would be in no sum."""
        base = form.data["leaf"]
        wanted = selection(base)
        assert wanted is not None
        rows = {row["code"]: row["label"] for each in form.data["block"] for row in each["rows"]}
        names = economic()
        more = {econ: names.get(econ, "") for econ in self._facts.econs(wanted) - rows.keys()}
        for kind in [code for code in rows if econ_class(code) == code]:
            below = {code: name for code, name in rows.items() if code[:3] == kind != code}
            below |= {code: name for code, name in sorted(more.items()) if code[:3] == kind}
            parts = tuple((1, f"T{form.number}.{code}") for code in below)
            yield _block_cell(form, kind, rows[kind], Spec(parts=parts))
            for code, name in below.items():
                leaf = selection(base, {"econ": [code]})
                yield _block_cell(form, code, name, Spec(leaf=leaf))
        for total in form.data["totals"]:
            parts = tuple((1, f"T{form.number}.{code}") for code in total["plus"])
            yield _block_cell(form, total["id"], total["id"], Spec(parts=parts), total["zero"])


def _block_cell(form: Form, row: str, label: str, spec: Spec, zero: str = "") -> Cell:
    return Cell(f"T{form.number}.{row}", form.number, row, label, "决算数", spec, zero)


def _children(code: str, items: list[str]) -> list[str]:
    """The next level below a code, of the items at hand; none below an item."""
    if code == TOTAL:
        return sorted({item[:3] for item in items})
    length = {3: 5, 5: 7}.get(len(code))
    return [] if length is None else sorted({i[:length] for i in items if code in func_levels(i)})


def _tree_spec(
    number: int, code: str, children: list[str], column: dict[str, Any], base: dict[str, Any] | None
) -> Spec:
    if code == TOTAL or children:
        return Spec(parts=tuple((1, f"T{number}.{child}.{column['no']}") for child in children))
    if "across" in column:
        plus = [(1, f"T{number}.{code}.{no}") for no in column["across"]]
        less = [(-1, f"T{number}.{code}.{no}") for no in column.get("less", [])]
        return Spec(parts=(*plus, *less))
    if "leaf" not in column:
        return Spec()
    return Spec(leaf=selection(base, {"func": [code]}, column["leaf"]))


def _sides(form: Form) -> Iterator[Cell]:
    """Numbered rows side by side. With one column on every side a cell is named by its row.

    A row may have figures only `in` some columns; elsewhere it prints its `void`.
    """
    sides = form.data["side"]
    single = all(len(side["columns"]) == 1 for side in sides)
    columns_of = {row["no"]: side["columns"] for side in sides for row in side["rows"]}

    def name(row: str, position: int) -> str:
        """A row of any side, at the column in the same place or at its only one."""
        columns = columns_of[int(row)]
        column = columns[0] if len(columns) == 1 else columns[position]
        return f"T{form.number}.{row}" if single else f"T{form.number}.{row}.{column['no']}"

    for side in sides:
        for row in side["rows"]:
            for position, column in enumerate(side["columns"]):
                spec = Spec()
                if column["no"] in row.get("in", [column["no"]]):
                    spec = _side_spec(form, row, column, partial(name, position=position))
                yield Cell(
                    name(str(row["no"]), position),
                    form.number,
                    str(row["no"]),
                    row["label"],
                    column["no"],
                    spec,
                    row.get("void", "") if spec == Spec() else "",
                )


def _side_spec(
    form: Form, row: dict[str, Any], column: dict[str, Any], name: Callable[[str], str]
) -> Spec:
    if "across" in column:
        if "leaf" not in row and "plus" not in row:
            return Spec()
        return Spec(parts=tuple((1, f"T{form.number}.{row['no']}.{no}") for no in column["across"]))
    if "plus" in row:
        plus = [(1, name(each)) for each in expanded(row["plus"])]
        minus = [(-1, name(each)) for each in expanded(row.get("minus", []))]
        return Spec(parts=(*plus, *minus))
    if "leaf" in row:
        return Spec(leaf=selection(column.get("leaf"), row["leaf"]))
    return Spec()


def _line(form: Form) -> Iterator[Cell]:
    """One row of numbered columns in groups."""
    for group in form.data["group"]:
        for column in group["columns"]:
            if "plus" in column:
                spec = Spec(parts=tuple((1, f"T{form.number}.{no}") for no in column["plus"]))
            else:
                spec = Spec(leaf=selection(form.data.get("leaf"), column.get("leaf")))
            label = "-".join((group["name"], *filter(None, (column.get("over"), column["label"]))))
            no = column["no"]
            yield Cell(f"T{form.number}.{no}", form.number, "", label, no, spec)


class _Index:
    """Facts found by what leaves ask for, so that a table does not scan a book per cell."""

    def __init__(self, found: Iterator[Fact]) -> None:
        sums: dict[tuple[Any, ...], int] = defaultdict(int)
        for measure, line, econ, source, fen in found:
            sums[measure, line.fund, line.func, line.spending, econ, source] += fen
        self._by: dict[tuple[str, str], list[tuple[Any, ...]]] = defaultdict(list)
        for (measure, fund, func, spending, econ, source), fen in sums.items():
            if fen:
                fact = (fund, func, spending, econ, source, fen)
                for code in ("", *func_levels(func)):
                    self._by[measure, code].append(fact)

    def total(self, wanted: Selection) -> int:
        """The exact sum of a leaf, fen."""
        return sum(
            sign * fact[-1]
            for measure, sign in wanted.measures
            for code in wanted.func or ("",)
            for fact in self._by.get((measure, code), ())
            if matches(wanted, fact)
        )

    def items(self, wanted: Selection) -> set[str]:
        """The 项 whose sum in this leaf is not zero."""
        return self._having(wanted, 1)

    def econs(self, wanted: Selection) -> set[str]:
        """The 款 whose sum in this leaf is not zero."""
        return self._having(wanted, 3)

    def _having(self, wanted: Selection, part: int) -> set[str]:
        sums: dict[str, int] = defaultdict(int)
        for measure, sign in wanted.measures:
            for fact in self._by.get((measure, ""), ()):
                if matches(wanted, fact):
                    sums[fact[part]] += sign * fact[-1]
        return {code for code, fen in sums.items() if fen}


def matches(wanted: Selection, fact: tuple[Any, ...]) -> bool:
    """Whether a fact (fund, func, spending, econ, source, fen) is of a leaf, its func aside."""
    fund, _, spending, econ, source, _ = fact
    return (
        (wanted.fund is None or fund in wanted.fund)
        and (wanted.spending is None or spending in wanted.spending)
        and (wanted.econ is None or econ in wanted.econ or econ_class(econ) in wanted.econ)
        and (wanted.source is None or not source or source in wanted.source)
    )
