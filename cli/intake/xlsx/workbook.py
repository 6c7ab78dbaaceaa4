"""An .xlsx of somebody else: checked before it is opened, then read in a stream.

The directory of the zip is checked first: what would unpack to more than is read here, or would
leave its folder, is refused before a byte is unpacked. Nothing is ever written to disk.
"""

import posixpath
import re
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cli.intake.xlsx.parts import Part, relation_id
from cli.intake.xlsx.worksheet import Sheet, Strings
from ledger.errors import Malformed, Unreadable

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_END = struct.Struct("<4s4H2LH")  # the end record of a zip directory
_END_64 = struct.Struct("<4sQ2H2L4Q")  # the same of zip64, which POI always writes
_LOCATOR_64 = 20
_PARTS_MAX = 10_000
_DIRECTORY_MAX = 4 << 20
_UNPACKED_MAX = 3 << 30  # a sheet of 1,048,576 rows and 20 columns has 1 to 2 GB
_RATIO_FROM = 16 << 20
_RATIO_MAX = 200  # sheets pack 5 to 50 times; a bomb 1,000
_STYLES_MAX = 1 << 16
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENTS = {"9": "0%", "10": "0.00%"}
_PERCENT = re.compile(r"[#,0]*0(?:\.(0+))?%(?:_.)?")
_NO_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.|General', re.IGNORECASE)
_NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.|\s")
_ADDED = re.compile(r'"[^"]|\\.|[0#?][-/][0#?]')
_RIGHT = "Excel 工作簿（.xlsx），或 CSV（UTF-8、GB18030）"
_BOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


@contextmanager
def opened_sheet(path: Path, wanted: str | None) -> Iterator[Sheet]:
    """A worksheet by its name; without a name the only one that is visible. Raises `Malformed`."""
    _check_container(path)
    try:
        packed = ZipFile(path)
    except (BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError) as error:
        raise _wrong(f"不完整或已损坏：{error}") from error
    with packed:
        parts = _checked_parts(path, packed)
        book, relations = _Book(_BOOK), _Relations(_RELATIONS)
        for part in (book, relations):
            if part.name not in parts:
                raise _wrong(_what_it_is(packed, parts))
            part.read(packed.open(part.name))
        name, relation = _chosen(book.sheets, wanted)
        target = relations.targets.get(relation, "")
        if target not in parts:
            raise _wrong(f"找不到工作表“{name}”的内容")
        styles = _Styles("xl/styles.xml")
        if styles.name in parts:
            styles.read(packed.open(styles.name))
        with Strings() as strings:
            if "xl/sharedStrings.xml" in parts:
                strings.read(packed.open("xl/sharedStrings.xml"))
            with packed.open(target) as stream:
                yield Sheet(
                    target,
                    stream,
                    title=name,
                    strings=strings,
                    dates=styles.dates(),
                    padded=styles.padded(),
                    percents=styles.percents(),
                    from_1904=book.from_1904,
                )


def is_workbook(path: Path) -> bool:
    """Whether a file begins like a zip or like an old or encrypted Excel file."""
    if not path.is_file():
        return False
    with path.open("rb") as stream:
        start = stream.read(8)
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def _check_container(path: Path) -> None:
    """What can be told without unpacking: other formats, and the size of the zip's directory."""
    with path.open("rb") as stream:
        start = stream.read(1 << 20)
        stream.seek(0, 2)
        length = stream.tell()
        stream.seek(max(0, length - (1 << 16) - _END.size))
        tail = stream.read()
    if start.startswith(_OLE):
        locked = _ENCRYPTED in start
        raise _wrong(
            "有打开密码，请去掉密码后另存" if locked else "旧格式 .xls，请另存为 .xlsx 或 CSV",
        )
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise _wrong("不完整：没有 zip 目录")
    *_, entries, size, _, _ = _END.unpack_from(tail, at)
    at_64 = at - _LOCATOR_64 - _END_64.size
    if at_64 >= 0 and tail[at_64:].startswith(b"PK\x06\x06"):
        *_, entries, size, _ = _END_64.unpack_from(tail, at_64)
    if entries > _PARTS_MAX or size > _DIRECTORY_MAX:
        raise _hostile(f"zip 目录有 {entries} 项、{size} 字节")


def _checked_parts(path: Path, packed: ZipFile) -> dict[str, ZipInfo]:
    """The parts by name, when every one of them is of a kind and size that a workbook has."""
    parts: dict[str, ZipInfo] = {}
    unpacked = 0
    for part in packed.infolist():
        name = part.filename
        unpacked += part.file_size
        if name in parts:
            raise _hostile(f"{name} 在 zip 中出现两次")
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
            raise _hostile(f"{name} 指向工作簿之外")
        if stat.S_ISLNK(part.external_attr >> 16):
            raise _hostile(f"{name} 是符号链接")
        if part.flag_bits & 0x1 or part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise _wrong(f"{name} 是加密的，或用了 Excel 不用的压缩方法")
        if part.file_size > max(_RATIO_FROM, part.compress_size * _RATIO_MAX):
            raise _hostile(f"{name} 由 {part.compress_size} 字节展开为 {part.file_size} 字节")
        parts[name] = part
    if unpacked > _UNPACKED_MAX:
        raise _hostile(f"展开后有 {unpacked >> 20} MB，最多 {_UNPACKED_MAX >> 20} MB")
    if sum(part.compress_size for part in parts.values()) > path.stat().st_size:
        raise _hostile("zip 中的内容互相重叠")
    return parts


