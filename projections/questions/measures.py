"""What a move of money counts as: the measures from which every published figure is added up.

Written once: the queries, the tables and the way back from a cell to its entries all ask here.
"""

from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from ledger.codes import ITEM_OF_ECON
from ledger.kinds import ThreePublicItem
from ledger.line import FISCAL_FUNDS, NO_ECON, BudgetLine
from projections.views.reading import Reading, Sum
from projections.views.source import Source

if TYPE_CHECKING:
    from projections.views.elimination import Eliminated

COUNTED_ACCOUNTS = ("AUTH", "PAID", "TAKEN")
"""The accounts whose moves count as anything; the others only say where money waits."""
HANDED_BACK = frozenset({"adjust-opening", "recover"})
"""The causes by which carry-over is handed back during the year (归集上缴)."""


class Measure(StrEnum):
    """One kind of figure, fen."""

    INITIAL = "initial"
    """年初预算."""
    THREE_PUBLIC = "three-public"
    """三公预算: 年初预算 of the lines of a 三公 item that has no cap of its own (三公限额)."""
    BUDGET = "budget"
    """全年预算: what was approved for the line and not handed back, carry-over too."""
    OPENING = "opening"
    """年初结转和结余, adjusted (表1 row 29): what was carried in, and what became of it but for
    spending."""
    INCOME = "income"
    """本年收入, by source."""
    EXPENDITURE = "expenditure"
    """本年支出, by econ: payments less refunds."""
    SURPLUS_USED = "surplus-used"
    """使用非财政拨款结余 (表1 row 28)."""
    DISTRIBUTED = "distributed"
    """结余分配 (表1 row 58)."""


LEFT = {
    Measure.OPENING: 1,
    Measure.INCOME: 1,
    Measure.SURPLUS_USED: 1,
    Measure.EXPENDITURE: -1,
    Measure.DISTRIBUTED: -1,
}
"""How each measure counts in what is left."""

FISCAL = "fiscal"


class Fact(NamedTuple):
    """So many fen of one measure on one line. `econ` is a payment's own 款, else the line's;
    `source` an income's, else empty."""

    measure: Measure
    line: BudgetLine
    econ: str
    source: str
    fen: int


def counted(
    reading: Reading, fund: str, origin: int, account: str, cause: str
) -> tuple[tuple[Measure, int], ...]:
    """The measures that a posting of a book, on a line of this fund and origin, counts to, each
    with the sign that its fen take.

    Fiscal income follows the basis of the line's fund (contract §4): under `indicator` the final
    appropriation of money of this year's origin; under `payment` the payments of it, since what is
    paid on a line of an earlier origin was drawn from the opening; under `recorded` neither.

    Carry-over that is handed back stays approved (AUTH) and lies in TAKEN; the tables show it
    neither as opening nor as budget, so that opening + income − expenditure is what is left (P7).
    """
    current, fiscal = origin == reading.year, fund in FISCAL_FUNDS
    basis = reading.basis_of(fund)
    if account == "AUTH":  # a credit: what is approved is posted negative
        found = [(Measure.BUDGET, -1)]
        if cause == "appropriate":
            found.append((Measure.INITIAL, -1))
        if not current:
            found.append((Measure.OPENING, -1))
        elif fiscal and basis == "indicator":
            found.append((Measure.INCOME, -1))
        return tuple(found)
    if account == "PAID":
        if current and fiscal and basis == "payment":
            return ((Measure.EXPENDITURE, 1), (Measure.INCOME, 1))
        return ((Measure.EXPENDITURE, 1),)
    if account == "TAKEN" and cause in HANDED_BACK:
        return ((Measure.BUDGET, -1), (Measure.OPENING, -1))
    return ()


def counted_on(
    reading: Reading,
    line: BudgetLine,
    econ: str,
    account: str,
    cause: str,
    *,
    capped: Collection[ThreePublicItem],
) -> tuple[tuple[Measure, int], ...]:
    """The same of a posting on a line and 款: what is approved of a 三公 item counts as its budget,
    too, unless the item is `capped`: then its lines lie inside that."""
    found = counted(reading, line.fund, line.origin, account, cause)
    item = ITEM_OF_ECON.get(econ)
    if cause != "appropriate" or item is None or item in capped:
        return found
    own = ((Measure.THREE_PUBLIC, sign) for measure, sign in found if measure is Measure.INITIAL)
    return (*found, *own)


