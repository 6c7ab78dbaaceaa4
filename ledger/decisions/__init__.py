"""Decisions: pure functions from the folded state and a request to new events, or a refusal.

One file per chapter. Every decision takes the state first and the rest by keyword, checks in the
order of `Refusal`, and returns events only if all of them may be recorded. None sees the disk or
the clock. What a chapter decides stands in its `KINDS`.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from ledger.rules.kind import AnyKind, Kinds

_CHAPTERS: Final[Mapping[str, tuple[str, ...]]] = {
    "registry": ("open-book", "amend-book", "project", "codes"),
    "opening": ("carry-in", "adjust-opening", "recover", "transfer"),
    "budget": ("appropriate", "supplement", "cut", "reallocate"),
    "cap": ("cap",),
    "indicator": ("release", "withdraw", "reclassify", "reuse", "fund-plan"),
    "commitment": ("reserve", "unreserve"),
    "disbursement": ("pay", "voucher", "refund"),
    "correction": ("reverse", "correct"),
    "approval": ("approve", "reject"),
    "income": ("income",),
    "surplus": ("surplus-in", "adjust-surplus", "use-surplus", "distribute"),
    "reconciliation": ("reconcile",),
    "closing": ("lock-month", "unlock-month", "close-year", "reopen-year"),
    "particulars": (
        "reception",
        "trip",
        "contract",
        "asset",
        "headcount",
        "prior",
        "reason",
        "text",
        "key-work",
        "goal",
        "target",
        "result",
        "score-override",
    ),
    "final_account": ("final-approval",),
    "publication": ("publish",),
}
"""The words of each chapter, as its `KINDS` has them. A payment needs one chapter of sixteen, and
to load the others would take it as long as all that it does."""


class _Chapters(Mapping[str, AnyKind]):
    """The kinds of all chapters. A chapter is loaded when one of its words is asked for."""

    def __init__(self) -> None:
        self._chapter = {word: chapter for chapter, words in _CHAPTERS.items() for word in words}
        self._loaded: dict[str, AnyKind] = {}

    def __getitem__(self, word: str) -> AnyKind:
        found = self._loaded.get(word)
        if found is None:
            kinds = import_module(f"ledger.decisions.{self._chapter[word]}").KINDS
            self._loaded |= {kind.word: kind for kind in kinds}
            found = self._loaded[word]
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._chapter)

    def __len__(self) -> int:
        return len(self._chapter)


KINDS: Final[Kinds] = _Chapters()
"""Every kind that can be recorded, by its word."""
