"""The forms of an edition: titles, rows, columns, formulas and rounding, read from forms/YEAR.

An edition is data; what is in a form follows its layout (layouts/). Every cell is a leaf (measures
with a selection) or a signed sum of other cells. The cells that a rule is about are named in
edition.toml, so that no rule knows where a form has them. An edition holds the tables that it
changes and takes the others from the one it is based on (P18).
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from ledger.errors import Malformed, Unreadable
from ledger.kinds import SOURCE_NAMES
from ledger.line import FUND_NAMES, SPENDING_NAMES, Spending
from projections.questions.measures import Measure

TOTAL = "合计"
_FOLDER = Path(__file__).with_name("forms")


class Selection(NamedTuple):
    """Which facts a leaf adds up: signed measures, and what a fact must be; None: anything.

    `func` and `econ` hold codes of any level; a fact matches by any of its own levels (P19).
    """

    measures: tuple[tuple[Measure, int], ...] = ()
    fund: tuple[str, ...] | None = None
    func: tuple[str, ...] | None = None
    spending: tuple[str, ...] | None = None
    econ: tuple[str, ...] | None = None
    source: tuple[str, ...] | None = None

    def __str__(self) -> str:
        measures = "".join(
            f"{'＋' if sign > 0 else '－'}{MEASURE_NAMES[measure]}"
            for measure, sign in self.measures
        )
        where = (
            f"{label}：{'、'.join(_WORDS.get(value, value) for value in values)}"
            for label, values in zip(_SELECTION_LABELS, self[1:], strict=True)
            if values is not None
        )
        return "，".join((measures.removeprefix("＋"), *where))


_WORDS: dict[str, str] = {
    **{str(fund): name for fund, name in FUND_NAMES.items()},
    **{str(kind): name for kind, name in SPENDING_NAMES.items()},
    **{str(source): name for source, name in SOURCE_NAMES.items()},
}
MEASURE_NAMES = {
    Measure.INITIAL: "年初预算",
    Measure.THREE_PUBLIC: "三公预算（年初预算或三公限额）",
    Measure.BUDGET: "全年预算",
    Measure.OPENING: "年初结转结余",
    Measure.INCOME: "收入",
    Measure.EXPENDITURE: "支出",
    Measure.SURPLUS_USED: "使用非财政拨款结余",
    Measure.DISTRIBUTED: "结余分配",
}
_SELECTION_LABELS = ("资金性质", "功能科目", "支出性质", "经济科目", "收入类别")
_MEASURES = {
    **{str(measure): ((measure, 1),) for measure in Measure},
    "current": ((Measure.BUDGET, 1), (Measure.OPENING, -1)),
    "closing": ((Measure.OPENING, 1), (Measure.INCOME, 1), (Measure.EXPENDITURE, -1)),
}


class Spec(NamedTuple):
    """What a form says of one cell: a leaf, or parts (sign, cell id); neither: always zero."""

    leaf: Selection | None = None
    parts: tuple[tuple[int, str], ...] = ()


class Form(NamedTuple):
    """One table of an edition."""

    number: int
    title: str
    layout: str
    rounding: str
    note: str
    formulas: str
    empty: str | None
    data: dict[str, Any]


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


class ItemCells(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cells of 三公经费 in one column, as `questions.three_public` calls its figures."""

    total_fen: str
    overseas_fen: str
    vehicle_fen: str
    vehicle_purchase_fen: str
    vehicle_operation_fen: str
    reception_fen: str


class NamedCells(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The cells that rules are about; in some an @ stands for the code of a row (`at`)."""

    opening: str
    """年初结转和结余."""
    closing: str
    """年末结转和结余."""
    three_public: str
    """三公经费决算数, all items."""
    budget: ItemCells
    """三公经费, 年初预算数 item by item."""
    actual: ItemCells
    """三公经费, 决算数 item by item."""
    spent: str
    """支出 of a functional code."""
    spent_by: dict[Spending, str]
    """The same by 支出性质."""
    general_basic: str
    """基本支出 of the general fund."""
    general_basic_econ: str
    """The same of an economic code."""


def at(name: str, code: str) -> str:
    """A named cell at the row of a code."""
    return name.replace("@", code)


def names() -> list[str]:
    """The editions that there are."""
    return sorted(file.parent.name for file in _FOLDER.glob("*/edition.toml"))


def known(name: str) -> str:
    """The name of an edition. Raises `Malformed` if there is none of that name."""
    if name not in names():
        expected = "表样版本：" + "、".join(names())
        raise Malformed(Unreadable.EDITION_UNKNOWN, field="edition", value=name, expected=expected)
    return name


@cache
def edition(name: str) -> dict[int, Form]:
    """The forms of an edition by table number. Raises `Malformed` for an unknown edition."""
    numbers = _read(known(name), "edition.toml")["tables"]
    return {number: _form(name, number) for number in numbers}


def based_on(name: str) -> str | None:
    """The edition that an edition changes; None for one that stands alone."""
    base: str | None = _read(name, "edition.toml").get("based_on")
    return base


def relations(name: str) -> list[dict[str, Any]]:
    """The relations between the cells of an edition: its own, and those it keeps of its base."""
    data = _read(name, "checks.toml")
    own: list[dict[str, Any]] = data["relation"]
    base = based_on(name)
    kept = [r for r in relations(base) if r["code"] in data["keeps"]] if base else []
    return [*own, *kept]


@cache
def named_cells(name: str) -> NamedCells:
    """The named cells of an edition: its own, and else those of its base."""
    return msgspec.convert(_named(name), NamedCells)


def _named(name: str) -> dict[str, Any]:
    base = based_on(name)
    own: dict[str, Any] = _read(name, "edition.toml")["cells"]
    return {**(_named(base) if base else {}), **own}


def _read(name: str, file: str) -> dict[str, Any]:
    return tomllib.loads(_FOLDER.joinpath(name, file).read_text(encoding="utf-8"))


def _form(name: str, number: int) -> Form:
    file = f"table{number}.toml"
    base = based_on(name)
    if base and not _FOLDER.joinpath(name, file).is_file():
        return _form(base, number)
    data = _read(name, file)
    return Form(
        data["number"],
        data["title"],
        data["layout"],
        data["rounding"],
        data["note"],
        data["formulas"],
        data.get("empty"),
        data,
    )


def selection(*layers: dict[str, Any] | None) -> Selection | None:
    """The selection of a table, a row and a column laid over each other; None without a measure."""
    merged: dict[str, Any] = {}
    for layer in layers:
        merged.update(layer or {})
    measure = merged.pop("measure", None)
    if measure is None:
        return None
    given = {name: tuple(values) for name, values in merged.items()}
    return Selection(_MEASURES[measure], **given)


def expanded(names: list[str]) -> list[str]:
    """Row numbers with ranges spelled out: `["1..3", "7"]` → `["1", "2", "3", "7"]`."""
    found: list[str] = []
    for name in names:
        first, dots, last = name.partition("..")
        found += map(str, range(int(first), int(last) + 1)) if dots else [name]
    return found
