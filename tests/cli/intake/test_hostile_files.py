"""Hostile and odd workbooks and CSV files through a mapping.

Every file is either refused, with row, column and reason, exit 2 and nothing recorded, or read as
what it is. All of them go through one process with little memory, so that one that hangs or needs
more ends the test.
"""

import json
import random
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from tests.harness.sheets import (
    DATE_STYLES,
    MAIN,
    SHEET,
    Raw,
    number,
    packed,
    parts,
    patched,
    relations,
    row,
    sheet,
    workbook_xml,
    xlsx,
)
from tests.harness.shell import ROOT, Shell, clean_environment

SECONDS = 120
MEMORY = 1 << 30
HEADER = ("日期", "凭证号", "功能科目", "项目代码", "经济科目", "支付金额", "收款人")
GOOD = ("2020-03-01", "支1", "2080105", "P02", "30201", "12.50", "某店")
AMOUNT, DATE, PROJECT = 5, 0, 3


def good(**other: str | Raw) -> list[str | Raw]:
    """A good payment, but for the cell of a column by its letter."""
    cells: list[str | Raw] = list(GOOD)
    for letter, value in other.items():
        cells["ABCDEFG".index(letter)] = value
    return cells


class Bad(NamedTuple):
    """What a refusal names: code, row, column or cell, and part of the message."""

    code: str
    row: int = 1
    column: str = "FILE"
    said: str = ""


class Fine(NamedTuple):
    """A file that is read: how many rows, and what some of them say in the canonical form."""

    rows: int
    says: tuple[str, ...] = ()


class File(NamedTuple):
    """A file: its ending, its bytes, what becomes of it."""

    ending: str
    made: Callable[[], bytes]
    expected: Bad | Fine
    options: tuple[str, ...] = ()


def book(*rows: Any, expected: Bad | Fine, options: tuple[str, ...] = (), **others: str) -> File:
    """A workbook of the header and these rows."""
    return File("xlsx", lambda: xlsx(HEADER, *rows, **others), expected, options)


def made(build: Callable[[], bytes], expected: Bad | Fine) -> File:
    return File("xlsx", build, expected)


def csv(*rows: Any, expected: Bad | Fine) -> File:
    """A CSV file of the header and these rows."""
    return File("csv", lambda: text(HEADER, *rows), expected)


def text(*rows: Any) -> bytes:
    return "".join(f"{r if isinstance(r, str) else ','.join(r)}\n" for r in rows).encode()


def with_part(name: str, content: str | bytes) -> Callable[[], bytes]:
    """A good workbook with another part, or one part replaced."""
    return lambda: packed({**parts(sheet(HEADER, good())), name: content})


def raw_zip(name: str, offset: int, form: str, value: int) -> Callable[[], bytes]:
    """A good workbook whose zip directory lies."""
    return lambda: patched(xlsx(HEADER, good()), name, offset, form, value)


def symlink() -> bytes:
    return patched(with_part("xl/link", "/etc/passwd")(), "xl/link", 38, "<L", 0o120777 << 16)


def two_of_a_name() -> bytes:
    data = with_part("xl/worksheets/sheet2.xml", sheet(HEADER))()
    return data.replace(b"xl/worksheets/sheet2.xml", SHEET.encode())


def overlapping() -> bytes:
    """Two directory records for one compressed piece, as in a bomb without recursion."""
    data = with_part("xl/media/a", bytes(range(256)) * 400)()
    size = len(data)
    return patched(data, "xl/media/a", 20, "<L", size)


def zip64(data: bytes, entries: int | None = None) -> bytes:
    """The same zip with the directory's end of zip64 before the usual one."""
    at = data.rfind(b"PK\x05\x06")
    _, _, _, _, told, size, start, _ = struct.unpack_from("<4s4H2LH", data, at)
    count = told if entries is None else entries
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    return data[:at] + end + locator + data[at:]


