"""Which facts a cell adds up, and how a form says so."""

from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

import msgspec

from ledger.kinds import SOURCE_NAMES, UNIT_KIND_NAMES, IncomeSource, UnitKind
from ledger.line import FUND_NAMES, NO_ECON, SPENDING_NAMES, Fund, Spending
from projections.questions.measures import Measure


class Selection(NamedTuple):
    """Which facts a leaf adds up: signed measures, and what a fact must be; None: anything.

    `func` and `econ` hold codes of any level; a fact matches by any of its own levels (P19). An
    economic 类 that ends in `-` is what was approved for it without a 款. `origin` tells money of
    this year from carry-over.
    """

    measures: tuple[tuple[Measure, int], ...] = ()
    fund: tuple[str, ...] | None = None
    func: tuple[str, ...] | None = None
    spending: tuple[str, ...] | None = None
    econ: tuple[str, ...] | None = None
    source: tuple[str, ...] | None = None
    project: tuple[str, ...] | None = None
    origin: tuple[str, ...] | None = None
    unit_kind: tuple[str, ...] | None = None

    def __str__(self) -> str:
        measures = "".join(
            f"{'＋' if sign > 0 else '－'}{MEASURE_NAMES[measure]}"
            for measure, sign in self.measures
        )
        where = (
            f"{label}：{'、'.join(map(_word, values))}"
            for label, values in zip(_SELECTION_LABELS, self[1:], strict=True)
            if values is not None
        )
        return "，".join((measures.removeprefix("＋"), *where))


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
Origin = Literal["current", "carryover"]
"""Whether money was first approved in the book's year, or earlier."""
ORIGIN_NAMES: dict[Origin, str] = {"current": "当年", "carryover": "上年结转"}
_WORDS: dict[str, str] = {
    **{str(origin): name for origin, name in ORIGIN_NAMES.items()},
    **{str(kind): f"{name}单位" for kind, name in UNIT_KIND_NAMES.items()},
    **{str(fund): name for fund, name in FUND_NAMES.items()},
    **{str(kind): name for kind, name in SPENDING_NAMES.items()},
    **{str(source): name for source, name in SOURCE_NAMES.items()},
}


def _word(value: str) -> str:
    unsplit = value.removesuffix(NO_ECON)
    return f"{unsplit}{UNSPLIT}" if unsplit not in ("", value) else _WORDS.get(value, value)


UNSPLIT = "（未分到款）"
"""What was approved for an economic 类 and for none of its 款, in print."""
_SELECTION_LABELS = (
    *("资金性质", "功能科目", "支出性质", "经济科目", "收入类别", "项目"),
    *("指标类型", "单位性质"),
)


class Counted(StrEnum):
    """What a form may add up: a measure, or a sum of some that has a name of its own."""

    INITIAL = "initial"
    THREE_PUBLIC = "three-public"
    BUDGET = "budget"
    CURRENT = "current"
    """全年预算 of this year's money."""
    PLAN = "plan"
    """年初预算 and what was carried in: what a year is planned to spend."""
    OPENING = "opening"
    INCOME = "income"
    EXPENDITURE = "expenditure"
    CLOSING = "closing"
    """年末结转和结余 of money that is neither distributed nor made up."""
    SURPLUS_USED = "surplus-used"
    DISTRIBUTED = "distributed"


_SUMS = {
    Counted.PLAN: ((Measure.INITIAL, 1), (Measure.OPENING, 1)),
    Counted.CURRENT: ((Measure.BUDGET, 1), (Measure.OPENING, -1)),
    Counted.CLOSING: ((Measure.OPENING, 1), (Measure.INCOME, 1), (Measure.EXPENDITURE, -1)),
}

FuncCode = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[0-9]{3}([0-9]{2}){0,2}\Z", description="功能科目的类、款或项，3、5 或 7 位数字"
    ),
]
"""A functional code of any level: 类 3, 款 5, 项 7 digits."""
EconCode = Annotated[
    str,
    msgspec.Meta(pattern=r"^[0-9]{3}([0-9]{2})?\Z", description="经济科目的类或款，3 或 5 位数字"),
]
"""An economic code: 类 3, 款 5 digits."""


_SOME = msgspec.Meta(min_length=1)


class Leaf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a form says of a table, a row or a column: the inner one wins, key by key."""

    measure: Counted | None = None
    fund: Annotated[tuple[Fund, ...], _SOME] | None = None
    func: Annotated[tuple[FuncCode, ...], _SOME] | None = None
    spending: Annotated[tuple[Spending, ...], _SOME] | None = None
    econ: Annotated[tuple[EconCode, ...], _SOME] | None = None
    source: Annotated[tuple[IncomeSource, ...], _SOME] | None = None
    project: Annotated[tuple[str, ...], _SOME] | None = None
    origin: Annotated[tuple[Origin, ...], _SOME] | None = None
    unit_kind: Annotated[tuple[UnitKind, ...], _SOME] | None = None


def selection(*layers: Leaf | None) -> Selection | None:
    """The selection of leaves laid over each other, the last one uppermost; None without a
    measure."""
    there = [layer for layer in layers if layer is not None]
    said = [
        next(
            (value for layer in reversed(there) if (value := getattr(layer, name)) is not None),
            None,
        )
        for name in Leaf.__struct_fields__
    ]
    measure, *where = said
    if measure is None:
        return None
    made = Selection(_SUMS.get(measure) or ((Measure(measure), 1),), *where)
    return made if made.func is None else made._replace(func=_apart(made.func))


def _apart(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Codes of which none lies in another: money is found by each, and counts once."""
    return tuple(
        code
        for code in dict.fromkeys(codes)
        if not any(code != wider and code.startswith(wider) for wider in codes)
    )
