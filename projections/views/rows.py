"""What each entry becomes in the views, and the pages in which they are added."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from ledger.dealings import dealings
from ledger.effects import cash_moved
from ledger.events import (
    ENCODER,
    ApprovalRequested,
    BookAmended,
    BookOpened,
    CarryoverReclassified,
    CarryoverTransferred,
    CodeSetAdopted,
    CommitmentReleased,
    CommitmentReserved,
    DisbursementRecorded,
    DisbursementRefunded,
    Entry,
    EntryCorrected,
    EntryReversed,
    FinalAccountApproved,
    IncomeRecognised,
    ItemCapped,
    Meant,
    MonthLocked,
    MonthUnlocked,
    NonFiscalSurplusUsed,
    ProjectRegistered,
    ReportPublished,
    RequestApproved,
    SurplusAdjusted,
    SurplusDistributed,
    SurplusLoaded,
    VoucherPaid,
    YearClosed,
    YearReopened,
    kind_of,
)
from ledger.events.particulars import (
    AssetCounted,
    ContractSigned,
    GoalSet,
    HeadcountCounted,
    KeyWorkListed,
    Particular,
    PriorStated,
    ReasonGiven,
    ReceptionHeld,
    ResultReported,
    ScoreOverridden,
    TargetSet,
    TextWritten,
    TripMade,
)
from ledger.kinds import (
    CAUSE_NAMES,
    DISTRIBUTION_NAMES,
    POOL_NAMES,
    THREE_PUBLIC_NAMES,
    WHOLE_NAME,
    ProcurementType,
)
from ledger.line import BudgetLine, Fund
from ledger.postings import Account, doc_of, meaning
from ledger.procurement import procured
from ledger.proofs.head import EMPTY, Head
from ledger.store.fold import proved
from ledger.store.log import Log
from projections.views import schema
from projections.views.schema import (
    BLOCKS,
    CASH,
    CODES,
    DAILY,
    DEALINGS,
    ENTRIES,
    INCOME,
    MONTHLY,
    MOVES,
    PARTICULARS,
    PROCURED,
)

PAGE = 5_000
"""Entries whose rows are inserted at once."""
_ACCOUNTS = tuple(account.name for account in Account)

Row = tuple[Any, ...]
Sums = Counter[tuple[Any, ...]]
"""Fen by (book_id, month, line_id, account, cause, econ), or by day."""


class OfBook(msgspec.Struct, frozen=True, gc=False):
    """What an entry says of its book; None where it says nothing of the kind. `facts`: name,
    unit_kind, edition and its SHA-256, basis, and the basis of each fund that has its own
    (`govfund=payment,statecapital=recorded`). `closed`: the entry that closed the year; 0 if it was
    opened again."""

    project: Row | None = None
    codes: tuple[Row, ...] = ()
    facts: Row | None = None
    closed: int | None = None


class Rows(msgspec.Struct, gc=False):
    """What one entry becomes in the views, no more and no less: the rows that are inserted and
    audited, in the columns of schema.py."""

    entry: Row
    moves: list[Row] = []
    income: list[Row] = []
    dealings: list[Row] = []
    particulars: list[Row] = []
    procured: list[Row] = []
    of_book: OfBook | None = None


class BookRows:
    """What the entries of a book become, one after another: the rows of each, and what those of a
    block add up to. `ids` gives each line its id."""

    def __init__(self, book_id: int, ids: Mapping[str, int]) -> None:
        self._book_id = book_id
        self._ids = ids
        self._moved: Counter[tuple[int, Row]] = Counter()
        self._days: Sums = Counter()
        self._recorded_at: datetime | None = None
        self._recorded_text = ""

    def add(self, entry: Entry) -> Rows:
        """The rows of the next entry, which it adds to the sums. Raises `LookupError` for a line
        without an id."""
        event, number = entry.event, entry.number
        book_id, ids = self._book_id, self._ids
        day = _iso(event.occurred_on)
        if entry.recorded_at != self._recorded_at:  # an import has one moment
            self._recorded_at = entry.recorded_at
            self._recorded_text = entry.recorded_at.isoformat()
        means, details = meaning(event), details_of(event)
        lines = means.lines
        doc = event.doc if type(event) is DisbursementRecorded else doc_of(event)
        rows = Rows(
            (
                book_id,
                number,
                kind_of(event),
                day,
                self._recorded_text,
                entry.actor,
                entry.key,
                ids[lines[0]] if lines else None,
                details.econ,
                means.amount_fen,
                doc,
                details.payee,
                details.purpose,
                event.reason,
                means.original,
                details.name,
                means.adjustment,
                details.pay_type,
                details.procurement,
                details.direct_funds,
                means.undone_fen,
                details.counterpart,
                means.undoes,
                event.doc if event.doc != doc else None,
                details.contract,
                details.procurement_type,
            )
        )
        own = bool(means.inflows)
        for move in means.moves:
            row = (
                book_id,
                number,
                len(rows.moves),
                ids[move.line],
                _ACCOUNTS[move.source],
                _ACCOUNTS[move.target],
                move.cause,
                move.econ,
                day,
                move.fen,
            )
            rows.moves.append(row)
            self._moved[event.occurred_on.month, row[3:8]] += move.fen
            if move.spendable_fen:
                self._days[book_id, row[3], day] += move.spendable_fen
            own = own or move.line.fund is Fund.NONFISCAL
        for inflow in means.inflows:
            line_id = None if inflow.line is None else ids[inflow.line]
            seq = len(rows.income)
            rows.income.append(
                (book_id, number, seq, line_id, inflow.source, inflow.pool, day, inflow.fen)
            )
        if details.counterpart is not None or means.original is not None:
            rows.dealings = [
                (
                    *(book_id, number, seq, each.original, each.counterpart, ids[each.line]),
                    *(each.econ, each.source, day, each.fen),
                )
                for seq, each in enumerate(dealings(number, event))
            ]
        bought = details.contract is not None or details.procurement_type is not None
        if bought or means.undoes is not None:  # a correction may say that it was for no contract
            rows.procured = [
                (book_id, number, seq, each.contract, each.procurement_type, day, *each[2:])
                for seq, each in enumerate(procured(event))
            ]
        if isinstance(event, Particular) and not isinstance(event, FinalAccountApproved):
            said = ENCODER.encode(event).decode()
            rows.particulars = [(book_id, number, kind_of(event), day, said)]
        if own and (cash_fen := cash_moved(means.moves, means.inflows).total()):
            self._days[book_id, CASH, day] += cash_fen
        if type(event) is not DisbursementRecorded:  # which says nothing of its book
            rows.of_book = _of_book(book_id, entry)
        return rows

    def added_up(self) -> Sums:
        """What the rows since the last call add to the roll-ups; without the block."""
        sums: Sums = Counter()
        for (month, (line_id, source, target, cause, econ)), fen in self._moved.items():
            sums[self._book_id, month, line_id, source, cause, econ] -= fen
            sums[self._book_id, month, line_id, target, cause, econ] += fen
        self._moved.clear()
        return sums

    def by_day(self) -> Sums:
        """The same by days: (book_id, line_id, day), as DAILY has it."""
        sums, self._days = self._days, Counter()
        return sums


@lru_cache(maxsize=1 << 10)  # a year has few days
def _iso(day: date) -> str:
    return day.isoformat()


class Details(msgspec.Struct, frozen=True, gc=False):
    """What an event says beside its amount and lines; None where it says nothing of the kind
    (P4)."""

    econ: str | None = None
    payee: str | None = None
    purpose: str | None = None
    name: str | None = None
    pay_type: str | None = None
    procurement: int | None = None
    direct_funds: int | None = None
    counterpart: str | None = None
    contract: str | None = None
    procurement_type: ProcurementType | None = None


def details_of(event: Meant) -> Details:
    """A reversal, an approval and a request say what is in them; a correction what is right."""
    if type(event) is DisbursementRecorded:
        return _of_payment(event, event.econ)
    match event:
        case VoucherPaid():
            return _of_payment(event, None)
        case DisbursementRefunded(econ=econ, payee=payee, counterpart=unit):
            return Details(
                econ,
                payee,
                counterpart=unit,
                contract=event.contract or None,
                procurement_type=event.procurement_type,
            )
        case IncomeRecognised(counterpart=unit):
            return Details(counterpart=unit)
        case CommitmentReserved(payee=payee, purpose=purpose):
            return Details(None, payee, purpose, contract=event.contract or None)
        case CommitmentReleased():
            return Details(contract=event.contract or None)
        case BookOpened(name=name) | BookAmended(name=name) | ProjectRegistered(name=name):
            return Details(name=name)
        case CarryoverTransferred(counterpart=name):
            return Details(name=name)
        case (
            SurplusLoaded(pool=pool) | SurplusAdjusted(pool=pool) | NonFiscalSurplusUsed(pool=pool)
        ):
            return Details(name=POOL_NAMES[pool])
        case SurplusDistributed(distribution=where):
            return Details(name=DISTRIBUTION_NAMES[where])
        case CodeSetAdopted(edition=name):
            return Details(name=name)
        case FinalAccountApproved(approved_on=day):
            return Details(name=f"{day} 批复")
        case ReportPublished(published_on=day):
            return Details(name=f"{day} 公开")
        case ItemCapped(item=item):
            return Details(name=THREE_PUBLIC_NAMES[item])
        case CarryoverReclassified(cause=cause):
            return Details(name=CAUSE_NAMES[cause])
        case MonthLocked(month=month) | MonthUnlocked(month=month):
            return Details(name=f"{month} 月")
        case Particular():
            return _of_particular(event)
        case (
            EntryReversed(reversed=inner)
            | EntryCorrected(right=inner)
            | RequestApproved(approved=inner)
        ):
            return details_of(inner)
        case ApprovalRequested(proposed=inner):
            return details_of(inner)
        case _:
            return _NOTHING


_NOTHING = Details()


def _of_particular(event: Particular) -> Details:
    """Whom it is about (payee, purpose), and where it stands in the report (name)."""
    match event:
        case ReceptionHeld(guest=guest, purpose=purpose, category=category):
            return Details(None, guest, purpose, category)
        case TripMade(destination=destination, purpose=purpose):
            return Details(None, None, purpose, destination)
        case ContractSigned(supplier=supplier, no=no, procurement_type=bought):
            return Details(None, supplier, name=no, contract=no, procurement_type=bought)
        case AssetCounted(item=item, count=count) | HeadcountCounted(item=item, count=count):
            return Details(name=f"{item}={count}")
        case PriorStated(cell=name) | ReasonGiven(slot=name) | TextWritten(slot=name):
            return Details(name=name)
        case KeyWorkListed(no=no, item=item):
            return Details(name=f"{no} {item}")
        case GoalSet(project=project):
            return Details(name=project or WHOLE_NAME)
        case TargetSet(project=project, no=no, level3=name):
            return Details(name=f"{project or WHOLE_NAME} {no} {name}")
        case ResultReported(project=project, no=no) | ScoreOverridden(project=project, no=no):
            return Details(name=f"{project or WHOLE_NAME} {no}")
        case _:
            return _NOTHING


def _of_payment(event: DisbursementRecorded | VoucherPaid, econ: str | None) -> Details:
    return Details(
        econ,
        event.payee,
        event.purpose,
        None,
        event.pay_type,
        1 if event.procurement or event.contract or event.procurement_type else 0,
        1 if event.direct_funds else 0,
        event.counterpart,
        event.contract or None,
        event.procurement_type,
    )


class LineIds(dict[str, int]):
    """The ids of a book's lines; a line that is new gets a row."""

    def __init__(self, views: sqlite3.Connection, book_id: int) -> None:
        super().__init__(views.execute("SELECT line, id FROM lines WHERE book_id = ?", (book_id,)))
        self._views = views
        self._book_id = book_id

    def __missing__(self, text: str) -> int:
        line = BudgetLine.parse(text)
        cursor = self._views.execute(
            "INSERT INTO lines (book_id, line, fund, func, spending, project, econ, origin) "
            "VALUES (?,?,?,?,?,?,?,?)",
            (self._book_id, *line_row(line)),
        )
        self[text] = int(cursor.lastrowid or 0)
        return self[text]


