"""A bar on stderr for what takes long, where that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[int, int, str], None]
"""Told how much is done, of how much, and a word about it."""


@contextmanager
def stepping(what: str) -> Iterator[Step]:
    """The bar of `what`; nothing at all where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield lambda _done, _total, _said: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1)

        def step(done: int, total: int, said: str) -> None:
            bar.update(task, completed=done, total=max(total, 1), description=said)

        yield step
