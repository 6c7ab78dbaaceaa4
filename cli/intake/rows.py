"""A CSV file as rows: its header, and every line below it or what is wrong with it."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Generic, NamedTuple, TextIO, TypeVar, cast

import msgspec

from cli.intake.csv_rows import csv_rows
from cli.intake.encoding import detected_encoding, shown
from ledger.canonical.columns import ALIASES, Columns, RowCells
from ledger.errors import Malformed, Unreadable, WrongCell, WrongCells

Cells = TypeVar("Cells")
"""What a row has: the columns of the canonical format, or texts by the columns of another."""


class Row(msgspec.Struct, Generic[Cells], frozen=True, gc=False):
    """One row of the file: the line on which it begins (the header being 1), its cells, trimmed,
    and the columns of its file in their order."""

    number: int
    cells: Cells
    columns: Sequence[str] = RowCells._fields


class BadRow(NamedTuple):
    """A row that cannot be split into cells."""

    number: int
    wrong: Malformed


CanonicalRow = Row[RowCells]
TextRow = Row[dict[str, str]]
_Made = Callable[[list[str]], Cells]
"""What makes cells of the texts of a row."""


@contextmanager
def canonical_rows(path: Path) -> Iterator[Iterator[CanonicalRow | BadRow]]:
    """The rows of a CSV file of the canonical format, streamed. Raises `Malformed` as `text_rows`
    does."""
    with _opened(path) as stream:
        yield _rows(stream, path, ALIASES, ("id", "date", "kind"), _by_position)


@contextmanager
def text_rows(
    path: Path, columns: Columns, required: Collection[str]
) -> Iterator[Iterator[TextRow | BadRow]]:
    """The rows of a CSV file, streamed; `columns` are its own, with the headers that mean the same.
    Raises `Malformed` for what makes the whole unreadable: no file, an unknown encoding, a header
    that is not ours."""
    with _opened(path) as stream:
        yield _rows(stream, path, columns, required, _by_name)


def _opened(path: Path) -> TextIO:
    return path.open(encoding=detected_encoding(path), newline="")


def _by_position(header: Sequence[str]) -> _Made[RowCells]:
    """Canonical cells: where each column stands in the file is worked out once. Those that it has
    not are behind its last cell, and empty; most files end with the columns of money."""
    names = RowCells._fields
    last = max(names.index(name) for name in header) + 1
    rest = ("",) * (len(names) - last)
    picked = itemgetter(*(header.index(name) if name in header else -1 for name in names[:last]))
    made = RowCells._make

    def read(cells: list[str]) -> RowCells:
        cells.append("")
        return made(picked(cells) + rest)

    return read


def _by_name(header: Sequence[str]) -> _Made[dict[str, str]]:
    """Texts by the names of a file's own columns."""
    return lambda cells: dict(zip(header, cells, strict=True))


def _rows(
    stream: TextIO,
    path: Path,
    columns: Columns,
    required: Collection[str],
    reads: Callable[[Sequence[str]], _Made[Cells]],
) -> Iterator[Row[Cells] | BadRow]:
    header: list[str] | None = None
    for number, cells in csv_rows(stream):
        if isinstance(cells, Malformed):
            yield BadRow(number, cells)
            if header is None:
                return
        elif header is None:
            header = header_of(cells, columns, required)
            read, width = reads(header), len(header)
        elif any(trimmed := [*map(str.strip, cells)]):
            if len(cells) != width:
                expected = f"{width} 栏，与表头相同（此行 {len(cells)} 栏）"
                yield BadRow(
                    number,
                    Malformed(
                        Unreadable.ROW_COLUMNS, field="行", value=",".join(cells), expected=expected
                    ),
                )
            else:
                yield Row(number, read(trimmed), header)
    if header is None:
        expected = "含表头和数据行的 CSV（此文件是空的）"
        raise Malformed(Unreadable.FILE_EMPTY, field="FILE", value=shown(path), expected=expected)


def header_of(cells: list[str], columns: Columns, required: Collection[str]) -> list[str]:
    """The canonical names of a header. Unknown, repeated and missing columns are refused. Raises
    `Malformed`."""
    names = {alias: name for name, also in columns.items() for alias in (name, *also)}
    header: list[str] = []
    for cell in cells:
        name = names.get(cell.strip())
        if name is None:
            as_typed = 0 if cell.isascii() else 1
            named = ((own, *also)[: as_typed + 1][-1] for own, also in columns.items())
            expected = "表头栏名之一：" + "、".join(named)
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


class Reads:
    """What is read of the cells of one row: all that cannot be is kept, and raised at its end."""

    def __init__(self) -> None:
        self._wrong: list[Malformed] = []

    def of(self, read: Callable[[], _Read]) -> _Read:
        """What `read` makes of a cell; where it cannot, nothing that is used: `end` raises."""
        try:
            return read()
        except Malformed as wrong:
            self._wrong.append(wrong)
            return cast(_Read, None)

    def end(self) -> None:
        """Raises what was kept."""
        if self._wrong:
            raise _Several(self._wrong)


class _Several(Malformed):
    """What is wrong with one row."""

    def __init__(self, wrong: Sequence[Malformed]) -> None:
        first = wrong[0]
        super().__init__(
            first.unreadable, field=first.field, value=first.typed, expected=first.expected
        )
        self.wrong = wrong


def all_rows(
    path: Path,
    columns: Columns,
    required: Collection[str],
    read: Callable[[TextRow], _Read],
    *,
    usable: Callable[[Sequence[str]], None] | None = None,
) -> list[tuple[TextRow, _Read]]:
    """Every row of a CSV file and what `read` makes of it. `usable` says of the columns of the file
    whether there are those that are needed, before rows are told to lack them. Raises `WrongCells`
    with all that cannot be read, or what `text_rows` and `usable` raise."""
    found: list[tuple[TextRow, _Read]] = []
    first: Malformed | None = None
    cells: list[WrongCell] = []
    with text_rows(path, columns, required) as rows:
        for row in rows:
            if usable is not None and isinstance(row, Row):
                usable(row.columns)
                usable = None
            try:
                if isinstance(row, BadRow):
                    raise row.wrong
                found.append((row, read(row)))
            except Malformed as error:
                wrong = error.wrong if isinstance(error, _Several) else [error]
                first = first or wrong[0].at(f"第 {row.number} 行")
                cells += (wrong_cell(path, row.number, columns, each) for each in wrong)
    if first is not None:
        raise WrongCells(first, cells)
    return found


def wrong_cell(path: Path, row: int, columns: Columns, wrong: Malformed) -> WrongCell:
    """One complaint, by the file's own name for the column."""
    header = columns[wrong.field][0] if wrong.field in columns else wrong.field
    return WrongCell.of(wrong, file=shown(path), row=row, column=wrong.field, header=header)


@contextmanager
def of_file(path: Path) -> Iterator[None]:
    """What is wrong in a file names it too, but for what is wrong with the file as such."""
    try:
        yield
    except WrongCells as wrong:
        raise WrongCells(wrong.at(shown(path)), wrong.cells) from wrong
    except Malformed as wrong:
        if wrong.field == "FILE":
            raise
        raise wrong.at(shown(path)) from wrong
