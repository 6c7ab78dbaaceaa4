"""与银行对账: which line of a bank's or the treasury's statement is which entry?

A statement of a bank has no 科目, so it is compared line by line (逐笔核对): by 凭证号 and amount,
then by the amount where it is the only one within some days, the payee telling equal ones apart.
What fits two is listed and never guessed; n lines and n entries that nothing tells apart are one
tie (P29).

A payment of 100.00 on 5 March and a line of 100.00 on 7 March are one within 5 days; a line of
320.00 that no entry is, is what the bank alone has. Then the book's sum, with what the bank alone
has and without what the book alone has, is the statement's (余额调节表), or the answer fails.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

import msgspec

from ledger.errors import Corrupt, Damage
from ledger.events import StatementReconciled, StatementTies, Tie, Untied, decode
from ledger.money import plain_yuan, yuan
from ledger.refusals import Advice, Way, WayOut
from ledger.texts import folded
from projections.views.reading import Reading
from projections.views.schema import gained


class BankRow(NamedTuple):
    """A line of a statement by its place in the file. `fen` is what went out, negative where it
    came in; `names` are the numbers that it bears, folded."""

    row: int
    day: date
    fen: int
    names: frozenset[str]
    doc: str
    payee: str
    purpose: str


Order = Literal["oldest-first", "newest-first", "mixed"]


class BankStatement(NamedTuple):
    """A statement as read. `sha256` is that of its file; `income` says whether it tells money that
    came in from payments; `gap` is the first row to which the balances do not lead."""

    sha256: str
    rows: tuple[BankRow, ...]
    income: bool
    order: Order
    gap: int | None

    def of_year(self, year: int) -> "BankStatement":
        """Only what moved in that year: whatever is of another is the book's of that."""
        return self._replace(rows=tuple(row for row in self.rows if row.day.year == year))


class Wanted(NamedTuple):
    """What of the book is compared: entries of these funds (all if none is named), from a day on.
    `days` is how far a line and its entry may lie apart; `anew` asks for entries that an earlier
    statement was tied to as well."""

    funds: tuple[str, ...] = ()
    since: date | None = None
    days: int = 5
    anew: bool = False


class _Item(NamedTuple):
    """What an entry moved at the bank, fen as in `BankRow`. `undoes` is the entry that a reversal
    takes back, `original` the payment that it is about, `outside` says that its day is not one of
    those compared."""

    entry: int
    kind: str
    day: date
    fen: int
    names: frozenset[str]
    doc: str
    payee: str
    original: int | None
    undoes: int | None
    outside: bool


class BankTie(msgspec.Struct, frozen=True):
    """Lines and the entries that they are. `by` is what they have in common, `differs` what they
    have not; `days` how far they lie apart."""

    rows: list[int]
    entries: list[int]
    fen: int
    by: Literal["doc", "amount"]
    days: int
    differs: list[Literal["doc", "payee"]]


class BankEntry(msgspec.Struct, frozen=True):
    """An entry that moved money at a bank, fen as in `BankRow`."""

    entry: int
    kind: str
    date: str
    fen: int
    doc: str
    payee: str


class Candidate(BankEntry, frozen=True):
    """An entry that a line might be, or might be about, and why."""

    why: str
    try_: list[WayOut] = msgspec.field(name="try")


class BankOnly(msgspec.Struct, frozen=True):
    """A line that no entry is."""

    row: int
    date: str
    fen: int
    doc: str
    payee: str
    purpose: str
    candidates: list[Candidate]
    suggestion: str
    try_: list[WayOut] = msgspec.field(name="try")


class OutsideYear(msgspec.Struct, frozen=True):
    """A line of another year than the book's, fen as in `BankRow`: it is not compared."""

    row: int
    date: str
    fen: int


class BookOnly(BankEntry, frozen=True):
    """An entry that no line is."""

    suggestion: str
    try_: list[WayOut] = msgspec.field(name="try")


class Cancelled(msgspec.Struct, frozen=True):
    """An entry and the reversal of it, neither of which the bank has."""

    entry: int
    reversed_by: int


