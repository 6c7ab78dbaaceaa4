"""A published table in every format: each printed figure exactly where the form has it.

The JSON answer says what every cell prints. Text, CSV, Markdown and the workbook are read back by
means of their own (columns of a terminal, `csv`, a split at pipes, the XML, LibreOffice) and must
show that text in the cell's row and column, and nothing in any other cell.
"""

import csv
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pytest

from cli.commands.keep.demo import BOOK, record_year
from cli.documents import csv_table as report_csv
from cli.text.columns import width
from cli.text.publish import table as report_text
from ledger.store.sqlite.place import SqlitePlace
from projections.report.cells import Cells
from projections.report.editions import edition
from projections.report.grid import Grid
from projections.report.tables import grid, table
from projections.views.reading import reading
from tests.harness.programs import needs, program
from tests.harness.shell import ROOT, Answer, Shell, in_process, process

TABLES = range(1, 10)
FORMATS = ("text", "csv", "md")
"""The formats that stdout may have."""
HOSTILE = '=2+5|"引号"<b>*粗*_斜_`代码`'
"""A name that is a formula to a spreadsheet and markup to Markdown."""
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SOFFICE = program("soffice")
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1"
"""UTF-8, every cell as it is shown, one file a sheet."""


class Book(NamedTuple):
    """A recorded year and what `--json` says of its nine tables."""

    db: Path
    answers: dict[int, dict[str, Any]]

    def __call__(self, *arguments: str, exit: int = 0) -> Answer:
        answer = in_process("--db", str(self.db), *arguments)
        assert answer.exit == exit, answer.said
        return answer

    @classmethod
    def of(cls, db: Path) -> "Book":
        """The book of a file."""
        shown = (in_process("--db", str(db), "--json", "table", str(n)) for n in TABLES)
        return cls(db, dict(zip(TABLES, (answer.json for answer in shown), strict=True)))

    def layout(self, number: int) -> str:
        """How a table is laid out."""
        form = edition(self.answers[number]["edition"]).forms[number]
        return str(type(form).__struct_config__.tag)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The real year of edition 2020."""
    db = tmp_path_factory.mktemp("formats") / "demo.db"
    record_year(SqlitePlace(db), actor="测试")
    return Book.of(db)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A small year of edition 2022 (three sides of three columns), of a unit with a bad name."""
    shell = Shell(tmp_path_factory.mktemp("formats") / "hostile.db", unit="u1", year=2022)
    shell(
        *("open-book", "--unit", "u1", "--year", "2022", "--name", HOSTILE),
        *("--kind", "admin", "--edition", "2022", "--basis", "indicator"),
    )
    line = ("--func", "2080105", "--econ", "30201")
    shell("appropriate", *line, "--amount", "123456789.01", "--date", "2022-01-10")
    shell("pay", *line, "--amount", "23456789", "--payee", "某", "--date", "2022-02-10")
    return Book.of(shell.db)


