"""抵销: money that moves between the units of a department is counted once.

What one unit paid to another (对方单位) and that one recorded as income is taken out of both sides
of the department's figures, each on its own line: of the payer's expenditure, of the receiver's
income. Budgets are not touched, nor are fiscal payments (P33).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ledger.line import FISCAL_FUNDS, BudgetLine, Spending
from projections.views.reading import Reading
from projections.views.source import Source


class Dealt(NamedTuple):
    """What stands of a payment to another unit, or of an income from it, on one line, fen: of entry
    `entry` of the book of `unit`, less what came back. `source` is an income's class, "" of a
    payment."""

    book: str
    unit: str
    entry: int
    counterpart: str
    line: BudgetLine
    econ: str
    source: str
    fen: int


class Deal(NamedTuple):
    """A payment or an income with all its lines; of a voucher that was paid of fiscal money and of
    other the one or the other."""

    parts: tuple[Dealt, ...]

    @property
    def fen(self) -> int:
        """The whole of it."""
        return sum(part.fen for part in self.parts)

    @property
    def named(self) -> "EntryOfBook":
        """The entry that it is."""
        return EntryOfBook(self.parts[0].book, self.parts[0].entry)

    @property
    def channel(self) -> str:
        """What it is to the receiver: a class of income, `other` for all but the two of units."""
        first = self.parts[0]
        source = first.source or _RECEIVED_AS.get(first.line.spending, "other")
        return source if source in _RECEIVED_AS.values() else "other"

    @property
    def fiscal(self) -> bool:
        """Whether it was paid of fiscal money."""
        return self.parts[0].line.fund in FISCAL_FUNDS


_RECEIVED_AS = {Spending.AFFILIATE_SUBSIDY: "superior", Spending.REMIT_SUPERIOR: "affiliate"}
"""对附属单位补助支出 is the receiver's 上级补助收入, 上缴上级支出 its 附属单位上缴收入."""
_CHANNELS = ("superior", "affiliate", "other")


class EntryOfBook(NamedTuple):
    """An entry of one of several books."""

    book: str
    entry: int


class Pair(NamedTuple):
    """Payments of one unit to another, and incomes of that from the first."""

    payer: str
    receiver: str
    payments: tuple[Deal, ...]
    incomes: tuple[Deal, ...]

    @property
    def paid_fen(self) -> int:
        """What the payer says."""
        return _sum(self.payments)

    @property
    def received_fen(self) -> int:
        """What the receiver says."""
        return _sum(self.incomes)


class Pairing(NamedTuple):
    """What the units of a department have to do with each other: what is eliminated, what is not
    since it was paid of fiscal money, and what has no other side, or another amount there."""

    eliminated: tuple[Pair, ...]
    fiscal: tuple[Pair, ...]
    unpaired: tuple[Pair, ...]


class Eliminated(NamedTuple):
    """What is taken out of an entry on one line, fen, and the entries of the other side; `source`
    as in `Dealt`."""

    of: EntryOfBook
    against: tuple[EntryOfBook, ...]
    line: BudgetLine
    econ: str
    source: str
    fen: int


def dealings(reading: Reading) -> list[Dealt]:
    """All of them at the cut, in the order of their entries."""
    rows = reading.views.execute(
        "SELECT d.original, d.counterpart, l.line, d.econ, d.source, SUM(d.amount_fen) "
        "FROM dealings d JOIN lines l ON l.id = d.line_id "
        "WHERE d.book_id = ? AND d.entry <= ? AND d.occurred_on <= ? "
        "GROUP BY d.original, d.counterpart, l.line, d.econ, d.source "
        "HAVING SUM(d.amount_fen) <> 0 ORDER BY d.original, l.line, d.econ",
        (reading.book_id, reading.upto, reading.cut.until.isoformat()),
    )
    book, unit = str(reading.book), reading.book.unit
    return [
        Dealt(book, unit, entry, other, BudgetLine.parse(line), *rest)
        for entry, other, line, *rest in rows
    ]


