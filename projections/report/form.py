"""A form: one table of an edition, as its file says it, and the cells that it has.

What is in a form follows its layout (layouts/), each a kind of form of its own. Every cell is a
leaf (measures with a selection), a signed sum of other cells, or quotes a figure beside the tables
(P45).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, ClassVar, Literal, NamedTuple, Protocol, Self

import msgspec

from ledger.kinds import CodeSet
from ledger.toml import Where, Wrong
from projections.report.grid import Body, Box, Column, Texts, one_line
from projections.report.selection import Counted, Leaf, Selection, selection

TOTAL = "合计"
Rounding = Literal["exact", "stacked"]
"""Every cell from its own fen; or a sum prints the sum of what its parts print."""


class Spec(NamedTuple):
    """What a form says of one cell: a leaf, or parts (sign, cell id), or the figure that it quotes;
    nothing: always zero."""

    leaf: Selection | None = None
    parts: tuple[tuple[int, str], ...] = ()
    quoted: str = ""


class Cell(NamedTuple):
    """One figure of one table, its row and column as the form calls them; `zero` is what it prints
    when it is nil: nothing, `0.00`, or the mark of a place that has no figure; None: what the
    edition prints for nil."""

    id: str
    table: int
    row: str
    label: str
    column: str
    spec: Spec
    zero: str | None = None


ListedBy = Literal["project", "contract", "asset"]
"""What a list has a row for."""


class InUse(Protocol):
    """What a form asks of a book: which codes have anything in a leaf, and what was said of."""

    def items(self, wanted: Selection) -> set[str]:
        """The 项 whose sum in this leaf is not zero."""

    def econs(self, wanted: Selection) -> set[str]:
        """The 款 whose sum in this leaf is not zero."""

    def projects(self, wanted: Selection) -> set[str]:
        """The projects whose sum in this leaf is not zero."""

    def there(self, by: ListedBy) -> Collection[str]:
        """The contracts that stand, or the items of assets that were counted."""


class Names(Protocol):
    """What codes and rows are called; nothing for what has no name."""

    def functional(self, code: str) -> str:
        """The name of a functional code of any level."""

    def economic(self, code: str) -> str:
        """The name of an economic code."""

    def own(self, code_set: CodeSet, code: str) -> str:
        """The name that the book's own list has for a code, where a form has one of its own."""

    def project(self, code: str) -> str:
        """The name of a project."""

    def called(self, by: ListedBy) -> Mapping[str, str]:
        """What contracts, or items of assets, are called, in the order of a list."""

    def adds_up(self, figure: str) -> bool:
        """Whether a figure beside the tables is an amount or a count: a word is none."""


class Nameless:
    """The names of codes where only cells and formulas matter."""

    def functional(self, code: str) -> str:
        """None."""
        return ""

    economic = project = functional

    def own(self, code_set: CodeSet, code: str) -> str:
        """None."""
        return ""

    def called(self, by: ListedBy) -> Mapping[str, str]:
        """None."""
        return {}

    def adds_up(self, figure: str) -> bool:
        """All, as far as formulas matter."""
        return True


SAMPLE = ("2010101", "30199", "P01")
"""Codes that stand for all that a book may bring to a form, one of each kind."""


class Printing(NamedTuple):
    """How an edition is printed, whatever its forms are."""

    nil: str = ""
    """What a figure that is nil prints: nothing, or `0.00`."""
    separators: bool = True
    """Whether thousands are separated: `2,334.15`."""
    row_numbers: bool = True
    """Whether 行次 are printed."""
    column_numbers: bool = True
    """Whether 栏次 are printed."""


Label = Annotated[str, msgspec.Meta(max_length=200)]
"""What a form prints; `\\n` breaks the line."""
Note = Annotated[str, msgspec.Meta(max_length=2000)]
"""What stands below a table."""
Key = Annotated[
    str,
    msgspec.Meta(pattern=r"^[^\s.@]{1,40}\Z", description="1 至 40 个字符的编号，不含空格、. 和 @"),
]
"""What a row or column is called in ids and formulas."""


Quote = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[TNPE][0-9]*\.[^\s{}|]{1,80}\Z",
        description="数的编号，不含空格，如 N.s11.goods、P.contract.@.paid",
    ),
]
"""The id of a figure that a cell quotes; in tables with rows by code an @ stands for the code."""
ROW = "@"


