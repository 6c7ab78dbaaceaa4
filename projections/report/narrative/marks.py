"""Text whose figures are marked: what is printed, and which figure it prints. So a document leads
from a number in a sentence to where it comes from.

While a sentence is put together it is text, with a figure between characters that nobody can type
(a control character in a text is refused when it is recorded).
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

_BEGIN, _IS, _END = "\x0e", "\x1f", "\x0f"
_MARKED = re.compile(rf"{_BEGIN}([^{_IS}]*){_IS}([^{_END}]*){_END}")


class Span(NamedTuple):
    """A piece of text; `figure` is the id of what it prints, if it prints one."""

    text: str
    figure: str = ""


Line = tuple[Span, ...]


def marked(figure: str, printed: str) -> str:
    """What a figure prints, as a part of a text that is put together."""
    return f"{_BEGIN}{figure}{_IS}{printed}{_END}" if printed else ""


def line(text: str) -> Line:
    """A text that was put together."""
    found: list[Span] = []
    at = 0
    for each in _MARKED.finditer(text):
        found += [Span(text[at : each.start()]), Span(each[2], each[1])]
        at = each.end()
    return tuple(each for each in (*found, Span(text[at:])) if each.text)


def plain(marks: Iterable[Span]) -> str:
    """What is printed."""
    return "".join(each.text for each in marks)
