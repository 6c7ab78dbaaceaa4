"""The report as a Word file: what it prints is what the composition prints, cell by cell; it is set
as 公文 are; what a person typed is text in it."""

import re
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
import resvg_py
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph as WordParagraph

from cli.commands.keep.demo import BOOK
from cli.documents.report import docx as docx_report
from cli.documents.report import png_charts
from cli.documents.report.docx_file import writer
from cli.documents.report.docx_file.tables import plan
from cli.documents.report.said import INTERNAL
from ledger.texts import escaped
from projections.answers import Header
from projections.report.document.composition import document
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
from projections.report.grid import Box, Column, Grid
from projections.report.narrative.marks import Span, plain
from tests.harness.report_year import OF_EVERY_KIND, recorded
from tests.harness.reported import reported
from tests.harness.shell import Shell, process

MM = 36_000
"""EMU in a millimetre."""
FIELDS = re.compile(r' (PAGE|TOC \\o "1-3" \\h \\z \\u) ')
HOSTILE = (
    "<w:p><w:r><w:t>x</w:t></w:r></w:p>",
    "]]></w:t>&amp;&#x202e;",
    '=HYPERLINK("http://example.invalid","x")',
    "{ PAGE }{ INCLUDETEXT /etc/passwd }",
    "\x13 DDEAUTO cmd \x14x\x15",
    "右\u202e左\u2066中\u2069\u200b",
    "\x00\x07\x1b[31m\ufffe\ud800",
    "长" * 20_000,
    "W" * 20_000,
)


@pytest.fixture(scope="module")
def composed(
    demonstrated: Shell, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, ReportDocument]:
    """The published report of 2020, and that of a department of units of every kind."""
    folder = tmp_path_factory.mktemp("department")
    year = recorded(folder, OF_EVERY_KIND, 2020, k=3, edition="2024")
    with reported(demonstrated.db, BOOK) as one, reported(year.db) as many:
        return {"demo": document(one), "department": document(many)}