class BankReconciled(msgspec.Struct, frozen=True):
    """The statement beside the book, fen: money out less money in.

    `book_fen` is of the entries of the days compared, `outside_fen` of those a few days before and
    after that a line was tied to; with `bank_only_fen` and without `book_only_fen` they are
    `statement_fen`, which is what went out less what came in; lines `outside_year` are in none.
    """

    agreed: bool
    statement: str
    days: int
    since: date | None
    order: Order
    gap: int | None
    statement_rows: int
    book_entries: int
    tied_before: int
    book_fen: int
    outside_fen: int
    bank_only_fen: int
    book_only_fen: int
    statement_fen: int
    out_fen: int
    in_fen: int
    ties: list[BankTie]
    bank_only: list[BankOnly]
    book_only: list[BookOnly]
    cancelled: list[Cancelled]
    outside_year: list[OutsideYear]

    def stored(self) -> StatementTies:
        """What an entry keeps of it."""
        return StatementTies(
            tuple(Tie(tuple(tie.rows), tuple(tie.entries)) for tie in self.ties),
            tuple(Untied(one.row, one.fen) for one in self.bank_only),
            tuple(Untied(one.entry, one.fen) for one in self.book_only),
        )


def bank_reconciled(reading: Reading, said: BankStatement, wanted: Wanted) -> BankReconciled:
    """Every tie, and what each side alone has. Raises `Corrupt` where that does not add up."""
    outside = [row for row in said.rows if row.day.year != reading.year]
    said = said.of_year(reading.year)
    before = set() if wanted.anew else _tied_before(reading, said.sha256)
    every = _items(reading, wanted, income=said.income)
    items = [item for item in every if item.entry not in before]
    found = _Assignment(said.rows, items, wanted.days)
    cancelled = found.cancel()
    tied = {entry for tie in found.ties for entry in tie.entries}
    compared = [item for item in items if not item.outside]
    bank_only, book_only = found.free_rows(), [i for i in found.free_items() if not i.outside]
    offers = _Offers(every, items, tied, wanted.days)
    answer = BankReconciled(
        agreed=not bank_only and not book_only,
        statement=said.sha256,
        days=wanted.days,
        since=wanted.since,
        order=said.order,
        gap=said.gap,
        statement_rows=len(said.rows),
        book_entries=len(compared),
        tied_before=len(before),
        book_fen=sum(item.fen for item in compared),
        outside_fen=sum(item.fen for item in items if item.outside and item.entry in tied),
        bank_only_fen=sum(row.fen for row in bank_only),
        book_only_fen=sum(item.fen for item in book_only),
        statement_fen=sum(row.fen for row in said.rows),
        out_fen=sum(row.fen for row in said.rows if row.fen > 0),
        in_fen=-sum(row.fen for row in said.rows if row.fen < 0),
        ties=sorted(found.ties, key=lambda tie: tie.rows),
        bank_only=[offers.of_row(row) for row in bank_only],
        book_only=[_book_only(item) for item in book_only],
        cancelled=cancelled,
        outside_year=[OutsideYear(row.row, row.day.isoformat(), row.fen) for row in outside],
    )
    _prove(answer)
    return answer


def _prove(answer: BankReconciled) -> None:
    adjusted_fen = (
        answer.book_fen + answer.outside_fen + answer.bank_only_fen - answer.book_only_fen
    )
    if adjusted_fen != answer.statement_fen:
        raise Corrupt(
            Damage.EXPLAIN_SUM,
            f"余额调节不平：调节后 {yuan(adjusted_fen)}，对账单 {yuan(answer.statement_fen)}",
        )


# What the book has ------------------------------------------------------------------------------

