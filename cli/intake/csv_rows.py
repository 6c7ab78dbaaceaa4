"""The rows of a CSV file as they stand there, streamed: cells of text, and the line of each row."""

import csv
from collections.abc import Iterator
from typing import TextIO

from ledger.errors import Malformed, Unreadable

_CELL_MAX = 1 << 24  # beyond it the reader gives up; far below, parse.text names the column
_ERRORS = {
    "unexpected end of data": "引号没有结束",
    "',' expected after '\"'": "引号之后不是逗号",
}


def csv_rows(stream: TextIO) -> Iterator[tuple[int, list[str] | Malformed]]:
    """Line numbers, the first being 1, with the cells of the row or what is wrong with it."""
    csv.field_size_limit(_CELL_MAX)
    reader = csv.reader(stream, strict=True)
    start = 1
    while True:
        try:
            for cells in reader:
                yield start, cells
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
