"""The one place where an answer becomes JSON (contract §1): one object, on one line.

The parts of an answer are structs; or all are named tuples, where a command is done sooner than
msgspec is loaded. Python's own encoder writes the same bytes, only slower. What a terminal would
obey is escaped, which JSON allows anywhere in a text.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from ledger.texts import json_escaped

if TYPE_CHECKING:
    import msgspec

Hook = Callable[[object], object]


class Named(Protocol):
    """A named tuple."""

    def _asdict(self) -> dict[str, Any]: ...


def encoded(*parts: "msgspec.Struct | Named", hook: Hook | None = None) -> str:
    """The fields of all parts, in their order. `hook` says what is no plain data: a way out, which
    each face says in its own manner."""
    if all(isinstance(part, tuple) for part in parts):
        return _written((_object(part) for part in parts), hook)
    import msgspec

    try:
        bodies = [msgspec.json.encode(part, enc_hook=hook)[1:-1] for part in parts]
    except UnicodeEncodeError:  # a file's name that is no Unicode, which msgspec does not write
        return _written((msgspec.to_builtins(part, enc_hook=hook) for part in parts), hook)
    joined = b"{" + b",".join(filter(None, bodies)) + b"}"
    return json_escaped(msgspec.json.format(joined, indent=0).decode())


def _object(part: Any) -> dict[str, Any]:
    """A named tuple as an object, and those in it; `try_`, since Python keeps `try`."""
    return {name.removesuffix("_"): _plain(value) for name, value in part._asdict().items()}


def _plain(value: Any) -> Any:
    """A value with its named tuples as objects."""
    if hasattr(value, "_asdict"):
        return _object(value)
    if isinstance(value, Mapping):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _written(parts: Iterable[dict[str, Any]], hook: Hook | None) -> str:
    import json  # an answer of structs needs none

    fields = {name: value for part in parts for name, value in part.items()}
    return json_escaped(json.dumps(fields, ensure_ascii=False, default=hook))
