"""Tables that fit the terminal: long texts are cut, and only where a person looks at them.

What goes to a file or another program is whole.
"""

import shutil
import sys
from collections.abc import Sequence

from cli.render import Row, width

_LEAST = 8
_GAP = 2


def fitted(head: Row, rows: Sequence[Row], *, texts: Sequence[int]) -> list[Row]:
    """The rows, with the columns `texts` cut so far as the terminal needs."""
    if not sys.stdout.isatty():
        return list(rows)
    widths = [max(width(row[i]) for row in (head, *rows)) for i in range(len(head))]
    over = sum(widths) + _GAP * (len(widths) - 1) - shutil.get_terminal_size().columns
    limits = {i: widths[i] for i in texts}
    while over > 0:
        widest = max(limits, key=lambda i: limits[i])
        if limits[widest] <= _LEAST:
            break
        limits[widest] -= 1
        over -= 1
    return [[cut(cell, limits.get(i, widths[i])) for i, cell in enumerate(row)] for row in rows]


def cut(text: str, columns: int) -> str:
    """`text` in at most so many columns, the rest as `…`."""
    if width(text) <= columns:
        return text
    kept = text
    while kept and width(kept) > columns - 1:
        kept = kept[:-1]
    return f"{kept}…"