_RECOVERED = "prior-year-recovery"
_PAID = (
    f"SUM(CASE WHEN e.adjustment = '{_RECOVERED}' THEN {gained('AUTH')} ELSE {gained('PAID')} END)"
)
_MOVED = (
    f"SELECT m.entry, {_PAID} AS fen FROM moves m "
    "JOIN entries e ON e.book_id = m.book_id AND e.entry = m.entry "
    "JOIN lines l ON l.id = m.line_id WHERE m.book_id = :book AND m.entry <= :upto "
    f"AND ('PAID' IN (m.source, m.target) OR (:income AND e.adjustment = '{_RECOVERED}'))"
)
_CAME_IN = (
    "SELECT i.entry, -SUM(i.amount_fen) FROM income i LEFT JOIN lines l ON l.id = i.line_id "
    "WHERE :income AND i.book_id = :book AND i.entry <= :upto "
    "AND i.source NOT IN ('pool', 'adjusted', 'used', 'distributed')"
)
_BESIDE = (
    "SELECT e.entry, e.kind, e.occurred_on, e.doc, COALESCE(e.payee, o.payee, ''), s.fen, "
    "e.undoes, e.original FROM ({moved}) s JOIN entries e ON e.book_id = :book "
    "AND e.entry = s.entry LEFT JOIN entries o ON o.book_id = e.book_id AND o.entry = e.original "
    "ORDER BY e.entry"
)


def _items(reading: Reading, wanted: Wanted, *, income: bool) -> list[_Item]:
    """Every entry that moved money at a bank, once: payments and vouchers, refunds, income if it is
    asked for, and what undoes them. A correction is part of what it puts right, which has the day
    of the payment and the number and payee of the correction. Entries a few days before and after
    those compared are `outside`."""
    funds = [f":fund{place}" for place in range(len(wanted.funds))]
    of_funds = f" AND l.fund IN ({','.join(funds)})" if funds else ""
    moved = f"{_MOVED}{of_funds} GROUP BY m.entry UNION ALL {_CAME_IN}{of_funds} GROUP BY i.entry"
    asked = {
        "book": reading.book_id,
        "upto": reading.upto,
        "income": income,
        **{f"fund{place}": fund for place, fund in enumerate(wanted.funds)},
    }
    found: dict[int, _Item] = {}
    whole: dict[int | None, int] = {}
    """Which item an entry is part of."""
    margin = timedelta(days=wanted.days)
    last = reading.cut.as_of
    for entry, kind, iso, doc, payee, fen, undoes, original in reading.views.execute(
        _BESIDE.format(moved=moved), asked
    ):
        day = date.fromisoformat(iso)
        if last is not None and day > last + margin:
            continue
        of = found.get(whole.get(undoes, undoes))
        if of is not None and fen != -of.fen:  # a correction
            names = of.names | names_of(doc)
            found[of.entry] = of._replace(
                fen=of.fen + fen, names=names, doc=doc or of.doc, payee=payee or of.payee
            )
            whole[entry] = of.entry
            continue
        outside = (wanted.since is not None and day < wanted.since) or (
            last is not None and day > last
        )
        about = whole.get(original, original)
        if of is not None:  # of a refund so much is not given back after all
            about = of.original if of.kind == "refund" else of.entry
        found[entry] = _Item(
            *(entry, kind, day, fen, names_of(doc), doc, payee, about),
            *(None if of is None else of.entry, outside),
        )
    first = None if wanted.since is None else wanted.since - margin
    return [item for item in found.values() if item.fen and (first is None or item.day >= first)]


def _tied_before(reading: Reading, sha256: str) -> set[int]:
    """The entries that other statements were tied to."""
    found: set[int] = set()
    numbers = reading.views.execute(
        "SELECT entry FROM entries WHERE book_id = ? AND entry <= ? AND kind = 'reconcile'",
        (reading.book_id, reading.upto),
    ).fetchall()
    for (number,) in numbers:
        row = reading.stored(number)
        event = None if row is None else decode(row.stored).event
        if (
            isinstance(event, StatementReconciled)
            and event.tied is not None
            and event.statement != sha256
        ):
            found.update(entry for tie in event.tied.ties for entry in tie.entries)
    return found


def names_of(*numbers: str) -> frozenset[str]:
    """Numbers of documents as they are compared: width, case and blanks make no difference."""
    return frozenset(filter(None, map(folded, numbers)))


# Which line is which ----------------------------------------------------------------------------

