"""年初结转结余: does this year open with what last year closed with? (X11)

opening = carried in ± adjustments. Adjustments explain themselves by their documents (R11), so that
what must be equal is what was carried in and last year's closing; where they differ, money came or
went without an entry. One adjustment is about just that: 上年年末更正 (`closing-revised`) says that
last year closed otherwise than was carried in, and counts with what was carried in (P10). Fiscal
money is compared item by item. Other money is one pool, as in X12 (P8): it is received for one
purpose and may be spent for another, so that only its sum is carried in.

Carried in 2,334,200.00 on a closing of 3,286,900.00 leaves −952,700.00 unexplained.

What finance approved of last year otherwise than it was closed (决算批复) is what it closed with
from then on (P41); what this year has still to record of it is told with the entries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, UnsetType, field

from ledger.book import BookId
from ledger.kinds import POOL_NAMES, Adjustment, OpeningChange, Pool
from ledger.line import FISCAL_FUNDS, NO_ECON, NO_PROJECT, BudgetLine, Fund, Spending
from ledger.refusals import Refused, Way, Word
from ledger.rules.adjusting import Adjusting
from ledger.store.log import Place, Waiting, silently
from projections.questions.adjustments import PoolAdjustment, adjustments, pool_adjustments
from projections.questions.carryover import Item, carryover
from projections.questions.surplus import pools
from projections.questions.three_public import paid_by_fund
from projections.questions.year.final_account import Approved, LastAccount, approved, last_account
from projections.questions.year.mends import Mends
from projections.views.reading import Cut, Reading, reading
from projections.views.source import Source

DOCUMENTS: dict[Adjustment, str] = {
    "remitted": "收回存量资金通知或归集上缴通知",
    "consolidation-out": "归集调出文件",
    "consolidation-in": "归集调入文件",
    "prior-year-recovery": "收回以前年度支出凭证",
    "error-correction": "差错更正审批",
    "closing-revised": "上年决算批复或重新结账的文件",
}
"""The document behind each kind of adjustment."""
_LESS: tuple[Adjustment, ...] = ("remitted", "consolidation-out", "error-correction")
_MORE: tuple[Adjustment, ...] = ("prior-year-recovery", "consolidation-in", "error-correction")

_NONE: Mapping[str, Approved | None] = MappingProxyType({})

POOL = "-"
"""Stands for func and project of the pool of non-fiscal money."""


class Closing(NamedTuple):
    """What last year closed with, fen; without items only the total is known. `source` says
    whence: `book`, `total` or `file`."""

    source: str
    fen: int
    items: Mapping[Item, int] | None = None
    book: str | None = None
    pools: Mapping[Pool, int] | None = None
    """What was in each pool of 非财政拨款结余; None where it is not known."""
    approved: Approved | None = None
    """What finance approved of it; the figures are as approved."""
    three_public: Mapping[Fund, int] | None = None
    """What each fund spent on 三公经费, fen; None where it is not known."""

    @classmethod
    def of(cls, source: str, items: Mapping[Item, int]) -> "Closing":
        """The closing of these items."""
        return cls(source, sum(items.values()), items)


class OpeningAdjustment(msgspec.Struct, frozen=True):
    """An entry that changed the opening of an item, signed fen; of a department one of `book`."""

    entry: int
    date: str
    kind: OpeningChange
    doc: str
    fund: str
    func: str
    project: str
    origin: int
    fen: int
    book: str | UnsetType = UNSET


class ItemOpening(msgspec.Struct, frozen=True):
    """How one item came to its opening, fen; its parts are null where they stand for more than one.
    The closing of last year and what of it is unexplained are there where it is compared, and null
    where last year's is known in total only."""

    fund: str | None
    func: str | None
    project: str | None
    origin: int | None
    opening_before_fen: int
    adjusted_fen: int
    opening_fen: int
    closing_fen: UnsetType | None = UNSET
    unexplained_fen: UnsetType | None = UNSET
    book: str | UnsetType = UNSET


