"""Which entries are there? (流水) The log of a book with filters, and one entry in full."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from ledger import events
from ledger.codes import gov_econ_of
from ledger.events.particulars import AnyParticular
from ledger.kinds import OpeningChange, PayType, ProcurementType
from ledger.line import LinePattern
from ledger.postings import effective
from ledger.refusals import Refusal, Refused, Way
from ledger.store.log import hash_at
from projections.questions.approval import Decides, decides
from projections.views.reading import Reading, matching_line_ids

if TYPE_CHECKING:
    from projections.questions.year.carried_on import CarriedOn


class LogEntry(msgspec.Struct, frozen=True):
    """An entry as 流水 lists it. `line` is the first of several, `econ` a payment's own 款,
    `gov_econ` the 政府经济分类 that it belongs to. `amount_fen` of a correction is what is right,
    `undone_fen` (negative) what it takes back; None of anything else. `undoes` is the entry that it
    reverses or corrects, also by approving that, and `approval_doc` the 文号 of the approval of a
    correction where that is not `doc`, the one put right. `paid_fen` and `held_fen` are what it did
    to 已支付 and 在途, with that sign, on the lines that were asked for; None where it moved
    nothing of it."""

    entry: int
    kind: str
    date: str
    recorded_at: str
    actor: str
    key: str | None
    line: str | None
    econ: str | None
    amount_fen: int | None
    doc: str
    payee: str | None
    purpose: str | None
    reason: str
    original: int | None
    name: str | None
    adjustment: OpeningChange | None
    pay_type: PayType | None
    procurement: bool | None
    direct_funds: bool | None
    undone_fen: int | None
    counterpart: str | None
    undoes: int | None
    approval_doc: str | None
    contract: str | None
    procurement_type: ProcurementType | None
    gov_econ: str | None
    paid_fen: int | None
    held_fen: int | None


class KindTotal(msgspec.Struct, frozen=True):
    """What the listed entries of a kind come to. `amount_fen` of corrections is the net."""

    kind: str
    entries: int
    amount_fen: int
    paid_fen: int
    held_fen: int


class EntryLog(msgspec.Struct, frozen=True):
    """流水, and what each kind of it comes to, in the order in which they first appear."""

    entries: list[LogEntry]
    totals: list[KindTotal]

    @classmethod
    def of(cls, listed: list[LogEntry]) -> "EntryLog":
        """The entries with their totals."""
        kinds: dict[str, list[LogEntry]] = {}
        for entry in listed:
            kinds.setdefault(entry.kind, []).append(entry)
        return cls(listed, [_total(kind, entries) for kind, entries in kinds.items()])


def _total(kind: str, entries: list[LogEntry]) -> KindTotal:
    return KindTotal(
        kind,
        len(entries),
        sum((each.amount_fen or 0) + (each.undone_fen or 0) for each in entries),
        sum(each.paid_fen or 0 for each in entries),
        sum(each.held_fen or 0 for each in entries),
    )


class EntryMove(msgspec.Struct, frozen=True):
    """What an entry moved on an account of a line, signed fen."""

    line: str
    account: str
    amount_fen: int
    cause: str
    econ: str
    gov_econ: str | None


class EntryInFull(LogEntry, frozen=True):
    """An entry, what it decides line by line, what it moved, what later became of it, its place in
    the chain (hexadecimal), and its stored bytes; of a closing and of what undoes it, what was
    opened from it, where that is to be told."""

    decides: Decides | None
    postings: list[EntryMove]
    later: list[int]
    previous_hash: str
    hash: str
    stored: msgspec.Raw
    carried_on: "CarriedOn | UnsetType" = UNSET

    @property
    def event(self) -> events.AnyEvent:
        """What was stored. Raises `ValueError` where the bytes are no entry."""
        return events.decode(bytes(self.stored)).event

    @property
    def fact(self) -> AnyParticular | None:
        """What it says for the report, also as what puts another right. Raises `ValueError` where
        the bytes are no entry."""
        made = effective(self.event)
        return made if isinstance(made, AnyParticular) else None


_MOVED = (
    "SUM(CASE '{account}' WHEN m.target THEN m.amount_fen WHEN m.source THEN -m.amount_fen END)"
)
# In the order of LogEntry, but for what it derives.
_SELECT = (
    "SELECT e.entry, e.kind, e.occurred_on, e.recorded_at, e.actor, e.key, l.line, e.econ, "
    "e.amount_fen, e.doc, e.payee, e.purpose, e.reason, e.original, e.name, e.adjustment, "
    "e.pay_type, e.procurement, e.direct_funds, e.undone_fen, e.counterpart, "
    "e.undoes, e.approval_doc, e.contract, e.procurement_type, {paid}, {held} "
    "FROM entries e LEFT JOIN lines l ON l.id = e.line_id "
    "LEFT JOIN moves m ON m.book_id = e.book_id AND m.entry = e.entry{{of_lines}} "
    "WHERE e.book_id = ?"
).format(**{name: _MOVED.format(account=name.upper()) for name in ("paid", "held")})
_ECON = LogEntry.__struct_fields__.index("econ")
_FLAGS = tuple(map(LogEntry.__struct_fields__.index, ("procurement", "direct_funds")))
_TEXTS = ("doc", "approval_doc", "payee", "purpose", "reason", "name", "key")


class EntryFilter(NamedTuple):
    """What an entry must have; None does not matter. Texts are found anywhere in the field. `kinds`
    are any of those; `paid` asks for what moved 已支付, of `line` if one is asked for: payments,
    refunds, and what undoes them. `after` and `before` are entries between which it lies."""

    line: LinePattern | None = None
    kinds: tuple[str, ...] = ()
    paid: bool = False
    doc: str | None = None
    payee: str | None = None
    text: str | None = None
    amount_fen: int | None = None
    original: int | None = None
    since: date | None = None
    until: date | None = None
    pay_type: str | None = None
    procurement: bool | None = None
    direct_funds: bool | None = None
    counterpart: str | None = None
    contract: str | None = None
    procurement_type: ProcurementType | None = None
    number: int | None = None
    after: int | None = None
    before: int | None = None


def entries(
    reading: Reading,
    wanted: EntryFilter | None = None,
    limit: int | None = None,
    *,
    first: bool = False,
) -> Iterator[LogEntry]:
    """The entries that match, in order; with `limit` the last so many of them, or the `first`."""
    wanted = wanted or EntryFilter()
    ids = [] if wanted.line is None else matching_line_ids(reading, wanted.line)
    where, parameters = _where(reading, wanted, ids)
    parameters[:0] = ids
    order = "GROUP BY e.entry ORDER BY e.entry"
    last = limit is not None and not first
    if limit is not None:
        order = f"{order}{' DESC' if last else ''} LIMIT ?"
        parameters.append(limit)
    select = _SELECT.format(of_lines=_of_lines(wanted, ids))
    rows = reading.views.execute(f"{select}{where} {order}", parameters)
    found: Any = reversed(rows.fetchall()) if last else rows
    for *columns, paid, held in found:
        for flag in _FLAGS:
            columns[flag] = _flag(columns[flag])
        yield LogEntry(*(*columns, _gov_econ(reading, columns[_ECON]), paid, held))


def _of_lines(wanted: EntryFilter, ids: list[int]) -> str:
    """Where a line is asked for, of an entry with many counts what it did to that."""
    # The +: its moves are found by the entry, never all those of a line.
    return "" if wanted.line is None else f" AND +m.line_id IN ({','.join('?' * len(ids))})"


def _flag(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)


def _gov_econ(reading: Reading, econ: str | None) -> str | None:
    """政府经济分类 of what was paid on a 款."""
    return None if econ is None else gov_econ_of(reading.unit_kind, econ)


def _where(reading: Reading, wanted: EntryFilter, ids: list[int]) -> tuple[str, list[Any]]:
    where = " AND e.entry <= ?"
    parameters: list[Any] = [reading.book_id, reading.upto]
    for beyond, number in ((">", wanted.after), ("<", wanted.before)):
        if number is not None:
            where += f" AND e.entry {beyond} ?"
            parameters.append(number)
    until = min(reading.cut.until, wanted.until or reading.cut.until)
    marks = ",".join("?" * len(ids))
    if wanted.paid:
        of_line = "" if wanted.line is None else f" AND line_id IN ({marks})"
        where += (
            " AND e.entry IN (SELECT entry FROM moves "
            f"WHERE book_id = ? AND 'PAID' IN (source, target){of_line})"
        )
        parameters += [reading.book_id, *ids]
    elif wanted.line is not None:
        where += (
            f" AND (e.line_id IN ({marks}) OR e.entry IN "
            f"(SELECT entry FROM moves WHERE book_id = ? AND line_id IN ({marks})))"
        )
        parameters += [*ids, reading.book_id, *ids]
    if wanted.doc is not None:
        where += " AND (e.doc LIKE ? ESCAPE '\\' OR e.approval_doc LIKE ? ESCAPE '\\')"
        parameters += [_anywhere(wanted.doc)] * 2
    if wanted.payee is not None:
        where += " AND e.payee LIKE ? ESCAPE '\\'"
        parameters.append(_anywhere(wanted.payee))
    if wanted.text is not None:
        where += " AND (" + " OR ".join(f"e.{c} LIKE ? ESCAPE '\\'" for c in _TEXTS) + ")"
        parameters += [_anywhere(wanted.text)] * len(_TEXTS)
    if wanted.amount_fen is not None:
        where += " AND e.amount_fen IN (?, ?)"  # a reversal shows the negative
        parameters += [wanted.amount_fen, -wanted.amount_fen]
    for column, value in (
        ("original", wanted.original),
        ("entry", wanted.number),
        ("pay_type", wanted.pay_type),
        ("procurement", wanted.procurement),
        ("direct_funds", wanted.direct_funds),
        ("counterpart", wanted.counterpart),
        ("contract", wanted.contract),
        ("procurement_type", wanted.procurement_type),
    ):
        if value is not None:
            where += f" AND e.{column} = ?"
            parameters.append(value)
    if wanted.after is not None:
        where += " AND e.entry > ?"
        parameters.append(wanted.after)
    if wanted.kinds:
        where += f" AND e.kind IN ({','.join('?' * len(wanted.kinds))})"
        parameters += wanted.kinds
    if wanted.since is not None:
        where += " AND e.occurred_on >= ?"
        parameters.append(wanted.since.isoformat())
    if reading.cut.as_of or wanted.until:
        where += " AND e.occurred_on <= ?"
        parameters.append(until.isoformat())
    return where, parameters


def _anywhere(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def of_a_closing(event: events.AnyEvent) -> bool:
    """Whether an entry closes the year, undoes that, or is or settles a request for either."""
    return isinstance(events.meant_by(event), events.YearClosed | events.YearReopened)


def entry(reading: Reading, number: int) -> EntryInFull:
    """One entry: its row, its postings, what later became of it, and its stored bytes as JSON.
    Raises `Refused`."""
    row = reading.stored(number)
    shown = next(entries(reading, EntryFilter(number=number)), None)
    if row is None or shown is None:
        raise Refused(Refusal.ENTRY_MISSING, ref=str(number), ways_out=[Way("log")])
    previous = hash_at(reading.log, str(reading.book), number - 1) or b""
    postings = reading.views.execute(
        "SELECT l.line, p.account, p.amount_fen, p.cause, p.econ FROM postings p "
        "JOIN lines l ON l.id = p.line_id WHERE p.book_id = ? AND p.entry = ? ORDER BY p.seq",
        (reading.book_id, number),
    )
    later = reading.views.execute(
        "SELECT entry FROM entries WHERE book_id = ? AND original = ? AND entry <= ? "
        "AND occurred_on <= ? ORDER BY entry",
        (reading.book_id, number, reading.upto, reading.cut.until.isoformat()),
    )
    return EntryInFull(
        **msgspec.structs.asdict(shown),
        decides=decides(events.meant_by(events.decode(row.stored).event)),
        postings=[EntryMove(*(*posting, _gov_econ(reading, posting[-1]))) for posting in postings],
        later=[later_entry for (later_entry,) in later],
        previous_hash=previous.hex(),
        hash=row.hash.hex(),
        stored=msgspec.Raw(row.stored),
    )
