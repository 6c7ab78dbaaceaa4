"""Which encoding is a CSV file in? UTF-8, with or without BOM, or GB18030, as Excel writes it here.

A file that is neither, or partly one and partly the other, is refused: what is decoded wrongly
would be recorded wrongly, for ever.
"""

import codecs
import re
from pathlib import Path

from ledger.errors import Malformed, Unreadable

CHUNK = 1 << 20
_UTF8_HAN = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}")


def shown(path: Path) -> str:
    """A path in a message: of a long one the end, which is what tells it from others."""
    text = str(path)
    return text if len(text) <= 60 else f"…{text[-59:]}"


def detected_encoding(path: Path) -> str:
    """UTF-8 (with or without BOM), else GB18030. Reads the whole file once, in pieces. Raises
    `Malformed`."""
    if not path.is_file():
        raise Malformed(
            Unreadable.FILE_MISSING,
            field="FILE",
            value=shown(path),
            expected="存在的文件",
        )
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        expected = "UTF-8 或 GB18030 编码的文件（此文件为 UTF-16，请另存为 CSV UTF-8）"
        raise Malformed(
            Unreadable.FILE_ENCODING, field="FILE", value=shown(path), expected=expected
        )
    if start.startswith(b"PK\x03\x04"):
        expected = (
            "CSV 文本（此文件是 Excel 工作簿，请另存为 CSV UTF-8；其他系统的导出可用 import --map）"
        )
        raise Malformed(Unreadable.FILE_TYPE, field="FILE", value=shown(path), expected=expected)
    utf8_bad = _undecodable(path, "utf-8")
    if utf8_bad is None:
        return "utf-8-sig"
    if not start.startswith(codecs.BOM_UTF8) and _undecodable(path, "gb18030") is None:
        mixed = _line_of_utf8(path)
        if mixed is None:
            return "gb18030"
        expected = f"全文同为 UTF-8 或同为 GB18030 编码（第 {mixed} 行是 UTF-8，其他行是 GB18030）"
        raise Malformed(
            Unreadable.FILE_ENCODING, field="FILE", value=shown(path), expected=expected
        )
    expected = f"全文同为 UTF-8 或同为 GB18030 编码（第 {utf8_bad} 行起不是 UTF-8，也不是 GB18030）"
    raise Malformed(Unreadable.FILE_ENCODING, field="FILE", value=shown(path), expected=expected)


def _undecodable(path: Path, encoding: str) -> int | None:
    """The line of the first byte that is not of this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return lines + chunk[: error.start].count(b"\n")
            lines += chunk.count(b"\n")
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return lines
    return None


def _line_of_utf8(path: Path) -> int | None:
    """A line of a GB18030 file that is UTF-8: read as GB18030 it would be recorded as nonsense.

    Two Chinese characters or more, every byte of the line right: no GB18030 text looks like that.
    """
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if len(_UTF8_HAN.findall(line)) > 1:
                try:
                    line.decode("utf-8")
                except UnicodeDecodeError:
                    continue
                return number
    return None


def lines_below_the_header(path: Path) -> int:
    """How many rows a CSV file has, about."""
    with path.open("rb") as stream:
        lines = sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(CHUNK), b""))
    return max(lines - 1, 1)


TEXT_MAX = 1 << 18
"""Bytes of a file of words: more than the longest text has."""


def read_text(path: Path) -> str:
    """The words of a text file. Raises `Malformed`."""
    encoding = detected_encoding(path)
    if path.stat().st_size > TEXT_MAX:
        raise Malformed(
            Unreadable.TEXT_TOO_LONG,
            field="FILE",
            value=shown(path),
            expected="不超过 256 KB 的文字",
        )
    return path.read_text(encoding)
