"""The published tables and explanations as a person reads them on a terminal."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby

from cli.text.columns import Row, cut, narrowed, padded, width
from cli.text.columns import table as aligned
from ledger.texts import one_line
from projections.report.beside import BESIDE
from projections.report.grid import Box, Grid

_GAP = "  "


def table(grid: Grid, across: int | None = None) -> str:
    """A table in the shape of its official form.

    On a terminal of `across` columns a table that is too wide has its parts one below the other,
    and a part that is still too wide has its words cut.
    """
    if not any(column.kind == "word" for column in grid.columns):
        shown = _upright(grid)
    else:
        parts = (_part(grid, *part, across) for part in _abreast(grid, across))
        shown = "\n\n".join(parts)
    wide = max(map(width, shown.splitlines()))
    heading = [
        f"{padded('', (wide - width(grid.title)) // 2)}{grid.title}",
        _apart(f"账套：{grid.book}", grid.form_number, wide),
        _apart(f"部门：{one_line(grid.department)}", f"金额单位：{grid.unit}", wide),
    ]
    return "\n".join([*heading, shown, *grid.notes, ""])


def _apart(left: str, right: str, wide: int) -> str:
    return left + _GAP + padded(right, wide - width(left) - len(_GAP), right=True)


def _upright(grid: Grid) -> str:
    """A table without words, a line for every figure: side by side they fit no terminal. Its rows,
    if there are many, are what stands beside each other."""
    heads = ("金额",) if len(grid.rows) == 1 else BESIDE
    rows: list[Row] = []
    for name, group in groupby(
        zip(grid.columns, *grid.rows, strict=True), key=lambda of: of[0].path[0]
    ):
        names = (name, *[""] * len(grid.columns))
        rows += [
            (first, column.no, "-".join(column.path[1:]), *figures)
            for first, (column, *figures) in zip(names, group, strict=False)
        ]
    return aligned(("", "栏次", "项目", *heads), rows, left={0, 1, 2})


def _abreast(grid: Grid, across: int | None) -> list[tuple[int, int]]:
    """Runs of parts, as (first column, column after the last), that fit beside each other."""
    ends = [*grid.parts[1:], len(grid.columns)]
    runs: list[tuple[int, int]] = []
    for part in zip(grid.parts, ends, strict=True):
        longer = (runs[-1][0], part[1]) if runs else part
        if runs and (across is None or _span(_widths(grid, *longer)) <= across):
            runs[-1] = longer
        else:
            runs.append(part)
    return runs


def _widths(grid: Grid, first: int, last: int) -> list[int]:
    """What columns need for their texts and their own headings, in terminal columns."""
    rows = (*grid.rows, *filter(None, [grid.totals()]))
    widths = [max(width(row[i]) for row in rows) for i in range(first, last)]
    for box in grid.boxes:
        if box.across == 1 and first <= box.column < last:
            at = box.column - first
            widths[at] = max(widths[at], *map(width, box.text.split("\n")))
    return widths


def _span(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _part(grid: Grid, first: int, last: int, across: int | None) -> str:
    """The columns from `first` to before `last`: header, rule, rows, and the foot below a rule."""
    columns = grid.columns[first:last]
    widths = _widths(grid, first, last)
    if across is not None:
        words = [i for i, column in enumerate(columns) if column.kind == "word"]
        widths = narrowed(widths, across, texts=words)

    def line(row: Row) -> str:
        cells = (
            padded(cut(text, room), room, right=column.kind != "word")
            for text, room, column in zip(row[first:last], widths, columns, strict=True)
        )
        return _GAP.join(cells).rstrip()

    rule = "─" * _span(widths)
    body = [line(row) for row in grid.rows if any(row[first:last])]
    foot = [rule, line(grid.totals())] if any(grid.totals()[first:last]) else []
    return "\n".join([*_head(grid, first, widths), rule, *body, *foot])


def _head(grid: Grid, first: int, widths: Sequence[int]) -> Iterator[str]:
    """The header's lines above some columns. A box has its text at its foot."""
    last = first + len(widths)
    for row in range(grid.head):
        boxes = [
            clipped
            for box in grid.boxes
            if box.row <= row < box.row + box.down and (clipped := _clipped(box, first, last))
        ]
        boxes.sort(key=lambda box: box.column)
        texts = [box.text.split("\n") if box.row + box.down == row + 1 else [""] for box in boxes]
        height = max(map(len, texts))
        for lines in zip(*([""] * (height - len(text)) + text for text in texts), strict=True):
            cells = map(partial(_heading, grid, first, widths), boxes, lines)
            yield _GAP.join(cells).rstrip()


def _clipped(box: Box, first: int, last: int) -> Box | None:
    """What of a box is over the columns from `first` to before `last`."""
    left, right = max(box.column, first), min(box.column + box.across, last)
    return box._replace(column=left, across=right - left) if left < right else None


def _heading(grid: Grid, first: int, widths: Sequence[int], box: Box, text: str) -> str:
    """A line of a box; a heading over others is drawn as wide as they are."""
    at = box.column - first
    room = _span(widths[at : at + box.across])
    if box.across > 1 and box.row + box.down < grid.head:
        left = (room - width(text) - 2) // 2
        return f"{'─' * left} {text} {'─' * (room - left - width(text) - 2)}"
    right = grid.columns[box.column].kind != "word"
    return padded(cut(text, room), room, right=right)
