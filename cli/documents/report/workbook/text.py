"""The sheet 说明: the text of the report, its figures in notes."""

from cli.documents.report.workbook.charts import named
from cli.documents.report.workbook.drawing import Drawing, figures_of
from cli.documents.xlsx.pages import Page, Spot, lines, pieces
from projections.report.document.parts import (
    Block,
    Chart,
    DocumentPart,
    DocumentSection,
    Prose,
    ReportDocument,
    TableBlock,
)
from projections.report.narrative.marks import plain

NAME = "说明"
_ACROSS = 78  # one column: as wide as every program prints on a page


def parts_said(document: ReportDocument) -> list[DocumentPart]:
    """The parts of the text, those of tables between them; none where nothing is said."""
    if not any(_has(part, Prose) for part in document.parts):
        return []
    return [part for part in document.parts if _has(part, Prose, TableBlock)]


def _has(part: DocumentPart, *kinds: type[Block]) -> bool:
    return any(isinstance(block, kinds) for each in part.sections for block in each.blocks)


def write_text(
    drawing: Drawing, page: Page, parts: list[DocumentPart], sheets: dict[str, Spot]
) -> None:
    """Draws the parts in their order; in the place of what has a sheet or a chart stands a link,
    `sheets` by the anchor of the section or chart."""
    page.columns([_ACROSS])
    page.title(drawing.document.title, _ACROSS, 0)
    at = 1
    for part in parts:
        page.height(at, 3)
        page.text(at, 0, part.title, "part")
        at += 1
        for section in part.sections:
            at = _section(drawing, page, section, at, sheets)
    page.sheet.print_area(0, 0, at - 1, 0)


def _section(
    drawing: Drawing, page: Page, section: DocumentSection, at: int, sheets: dict[str, Spot]
) -> int:
    if section.anchor in sheets:
        to = sheets[section.anchor]
        page.link(at, 0, to, f"{section.title}（见工作表“{to.sheet}”）")
        return at + 1
    if section.title:
        page.height(at, 2 * lines(section.title, _ACROSS))
        page.text(at, 0, section.title, "section")
        at += 1
    for block in section.blocks:
        if isinstance(block, Prose):
            at = _paragraph(drawing, page, block, at)
        elif isinstance(block, Chart):
            to = sheets[block.anchor]
            page.link(at, 0, to, f"{named(block)}（见工作表“{to.sheet}”）")
            at += 1
    return at


def _paragraph(drawing: Drawing, page: Page, paragraph: Prose, at: int) -> int:
    for figure in figures_of(paragraph.line):
        drawing.printed(figure, page, at, 0)
    note = drawing.note_of(paragraph.line)
    if note:
        page.comment(at, 0, note)
    style = "missing" if paragraph.kind == "missing" else "text"
    for piece in pieces(plain(paragraph.line), _ACROSS):
        page.height(at, lines(piece, _ACROSS))
        page.text(at, 0, piece, style)
        at += 1
    return at