class Mention(NamedTuple):
    """A row or column whose formula names another, and where it does."""

    where: Where
    owner: str
    name: str


class Form(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="layout"
):
    """One table of an edition. `number` is that of its cells (`T7`); the number on paper is the
    place that it has among the tables."""

    number: Annotated[int, msgspec.Meta(ge=1, le=99)]
    title: Label
    note: Note
    rounding: Rounding = "exact"
    formulas: Note = ""
    empty: Label | None = None
    """The sentence of a table that has no figure."""

    def codes(self, used: InUse, /) -> Collection[str]:
        """The codes that a book brings to the form, beside those that it prints anyhow."""
        raise NotImplementedError

    def cells(self, codes: Collection[str], names: Names, /) -> Iterator[Cell]:
        """The cells of the form with these codes; the names of its other rows may be among
        them."""
        raise NotImplementedError

    def body(self, texts: Texts, printing: Printing, /) -> Body:
        """Where the cells stand."""
        raise NotImplementedError

    def named(self) -> Iterator[tuple[Where, str]]:
        """What its formulas can name, and where it stands: each once."""
        raise NotImplementedError

    def mentions(self) -> Iterator[Mention]:
        """What its formulas do name."""
        raise NotImplementedError

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """What its leaves add up, and where that is said; None where nothing is."""
        raise NotImplementedError

    def quotes(self) -> Iterator[tuple[Where, str]]:
        """The figures that its cells quote, and where that is said."""
        return iter(())

    def wrong(self) -> Iterator[Wrong]:
        """What only its layout knows to be wrong."""
        return iter(())

    def row_of(self, func: str) -> str:
        """The row of a functional code."""
        return func

    def without(self, func: str) -> bool:
        """Whether the form has no row for a functional code, whatever a book brings."""
        return False

    def id(self, *parts: str) -> str:
        """The id of a cell: `T3.2080101.1`."""
        return ".".join((f"T{self.number}", *parts))

    def with_ids(self) -> Self:
        """The same, with all that is part of a cell's id in print, as far as the form decides."""
        return self

    def row_in(self, name: str) -> str:
        """The row in the id of a cell."""
        return name.removeprefix(self.id("")).partition(".")[0]


class ColumnOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of figures: a leaf, the sum of other columns `across` the row, some `less`, or the
    `figure` of each row."""

    no: Key
    label: Label
    leaf: Leaf | None = None
    across: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    figure: Quote | None = None

    def of_row(self, form: Form, row: str) -> Spec | None:
        """What a row has there without a leaf: the figure that it quotes, else the sum of its
        columns; None where it is neither."""
        if self.figure is not None:
            return Spec(quoted=self.figure.replace(ROW, row))
        return self.across_row(form, row)

    def across_row(self, form: Form, row: str) -> Spec | None:
        """The sum of columns of a row, where that is what it is."""
        if not self.across:
            return None
        plus = tuple((1, form.id(row, no)) for no in self.across)
        return Spec(parts=(*plus, *((-1, form.id(row, no)) for no in self.less)))


def columns_named(columns: tuple[ColumnOf, ...], *at: str | int) -> Iterator[tuple[Where, str]]:
    """Columns as what formulas can name."""
    for position, column in enumerate(columns):
        yield (*at, "columns", position), column.no


def columns_mention(columns: tuple[ColumnOf, ...], *at: str | int) -> Iterator[Mention]:
    """What columns name."""
    for position, column in enumerate(columns):
        for key, names in (("across", column.across), ("less", column.less)):
            for name in names:
                yield Mention((*at, "columns", position, key), column.no, name)


def columns_wrong(columns: tuple[ColumnOf, ...], *at: str | int) -> Iterator[Wrong]:
    """Columns that are two things at once, or half of one."""
    for position, column in enumerate(columns):
        where = (*at, "columns", position)
        if sum((bool(column.across), column.leaf is not None, column.figure is not None)) > 1:
            yield Wrong(where, column.no, "leaf、across 或 figure 之一（一栏只能有一种取数）")
        if column.less and not column.across:
            yield Wrong((*where, "less"), column.no, "与 across 同用的 less")
        for key, names in (("across", column.across), ("less", column.less)):
            yield from repeated(names, *where, key)


def repeated(names: tuple[str, ...], *where: str | int) -> Iterator[Wrong]:
    """Names that stand twice in one sum."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Wrong(where, name, "一个和中每项一次")


