"""How far something long has got: a bar on stderr, when that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_EVERY = 1000
_Row = TypeVar("_Row")

Step = Callable[[int, int | None, str], None]
"""Told how much is done, of how much (None: nobody knows), and a word about it."""


@contextmanager
def stepping(label: str) -> Iterator[Step]:
    """The bar of a work; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _said: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    said = TextColumn("{task.description}")
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), said, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total, said: bar.update(
            task, completed=done, total=total, description=said
        )


def progress(rows: Iterator[_Row], label: str, total: Callable[[], int | None]) -> Iterator[_Row]:
    """The same rows, with a bar."""
    if not sys.stderr.isatty():  # counting what a file has takes time
        yield from rows
        return
    with stepping(label) as step:
        expected = total()
        step(0, expected, "")
        for done, row in enumerate(rows, 1):
            yield row
            if done % _EVERY == 0:
                step(done, expected, "")