def noise(size: int) -> str:
    """Comments that no packing makes much smaller."""
    words = random.Random(6)
    pieces = (f"<!--{words.randbytes(500).hex()}-->" for _ in range(size // 1000))
    return "".join(pieces)


def wrong_crc() -> bytes:
    return raw_zip(SHEET, 16, "<L", 12345)()


LAUGHS = "<!DOCTYPE sst [<!ENTITY a0 'ha'>" + "".join(
    f"<!ENTITY a{n} '&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};'>"
    for n in range(1, 20)
)
XXE = '<!DOCTYPE worksheet [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
FORMULA = Raw("", "<f>1+1</f>")
SHARED = Raw('t="s"', "<v>7</v>")
HOSTILE = "FILE.HOSTILE"
PART = "FILE.WORKBOOK"
BAD_AMOUNT = Bad("AMOUNT.MALFORMED", 2, "支付金额")

FILES: dict[str, File] = {
    # The zip.
    "zip bomb": made(with_part(SHEET, bytes(200 << 20)), Bad(HOSTILE, said="展开为 209715200")),
    "zip bomb beside the sheet": made(
        with_part("xl/media/image1.png", bytes(100 << 20)), Bad(HOSTILE, said="image1.png")
    ),
    "zip bomb that lies": made(
        lambda: patched(with_part(SHEET, bytes(100 << 20))(), SHEET, 24, "<L", 1000),
        Bad(PART, said="数据损坏"),
    ),
    "overlapping parts": made(overlapping, Bad(HOSTILE, said="重叠")),
    "20,000 parts": made(
        lambda: packed({**parts(sheet(HEADER)), **{f"x/{n}": "" for n in range(20_000)}}),
        Bad(HOSTILE, said="zip 目录"),
    ),
    "path traversal": made(with_part("xl/../../../etc/cron.d/x", "x"), Bad(HOSTILE, said="指向")),
    "absolute path": made(with_part("/etc/cron.d/x", "x"), Bad(HOSTILE, said="指向")),
    "symlink": made(symlink, Bad(HOSTILE, said="符号链接")),
    "two parts of one name": made(two_of_a_name, Bad(HOSTILE, said="出现两次")),
    "truncated": made(lambda: xlsx(HEADER, good())[:-200], Bad("FILE.TYPE", said="不完整")),
    "half": made(lambda: xlsx(HEADER, good())[:900], Bad("FILE.TYPE", said="zip 目录")),
    "wrong CRC": made(wrong_crc, Bad(PART, said="数据损坏")),
    "encrypted part": made(raw_zip(SHEET, 8, "<H", 1), Bad("FILE.TYPE", said="加密")),
    "unknown compression": made(raw_zip(SHEET, 10, "<H", 99), Bad("FILE.TYPE", said="压缩方法")),
    "zip64, as POI writes it": made(lambda: zip64(xlsx(HEADER, good())), Fine(1)),
    "zip64 that lies": made(
        lambda: zip64(xlsx(HEADER, good()), entries=10**9), Bad(HOSTILE, said="zip 目录")
    ),
    # Other formats.
    "xls": made(
        lambda: bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096), Bad("FILE.TYPE", said=".xls，")
    ),
    "password": made(
        lambda: (
            bytes.fromhex("d0cf11e0a1b11ae1")
            + bytes(512)
            + "EncryptedPackage".encode("utf-16-le")
            + bytes(512)
        ),
        Bad("FILE.TYPE", said="密码"),
    ),
    "ods": made(
        lambda: packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}),
        Bad("FILE.TYPE", said="OpenDocument"),
    ),
    "docx": made(lambda: packed({"word/document.xml": "x"}), Bad("FILE.TYPE", said="Word")),
    "xlsb": made(lambda: packed({"xl/workbook.bin": "x"}), Bad("FILE.TYPE", said=".xlsb")),
    "zip": made(lambda: packed({"a.csv": "x"}), Bad("FILE.TYPE", said="没有工作簿")),
    "nothing": made(lambda: b"", Bad("HEADER.MISSING", column="表头")),
    "noise": made(lambda: bytes(range(256)) * 40, Bad("FILE.ENCODING")),
    # XML.
    "XXE": made(with_part(SHEET, XXE + sheet(HEADER, good(G="&e;"))), Bad(HOSTILE, said="DOCTYPE")),
    "billion laughs": made(
        with_part("xl/sharedStrings.xml", f"{LAUGHS}]><sst {MAIN}><si><t>&a19;</t></si></sst>"),
        Bad(HOSTILE, said="sharedStrings"),
    ),
    "DOCTYPE in styles": made(
        with_part("xl/styles.xml", f"<!DOCTYPE x>{DATE_STYLES}"), Bad(HOSTILE, said="styles")
    ),
    "DOCTYPE in UTF-16": made(
        with_part(SHEET, (XXE + sheet(HEADER)).encode("utf-16")), Bad(HOSTILE, said="DOCTYPE")
    ),
    "undeclared entity": made(
        with_part(SHEET, sheet(HEADER, row(2, good(G=Raw('t="str"', "<v>&e;</v>"))))),
        Bad(PART, 2, said="undefined entity"),
    ),
    "deep nesting": made(
        with_part(SHEET, f"<worksheet {MAIN}>" + "<a>" * 100_000), Bad(PART, said="嵌套")
    ),
    "endless attribute": made(
        with_part(SHEET, f'<worksheet {MAIN} a="{"x0123456789" * 10**6}"/>'),
        Bad(PART, said="超长的 XML 标记"),
    ),
    "nothing but comments": made(
        with_part(SHEET, f"<worksheet {MAIN}>" + noise(40 << 20)), Bad(PART, said="没有内容")
    ),
    "cut XML": made(
        with_part(SHEET, sheet(HEADER, good())[:-40]), Bad(PART, 2, said="unclosed token")
    ),
    "NUL in XML": made(with_part(SHEET, sheet(HEADER, good(G="a\0"))), Bad(PART, 2)),
    "not XML": made(with_part("xl/workbook.xml", "PK"), Bad(PART, said="workbook.xml")),
    "no sheet": made(
        with_part("xl/workbook.xml", workbook_xml()), Bad("SHEET.AMBIGUOUS", column="sheet")
    ),
    "sheet of another file": made(
        with_part(
            "xl/_rels/workbook.xml.rels",
            relations("http://example.invalid/sheet1.xml", mode='TargetMode="External"'),
        ),
        Bad("FILE.TYPE", said="找不到工作表“支付”"),
    ),
    "sheet outside": made(
        with_part("xl/_rels/workbook.xml.rels", relations("../../../etc/passwd")),
        Bad("FILE.TYPE", said="找不到"),
    ),
    # The grid.
    "huge dimension": book(
        good(), before='<dimension ref="A1:XFD1048576"/>', expected=Fine(1, ("12.50",))
    ),
    "nested dimension": book(
        good(), before="<dimension><dimension/></dimension>", expected=Fine(1)
    ),
    "10^6 columns": book(
        "".join(("<row r='2'>", "<c/>" * 10**6, "</row>")),
        expected=Bad("SHEET.CELL", 2, "单元格", "XFD"),
    ),
    "column XFE": book(
        '<row r="2"><c r="XFE2"><v>1</v></c></row>',
        expected=Bad("SHEET.CELL", 2, "单元格", "XFE2"),
    ),
    "row 1048577": book('<row r="1048577"/>', expected=Bad("SHEET.ROW", 1, "行号", "1048576")),
    "rows backwards": book(row(3, good()), row(2, good()), expected=Bad("SHEET.ROW", 3, "行号")),
    "cell of another row": book(
        '<row r="2"><c r="A7"><v>1</v></c></row>', expected=Bad("SHEET.CELL", 2, "单元格", "A7")
    ),
    "cell twice": book(
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        expected=Bad("SHEET.CELL", 2, "单元格", "A2"),
    ),
    "merged data": book(
        good(),
        good(B="支2"),
        after='<mergeCells><mergeCell ref="G2:G3"/></mergeCells>',
        expected=Bad("SHEET.MERGED", 2, "合并单元格", "G2:G3"),
    ),
    "merged title": File(
        "xlsx",
        lambda: xlsx(
            ("支付明细",),
            HEADER,
            good(),
            after='<mergeCells><mergeCell ref="A1:G1"/></mergeCells>',
        ),
        Fine(1),
    ),
    "merge of nonsense": book(
        good(), after='<mergeCells><mergeCell ref="x"/></mergeCells>', expected=Bad(PART, 2)
    ),
    "hidden row": book(
        good(), row(3, good(B="支2"), 'hidden="1"'), expected=Bad("ROW.HIDDEN", 3, "行", "隐藏")
    ),
    "hidden sheet": made(
        lambda: packed(
            {
                **parts(sheet(("x",))),
                "xl/workbook.xml": workbook_xml(("旧", "hidden"), ("支付", "visible")),
                "xl/_rels/workbook.xml.rels": relations(
                    "worksheets/sheet1.xml", "worksheets/sheet2.xml"
                ),
                "xl/worksheets/sheet2.xml": sheet(HEADER, good()),
            }
        ),
        Fine(1),
    ),
    "two sheets": made(
        with_part("xl/workbook.xml", workbook_xml(("一", "visible"), ("二", "visible"))),
        Bad("SHEET.AMBIGUOUS", column="sheet", said="“一”、“二”"),
    ),
    "sheet that is not there": book(
        good(), options=("--sheet", "x"), expected=Bad("SHEET.UNKNOWN", 1, "sheet", "“支付”")
    ),
    # Cells.
    "formula, calculated": book(
        good(F=Raw("", "<f>1+1</f><v>2</v>")), expected=Fine(1, (",2.00,",))
    ),
    "formula, never calculated": book(
        good(), good(B="支2", F=FORMULA), expected=Bad("CELL.FORMULA", 3, "F3", "公式")
    ),
    "error": book(good(F=Raw('t="e"', "<v>#REF!</v>")), expected=Bad("CELL.ERROR", 2, "F2")),
    "error in a column of no use": book([*good(), Raw('t="e"', "<v>#N/A</v>")], expected=Fine(1)),
    "date": book(good(A=number(43891, 1)), expected=Fine(1, ("2020-03-01",))),
    "date and time": book(good(A=number(43891.75, 2)), expected=Fine(1, ("2020-03-01",))),
    "date of 1904": book(
        good(A=number(42429, 1)),
        workbook=workbook_xml(("支付", "visible"), properties='<workbookPr date1904="1"/>'),
        expected=Fine(1, ("2020-03-01",)),
    ),
    "ISO date": book(
        good(A=Raw('t="d"', "<v>2020-03-01T00:00:00</v>")), expected=Fine(1, ("2020-03-01",))
    ),
    "negative date": book(good(A=number(-1, 1)), expected=Bad("CELL.DATE", 2, "A2", "-1")),
    "date that never was": book(good(A=number(60, 1)), expected=Bad("CELL.DATE", 2, "A2")),
    "date beyond 9999": book(good(A=number("1e9", 1)), expected=Bad("CELL.DATE", 2, "A2")),
    "date without its format": book(
        good(A=number(43891)), expected=Bad("DATE.MALFORMED", 2, "A2", "43891")
    ),
    "number, exact": book(good(F=number("123.45999999999999", 3)), expected=Fine(1, ("123.46",))),
    "number, not exact": book(
        good(F=number("0.30000000000000004")), expected=Bad("AMOUNT.MALFORMED", 2, "F2", "准确到分")
    ),
    "infinity": book(good(F=number("INF")), expected=Bad("CELL.NUMBER", 2, "F2", "INF")),
    "NaN": book(good(F=number("NaN")), expected=Bad("CELL.NUMBER", 2, "F2")),
    "1e308": book(good(F=number("1e308")), expected=Bad("CELL.PRECISION", 2, "F2")),
    "1e400": book(good(F=number("1e400")), expected=Bad("CELL.NUMBER", 2, "F2")),
    "code of 21 digits as a number": book(
        good(D=number("4.2000022331E+20")), expected=Bad("CELL.PRECISION", 2, "D2", "存为文本")
    ),
    "true": book(
        good(F=Raw('t="b"', "<v>1</v>")), expected=Bad("AMOUNT.MALFORMED", 2, "F2", "TRUE")
    ),
    "long text": book(good(G="x" * 10**7), expected=Bad("CELL.TOO_LONG", 2, "G2", "32767")),
    "no shared texts": book(good(G=SHARED), expected=Bad("CELL.STRING", 2, "G2")),
    "shared text beyond": book(
        good(G=SHARED),
        strings=f"<sst {MAIN}><si><t>一</t></si></sst>",
        expected=Bad("CELL.STRING", 2, "G2"),
    ),
    "shared text too long": book(
        good(G=Raw('t="s"', "<v>0</v>")),
        strings=f"<sst {MAIN}><si><t>{'x' * 40_000}</t></si></sst>",
        expected=Bad("CELL.TOO_LONG", 2, "G2"),
    ),
    "shared text in runs": book(
        good(G=Raw('t="s"', "<v>0</v>")),
        strings=f"<sst {MAIN}><si><r><t>某</t></r><r><t>公司</t></r><rPh><t>x</t></rPh></si></sst>",
        expected=Fine(1, (",某公司",)),
    ),
    "escaped control character": book(
        good(G="某_x0007_店"), expected=Bad("TEXT.UNREADABLE", 2, "G2", "\\x07")
    ),
    "styles in a circle": book(
        good(A=number(43891, 1)),
        styles=DATE_STYLES.replace('<xf numFmtId="14"/>', '<xf numFmtId="14" xfId="0"/>'),
        expected=Fine(1),
    ),
    "100,000 styles": book(
        good(),
        styles=f"<styleSheet {MAIN}><cellXfs>{'<xf/>' * 100_000}</cellXfs></styleSheet>",
        expected=Bad(PART, said="格式超过"),
    ),
    "style that is not there": book(good(F=number("12.5", 99)), expected=Fine(1, ("12.50",))),
    # Headers, units, totals.
    "header twice": File(
        "xlsx",
        lambda: xlsx((*HEADER, "支付金额"), good()),
        Bad("HEADER.REPEATED", 1, "表头", "F、H 列"),
    ),
    "header alone": book(expected=Fine(0)),
    "no header": File("xlsx", lambda: xlsx(good(), good()), Bad("HEADER.MISSING", 2, "表头")),
    "header too late": File(
        "xlsx",
        lambda: xlsx(*[("x",)] * 40, HEADER, good()),
        Bad("HEADER.MISSING", 30, "表头", "前 30 行"),
    ),
    "header of 300 columns": File(
        "xlsx",
        lambda: xlsx([f"栏{n}" for n in range(300)]),
        Bad("HEADER.TOO_WIDE", 1, "表头", "200"),
    ),
    "two units": File(
        "xlsx",
        lambda: xlsx(("单位：万元", "单位：元"), HEADER, good()),
        Bad("UNIT.DIFFERS", 2, "单位", "万元（第 1 行）、元（第 1 行）"),
    ),
    "unit of thousands": File(
        "xlsx", lambda: xlsx(("单位：千元",), HEADER), Bad("UNIT.UNKNOWN", 2, "单位", "千元")
    ),
    "total": book(good(), ("合计", "", "", "", "", "12.5"), ("制表：某人",), expected=Fine(1)),
    "wrong total": book(
        good(),
        ("合 计", "", "", "", "", "12.51"),
        expected=Bad("TOTAL.DIFFERS", 3, "F3", "差 0.01"),
    ),
    "two totals": book(
        good(),
        ("合计", "", "", "", "", "12.50"),
        ("总计", "", "", "", "", "12.50"),
        expected=Bad("TOTAL.NOT_LAST", 4, "F4", "12.50"),
    ),
    "data below the total": book(
        good(),
        ("合计", "", "", "", "", "12.50"),
        good(B="支2"),
        expected=Bad("TOTAL.NOT_LAST", 4, "A4"),
    ),
    "total without an amount": book(
        good(), ("合计",), expected=Bad("FIELD.REQUIRED", 3, "F3", "金额")
    ),
    # CSV.
    "CSV": csv(GOOD, expected=Fine(1)),
    "CSV quote bomb": csv(
        GOOD, '"' + "x,\n" * 2 * 10**6, expected=Bad("FILE.CSV", 3, "行", "引号没有结束")
    ),
    "CSV quotes": csv('"a"b,"', expected=Bad("FILE.CSV", 2, "行", "引号之后不是逗号")),
    "CSV long cell": csv(
        [*GOOD[:6], "长" * 10**7], expected=Bad("TEXT.TOO_LONG", 2, "收款人", "共 10000000 个字符")
    ),
    "CSV 10^6 columns": csv(["x"] * 10**6, expected=Bad("ROW.COLUMNS", 2, "行", "1000000 栏")),
    "CSV header of 10^6 columns": File(
        "csv", lambda: text(["x"] * 10**6), Bad("HEADER.TOO_WIDE", 1, "表头", "1000000 栏")
    ),
    "CSV NUL": csv([*GOOD[:6], "某\0店"], expected=Bad("TEXT.UNREADABLE", 2, "收款人", "\\x00")),
    "CSV UTF-16": File(
        "csv",
        lambda: text(HEADER, GOOD).decode().encode("utf-16"),
        Bad("FILE.ENCODING", said="UTF-16"),
    ),
    "CSV of two encodings": File(
        "csv",
        lambda: text(HEADER, GOOD) + ",".join(GOOD).encode("gb18030"),
        Bad("FILE.ENCODING", said="第 3 行"),
    ),
    "CSV GB18030": File(
        "csv", lambda: text(HEADER, GOOD).decode().encode("gb18030"), Fine(1, ("某店",))
    ),
    "CSV infinity": csv([*GOOD[:5], "inf", "某店"], expected=BAD_AMOUNT),
    "CSV 1e308": csv([*GOOD[:5], "1e308", "某店"], expected=BAD_AMOUNT),
    "CSV formula": csv([*GOOD[:5], "=1+1", "某店"], expected=BAD_AMOUNT),
    "CSV short row": csv(GOOD[:5], expected=Bad("ROW.COLUMNS", 2, "行", "7 栏")),
    "CSV torn row": csv(
        [*GOOD[:5], "1", "234.50", "某店"], expected=Bad("ROW.COLUMNS", 2, "行", "8 栏")
    ),
    "CSV blank lines": csv("\n" * 10**5, GOOD, expected=Fine(1)),
}

