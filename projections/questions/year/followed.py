"""How far a book has followed what finance approved of last year (P41): what of it is recorded,
line by line, and what is still to be recorded.

A line has three measures, each with entries of its own: what is carried in, what of that waits as
结余, and what of it is handed back. Of each there is what came by whatever document, what those of
the approvals made of it, and what others took of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ledger.events import CarryoverReclassified, IndicatorReleased, IndicatorWithdrawn
from ledger.kinds import Pool
from ledger.line import BudgetLine
from ledger.rules.closed_as import NOTHING, Over
from projections.questions.adjustments import adjustments, pool_adjustments
from projections.questions.carryover import Item
from projections.questions.surplus import pools
from projections.views.reading import Reading
from projections.views.undone import standing

_COMES_TO_WAIT = ("carry-in", "reclassify", "withdraw")
"""The causes of what waits as 结余."""


class Booked(NamedTuple):
    """What is recorded of one measure, fen: what came, what the documents of the approvals made of
    it (signed), and what others took of it."""

    came_fen: int = 0
    made_fen: int = 0
    taken_fen: int = 0

    def and_also(self, other: "Booked") -> "Booked":
        """Both together."""
        return Booked(*(own + fen for own, fen in zip(self, other, strict=True)))

    def there(self, counted_fen: int, right_fen: int) -> int:
        """What there is of what is right, where `counted_fen` count of what came. What came
        otherwise, and what others took, is about it as far as that is asked for."""
        ends = (self.came_fen + self.made_fen, counted_fen + self.made_fen)
        return _between(right_fen, (min(ends) - max(0, self.taken_fen), max(ends)))


_NONE = Booked()
_OfLines = Mapping[BudgetLine, Booked]


class Followed:
    """What a book has recorded of what finance approved by those documents. `opened` is the last
    entry that it was opened with."""

    def __init__(self, reading: Reading, docs: Collection[str], opened: int) -> None:
        self._measures = (
            _added(_carried(reading)),
            _added(_waiting(reading, docs)),
            _added(_returned(reading, docs, opened)),
        )
        self._pools = {
            row.pool: Booked(row.opening_fen - row.adjusted_fen) for row in pools(reading)
        }
        for pool, found in pool_adjustments(reading).items():
            revised_fen = sum(each.fen for each in found if each.kind == "closing-revised")
            self._pools[pool] = self._pools.get(pool, _NONE)._replace(made_fen=revised_fen)

    def still(
        self, said: Sequence[Mapping[BudgetLine, Over]], right: Mapping[BudgetLine, Over]
    ) -> Iterator[tuple[BudgetLine, Over]]:
        """What is still to be recorded of each line, of the items of which not always the
        same was said."""
        of_items = defaultdict[Item, set[BudgetLine]](set)
        for line in {line for each in (*said, *self._measures) for line in each}:
            of_items[Item.of(line)].add(line)
        for _, lines in sorted(of_items.items()):
            if any(
                each.get(line, NOTHING) != right.get(line, NOTHING)
                for line in lines
                for each in said
            ):
                yield from self._still_of_item(sorted(lines), said, right)

    def _still_of_item(
        self,
        lines: Sequence[BudgetLine],
        said: Sequence[Mapping[BudgetLine, Over]],
        right: Mapping[BudgetLine, Over],
    ) -> Iterator[tuple[BudgetLine, Over]]:
        def of_line(n: int, line: BudgetLine) -> _OfLine:
            return _OfLine(
                self._measures[n].get(line, _NONE),
                tuple(_measures(each.get(line, NOTHING))[n] for each in said),
                _measures(right.get(line, NOTHING))[n],
            )

        every = range(len(self._measures))
        gaps = [_gaps([of_line(n, line) for line in lines]) for n in every]
        for line, (total_fen, waiting_fen, returned_fen) in zip(
            lines, zip(*gaps, strict=True), strict=True
        ):
            if total_fen or waiting_fen or returned_fen:
                yield line, Over(total_fen - waiting_fen - returned_fen, waiting_fen, returned_fen)

    def of_pool(self, pool: Pool, said: Sequence[int], right_fen: int) -> int:
        """What is still to be recorded of a pool, signed fen."""
        (fen,) = _gaps([_OfLine(self._pools.get(pool, _NONE), tuple(said), right_fen)])
        return fen


class _OfLine(NamedTuple):
    """One measure of one line: what is recorded, what was ever said, and what is right, fen."""

    booked: Booked
    said: tuple[int, ...]
    right_fen: int


def _gaps(lines: Sequence[_OfLine]) -> list[int]:
    """What each line of an item has still too little of one measure, or (negative) too much. An
    item that has, all in all, what is right is left alone where it was adjusted on another line
    than any paper ever said: X11 compares items."""
    there = [
        each.booked.there(fen, each.right_fen)
        for each, fen in zip(lines, _counted(lines), strict=True)
    ]
    gaps = [each.right_fen - fen for each, fen in zip(lines, there, strict=True)]
    elsewhere = any(fen != _between(fen, each.said) for each, fen in zip(lines, there, strict=True))
    return [0] * len(gaps) if elsewhere and not sum(gaps) else gaps


def _counted(lines: Sequence[_OfLine]) -> list[int]:
    """What of that which came counts: of the item as far as it lies between what was ever said, so
    that what was wrong with the opening before is X11's; of its lines so, too, and the rest where
    it came in."""
    found = [_between(each.booked.came_fen, each.said) for each in lines]
    of_item = [sum(fen) for fen in zip(*(each.said for each in lines), strict=True)]
    came_fen = sum(each.booked.came_fen for each in lines)
    rest_fen = _between(came_fen, of_item) - sum(found)
    for n, each in enumerate(lines):
        fen = _between(each.booked.came_fen - found[n], (0, rest_fen))
        found[n] += fen
        rest_fen -= fen
    return found


def _between(fen: int, ends: Sequence[int]) -> int:
    """That much, if it lies between the ends; else what is next to it."""
    return min(max(fen, min(ends)), max(ends))


def _measures(over: Over) -> tuple[int, int, int]:
    return over.total_fen, over.waiting_fen, over.returned_fen


def _added(found: Iterable[tuple[BudgetLine, Booked]]) -> _OfLines:
    sums: dict[BudgetLine, Booked] = {}
    for line, recorded in found:
        sums[line] = sums.get(line, _NONE).and_also(recorded)
    return sums


def _carried(reading: Reading) -> Iterator[tuple[BudgetLine, Booked]]:
    """What is carried in: that last year closed otherwise is said by 上年年末更正 alone, whatever
    its document."""
    for moved in reading.sums(("AUTH",)):
        if moved.cause == "carry-in":
            yield moved.line, Booked(came_fen=-moved.fen)
    for each in adjustments(reading):
        if each.kind == "closing-revised":
            yield each.line, Booked(made_fen=each.fen)


def _waiting(reading: Reading, docs: Collection[str]) -> Iterator[tuple[BudgetLine, Booked]]:
    """What waits as 结余."""
    for moved in reading.sums(("PENDING",)):
        comes = moved.cause in _COMES_TO_WAIT
        yield moved.line, Booked(moved.fen) if comes else Booked(taken_fen=-moved.fen)
    for _, event in standing(reading, "release", "reclassify", "withdraw"):
        if event.doc not in docs:
            continue
        if isinstance(event, IndicatorReleased):
            fen = event.amount_fen
            yield event.line, Booked(made_fen=-fen, taken_fen=-fen)
        elif isinstance(event, CarryoverReclassified | IndicatorWithdrawn):
            fen = event.amount_fen
            yield event.line, Booked(came_fen=-fen, made_fen=fen)


def _returned(
    reading: Reading, docs: Collection[str], opened: int
) -> Iterator[tuple[BudgetLine, Booked]]:
    """What is handed back: carried in, and 归集上缴."""
    for each in adjustments(reading):
        made = each.entry > opened and each.doc in docs
        if each.kind == "remitted":
            yield each.line, Booked(made_fen=-each.fen) if made else Booked(-each.fen)
        elif each.kind == "error-correction":
            yield each.line, Booked(made_fen=-each.fen) if made else Booked(taken_fen=each.fen)
