"""From every figure of a document to its entries: each with what it is made of, so that whoever
reads the document alone can walk from a number to the documents behind it.
"""

from collections.abc import Iterable
from heapq import nlargest
from typing import NamedTuple

from projections.report.explain import Below
from projections.report.figure import Figure, Report, ToldValue, told, told_fen
from projections.report.figures import FigureKind
from projections.report.followed import Contributor

ENTRIES_MAX = 50
"""How many entries of one figure a document names: the largest; of the others it tells how many
there are and what they come to."""


class CountedIn(NamedTuple):
    """What an entry adds to a figure by itself: fen of an amount, so many of a count."""

    entry: str
    much: int


class Trace(NamedTuple):
    """A figure with what it is made of: `parts` (sign, id), and the entries that count in it by
    itself, `counted` of them with `rest` beyond those that are named. `value` is that of what is no
    amount. `before` is the id of last year's figure, where there is one; `lacking` says what
    somebody has to say first."""

    id: str
    label: str
    kind: FigureKind
    printed: str
    unit: str
    fen: int | None
    value: ToldValue
    formula: str
    parts: tuple[tuple[int, str], ...]
    entries: tuple[CountedIn, ...]
    counted: int
    rest: int
    before: str
    lacking: tuple[str, ...]


class TracedEntry(NamedTuple):
    """An entry as the book tells it. `payee` and `purpose` only in a document that is internal."""

    key: str
    book: str
    entry: int
    kind: str
    day: str
    doc: str
    payee: str
    purpose: str


def traces(report: Report, wanted: Iterable[str]) -> dict[str, Trace]:
    """The figures of these ids, all that they rest on, and last year's of each."""
    figures: dict[str, Figure] = {}
    before: dict[str, str] = {}

    def add(name: str) -> None:
        if name in figures:
            return
        figure = figures[name] = report.figure(name)
        for _, part in figure.parts:
            add(part)

    for name in dict.fromkeys(wanted):
        add(name)
    for name in [each for each in figures if "@" not in each]:
        then = _before(report, figures[name])
        if then is not None:
            before[name] = then.id
            add(then.id)
    below = Below(report, figures.values())
    return {name: _trace(below, each, before.get(name, "")) for name, each in figures.items()}


def _before(report: Report, figure: Figure) -> Figure | None:
    """Last year's figure, where the file has it or somebody said it."""
    if figure.kind not in ("amount", "count"):
        return None
    then = report.last_year(figure.id)
    return None if then.needed or then.value is None else then


def _trace(below: Below, figure: Figure, before: str) -> Trace:
    added = below.leaf(figure)
    named = nlargest(ENTRIES_MAX, added.items(), key=lambda one: (abs(one[1]), one[0]))
    shown = [CountedIn(key_of(of), much) for of, much in sorted(named)]
    fen, value = told_fen(figure), told(figure)
    return Trace(
        id=figure.id,
        label=figure.label,
        kind=figure.kind,
        printed=figure.printed,
        unit=figure.unit,
        fen=fen if isinstance(fen, int) else None,
        value=value if isinstance(value, int | str | tuple) else None,
        formula=figure.formula,
        parts=figure.parts,
        entries=tuple(shown),
        counted=len(added),
        rest=sum(added.values()) - sum(each.much for each in shown),
        before=before,
        lacking=tuple(each.message for each in figure.needed),
    )


def key_of(of: Contributor) -> str:
    """What an entry is called among all books of a document."""
    return f"{of.book}#{of.entry}"


def entries(report: Report, found: Iterable[Trace], *, internal: bool) -> dict[str, TracedEntry]:
    """The entries that traces name, in the order of books and numbers."""
    wanted = {each.entry for trace in found for each in trace.entries}
    told: dict[str, TracedEntry] = {}
    for reading in report.readings():
        book = str(reading.book)
        numbers = sorted(
            int(number) for of, _, number in (key.rpartition("#") for key in wanted) if of == book
        )
        for number in numbers:
            listed = reading.listed(number)
            key = key_of(Contributor(book, number))
            told[key] = TracedEntry(
                key=key,
                book=book,
                entry=number,
                kind=listed.kind,
                day=listed.occurred_on,
                doc=listed.doc,
                payee=(listed.payee or "") if internal else "",
                purpose=(listed.purpose or "") if internal else "",
            )
    return told