DRIVER = """
import contextlib, io, json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
from cli.main import run
for line in sys.stdin:
    typed = json.loads(line)
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            run(typed)
        except SystemExit as left:
            code = left.code
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""


class Answered(NamedTuple):
    """What the process said of a file."""

    exit: int
    out: str
    err: str


@pytest.fixture(scope="module")
def answers(made: Shell, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answered]:
    """Every file imported by one process; the book stays as it was."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = []
    for n, file in enumerate(FILES.values()):
        path = folder / f"{n}.{file.ending}"
        path.write_bytes(file.made())
        typed = ["--db", str(made.db), "import", str(path), "--map", "TREASURY", *file.options]
        lines.append([*typed, *(["--dry-run"] if isinstance(file.expected, Fine) else ["--json"])])
    before = made.head()
    done = subprocess.run(
        [sys.executable, "-c", DRIVER.replace("MEMORY", str(MEMORY))],
        env={**clean_environment(), "PYTHONPATH": str(ROOT)},
        input="".join(f"{json.dumps(line)}\n" for line in lines),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=True,
    )
    assert before == made.head()
    found = [Answered(*json.loads(line)) for line in done.stdout.splitlines()]
    return dict(zip(FILES, found, strict=True))


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_refused_or_read(answers: dict[str, Answered], name: str):
    answer, expected = answers[name], FILES[name].expected
    assert "Traceback" not in answer.out + answer.err
    if isinstance(expected, Fine):
        assert answer.exit == 0, answer
        header, *rows = answer.out.splitlines()
        assert header.startswith("id,date,kind")
        assert expected.rows == len(rows)
        for said in expected.says:
            assert said in answer.out
        return
    assert answer.exit == 2, answer
    report = json.loads(answer.out)
    assert (report["ok"], report["recorded"]) == (False, 0)
    (rejected,) = report["rejected"]
    assert expected.code == rejected["code"]
    assert expected.row == rejected["row"]
    assert expected.column in (rejected["column"], rejected.get("cell"))
    assert expected.said in rejected["message"]
