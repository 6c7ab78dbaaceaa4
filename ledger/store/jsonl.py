"""Whole books as lines of JSON (RFC 8259, UTF-8, one value a line): the stored bytes of every entry
and what proves them, and back again (L48).

    {"format":"yusuan-jsonl","version":2}
    {"book":"420103/2020","number":1,"tag":"open-book","hash":"…","entry":{…as stored…}}
    …
    {"heads":{"420103/2020":[119,"…"]}}

The entries of a book stand together, in order; the last line says how far every book goes, so that
a file that was cut off is found. What is read here is believed only where the chain proves it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from ledger.book import BookId
from ledger.errors import Corrupt, Damage, Malformed, Unreadable
from ledger.events import FORMAT, Entry, decode, encode, kind_of
from ledger.proofs.chain import link
from ledger.proofs.head import EMPTY, Head
from ledger.state import BookState, evolve, initial
from ledger.store.fold import proved
from ledger.store.log import Log, OtherFormat, StoredRow

LINE_MAX = 1 << 27
"""Far above the longest entry, a closing of 100,000 lines; a file without line breaks ends here."""

_Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    format: Literal["yusuan-jsonl"]
    version: Annotated[int, msgspec.Meta(ge=1)]
    """The storage format of what the lines hold."""


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    book: str
    number: int
    tag: str
    hash: _Hash
    entry: msgspec.Raw


class _Trailer(msgspec.Struct, forbid_unknown_fields=True):
    heads: dict[str, tuple[int, _Hash]]


_LINES: msgspec.json.Decoder[_Line | _Trailer] = msgspec.json.Decoder(_Line)
_TRAILERS: msgspec.json.Decoder[_Line | _Trailer] = msgspec.json.Decoder(_Trailer)
_TRAILER = b'{"heads":'
_ENCODER = msgspec.json.Encoder()


class Verified(NamedTuple):
    """An entry that was read: as it is to be stored, and the book as it is then."""

    book: str
    row: StoredRow
    entry: Entry
    state: BookState


def lines(log: Log, heads: dict[str, Head]) -> Iterator[str]:
    """The lines of these books of a log, each up to its head. Raises `Corrupt`."""
    yield _text(_Header("yusuan-jsonl", FORMAT))
    for book, head in heads.items():
        for row, _ in proved(log, book, EMPTY, head):
            raw = msgspec.Raw(row.stored)
            yield _text(_Line(book, row.number, row.tag, row.hash.hex(), raw))
    yield _text(_Trailer({book: (head.entries, head.hash.hex()) for book, head in heads.items()}))


def _text(value: Any) -> str:
    return _ENCODER.encode(value).decode() + "\n"


class Reader:
    """The entries of a file, one after another. `heads` says how far each book was read so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._number = 0
        self.heads: dict[str, Head] = {}

    def entries(self) -> Iterator[Verified]:
        """Every entry, proved by the chain, canonical, and lawful as far as its accounts balance.
        Raises `Malformed` for what is no such file, `Corrupt` for what contradicts itself; both
        name the line; `OtherFormat` for what another program wrote."""
        texts = self._texts()
        self._check_header(next(texts, b""))
        book: str | None = None
        head, state = EMPTY, initial("")
        for text in texts:
            line = self._line(text)
            if isinstance(line, _Trailer):
                self._check_end(line, texts)
                return
            if line.book != book:
                if line.book in self.heads:
                    raise self._wrong(f"{line.book} 的记录不在一处，或重复出现")
                self._check_name(line.book)
                book, head, state = line.book, EMPTY, initial(line.book)
            row, entry = self._proved(line, head)
            self._follow(state, entry)
            head = self.heads[book] = Head(row.number, row.hash)
            yield Verified(book, row, entry, state)
        raise self._wrong("文件到此为止，缺少末行（各账套的末端）：文件被截断")

    def _texts(self) -> Iterator[bytes]:
        with self._path.open("rb") as stream:
            while text := stream.readline(LINE_MAX + 1):
                self._number += 1
                if len(text) > LINE_MAX:
                    raise self._malformed(text[:40], f"不超过 {LINE_MAX >> 20} MB 的一行")
                yield text
        self._number += 1

    def _check_header(self, text: bytes) -> None:
        try:
            header = msgspec.json.decode(text, type=_Header)
        except ValueError:
            expected = "yusuan export jsonl 所写文件的首行"
            raise self._malformed(text, expected) from None
        if header.version != FORMAT:
            raise OtherFormat(str(self._path), header.version)

    def _line(self, text: bytes) -> _Line | _Trailer:
        try:
            return (_TRAILERS if text.startswith(_TRAILER) else _LINES).decode(text)
        except (ValueError, RecursionError) as error:
            expected = f"一笔记录，或末行的各账套末端（{error}）"
            raise self._malformed(text, expected) from None

    def _check_name(self, book: str) -> None:
        try:
            BookId.parse(book)
        except Malformed as malformed:
            raise self._malformed(book.encode(), malformed.expected) from malformed

    def _proved(self, line: _Line, head: Head) -> tuple[StoredRow, Entry]:
        book, number, stored = line.book, line.number, bytes(line.entry)
        if number != head.entries + 1:
            raise self._wrong(f"{book} 第 {head.entries} 笔之后是第 {number} 笔，编号不连续")
        hash_ = link(head.hash, book, number, line.tag, stored)
        if hash_.hex() != line.hash:
            raise self._wrong(f"{book} 第 {number} 笔与哈希链不符")
        try:
            entry = decode(stored)
            canonical = encode(entry) == stored
        except (ValueError, RecursionError) as error:
            raise self._wrong(f"{book} 第 {number} 笔的内容无法读取：{error}") from error
        named = (entry.book, entry.number, kind_of(entry.event))
        if not canonical or named != (book, number, line.tag):
            raise self._wrong(f"{book} 第 {number} 笔不是规范形式，或与所在的行不符")
        if (entry.key is None) != (entry.digest is None):
            raise self._wrong(f"{book} 第 {number} 笔的幂等编号与内容不符")
        return StoredRow(number, line.tag, stored, hash_, entry.key), entry

    def _follow(self, state: BookState, entry: Entry) -> None:
        try:
            evolve(state, entry)
        except Corrupt as error:
            raise self._wrong(str(error)) from error

    def _check_end(self, trailer: _Trailer, texts: Iterator[bytes]) -> None:
        if not self.heads:
            raise self._malformed(b"", "至少一个账套的文件")
        right = {book: (head.entries, head.hash.hex()) for book, head in self.heads.items()}
        if trailer.heads != right:
            raise self._wrong("末行所说的账套末端与读到的不符")
        if next(texts, None) is not None:
            raise self._wrong("末行之后还有内容")

    def _malformed(self, text: bytes, expected: str) -> Malformed:
        return Malformed(
            Unreadable.FILE_JSONL,
            field=f"{self._path.name} 第 {self._number} 行",
            value=text[:200].decode("utf-8", "backslashreplace").rstrip("\n"),
            expected=expected,
        )

    def _wrong(self, message: str) -> Corrupt:
        where = f"{self._path} 第 {self._number} 行"
        return Corrupt(Damage.FILE_CHAIN, f"{where}：{message}", line=self._number)
