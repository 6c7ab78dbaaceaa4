"""R8: project money of an earlier year that is left when its term is over: it is 结余, and is not
carried over again."""

from collections.abc import Iterator

from ledger.money import yuan
from ledger.refusals import Way
from projections.questions.ageing import ageing
from projections.report.cells import Cells
from projections.report.findings import Finding, book_of, ways_in
from projections.report.selection import ORIGIN_NAMES

CODE = "R8"
_NAMED = 5
"""Lines that a sentence names."""


def lapsed(cells: Cells) -> Iterator[Finding]:
    """What is left of such money, book by book; of a closed year nothing is."""
    named = cells.edition.cells
    for one in cells.source.members():
        found = ageing(one)
        due = [row for row in found.lines if row.light == "due" and row.origin < one.book.year]
        if not due:
            continue
        fen, left_fen = sum(row.left_fen for row in due), found.totals.left_fen
        told = "、".join(f"{row.line} {yuan(row.left_fen)} 元" for row in due[:_NAMED])
        more = f"等 {len(due)} 条预算线" if len(due) > _NAMED else ""
        message = (
            f"{book_of(cells.source, one)}年末剩余 {yuan(left_fen)} 元中，"
            f"{yuan(fen)} 元是{ORIGIN_NAMES['carryover']}的项目资金，连续两年没有用完，"
            f"是结余，不能再结转：{told}{more}"
        )
        ways = ways_in(cells.source, one, [Way("carry-ageing")])
        yield Finding(
            *(CODE, "warn", message, cells.there(named.closing), fen, 0, _SUGGESTED), try_=ways
        )


_SUGGESTED = "结账时转为结余，或由财政收回（yusuan close-year --propose 按此写出建议）。"
