"""A CSV file as rows: its header, and every line below it or what is wrong with it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cli.intake.csv_rows import csv_rows
from cli.intake.encoding import detected_encoding, shown
from ledger.canonical.columns import ALIASES, Columns
from ledger.errors import Malformed, Unreadable


class Row(NamedTuple):
    """One row of the file: the line on which it begins (the header being 1) and its cells."""

    number: int
    cells: dict[str, str]


class BadRow(NamedTuple):
    """A row that cannot be split into cells."""

    row: int
    wrong: Malformed


@contextmanager
def opened_rows(
    path: Path,
    columns: Columns = ALIASES,
    required: Collection[str] = ("id", "date", "kind"),
) -> Iterator[Iterator[Row | BadRow]]:
    """The rows of a CSV file, streamed; `columns` are its own, with the headers that mean the same.
    Raises `Malformed` for what makes the whole unreadable: no file, an unknown encoding, a header
    that is not ours."""
    encoding = detected_encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        yield _rows(stream, path, columns, required)


def _rows(
    stream: Any, path: Path, columns: Columns, required: Collection[str]
) -> Iterator[Row | BadRow]:
    header: list[str] | None = None
    for number, cells in csv_rows(stream):
        if isinstance(cells, Malformed):
            yield BadRow(number, cells)
            if header is None:
                return
        elif header is None:
            header = _header(cells, columns, required)
        elif any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                expected = f"{len(header)} 栏，与表头相同（此行 {len(cells)} 栏）"
                yield BadRow(
                    number,
                    Malformed(
                        Unreadable.ROW_COLUMNS, field="行", value=",".join(cells), expected=expected
                    ),
                )
            else:
                yield Row(number, dict(zip(header, map(str.strip, cells), strict=True)))
    if header is None:
        expected = "含表头和数据行的 CSV（此文件是空的）"
        raise Malformed(Unreadable.FILE_EMPTY, field="FILE", value=shown(path), expected=expected)


def _header(cells: list[str], columns: Columns, required: Collection[str]) -> list[str]:
    """The canonical names of a header. Unknown, repeated and missing columns are refused."""
    names = {alias: name for name, also in columns.items() for alias in (name, *also)}
    header: list[str] = []
    for cell in cells:
        name = names.get(cell.strip())
        if name is None:
            expected = "表头栏名之一：" + "、".join(columns)
            raise Malformed(Unreadable.HEADER_UNKNOWN, field="表头", value=cell, expected=expected)
        if name in header:
            raise Malformed(
                Unreadable.HEADER_REPEATED, field="表头", value=cell, expected="只出现一次的栏名"
            )
        header.append(name)
    for name in required:
        if name not in header:
            expected = f"含有 {name}（{columns[name][0]}）一栏的表头"
            raise Malformed(
                Unreadable.HEADER_MISSING, field="表头", value=",".join(cells), expected=expected
            )
    return header


_Read = TypeVar("_Read")


def in_row(row: Row | BadRow, read: Callable[[dict[str, str]], _Read]) -> _Read:
    """What `read` makes of a row's cells. Raises `Malformed` that names the line of the file."""
    try:
        if isinstance(row, BadRow):
            raise row.wrong
        return read(row.cells)
    except Malformed as wrong:
        number = row.row if isinstance(row, BadRow) else row.number
        raise wrong.at(f"第 {number} 行") from wrong
