"""A published table as a grid: what stands where, before anybody draws it.

A layout decides what stands where; text, CSV, Markdown and the workbook only draw. Nothing is
computed here: a figure is the text that its cell prints ("" for nothing, "1,234.56", "—" where the
form has no figure).
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal["word", "mark", "figure"]


class PlainWord(str):
    """A text that is no number, whatever it looks like: somebody typed it."""


class WholeNumber(str):
    """A text that is a whole number: elsewhere what looks like one is a mark of the form."""


class Texts(NamedTuple):
    """What a layout puts on paper: the name of each row, in order, what the cell at (row, column)
    prints, and the columns that hold words."""

    labels: dict[str, str]
    printed: dict[tuple[str, str], str]
    words: frozenset[str] = frozenset()


class Box(NamedTuple):
    """A header cell over `down` header rows and `across` columns. `text` may hold line breaks."""

    row: int
    column: int
    down: int
    across: int
    text: str


class Column(NamedTuple):
    """A column of the body: words (left), marks (行次) or figures (right).

    `path` is the headings above it, the outermost first; `no` its 栏次, if it has one.
    """

    kind: Kind
    path: tuple[str, ...]
    no: str = ""


class Total(NamedTuple):
    """A sum at the foot: `label` over the columns `first` to `last` - 1, its figure in `last`, and
    what stands `beside` it in those behind."""

    first: int
    last: int
    label: str
    printed: str
    beside: tuple[str, ...] = ()


class Grid(NamedTuple):
    """A table ready to be drawn.

    The boxes tile `head` header rows over all columns; a row of the body has one text per column.
    `parts` are the columns at which a part begins that can be read by itself (a side, a block).
    `form_number` is the number that stands at the top right of an official form: 公开01表. `absent`
    are the units that are not in it; the notes say so too. `separators`: what is a number in a
    workbook shows thousands as the printed texts do.
    """

    number: int
    form_number: str
    title: str
    book: str
    department: str
    unit: str
    notes: list[str]
    head: int
    boxes: list[Box]
    columns: list[Column]
    parts: list[int]
    rows: list[list[str]]
    foot: list[Total]
    absent: tuple[str, ...] = ()
    separators: bool = True

    @property
    def sheet(self) -> str:
        """What a sheet of a workbook is called: its number on paper, `表7`."""
        return f"表{int(self.form_number.removeprefix('公开').removesuffix('表'))}"

    def totals(self) -> list[str]:
        """The foot as a row of the body, every label just before its figure; no foot: no texts."""
        row = [""] * len(self.columns) if self.foot else []
        for total in self.foot:
            figures = (total.printed, *total.beside)
            row[total.last - 1 : total.last + len(figures)] = (total.label, *figures)
        return row

    def names(self) -> list[str]:
        """One name per column for formats with a single header row, all different:
        `支出-一般公共预算财政拨款（3栏）`; a repeated name is numbered, `公用经费-决算数（2）`."""
        found: list[str] = []
        seen: dict[str, int] = {}
        for column in self.columns:
            name = "-".join(column.path) + (f"（{column.no}栏）" if column.no else "")
            seen[name] = seen.get(name, 0) + 1
            found.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
        return found


class Body(NamedTuple):
    """What a layout decides: the last fields of a grid."""

    head: int
    boxes: list[Box]
    columns: list[Column]
    parts: list[int]
    rows: list[list[str]]
    foot: list[Total]


def one_line(label: str) -> str:
    """A label without its line breaks."""
    return label.replace("\n", "")


def joined(parts: Iterable[list[str]]) -> list[str]:
    """One row of rows that stand side by side."""
    return [text for part in parts for text in part]
