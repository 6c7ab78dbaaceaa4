"""The places of a report that somebody may fill by name: items that are counted, slots of reasons
and texts, figures of last year. They are the edition's; whoever records something asks here."""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from ledger.errors import Malformed, Unreadable
from projections.report.editions import Edition
from projections.report.narrative.data import Narrative, of_edition
from projections.report.narrative.figures_said import (
    CellFigure,
    CodesFigure,
    ComparedFigure,
    ConstantFigure,
    HappenedFigure,
    ItemFigure,
    NamesFigure,
    NumberFigure,
    PercentFigure,
    ResultFigures,
    SumFigure,
    TotalFigure,
    UnitNamesFigure,
    UnitsFigure,
)
from projections.report.narrative.sections_said import GLOSSARY, Piece, SaidSection, with_args

_GLOSSARY = "glossary.@"
_SHOWN = 12


def meant(edition: Edition, kind: str, typed: str, *, counted: bool) -> str:
    """The place that a fact of a kind is about. Raises `Malformed`."""
    match kind:
        case "headcount":
            return item(edition, "staff", typed, field="item")
        case "asset":
            return item(edition, "assets", typed, field="item")
        case "reason":
            return reason_slot(edition, typed, field="slot")
        case "text":
            return text_slot(edition, typed, field="slot")
    return prior_cell(edition, typed, counted=counted)


def item(edition: Edition, of: Literal["staff", "assets"], typed: str, *, field: str) -> str:
    """The item that is meant, by its code or its name. Raises `Malformed` for what the edition does
    not have, and for a sum, which is never counted."""
    items = of_edition(edition).items(of)
    found = [code for code, each in items.items() if typed in (code, each.name) and not each.plus]
    if len(found) == 1:
        return found[0]
    there = (f"{code}（{each.name}）" for code, each in items.items() if not each.plus)
    expected = "、".join(there) or f"没有（表样 {edition.name} 没有决算情况说明）"
    raise Malformed(Unreadable.SLOT_UNKNOWN, field=field, value=typed, expected=expected)


def reason_slot(edition: Edition, typed: str, *, field: str) -> str:
    """A slot of a reason. Raises `Malformed`."""
    return _one_of(edition, _reasons(of_edition(edition)), typed, field)


def text_slot(edition: Edition, typed: str, *, field: str) -> str:
    """A slot of a text. Raises `Malformed`."""
    return _one_of(edition, _texts(of_edition(edition)), typed, field)


def prior_cell(edition: Edition, typed: str, *, counted: bool) -> str:
    """An amount or a count of the report (`counted`), or the cell that it prints. Raises
    `Malformed`."""
    narrative = of_edition(edition)
    cell = _one_of(edition, _priors(narrative), typed, "cell")
    if _counts(narrative, cell) is not counted:
        right, wrong = ("amount（金额，元）", "count") if counted else ("count（数量）", "amount")
        expected = f"{right}：{cell} 是{'金额' if counted else '数量'}"
        raise Malformed(Unreadable.PRIOR_VALUE, field=wrong, value=cell, expected=expected)
    return cell


def _counts(narrative: Narrative, name: str) -> bool:
    """Whether a figure is a number of things, and no amount; a cell of a table is an amount."""
    found = next((each for each in narrative.figures if _is(each.id, name)), None)
    match found:
        case None:
            return False
        case ItemFigure() | NumberFigure() | UnitsFigure():
            return True
        case HappenedFigure(much=much):
            return much != "amount"
        case CellFigure(cell=of) | TotalFigure(of=of) | SumFigure(plus=(of, *_)):
            return _counts(narrative, of)
        case _:
            return False


def _one_of(edition: Edition, places: Iterator[str], typed: str, field: str) -> str:
    found = list(dict.fromkeys(places))
    for place in found:
        if _is(place, typed):
            return typed
    some = "、".join(place.replace("@", "编码") for place in found[:_SHOWN])
    more = f" 等 {len(found)} 处" if len(found) > _SHOWN else ""
    told = f"{some}{more}（yusuan narrative --missing 列出还缺的）"
    expected = told if found else f"没有（表样 {edition.name} 没有决算情况说明）"
    raise Malformed(Unreadable.SLOT_UNKNOWN, field=field, value=typed, expected=expected)


def _reasons(narrative: Narrative) -> Iterator[str]:
    for section in narrative.sections:
        for paragraph in section.paragraphs:
            yield from _of_pieces(narrative, paragraph.say)


def sections_of(narrative: Narrative, slot: str) -> list[str]:
    """The headings of the sections in which a slot is told."""
    return [
        section.title
        for section in narrative.sections
        if any(_is(place, slot) for place in _of_section(narrative, section))
    ]


def _of_section(narrative: Narrative, section: SaidSection) -> Iterator[str]:
    for paragraph in section.paragraphs:
        yield from filter(None, (paragraph.text, paragraph.each))
        yield from _of_pieces(narrative, paragraph.say)
        if paragraph.each == GLOSSARY:
            yield _GLOSSARY


def _is(place: str, typed: str) -> bool:
    """Whether a slot is the one of a place, whose @ stands for any code."""
    return re.fullmatch(re.escape(place).replace("@", r"[^\s]+"), typed) is not None


def _of_pieces(narrative: Narrative, pieces: Sequence[str | Piece]) -> Iterator[str]:
    for piece in pieces:
        if isinstance(piece, str):
            continue
        if piece.reason:
            yield piece.reason
        yield from _of_pieces(narrative, piece.parts)
        if piece.use:
            phrase = [with_args(each, piece.args) for each in narrative.phrases[piece.use]]
            yield from _of_pieces(narrative, phrase)


def _texts(narrative: Narrative) -> Iterator[str]:
    for section in narrative.sections:
        yield from (each.text for each in section.paragraphs if each.text)
    yield _GLOSSARY


def _priors(narrative: Narrative) -> Iterator[str]:
    """Those that are compared with last year's first."""
    quoted = {each.id: each.cell for each in narrative.figures if isinstance(each, CellFigure)}
    compared = (each.of for each in narrative.figures if isinstance(each, ComparedFigure))
    counted = (each.id for each in narrative.figures if not isinstance(each, _NEVER_PRIOR))
    for name in dict.fromkeys((*compared, *counted)):
        yield name
        if name in quoted:
            yield quoted[name]


_NEVER_PRIOR = (
    ComparedFigure,
    PercentFigure,
    NamesFigure,
    CodesFigure,
    ConstantFigure,
    UnitNamesFigure,
    ResultFigures,
)
"""What follows from other figures, or is no number."""
