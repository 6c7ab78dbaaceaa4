"""X11 where last year has no book in the file, but its figures were said (上年数): what they leave
at the end of that year, beside what this one was opened with. They say less than a book: so it is
only pointed out."""

from collections.abc import Iterator

from ledger.line import Fund
from ledger.money import yuan
from projections.questions.carryover import carryover
from projections.questions.opening import Closing, compared
from projections.report.cells import Cells
from projections.report.figure import Report
from projections.report.findings import Finding, book_of

CODE = "X11"
TOTAL, SPENT = "N.s4.total", "N.s5a.spend"
"""财政拨款收支总计, and what of it was spent."""


def opened_from_priors(report: Report) -> Iterator[Finding]:
    """Of books that have nothing but general money: of other funds the figures do not tell."""
    if not {TOTAL, SPENT} <= {*report.ids}:
        return
    cells = report.cells
    for one in report.lacking():
        items = carryover(one).items
        if any(item.fund != Fund.GENERAL for item in items):
            continue
        alone = Report(Cells(one, report.edition))
        total, spent = alone.last_year(TOTAL), alone.last_year(SPENT)
        if total.value is None or spent.value is None:
            continue
        year = report.year - 1
        (row,) = compared(one, Closing("total", total.fen - spent.fen))
        if not row.unexplained_fen:
            continue
        message = (
            f"{book_of(cells.source, one)}据上年数，{year} 年收支总计 {yuan(total.fen)} 元，"
            f"支出 {yuan(spent.fen)} 元，年末应结转 {yuan(row.closing_fen)} 元；"
            f"本年年初转入 {yuan(row.carried_fen)} 元，"
            f"{yuan(row.unexplained_fen)} 元没有调整事项说明"
        )
        names = [*cells.there(cells.edition.cells.opening), TOTAL, SPENT]
        yield Finding(
            *(CODE, "warn", message, names, row.carried_fen, row.closing_fen), suggestion=_SUGGESTED
        )


_SUGGESTED = (
    "核对上年决算：上年有结余分配或年初余额有调整的，凭文件用 yusuan adjust-opening 记录；"
    "上年数有误的，用 yusuan prior 重新登记。"
)
