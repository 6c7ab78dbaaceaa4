"""XML out of an untrusted workbook, in pieces: no document types, no entities, no endless tokens.

expat reads a part without ever holding it whole. What it must not meet is refused here, for every
part alike; what the elements mean stands in workbook.py and worksheet.py.
"""

from collections.abc import Iterator
from typing import IO, Any, NoReturn
from xml.parsers import expat
from zipfile import BadZipFile
from zlib import error as ZlibError

from ledger.errors import Malformed, Unreadable

_PIECE = 1 << 16
_TOKEN_MAX = 1 << 22  # a tag or comment beyond it would be kept in memory whole
_DEPTH_MAX = 64
_NAMES_MAX = 100
_IDLE_MAX = 1 << 25  # bytes without anything that counts
_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main ",
    "http://purl.oclc.org/ooxml/spreadsheetml/main ",
    "http://schemas.openxmlformats.org/package/2006/relationships ",
)
_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships id",
    "http://purl.oclc.org/ooxml/officeDocument/relationships id",
)


class _Names(dict[str, str]):
    """Names without our vocabularies' prefix. Few are kept: a sheet may invent any number."""

    def __missing__(self, name: str) -> str:
        local = name
        for namespace in _NAMESPACES:
            local = local.removeprefix(namespace)
        if len(self) < _NAMES_MAX:
            self[name] = local
        return local


class Part:
    """One XML part: subclasses say what its elements mean, and count in `found` what they came for.
    Elements of other vocabularies come under their whole name, which none of them knows."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found = 0
        self._depth = 0
        self._names = _Names()
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def text(self, piece: str) -> None:
        """A piece of the text within it."""

    def pieces(self, stream: IO[bytes]) -> Iterator[None]:
        """Reads the part; after every piece what it held has been told. Raises `Malformed`."""
        read = idle = found = 0
        try:
            while piece := stream.read(_PIECE):
                read += len(piece)
                self._parser.Parse(piece, False)
                if read - self._parser.CurrentByteIndex > _TOKEN_MAX:
                    raise self.broken("超长的 XML 标记")
                idle = 0 if self.found > found else idle + len(piece)
                found = self.found
                if idle > _IDLE_MAX:
                    raise self.broken(f"超过 {_IDLE_MAX >> 20} MB 没有内容")
                yield
            self._parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise self.broken(f"第 {error.lineno} 行：{error}") from error
        except (BadZipFile, ZlibError, EOFError, NotImplementedError, ValueError) as error:
            if isinstance(error, Malformed):
                raise
            raise self.broken(f"数据损坏：{error}") from error

    def read(self, stream: IO[bytes]) -> None:
        """Reads the whole part."""
        for _ in self.pieces(stream):
            pass

    def broken(self, why: str) -> Malformed:
        """The complaint that the part cannot be read."""
        return Malformed(
            Unreadable.FILE_WORKBOOK,
            field="FILE",
            value=f"{self.name}（{why}）",
            expected="完好的 Excel 工作簿（.xlsx）；请用 Excel 或 WPS 打开后另存一次",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise self.broken(f"元素嵌套超过 {_DEPTH_MAX} 层")
        self.start(self._names[name], attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.end(self._names[name])

    def _doctype(self, *_: Any) -> NoReturn:
        raise Malformed(
            Unreadable.FILE_HOSTILE,
            field="FILE",
            value=f"{self.name} 含有 DOCTYPE 或实体声明",
            expected="不含 DOCTYPE 和实体声明的工作簿（正常的 Excel 文件没有）",
        )


def relation_id(attributes: dict[str, str]) -> str:
    """The `r:id` of an element; empty where it has none."""
    return next((attributes[name] for name in _RELATION if name in attributes), "")
