"""Answers as the plain values that their JSON has: what a program would read."""

from typing import Any

import msgspec


def plain(answer: Any) -> Any:
    """A struct as dicts and lists, a list each of its own; anything else as it is."""
    if isinstance(answer, list):
        return [plain(each) for each in answer]
    return msgspec.to_builtins(answer) if isinstance(answer, msgspec.Struct) else answer
