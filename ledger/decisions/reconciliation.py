"""与财政对账 (R12): that the payments of a book were compared with the finance bureau's statement;
and 与银行对账, line by line.

What is compared is a question (projections/questions/reconciling). Here it is
proved that the book had paid what the comparison says, or that what was tied and what was not adds
up, so that an audit proves it again.
"""

from collections.abc import Iterable
from typing import NotRequired, Unpack

from ledger.effects import Decided
from ledger.events import StatementReconciled, StatementTies, Untied
from ledger.refusals import Instead, Refusal, Refused, Way
from ledger.rules import ways
from ledger.rules.kind import Kind
from ledger.rules.occasion import Asked, Occasion
from ledger.rules.preconditions import admit
from ledger.state import BookState


class Reconcile(Asked):
    """与财政、银行对账: what the book had paid and what the statement says, fen; the statement's
    SHA-256, how many items differ, and of a bank's statement what was tied."""

    paid_fen: int
    statement_fen: int
    statement: str
    differences: NotRequired[int]
    tied: NotRequired[StatementTies | None]


def reconcile(
    state: BookState,
    *,
    paid_fen: int,
    statement_fen: int,
    statement: str,
    differences: int = 0,
    tied: StatementTies | None = None,
    **occasion: Unpack[Occasion],
) -> tuple[Decided[StatementReconciled]]:
    """对账: without a difference, or with a reason for what differs (domain §4.1 step 4). Raises
    `Refused`."""
    admit(state, occasion["occurred_on"], money=False)
    if tied is not None:
        if not _adds_up(state, tied, statement_fen - paid_fen, differences):
            ways_out = [Way("reconcile", ways.STATEMENT, entries=True)]
            raise Refused(Refusal.RECONCILED_TIES, ways_out=ways_out)
    elif paid_fen != state.paid_fen:
        raise Refused(
            Refusal.RECONCILED_PAID,
            stated_fen=paid_fen,
            paid_fen=state.paid_fen,
            ways_out=[Way("reconcile", ways.STATEMENT)],
        )
    if (differences or paid_fen != statement_fen) and not occasion.get("reason"):
        raise Refused(
            Refusal.RECONCILIATION_REASON,
            paid_fen=paid_fen,
            statement_fen=statement_fen,
            differences=differences,
            ways_out=[Instead(reason=ways.REASON)],
        )
    reconciled = StatementReconciled(
        **occasion,
        paid_fen=paid_fen,
        statement_fen=statement_fen,
        statement=statement,
        differences=differences,
        tied=tied,
    )
    return (Decided(reconciled),)


def _adds_up(state: BookState, tied: StatementTies, more_fen: int, differences: int) -> bool:
    """Whether each line and each entry is said once, the entries are there, and what one side alone
    has is what the statement has more than the book."""
    rows = [*(row for tie in tied.ties for row in tie.rows), *_numbers(tied.bank_only)]
    entries = [*(one for tie in tied.ties for one in tie.entries), *_numbers(tied.book_only)]
    of_bank, of_book = (sum(one.fen for one in side) for side in (tied.bank_only, tied.book_only))
    return (
        len(set(rows)) == len(rows)
        and len(set(entries)) == len(entries)
        and max(entries, default=0) <= state.number
        and of_bank - of_book == more_fen
        and len(tied.bank_only) + len(tied.book_only) == differences
    )


def _numbers(side: Iterable[Untied]) -> Iterable[int]:
    return (one.number for one in side)


RECONCILE = Kind("reconcile", reconcile, Reconcile)
KINDS = (RECONCILE,)