@pytest.fixture(scope="module")
def files(composed: dict[str, ReportDocument]) -> dict[str, bytes]:
    """Their files; charts are pictures, whatever fonts there are."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(writer, "writes_chinese", lambda: True)
        return {name: docx_report.report(each) for name, each in composed.items()}


@pytest.fixture(params=["demo", "department"])
def made(request: pytest.FixtureRequest, composed: dict[str, ReportDocument]) -> ReportDocument:
    return composed[request.param]


@pytest.fixture
def word(request: pytest.FixtureRequest, made: ReportDocument, files: dict[str, bytes]) -> Word:
    """The file of `made`, read back."""
    return opened(files[request.node.callspec.params["made"]])


def opened(contents: bytes) -> Word:
    return docx.Document(BytesIO(contents))


def xml_of(contents: bytes) -> dict[str, str]:
    """The parts of the file that are XML."""
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels"))]
        return {name: archive.read(name).decode("utf-8") for name in names}


def sections(made: ReportDocument) -> list[tuple[DocumentPart, DocumentSection]]:
    return [(part, section) for part in made.parts for section in part.sections]


def blocks(made: ReportDocument, *kinds: type[Block]) -> list[Any]:
    """The blocks of some kinds, in order."""
    found = (block for _, section in sections(made) for block in section.blocks)
    return [block for block in found if isinstance(block, kinds)]


def written(row: Any) -> list[str]:
    """What stands in the cells of a row, each once."""
    return ["\n".join(_lines(cell)) for cell in row.findall(qn("w:tc"))]


def _lines(cell: Any) -> Iterator[str]:
    for each in cell.findall(qn("w:p")):
        yield WordParagraph(each, None).text  # type: ignore[arg-type]


def test_every_cell_prints_what_the_composition_prints(word: Word, made: ReportDocument):
    drawn = word.tables
    wanted = blocks(made, TableBlock, Summary)
    assert len(drawn) == len(wanted)
    for table, block in zip(drawn, wanted, strict=True):
        rows = table._tbl.tr_lst
        if isinstance(block, Summary):
            assert [written(row) for row in rows] == [
                [label, plain(line)] for label, line in block.lines
            ]
            continue
        grid = block.grid
        body = [written(row) for row in rows[grid.head :]]
        assert body[: len(grid.rows)] == grid.rows
        if grid.foot:
            said = [(one.label, one.printed, *one.beside) for one in grid.foot]
            assert [*filter(None, body[-1])] == [text for texts in said for text in texts if text]
        assert len(body) == len(grid.rows) + bool(grid.foot)


def test_headers_are_merged_as_they_are_and_stand_on_every_page(word: Word, made: ReportDocument):
    tables = [table for table in word.tables if table._tbl.findall(f".//{qn('w:tblHeader')}")]
    for table, sheet in zip(tables, blocks(made, TableBlock), strict=True):
        grid = sheet.grid
        for box in grid.boxes:
            first = table.cell(box.row, box.column)
            assert first.text == box.text
            last = table.cell(box.row + box.down - 1, box.column + box.across - 1)
            assert first._tc is last._tc
        repeated = [bool(row.findall(f".//{qn('w:tblHeader')}")) for row in table._tbl.tr_lst]
        assert repeated == [at < grid.head for at in range(len(repeated))]
        assert all(row.findall(f".//{qn('w:cantSplit')}") for row in table._tbl.tr_lst)


def test_what_is_said_is_said_in_order(word: Word, made: ReportDocument):
    body = [each for each in word.paragraphs if each.style and each.style.name == "Body Text"]
    wanted = blocks(made, Prose)
    assert [each.text for each in body] == [plain(block.line) for block in wanted]
    for each, block in zip(body, wanted, strict=True):
        marked = "".join(run.text for run in each.runs if run.font.highlight_color)
        places = "".join(re.findall("【缺：.*?】", each.text)) or each.text
        assert marked == (places if block.kind == "missing" else "")


def test_headings_are_headings(word: Word, made: ReportDocument):
    wanted = []
    for part, section in sections(made):
        if section is part.sections[0]:
            wanted.append(("Heading 1", part.title))
        if section.title not in ("", part.title):
            wanted.append((f"Heading {section.level}", section.title))
    names = [(each.style.name if each.style else "", each.text) for each in word.paragraphs]
    found = [(style, text.replace("\n", "")) for style, text in names if style.startswith("Head")]
    assert found == wanted
    listed = [text for style, text in names if style.startswith("toc")]
    assert listed == [text for _, text in wanted]


def test_the_contents_lead_to_the_headings(word: Word, made: ReportDocument):
    marks = word.element.xpath("//w:bookmarkStart/@w:name")
    assert word.element.xpath("//w:hyperlink/@w:anchor") == marks
    assert len(set(marks)) == len(marks)


def test_pages_are_those_of_an_official_document(word: Word, made: ReportDocument):
    for section in word.sections:
        upright = (section.top_margin, section.bottom_margin, section.left_margin)
        sides = [round(each / MM) for each in (*upright, section.right_margin) if each is not None]
        across = section.orientation == WD_ORIENT.LANDSCAPE
        assert sides == ([28, 26, 35, 37] if across else [37, 35, 28, 26])
        assert section.page_width is not None and section.page_height is not None
        assert (section.page_width > section.page_height) is across


def test_no_table_is_wider_than_its_page_and_no_figure_than_its_column(
    word: Word, made: ReportDocument
):
    for section in word.sections:
        assert None not in (section.page_width, section.left_margin, section.right_margin)
        place = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
        for table in (each for each in section.iter_inner_content() if isinstance(each, Table)):
            assert sum(column.width or 0 for column in table.columns) <= place + MM // 10
    for sheet in blocks(made, TableBlock):
        planned = plan(sheet.grid)
        rows = [*sheet.grid.rows, *filter(None, [sheet.grid.totals()])]
        for at, column in enumerate(sheet.grid.columns):
            if column.kind == "figure":
                longest = max(len(row[at]) for row in rows)
                assert longest * planned.size * 5 + 120 <= planned.widths[at]


def test_fonts_are_named_for_both_scripts(word: Word, made: ReportDocument):
    styles = word.styles
    wanted = {"Title": "方正小标宋简体", "Heading 2": "黑体", "Table Figure": "宋体"}
    for name, font in wanted.items():
        style: Any = styles[name]
        while style.element.rPr is None or style.element.rPr.rFonts is None:
            style = style.base_style
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    (default,) = styles.element.xpath("w:docDefaults//w:rFonts")
    assert default.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert default.get(qn("w:ascii")) == "Times New Roman"
    body: Any = styles["Body Text"]
    assert body.element.pPr.ind.get(qn("w:firstLineChars")) == "200"


def test_a_chart_is_a_picture_that_is_told_in_words(word: Word, made: ReportDocument):
    pictures = word.element.xpath("//wp:docPr")
    charts = blocks(made, Chart)
    assert [each.get("name") for each in pictures] == [chart.title for chart in charts]
    for picture, chart in zip(pictures, charts, strict=True):
        for point in chart.points:
            assert point.label in picture.get("descr")
            assert all(value.printed in picture.get("descr") for value in point.values)
    pictures = [each for each in word.part.package.iter_parts() if "media" in each.partname]
    assert 0 < len(pictures) <= len(charts)
    assert all(each.blob.startswith(b"\x89PNG") for each in pictures)


def test_where_no_font_is_chinese_a_chart_is_a_table(
    made: ReportDocument, monkeypatch: pytest.MonkeyPatch
):
    bare = partial(resvg_py.svg_to_bytes, skip_system_fonts=True)
    monkeypatch.setattr(resvg_py, "svg_to_bytes", bare)
    monkeypatch.setattr(writer, "writes_chinese", png_charts.writes_chinese.__wrapped__)
    word = opened(docx_report.report(made))
    assert not word.element.xpath("//wp:docPr")
    printed = {text for table in word.tables for row in table._tbl.tr_lst for text in written(row)}
    for chart in blocks(made, Chart):
        assert {
            value.printed or "0.00" for point in chart.points for value in point.values
        } <= printed


def test_the_same_book_makes_the_same_bytes(
    demonstrated: Shell, composed: dict[str, ReportDocument]
):
    files = [demonstrated.db.parent / f"{seed}.docx" for seed in (1, 2)]
    for seed, file in enumerate(files):
        command = ("--db", str(demonstrated.db), "report", "-o", str(file))
        process(*command, cwd=file.parent, env={"PYTHONHASHSEED": str(seed)})
    first, second = (file.read_bytes() for file in files)
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "2000-01-01T00:00:00Z" in xml_of(first)["docProps/core.xml"]


def test_what_is_internal_says_so_on_every_page(composed: dict[str, ReportDocument]):
    public = composed["demo"]._replace(parts=composed["demo"].parts[:3])
    for internal in (True, False):
        word = opened(docx_report.report(public._replace(internal=internal)))
        said = [section.header.paragraphs[0].text for section in word.sections]
        assert set(said) == {INTERNAL if internal else ""}
        assert not any(section.different_first_page_header_footer for section in word.sections)


def hostile(header: Header) -> ReportDocument:
    """A document in which everything that can be typed is hostile."""
    said = "".join(HOSTILE[:7])
    grid = Grid(
        1,
        "公开01表",
        said,
        said,
        said,
        said,
        [*HOSTILE],
        1,
        [Box(0, 0, 1, 1, said), Box(0, 1, 1, 1, HOSTILE[7])],
        [Column("word", (said,)), Column("figure", (said,))],
        [0],
        [[each, each] for each in HOSTILE],
        [],
    )
    block = TableBlock(grid, (), said)
    paragraphs = tuple(Prose((Span(each),), "text") for each in HOSTILE)
    section = DocumentSection("a", said, (*paragraphs, block, Summary(((said, (Span(said),)),))))
    return ReportDocument(
        said, said, 2020, said, header, (DocumentPart("p", said, (section,)),), {}, {}, ()
    )


def test_what_a_person_typed_is_text(composed: dict[str, ReportDocument]):
    made = hostile(composed["demo"].header)
    contents = docx_report.report(made)
    word = opened(contents)
    assert all(FIELDS.fullmatch(each.text) for each in word.element.iter(qn("w:instrText")))
    body = [each.text for each in word.paragraphs if each.style and each.style.name == "Body Text"]
    assert body == [escaped(each) for each in HOSTILE]
    rows = word.tables[0]._tbl.tr_lst[1:]
    assert [written(row) for row in rows] == [[escaped(each)] * 2 for each in HOSTILE]
    for name, text in xml_of(contents).items():
        assert not re.search("[\x00-\x08\x0b-\x1f\u200b\u202e\u2066-\u2069]", text), name
    assert not [each for each in word.part.rels.values() if each.is_external]


def test_a_row_that_is_longer_than_a_page_may_be_parted(composed: dict[str, ReportDocument]):
    made = hostile(composed["demo"].header)
    word = opened(docx_report.report(made))
    whole = [bool(row.findall(f".//{qn('w:cantSplit')}")) for row in word.tables[0]._tbl.tr_lst]
    assert whole == [True, *[len(each) < 1000 for each in HOSTILE]]


@pytest.mark.parametrize(("module", "library"), [("docx", "python-docx"), ("resvg_py", "resvg-py")])
def test_without_its_library_it_says_how_to_get_it(
    demonstrated: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, module: str, library: str
):
    monkeypatch.setitem(sys.modules, module, None)
    answer = demonstrated.ask("report", "-o", str(tmp_path / "r.docx"), exit=5)
    assert answer["code"] == "LIBRARY.MISSING" and library in answer["message"]
    assert answer["try"] == [f"pip install {library}"]
    assert not [*tmp_path.iterdir()]
