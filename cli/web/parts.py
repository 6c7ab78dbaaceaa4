"""What a page is made of, beside the blocks of a document: facts, lists with links, forms of
filters, figures with their parts, notices. Text is text here; templates/ makes HTML of it.
"""

from typing import Literal, NamedTuple

import msgspec

from projections.answers import Header
from projections.report.document.parts import Chart, Prose, Summary, TableBlock

Kind = Literal["word", "amount", "mark"]
Light = Literal["", "good", "watch", "bad"]


class Text(NamedTuple):
    """A piece of text: where it leads, what stands small beneath it, and how it is meant."""

    text: str
    link: str = ""
    note: str = ""
    light: Light = ""


class ColumnHead(NamedTuple):
    """The head of a column."""

    text: str
    kind: Kind = "word"


class Listing(NamedTuple):
    """A list: every row has a text for each column. `empty` is said where there is no row."""

    caption: str
    heads: tuple[ColumnHead, ...]
    rows: tuple[tuple[Text, ...], ...]
    foot: tuple[Text, ...] = ()
    empty: str = "没有"
    note: str = ""


class Facts(NamedTuple):
    """Words, each with what it is."""

    caption: str
    rows: tuple[tuple[str, Text], ...]


class Tile(NamedTuple):
    """A figure that is seen first: its name, what it is, what stands beneath, where it leads; how
    far a bar reaches, in percent, and where a mark stands on it."""

    name: str
    figure: str
    unit: str
    note: str
    link: str
    light: Light = ""
    reach: int | None = None
    mark: int | None = None


class Tiles(NamedTuple):
    """The figures that are seen first."""

    tiles: tuple[Tile, ...]


class Filter(NamedTuple):
    """A field of a form, as it is filled in; with options one of them is chosen."""

    name: str
    label: str
    value: str
    kind: Literal["text", "date", "select"] = "text"
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""


class Filters(NamedTuple):
    """A form that asks the page again. `more` are asked for less often; `kept` stays as it is;
    `clear` asks without any."""

    action: str
    fields: tuple[Filter, ...]
    kept: tuple[tuple[str, str], ...]
    clear: str
    more: tuple[Filter, ...] = ()


class Pager(NamedTuple):
    """Where a list goes on, by what that is called."""

    links: tuple[tuple[str, str], ...]


class Node(NamedTuple):
    """A figure of a formula, with its sign and its own parts."""

    sign: int
    cell: Text
    label: str
    much: str
    formula: str
    parts: "tuple[Node, ...]" = ()


class MadeOf(NamedTuple):
    """What a figure is made of."""

    caption: str
    nodes: tuple[Node, ...]


class Notice(NamedTuple):
    """Something to be seen, with what can be done about it."""

    text: str
    light: Light = "watch"
    ways: tuple[str, ...] = ()
    links: tuple[Text, ...] = ()


class Heading(NamedTuple):
    """What the next blocks are about, as a heading of a level; `anchor` where one can go to."""

    text: str
    level: Literal[2, 3] = 2
    anchor: str = ""


class Code(NamedTuple):
    """Something as it is stored, or typed."""

    caption: str
    text: str


class Abreast(NamedTuple):
    """Blocks that stand beside each other where there is place."""

    blocks: "tuple[Block, ...]"


Block = (
    Listing | Facts | Tiles | Filters | Pager | MadeOf | Notice | Heading | Code | Abreast
    | Chart | Prose | TableBlock | Summary
)  # fmt: skip


class Shown(NamedTuple):
    """A page: the parts of the answer that the command prints as JSON, and how it is shown. `path`
    are the pages above it; `about` stands beneath the title."""

    parts: tuple[msgspec.Struct, ...]
    title: str
    blocks: tuple[Block, ...]
    path: tuple[Text, ...] = ()
    about: str = ""

    @property
    def header(self) -> Header | None:
        """Which book or department it is about; None of a page about the file."""
        first = self.parts[0] if self.parts else None
        return first if isinstance(first, Header) else None
