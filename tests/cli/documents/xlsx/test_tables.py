"""The workbook of the nine tables: its figures are the tables', its bytes are the book's."""

import zipfile
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.commands.keep.demo import BOOK, record_year
from cli.documents.xlsx.tables import workbook
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.grid import Grid
from projections.report.tables import grid, table
from projections.views.reading import reading
from tests.harness.read_back import read_back
from tests.harness.shell import Shell

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def grids(tmp_path_factory: pytest.TempPathFactory) -> list[Grid]:
    """The nine tables of the demo year."""
    db = tmp_path_factory.mktemp("workbook") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    with reading(SqlitePlace(db), BOOK) as opened:
        cells = Cells(opened)
        return [
            grid(opened.header(), table(cells, number), cells.edition, "某局")
            for number in cells.forms
        ]


def sheets(contents: bytes) -> dict[int, ElementTree.Element]:
    """The XML of every sheet by its number."""
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        return {
            number: ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
            for number in range(1, 10)
        }


def numbers(sheet: ElementTree.Element) -> Counter[Decimal]:
    """The figures of a sheet; cells that hold text have a type."""
    values = (cell.find(f"{_SHEET}v") for cell in sheet.iter(f"{_SHEET}c") if cell.get("t") is None)
    return Counter(Decimal(value.text or "") for value in values if value is not None)


def figures(drawn: Grid) -> list[str]:
    """The texts of a grid's columns of figures."""
    return [
        text
        for row in (*drawn.rows, *filter(None, [drawn.totals()]))
        for text, column in zip(row, drawn.columns, strict=True)
        if column.kind == "figure" and text
    ]


def test_every_sheet_holds_the_figures_of_its_table(grids):
    """Every printed figure stands in its sheet as a number, as often as the table prints it."""
    found = sheets(workbook(grids))
    for drawn in grids:
        expected = Counter(Decimal(text.replace(",", "")) for text in figures(drawn))
        assert numbers(found[drawn.number]) == expected, drawn.number


@pytest.mark.parametrize("text", ["—", "12", "1,2.00", "=1.00", "1.0", "-", "1e5"])
def test_only_a_printed_amount_becomes_a_number(grids, text):
    """Whatever else a form prints in a column of figures stays the text that it is."""
    drawn = grids[6]
    contents = workbook([drawn._replace(rows=[[text] * len(drawn.columns)])])
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        assert f">{text}<" in archive.read("xl/sharedStrings.xml").decode()
    assert not numbers(sheet)


def test_the_same_book_gives_the_same_bytes(grids):
    """Nothing of the moment or the machine is in the file."""
    assert workbook(grids) == workbook(grids)


def test_every_sheet_prints_on_a4(grids):
    """One page wide, the header on every page, nothing outside the print area."""
    contents = workbook(grids)
    for drawn in grids:
        sheet = sheets(contents)[drawn.number]
        (setup,) = sheet.iter(f"{_SHEET}pageSetup")
        assert setup.get("paperSize") == "9"
        assert setup.get("fitToWidth", "1") == "1"
        (fit,) = sheet.iter(f"{_SHEET}pageSetUpPr")
        assert fit.get("fitToPage") == "1"
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        names = archive.read("xl/workbook.xml").decode()
    assert names.count("_xlnm.Print_Area") == names.count("_xlnm.Print_Titles") == len(grids)


@pytest.mark.parametrize("name", ["=1+1", "http://example.org", "@SUM(A1)", "12"])
def test_a_users_text_stays_text(grids, name):
    """No formula, link or number can come out of a name that a user typed."""
    contents = workbook(drawn._replace(department=name) for drawn in grids)
    for sheet in sheets(contents).values():
        assert not list(sheet.iter(f"{_SHEET}f"))
        assert not list(sheet.iter(f"{_SHEET}hyperlink"))
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        assert f"部门：{name}" in archive.read("xl/sharedStrings.xml").decode()


def test_a_text_that_looks_like_xml_stays_text(grids):
    """A name that begins and ends like a run of the format was written into the file as it is: a
    workbook that no program opens, or that says something else."""
    name = "<r><t>别的局</t><f>1+1</f></r>"
    drawn = grids[0]
    rows = [[name, *row[1:]] for row in drawn.rows]
    book = read_back(workbook([drawn._replace(title=name, rows=rows)]))
    assert list(book.cells["表1"].values()).count(name) == 1 + len(rows)


def test_the_command_writes_the_file(shell: Shell, tmp_path: Path):
    """`tables -o` through the command line: a workbook of nine sheets."""
    file = tmp_path / "九张表.xlsx"
    assert shell.ask("tables", "-o", str(file))["tables"] == list(range(1, 10))
    assert len(sheets(file.read_bytes())) == 9
