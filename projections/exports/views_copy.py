"""The views as a SQLite file of their own: every book of the log, at its head.

A copy is never caught up. People and SQL tools read its `v_*` views (projections/README.md).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from ledger.proofs.head import Head
from ledger.store.log import Place, Waiting, silently
from projections.views.reading import readings
from projections.views.source import books_of


def write(place: Place, file: Path, waiting: Waiting = silently) -> dict[str, Head]:
    """Copies the views of the log of `place` into `file`, an empty one; the heads of its books."""
    with readings(place, books_of(place), waiting=waiting) as opened:
        with closing(sqlite3.connect(file)) as copy:
            opened[0].views.backup(copy)
        return {str(one.book): one.head for one in opened}
