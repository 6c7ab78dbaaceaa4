"""How far a long reading has got: a bar on stderr, when that is a terminal."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from cli.encoding import CHUNK

_EVERY = 1000
_Row = TypeVar("_Row")


def progress(rows: Iterator[_Row], label: str, total: Callable[[], int | None]) -> Iterator[_Row]:
    """The same rows, with a bar; None where nobody knows how many there are."""
    if not sys.stderr.isatty():
        yield from rows
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total())
        for done, row in enumerate(rows, 1):
            yield row
            if done % _EVERY == 0:
                bar.update(task, completed=done)


def lines_below_the_header(path: Path) -> int:
    """How many rows a CSV file has, about."""
    with path.open("rb") as stream:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(CHUNK), b""))
    return max(lines - 1, 1)
