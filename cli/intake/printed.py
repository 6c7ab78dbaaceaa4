"""What was printed, as a person has it: a workbook or a CSV file with the columns `id` and
`printed`; others (labels, notes) are not looked at. An id may stand there more than once, as a
figure does in a report.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cli.intake.encoding import shown
from cli.intake.lists import Headers, ListRows, opened_list
from cli.intake.mapped.header import said
from cli.intake.rows import wrong_cell
from cli.intake.xlsx.worksheet import Cell, is_blank
from ledger.errors import Malformed, Unreadable, WrongCell, WrongCells

COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("编号", "单元格", "单元格编号"),
    "printed": ("公布数", "印数", "打印数", "公布的数"),
}
_HEADERS = Headers(COLUMNS)
Read = TypeVar("Read")


def printed_rows(path: Path, sheet: str | None, read: Callable[[str, str], Read]) -> list[Read]:
    """What `read` makes of the id and the text of every row. Raises `WrongCells` with every row
    that is wrong, and `Malformed` for what makes the whole unreadable."""
    found: list[Read] = []
    first: Malformed | None = None
    wrong: list[WrongCell] = []
    with opened_list(path, sheet) as rows:
        places = _header(rows, path)
        for number, cells in rows:
            if not isinstance(cells, Malformed) and is_blank(cells):
                continue
            try:
                if isinstance(cells, Malformed):
                    raise cells
                id_, printed = (_text(cells.get(places[name], ""), name) for name in COLUMNS)
                if id_ or printed:
                    found.append(read(id_, printed))
            except Malformed as error:
                first = first or error.at(f"{shown(path)} 第 {number} 行")
                wrong.append(wrong_cell(path, number, COLUMNS, error))
    if first is not None:
        raise WrongCells(first, wrong)
    if not found:
        expected = "至少一行：编号和公布数"
        raise Malformed(Unreadable.FILE_EMPTY, field="FILE", value=shown(path), expected=expected)
    return found


def _header(rows: ListRows, path: Path) -> dict[str, int]:
    """Where the columns stand, by the first row that says anything. Raises `Malformed`."""
    for _, cells in rows:
        if isinstance(cells, Malformed):
            raise cells
        if is_blank(cells):
            continue
        places = _HEADERS.places(cells)
        if len(places) == len(COLUMNS):
            return places
        value = ",".join(said(cell) for _, cell in sorted(cells.items()))
        expected = f"{shown(path)} 的表头含 id（编号）和 printed（公布数）"
        raise Malformed(Unreadable.HEADER_MISSING, field="表头", value=value, expected=expected)
    raise Malformed(
        Unreadable.FILE_EMPTY, field="FILE", value=shown(path), expected="含表头和数据行的文件"
    )


def _text(cell: Cell, column: str) -> str:
    if isinstance(cell, Malformed):
        raise cell.about(column)
    return cell.strip()