Part = Literal["func", "project", "econ"]
"""What the rows of a table narrow."""


def narrowed(part: Part, table: Leaf | None, columns: tuple[ColumnOf, ...] = ()) -> Iterator[Wrong]:
    """Leaves that say of their own what every row narrows, and a budget of 三公 item by item, which
    is of no 项 and of no project."""
    leaves: list[tuple[Where, Leaf | None]] = [(("leaf",), table)]
    leaves += [(("columns", at, "leaf"), column.leaf) for at, column in enumerate(columns)]
    for where, leaf in leaves:
        if leaf is not None and getattr(leaf, part) is not None:
            yield Wrong(
                (*where, part), "、".join(getattr(leaf, part)), f"不写 {part}（由各行决定）"
            )
        if leaf is not None and leaf.measure is Counted.THREE_PUBLIC and part != "econ":
            expected = "三公预算以外的取数（它不分科目和项目）"
            yield Wrong((*where, "measure"), leaf.measure, expected)


def headed(
    columns: tuple[ColumnOf, ...],
    printing: Printing,
    at: int,
    *,
    top: int,
    down: int,
    over: str = "",
    words: Collection[str] = (),
) -> tuple[list[Box], list[Column]]:
    """The headings of figures from column `at` on, `down` rows from row `top`, their 栏次 below
    where those are printed; `over` is the heading above, `words` are the columns of words."""
    boxes: list[Box] = []
    headings: list[Column] = []
    for position, column in enumerate(columns, at):
        boxes.append(Box(top, position, down, 1, column.label))
        if printing.column_numbers:
            boxes.append(Box(top + down, position, 1, 1, column.no))
        path = tuple(filter(None, (over, one_line(column.label))))
        no = column.no if printing.column_numbers else ""
        headings.append(Column("word" if column.no in words else "figure", path, no))
    return boxes, headings


class Columned(Form, frozen=True, kw_only=True):
    """A form with one kind of row, every column of which is filled: by functional code (tree), or
    what a list is by."""

    columns: Annotated[tuple[ColumnOf, ...], msgspec.Meta(min_length=1)]
    leaf: Leaf | None = None
    narrows: ClassVar[Part]

    def counted(self) -> Iterator[Selection]:
        """What its columns add up, of whichever row."""
        return (wanted for _, wanted in self.leaves() if wanted is not None)

    def leaves(self) -> Iterator[tuple[Where, Selection | None]]:
        """Those of its columns."""
        for position, column in enumerate(self.columns):
            if not column.across and column.figure is None:
                yield ("columns", position), selection(self.leaf, column.leaf)

    def quotes(self) -> Iterator[tuple[Where, str]]:
        """Those of its columns."""
        for position, column in enumerate(self.columns):
            if column.figure is not None:
                yield ("columns", position), column.figure

    def row_in(self, name: str) -> str:
        """What stands before the column: the code of an item of assets may hold a point."""
        return name.removeprefix(self.id("")).rpartition(".")[0]

    def wrong(self) -> Iterator[Wrong]:
        """Its columns, and what its rows narrow. Rows are those that have anything in a leaf."""
        yield from columns_wrong(self.columns)
        yield from narrowed(self.narrows, self.leaf, self.columns)
        if not any(self.leaves()):
            expected = "至少一栏有 leaf（表中的行是其中有金额的代码）"
            yield Wrong(("columns",), "没有 leaf", expected)

    def named(self) -> Iterator[tuple[Where, str]]:
        """Its columns."""
        return columns_named(self.columns)

    def mentions(self) -> Iterator[Mention]:
        """What its columns add up."""
        return columns_mention(self.columns)


_ROWS_MAX = 999


def expanded(names: tuple[str, ...]) -> list[str]:
    """Row numbers with ranges spelled out: `("1..3", "7")` → `["1", "2", "3", "7"]`."""
    found: list[str] = []
    for name in names:
        first, dots, last = name.partition("..")
        if dots and first.isdecimal() and last.isdecimal():
            rows = range(int(first[-6:]), int(last[-6:]) + 1)
            found += map(str, rows) if 0 < len(rows) <= _ROWS_MAX else [name]
        else:
            found.append(name)
    return found
