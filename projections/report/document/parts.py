"""What a document is made of: parts with sections, in them paragraphs, tables and charts. A writer
(html, docx, xlsx) draws them and works out nothing; every number that is printed is marked with the
figure that it prints.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from projections.answers import Header
from projections.report.document.traced import Trace, TracedEntry
from projections.report.grid import Grid
from projections.report.narrative.answer import ToldNeed
from projections.report.narrative.marks import Line
from projections.report.narrative.sections_said import ChartKind
from projections.report.narrative.sentences import ParagraphKind


class Prose(NamedTuple):
    """A paragraph of the text; `missing`: somebody has yet to say it."""

    line: Line
    kind: ParagraphKind = "derived"


class TableBlock(NamedTuple):
    """A table. `figures` are the ids of what its cells print, in the shape of the grid's rows and,
    last, of its foot; "" where a cell prints no figure. `caption`: what stands above a table that
    is no official form."""

    grid: Grid
    figures: tuple[tuple[str, ...], ...]
    caption: str = ""


class Value(NamedTuple):
    """A number of a chart: fen, or hundredths of a percent; how it is printed, and the figure."""

    number: int
    printed: str
    figure: str = ""


class Point(NamedTuple):
    """What stands at one place of a chart: a value for each series."""

    label: str
    values: tuple[Value, ...]


class Chart(NamedTuple):
    """A chart; `across` is a value that is drawn as a line (序时进度)."""

    anchor: str
    title: str
    kind: ChartKind
    unit: str
    series: tuple[str, ...]
    points: tuple[Point, ...]
    across: Value | None = None


class Summary(NamedTuple):
    """What is told first: a word and its figure, each."""

    lines: tuple[tuple[str, Line], ...]


Block = Prose | TableBlock | Chart | Summary


class DocumentSection(NamedTuple):
    """A section with its heading; `anchor` is the same in every document of an edition."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    level: Literal[2, 3] = 2


class DocumentPart(NamedTuple):
    """A part of the document."""

    anchor: str
    title: str
    sections: tuple[DocumentSection, ...]


class ReportDocument(NamedTuple):
    """A whole document. `traces` lead from every figure that is printed to the entries; `entries`
    are those that they name. `missing`: what somebody has yet to say. `internal`: payee and purpose
    of entries are told, so it is not for the public."""

    title: str
    unit: str
    year: int
    edition: str
    header: Header
    parts: tuple[DocumentPart, ...]
    traces: Mapping[str, Trace]
    entries: Mapping[str, TracedEntry]
    missing: tuple[ToldNeed, ...]
    internal: bool = False
