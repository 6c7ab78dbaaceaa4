"""The workbook of the nine tables: its figures are the tables', its bytes are the book's."""

import zipfile
from collections import Counter
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cli.demo import BOOK, record_year
from cli.report_xlsx import workbook
from projections.cells import Cells
from projections.reading import reading
from projections.tables import table
from tests.cli.shell import Shell

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory):
    """The nine tables of the demo year."""
    db = tmp_path_factory.mktemp("workbook") / "demo.db"
    record_year(db, actor="测试")
    with reading(db, BOOK) as opened:
        cells = Cells(opened)
        return [table(cells, number) for number in cells.forms]


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


def test_every_sheet_holds_the_figures_of_its_table(answers):
    """Every printed figure stands in its sheet as a number, as often as the table prints it."""
    found = sheets(workbook(answers, "某局"))
    for answer in answers:
        printed = [cell["printed"] for cell in answer["cells"] if cell["printed"]]
        if answer["table"] == 6:  # its two totals are a line of text at the foot
            totals = {c["printed"] for c in answer["cells"] if c["row"].endswith("合计")}
            printed = [text for text in printed if text not in totals]
        expected = Counter(Decimal(text.replace(",", "")) for text in printed)
        assert numbers(found[answer["table"]]) == expected, answer["table"]


def test_the_same_book_gives_the_same_bytes(answers):
    """Nothing of the moment or the machine is in the file."""
    assert workbook(answers, "某局") == workbook(answers, "某局")


@pytest.mark.parametrize("name", ["=1+1", "http://example.org", "@SUM(A1)", "12"])
def test_a_users_text_stays_text(answers, name):
    """No formula, link or number can come out of a name that a user typed."""
    contents = workbook(answers, name)
    for sheet in sheets(contents).values():
        assert not list(sheet.iter(f"{_SHEET}f"))
        assert not list(sheet.iter(f"{_SHEET}hyperlink"))
    with zipfile.ZipFile(BytesIO(contents)) as archive:
        assert f"部门：{name}" in archive.read("xl/sharedStrings.xml").decode()


def test_the_command_writes_the_file(shell: Shell, tmp_path: Path):
    """`tables -o` through the command line: a workbook of nine sheets."""
    file = tmp_path / "九张表.xlsx"
    assert shell.ask("tables", "-o", str(file))["tables"] == list(range(1, 10))
    assert len(sheets(file.read_bytes())) == 9
