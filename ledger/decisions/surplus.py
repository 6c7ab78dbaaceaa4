"""非财政拨款结余: what earlier years left that is bound to no purpose, and how it is used and fed.

It lies in pools of its own (8202 非财政拨款结余, 8301 专用结余). Neither opening nor closing
(表1 rows 29 and 59) hold it, so that what is used of it (row 28) and what is put into it (row 58,
结余分配) is counted once (L36). Money for a project is 专项 (8201): it is only ever carried over
(L37).
"""

from typing import NotRequired, Unpack

from ledger.decisions.closing import money_left
from ledger.effects import Decided
from ledger.events import (
    NonFiscalSurplusUsed,
    SurplusAdjusted,
    SurplusDistributed,
    SurplusLoaded,
)
from ledger.kinds import KIND_NAMES, Distribution, Pool, SurplusAdjustment, UnitKind
from ledger.line import FISCAL_FUNDS, FUND_NAMES, NO_ECON, BudgetLine, Fund, Spending
from ledger.money import plain_yuan
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules import lines, ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion, OnLine
from ledger.rules.preconditions import (
    INSTITUTIONS,
    admit,
    covered,
    documented,
    of_kind,
    of_this_year,
    opening_stands,
    usable,
)
from ledger.state import BookState

DISTRIBUTING: UnitKind = "institution"
"""Who distributes: 参公 units do not."""


class SurplusIn(Asked):
    """上年非财政拨款结余转入, fen."""

    pool: Pool
    amount_fen: int


def surplus_in(
    state: BookState,
    *,
    pool: Pool,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[SurplusLoaded]]:
    """上年非财政拨款结余转入; may repeat, but not in a book that was opened from last year's (R11).
    An 行政单位 has none: it carries over what is left."""
    admit(state, occasion["occurred_on"])
    opening_stands(
        state, KIND_NAMES["surplus-in"], lambda _: [ways.adjust_surplus(pool, amount_fen)]
    )
    of_kind(state, "非财政拨款结余", INSTITUTIONS)
    event = SurplusLoaded(**occasion, pool=pool, amount_fen=amount_fen)
    return (covered(state, event),)


class AdjustSurplus(Asked):
    """年初余额调整 of a pool, fen; `decrease` is the way down."""

    pool: Pool
    amount_fen: int
    adjustment: SurplusAdjustment
    decrease: NotRequired[bool]


def adjust_surplus(
    state: BookState,
    *,
    pool: Pool,
    amount_fen: int,
    adjustment: SurplusAdjustment,
    decrease: bool = False,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[SurplusAdjusted]]:
    """年初余额调整 of a pool by document, down at most what is left in it (R11, L73)."""
    admit(state, occasion["occurred_on"])
    documented(occasion, KIND_NAMES["adjust-surplus"])
    of_kind(state, "非财政拨款结余", INSTITUTIONS)
    event = SurplusAdjusted(
        **occasion,
        pool=pool,
        amount_fen=amount_fen,
        adjustment=adjustment,
        decrease=decrease,
    )
    return (covered(state, event),)


class UseSurplus(OnLine):
    """使用非财政拨款结余 for the purpose of a line."""

    pool: NotRequired[Pool]


def use_surplus(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    pool: Pool = "unrestricted",
    **occasion: Unpack[Occasion],
) -> tuple[Decided[NonFiscalSurplusUsed]]:
    """使用非财政拨款结余 for a purpose, at most what is in the pool (表1 row 28)."""
    admit(state, occasion["occurred_on"])
    usable(state, line)
    of_kind(state, "可使用的非财政拨款结余", INSTITUTIONS)
    _own_money(state, line, "use-surplus")
    event = NonFiscalSurplusUsed(
        **occasion,
        line=line.at_econ(NO_ECON),
        pool=pool,
        amount_fen=amount_fen,
    )
    return (covered(state, event),)


class Distribute(OnLine):
    """结余分配 of what the purpose of a line leaves."""

    distribution: NotRequired[Distribution]


def distribute(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    distribution: Distribution = "unrestricted",
    **occasion: Unpack[Occasion],
) -> tuple[Decided[SurplusDistributed]]:
    """结余分配 of an 事业单位 at the end of the year, at most what its purposes but for projects
    leave together (表1 row 58). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    usable(state, line)
    of_kind(state, "结余分配", (DISTRIBUTING,))
    _own_money(state, line, "distribute")
    day = occasion["occurred_on"]
    if (day.month, day.day) != (12, 31):
        raise Refused(
            Refusal.DISTRIBUTION_DATE,
            date=day.isoformat(),
            ways_out=[ways.year_end(state.year)],
        )
    if line.spending is Spending.PROJECT:
        other = suggested(state)
        raise Refused(
            Refusal.DISTRIBUTION_RESTRICTED,
            line=str(line.at_econ(NO_ECON)),
            ways_out=[
                ways.distribute(other[0], min(amount_fen, other[1]), distribution, state.year)
                if other
                else Way("carryover")
            ],
        )
    there_fen = distributable_fen(state)
    if amount_fen > there_fen:
        raise Refused(
            Refusal.OVER_DISTRIBUTABLE,
            distributable_fen=there_fen,
            amount_fen=amount_fen,
            short_fen=amount_fen - there_fen,
            ways_out=[
                Instead(amount=plain_yuan(there_fen)) if there_fen else Way("carryover"),
            ],
        )
    event = SurplusDistributed(
        **occasion,
        line=line.at_econ(NO_ECON),
        distribution=distribution,
        amount_fen=amount_fen,
    )
    return (covered(state, event),)


def distributable_fen(state: BookState) -> int:
    """What non-fiscal money in hand is for no project, as far as projects have not spent it; never
    below zero."""
    return max(0, min(sum(_free(state).values()), state.cash_fen))


def _free(state: BookState) -> dict[BudgetLine, int]:
    """Non-fiscal money in hand by purpose, but for projects, fen."""
    return {
        line: fen
        for line, fen in money_left(state).items()
        if line.fund is Fund.NONFISCAL and line.spending is not Spending.PROJECT
    }


def suggested(state: BookState) -> tuple[BudgetLine, int] | None:
    """What the end of a year would distribute: the purpose that has most of it, and all that may
    be; None where there is nothing, or the unit distributes nothing (L38)."""
    fen = distributable_fen(state)
    if state.closed or not fen or state.opened_facts.unit_kind != DISTRIBUTING:
        return None
    free = _free(state)
    return max(free, key=lambda line: free[line]), fen


def _own_money(state: BookState, line: BudgetLine, kind: str) -> None:
    of_this_year(state, line, KIND_NAMES[kind], or_earlier=True)
    if line.fund in FISCAL_FUNDS:
        raise Refused(
            Refusal.INCOME_CLASS,
            source=KIND_NAMES[kind],
            fund=FUND_NAMES[line.fund],
            why="只有单位资金有非财政拨款结余",
            about="fund",
            ways_out=[Instead(fund=Fund.NONFISCAL)],
        )


SURPLUS_IN = Kind("surplus-in", surplus_in, SurplusIn)
ADJUST_SURPLUS = Kind("adjust-surplus", adjust_surplus, AdjustSurplus)
USE_SURPLUS = Kind("use-surplus", use_surplus, UseSurplus, finds=lines.nonfiscal)
DISTRIBUTE = Kind("distribute", distribute, Distribute, finds=lines.nonfiscal)
KINDS = (SURPLUS_IN, ADJUST_SURPLUS, USE_SURPLUS, DISTRIBUTE)
