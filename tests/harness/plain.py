"""Answers as the plain values that their JSON has: what a program would read."""

from typing import Any

import msgspec


def plain(answer: Any) -> Any:
    """A struct as dicts and lists; anything else as it is."""
    return msgspec.to_builtins(answer) if isinstance(answer, msgspec.Struct) else answer
