"""The rows of a CSV file as they stand there, streamed: cells of text, and the line of each row.

A quoted cell may stand behind blanks, and `="0001"`, which is how a spreadsheet is kept from making
a number of a code, says 0001.
"""

import csv
import re
from collections.abc import Iterator
from typing import TextIO

from ledger.errors import Malformed, Unreadable

_CELL_MAX = 1 << 24  # beyond it the reader gives up; far below, parse.text names the column
_ERRORS = {
    "unexpected end of data": "引号没有结束",
    "',' expected after '\"'": "引号之后不是逗号",
}


_KEPT_AS_TEXT = re.compile(r'="([^"]*)"\s*')


def _said(cell: str) -> str:
    found = _KEPT_AS_TEXT.fullmatch(cell)
    return found[1] if found else cell


def csv_rows(stream: TextIO) -> Iterator[tuple[int, list[str] | Malformed]]:
    """Line numbers, the first being 1, with the cells of the row or what is wrong with it."""
    csv.field_size_limit(_CELL_MAX)
    reader = csv.reader(stream, strict=True, skipinitialspace=True)
    start = 1
    while True:
        try:
            for cells in reader:
                yield start, [_said(cell) if cell[:2] == '="' else cell for cell in cells]
                start = reader.line_num + 1
            return
        except csv.Error as error:
            wrong = Malformed(
                Unreadable.FILE_CSV,
                field="行",
                value=_ERRORS.get(str(error), str(error)),
                expected="正确的 CSV（引号成对，每格不超过 16 MB）",
            )
        yield start, wrong
        start = reader.line_num + 1
