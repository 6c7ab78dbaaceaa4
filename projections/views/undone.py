"""What undid an entry? A reversal or a correction, or what approved one: asked here and nowhere
else, and answered by the entry that did it (`entries.undoes`, P35)."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from ledger.errors import Corrupt, Damage
from ledger.events import AnyEvent, MoneyEvent, decode, kind_of
from ledger.postings import effective
from projections.views.reading import Reading

_BY_DAY = " AND u.occurred_on <= :until"
_UNDONE = (
    "SELECT u.undoes, u.entry, u.undone_fen IS NOT NULL FROM entries u "
    "WHERE u.book_id = :book AND u.undoes IS NOT NULL AND u.entry <= :upto"
)
_AMONG = " AND u.undoes IN (SELECT value FROM json_each(:among))"
_STANDING = (
    "SELECT e.entry FROM entries e WHERE e.book_id = :book AND e.entry <= :upto "
    "AND e.occurred_on <= :until AND (e.kind IN ({kinds}) "
    "OR (e.undoes IS NOT NULL AND e.undone_fen IS NOT NULL)) "
    f"AND NOT EXISTS ({_UNDONE} AND u.undoes = e.entry{_BY_DAY}) ORDER BY e.entry DESC"
)


class UndoneBy(NamedTuple):
    """An entry was undone by another; whether that put something in its place."""

    by: int
    corrected: bool


def undone(
    reading: Reading, among: Collection[int] | None = None, *, later: bool = False
) -> dict[int, UndoneBy]:
    """Those of some entries, or of all, that are undone at the cut, directly, and by what. With
    `later` also what was undone on a day after the cut, as far as that was known then."""
    query = _UNDONE + ("" if among is None else _AMONG) + ("" if later else _BY_DAY)
    rows = reading.views.execute(query, {**_at(reading), "among": json.dumps([*(among or ())])})
    return {entry: UndoneBy(by, bool(corrected)) for entry, by, corrected in rows}


def last(undone: Mapping[int, UndoneBy], number: int) -> tuple[int, bool]:
    """What stands in the place of an entry, itself or its last correction, and whether that
    stands."""
    while number in undone and undone[number].corrected:
        number = undone[number].by
    return number, number not in undone


def standing(reading: Reading, *kinds: str) -> Iterator[tuple[int, MoneyEvent]]:
    """The entries of some kinds that stand at the cut, also in the place of others, the last first;
    what they brought into effect is read from the log."""
    of_kinds = _STANDING.format(kinds=", ".join(f"'{kind}'" for kind in kinds))
    for (number,) in reading.views.execute(of_kinds, _at(reading)).fetchall():
        made = effective(event_of(reading, number))
        if isinstance(made, MoneyEvent) and kind_of(made) in kinds:
            yield number, made


def event_of(reading: Reading, number: int) -> AnyEvent:
    """What an entry stored. Raises `Corrupt`."""
    row = reading.stored(number)
    if row is None:
        raise Corrupt(Damage.ENTRY_NUMBER, f"{reading.book} 缺少第 {number} 笔")
    return decode(row.stored).event


def _at(reading: Reading) -> dict[str, int | str]:
    until = reading.cut.until.isoformat()
    return {"book": reading.book_id, "upto": reading.upto, "until": until}
