"""非财政拨款结余: what lies in each pool (8202, 8301), beside the walk of 结转结余.

opening + distributed into it − used = closing.
"""

import msgspec

from ledger.kinds import POOL_NAMES, Pool
from projections.views.source import Source


class PoolWalk(msgspec.Struct, frozen=True):
    """The walk of one pool of 非财政拨款结余, fen."""

    pool: Pool
    opening_fen: int
    distributed_fen: int
    used_fen: int
    closing_fen: int


_FIGURES = {"pool": "opening_fen", "distributed": "distributed_fen", "used": "used_fen"}


def pools(source: Source) -> list[PoolWalk]:
    """The walk of every pool that was ever moved, fen."""
    found = {pool: dict.fromkeys(_FIGURES.values(), 0) for pool in POOL_NAMES}
    for reading in source.members():
        for inflow in reading.inflows():
            if inflow.pooled is not None:
                (pool, fen), figure = inflow.pooled, _FIGURES[inflow.source]
                found[pool][figure] += -fen if inflow.source == "used" else fen
    return [
        PoolWalk(
            pool,
            **row,
            closing_fen=row["opening_fen"] + row["distributed_fen"] - row["used_fen"],
        )
        for pool, row in found.items()
        if any(row.values())
    ]