@pytest.fixture(params=["demo", "hostile"])
def book(request: pytest.FixtureRequest) -> Book:
    """Both books in turn."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Book)
    return found


def drawn(book: Book, number: int) -> Grid:
    """The grid of a table, for what the command line cannot ask."""
    found = BOOK if book.db.name == "demo.db" else BOOK._replace(unit="u1", year=2022)
    with reading(SqlitePlace(book.db), found) as opened:
        cells = Cells(opened)
        return grid(opened.header(), table(cells, number), cells.edition, opened.name)


# Reading back: rows of texts, and where a table's figures stand in them.

Rows = list[list[str]]


def csv_rows(text: str) -> Rows:
    """The rows of a CSV text; the byte order mark is there and gone."""
    assert text.startswith("\ufeff") and not text.removeprefix("\ufeff").startswith("\ufeff")
    assert text.count("\r\n") == text.count("\n")
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    return rows


def md_rows(text: str) -> Rows:
    """The rows of the one Markdown table of a text, split at pipes that are not escaped."""
    lines = [line for line in text.split("\n") if line.startswith("|")]
    split = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    head, rule, *body = [[re.sub(r"\\(.)", r"\1", cell.strip()) for cell in row] for row in split]
    assert set("".join(rule)) <= set(":-") and {len(row) for row in split} == {len(head)}
    return [head, *body]


def xlsx_rows(path: Path, number: int) -> Rows:
    """The cells of a sheet; a number as it is shown."""
    with zipfile.ZipFile(path) as archive:
        shared = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        sheet = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{number}.xml"))
    texts = ["".join(part.text or "" for part in si.iter(f"{SHEET}t")) for si in shared]
    rows: Rows = []
    for row in sheet.iter(f"{SHEET}row"):
        cells = []
        for cell in row.iter(f"{SHEET}c"):
            value = cell.findtext(f"{SHEET}v")
            if value is None:
                cells.append("")
            else:
                is_text = cell.get("t") == "s"
                cells.append(texts[int(value)] if is_text else f"{Decimal(value):,.2f}")
        rows.append(cells)
    assert not list(sheet.iter(f"{SHEET}f"))
    return rows


def figures_of(rows: Rows, layout: str) -> dict[tuple[str, str], str]:
    """(row, column) as the form calls them → the text that stands there.

    `rows` have one header row whose names end in （1栏）, or several of which one is 栏次.
    """
    numbers = {
        column: found[1]
        for column, name in enumerate(rows[0])
        if (found := re.search(r"（(\d+)栏）$", name))
    }
    start = 1
    if layout != "blocks" and not numbers:
        texts = {"栏次", ""}
        start, head = next(
            (at, row)
            for at, row in enumerate(rows)
            if any(row) and all(cell in texts or cell.isdigit() for cell in row)
        )
        numbers = {column: cell for column, cell in enumerate(head) if cell.isdigit()}
        start += 1
    match layout:
        case "sides":
            return dict(_sides(rows[start:], sorted(numbers), numbers))
        case "tree":
            codes = {(row[0] or row[1]): row for row in rows[start:] if row[1:2] and row[1]}
            return {(c, no): row[at] for c, row in codes.items() for at, no in numbers.items()}
        case "line":
            return {("", no): rows[start][at] for at, no in numbers.items()}
    return dict(_blocks(rows))


def _sides(
    rows: Rows, columns: list[int], numbers: dict[int, str]
) -> Iterator[tuple[tuple[str, str], str]]:
    """The 行次 of a figure is the cell before the first figure of its side."""
    for row in rows:
        for column in columns:
            mark = next(at for at in range(column, -1, -1) if at not in numbers)
            if len(row) > column and row[mark].isdigit():
                yield (row[mark], numbers[column]), row[column]


def _blocks(rows: Rows) -> Iterator[tuple[tuple[str, str], str]]:
    """Code, name, figure; a total's figure is the next one after its name."""
    for row in rows:
        for at, cell in enumerate(row):
            if re.fullmatch(r"[0-9]{3,5}", cell):
                yield (cell, "决算数"), row[at + 2]
            elif cell.endswith("经费合计"):
                yield (cell, "决算数"), next(filter(None, row[at + 1 :]), "")


def expected(answer: dict[str, Any]) -> dict[tuple[str, str], str]:
    """(row, column) → printed, by the JSON."""
    return {(cell["row"], cell["column"]): cell["printed"] for cell in answer["cells"]}


def spread(line: str) -> str:
    """A line with one character for every terminal column."""
    return "".join(c + "\0" * (width(c) - 1) for c in line)


def ending(line: str, edge: int) -> str:
    """The word of a spread line that ends before column `edge`."""
    shown = line[:edge].replace("\0", "")
    return shown.split()[-1] if len(line) >= edge and line[edge - 1].strip() else ""


def text_figures(text: str, layout: str) -> dict[tuple[str, str], str]:
    """The figures of a table drawn for a terminal, by the columns in which its heads end."""
    lines = text[: text.index("\n注：")].split("\n")
    match layout:
        case "line":
            return dict(_text_line(lines))
        case "blocks":
            return dict(_text_blocks([spread(line) for line in lines]))
    return dict(_text_numbered([spread(line) for line in lines], sides=layout == "sides"))


def _text_line(lines: list[str]) -> Iterator[tuple[tuple[str, str], str]]:
    """Group (on its first line), 栏次, name, figure."""
    for line in lines:
        if found := re.match(r"(?:..数| {6})  (\d+) +\S+ *(\S*)$", line):
            yield ("", found[1]), found[2]


