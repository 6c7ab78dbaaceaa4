"""A list that somebody keeps: a workbook or a CSV file with a row of headers, which people write
in their own way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cli.intake.encoding import detected_encoding
from cli.intake.mapped.header import by_column, said
from cli.intake.xlsx.workbook import is_workbook, opened_sheet, without_sheets
from cli.intake.xlsx.worksheet import Cell, Cells
from ledger.canonical.columns import Columns
from ledger.errors import Malformed, Unreadable

ListRows = Iterator[tuple[int, Cells | Malformed]]
"""Rows by their numbers, or what is wrong with one."""


@contextmanager
def opened_list(path: Path, sheet: str | None) -> Iterator[ListRows]:
    """The rows of a workbook or a CSV file. Raises `Malformed`."""
    if is_workbook(path):
        with opened_sheet(path, sheet) as opened:
            yield opened.rows()
        return
    encoding = detected_encoding(path)
    if sheet is not None:
        raise without_sheets(sheet)
    with path.open(encoding=encoding, newline="") as stream:
        yield by_column(stream)


class Headers:
    """What the headers of a list mean, whatever their blanks and capitals."""

    def __init__(self, columns: Columns) -> None:
        self._meant: Mapping[str, str] = {
            alias: name for name, also in columns.items() for alias in (name, *also)
        }

    def column(self, cell: Cell) -> str | None:
        """The column that a cell of a header names."""
        return self._meant.get("".join(said(cell).split()).lower())

    def places(self, cells: Cells) -> dict[str, int]:
        """Where the columns stand that a row names. Raises `Malformed` for one that it names
        twice."""
        places: dict[str, int] = {}
        for at, cell in sorted(cells.items()):
            name = self.column(cell)
            if name is None:
                continue
            if name in places:
                expected = "只出现一次的栏名"
                raise Malformed(
                    Unreadable.HEADER_REPEATED, field="表头", value=said(cell), expected=expected
                )
            places[name] = at
        return places
