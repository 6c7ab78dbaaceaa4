"""The sheets of the published tables and of the forms of 绩效自评, one each."""

from cli.documents.report.workbook.drawing import Drawing, figures_of
from cli.documents.xlsx.pages import Page, Spot, lines, pieces
from cli.documents.xlsx.tables import column_widths, form, header, rows
from projections.report.document.parts import DocumentSection, Prose, TableBlock
from projections.report.grid import Grid
from projections.report.narrative.marks import plain

_EVALUATED, _WHOLE = "自评", "整体"
_OF_FORM = "E."
_SUM = "计"


def is_table(section: DocumentSection) -> bool:
    """Whether a section is a published table."""
    return any(sheet.grid.form_number for sheet in _sheets(section))


def is_evaluation(section: DocumentSection) -> bool:
    """Whether it is a form of 绩效自评."""
    return bool(_sheets(section)) and not is_table(section)


def _sheets(section: DocumentSection) -> list[TableBlock]:
    return [block for block in section.blocks if isinstance(block, TableBlock)]


def sheet_of(section: DocumentSection) -> str:
    """What the sheet of a table or a form is called."""
    if is_table(section):
        return _sheets(section)[0].grid.sheet
    of = section.anchor.removeprefix(_OF_FORM)
    return f"{_EVALUATED}{_WHOLE if of == 'whole' else of}"


def write_form(drawing: Drawing, page: Page, section: DocumentSection) -> Spot:
    """Draws a table or a form; where it begins."""
    sheets = _sheets(section)
    if is_table(section):
        (sheet,) = sheets
        form(page, sheet.grid, _Noted(drawing, page, sheet))
    else:
        _evaluation(drawing, page, section, sheets)
    return Spot(page.name, 0, 0)


class _Noted:
    """Keeps where the cells of a table stand; sums that print something are noted. A note on every
    cell would hide the table: the others stand in 表中的数."""

    def __init__(self, drawing: Drawing, page: Page, sheet: TableBlock) -> None:
        self._drawing = drawing
        self._page = page
        self._figures = sheet.figures
        self._official = bool(sheet.grid.form_number)

    def __call__(self, row: int, column: int, at: int, across: int) -> None:
        figure = self._figures[row][column]
        if not figure:
            return
        self._drawing.printed(figure, self._page, at, across)
        trace = self._drawing.trace(figure)
        if self._official and trace.parts and trace.fen and trace.label.endswith(_SUM):
            self._page.comment(at, across, self._drawing.note(figure))


def _evaluation(
    drawing: Drawing, page: Page, section: DocumentSection, sheets: list[TableBlock]
) -> None:
    """Both tables of a form upon the same columns, with its sentences between."""
    widest = max((sheet.grid for sheet in sheets), key=lambda grid: len(grid.columns))
    widths = _widths(widest, [sheet.grid for sheet in sheets])
    last = len(widths) - 1
    page.columns(widths)
    page.title(section.title, sum(widths), last)
    page.text(1, 0, f"部门：{drawing.document.unit}", "left")
    page.text(1, last, f"{drawing.document.year}年度", "right")
    at = 2
    repeated = None
    for block in section.blocks:
        if isinstance(block, TableBlock):
            grid = block.grid
            caption = f"{block.caption}（单位：{grid.unit}）" if grid.unit else block.caption
            page.height(at, 2)
            page.merged((at, 0, at, last), caption, "section")
            first = _first(grid, widest)
            body = header(page, grid, at + 1, widths, first)
            if grid is widest:
                repeated = (at + 1, body - 1)
            at = rows(page, grid, body, widths, _Noted(drawing, page, block), first)
        elif isinstance(block, Prose):
            style = "missing" if block.kind == "missing" else "note"
            for figure in figures_of(block.line):
                drawing.printed(figure, page, at, 0)
            note = drawing.note_of(block.line)
            if note:
                page.comment(at, 0, note)
            for piece in pieces(plain(block.line), sum(widths)):
                page.height(at, lines(piece, sum(widths)))
                page.merged((at, 0, at, last), piece, style)
                at += 1
    page.print_on_a4((at - 1, last), landscape=True, repeated=repeated)


def _first(grid: Grid, widest: Grid) -> int:
    """How many columns of the widest table its first takes besides one: so many that its last
    heading stands below the same heading, if there is one."""
    heads = [column.path for column in widest.columns]
    last = grid.columns[-1].path
    where = heads.index(last) if last in heads else len(heads) - 1
    return max(where - len(grid.columns) + 1, 0)


def _widths(widest: Grid, grids: list[Grid]) -> list[int]:
    """What the columns of all tables need; the first of a narrower one has more than one."""
    widths = column_widths(widest)
    for grid in grids:
        first = _first(grid, widest)
        needed = column_widths(grid)
        widths[first] += max(needed[0] - sum(widths[: first + 1]), 0)
        for column, each in enumerate(needed[1:], first + 1):
            widths[column] = max(widths[column], each)
    return widths
