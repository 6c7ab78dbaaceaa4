"""A document put together as a Word file: cover, contents, parts with their tables and pictures.

What is printed is set as 公文 are (GB/T 9704): margins, 仿宋 三号 on lines of 28 points. Sections
whose tables are wide lie across. The contents lead to their headings and name no page: pages are
made by the program that shows the file, and it puts their numbers in when the field is updated.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import NamedTuple

from docx.oxml.ns import qn
from docx.parts.document import DocumentPart as WordPart
from docx.shared import Twips

from cli.documents.report.docx_file import file
from cli.documents.report.docx_file.pieces import (
    Element,
    begun,
    element,
    ended,
    paragraph,
    run,
    tab,
)
from cli.documents.report.docx_file.tables import (
    UPRIGHT,
    DrawnCell,
    Plan,
    drawn,
    height,
    plan,
    table,
)
from cli.documents.report.png_charts import png, writes_chinese
from cli.documents.report.said import INTERNAL, head
from cli.text.columns import width
from ledger.texts import escaped
from projections.report.document.parts import (
    Block,
    Chart,
    DocumentPart,
    DocumentSection,
    Prose,
    ReportDocument,
    Summary,
    TableBlock,
)
from projections.report.grid import Grid
from projections.report.narrative.marks import plain

_PICTURE = 7650
"""How wide a picture is, in twips."""
_SHARES = (62, 38)
"""Percents of a table of two columns: what, and how much."""
_DEPTH = 3
_PART, _ABOVE = 1480, 720
"""Twips of the heading of a part, and of the lines above a table."""
_LINE, _LETTERS = 560, 54
"""Twips of a line of text, and how many columns it has."""
_NOTE, _NOTED = 340, 96
"""The same of a note below a table."""
_LACKING = re.compile("(【缺：.*?】)")
_NUMBERED = re.compile("图[0-9]+")


class _Pages(NamedTuple):
    """What lies on pages of one direction; `wide` is how wide they are between the margins."""

    wide: int
    elements: list[Element]


class _Heading(NamedTuple):
    """An entry of the contents, and the bookmark that it leads to."""

    level: int
    title: str
    mark: str


def written(document: ReportDocument) -> bytes:
    """The bytes of the file."""
    made = file.opened()
    headings: list[_Heading] = []
    pages: list[_Pages] = []
    for part in document.parts:
        for section in part.sections:
            plans = _plans(section, _PART if section is part.sections[0] else 0)
            wide = max((each.page for each in plans if each), default=UPRIGHT)
            _add(pages, _section(part, section, plans, headings, made.part), wide)
    references = file.furniture(made.part, above=INTERNAL if document.internal else "")
    body = made.element.body
    front = [*_cover(document), *_contents(headings)]
    body.extend(_closed(front, file.page(UPRIGHT, references[:1])))
    for at, each in enumerate(pages):
        said = file.page(each.wide, references[1:] if not at else (), first=not at)
        last = each is pages[-1]
        body.extend([*_ending(each.elements), said] if last else _closed(each.elements, said))
    of_all = file.Properties(document.title, document.unit, head(document.header))
    return file.saved(made, of_all)


def _ending(elements: list[Element]) -> list[Element]:
    """A table is the last of nothing: a paragraph follows."""
    return elements if elements[-1].tag == qn("w:p") else [*elements, paragraph("TableGap")]


def _closed(elements: list[Element], said: Element) -> list[Element]:
    """Pages that end here: the last paragraph says what they are like."""
    ended_by = _ending(elements)
    ended_by[-1].find(qn("w:pPr")).append(said)
    return ended_by


def _add(pages: list[_Pages], elements: list[Element], wide: int) -> None:
    """Puts a section on the pages; one that lies otherwise than the one before begins others."""
    if pages and pages[-1].wide == wide:
        pages[-1].elements.extend(elements)
    else:
        pages.append(_Pages(wide, _not_on_a_new_page(elements)))


def _cover(document: ReportDocument) -> Iterator[Element]:
    title = document.title.removeprefix(document.unit) or document.title
    yield paragraph("Title", run(f"{document.unit}\n{title}"))
    far = element("spacing", before=5200)
    yield paragraph("Subtitle", run(document.unit), properties=[far])
    yield paragraph("Subtitle", run(f"{document.year}年度"))
    above = element("spacing", before=240)
    said = f"表样版本 {document.edition}；{head(document.header)}"
    yield paragraph("Colophon", run(said), properties=[above])


def _contents(headings: Sequence[_Heading]) -> Iterator[Element]:
    """目录: a field that is filled in already."""
    yield paragraph("TOCHeading", run("目　录"))
    for at, heading in enumerate(headings):
        link = element(
            "hyperlink",
            run(heading.title),
            anchor=heading.mark,
            history=1,
        )
        begins = [] if at else begun(f'TOC \\o "1-{_DEPTH}" \\h \\z \\u')
        yield paragraph(f"TOC{heading.level}", *begins, link)
    if headings:
        yield paragraph("TableGap", ended())


def _section(
    part: DocumentPart,
    section: DocumentSection,
    plans: Sequence[Plan | None],
    headings: list[_Heading],
    into: WordPart,
) -> list[Element]:
    """A section with its heading, that of the part before the first."""
    tabled = any(isinstance(block, TableBlock) for block in section.blocks)
    elements: list[Element] = []
    begins = section is part.sections[0]
    if begins:
        elements.append(_heading(1, part.title, headings))
    if section.title and section.title != part.title:
        elements.append(_heading(section.level, section.title, headings, centred=tabled))
    for block, planned in zip(section.blocks, plans, strict=True):
        if isinstance(block, TableBlock) and planned:
            elements += _sheet(block, planned, section)
        else:
            elements += _block(block, into)
    return _on_a_new_page(elements) if begins or tabled else elements


def _heading(level: int, title: str, headings: list[_Heading], *, centred: bool = False) -> Element:
    number = len(headings) + 1
    mark = f"_Toc{number:08d}"
    headings.append(_Heading(level, title, mark))
    middle = (element("ind", firstLineChars=0, firstLine=0), element("jc", val="center"))
    return paragraph(
        f"Heading{level}",
        element("bookmarkStart", id=number, name=mark),
        run(title.replace("　", "　\n", 1) if level == 1 else title),
        element("bookmarkEnd", id=number),
        properties=middle if centred else (),
    )


def _on_a_new_page(elements: list[Element]) -> list[Element]:
    if elements[0].tag != qn("w:p"):
        elements = [paragraph("TableGap"), *elements]
    elements[0].find(qn("w:pPr")).insert(1, element("pageBreakBefore"))
    return elements


def _not_on_a_new_page(elements: list[Element]) -> list[Element]:
    """What begins pages of another direction does so anyway."""
    for each in elements[0].findall(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}"):
        each.getparent().remove(each)
    return elements


def _plans(section: DocumentSection, above: int) -> list[Plan | None]:
    """How each table of a section is drawn; all of its pages lie as its widest needs. The last is
    drawn so that the section has place on one page, with so many twips above it, if it can be."""
    grids = [block.grid if isinstance(block, TableBlock) else None for block in section.blocks]
    first = [plan(grid) for grid in grids if grid]
    wide = max((each.page for each in first), default=UPRIGHT)
    plans: list[Plan | None] = []
    for at, grid in enumerate(grids):
        beside = None
        if grid and not any(grids[at + 1 :]):
            others = zip(section.blocks, [*plans, *[None] * (len(grids) - at)], strict=True)
            beside = above + _LINE * (1 + width(section.title) // _LETTERS)
            beside += sum(_high(*each) for each in others) + _ABOVE + _notes(grid)
        plans.append(grid and plan(grid, at_least=wide, beside=beside))
    return plans


def _high(block: Block, planned: Plan | None) -> int:
    """How high a paragraph or a table that is planned is, about, in twips."""
    match block:
        case Prose(line=line):
            return _LINE * (1 + width(plain(line)) // _LETTERS)
        case TableBlock(grid=grid) if planned:
            return height(grid, planned) + _ABOVE
        case _:
            return 0


def _notes(grid: Grid) -> int:
    return sum(_NOTE * (1 + width(note) // _NOTED) for note in grid.notes)


def _block(block: Block, into: WordPart) -> Iterator[Element]:
    match block:
        case Prose(line=line, kind=kind):
            said = plain(line)
            yield paragraph("BodyText", *(_marked(said) if kind == "missing" else [run(said)]))
        case Chart():
            yield from _chart(block, into)
        case Summary(lines=lines):
            yield _pairs([(label, plain(line)) for label, line in lines])
            yield paragraph("TableGap")


def _marked(said: str) -> Iterator[Element]:
    """A paragraph that lacks something: the places are marked, or all of it."""
    pieces = _LACKING.split(said) if _LACKING.search(said) else ["", said]
    for at, piece in enumerate(pieces):
        if piece:
            yield run(piece, *([element("highlight", val="yellow")] if at % 2 else []))


def _sheet(sheet: TableBlock, planned: Plan, section: DocumentSection) -> Iterator[Element]:
    """A table with what stands above and below it, as official forms have it."""
    grid = sheet.grid
    if grid.form_number:
        if grid.title != section.title:
            yield _above(grid.title, "", planned.page)
        yield _above("", grid.form_number, planned.page)
        yield _above(f"部门：{grid.department}", f"金额单位：{grid.unit}", planned.page)
    else:
        yield _above(sheet.caption, f"单位：{grid.unit}" if grid.unit else "", planned.page)
    yield drawn(grid, planned)
    last = len(grid.notes) - 1
    for at, note in enumerate(grid.notes):
        together = [element("keepNext")] if at < last else []
        yield paragraph("TableNote", run(note), properties=together)
    if not grid.notes:
        yield paragraph("TableGap")


def _above(left: str, right: str, wide: int) -> Element:
    stop = element("tabs", element("tab", val="right", pos=wide))
    beside = [tab(), run(right)] if right else []
    return paragraph("TableAbove", *([run(left)] if left else []), *beside, properties=[stop])


def _chart(chart: Chart, into: WordPart) -> Iterator[Element]:
    """The picture, or a table where the machine cannot write Chinese into one."""
    unit = f"（单位：{chart.unit}）" if chart.unit else ""
    number = f"{chart.anchor}　" if _NUMBERED.fullmatch(chart.anchor) else ""
    title = f"{number}{chart.title}{unit}"
    if writes_chinese():
        yield paragraph("Picture", element("r", element("drawing", _picture(chart, title, into))))
        yield paragraph("Caption", run(title))
    else:
        yield paragraph("Caption", run(title), properties=[element("keepNext")])
        yield _pairs([*_told(chart)])
        yield paragraph("TableGap")


def _picture(chart: Chart, title: str, into: WordPart) -> Element:
    inline = into.new_pic_inline(BytesIO(png(chart)), width=Twips(_PICTURE))
    inline.docPr.set("name", escaped(chart.title))
    said = "；".join(f"{label}：{printed}" for label, printed in _told(chart))
    inline.docPr.set("descr", escaped(f"{title}　{said}"))
    return inline


def _told(chart: Chart) -> Iterator[tuple[str, str]]:
    """What a chart shows, in words."""
    for point in chart.points:
        for at, value in enumerate(point.values):
            of = f"（{chart.series[at]}）" if chart.series else ""
            yield f"{point.label}{of}", value.printed or "0.00"
    if chart.across is not None:
        yield "序时进度", chart.across.printed


def _pairs(rows: Sequence[tuple[str, str]]) -> Element:
    """A table of what there is, and how much of it."""
    planned = Plan(UPRIGHT, 24, tuple(UPRIGHT * share // 100 for share in _SHARES))
    return table(
        planned, [], [(DrawnCell(what), DrawnCell(much, "TableFigure")) for what, much in rows]
    )
