"""收入. Fiscal income is derived from the budget or the payments, unless the book's basis is
`recorded`; non-fiscal income (事业, 经营, 上级补助, 附属单位上缴, 其他) is always recorded."""

from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import (
    IncomeRecognised,
)
from ledger.kinds import SOURCE_NAMES, IncomeSource
from ledger.line import FISCAL_FUNDS, FUND_NAMES, NO_ECON, BudgetLine, Fund
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules.counterpart import of_another
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit, covered, of_this_year, usable
from ledger.state import BookState


class Income(Asked):
    """收入 by its class for a line's purpose, fen; from the unit `counterpart` (对方单位)."""

    line: BudgetLine
    source: IncomeSource
    amount_fen: int
    counterpart: NotRequired[str | None]


def income(
    state: BookState,
    *,
    line: BudgetLine,
    source: IncomeSource,
    amount_fen: int,
    counterpart: str | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[IncomeRecognised]]:
    """收入 for a line's purpose (its econ is left out). Raises `Refused`."""
    admit(state, occasion["occurred_on"])
    if counterpart is not None:
        of_another(state, counterpart, fiscal=source == "fiscal")
    usable(state, line)
    of_this_year(state, line, "收入", or_earlier=True)
    fiscal = line.fund in FISCAL_FUNDS
    if (source == "fiscal") != fiscal:
        raise _wrong_class(source, line, "财政拨款收入属于财政资金，其余各类属于单位资金")
    basis = state.opened_facts.basis_of(line.fund)
    if fiscal and basis != "recorded":
        why = f"它的收入口径为 {basis}，财政拨款收入由预算和支付推算，不另记录"
        raise _wrong_class(source, line, why)
    event = IncomeRecognised(
        **occasion,
        line=line.at_econ(NO_ECON),
        source=source,
        amount_fen=amount_fen,
        counterpart=counterpart,
    )
    return (covered(state, event),)


def _wrong_class(source: IncomeSource, line: BudgetLine, why: str) -> Refused:
    return Refused(
        Refusal.INCOME_CLASS,
        source=SOURCE_NAMES[source],
        fund=FUND_NAMES[line.fund],
        why=why,
        ways_out=[Instead(fund=Fund.NONFISCAL, econ="service"), Way("carryover")],
    )


INCOME = Kind("income", income, Income)
KINDS = (INCOME,)
