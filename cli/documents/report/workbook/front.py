"""The sheet 目录: what the report is of, the numbers asked for first, what stands on which sheet,
and what is missing.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cli.documents.report.workbook.drawing import Drawing
from cli.documents.xlsx.pages import Page, Spot, lines
from cli.text import ways
from projections.answers import DepartmentHeader, Header
from projections.report.document.parts import Summary

NAME = "目录"
_WIDTHS = (26, 58, 18, 10)
_LAST = len(_WIDTHS) - 1
_LEGEND = "各表以万元为单位。角上有标记的格附批注：编号、准确到分的元和公式。"
_WHOLE = "全部记录"


class ListedSheet(NamedTuple):
    """A line of the contents."""

    to: Spot
    title: str


def write_front(
    drawing: Drawing, page: Page, summaries: Sequence[Summary], contents: Sequence[ListedSheet]
) -> None:
    """Draws the first sheet."""
    page.columns(_WIDTHS)
    page.title(drawing.document.title, sum(_WIDTHS), _LAST)
    at = _facts(drawing, page, 2)
    at = _summary(drawing, page, summaries, at + 1)
    at = _contents(page, contents, at + 1)
    at = _missing(drawing, page, at + 1)
    page.print_on_a4((at - 1, _LAST))


def _facts(drawing: Drawing, page: Page, at: int) -> int:
    document = drawing.document
    facts = [
        ("单位", document.unit),
        ("年度", f"{document.year}年"),
        ("表样", document.edition),
        *_heads(document.header),
    ]
    for name, text in facts:
        page.text(at, 0, name, "word")
        page.height(at, lines(text, sum(_WIDTHS[1:])))
        page.merged((at, 1, at, _LAST), text, "word")
        at += 1
    return at


def _heads(header: Header) -> Iterator[tuple[str, str]]:
    """The books, how many entries of them count, and the hash of the last."""
    yield "截至", str(header.as_of or _WHOLE)
    if header.known_at:
        yield "按何时所知", header.known_at
    if isinstance(header, DepartmentHeader):
        for book in header.books:
            unclosed = "" if book.closed else "，未结账"
            said = f"{book.name}，共 {book.head.entries} 笔{unclosed}\n账头 {book.head.hash}"
            yield book.book, said
        if header.absent:
            yield "缺账套", "、".join(header.absent)
    else:
        yield "账套", f"{header.book}，共 {header.head.entries} 笔"
        yield "账头", header.head.hash


def _heading(page: Page, at: int, text: str) -> int:
    page.height(at, 2)
    page.merged((at, 0, at, _LAST), text, "section")
    return at + 1


def _summary(drawing: Drawing, page: Page, summaries: Sequence[Summary], at: int) -> int:
    named = [each for summary in summaries for each in summary.lines]
    if not named:
        return at
    at = _heading(page, at, "主要数字")
    for label, line in named:
        page.height(at, lines(label, _WIDTHS[0] + _WIDTHS[1]))
        page.merged((at, 0, at, 1), label, "word")
        for mark in line:
            if mark.figure:
                drawing.printed(mark.figure, page, at, 2)
                page.figure(at, 2, mark.text)
                page.comment(at, 2, drawing.note(mark.figure))
            else:
                page.text(at, 3, mark.text.strip(), "mark")
        if len(line) == 1:
            page.text(at, 3, "", "mark")
        at += 1
    return at


def _contents(page: Page, contents: Sequence[ListedSheet], at: int) -> int:
    at = _heading(page, at, "各工作表")
    for to, title in contents:
        page.height(at, lines(title, sum(_WIDTHS[1:])))
        page.link(at, 0, to, to.sheet, "linked")
        page.merged((at, 1, at, _LAST), title, "word")
        at += 1
    page.merged((at, 0, at, _LAST), _LEGEND, "note")
    return at + 1


def _missing(drawing: Drawing, page: Page, at: int) -> int:
    missing = drawing.document.missing
    if not missing:
        page.text(at, 0, "没有缺漏。", "left")
        return at + 1
    at = _heading(page, at, f"还缺 {len(missing)} 处（印为【缺：…】）")
    for each in missing:
        said = "\n".join([each.message, *(ways.told(way).strip() for way in each.try_)])
        page.height(at, max(lines(said, sum(_WIDTHS[1:])), lines(each.slot, _WIDTHS[0])))
        page.text(at, 0, each.slot, "word")
        page.merged((at, 1, at, _LAST), said, "word")
        at += 1
    return at
