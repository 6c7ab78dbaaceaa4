"""What a chapter of decisions says of each of its kinds, once: the word, the decision behind it,
and what has to be known before that decision can be asked.

Requests are answered, stored events are asked again and the documents are written from the one
table that the chapters make together (`ledger.decisions.KINDS`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

from ledger.effects import Decided
from ledger.events import AnyEvent
from ledger.rules.lines import FoundLines
from ledger.rules.originals import Original
from ledger.state import BookState

Says = ParamSpec("Says")
Given = TypeVar("Given")
Decision = Callable[..., tuple[Decided[AnyEvent], ...]]


class Kind(NamedTuple, Generic[Says, Given]):
    """One kind of entry. `gives` is what a request of it gives, a `TypedDict` that stands beside
    its decision; `finds` puts lines of the book in the place of what a person said of them;
    `derives` are the fields of its event that the decision works out itself, so that nobody gives
    them; `asks` is what it is asked with beside the request: `actor`, `kinds`. Where the decision
    is to make the event and then to `judge` it, a stored one is judged as it stands: on the state,
    with its original, and with what it `asks`."""

    word: str
    decision: Decision
    gives: Callable[Says, Given]
    finds: Callable[[BookState, Given, Original | None], FoundLines] | None = None
    derives: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    judge: Callable[..., Decided[AnyEvent]] | None = None


AnyKind = Kind[..., Any]
Kinds = Mapping[str, AnyKind]
"""Every kind by its word."""


def asked(kind: AnyKind, *, actor: str, kinds: Kinds) -> dict[str, Any]:
    """What a decision is asked with beside its request: by whom, and the table of all decisions
    where one of them takes another again."""
    if not kind.asks:  # as nearly always
        return {}
    beside = {"actor": actor, "kinds": kinds}
    return {name: beside[name] for name in kind.asks}
