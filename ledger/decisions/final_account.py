"""决算批复 (domain §2.4): what finance approved of a year after it was closed.

It is a fact about the closed book, whose own figures stay as they are published; where it differs,
next year's opening is adjusted by entries of that book, one by one (L79).
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NotRequired, Unpack

from ledger.decisions.closing import on_the_last_day
from ledger.effects import Decided
from ledger.events import CashApproved, FinalAccountApproved, LineClosed, PoolApproved
from ledger.kinds import CHOICE_NAMES, KIND_NAMES, POOL_NAMES
from ledger.line import NO_ECON, BudgetLine, Fund, Spending
from ledger.refusals import Instead, Refusal, Refused, Way, Word, WrongDecision
from ledger.rules.closed_as import ClosedAs, as_closed, otherwise
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import INSTITUTIONS, admit, documented
from ledger.state import BookState


class FinalApproval(Asked):
    """决算批复 of the day `approved_on`; of what is not said, finance approved what the book
    closed with."""

    approved_on: date
    lines: NotRequired[tuple[LineClosed, ...]]
    cash: NotRequired[tuple[CashApproved, ...]]
    pools: NotRequired[tuple[PoolApproved, ...]]


def final_approval(
    state: BookState,
    *,
    approved_on: date,
    lines: tuple[LineClosed, ...] = (),
    cash: tuple[CashApproved, ...] = (),
    pools: tuple[PoolApproved, ...] = (),
    **occasion: Unpack[Occasion],
) -> tuple[Decided[FinalAccountApproved]]:
    """决算批复 of a closed year, in that year's book and dated on its last day; only what finance
    approved otherwise than the book closed is recorded. All that is wrong with it is told at once.
    Raises `Refused`."""
    admit(state, occasion["occurred_on"], money=False, closed=True)
    if not state.closed or state.closing is None:
        raise Refused(
            Refusal.YEAR_OPEN,
            book=state.book,
            why=f"不能记录{KIND_NAMES['final-approval']}",
            ways_out=[Way("close-year")],
        )
    on_the_last_day(state, occasion["occurred_on"])
    if approved_on.year <= state.year:
        raise Refused(
            Refusal.APPROVAL_DATE,
            date=approved_on.isoformat(),
            year=state.year,
            ways_out=[Instead(date=Word(f"{state.year + 1}-MM-DD"))],
        )
    wrong = [*_wrong_lines(state, lines), *_wrong_cash(state, cash), *_wrong_pools(state, pools)]
    if wrong:
        raise Refused(
            Refusal.APPROVAL_ROWS,
            count=len(wrong),
            wrong="；".join(each.text for each in wrong),
            decisions=wrong,
            ways_out=[Way("show", state.closed)],
        )
    documented(occasion, KIND_NAMES["final-approval"])
    said = ClosedAs(lines, cash, {each.pool: each.amount_fen for each in pools})
    differs = otherwise(as_closed(state.closing, state.pools), said)
    event = FinalAccountApproved(
        **occasion,
        approved_on=approved_on,
        closing=state.closed,
        lines=differs.lines,
        cash=tuple(each for each in cash if each in differs.cash),
        pools=tuple(each for each in pools if each.pool in differs.pools),
    )
    return (Decided(event),)


def _wrong_lines(state: BookState, lines: tuple[LineClosed, ...]) -> Iterator[WrongDecision]:
    """A choice said once of a line, of money that there can be."""
    counts = Counter((each.line, each.choice) for each in lines)
    for (line, choice), count in counts.items():
        if count > 1:
            why = f"有 {count} 行{CHOICE_NAMES[choice]}"
            yield _wrong("REPEATED", line, why, "decision", "一条预算线每种处理一行")
    for line in dict.fromkeys(each.line for each in lines):
        yield from _wrong_line(state, line)
    for each in lines:
        if each.line.fund is Fund.NONFISCAL and each.choice != "lapse":
            why = f"是单位资金，预算不结转，不能作{CHOICE_NAMES[each.choice]}"
            yield _wrong("CHOICE", each.line, why, "decision", "不结转（转入下年的写作余款结转）")


def _wrong_cash(state: BookState, cash: tuple[CashApproved, ...]) -> Iterator[WrongDecision]:
    """One sum for a purpose."""
    for line, count in Counter(each.line for each in cash).items():
        if count > 1:
            yield _wrong("CASH", line, f"有 {count} 行余款结转", "line", "一个用途一行")
        if line.econ != NO_ECON:
            right = str(line.at_econ(NO_ECON))
            yield _wrong("CASH", line, "余款按用途，没有经济科目", "line", right)
        yield from (each._replace(code="CASH") for each in _wrong_line(state, line))


def _wrong_line(state: BookState, line: BudgetLine) -> Iterator[WrongDecision]:
    if line.spending is Spending.PROJECT and line.project not in state.projects:
        why = f"的项目 {line.project} 在 {state.book} 没有登记"
        right = f"登记过的项目：{'、'.join(sorted(state.projects)) or '没有'}"
        yield _wrong("PROJECT", line, why, "line", right)
    if line.origin > state.year:
        why = f"的形成年度 {line.origin} 晚于 {state.year}"
        yield _wrong("ORIGIN", line, why, "line", f"形成年度不晚于 {state.year}")


def _wrong_pools(state: BookState, pools: tuple[PoolApproved, ...]) -> Iterator[WrongDecision]:
    """One sum for a pool, of a unit that has pools."""
    has_pools = state.opened_facts.unit_kind in INSTITUTIONS
    for pool, count in Counter(each.pool for each in pools).items():
        name = POOL_NAMES[pool]
        if count > 1:
            yield WrongDecision("POOL", pool, "line", "一种结余一行", f"{name}有 {count} 行")
        if not has_pools:
            text = f"行政单位没有{name}"
            yield WrongDecision("POOL", pool, "line", "没有这一行", text)


def _wrong(code: str, line: BudgetLine, why: str, field: str, right: str) -> WrongDecision:
    return WrongDecision(code, str(line), field, right, f"{line} {why}")


FINAL_APPROVAL = Kind(
    "final-approval", final_approval, FinalApproval, derives=frozenset({"closing"})
)
KINDS = (FINAL_APPROVAL,)