def line_row(line: BudgetLine) -> tuple[Any, ...]:
    """The columns of a line: its text and its parts."""
    parts = (str(line.fund), line.func, str(line.spending), line.project, line.econ, line.origin)
    return (str(line), *parts)


def block_of(number: int) -> int:
    """The block that an entry is in."""
    return (number - 1) // schema.BLOCK


def add(log: Log, views: sqlite3.Connection, book: str) -> Head:
    """Adds everything up to the head of the log, which it returns. The views are locked: what
    another process has added in the meantime is there now, and is not added twice."""
    views.execute(
        "INSERT OR IGNORE INTO books (book, entries, hash) VALUES (?, 0, ?)", (book, EMPTY.hash)
    )
    book_id, entries, hash_ = views.execute(
        "SELECT id, entries, hash FROM books WHERE book = ?", (book,)
    ).fetchone()
    head = log.head(book) or EMPTY
    rows = BookRows(book_id, LineIds(views, book_id))
    pending = _Pending(views)
    for _, entry in proved(log, book, Head(entries, hash_), head):
        becomes = rows.add(entry)
        pending.entries.append(becomes.entry)
        pending.moves += becomes.moves
        pending.income += becomes.income
        pending.dealings += becomes.dealings
        pending.particulars += becomes.particulars
        pending.procured += becomes.procured
        if becomes.of_book is not None:
            _follow(views, book_id, becomes.of_book)
        if entry.number % PAGE == 0:
            pending.insert()
        if entry.number % schema.BLOCK == 0:
            _add_up(views, block_of(entry.number), rows.added_up())
    pending.insert()
    by_day = [(*key, fen) for key, fen in rows.by_day().items()]
    views.executemany(f"{DAILY.insertion} {_ADDED}", by_day)
    _add_up(views, block_of(head.entries), rows.added_up())
    views.execute(
        "UPDATE books SET entries = ?, hash = ? WHERE id = ?", (head.entries, head.hash, book_id)
    )
    return head


