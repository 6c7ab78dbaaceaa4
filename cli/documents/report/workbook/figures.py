"""The sheets 表外的数 and 表中的数: every figure with its exact amount and its formula."""

import re
from collections.abc import Iterable

from cli.documents.report.workbook.drawing import Drawing
from cli.documents.xlsx.pages import Page, lines
from ledger.money import yuan
from projections.report.document.parts import ReportDocument
from projections.report.document.traced import Trace

BESIDE, WITHIN = "表外的数", "表中的数"
_HEADS = ("编号", "名称", "数", "单位", "准确到分（元）", "公式", "上年数")
_WIDTHS = (28, 54, 18, 8, 20, 64, 14)
_HEAD = 2
_TEXT = frozenset(("word", "names"))
_DIGITS = re.compile(r"([0-9]+)")
_OF_TABLES, _OF_TEXT, _OF_FORMS = "T", "N", "E"
_ORDER = {_OF_TEXT: 0, "P": 1, _OF_FORMS: 2}
_UNSAID = ("", "%")


def beside(document: ReportDocument) -> list[Trace]:
    """Figures beside the tables, of this year, in the order of their ids."""
    return sorted((each for each in _own(document) if each.id[0] != _OF_TABLES), key=_order)


def within(document: ReportDocument) -> list[Trace]:
    """Cells of tables that print something."""
    return [each for each in _own(document) if each.id[0] == _OF_TABLES and each.printed]


def _own(document: ReportDocument) -> Iterable[Trace]:
    return (each for name, each in document.traces.items() if "@" not in name)


def _order(trace: Trace) -> tuple[int, list[tuple[int, str]]]:
    """By kind, then as a person sorts: s2 before s10."""
    parts = _DIGITS.split(trace.id)
    natural = [(int(each), "") if each.isdecimal() else (-1, each) for each in parts]
    return _ORDER.get(trace.id[0], len(_ORDER)), natural


def in_place(drawing: Drawing, found: list[Trace]) -> list[Trace]:
    """Cells in the order in which the tables print them; what no table prints last."""
    order = {figure: at for at, figure in enumerate(drawing.places)}
    return sorted(found, key=lambda each: (order.get(each.id, len(order)), _order(each)))


def write_figures(drawing: Drawing, page: Page, title: str, found: list[Trace]) -> None:
    """Draws a list; an id leads to where its figure is printed."""
    last = len(_HEADS) - 1
    page.columns(_WIDTHS)
    page.title(title, sum(_WIDTHS), last)
    for column, head in enumerate(_HEADS):
        page.text(_HEAD - 1, column, head, "head")
    for at, trace in enumerate(found, _HEAD):
        _row(drawing, page, at, trace)
    end = _HEAD + len(found) - 1
    page.sheet.freeze_panes(_HEAD, 1)
    page.sheet.autofilter(_HEAD - 1, 0, end, last)
    page.print_on_a4((end, last), landscape=True, repeated=(0, _HEAD - 1))


def _row(drawing: Drawing, page: Page, at: int, trace: Trace) -> None:
    exact = "" if trace.fen is None else yuan(trace.fen)
    before = drawing.trace(trace.before).printed if trace.before else ""
    unit = "" if trace.unit in _UNSAID else trace.unit
    texts = (trace.id, trace.label, trace.printed, unit, exact, trace.formula, before)
    page.height(at, max(map(lines, texts, _WIDTHS)))
    place = drawing.places.get(trace.id)
    if place is None:
        page.text(at, 0, trace.id, "word")
    else:
        page.link(at, 0, place, trace.id, "linked")
    page.text(at, 1, trace.label, "word")
    if trace.kind in _TEXT:
        page.text(at, 2, trace.printed, "mark")
    else:
        page.figure(at, 2, trace.printed)
    page.text(at, 3, unit, "mark")
    page.figure(at, 4, exact)
    page.text(at, 5, trace.formula, "word")
    page.figure(at, 6, before)
    if trace.id[0] not in (_OF_TABLES, _OF_FORMS):
        page.comment(at, 2, drawing.note(trace.id))