_MANY = 40_000
"""Pairs of equal lines and entries that are looked at one by one; where more fit, what is the same
in all that both sides say is tied, and the rest is listed."""

_Side = BankRow | _Item
_Key = Callable[[_Side], Iterable[Hashable]]


class _Level(NamedTuple):
    """What a line and an entry must have in common, beside the amount, and whether their days may
    lie anywhere."""

    by: Literal["doc", "amount"]
    key: _Key
    anytime: bool = False


_LEVELS = (
    _Level("doc", lambda one: ((name, folded(one.payee), one.day) for name in one.names)),
    _Level("doc", lambda one: ((name, folded(one.payee)) for name in one.names)),
    _Level("doc", lambda one: ((name, one.day) for name in one.names)),
    _Level("doc", lambda one: one.names),
    _Level("doc", lambda one: one.names, anytime=True),
    _Level("amount", lambda one: [(folded(one.payee), one.day)] if one.payee else []),
    _Level("amount", lambda one: [folded(one.payee)] if one.payee else []),
    _Level("amount", lambda one: [one.day]),
    _Level("amount", lambda one: [()]),
)
"""From the strongest to the weakest."""


class _Assignment:
    """Lines tied to entries, level by level: first to entries that stand, then to those that were
    reversed and to what reversed them."""

    def __init__(self, rows: Sequence[BankRow], items: Sequence[_Item], days: int) -> None:
        self._days = days
        self._rows = {row.row: row for row in sorted(rows, key=lambda row: (row.day, row.row))}
        self._items = {item.entry: item for item in items}
        self.ties: list[BankTie] = []
        fens = {row.fen for row in rows}
        names = {name for row in rows for name in row.names}
        possible = {
            item.entry for item in items if item.fen in fens or not names.isdisjoint(item.names)
        }
        undone = {item.undoes for item in items if item.undoes is not None}
        undoing = {item.entry for item in items if item.undoes is not None}
        for among in (possible - undone - undoing, possible):
            while any(self._level(level, among) for level in _LEVELS) or self._sums(among):
                pass

    def free_rows(self) -> list[BankRow]:
        """The lines that are not tied, as they stand in the file."""
        return [self._rows[number] for number in sorted(self._rows)]

    def free_items(self) -> list[_Item]:
        """The entries that are not tied, in order."""
        return [*self._items.values()]

    def cancel(self) -> list[Cancelled]:
        """Takes away what was reversed together with its reversal, where neither is tied."""
        found = [
            Cancelled(item.undoes, item.entry)
            for item in self._items.values()
            if item.undoes in self._items and self._items[item.undoes].outside == item.outside
        ]
        for pair in found:
            del self._items[pair.entry], self._items[pair.reversed_by]
        return found

    def _level(self, level: _Level, among: Collection[int]) -> bool:
        """Ties what has each other alone, then as many as there are of both; True where any."""
        rows, items = list(self._rows.values()), self._among(among)
        if level.by == "amount":
            rows, items = self._nameless(rows, items)
        groups: dict[Hashable, tuple[list[BankRow], list[_Item]]] = defaultdict(lambda: ([], []))
        for row in rows:
            for key in level.key(row):
                groups[row.fen, key][0].append(row)
        for item in items:
            for key in level.key(item):
                if (item.fen, key) in groups:
                    groups[item.fen, key][1].append(item)
        before = len(self.ties)
        both = [pair for pair in groups.values() if pair[0] and pair[1]]
        for of_rows, of_items in both:
            self._alone(level, of_rows, of_items)
        if len(self.ties) == before:
            for of_rows, of_items in both:
                self._together(level, of_rows, of_items)
        return len(self.ties) > before

    def _alone(self, level: _Level, rows: list[BankRow], items: list[_Item]) -> None:
        if len(rows) * len(items) > _MANY:
            return
        pairs = [
            (r, i) for r in rows for i in items if self._free(r, i) and self._near(level, r, i)
        ]
        of_row, of_item = Counter(r.row for r, _ in pairs), Counter(i.entry for _, i in pairs)
        for row, item in pairs:
            if of_row[row.row] == 1 and of_item[item.entry] == 1:
                self._tie(level.by, [row], [item])

    def _together(self, level: _Level, rows: list[BankRow], items: list[_Item]) -> None:
        """As many lines as entries, each of which could be any of the others: whichever is which,
        none of them is missing."""
        rows = [row for row in rows if row.row in self._rows]
        items = [item for item in items if item.entry in self._items]
        if not rows or len(rows) != len(items):
            return
        days = [row.day for row in rows] + [item.day for item in items]
        if level.anytime or (max(days) - min(days)).days <= self._days:
            self._tie(level.by, rows, items)

    def _sums(self, among: Collection[int]) -> bool:
        """All lines of a 凭证号 and all entries of it, where they come to the same."""
        rows: dict[str, list[BankRow]] = defaultdict(list)
        items: dict[str, list[_Item]] = defaultdict(list)
        for row in self._rows.values():
            for name in row.names:
                rows[name].append(row)
        for item in self._among(among):
            for name in item.names & rows.keys():
                items[name].append(item)
        before = len(self.ties)
        for name, of_name in items.items():
            free_rows = [row for row in rows[name] if row.row in self._rows]
            free_items = [item for item in of_name if item.entry in self._items]
            more_fen = sum(row.fen for row in free_rows) - sum(item.fen for item in free_items)
            if free_rows and free_items and not more_fen:
                self._tie("doc", free_rows, free_items)
        return len(self.ties) > before

    def _among(self, entries: Collection[int]) -> list[_Item]:
        return [self._items[entry] for entry in sorted(entries) if entry in self._items]

    def _nameless(
        self, rows: list[BankRow], items: list[_Item]
    ) -> tuple[list[BankRow], list[_Item]]:
        """Without those whose 凭证号 the other side has as well: they are no other's by amount."""
        of_rows = {name for row in self._rows.values() for name in row.names}
        of_items = {name for item in self._items.values() for name in item.names}
        return (
            [row for row in rows if row.names.isdisjoint(of_items)],
            [item for item in items if item.names.isdisjoint(of_rows)],
        )

    def _free(self, row: BankRow, item: _Item) -> bool:
        return row.row in self._rows and item.entry in self._items

    def _near(self, level: _Level, row: BankRow, item: _Item) -> bool:
        return level.anytime or abs((row.day - item.day).days) <= self._days

    def _tie(
        self, by: Literal["doc", "amount"], rows: Sequence[BankRow], items: Sequence[_Item]
    ) -> None:
        differs: list[Literal["doc", "payee"]] = []
        if by == "amount" and all(row.names for row in rows) and all(i.names for i in items):
            differs.append("doc")
        payees = {folded(row.payee) for row in rows}, {folded(item.payee) for item in items}
        if payees[0] != payees[1] and "" not in payees[0] | payees[1]:
            differs.append("payee")
        days = [row.day for row in rows] + [item.day for item in items]
        self.ties.append(
            BankTie(
                sorted(row.row for row in rows),
                sorted(item.entry for item in items),
                sum(row.fen for row in rows),
                by,
                (max(days) - min(days)).days,
                differs,
            )
        )
        for row in rows:
            del self._rows[row.row]
        for item in items:
            del self._items[item.entry]


