"""FORMAT.md and SECURITY.md: written by a person, but for what stands between two marks, which the
code says."""

import re
import textwrap
from collections.abc import Callable, Mapping
from functools import partial

from ledger.store.sqlite.log import SCHEMA
from ledger.texts import NEVER
from scripts.docs.events import events
from scripts.docs.markdown import Unusable, fenced
from scripts.docs.security import threats

_MARKED = re.compile(r"(?<=<!-- generated: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)
Chapters = Mapping[str, Callable[[], str]]
"""What makes each chapter, in the order of its document."""


def schema() -> str:
    """What makes the tables, indexes and triggers of a log."""
    return fenced(";\n\n".join(SCHEMA.values()) + ";", "sql")


def texts() -> str:
    """The characters that no text holds."""
    ranges = (f"{a:04X}" if a == z else f"{a:04X}–{z:04X}" for a, z in NEVER)
    return fenced(textwrap.fill("U+ " + ", ".join(ranges), 100))


CHAPTERS: dict[str, Chapters] = {
    "FORMAT.md": {"schema": schema, "texts": texts, "events": events},
    "SECURITY.md": {"threats": threats},
}


def chaptered(document: str) -> Callable[[str], str]:
    """What makes a document of the text that it had."""
    return partial(_filled, CHAPTERS[document])


def _filled(chapters: Chapters, text: str) -> str:
    """The text with its chapters between their marks. Raises `Unusable` where one is missing."""
    found = [mark[1] for mark in _MARKED.finditer(text)]
    if found != [*chapters]:
        raise Unusable(f"marks of {', '.join(chapters)} are wanted, in that order, not {found}")
    return _MARKED.sub(lambda mark: f"{mark[1]}{mark[2]}{chapters[mark[1]]()}\n", text)
