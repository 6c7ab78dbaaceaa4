"""What narrative.toml of an edition says: which figures stand beside the tables, and how each is
made. What an edition is based on lies beneath it: a figure of the same id replaces that one.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Annotated, Literal, NamedTuple

import msgspec

from ledger.toml import read as read_toml
from projections.report.editions import Edition
from projections.report.form import Label
from projections.report.selection import Leaf

FILE = "narrative.toml"

FigureId = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^N\.[^\s{}|]{1,80}\Z", description="N. 开头的编号，不含空格，如 N.s1.total"
    ),
]
By = Literal["class", "item", "project"]
"""By what a figure stands once for each: 类, 项 of function, project."""


class CodeRows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of codes for each of which figures stand: those that have anything in a leaf."""

    by: By
    leaves: Annotated[tuple[Leaf, ...], msgspec.Meta(min_length=1)]


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
    """What facts of the book add up to, in 元; `each` narrows it to its code."""

    leaf: Leaf


class SumFigure(FigureOf, frozen=True, kw_only=True, tag="sum"):
    """A signed sum of cells and figures."""

    plus: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    less: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.plus, *self.less)


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


AnyFigure = (
    CellFigure
    | LeafFigure
    | SumFigure
    | PercentFigure
    | ChangeFigure
    | ChangeRateFigure
    | DirectionFigure
    | NamesFigure
)


class NarrativeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """narrative.toml."""

    percent_decimals: Annotated[int, msgspec.Meta(ge=0, le=4)] | None = None
    rows: dict[str, CodeRows] = {}
    figures: tuple[AnyFigure, ...] = ()


class Narrative(NamedTuple):
    """The narrative of an edition, whole."""

    percent_decimals: int = 2
    rows: dict[str, CodeRows] = {}  # noqa: RUF012 - never changed
    figures: tuple[AnyFigure, ...] = ()


def written(narrative: Narrative) -> str:
    """A narrative as one file, whatever it was laid together from."""
    lines = [f"percent_decimals = {narrative.percent_decimals}", "", "figures = ["]
    lines += [f"    {_inline(msgspec.to_builtins(each))}," for each in narrative.figures]
    lines.append("]")
    for name, rows in narrative.rows.items():
        lines += ["", f"[rows.{name}]"]
        said = msgspec.to_builtins(rows)
        lines += [f"{key} = {_inline(value)}" for key, value in said.items()]
    return "\n".join(lines) + "\n"


def _inline(value: object) -> str:
    """A value of TOML on one line; what is not said is left out."""
    if isinstance(value, dict):
        said = ((key, each) for key, each in value.items() if each not in (None, "", (), []))
        return "{ " + ", ".join(f"{key} = {_inline(each)}" for key, each in said) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def of_edition(edition: Edition) -> Narrative:
    """That of an edition; one that says nothing has none. Raises `NotRight`."""
    return _laid(edition.chapters.get(FILE, ()))


@cache
def _laid(layers: tuple[bytes, ...]) -> Narrative:
    return laid(read_toml(layer, NarrativeFile) for layer in layers)


def laid(files: Iterable[NarrativeFile]) -> Narrative:
    """Files laid over each other, the base's first. What is replaced keeps its place."""
    made = Narrative()
    for file in files:
        figures = {each.id: each for each in made.figures} | {
            each.id: each for each in file.figures
        }
        made = Narrative(
            made.percent_decimals if file.percent_decimals is None else file.percent_decimals,
            made.rows | file.rows,
            tuple(figures.values()),
        )
    return made