class Opening(msgspec.Struct, frozen=True):
    """年初结转结余: carried in + adjusted = opening, fen; the entries that adjusted it; by item.
    `final_accounts`: where finance approved last year, of which book, and what is still to be
    recorded of it."""

    opening_before_fen: int
    adjusted_fen: int
    opening_fen: int
    adjustments: list[OpeningAdjustment]
    items: list[ItemOpening]
    final_accounts: list[LastAccount] | UnsetType = UNSET


class ItemCompared(msgspec.Struct, frozen=True):
    """One item beside what last year closed it with, fen."""

    fund: str | None
    func: str | None
    project: str | None
    origin: int | None
    closing_fen: int
    opening_before_fen: int
    adjusted_fen: int
    opening_fen: int
    unexplained_fen: int
    book: str | UnsetType = UNSET


class LastYear(msgspec.Struct, frozen=True):
    """Whence last year's closing is: `book` and which, `total` or `file`. Of a department `books`,
    and those of this year that have none (`without`)."""

    source: str
    book: str | None
    books: list[str] | UnsetType = UNSET
    without: list[str] | UnsetType = UNSET


class Evidence(msgspec.Struct, frozen=True):
    """A document that would explain a difference, and the adjustment that it is for."""

    adjustment: Adjustment
    document: str


class Missing(msgspec.Struct, frozen=True):
    """What came (or went, negative) without an entry, fen, and what would explain it."""

    fund: str | None
    func: str | None
    project: str | None
    origin: int | None
    fen: int
    documents: list[Evidence]
    try_: list[Way] = field(name="try")
    book: str | UnsetType = UNSET


class PoolOpening(msgspec.Struct, frozen=True):
    """What was carried into a pool, and how that was adjusted, beside what last year left in it,
    fen."""

    pool: Pool
    closing_fen: int
    opening_before_fen: int
    adjusted_fen: int
    opening_fen: int
    unexplained_fen: int
    adjustments: list[PoolAdjustment]
    try_: list[Way] = field(name="try")
    book: str | UnsetType = UNSET

    @property
    def revised_fen(self) -> int:
        """What of the adjustments says that last year left another sum."""
        return sum(each.fen for each in self.adjustments if each.kind == "closing-revised")


class OpeningChecked(msgspec.Struct, frozen=True):
    """The opening beside last year's closing, fen, and what is unexplained."""

    opening_before_fen: int
    adjusted_fen: int
    opening_fen: int
    adjustments: list[OpeningAdjustment]
    items: list[ItemOpening] | list[ItemCompared]
    previous: LastYear
    closing_fen: int
    difference_fen: int
    unexplained_fen: int
    missing: list[Missing]
    pools: list[PoolOpening]
    final_accounts: list[LastAccount] | UnsetType = UNSET

    @property
    def explained(self) -> bool:
        """Whether nothing is left to be explained, of the walk and of the pools."""
        return not self.missing and not any(pool.unexplained_fen for pool in self.pools)


class OpeningRow(NamedTuple):
    """One item, or the whole where only the total of last year is known, fen."""

    item: Item | None
    closing_fen: int
    carried_fen: int
    adjusted_fen: int
    revised_fen: int
    """What of the adjustments says that last year closed otherwise."""

    @property
    def unexplained_fen(self) -> int:
        """What came (or went, negative) without an entry."""
        return self.carried_fen + self.revised_fen - self.closing_fen

    @property
    def opening_fen(self) -> int:
        """The adjusted opening."""
        return self.carried_fen + self.adjusted_fen

    def compared(self) -> ItemCompared:
        """The row as `opening --check` answers it."""
        return ItemCompared(
            *parts_of(self.item),
            self.closing_fen,
            self.carried_fen,
            self.adjusted_fen,
            self.opening_fen,
            self.unexplained_fen,
        )