# What might be meant ----------------------------------------------------------------------------

_OFFERED = 5
"""Candidates of a line that are named."""


class _Offers:
    """What is offered for a line that no entry is."""

    def __init__(
        self, every: Sequence[_Item], items: Sequence[_Item], tied: Collection[int], days: int
    ) -> None:
        self._free = [item for item in items if item.entry not in tied]
        self._every = every
        self._days = days
        self._left: Counter[int] = Counter({item.entry: item.fen for item in every})
        for item in every:
            if item.original is not None:
                self._left[item.original] += item.fen
        undone = {item.undoes for item in every}
        self._payments = [
            item
            for item in every
            if item.kind in ("pay", "voucher", "approve") and item.fen > 0
            if item.entry not in undone and item.undoes is None
        ]

    def of_row(self, row: BankRow) -> BankOnly:
        """A line with what it might be, and what can be done."""
        found = [*self._same(row)]
        way: list[WayOut]
        if found:
            suggestion, way = "有几笔相近，未作认定：请核对是哪一笔", []
        elif row.fen < 0 and (found := [*self._refunded(row)]):
            suggestion, way = "可能是退款：核对是哪一笔支付的退回，补记退款", []
        else:
            suggestion, way = _unrecorded(row)
        return BankOnly(
            row.row,
            row.day.isoformat(),
            row.fen,
            row.doc,
            row.payee,
            row.purpose,
            found[:_OFFERED],
            suggestion,
            way,
        )

    def _same(self, row: BankRow) -> Iterator[Candidate]:
        """Entries of the same 凭证号, and of the same amount, the nearest first."""
        near = sorted(self._free, key=lambda item: (abs((item.day - row.day).days), item.entry))
        for item in near:
            apart = abs((item.day - row.day).days)
            if not row.names.isdisjoint(item.names):
                same = item.fen == row.fen
                yield _candidate(item, "凭证号、金额相同" if same else "凭证号相同，金额不同")
            elif item.fen == row.fen:
                far = "" if apart <= self._days else "，超出容许的天数"
                yield _candidate(item, f"金额相同，日期相差 {apart} 天{far}")

    def _refunded(self, row: BankRow) -> Iterator[Candidate]:
        """Payments to the payee with at least so much left, what is left of which is nearest."""
        payee = folded(row.payee)
        fitting = [
            item
            for item in self._payments
            if payee and _one(payee, folded(item.payee))
            if self._left[item.entry] >= -row.fen and item.day <= row.day
        ]
        fitting.sort(key=lambda item: (self._left[item.entry] != -row.fen, -item.entry))
        for item in fitting:
            doc = {"doc": row.doc} if row.doc else {}
            back = Way(
                "refund",
                item.entry,
                amount=plain_yuan(-row.fen),
                **doc,
                date=row.day.isoformat(),
            )
            left = f"付给同一收款人，尚可退 {yuan(self._left[item.entry])}"
            way = Way("show", item.entry) if item.kind == "voucher" else back
            yield _candidate(item, left, way)


