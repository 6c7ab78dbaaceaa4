"""The workbook of a whole report: what it prints is what the document prints."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cli.commands.keep.demo import BOOK
from cli.documents.report.xlsx import report
from cli.documents.xlsx.pages import Pages, number, pieces
from ledger.proofs.printed import PrintedHead
from projections.answers import BookHeader
from projections.report.document.composition import document as document_of
from projections.report.document.parts import (
    Chart,
    DocumentPart,
    DocumentSection,
    Point,
    Prose,
    ReportDocument,
    TableBlock,
    Value,
)
from projections.report.document.traced import Trace
from projections.report.editions import edition
from projections.report.grid import Box, Column, Grid
from projections.report.narrative.marks import Span, plain
from tests.harness import year_2024
from tests.harness.read_back import MAIN, Book, read_back
from tests.harness.report_year import Unit, recorded
from tests.harness.reported import reported
from tests.harness.shell import Shell

_LISTS = ("表外的数", "表中的数")
_HOSTILE = (
    *("=1+1", "+1", "-2", "@SUM(A1)", "http://example.org", "internal:'表1'!A1", "12", "1,234.56"),
    *("<r><t>x</t></r>", "<r><f>1+1</f></r>", "_x0041_", "&quot;", "]]>", "{=1}", "=目录!A1", "'"),
)


@pytest.fixture(scope="module")
def demo(demonstrated: Shell) -> ReportDocument:
    """The demo year with all that its report says."""
    with reported(demonstrated.db, BOOK) as told:
        return document_of(told)


@pytest.fixture(scope="module")
def of_2024(tmp_path_factory: pytest.TempPathFactory) -> ReportDocument:
    """A year in edition 2024; nobody said its texts."""
    year = year_2024.recorded(tmp_path_factory.mktemp("year"))
    with reported(year.db, year_2024.BOOK) as told:
        return document_of(told)


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> ReportDocument:
    """Two units as a department."""
    units = [Unit("A", "admin"), Unit("C", "institution")]
    year = recorded(tmp_path_factory.mktemp("units"), units, 2020, k=3)
    with reported(year.db) as told:
        return document_of(told, internal=True)


@pytest.fixture(scope="module", params=["demo", "of_2024", "department"])
def document(request: pytest.FixtureRequest) -> ReportDocument:
    found: ReportDocument = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def book(document: ReportDocument) -> Book:
    return read_back(report(document))


def sections(document: ReportDocument) -> list[DocumentSection]:
    return [each for part in document.parts for each in part.sections]


def blocks(document: ReportDocument, kind: type[Any]) -> Iterator[Any]:
    return (b for each in sections(document) for b in each.blocks if isinstance(b, kind))


def sheet_of(section: DocumentSection, sheet: TableBlock) -> str:
    """On which sheet a table stands."""
    if sheet.grid.form_number:
        return sheet.grid.sheet
    of = section.anchor.removeprefix("E.")
    return f"自评{'整体' if of == 'whole' else of}"


def value(text: str) -> Decimal:
    """What a printed number is."""
    exact = Decimal(text.rstrip("%*").replace(",", ""))
    return exact / 100 if text.endswith("%") else exact


def printed(sheet: TableBlock) -> list[list[str | Decimal]]:
    """What a table prints, row by row; of a column of figures what has digits is a number."""
    grid = sheet.grid
    found = []
    for row in (*grid.rows, *filter(None, [grid.totals()])):
        cells = zip(row, grid.columns, strict=True)
        found.append(
            [
                value(text) if column.kind == "figure" and text[-1:].strip("—") else text
                for text, column in cells
                if text
            ]
        )
    return found


def test_every_cell_of_every_table_is_what_the_document_prints(document, book):
    """Rows stand below each other as they are printed, a figure as a number."""
    count = 0
    for section in sections(document):
        for sheet in section.blocks:
            if not isinstance(sheet, TableBlock):
                continue
            found = book.rows(sheet_of(section, sheet))
            expected = [row for row in printed(sheet) if row]
            begin = found.index(expected[0])
            while found[begin : begin + len(expected)] != expected:
                begin = found.index(expected[0], begin + 1)
            count += len(expected)
    assert count > 60


def test_every_paragraph_stands_in_the_text(document, book):
    """In their order, each whole; a link is where a table or a chart would be."""
    form_anchors = {
        s.anchor for s in sections(document) for b in s.blocks if isinstance(b, TableBlock)
    }
    said = [
        plain(block.line)
        for section in sections(document)
        if section.anchor not in form_anchors
        for block in section.blocks
        if isinstance(block, Prose)
    ]
    texts = [row[0] for row in book.rows("说明")]
    at = -1
    for each in said:
        at = texts.index(each, at + 1)
    assert len(said) > 20
    assert f"{document.parts[-1].title}" in texts


def test_every_figure_is_listed_with_its_exact_amount_and_formula(document, book):
    """Those beside the tables all, cells that print something; an id leads to what prints it."""
    listed = {}
    for name in _LISTS:
        cells = book.cells[name]
        for place, text in cells.items():
            if place.startswith("A"):
                listed[text] = {column: cells.get(f"{column}{place[1:]}") for column in "BCDEFG"}
    for trace in document.traces.values():
        if "@" in trace.id or (trace.id.startswith("T") and not trace.printed):
            continue
        row = listed.pop(trace.id)
        assert row["B"] == trace.label
        if trace.kind in ("word", "names") or not trace.printed.strip("—"):
            assert row["C"] == (trace.printed or None)
        else:
            assert row["C"] == value(trace.printed), trace.id
        assert row["E"] == (None if trace.fen is None else Decimal(trace.fen) / 100)
        assert row["F"] == (trace.formula or None)
        before = document.traces[trace.before].printed if trace.before else ""
        assert row["G"] == (value(before) if before else None)
    assert set(listed) <= {"编号", *(f"{name}：" for name in _LISTS)} | {
        text for text in listed if str(text).startswith(_LISTS)
    }


def test_links_lead_to_what_prints_a_figure(document, book):
    """The place of an id is a cell with its number, or a paragraph with what it prints."""
    followed = 0
    for name in _LISTS:
        for place, target in book.links[name].items():
            sheet, _, cell = target.rpartition("!")
            there = book.cells[sheet.strip("'")].get(cell, "")
            trace = document.traces[str(book.cells[name][place])]
            if isinstance(there, Decimal):
                assert there == value(trace.printed), trace.id
            else:
                assert trace.printed in there, trace.id
            followed += 1
    assert followed > 100


def test_notes_tell_the_formula(document, book):
    """A figure of the text has a note with its id, exact amount and the ids that it is made of."""
    cells, notes = book.cells["表外的数"], book.notes["表外的数"]
    noted = {cells[f"A{place[1:]}"]: note for place, note in notes.items()}
    wanted = [each for name, each in document.traces.items() if name[0] == "N" and "@" not in name]
    assert set(noted) >= {each.id for each in wanted}
    for trace in wanted:
        lines = noted[trace.id].split("\n")
        assert lines[0] == f"{trace.id}　{trace.label}"
        assert f"＝ {trace.formula}" in lines
        for _, part in trace.parts[:12]:
            assert any(line[2:].startswith(f"{part}　") for line in lines), (trace.id, part)


def test_tables_are_noted_where_they_add_up(demo):
    """The sums of the tables are: few enough that a table is still seen."""
    notes = read_back(report(demo)).notes
    on_tables = [note for name, each in notes.items() if name[0] == "表" for note in each.values()]
    on_tables = [note for note in on_tables if note.startswith("T")]
    assert any(note.startswith("T1.30　总计\n84,348,932.00 元\n＝ T1.27 ＋ ") for note in on_tables)
    assert 20 < len(on_tables) < 120


def test_charts_draw_cells(document, book):
    """Each chart is native, and what it draws stands beside it as printed."""
    charts = list(blocks(document, Chart))
    drawn = [data.decode() for name, data in book.parts.items() if "/charts/chart" in name]
    assert len(drawn) == len(charts) > 3
    rows = book.rows("图")
    for chart in charts:
        for point in chart.points:
            numbers = [value(each.printed or "0.00") for each in point.values]
            assert any(row[: len(numbers) + 1] == [point.label, *numbers] for row in rows)
        if chart.across is not None:
            assert any("<c:lineChart>" in each for each in drawn)


def test_the_first_sheet_says_what_it_is_of_and_leads_everywhere(document, book):
    """Every other sheet is linked; the head and its entries are told; what lacks is listed."""
    names = list(book.sheets)
    assert names[0] == "目录"
    assert [target.split("'")[1] for target in book.links["目录"].values()] == names[1:]
    said = "\n".join(str(each) for each in book.cells["目录"].values())
    header = document.header
    heads = [header.head] if isinstance(header, BookHeader) else [b.head for b in header.books]
    assert all(each.hash in said and f"共 {each.entries} 笔" in said for each in heads)
    assert document.title in said
    assert all(each.message in said for each in document.missing)
    assert ("没有缺漏" in said) is not bool(document.missing)


def test_every_sheet_prints_on_a4(document, book):
    """A4, and where it is internal every page says so."""
    for name, sheet in book.sheets.items():
        (setup,) = sheet.iter(f"{MAIN}pageSetup")
        assert setup.get("paperSize") == "9", name
        headers = [each.text for each in sheet.iter(f"{MAIN}oddHeader")]
        assert headers == (["&R内部使用，不得公开"] if document.internal else []), name


def test_the_same_document_gives_the_same_bytes(document):
    assert report(document) == report(document)


def test_the_command_writes_it(shell: Shell, tmp_path: Path):
    """`report -o` through the command line: what the document has, missing places told (1)."""
    file = tmp_path / "决算.xlsx"
    answer = shell("report", "-o", str(file), exit=1)
    assert "【缺：" in answer.err
    assert "还缺" in "".join(map(str, read_back(file.read_bytes()).cells["目录"].values()))


def test_a_book_without_text_and_forms(tmp_path: Path):
    """Tables alone: no empty sheet of what is not there."""
    year = year_2024.recorded(tmp_path)
    with reported(year.db, year_2024.BOOK, shown_in=edition("budget-2024")) as told:
        made = document_of(told)
    names = list(read_back(report(made)).sheets)
    assert "说明" not in names
    assert not any(name.startswith("自评") for name in names)
    assert "表1" in names


def hostile(text: str) -> ReportDocument:
    """A small document in which everything that a person may type is this text."""
    grid = Grid(
        number=1,
        form_number="公开01表",
        title=text,
        book=text,
        department=text,
        unit="万元",
        notes=[text],
        head=1,
        boxes=[Box(0, 0, 1, 1, text), Box(0, 1, 1, 1, text)],
        columns=[Column("word", (text,)), Column("figure", (text,))],
        parts=[0],
        rows=[[text, "1.00"], [text, ""]],
        foot=[],
    )
    ids = (("", "T1.1"), ("", ""))
    trace = Trace(
        "T1.1", text, "amount", "1.00", "万元", 1_000_000, None, text, (), (), 0, 0, "", ()
    )
    named = f"E.{text}"
    value = Value(1_000_000, "1.00", "T1.1")
    points = (Point(text, (value,)), Point(text, (value,)))
    chart = Chart("图1", text, "columns", "万元", (text,), points)
    walk = Chart("图2", text, "walk", "万元", (), points)
    share = Chart("图3", text, "bars", "万元", (), points)
    line = (Span(text), Span("1.00", "T1.1"), Span(text))
    form = TableBlock(grid._replace(form_number="", number=0), ids, text)
    parts = (
        DocumentPart("一", text, (DocumentSection("T1", text, (TableBlock(grid, ids),)),)),
        DocumentPart(
            "二", text, (DocumentSection("二", text, (Prose(line), Prose((Span(text),)))),)
        ),
        DocumentPart("三", text, (DocumentSection(named, text, (form, Prose(line))),)),
        DocumentPart("四", text, (DocumentSection("四", text, (chart, walk, share)),)),
    )
    header = BookHeader("A/2020", None, None, PrintedHead(1, "0" * 64))
    return ReportDocument(text, text, 2020, "2020", header, parts, {"T1.1": trace}, {}, ())


@pytest.mark.parametrize("text", [*_HOSTILE, *(f"  {text}" for text in _HOSTILE[:2])])
def test_what_a_person_typed_stays_text(text):
    """No formula, no link outside, no number; every text comes back as it was typed."""
    book = read_back(report(hostile(text)))
    for name, sheet in book.sheets.items():
        assert not list(sheet.iter(f"{MAIN}f")), name
        for target in book.links[name].values():
            assert target.split("!")[0][1:-1] in book.sheets
    on_table = list(book.cells["表1"].values())
    assert on_table.count(text) == 6
    assert on_table.count(Decimal("1.00")) == 1
    assert text in book.cells["说明"].values()
    assert f"{text}1.00{text}" in book.cells["说明"].values()
    assert any(f"T1.1　{text}\n" in note for note in book.notes["图"].values())
    assert not any("externalLink" in name for name in book.parts)


def test_sheets_have_lawful_names_of_their_own():
    """31 characters, no character that a sheet must not have, not the same in capitals."""
    pages = Pages("题")
    wanted = ["a[b]:*?/\\", "长" * 40, "长" * 41, "Ab", "aB", "'x'", "!'"]
    names = [pages.page(each).name for each in wanted]
    assert names[:2] == ["a＿b＿＿＿＿＿＿", "长" * 31]
    assert names[2] == "长" * 28 + "（2）"
    assert names[3:] == ["Ab", "aB（2）", "＿x＿", "＿＿"]


def test_a_long_text_is_in_pieces_that_a_row_can_show():
    """Nothing is lost, and no row is higher than a spreadsheet makes it."""
    text = "财政拨款收入，" * 1000
    found = pieces(text, 78)
    assert "".join(found) == text
    assert len(found) > 5
    assert pieces("", 78) == [""]


@pytest.mark.parametrize(
    ("printed", "exact", "shown"),
    [
        ("1,234.56", "1234.56", "#,##0.00_ "),
        ("-0.10", "-0.10", "#,##0.00_ "),
        ("99.6%", "0.996", "0.0%_ "),
        ("1,234.5%", "12.345", "#,##0.0%_ "),
        ("3.80*", "3.80", '#,##0.00"*"'),
        ("20", "20", "#,##0_ "),
    ],
)
def test_a_printed_number_is_shown_as_it_was_printed(printed, exact, shown):
    assert number(printed) == (Decimal(exact), shown)


@pytest.mark.parametrize("text", ["", "—", "1,2.00", "1e5", "=1.00", "１", "1234567890123456.00"])
def test_what_a_spreadsheet_would_not_keep_is_no_number(text):
    """Another text, and a number of more digits than a spreadsheet has."""
    assert number(text) is None


def test_a_walk_stacks_each_step_on_the_one_before(demo):
    """The unseen base and the step upon it reach from where one amount was to where it is."""
    (walk,) = (each for each in blocks(demo, Chart) if each.kind == "walk")
    amounts = [100, 30, -50, 80]  # 万元
    points = tuple(
        Point(f"第{n}步", (Value(each * 1_000_000, f"{abs(each)}.00"),))
        for n, each in enumerate(amounts)
    )
    section = DocumentSection("结转", "", (walk._replace(points=points),))
    made = demo._replace(parts=(DocumentPart("概览", "概览", (section,)),), traces={}, missing=())
    rows = {row[0]: row[1:] for row in read_back(report(made)).rows("图")}
    assert [rows[point.label] for point in points] == [
        [100, 100],
        [30, 100, 30],
        [50, 80, 50],
        [80, 80],
    ]


def test_a_rate_on_nothing_is_no_number(demo):
    """A project without a budget has a name and no column."""
    (rates,) = (each for each in blocks(demo, Chart) if each.kind == "rates")
    point = Point("没有预算的项目", (Value(0, ""),))
    section = DocumentSection("项目", "", (rates._replace(points=(point, *rates.points)),))
    made = demo._replace(parts=(DocumentPart("概览", "概览", (section,)),))
    assert ["没有预算的项目", 1] in read_back(report(made)).rows("图")
