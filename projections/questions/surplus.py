"""非财政拨款结余: what lies in each pool (8202, 8301), beside the walk of 结转结余.

opening + distributed into it − used = closing.

And how other money of one's own pays for a project that has spent more than it was given: written
down as an entry, or it is nobody's decision (N04).
"""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from ledger.events import IncomeRecognised
from ledger.kinds import POOL_NAMES, Pool
from ledger.line import NO_ECON, NO_PROJECT, BudgetLine, Fund
from ledger.money import plain_yuan
from ledger.refusals import Way
from projections.questions.measures import LEFT, facts_of
from projections.views.reading import Reading
from projections.views.source import Source
from projections.views.undone import standing


class PoolWalk(msgspec.Struct, frozen=True):
    """The walk of one pool of 非财政拨款结余, fen. `adjusted_fen` is what of its opening is
    年初余额调整: the rest was carried in."""

    pool: Pool
    opening_fen: int
    adjusted_fen: int
    distributed_fen: int
    used_fen: int
    closing_fen: int


def pools(source: Source) -> list[PoolWalk]:
    """The walk of every pool that was ever moved, fen."""
    found = {
        pool: dict.fromkeys(("pool", "adjusted", "distributed", "used"), 0) for pool in POOL_NAMES
    }
    for reading in source.members():
        for inflow in reading.inflows():
            if inflow.pooled is not None:
                pool, fen = inflow.pooled
                found[pool][inflow.source] += -fen if inflow.source == "used" else fen
    return [
        PoolWalk(
            pool,
            opening_fen=row["pool"] + row["adjusted"],
            adjusted_fen=row["adjusted"],
            distributed_fen=row["distributed"],
            used_fen=row["used"],
            closing_fen=row["pool"] + row["adjusted"] + row["distributed"] - row["used"],
        )
        for pool, row in found.items()
        if any(row.values())
    ]


def made_up(reading: Reading, project: str, short_fen: int) -> list[Way]:
    """What writes down that other money pays for a project of one's own money that is short, in
    the order in which it is typed: income of this year that is bound to no project, which becomes
    the project's by correction, as far as it was not spent, then what earlier years left (L70)."""
    left: dict[BudgetLine, int] = defaultdict(int)
    for fact in facts_of(reading):
        if fact.line.fund is Fund.NONFISCAL and fact.measure in LEFT:
            left[fact.line.at_econ(NO_ECON)] += LEFT[fact.measure] * fact.fen
    line = min((each for each in left if each.project == project), key=lambda each: left[each])
    unbound_fen = sum(fen for each, fen in left.items() if each.project == NO_PROJECT)
    free_fen = min(short_fen, unbound_fen)
    ways_out: list[Way] = []
    for number, income in _unbound(reading):
        fen = min(free_fen, income.amount_fen)
        if fen <= 0:
            break
        free_fen, short_fen = free_fen - fen, short_fen - fen
        ways_out += _moved(number, income, line, fen)
    walks = {walk.pool: walk.closing_fen for walk in pools(reading)}
    pool_fen = min(short_fen, walks.get("unrestricted", 0))
    if pool_fen > 0:
        ways_out.append(
            Way("use-surplus", func=line.func, project=project, amount=plain_yuan(pool_fen))
        )
    return ways_out


def _moved(number: int, income: IncomeRecognised, line: BudgetLine, fen: int) -> list[Way]:
    """Makes so much of an income the purpose's: all of it by one correction; of a part what the
    purpose gets is recorded before the rest is put right, so that no cash is missing between."""
    if fen == income.amount_fen:
        return [Way("correct", number, line=line)]
    return [
        Way(
            "income",
            func=line.func,
            project=line.project,
            origin=line.origin,
            econ=income.source,
            amount=plain_yuan(fen),
            **({"doc": income.doc} if income.doc else {}),
        ),
        Way("correct", number, amount=plain_yuan(income.amount_fen - fen)),
    ]


def _unbound(reading: Reading) -> Iterator[tuple[int, IncomeRecognised]]:
    """The incomes of one's own money that stand and are for no project, the last first."""
    for number, event in standing(reading, "income"):
        if not isinstance(event, IncomeRecognised) or event.line.fund is not Fund.NONFISCAL:
            continue
        if event.line.project == NO_PROJECT:
            yield number, event