def _text_blocks(lines: list[str]) -> Iterator[tuple[tuple[str, str], str]]:
    at = next(at for at, line in enumerate(lines) if line.startswith("科"))
    starts = [found.start() for found in re.finditer("科\0目\0编\0码\0", lines[at])]
    edges = [found.end() for found in re.finditer("决\0算\0数\0", lines[at])]
    for line in lines[at + 1 :]:
        for start, edge in zip(starts, edges, strict=True):
            code = line[start : start + 8].strip()
            name = line[start + 8 : edge].replace("\0", "").split()
            if code.isdigit():
                yield (code, "决算数"), ending(line, edge)
            elif name and name[0].endswith("经费合计"):
                yield (name[0], "决算数"), ending(line, edge)


def _text_numbered(lines: list[str], *, sides: bool) -> Iterator[tuple[tuple[str, str], str]]:
    """Figures end where their 栏次 ends; a row is named by its 行次, else by its first word."""
    at = next(at for at, line in enumerate(lines) if line.startswith("栏"))
    marks = [found.end() for found in re.finditer("行\0次\0", lines[at - 1])]
    for line in lines[at + 2 :]:
        for found in re.finditer(r"\d+", lines[at]):
            if sides:
                row = ending(line, max(mark for mark in marks if mark < found.end()))
            else:
                row = line.replace("\0", "").split()[0]
            if row:
                yield (row, found[0]), ending(line, found.end())


READ = {"csv": csv_rows, "md": md_rows}


@pytest.mark.parametrize("number", TABLES)
def test_every_figure_is_where_the_form_has_it(book: Book, number: int, tmp_path: Path):
    """In each format: all cells of the JSON, each with its text, and no other."""
    layout, wanted = book.layout(number), expected(book.answers[number])
    assert text_figures(book("table", str(number)).out, layout) == wanted
    for name, read in READ.items():
        shown = book("table", str(number), "--format", name).out
        assert figures_of(read(shown), layout) == wanted, name
    file = tmp_path / "t.xlsx"
    book("table", str(number), "-o", str(file))
    assert figures_of(xlsx_rows(file, 1), layout) == wanted


@needs(SOFFICE, "LibreOffice")
def test_libreoffice_shows_every_cell(book: Book, tmp_path: Path):
    """All nine sheets as LibreOffice shows them: the figures of the JSON, and the heading."""
    book("tables", "-o", str(tmp_path / "九张表.xlsx"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [SOFFICE or "", profile, "--headless", "--convert-to", ALL_SHEETS, "九张表.xlsx"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=300,
    )
    for number, answer in book.answers.items():
        text = (tmp_path / f"九张表-表{number}.csv").read_text("utf-8")
        rows = [[cell.strip() for cell in row] for row in csv.reader(StringIO(text, newline=""))]
        assert figures_of(rows, book.layout(number)) == expected(answer), number
        assert rows[0][0] == answer["title"]
        assert rows[1][-1] == f"公开{number:02d}表"
        assert rows[2][0].startswith("部门：") and rows[2][-1] == "金额单位：万元"


@pytest.mark.parametrize("number", TABLES)
def test_a_header_has_no_hole_and_a_name_for_every_column(book: Book, number: int):
    """The boxes tile the header; the names of the columns are all different."""
    found = drawn(book, number)
    covered = [
        (row, column)
        for box in found.boxes
        for row in range(box.row, box.row + box.down)
        for column in range(box.column, box.column + box.across)
    ]
    whole = [(row, c) for row in range(found.head) for c in range(len(found.columns))]
    assert sorted(covered) == whole
    assert len(set(found.names())) == len(found.columns)
    assert {len(row) for row in found.rows} == {len(found.columns)}


@pytest.mark.parametrize("across", [60, 80, 100, 200])
@pytest.mark.parametrize("number", TABLES)
def test_a_narrow_terminal_shows_the_parts_below_each_other(book: Book, number: int, across: int):
    """No figure is lost or cut, and no rule is wider than the terminal where words give way."""
    found = drawn(book, number)
    whole = sorted(re.findall(r"[0-9,]+\.[0-9]{2}|—", report_text.table(found)))
    narrow = report_text.table(found, across)
    assert sorted(re.findall(r"[0-9,]+\.[0-9]{2}|—", narrow)) == whole
    if across >= 100:
        rules = [line for line in narrow.split("\n") if set(line) == {"─"}]
        assert rules and max(map(len, rules)) <= across


# A name that a user typed.


@pytest.mark.parametrize("number", [1, 8])
def test_a_hostile_name_is_only_text(hostile: Book, number: int):
    """In text as typed, in Markdown escaped, in CSV no cell that a spreadsheet would run."""
    assert f"部门：{HOSTILE} " in hostile("table", str(number)).out
    shown = hostile("table", str(number), "--format", "md").out
    assert "<b>" not in shown and f"部门：{HOSTILE}　" in re.sub(r"\\(.)", r"\1", shown)
    for row in csv_rows(hostile("table", str(number), "--format", "csv").out):
        for cell in row:
            assert cell[:1] not in {"=", "+", "-", "@", "\t"}


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "＝1"])
def test_csv_words_are_never_a_formula_and_figures_never_words(demo: Book, label: str):
    """The `'` stands before words only: a minus amount stays an amount."""
    found = drawn(demo, 5)
    changed = found._replace(rows=[[label, label, "-1.00", "", "—"]])
    _, row = csv_rows(report_csv.table(changed))
    word = "'" + label.replace("\t", r"\x09")
    assert row == [word, word, "-1.00", "", "—"]


