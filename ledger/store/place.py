"""Which way of keeping logs is meant: the only place that chooses."""

from pathlib import Path

from ledger.store.log import Place


def place(text: str) -> Place:
    """The place that `--db` names: a SQLite file."""
    from ledger.store.sqlite.place import SqlitePlace

    return SqlitePlace(Path(text))
