"""How much is left on each line? (余额) The accounts of a line, and its budget of the year."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from ledger.book import BookId
from ledger.line import ANY_LINE, BudgetLine, Fund, LinePattern
from ledger.rules.cash import Cash
from projections.answers import all_beside, beside
from projections.questions.measures import LEFT, facts_of
from projections.views.reading import Reading, Sum
from projections.views.source import Source


class Standing(msgspec.Struct):
    """How money stands, fen."""

    initial_fen: int = 0
    annual_budget_fen: int = 0
    pending_fen: int = 0
    available_fen: int = 0
    held_fen: int = 0
    paid_fen: int = 0
    taken_fen: int = 0
    out_fen: int = 0
    spendable_fen: int = 0


class LineBalance(msgspec.Struct, frozen=True):
    """How money stands on one line, fen; `origin` is null where those of all origins are one. Of a
    department each line is one of a `book`."""

    line: str
    fund: str
    func: str
    spending: str
    project: str
    econ: str
    origin: int | None
    initial_fen: int
    annual_budget_fen: int
    pending_fen: int
    available_fen: int
    held_fen: int
    paid_fen: int
    taken_fen: int
    out_fen: int
    spendable_fen: int
    book: str | UnsetType = UNSET


class Balances(msgspec.Struct, frozen=True):
    """预算余额: every line, in the order of its text, book by book, and all together."""

    lines: list[LineBalance]
    totals: Standing


FIGURES = tuple(name for name in Standing.__struct_fields__ if name != "spendable_fen")
"""What the accounts of a line say."""
FIGURE_OF_ACCOUNT = {
    "PENDING": "pending_fen",
    "EXEC": "available_fen",
    "HELD": "held_fen",
    "PAID": "paid_fen",
    "TAKEN": "taken_fen",
    "OUT": "out_fen",
}


def balances(source: Source, wanted: LinePattern = ANY_LINE, *, by_origin: bool = True) -> Balances:
    """The figures of a book; of a department those of every book, and of all together."""
    if isinstance(source, Reading):
        return line_balances(source, wanted, by_origin=by_origin)
    each = [(one, line_balances(one, wanted, by_origin=by_origin)) for one in source.members()]
    names = Standing.__struct_fields__
    return Balances(
        [replace(line, book=str(one.book)) for one, own in each for line in own.lines],
        Standing(*(sum(getattr(own.totals, name) for _, own in each) for name in names)),
    )


def line_balances(
    reading: Reading, wanted: LinePattern = ANY_LINE, *, by_origin: bool = True
) -> Balances:
    """The figures of every line that matches, and their totals, in fen; lines that differ in their
    origin alone are one where it makes no difference (`by_origin`).

    annual_budget (全年预算) is all that was approved for the line: initial + carried in ± opening
    adjustments + supplements − cuts ± reallocations ± transfers. What was handed back stays in it,
    as taken; the tables leave it out (measures.py).
    available + held + pending + paid + taken + out is the same.

    spendable (可用) is what could be paid now: what is available, and of non-fiscal money no more
    than the cash: that of its project where it is bound to one, and never more than there is in
    all. Every line says so by itself; in the totals the cash is counted once.
    """
    figures: dict[BudgetLine, dict[str, int]] = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    sums = reading.sums()
    for line, account, cause, _, fen in sums:
        if not wanted.matches(line):
            continue
        row = figures[line if by_origin else _of_this_year(line, reading.year)]
        if account == "AUTH":
            row["annual_budget_fen"] -= fen
            if cause == "appropriate":
                row["initial_fen"] -= fen
        else:
            row[FIGURE_OF_ACCOUNT[account]] += fen
    available = {line: row["available_fen"] for line, row in figures.items()}
    own = any(line.fund is Fund.NONFISCAL for line in available)
    cash = Cash(cash_by_project(reading, sums) if own else {})
    return Balances(
        [
            _balance(line, row, cash.of(line, available[line]), by_origin=by_origin)
            for line, row in figures.items()
        ],
        Standing(
            **{name: sum(row[name] for row in figures.values()) for name in FIGURES},
            spendable_fen=cash.of_all(available),
        ),
    )


def cash_by_project(reading: Reading, sums: Sequence[Sum] | None = None) -> dict[str, int]:
    """Non-fiscal money in hand at the cut, or at the end of a closed year, by project, `-` for what
    is bound to none, fen. `sums` are those of the book, where they were read already."""
    found: dict[str, int] = defaultdict(int)
    for fact in facts_of(reading, sums):
        if fact.line.fund is Fund.NONFISCAL and fact.measure in LEFT:
            found[fact.line.project] += LEFT[fact.measure] * fact.fen
    return found


def _of_this_year(line: BudgetLine, year: int) -> BudgetLine:
    return BudgetLine.make(line.fund, line.func, line.spending, line.project, line.econ, year)


def _balance(
    line: BudgetLine, row: dict[str, int], spendable_fen: int, *, by_origin: bool
) -> LineBalance:
    parts = (line.fund, line.func, line.spending, line.project, line.econ)
    said, origin = (line, line.origin) if by_origin else (LinePattern(*parts), None)
    figures: dict[str, Any] = {**row, "spendable_fen": spendable_fen}
    return LineBalance(str(said), *parts, origin, **figures)


def beside_last_year(now: Balances, then: Balances) -> Balances:
    """Both years beside each other, line by line."""
    lines = all_beside(now.lines, then.lines, lambda row: (_unit_of(row), row.line))
    return Balances(lines, beside(now.totals, then.totals))


def _unit_of(row: LineBalance) -> str:
    """Whose line it is in both years; "" where there is one book."""
    return BookId.split(row.book)[0] if row.book else ""
