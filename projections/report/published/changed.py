"""变动: which figures of a report are otherwise than they were, and by which entries.

The same report is made twice, from the books as they were and as they are. A figure has changed
where its value has, or what it prints; its entries are those, recorded since, that add to it now or
took away what added to it before (P46).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from projections.questions.entries import EntryFilter, LogEntry, entries
from projections.report.explain import Below, OtherEntry
from projections.report.figure import Figure, Report, ToldValue, told, told_fen
from projections.report.followed import Contributor
from projections.views.reading import Reading
from projections.views.undone import undone


class Since(msgspec.Struct, frozen=True):
    """Since when: after which entry of the book, recorded when; of a publication which entry
    records it, and its day."""

    book: str
    entry: int
    recorded_at: str
    publication: int | UnsetType = UNSET
    published_on: date | UnsetType = UNSET


class ChangedCell(msgspec.Struct, frozen=True, kw_only=True):
    """A figure that is otherwise than it was: fen of an amount, of any other its value; null where
    it had or has none. `entries` of the book, `elsewhere` of others, as those of last year."""

    id: str
    label: str
    before_fen: int | UnsetType | None = UNSET
    after_fen: int | UnsetType | None = UNSET
    before: ToldValue | UnsetType = UNSET
    after: ToldValue | UnsetType = UNSET
    before_printed: str
    after_printed: str
    entries: list[int]
    elsewhere: list[OtherEntry] | UnsetType = UNSET


class ChangedSince(msgspec.Struct, frozen=True):
    """变动 since a moment of a book."""

    since: Since
    entries: list[LogEntry]
    cells: list[ChangedCell]


def changes(since: Since, was: Report, now: Report, reading: Reading) -> ChangedSince:
    """The entries that were recorded since, and the figures that have changed."""
    last = since.entry if since.publication is UNSET else since.publication
    recorded = [*entries(reading, EntryFilter(after=last))]
    return ChangedSince(since, recorded, [*_cells(was, now)])


def _cells(was: Report, now: Report) -> Iterator[ChangedCell]:
    before, after = ({each.id: each for each in one.every()} for one in (was, now))
    names = [*after, *(name for name in before if name not in after)]
    differing = [name for name in names if _differs(before.get(name), after.get(name))]
    below = _Both(was, now, [[b[n] for n in differing if n in b] for b in (before, after)])
    for name in differing:
        old, new = before.get(name), after.get(name)
        figure = after.get(name) or before[name]
        found = sorted(below.entries(old, new))
        amount = figure.kind == "amount"
        yield ChangedCell(
            id=name,
            label=figure.label,
            before_fen=_fen(old) if amount else UNSET,
            after_fen=_fen(new) if amount else UNSET,
            before=UNSET if amount else _value(old),
            after=UNSET if amount else _value(new),
            before_printed=old.printed if old else "",
            after_printed=new.printed if new else "",
            entries=[number for book, number in found if book == below.own],
            elsewhere=[OtherEntry(*each) for each in found if each[0] != below.own] or UNSET,
        )


def _fen(figure: Figure | None) -> int | None:
    """The fen of an amount; of a row that is not there, nothing."""
    if figure is None:
        return 0
    fen = told_fen(figure)
    return None if fen is UNSET else fen


def _value(figure: Figure | None) -> ToldValue:
    if figure is None:
        return None
    value = told(figure)
    return None if value is UNSET else value


def _differs(old: Figure | None, new: Figure | None) -> bool:
    """A row that is not there is one of nothing."""
    if old is None or new is None:
        there = old or new
        return bool(there and there.value)
    return _said(old) != _said(new)


def _said(figure: Figure) -> tuple[object, ...]:
    """What a person reads of a figure: of a rate what it is rounded to."""
    return told_fen(figure), told(figure), figure.printed


class _Both:
    """The entries behind figures, as they were and as they are."""

    def __init__(self, was: Report, now: Report, figures: Sequence[Sequence[Figure]]) -> None:
        self._was, self._now = Below(was, figures[0]), Below(now, figures[1])
        self.own = str(now.cells.reading.book)
        self._undone = {str(one.book): undone(one) for one in now.readings()}
        self._reached = {str(one.book): one.upto for one in was.readings()}

    def entries(self, old: Figure | None, new: Figure | None) -> set[tuple[str, int]]:
        """The entries of books, recorded since, by which a figure has changed."""
        before = {} if old is None else _by_entry(self._was.entries(old))
        after = {} if new is None else _by_entry(self._now.entries(new))
        otherwise = {of for of in {*before, *after} if before.get(of) != after.get(of)}
        found = {of for of in otherwise if self._is_since(of)}
        for book, entry in otherwise - found:
            by = self._undone.get(book, {}).get(entry)
            if by is not None and self._is_since((book, by.by)):
                found.add((book, by.by))
        return found

    def _is_since(self, of: tuple[str, int]) -> bool:
        book, entry = of
        return entry > self._reached.get(book, 0)


def _by_entry(counted: Mapping[Contributor, object]) -> dict[tuple[str, int], object]:
    return {(of.book, of.entry): much for of, much in counted.items()}
