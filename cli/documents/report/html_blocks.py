"""How the blocks of a document become HTML (html_page/blocks.html.jinja), in the file of a report
and in the pages of `serve`: tables, charts, sentences, every figure a link to its explanation.

Texts pass through Jinja2's autoescape; what is ours alone (style, script, charts) does not.
"""

from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.documents import csv_table
from cli.documents.report.said import lacking
from cli.documents.report.svg_charts import svg
from ledger.texts import escaped
from projections.report.document.parts import Chart, TableBlock
from projections.report.grid import Box, Grid, Kind

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent.joinpath("html_page")
Address = Callable[[str], str]


def templates(*folders: Path, address: Address) -> "Environment":
    """The templates of some folders, with those of blocks. `address` is where a figure of an id is
    explained. Raises `Lacking` without Jinja2."""
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise lacking("jinja2") from None
    made = Environment(
        loader=FileSystemLoader([*folders, HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals.update(
        address=address,
        heads=_heads,
        rows=_rows,
        foot=_foot,
        csv=_csv,
        svg=lambda chart, told: markup()(_drawn(chart, told)),
        class_of=lambda cell: _CLASSES[cell.kind],
        kind_of=lambda block: type(block).__name__,
    )
    return made


def markup() -> type[str]:
    """What marks a text as HTML of our own."""
    from markupsafe import Markup

    return Markup


def _finalized(value: Any) -> Any:
    """What a person typed turns no order of what is read."""
    return escaped(value) if type(value) is str else value


@cache
def own(name: str) -> str:
    """A file of ours that goes into a page."""
    return HERE.joinpath(name).read_text("utf-8")


_CLASSES: dict[Kind, str] = {"word": "word", "mark": "mark", "figure": "amount"}


class _Cell(NamedTuple):
    """A cell of the body: its kind, what it prints, and the figure."""

    kind: Kind
    text: str
    figure: str


def _heads(grid: Grid) -> list[list[Box]]:
    """The rows of the header."""
    rows: list[list[Box]] = [[] for _ in range(grid.head)]
    for box in sorted(grid.boxes, key=lambda box: box.column):
        rows[box.row].append(box)
    return rows


def _rows(sheet: TableBlock) -> list[list[_Cell]]:
    return [_cells(sheet.grid, *both) for both in zip(sheet.grid.rows, sheet.figures, strict=False)]


def _foot(sheet: TableBlock) -> list[_Cell]:
    totals = sheet.grid.totals()
    return _cells(sheet.grid, totals, sheet.figures[-1]) if totals else []


def _cells(grid: Grid, texts: list[str], figures: tuple[str, ...]) -> list[_Cell]:
    return [
        _Cell(column.kind, text, figure)
        for column, text, figure in zip(grid.columns, texts, figures, strict=True)
    ]


def _csv(grid: Grid) -> str:
    """A table as a file inside the file."""
    return (
        f"data:text/csv;charset=utf-8;base64,{b64encode(csv_table.table(grid).encode()).decode()}"
    )


def _drawn(chart: Chart, told: str) -> str:
    return escaped(svg(chart, told))
