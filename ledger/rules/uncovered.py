"""Was the money there on the day on which it is spent? (先有预算后有支出)

A decision looks at the book as it is, in which later money lies beside earlier. Whether a line, or
the non-fiscal cash, had enough by the business date is looked at beside it: the state says at once
that all is well, as nearly always, or that it may not be; then the views are asked (L68).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.effects import Effects, effects
from ledger.events import Entry
from ledger.line import BudgetLine
from ledger.state import BookState, day_of

Where = BudgetLine | None
"""Where money is: 可执行 of a line; None: the non-fiscal cash."""


class Take(NamedTuple):
    """`fen` that an entry takes from a line or from the cash, of a day on which it may not have
    been there; of the `rows` of a file together, the first of which is `row`."""

    where: Where
    day: date
    fen: int
    rows: int = 1
    row: int = 0


def changes(does: Effects) -> Counter[Where]:
    """What an event adds to 可执行 of each line and to the non-fiscal cash, net, fen."""
    found: Counter[Where] = Counter()
    for move in does.moves:
        if move.spendable_fen:
            found[move.line] += move.spendable_fen
    if does.cash_fen:
        found[None] = does.cash_fen
    return found


def on_days(entries: Iterable[Entry]) -> Counter[tuple[Where, date]]:
    """The same of entries, by their business days."""
    found: Counter[tuple[Where, date]] = Counter()
    for entry in entries:
        for where, fen in changes(effects(entry.event)).items():
            found[where, entry.event.occurred_on] += fen
    return found


def doubtful(state: BookState, does: Effects, day: date) -> tuple[Take, ...]:
    """What an event of that day takes from where it may not have been then; `state` is the book
    with the event."""
    if len(does.moves) == 1 and not does.cash:  # nine entries of ten: one line
        (move,) = does.moves
        fen = move.spendable_fen
        if fen >= 0 or _was_there(state, move.line, day):
            return ()
        return (Take(move.line, day, -fen),)
    return tuple(
        Take(where, day, -fen)
        for where, fen in changes(does).items()
        if fen < 0 and not _was_there(state, where, day)
    )


def _was_there(state: BookState, where: Where, day: date) -> bool:
    """Whether everything that was taken was there on that day: what came in after it is left. Else
    some of that was spent, be it before it came or after."""
    came = state.cash_came if where is None else state.came.get(where)
    if not came or max(came) <= (after := day_of(day)):
        return True
    left_fen = state.cash_fen if where is None else state.available_fen(where)
    return sum(fen for key, fen in came.items() if key > after) <= left_fen
