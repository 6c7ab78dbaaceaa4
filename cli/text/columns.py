"""Texts in columns: how wide they are, aligned, and cut to the terminal where a person looks.

What goes to a file or another program is whole.
"""

import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest
from os import environ
from unicodedata import category, east_asian_width

Row = Sequence[str]
_LEAST = 8
_GAP = 2
_WORDS = re.compile(r"[!-~]+|.")
_NO_COLUMN = ("Mn", "Me", "Cf")
"""Categories of marks, whichever class they combine by, and of what only tells how to draw."""
_JAMO_WITHIN = frozenset(map(chr, range(0x1160, 0x1200)))
"""Vowels and finals of a Korean syllable that is written in its parts: the first takes two."""


@lru_cache(maxsize=1 << 14)  # a long log repeats its words
def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two, what is written above, below or around
    the character before it none."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


@lru_cache(maxsize=1 << 12)
def _columns(character: str) -> int:
    if category(character) in _NO_COLUMN or character in _JAMO_WITHIN:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """`text` filled with blanks to so many columns."""
    blanks = " " * max(columns - width(text), 0)
    return blanks + text if right else text + blanks


def table(
    head: Row,
    rows: Iterable[Row],
    *,
    left: int | set[int] = 1,
    foot: Row | None = None,
    beneath: Sequence[Row] = (),
) -> str:
    """Aligned columns: words to the left (the first `left`, or those named), figures right; rows
    `beneath` the foot belong to it."""
    words = set(range(left)) if isinstance(left, int) else left
    body = [[cell.replace("\n", r"\x0a") for cell in row] for row in rows]  # a row is one line
    every = [head, *body, *([foot] if foot else []), *beneath]
    widths = [max(width(row[i]) for row in every) for i in range(len(head))]

    def line(row: Row) -> str:
        cells = (padded(cell, widths[i], right=i not in words) for i, cell in enumerate(row))
        return "  ".join(cells).rstrip()

    rule = "─" * (sum(widths) + 2 * (len(widths) - 1))
    lines = [line(head), rule, *map(line, body)]
    return "\n".join([*lines, rule, line(foot), *map(line, beneath)] if foot else lines)


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


def wrapped(head: Row, rows: Iterable[Row], *, texts: Sequence[int]) -> list[Row]:
    """The rows, with what the columns `texts` have no room for on further rows beneath: nothing is
    lost. As wide as the terminal, or as `COLUMNS` says; else each is one row."""
    listed = list(rows)
    across = terminal() or (shutil.get_terminal_size().columns if "COLUMNS" in environ else None)
    if across is None:
        return listed
    widths = [max(width(row[i]) for row in (head, *listed)) for i in range(len(head))]
    limits = narrowed(widths, across, texts=texts)
    return [
        line
        for row in listed
        for line in zip_longest(
            *(_pieces(cell, limits[i]) for i, cell in enumerate(row)), fillvalue=""
        )
    ]


def _pieces(text: str, columns: int) -> list[str]:
    """`text` in pieces of at most so many columns; a number or a word of letters stays whole where
    it has room."""
    pieces, piece = [], ""
    for word in _WORDS.findall(text):
        for part in [word] if width(word) <= columns else word:
            if piece and width(piece) + width(part) > columns:
                pieces.append(piece)
                piece = ""
            piece += part
    return [*pieces, piece]


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
