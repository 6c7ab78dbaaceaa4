"""指标: money that waits for the finance bureau (待下达) and money that may be spent (可执行);
and 用款计划, by when it may be."""

from typing import Unpack

from ledger.effects import Decided
from ledger.events import FundPlanApproved, IndicatorReleased, IndicatorWithdrawn
from ledger.line import BudgetLine
from ledger.rules import lines
from ledger.rules.kind import Kind
from ledger.rules.occasion import Occasion, OnLine
from ledger.rules.preconditions import admit, covered, documented
from ledger.state import BookState


class Release(OnLine):
    """指标下达."""


def release(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[IndicatorReleased]]:
    """指标下达: at most what is 待下达 on the line."""
    admit(state, occasion["occurred_on"])
    event = IndicatorReleased(**occasion, line=line, amount_fen=amount_fen)
    return (covered(state, event),)


class Withdraw(OnLine):
    """指标收回."""


def withdraw(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[IndicatorWithdrawn]]:
    """指标收回: at most what is 可执行 on the line."""
    admit(state, occasion["occurred_on"])
    event = IndicatorWithdrawn(**occasion, line=line, amount_fen=amount_fen)
    return (covered(state, event),)


class FundPlan(OnLine):
    """用款计划 for a month, 1 to 12."""

    month: int


def fund_plan(
    state: BookState,
    *,
    line: BudgetLine,
    month: int,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[FundPlanApproved]]:
    """用款计划: adds to what may be paid on the line by `month` (L30). All months together at most
    what the line can pay or has paid (R1)."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "用款计划")
    event = FundPlanApproved(
        **occasion,
        line=line,
        month=month,
        amount_fen=amount_fen,
    )
    return (covered(state, event),)


RELEASE = Kind("release", release, Release, finds=lines.existing)
WITHDRAW = Kind("withdraw", withdraw, Withdraw, finds=lines.existing)
FUND_PLAN = Kind("fund-plan", fund_plan, FundPlan, finds=lines.spent)
KINDS = (RELEASE, WITHDRAW, FUND_PLAN)
