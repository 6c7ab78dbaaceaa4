"""What all sheets of a report share: the document, the workbook, where each figure is printed, and
what the note of a cell says of it.
"""

from collections.abc import Iterable, Iterator

from cli.documents.xlsx.pages import Page, Pages, Spot
from ledger.money import yuan
from projections.report.document.parts import ReportDocument
from projections.report.document.traced import Trace
from projections.report.narrative.marks import Line

_NAMED = 12  # of the parts of a figure, and of the figures of a paragraph, in a note
_SIGNS = {1: "＋", -1: "－"}


class Drawing:
    """A document that becomes a workbook."""

    def __init__(self, document: ReportDocument, pages: Pages) -> None:
        self.document = document
        self.pages = pages
        self.places: dict[str, Spot] = {}

    def printed(self, figure: str, page: Page, row: int, column: int) -> None:
        """Keeps where a figure is printed first."""
        self.places.setdefault(figure, Spot(page.name, row, column))

    def trace(self, figure: str) -> Trace:
        """What a figure is."""
        return self.document.traces[figure]

    def note(self, figure: str) -> str:
        """A figure with all that it is made of."""
        return "\n".join(self._lines(self.trace(figure)))

    def _lines(self, trace: Trace) -> Iterator[str]:
        yield f"{trace.id}　{trace.label}"
        if trace.fen is not None:
            yield f"{yuan(trace.fen)} 元"
        yield f"＝ {trace.formula}"
        for sign, part in trace.parts[:_NAMED]:
            of = self.trace(part)
            yield f"{_SIGNS[sign]} {part}　{of.label}：{_value(of)}"
        if len(trace.parts) > _NAMED:
            yield f"…… 共 {len(trace.parts)} 项"
        if trace.before:
            yield f"上年（{trace.before}）：{_value(self.trace(trace.before))}"

    def note_of(self, line: Line) -> str:
        """The figures that a paragraph prints, each with its id and formula; "" of none."""
        named = list(dict.fromkeys(mark for mark in line if mark.figure))
        found = [self._in_short(each.text, each.figure) for each in named[:_NAMED]]
        if len(named) > _NAMED:
            found.append(f"…… 共 {len(named)} 个数，见“表外的数”")
        return "\n".join(found)

    def _in_short(self, printed: str, figure: str) -> str:
        trace = self.trace(figure)
        exact = "" if trace.fen is None else f"　{yuan(trace.fen)} 元"
        return f"{printed}　{figure}{exact}　＝ {trace.formula}"


def _value(trace: Trace) -> str:
    return f"{yuan(trace.fen)} 元" if trace.fen is not None else trace.printed or "—"


def figures_of(line: Line) -> Iterable[str]:
    """The figures that a line prints."""
    return (mark.figure for mark in line if mark.figure)
