"""stdout and stderr, whatever becomes of them: closed, full, or read by nobody any more.

What a stream does not take is noted and never raised, so that a command goes on to its end, and
ends as the facts say and not as the pipe does. Who asks afterwards (`refused`) learns why.
"""

import errno
import io
import os
import select
import sys
from collections.abc import Iterable
from typing import Any, TextIO

_ANSWERS, _TALK = 1, 2
"""The descriptors of stdout and stderr."""


class _Taking(io.RawIOBase):
    """A descriptor that is written as long as it takes what is written; the rest goes nowhere."""

    def __init__(self, descriptor: int, refused: OSError | None = None) -> None:
        self._descriptor = descriptor
        self.refused = refused
        self.begun = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return self.refused is None and os.isatty(self._descriptor)

    def write(self, data: Any, /) -> int:
        self.begun = True
        while self.refused is None:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:  # whoever shares a terminal or a pipe may have made it so
                select.select([], [self._descriptor], [])
            except OSError as error:
                self.refused = error
        return len(data)

    def let_go(self) -> None:
        """What is still on its way here goes nowhere."""
        self.refused = self.refused or _closed()


def prepare() -> None:
    """Both streams write UTF-8, and note what they do not take. One that is closed takes nothing;
    its descriptor is kept from the next file that is opened, which would be written else by all
    that knows stdout by its number."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _TALK:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdout, sys.stderr = _noting(sys.stdout, _ANSWERS), _noting(sys.stderr, _TALK)


def write(pieces: Iterable[str]) -> bool:
    """Writes an answer piece by piece on stdout, as long as it is taken; whether all of it was."""
    raw = _raw(sys.stdout)
    for piece in pieces:
        sys.stdout.write(piece)
        if raw is not None and raw.refused is not None:
            return refused() is None  # which notes that something was said
    return refused() is None


def refused() -> OSError | None:
    """Why stdout has not taken all that was said, if it has not."""
    sys.stdout.flush()
    raw = _raw(sys.stdout)
    if raw is None or raw.fileno() != _ANSWERS:  # a file was asked for there, and talk is stderr's
        return None
    return raw.refused if raw.begun else None


def alone(text: str) -> bool:
    """Says this on stdout and nothing beside it; False if something was begun there already, or if
    this was not taken."""
    raw = _raw(sys.stdout)
    if raw is not None:
        if raw.begun:
            return False
        sys.stdout = _stream(_Taking(raw.fileno(), raw.refused))
        raw.let_go()
    print(text, flush=True)
    return refused() is None


def let_go() -> None:
    """What stdout has not taken yet it need not take any more: nobody waits for it."""
    raw = _raw(sys.stdout)
    if raw is not None:
        raw.let_go()


def _closed() -> OSError:
    return OSError(errno.EBADF, os.strerror(errno.EBADF))


def _noting(stream: TextIO | None, descriptor: int) -> TextIO:
    """The stream of a process as it shall be; one that a program has put in its place stays."""
    if stream is None:
        return _stream(_Taking(descriptor, _closed()))
    if isinstance(stream, io.TextIOWrapper) and _raw(stream) is None:
        if stream is sys.__stdout__ or stream is sys.__stderr__:
            return _stream(_Taking(descriptor))
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _stream(raw: _Taking) -> TextIO:
    """Talk and what is read on a terminal is written line by line; other answers are whole."""
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        line_buffering=raw.fileno() == _TALK or raw.isatty(),
    )


def _raw(stream: TextIO) -> _Taking | None:
    raw = getattr(getattr(stream, "buffer", None), "raw", None)
    return raw if isinstance(raw, _Taking) else None
