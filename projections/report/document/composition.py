"""The whole 部门决算 of a book or a department: overview, tables, narrative with charts, the forms
of 绩效自评, key work, glossary, in the order of the edition; every number marked with its figure.
"""

from collections.abc import Iterable, Iterator, Sequence

from projections.questions.progress import Progress, progress
from projections.report.document import self_evaluation
from projections.report.document.charts import charts, months
from projections.report.document.parts import (
    Block,
    Chart,
    DocumentPart,
    DocumentSection,
    Prose,
    ReportDocument,
    Summary,
    TableBlock,
)
from projections.report.document.traced import entries, traces
from projections.report.figure import PERCENT, Figure, Report
from projections.report.grid import Grid, Texts
from projections.report.narrative.answer import missing_of
from projections.report.narrative.marks import Line, Span
from projections.report.narrative.sections_said import SaidSection
from projections.report.narrative.sentences import SectionTold, Teller
from projections.report.performance.forms import Forms
from projections.report.performance.told import performance
from projections.report.tables import PublishedTable, grid, table

_OVERVIEW, _TABLES = "概览", "决算表"
_NONE = "—"


def document(report: Report, *, unmask: bool = False, internal: bool = False) -> ReportDocument:
    """The document. `unmask`: numbers of persons are printed as written; `internal`: payees and
    purposes of entries are told."""
    teller = Teller(report, unmask=unmask)
    told = list(teller.sections())
    parts = list(_parts(report, teller, told))
    found = traces(report, printed_in(parts))
    source = report.source
    return ReportDocument(
        title=f"{source.name}{source.year}年度部门决算",
        unit=source.name,
        year=source.year,
        edition=report.edition.name,
        header=source.header(),
        parts=tuple(parts),
        traces=found,
        entries=entries(report, found.values(), internal=internal),
        missing=tuple(missing_of(told)),
        internal=internal,
    )


def printed_in(parts: Iterable[DocumentPart]) -> Iterator[str]:
    """The ids of all figures that are printed, in the order of the document."""
    for part in parts:
        for section in part.sections:
            for block in section.blocks:
                yield from filter(None, _printed_in(block))


def _printed_in(block: Block) -> Iterator[str]:
    match block:
        case Prose(line=line):
            yield from (mark.figure for mark in line)
        case TableBlock(figures=figures):
            yield from (name for row in figures for name in row)
        case Chart(points=points):
            yield from (value.figure for point in points for value in point.values)
        case Summary(lines=lines):
            yield from (mark.figure for _, line in lines for mark in line)


def _parts(report: Report, teller: Teller, told: Sequence[SectionTold]) -> Iterator[DocumentPart]:
    """The overview, then the parts of the edition; one that says no sentence has its tables."""
    pace = progress(report.source)
    yield DocumentPart(
        _OVERVIEW,
        _OVERVIEW,
        (DocumentSection(_OVERVIEW, "", tuple(_overview(report, teller, pace))),),
    )
    tables = DocumentPart(_TABLES, _TABLES, tuple(_tables(report)))
    if not any(said.tables for said in report.narrative.sections):
        yield tables
    anchor, title, sections = "", "", list[DocumentSection]()
    for said, section in zip(report.narrative.sections, told, strict=True):
        if sections and (said.tables or section.part):
            yield DocumentPart(anchor, title, tuple(sections))
            sections = []
        if said.tables:
            yield tables._replace(title=teller.words_in(said.tables))
        if section.part:
            anchor, title = f"部分-{section.id}", section.part
        sections += _sections(report, teller, said, section, pace)
    if sections:
        yield DocumentPart(anchor, title, tuple(sections))


def _sections(
    report: Report, teller: Teller, said: SaidSection, told: SectionTold, pace: Progress
) -> Iterator[DocumentSection]:
    """A section of the text with its charts, and the forms below it."""
    yield section(report, teller, told, pace)
    if said.forms and report.edition.scoring is not None:
        yield from self_evaluation.sections(performance(Forms(report.cells)).forms, teller)


def section(report: Report, teller: Teller, told: SectionTold, pace: Progress) -> DocumentSection:
    """A section of the text with its charts."""
    title = "" if told.title in told.part else told.title  # a part of one section
    blocks: list[Block] = [Prose(each.line, each.kind) for each in told.paragraphs]
    blocks += charts(report, teller, told.id, pace)
    return DocumentSection(told.id, title, tuple(blocks))


def _overview(report: Report, teller: Teller, pace: Progress) -> Iterator[Block]:
    """The figures that are asked for first, and charts of the whole year."""
    there = [name for name in report.narrative.overview if report.has(name)]
    lines = [_told_first(report.figure(name)) for name in there]
    if lines:
        yield Summary(tuple(lines))
    yield from of_the_year(report, teller, pace)


def of_the_year(report: Report, teller: Teller, pace: Progress) -> Iterator[Chart]:
    """The charts of the whole year."""
    yield from charts(report, teller, "", pace)
    yield from months(report)


def _told_first(figure: Figure) -> tuple[str, Line]:
    unit = "" if figure.unit in ("", PERCENT) else f" {figure.unit}"
    printed = figure.printed or _NONE
    return figure.label, (Span(printed, figure.id), *([Span(unit)] if unit else []))


def _tables(report: Report) -> Iterator[DocumentSection]:
    cells = report.cells
    for number in cells.forms:
        answer = table(cells, number)
        yield DocumentSection(f"T{number}", answer.title, (sheet(report, answer),))


def sheet(report: Report, answer: PublishedTable) -> TableBlock:
    """A table as it is published, every figure marked with its cell."""
    drawn = grid(report.source.header(), answer, report.edition, report.cells.source.name)
    return TableBlock(drawn, _ids(report, answer, drawn))


def _ids(report: Report, answer: PublishedTable, drawn: Grid) -> tuple[tuple[str, ...], ...]:
    """What the cells of a grid print: the form is filled in once more, with ids in the place of
    what they print."""
    ids = Texts(
        {cell.row: cell.label for cell in answer.cells},
        {(cell.row, cell.column): cell.id for cell in answer.cells},
    )
    body = report.edition.forms[answer.table].body(ids, report.edition.printing)
    printed = {cell.id for cell in answer.cells}
    named = drawn._replace(rows=body.rows, foot=body.foot)
    rows = [*named.rows, *filter(None, [named.totals()])]
    return tuple(tuple(text if text in printed else "" for text in row) for row in rows)
