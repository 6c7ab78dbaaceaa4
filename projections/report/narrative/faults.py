"""What is wrong with a narrative.toml, its types aside: figures that name nothing, sentences that
cannot be filled. Only what the file itself says is examined, laid over what it is based on."""

import re
from collections.abc import Iterator, Sequence

from ledger.toml import Where, Wrong
from projections.report.narrative.data import Narrative, NarrativeFile, counted_in
from projections.report.narrative.figures_said import (
    AnyFigure,
    CodesFigure,
    ItemFigure,
    NamesFigure,
    NumberFigure,
    ResultFigures,
    TotalFigure,
)
from projections.report.narrative.sections_said import OWN_SETS, Piece, When, with_args

WORDS = ("year", "last_year", "name", "n", "label", "path", "reason", "term", "means")
KEY_WORK_WORDS = ("no", "item", "goal", "done")
_PLACE = re.compile(r"\{([^{}]*)\}")
_ARG = re.compile(r"\$([0-9])")


def faults(file: NarrativeFile, whole: Narrative, cells: Sequence[str]) -> Iterator[Wrong]:
    """What is wrong in a file; `whole` is what it makes with its base, `cells` the ids of every
    cell of the edition, those of rows with one code each."""
    yield from _of_figures(file, whole, cells)
    known = {each.id for each in whole.figures}
    for of, items in (("staff", file.staff), ("assets", file.assets)):
        for name, item in items.items():
            for part in item.plus:
                if part not in whole.items(of):
                    yield Wrong((of, name, "plus"), part, f"{of} 中的项目")
            if name in counted_in(whole.items(of), name):
                yield Wrong((of, name, "plus"), name, "不含自身的和")
    for name, pieces in file.phrases.items():
        for at, piece in enumerate(pieces):
            yield from _of_piece(("phrases", name, at), piece, whole, known, phrase=True)
    for at, term in enumerate(file.terms):
        for name in term.some:
            if name not in known and not _is_cell(name, cells):
                yield Wrong(("terms", at, "some"), name, "figures 中的数，或各表中有的单元格")
    yield from _of_document(file, whole, known, cells)
    for first, section in enumerate(file.sections):
        for second, paragraph in enumerate(section.paragraphs):
            where = ("sections", first, "paragraphs", second)
            if paragraph.each and paragraph.each not in (*whole.rows, *OWN_SETS):
                yield Wrong((*where, "each"), paragraph.each, _sets(whole))
            yield from _of_when((*where, "when"), paragraph.when, known)
            for third, piece in enumerate(paragraph.say):
                yield from _of_piece((*where, "say", third), piece, whole, known)


def _of_document(
    file: NarrativeFile, whole: Narrative, known: set[str], cells: Sequence[str]
) -> Iterator[Wrong]:
    for name in file.overview or ():
        if name not in known and not _is_cell(name, cells):
            yield Wrong(("overview",), name, "figures 中的数，或各表中有的单元格")
    sections = {each.id for each in whole.sections}
    for first, chart in enumerate(file.charts):
        where: Where = ("charts", first)
        if chart.section and chart.section not in sections:
            yield Wrong((*where, "section"), chart.section, "sections 中的编号")
        for second, point in enumerate(chart.points):
            at: Where = (*where, "points", second)
            if point.each and point.each not in whole.rows:
                yield Wrong((*at, "each"), point.each, "、".join(whole.rows) + " 之一")
            if len(point.figures) != max(len(chart.series), 1):
                expected = f"{max(len(chart.series), 1)} 个（series 中每项一个）"
                yield Wrong((*at, "figures"), "、".join(point.figures), expected)
            for name in point.figures:
                if name not in known and not _is_cell(name, cells):
                    yield Wrong((*at, "figures"), name, "figures 中的数，或各表中有的单元格")


def _sets(whole: Narrative) -> str:
    return "、".join((*whole.rows, *OWN_SETS)) + " 之一"


def _of_figures(file: NarrativeFile, whole: Narrative, cells: Sequence[str]) -> Iterator[Wrong]:
    before = {each.id for each in whole.figures} - {each.id for each in file.figures}
    for at, said in enumerate(file.figures):
        where: Where = ("figures", at)
        if said.each and said.each not in whole.rows:
            expected = "、".join(whole.rows) + " 之一"
            yield Wrong((*where, "each"), said.each, expected)
        if ("@" in said.id) != (bool(said.each) or isinstance(said, ResultFigures)):
            yield Wrong((*where, "id"), said.id, "写了 each 的含一个 @，没有写的不含")
        for name in said.names():
            if name not in before and not _is_cell(name, cells):
                yield Wrong(where, name, "前面的数，或各表中有的单元格")
        yield from _of_kind(where, said, whole)
        if isinstance(said, CodesFigure):
            for name in said.cells:
                if name.count("@") != 1 or not _is_cell(name, cells):
                    yield Wrong((*where, "cells"), name, "含一个 @（科目编码）的单元格，如 T3.@.1")
        before.add(said.id)