def came(source: str) -> tuple[Measure, int]:
    """The measure that what came in or went beside the accounts counts to (postings.Inflow), and
    the sign that its fen take."""
    if source == "used":
        return Measure.SURPLUS_USED, 1
    return (Measure.DISTRIBUTED, -1) if source == "distributed" else (Measure.INCOME, 1)


def facts(source: Source) -> Iterator[Fact]:
    """Every measure of every line at the cut, added up per book, less what units of a department
    paid each other (抵销)."""
    for _, fact in facts_by_unit_kind(source):
        yield fact


def facts_by_unit_kind(source: Source) -> Iterator[tuple[str, Fact]]:
    """The same, each with the kind of unit whose it is."""
    kinds = {}
    for reading in source.members():
        kinds[str(reading.book)] = reading.unit_kind
        for fact in facts_of(reading):
            yield reading.unit_kind, fact
    from projections.views.elimination import eliminated  # which the questions of one line need not

    for each in eliminated(source):
        yield kinds[each.of.book], taken_out(each)


def taken_out(each: "Eliminated") -> Fact:
    """What is eliminated of an entry: of its expenditure, or of its income."""
    measure = Measure.INCOME if each.source else Measure.EXPENDITURE
    return Fact(measure, each.line, each.econ, each.source, -each.fen)


def totals(reading: Reading) -> dict[Measure, int]:
    """Every measure of a whole book, fen: what `facts` adds up to, without going through lines."""
    found = dict.fromkeys(Measure, 0)
    for fund, origin, account, cause, fen in reading.sums_of_funds(COUNTED_ACCOUNTS):
        for measure, sign in counted(reading, fund, origin, account, cause):
            found[measure] += sign * fen
    for inflow in reading.inflows():
        if inflow.line is not None:
            measure, sign = came(inflow.source)
            found[measure] += sign * inflow.fen
    return found


def facts_of(reading: Reading, sums: Sequence[Sum] | None = None) -> Iterator[Fact]:
    """The same of one book; `sums` are those of its accounts, where they were read already."""
    capped = first_caps(reading).keys()
    for line, account, cause, econ, fen in reading.sums(COUNTED_ACCOUNTS) if sums is None else sums:
        own = line.econ if econ == NO_ECON else econ
        for measure, sign in counted_on(reading, line, own, account, cause, capped=capped):
            source = FISCAL if measure is Measure.INCOME else ""
            yield Fact(measure, line, own, source, sign * fen)
    for inflow in reading.inflows():
        if inflow.line is not None:
            measure, sign = came(inflow.source)
            yield Fact(measure, inflow.line, NO_ECON, inflow.source, sign * inflow.fen)


class ItemCap(NamedTuple):
    """A 三公限额 that stands, fen, and its entry. The first of an item is its budget, the last what
    may be spent on it."""

    item: ThreePublicItem
    entry: int
    fen: int


def first_caps(reading: Reading) -> dict[ThreePublicItem, ItemCap]:
    """三公限额: the first of each item that has any at the cut."""
    return {cap.item: cap for cap in reversed(_standing_caps(reading))}


def last_caps(reading: Reading) -> dict[ThreePublicItem, ItemCap]:
    """The last of each item that has any at the cut."""
    return {cap.item: cap for cap in _standing_caps(reading)}


def _standing_caps(reading: Reading) -> list[ItemCap]:
    """Every cap that stands, in their order. What was put right counts in the place of what was
    wrong, and what was reversed does not (P32)."""
    until = (reading.upto, reading.cut.until.isoformat())
    numbers = [n for (n,) in reading.views.execute(_SET, (reading.book_id, *until))]
    if not numbers:
        return []  # as of most books
    from ledger.events import ItemCapped
    from ledger.postings import effective
    from projections.views.undone import event_of, last, undone

    became = undone(reading)
    found = []
    for number, stands in (last(became, number) for number in numbers):
        event = effective(event_of(reading, number)) if stands else None
        if isinstance(event, ItemCapped):
            found.append(ItemCap(event.item, number, event.amount_fen))
    return found


_SET = (
    "SELECT entry FROM entries WHERE book_id = ? AND kind = 'cap' AND entry <= ? "
    "AND occurred_on <= ? ORDER BY entry"
)