def last_closing(
    place: Place,
    book: BookId,
    known_at: datetime | None = None,
    waiting: Waiting = silently,
) -> Closing | None:
    """The closing of the same unit's book of the year before; None where the file has none, or
    had none at that time. To be asked before this year's book is read: the views of both may have
    to be caught up (P9)."""
    before = BookId(book.unit, book.year - 1)
    try:
        with reading(place, before, Cut(known_at=known_at), waiting) as opened:
            if not opened.upto:
                return None
            return closing_of(opened)
    except Refused:  # that book was never opened
        return None


def closing_of(reading: Reading) -> Closing:
    """What a book closes with, as finance approved it."""
    walk, said = carryover(reading), approved(reading)
    items = Counter({row.item: row.closing_fen for row in walk.items})
    left = {row.pool: row.closing_fen for row in walk.pools}
    if said is not None:
        items.update(said.more_of_items())
        left |= said.now.pools
    closing = Closing.of("book", items)
    return closing._replace(
        book=str(reading.book),
        pools=left,
        three_public=paid_by_fund(reading),
        approved=said,
    )


def opening(source: Source, lasts: Mapping[str, Approved | None] = _NONE) -> Opening:
    """The walk from what was carried in to the adjusted opening, fen, and its entries: of a book,
    or of every book of a department. What one of its books gave another is there in both, and is
    nothing in the sum. `lasts` is what finance approved of last year, by this year's book."""
    final_accounts = last_accounts(source, lasts)
    if isinstance(source, Reading):
        return msgspec.structs.replace(_walk(source), final_accounts=final_accounts)
    walks = [(str(one.book), _walk(one)) for one in source.members()]
    return Opening(
        opening_before_fen=sum(walk.opening_before_fen for _, walk in walks),
        adjusted_fen=sum(walk.adjusted_fen for _, walk in walks),
        opening_fen=sum(walk.opening_fen for _, walk in walks),
        adjustments=[_of(book, each) for book, walk in walks for each in walk.adjustments],
        items=[_of(book, item) for book, walk in walks for item in walk.items],
        final_accounts=final_accounts,
    )


_OfBook = TypeVar(
    "_OfBook", OpeningAdjustment, ItemOpening, ItemCompared, Missing, PoolOpening, Adjusting
)


def _of(book: str, row: _OfBook) -> _OfBook:
    """A row that says whose it is, and so do its ways out."""
    unit, year = BookId.split(book)
    if isinstance(row, Missing | PoolOpening | Adjusting):
        ways = [way.also(unit=unit, year=int(year)) for way in row.try_]
        return msgspec.structs.replace(row, book=book, try_=ways)
    return msgspec.structs.replace(row, book=book)


def _walk(reading: Reading) -> Opening:
    """The same of one book."""
    rows = [row for row in _rows(reading, {}) if row.carried_fen or row.adjusted_fen]
    before_fen = sum(row.carried_fen for row in rows)
    adjusted_fen = sum(row.adjusted_fen for row in rows)
    return Opening(
        opening_before_fen=before_fen,
        adjusted_fen=adjusted_fen,
        opening_fen=before_fen + adjusted_fen,
        adjustments=[
            OpeningAdjustment(
                each.entry, each.date, each.kind, each.doc, *Item.of(each.line), each.fen
            )
            for each in adjustments(reading)
        ],
        items=[
            ItemOpening(*parts_of(row.item), row.carried_fen, row.adjusted_fen, row.opening_fen)
            for row in rows
        ],
    )


def checked_together(source: Source, lasts: Mapping[str, Closing]) -> OpeningChecked:
    """The same of the books of a department, each beside its own last year's (`lasts`, by this
    year's book); one that has none is left out and named."""
    own = [
        (str(one.book), checked(one, lasts[str(one.book)]))
        for one in source.members()
        if str(one.book) in lasts
    ]
    sums = {
        name: sum(getattr(each, name) for _, each in own)
        for name in OpeningChecked.__struct_fields__
        if name.endswith("_fen")
    }
    return OpeningChecked(
        **sums,
        adjustments=[_of(book, row) for book, each in own for row in each.adjustments],
        items=[
            _of(book, row)
            for book, each in own
            for row in each.items
            if isinstance(row, ItemCompared)
        ],
        previous=LastYear(
            "book",
            None,
            [each.previous.book for _, each in own if each.previous.book],
            [str(one.book) for one in source.members() if str(one.book) not in lasts],
        ),
        missing=[_of(book, row) for book, each in own for row in each.missing],
        pools=[_of(book, row) for book, each in own for row in each.pools],
        final_accounts=last_accounts(source, {of: last.approved for of, last in lasts.items()}),
    )


