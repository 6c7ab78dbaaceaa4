"""Tables that fit the terminal: long texts are cut, and only where a person looks at them.

What goes to a file or another program is whole.
"""

import shutil
import sys
from collections.abc import Sequence

from cli.render import Row, width

_LEAST = 8
_GAP = 2


def terminal() -> int | None:
    """The columns of the terminal that a person looks at; None if nobody does."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def fitted(head: Row, rows: Sequence[Row], *, texts: Sequence[int]) -> list[Row]:
    """The rows, with the columns `texts` cut so far as the terminal needs."""
    across = terminal()
    if across is None:
        return list(rows)
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    limits = narrowed(widths, across, texts=texts)
    return [[cut(cell, limits[i]) for i, cell in enumerate(row)] for row in rows]


def narrowed(widths: Sequence[int], across: int, *, texts: Sequence[int]) -> list[int]:
    """The widths of columns, those of `texts` reduced so far as `across` needs."""
    limits = list(widths)
    over = sum(widths) + _GAP * (len(widths) - 1) - across
    while over > 0:
        widest = max(texts, key=lambda i: limits[i])
        if limits[widest] <= _LEAST:
            break
        limits[widest] -= 1
        over -= 1
    return limits


def cut(text: str, columns: int) -> str:
    """`text` in at most so many columns, the rest as `…`."""
    if width(text) <= columns:
        return text
    kept = text
    while kept and width(kept) > columns - 1:
        kept = kept[:-1]
    return f"{kept}…"
