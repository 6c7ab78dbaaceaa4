"""A 部门决算 as a workbook: contents first, then a sheet for every table, the text, the charts,
every form of 绩效自评, and all figures with their exact amounts and formulas.

The tables are in 万元 as printed, numbers as numbers; notes tell where a number comes from.
"""

from cli.documents.report.workbook import charts, figures, forms, front, text
from cli.documents.report.workbook.drawing import Drawing
from cli.documents.xlsx.pages import Page, Pages, Spot
from projections.report.document.parts import Chart, ReportDocument, Summary

_BESIDE = "表外的数：说明、自评和登记事项中的数，及其来历"
_WITHIN = "表中的数：各表印出的数准确到分，及其来历"


def report(document: ReportDocument) -> bytes:
    """The bytes of the .xlsx of a document."""
    pages = Pages(document.title, internal=document.internal)
    drawing = Drawing(document, pages)
    contents: list[front.ListedSheet] = []

    def listed(name: str, title: str) -> Page:
        page = pages.page(name)
        contents.append(front.ListedSheet(Spot(page.name, 0, 0), title))
        return page

    first = pages.page(front.NAME)
    sections = [each for part in document.parts for each in part.sections]
    blocks = [block for each in sections for block in each.blocks]
    drawn = [block for block in blocks if isinstance(block, Chart)]
    said = text.parts_said(document)
    beside, within = figures.beside(document), figures.within(document)
    on_forms = {
        each.anchor: listed(forms.sheet_of(each), each.title)
        for each in filter(forms.is_table, sections)
    }
    on_text = listed(text.NAME, "说明及其他文字") if said else None
    on_charts = listed(charts.NAME, f"图 {len(drawn)} 幅，各附所画的数") if drawn else None
    on_forms |= {
        each.anchor: listed(forms.sheet_of(each), each.title)
        for each in filter(forms.is_evaluation, sections)
    }
    on_beside = listed(figures.BESIDE, _BESIDE) if beside else None
    on_within = listed(figures.WITHIN, _WITHIN) if within else None
    spots: dict[str, Spot] = {}
    for each in sections:
        if each.anchor in on_forms:
            spots[each.anchor] = forms.write_form(drawing, on_forms[each.anchor], each)
    if on_charts is not None:
        spots |= charts.write_charts(drawing, on_charts, drawn)
    if on_text is not None:
        text.write_text(drawing, on_text, said, spots)
    summaries = [block for block in blocks if isinstance(block, Summary)]
    front.write_front(drawing, first, summaries, contents)
    if on_beside is not None:
        figures.write_figures(drawing, on_beside, _BESIDE, beside)
    if on_within is not None:
        figures.write_figures(drawing, on_within, _WITHIN, figures.in_place(drawing, within))
    return pages.bytes()
