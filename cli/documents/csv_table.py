"""A published table as CSV (RFC 4180): one header row, the rows, the totals, and in a department
that lacks units a last row that names them. Nothing else, so that every program can read it; the
title and the notes are in the other formats.
"""

import csv
from io import StringIO

from ledger.texts import defused, one_line
from projections.report.grid import Grid

_BOM = "\ufeff"  # without it Excel takes the bytes for GBK


def table(grid: Grid) -> str:
    """The file's text, `\\r\\n` at the end of every row."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_text, grid.names()))
    for row in (*grid.rows, *filter(None, [grid.totals()])):
        kinds = (column.kind for column in grid.columns)
        cells = zip(kinds, row, strict=True)
        writer.writerow(text if kind == "figure" else _text(text) for kind, text in cells)
    if grid.absent:
        units = f"缺账套：{'、'.join(grid.absent)}"
        writer.writerow([_text(units), *[""] * (len(grid.columns) - 1)])
    return _BOM + out.getvalue()


def _text(text: str) -> str:
    """Words as words. Figures are ours, and a minus before them is a minus."""
    return one_line(defused(text))
