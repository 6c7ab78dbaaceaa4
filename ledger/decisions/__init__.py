"""Decisions: pure functions from the folded state and a request to new events, or a refusal.

One file per chapter. Every decision takes the state first and the rest by keyword, checks in the
order of `Refusal`, and returns events only if all of them may be recorded. None sees the disk or
the clock. What a chapter decides stands in its `KINDS`.
"""

from typing import Final

from ledger.decisions import (
    approval,
    budget,
    cap,
    closing,
    commitment,
    correction,
    disbursement,
    final_account,
    income,
    indicator,
    opening,
    particulars,
    publication,
    reconciliation,
    registry,
    surplus,
)
from ledger.rules.kind import Kinds

_CHAPTERS = (
    registry,
    opening,
    budget,
    cap,
    indicator,
    commitment,
    disbursement,
    correction,
    approval,
    income,
    surplus,
    reconciliation,
    closing,
    particulars,
    final_account,
    publication,
)

KINDS: Final[Kinds] = {kind.word: kind for chapter in _CHAPTERS for kind in chapter.KINDS}
"""Every kind that can be recorded, by its word."""
