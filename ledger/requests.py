"""What one wants recorded, before the book is known: a kind, what was given, and a key.

`decide` finds the line that was meant in the state of the book and calls the decision. The digest
covers the request as given, so that a repeated key can be told from a conflicting one (contract
§3).
"""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

from ledger.decisions import KINDS
from ledger.effects import Decided
from ledger.events import AnyEvent
from ledger.refusals import not_opened
from ledger.rules.kind import Kind, Says, asked
from ledger.rules.originals import Original
from ledger.state import BookState

_ENCODER = msgspec.json.Encoder(enc_hook=str, order="sorted")


class Request(NamedTuple):
    """`given` are the decision's keyword arguments as a person gave them, the `TypedDict` that
    stands beside it: a line may be a `LinePattern`, and `occurred_on` None (today). `ref` names an
    earlier entry. The key may be one that was made `by_document`."""

    kind: str
    given: Mapping[str, Any]
    ref: str | None = None
    key: str | None = None
    by_document: bool = False

    @classmethod
    def of(cls, kind: Kind[Says, Any]) -> "Callable[Says, Request]":
        """What makes requests of a kind, given what that kind gives and nothing else:
        `Request.of(REFUND)(amount_fen=100)`."""

        def made(*_: Says.args, **given: Says.kwargs) -> Request:
            return cls(kind.word, given)

        return made

    def digest(self) -> str:
        """SHA-256 of the request as given, without its key."""
        return sha256(_ENCODER.encode((self.kind, self.ref, self.given))).hexdigest()

    def with_default_key(self) -> "Request":
        """The same request with a key derived from its 文号 and content; without a 文号, none."""
        if self.key is not None or not self.given.get("doc"):
            return self
        return self._replace(key=f"doc:{self.digest()[:32]}", by_document=True)

    def about(self, number: int) -> "Request":
        """The same request about the entry of this number; a key by its document is of that."""
        if not self.by_document:
            return self._replace(ref=f"#{number}")
        return self._replace(ref=f"#{number}", key=None).with_default_key()


def decide(
    state: BookState, request: Request, original: Original | None, *, actor: str
) -> tuple[Decided[AnyEvent], ...]:
    """The events that answer `actor`'s request on this state. Raises `Refused`."""
    if state.facts is None and request.kind != "open-book":
        raise not_opened(state.book)
    kind = KINDS[request.kind]
    given = dict(request.given)
    if kind.finds is not None:
        given |= kind.finds(state, given, original)
    if original is not None:
        given["original"] = original
    return kind.decision(state, **given, **asked(kind, actor=actor, kinds=KINDS))
