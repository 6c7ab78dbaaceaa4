"""FORMAT.md: written by a person, but for what stands between two marks, which the code says."""

import re
from collections.abc import Callable

from ledger.store.sqlite.log import SCHEMA
from scripts.docs.events import events
from scripts.docs.markdown import Unusable, fenced

_MARKED = re.compile(r"(?<=<!-- generated: )(\w+)( -->\n).*?(?=<!-- end -->)", re.DOTALL)


def schema() -> str:
    """What makes the tables, indexes and triggers of a log."""
    return fenced(";\n\n".join(SCHEMA.values()) + ";", "sql")


CHAPTERS: dict[str, Callable[[], str]] = {"schema": schema, "events": events}


def stored(text: str) -> str:
    """The text with its chapters between their marks. Raises `Unusable` where one is missing."""
    found = [mark[1] for mark in _MARKED.finditer(text)]
    if found != [*CHAPTERS]:
        raise Unusable(f"marks of {', '.join(CHAPTERS)} are wanted, in that order, not {found}")
    return _MARKED.sub(lambda mark: f"{mark[1]}{mark[2]}{CHAPTERS[mark[1]]()}\n", text)
