"""A published table as CSV (RFC 4180): one header row, the rows, the totals. Nothing else, so that
every program can read it; the title and the notes are in the other formats.
"""

import csv
from io import StringIO

from projections.report.grid import Grid

_BOM = "\ufeff"  # without it Excel takes the bytes for GBK
_RISKY = tuple("=+-@\t\r＝＋－＠")


def table(grid: Grid) -> str:
    """The file's text, `\\r\\n` at the end of every row."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_text, grid.names()))
    for row in (*grid.rows, *filter(None, [grid.totals()])):
        kinds = (column.kind for column in grid.columns)
        cells = zip(kinds, row, strict=True)
        writer.writerow(text if kind == "figure" else _text(text) for kind, text in cells)
    return _BOM + out.getvalue()


def _text(text: str) -> str:
    """Words as words: a spreadsheet would run a text that begins like a formula, and a `'` before
    it is the one prefix that Excel, LibreOffice and WPS all leave unexecuted and a person can
    read. Figures are ours, and a minus before them is a minus."""
    return f"'{text}" if text.startswith(_RISKY) else text
