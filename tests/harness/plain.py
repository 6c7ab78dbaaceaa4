"""Answers as the plain values that their JSON has: what a program would read."""

from collections.abc import Iterable
from typing import Any

import msgspec

from cli.text import ways
from ledger.refusals import WayOut


def plain(answer: Any) -> Any:
    """A struct as its JSON is read, a list each of its own; anything else as it is."""
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    if isinstance(answer, msgspec.Struct):
        return msgspec.json.decode(msgspec.json.encode(answer, enc_hook=ways.encoded))
    return answer


def typed(ways_out: Iterable[WayOut]) -> list[str]:
    """Ways out as a person types them."""
    return [ways.command(way) for way in ways_out]