def paired(dealt: Iterable[Dealt], units: Collection[str]) -> Pairing:
    """Which payments between `units` are which incomes; what has to do with others is left out."""
    ways: dict[tuple[str, str], tuple[list[Deal], list[Deal]]] = defaultdict(lambda: ([], []))
    for deal in _deals(each for each in dealt if each.counterpart in units):
        first = deal.parts[0]
        if first.source:
            ways[first.counterpart, first.unit][1].append(deal)
        else:
            ways[first.unit, first.counterpart][0].append(deal)
    eliminated: list[Pair] = []
    fiscal: list[Pair] = []
    unpaired: list[Pair] = []
    for way, (payments, incomes) in sorted(ways.items()):
        own = [deal for deal in payments if not deal.fiscal]
        public = [deal for deal in payments if deal.fiscal]
        eliminated += (Pair(*way, *both) for both in _matched(own, incomes))
        fiscal += (Pair(*way, *both) for both in _matched(public, incomes))
        if own or public or incomes:
            unpaired.append(Pair(*way, (*own, *public), tuple(incomes)))
    return Pairing(tuple(eliminated), tuple(fiscal), tuple(unpaired))


def _deals(dealt: Iterable[Dealt]) -> Iterator[Deal]:
    """The lines of each entry together."""
    found: dict[tuple[str, int, bool], list[Dealt]] = defaultdict(list)
    for each in dealt:
        found[each.book, each.entry, each.line.fund in FISCAL_FUNDS].append(each)
    return (Deal(tuple(parts)) for parts in found.values())


_Both = tuple[tuple[Deal, ...], tuple[Deal, ...]]


def _matched(payments: list[Deal], incomes: list[Deal]) -> list[_Both]:
    """What of both sides belongs together, which is taken out of both: single amounts of one kind,
    then the sums of what is left of it, then the same of all kinds."""
    found: list[_Both] = []

    def take(paid: Sequence[Deal], received: Sequence[Deal]) -> None:
        if paid and received and _sum(paid) == _sum(received):
            found.append((tuple(paid), tuple(received)))
            _take_out(payments, paid)
            _take_out(incomes, received)

    found += _one_by_one(payments, incomes, lambda deal: (deal.fen, deal.channel))
    for channel in _CHANNELS:
        take(_of(channel, payments), _of(channel, incomes))
    found += _one_by_one(payments, incomes, lambda deal: deal.fen)
    take([*payments], [*incomes])
    return found


def _one_by_one(
    payments: list[Deal], incomes: list[Deal], key: Callable[[Deal], object]
) -> Sequence[_Both]:
    """Single payments and incomes that are alike, in their order, taken out of both."""
    waiting: dict[object, list[Deal]] = defaultdict(list)
    for received in reversed(incomes):
        waiting[key(received)].append(received)
    found = [((paid,), (waiting[key(paid)].pop(),)) for paid in payments if waiting.get(key(paid))]
    _take_out(payments, [paid for (paid,), _ in found])
    _take_out(incomes, [received for _, (received,) in found])
    return found


def _take_out(deals: list[Deal], gone: Iterable[Deal]) -> None:
    named = {deal.named for deal in gone}
    deals[:] = [deal for deal in deals if deal.named not in named]


def _of(channel: str, deals: Iterable[Deal]) -> list[Deal]:
    return [deal for deal in deals if deal.channel == channel]


def _sum(deals: Iterable[Deal]) -> int:
    return sum(deal.fen for deal in deals)


def pairing(source: Source) -> Pairing:
    """What the units of a source have to do with each other, and with those that are missing; of
    one book nothing."""
    members = source.members()
    units = {one.book.unit for one in members} | {*source.missing()}
    if len(units) == 1:
        return Pairing((), (), ())
    return paired((each for one in members for each in dealings(one)), units)


def eliminated(source: Source) -> Iterator[Eliminated]:
    """What is taken out of the figures of a department, entry by entry and line by line."""
    for pair in pairing(source).eliminated:
        for deals, others in ((pair.payments, pair.incomes), (pair.incomes, pair.payments)):
            against = tuple(deal.named for deal in others)
            for deal in deals:
                for part in deal.parts:
                    yield Eliminated(
                        deal.named, against, part.line, part.econ, part.source, part.fen
                    )
