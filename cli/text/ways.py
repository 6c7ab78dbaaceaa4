"""A way out as a person reads and types it. Nowhere else is one written as a command."""

from collections.abc import Iterator

from ledger.refusals import Advice, Instead, Value, Way, WayOut, Word


def command(way: WayOut) -> str:
    """What can be typed: a command, or the options that replace those of the command just typed.
    Data is quoted where a shell needs that; the words of ours stand as they are."""
    match way:
        case Way():
            words = ["yusuan", way.command, *map(_quoted, way.arguments), *_options(way.options)]
            return " ".join(filter(None, words))
        case Instead():
            return " ".join(_options(way.options))
        case Advice():
            return way.text


def told(way: WayOut) -> str:
    """The line below a refusal that says what can be done."""
    return f"  可以：{'在原命令中改用 ' if isinstance(way, Instead) else ''}{command(way)}"


def encoded(value: object) -> str:
    """What an answer in JSON has for a way out: the hook of its encoder. Raises `TypeError` for
    anything else that JSON has not."""
    if isinstance(value, WayOut):
        return command(value)
    raise TypeError(f"no JSON for {value!r}")


def said(value: object) -> str:
    """The hook for a failure, which is told whatever its figures are: anything else as its text."""
    return command(value) if isinstance(value, WayOut) else str(value)


def _options(options: tuple[tuple[str, Value], ...]) -> Iterator[str]:
    for name, value in options:
        option = f"--{name.replace('_', '-')}"
        if value is True:
            yield option
            continue
        for each in value if isinstance(value, tuple) else (value,):
            yield f"{option} {_quoted(each)}"


def _quoted(value: str | int) -> str:
    if isinstance(value, Word):
        return value
    from shlex import quote  # a query asks for no way out

    return quote(str(value))