def checked(reading: Reading, last: Closing) -> OpeningChecked:
    """The walk beside last year's closing, what is unexplained, and the documents that would
    explain it."""
    walk, rows, mends = _walk(reading), compared(reading, last), mends_beside(reading, last)
    revised_fen = sum(row.revised_fen for row in rows)
    apart = {
        row.item: row.unexplained_fen
        for row in _rows(reading, last.items or {})
        if row.item is not None and row.unexplained_fen
    }
    return OpeningChecked(
        opening_before_fen=walk.opening_before_fen,
        adjusted_fen=walk.adjusted_fen,
        opening_fen=walk.opening_fen,
        adjustments=walk.adjustments,
        items=[
            msgspec.structs.replace(item, closing_fen=None, unexplained_fen=None)
            for item in walk.items
        ]
        if last.items is None
        else [row.compared() for row in rows],
        previous=LastYear(last.source, last.book),
        closing_fen=last.fen,
        difference_fen=walk.opening_fen - last.fen,
        unexplained_fen=walk.opening_before_fen + revised_fen - last.fen,
        missing=[
            Missing(
                *parts_of(row.item),
                row.unexplained_fen,
                [Evidence(kind, DOCUMENTS[kind]) for kind in _kinds(row)],
                _ways_out(mends, row, last, apart),
            )
            for row in rows
            if row.unexplained_fen
        ],
        pools=compared_pools(reading, last, mends),
        final_accounts=last_accounts(reading, {str(reading.book): last.approved}),
    )


def mends_beside(reading: Reading, last: Closing) -> Mends:
    """What mends an opening that is not last year's closing."""
    return Mends(reading, None if last.approved is None else last.approved.event.doc)


def last_accounts(
    source: Source, approved: Mapping[str, Approved | None]
) -> list[LastAccount] | UnsetType:
    """What finance approved of last year, by this year's book, where it did."""
    found = []
    for one in source.members():
        told = last_account(one, approved.get(str(one.book)))
        if told is not None:
            own = (
                told.to_record
                if isinstance(source, Reading)
                else [_of(str(one.book), each) for each in told.to_record]
            )
            found.append(msgspec.structs.replace(told, to_record=own))
    return found or UNSET


def compared_pools(reading: Reading, last: Closing, mends: Mends) -> list[PoolOpening]:
    """X11 of 非财政拨款结余: what was carried into each pool, as 上年年末更正 revised it, beside
    what last year left in it, fen; nothing where last year's is not known."""
    if last.pools is None:
        return []
    opened = {row.pool: row for row in pools(reading)}
    adjusted = pool_adjustments(reading)
    found = []
    for pool in POOL_NAMES:
        closing_fen, row = last.pools.get(pool, 0), opened.get(pool)
        if row is None and not closing_fen:
            continue
        opening_fen, adjusted_fen = (row.opening_fen, row.adjusted_fen) if row else (0, 0)
        walk = PoolOpening(
            pool,
            closing_fen=closing_fen,
            opening_before_fen=opening_fen - adjusted_fen,
            adjusted_fen=adjusted_fen,
            opening_fen=opening_fen,
            unexplained_fen=0,
            adjustments=adjusted.get(pool, []),
            try_=[],
        )
        over_fen = walk.opening_before_fen + walk.revised_fen - closing_fen
        ways_out = mends.of_pool(pool, over_fen)
        found.append(msgspec.structs.replace(walk, unexplained_fen=over_fen, try_=ways_out))
    return found