def _what_it_is(packed: ZipFile, parts: dict[str, ZipInfo]) -> str:
    """What a zip that is not a workbook seems to be."""
    if "xl/workbook.bin" in parts:
        return "二进制工作簿 .xlsb，请另存为 .xlsx"
    if "mimetype" in parts and b"opendocument" in packed.open("mimetype").read(100):
        return "OpenDocument 文件，请另存为 .xlsx 或 CSV"
    if any(name.startswith("word/") for name in parts):
        return "Word 文档"
    return "zip 文件，其中没有工作簿"


def _chosen(sheets: list[tuple[str, str, bool]], wanted: str | None) -> tuple[str, str]:
    """Name and relation of the sheet that is meant."""
    names = "、".join(f"“{name}”" for name, _, _ in sheets[:20])
    if wanted is not None:
        for name, relation, _ in sheets:
            if name == wanted:
                return name, relation
        expected = f"工作簿中的一张工作表：{names}"
        raise Malformed(Unreadable.SHEET_UNKNOWN, field="sheet", value=wanted, expected=expected)
    visible = [(name, relation) for name, relation, hidden in sheets if not hidden]
    if len(visible) != 1:
        expected = f"用 --sheet 指明工作表（{len(visible)} 张可见）：{names}"
        raise Malformed(Unreadable.SHEET_AMBIGUOUS, field="sheet", value="", expected=expected)
    return visible[0]


class _Book(Part):
    """xl/workbook.xml: the sheets (name, relation, hidden) and the day that serial numbers count
    from."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.sheets: list[tuple[str, str, bool]] = []
        self.from_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), relation_id(attributes), hidden))
        elif tag == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class _Relations(Part):
    """The parts that relations of the workbook lead to; what lies outside of the file is none."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.targets[attributes.get("Id", "")] = target.lstrip("/")


class _Styles(Part):
    """xl/styles.xml: which cell formats show a number as a date, or with more than its digits."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._formats: dict[str, str] = {}
        self._cells: list[str] = []
        self._in_cells = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self._formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self._cells.append(attributes.get("numFmtId", "0"))
        if len(self._cells) + len(self._formats) > _STYLES_MAX:
            raise self.broken(f"格式超过 {_STYLES_MAX} 种")

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self._in_cells = False

    def dates(self) -> frozenset[str]:
        """The numbers of the cell formats that are dates, as cells name them."""
        return frozenset(str(n) for n, id_ in enumerate(self._cells) if self._is_date(id_))

    def padded(self) -> dict[str, int]:
        """The cell formats that show more of a number than its digits, as cells name them: to how
        many digits they fill it up with zeros, 0 where they add anything else."""
        widths = {id_: _digits(code) for id_, code in self._formats.items()}
        found = ((str(n), widths.get(id_, 1)) for n, id_ in enumerate(self._cells))
        return {name: width for name, width in found if width != 1}

    def percents(self) -> dict[str, int]:
        """The cell formats that show a number as a percent, as cells name them: with how many
        decimals."""
        codes = {**_PERCENTS, **self._formats}
        found = (
            (str(n), _PERCENT.fullmatch(codes.get(id_, ""))) for n, id_ in enumerate(self._cells)
        )
        return {name: len(shown[1] or "") for name, shown in found if shown}

    def _is_date(self, id_: str) -> bool:
        if id_ in self._formats:
            return re.search("[ymdh]", _NO_DATE.sub("", self._formats[id_]), re.I) is not None
        return id_.isdigit() and int(id_[:4]) in _DATE_FORMATS


def _digits(code: str) -> int:
    """To how many digits a number format fills a number up: `000` to 3, most to 1; 0 where it adds
    other characters (`"P"000`, `000-000`)."""
    shown = _NOT_SHOWN.sub("", code.split(";", maxsplit=1)[0])
    if re.fullmatch("0+", shown):
        return len(shown)
    return 0 if _ADDED.search(shown) else 1


def _wrong(what: str) -> Malformed:
    return Malformed(Unreadable.FILE_TYPE, field="FILE", value=what, expected=_RIGHT)


def _hostile(what: str) -> Malformed:
    expected = "Excel 或 WPS 存出的工作簿（此文件不像，未打开）"
    return Malformed(Unreadable.FILE_HOSTILE, field="FILE", value=what, expected=expected)


def without_sheets(sheet: str) -> Malformed:
    """The complaint that a sheet is named of a CSV file."""
    expected = "空（CSV 文件没有工作表）"
    return Malformed(Unreadable.SHEET_UNKNOWN, field="sheet", value=sheet, expected=expected)
