"""FILE.audit: what an audit of all books has found so far, one book a line, so that a run which was
broken off need not begin again.

Lines are only ever added, so that whatever ends a run leaves whole lines and perhaps one that was
cut off. A file of this name that holds anything else is somebody's own, and left as it is.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, SupportsFloat

import msgspec
from msgspec import UNSET

from ledger.proofs.head import Head
from ledger.store.log import NotOurs
from ledger.store.sqlite import files
from projections.audit.book import Audited
from projections.encoder import encoded


class _Of(msgspec.Struct, frozen=True):
    """Which book a note is about."""

    book: str


class Notes:
    """Takes what is found as soon as it is known; the file stays when the run does not end.
    `unfit` says why nothing is noted where somebody else's file is in the way; on a medium that
    cannot be written there is nothing to say."""

    def __init__(self, path: Path, *, resume: bool) -> None:
        self._path, self._resume = path, resume
        self._file: int | None = None
        self._full = False
        self.unfit = ""

    def __enter__(self) -> Self:
        try:
            self._file = self._opened()
        except NotOurs as error:
            self.unfit = f"{error}；本次审计没有记下进度"
        except OSError:  # an auditor's medium may be read-only
            pass
        return self

    def _opened(self) -> int:
        found = files.alone(self._path)
        if found is None:
            return files.made(self._path, os.O_RDWR | os.O_APPEND)
        file = files.opened(self._path, found, os.O_RDWR | os.O_APPEND)
        try:
            content = _read(file)
            if not _is_ours(content):
                raise NotOurs(str(self._path), _ANOTHERS)
            os.ftruncate(file, content.rfind(b"\n") + 1 if self._resume else 0)
        except BaseException:
            os.close(file)
            raise
        return file

    def add(self, book: str, outcome: Audited) -> None:
        """Notes what became of a book. A disk that is full by now takes no more notes."""
        if self._file is not None and not self._full:
            line = f"{encoded(_Of(book), outcome)}\n".encode()
            try:
                self._full = os.write(self._file, line) < len(line)
            except OSError:
                self._full = True

    def done(self) -> None:
        """The run has come to its end: the file is not needed any more."""
        if self._file is not None:
            with suppress(OSError, NotOurs):
                found = files.alone(self._path)
                if found is not None and os.path.samestat(found, os.fstat(self._file)):
                    self._path.unlink()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)


_ANOTHERS = "不是审计留下的文件"


def noted(path: Path) -> dict[str, Audited]:
    """What an unfinished run had noted, by book; a line that is no note counts for nothing."""
    found = {}
    for line in _content(path).split(b"\n"):
        if (note := _note(line)) is not None and note.book is not UNSET:
            found[note.book] = msgspec.structs.replace(note, book=UNSET)
    return found


def unfit(path: Path) -> str:
    """Why the file of the notes is none of ours; empty where it is, or where there is none."""
    try:
        found = files.alone(path)
    except (NotOurs, OSError) as error:
        return str(error)
    if found is None or _is_ours(_content(path)):
        return ""
    return str(NotOurs(str(path), _ANOTHERS))


def head_of(note: Audited) -> Head:
    """The head at which a book was audited. Raises `ValueError`."""
    return Head(note.head.entries, bytes.fromhex(note.head.hash))


def _content(path: Path) -> bytes:
    """What the file of the notes holds; nothing where there is none that may be read."""
    try:
        found = files.alone(path)
        file = None if found is None else files.opened(path, found)
    except (OSError, NotOurs):
        return b""
    if file is None:
        return b""
    try:
        return _read(file)
    finally:
        os.close(file)


def _read(file: int) -> bytes:
    return b"".join(_pieces(file))


def _pieces(file: int) -> Iterator[bytes]:
    while piece := os.read(file, 1 << 20):
        yield piece


def _is_ours(content: bytes) -> bool:
    """Whether every line is a note, the last one perhaps cut off."""
    *lines, last = content.split(b"\n")
    return _is_cut_off(last) and all(_note(line) is not None for line in lines)


_BEGUN = b'{"book":'


def _is_cut_off(line: bytes) -> bool:
    """Whether a line may be the beginning of a note, or all of it but its end."""
    if _BEGUN.startswith(line) or _note(line) is not None:
        return True
    try:
        msgspec.json.decode(line)
    except (ValueError, RecursionError):
        return line.startswith(_BEGUN)
    return False


def _note(line: bytes) -> Audited | None:
    """What a line notes; None where it is no note."""
    try:
        note = msgspec.json.decode(line, type=Audited, dec_hook=_as_read)
        head_of(note)
    except (ValueError, RecursionError):
        return None
    return None if note.book is UNSET else note


def _as_read(_: type, value: object) -> object:
    """msgspec's hook for the seconds: a number as JSON has it. Raises `ValueError`."""
    if not isinstance(value, SupportsFloat):
        raise ValueError(f"no number of seconds: {value!r}")
    return value
