"""X13: is 机关运行经费 the 公用经费 of 表6, of the units that have any? Those are 行政 and 参公
units: of a department their own tables are asked, book by book.
"""

from collections.abc import Iterator

from ledger.money import hundredths_of, printed_wan, yuan
from projections.report.cells import Cells
from projections.report.figure import Figure, Report
from projections.report.findings import Finding, NotRun, Tier
from projections.report.relations import roundings_behind
from projections.views.reading import Reading

CODE = "X13"
RUNNING = "N.s10.run"
KINDS = ("admin", "public-admin")


def agency_running(report: Report) -> tuple[list[Finding], list[NotRun]]:
    """Exact in fen, else an error; what print adds by rounding is told."""
    cell = report.edition.cells.public_use
    if cell is None or RUNNING not in report.ids:
        why = f"表样 {report.edition.name} 没有机关运行经费或基本支出的公用经费"
        return [], [NotRun(CODE, why)]
    tables = _tables(report)
    if not tables:
        return [], [NotRun(CODE, "所含账套都是事业单位，没有机关运行经费")]
    return [*_compared(report.figure(RUNNING), tables, cell)], []


def _compared(figure: Figure, tables: list[Cells], cell: str) -> Iterator[Finding]:
    public_fen = sum(each.fen(cell) for each in tables)
    cells = [RUNNING, cell]
    if figure.fen != public_fen:
        message = (
            f"机关运行经费 {yuan(figure.fen)} 元与行政、参公单位基本支出表的公用经费"
            f" {yuan(public_fen)} 元不符"
        )
        yield Finding(CODE, "error", message, cells, figure.fen, public_fen, _SUGGESTED)
        return
    shown, public = hundredths_of(figure.printed), sum(each.hundredths(cell) for each in tables)
    if shown != public:
        rounded = 1 + sum(roundings_behind(each, cell) for each in tables)
        tier: Tier = "info" if 2 * abs(shown - public) <= rounded else "error"
        message = (
            f"机关运行经费打印 {figure.printed} 万元，行政、参公单位基本支出表的公用经费打印合计"
            f" {printed_wan(public)} 万元，按元相符"
        )
        yield Finding(CODE, tier, message, cells, figure.fen, public_fen, _ROUNDED)


def _tables(report: Report) -> list[Cells]:
    """The tables of each unit that has 机关运行经费."""
    members = report.source.members()
    if isinstance(report.source, Reading):
        return [report.cells] if report.source.unit_kind in KINDS else []
    return [Cells(one, report.edition) for one in members if one.unit_kind in KINDS]


_SUGGESTED = "核对支付的经济科目：基本支出表没有的类不在公用经费中，列错的用 yusuan correct 更正。"
_ROUNDED = "因四舍五入，机关运行经费与基本支出表的公用经费打印数可能不等。"
