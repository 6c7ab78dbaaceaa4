"""Which requests wait for approval? (待审批)

At a cut a request waits if it counts and nothing that settles it does. How long it has waited is
not said: an answer depends on the book alone, never on today.
"""

from collections import defaultdict
from datetime import date

import msgspec

from ledger.errors import Corrupt, Damage
from ledger.events import ApprovalRequested, Proposal, decode, kind_of
from ledger.kinds import Authority
from ledger.postings import Account, amount_of, lines_of, postings
from ledger.rules.authority import required
from projections.views.reading import Reading

_OPEN = (
    "SELECT e.entry, e.actor FROM entries e WHERE e.book_id = ?1 AND e.kind = 'submit' "
    "AND e.entry <= ?2 AND e.occurred_on <= ?3 AND NOT EXISTS (SELECT 1 FROM entries s "
    "WHERE s.book_id = ?1 AND s.original = e.entry AND s.entry <= ?2 AND s.occurred_on <= ?3) "
    "ORDER BY e.entry"
)


class LineRaised(msgspec.Struct, frozen=True):
    """What approval would add to what may be spent on a line, signed fen."""

    line: str
    amount_fen: int


class Waiting(msgspec.Struct, frozen=True):
    """A request that waits: what is asked, by whom, and who must approve it, and why."""

    entry: int
    date: date
    actor: str
    kind: str
    amount_fen: int | None
    lines: list[LineRaised]
    needed: Authority
    why: str
    doc: str
    reason: str


class Pending(msgspec.Struct, frozen=True):
    """待审批."""

    requests: list[Waiting]


def pending(reading: Reading) -> Pending:
    """The open requests in the order in which they were made, from their stored bytes (P17)."""
    as_of = reading.cut.until.isoformat()
    found = reading.views.execute(_OPEN, (reading.book_id, reading.upto, as_of))
    return Pending([_request(reading, number, actor) for number, actor in found])


def _request(reading: Reading, number: int, actor: str) -> Waiting:
    row = reading.stored(number)
    event = None if row is None else decode(row.stored).event
    if not isinstance(event, ApprovalRequested):
        raise Corrupt(Damage.VIEWS_ENTRIES, f"{reading.book} 第 {number} 笔在账中不是申请")
    _, why = required(event.proposed) or ("", "")
    return Waiting(
        entry=number,
        date=event.occurred_on,
        actor=actor,
        kind=kind_of(event.proposed),
        amount_fen=amount_of(event.proposed),
        lines=_lines(event.proposed),
        needed=event.needed,
        why=why,
        doc=event.doc,
        reason=event.reason,
    )


def _lines(proposed: Proposal) -> list[LineRaised]:
    """Each line, and what approval would add to what may be spent on it, signed."""
    executable: defaultdict[str, int] = defaultdict(int)
    for move in postings(proposed):
        if move.account is Account.EXEC:
            executable[move.line] += move.fen
    return [LineRaised(str(line), executable[line]) for line in lines_of(proposed)]
