"""A document as one HTML file: no request, no outside file, strict CSP by hash. Every figure opens
the panel that leads from it to its entries (html_page/report.js, from the data in the file).

Texts pass through Jinja2's autoescape; what is ours alone (style, script, charts) does not.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cli.documents import csv_table
from cli.documents.report.said import INTERNAL, head, lacking
from cli.documents.report.svg_charts import svg
from ledger.kinds import KIND_NAMES
from ledger.texts import escaped, json_escaped
from projections.report.document.parts import Chart, DocumentSection, ReportDocument, TableBlock
from projections.report.document.traced import Trace, TracedEntry
from projections.report.grid import Box, Grid, Kind

if TYPE_CHECKING:
    from jinja2 import Environment

_HERE = Path(__file__).parent.joinpath("html_page")


def report(document: ReportDocument) -> bytes:
    """The bytes of the file. Raises `Lacking` without Jinja2."""
    page = _templates().get_template("report.html.jinja")
    style, script = _own("report.css"), _own("report.js")
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"style-src '{_digest(style)}'; script-src '{_digest(script)}'"
    )
    markup = _markup()
    return page.render(
        document=document,
        policy=policy,
        style=markup(style),
        script=markup(script),
        data=markup(_data(document)),
        said_of_head=head(document.header),
        heads=_heads,
        rows=_rows,
        foot=_foot,
        csv=_csv,
        svg=lambda chart, told: markup(_drawn(chart, told)),
        classes=_section_classes,
        class_of=lambda cell: _CLASSES[cell.kind],
        kind_of=lambda block: type(block).__name__,
        internal=INTERNAL,
    ).encode()


def _templates() -> "Environment":
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError:
        raise lacking("jinja2") from None
    return Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _markup() -> type[str]:
    from markupsafe import Markup

    return Markup


def _finalized(value: Any) -> Any:
    """What a person typed turns no order of what is read."""
    return escaped(value) if type(value) is str else value


@cache
def _own(name: str) -> str:
    return _HERE.joinpath(name).read_text("utf-8")


def _digest(text: str) -> str:
    """A hash as a Content-Security-Policy has it."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


_CLASSES: dict[Kind, str] = {"word": "word", "mark": "mark", "figure": "amount"}


class _Cell(NamedTuple):
    """A cell of the body: its kind, what it prints, and the figure."""

    kind: Kind
    text: str
    figure: str


_WIDE = 8
"""More columns than these lie across a sheet of paper."""


def _section_classes(section: DocumentSection) -> str:
    """What the style tells apart: official forms, those that lie across, and self-evaluations."""
    forms = [block.grid for block in section.blocks if isinstance(block, TableBlock)]
    tabled = any(grid.number for grid in forms)
    wide = tabled and max(len(grid.columns) for grid in forms) > _WIDE
    said = (("tabled", tabled), ("wide", wide), ("form", section.level > 2))
    return "".join(f" {name}" for name, holds in said if holds)


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


class _Told(msgspec.Struct, frozen=True):
    """What the script of the page reads; short names, for there are thousands."""

    citation: str
    head: str
    figures: dict[str, tuple[Any, ...]]
    entries: dict[str, tuple[Any, ...]]


def _data(document: ReportDocument) -> str:
    """The ways back of all figures, as JSON that cannot end its element."""
    told = _Told(
        document.header.subject,
        head(document.header),
        {name: _figure(each) for name, each in document.traces.items()},
        {key: _entry(each) for key, each in document.entries.items()},
    )
    text = json_escaped(msgspec.json.encode(told).decode())
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _figure(each: Trace) -> tuple[Any, ...]:
    """label, kind, printed, unit, fen or value, formula, parts, entries, counted, rest, before,
    lacking."""
    exact = each.fen if each.kind == "amount" else each.value
    return (
        *(each.label, each.kind, each.printed, each.unit, exact, each.formula),
        *(each.parts, each.entries, each.counted, each.rest, each.before, each.lacking),
    )


def _entry(each: TracedEntry) -> tuple[Any, ...]:
    """book, number, kind, day, 文号, payee, purpose."""
    kind = KIND_NAMES.get(each.kind, each.kind)
    return each.book, each.entry, kind, each.day, each.doc, each.payee, each.purpose