def _of_kind(where: Where, said: AnyFigure, whole: Narrative) -> Iterator[Wrong]:
    match said:
        case TotalFigure(over=over) | NumberFigure(over=over) | CodesFigure(over=over):
            if over not in whole.rows:
                expected = "、".join(whole.rows) + " 之一"
                yield Wrong((*where, "over"), over, expected)
        case ItemFigure(items=of, item=item):
            if item not in whole.items(of):
                expected = "、".join(whole.items(of)) + " 之一"
                yield Wrong((*where, "item"), item, expected)
        case NamesFigure(cell=cell):
            if cell.count("@") != 1:
                yield Wrong((*where, "cell"), cell, "含一个 @（科目编码）的单元格，如 T6.@")
        case _:
            pass


def _is_cell(name: str, cells: Sequence[str]) -> bool:
    """Whether there is a cell of this id; an @ is the row of any code."""
    if "@" not in name:
        return name in cells
    wanted = re.compile("[^.]+".join(map(re.escape, name.split("@"))))
    return any(map(wanted.fullmatch, cells))


def _of_when(where: Where, when: When, known: set[str], *, phrase: bool = False) -> Iterator[Wrong]:
    single = (when.rises, when.falls, when.level, when.based, when.unbased)
    pairs = (when.more, when.less, when.same)
    names = [*when.some, *when.none, *filter(None, single)]
    names += [name for pair in pairs for name in pair or ()]
    for name in names:
        if name not in known and not (phrase and "$" in name):
            yield Wrong(where, name, "figures 中的数")


def _of_piece(
    where: Where, piece: str | Piece, whole: Narrative, known: set[str], *, phrase: bool = False
) -> Iterator[Wrong]:
    if isinstance(piece, str):
        yield from _of_text(where, piece, known, phrase=phrase)
        return
    yield from _of_text((*where, "say"), piece.say, known, phrase=phrase)
    yield from _of_when((*where, "when"), piece.when, known, phrase=phrase)
    if piece.each and piece.each not in whole.rows:
        yield Wrong((*where, "each"), piece.each, "、".join(whole.rows) + " 之一")
    if piece.off and piece.off not in known and not phrase:
        yield Wrong((*where, "off"), piece.off, "figures 中的百分比")
    if piece.over and piece.over not in whole.thresholds:
        yield Wrong((*where, "over"), piece.over, "、".join(whole.thresholds) + " 之一")
    if piece.reason and "{reason}" not in piece.say:
        yield Wrong((*where, "say"), piece.say, "含 {reason} 的文字")
    if piece.use and piece.use not in whole.phrases:
        yield Wrong((*where, "use"), piece.use, "、".join(whole.phrases) + " 之一")
    elif piece.use:
        phrase_said = whole.phrases[piece.use]
        wanted = _args(phrase_said)
        if len(piece.args) < wanted:
            yield Wrong((*where, "args"), "、".join(piece.args), f"{wanted} 项（$1 至 ${wanted}）")
        else:
            for each in phrase_said:
                yield from _of_piece((*where, "args"), with_args(each, piece.args), whole, known)
    for at, part in enumerate(piece.parts):
        yield from _of_piece((*where, "parts", at), part, whole, known, phrase=phrase)


def _of_text(where: Where, text: str, known: set[str], *, phrase: bool) -> Iterator[Wrong]:
    for place in _PLACE.findall(text):
        fits = place in known or place in (*WORDS, *KEY_WORK_WORDS) or (phrase and "$" in place)
        if not fits:
            expected = f"{{编号}}（figures 中的数）或 {'、'.join(f'{{{word}}}' for word in WORDS)}"
            yield Wrong(where, f"{{{place}}}", expected)
    if re.search(r"[{}]", _PLACE.sub("", text)):
        yield Wrong(where, text, "成对的花括号")


def _args(pieces: Sequence[str | Piece]) -> int:
    """How many arguments a phrase takes."""
    found = [int(each) for piece in pieces for each in _ARG.findall(str(piece))]
    return max(found, default=0)
