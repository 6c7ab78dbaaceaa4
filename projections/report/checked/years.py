"""审核, beside the years before and after: does this year open with what last year closed with, and
the next with what this one closes with (X11), do 三公经费 only fall (X10)? Of a department book by
book."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ledger.kinds import POOL_NAMES
from ledger.line import FUND_NAMES, Fund
from ledger.money import yuan
from projections.questions.opening import (
    POOL,
    Closing,
    compared,
    compared_pools,
    mends_beside,
    suggestion,
)
from projections.questions.year.carried_on import CarriedOn
from projections.report.cells import Cells
from projections.report.findings import Finding, NotRun, book_of, ways_in
from projections.views.reading import Reading


class Years(NamedTuple):
    """What a book has to do with the years beside it: last year's closing, where the file has it,
    and what was opened from this one's, where that is to be told."""

    last: Closing | None = None
    onward: CarriedOn | None = None


ALONE = Years()


def beside_years(cells: Cells, years: Mapping[str, Years]) -> Iterator[Finding]:
    """What the books, by their names, have to do with the years beside them."""
    for one in cells.source.members():
        last, onward = years[str(one.book)]
        if last is not None:
            yield from _opening(cells, one, last)
        if onward is not None:
            yield from _carried_on(cells, onward)
    lasts = [each.last for each in years.values() if each.last is not None]
    if len(lasts) == len(years):
        yield from _less_than_last_year(cells, lasts)


def without_last_year(years: Mapping[str, Years]) -> NotRun | None:
    """Which books cannot be compared, if any."""
    lacking = [book for book, each in years.items() if each.last is None]
    if not lacking:
        return None
    whose = "" if len(lacking) == len(years) else f"{'、'.join(lacking)}："
    return NotRun("X11", f"{whose}{_NO_LAST_YEAR}")


def _opening(cells: Cells, one: Reading, last: Closing) -> Iterator[Finding]:
    """X11: what was carried in is what last year closed with; adjustments explain the rest."""
    names = cells.there(cells.edition.cells.opening)
    own_book = book_of(cells.source, one)
    for row in compared(one, last):
        if not row.unexplained_fen:
            continue
        where = "年初结转结余"
        if row.item is not None:
            parts = (row.item.func, row.item.project, f"（{row.item.origin}）")
            own = "" if row.item.func == POOL else " " + " ".join(parts)
            where = f"{FUND_NAMES[Fund(row.item.fund)]}{own} {where}"
        message = (
            f"{own_book}{where}转入 {yuan(row.carried_fen)} 元，"
            f"上年年末 {yuan(row.closing_fen)} 元，"
            f"{yuan(row.unexplained_fen)} 元没有调整事项说明"
        )
        figures = (row.carried_fen, row.closing_fen)
        yield Finding("X11", "error", message, names, *figures, suggestion(row))
    for pool in compared_pools(one, last, mends_beside(one, last)):
        if pool.unexplained_fen:
            revised = f"，上年年末更正 {yuan(pool.revised_fen)} 元" if pool.revised_fen else ""
            message = (
                f"{own_book}{POOL_NAMES[pool.pool]}转入 {yuan(pool.opening_before_fen)} 元"
                f"{revised}，上年年末 {yuan(pool.closing_fen)} 元"
            )
            figures = (pool.opening_before_fen + pool.revised_fen, pool.closing_fen)
            ways = ways_in(cells.source, one, pool.try_)
            yield Finding(*("X11", "error", message, [], *figures, _POOL_SUGGESTED), try_=ways)


def _carried_on(cells: Cells, onward: CarriedOn) -> Iterator[Finding]:
    """X11, from the other side: next year was opened from a closing that does not stand as it
    was."""
    carried_fen = onward.carried_fen + onward.revised_fen
    again = "重新结账之后，" if onward.reopened else ""
    suggested = (
        f"{again}差额在 {onward.book} 作上年年末更正，各项做法见该账套的 yusuan opening --check。"
    )
    names = cells.there(cells.edition.cells.closing)
    figures = (carried_fen, onward.closing_fen)
    yield Finding(*("X11", "warn", onward.told(), names, *figures, suggested), try_=[onward.check])


def _less_than_last_year(cells: Cells, lasts: Sequence[Closing]) -> Iterator[Finding]:
    """X10: 三公经费 only falls (只减不增)."""
    name = cells.edition.cells.three_public
    known = [last.three_public for last in lasts if last.three_public is not None]
    if name is None or len(known) < len(lasts):
        return
    now_fen = cells.fen(name)
    last_fen = sum(by_fund.get(f, 0) for by_fund in known for f in cells.edition.three_public_funds)
    if now_fen > last_fen:
        message = f"三公经费决算数 {yuan(now_fen)} 元大于上年决算数 {yuan(last_fen)} 元（只减不增）"
        yield Finding("X10", "warn", message, [name], now_fen, last_fen)


_POOL_SUGGESTED = (
    "转入有误的更正转入（yusuan surplus-in，多记的用 yusuan reverse 冲销）；据上年结账建账的，"
    "上年重新结账或决算批复不同，凭文件作年初余额调整（yusuan adjust-surplus，上年年末更正）。"
)
_NO_LAST_YEAR = (
    "本文件中没有上年账套：年初与上年年末是否相符，"
    "可用 yusuan opening --check --previous-closing 上年年末数 核对"
)
