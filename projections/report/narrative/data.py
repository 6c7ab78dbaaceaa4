"""What narrative.toml of an edition says: which figures stand beside the tables and how each is
made, and in which sections and sentences they are told. What an edition is based on lies beneath
it: a figure of the same id and set, a section or a chart of the same id, a phrase or a definition
of the same name replaces that.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Annotated, NamedTuple

import msgspec

from ledger.toml import read as read_toml
from projections.report.editions import NARRATIVE, Edition
from projections.report.form import Label, Note
from projections.report.narrative.figures_said import AnyFigure, CodeRows
from projections.report.narrative.sections_said import Piece, SaidChart, SaidSection, Sentence

STAFF, ASSETS = "staff", "assets"


class CountedItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be counted (headcount, asset): its name, which may be typed, too. Items of one
    `group` are counted together: what is not said of them is none, and if nothing is, that is
    missing unless they are `optional`. A sum is never counted."""

    name: Label
    group: str
    optional: bool = False
    plus: tuple[str, ...] = ()
    unit: str = ""


def counted_in(items: Mapping[str, CountedItem], code: str) -> Iterator[str]:
    """The items that a sum adds up, by way of other sums too, each once."""
    waiting, seen = [*items[code].plus], set[str]()
    while waiting:
        part = waiting.pop()
        if part not in seen and part in items:
            seen.add(part)
            waiting += items[part].plus
            yield part


class GlossaryTerm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A term of the glossary that is no code; it is told if one of these figures is something."""

    name: Label
    means: Note
    some: tuple[str, ...] = ()


class NarrativeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """narrative.toml."""

    percent_decimals: Annotated[int, msgspec.Meta(ge=0, le=4)] | None = None
    thresholds: dict[str, Annotated[int, msgspec.Meta(ge=0, le=1000)]] = {}
    """Percents: a reason is needed for what is further off."""
    figures: tuple[AnyFigure, ...] = ()
    rows: dict[str, CodeRows] = {}
    staff: dict[str, CountedItem] = {}
    assets: dict[str, CountedItem] = {}
    phrases: dict[str, tuple[Sentence | Piece, ...]] = {}
    sections: tuple[SaidSection, ...] = ()
    charts: tuple[SaidChart, ...] = ()
    overview: tuple[str, ...] | None = None
    """The figures and cells that a document tells first."""
    terms: tuple[GlossaryTerm, ...] = ()
    definitions: dict[str, Note] = {}
    """What a functional code means, by its code or, for codes of that name, by its name."""


class Narrative(NamedTuple):
    """The narrative of an edition, whole."""

    percent_decimals: int = 2
    thresholds: Mapping[str, int] = {}
    figures: tuple[AnyFigure, ...] = ()
    rows: Mapping[str, CodeRows] = {}
    staff: Mapping[str, CountedItem] = {}
    assets: Mapping[str, CountedItem] = {}
    phrases: Mapping[str, tuple[str | Piece, ...]] = {}
    sections: tuple[SaidSection, ...] = ()
    charts: tuple[SaidChart, ...] = ()
    overview: tuple[str, ...] = ()
    terms: tuple[GlossaryTerm, ...] = ()
    definitions: Mapping[str, str] = {}

    def items(self, of: str) -> Mapping[str, CountedItem]:
        """What may be counted of staff, or of assets."""
        return self.staff if of == STAFF else self.assets


def written(narrative: Narrative) -> str:
    """A narrative as one file, whatever it was laid together from."""
    said = NarrativeFile(
        percent_decimals=narrative.percent_decimals,
        **{name: getattr(narrative, name) for name in Narrative._fields[1:]},
    )
    found = msgspec.to_builtins(said)
    lines = [f"percent_decimals = {narrative.percent_decimals}", "", "figures = ["]
    lines += [f"    {_inline(each)}," for each in found["figures"]]
    lines += ["]", "", f"overview = {_inline(found['overview'])}", "", "terms = ["]
    lines += [f"    {_inline(each)}," for each in found["terms"]]
    lines.append("]")
    for name in ("thresholds", "rows", "staff", "assets", "phrases", "definitions"):
        lines += ["", f"[{name}]"]
        lines += [f"{_key(key)} = {_inline(value)}" for key, value in found[name].items()]
    for chart in found["charts"]:
        lines += ["", "[[charts]]", *_told(chart.items())]
    for section in found["sections"]:
        lines += ["", "[[sections]]", *_told(section.items(), "paragraphs")]
        for paragraph in section["paragraphs"]:
            lines += ["", "[[sections.paragraphs]]", *_told(paragraph.items())]
    return "\n".join(lines) + "\n"


_NOTHING: tuple[object, ...] = (None, "", [], {})


def _told(said: Iterable[tuple[str, object]], *beside: str) -> Iterator[str]:
    for key, value in said:
        if key not in beside and value is not False and value not in _NOTHING:
            yield f"{_key(key)} = {_inline(value)}"


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _inline(key)


def _inline(value: object) -> str:
    """A value of TOML on one line; what is not said is left out."""
    match value:
        case dict():
            return "{ " + ", ".join(_told(value.items())) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_inline, value)) + "]"
        case bool():
            return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False)


def of_edition(edition: Edition) -> Narrative:
    """That of an edition; one that says nothing has none. Raises `NotRight`."""
    return _laid(edition.chapters.get(NARRATIVE, ()))


@cache
def _laid(layers: tuple[bytes, ...]) -> Narrative:
    return laid(read_toml(layer, NarrativeFile) for layer in layers)


def laid(files: Iterable[NarrativeFile]) -> Narrative:
    """Files laid over each other, the base's first. What is replaced keeps its place."""
    made = Narrative()
    for file in files:
        decimals = file.percent_decimals
        made = Narrative(
            made.percent_decimals if decimals is None else decimals,
            {**made.thresholds, **file.thresholds},
            tuple({(each.id, each.each): each for each in (*made.figures, *file.figures)}.values()),
            {**made.rows, **file.rows},
            {**made.staff, **file.staff},
            {**made.assets, **file.assets},
            {**made.phrases, **file.phrases},
            tuple({each.id: each for each in (*made.sections, *file.sections)}.values()),
            tuple({each.id: each for each in (*made.charts, *file.charts)}.values()),
            made.overview if file.overview is None else file.overview,
            tuple({each.name: each for each in (*made.terms, *file.terms)}.values()),
            {**made.definitions, **file.definitions},
        )
    return made
