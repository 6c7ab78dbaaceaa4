"""How narrative.toml says that a figure beside the tables is made: one struct for each kind."""

from typing import Annotated, Literal

import msgspec

from ledger.kinds import Guests, ProcurementType, Reserved, SupplierSize, UnitKind
from projections.report.form import Label
from projections.report.selection import Leaf

FigureId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^N\.[^\s{}|]{1,80}\Z", description="N. 开头的编号，不含空格，如 N.s1.total"
    ),
]
By = Literal["class", "item", "project", "evaluated", "category"]
"""By what a figure stands once for each: 类, 项 of function, project, project that is evaluated
(has a 绩效指标), category of receptions."""


class CodeRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of codes for each of which figures stand: of those of the book that have anything in
    one of the leaves, and nothing in any of `without`; where there is no leaf, of all that were
    said."""

    by: By
    leaves: tuple[Leaf, ...] = ()
    without: tuple[Leaf, ...] = ()


class FigureOf(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="is"
):
    """A figure beside the tables: one, or one `each` of a set of rows, whose code stands in the
    place of @ in ids, and its name in the label."""

    id: FigureId
    label: Label
    each: str = ""

    def names(self) -> tuple[str, ...]:
        """The cells and figures that it is made of; figures stand before it."""
        return ()


class CellFigure(FigureOf, frozen=True, kw_only=True, tag="cell"):
    """What a cell of a table, or another figure, has; printed as that is."""

    cell: str

    def names(self) -> tuple[str, ...]:
        """That one."""
        return (self.cell,)


class LeafFigure(FigureOf, frozen=True, kw_only=True, tag="leaf"):
    """What facts of the book add up to, in 元; `each` narrows it to its code. Of a project that is
    `executed` what units of a department paid each other counts, as in its form."""

    leaf: Leaf
    executed: bool = False


class SumFigure(FigureOf, frozen=True, kw_only=True, tag="sum"):
    """A signed sum of cells and figures."""

    plus: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    less: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.plus, *self.less)


class TotalFigure(FigureOf, frozen=True, kw_only=True, tag="total"):
    """The sum of a figure over a set of rows, whose code stands in the place of @."""

    of: str
    over: str
    unit: str = "万元"


class NumberFigure(FigureOf, frozen=True, kw_only=True, tag="number"):
    """How many codes a set of rows has; counted by the entries that say so."""

    over: str
    unit: str = "个"


class PercentFigure(FigureOf, frozen=True, kw_only=True, tag="percent"):
    """A share or a rate: `of` out of `base`. On nothing it has no value."""

    of: str
    base: str

    def names(self) -> tuple[str, ...]:
        """Both."""
        return (self.of, self.base)


class ComparedFigure(FigureOf, frozen=True, kw_only=True):
    """What compares a figure with last year's."""

    of: str

    def names(self) -> tuple[str, ...]:
        """That one."""
        return (self.of,)


class ChangeFigure(ComparedFigure, frozen=True, kw_only=True, tag="change"):
    """By how much a figure differs from last year's, whichever is more."""


class ChangeRateFigure(ComparedFigure, frozen=True, kw_only=True, tag="change-rate"):
    """The same as a percent of last year's; from nothing it has no value."""


class DirectionFigure(ComparedFigure, frozen=True, kw_only=True, tag="direction"):
    """The word for it: 增加, 减少, 持平."""


class NamesFigure(FigureOf, frozen=True, kw_only=True, tag="names"):
    """The names of the items of economic 类 that have an amount, in the order of their codes;
    `cell` is that of an item, @ its code."""

    cell: str
    classes: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class CodesFigure(FigureOf, frozen=True, kw_only=True, tag="codes"):
    """The codes of a set of rows, in their order; where each is printed, @ its code, in `cells`."""

    over: str
    cells: tuple[str, ...] = ()


class ItemFigure(FigureOf, frozen=True, kw_only=True, tag="item"):
    """The last count of an item of `items`, or the sum of some of them, every book's together."""

    items: Literal["staff", "assets"]
    item: str


class ConstantFigure(FigureOf, frozen=True, kw_only=True, tag="constant"):
    """A number that the edition sets."""

    count: int
    unit: str = "万元"


class UnitsFigure(FigureOf, frozen=True, kw_only=True, tag="units"):
    """How many units have money for 三公经费, of these kinds, or what other figures of units add
    up to; where an `item` of the staff is counted, so many. A book alone is one unit, its own
    (`own`)."""

    item: str = ""
    kinds: tuple[UnitKind, ...] = ()
    own: bool = False
    plus: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """Those that it adds up."""
        return self.plus


class UnitNamesFigure(FigureOf, frozen=True, kw_only=True, tag="unit-names"):
    """What the units are called whose books are added up."""


Much = Literal["amount", "batches", "persons", "companions", "groups"]


class HappenedFigure(FigureOf, frozen=True, kw_only=True, tag="happened"):
    """What 公务接待 or 因公出国（境） come to; `each` narrows them to a category. Where a cell is
    named, the amounts must add up to it, else one of them is yet to be recorded."""

    of: Literal["reception", "trip"]
    much: Much
    guests: Guests | None = None
    cell: str | None = None
    unit: str = "万元"

    def names(self) -> tuple[str, ...]:
        """The cell."""
        return () if self.cell is None else (self.cell,)


class ProcuredFigure(FigureOf, frozen=True, kw_only=True, tag="procured"):
    """政府采购支出 of the year: contracts of the year, and payments that are tied to none; those of
    a type, or contracts with suppliers of a size, or reserved for such."""

    types: tuple[ProcurementType, ...] = ()
    sizes: tuple[SupplierSize, ...] = ()
    reserved: tuple[Reserved, ...] = ()


class ResultFigures(FigureOf, frozen=True, kw_only=True, tag="results"):
    """What was reached of a 绩效指标, of every project: one figure for each row that has a result,
    whose number stands behind the id."""


class WholeScoreFigure(FigureOf, frozen=True, kw_only=True, tag="whole-score"):
    """The score of the whole unit's self-evaluation, where it has targets."""


AnyFigure = (
    CellFigure
    | LeafFigure
    | SumFigure
    | TotalFigure
    | NumberFigure
    | PercentFigure
    | ChangeFigure
    | ChangeRateFigure
    | DirectionFigure
    | NamesFigure
    | CodesFigure
    | ItemFigure
    | ConstantFigure
    | UnitsFigure
    | UnitNamesFigure
    | HappenedFigure
    | ProcuredFigure
    | ResultFigures
    | WholeScoreFigure
)
