"""How narrative.toml says what a section tells: sentences of literals and `{ID}`s, said under
conditions. A small grammar of our own; nothing in it is a program.

In a text `{N.s1.total}` is what that figure prints, `{year}`, `{last_year}`, `{name}` are the
report's; of a repeated paragraph `{n}` counts, `{label}` is the name of its code, `{path}` that of
a 项 with its 类 and 款, and `@` in an id is the code. `{reason}` is the reason that somebody gave,
where a piece asks for one.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from ledger.kinds import UnitKind
from ledger.rules.citations import KEY_WORK
from projections.report.form import Label

Sentence = Annotated[str, msgspec.Meta(max_length=2000)]


class When(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When something is said: all of it must hold. What compares needs last year's figure."""

    some: tuple[str, ...] = ()
    """Any of these figures is more or less than nothing."""
    none: tuple[str, ...] = ()
    """All of them are nothing."""
    rises: str | None = None
    falls: str | None = None
    level: str | None = None
    based: str | None = None
    """A percent that has a value: its base is not nothing."""
    unbased: str | None = None
    more: tuple[str, str] | None = None
    """The first figure is more than the second."""
    less: tuple[str, str] | None = None
    same: tuple[str, str] | None = None
    of: Literal["book", "department"] | None = None
    kinds: tuple[UnitKind, ...] = ()
    """A unit of one of these kinds is among those that report."""
    no_kinds: tuple[UnitKind, ...] = ()
    """None of them is."""


class Piece(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a paragraph. `use` is a phrase with what stands for $1, $2 … in it. With `reason`
    it needs the reason of that slot, if `off` (a percent) is further from `base` than the threshold
    `over`, or always; with `each` it is said once for each of a set, `between` them."""

    say: Sentence = ""
    when: When = When()
    use: str = ""
    args: tuple[str, ...] = ()
    reason: str = ""
    off: str = ""
    base: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    over: str = ""
    each: str = ""
    parts: "tuple[Piece, ...]" = ()
    """Of these all that are said, `between` them."""
    between: str = "；"


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph: pieces in their order; one `each` of a set, which may be `key-work` or
    `glossary`. With `text` it is what somebody wrote in that slot, which is needed unless it is
    `optional`; `about` says what it should tell."""

    say: tuple[Sentence | Piece, ...] = ()
    when: When = When()
    each: str = ""
    text: str = ""
    about: Label = ""
    optional: bool = False


SectionId = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]


class SaidSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A section with its official heading; `part` is the heading of the part that begins there,
    `tables` that of the part with all tables, which stands before it in a document. Where `forms`,
    the self-evaluation forms stand below it."""

    id: SectionId
    title: Label
    part: Label = ""
    tables: Label = ""
    forms: bool = False
    paragraphs: tuple[Paragraph, ...] = ()


ChartKind = Literal["columns", "bars", "rates", "walk"]
"""Columns side by side; bars with what each is of all; percents beside 序时进度; how what was there
became what is left, step by step."""


class SaidPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands at one place of a chart: a figure or cell for each series, of last year where
    that is said; one for `each` of a set, whose code is the @. In a walk `less` takes off."""

    label: Label
    figures: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    last_year: bool = False
    less: bool = False
    each: str = ""


class SaidChart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chart below the text of a section, or without one in the overview. One that has nothing
    but noughts is left out."""

    id: SectionId
    title: Label
    kind: ChartKind
    section: str = ""
    series: tuple[Label, ...] = ()
    points: Annotated[tuple[SaidPoint, ...], msgspec.Meta(min_length=1)]


GLOSSARY = "glossary"
OWN_SETS = (KEY_WORK, GLOSSARY)
"""What paragraphs may stand for each of, beside sets of codes."""


def with_args(piece: str | Piece, args: Sequence[str]) -> str | Piece:
    """A piece of a phrase, with what stands for $1, $2 … in it."""
    if isinstance(piece, str):
        return _put(piece, args)
    return msgspec.convert(_put_everywhere(msgspec.to_builtins(piece), args), Piece)


def _put(text: str, args: Sequence[str]) -> str:
    for n, arg in enumerate(args, 1):
        text = text.replace(f"${n}", arg)
    return text


def _put_everywhere(value: object, args: Sequence[str]) -> object:
    match value:
        case str():
            return _put(value, args)
        case dict():
            return {key: _put_everywhere(each, args) for key, each in value.items()}
        case list() | tuple():
            return [_put_everywhere(each, args) for each in value]
    return value