class _Pending:
    """Rows that are inserted in pages."""

    def __init__(self, views: sqlite3.Connection) -> None:
        self._views = views
        self.entries: list[Row] = []
        self.moves: list[Row] = []
        self.income: list[Row] = []
        self.dealings: list[Row] = []
        self.particulars: list[Row] = []
        self.procured: list[Row] = []

    def insert(self) -> None:
        """Inserts what is pending."""
        for table, rows in (
            (ENTRIES, self.entries),
            (MOVES, self.moves),
            (INCOME, self.income),
            (DEALINGS, self.dealings),
            (PARTICULARS, self.particulars),
            (PROCURED, self.procured),
        ):
            self._views.executemany(table.insertion, rows)
            rows.clear()


def _add_up(views: sqlite3.Connection, block: int, sums: Sums) -> None:
    """Adds the sums of some entries of a block to it and to the months."""
    views.executemany(f"{MONTHLY.insertion} {_ADDED}", [(*key, fen) for key, fen in sums.items()])
    views.executemany(
        f"{BLOCKS.insertion} {_ADDED}",
        [(book, block, *key, fen) for (book, *key), fen in sums.items()],
    )


_ADDED = "ON CONFLICT DO UPDATE SET amount_fen = amount_fen + excluded.amount_fen"


