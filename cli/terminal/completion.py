"""What the shell offers: books, lines, projects, codes and entries of the file at hand.

Completion never writes and never complains: whatever goes wrong, it offers nothing. What it prints
is run through the shell's own words (zsh evaluates it), and others have written it into the book.
So it is made of characters that no shell reads as anything else; what is not is not offered.
"""

import re
from contextlib import suppress
from typing import Any

from cli.settings import DEFAULT_DB, settings
from cli.terminal.usage import COMPLETION, UsageError
from ledger.store.log import Place
from ledger.store.place import place
from ledger.texts import unfit

_INSTRUCTIONS = ("complete", "source")
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
_MOST = 200
_HELP_MOST = 60
_VALUE = r"[A-Za-z0-9_][A-Za-z0-9._:/-]*"
_MARKS = frozenset("-./，。、（）〔〕《》“”·")


def suggestions(what: str, ctx: Any, incomplete: str) -> list[Any]:
    """(value, help) pairs that begin with what was typed."""
    try:
        offered = _offered(what, _place(ctx), incomplete)
    except Exception:  # whoever edited the views may have put anything there
        return []
    return [(value, _harmless(help)) for value, help in offered if re.fullmatch(_VALUE, value)][
        :_MOST
    ]


def check_instruction(asked: str) -> None:
    """What a shell's script asks for is one of what there is. Raises `UsageError`."""
    instruction, _, shell = asked.partition("_")
    if instruction not in _INSTRUCTIONS or shell not in _SHELLS:
        known = "、".join(f"{each}_{_SHELLS[0]}" for each in _INSTRUCTIONS)
        raise UsageError(
            f"环境变量 {COMPLETION} 应为 {known} 等（{'、'.join(_SHELLS)}），不是“{asked[:60]}”"
        )


def _harmless(help: str) -> str:
    """Letters, digits and a few marks of what a person reads beside a value."""
    kept = (
        c if (c.isalnum() or c in _MARKS) and unfit(c) is None else " " for c in help[:_HELP_MOST]
    )
    return " ".join("".join(kept).split())


def _place(ctx: Any) -> Place:
    typed = None
    while ctx is not None and typed is None:
        typed = ctx.params.get("db")
        ctx = ctx.parent
    return place(typed or settings().db or DEFAULT_DB)


def _offered(what: str, db: Place, incomplete: str) -> list[Any]:
    if what == "edition":
        return _editions(incomplete)
    from projections.questions.offered import OFFERED

    if what in ("func", "econ"):
        own: list[Any] = []
        with suppress(Exception):  # whatever the views hold, there are the packaged lists
            own = OFFERED[what](db.views, incomplete)
        return _codes(what, dict(own), incomplete)
    return OFFERED[what](db.views, incomplete)


def _editions(incomplete: str) -> list[Any]:
    from projections.report import editions

    every = (editions.edition(name) for name in editions.names() if name.startswith(incomplete))
    return [(each.name, each.title) for each in every]


def _codes(which: str, own: dict[str, str], incomplete: str) -> list[Any]:
    """Those that payments can have, by the names of the books' lists, else by ours."""
    from ledger import codes

    known = codes.packaged("functional" if which == "func" else "economic")
    length = 7 if which == "func" else 5
    names = {row.code: row.name for row in known} | own
    return [
        (code, name)
        for code, name in sorted(names.items())
        if len(code) == length and code.startswith(incomplete)
    ]
