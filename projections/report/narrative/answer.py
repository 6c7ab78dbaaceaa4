"""The answer of `narrative`: sections with their paragraphs, every figure, and what is missing."""

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, UnsetType, field

from ledger.errors import Malformed, Unreadable
from ledger.refusals import WayOut
from projections.report.editions import lacking
from projections.report.figure import (
    Figure,
    FigureSource,
    Needed,
    Needs,
    Report,
    ToldValue,
    told,
    told_fen,
)
from projections.report.figures import FigureKind
from projections.report.narrative.data import of_edition
from projections.report.narrative.sentences import ParagraphKind, SectionTold, Teller


class ToldParagraph(msgspec.Struct, frozen=True):
    """A paragraph as it would be published; `figures` are those that are printed in it."""

    text: str
    figures: tuple[str, ...]
    kind: ParagraphKind


class NarrativeSection(msgspec.Struct, frozen=True):
    """A section; `part` is the heading of the part that begins with it."""

    id: str
    title: str
    part: str
    paragraphs: list[ToldParagraph]


class ToldFigure(msgspec.Struct, frozen=True, kw_only=True):
    """A figure beside the tables."""

    id: str
    label: str
    kind: FigureKind
    fen: int | UnsetType | None = UNSET
    value: ToldValue | UnsetType = UNSET
    printed: str
    unit: str
    formula: str
    source: FigureSource


class ToldNeed(msgspec.Struct, frozen=True):
    """What somebody has yet to say: in which slot, and the commands that do it."""

    slot: str
    needs: Needs
    message: str
    try_: list[WayOut] = field(name="try")


class ToldNarrative(msgspec.Struct, frozen=True):
    """决算情况说明."""

    edition: str
    sections: list[NarrativeSection]
    figures: list[ToldFigure]
    missing: list[ToldNeed]

    @property
    def whole(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def narrative(report: Report, section: str | None = None, *, unmask: bool = False) -> ToldNarrative:
    """The narrative of a report, or one section of it with the figures that it tells. Raises
    `Malformed` for an edition that has none, and for a section that it does not have."""
    known = [each.id for each in report.narrative.sections]
    if not known:
        raise lacking(report.edition, "决算情况说明", lambda each: bool(of_edition(each).sections))
    if section is not None and section not in known:
        raise Malformed(
            Unreadable.SECTION_UNKNOWN, field="section", value=section, expected="、".join(known)
        )
    sections = list(Teller(report, unmask=unmask).sections(section))
    wanted: Iterable[str] = report.ids
    if section is not None:
        told_in = (name for one in sections for each in one.paragraphs for name in each.figures)
        wanted = dict.fromkeys(told_in)
    return ToldNarrative(
        report.edition.name,
        [_section(each) for each in sections],
        [_figure(report.figure(name)) for name in wanted if name.startswith("N.")],
        missing_of(sections),
    )


def missing_of(sections: Iterable[SectionTold]) -> list[ToldNeed]:
    """What sections need yet, each once."""
    return [_missing(each) for each in dict.fromkeys(n for one in sections for n in one.needed)]


def _section(section: SectionTold) -> NarrativeSection:
    paragraphs = [ToldParagraph(each.text, each.figures, each.kind) for each in section.paragraphs]
    return NarrativeSection(section.id, section.title, section.part, paragraphs)


def _figure(figure: Figure) -> ToldFigure:
    return ToldFigure(
        id=figure.id,
        label=figure.label,
        kind=figure.kind,
        fen=told_fen(figure),
        value=told(figure),
        printed=figure.printed,
        unit=figure.unit,
        formula=figure.formula,
        source=figure.source,
    )


def _missing(needed: Needed) -> ToldNeed:
    return ToldNeed(needed.slot, needed.needs, needed.message, list(needed.ways))
