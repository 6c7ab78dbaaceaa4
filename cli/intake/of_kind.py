"""A file of facts of one kind (`import FILE --of KIND`): CSV or a workbook, without a column
`kind`.

Its columns are those of the kind, by the names of the options or in Chinese. A row without an id
has one of its content, and of how often that came before in the file, so that the same file twice
records nothing new. Above the header of a worksheet there may be titles.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import islice
from pathlib import Path

from cli.intake.encoding import shown
from cli.intake.mapped.header import said
from cli.intake.rows import BadRow, CanonicalRow, Row, header_of, text_rows
from cli.intake.xlsx.workbook import is_workbook, opened_sheet, without_sheets
from cli.intake.xlsx.worksheet import Cells, is_blank
from ledger.canonical.asked import columns_of
from ledger.canonical.columns import Columns, RowCells
from ledger.errors import Malformed, Unreadable

_Rows = Iterator[CanonicalRow | BadRow]
_SheetRows = Iterator[tuple[int, Cells | Malformed]]
_TITLES_MAX = 10
_RUNNING = "#"
"""The running number of the rows of a list, which says nothing."""


@contextmanager
def rows_of_kind(path: Path, kind: str, sheet: str | None) -> Iterator[_Rows]:
    """The rows of a file of one kind, streamed. Raises `Malformed` for what makes the whole
    unreadable."""
    columns = columns_of(kind)
    if not any("序号" in also for also in columns.values()):
        columns = {**columns, _RUNNING: ("序号",)}
    named = _Named(kind)
    if is_workbook(path):
        with opened_sheet(path, sheet) as opened:
            yield _of_sheet(opened.rows(), path, columns, named)
        return
    if sheet is not None:
        raise without_sheets(sheet)
    with text_rows(path, columns, ()) as rows:
        yield (
            row
            if isinstance(row, BadRow)
            else Row(row.number, named.row(row.cells), ("kind", *row.columns))
            for row in rows
        )


class _Named:
    """Rows of a kind, each with an id."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._seen: Counter[str] = Counter()

    def row(self, texts: dict[str, str]) -> RowCells:
        """The cells of a row, by column."""
        texts = {name: text for name, text in texts.items() if name != _RUNNING}
        if texts.get("id"):
            return RowCells(kind=self._kind, **texts)
        told = (f"{name}={text}" for name, text in sorted(texts.items()) if text)
        content = sha256("\x1f".join((self._kind, *told)).encode()).hexdigest()[:24]
        self._seen[content] += 1
        often = "" if self._seen[content] == 1 else f"-{self._seen[content]}"
        return RowCells(**{**texts, "kind": self._kind, "id": f"{self._kind}-{content}{often}"})


def _of_sheet(rows: _SheetRows, path: Path, columns: Columns, named: _Named) -> _Rows:
    """The rows of a worksheet below its header."""
    places: dict[int, str] | None = None
    header: Sequence[str] = ()
    for number, cells in _from_header(rows, columns):
        if not isinstance(cells, Malformed) and is_blank(cells):
            continue
        try:
            if places is None:
                if isinstance(cells, Malformed):
                    raise cells
                at = sorted(place for place, cell in cells.items() if said(cell).strip())
                header = header_of([said(cells[place]) for place in at], columns, ())
                places = dict(zip(at, header, strict=True))
                continue
            yield Row(number, named.row(_texts(cells, places)), ("kind", *header))
        except Malformed as wrong:
            yield BadRow(number, wrong)
            if places is None:
                return
    if places is None:
        expected = "含表头和数据行的工作表（此表是空的）"
        raise Malformed(Unreadable.FILE_EMPTY, field="FILE", value=shown(path), expected=expected)


def _from_header(rows: _SheetRows, columns: Columns) -> _SheetRows:
    """The rows from the first that names a column; a title above it that says that amounts are
    万元 is one that is wrong."""
    names = {name for own, also in columns.items() for name in (own, *also)}
    above: list[tuple[int, Cells | Malformed]] = []
    for row in islice(rows, _TITLES_MAX):
        above.append(row)
        if isinstance(row[1], Malformed) or any(text in names for text in _told(row)):
            break
    else:  # none is a header: what looks most like one is complained of
        above = sorted(above, key=lambda row: (len(_told(row)), -row[0]))
    for number, told in ((row[0], " ".join(_told(row))) for row in above[:-1]):
        if "万元" in told:
            expected = "以元为单位的金额"
            yield (
                number,
                Malformed(Unreadable.AMOUNT_MALFORMED, field="行", value=told, expected=expected),
            )
    yield from above[-1:]
    yield from rows


def _told(row: tuple[int, Cells | Malformed]) -> list[str]:
    """What the cells of a row say."""
    cells = row[1]
    if isinstance(cells, Malformed):
        return []
    return [text for text in (said(cell).strip() for cell in cells.values()) if text]


def _texts(cells: Cells | Malformed, places: dict[int, str]) -> dict[str, str]:
    """The texts of a row, by column. Raises `Malformed` for a cell or a row that cannot be read,
    and for what stands beside the columns."""
    if isinstance(cells, Malformed):
        raise cells
    texts: dict[str, str] = {}
    for at, cell in sorted(cells.items()):
        name = places.get(at)
        if isinstance(cell, Malformed):
            raise cell.about(name or "行")
        if name is None and cell.strip():
            expected = "空（表头没有这一栏）"
            raise Malformed(Unreadable.ROW_COLUMNS, field="行", value=cell, expected=expected)
        if name is not None:
            texts[name] = cell.strip()
    return texts
