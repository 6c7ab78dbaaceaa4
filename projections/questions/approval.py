"""Which requests wait for approval, and what would be decided, line by line? (待审批)

At a cut a request waits if it counts and nothing that settles it does. How long it has waited is
not said: an answer depends on the book alone, never on today.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET, UnsetType

from ledger.errors import Corrupt, Damage
from ledger.events import (
    ApprovalRequested,
    BudgetReallocated,
    EntryReversed,
    FinalAccountApproved,
    LineClosed,
    Meant,
    MonthUnlocked,
    Proposal,
    Shares,
    YearClosed,
    YearReopened,
    decode,
    kind_of,
)
from ledger.kinds import POOL_NAMES, Authority, Choice, of_waiting
from ledger.line import BudgetLine
from ledger.postings import Account, amount_of, lines_of, postings
from ledger.rules.authority import required
from projections.views.reading import Reading

if TYPE_CHECKING:
    from projections.questions.year.carried_on import CarriedOn

_OPEN = (
    "SELECT e.entry, e.actor FROM entries e WHERE e.book_id = ?1 AND e.kind = 'submit' "
    "AND e.entry <= ?2 AND e.occurred_on <= ?3 AND NOT EXISTS (SELECT 1 FROM entries s "
    "WHERE s.book_id = ?1 AND s.original = e.entry AND s.entry <= ?2 AND s.occurred_on <= ?3) "
    "ORDER BY e.entry"
)


class LineDecision(msgspec.Struct, frozen=True):
    """What becomes of a line, fen, and by which 文号; `choice` is null for money in hand that goes
    over for a purpose."""

    line: str
    choice: Choice | None
    amount_fen: int
    pending_fen: int
    doc: str


class ChoiceSum(msgspec.Struct, frozen=True):
    """All lines of one choice together, fen."""

    choice: Choice | None
    lines: int
    fen: int


class Side(msgspec.Struct, frozen=True):
    """A line that a 调剂 takes from or gives to, fen."""

    line: str
    amount_fen: int


class Decides(msgspec.Struct, frozen=True):
    """The decisions of a closing with their sums, what finance approved otherwise, or the sides of
    a 调剂; who must approve it and why, where somebody must."""

    decisions: list[LineDecision]
    sums: list[ChoiceSum]
    sources: list[Side]
    targets: list[Side]
    needed: Authority | None
    why: str


class LineRaised(msgspec.Struct, frozen=True):
    """What approval would add to what may be spent on a line, signed fen."""

    line: str
    amount_fen: int


class Waiting(msgspec.Struct, frozen=True):
    """A request that waits: what is asked, by whom, and who must approve it, and why; `month` that
    is to be unlocked."""

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
    decides: Decides | None
    month: int | UnsetType = UNSET


class Pending(msgspec.Struct, frozen=True):
    """待审批; and what was opened from this year's closing, where that is undone."""

    requests: list[Waiting]
    carried_on: "CarriedOn | UnsetType" = UNSET


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
        decides=decides(event.proposed),
        month=event.proposed.month if isinstance(event.proposed, MonthUnlocked) else UNSET,
    )


def _lines(proposed: Proposal) -> list[LineRaised]:
    """Each line, and what approval would add to what may be spent on it, signed."""
    executable: defaultdict[str, int] = defaultdict(int)
    for move in postings(proposed):
        if move.account is Account.EXEC:
            executable[move.line] += move.fen
    return [LineRaised(str(line), executable[line]) for line in lines_of(proposed)]


def decides(meant: Meant) -> Decides | None:
    """What a closing or a 调剂 decides, what a 决算批复 says otherwise, or what its undoing takes
    back; None of anything else."""
    match meant:
        case EntryReversed(reversed=undone) | YearReopened(reopened=undone):
            told: Meant = undone
        case _:
            told = meant
    needed, why = _required(meant)
    match told:
        case YearClosed(lines=lines, cash=cash):
            decisions = [*_of_lines(lines), *_in_hand((s.line, s.amount_fen) for s in cash)]
            return Decides(decisions, _sums(decisions), [], [], needed, why)
        case FinalAccountApproved(lines=lines, cash=money, pools=left) if lines or money or left:
            decisions = [
                *_of_lines(lines),
                *_in_hand((each.line, each.amount_fen) for each in money),
                *_in_hand((POOL_NAMES[each.pool], each.amount_fen) for each in left),
            ]
            return Decides(decisions, _sums(decisions), [], [], needed, why)
        case BudgetReallocated(sources=sources, targets=targets):
            return Decides([], [], _sides(sources), _sides(targets), needed, why)
        case _:
            return None


def _of_lines(lines: Iterable[LineClosed]) -> list[LineDecision]:
    return [
        LineDecision(str(each.line), each.choice, each.amount_fen, each.pending_fen, each.doc)
        for each in lines
    ]


def _in_hand(left: Iterable[tuple[BudgetLine | str, int]]) -> list[LineDecision]:
    return [LineDecision(str(name), None, fen, 0, "") for name, fen in left]


def _sides(shares: Shares) -> list[Side]:
    return [Side(str(share.line), share.amount_fen) for share in shares]


def _required(meant: Meant) -> tuple[Authority | None, str]:
    if isinstance(meant, BudgetReallocated | EntryReversed | YearClosed | YearReopened):
        return required(meant) or (None, "")
    return None, ""


def _sums(decisions: list[LineDecision]) -> list[ChoiceSum]:
    lines: Counter[Choice | None] = Counter(each.choice for each in decisions)
    fen: Counter[Choice | None] = Counter()
    for each in decisions:
        fen[each.choice] += each.amount_fen
        waits = None if each.choice is None else of_waiting(each.choice)
        fen[waits] += each.pending_fen
        lines[waits] += waits != each.choice and each.pending_fen > 0
    return [ChoiceSum(choice, count, fen[choice]) for choice, count in lines.items() if count]
