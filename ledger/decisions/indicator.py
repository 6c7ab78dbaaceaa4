"""指标: money that waits for the finance bureau (待下达) and money that may be spent (可执行);
结转 that became 结余, and 结余 that is used again; and 用款计划, by when it may be."""

from typing import Unpack

from ledger.decisions.closing import only_lapses, surplus_fen
from ledger.effects import Decided
from ledger.events import (
    CarryoverReclassified,
    FundPlanApproved,
    IndicatorReleased,
    IndicatorWithdrawn,
    SurplusReused,
)
from ledger.kinds import Cause
from ledger.line import BudgetLine, Spending
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules import lines, ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Occasion, OnLine, WantedLine
from ledger.rules.preconditions import admit, covered, documented, usable
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


class Reclassify(OnLine):
    """转为结余."""

    cause: Cause


def reclassify(
    state: BookState,
    *,
    line: BudgetLine,
    amount_fen: int,
    cause: Cause,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[CarryoverReclassified]]:
    """转为结余 of what is 可执行 of a project (R8): it waits as 待下达, and closes as 结余 or is
    taken back. Basic money is always carried over (R9), what lapses is no carry-over, and money of
    this year has not been unused for two years. Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "转为结余")
    _can_be_surplus(state, line)
    if cause == "two-years" and line.origin == state.year:
        raise Refused(
            Refusal.NEVER_SURPLUS,
            line=str(line),
            why="是本年批复的，没有连续两年未用完",
            ways_out=[Instead(cause="not-needed")],
        )
    event = CarryoverReclassified(**occasion, line=line, amount_fen=amount_fen, cause=cause)
    return (covered(state, event),)


def _can_be_surplus(state: BookState, line: BudgetLine) -> None:
    """Basic money is always carried over (R9), and what lapses is no carry-over. Raises
    `Refused`."""
    why = None
    if line.spending is not Spending.PROJECT:
        why = "不是项目支出，基本支出只能结转"
    elif only_lapses(state, line):
        why = "年末只是不再可用的预算，没有可转的结转"
    if why is not None:
        raise Refused(Refusal.NEVER_SURPLUS, line=str(line), why=why, ways_out=[Way("carryover")])


class Reuse(OnLine):
    """结余调剂: the line that has it, and the one that receives it; what is left out of that is
    the giver's."""

    to_line: WantedLine


def reuse(
    state: BookState,
    *,
    line: BudgetLine,
    to_line: BudgetLine,
    amount_fen: int,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[SurplusReused]]:
    """结余调剂 (单位内部调剂) by a document of the finance bureau: at most what is 结余 of a
    project goes to another project line, where it can be spent. Its fund and its origin stay:
    carry-over money stays that (R7). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    documented(occasion, "结余调剂")
    _can_be_surplus(state, line)
    alike = (to_line.fund, to_line.origin) == (line.fund, line.origin)
    if to_line == line or to_line.spending is not Spending.PROJECT or not alike:
        raise Refused(
            Refusal.REUSED_FOR_OTHER,
            to_line=str(to_line),
            ways_out=ways.for_reuse(line, to_line, amount_fen),
        )
    usable(state, to_line, to="to_")
    surplus_there_fen = surplus_fen(state, line)
    if amount_fen > surplus_there_fen:
        raise Refused(
            Refusal.OVER_SURPLUS,
            line=str(line),
            surplus_fen=surplus_there_fen,
            amount_fen=amount_fen,
            short_fen=amount_fen - surplus_there_fen,
            ways_out=ways.for_surplus(state, line, surplus_there_fen, amount_fen),
        )
    event = SurplusReused(**occasion, line=line, to_line=to_line, amount_fen=amount_fen)
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
RECLASSIFY = Kind("reclassify", reclassify, Reclassify, finds=lines.existing)
REUSE = Kind("reuse", reuse, Reuse, finds=lines.reused)
FUND_PLAN = Kind("fund-plan", fund_plan, FundPlan, finds=lines.spent)
KINDS = (RELEASE, WITHDRAW, RECLASSIFY, REUSE, FUND_PLAN)