def test_a_table_that_is_cut_says_so(demo: Book):
    """The table of half a year does not pass for the year's."""
    for name in FORMATS:
        cut = demo("table", "1", "--format", name, "--as-of", "2020-06-30").out
        assert ("口径：截至 2020-06-30" in cut) == (name != "csv")
        assert "口径" not in demo("table", "1", "--format", name).out


# The command.


def test_the_same_book_gives_the_same_bytes(demo: Book, tmp_path: Path):
    """Two processes, to a file and to stdout."""
    for name in (*FORMATS, "xlsx"):
        contents = []
        for attempt in "ab":
            given = ("--format", name, "-o", f"{attempt}.{name}")
            assert process("--db", str(demo.db), "table", "6", *given, cwd=tmp_path).exit == 0
            contents.append((tmp_path / f"{attempt}.{name}").read_bytes())
        assert contents[0] == contents[1]
        if name in FORMATS:
            asked = ("table", "6", "--format", name)
            assert process("--db", str(demo.db), *asked, cwd=tmp_path).out.encode() == contents[0]


def test_a_file_is_answered_with_a_receipt(demo: Book, tmp_path: Path):
    """Format by `--format`, else by the suffix; text where there is none."""
    for file, typed, chosen in (
        ("a.csv", (), "csv"),
        ("a.MD", (), "md"),
        ("a.xlsx", (), "xlsx"),
        ("a", (), "text"),
        ("a.txt", (), "text"),
        ("d.unknown", ("--format", "text"), "text"),
        ("b.txt", ("--format", "csv"), "csv"),
        ("c.csv", ("--format", "text"), "text"),
    ):
        path = str(tmp_path / file)
        receipt = demo("table", "4", *typed, "-o", path, "--json").json
        assert {"file": path, "table": 4, "format": chosen}.items() <= receipt.items()
        assert set(receipt) == {"book", "as_of", "known_at", "head", "file", "table", "format"}
        assert path in demo("table", "4", *typed, "-o", path, "--force").out


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (("--format", "pdf"), "FORMAT.UNKNOWN", "text | csv | md | xlsx"),
        (("--format", ""), "FORMAT.UNKNOWN", "text | csv | md | xlsx"),
        (("--format", "xlsx"), "FIELD.REQUIRED", "-o"),
        (("-o", " "), "FIELD.REQUIRED", "文件名"),
        (("-o", "a.unknown"), "FORMAT.UNKNOWN", "--format"),
        (("-o", "表1.2020"), "FORMAT.UNKNOWN", ".txt、.csv、.md、.xlsx"),
        (("--format", "csv", "--format", "md"), "USAGE", "--format"),
    ],
)
def test_what_cannot_be_meant(demo: Book, given: tuple[str, ...], code: str, says: str):
    """Exit 2, and what would be right."""
    answer = demo("table", "1", *given, exit=2)
    assert code in answer.err and says in answer.err and not answer.out