def _of_book(book_id: int, entry: Entry) -> OfBook | None:
    match entry.event:
        case ProjectRegistered(code=code, name=name):
            return OfBook(project=(book_id, entry.number, code, name))
        case CodeSetAdopted(code_set=code_set, rows=rows):
            own = (book_id, entry.number, code_set)
            return OfBook(codes=tuple((*own, row.code, row.name) for row in rows))
        case BookOpened() | BookAmended() as told:
            funds = ",".join(f"{each.fund}={each.basis}" for each in told.fund_basis)
            form = (told.edition, told.edition_sha256)
            return OfBook(facts=(told.name, told.unit_kind, *form, told.basis, funds))
        case RequestApproved(approved=YearClosed()):
            return OfBook(closed=entry.number)
        case RequestApproved(approved=YearReopened()):
            return OfBook(closed=0)
        case _:
            return None


def _follow(views: sqlite3.Connection, book_id: int, told: OfBook) -> None:
    if told.project is not None:
        views.execute("INSERT INTO projects VALUES (?,?,?,?)", told.project)
    views.executemany(CODES.insertion, told.codes)
    if told.facts is not None:
        views.execute(
            "UPDATE books SET name = ?, unit_kind = ?, edition = ?, edition_sha256 = ?, basis = ?, "
            "fund_basis = ? WHERE id = ?",
            (*told.facts, book_id),
        )
    if told.closed is not None:
        views.execute("UPDATE books SET closed = ? WHERE id = ?", (told.closed or None, book_id))
