"""What the lines of a book, and its non-fiscal cash, gained day by day: a row a line and day, so
that nobody who asks about days goes through the entries of a year (P30).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from ledger.effects import cash_moved
from ledger.line import BudgetLine, Fund
from ledger.postings import Account, Inflow, Move
from projections.views.reading import Reading
from projections.views.schema import CASH, gained
from projections.views.undone import undone

Where = str | None
"""A line by its text; None: the non-fiscal cash."""
Days = dict[Where, Counter[date]]
"""What came in, less what went, on each day, fen."""


def by_day(reading: Reading, wanted: Collection[Where] | None = None) -> Days:
    """What 可执行 of each line and the non-fiscal cash gained day by day at the cut, or of some
    only."""
    line_of: dict[int, Where] = dict(
        reading.views.execute("SELECT id, line FROM lines WHERE book_id = ?", (reading.book_id,))
    )
    line_of[CASH] = None
    ids = [line_id for line_id, where in line_of.items() if wanted is None or where in wanted]
    if reading.upto == reading.head.entries:
        rows: Iterator[tuple[int, str, int]] = reading.views.execute(
            "SELECT line_id, occurred_on, amount_fen FROM daily "
            f"WHERE book_id = ? AND line_id IN ({', '.join(map(str, ids))}) AND occurred_on <= ?",
            (reading.book_id, reading.cut.until.isoformat()),
        )
    else:
        rows = _known(reading, ids)
    found: Days = {where: Counter() for where in wanted or ()}
    for line_id, day, fen in rows:
        days = found.setdefault(line_of[line_id], Counter())
        days[date.fromisoformat(day)] += fen
    return found


def _known(reading: Reading, ids: Sequence[int]) -> Iterator[tuple[int, str, int]]:
    """The same rows of what was known at an earlier moment, from the moves."""
    yield from reading.views.execute(
        f"SELECT m.line_id, m.occurred_on, SUM({gained('EXEC')}) FROM moves m "
        f"WHERE m.book_id = ? AND m.line_id IN ({', '.join(map(str, ids))}) "
        "AND m.occurred_on <= ? AND +m.entry <= ? GROUP BY m.line_id, m.occurred_on",
        (reading.book_id, reading.cut.until.isoformat(), reading.upto),
    )
    if CASH in ids:
        for (day, _), fen in _cash(reading, date.min, reading.cut.until).items():
            yield CASH, day, fen


def _cash(reading: Reading, first: date, last: date) -> Counter[tuple[str, int]]:
    """What the non-fiscal cash gained in some days, by day and entry, fen."""
    moved: dict[tuple[str, int], list[Move]] = defaultdict(list)
    came: dict[tuple[str, int], list[Inflow]] = defaultdict(list)
    lines = "SELECT id FROM lines WHERE book_id = ? AND fund = ?"
    within = (first.isoformat(), last.isoformat(), reading.upto)
    for day, entry, line, source, target, fen, cause in reading.views.execute(
        "SELECT m.occurred_on, m.entry, l.line, m.source, m.target, m.amount_fen, m.cause "
        f"FROM moves m JOIN lines l ON l.id = m.line_id WHERE m.book_id = ? "
        f"AND m.line_id IN ({lines}) AND m.occurred_on BETWEEN ? AND ? AND +m.entry <= ?",
        (reading.book_id, reading.book_id, Fund.NONFISCAL, *within),
    ):
        move = Move(BudgetLine.parse(line), Account[source], Account[target], fen, cause)
        moved[day, entry].append(move)
    for day, entry, line, source, fen in reading.views.execute(
        "SELECT i.occurred_on, i.entry, l.line, i.source, i.amount_fen "
        "FROM income i JOIN lines l ON l.id = i.line_id WHERE i.book_id = ? "
        "AND i.occurred_on BETWEEN ? AND ? AND i.entry <= ?",
        (reading.book_id, *within),
    ):
        came[day, entry].append(Inflow(BudgetLine.parse(line), source, fen))
    return Counter({key: cash_moved(moved[key], came[key]).total() for key in {*moved, *came}})


def takers(reading: Reading, where: Where, first: date, last: date) -> list[int]:
    """The entries of some days that took more of a line, or of the cash, than they brought. What is
    undone in those days counts with what undid it; what is undone later is named only where
    nothing else took it."""
    if where is None:
        took = {entry: fen for (_, entry), fen in _cash(reading, first, last).items()}
    else:
        took = dict(
            reading.views.execute(
                f"SELECT m.entry, SUM({gained('EXEC')}) FROM moves m "
                "JOIN lines l ON l.id = m.line_id "
                "WHERE m.book_id = ? AND l.book_id = ? AND l.line = ? "
                "AND m.occurred_on BETWEEN ? AND ? AND +m.entry <= ? GROUP BY m.entry",
                (
                    reading.book_id,
                    reading.book_id,
                    where,
                    first.isoformat(),
                    last.isoformat(),
                    reading.upto,
                ),
            )
        )
    gone = undone(reading, took, later=True)
    for entry in sorted(took):
        if entry in gone and gone[entry].by in took:
            took[gone[entry].by] += took.pop(entry)
    short = sorted(entry for entry, fen in took.items() if fen < 0)
    return [entry for entry in short if entry not in gone] or short


def reversible(reading: Reading, entries: Sequence[int]) -> list[int]:
    """Those of some entries that can be reversed as they are: they stand, are no reversals or
    transfers themselves, nothing stands that was refunded, paid or released of them, and on their
    day something can still be dated."""
    if reading.closed is not None:
        return []
    gone = undone(reading, entries, later=True)
    locked, used = _locked_months(reading), _used(reading, entries)
    rows = reading.views.execute(
        "SELECT entry, occurred_on FROM entries WHERE book_id = ? AND kind != 'transfer' "
        "AND (undoes IS NULL OR undone_fen IS NOT NULL) "
        "AND entry IN (SELECT value FROM json_each(?)) ORDER BY entry",
        (reading.book_id, json.dumps(entries)),
    )
    return [
        entry
        for entry, day in rows
        if entry not in gone and entry not in used and int(day[5:7]) not in locked
    ]


def _used(reading: Reading, entries: Sequence[int]) -> set[int]:
    """Those of some entries of which a refund, a payment or a release stands."""
    about: list[tuple[int, int]] = reading.views.execute(
        "SELECT s.entry, s.original FROM json_each(?2) j JOIN entries s "
        "ON s.book_id = ?1 AND s.original = j.value "
        "WHERE s.kind IN ('refund', 'pay', 'unreserve') AND s.entry <= ?3",
        (reading.book_id, json.dumps(entries), reading.upto),
    ).fetchall()
    gone = undone(reading, [entry for entry, _ in about], later=True)
    return {original for entry, original in about if entry not in gone}


def _locked_months(reading: Reading) -> set[int]:
    """The months that are locked and were not unlocked since, by a request that was approved."""
    locked: set[int] = set()
    rows = reading.views.execute(
        "SELECT kind, name FROM entries WHERE book_id = ? AND kind IN ('lock-month', 'approve') "
        "AND line_id IS NULL AND name GLOB '[0-9]* 月' AND entry <= ? ORDER BY entry",
        (reading.book_id, reading.upto),
    )
    for kind, name in rows:
        month = {int(name.removesuffix("月"))}
        locked = locked | month if kind == "lock-month" else locked - month
    return locked