@pytest.mark.parametrize("name", (*FORMATS, "xlsx"))
def test_json_is_a_format_by_itself(demo: Book, name: str):
    """`--json --format csv` without a file: which of the two was meant?"""
    assert demo("table", "1", "--json", "--format", name, exit=2).json["code"].startswith("FORMAT.")


# The file: whole or not at all, and never a book.


@pytest.mark.parametrize("verb", [("table", "5"), ("tables",)])
def test_a_database_is_never_overwritten(demo: Book, tmp_path: Path, verb: tuple[str, ...]):
    """The book, its views, the files that SQLite keeps beside them, links to them, other books."""
    db = Path(shutil.copy(demo.db, tmp_path / "a.db"))
    Book(db, {})("balance")  # makes the views
    other = Path(shutil.copy(demo.db, tmp_path / "other.db"))
    link, hard = tmp_path / "link.xlsx", tmp_path / "hard.xlsx"
    link.symlink_to(db)
    hard.hardlink_to(db)
    views = tmp_path / "a.db.views"
    beside = [tmp_path / f"a.db{suffix}" for suffix in ("-wal", "-journal", ".views-wal")]
    before = [file.read_bytes() for file in (db, views, other)]
    for file in (db, views, other, link, hard, *beside):
        for forced in ((), ("--force",)):
            answer = in_process("--db", str(db), *verb, "-o", str(file), *forced)
        assert (answer.exit, "OUTPUT.DATABASE" in answer.err) == (2, True), answer.said
    assert [file.read_bytes() for file in (db, views, other)] == before
    assert not any(file.exists() for file in beside)


@pytest.mark.parametrize("verb", [("table", "5"), ("tables",)])
def test_a_write_that_fails_changes_nothing(
    demo: Book, tmp_path: Path, verb: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
):
    """A full disk: exit 5, the file as it was, nothing left beside it."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "a.xlsx"
    file.write_text("before")
    monkeypatch.setattr("os.fsync", full)
    answer = demo(*verb, "-o", str(file), "--force", exit=5)
    assert "FILE.UNWRITABLE" in answer.err and "a.xlsx" in answer.err
    assert file.read_text() == "before" and list(tmp_path.iterdir()) == [file]


def test_a_write_that_is_cut_off_leaves_no_half_file(demo: Book, tmp_path: Path):
    """A real limit on the size of files, in a real process."""
    demo("balance")  # nothing is left to be written to the views
    command = f'ulimit -f 2; exec "$0" -m cli --db {demo.db} table 4 -o a.txt'
    ended = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},  # no half .pyc either
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 5 and b"a.txt" in ended.stderr, ended
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("file", ["no/such/a.csv", ".", "a.csv/b.csv", "/dev/full", "x" * 300])
def test_a_path_that_cannot_be_written(demo: Book, tmp_path: Path, file: str):
    """Exit 5 and the path as it was typed."""
    (tmp_path / "a.csv").touch()
    answer = process("--db", str(demo.db), "table", "5", "-o", file, cwd=tmp_path)
    assert answer.exit == 5 and f"FILE.UNWRITABLE：{file}：" in answer.err
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_a_file_that_is_there_keeps_its_mode_and_its_links(demo: Book, tmp_path: Path):
    """What a link points to is written; the bytes are new, the mode is not."""
    file, link = tmp_path / "a.csv", tmp_path / "link.csv"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)
    demo("table", "5", "-o", str(link), "--force")
    assert link.is_symlink() and file.stat().st_mode & 0o777 == 0o640
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert sorted(tmp_path.iterdir()) == [file, link]


def test_a_pipe_can_be_written(demo: Book, tmp_path: Path):
    """`-o /dev/stdout` is not replaced by a file."""
    given = ("table", "5", "--format", "csv", "-o", "/dev/stdout")
    answer = process("--db", str(demo.db), *given, cwd=tmp_path)
    assert answer.exit == 0 and answer.out.startswith("\ufeff功能分类科目编码,")


def test_all_tables_are_a_workbook_and_no_file_says_otherwise(demo: Book, tmp_path: Path):
    answer = demo("tables", "-o", str(tmp_path / "a.csv"), exit=2)
    assert "FORMAT.UNKNOWN" in answer.err and ".xlsx" in answer.err
    demo("tables", "-o", str(tmp_path / "a.XLSX"))
    assert [file.name for file in tmp_path.iterdir()] == ["a.XLSX"]
