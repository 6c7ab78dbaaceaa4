"""签字单据 as a Word file on A4: what the text of a paper says, and boxes to sign in."""

from collections.abc import Iterable, Iterator, Sequence

from cli.documents.report.docx_file import file
from cli.documents.report.docx_file.pieces import Element, element, paragraph, run, tab
from cli.documents.report.docx_file.tables import UPRIGHT, DrawnCell, Plan, drawn, plan, table
from cli.documents.report.said import head
from cli.text.ask.paper import PaperFact, PaperText

_LETTERS = 24
"""Half points."""
_STATE = 28
_PAIRS = (18, 32, 18, 32)
"""Percents of a row that says two things by their names."""
_SIGNED = "\n\n\n　　年　月　日"


def written(paper: PaperText) -> bytes:
    """The bytes of the file."""
    made = file.opened()
    references = file.furniture(made.part)
    wide = max((plan(grid).page for grid in paper.grids), default=UPRIGHT)
    below = element("spacing", before=0, after=240)
    body = [
        paragraph("Title", run(f"{paper.unit}\n{paper.title}"), properties=[below]),
        _line(paper.left, paper.right, wide),
        *(paragraph("TableAbove", _state(each)) for each in paper.states),
        _boxes(_PAIRS, [*_fields(paper.said)], wide),
    ]
    for grid in paper.grids:
        body += [paragraph("TableGap"), _line(grid.title, f"单位：{grid.unit}", wide)]
        body.append(drawn(grid, plan(grid, at_least=wide)))
    opinion = [
        DrawnCell("审批意见", "TableHead", kept=True),
        DrawnCell("\n\n", across=len(paper.signed) - 1, kept=True),
    ]
    who = [DrawnCell(each, "TableHead", kept=True) for each in paper.signed]
    signed = [DrawnCell(_SIGNED, kept=True)] * len(who)
    body += [
        paragraph("TableGap"),
        _boxes([100 // len(who)] * len(who), [opinion, who, signed], wide),
    ]
    body.append(paragraph("TableNote", run(f"由账生成：{head(paper.header)}；{paper.proof}")))
    made.element.body.extend([*body, file.page(wide, references, first=True)])
    return file.saved(made, file.Properties(paper.title, paper.unit, head(paper.header)))


def _state(text: str) -> Element:
    """What whoever signs has to know first."""
    return run(f"【{text}】", element("b"), element("sz", val=_STATE), element("szCs", val=_STATE))


def _line(left: str, right: str, wide: int) -> Element:
    stop = element("tabs", element("tab", val="right", pos=wide))
    return paragraph("TableAbove", run(left), tab(), run(right), properties=[stop])


def _fields(said: Iterable[PaperFact]) -> Iterator[list[DrawnCell]]:
    """What a paper says, two to a row, or one over its whole width."""
    row: list[DrawnCell] = []
    for each in said:
        if row and (each.whole or len(row) == len(_PAIRS)):
            yield _full(row)
            row = []
        across = len(_PAIRS) - 1 if each.whole else 1
        row += [DrawnCell(each.name, "TableHead"), DrawnCell(each.value, across=across)]
        if each.whole:
            yield row
            row = []
    if row:
        yield _full(row)


def _full(row: list[DrawnCell]) -> list[DrawnCell]:
    return [*row, *[DrawnCell("")] * (len(_PAIRS) - len(row))]


def _boxes(shares: Sequence[int], rows: Sequence[Sequence[DrawnCell]], wide: int) -> Element:
    widths = [wide * share // 100 for share in shares]
    widths[0] += wide - sum(widths)
    return table(Plan(wide, _LETTERS, (*widths,)), [], rows)