def _one(payee: str, other: str) -> bool:
    """Whether two names are one: a bank cuts long ones off."""
    return bool(other) and (payee.startswith(other) or other.startswith(payee))


def _candidate(item: _Item, why: str, way: WayOut | None = None) -> Candidate:
    return Candidate(*_told(item), why, [way or Way("show", item.entry)])


def _told(item: _Item) -> tuple[int, str, str, int, str, str]:
    """What is told of an entry: the fields of a `BankEntry`."""
    return item.entry, item.kind, item.day.isoformat(), item.fen, item.doc, item.payee


def _unrecorded(row: BankRow) -> tuple[str, list[WayOut]]:
    """What is known of a line that the book lacks; of which budget line it is, nobody has said."""
    known = {
        "日期": row.day.isoformat(),
        "金额": plain_yuan(abs(row.fen)),
        "凭证号": row.doc,
        "收款人" if row.fen > 0 else "对方": row.payee,
        "用途": row.purpose,
    }
    said = "，".join(f"{name} {text}" for name, text in known.items() if text)
    if row.fen > 0:
        advice = f"补记支付（pay），须再写明预算线和经济科目；已知：{said}"
        return "银行已付，账上没有：补记支付，或核对是否记在别的日期、金额", [Advice(advice)]
    advice = f"补记收入（income）或退款（refund）；已知：{said}"
    return "银行已收，账上没有：补记收入或退款", [Advice(advice)]


def _book_only(item: _Item) -> BookOnly:
    if item.undoes is not None:
        suggestion = "账上已冲销，银行没有冲回：未达账项，或核对冲销是否有误"
    elif item.fen > 0:
        suggestion = "账上已付，银行没有：未达账项，或核对日期、金额、是否重复记录"
    else:
        suggestion = "账上已收，银行没有：未达账项，或核对日期、金额、是否重复记录"
    return BookOnly(*_told(item), suggestion, [Way("show", item.entry)])