def compared(reading: Reading, last: Closing) -> list[OpeningRow]:
    """X11: this year's opening beside last year's closing, one row for each item, or one for all
    where only the total is known."""
    if last.items is not None:
        return _pooled(_rows(reading, last.items))
    rows = _rows(reading, {})
    sums = (sum(of_row) for of_row in zip(*(row[2:] for row in rows), strict=True))
    return [OpeningRow(None, last.fen, *sums)] if rows else [OpeningRow(None, last.fen, 0, 0, 0)]


def suggestion(row: OpeningRow) -> str:
    """What to look for where something is unexplained; `opening --check` has the commands."""
    what = "少于" if row.unexplained_fen < 0 else "多于"
    return (
        f"转入{what}上年年末：转入有误的更正转入；上年重新结账或决算批复不同的，"
        "凭文件作年初余额调整（上年年末更正）。各项的做法见 yusuan opening --check。"
    )


def _rows(reading: Reading, closing: Mapping[Item, int]) -> list[OpeningRow]:
    opened: dict[Item, int] = defaultdict(int)
    for row in carryover(reading).items:
        opened[row.item] += row.opening_fen
    adjusted: dict[Item, int] = defaultdict(int)
    revised: dict[Item, int] = defaultdict(int)
    for each in adjustments(reading):
        adjusted[Item.of(each.line)] += each.fen
        revised[Item.of(each.line)] += each.fen if each.kind == "closing-revised" else 0
    return [
        OpeningRow(
            item,
            closing.get(item, 0),
            opened[item] - adjusted[item],
            adjusted[item],
            revised[item],
        )
        for item in sorted({*closing, *opened, *adjusted})
    ]


def _pooled(rows: Iterable[OpeningRow]) -> list[OpeningRow]:
    """Non-fiscal rows as one; rows without any figure left out."""
    sums: dict[Item | None, OpeningRow] = {}
    for row in rows:
        item = row.item
        if item is not None and item.fund not in FISCAL_FUNDS:
            item = Item(item.fund, POOL, POOL, 0)
        known = sums.get(item) or OpeningRow(item, 0, 0, 0, 0)
        sums[item] = OpeningRow(item, *(a + b for a, b in zip(known[1:], row[1:], strict=True)))
    return [row for row in sums.values() if any(row[1:])]


def parts_of(item: Item | None) -> tuple[str | None, str | None, str | None, int | None]:
    """The parts of an item; null where it stands for more than one."""
    if item is None:
        return None, None, None, None
    return item if item.func != POOL else (item.fund, None, None, None)


def _kinds(row: OpeningRow) -> tuple[Adjustment, ...]:
    return _LESS if row.unexplained_fen < 0 else _MORE


def _ways_out(mends: Mends, row: OpeningRow, last: Closing, apart: Mapping[Item, int]) -> list[Way]:
    """What makes an item what last year closed it with (P10); `apart` is what each item by itself
    has too much or too little, fen, of which the pool of non-fiscal money is one. Where only the
    total of last year is known, its items first."""
    if row.item is None:
        return [Way("opening", check=True, previous_closing=Word("上年分项.csv"))]
    item, fen = row.item, row.unexplained_fen
    differs = {each: over_fen for each, over_fen in apart.items() if each.fund == item.fund}
    if item.func == POOL:
        of_fund = [known for known in (last.items or {}) if known.fund == item.fund]
        most = max(of_fund, key=lambda known: (last.items or {})[known], default=None)
        least = min(differs, key=lambda known: differs[known], default=None)
        if least is not None and differs[least] < 0:
            most = least
        new = None if most is None else _line(most)
        return mends.of_lines(lambda line: line.fund == item.fund, new, fen, differs)
    return mends.of_lines(lambda line: Item.of(line) == item, _line(item), fen)


def _line(item: Item) -> BudgetLine:
    """The line that money of an item is carried into where it has none."""
    spending = Spending.BASIC if item.project == NO_PROJECT else Spending.PROJECT
    return BudgetLine.make(item.fund, item.func, spending, item.project, NO_ECON, item.origin)
