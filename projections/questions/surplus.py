"""非财政拨款结余: what lies in each pool (8202, 8301), beside the walk of 结转结余.

opening + distributed into it − used = closing.
"""

from typing import Any

from ledger.kinds import POOL_NAMES
from projections.views.source import Source

_FIGURES = {"pool": "opening_fen", "distributed": "distributed_fen", "used": "used_fen"}


def pools(source: Source) -> list[dict[str, Any]]:
    """The walk of every pool that was ever moved, fen."""
    found = {pool: dict.fromkeys(_FIGURES.values(), 0) for pool in POOL_NAMES}
    for reading in source.members():
        for kind, pool, fen in reading.surplus():
            if pool in found:  # a tax goes into none
                found[pool][_FIGURES[kind]] += -fen if kind == "distributed" else fen
    return [
        {
            "pool": pool,
            **row,
            "closing_fen": row["opening_fen"] + row["distributed_fen"] - row["used_fen"],
        }
        for pool, row in found.items()
        if any(row.values())
    ]
